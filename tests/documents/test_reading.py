"""How a report is read: in order, by its outline, in one piece; and that the largest ones are made at all."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from safetyapp.documents import wording
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Ink
from tests.documents.examples import MADE_AT, Example, make_example
from tests.documents.gallery import easy, nasty, with_photos
from tests.documents.reading import assert_inside, draw, plain, text_of, without_margins


def _assert_order(text: str, *parts: str) -> None:
    at = 0
    for part in map(plain, parts):
        found = text.find(part, at)
        assert found >= at, (part, text[max(0, at - 60) : at + 160])
        at = found + len(part)


def _finding_parts(example: Example) -> list[str]:
    record, numbers = example.record, {}
    for finding in record.findings:
        for original in (*finding.photos, *finding.after_photos):
            numbers.setdefault(original, len(numbers) + 1)
    parts = []
    for finding in record.findings:
        level = {"major": "重大", "candidate": "重大候选", "general": "一般"}[finding.severity.value]
        parts += [
            str(finding.number),
            finding.item,
            finding.place,
            level,
            "检查项",
            finding.question,
            "情　况",
            finding.text,
        ]
        parts += ["依　据", *finding.basis]
        parts += ["判　定", finding.criterion] if finding.severity is Severity.MAJOR else []
        parts += ["要　求", finding.action, "期　限", wording.long_deadline(finding, record)]
        if finding.after_photos:
            pairs = zip(finding.photos, finding.after_photos, strict=False)
            parts += [
                "改前",
                "改后",
                *(
                    f"照片{numbers[p]}{stage}"
                    for pair in pairs
                    for p, stage in zip(pair, ("改前", "改后"), strict=True)
                ),
            ]
        else:
            parts += [f"照片{numbers[p]}" for p in finding.photos]
    return parts


@pytest.mark.parametrize("option", ["-raw", "-layout"])
def test_a_report_is_read_in_order(tmp_path: Path, option: str) -> None:
    example = easy(tmp_path)
    text = plain(without_margins(text_of(draw(example), tmp_path, option)))
    record = example.record
    _assert_order(
        text,
        "学校安全检查记录", "被检查单位", record.school.name, "检查日期", "类型", "检查人员", "陪同人",
        "检查场所", "检查表", "检查项60", "合格", "重大隐患1", "一般隐患4", "不适用",
        "一、发现的隐患", "序部位隐患级别期限",
        *(f.place for f in record.findings),
        "二、逐项结果", "管理制度", "巡查检查", "疏散", "器材",
        "三、检查意见", record.opinion, "四、陪同人意见", record.school_opinion,
        *(("检查人员：", "张示例", "检查人员：", "李样本") if option == "-raw" else ()), "学校陪同人：", "周陪同",
        "附：隐患明细与照片",
    )  # fmt: skip
    if option == "-raw":  # as it was drawn: with photos beside the text, the lines of a layout mix with their captions
        _assert_order(text[text.index("附：隐患明细与照片") :], *_finding_parts(example))
    items = text[text.index("附：检查项明细") :]
    form = example.form
    _assert_order(items, *(part for s in form.sections for part in (s.title.zh, *(i.id for i in s.items))))


def test_wide_gaps_and_squeezed_marks_are_copied_out_whole(tmp_path: Path) -> None:
    """Lines that are spread wide to their margins have no spaces in them, whatever reads them."""
    example = nasty(tmp_path)
    for option in ("-raw", "-layout"):
        text = without_margins(text_of(draw(example), tmp_path, option))
        assert "现 场" not in text
        assert "常 闭" not in text
        assert "；“常闭”标识被《" in text if option == "-raw" else True
        assert "欧阳龑𬭎" in plain(text)


def _outline(data: bytes) -> list[tuple[int, str, int]]:
    """Level, title and page (from 0) of every entry."""
    found: list[tuple[int, str, int]] = []
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

        def walk(entries: list[pikepdf.OutlineItem], level: int) -> None:
            for entry in entries:
                target = entry.destination
                assert isinstance(target, pikepdf.Array), "a place, no name that another part of the file must explain"
                found.append((level, str(entry.title), pages[target[0].objgen]))
                walk(entry.children, level + 1)

        walk(outline.root, 0)
    return found


def test_the_outline_leads_to_summary_findings_photos_signatures_and_items(tmp_path: Path) -> None:
    example = easy(tmp_path)
    entries = _outline(draw(example))
    titles = [(level, title) for level, title, _ in entries]
    record, form = example.record, example.form
    details = [(0, "附：隐患明细与照片")]
    for finding, photos in zip(
        record.findings, ("照片1", "照片2、照片3", "照片4", "照片5", "照片6、照片7"), strict=True
    ):
        details += [(1, f"{finding.number} {finding.place}"), (2, photos)]
    assert titles == [
        (0, "学校安全检查记录"), (1, "一、发现的隐患"), (1, "二、逐项结果"), (1, "三、检查意见"), (1, "四、陪同人意见"),
        (1, "签名"),
        *details,
        (0, "附：检查项明细"), *((1, s.title.zh) for s in form.sections),
    ]  # fmt: skip
    pages = [page for _, _, page in entries]
    assert pages == sorted(pages)
    assert pages[5] == 0
    assert pages[6] == 1


def test_photos_of_one_finding_are_one_entry(tmp_path: Path) -> None:
    titles = [title for _, title, _ in _outline(draw(nasty(tmp_path)))]
    assert "照片1至40" in titles


def test_the_summary_counts_by_section(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=5, photos=0)
    text = plain(text_of(draw(example), tmp_path))
    assert "数字：合格项/判定项" in text
    counts = text[text.index("二、逐项结果") : text.index("三、检查意见")]
    judged = {a.item: a.outcome.value for a in example.record.answers if a.outcome.value in ("pass", "fail")}
    for section in example.form.sections:
        results = [judged[i.id] for i in section.items if i.id in judged]
        if results:
            assert f"{results.count('pass')}/{len(results)}" in counts, section.title.zh


def test_a_fail_stands_out_among_the_items_by_its_shape(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=5, photos=0)
    text = plain(text_of(draw(example), tmp_path, "-raw"))
    items = text[text.index("附：检查项明细") :]
    assert items.count("◆不合格") == 1
    assert items.count("▲不合格") == 4
    assert items.count("不合格") == 5 + sum("不合格" in i.question.zh for i in example.form.items())


def test_who_refused_is_named_with_time_and_witness(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=1, photos=0)
    name = "买买提·吐尔逊江·阿卜力米提·艾合买提"
    refused = Ink(name, "escort", MADE_AT, refused="不认可第1项", witness="吴见证")
    record = replace(example.record, inks=(example.record.inks[0], refused))
    data = draw(replace(example, record=record))
    assert_inside(data, tmp_path)
    text = plain(text_of(data, tmp_path, "-raw"))
    _assert_order(text, "拒绝签名，原因：不认可第1项；见证人：吴见证", name, "2026年11月24日 15:42")


def test_characters_without_a_shape_are_a_warning_of_the_pages(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=1, photos=0)

    def warnings(opinion: str) -> list[tuple[str, dict[str, object]]]:
        record = replace(example.record, opinion=opinion)
        sheets = lay_out(Material(record, example.form, example.photos, example.inks, "0" * 64))
        return [(w.code, w.facts) for w in sheets.warnings]

    assert warnings("龑𬭎〓") == []
    assert warnings("见\U0001f525和\ue000") == [("no-glyph", {"count": 2, "codes": "U+E000 U+1F525"})]


def test_a_photo_after_without_one_before_stands_at_the_right(tmp_path: Path) -> None:
    example = with_photos(tmp_path, make_example(tmp_path, findings=1, photos=0, fixed=1), (0,), (1,))
    data = draw(example)
    assert "没有改前的照片" in plain(text_of(data, tmp_path))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        contents = pdf.pages[1].Contents
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        content = b"".join(stream.read_bytes() for stream in streams)
        places = [float(x) for x in re.findall(rb"[\d.]+ 0 0 [\d.]+ ([\d.]+) [\d.]+ cm", content) if float(x) > 1]
    assert places
    assert all(x > 297 for x in places)


@pytest.mark.slow
def test_two_hundred_findings_and_five_hundred_photos(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=49, photos=0, fixed=0)
    findings = tuple(
        replace(example.record.findings[n % 49], number=n + 1, photos=(), after_photos=()) for n in range(200)
    )
    example = with_photos(
        tmp_path, replace(example, record=replace(example.record, findings=findings)), (40, 0, 1, 1, 2, 1, 1, 1, 1, 2),
    )  # fmt: skip
    # findings of one item share the links of their item: what is drawn is every photo once
    data = draw(_without_shared(example))
    assert_inside(data, tmp_path)
    text = plain(without_margins(text_of(data, tmp_path, "-raw")))
    count = len(example.record.photos)
    assert count >= 500
    for number in range(1, count + 1):
        assert f"照片{number}" in text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert f"第{len(pdf.pages)}页共{len(pdf.pages)}页" in plain(text_of(data, tmp_path))


def _without_shared(example: Example) -> Example:
    """Every link at the item of the finding that shows it."""
    owner = {p: f.item for f in example.record.findings for p in (*f.photos, *f.after_photos)}
    links = tuple(replace(link, item=owner[link.photo.original]) for link in example.record.photos)
    return replace(example, record=replace(example.record, photos=links))
