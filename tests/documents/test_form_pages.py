"""Papers that the office stamps: the place of the seal is blank, the receipt's boxes and hands, review and void."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from safetyapp.documents import wording
from safetyapp.documents.flow import Flow
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.documents.pages_form import Field, form_row, tick_boxes, words
from safetyapp.documents.pages_seal import draw_seal
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.typeset import set_line
from safetyapp.domain.any_record import AnyPaper
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Ink
from safetyapp.domain.problem import Problem
from safetyapp.domain.review import Decision, Remark, Review, Void
from safetyapp.domain.service import ServiceMethod, ServiceReceipt
from tests.documents.drawn import LONG_TEXT
from tests.documents.examples import MADE_AT, RARE_NAMES
from tests.documents.looking import ink_in_seal, pages_of, runs_of, words_of
from tests.documents.papers import BARE, DAY, EASY, ISSUER, NASTY, PaperExample, Scale, make_paper
from tests.documents.reading import assert_inside, draw, plain, text_of

KINDS = (
    DocumentKind.RECTIFICATION_NOTICE,
    DocumentKind.SERVICE_RECEIPT,
    DocumentKind.REVIEW,
    DocumentKind.VOID,
)
SCALES = {"easy": EASY, "bare": BARE, "nasty": NASTY}
METHODS = ("直接送达", "留置送达", "邮寄送达", "转交送达", "电子送达")


def _with(made: PaperExample, paper: AnyPaper) -> PaperExample:
    return replace(made, paper=paper)


def _receipt(folder: Path, scale: Scale = EASY) -> tuple[PaperExample, ServiceReceipt]:
    made = make_paper(DocumentKind.SERVICE_RECEIPT, folder, scale)
    assert isinstance(made.paper, ServiceReceipt)
    return made, made.paper


def _review(folder: Path, scale: Scale = EASY) -> tuple[PaperExample, Review]:
    made = make_paper(DocumentKind.REVIEW, folder, scale)
    assert isinstance(made.paper, Review)
    return made, made.paper


def _void(folder: Path, scale: Scale = EASY) -> tuple[PaperExample, Void]:
    made = make_paper(DocumentKind.VOID, folder, scale)
    assert isinstance(made.paper, Void)
    return made, made.paper


# what they have in common


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_seal_place_is_blank_and_all_is_inside(tmp_path: Path, kind: DocumentKind, scale: str) -> None:
    data = draw(make_paper(kind, tmp_path, replace(SCALES[scale], photos=min(SCALES[scale].photos, 1))))
    assert ink_in_seal(data, tmp_path, ISSUER, wording.day(DAY)) == []
    assert_inside(data, tmp_path)
    assert "〓" not in text_of(data, tmp_path)


def _sealed(touch: Callable[[Flow], None]) -> bytes:
    flow = Flow(Sheets(), lambda: None)
    flow.turn()
    flow.y = 300.0
    draw_seal(flow, ISSUER, DAY)
    touch(flow)
    return flow.sheets.write(lambda done, total: None)


def test_what_touches_the_seal_place_is_seen(tmp_path: Path) -> None:
    """The look itself: a fine line and a word in the circle are seen, what lies beside it is not."""
    x, y = _middle(_sealed(lambda flow: None), tmp_path)
    assert _seen(tmp_path, lambda flow: None) == []
    assert _seen(tmp_path, lambda flow: flow.sheets.rule(x - 59, y, x - 40, y, 0.3)) == ["ink"]
    assert "字" in _seen(tmp_path, lambda flow: flow.sheets.line(x - 50, y - 20, set_line("字", 10)))
    assert _seen(tmp_path, lambda flow: flow.sheets.rule(x - 100, y - 61, x + 60, y - 61, 0.6)) == []


def _seen(folder: Path, touch: Callable[[Flow], None]) -> list[str]:
    return ink_in_seal(_sealed(touch), folder, ISSUER, wording.day(DAY))


def _middle(data: bytes, folder: Path) -> tuple[float, float]:
    name, day = words_of(data, folder)[0]
    return (name.left + name.right) / 2, (name.top + day.bottom) / 2


@pytest.mark.parametrize("issuer", ["区教委", "北京市某某某区教育委员会安全稳定工作处" * 3, f"{RARE_NAMES}教委"])
def test_a_seal_of_any_office_stays_on_the_paper(tmp_path: Path, issuer: str) -> None:
    made, paper = _void(tmp_path)
    data = draw(_with(made, replace(paper, issuer=issuer)))
    assert_inside(data, tmp_path)
    assert issuer in "".join(pages_of(data, tmp_path))


def test_a_row_taller_than_a_page_goes_on(tmp_path: Path) -> None:
    flow = Flow(Sheets(), lambda: None)
    flow.turn()
    width = flow.width - 84
    form_row(flow, [Field("备注", words("很长的备注。" * 900, width), width)])
    data = flow.sheets.write(lambda done, total: None)
    assert_inside(data, tmp_path)
    pages = pages_of(data, tmp_path)
    assert len(pages) >= 3
    assert sum(page.count("注。") for page in pages) > 800
    assert all(page.startswith("备注") for page in pages)


# the receipt


@pytest.mark.parametrize("scale", SCALES)
def test_a_receipt_is_one_page(tmp_path: Path, scale: str) -> None:
    made, _ = _receipt(tmp_path, SCALES[scale])
    assert len(pages_of(draw(made), tmp_path)) == 1


@pytest.mark.parametrize("method", list(ServiceMethod))
def test_one_box_is_ticked(tmp_path: Path, method: ServiceMethod) -> None:
    made, paper = _receipt(tmp_path)
    text = "".join(pages_of(draw(_with(made, replace(paper, method=method))), tmp_path))
    chosen = METHODS[list(ServiceMethod).index(method)]
    for name in METHODS:
        assert ("☑" if name == chosen else "□") + name in text


def test_boxes_go_on_in_another_line() -> None:
    lines = tick_boxes([(name, name == "留置送达") for name in METHODS], 150.0)
    assert len(lines) > 1
    assert all(line.right <= 136.0 for line in lines)
    assert "".join(line.text for line in lines).count("送达") == len(METHODS)


def test_the_receipt_reads_in_order(tmp_path: Path) -> None:
    made, _ = _receipt(tmp_path)
    text = "".join(pages_of(draw(made), tmp_path))
    order = (
        "编号", "送达回证", "受送达单位通州区甲子小学（示例）", "送达文书名称及编号安全隐患整改通知书",
        "通教安改〔2026〕13号",
        "送达地点通州区甲子小学（示例）行政楼201室", "送达方式☑直接送达", "送达人王演示、张示例",
        "张示例2026年11月24日", "收件人签字", "周校长2026年11月24日", "职务校长", "收到时间2026年11月25日15:42",
        "拒收理由", "见证人", "备注", "附件送达回证扫描件.pdf", ISSUER, "2026年11月25日",
    )  # fmt: skip
    at = 0
    for part in order:
        found = text.find(part, at)
        assert found >= at, (part, text[at : at + 120])
        at = found + len(part)


def test_handwriting_stands_in_its_cell(tmp_path: Path) -> None:
    made, _ = _receipt(tmp_path)
    sheets = lay_out(Material(made.paper, None, {}, made.inks, "0" * 64))
    (page,) = sheets.pages
    assert len(page.pictures) == 2
    tops = {word.text: word.top for word in words_of(draw(made), tmp_path)[0]}
    server, receiver = page.pictures
    for picture, above, below in (
        (server, "送达方式", "收件人签字"),
        (receiver, "送达人", "收到时间"),
    ):
        assert tops[above] < picture.y
        assert picture.y + picture.height < tops[below] + 10
        assert 60 < picture.x < picture.x + picture.width < 540
    with pikepdf.open(io.BytesIO(draw(made))) as pdf:
        assert len(pdf.pages[0].get_images()) == 2


def test_a_refusal_and_its_witness_are_told(tmp_path: Path) -> None:
    made, paper = _receipt(tmp_path, NASTY)
    text = "".join(pages_of(draw(made), tmp_path))
    assert "拒收理由对第2项的认定有不同意见，拒绝签收" in text
    assert f"见证人{plain(paper.witness)}" in text
    assert "☑留置送达" in text
    assert "收到时间—" in text


def test_what_is_not_known_yet_is_blank_to_fill_in(tmp_path: Path) -> None:
    made, paper = _receipt(tmp_path)
    blank = replace(paper, inks=(), receiver="", receiver_post="", received_at=None, place="", files=())
    text = "".join(pages_of(draw(_with(made, blank)), tmp_path))
    assert "收到时间年月日时分" in text
    assert "收件人签字职务收到时间" in text
    assert "附件无" in text


def test_everybody_who_signed_is_shown(tmp_path: Path) -> None:
    made, paper = _receipt(tmp_path)
    odd = Ink("吴旁人", "guest", MADE_AT, refused="不愿签字", witness="郑见证")
    text = "".join(pages_of(draw(_with(made, replace(paper, inks=(*paper.inks, odd)))), tmp_path))
    assert "拒绝签名，原因：不愿签字；见证人：郑见证吴旁人2026年11月24日15:42" in text


def test_a_long_receipt_keeps_its_seal_with_the_last_row(tmp_path: Path) -> None:
    made, paper = _receipt(tmp_path)
    for times in (6, 9, 12, 15, 18, 40, 90):
        data = draw(_with(made, replace(paper, note=LONG_TEXT * times)))
        assert_inside(data, tmp_path)
        last = pages_of(data, tmp_path)[-1]
        assert "附件送达回证扫描件.pdf" in last
        assert "2026年11月25日" in last[last.index("附件") :]
        assert ink_in_seal(data, tmp_path, ISSUER, wording.day(DAY)) == []


def test_a_broken_handwriting_is_a_problem(tmp_path: Path) -> None:
    made, paper = _receipt(tmp_path)
    with pytest.raises(Problem) as caught:
        lay_out(Material(paper, None, {}, dict.fromkeys(made.inks, b"x"), "0" * 64))
    assert caught.value.code == "ink-broken"


# review and void


@pytest.mark.parametrize("decision", list(Decision))
def test_the_decision_is_the_largest_word(tmp_path: Path, decision: Decision) -> None:
    made, paper = _review(tmp_path)
    runs = runs_of(draw(_with(made, replace(paper, decision=decision))), tmp_path)
    largest = max(run.size for run in runs)
    said = "".join(run.text for run in runs if run.size == largest)
    assert largest >= 26
    assert plain(said) == {Decision.ACCEPTED: "通过", Decision.RETURNED: "退回"}[decision]


def test_the_review_names_the_report_and_every_remark(tmp_path: Path) -> None:
    made, paper = _review(tmp_path)
    many = tuple(Remark(ItemId(f"F-{n}"), f"第{n}个问题", f"意见{n}。") for n in range(1, 61))
    inside = Remark(ItemId("teacher@1"), "班主任", "请写全名。")
    data = draw(_with(made, replace(paper, remarks=(*many, inside, *paper.remarks))))
    assert_inside(data, tmp_path)
    pages = pages_of(data, tmp_path)
    text = "".join(pages)
    assert len(pages) >= 2
    assert "审核的文书消防安全检查表临-20261124-7F3A91" in text
    assert f"文件指纹{plain(wording.fingerprint(paper.report.sha256))}" in text
    assert "审核理由证据不足" in text
    for remark in many:
        assert f"{remark.item}{plain(remark.question)}{plain(remark.text)}" in text
    assert "teacher（1）班主任请写全名。" in text
    assert "整体陪同人职务请写全。" in text


@pytest.mark.parametrize("count", range(8, 60, 3))
def test_the_seal_of_a_review_stays_with_its_last_remark(tmp_path: Path, count: int) -> None:
    made, paper = _review(tmp_path)
    many = tuple(Remark(ItemId(f"F-{n}"), "问题", f"意见{n}。") for n in range(1, count + 1))
    data = draw(_with(made, replace(paper, remarks=many)))
    last = pages_of(data, tmp_path)[-1]
    assert f"意见{count}。" in last
    assert ISSUER in last[last.index(f"意见{count}。") :]
    text = "".join(pages_of(data, tmp_path))
    assert all(text.count(f"意见{n}。") == 1 for n in range(1, count + 1))


def test_the_seal_of_a_review_stays_with_its_reason(tmp_path: Path) -> None:
    made, paper = _review(tmp_path, BARE)
    for count in range(8, 30, 2):
        data = draw(_with(made, replace(paper, reason="通道被占用。" * 7 * count + "完")))
        last = pages_of(data, tmp_path)[-1]
        assert "完" in last
        assert ISSUER in last[last.index("完") :]


def test_an_accepted_report_has_no_empty_table(tmp_path: Path) -> None:
    made, _ = _review(tmp_path, BARE)
    text = "".join(pages_of(draw(made), tmp_path))
    assert "审核理由无" in text
    assert "检查内容" not in text


def test_the_void_says_which_number_why_and_what_replaces_it(tmp_path: Path) -> None:
    made, paper = _void(tmp_path)
    text = "".join(pages_of(draw(made), tmp_path))
    order = (
        "文书作废说明", "作废的文书安全隐患整改通知书通教安改〔2026〕13号", "作废日期2026年11月25日",
        "替代文书通教安改〔2026〕14号", "文书状态作废", "作废原因第3项隐患所在建筑已移交",
        "编号通教安改〔2026〕13号在登记簿中保留并注明作废", ISSUER,
    )  # fmt: skip
    at = 0
    for part in order:
        found = text.find(part, at)
        assert found >= at, (part, text)
        at = found + len(part)
    assert "替代文书无" in "".join(pages_of(draw(_with(made, replace(paper, replaced_by=""))), tmp_path))


def test_any_reason_keeps_the_seal_with_text(tmp_path: Path) -> None:
    made, paper = _void(tmp_path)
    for count in range(6, 26, 2):
        data = draw(_with(made, replace(paper, reason="建筑已移交。" * 7 * count, dated_on=date(2026, 11, 25))))
        assert_inside(data, tmp_path)
        assert "在登记簿中保留" in pages_of(data, tmp_path)[-1]
        assert ink_in_seal(data, tmp_path, ISSUER, wording.day(DAY)) == []
