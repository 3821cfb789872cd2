"""The head of Fill (where we are, what is saved, jump, what is missing, sign) and the strip of keys at its foot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QWidget
from shiboken6 import isValid

from safetyapp.texts import Texts
from safetyapp.ui.fill_jump import JumpBox
from safetyapp.ui.item_model import ItemModel, Totals
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import (
    Button,
    IconLabel,
    Kind,
    Label,
    Line,
    PrimaryButton,
    announce,
    key_cap_width,
    paint_key_cap,
)
from safetyapp.ui.work_header import WorkHeader


class SavedSign(QWidget):
    """已存本机 14:32:07: the true time of the last commit; 正在存 when that takes long; 没有存上."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.metrics.px(6))
        self._icon = IconLabel(look, "check", 16, "brand")
        self._words = Label(look, "", Style.COMPACT, "brand", elide=Qt.TextElideMode.ElideNone)
        row.addWidget(self._icon)
        row.addWidget(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._icon.hide()
        self._state = ""
        self._time = ""
        self._is_short = False

    def text(self) -> str:
        return self._words.text()

    @property
    def is_ticked(self) -> bool:
        """Whether it says that everything is on the disk."""
        return self._state == "saved"

    def show_saved(self, time: str) -> None:
        """Everything that was handed over is on the disk since `time`."""
        self._time = time
        self._show("saved")

    def show_written(self) -> None:
        """Something was written since; while it says that it saves or could not, it goes on saying that."""
        if self._state in ("", "saved"):
            self._show("written")

    def show_settled(self) -> None:
        """Nothing was written since after all."""
        if self._state == "written":
            self._show("saved" if self._time else "")

    def show_saving(self) -> None:
        self._show("saving")

    def show_failed(self) -> None:
        self._show("not_saved_short")
        announce(self)

    def set_short(self, short: bool) -> None:
        """Only the tick and the time, where there is no room for words."""
        if short != self._is_short:
            self._is_short = short
            self._show(self._state)

    def _show(self, state: str) -> None:
        self._state = state
        looks = {
            "saved": ("check", "brand"), "written": ("dots", "ink2"), "saving": ("device-floppy", "ink2"),
            "not_saved_short": ("alert-octagon", "ink"),
        }  # fmt: skip
        icon, colour = looks.get(state, ("dots", "ink2"))
        is_known = bool(state) and (state != "written" or bool(self._time))
        text = self._texts.say(f"fill.{state}", time=self._time) if is_known else ""
        self._icon.set_icon(icon, colour)
        self._icon.setVisible(bool(state))
        self._words.set_colour(colour)
        timed = state in ("saved", "written")
        self._words.setText(self._time if self._is_short and timed else text)
        self.setAccessibleName(text)
        self.setToolTip(text if self._is_short else "")


class FillHeader(WorkHeader):
    """48 px: back, title, saved, jump, unanswered, findings, sign. What does not fit is left out from the left."""

    next_open = Signal()
    next_fail = Signal()
    sign = Signal()
    give = Signal()
    help = Signal()
    left = Signal()
    """The jump box was left, and nothing is there any more to go back to."""

    def __init__(self, look: Look, texts: Texts, items: ItemModel, title: str, facts: str) -> None:
        super().__init__(look, texts.say("fill.back"), title, facts)
        self._texts = texts
        px, say, row = look.metrics.px, texts.say, self.row
        self.saved = SavedSign(look, texts)
        row.addWidget(self.saved)
        self._bar = Line(look, standing=True)
        self._bar.setFixedHeight(px(24))
        row.addWidget(self._bar)
        self.score = Label(look, "", Style.STRONG, elide=Qt.TextElideMode.ElideNone)
        self.score.hide()
        row.addWidget(self.score)
        self.jump = JumpBox(look, texts, items)
        row.addWidget(self.jump)
        self.jump_button = Button(look, say("fill.jump"), icon="search", kind=Kind.ICON)
        self.jump_button.clicked.connect(self.open_jump)
        row.addWidget(self.jump_button)
        self.tray_button = Button(look, say("photos.tray.button"), icon="inbox", keys="Ctrl J", kind=Kind.ICON)
        row.addWidget(self.tray_button)
        self._tray = ("", "")
        self.open_button = Button(look, say("fill.unanswered"), keys="F8", lead="0")
        self.open_button.clicked.connect(self.next_open)
        row.addWidget(self.open_button)
        self.fail_button = Button(look, say("fill.findings"), lead="0")
        self.fail_button.clicked.connect(self.next_fail)
        row.addWidget(self.fail_button)
        self.help_button = Button(look, say("fill.help_open"), icon="help-circle", kind=Kind.ICON, keys="F1")
        self.help_button.clicked.connect(self.help)
        row.addWidget(self.help_button)
        self.give_button = Button(look, say("handover.give_to"), keys="Ctrl J")
        self.give_button.clicked.connect(self.give)
        self.give_button.hide()
        row.addWidget(self.give_button)
        self.sign_button = PrimaryButton(look, say("fill.check_and_sign"), icon="signature", keys="F9")
        self.sign_button.clicked.connect(self.sign)
        row.addWidget(self.sign_button)
        self._wants_help_button = False
        self._jump_is_open = False
        self._came_from: QWidget | None = None
        self.jump.left.connect(self._on_jump_left)
        self.jump.jumped.connect(lambda _: self._set_jump(False))

    def show_totals(self, totals: Totals) -> None:
        say = self._texts.say
        self.open_button.set_words(say("fill.unanswered"), str(totals.unanswered))
        self.open_button.setAccessibleName(say("fill.unanswered_name", n=totals.unanswered))
        self.fail_button.set_words(say("fill.findings"), str(totals.findings))
        self.fail_button.setAccessibleName(say("fill.findings_name", n=totals.findings))

    def show_score(self, text: str) -> None:
        """What the answers come to so far; nothing where the form has no score."""
        self.score.setText(text)
        self.score.setAccessibleName(f"{self._texts.say('fill.score')} {text}" if text else "")
        self.score.setToolTip(self._texts.say("fill.score"))
        self.fold()

    def show_tray(self, words: str, short: str, name: str) -> None:
        """What waits in the tray, and which folder is watched; both empty: only the way to it."""
        self._tray = (words, short)
        self.fold()
        self.tray_button.setAccessibleName(name)
        self.tray_button.setToolTip(name)

    def _fold_tray(self, width: float) -> None:
        words, short = self._tray
        said = words if width >= 1180 else short if width >= 900 else ""
        self.tray_button.set_kind(Kind.NORMAL if said else Kind.ICON)
        self.tray_button.set_keys("" if said else "Ctrl J")
        self.tray_button.set_words(said or self._texts.say("photos.tray.button"))
        self.tray_button.setVisible(width >= 900 or (bool(words) and width >= 640))

    def show_help_button(self, wanted: bool) -> None:
        self._wants_help_button = wanted
        self.fold()

    def open_jump(self) -> None:
        """Ctrl+G; Esc goes back to where the focus was."""
        focused = QApplication.focusWidget()
        if focused is not self.jump:
            self._came_from = focused
        self._set_jump(True)
        self.jump.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.jump.selectAll()

    def _on_jump_left(self) -> None:
        came_from, self._came_from = self._came_from, None
        self._set_jump(False)
        if came_from is not None and isValid(came_from) and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    def _set_jump(self, is_open: bool) -> None:
        self._jump_is_open = is_open
        self.fold()

    def fold(self) -> None:
        """Shows what fits, the sign button always."""
        width = self._look.metrics.breadth(self.width())
        px = self._look.metrics.px
        narrow_jump = width < 1120
        small = width < 760
        self.jump.setVisible(not narrow_jump or self._jump_is_open)
        self.jump.set_wide(px(160 if width < 1120 else 150 if self._tray[0] and width < 1300 else 190))
        self._fold_tray(width)
        self.jump_button.setVisible(narrow_jump and not self._jump_is_open and width >= 640)
        self.fail_button.setVisible(width >= 1300)
        self.give_button.setVisible(width >= 1500)
        self.score.setVisible(bool(self.score.text()) and width >= 900)
        self._bar.setVisible(width >= 1000)
        self.help_button.setVisible(self._wants_help_button and not small)
        self.saved.set_short(width < 700)
        self.saved.setVisible(not (narrow_jump and self._jump_is_open))
        self.facts.setVisible(width >= 500)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fold()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.metrics.px(300), self._look.metrics.work_header)


class KeyStrip(QWidget):
    """The keys that act just now, how far we are, and the photos that are missing. 30 px, painted."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self.setFixedHeight(look.metrics.px(30))
        self._hints: tuple[tuple[tuple[str, ...], str], ...] = ()
        self._totals = Totals(0, 0, 0, 0, 0)
        look.theme_changed.connect(self.update)

    def show_hints(self, hints: tuple[tuple[tuple[str, ...], str], ...]) -> None:
        if hints != self._hints:
            self._hints = hints
            self.update()

    def show_totals(self, totals: Totals) -> None:
        if totals != self._totals:
            self._totals = totals
            self.setAccessibleName(f"{self._progress()} {self._photos()}")
            self.update()

    def _progress(self) -> str:
        return self._texts.say("fill.progress", done=self._totals.answered, all=self._totals.items)

    def _photos(self) -> str:
        missing = self._totals.photos_missing
        return self._texts.say("fill.photos_missing", n=missing) if missing else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("bg_surface"))
        painter.fillRect(0, 0, self.width(), 1, look.colour("line"))
        right = self._paint_right(painter, px)
        painter.setFont(look.font(Style.COMPACT))
        metrics = look.font_metrics(Style.COMPACT)
        x, middle = px(14), self.height() // 2
        for keys, word in self._hints:
            wide = sum(key_cap_width(look, key) + px(3) for key in keys) + metrics.horizontalAdvance(word) + px(2)
            if x + wide > right - px(16):
                break
            for key in keys:
                x += paint_key_cap(painter, x, middle, key, look, look.colour("ink2")) + px(3)
            painter.setPen(look.colour("ink2"))
            line = QRect(x, 0, wide, self.height())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, word)
            x += metrics.horizontalAdvance(word) + px(16)
        painter.end()

    def _paint_right(self, painter: QPainter, px: Callable[[float], int]) -> int:
        look = self._look
        metrics = look.font_metrics(Style.COMPACT)
        painter.setFont(look.font(Style.COMPACT))
        x = self.width() - px(14)
        photos = self._photos()
        if photos:
            x -= metrics.horizontalAdvance(photos)
            painter.setPen(look.colour("ink2"))
            painter.drawText(QRect(x, 0, px(400), self.height()), Qt.AlignmentFlag.AlignVCenter, photos)
            x -= px(14)
        bar = QRect(x - px(120), (self.height() - px(6)) // 2, px(120), px(6))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("bg_sunken"))
        painter.drawRoundedRect(bar, px(3), px(3))
        if self._totals.items:
            part = round(bar.width() * self._totals.answered / self._totals.items)
            painter.setBrush(look.colour("brand"))
            painter.drawRoundedRect(QRect(bar.x(), bar.y(), part, bar.height()), px(3), px(3))
        progress = self._progress()
        x = bar.x() - px(14) - metrics.horizontalAdvance(progress)
        painter.setPen(look.colour("ink2"))
        painter.drawText(QRect(x, 0, px(400), self.height()), Qt.AlignmentFlag.AlignVCenter, progress)
        return x
