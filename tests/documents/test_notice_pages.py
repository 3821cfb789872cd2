"""The form of a rectification notice: both parts and the line between them, every finding and photo, the last lines."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pikepdf
import pytest
import segno
from PIL import Image

from safetyapp.documents import wording
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.notice import Notice
from safetyapp.domain.problem import Problem
from tests.documents.drawn import LONG_TEXT
from tests.documents.examples import RARE_NAMES, make_ink
from tests.documents.looking import SCALE, pages_of, render, runs_of, words_of
from tests.documents.papers import BARE, EASY, NASTY, PaperExample, Scale, make_paper
from tests.documents.reading import assert_inside, draw, plain, text_of

NUMBER = "通教安改〔2026〕13号"
SCALES = {"easy": EASY, "bare": BARE, "nasty": NASTY}


def _make(folder: Path, scale: Scale = EASY) -> tuple[PaperExample, Notice]:
    made = make_paper(DocumentKind.RECTIFICATION_NOTICE, folder, scale)
    assert isinstance(made.paper, Notice)
    return made, made.paper


def _tear(data: bytes) -> float:
    """How far from the top the dashes lie, in points."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
        found = {float(y) for y in re.findall(rb"\[2 2\] 0 d [\d.]+ ([\d.]+) m", content)}
        assert len(found) == 1
        return float(pdf.pages[0].MediaBox[3]) - found.pop()


@pytest.mark.parametrize("scale", SCALES)
def test_tearing_leaves_the_number_on_both_parts_and_splits_it(tmp_path: Path, scale: str) -> None:
    data = draw(_make(tmp_path, SCALES[scale])[0])
    tear = _tear(data)
    numbers = [word for word in words_of(data, tmp_path)[0] if word.text == NUMBER]
    assert [word for word in numbers if word.bottom < tear - 10]
    assert [word for word in numbers if word.top > tear + 10]
    (across,) = [word for word in numbers if word.top < tear < word.bottom]
    shown = render(data, 0).crop([round(v * SCALE) for v in (across.left, across.top, across.right, across.bottom)])
    middle = round((tear - across.top) * SCALE)
    upper = shown.crop((0, 0, shown.width, middle)).histogram()
    lower = shown.crop((0, middle, shown.width, shown.height)).histogram()
    dark = [sum(part[:128]) for part in (upper, lower)]
    assert min(dark) > 0.4 * sum(dark) > 0


@pytest.mark.parametrize("scale", SCALES)
def test_everything_is_inside_the_margins_and_has_a_shape(tmp_path: Path, scale: str) -> None:
    made, _ = _make(tmp_path, SCALES[scale])
    data = draw(made)
    assert_inside(data, tmp_path)
    assert "〓" not in text_of(data, tmp_path)


def test_usual_content_is_one_page_and_its_photos(tmp_path: Path) -> None:
    made, _ = _make(tmp_path)
    assert len(pages_of(draw(made), tmp_path)) == 2
    bare, _ = _make(tmp_path, BARE)
    assert len(pages_of(draw(bare), tmp_path)) == 1


def test_it_reads_in_order(tmp_path: Path) -> None:
    made, _ = _make(tmp_path)
    text = "".join(pages_of(draw(made), tmp_path))
    order = (
        "存根联", NUMBER, "受送单位通州区甲子小学（示例）", "隐患5条（重大1、一般4）", "发出日期2026年11月25日",
        "经办/签发王演示/赵签发", "骑", NUMBER, "缝", "送达联（交学校）", NUMBER, "安全隐患整改通知书",
        "通州区甲子小学（示例）：", "发现以下安全隐患：", "部位", "隐患情况", "依据", "级别", "整改要求", "期限",
        "行政楼三层办公室", "门卫室", "检查记录：临-20261124-7F3A91", "日常检查", "检查人员：张示例、李样本",
        "请按上述期限完成整改。第1项为重大隐患", "请于2026年12月24日前书面回复", "逾期未整改的，将按规定督办。",
        "联系人：王演示", "电话：010-0000-0000", "通州区示例教育委员会", "2026年11月25日", "收件人签字：", "职务：",
        "收到时间：年月日时", "拒收理由及见证人：", "一式两份", "第1页共2页", "附：隐患照片", "照片1第1项",
        "照片5第5项", "第2页共2页",
    )  # fmt: skip
    at = 0
    for part in order:
        found = text.find(part, at)
        assert found >= at, (part, text[at : at + 120])
        at = found + len(part)


@pytest.mark.parametrize("count", [12, 40])
def test_every_finding_is_there_whole(tmp_path: Path, count: int) -> None:
    made, paper = _make(tmp_path, replace(NASTY, findings=count, photos=0))
    findings = tuple(
        replace(f, finding=replace(f.finding, place=f"{f.finding.place}甲{n}", text=f"{f.finding.text}乙{n}"))
        for n, f in enumerate(paper.findings)
    )
    data = draw(replace(made, paper=replace(paper, findings=findings)))
    cells = [plain(text) for text in _columns(data, tmp_path)]
    for finding in findings:
        for part in (finding.finding.place, finding.finding.text, finding.action, *finding.basis):
            assert any(plain(part) in cell for cell in cells), part
    pages = pages_of(data, tmp_path)
    assert sum("部位隐患情况依据级别整改要求期限" in page for page in pages) >= (2 if count > 20 else 1)
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in page
        assert number == 1 or NUMBER in page[:120]  # the running head


def _columns(data: bytes, folder: Path) -> list[str]:
    """What is drawn one after the other: cell by cell, also where a row goes on over the page."""
    return ["".join(said.text for said in runs_of(data, folder))]


@pytest.mark.parametrize("scale", ["easy", "nasty"])
def test_photos_are_all_there_and_named_in_the_table(tmp_path: Path, scale: str) -> None:
    made, paper = _make(tmp_path, SCALES[scale])
    data = draw(made)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        inside = {
            bytes(o.read_raw_bytes())
            for o in pdf.objects
            if isinstance(o, pikepdf.Stream) and "/DCTDecode" in str(o.get("/Filter", ""))
        }
        assert not pdf.pages[0].get_images()  # on pages of their own
    assert inside == {path.read_bytes() for path in made.photos.values()}
    said = "".join(run.text for run in runs_of(data, tmp_path)).replace(" ", "")
    first = 1
    for finding in paper.findings:
        count = len(finding.photos)
        assert wording.photo_names(range(first, first + count)) + "）" in said
        for number, photo in enumerate(finding.photos, start=first):
            assert photo[:8] in said
            assert f"照片{number}第{finding.finding.number}项" in said
        first += count


def test_a_photo_of_no_finding_is_printed_and_a_shared_one_once(tmp_path: Path) -> None:
    made, paper = _make(tmp_path)
    first, second, *others = paper.findings
    shared = replace(second, photos=first.photos)
    data = draw(replace(made, paper=replace(paper, findings=(first, shared, *others))))
    text = "".join(pages_of(data, tmp_path))
    assert text.count(first.photos[0][:8]) == 1
    assert text.count("见照片1）") == 2
    assert second.photos[0][:8] in text


def test_what_is_major_and_the_day_of_reply_stand_out(tmp_path: Path) -> None:
    made, paper = _make(tmp_path)
    runs = runs_of(draw(made), tmp_path)
    plain_face = {run.face for run in runs if "一般" in run.text and run.size < 10}
    major = {run.face for run in runs if run.text.strip() == "重大" and run.size < 10}
    assert len(major) == 1
    assert not major & plain_face
    strong = "".join(run.text for run in runs if run.face in major and run.size > 11.5).replace(" ", "")
    assert wording.day(paper.reply_by) in strong
    calm = replace(paper, findings=paper.findings[1:])
    assert not [r for r in runs_of(draw(replace(made, paper=calm)), tmp_path) if r.text == "重大"]


def test_nothing_is_said_for_the_office(tmp_path: Path) -> None:
    """Without its sentences only labels, data and the day of reply remain."""
    made, paper = _make(tmp_path, BARE)
    silent = replace(paper, opening="", demand="", interim="", reply="", consequence="", contact="", phone="")
    data = draw(replace(made, paper=silent))
    text = "".join(pages_of(data, tmp_path))
    assert "回复期限：2026年12月24日" in text
    for word in ("请", "应当", "责令", "逾期", "罚", "法律", "联系人"):
        assert word not in text.replace(paper.findings[0].action, "")
    assert "回复期限" not in "".join(pages_of(draw(made), tmp_path))


@pytest.mark.parametrize("count", range(1, 27, 2))
def test_seal_and_places_to_sign_stay_with_the_last_text(tmp_path: Path, count: int) -> None:
    made, _ = _make(tmp_path, Scale(findings=count, photos=0))
    pages = pages_of(draw(made), tmp_path)
    (last,) = [page for page in pages if "收件人签字" in page]
    assert last is pages[-1]
    assert "逾期未整改的" in last
    assert last.index("逾期未整改的") < last.index("联系人：") < last.index("通州区示例教育委员会2026年")
    assert last.index("通州区示例教育委员会2026年") < last.index("收件人签字")


def test_handwriting_stands_before_the_seal(tmp_path: Path) -> None:
    made, paper = _make(tmp_path, BARE)
    ink, image = make_ink("赵签发", "signatory")
    assert ink.image is not None
    data = draw(replace(made, paper=replace(paper, inks=(ink,)), inks={ink.image: image}))
    text = "".join(pages_of(data, tmp_path))
    assert text.index("联系人") < text.index("签名赵签发") < text.index("通州区示例教育委员会2026年")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1


def test_deadlines_of_another_year_say_so(tmp_path: Path) -> None:
    made, paper = _make(tmp_path, BARE)
    (only,) = paper.findings
    late = replace(only, finding=replace(only.finding, deadline=date(2027, 1, 3)))
    text = "".join(pages_of(draw(replace(made, paper=replace(paper, findings=(late,)))), tmp_path))
    assert "2027年1月3日" in text


def test_copies_are_counted_as_people_say_them(tmp_path: Path) -> None:
    made, paper = _make(tmp_path, BARE)
    for copies, said in ((1, "一式一份"), (3, "一式三份"), (12, "一式12份")):
        text = "".join(pages_of(draw(replace(made, paper=replace(paper, copies=copies))), tmp_path))
        assert said in text
        assert wording.fingerprint(wording.record_hash(replace(paper, copies=copies))).replace(" ", "") in text


def test_the_code_holds_id_and_hash(tmp_path: Path) -> None:
    made, paper = _make(tmp_path, BARE)
    data = draw(made)
    content = f"SAFETYAPP:1:{paper.id}:{wording.record_hash(paper)[:16]}".upper()
    rows = [list(row) for row in segno.make(content, error="m", micro=False, mask=3).matrix]
    page = render(data, 0)
    right = (595.276 - 18 * 72 / 25.4) * SCALE
    cell = 47 * SCALE / len(rows)
    left = right - 47 * SCALE
    number = max(w.bottom for w in words_of(data, tmp_path)[0] if w.text == NUMBER)
    top = round((number + 7) * SCALE)  # in the dark edge of the upper left mark
    while _dark(page, left + 1, top - 1):
        top -= 1
    for r, row in enumerate(rows):
        for c, dark in enumerate(row):
            assert _dark(page, left + (c + 0.5) * cell, top + (r + 0.5) * cell) is bool(dark), (r, c)


def _dark(page: Image.Image, x: float, y: float) -> bool:
    seen = page.getpixel((int(x), int(y)))
    assert isinstance(seen, int)
    return seen < 128


def test_the_longest_words_stay_on_the_paper(tmp_path: Path) -> None:
    made, paper = _make(tmp_path, BARE)
    (only,) = paper.findings
    huge = replace(only, finding=replace(only.finding, text=LONG_TEXT * 30, place="很长的部位" * 30), action="改" * 900)
    long = replace(
        paper,
        title="关于" + "限期整改安全隐患" * 12 + "的通知书",
        findings=(huge,),
        demand="请整改。" * 700,
        consequence="",
        issuer="某某某区教育委员会安全稳定工作处" * 4,
        signatory=RARE_NAMES * 12,
        contact=RARE_NAMES * 20,
        number="通州区教育系统安全稳定与综合治理改〔2026〕第0013号",
        school=replace(paper.school, name="某某小学" * 40),
    )
    data = draw(replace(made, paper=long))
    assert_inside(data, tmp_path)
    text = "".join(pages_of(data, tmp_path))
    assert text.count("改") >= 900
    assert text.count("请整改") + text.count("请\n整改") >= 600


def test_candidates_are_counted_and_shown(tmp_path: Path) -> None:
    made, paper = _make(tmp_path)
    first, *others = paper.findings
    doubtful = replace(first, finding=replace(first.finding, severity=Severity.CANDIDATE))
    text = "".join(pages_of(draw(replace(made, paper=replace(paper, findings=(doubtful, *others)))), tmp_path))
    assert "隐患5条（重大候选1、一般4）" in text


def test_a_missing_photo_is_a_problem(tmp_path: Path) -> None:
    made, paper = _make(tmp_path)
    gone = dict(list(made.photos.items())[1:])
    for photos, record in ((gone, paper), (made.photos, replace(paper, photos=paper.photos[1:]))):
        with pytest.raises(Problem) as caught:
            lay_out(Material(record, None, photos, {}, "0" * 64))
        assert caught.value.code == "photo-missing"


def test_the_clock_and_files_that_the_record_names_are_told(tmp_path: Path) -> None:
    from safetyapp.domain.record import RecordedFile

    made, paper = _make(tmp_path, BARE)
    told = replace(
        paper,
        files=(RecordedFile(Sha256("0" * 64), "平面图.pdf"),),
        copies_to=("示例街道办事处",),
        inspected_on=paper.inspected_on - timedelta(days=2),
    )
    text = "".join(pages_of(draw(replace(made, paper=told)), tmp_path))
    for part in ("附件：平面图.pdf", "抄送：示例街道办事处", "检查：2026年11月22日日常检查"):
        assert part in text
