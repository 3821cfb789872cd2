"""Fonts of this computer: used only where the workspace says so, and told exactly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from safetyapp.documents import fonts
from safetyapp.documents.fonts_installed import forget
from safetyapp.domain.problem import Problem
from safetyapp.settings import Choices, read_choices
from tests.cli.conftest import Run
from tests.cli.test_cli import walk
from tests.documents.test_fonts_installed import make_font

ROLES = ["song", "fang", "kai", "hei", "sans", "title"]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A computer whose only fonts are those of this folder."""
    folder = tmp_path / "installed"
    folder.mkdir()
    monkeypatch.setattr(fonts, "font_folders", lambda: (folder,))
    forget()
    fonts._font_set.cache_clear()
    yield folder
    forget()
    fonts._font_set.cache_clear()


def allow(tmp_path: Path, text: str = "[fonts]\nsystem = true\n") -> Path:
    path = tmp_path / "workspace" / "settings.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_role_is_told_with_what_stands_in(run: Run, installed: Path, tmp_path: Path) -> None:
    face = make_font(installed / "a.ttf", "仿宋_GB2312")
    told = run("fonts", "--json").data
    assert (told["allowed"], [one["role"] for one in told["roles"]]) == (False, ROLES)
    assert {one["role"]: one["source"] for one in told["roles"]} == {
        "song": "bundled", "hei": "bundled", "sans": "bundled", "kai": "bundled", "fang": "stands-in",
        "title": "stands-in",
    }  # fmt: skip
    assert all(Path(one["path"]).is_file() for one in told["roles"])
    assert "仿宋：没有，用随程序带的 NotoSerifSC-Regular 代替" in run("fonts").out.splitlines()

    allow(tmp_path)
    make_font(installed / "b.ttf", "方正小标宋简体", kind=0x0002)
    roles = {one["role"]: one for one in run("fonts", "--json").data["roles"]}
    assert (roles["fang"]["source"], roles["fang"]["face"], roles["fang"]["path"]) == (
        "installed", "仿宋_GB2312", str(face),
    )  # fmt: skip
    assert roles["title"]["source"] == "stands-in"
    assert [(r["face"], r["why"]) for r in roles["title"]["refused"]] == [("方正小标宋简体", "licence")]
    assert "字体厂商不许嵌进文书" in run("fonts").out


def test_a_document_carries_the_face_that_the_workspace_allows(inspector: Run, installed: Path, tmp_path: Path) -> None:
    make_font(installed / "t.ttf", "方正小标宋简体")
    draft = walk(inspector, inspector("schools", "list", "--json").data[0]["id"], {})
    allow(tmp_path, "[fonts]\nsystem = 'yes'\n")
    refused = inspector("inspect", "finalise", draft)
    assert (refused.exit, "settings.toml" in refused.err) == (2, True)
    allow(tmp_path)
    made = inspector("inspect", "finalise", draft, "--json").data
    with pikepdf.open(made["path"]) as pdf:
        faces = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
    assert any(face.endswith("+MadeFangSong") for face in faces)
    assert inspector("verify", made["path"]).exit == 0


@pytest.mark.parametrize(
    "text", ["[fonts]\nsystem = 1", "[fonts]\nsytem = true", "[font]\nsystem = true", "fonts = 3", "[fonts", "\x00"]
)
def test_settings_with_a_mistake_are_said(run: Run, tmp_path: Path, text: str) -> None:
    path = allow(tmp_path, text)
    with pytest.raises(Problem, match="settings-broken"):
        read_choices(path.parent)
    said = run("fonts")
    assert (said.exit, said.out, "settings.toml" in said.err) == (2, "", True)


def test_settings_may_be_absent_or_empty_or_come_from_notepad(tmp_path: Path) -> None:
    assert read_choices(tmp_path / "nowhere") == Choices()
    path = allow(tmp_path, "")
    assert read_choices(path.parent) == Choices()
    path.write_bytes(b"\xef\xbb\xbf[fonts]\r\nsystem = true\r\n")
    assert read_choices(path.parent) == Choices(system_fonts=True)
