"""Where everything of an item's row stands: computed once per row, width and look, and looked up ever after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QTextLayout, QTextOption

from safetyapp.texts import Texts
from safetyapp.ui.item_fields import FIELD_WIDTHS
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Metrics, Style
from safetyapp.ui.parts import Option, segment_widths
from safetyapp.ui.row_words import box_text, mark_key, options_of, second_line

ID_LEFT, QUESTION_LEFT, RIGHT = 14, 62, 6
"""px at 100 %: where number and question begin, and what stays free at the right, beside the scroll bar."""
INDENT = 18
"""px at 100 %: how far the members of a group stand in."""
LEAST_QUESTION = 260
"""px at 100 %: a question that would get less has its answer under it."""

UNITLESS = frozenset(FIELD_WIDTHS)


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
    options: tuple[Option, ...]
    segments: tuple[QRect, ...]
    box: QRect | None
    """Where the answer stands in words, for what is answered elsewhere or by itself."""
    field: QRect | None
    limit: str
    limit_at: QPointF
    unit: str
    unit_at: QPointF
    chip: QRect | None
    na: QRect | None

    @property
    def block(self) -> QRect:
        """The frame round the choices, the field or the words."""
        if self.segments:
            return self.segments[0].united(self.segments[-1])
        return self.field or self.box or QRect()


class _Plan(NamedTuple):
    """How a row is divided, px from its upper left corner."""

    left: int
    right: int
    options: tuple[Option, ...]
    answer_width: int
    mark_width: int
    below: bool
    question_width: int
    lines: list[str]
    second: str
    second_shape: str
    height: int
    top: int
    middle: int


class _Sizes(NamedTuple):
    """The lengths that every row is divided by, px of the present scale: asked for once, not a thousand times."""

    left: int
    right: int
    indent: int
    gap: int
    mark_gap: int
    least_question: int
    line: int
    second: int
    control: int
    over: int
    under: int
    foot: int
    asked: int
    said: int

    @classmethod
    def of(cls, metrics: Metrics) -> _Sizes:
        px = metrics.px
        return cls(
            px(QUESTION_LEFT), px(RIGHT), px(INDENT), px(16), px(12), px(LEAST_QUESTION), metrics.line(Style.BODY),
            metrics.line(Style.SMALL) + px(2), metrics.control, px(10), px(6), px(9), px(50), px(36),
        )  # fmt: skip


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
        self._heights: dict[tuple[str, int], tuple[Row, int]] = {}
        self._known_options: dict[tuple[object, ...], tuple[Option, ...]] = {}
        self._generation = -1
        self._advances: dict[tuple[str, Style], int] = {}
        self._widths: dict[tuple[str, ...], list[int]] = {}
        self._sizes = _Sizes.of(look.metrics)

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
        self._heights.clear()
        self._advances.clear()
        self._widths.clear()
        self._generation = self._look.generation
        self._sizes = _Sizes.of(self._look.metrics)

    def height(self, row: Row, width: int) -> int:
        """The height of a row that is not the current one, without laying out what stands in it."""
        if self._generation != self._look.generation:
            self._forget()
        known = self._heights.get((row.id, width))
        if known is None or known[0] is not row:
            known = self._heights[row.id, width] = (row, self._plan(row, width, False, False).height)
        return known[1]

    def _plan(self, row: Row, width: int, current: bool, opened: bool) -> _Plan:
        """How the row is divided: what decides its height, and all else follows from."""
        look, sizes = self._look, self._sizes
        left, right = sizes.left + sizes.indent * row.depth, width - sizes.right
        options = self._options(row)
        answer_width = self._answer_width(row, options)
        mark_width = self._mark_width(row)
        free = right - left - answer_width - sizes.gap - (mark_width + sizes.mark_gap if mark_width else 0)
        below = bool(answer_width) and free < sizes.least_question
        question_width = right - left if below else free
        style = Style.STRONG if current or row.is_heading else Style.BODY
        metrics, font, line = look.font_metrics(style), look.font(style), sizes.line
        text = row.words.in_language(self._texts.language)
        parts = text.split("\n") if "\n" in text else (text,)
        lines = [part for words in parts for part in break_lines(words, font, metrics, question_width)]
        second, second_shape = ("", "") if opened else second_line(self._texts, row)
        text_height = len(lines) * line + (sizes.second if second else 0)
        if below:
            over, under, control = sizes.over, sizes.under, sizes.control
            height = over + text_height + under + control + sizes.foot
            top, middle = over, over + text_height + under + control // 2
        else:
            height = max(sizes.asked if row.is_asked else sizes.said, text_height + sizes.gap)
            top, middle = (height - text_height) // 2, height // 2
        return _Plan(
            left, right, options, answer_width, mark_width, below, question_width, lines, second, second_shape, height,
            top, middle,
        )  # fmt: skip

    def _options(self, row: Row) -> tuple[Option, ...]:
        if not row.is_choice:
            return ()
        key = (row.kind, row.level, row.picks)
        found = self._known_options.get(key)
        if found is None:
            found = self._known_options[key] = options_of(self._texts, row)
        return found

    def _make(self, row: Row, width: int, current: bool, opened: bool) -> Shape:
        look, px = self._look, self._look.metrics.px
        plan = self._plan(row, width, current, opened)
        left, right, options, answer_width, mark_width = plan[:5]
        below, lines, second_shape = plan.below, plan.lines, plan.second_shape
        height, top, middle = plan.height, plan.top, plan.middle
        style = Style.STRONG if current or row.is_heading else Style.BODY
        metrics, line, control = look.font_metrics(style), look.metrics.line(Style.BODY), look.metrics.control
        small, small_line = look.font_metrics(Style.SMALL), look.metrics.line(Style.SMALL)
        second = small.elidedText(plan.second, Qt.TextElideMode.ElideRight, plan.question_width - px(14))
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
        box: QRect | None = None
        measure = _Measured(None, "", QPointF(), "", QPointF(), None, None)
        if row.is_choice:
            segments = self._segments(options, answer_right - answer_width, middle)
        elif row.is_field:
            measure = self._measure(row, answer_right, middle)
        elif answer_width:
            box = QRect(answer_right - answer_width, middle - control // 2, answer_width, control)
        return Shape(
            row=row,
            height=height,
            id_at=id_at,
            lines=placed,
            second_at=QPointF(left + shape_left, second_y),
            second=second,
            second_shape=second_shape,
            mark=mark,
            options=options,
            segments=segments,
            box=box,
            field=measure.field,
            limit=measure.limit,
            limit_at=measure.limit_at,
            unit=measure.unit,
            unit_at=measure.unit_at,
            chip=measure.chip,
            na=measure.na,
        )

    # choices side by side

    def _segment_widths(self, options: tuple[Option, ...]) -> list[int]:
        if self._generation != self._look.generation:
            self._forget()
        key = tuple(option.text for option in options)
        found = self._widths.get(key)
        if found is None:
            plain = [replace(option, shape="") for option in options]
            found = self._widths[key] = segment_widths(self._look, plain)
        return found

    def _segments(self, options: tuple[Option, ...], left: int, middle: int) -> tuple[QRect, ...]:
        control = self._look.metrics.control
        made, x = [], left
        for width in self._segment_widths(options):
            made.append(QRect(x, middle - control // 2, width, control))
            x += width
        return tuple(made)

    # number and day

    def _chip_width(self, row: Row) -> int:
        px = self._look.metrics.px
        judged = self.advance(row.judgement.text, Style.SMALL_STRONG) + px(34) if row.judgement.text else 0
        if not row.may_not_apply:
            return judged
        return max(px(78), self._na_width(), judged)

    def _field_width(self, row: Row) -> int:
        return self._look.metrics.px(FIELD_WIDTHS.get(row.kind, 72))

    def _unit_width(self, row: Row) -> int:
        unit = row.item.answer.unit.in_language(self._texts.language)
        if row.kind in UNITLESS:
            return 0
        return max(self.advance(unit, Style.SMALL), self._look.metrics.px(26)) + self._look.metrics.px(12)

    def _box_width(self, row: Row) -> int:
        """The words of an answer that is given elsewhere, within bounds."""
        px = self._look.metrics.px
        said = box_text(self._texts, row)
        if row.way is Way.SHOWN:
            wide = self.advance(said, Style.STRONG) + px(4) if said else 0
            return min(wide, px(420))
        return max(px(150), min(self.advance(said, Style.STRONG) + px(46), px(300)))

    def _na_width(self) -> int:
        px = self._look.metrics.px
        return self.advance(self._texts.say("fill.outcome.na"), Style.SMALL) + px(6) + px(18)

    def _answer_width(self, row: Row, options: tuple[Option, ...]) -> int:
        if row.is_choice:
            return sum(self._segment_widths(options))
        if not row.is_field:
            return self._box_width(row)
        px = self._look.metrics.px
        limit, chip = self.advance(row.limits, Style.SMALL), self._chip_width(row)
        width = (chip + px(12) if chip else 0) + self._unit_width(row) + self._field_width(row)
        return width + (limit + px(12) if limit else 0)

    def _measure(self, row: Row, right: int, middle: int) -> _Measured:
        look, px = self._look, self._look.metrics.px
        small = look.font_metrics(Style.SMALL)
        baseline = middle - small.height() / 2 + small.ascent()
        chip_width, chip_height = self._chip_width(row), look.metrics.chip
        chip = QRect(right - chip_width, middle - chip_height // 2, chip_width, chip_height)
        x = chip.x() - px(12) if chip_width else right
        unit = ""
        unit_at = QPointF()
        if row.kind not in UNITLESS:
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
        key = mark_key(row)
        if not key:
            return 0
        return self.advance(self._texts.say(key), Style.SMALL_STRONG) + self._look.metrics.px(31)


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
