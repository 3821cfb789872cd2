"""A command line in this process, on a workspace of its own, with a passphrase in the environment."""

import io
import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from safetyapp.cli import main

PASSPHRASE = "口令-1"
SCHOOLS = Path(__file__).parent.parent / "data" / "schools"


@dataclass(frozen=True)
class Said:
    """What a call printed and how it ended."""

    exit: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("SAFETYAPP_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("SAFETYAPP_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("SAFETYAPP_LANGUAGE", "zh")

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an identity and the sample schools, made once; each test works on a copy."""
    folder = tmp_path_factory.mktemp("started") / "workspace"
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()):
        patch.setenv("SAFETYAPP_WORKSPACE", str(folder))
        patch.setenv("SAFETYAPP_PASSPHRASE", PASSPHRASE)
        assert main(["init", "--role", "inspector", "--name", "张示例"]) == 0
        assert main(["schools", "import", str(next(SCHOOLS.glob("*.xlsx")))]) == 0
    return folder


@pytest.fixture
def inspector(run: Run, started: Path, tmp_path: Path) -> Run:
    """A command line whose workspace has an identity and the sample schools."""
    shutil.copytree(started, tmp_path / "workspace")
    return run
