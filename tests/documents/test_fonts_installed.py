"""Faces of this computer: found by their names, used when the person allows it, refused calmly when they cannot be."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

from safetyapp.documents import fonts
from safetyapp.documents.fonts import GETA, FontRole, Source, font_report, fonts_of, glyphs
from safetyapp.documents.fonts_installed import Refusal, find_installed, font_folders, forget
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.documents.truetype import TrueType
from safetyapp.documents.typeset import set_line
from tests.documents.examples import make_example

HAN = "安全检查记录学校"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()
    fonts._font_set.cache_clear()


def make_font(
    path: Path,
    family: str,
    *,
    characters: str = HAN,
    outlines: str = "glyf",
    kind: int = 0,
    names: tuple[tuple[int, int, int, bytes], ...] = (),
) -> Path:
    """A font whose every character is a square with its corner cut by its number. `names` are raw records in place of
    the family's: platform, encoding, name, bytes."""
    order = [".notdef", *(f"g{n}" for n in range(len(characters)))]
    build = FontBuilder(1000, isTTF=outlines == "glyf")
    build.setupGlyphOrder(order)
    build.setupCharacterMap({ord(c): f"g{n}" for n, c in enumerate(characters)})
    drawn = {}
    for n, name in enumerate(order):
        pen = TTGlyphPen(None) if outlines == "glyf" else T2CharStringPen(1000, None)
        pen.moveTo((50 + n, 0))
        for point in ((950, 0), (950, 800), (50, 800)):
            pen.lineTo(point)
        pen.closePath()
        drawn[name] = pen.glyph() if outlines == "glyf" else pen.getCharString()
    if outlines == "glyf":
        build.setupGlyf(drawn)
    else:
        build.setupCFF("Made", {}, drawn, {})
    build.setupHorizontalMetrics(dict.fromkeys(order, (1000, 50)))
    build.setupHorizontalHeader(ascent=880, descent=-120)
    build.setupNameTable({"familyName": family, "styleName": "Regular", "psName": "MadeFangSong"})
    build.setupOS2(sTypoAscender=880, sTypoDescender=-120, fsType=kind)
    build.setupPost()
    if names:
        table = build.font["name"]
        table.names = []
        for platform, encoding, name, raw in names:
            table.setName(raw, name, platform, encoding, 0x804 if platform == 3 else 33)
    build.save(path)
    return path


def _in_use(folder: Path, role: FontRole = FontRole.FANG) -> str:
    with fonts_of(True, [folder]):
        return glyphs(role)["安"].face


@pytest.mark.parametrize(
    ("family", "role"),
    [
        ("仿宋_GB2312", FontRole.FANG), ("FangSong", FontRole.FANG), ("STFangsong", FontRole.FANG),
        ("方正仿宋_GBK", FontRole.FANG), ("方正小标宋简体", FontRole.TITLE), ("FZXiaoBiaoSong-B05S", FontRole.TITLE),
        ("KaiTi", FontRole.KAI),
    ],
)  # fmt: skip
def test_a_face_is_found_by_the_name_inside(tmp_path: Path, family: str, role: FontRole) -> None:
    (tmp_path / "deep").mkdir()
    path = make_font(tmp_path / "deep" / "x01.ttf", family)
    assert _in_use(tmp_path, role) == f"{path}#0"
    (found,) = [r for r in font_report(True, [tmp_path]) if r.role is role]
    assert (found.name, found.source, found.refused) == (family, Source.INSTALLED, ())


def test_the_file_name_says_nothing(tmp_path: Path) -> None:
    make_font(tmp_path / "simfang.ttf", "Somebody’s Hei")
    assert _in_use(tmp_path) == "NotoSerifSC-Regular"


def test_nothing_is_used_unless_the_person_allows_it(tmp_path: Path) -> None:
    make_font(tmp_path / "a.ttf", "FangSong")
    assert glyphs(FontRole.FANG)["安"].face == "NotoSerifSC-Regular"
    with fonts_of(False, [tmp_path]):
        assert glyphs(FontRole.FANG)["安"].face == "NotoSerifSC-Regular"
    report = {r.role: r.source for r in font_report(False, [tmp_path])}
    assert report == {
        FontRole.SONG: Source.BUNDLED, FontRole.HEI: Source.BUNDLED, FontRole.SANS: Source.BUNDLED,
        FontRole.KAI: Source.BUNDLED, FontRole.FANG: Source.STANDS_IN, FontRole.TITLE: Source.STANDS_IN,
    }  # fmt: skip


def test_what_it_has_not_comes_from_the_bundled_ones_run_by_run(tmp_path: Path) -> None:
    path = make_font(tmp_path / "a.ttf", "FangSong", characters=HAN + "\ue000")
    with fonts_of(True, [tmp_path]):
        line = set_line("安全龑𬭎学校", 10.0, FontRole.FANG)
        assert [(p.face, p.text) for p in line.pieces] == [
            (f"{path}#0", "安全"), ("NotoSerifSC-Regular", "龑𬭎"), (f"{path}#0", "学校"),
        ]  # fmt: skip
        assert glyphs(FontRole.SONG)["\ue000"].face == f"{path}#0", "a face that has it helps every role"
        assert glyphs(FontRole.SONG)["\U0001f6d2"].character == GETA
    assert set_line("安全", 10.0, FontRole.FANG).pieces[0].face == "NotoSerifSC-Regular"


@pytest.mark.parametrize(
    ("kind", "refusal"),
    [(0, None), (0x4, None), (0x8, None), (0x6, None), (0x2, Refusal.LICENCE), (0x100, Refusal.LICENCE),
     (0x204, Refusal.LICENCE)],
)  # fmt: skip
def test_only_what_its_maker_lets_documents_carry(tmp_path: Path, kind: int, refusal: Refusal | None) -> None:
    make_font(tmp_path / "a.ttf", "FangSong", kind=kind)
    (found,) = find_installed(["FangSong"], [tmp_path])
    assert found.refusal is refusal
    assert (_in_use(tmp_path) == "NotoSerifSC-Regular") is (refusal is not None)


def test_what_cannot_be_embedded_is_named_with_its_reason_and_the_next_is_taken(tmp_path: Path) -> None:
    make_font(tmp_path / "a.otf", "仿宋_GB2312", outlines="CFF ")
    make_font(tmp_path / "b.ttf", "FangSong", characters="abc")
    good = make_font(tmp_path / "c.ttf", "STFangsong")
    (tmp_path / "d.ttf").write_bytes(good.read_bytes()[:700])
    (tmp_path / "e.ttf").write_bytes(b"no font at all")
    (tmp_path / "f.ttc").write_bytes(b"ttcf" + b"\xff" * 40)
    (tmp_path / "g.ttf").mkdir()
    with TTFont(good) as font:
        font["fvar"] = newTable("fvar")
        font["fvar"].axes, font["fvar"].instances = [], []
        font.save(tmp_path / "h.ttf")
    report = {r.role: r for r in font_report(True, [tmp_path, tmp_path / "gone"])}
    fang = report[FontRole.FANG]
    assert (fang.name, fang.source) == ("STFangsong", Source.INSTALLED)
    assert {(r.path.name, r.refusal) for r in fang.refused} >= {
        ("a.otf", Refusal.OUTLINES), ("b.ttf", Refusal.BROKEN)
    }  # fmt: skip
    assert _in_use(tmp_path) == f"{good}#0"
    everything = {f.path.name: f.refusal for f in find_installed(["STFangsong"], [tmp_path])}
    assert everything["h.ttf"] is Refusal.VARIABLE


def test_a_face_of_a_collection(tmp_path: Path) -> None:
    first, second = make_font(tmp_path / "1.ttf", "Other"), make_font(tmp_path / "2.ttf", "STFangsong")
    collection = TTCollection()
    collection.fonts = [TTFont(first), TTFont(second)]
    collection.save(tmp_path / "both.ttc")
    first.unlink()
    second.unlink()
    assert _in_use(tmp_path) == f"{tmp_path / 'both.ttc'}#1"


@pytest.mark.parametrize(
    "record",
    [(1, 25, 1, "仿宋".encode("gb2312")), (3, 3, 1, "仿宋".encode("gbk")), (3, 1, 4, "仿宋".encode("utf-16-be")),
     (0, 3, 16, "仿宋".encode("utf-16-be"))],
)  # fmt: skip
def test_names_in_every_coding(tmp_path: Path, record: tuple[int, int, int, bytes]) -> None:
    path = make_font(tmp_path / "a.ttf", "x", names=(record,))
    assert _in_use(tmp_path) == f"{path}#0"


def test_character_maps_of_the_basic_plane(tmp_path: Path) -> None:
    """Older faces have no other; compared with fontTools over a real face cut to scattered characters."""
    with TTFont(fonts.font_path("NotoSerifSC-Bold-GB2312"), lazy=True) as font:
        known = font.getBestCmap()
        for table in list(font["cmap"].tables):
            if table.format != 4:
                font["cmap"].tables.remove(table)
        font.save(tmp_path / "a.ttf")
        order = font.getReverseGlyphMap()
    ours = TrueType(tmp_path / "a.ttf")
    for code in range(0x20, 0x10000):
        assert ours.glyph(code) == (order[known[code]] if code in known else 0), hex(code)


def test_the_page_carries_the_installed_face(tmp_path: Path) -> None:
    folder = tmp_path / "fonts"
    folder.mkdir()
    make_font(folder / "t.ttf", "方正小标宋简体")
    example = make_example(tmp_path, findings=1, photos=0, fixed=0)
    material = Material(example.record, example.form, example.photos, example.inks, "0" * 64)

    def title_font(allowed: bool) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fonts, "font_folders", lambda: (folder,))
            data = lay_out(replace(material, allow_system_fonts=allowed)).write(lambda *_: None)
        path = tmp_path / "page.pdf"
        path.write_bytes(data)
        listed = subprocess.run(["pdffonts", "-l", "1", str(path)], capture_output=True, text=True, check=True).stdout
        text = subprocess.run(["pdftotext", "-l", "1", str(path), "-"], capture_output=True, text=True, check=True)
        assert "学校安全检查记录" in text.stdout
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for font in pdf.pages[0].Resources.Font.values():
                TTFont(io.BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))["glyf"]
        return listed

    assert "MadeFangSong" in title_font(True)
    assert "MadeFangSong" not in title_font(False)


def test_folders_of_every_system() -> None:
    assert Path("/usr/share/fonts") in font_folders("linux", {"HOME": "/here/a"})
    assert Path("/here/a/.local/share/fonts") in font_folders("linux", {"HOME": "/here/a"})
    assert Path("/here/a/Library/Fonts") in font_folders("darwin", {"HOME": "/here/a"})
    windows = font_folders("win32", {"WINDIR": "W", "LOCALAPPDATA": "L"})
    assert windows == (Path("W") / "Fonts", Path("L") / "Microsoft" / "Windows" / "Fonts")
