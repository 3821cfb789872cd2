"""Makes docs/gallery: pages with easy and with nasty content, for people to look at.

`python -m tests.documents.gallery docs/gallery` writes them anew; with names behind the folder, only those. The texts
are the tests' own; the photos are drawn.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from safetyapp.documents.preview import PageRenderer
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Ink, PhotoLink, Sha256
from safetyapp.domain.record import Record, RecordedFinding
from tests.documents.drawn import LONG_PLACE, LONG_SCHOOL, LONG_TEXT, draw_photo
from tests.documents.examples import MADE_AT, SCHOOL, Example, make_example
from tests.documents.papers import BARE, EASY, NASTY, PaperExample, Scale, make_official, make_paper
from tests.documents.reading import draw
from tests.documents.written import checklist_example, drill_example

WIDTH = 661
"""Pixels of an upright page at 80 dpi."""

MOST_BYTES = 150_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the gallery: a document, which of its pages (from 1), and what to look at, in both languages."""

    name: str
    make: Callable[[Path], Example | PaperExample]
    pages: tuple[int, ...]
    zh: str
    en: str


def with_photos(folder: Path, example: Example, before: Sequence[int], after: Sequence[int] = ()) -> Example:
    """The example with drawn photos: so many before and after at each finding in turn, every fourth upright."""
    files: dict[Sha256, Path] = {}
    links: list[PhotoLink] = []
    findings: list[RecordedFinding] = []
    number = 0
    captions = ("充电现场", "远景", "量净宽1.1米", "")
    for place, finding in enumerate(example.record.findings):
        taken: dict[bool, list[str]] = {False: [], True: []}
        counts = ((False, before[place % len(before)]), (True, after[place] if place < len(after) else 0))
        for stage, count in counts:
            for _ in range(count):
                upright = number % 4 == 2
                photo, path = draw_photo(folder, number, *((600, 800) if upright else (800, 600)))
                files[photo.printed] = path
                caption = "已清走" if stage else captions[number % 4]
                links.append(PhotoLink(finding.item, photo, number, after=stage, caption=caption))
                taken[stage].append(photo.original)
                number += 1
        findings.append(replace(finding, photos=tuple(taken[False]), after_photos=tuple(taken[True])))
    record = replace(example.record, photos=tuple(links), findings=tuple(findings))
    return replace(example, record=record, photos=files)


def easy(folder: Path) -> Example:
    """Five findings, the last mended at once; six photos and a pair."""
    example = make_example(folder, photos=0, fixed=1)
    return with_photos(folder, example, (1, 2, 1, 1, 1), (0, 0, 0, 0, 1))


def without_findings(folder: Path) -> Example:
    """Nothing found, no photos, nobody signed by hand."""
    return make_example(folder, findings=0, photos=0, with_inks=False)


def nasty(folder: Path) -> Example:
    """The longest names, rare characters, Latin among Chinese, a refusal, 40 photos at one finding."""
    example = make_example(folder, findings=9, photos=0, fixed=2, school=replace(SCHOOL, name=LONG_SCHOOL))
    record = example.record
    findings = []
    for number, finding in enumerate(record.findings):
        place, text = (LONG_PLACE, LONG_TEXT) if number % 3 == 0 else (finding.place, finding.text)
        level = (Severity.MAJOR, Severity.CANDIDATE, Severity.GENERAL)[number % 3]
        repeats = "0f3a91c0-5e2b-44d8-9c1e-0123456789ab/4" if number == 1 else ""
        criterion = "重大事故隐患判定指南第三条（一）第6项" if level is Severity.MAJOR else ""
        reason = "专家意见：虽属判定条款所列，现场已采取Class A级隔离措施" if number == 4 else ""
        findings.append(
            replace(
                finding, place=place, text=text, severity=level, criterion=criterion, repeats=repeats,
                severity_reason=reason,
            )
        )  # fmt: skip
    refused = Ink(
        "欧阳·阿卜杜拉𬭎（Abdulla O.）",
        "escort",
        MADE_AT,
        refused="不认可第2项、第4项的级别，认为“净宽不足”系临时堆放",
        witness="诸葛龑",
    )
    inks = (
        *record.inks[:2],
        refused,
        replace(record.inks[0], name="买买提·吐尔逊江·阿卜力米提·艾合买提", role="school"),
    )
    record = replace(
        record,
        findings=tuple(findings),
        companions=("欧阳龑𬭎", "Zhang Wei-Ming", "买买提·吐尔逊江·阿卜力米提", "㛃堃"),
        escort="司马翀喆（副校长兼EHS主管、校区安全生产委员会办公室主任）",
        site="综合楼B1–5F、Lab 201–209、𬭎德楼",
        supersedes=record.id,
        inks=inks,
    )  # type: ignore[arg-type]
    return with_photos(
        folder, replace(example, record=record), (40, 1, 0, 3, 0, 0, 2, 2, 0), (0, 0, 0, 0, 0, 0, 0, 2, 1)
    )


def paper_of(kind: DocumentKind, scale: Scale = EASY) -> Callable[[Path], PaperExample]:
    """The paper of a kind, for the gallery."""
    return lambda folder: make_paper(kind, folder, scale)


def nasty_official(folder: Path) -> PaperExample:
    """An official notice of twelve findings with the longest names."""
    return make_official(folder, NASTY)


def nasty_drill(folder: Path) -> Example:
    """A drill of 46 classes with the longest names."""
    example = drill_example(folder, classes=46)
    return replace(example, record=_renamed(example.record))


def _renamed(record: Record) -> Record:
    answers = tuple(
        replace(a, value=f"{a.value}·阿卜力米提𬭎（Class Adviser）")
        if a.item.startswith("teacher@") and a.item.endswith("3")
        else a
        for a in record.answers
    )
    return replace(record, answers=answers, school=replace(record.school, name=LONG_SCHOOL))


GALLERY = (
    Shown("inspection", easy, (1, 2, 3, 5), "检查记录：五项隐患，一项当场整改",
          "report: five findings, one mended on the spot"),
    Shown("inspection-clean", without_findings, (1,), "检查记录：未发现隐患，没有照片和手写签名",
          "report: nothing found, no photos, no handwriting"),
    Shown("inspection-nasty", nasty, (1, 2, 3, 5, 7, 8), "检查记录：最长的名称、龑𬭎、中西文混排、一项40张照片、拒签",
          "report: longest names, rare characters, mixed Latin, 40 photos at one finding, a refusal"),
    Shown("scored", checklist_example, (1, 2), "带打分、三个级别和表格的检查表",
          "checklist with a score, all three levels, tables"),
    Shown("drill", drill_example, (1, 2, 3), "疏散演练记录：30个班", "record of a drill: 30 classes"),
    Shown("drill-nasty", nasty_drill, (1, 2), "疏散演练记录：46个班、最长的名称",
          "record of a drill: 46 classes, longest names"),
    Shown("notice-form", paper_of(DocumentKind.RECTIFICATION_NOTICE), (1, 2),
          "整改通知书（表格式）：存根联、骑缝、送达联、盖章处、照片页",
          "rectification notice as a form: stub, tear line, the school's copy, seal place, photos"),
    Shown("notice-form-nasty", paper_of(DocumentKind.RECTIFICATION_NOTICE, NASTY), (1, 2, 3),
          "整改通知书（表格式）：12项、最长的名称、48张照片",
          "rectification notice as a form: 12 findings, longest names, 48 photos"),
    Shown("notice-official", make_official, (1, 2, 3, 4), "整改通知书（公文式，GB/T 9704-2012）",
          "rectification notice as an official paper"),
    Shown("notice-official-nasty", nasty_official, (1, 2), "整改通知书（公文式）：12项、最长的名称",
          "rectification notice as an official paper: 12 findings, longest names"),
    Shown("supervision", paper_of(DocumentKind.SUPERVISION), (1, 2), "督办通知：重大隐患五落实",
          "supervision: the five duties"),
    Shown("extension", paper_of(DocumentKind.EXTENSION), (1, 2), "延期批复", "extension"),
    Shown("response", paper_of(DocumentKind.RESPONSE), (1, 2, 3),
          "整改回复：五项，一项未完成并申请延期，整改前后照片",
          "the school's answer: five findings, one unfinished with a request for more time, photos before and after"),
    Shown("response-nasty", paper_of(DocumentKind.RESPONSE, NASTY), (1,), "整改回复：12项、最长的名称",
          "the school's answer: 12 findings, longest names"),
    Shown("response-bare", paper_of(DocumentKind.RESPONSE, BARE), (1,), "整改回复：一项，没有照片",
          "the school's answer: one finding, no photos"),
    Shown("reinspection", paper_of(DocumentKind.REINSPECTION), (1, 2), "复查意见书：已整改、部分整改、未整改、不再适用",
          "re-inspection: fixed, partly, not fixed, no longer applies"),
    Shown("reinspection-nasty", paper_of(DocumentKind.REINSPECTION, NASTY), (1, 3), "复查意见书：最长的名称、龑𬭎",
          "re-inspection: longest names, rare characters"),
    Shown("service", paper_of(DocumentKind.SERVICE_RECEIPT), (1,), "送达回证", "service receipt"),
    Shown("service-nasty", paper_of(DocumentKind.SERVICE_RECEIPT, NASTY), (1,),
          "送达回证：拒收、见证人、最长的名称", "service receipt: refused, with a witness, longest names"),
    Shown("review", paper_of(DocumentKind.REVIEW), (1,), "审核意见：退回", "review: returned"),
    Shown("void", paper_of(DocumentKind.VOID), (1,), "作废说明", "a document declared void"),
)  # fmt: skip


def write_gallery(folder: Path, shown: Sequence[Shown] = GALLERY) -> list[Path]:
    """The pictures of these documents; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in shown:
        with tempfile.TemporaryDirectory() as scratch:
            data = draw(one.make(Path(scratch)))
        with PageRenderer(data) as pages:
            for number in one.pages:
                path = folder / f"{one.name}-{number}.png"
                path.write_bytes(_picture(pages, number - 1))
                written.append(path)
    return written


def _picture(pages: PageRenderer, page: int) -> bytes:
    """The page in as few greys or colours as it takes."""
    width, height = pages.size(page)
    drawn = pages.render(page, round(WIDTH * width / min(width, height)))
    image = Image.frombuffer("RGB", (drawn.width, drawn.height), drawn.data, "raw", "BGRX", drawn.stride, 1)
    grey = image.convert("L")
    colours = 16 if not _is_coloured(image) else 64
    packed = (grey if colours == 16 else image).quantize(colours, dither=Image.Dither.NONE)
    data = BytesIO()
    packed.save(data, "PNG", optimize=True)
    return data.getvalue()


def _is_coloured(image: Image.Image) -> bool:
    _, most = image.convert("HSV").getchannel("S").getextrema()
    return isinstance(most, int) and most > 30


def table(shown: Sequence[Shown] = GALLERY) -> str:
    """The README: one table."""
    lines = ["# Gallery", "", "Made by `python -m tests.documents.gallery docs/gallery`. All names are made up.", ""]
    lines += ["| document | pages |", "|---|---|"]
    for one in shown:
        pages = " ".join(f"[{n}]({one.name}-{n}.png)" for n in one.pages)
        lines.append(f"| {one.zh}; {one.en} | {pages} |")
    return "\n".join(lines) + "\n"


def main(folder: Path, names: Sequence[str] = ()) -> None:
    """Writes the documents of these names anew, all without any; what is no longer listed goes."""
    listed = {f"{one.name}-{page}.png" for one in GALLERY for page in one.pages}
    for path in folder.glob("*.png"):
        if path.name not in listed:
            path.unlink()
    write_gallery(folder, [one for one in GALLERY if not names or one.name in names])
    (folder / "README.md").write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
