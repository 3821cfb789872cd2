"""附：检查项明细 of a checklist: every item with its answer, and why the others were not asked."""

from __future__ import annotations

from collections.abc import Sequence

from safetyapp.documents import answers
from safetyapp.documents.entries import Entry, Filled
from safetyapp.documents.flow import Cell, Column, Flow, TableLook, inlay, set_cell
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.pages_tables import draw_table, is_wide, signature
from safetyapp.documents.sheet import picture_size
from safetyapp.documents.signs import SIGN_CHARACTERS, sign_for
from safetyapp.documents.typeset import Align, Run, break_lines, text_width
from safetyapp.documents.wording import say
from safetyapp.domain.answer_kinds import AnswerKind, Outcome

_LOOK = TableLook(size=8.6, leading=12.2, pad_x=4.0, pad_y=2.2, grid=False)
_LONGEST_NOTE = 12
"""Lines; a longer note stands below its item, over all columns."""


def draw_items(flow: Flow, filled: Filled) -> None:
    """All sections; tables with few columns stand where they are asked, the others come at the end."""
    if flow.room < 200 or len(flow.sheets.pages) == 1:
        flow.turn()
    flow.heading(say("part.items"), keep=80, size=12.5)
    printer = _Items(flow, filled)
    for section in filled.form.sections:
        entries = filled.section(section)
        if entries:
            printer.section(answers.words(section.title) or section.id, entries)
    printer.flush()
    draw_wide_tables(flow, filled, printer.wide)


def draw_wide_tables(flow: Flow, filled: Filled, tables: Sequence[Entry]) -> None:
    """附表1, 附表2 …: those that need a page laid across."""
    for number, entry in enumerate(tables, 1):
        title = say("table.annex", n=number, title=answers.question(filled, entry.item, entry.rows))
        flow.wide = True
        flow.need(120)
        flow.sheets.bookmark(title[:60], flow.y - 4)
        draw_table(flow, filled, entry, title=title)


class _Items:
    """The rows that wait for the next table, and the tables that wait for the end."""

    def __init__(self, flow: Flow, filled: Filled) -> None:
        self.flow = flow
        self.filled = filled
        self.wide: list[Entry] = []
        self._rows: list[list[Cell]] = []
        self._marks: dict[int, str] = {}
        widest = max((text_width(str(item.id), _LOOK.size) for item in filled.form.items()), default=0.0)
        widths = (max(44.0, min(widest + 2 * _LOOK.pad_x + 1, 72.0)), 0.0, 46.0, 150.0)
        self.columns = [
            Column(
                say(f"items.{key}"),
                width or flow.width - sum(widths),
                Align.JUSTIFY if key == "question" else Align.LEFT,
            )
            for key, width in zip(("id", "question", "result", "note"), widths, strict=True)
        ]

    def section(self, title: str, entries: Sequence[Entry]) -> None:
        self._marks[len(self._rows)] = title
        self._rows.append([self._across(title, FontRole.HEI)])
        for entry in entries:
            if entry.kind is AnswerKind.GROUP:
                self._rows.append([self._across(answers.question(self.filled, entry.item), FontRole.SANS)])
            elif entry.kind.is_asked or not entry.is_empty:
                self._row(entry)

    def flush(self) -> None:
        """Draws what waits."""
        if self._rows:
            self.flow.table(self.columns, self._rows, _LOOK, self._marks)
            self._rows, self._marks = [], {}

    def _across(self, text: str, role: FontRole) -> Cell:
        return set_cell(text, Column("", self.flow.width, Align.LEFT), _LOOK, role)

    def _row(self, entry: Entry) -> None:
        filled = self.filled
        result, note, role = self._result(entry)
        table = entry.kind is AnswerKind.TABLE and entry.skip is None and bool(entry.row_ids)
        if table and is_wide(entry.item):
            self.wide.append(entry)
            note = say("list").join([note, say("table.see", n=len(self.wide))])
        texts = (
            (str(entry.item.id), role),
            (answers.question(filled, entry.item), FontRole.SONG),
            (result, role),
            (note, FontRole.SONG),
        )
        cells: list[Cell] = [set_cell(t, c, _LOOK, r) for (t, r), c in zip(texts, self.columns, strict=True)]
        told: Cell = []
        if entry.kind is AnswerKind.SIGNATURE and (picture := signature(filled, entry)):
            note_width = self.columns[-1].width - 2 * _LOOK.pad_x
            cells[-1] = [*inlay(picture, picture_size(picture), note_width, 3, _LOOK), *cells[-1]]
        elif len(cells[-1]) > _LONGEST_NOTE:
            told, cells[-1] = cells[-1], set_cell(say("table.below"), self.columns[-1], _LOOK)
        self._rows.append(cells)
        if told:
            run = [Run(say("items.note") + say("colon"), FontRole.SANS), Run(note)]
            width = self.flow.width - 2 * _LOOK.pad_x
            self._rows.append([break_lines(run, width, _LOOK.size, indent=22, hang=22, align=Align.LEFT)])
        if table and not is_wide(entry.item):
            self.flush()
            draw_table(self.flow, filled, entry)
            self.flow.y += 6

    def _result(self, entry: Entry) -> tuple[str, str, FontRole]:
        if entry.skip is not None:
            return say("items.na"), say(f"items.{entry.skip.value}"), FontRole.SONG
        if entry.is_empty:
            return say("items.empty"), "", FontRole.SONG
        worst, level = self.filled.worst(entry)
        if entry.outcome is not Outcome.FAIL:
            return answers.outcome(entry), answers.told(self.filled, entry), FontRole.SONG
        sign = SIGN_CHARACTERS[sign_for(worst, level)]  # in black on white a fail is seen by its shape
        return sign + answers.outcome(entry), answers.told(self.filled, entry), FontRole.HEI
