"""What stands on the pages of a document but the ink, as plain texts, and reportlab's own layout of it: the least that
any program has to do to lay it out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from safetyapp.domain.inspection import Sha256
from safetyapp.texts import resources
from safetyapp.workflow.opened import Open

FONT = resources() / "fonts" / "NotoSerifSC-Regular.ttf"
PHOTO_MM = (80, 60)
LINES = [
    ("GRID", (0, 0), (-1, -1), 0.4, "black"),
    ("FONT", (0, 0), (-1, -1), "floor"),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts; `widths` of the columns in points."""

    rows: Sequence[Sequence[str]]
    widths: Sequence[float]


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its photos as files, and a caption for each."""

    title: str
    about: Table
    photos: Sequence[str]
    captions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    head: Table
    findings: Table
    marks: Table
    opinion: str
    found: Sequence[Found]
    items: Table

    def as_json(self) -> str:
        """For programs in other processes, which know nothing of ours."""
        return json.dumps({**asdict(self), "font": str(FONT), "photo_mm": PHOTO_MM}, ensure_ascii=False)


def content_of(draft: Open, printed: Mapping[Sha256, Path]) -> Content:
    """The content of a complete draft; `printed` are the copies of its photos for print, by the original's hash."""
    inspection = draft.inspection
    items = list(draft.form.items())
    given = {i.id: inspection.answers[i.id].value if i.id in inspection.answers else "不适用" for i in items}
    day = f"{inspection.inspected_on:%Y-%m-%d}"
    found: list[Found] = []
    for number, finding in enumerate(inspection.findings, 1):
        about = (
            ("地点", finding.place),
            ("等级", finding.severity.value),
            ("检查依据", "；".join(finding.basis)),
            ("整改要求", finding.action),
            ("整改期限", f"{finding.deadline:%Y年%m月%d日}"),
        )
        paths = [printed[link.photo.printed] for link in inspection.photos_of(finding.item)]
        captions = [f"照片{number}　{finding.item}　{day}　{path.stem[:16]}" for path in paths]
        title = f"{number}　{finding.item}　{finding.text}"
        found.append(Found(title, Table(about, (60, 440)), [str(path.resolve()) for path in paths], captions))
    listed = [
        (str(n), f.place, f.text, f.severity.value, f.action, f"{f.deadline:%Y-%m-%d}")
        for n, f in enumerate(inspection.findings, 1)
    ]
    marks = [[item.id for item in items[at : at + 15]] for at in range(0, len(items), 15)]
    rows = [(i.id, i.question.zh, "；".join(draft.form.citations(i.basis)), given[i.id]) for i in items]
    head = (
        ("被检查单位", inspection.school.name, "检查场所", inspection.site),
        ("检查日期", f"{inspection.inspected_on:%Y年%m月%d日}", "检查人员", inspection.inspector.name),
        ("陪同人员", inspection.escort, "检查类型", inspection.type.value),
    )
    return Content(
        title=draft.form.title.zh,
        head=Table(head, (60, 190, 60, 190)),
        findings=Table(listed, (24, 80, 170, 40, 120, 66)),
        marks=Table(marks, (33.3,) * 15),
        opinion=inspection.opinion,
        found=found,
        items=Table(rows, (40, 250, 150, 60)),
    )


def prepare_bare() -> Any:
    """Sets reportlab up; the style that `lay_out_bare` wants."""
    from reportlab import rl_config
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    rl_config.useA85 = 0  # photos as text would make it ten times slower
    pdfmetrics.registerFont(TTFont("floor", FONT))
    return ParagraphStyle("text", fontName="floor", fontSize=9.5, leading=14, wordWrap="CJK")


def lay_out_bare(content: Content, style: Any) -> bytes:
    """The content in reportlab's own tables and paragraphs."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer
    from reportlab.platypus import Table as Rows

    def text(words: str) -> Any:
        return Paragraph(escape(words), style)

    def table(of: Table, *, plain: bool = False) -> Any:
        return Rows([[cell if plain else text(cell) for cell in row] for row in of.rows], list(of.widths), style=LINES)

    story: list[Any] = [text(content.title), table(content.head), table(content.findings)]
    story += [table(content.marks, plain=True), text(content.opinion)]
    for found in content.found:
        story += [Spacer(1, 8), text(found.title), table(found.about)]
        story += [Image(path, PHOTO_MM[0] * mm, PHOTO_MM[1] * mm) for path in found.photos]
        story += [text(caption) for caption in found.captions]
    story += [Spacer(1, 8), table(content.items)]
    file = BytesIO()
    SimpleDocTemplate(file, pageCompression=1, initialFontName="floor").build(story)
    return file.getvalue()
