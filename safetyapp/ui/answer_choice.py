"""Answers on offer: chips to choose one or several of, a list to search where there are many, the words of 其他."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QComboBox, QCompleter, QLineEdit, QWidget

from safetyapp.domain.answer_kinds import OTHER, AnswerKind, Outcome
from safetyapp.texts import Texts
from safetyapp.ui.answer_panel import AnswerPanel, EnterFilter, Flow
from safetyapp.ui.chips import key_cap_width, paint_key_cap
from safetyapp.ui.item_rows import Pick, Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import paint_shape
from safetyapp.ui.row_words import LEVEL_SHAPES
from safetyapp.ui.words import paint_wrapped

MOST_CHIPS = 7
"""More choices than this, of which one is wanted, are searched in a list."""


class ChoiceChip(QAbstractButton):
    """One of the answers on offer: a ring or a box that fills, its key, its words. Long words wrap."""

    has_focus_ring = True

    def __init__(self, look: Look, pick: Pick, place: int, many: bool, shape: str) -> None:
        super().__init__()
        self._look, self.pick, self._many, self._shape = look, pick, many, shape
        self._keys = str(place) if place <= 9 else ""
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setAccessibleName(pick.label)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.theme_changed.connect(self.update)

    def _lead(self) -> int:
        px = self._look.metrics.px
        return px(10) + px(16) + px(7) + (key_cap_width(self._look, self._keys) + px(6) if self._keys else 0)

    def sizeHint(self) -> QSize:
        look, px = self._look, self._look.metrics.px
        wide = look.font_metrics(Style.COMPACT_STRONG).horizontalAdvance(self.pick.label) + px(12)
        return QSize(self._lead() + wide, look.metrics.control)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        look, px = self._look, self._look.metrics.px
        room = max(1, width - self._lead() - px(10))
        advance = look.font_metrics(Style.COMPACT_STRONG).horizontalAdvance(self.pick.label)
        lines = 1 if advance <= room else -(-advance // room) + (advance % room > room * 0.8)
        return max(look.metrics.control, lines * look.metrics.line(Style.COMPACT) + px(12))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Only Space is a button's own: arrows, digits and Enter mean what the panel says."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _colours(self) -> tuple[str, str]:
        if not self.isChecked():
            return ("bg_hover" if self.underMouse() else "bg_surface"), "ink"
        if self.pick.outcome is Outcome.FAIL:
            return ("major_fill", "on_major") if self._shape == "M" else ("minor_fill", "on_minor")
        return ("ink3", "bg_surface") if self.pick.outcome is Outcome.NA else ("brand", "on_brand")

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        ground, ink = self._colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.colour(ground))
        painter.setPen(QPen(look.colour("line_strong"), 1))
        radius = look.metrics.radius
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        middle, x = self.height() // 2, px(10)
        self._paint_sign(painter, QRectF(x, middle - px(7), px(14), px(14)), ink)
        x += px(16) + px(7)
        if self._keys:
            x += paint_key_cap(painter, x, middle, self._keys, look, look.colour(ink)) + px(6)
        style = Style.COMPACT_STRONG if self.isChecked() else Style.COMPACT
        painter.setFont(look.font(style))
        painter.setPen(look.colour(ink))
        room = self.width() - x - px(8)
        if look.font_metrics(style).horizontalAdvance(self.pick.label) <= room + px(4):
            line = QRect(x, 0, room + px(6), self.height())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, self.pick.label)
        else:
            paint_wrapped(painter, QRectF(x, px(6), 0, 0).topLeft(), room, self.pick.label, look, style)
        painter.end()

    def _paint_sign(self, painter: QPainter, box: QRectF, ink: str) -> None:
        look, checked = self._look, self.isChecked()
        if checked and self.pick.outcome is Outcome.FAIL:
            paint_shape(painter, box.adjusted(1, 1, -1, -1), self._shape, look.colour(ink))
            return
        painter.setPen(QPen(look.colour(ink if checked else "line_strong"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._many:
            painter.drawRoundedRect(box, 2, 2)
        else:
            painter.drawEllipse(box)
        if not checked:
            return
        inner = box.adjusted(box.width() * 0.25, box.width() * 0.25, -box.width() * 0.25, -box.width() * 0.25)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(ink))
        if self._many:
            painter.drawRect(inner)
        else:
            painter.drawEllipse(inner)


class ChoicePanel(AnswerPanel):
    """Chips for one or several; a list to search for one of many; a field for the words of 其他."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts)
        px, say = look.metrics.px, texts.say
        self.flow = Flow(look)
        self.column.addWidget(self.flow)
        self.combo = QComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setMaxVisibleItems(14)
        self.combo.setMinimumWidth(px(300))
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        completer = self.combo.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.combo.activated.connect(self._on_combo)
        line = self.combo.lineEdit()
        assert line is not None
        self.line = line
        line.setPlaceholderText(say("fill.choice.search"))
        EnterFilter(line).entered.connect(self._on_combo_enter)
        line.returnPressed.connect(self._on_combo_enter)  # from under the list of what fits, past every filter
        self.column.addWidget(self.combo)
        self.other = QLineEdit()
        self.other.setPlaceholderText(say("fill.choice.other_hint"))
        self.other.setAccessibleName(say("fill.choice.other_hint"))
        self.other.setMaxLength(500)
        self.other.editingFinished.connect(self._on_other)
        self.other.textEdited.connect(lambda _: self.touched.emit())
        EnterFilter(self.other).entered.connect(self._on_other_enter)
        self.column.addWidget(self.other)
        self._picks: tuple[Pick, ...] = ()
        self._shape = ""
        self._many = False
        self._own = ""
        """What was answered here last: whether the answer of the row is news."""

    # showing

    @property
    def chips(self) -> list[ChoiceChip]:
        return [part for part in self.flow.parts if isinstance(part, ChoiceChip)]

    def show_row(self, row: Row, fresh: bool) -> None:
        self._many = row.kind is AnswerKind.CHOICES
        searched = _is_searched(row)
        shape = LEVEL_SHAPES[row.level]
        if fresh or row.picks != self._picks or shape != self._shape:
            self._picks, self._shape = row.picks, shape
            self._offer(row, searched)
        self.row = row
        chosen = row.answer.value.split() if row.answer is not None else []
        for chip in self.chips:
            chip.setChecked(chip.pick.id in chosen)
        if searched and (fresh or not self.line.hasFocus() or not self.line.isModified()):
            self.combo.setCurrentIndex(self.combo.findData(chosen[0]) if chosen else -1)
            if not chosen:
                self.combo.clearEditText()
        with_other = row.item.answer.other and OTHER in chosen
        if with_other is self.other.isHidden():
            self.other.setVisible(with_other)
            self.height_changed.emit()
        if not self.other.hasFocus():
            self.other.setText(row.answer.note if row.answer is not None else "")
        self._fix_tab_stop()

    def _offer(self, row: Row, searched: bool) -> None:
        self.flow.setVisible(not searched)
        self.combo.setVisible(searched)
        self.combo.setAccessibleName(row.words.in_language(self._texts.language))
        if searched:
            self.flow.set_parts([])
            self.combo.clear()
            for pick in row.picks:
                self.combo.addItem(pick.label, pick.id)
            self.combo.setCurrentIndex(-1)
            return
        made: list[QWidget] = []
        for place, pick in enumerate(row.picks, start=1):
            chip = ChoiceChip(self._look, pick, place, self._many, self._shape)
            chip.clicked.connect(lambda _=False, pick=pick: self._on_chip(pick))
            made.append(chip)
        self.flow.set_parts(made)

    def _fix_tab_stop(self) -> None:
        """One tab stop for all of them; the arrows go from one to the next."""
        stop = next((c for c in self.chips if c.hasFocus()), None)
        stop = stop or next((c for c in self.chips if c.isChecked()), None) or next(iter(self.chips), None)
        for chip in self.chips:
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chip is stop else Qt.FocusPolicy.ClickFocus)

    def first(self) -> QWidget:
        if not self.combo.isHidden():
            return self.line
        chips = self.chips
        return next((c for c in chips if c.isChecked()), chips[0]) if chips else self.other

    def stops(self) -> list[QWidget]:
        return [*([self.combo] if not self.combo.isHidden() else self.chips), self.other]

    # answering

    def press(self, place: int) -> None:
        if self.combo.isHidden() and place <= len(self._picks):
            self._on_chip(self._picks[place - 1])

    def _on_chip(self, pick: Pick) -> None:
        if self.row is None:
            return
        self._fix_tab_stop()
        chosen = self.row.answer.value.split() if self.row.answer is not None else []
        if not self._many:
            self._give_one(pick.id)
            return
        wanted = [c for c in chosen if c != pick.id] if pick.id in chosen else [*chosen, pick.id]
        if wanted:
            self.given.emit(" ".join(p.id for p in self._picks if p.id in wanted), False)
        else:
            self.cleared.emit()
        if pick.id == OTHER and OTHER in wanted:
            self.other.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give_one(self, choice_id: str) -> None:
        wants_words = choice_id == OTHER and self.row is not None and self.row.item.answer.other
        self.given.emit(choice_id, not wants_words)
        if wants_words:
            self.other.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_combo(self, index: int) -> None:
        choice = self.combo.itemData(index)
        if choice:
            self.line.setModified(False)
            self._give_one(str(choice))

    def _on_combo_enter(self) -> None:
        """The choice that is written there, else the first that holds what is written."""
        text = self.line.text().strip().casefold()
        found = [p for p in self._picks if p.label.casefold() == text]
        found = found or [p for p in self._picks if text and text in p.label.casefold()]
        completer = self.combo.completer()
        popup = completer.popup() if completer is not None else None
        if popup is not None:
            popup.hide()
        if found:
            self.combo.setCurrentIndex(self.combo.findData(found[0].id))
            self.line.setModified(False)
            self._give_one(found[0].id)
        elif not text:
            self.cleared.emit()

    def _on_other(self) -> None:
        row = self.row
        if row is not None and row.answer is not None and self.other.text().strip() != row.answer.note:
            self.noted.emit(self.other.text().strip())

    def _on_other_enter(self) -> None:
        self._on_other()
        self.entered.emit()

    def flush(self) -> None:
        if not self.other.isHidden():
            self._on_other()

    def is_being_written(self) -> bool:
        row = self.row
        note = row.answer.note if row is not None and row.answer is not None else ""
        return not self.other.isHidden() and self.other.hasFocus() and self.other.text().strip() != note

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chips = self.chips
        here = next((n for n, chip in enumerate(chips) if chip.hasFocus()), -1)
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if here < 0:
            super().keyPressEvent(event)
        elif event.key() in steps:
            chips[(here + steps[Qt.Key(event.key())]) % len(chips)].setFocus(Qt.FocusReason.TabFocusReason)
        elif Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9:
            self.press(event.key() - Qt.Key.Key_0)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._many:
            self.entered.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            chips[here].click()
        else:
            super().keyPressEvent(event)


def _is_searched(row: Row) -> bool:
    if row.kind is not AnswerKind.CHOICE:
        return False
    looks = row.item.appearance.split()
    return len(row.picks) > MOST_CHIPS or "minimal" in looks or "autocomplete" in looks
