"""The figures can be measured: every one that is named is there and whole; a peer that is not there is not beaten."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bench import figure, peer, run
from bench.figure import Figure, Missing
from tests.project import ROOT


@pytest.mark.parametrize("name", run.NAMES)
def test_a_figure_says_what_it_is_and_what_it_promises(name: str) -> None:
    bench = figure.load(name)
    assert bench.TITLE
    assert bench.FLOOR
    assert bench.ROUNDS >= 3
    assert any(getattr(bench, limit, None) is not None for limit in ("LIMIT", "LIMIT_MS", "LIMIT_MB"))
    assert all(callable(part) for part in (bench.prepare, bench.ours, bench.floor))


def made(ratio: float = 1.0, ms: float = 10.0, mb: float = 10.0, **limits: float | None) -> Figure:
    given: dict[str, float | None] = {"limit": None, "limit_ms": None, "limit_mb": None, **limits}
    return Figure(
        "x", "X", "y", 3, ms, ms / ratio, ratio, given["limit"], given["limit_ms"], mb, 5.0, given["limit_mb"]
    )


def test_every_limit_counts() -> None:
    assert made(ratio=1.4, limit=1.5).is_kept
    assert not made(ratio=1.6, limit=1.5).is_kept
    assert not made(ms=11.0, limit_ms=10.0).is_kept
    assert not made(mb=301.0, limit_mb=300.0).is_kept
    assert not made(mb=301.0, limit_ms=100.0, limit_mb=300.0).is_kept
    assert "≤ 300 MB" in run.table([made(limit_mb=300.0)])


def test_a_peer_that_is_not_there_is_missing_and_not_beaten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer, "ROOT", tmp_path)  # no environment of peers
    assert "No module named" in peer.missing("no_such_peer")
    assert peer.missing("json") == ""
    monkeypatch.setattr(figure.load("against_typst"), "missing", lambda: peer.missing("no_such_peer"))
    with pytest.raises(Missing, match="typst"):
        figure.measure("against_typst", tmp_path)


def test_neither_the_program_nor_its_tests_need_the_peers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    peers = {requirement.split(">")[0] for requirement in project["dependency-groups"]["bench"]}
    assert peers == {"typst", "weasyprint", "fpdf2"}
    others = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert not {requirement.split(">")[0] for requirement in others} & peers
    assert "default-groups" not in project.get("tool", {}).get("uv", {})
