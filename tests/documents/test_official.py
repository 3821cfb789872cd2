"""Official papers measured against GB/T 9704-2012: what the standard gives within 1 mm is held within 0.3 mm here."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from safetyapp.documents import wording
from safetyapp.domain.notice import Extension, Notice, Supervision
from tests.documents.gallery import LONG_SCHOOL
from tests.documents.official_examples import (
    ALL,
    BOTTOM,
    CHARACTER,
    LEFT,
    LINE,
    LONG_ISSUERS,
    MAKERS,
    NEAR,
    RIGHT,
    TOP,
    Drawn,
    draw_notice,
    draw_paper,
)
from tests.documents.official_reading import MM, Box, Char, Ink, draw_ink
from tests.documents.reading import plain


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Drawn]:
    @cache
    def get(name: str) -> Drawn:
        return draw_paper(MAKERS[name](tmp_path_factory.mktemp(name)))

    return get


@pytest.fixture(scope="module")
def ink(drawn: Callable[[str], Drawn]) -> Callable[[str], list[Ink]]:
    return cache(lambda name: draw_ink(drawn(name).data))


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
    drawn = draw_notice(tmp_path, opening="检查" * 70)
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
    drawn = draw_notice(tmp_path, opening="走廊宽1.5米于2026年12月4日检查" * 9, findings=())
    lines = [line for line in drawn.pages[0].body if "走廊宽" in line.text or "检查" in line.text]
    assert len(lines) >= 5
    for line in lines[:-1]:
        assert line.right == pytest.approx(RIGHT, abs=0.1), line.text


# the first page's head


@pytest.mark.parametrize("issuer", LONG_ISSUERS)
def test_masthead_is_red_centred_and_35_mm_below_the_top(issuer: str, tmp_path: Path) -> None:
    drawn = draw_notice(tmp_path, issuer=issuer)
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
    drawn = draw_notice(tmp_path, title="关于" + "整改安全隐患" * 60 + "的通知")
    assert "发现以下" in "".join(line.text for line in drawn.pages[0].body)


# name, date and seal


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2027, 1, 4)])
def test_the_date_ends_four_characters_from_the_right_under_the_name(day: date, tmp_path: Path) -> None:
    page = draw_notice(tmp_path, dated_on=day).pages[1]
    name = page.line("通州区示例教育委员会")
    below = page.body[page.body.index(name) + 1]
    assert below.text == f"{day.year}年{day.month}月{day.day}日"
    assert below.right == pytest.approx(RIGHT - 4 * CHARACTER, abs=NEAR)
    assert name.centre == pytest.approx(below.centre, abs=NEAR)
    assert below.middle - name.middle == pytest.approx(LINE, abs=0.05)
    text = page.body[page.body.index(name) - 1]
    assert name.middle - text.middle == pytest.approx(3 * LINE, abs=0.05)  # two blank lines: room for the seal
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
    drawn = draw_notice(
        tmp_path, copies_to=tuple(f"示例街道办事处第{n}分理处" for n in range(30)), printed_by="示例办公室"
    )
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
        drawn = draw_notice(tmp_path, demand="\n".join(["请按上述期限完成整改。"] * (1 + lines)))
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
