"""The pages: complete, in order, inside the paper, with fonts that travel along. Read back with poppler and pikepdf."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from safetyapp.documents import wording
from safetyapp.documents.flow import BOTTOM, Column, Flow, TableLook, set_cell
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.documents.pages_inspection import _draw_findings
from safetyapp.documents.sheet import A4, Sheets
from safetyapp.documents.typeset import Align
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Ink
from safetyapp.domain.problem import Problem
from safetyapp.domain.record import Record
from tests.documents.conftest import Sealed
from tests.documents.examples import MADE_AT, RARE_NAMES, SCHOOL, Example, make_example


def _pages(example: Example, record: Record | None = None) -> bytes:
    used = record or example.record
    material = Material(used, example.form, example.photos, example.inks, wording.record_hash(used))
    return lay_out(material).write(lambda done, total: None)


def _text(data: bytes, folder: Path, *options: str) -> str:
    path = folder / "pages.pdf"
    path.write_bytes(data)
    ran = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, text=True, check=True)
    return ran.stdout


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _boxes(data: bytes, folder: Path) -> list[tuple[float, float, float, float]]:
    html = _text(data, folder, "-bbox")
    found = re.findall(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', html)
    return [tuple(map(float, box)) for box in found]  # type: ignore[misc]


def _assert_inside(data: bytes, folder: Path) -> None:
    boxes = _boxes(data, folder)
    assert boxes
    for left, top, right, bottom in boxes:
        assert left >= 55, (left, top)
        assert right <= A4[0] - 45, (right, top)
        assert top >= 40
        assert bottom <= 812


def test_a_demonstration_says_so_on_every_page_and_other_papers_do_not(sealed: Sealed, tmp_path: Path) -> None:
    used = sealed.example
    plain = lay_out(Material(used.record, used.form, used.photos, used.inks, wording.record_hash(used.record)))
    marked = lay_out(
        Material(used.record, used.form, used.photos, used.inks, wording.record_hash(used.record), watermark="演示")
    )
    assert len(plain.pages) == len(marked.pages)
    pages = _text(marked.write(lambda done, total: None), tmp_path, "-raw").split("\f")[:-1]
    assert len(pages) == len(marked.pages)
    assert all(_plain(page).count("演示") >= 3 for page in pages)
    pages = _text(plain.write(lambda done, total: None), tmp_path, "-raw").split("\f")[:-1]
    assert all(_plain(page).count("演示") < 3 for page in pages)


def test_rare_names_are_drawn_and_found(sealed: Sealed, tmp_path: Path) -> None:
    text = _text(sealed.data, tmp_path)
    assert RARE_NAMES in _plain(text)
    assert "〓" not in text


def test_the_page_reads_in_order(sealed: Sealed, tmp_path: Path) -> None:
    text = _plain(_text(sealed.data, tmp_path))
    order = [
        "编号临-20261124-7F3A91",
        "学校安全检查记录",
        "被检查单位通州区甲子小学（示例）",
        "检查日期2026年11月24日类型日常检查",
        "检查场所未填",
        "检查项60",
        "一、发现的隐患",
        "插排串接为电动自行车电池充电",
        "二、逐项结果",
        "三、检查意见",
        "第1项为重大隐患",
        "四、陪同人意见",
        "情况属实",
        "检查人员：",
        "本页内容有数字签名保护",
        "附：隐患明细与照片",
        "附：检查项明细",
    ]
    at = 0
    for part in order:
        found = text.find(part, at)
        assert found >= at, (part, text[at : at + 200])
        at = found


def test_every_finding_item_photo_and_citation_is_there(sealed: Sealed, tmp_path: Path) -> None:
    record = sealed.example.record
    text = _plain(_text(sealed.data, tmp_path, "-raw"))
    for finding in record.findings:
        for part in (finding.item, finding.question, finding.text, finding.action, finding.place, *finding.basis):
            assert _plain(part) in text, part
        if finding.severity is Severity.MAJOR:
            assert _plain(finding.criterion) in text
    for link in record.photos:
        assert link.photo.original[:8] in text
    for item in sealed.example.form.items():
        assert item.id in text
        assert _plain(item.question.zh) in text
    assert "第1页共" in text
    assert wording.fingerprint(wording.record_hash(record)).replace(" ", "") in text


def test_all_fonts_are_embedded_subsets_with_a_character_map(sealed: Sealed) -> None:
    listed = subprocess.run(["pdffonts", str(sealed.path)], capture_output=True, text=True, check=True).stdout
    rows = listed.splitlines()[2:]
    assert len(rows) >= 4
    for row in rows:
        assert "CID TrueType" in row
        assert row.split()[-5:-2] == ["yes", "yes", "yes"]
    assert "Helvetica" not in listed


def test_no_character_is_drawn_as_an_empty_box(sealed: Sealed) -> None:
    """Code 0 is .notdef and never used; every other code has an outline in the font that travels along."""
    with pikepdf.open(sealed.path) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            descendant = font.DescendantFonts[0]
            assert str(descendant.CIDToGIDMap) == "/Identity"
            program = TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
            meanings = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", font.ToUnicode.read_bytes())[1:]
            assert len(meanings) == len(descendant.W[1])
            for code, meaning in meanings:
                character = bytes.fromhex(meaning.decode()).decode("utf-16-be")
                name = program.getGlyphName(int(code, 16))
                assert character.isspace() or program["glyf"][name].numberOfContours != 0, character
        for page in pdf.pages:
            for shown in re.findall(rb"<([0-9A-F]+)>", b"".join(s.read_bytes() for s in _streams(page))):
                codes = {shown[at : at + 4] for at in range(0, len(shown), 4)}
                assert b"0000" not in codes


def _streams(page: pikepdf.Page) -> list[pikepdf.Object]:
    contents = page.Contents
    return list(contents) if isinstance(contents, pikepdf.Array) else [contents]


def test_photos_go_in_byte_for_byte(sealed: Sealed) -> None:
    with pikepdf.open(sealed.path) as pdf:
        inside = {
            bytes(o.read_raw_bytes())
            for o in pdf.objects
            if isinstance(o, pikepdf.Stream) and "/DCTDecode" in str(o.get("/Filter", ""))
        }
    assert {path.read_bytes() for path in sealed.example.photos.values()} == inside


def test_the_file_says_what_it_is(sealed: Sealed) -> None:
    with pikepdf.open(sealed.path) as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
        assert "临-20261124-7F3A91" in str(pdf.docinfo.Title)
        assert str(pdf.docinfo.ModDate) == "D:20261124154207+08'00'"
        assert str(pdf.Root.get("/Version", "/1.7")) == "/1.7"
        titles = [str(entry.title) for entry in pdf.open_outline().root]
    assert titles[0] == "学校安全检查记录"
    assert "附：检查项明细" in titles


def test_same_record_same_pages(sealed: Sealed) -> None:
    assert _pages(sealed.example) == _pages(sealed.example)


@pytest.mark.parametrize("findings", [0, 1, 20, 49])
def test_any_number_of_findings_stays_on_the_paper(tmp_path: Path, findings: int) -> None:
    example = make_example(tmp_path, findings=findings, photos=min(findings, 12))
    data = _pages(example)
    _assert_inside(data, tmp_path)
    text = _plain(_text(data, tmp_path))
    assert ("未发现隐患" in text) is (findings == 0)
    assert text.count("检查项：") == 0


@pytest.mark.parametrize("photos", [1, 2, 3, 7, 25])
def test_any_number_of_photos_at_one_finding(tmp_path: Path, photos: int) -> None:
    example = make_example(tmp_path, findings=1, photos=photos, fixed=0)
    data = _pages(example)
    _assert_inside(data, tmp_path)
    text = _plain(_text(data, tmp_path))
    assert all(f"照片{number}" in text for number in range(1, photos + 1))
    _assert_pictures_inside(data)


def _assert_pictures_inside(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            content = b"".join(s.read_bytes() for s in _streams(page))
            for match in re.findall(rb"([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm", content):
                width, height, x, y = map(float, match)
                if width > 2:
                    assert x >= 60
                    assert x + width <= A4[0] - 50
                    assert A4[1] - y <= BOTTOM + 2
                    assert height > 0


@pytest.mark.parametrize("pixels", [(800, 600), (600, 800), (1600, 400), (300, 1500), (500, 500)])
def test_photos_of_any_shape(tmp_path: Path, pixels: tuple[int, int]) -> None:
    example = make_example(tmp_path, findings=2, photos=7, pixels=pixels)
    data = _pages(example)
    _assert_inside(data, tmp_path)
    _assert_pictures_inside(data)


def test_photos_without_a_finding_are_printed_too(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=0, photos=3, fixed=0)
    text = _plain(_text(_pages(example), tmp_path))
    assert "附：其他照片" in text
    assert "照片3" in text


@pytest.mark.parametrize("pixels", [(200, 4000), (100, 9000)])
@pytest.mark.parametrize("findings", [0, 1])
def test_a_narrow_photo_has_a_readable_caption(tmp_path: Path, pixels: tuple[int, int], findings: int) -> None:
    example = make_example(tmp_path, findings=findings, photos=9, fixed=0, pixels=pixels)
    links = tuple(replace(link, caption=link.caption * 30) for link in example.record.photos)
    data = _pages(example, replace(example.record, photos=links))
    _assert_inside(data, tmp_path)
    _assert_pictures_inside(data)
    captions = [box for box in _boxes(data, tmp_path) if abs(box[3] - box[1] - 7.6) < 0.05]
    assert captions
    assert all(right - left > 1.5 * 7.6 for left, _, right, _ in captions)
    text = _plain(_text(data, tmp_path, "-raw"))
    for link in links:
        assert link.photo.original[:8] in text


def test_captions_take_two_lines_at_most(tmp_path: Path) -> None:
    from safetyapp.documents.pages_photos import NARROWEST, PhotoPrinter

    example = make_example(tmp_path, findings=1, photos=4, fixed=0)
    flow = Flow(Sheets(), lambda: None)
    numbers: dict[str, int] = {link.photo.original: 1888 for link in example.record.photos}
    printer = PhotoPrinter(flow, numbers, example.record.inspected_on, example.photos)
    for link in example.record.photos:
        assert link.photo.taken_at is not None
        old = replace(link.photo, taken_at=link.photo.taken_at.replace(year=2019))
        for caption in ("", "很长的说明" * 80, "x" * 300, "一\n二\n三\n四"):
            for width in (4.0, 60.0, 91.0, 230.0):
                printed = printer.print(replace(link, photo=old, caption=caption), width, 122.0, "改后")
                assert len(printed.caption) <= 2
                assert all(line.right <= max(width, NARROWEST) + 0.01 for line in printed.caption)
                shown = "".join(line.text for line in printed.caption)
                assert shown.startswith("照片1888")
                assert shown.endswith(link.photo.original[:8])


def test_numbers_of_three_figures_stay_whole(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=1, photos=0, fixed=0)
    (finding,) = example.record.findings
    many = tuple(replace(finding, number=number, photos=(), text="堵") for number in range(1, 1025))
    sheets = Sheets()
    flow = Flow(sheets, lambda: None)
    flow.turn()
    drawn: list[str] = []
    sheets.line = lambda x, baseline, line, *rest, **more: drawn.append(line.text)  # type: ignore[method-assign]
    _draw_findings(flow, replace(example.record, findings=many))
    assert {str(number) for number in range(1, 1025)} <= set(drawn)


@pytest.mark.parametrize("length", [10, 25, 30, 34, 40, 80, 400])
def test_the_running_head_is_one_line_with_title_and_number(tmp_path: Path, length: int) -> None:
    school = replace(SCHOOL, name=("北京市通州区甲乙丙丁戊己庚辛壬癸" * 30)[: length - 2] + "小学")
    example = make_example(tmp_path, findings=1, photos=1, school=school)
    data = _pages(example)
    _assert_inside(data, tmp_path)
    pages = _text(data, tmp_path, "-layout").split("\f")[1:-1]
    assert pages
    for page in pages:
        head = next(line for line in page.splitlines() if line.strip())
        assert re.fullmatch(r"\s*北京市.*小学\s+学校安全检查记录\s+编号\s*临-20261124-7F3A91\s*", head), head
        assert ("…" in head) is (length > 27), head


def test_characters_without_a_shape_are_named_at_the_end(tmp_path: Path) -> None:
    example = make_example(tmp_path)
    strange = replace(example.record, opinion="见〓\U0001f525，再见\U0001f525", escort="\ue000", site="〓")
    text = _plain(_text(_pages(example, strange), tmp_path))
    assert text.count("〓") == 6
    assert "有2个字符没有字形，以〓代替：U+E000U+1F525" in text
    assert text.index("有2个字符") > text.index("附：检查项明细")
    assert "没有字形" not in _plain(_text(_pages(example, replace(strange, opinion="〓", escort="")), tmp_path))


def test_very_long_words_stay_on_the_paper(tmp_path: Path) -> None:
    long = "某某某某某某" * 30
    school = replace(SCHOOL, name=f"北京市{long}实验学校（{'x' * 90}校区）")
    example = make_example(tmp_path, names=long, school=school, site=long, findings=3, photos=2)
    first, *others = example.record.findings
    huge = replace(first, text="堵塞" * 3000, place="很长的部位" * 40, action="h" * 700, basis=("依据" * 300,))
    record = replace(
        example.record,
        findings=(huge, *others),
        opinion="意见。" * 2500,
        school_opinion="一\n\n二\n三" * 40,
        escort="周" * 300,
    )
    data = _pages(example, record)
    _assert_inside(data, tmp_path)
    text = _plain(_text(data, tmp_path, "-raw"))
    assert text.count("堵塞") >= 6000
    assert text.count("意") >= 2500
    assert text.count("见。") >= 2500


def test_refusal_and_witness_are_printed(tmp_path: Path) -> None:
    example = make_example(tmp_path)
    refused = Ink("周陪同", "escort", MADE_AT, refused="不认可第2项", witness="吴见证")
    record = replace(example.record, inks=(example.record.inks[0], refused))
    text = _plain(_text(_pages(example, record), tmp_path))
    assert "拒绝签名，原因：不认可第2项；见证人：吴见证" in text


def test_without_handwriting_there_are_lines_to_sign_on(tmp_path: Path) -> None:
    example = make_example(tmp_path, with_inks=False)
    text = _plain(_text(_pages(example), tmp_path))
    assert "检查人员：" in text
    assert "学校陪同人：" in text
    assert "年月日" in text


def test_a_missing_photo_is_a_problem(tmp_path: Path) -> None:
    example = make_example(tmp_path)
    material = Material(example.record, example.form, {}, example.inks, "0" * 64)
    with pytest.raises(Problem) as caught:
        lay_out(material)
    assert caught.value.code == "photo-missing"


def test_a_broken_handwriting_image_is_a_problem(tmp_path: Path) -> None:
    example = make_example(tmp_path)
    material = Material(example.record, example.form, example.photos, dict.fromkeys(example.inks, b"x"), "0" * 64)
    with pytest.raises(Problem) as caught:
        lay_out(material)
    assert caught.value.code == "ink-broken"


def test_matrix_code_holds_id_and_hash(sealed: Sealed) -> None:
    """Drawn as rectangles, not as a picture: the first page has no image but the handwriting."""
    with pikepdf.open(sealed.path) as pdf:
        assert len(pdf.pages[0].get_images()) == len(sealed.example.inks)


def test_qpdf_finds_nothing_wrong(sealed: Sealed) -> None:
    ran = subprocess.run(["qpdf", "--check", str(sealed.path)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_mupdf_opens_it_without_complaint(sealed: Sealed) -> None:
    ran = subprocess.run(["mutool", "draw", "-F", "txt", str(sealed.path)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0
    assert RARE_NAMES in ran.stdout.replace("\n", "")
    assert not [line for line in ran.stderr.splitlines() if "error" in line.lower()]


@pytest.mark.parametrize("lines", [1, 2, 5, 30, 200])
@pytest.mark.parametrize("left", [10.0, 30.0, 60.0, 90.0, 200.0, 500.0])
def test_heading_head_and_first_row_stand_together(lines: int, left: float) -> None:
    """However little is left of a page, and however tall the row is."""
    flow = Flow(Sheets(), lambda: None)
    flow.turn()
    flow.y = flow.bottom - left
    look = TableLook(size=10.0, leading=14.5, pad_x=5.0, pad_y=3.4)
    columns = [Column("项", 60.0, Align.LEFT), Column("文", flow.width - 60.0, Align.LEFT)]
    rows = [[set_cell("一", columns[0], look), set_cell("\n".join(["文"] * lines), columns[1], look)]] * 2
    flow.heading("标题", keep=flow.beginning(rows, look) + 1)
    headed = flow.y
    flow.table(columns, rows, look, {0: "第一行"})
    heading, row = flow.sheets.bookmarks[:2]
    assert (heading.title, row.title) == ("标题", "第一行")
    assert heading.page == row.page
    assert row.y == pytest.approx(headed + look.leading + 2 * look.pad_y)


def test_a_table_without_a_heading_keeps_its_head_with_its_first_row() -> None:
    flow = Flow(Sheets(), lambda: None)
    flow.turn()
    flow.y = flow.bottom - 50
    look = TableLook(size=10.0, leading=14.5, pad_x=5.0, pad_y=3.4)
    columns = [Column("文", flow.width, Align.LEFT)]
    flow.table(columns, [[set_cell("\n".join("一二三四五六"), columns[0], look)]], look)
    first, second = flow.sheets.pages
    assert not first.marks
    assert second.marks
