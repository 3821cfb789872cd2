"""What happens: the trouble bar, the toast, the progress line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.words import IconLabel, Label


class TroubleBar(QWidget):
    """Something went wrong and stays said until it is solved or closed: sentence and at most two buttons.

    One at a time, the newest; `(+n)` counts the others.
    """

    def __init__(self, look: Look, close_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        px = look.metrics.px
        self._stack: list[tuple[str, str, tuple[tuple[str, Callable[[], object]], ...]]] = []
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(px(16), px(4), px(8), px(4))
        self.row.setSpacing(px(12))
        self.row.addWidget(IconLabel(look, "alert-octagon", 20, "on_trouble"))
        self._sentence = Label(
            look,
            "",
            Style.COMPACT,
            "on_trouble",
            wrap=True,
            align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        )
        self.row.addWidget(self._sentence, 1)
        self._buttons: list[Button] = []
        self._close = Button(look, close_text, kind=Kind.TROUBLE)
        self._close.clicked.connect(self._on_close)
        self.row.addWidget(self._close)
        self.setMinimumHeight(px(40))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()
        look.theme_changed.connect(self.update)

    def show_trouble(
        self, sentence: str, actions: Sequence[tuple[str, Callable[[], object]]] = (), key: str = ""
    ) -> None:
        """Says it. The same `key` again replaces what it said."""
        key = key or sentence
        self._stack = [entry for entry in self._stack if entry[0] != key]
        self._stack.append((key, sentence, tuple(actions)))
        self._show_last()

    def clear(self, key: str = "") -> None:
        """It is solved: takes away what was said under `key`, or everything."""
        self._stack = [entry for entry in self._stack if key and entry[0] != key]
        self._show_last()

    def text(self) -> str:
        return self._sentence.text() if self._stack else ""

    def _on_close(self) -> None:
        if self._stack:
            self._stack.pop()
        self._show_last()

    def _show_last(self) -> None:
        for button in self._buttons:
            self.row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        if not self._stack:
            self.hide()
            return
        _, sentence, actions = self._stack[-1]
        others = len(self._stack) - 1
        self._sentence.setText(sentence + (f"  (+{others})" if others else ""))
        self.setAccessibleName(sentence)
        for text, action in actions:
            button = Button(self._look, text, kind=Kind.TROUBLE)
            button.clicked.connect(action)
            self.row.insertWidget(self.row.count() - 1, button)
            self._buttons.append(button)
        self.show()
        announce(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("trouble"))
        painter.end()


class Toast(QFrame):
    """A short word at the bottom of the window: 4 s, or 10 s when it can be undone; waits under pointer or focus."""

    said = Signal(str)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._host = parent
        px = look.metrics.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(2), px(8), px(2))
        row.setSpacing(px(10))
        self._icon = IconLabel(look, "check", 16, "brand")
        self._words = Label(look, "", Style.COMPACT, wrap=False)
        self._action = Button(look, "", kind=Kind.LINK)
        self._do: Callable[[], object] | None = None
        self._action.clicked.connect(self._on_action)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self.hide()
        look.theme_changed.connect(self.update)

    def say(self, sentence: str, action: str = "", do: Callable[[], object] | None = None, icon: str = "check") -> None:
        """Shows it, replacing what stood there."""
        self._words.setText(sentence)
        self._icon.set_icon(icon)
        self._do = do
        self._action.set_words(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(sentence)
        self.adjustSize()
        self._place()
        self._host.installEventFilter(self)
        self.show()
        self.raise_()
        self._timer.start(10_000 if action else 4_000)
        announce(self)
        self.said.emit(sentence)

    def text(self) -> str:
        return self._words.text() if not self.isHidden() else ""

    def _on_action(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()

    def _on_time(self) -> None:
        if self.underMouse() or self._action.hasFocus():
            self._timer.start(1_000)
        else:
            self.hide()

    def _place(self) -> None:
        host = self._host
        px = self._look.metrics.px
        width = min(max(self.sizeHint().width(), px(280)), host.width() - px(32))
        height = max(px(36), self.sizeHint().height())
        self.setGeometry((host.width() - width) // 2, host.height() - height - px(20), width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self._look.colour("bg_surface"))
        painter.setPen(QPen(self._look.colour("line_strong"), 1))
        radius = self._look.metrics.radius
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()


class DropHint(QWidget):
    """Lies over the window while files are dragged over it, and says what letting go does."""

    def __init__(self, look: Look, sentence: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._sentence, self._host = look, sentence, parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(sentence)
        self.hide()

    def appear(self) -> None:
        self.setGeometry(self._host.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(look.colour("bg_app"))
        veil.setAlphaF(0.88)
        painter.fillRect(self.rect(), veil)
        pen = QPen(look.colour("brand"), px(2))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        box = QRectF(self.rect()).adjusted(px(16), px(16), -px(16), -px(16))
        painter.drawRoundedRect(box, look.metrics.radius_card, look.metrics.radius_card)
        painter.setPen(look.colour("ink"))
        painter.setFont(look.font(Style.H2))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._sentence)
        painter.end()


class ProgressLine(QWidget):
    """Work under way: a 6-px bar and "第 3 / 11 张照片". Shown after 400 ms; 停 appears after 2 s."""

    stopped = Signal()

    def __init__(self, look: Look, stop_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(6), px(16), px(8))
        column.setSpacing(px(6))
        row = QHBoxLayout()
        self._words = Label(look, "", Style.COMPACT)
        row.addWidget(self._words, 1)
        self._stop = Button(look, stop_text)
        self._stop.clicked.connect(self.stopped)
        row.addWidget(self._stop)
        column.addLayout(row)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column.addWidget(self._bar)
        keep = self._stop.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._stop.setSizePolicy(keep)
        self._can_stop = True
        self._show_timer = self._timer(400, self._on_show)
        self._stop_timer = self._timer(2_000, self._on_offer_stop)
        self.hide()

    def _timer(self, after: int, then: Callable[[], object]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after)
        timer.timeout.connect(then)
        return timer

    def begin(self, text: str, can_stop: bool = True) -> None:
        """Work has begun."""
        self._can_stop = can_stop
        self._stop.hide()
        self._bar.setRange(0, 0)
        self.set_text(text)
        self._show_timer.start()
        self._stop_timer.start()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Where it is; a total of 0 is not known."""
        self._bar.setRange(0, max(0, total))
        self._bar.setValue(done)
        if text:
            self.set_text(text)

    def set_text(self, text: str) -> None:
        self._words.setText(text)
        self._bar.setAccessibleName(text)
        self.setAccessibleName(text)

    def end(self) -> None:
        """Work has ended, one way or another."""
        self._show_timer.stop()
        self._stop_timer.stop()
        self.hide()

    def _on_show(self) -> None:
        self.show()

    def _on_offer_stop(self) -> None:
        self._stop.setVisible(self._can_stop)


def announce(widget: QWidget) -> None:
    """Tells a screen reader that this has something to say."""
    from PySide6.QtGui import QAccessible, QAccessibleEvent

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
