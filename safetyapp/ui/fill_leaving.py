"""Going out of Fill: back, to the signing or with the window, only with everything on the disk and nothing unread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from safetyapp.domain.form import ItemId
from safetyapp.ui.fill_answers import AnswerDesk
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_rescue import Rescue
from safetyapp.ui.fill_unkept import Unkept
from safetyapp.ui.fill_walk import Walk

HOLD_CLOSING = 700
"""Milliseconds for which the window is kept open after it was said what could not be read."""


class Leaving(QObject):
    """Holds a person back once for what could not be read, going to it; the signing is held back every time."""

    back_requested = Signal()
    sign_requested = Signal(object)
    give_requested = Signal(object)

    def __init__(
        self, parts: FillParts, unkept: Unkept, walk: Walk, answers: AnswerDesk, rescue: Rescue,
        flush: Callable[[], None], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._parts, self._keeper = parts, parts.keeper
        self._unkept, self._walk, self._answers, self._rescue, self.flush = unkept, walk, answers, rescue, flush
        self._told: dict[ItemId, str] = {}
        self._holding = QElapsedTimer()
        parts.header.back.clicked.connect(self.leave)
        parts.header.sign.connect(self.sign)
        parts.header.give.connect(self.give)

    def leave(self) -> None:
        """Back, once everything is on the disk."""
        self.flush()
        if self._stays_for_refused():
            return
        self._keeper.when_kept(self.back_requested.emit)

    def sign(self) -> None:
        """F9: to the review, once everything is on the disk; never past something that could not be read."""
        self.when_kept("sign", lambda: self.sign_requested.emit(self._keeper.kept))

    def give(self) -> None:
        """Ctrl+J: to the hand-over, once everything is on the disk."""
        self.when_kept("leave", lambda: self.give_requested.emit(self._keeper.kept))

    def when_kept(self, key: str, then: Callable[[], None]) -> None:
        """Calls `then` once everything is on the disk; never past something that could not be read."""
        self.flush()
        if not self._go_to_refused(key):
            self._keeper.when_kept(then)

    def has_unsaved(self) -> bool:
        """Whether something is neither on the disk nor in a file of the person's yet, or cannot be read and that has
        only just been said; ask after `flush`."""
        if self._keeper.is_waiting() and not self._rescue.holds(self._keeper.shown.inspection):
            if self._holding.isValid():
                self._holding.restart()
            return True
        if self._stays_for_refused():
            self._holding.start()
        return self._holding.isValid() and not self._holding.hasExpired(HOLD_CLOSING)

    def _stays_for_refused(self) -> bool:
        """Leaving would lose what could not be read: said once, on the item."""
        refused = self._unkept.unread()
        if not refused or refused == self._told:
            return False
        self._told = refused
        return self._go_to_refused("leave")

    def _go_to_refused(self, key: str) -> bool:
        """To the first item with something that could not be read, and why it does not go on; False when all could."""
        item = next(iter(self._unkept.unread()), None)
        if item is None:
            return False
        self._walk.go_to(item)
        self._parts.trouble.show_trouble(self._unkept.sentence(item, key), key="refused")
        if self._unkept.holds_value(item):
            self._answers.take_up(item, "")
        return True
