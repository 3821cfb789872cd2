"""Finalising 60 items with 20 photos that were taken in before: record, pages, attachment, signature, verification and
keeping, against reportlab's own layout (platypus) of the same texts and photos and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any
from xml.sax.saxutils import escape

from bench.figure import Run
from bench.material import PASSPHRASE, PHOTOS, complete_draft, inks, make_photos, make_workspace, open_tools, workspace
from safetyapp.app import build_tools
from safetyapp.domain.inspection import Inspection
from safetyapp.texts import resources
from safetyapp.ui.tools import Tools
from safetyapp.workflow.finalise import finalise
from safetyapp.workflow.opened import Open, resume

TITLE = "60 items, 20 photos finalised"
FLOOR = "reportlab platypus, bare layout of the same content"
ROUNDS = 7
LIMIT, LIMIT_MS = 2.0, None
CHILDREN = False
LINES = [
    ("GRID", (0, 0), (-1, -1), 0.4, "black"),
    ("FONT", (0, 0), (-1, -1), "floor"),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def prepare(folder: Path) -> None:
    """A complete draft for every round of either process, and one more for the floor."""
    make_workspace(folder, signs=True)
    make_photos(folder, PHOTOS)
    tools = open_tools(folder)
    pictures = sorted((folder / "photos").glob("*.jpg"))
    drafts = [complete_draft(tools, pictures).inspection.id for _ in range(ROUNDS + 4)]
    (folder / "drafts.txt").write_text("\n".join(drafts), encoding="utf-8")
    tools.store.close()


def _drafts(folder: Path, tools: Tools) -> Iterator[Open]:
    """Those that no round has finalised yet; the last is the floor's and stays."""
    open_ = {row.id for row in tools.store.drafts()}
    for name in (folder / "drafts.txt").read_text(encoding="utf-8").split("\n")[:-1]:
        if name in open_:
            yield resume(tools.store, tools.reckon, name)


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    tools.warm_up()
    drafts = _drafts(folder, tools)
    signed = inks(tools)

    def run() -> float:
        draft = next(drafts)
        began = perf_counter()
        finalise(tools.store, tools.signer, tools.clock, draft, signed, PASSPHRASE, tools.app_version)
        return perf_counter() - began

    return run


def floor(folder: Path) -> Run:
    from reportlab import rl_config
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    last = (folder / "drafts.txt").read_text(encoding="utf-8").split("\n")[-1]
    draft, photos = _read(folder, last)
    rl_config.useA85 = 0  # photos as text would make the floor ten times slower
    pdfmetrics.registerFont(TTFont("floor", resources() / "fonts" / "NotoSerifSC-Regular.ttf"))
    style = ParagraphStyle("text", fontName="floor", fontSize=9.5, leading=14, wordWrap="CJK")

    def run() -> float:
        began = perf_counter()
        _lay_out(draft, photos, style)
        return perf_counter() - began

    return run


def _read(folder: Path, name: str) -> tuple[Open, dict[str, list[Path]]]:
    """The draft and its copies for print by item, read beside whoever has the workspace open."""
    tools = build_tools(workspace(folder), write=False)
    draft = resume(tools.store, tools.reckon, name)
    photos: dict[str, list[Path]] = {}
    for link in draft.inspection.photos:
        photos.setdefault(link.item, []).append(tools.store.printed_path(link.photo))
    tools.store.close()
    return draft, photos


def _lay_out(draft: Open, photos: dict[str, list[Path]], style: Any) -> bytes:
    """What stands on our pages but the ink, in reportlab's own tables and paragraphs."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table

    def text(words: str) -> Any:
        return Paragraph(escape(words), style)

    def table(rows: list[list[Any]], widths: list[float]) -> Any:
        return Table(rows, widths, style=LINES)

    inspection = draft.inspection
    items = list(draft.form.items())
    given = {
        item.id: inspection.answers[item.id].value if item.id in inspection.answers else "不适用" for item in items
    }
    found = [
        [text(words) for words in (str(n), f.place, f.text, f.severity.value, f.action, f"{f.deadline:%Y-%m-%d}")]
        for n, f in enumerate(inspection.findings, 1)
    ]
    marks = [[item.id for item in items[at : at + 15]] for at in range(0, len(items), 15)]
    story: list[Any] = [
        text(draft.form.title.zh),
        table([[text(words) for words in row] for row in _head(inspection)], [60, 190, 60, 190]),
        table(found, [24, 80, 170, 40, 120, 66]),
        table(marks, [33.3] * 15),
        text(inspection.opinion),
    ]
    for number, finding in enumerate(inspection.findings, 1):
        about = ("地点", finding.place), ("等级", finding.severity.value), ("检查依据", "；".join(finding.basis))
        asked = ("整改要求", finding.action), ("整改期限", f"{finding.deadline:%Y年%m月%d日}")
        story += [Spacer(1, 8), text(f"{number}　{finding.item}　{finding.text}")]
        story += [table([[text(name), text(words)] for name, words in (*about, *asked)], [60, 440])]
        story += [Image(str(path), 80 * mm, 60 * mm) for path in photos.get(finding.item, [])]
        story += [text(f"照片{number}　{finding.item}　{inspection.inspected_on:%Y-%m-%d}　{path.stem[:16]}")
                  for path in photos.get(finding.item, [])]  # fmt: skip
    rows = [
        [text(words) for words in (i.id, i.question.zh, "；".join(draft.form.citations(i.basis)), given[i.id])]
        for i in items
    ]
    story += [Spacer(1, 8), table(rows, [40, 250, 150, 60])]
    file = BytesIO()
    SimpleDocTemplate(file, pageCompression=1, initialFontName="floor").build(story)
    return file.getvalue()


def _head(inspection: Inspection) -> tuple[tuple[str, ...], ...]:
    return (
        ("被检查单位", inspection.school.name, "检查场所", inspection.site),
        ("检查日期", f"{inspection.inspected_on:%Y年%m月%d日}", "检查人员", inspection.inspector.name),
        ("陪同人员", inspection.escort, "检查类型", inspection.type.value),
    )
