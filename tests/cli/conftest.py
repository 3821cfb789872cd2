"""A command line in this process, on a workspace of its own, with a passphrase in the environment."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from safetyapp.cli import main

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
    monkeypatch.setenv("SAFETYAPP_PASSPHRASE", "口令-1")
    monkeypatch.setenv("SAFETYAPP_LANGUAGE", "zh")

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return call


@pytest.fixture
def inspector(run: Run) -> Run:
    """A command line whose workspace has an identity and the sample schools."""
    assert run("init", "--role", "inspector", "--name", "张示例").exit == 0
    assert run("schools", "import", next(SCHOOLS.glob("*.xlsx"))).exit == 0
    return run
