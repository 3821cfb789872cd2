"""Where everything of an item's row stands: computed once per row, width and look, and looked up ever after."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption

from safetyapp.domain.form import AnswerKind, Severity
from safetyapp.domain.inspection import Outcome
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.item_model import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Option, Tone, segment_widths

ID_LEFT, QUESTION_LEFT, RIGHT = 14, 62, 6
"""px at 100 %: where number and question begin, and what stays free at the right, beside the scroll bar."""
LEAST_QUESTION = 260
"""px at 100 %: a question that would get less has its answer under it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A row's head: everything but the open content under it. Rects are relative to its upper left corner."""

    row: Row
    height: int
    id_at: QPointF
    lines: tuple[tuple[QPointF, str], ...]
    second_at: QPointF
    second: str
    second_shape: str
    mark: QRect | None
    segments: tuple[QRect, ...]
    field: QRect | None
    limit: str
    limit_at: QPointF
    unit: str
    unit_at: QPointF
    chip: QRect | None
    na: QRect | None

    @property
    def block(self) -> QRect:
        """The frame round the three choices, or the field."""
        if self.segments:
            return self.segments[0].united(self.segments[-1])
        return self.field or QRect()


def break_lines(text: str, font: QFont, metrics: QFontMetrics, width: int) -> list[str]:
    """The text in lines of at most `width`, broken as Chinese and English want it."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return lines


class ItemShapes:
    """Makes shapes and remembers them per item, width, look and whether the item is the current one."""

    def __init__(self, look: Look, texts: Texts) -> None:
        self._look = look
        self._texts = texts
        self._known: dict[tuple[str, int, bool, bool], Shape] = {}
        self._generation = -1
        self._advances: dict[tuple[str, Style], int] = {}
        self._widths: list[int] = []

    def advance(self, text: str, style: Style) -> int:
        """The width of a text; asked for every repaint, measured once."""
        if self._generation != self._look.generation:
            self._forget()
        found = self._advances.get((text, style))
        if found is None:
            found = self._look.font_metrics(style).horizontalAdvance(text)
            self._advances[text, style] = found
        return found

    def shape(self, row: Row, width: int, current: bool = False, opened: bool = False) -> Shape:
        """The row's head: bolder when it is the current one, without its second line when it is open."""
        if self._generation != self._look.generation:
            self._forget()
        key = (row.id, width, current, opened)
        found = self._known.get(key)
        if found is None or found.row is not row:
            found = self._known[key] = self._make(row, width, current, opened)
        return found

    def _forget(self) -> None:
        self._known.clear()
        self._advances.clear()
        self._widths = []
        self._generation = self._look.generation

    def _make(self, row: Row, width: int, current: bool, opened: bool) -> Shape:
        look, px = self._look, self._look.metrics.px
        left, right = px(QUESTION_LEFT), width - px(RIGHT)
        answer_width = self._answer_width(row)
        mark_width = self._mark_width(row)
        free = right - left - answer_width - px(16) - (mark_width + px(12) if mark_width else 0)
        below = free < px(LEAST_QUESTION)
        question_width = right - left if below else free
        style = Style.STRONG if current else Style.BODY
        metrics, font, line = look.font_metrics(style), look.font(style), look.metrics.line(Style.BODY)
        text = row.item.question.in_language(self._texts.language)
        lines = break_lines(text, font, metrics, question_width)
        second, second_shape = ("", "") if opened else self._second(row)
        small = look.font_metrics(Style.SMALL)
        second = small.elidedText(second, Qt.TextElideMode.ElideRight, question_width - px(14))
        small_line = look.metrics.line(Style.SMALL)
        text_height = len(lines) * line + (small_line + px(2) if second else 0)
        control = look.metrics.control
        if below:
            height = px(10) + text_height + px(6) + control + px(9)
            top, middle = px(10), px(10) + text_height + px(6) + control // 2
        else:
            height = max(px(50), text_height + px(16))
            top, middle = (height - text_height) // 2, height // 2
        baseline = (line - metrics.height()) / 2 + metrics.ascent()
        placed = tuple((QPointF(left, top + n * line + baseline), words) for n, words in enumerate(lines))
        ids = look.font_metrics(Style.SMALL_STRONG if current else Style.SMALL)
        id_at = QPointF(px(ID_LEFT), top + (line - ids.height()) / 2 + ids.ascent())
        shape_left = px(14) if second_shape else 0
        second_y = top + len(lines) * line + px(2) + (small_line - small.height()) / 2 + small.ascent()
        answer_right = left + answer_width if below else right
        mark = None
        if mark_width:
            chip = look.metrics.chip
            mark_x = left + answer_width + px(12) if below else right - answer_width - px(12) - mark_width
            mark = QRect(mark_x, middle - chip // 2, mark_width, chip)
        segments: tuple[QRect, ...] = ()
        measure = _Measured(None, "", QPointF(), "", QPointF(), None, None)
        if row.is_choice:
            segments = self._segments(answer_right - answer_width, middle)
        else:
            measure = self._measure(row, answer_right, middle)
        return Shape(
            row=row,
            height=height,
            id_at=id_at,
            lines=placed,
            second_at=QPointF(left + shape_left, second_y),
            second=second,
            second_shape=second_shape,
            mark=mark,
            segments=segments,
            field=measure.field,
            limit=measure.limit,
            limit_at=measure.limit_at,
            unit=measure.unit,
            unit_at=measure.unit_at,
            chip=measure.chip,
            na=measure.na,
        )

    # the three choices

    def options(self, is_major: bool) -> tuple[Option, ...]:
        """合格, 不合格, 不适用 with their keys; a chosen fail is filled with its level's colour and shape."""
        say = self._texts.say
        tone, shape = (Tone.MAJOR, "M") if is_major else (Tone.MINOR, "g")
        return (
            Option(Outcome.PASS, say("fill.outcome.pass"), "1", Tone.BRAND),
            Option(Outcome.FAIL, say("fill.outcome.fail"), "2", tone, shape),
            Option(Outcome.NA, say("fill.outcome.na"), "3", Tone.NEUTRAL),
        )

    def segment_widths(self) -> list[int]:
        if self._generation != self._look.generation:
            self._forget()
        if not self._widths:
            plain = [replace(option, shape="") for option in self.options(False)]
            self._widths = segment_widths(self._look, plain)
        return self._widths

    def _segments(self, left: int, middle: int) -> tuple[QRect, ...]:
        control = self._look.metrics.control
        made, x = [], left
        for width in self.segment_widths():
            made.append(QRect(x, middle - control // 2, width, control))
            x += width
        return tuple(made)

    # number and day

    def _chip_width(self, row: Row) -> int:
        px = self._look.metrics.px
        return max(px(78), self._na_width(), self.advance(row.judgement.text, Style.SMALL_STRONG) + px(34))

    def _field_width(self, row: Row) -> int:
        return self._look.metrics.px(124 if row.item.answer.kind is AnswerKind.DATE else 72)

    def _unit_width(self, row: Row) -> int:
        unit = row.item.answer.unit.in_language(self._texts.language)
        if row.item.answer.kind is AnswerKind.DATE:
            return 0
        return max(self.advance(unit, Style.SMALL), self._look.metrics.px(26)) + self._look.metrics.px(12)

    def _na_width(self) -> int:
        px = self._look.metrics.px
        return self.advance(self._texts.say("fill.outcome.na"), Style.SMALL) + px(6) + px(18)

    def _answer_width(self, row: Row) -> int:
        if row.is_choice:
            return sum(self.segment_widths())
        px = self._look.metrics.px
        limit = self.advance(row.limits, Style.SMALL)
        width = self._chip_width(row) + px(12) + self._unit_width(row) + self._field_width(row)
        return width + (limit + px(12) if limit else 0)

    def _measure(self, row: Row, right: int, middle: int) -> _Measured:
        look, px = self._look, self._look.metrics.px
        small = look.font_metrics(Style.SMALL)
        baseline = middle - small.height() / 2 + small.ascent()
        chip_width, chip_height = self._chip_width(row), look.metrics.chip
        chip = QRect(right - chip_width, middle - chip_height // 2, chip_width, chip_height)
        x = chip.x() - px(12)
        unit = ""
        unit_at = QPointF()
        if row.item.answer.kind is not AnswerKind.DATE:
            unit = row.item.answer.unit.in_language(self._texts.language)
            x -= self._unit_width(row)
            unit_at = QPointF(x + px(12), baseline)
        width = self._field_width(row)
        field = QRect(x - width, middle - look.metrics.control // 2, width, look.metrics.control)
        limit = row.limits
        limit_x = field.x() - px(12) - self.advance(limit, Style.SMALL)
        na = QRect(chip.x(), middle - look.metrics.control // 2, chip_width, look.metrics.control)
        return _Measured(field, limit, QPointF(limit_x, baseline), unit, unit_at, chip, na)

    # what stands under the question

    def _mark_width(self, row: Row) -> int:
        if row.item.criterion is None or row.item.severity is not Severity.MAJOR or row.outcome is not None:
            return 0
        return self.advance(self._texts.say("fill.mark.direct"), Style.SMALL_STRONG) + self._look.metrics.px(31)

    def _second(self, row: Row) -> tuple[str, str]:
        """The second line and the shape before it."""
        texts = self._texts
        if row.unsaved:
            return texts.say("fill.unsaved"), ""
        if row.refused:
            return row.refused, ""
        if row.skip is not None:
            reason = fill_words.skip_text(texts, row.item, row.skip)
            return f"{reason} · {texts.say('fill.skip.anyway')}", ""
        parts = []
        if row.fails:
            parts.append(texts.say("fill.severity.major" if row.is_major else "fill.severity.general"))
            if len(row.findings) > 1:
                parts.append(texts.say("fill.finding_count", n=len(row.findings)))
            elif row.findings:
                deadline = row.findings[0].deadline
                parts.append(texts.say("fill.deadline_short", date=f"{deadline.month:02d}-{deadline.day:02d}"))
            if row.missing:
                parts.append(fill_words.missing_text(texts, row.missing))
        if row.photos + row.after_photos:
            parts.append(texts.say("fill.photos", n=row.photos + row.after_photos))
        if row.fails and row.findings and row.findings[0].place:
            parts.append(row.findings[0].place)
        if row.answer is not None and row.answer.note:
            parts.append(texts.say("fill.note_short", note=row.answer.note))
        return " · ".join(parts), ("M" if row.is_major else "g") if row.fails else ""


@dataclass(frozen=True, slots=True)
class _Measured:
    """Where the parts of a number or a day stand."""

    field: QRect | None
    limit: str
    limit_at: QPointF
    unit: str
    unit_at: QPointF
    chip: QRect | None
    na: QRect | None
