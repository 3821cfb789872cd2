"""Paints the rows of the checklist: number, question, answer, judgement. Nothing is measured while painting."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import ItemId, Severity
from safetyapp.ui.fill_words import NO_JUDGEMENT, Judgement, Tone
from safetyapp.ui.icons import paint_icon
from safetyapp.ui.item_model import Index, ItemModel
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.item_shape import ItemShapes, Shape
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import Snap, paint_hairline, paint_shape
from safetyapp.ui.parts import Chip, Option, fits, paint_chip, paint_key_cap, paint_segments
from safetyapp.ui.row_words import box_text, mark_key
from safetyapp.ui.value_words import field_text

CHIPS = {
    Tone.PASS: (Chip.OK, "check"), Tone.GENERAL: (Chip.MINOR, ""), Tone.MAJOR: (Chip.MAJOR, ""),
    Tone.NA: (Chip.NEUTRAL, ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """What of a row lies under the pointer: `answer` with what it answers, `field`, `box`."""

    what: str
    value: str = ""


RIGHT_ALIGNED = frozenset({kind for kind in AnswerKind if kind.is_number})


def _shown_option(option: Option, chosen: bool) -> Option:
    """The chosen fail carries its level's shape, the others their key: neither says it by colour alone."""
    if not option.shape:
        return option
    return replace(option, keys="") if chosen else replace(option, shape="")


_NUMBER = re.compile(r"[A-Za-z]{0,4}[-_.]?[A-Za-z]{0,2}\d+([-_.]?\w{1,3})?")


def shown_id(row: Row) -> str:
    """The item's number where its id is one; an id that is a word says nothing to a person."""
    return row.item.id if is_number(row.item.id) else ""


def is_number(item_id: str) -> bool:
    """Whether an id reads as a number: F-12, T4, FD-A04."""
    return _NUMBER.fullmatch(item_id) is not None


BAND = 28
"""px at 100 %: the line with a section's name above its first item."""


class ItemDelegate(QStyledItemDelegate):
    """The view tells it which row is current, open, hovered and typed in; it keeps no answer of its own."""

    def __init__(self, look: Look, model: ItemModel, shapes: ItemShapes, view: QListView) -> None:
        super().__init__(view)
        self._look = look
        self._items = model
        self._shapes = shapes
        self._view = view
        self.body_height = 0
        self.is_open = False
        self.field_is_live = False
        self.hover = -1
        self.typed: dict[ItemId, str] = {}
        """What stands in a field and could not be read; it is shown until it is corrected."""
        self.live: tuple[ItemId, Judgement] | None = None
        """The judgement of what is being typed just now."""
        self._pictures: dict[tuple[object, ...], QPixmap] = {}
        self._generation = -1

    @property
    def current(self) -> int:
        """The current row: from the view, never from the style option, which says something else without focus."""
        return self._view.currentIndex().row()

    # sizes

    def band_height(self, number: int) -> int:
        """The section's line above a row: where the row before it is of another section."""
        if number <= 0:
            return 0
        same = self._items.row(number - 1).section == self._items.row(number).section
        return 0 if same else self._look.metrics.px(BAND)

    def shape_at(self, number: int, width: int) -> Shape:
        current = number == self.current
        return self._shapes.shape(self._items.row(number), width, current, current and self.is_open)

    def row_height(self, number: int, width: int) -> int:
        """Band, head, and the open editor under it."""
        if number != self.current:
            return self.band_height(number) + self._shapes.height(self._items.row(number), width)
        body = self.body_height if self.is_open else 0
        return self.band_height(number) + self.shape_at(number, width).height + body

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if not self._view.isVisible():
            return QSize(100, self._look.metrics.px(50))
        width = self._view.viewport().width()
        return QSize(width, self.row_height(index.row(), width))

    # what belongs to a row

    def shows_na(self, number: int) -> bool:
        """不适用 is offered where the judgement of a number or day will stand, on the current row."""
        row = self._items.row(number)
        return number == self.current and row.may_not_apply and self.judgement(row).tone is Tone.NONE

    def judgement(self, row: Row) -> Judgement:
        if self.live is not None and self.live[0] == row.id:
            return self.live[1]
        return NO_JUDGEMENT if row.id in self.typed else row.judgement

    # painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        rect: QRect = option.rect
        number, row = index.row(), self._items.row(index.row())
        current = number == self.current
        painter.save()
        band = self.band_height(number)
        if band:
            self._paint_band(painter, QRect(rect.x(), rect.y(), rect.width(), band), row)
        body = rect.adjusted(0, band, 0, 0)
        hovered = number == self.hover and not current
        painter.fillRect(body, look.colour("bg_hover" if hovered else "bg_surface"))
        shape = self._shapes.shape(row, rect.width(), current, current and self.is_open)
        self._paint_head(painter, body.topLeft(), row, shape, number)
        paint_hairline(painter, rect.x(), rect.x() + rect.width(), rect.y() + rect.height(), look.colour("line"))
        if current:
            snap = Snap.of(painter)
            painter.fillRect(QRectF(body.x(), body.y(), snap.length(px(3)), body.height()), look.colour("brand"))
        painter.restore()

    def _paint_band(self, painter: QPainter, rect: QRect, row: Row) -> None:
        look, px = self._look, self._look.metrics.px
        painter.fillRect(rect, look.colour("bg_app"))
        section = self._items.sections[row.section]
        painter.setFont(look.font(Style.SMALL_STRONG))
        painter.setPen(look.colour("ink2"))
        title = f"{row.section + 1} {section.title.in_language(self._items.texts.language)}"
        painter.drawText(rect.adjusted(px(14), 0, -px(14), 0), Qt.AlignmentFlag.AlignVCenter, title)
        paint_hairline(painter, rect.x(), rect.x() + rect.width(), rect.y() + rect.height(), look.colour("line"))

    def _paint_head(self, painter: QPainter, corner: QPoint, row: Row, shape: Shape, number: int) -> None:
        look = self._look
        current = number == self.current
        painter.translate(corner)
        quiet = row.skip is not None
        painter.setFont(look.font(Style.SMALL_STRONG if current else Style.SMALL))
        painter.setPen(look.colour("ink" if current else "ink3"))
        if not row.is_heading:
            painter.drawText(shape.id_at, fits(look.font_metrics(Style.SMALL), shown_id(row), look.metrics.px(46)))
        painter.setFont(look.font(Style.STRONG if current or row.is_heading else Style.BODY))
        painter.setPen(look.colour(self._ink(row, quiet and not current)))
        for at, text in shape.lines:
            painter.drawText(at, text)
        if shape.second:
            self._paint_second(painter, row, shape)
        if shape.mark is not None:
            kind = Chip.MAJOR if row.item.severity is Severity.MAJOR else Chip.OUTLINE
            paint_chip(painter, shape.mark, kind, self._items.texts.say(mark_key(row)), look)
        if shape.segments:
            self._paint_choice(painter, row, shape, number)
        elif shape.field is not None:
            self._paint_measure(painter, row, shape, number)
        elif shape.box is not None:
            self._paint_box(painter, row, shape.box)
        if current and self._view.hasFocus() and not shape.block.isEmpty():
            self._paint_ring(painter, shape.block)
        painter.translate(-corner)

    def _ink(self, row: Row, quiet: bool) -> str:
        if quiet:
            return "ink3"
        return "ink2" if row.is_heading or row.kind is AnswerKind.NOTE else "ink"

    def _paint_second(self, painter: QPainter, row: Row, shape: Shape) -> None:
        look, px = self._look, self._look.metrics.px
        if shape.second_shape:
            side = px(9)
            left, base = shape.second_at.x() - px(14), shape.second_at.y()
            token = "major_fill" if shape.second_shape == "M" else "minor_fill"
            box = QRectF(left, base - side, side, side)
            paint_shape(painter, box, shape.second_shape, look.colour(token))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink" if row.unsaved or row.refused else "ink2"))
        painter.drawText(shape.second_at, shape.second)

    def _paint_choice(self, painter: QPainter, row: Row, shape: Shape, number: int) -> None:
        chosen = row.answer.value if row.answer is not None else None
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        picture = self._picture(chosen, shape, ratio)
        snap = Snap.of(painter)
        painter.drawPixmap(QPointF(snap.x(shape.block.x()), snap.y(shape.block.y())), picture)

    def _picture(self, chosen: str | None, shape: Shape, ratio: float) -> QPixmap:
        """The choices look the same in most rows: painted once per answer, then copied."""
        if self._generation != self._look.generation:
            self._pictures.clear()
            self._generation = self._look.generation
        options = tuple(_shown_option(option, option.value == chosen) for option in shape.options)
        size = shape.block.size()
        key = (chosen, options, size.width(), ratio)
        found = self._pictures.get(key)
        if found is None:
            found = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            corner = shape.block.topLeft()
            rects = [segment.translated(-corner) for segment in shape.segments]
            picture = QPainter(found)
            paint_segments(picture, rects, options, chosen, self._look)
            picture.end()
            self._pictures[key] = found
        return found

    def _paint_box(self, painter: QPainter, row: Row, rect: QRect) -> None:
        """The answer in words, in a frame where something opens."""
        look, px = self._look, self._look.metrics.px
        said = box_text(self._items.texts, row)
        if row.way is Way.SHOWN:
            painter.setFont(look.font(Style.STRONG))
            painter.setPen(look.colour("ink"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(rect, side, fits(look.font_metrics(Style.STRONG), said, rect.width()))
            return
        self._paint_frame(painter, rect, "line_strong", 1)
        icon = {Way.TABLE: "chevron-right", Way.PHOTOS: "camera"}.get(row.way, "chevron-down")
        size = px(16)
        paint_icon(painter, rect.right() - px(24), rect.y() + (rect.height() - size) / 2, icon, size, look.theme.ink2)
        answered = row.answer is not None or row.photos > 0 or (row.way is Way.TABLE and row.tally.rows > 0)
        style = Style.STRONG if answered and row.way is not Way.TABLE else Style.COMPACT
        painter.setFont(look.font(style))
        painter.setPen(look.colour("ink" if answered else "ink3"))
        inner = rect.adjusted(px(10), 0, -px(30), 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, fits(look.font_metrics(style), said, inner.width()))

    def _paint_frame(self, painter: QPainter, rect: QRect, edge: str, width: int) -> None:
        look = self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.colour("bg_surface"))
        painter.setPen(QPen(look.colour(edge), width))
        inset = width / 2
        box = QRectF(rect).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, look.metrics.radius, look.metrics.radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_measure(self, painter: QPainter, row: Row, shape: Shape, number: int) -> None:
        look, px, texts = self._look, self._look.metrics.px, self._items.texts
        if shape.field is None or shape.chip is None or shape.na is None:
            return
        judgement = self.judgement(row)
        if shape.limit:
            painter.setFont(look.font(Style.SMALL))
            painter.setPen(look.colour("ink2"))
            painter.drawText(shape.limit_at, shape.limit)
        if not (number == self.current and self.field_is_live):
            self._paint_field(painter, row, shape.field, judgement)
        if shape.unit:
            painter.setFont(look.font(Style.SMALL))
            painter.setPen(look.colour("ink2"))
            painter.drawText(shape.unit_at, shape.unit)
        if judgement.tone is not Tone.NONE:
            kind, icon = CHIPS[judgement.tone]
            paint_chip(painter, shape.chip, kind, judgement.text, look, icon)
        if self.shows_na(number):
            middle = shape.na.y() + shape.na.height() // 2
            painter.setFont(look.font(Style.SMALL))
            painter.setPen(look.colour("brand"))
            word = texts.say("fill.outcome.na")
            wide = self._shapes.advance(word, Style.SMALL) + px(6) + px(18)
            x = shape.na.x() + (shape.na.width() - wide) // 2
            painter.drawText(shape.na.adjusted(x - shape.na.x(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)
            x += wide - px(18)
            paint_key_cap(painter, x, middle, texts.say("fill.na_key"), look, look.colour("ink2"))

    def _paint_field(self, painter: QPainter, row: Row, rect: QRect, judgement: Judgement) -> None:
        look, px = self._look, self._look.metrics.px
        unread = self.typed.get(row.id)
        edges = {Tone.GENERAL: "minor_fill", Tone.MAJOR: "major_fill"}
        edge, width = edges.get(judgement.tone, "line_strong"), 2 if judgement.tone in edges else 1
        if unread is not None:
            edge, width = "ink", 2
        self._paint_frame(painter, rect, edge, width)
        value = row.answer.value if row.answer is not None else ""
        text = unread if unread is not None else field_text(self._items.texts, row.kind, value)
        if not text and value == Outcome.NA:
            text = "–"
        inner = rect.adjusted(px(10), 0, -px(10), 0)
        is_day = row.kind is AnswerKind.DATE
        if is_day:
            side = px(16)
            paint_icon(
                painter, inner.right() - side + 1, rect.y() + (rect.height() - side) / 2, "calendar", side,
                look.theme.ink2,
            )  # fmt: skip
        painter.setFont(look.font(Style.STRONG))
        painter.setPen(look.colour("ink"))
        side_flag = Qt.AlignmentFlag.AlignRight if row.kind in RIGHT_ALIGNED else Qt.AlignmentFlag.AlignLeft
        said = fits(look.font_metrics(Style.STRONG), " ".join(text.split()), inner.width())
        painter.drawText(inner, side_flag | Qt.AlignmentFlag.AlignVCenter, said)

    def _paint_ring(self, painter: QPainter, rect: QRect) -> None:
        look = self._look
        width = look.metrics.px(2)
        grow = width / 2 + look.metrics.px(1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("focus"), width))
        radius = look.metrics.px(6)
        painter.drawRoundedRect(QRectF(rect).adjusted(-grow, -grow, grow, grow), radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def part_at(self, number: int, rect: QRect, point: QPoint) -> Part | None:
        """What of a row laid out in `rect` lies at a point: an answer to choose, `field`, `box`, `na`, or nothing."""
        local = point - rect.topLeft() - QPoint(0, self.band_height(number))
        shape = self.shape_at(number, rect.width())
        for option, segment in zip(shape.options, shape.segments, strict=False):
            if segment.contains(local):
                return Part("answer", str(option.value))
        if shape.field is not None and shape.field.contains(local):
            return Part("field")
        if shape.box is not None and shape.box.contains(local) and self._items.row(number).way is not Way.SHOWN:
            return Part("box")
        if shape.na is not None and shape.na.contains(local) and self.shows_na(number):
            return Part("answer", Outcome.NA.value)
        return None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        return None  # type: ignore[return-value]  # the one editor is the view's own

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        return
