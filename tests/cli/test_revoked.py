"""Certificates that were taken back, as a file of the workspace: every verdict goes by it, none by a broken one."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from safetyapp.app import build_tools, verifier
from safetyapp.documents.revocations import read_revocations
from safetyapp.domain.problem import Problem
from safetyapp.domain.revocation import RevokedFor
from safetyapp.domain.verdict import VerdictKind
from tests.cli.conftest import Run
from tests.cli.test_cli import walk


def write(workspace: Path, text: str) -> Path:
    path = workspace / "trust" / "revoked.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def entry(serial: str, at: datetime, why: str = "") -> str:
    said = f'why = "{why}"\n' if why else ""
    return f'[[revoked]]\nserial = "{serial}"\nrevoked_at = {at.isoformat()}\n{said}\n'


def test_every_verdict_goes_by_the_list(inspector: Run, tmp_path: Path) -> None:
    run, workspace, now = inspector, tmp_path / "workspace", datetime.now().astimezone().replace(microsecond=0)
    draft = walk(run, run("schools", "list", "--json").data[0]["id"], {})
    path = Path(run("inspect", "finalise", draft, "--json").data["path"])
    serial = run("key", "show", "--json").data["serial"]
    ca = workspace / "keys" / "ca.pem"

    def verdicts() -> set[tuple[int, str, str]]:
        said = [run("verify", path, "--json"), run("verify", path, "--ca", ca, "--json")]
        tools = build_tools(workspace, write=False)
        shown = tools.signer.verify(path.read_bytes())  # what the window asks
        tools.store.close()
        found = {(one.exit, one.data[0]["verdict"], one.data[0]["code"]) for one in said}
        return found | {(0 if shown.is_valid else 1, shown.kind.value, shown.why)}

    hour = timedelta(hours=1)
    for text, expected in (
        (entry("abc", now - hour), (0, "valid", "valid")),
        (entry(f"00{serial.upper()}", now - hour), (1, "revoked", "revoked-before-signing")),
        (entry(serial, now + hour), (1, "revoked", "revoked-after-signing")),
        (entry(serial, now + hour, "left"), (0, "valid", "valid-revoked-since")),
        (entry("1f", now) + entry(serial, now + hour, "mistake"), (1, "revoked", "never-authorised")),
        ("[[revoked]]\nserial = 'x'\n", (1, "unknown-signer", "revocations-broken")),
        ("", (0, "valid", "valid")),
    ):  # fmt: skip
        list_ = write(workspace, text)
        assert verdicts() == {expected}, text

    write(workspace, entry(serial, now + hour))
    assert run("doctor", "--json").data["problems"] == [], "what is here is here"
    other = tmp_path / "other"
    assert run("init", "--role", "office", "--name", "王演示", "--workspace", other).exit == 0
    shutil.copy(ca, other / "trust" / "inspector.pem")
    shutil.copy(list_, other / "trust")
    refused = run("import", path, "--workspace", other, "--json")
    assert (refused.exit, refused.data["refused"][0]["code"]) == (1, "revoked-after-signing")
    write(other, "broken")
    refused = run("import", path, "--workspace", other, "--json")
    assert (refused.exit, refused.data["refused"][0]["code"]) == (1, "revocations-broken")
    assert "revoked.toml" in refused.data["refused"][0]["why"]
    (other / "trust" / "revoked.toml").unlink()
    assert run("import", path, "--workspace", other).exit == 0

    write(workspace, "broken")
    bytes_ = path.read_bytes()
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(bytes_[:2000] + bytes([bytes_[2000] ^ 1]) + bytes_[2001:])
    assert run("verify", altered, "--json").data[0]["verdict"] == "altered"
    again = walk(run, run("schools", "list", "--json").data[0]["id"], {})
    said = run("inspect", "finalise", again)
    assert (said.exit, "吊销名单" in said.err) == (2, True)
    assert len(run("documents", "--json").data) == 1


def test_a_workspace_without_a_list_revokes_nothing(tmp_path: Path) -> None:
    assert read_revocations(tmp_path) == ()
    assert verifier(tmp_path, None)(b"").kind is VerdictKind.UNREADABLE


AT = "2026-11-24T08:00:00+08:00"


def test_the_list_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, f'[[revoked]]\nserial = "5F3a"\nrevoked_at = {AT}\n\n[[revoked]]\nserial = "1"\n'
                           f'revoked_at = {AT}\nwhy = "left"\n')  # fmt: skip
    found = read_revocations(path.parent)
    assert [(r.serial, r.why) for r in found] == [("5F3a", RevokedFor.KEY_LOST), ("1", RevokedFor.LEFT)]
    assert found[0].revoked_at == datetime.fromisoformat(AT)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_revocations(path.parent) == found


@pytest.mark.parametrize(
    "text",
    [
        "x", "revoked = 3", "revoked = " + "[" * 100_000,
        "[revoked]\nserial = '1'", "revoked = [3]", "[[revoke]]\nserial = '1'",
        f"[[revoked]]\nserial = 12\nrevoked_at = {AT}", f"[[revoked]]\nserial = ''\nrevoked_at = {AT}",
        f"[[revoked]]\nserial = '0x1'\nrevoked_at = {AT}", f"[[revoked]]\nserial = '１'\nrevoked_at = {AT}",
        "[[revoked]]\nserial = '1'", "[[revoked]]\nserial = '1'\nrevoked_at = 2026-11-24",
        "[[revoked]]\nserial = '1'\nrevoked_at = 2026-11-24T08:00:00",
        f"[[revoked]]\nserial = '1'\nrevoked_at = {AT}\nwhy = 'bored'",
        f"[[revoked]]\nserial = '1'\nrevoked_at = {AT}\nwhy = ['left']",
        f"[[revoked]]\nserial = '1'\nrevoked_at = {AT}\nreason = 'left'",
    ],
)  # fmt: skip
def test_a_mistake_anywhere_makes_it_unreadable(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(Problem) as refused:
        read_revocations(path.parent)
    assert (refused.value.code, refused.value.facts["path"]) == ("revocations-broken", str(path))
    assert refused.value.facts["reason"]
    path.unlink()
    path.mkdir()
    with pytest.raises(Problem, match="revocations-broken"):
        read_revocations(path.parent)
