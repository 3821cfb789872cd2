"""Official papers measured against GB/T 9704-2012: what the standard gives within 1 mm is held within 0.3 mm here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest

from safetyapp.documents import wording
from safetyapp.documents.archive import Describing, make_archive
from safetyapp.documents.material import Material
from safetyapp.documents.official_title import break_title
from safetyapp.documents.pages import lay_out
from safetyapp.documents.pages_official import chinese_number
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Severity
from safetyapp.domain.notice import Extension, Notice, Supervision
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.school import Person, PersonId, Role
from tests.documents.conftest import PASSPHRASE, make_district
from tests.documents.examples import MADE_AT
from tests.documents.gallery import LONG_SCHOOL
from tests.documents.official_reading import MM, Box, Char, Ink, MeasuredPage, draw_ink, measure
from tests.documents.papers import BARE, EASY, NASTY, PaperExample, Scale, make_official, make_paper
from tests.documents.reading import plain, text_of

LEFT, TOP, RIGHT, BOTTOM = 28.0, 37.0, 184.0, 262.0
LINE = 225 / 22
CHARACTER = 156 / 28
NEAR = 0.3
"""Millimetres."""

LONG_ISSUERS = (
    "示例教委",
    "通州区示例教育委员会",
    "北京市通州区示例教育督导与安全管理委员会",
    "北京市通州区示例教育委员会安全管理办公室学校安全与后勤保障服务指导中心",
    "北京市通州区示例教育委员会、北京市通州区示例消防救援支队、北京市通州区示例市场监督管理局、北京市通州区示例卫生健康委员会",
)


@dataclass(frozen=True)
class Drawn:
    """A paper and its pages."""

    example: PaperExample
    data: bytes
    pages: list[MeasuredPage]


def _draw(example: PaperExample) -> Drawn:
    paper = example.paper
    material = Material(paper, None, example.photos, example.inks, wording.record_hash(paper))
    data = lay_out(material).write(lambda done, total: None)
    return Drawn(example, data, measure(data))


_FORTY = replace(NASTY, findings=40, photos=0)
_MAKERS: dict[str, Callable[[Path], PaperExample]] = {
    "notice": make_official,
    "notice-bare": lambda folder: make_official(folder, BARE),
    "notice-nasty": lambda folder: make_official(folder, NASTY),
    "notice-forty": lambda folder: _issued_by(make_official(folder, _FORTY), LONG_ISSUERS[-1]),
    "supervision": lambda folder: make_paper(DocumentKind.SUPERVISION, folder),
    "supervision-nasty": lambda folder: make_paper(DocumentKind.SUPERVISION, folder, NASTY),
    "extension": lambda folder: make_paper(DocumentKind.EXTENSION, folder),
    "extension-bare": lambda folder: make_paper(DocumentKind.EXTENSION, folder, BARE),
    "extension-nasty": lambda folder: make_paper(DocumentKind.EXTENSION, folder, NASTY),
}
ALL = tuple(_MAKERS)


def _issued_by(example: PaperExample, issuer: str) -> PaperExample:
    return replace(example, paper=replace(example.paper, issuer=issuer))  # type: ignore[call-arg]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Drawn]:
    @cache
    def get(name: str) -> Drawn:
        return _draw(_MAKERS[name](tmp_path_factory.mktemp(name)))

    return get


@pytest.fixture(scope="module")
def ink(drawn: Callable[[str], Drawn]) -> Callable[[str], list[Ink]]:
    return cache(lambda name: draw_ink(drawn(name).data))


def _notice(folder: Path, scale: Scale = BARE, **changed: object) -> Drawn:
    example = make_official(folder, scale)
    return _draw(replace(example, paper=replace(example.paper, **changed)))  # type: ignore[arg-type]


# the text area and its grid


@pytest.mark.parametrize("name", ALL)
def test_no_ink_leaves_the_text_area_but_number_and_code(name: str, ink: Callable[[str], list[Ink]]) -> None:
    pages = ink(name)
    for place, page in enumerate(pages, start=1):
        number = (RIGHT - 30, 266.0, RIGHT, 273.0) if place % 2 else (LEFT, 266.0, LEFT + 30, 273.0)
        code = (LEFT, 274.0, RIGHT + 0.2, 290.0) if place == len(pages) else number
        box = page.cleared(number, code).box()
        if box is None:
            continue
        assert box[0] >= LEFT - 0.2, (place, box)
        assert box[1] >= TOP, (place, box)
        assert box[2] <= RIGHT + 0.2, (place, box)
        assert box[3] <= BOTTOM + 0.3, (place, box)  # the last rule lies upon the edge


def test_a_full_page_has_22_lines_on_the_grid(drawn: Callable[[str], Drawn]) -> None:
    page = drawn("notice-forty").pages[2]
    assert len(page.body) == 22
    for place, line in enumerate(page.body):
        assert line.middle == pytest.approx(TOP + (place + 0.5) * LINE, abs=0.1)
    flush = [line.left for line in page.body if line.text[0] not in "（《“"]  # whose blank half hangs out
    assert min(flush) == pytest.approx(LEFT, abs=NEAR)


@pytest.mark.parametrize("name", ALL)
def test_every_line_of_text_stands_on_the_grid(name: str, drawn: Callable[[str], Drawn]) -> None:
    for page in drawn(name).pages[:-1]:
        for line in page.body:
            if line.size == 16 and not line.text.startswith("通教安"):
                lines = (line.middle - TOP) / LINE - 0.5
                assert lines == pytest.approx(round(lines), abs=0.02), line.text


def test_a_line_holds_28_characters_from_edge_to_edge(tmp_path: Path) -> None:
    drawn = _notice(tmp_path, opening="检查" * 70)
    lines = [line for page in drawn.pages for line in page.body if set(line.text) == {"检", "查"}]
    assert [len(line.text) for line in lines] == [26, 28, 28, 28, 28, 2]
    for line in lines[1:5]:
        assert line.left == pytest.approx(LEFT, abs=0.05)
        assert line.right == pytest.approx(RIGHT, abs=0.05)
        steps = [b.left - a.left for a, b in zip(line.chars, line.chars[1:], strict=False)]
        assert min(steps) == pytest.approx(CHARACTER, abs=0.02)
        assert max(steps) == pytest.approx(CHARACTER, abs=0.02)
    assert lines[0].left == pytest.approx(LEFT + 2 * CHARACTER, abs=NEAR)
    assert lines[0].size == 16


def test_lines_with_figures_are_spread_to_the_edge(tmp_path: Path) -> None:
    drawn = _notice(tmp_path, opening="走廊宽1.5米于2026年12月4日检查" * 9, findings=())
    lines = [line for line in drawn.pages[0].body if "走廊宽" in line.text or "检查" in line.text]
    assert len(lines) >= 5
    for line in lines[:-1]:
        assert line.right == pytest.approx(RIGHT, abs=0.1), line.text


# the first page's head


@pytest.mark.parametrize("issuer", LONG_ISSUERS)
def test_masthead_is_red_centred_and_35_mm_below_the_top(issuer: str, tmp_path: Path) -> None:
    drawn = _notice(tmp_path, issuer=issuer)
    page = drawn.pages[0]
    red_line = next(rule for rule in page.rules if len(rule.colour) == 3)
    shown = [c for c in page.chars if c.colour not in ((0.0,), (0.35,))]
    assert "".join(c.text for c in shown) == issuer
    assert {c.face for c in shown} == {"NotoSerifSC-Bold-GB2312"}
    for char in shown:
        red, green, blue = char.colour
        assert red > 0.7 > 0.2 > max(green, blue)
    box = draw_ink(drawn.data)[0].box((0, 0, 210, red_line.y - 10), red=True)
    assert box
    assert box[1] == pytest.approx(TOP + 35, abs=NEAR)
    assert (box[0] + box[2]) / 2 == pytest.approx(106, abs=0.6)
    assert box[0] > LEFT + 1
    assert box[2] < RIGHT - 1
    number = page.line("通教安改")
    assert number.middle - LINE / 2 - box[3] >= 2 * LINE - NEAR
    assert page.body[-1].middle > red_line.y + 4 * LINE  # text on the first page, whatever the issuer


def test_number_stands_two_lines_below_the_masthead_and_the_red_line_4_mm_below_it(
    drawn: Callable[[str], Drawn], ink: Callable[[str], list[Ink]]
) -> None:
    page = drawn("notice").pages[0]
    number = page.line("通教安改")
    assert number.text == "通教安改〔2026〕13号"
    assert number.size == 16
    assert number.centre == pytest.approx(106, abs=NEAR)
    masthead = ink("notice")[0].box((0, 60, 210, 100), red=True)
    assert masthead
    assert number.middle - LINE / 2 - masthead[3] == pytest.approx(2 * LINE, abs=NEAR)
    (line,) = [rule for rule in page.rules if len(rule.colour) == 3]
    assert line.left == pytest.approx(LEFT, abs=0.05)
    assert line.right - line.left == pytest.approx(156, abs=0.1)
    assert line.y - number.chars[0].foot == pytest.approx(4, abs=NEAR)
    assert 0.35 <= line.weight <= 1
    red, green, blue = line.colour
    assert red > 0.7 > 0.2 > max(green, blue)


def test_title_and_addressee(drawn: Callable[[str], Drawn]) -> None:
    page = drawn("notice").pages[0]
    red_line = next(rule for rule in page.rules if len(rule.colour) == 3)
    title = [line for line in page.body if line.size == 22]
    assert [line.text for line in title] == ["关于通州区甲子小学（示例）", "限期整改安全隐患的通知"]
    assert title[0].middle - red_line.y == pytest.approx(2.5 * LINE, abs=NEAR)
    for line in title:
        assert line.centre == pytest.approx(106, abs=NEAR)
        assert line.face == "NotoSerifSC-Bold-GB2312"
    to = page.line("通州区甲子小学（示例）：")
    assert to.middle - title[-1].middle == pytest.approx(2 * LINE, abs=NEAR)
    assert to.left == pytest.approx(LEFT, abs=NEAR)
    assert to.text == "通州区甲子小学（示例）："
    first = page.body[page.body.index(to) + 1]
    assert first.left == pytest.approx(LEFT + 2 * CHARACTER, abs=NEAR)


@pytest.mark.parametrize("name", ALL)
def test_the_first_page_carries_text(name: str, drawn: Callable[[str], Drawn]) -> None:
    paper = drawn(name).example.paper
    assert isinstance(paper, Notice | Supervision | Extension)
    opening = "" if isinstance(paper, Extension) else paper.opening
    assert (opening or "你单位")[:6] in "".join(line.text for line in drawn(name).pages[0].body)


def test_an_addressee_that_leaves_no_room_for_text_goes_into_the_foot(drawn: Callable[[str], Drawn]) -> None:
    pages = drawn("notice-nasty").pages
    first = "".join(line.text for line in pages[0].body)
    assert plain(LONG_SCHOOL) + "：" not in plain(first)
    foot = plain("".join(line.text for line in pages[-1].body))
    assert f"主送：{plain(LONG_SCHOOL)}。抄送：" in foot
    assert len(pages[-1].rules) == 3  # none between the two


def test_a_title_without_end_still_leaves_text_on_the_first_page(tmp_path: Path) -> None:
    drawn = _notice(tmp_path, title="关于" + "整改安全隐患" * 60 + "的通知")
    assert "发现以下" in "".join(line.text for line in drawn.pages[0].body)


# text


def test_levels_have_their_faces(drawn: Callable[[str], Drawn]) -> None:
    lines = [line for page in drawn("supervision").pages for line in page.body]
    for start, face in (
        ("一、", "NotoSansSC-SemiBold"),
        ("（二）", "LXGWWenKai-Regular"),
        ("1.", "NotoSerifSC-Regular"),
    ):
        line = next(line for line in lines if line.text.startswith(start))
        assert line.face == face
        assert line.size == 16
        assert line.left == pytest.approx(LEFT + 2 * CHARACTER, abs=NEAR)


def test_a_notice_says_what_its_record_says(drawn: Callable[[str], Drawn], tmp_path: Path) -> None:
    text = plain(text_of(drawn("notice").data, tmp_path))
    order = (
        "通州区甲子小学（示例）：2026年11月24日，我委检查人员",
        "一、存在的安全隐患（一）行政楼三层办公室。插排串接为电动自行车电池充电",
        "属重大隐患，判定依据为《重大事故隐患判定指南》第三条（一）6。整改要求：立即断电拆除，停止使用该处电源。",
        "整改期限：立即（2026年11月25日）。",
        "（二）教学楼二层东侧走廊。堆放纸箱6个、旧课桌3张，净宽约1.1米，不符合《消防法》第28条（见附件照片2）。",
        "整改期限：2026年11月28日。",
        "（五）门卫室。",
        "二、整改要求请按上述期限完成整改。第1项为重大隐患",
        "三、回复要求请于2026年12月24日前书面回复",
        "逾期未整改的，将按规定督办。",
        "附件：隐患照片（5张）",
        "通州区示例教育委员会2026年11月25日（联系人：王演示电话：010-0000-0000）",
        "抄送：区消防救援支队，示例街道办事处。",
        "2026年11月25日印发",
    )
    at = 0
    for part in order:
        found = plain(text.replace("—1—", "").replace("—2—", "").replace("—3—", "")).find(part, at)
        assert found >= 0, part
        at = found


def test_a_supervision_names_duties_and_days(drawn: Callable[[str], Drawn], tmp_path: Path) -> None:
    text = plain(text_of(drawn("supervision").data, tmp_path))
    for part in (
        "该项列入通教安改〔2026〕9号通知（序号2），整改期限为2026年11月28日。至2026年11月25日已逾期14天",
        "1.责任：周陪同。",
        "2.措施：拆除违规线路，设集中充电点。",
        "3.资金：3.2万元，公用经费。",
        "4.时限：2026年12月20日前。",
        "5.预案：停用该处电源，专人看护。",
        "请于2026年12月2日前书面报告整改情况。",
        "督办责任人：钱主任。",
        "逾期仍未整改的，将约谈学校负责人并予以通报。",
    ):
        assert part in text, part


def test_an_extension_says_each_day_and_refusal(drawn: Callable[[str], Drawn], tmp_path: Path) -> None:
    text = plain(text_of(drawn("extension").data, tmp_path)).replace("—1—", "")
    for part in (
        "临-20261125-AA01BC回复中的延期申请收悉",
        "（一）教学楼一至三层。应急照明断电后持续18分钟，不足30分钟。该项在通知中序号为3，原整改期限为2026年12月2日。"
        "你单位申请延至2027年1月4日。不同意延期（仍按原期限2026年12月2日完成整改）。",
        "原整改期限为2026年12月25日。你单位申请延至2027年1月4日。同意延期至2027年1月4日。",
        "二、延期理由配件缺货，供货期20天。",
        "三、延期期间的防范要求延期期间专人看护",
    ):
        assert part in text, part
    assert text.count("不同意延期") == 1


def test_a_notice_of_empty_sentences_says_facts_and_leaves_out_sections(tmp_path: Path) -> None:
    drawn = _notice(tmp_path, opening="", demand="", interim="", reply="", consequence="", contact="", phone="")
    text = plain(text_of(drawn.data, tmp_path))
    assert "2026年11月24日，张示例、李样本对你单位进行日常检查，发现安全隐患1项。" in text
    assert "二、回复要求请于2026年12月24日前书面回复整改情况。" in text
    assert "整改要求请按" not in text
    assert "联系人" not in text


def test_a_candidate_is_not_called_major(tmp_path: Path) -> None:
    paper = make_official(tmp_path, BARE).paper
    assert isinstance(paper, Notice)
    finding = replace(paper.findings[0].finding, severity=Severity.CANDIDATE)
    text = plain(text_of(_notice(tmp_path, findings=(replace(paper.findings[0], finding=finding),)).data, tmp_path))
    assert "级别为重大候选。" in text
    assert "属重大隐患" not in text


# name, date and seal


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2027, 1, 4)])
def test_the_date_ends_four_characters_from_the_right_under_the_name(day: date, tmp_path: Path) -> None:
    page = _notice(tmp_path, dated_on=day).pages[1]
    name = page.line("通州区示例教育委员会")
    below = page.body[page.body.index(name) + 1]
    assert below.text == f"{day.year}年{day.month}月{day.day}日"
    assert below.right == pytest.approx(RIGHT - 4 * CHARACTER, abs=NEAR)
    assert name.centre == pytest.approx(below.centre, abs=NEAR)
    assert below.middle - name.middle == pytest.approx(LINE, abs=0.05)
    note = page.body[page.body.index(name) + 2]
    assert note.text.startswith("（联系人：王演示")
    assert note.text.endswith("）")
    assert note.left == pytest.approx(LEFT + 2 * CHARACTER, abs=NEAR)


@pytest.mark.parametrize("name", ALL)
def test_the_seal_has_room_over_name_and_date_alone(name: str, drawn: Callable[[str], Drawn]) -> None:
    """Somewhere within a line below the text a circle of 42 mm covers name and date and touches no other character."""
    pages = drawn(name).pages
    issuer = drawn(name).example.paper.issuer  # type: ignore[union-attr]
    day = wording.day(drawn(name).example.paper.dated_on)
    page = next(p for p in pages if any(line.text == day for line in p.body))
    dated = next(line for line in page.body if line.text == day)
    place = page.body.index(dated)
    count = math.ceil(len(issuer) / 28)
    signed = page.body[place - count : place + 1]
    assert plain("".join(line.text for line in signed)) == plain(issuer + day)
    text = page.body[place - count - 1].chars[0]
    mine = {char for line in signed for char in line.chars}
    others = [char for char in page.chars if char not in mine]
    x = dated.centre

    def clear(top: float) -> bool:
        y = top + 21
        if any(_distance(char, x, y) < 21 for char in others):
            return False
        return all(min(_distance(c, x, y) for c in line.chars) < 18 for line in signed)

    assert any(clear(text.foot + step / 10) for step in range(round(LINE * 10)))


def _distance(char: Char, x: float, y: float) -> float:
    """From a point to the nearest of a character's box."""
    half = char.size / MM / 2
    across = max(char.left - x, 0.0, x - char.right)
    down = max(char.middle - half - y, 0.0, y - char.middle - half)
    return math.hypot(across, down)


@pytest.mark.parametrize("name", ALL)
def test_name_and_date_have_text_above_them(name: str, drawn: Callable[[str], Drawn]) -> None:
    """No page of nothing but a name could be put under another text."""
    day = wording.day(drawn(name).example.paper.dated_on)
    page = next(p for p in drawn(name).pages if any(line.text == day for line in p.body))
    above = [line for line in page.body if line.base < page.line(day).base]
    issuer = drawn(name).example.paper.issuer  # type: ignore[union-attr]
    text = [line for line in above if not line.text.startswith("附件") and line.text not in issuer]
    assert len(text) >= 2


# the foot and the numbers


@pytest.mark.parametrize("name", ALL)
def test_the_foot_stands_at_the_bottom_of_the_last_even_page(name: str, drawn: Callable[[str], Drawn]) -> None:
    paper = drawn(name).example.paper
    pages = drawn(name).pages
    assert len(pages) % 2 == 0
    for page in pages[:-1]:
        assert not [rule for rule in page.rules if len(rule.colour) == 1]
    last = pages[-1]
    copies = bool(paper.copies_to) or any("主送" in line.text for line in last.body)  # type: ignore[union-attr]
    weights = [0.35, 0.25, 0.35] if copies else [0.35, 0.35]
    assert [rule.weight for rule in last.rules] == pytest.approx(weights, abs=0.01)
    for rule in last.rules:
        assert rule.left == pytest.approx(LEFT, abs=0.05)
        assert rule.right == pytest.approx(RIGHT, abs=0.05)
        assert rule.colour == (0.0,)
    assert last.rules[-1].y == pytest.approx(BOTTOM, abs=0.1)
    inside = [line for line in last.body if line.middle > last.rules[0].y]
    assert inside
    for line in inside:
        assert line.size == 14
        assert line.left >= LEFT + 14 / MM - NEAR
        assert line.right <= RIGHT - 14 / MM + NEAR
    printed = next(line for line in inside if line.text.endswith("印发"))
    assert printed.text.endswith(wording.day(paper.dated_on) + "印发")
    assert printed.right == pytest.approx(RIGHT - 14 / MM, abs=NEAR)
    assert printed.left == pytest.approx(LEFT + 14 / MM, abs=NEAR)
    above = [line for line in last.body if line.middle < last.rules[0].y]
    assert all(last.rules[0].y - line.chars[0].foot > 3 for line in above)


def test_long_lists_of_copies_hang_behind_the_colon(tmp_path: Path) -> None:
    drawn = _notice(tmp_path, copies_to=tuple(f"示例街道办事处第{n}分理处" for n in range(30)), printed_by="示例办公室")
    last = drawn.pages[-1]
    lists = [line for line in last.body if last.rules[0].y < line.middle < last.rules[1].y]
    assert len(lists) > 5
    assert lists[0].text.startswith("抄送：")
    assert lists[-1].text.endswith("。")
    for line in lists[1:]:
        assert line.left == pytest.approx(LEFT + 4 * 14 / MM, abs=NEAR)
    assert "示例办公室" in next(line.text for line in last.body if line.text.endswith("印发"))


@pytest.mark.parametrize("name", ["notice", "notice-forty", "supervision", "extension"])
def test_page_numbers(name: str, drawn: Callable[[str], Drawn], ink: Callable[[str], list[Ink]]) -> None:
    for place, (page, picture) in enumerate(zip(drawn(name).pages, ink(name), strict=True), start=1):
        number = page.number
        if number is None:
            continue
        assert number.text == f"— {place} —"
        assert number.size == 14
        assert number.face == "NotoSerifSC-Regular"
        if place % 2:
            assert number.right == pytest.approx(RIGHT - 14 / MM, abs=NEAR)
        else:
            assert number.left == pytest.approx(LEFT + 14 / MM, abs=NEAR)
        dash = number.chars[0]
        box = picture.box((dash.left, 263, dash.right, 274))
        assert box
        assert box[1] - BOTTOM == pytest.approx(7, abs=NEAR)


def test_blank_pages_before_the_foot_have_no_number(tmp_path: Path) -> None:
    """The text grows line by line over two pages: the foot goes along, and what is blank is not counted out."""
    seen: set[str] = set()
    for lines in range(24):
        drawn = _notice(tmp_path, demand="\n".join(["请按上述期限完成整改。"] * (1 + lines)))
        pages = drawn.pages
        assert len(pages) % 2 == 0
        assert pages[-1].rules
        blank = [not page.body and not page.rules for page in pages]
        assert not any(blank[:-2])
        for page in pages[:-2]:
            assert page.number
        if blank[-2]:
            seen.add("blank")
            assert pages[-2].number is None
            assert pages[-1].number is None
            assert not [line for line in pages[-1].body if line.size == 16]
        else:
            seen.add("full" if [line for line in pages[-1].body if line.size == 16] else "foot alone")
            assert pages[-2].number
            assert pages[-1].number
    assert seen == {"blank", "full", "foot alone"}


def test_the_code_and_the_fingerprint_stand_below_number_and_foot_of_the_last_page_only(
    drawn: Callable[[str], Drawn], ink: Callable[[str], list[Ink]]
) -> None:
    shown = drawn("notice")
    low: Box = (0, 274, 210, 297)
    for picture in ink("notice")[:-1]:
        assert picture.box(low) is None
    box = ink("notice")[-1].box(low)
    assert box
    assert box[2] == pytest.approx(RIGHT, abs=NEAR)
    assert box[3] < 290
    fingerprint = wording.fingerprint(wording.record_hash(shown.example.paper))
    assert any(fingerprint in line.text for line in shown.pages[-1].lines if line.size < 8)


def test_a_character_without_a_shape_is_told_below_the_foot(tmp_path: Path) -> None:
    drawn = _notice(tmp_path, demand="请检查\ue000处。")
    assert "有 1 个字符没有字形，以〓代替：U+E000" in [line.text for line in drawn.pages[-1].lines if line.size < 8]


@pytest.mark.parametrize("name", ["notice", "supervision", "extension"])
def test_it_is_clean_pdf_a_3b(name: str, drawn: Callable[[str], Drawn]) -> None:
    shown = drawn(name)
    archive = make_archive(shown.data, canonical_json(shown.example.paper), Describing("题", "王", "校", MADE_AT))
    with pikepdf.open(BytesIO(archive)) as pdf:
        assert not pikepdf.pdfa.check(pdf, "3b").findings


def test_it_can_be_sealed_and_verified(tmp_path: Path) -> None:
    office = Person(PersonId("p-01"), "王演示", Role.OFFICE)
    district = make_district(tmp_path / "district", person=office)
    example = make_official(tmp_path, EASY, district.fingerprint)
    data = district.signer.seal(
        example.paper, None, example.photos, example.inks, example.kept, PASSPHRASE, no_progress
    )
    verdict = district.signer.verify(data)
    assert verdict.is_valid, verdict.why
    assert verdict.record == example.paper
    assert len(measure(data)) == 4


# the annex


def test_the_annex_begins_on_a_page_of_its_own(drawn: Callable[[str], Drawn]) -> None:
    shown = drawn("notice-nasty")
    pages = shown.pages
    place = next(n for n, page in enumerate(pages) if page.body[0].text == "附件")
    head, title = pages[place].body[:2]
    assert head.left == pytest.approx(LEFT, abs=NEAR)
    assert head.middle == pytest.approx(TOP + LINE / 2, abs=NEAR)
    assert (head.face, head.size) == ("NotoSansSC-SemiBold", 16)
    assert title.text == "隐患照片（48张）"
    assert title.middle == pytest.approx(TOP + 2.5 * LINE, abs=NEAR)
    assert title.centre == pytest.approx(106, abs=0.5)
    said = [line.text for page in pages[:place] for line in page.body if line.text.startswith("附件：")]
    assert said == ["附件：隐患照片（48张）"]
    placed = [photo for page in pages for photo in page.photos]
    assert len(placed) == len(shown.example.paper.photos) == 48
    assert not any(page.photos for page in pages[:place])
    for x, y, width, height in placed:
        assert x >= LEFT - 0.05
        assert y >= TOP - 0.05
        assert x + width <= RIGHT + 0.05
        assert y + height <= BOTTOM
    captions = plain("".join(line.text for page in pages[place:] for line in page.lines))
    for number in range(1, 49):
        assert f"照片{number}第{(number - 1) // 4 + 1}项" in captions


def test_few_photos_share_the_even_page_with_the_foot(drawn: Callable[[str], Drawn]) -> None:
    pages = drawn("notice").pages
    assert len(pages) == 4
    assert len(pages[-1].photos) == 5
    assert len(pages[-1].rules) == 3


def test_a_photo_that_is_not_there_stops_the_paper(tmp_path: Path) -> None:
    example = make_official(tmp_path, EASY)
    with pytest.raises(Problem) as stopped:
        _draw(replace(example, photos={}))
    assert stopped.value.code == "photo-missing"


# words


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (40, "四十"), (99, "九十九"), (100, "一百"), (105, "一百零五"),
     (110, "一百一十"), (1010, "一千零一十")],
)  # fmt: skip
def test_numbers_in_chinese(number: int, said: str) -> None:
    assert chinese_number(number) == said


_WORDS = ("安全隐患", "整改", "限期", "通知", "批复", "通州区永顺镇中心小学", "消防安全", "专项")


@pytest.mark.parametrize(
    "title",
    [
        "关于通州区永顺镇中心小学限期整改安全隐患的通知",
        "关于督办通州区永顺镇中心小学消防安全专项检查所见安全隐患限期整改的通知",
        "关于延长通州区永顺镇中心小学消防安全专项检查所见安全隐患整改期限并加强整改期间看护和巡查工作的批复",
    ],
)
def test_titles_break_between_words_into_a_shape(title: str) -> None:
    lines = break_title(title, 156 * MM, 22, _WORDS)
    assert "".join(lines) == title
    assert 2 <= len(lines) <= 3
    for word in _WORDS:
        assert title.count(word) == sum(line.count(word) for line in lines), lines
    assert not any(line.startswith("的") for line in lines)
    lengths = [len(line) for line in lines]
    assert max(lengths) <= 20
    assert len(lines) < 3 or lengths[1] >= min(lengths[0], lengths[2]), "no hourglass"
    assert min(lengths) >= 4


def test_a_short_title_stays_on_one_line() -> None:
    assert break_title("关于延长安全隐患整改期限的批复", 156 * MM, 22, _WORDS) == ["关于延长安全隐患整改期限的批复"]


def test_every_bit_of_a_title_is_kept(drawn: Callable[[str], Drawn]) -> None:
    for name in ALL:
        shown: Sequence[MeasuredPage] = drawn(name).pages
        title = "".join(
            line.text for line in shown[0].body if line.face == "NotoSerifSC-Bold-GB2312" and line.size < 23
        )
        assert plain(drawn(name).example.paper.title)[-12:] == plain(title)[-12:]
