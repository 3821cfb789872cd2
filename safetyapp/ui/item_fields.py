"""The small fields that live in an item: a number or a day with its judgement, a text that grows, a calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QIcon, QKeyEvent, QResizeEvent, QTextCharFormat, QTransform
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLineEdit, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.ui import icons
from safetyapp.ui.fill_photos import carries_files, carries_pictures
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style

NEXT = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


WORDED = frozenset({AnswerKind.TEXT, AnswerKind.BARCODE})
"""What is written and not measured: it takes an input method and every letter."""


class ValueField(QLineEdit):
    """A number, a day, a time, a line of text. Where digits are wanted it takes no input method: they arrive as digits
    whatever keyboard is on."""

    live = Signal(str)
    """What stands there after each stroke."""
    entered = Signal(str)
    """Enter: keep it and go on."""
    kept = Signal(str)
    """The field was left: keep it."""
    moved = Signal(int)
    """Up or down from inside the field."""
    given_up = Signal()
    """Esc."""
    not_applicable = Signal()

    def __init__(self, look: Look, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._language = language
        self._on = date.min
        self._future = False
        self._may_not_apply = True
        self._day_action: QAction | None = None
        self.kind = AnswerKind.DECIMAL
        self.setFont(look.font(Style.STRONG))
        self.setMaxLength(4000)
        self.textEdited.connect(self.live)
        look.theme_changed.connect(self._renew_icon)
        self._popup: DayPopup | None = None
        self.set_kind(self.kind, self._on)

    def set_kind(self, kind: AnswerKind, on: date, *, future: bool = False, may_not_apply: bool = True) -> None:
        """What is asked for on a day; with `future` the calendar goes on after it."""
        self.kind, self._on, self._future, self._may_not_apply = kind, on, future, may_not_apply
        is_day = kind is AnswerKind.DATE
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, kind in WORDED)
        self.setAlignment(Qt.AlignmentFlag.AlignRight if kind.is_number else Qt.AlignmentFlag.AlignLeft)
        if is_day and self._day_action is None:
            self._day_action = QAction(self)
            self._day_action.triggered.connect(self.pick_day)
            self.addAction(self._day_action, QLineEdit.ActionPosition.TrailingPosition)
            self._renew_icon()
        elif not is_day and self._day_action is not None:
            self.removeAction(self._day_action)
            self._day_action = None

    def set_wrong(self, wrong: bool) -> None:
        """A heavier frame round what cannot be read."""
        value = "1" if wrong else "0"
        if self.property("wrong") != value:
            self.setProperty("wrong", value)
            self.style().unpolish(self)
            self.style().polish(self)

    def _renew_icon(self) -> None:
        if self._day_action is not None:
            self._day_action.setIcon(icons.icon("calendar", self._look.theme.ink2, self._look.metrics.px(16)))

    def pick_day(self) -> None:
        """Opens the calendar under the field."""
        if self._popup is None:
            self._popup = DayPopup(self._look, self._language, self)
            self._popup.chosen.connect(self._on_day)
        try:
            shown = date.fromisoformat(self.text())
        except ValueError:
            shown = self._on
        self._popup.pop_up(self.mapToGlobal(QPoint(0, self.height())), shown, latest=None if self._future else self._on)

    def _on_day(self, day: date) -> None:
        self.setText(day.isoformat())
        self.live.emit(self.text())
        self.kept.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in NEXT and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit(self.text())
        elif key == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif self._means_na(event):
            self.not_applicable.emit()
        else:
            super().keyPressEvent(event)

    def _means_na(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return event.key() == Qt.Key.Key_X and plain and self._may_not_apply and self.kind not in WORDED

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.kept.emit(self.text())

    def sizeHint(self) -> QSize:
        px = self._look.metrics.px
        return QSize(px(FIELD_WIDTHS.get(self.kind, 72)), px(32))


FIELD_WIDTHS = {
    AnswerKind.DATE: 124, AnswerKind.TIME: 96, AnswerKind.DATETIME: 168, AnswerKind.DURATION: 112,
    AnswerKind.TEXT: 260, AnswerKind.BARCODE: 200, AnswerKind.POSITION: 220,
}  # fmt: skip
"""px at 100 %; numbers have 72."""


class GrowingText(QPlainTextEdit):
    """A text of two lines that grows with what is written, up to eight. Tab leaves it."""

    height_changed = Signal()
    edited = Signal()
    left = Signal()
    pasted = Signal(object)
    """Files or a picture were pasted or dropped into the text: they are photos, not text."""

    def __init__(self, look: Look, lines: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._least = lines
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(look.metrics.px(2))
        self.setViewportMargins(look.metrics.px(4), 0, look.metrics.px(4), 0)
        self._quiet = False
        self.textChanged.connect(self._on_text)
        self.setFixedHeight(self._height_of(lines))

    def set_text(self, text: str) -> None:
        """Shows a text without saying that it was edited; the cursor goes to its end."""
        if text == self.toPlainText():
            return
        self._quiet = True
        self.setPlainText(text)
        self.moveCursor(self.textCursor().MoveOperation.End)
        self._quiet = False

    def _height_of(self, lines: int) -> int:
        px = self._look.metrics.px
        return self.fontMetrics().lineSpacing() * lines + 2 * px(3) + 2 * px(3) + 4

    def _on_text(self) -> None:
        if not self._quiet:
            self.edited.emit()
        self._fit()

    def _fit(self) -> None:
        lines = max(self._least, min(8, int(self.document().size().height())))
        height = self._height_of(lines)
        if height != self.height():
            self.setFixedHeight(height)
            self.height_changed.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if carries_files(source) or (source.hasImage() and not source.hasText()):
            self.pasted.emit(source)
        else:
            super().insertFromMimeData(source)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        if carries_files(source):
            return carries_pictures(source)
        return source.hasImage() or super().canInsertFromMimeData(source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class DayPopup(QFrame):
    """A calendar that pops up; Esc closes it, a click or Enter chooses."""

    chosen = Signal(object)

    def __init__(self, look: Look, language: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._look = look
        self.setProperty("card", "1")
        self._calendar = QCalendarWidget()
        self._calendar.setLocale(QLocale("zh_CN" if language == "zh" else "en_GB"))
        self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self._calendar.setGridVisible(False)
        self._calendar.clicked.connect(self._on_day)
        self._calendar.activated.connect(self._on_day)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._calendar)

    def pop_up(self, at: QPoint, shown: date, earliest: date | None = None, latest: date | None = None) -> None:
        self._dress()
        calendar = self._calendar
        calendar.setMinimumDate(_qdate(earliest) if earliest else QDate(1900, 1, 1))
        calendar.setMaximumDate(_qdate(latest) if latest else QDate(2200, 12, 31))
        calendar.setSelectedDate(_qdate(shown))
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = min(at.x(), screen.right() - self.width())
        y = at.y() if at.y() + self.height() <= screen.bottom() else max(screen.top(), at.y() - self.height() - 40)
        self.move(x, y)
        self.show()
        calendar.setFocus()

    def _dress(self) -> None:
        """In the colours of the theme as it is now: red week-ends and a filled bar would say what they do not mean."""
        theme, plain = self._look.theme, QTextCharFormat()
        plain.setForeground(self._look.colour("ink"))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self._calendar.setWeekdayTextFormat(day, plain)
        self._calendar.setStyleSheet(
            f"QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {theme.bg_surface}; }}"
            f"QCalendarWidget QToolButton {{ color: {theme.ink}; background: transparent; border: none; }}"
            "QCalendarWidget QToolButton::menu-indicator { image: none; }"
            f"QCalendarWidget QToolButton:hover {{ background: {theme.bg_hover}; }}"
            f"QCalendarWidget QAbstractItemView {{ selection-background-color: {theme.brand};"
            f" selection-color: {theme.on_brand}; }}"
            f"QCalendarWidget QAbstractItemView:disabled {{ color: {theme.line_strong}; }}"
        )
        for name, mirror in (("qt_calendar_prevmonth", -1), ("qt_calendar_nextmonth", 1)):
            button = self._calendar.findChild(QToolButton, name)
            if button is not None:
                arrow = icons.pixmap("chevron-right", self._look.metrics.px(16), theme.ink, 2.0)
                button.setIcon(QIcon(arrow.transformed(QTransform().scale(mirror, 1))))

    def _on_day(self, day: QDate) -> None:
        self.hide()
        self.chosen.emit(date(day.year(), day.month(), day.day()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
