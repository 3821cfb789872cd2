"""The pages of the school's answer and of the re-inspection: complete, counted right, inside the paper, and with room
for a seal. Read back with poppler, pikepdf and pdfium."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from safetyapp.documents import wording
from safetyapp.documents.flow import BOTTOM
from safetyapp.documents.material import Material
from safetyapp.documents.pages import file_title
from safetyapp.documents.preview import PageRenderer
from safetyapp.documents.sheet import A4, MM
from safetyapp.domain.any_record import AnyPaper, number_of
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.reinspection import Conclusion, Reinspection
from safetyapp.domain.response import Response
from tests.documents.answers_drawn import (
    FORTY,
    KINDS,
    both,
    day,
    draw_paper,
    drawn_of,
    every_scale,
    pictures,
    read,
    reinspection,
    response,
    words_of,
)
from tests.documents.examples import RARE_NAMES, make_ink
from tests.documents.papers import BARE, DAY, EASY, NASTY, PaperExample, Scale, make_paper
from tests.documents.reading import assert_inside, plain, text_of


@both
@every_scale
def test_everything_stays_on_the_paper(tmp_path: Path, kind: DocumentKind, scale: Scale) -> None:
    drawn = drawn_of(kind, scale)
    assert_inside(drawn.data, tmp_path)
    for x, y, width, height in pictures(drawn.data)[1]:
        assert x >= 60
        assert x + width <= A4[0] - 50
        assert A4[1] - y <= BOTTOM + 2
        assert y + height <= A4[1] - 40
    assert "〓" not in text_of(drawn.data, tmp_path)


@both
@every_scale
def test_head_and_feet(tmp_path: Path, kind: DocumentKind, scale: Scale) -> None:
    drawn = drawn_of(kind, scale)
    paper = drawn.paper
    assert isinstance(paper, Response | Reinspection)
    pages = [plain(page) for page in text_of(drawn.data, tmp_path).split("\f")[:-1]]
    mark = plain(wording.fingerprint(wording.record_hash(paper)))
    for count, page in enumerate(pages, 1):
        assert page.startswith("编号" + plain(number_of(paper)))
        assert f"第{count}页共{len(pages)}页" in page
        assert mark in page
        assert plain(paper.title) in page
    wanted = [paper.school.name, paper.notice.number, day(paper.dated_on), paper.author.name]
    if isinstance(paper, Response):
        wanted += [paper.addressed_to, paper.principal]
    else:
        wanted += [paper.issuer, *paper.inspectors, paper.escort, *(ref.number for ref in paper.responses)]
        wanted += [paper.opinion, paper.school_opinion]
    for part in wanted:
        assert plain(part) in pages[0] or plain(part) in "".join(pages[1:]), part


@every_scale
def test_every_finding_of_the_answer_is_there(tmp_path: Path, scale: Scale) -> None:
    drawn = drawn_of(DocumentKind.RESPONSE, scale)
    paper = drawn.paper
    assert isinstance(paper, Response)
    rows = _rows(read(drawn.data, tmp_path), "资金", [one.finding.number for one in paper.findings])
    for one, row in zip(paper.findings, rows, strict=True):
        level = "◆重大" if one.finding.severity is Severity.MAJOR else "▲一般"
        wanted = [level, one.finding.place, one.finding.text, one.measure, one.responsible]
        if one.completed_on:
            wanted.append(day(one.completed_on).removeprefix("2026年"))
            assert "未完成" not in row
        else:
            wanted += ["×未完成", f"未完成原因：{one.unfinished}", f"防范措施：{one.interim}"]
            wanted += [f"计划完成{day(one.planned_on)}", f"期限{day(one.finding.deadline).removeprefix('2026年')}"]
        if one.cost is not None:
            wanted += [f"{one.cost}元", one.cost_source]
        else:
            assert "日—" in row
        for part in wanted:
            assert plain(part) in row, (part, row)


def _rows(text: str, last_head: str, numbers: list[int]) -> list[str]:
    """The text of a table row by row; each begins with its number and level."""
    body = text[text.index(last_head) :]
    starts = []
    at = 0
    for number in numbers:
        found = re.compile(rf"{number}[◆▲◇](?:重大|一般)").search(body, at)
        assert found, number
        starts.append(found.start())
        at = found.end()
    return [body[a:b] for a, b in zip(starts, [*starts[1:], starts[-1] + 1200], strict=True)]


@every_scale
def test_every_finding_of_the_reinspection_is_there(tmp_path: Path, scale: Scale) -> None:
    drawn = drawn_of(DocumentKind.REINSPECTION, scale)
    paper = drawn.paper
    assert isinstance(paper, Reinspection)
    rows = _rows(read(drawn.data, tmp_path), "新期限", [one.finding.number for one in paper.findings])
    marks = {
        Conclusion.FIXED: "√已整改",
        Conclusion.PARTLY: "◐部分整改",
        Conclusion.NOT_FIXED: "×未整改",
        Conclusion.NO_LONGER_APPLIES: "–不再适用",
    }
    for one, row in zip(paper.findings, rows, strict=True):
        for part in (one.finding.place, one.finding.text, one.fact, marks[one.conclusion]):
            assert plain(part) in row, (part, row)
        if one.new_deadline:
            former = day(one.finding.deadline).removeprefix("2026年")
            assert f"{day(one.new_deadline).removeprefix('2026年')}原{former}" in row
        else:
            assert marks[one.conclusion] + "—" in row


@pytest.mark.parametrize("scale", [EASY, BARE, NASTY, FORTY], ids=["easy", "bare", "nasty", "forty"])
def test_counts(tmp_path: Path, scale: Scale) -> None:
    answer, check = (drawn_of(kind, scale).paper for kind in KINDS)
    assert isinstance(answer, Response)
    assert isinstance(check, Reinspection)
    total = len(answer.findings)
    left = len([one for one in answer.findings if not one.completed_on])
    text = read(drawn_of(DocumentKind.RESPONSE, scale).data, tmp_path)
    assert f"共{total}项，已完成{total - left}项，未完成{left}项" in text
    assert text.count("×未完成") == left
    spent = sum(one.cost for one in answer.findings if one.cost is not None)
    assert (f"；投入资金合计{spent}元" in text) is bool(spent)
    counted = Counter(one.conclusion.value for one in check.findings)
    fixed, partly, none, gone = (counted[key] for key in ("fixed", "partly", "not-fixed", "no-longer-applies"))
    text = read(drawn_of(DocumentKind.REINSPECTION, scale).data, tmp_path)
    assert f"共{total}项：已整改{fixed}项，部分整改{partly}项，未整改{none}项，不再适用{gone}项" in text


def test_the_request_is_a_block_of_its_own(tmp_path: Path) -> None:
    example, paper = response(tmp_path)
    first, *_, last = paper.findings
    assert paper.request is not None
    asked = replace(paper.request, findings=(first.finding.finding, last.finding.finding), reason="等配件")
    text = read(draw_paper(example, replace(paper, request=asked, note="另附合同")), tmp_path)
    days = [day(one.finding.deadline) for one in (first, last)]
    numbers = f"第{first.finding.number}项（期限{days[0]}）、第{last.finding.number}项（期限{days[1]}）"
    block = f"二、延期申请申请项{numbers}延至{day(asked.until)}理由等配件防范措施专人看护三、其他说明另附合同"
    assert block in text
    text = read(draw_paper(example, replace(paper, request=None, note="另附合同")), tmp_path)
    assert "延期申请" not in text
    assert "二、其他说明另附合同" in text


def test_what_is_not_fixed_stands_out_in_black_type(tmp_path: Path) -> None:
    path = tmp_path / "check.pdf"
    path.write_bytes(drawn_of(DocumentKind.REINSPECTION, EASY).data)
    ran = subprocess.run(["mutool", "draw", "-F", "stext", str(path), "1"], capture_output=True, text=True, check=True)
    faces: dict[str, set[str]] = {}
    for name, inside in re.findall(r'<font name="([^"]+)"[^>]*>(.*?)</font>', unescape(ran.stdout), re.DOTALL):
        for mark in set(re.findall(r'c="([√◐×–])"', inside)):
            faces.setdefault(mark, set()).add(name)
    assert set(faces) == set("√◐×–")
    for mark in "◐×":
        assert all("NotoSansSC-SemiBold" in face for face in faces[mark]), faces
    for mark in "√–":
        assert not any("NotoSansSC-SemiBold" in face for face in faces[mark]), faces


@both
@pytest.mark.parametrize("scale", [EASY, BARE, NASTY, FORTY], ids=["easy", "bare", "nasty", "forty"])
def test_the_place_for_the_seal_is_blank(tmp_path: Path, kind: DocumentKind, scale: Scale) -> None:
    data = drawn_of(kind, scale).data
    label = {DocumentKind.RESPONSE: "回复单位（公章）", DocumentKind.REINSPECTION: "复查单位（公章）"}[kind]
    found = [
        (page, (x1 + x2) / 2, y2)
        for page, words in enumerate(words_of(data, tmp_path))
        for word, x1, _, x2, y2 in words
        if word == label
    ]
    assert len(found) == 1
    page, middle, bottom = found[0]
    radius = 21 * MM
    dark, below = _dark(data, page, middle, bottom + 1 + radius, radius)
    assert not dark
    assert below, "the frame closes below the circle"


def _dark(data: bytes, page: int, x: float, y: float, radius: float) -> tuple[int, bool]:
    """How many dark pixels lie in the circle, and whether there is something printed below it on its axis."""
    with PageRenderer(data) as pages:
        drawn = pages.render(page, round(A4[0]))
    rows = [drawn.data[line * drawn.stride :][: 4 * drawn.width] for line in range(drawn.height)]

    def grey(column: int, line: int) -> int:
        return min(rows[line][4 * column : 4 * column + 3])

    dark = 0
    for line in range(int(y - radius), int(y + radius) + 1):
        for column in range(int(x - radius), int(x + radius) + 1):
            inside = (column + 0.5 - x) ** 2 + (line + 0.5 - y) ** 2 <= radius**2
            dark += inside and grey(column, line) < 250
    below = any(grey(round(x), line) < 250 for line in range(int(y + radius), int(y + radius) + 40))
    return dark, below


@both
def test_signatures_by_hand(tmp_path: Path, kind: DocumentKind) -> None:
    drawn = drawn_of(kind, EASY)
    text = read(drawn.data, tmp_path)
    handwriting = len(pictures(drawn.data)[1]) - len(drawn.photos)
    assert handwriting == len(drawn.paper.inks)
    for ink in drawn.paper.inks:
        assert f"{plain(ink.name)}{day(ink.signed_at.date())}" in text
    labels = {
        DocumentKind.RESPONSE: {"负责人签名：": 1},
        DocumentKind.REINSPECTION: {"复查人员：": 2, "学校负责人：": 1},
    }[kind]
    for label, count in labels.items():
        assert text.count(label) == count


@both
def test_who_has_not_signed_finds_a_line(tmp_path: Path, kind: DocumentKind) -> None:
    example = make_paper(kind, tmp_path, BARE)
    text = read(draw_paper(example, replace(example.paper, inks=())), tmp_path)
    assert text.count("年月日") == (1 if kind is DocumentKind.RESPONSE else 3)


@both
def test_any_number_of_signatures(tmp_path: Path, kind: DocumentKind) -> None:
    example = make_paper(kind, tmp_path, BARE)
    made = [make_ink(f"签名人{number}{RARE_NAMES * 8}", "companion", number + 2) for number in range(23)]
    images = {Sha256(str(ink.image)): image for ink, image in made}
    example = replace(example, paper=replace(example.paper, inks=tuple(ink for ink, _ in made)), inks=images)
    data = draw_paper(example)
    assert_inside(data, tmp_path)
    text = read(data, tmp_path)
    assert all(f"签名人{number}堃" in text for number in range(23))
    assert len(pictures(data)[1]) == 23
    assert text.count("（公章）") == 1


def _assert_no_heading_alone(pages: list[list[tuple[str, float, float, float, float]]]) -> None:
    for words in pages:
        foot = min(y for word, _, y, _, _ in words if word.startswith("本页内容"))
        for word, _, top, _, bottom in words:
            if re.match(r"[一二三四]、|附：", word) or word in ("部位及隐患", "整改措施"):
                assert any(other > bottom + 1 and end < foot - 1 for _, _, other, _, end in words), (word, top)


@both
def test_no_heading_stands_alone(tmp_path: Path, kind: DocumentKind) -> None:
    """Below every heading and every table's head there is more on the same page, whatever the number of rows."""
    turned = 0
    for count in range(5, 14):
        example = make_paper(kind, tmp_path, Scale(findings=count, photos=0))
        data = draw_paper(example)
        pages = words_of(data, tmp_path)
        turned += len(pages) > 1
        _assert_no_heading_alone(pages)
        for words in pages:
            if any("签名：" in word or "复查人员：" in word for word, *_ in words):
                signed = min(top for word, _, top, _, _ in words if "签名：" in word or "复查人员：" in word)
                assert any(90 < top < signed - 20 for _, _, top, _, _ in words), "the signatures stand alone"
    assert turned


@both
def test_the_table_is_not_parted_from_its_heading(tmp_path: Path, kind: DocumentKind) -> None:
    """Wherever on the page it begins: names in the head of the paper push it down line by line."""
    example = make_paper(kind, tmp_path, BARE)
    first_pages = set()
    for lines in range(24, 34):
        school = replace(example.paper.school, name="校" * 36 * lines)
        data = draw_paper(example, replace(example.paper, school=school))
        pages = words_of(data, tmp_path)
        _assert_no_heading_alone(pages)
        first_pages.add(any(word.startswith("一、") for word, *_ in pages[0]))
    assert first_pages == {True, False}


@both
def test_very_long_words_are_all_printed(tmp_path: Path, kind: DocumentKind) -> None:
    example = make_paper(kind, tmp_path, Scale(findings=2, photos=1))
    paper = example.paper
    assert isinstance(paper, Response | Reinspection)
    first, second = paper.findings
    ref = replace(first.finding, text="堵塞" * 1500, place="很长的部位" * 40)
    changed: AnyPaper
    if isinstance(paper, Response):
        answers = (
            replace(first, finding=ref, measure="清空" * 1200, responsible="某" * 200, cost_source="h" * 300),
            replace(second, unfinished="缺件" * 700, interim="看护" * 700),
        )
        changed = replace(paper, findings=answers, note="备注" * 1500, addressed_to="致" * 300)  # type: ignore[arg-type]
        wanted = {"堵塞": 3000, "清空": 2400, "缺件": 1400, "看护": 1400, "备注": 1500, "某": 200}
    else:
        checks = (replace(first, finding=ref, fact="清空" * 1200), second)
        changed = replace(paper, findings=checks, opinion="备注" * 1500, escort="某" * 300)  # type: ignore[arg-type]
        wanted = {"堵塞": 3000, "清空": 2400, "备注": 1500, "某": 300}
    data = draw_paper(example, changed)
    assert_inside(data, tmp_path)
    text = text_of(data, tmp_path)
    for word, count in wanted.items():
        for character in word:
            assert text.count(character) >= count, word


@both
def test_the_file_is_called_by_its_title_and_number(kind: DocumentKind) -> None:
    paper = drawn_of(kind, EASY).paper
    material = Material(paper, None, {}, {}, wording.record_hash(paper))
    assert file_title(material) == f"{paper.title} {number_of(paper)}"


def test_days_of_another_year_carry_it(tmp_path: Path) -> None:
    example, paper = response(tmp_path, BARE)
    (one,) = paper.findings
    last_year = DAY - timedelta(days=400)
    text = read(draw_paper(example, replace(paper, findings=(replace(one, completed_on=last_year),))), tmp_path)
    assert day(last_year) in text


@pytest.mark.parametrize(
    ("make", "label"), [(response, "替代文书"), (reinspection, "替代文书")], ids=["response", "reinspection"]
)
def test_what_a_paper_replaces_is_named(
    tmp_path: Path, make: Callable[..., tuple[PaperExample, AnyPaper]], label: str
) -> None:
    example, paper = make(tmp_path, BARE)
    text = read(draw_paper(example, replace(paper, supersedes=paper.id)), tmp_path)
    assert label + paper.id in text
    assert label not in read(draw_paper(example), tmp_path)
