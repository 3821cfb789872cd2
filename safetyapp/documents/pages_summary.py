"""The result of an inspection at a glance: counts, the score, and one sign for every item by section."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from safetyapp.documents import answers
from safetyapp.documents.entries import Filled
from safetyapp.documents.flow import Flow, TableLook, baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.signs import Sign, draw_sign
from safetyapp.documents.typeset import Align, Run, break_lines, elided, set_line
from safetyapp.documents.wording import say
from safetyapp.domain.address import rows_of
from safetyapp.domain.form import Severity
from safetyapp.domain.record import Record

_SIDE = 10.3
"""The side of a sign in the mosaic."""

_TALLEST_LABEL = 5
_TALLEST_CELL = 40
"""Lines; a longer frame of the score goes on in another."""

_COUNT = 24.0
"""The width of a section's figures."""


def draw_totals(flow: Flow, record: Record, signs: Sequence[Sign]) -> None:
    """The counts in a row: items as the signs below show them, findings by level. What there is not of 重大候选 and
    已记录 is not counted."""
    candidates, noted = record.count_findings(Severity.CANDIDATE), signs.count(Sign.NOTED)
    counts = [
        ("totals.items", len(signs)),
        ("totals.pass", signs.count(Sign.PASS)),
        ("totals.major", record.count_findings(Severity.MAJOR)),
        *([("totals.candidate", candidates)] if candidates else []),
        ("totals.general", record.count_findings(Severity.GENERAL)),
        *([("totals.noted", noted)] if noted else []),
        ("totals.na", signs.count(Sign.NA)),
    ]
    size = 10.5 if len(counts) < 7 else 9.0
    height, width = 25.0, flow.width / len(counts)
    flow.need(height)
    flow.sheets.box(flow.left, flow.y, flow.width, height)
    for place, (key, count) in enumerate(counts):
        x = flow.left + place * width
        if place:
            flow.sheets.rule(x, flow.y, x, flow.y + height)
        name, value = set_line(say(key), size), set_line(str(count), size + 1.5, FontRole.HEI)
        start = x + (width - name.right - 5 - value.right) / 2
        flow.sheets.line(start, flow.y + baseline(height, size), name)
        flow.sheets.line(start + name.right + 5, flow.y + baseline(height, size + 0.5), value)
    flow.y += height


def draw_score(flow: Flow, filled: Filled) -> None:
    """得分, 等级 and what vetoed, in a frame; nothing for a form without scoring."""
    score, form = filled.record.score, filled.form
    if score is None:
        return
    points = say("score.points", points=format(score.points, "f"), possible=format(score.possible, "f"))
    runs = [Run(say("score.title") + say("colon")), Run(points, FontRole.HEI)]
    grade = form.scoring.grade(score.grade) if form.scoring else None
    label = score.grade_label or (answers.words(grade.label) if grade else "") or score.grade
    if label:
        runs += [Run("　　" + say("score.grade") + say("colon")), Run(label, FontRole.HEI)]
    if score.vetoes:
        named = [_vetoed(filled, address) for address in score.vetoes]
        runs += [Run("\n" + say("score.vetoes") + say("colon")), Run(say("list").join(named), FontRole.HEI)]
    if form.scoring and answers.words(form.scoring.note):
        runs.append(Run("\n" + answers.words(form.scoring.note)))
    look = TableLook(size=9.5, leading=12.5, pad_x=6.5, pad_y=3.0)
    lines = break_lines(runs, flow.width - 2 * look.pad_x, look.size, align=Align.LEFT)
    flow.y += 3
    for first in range(0, len(lines), _TALLEST_CELL):
        part = lines[first : first + _TALLEST_CELL]
        height = len(part) * look.leading + 2 * look.pad_y
        flow.need(height)
        flow.sheets.box(flow.left, flow.y, flow.width, height, 0.9)
        flow.cell(part, flow.left + look.pad_x, flow.y, height, look)
        flow.y += height


def _vetoed(filled: Filled, address: str) -> str:
    item = filled.item(address)
    asked = answers.question(filled, item, rows_of(address)).rstrip("？?") if item else ""
    where = answers.row_words(filled, address)
    parts = (f"{answers.item_id(address)} {asked}".strip(), where)
    return say("comma").join(part for part in parts if part)


def draw_mosaic(flow: Flow, signs: Sequence[tuple[str, list[Sign]]]) -> None:
    """逐项结果: two columns of sections, each with one sign per item and how many of those judged are right."""
    flow.heading(say("part.mosaic"), keep=40, level=1)
    half = (flow.width - 14) / 2
    label, step, row = 76.0, _SIDE + 1.6, 15.6
    across = int((half - label - _COUNT + 1.6) // step)
    sections = []
    for title, found in signs:
        lines = break_lines([Run(title)], label - 8, 10.0, align=Align.LEFT)
        if len(lines) > _TALLEST_LABEL:
            lines = break_lines([Run(elided_label(title, label - 8))], label - 8, 10.0, align=Align.LEFT)
        sections += [(lines, found)]
    for first in range(0, len(sections), 2):
        pair = sections[first : first + 2]
        height = row * max(max(len(lines), -(-len(found) // across)) for lines, found in pair)
        flow.need(height)
        for place, (lines, found) in enumerate(pair):
            x = flow.left + place * (half + 14)
            for count, line in enumerate(lines):
                flow.sheets.line(x, flow.y + count * row + baseline(row, 10.0), line)
            figures = set_line(_figures(found), 9.0)
            flow.sheets.line(x + half - figures.right, flow.y + baseline(row, 9.0), figures, 0.2)
            for count, sign in enumerate(found):
                sign_x = x + label + count % across * step
                draw_sign(flow.sheets, sign, sign_x, flow.y + count // across * row + (row - _SIDE) / 2, _SIDE)
        flow.y += height
    _draw_legend(flow, {sign for _, found in signs for sign in found})


def elided_label(title: str, width: float) -> str:
    """A section's title as long as its few lines beside the signs; it stands whole above its items."""

    def fits(text: str) -> bool:
        return len(break_lines([Run(text)], width, 10.0, align=Align.LEFT)) <= _TALLEST_LABEL

    return elided(title, fits)


def _figures(found: Sequence[Sign]) -> str:
    """5/6: right of judged; – where nothing was judged."""
    right = found.count(Sign.PASS)
    judged = right + sum(1 for sign in found if sign in (Sign.GENERAL, Sign.CANDIDATE, Sign.MAJOR))
    return f"{right}/{judged}" if judged else say("items.closed")


def _draw_legend(flow: Flow, used: Collection[Sign]) -> None:
    flow.need(16)
    x, side = flow.left, 7.6
    always = (Sign.PASS, Sign.GENERAL, Sign.MAJOR, Sign.NA)
    for sign in (s for s in Sign if s in always or s in used):
        draw_sign(flow.sheets, sign, x, flow.y + 4.2, side)
        name = set_line(say(f"legend.{sign.value}"), 8.5)
        flow.sheets.line(x + side + 3, flow.y + baseline(16, 8.5), name, 0.2)
        x += side + name.right + 15
    figures = set_line(say("legend.counts"), 8.5)
    if x + figures.right > flow.right:
        flow.y += 12
    flow.sheets.line(flow.right - figures.right, flow.y + baseline(16, 8.5), figures, 0.2)
    flow.y += 16
