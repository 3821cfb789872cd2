"""Every name can be drawn, and what is drawn can be copied out."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from safetyapp.documents import fonts
from safetyapp.documents.fonts import GETA, FontRole, glyphs, printable
from safetyapp.documents.truetype import TrueType
from safetyapp.texts import resources

FOLDER = resources() / "fonts"


def test_font_files_are_the_ones_we_listed() -> None:
    listed = {}
    for line in (FOLDER / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        sha, name = line.split()
        listed[name] = sha
    present = {p.name for p in FOLDER.iterdir() if p.suffix in (".ttf", ".txt")}
    assert present == set(listed)
    for name, sha in listed.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == sha, name


@pytest.mark.parametrize("role", FontRole)
def test_every_role_draws_rare_names_and_common_signs(role: FontRole) -> None:
    for character in "堃喆翀龑㛃𬭎䶮𬍛𣲗𬀩，。“”（）〔〕《》·—…×²³℃㎡≤≥%A1":
        assert glyphs(role)[character].character == character


def test_a_character_that_no_face_has_is_a_geta_mark() -> None:
    glyph = glyphs(FontRole.SONG)["\U0001f6d2"]
    assert glyph.character == GETA


def test_title_face_is_cut_so_rarer_characters_come_from_the_serif() -> None:
    assert glyphs(FontRole.TITLE)["学"].face == "NotoSerifSC-Bold-GB2312"
    assert glyphs(FontRole.TITLE)["龘"].face == "NotoSerifSC-Regular"


def test_many_threads_may_look_glyphs_up_at_once() -> None:
    found: list[float] = []
    workers = [
        threading.Thread(target=lambda: found.append(sum(glyphs(r)["字"].width for r in FontRole))) for _ in range(8)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("安全\u200b出口\ufeff", "安全出口"),
        ("a\tb\x00c\x1b[31m", "a bc[31m"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("葛\U000e0100城\ufe00", "葛城"),
        ("e\u0301", "é"),
        ("\u202e倒\u202c", "倒"),
        ("\ud800坏", "坏"),
        ("全角　空格", "全角　空格"),
    ],
)
def test_what_paper_has_no_sign_for_is_left_out(typed: str, shown: str) -> None:
    assert printable(typed) == shown


def test_font_path_exists_for_every_face() -> None:
    for chain in fonts._CHAINS.values():
        for name in chain:
            assert isinstance(fonts.font_path(name), Path)
            assert fonts.font_path(name).is_file()


@pytest.fixture(params=sorted({name for chain in fonts._CHAINS.values() for name in chain}))
def both(request: pytest.FixtureRequest) -> Iterator[tuple[TrueType, TTFont]]:
    """A face as we read it and as fontTools reads it."""
    path = fonts.font_path(request.param)
    with TTFont(path, lazy=True) as theirs:
        yield TrueType(path), theirs


def test_our_reader_measures_as_fonttools_does(both: tuple[TrueType, TTFont]) -> None:
    ours, theirs = both
    characters = theirs.getBestCmap()
    widths = theirs["hmtx"].metrics
    for code in [*range(0x20, 0x3000), *range(0x4E00, 0x5200), *map(ord, "堃喆翀龑㛃𬭎䶮𬍛𣲗𬀩"), 0x10FFFF]:
        glyph = ours.glyph(code)
        assert (glyph == 0) is (code not in characters), hex(code)
        if glyph:
            assert theirs.getGlyphID(characters[code]) == glyph
            assert widths[characters[code]][0] == ours.advance(glyph)


def test_a_subset_has_the_same_outlines(both: tuple[TrueType, TTFont]) -> None:
    """Among them composite glyphs, whose parts are renumbered."""
    ours, theirs = both
    codes = [c for c in map(ord, "安全堃喆翀龑㛃𬭎Aé Åü½…，¼ÀŐ安") if ours.glyph(c)]
    with TTFont(io.BytesIO(ours.subset([ours.glyph(code) for code in codes]))) as cut:
        before, after = theirs.getGlyphSet(), cut.getGlyphSet()
        for place, code in enumerate(codes, start=1):
            old, new = DecomposingRecordingPen(before), DecomposingRecordingPen(after)
            name, number = theirs.getBestCmap()[code], cut.getGlyphName(place)
            before[name].draw(old)
            after[number].draw(new)
            assert old.value == new.value, chr(code)
            assert before[name].width == after[number].width
