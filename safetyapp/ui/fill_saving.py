"""What Fill says about saving: the sign in its header, and the trouble bar with its ways out while the disk refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer

from safetyapp.ui import fill_words
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_rescue import Rescue

SAVING_AFTER = 400
"""Milliseconds after which 正在存 is said: a save that is quicker needs no word."""


class SavingSigns(QObject):
    """Follows the keeper; never a tick while something is written that is not on the disk."""

    def __init__(self, parts: FillParts, rescue: Rescue, is_being_typed: Callable[[], bool], parent: QObject) -> None:
        """`is_being_typed` says whether something stands in the value field or its readings that is not kept."""
        super().__init__(parent)
        self._parts, self._rescue, self._is_being_typed = parts, rescue, is_being_typed
        self._texts, self._keeper, self._trouble = parts.texts, parts.keeper, parts.trouble
        self._saved = parts.header.saved
        self._saving_timer = QTimer(self)
        self._saving_timer.setSingleShot(True)
        self._saving_timer.setInterval(SAVING_AFTER)
        self._saving_timer.timeout.connect(self._saved.show_saving)
        self._keeper.committed.connect(self._on_committed)
        self._keeper.waiting.connect(self._on_waiting)
        self._keeper.trouble.connect(self._on_trouble)
        rescue.written.connect(parts.toast.say)
        rescue.failed.connect(self._on_rescue_failed)
        parts.body.touched.connect(self.show_state)

    def look_up_time(self) -> None:
        """Before anything is written here: when the draft was saved last."""
        draft, store = self._keeper.kept.inspection.id, self._parts.tools.store
        self._parts.jobs.data(
            lambda: next((row.changed_at for row in store.drafts() if row.id == draft), None),
            self._on_time,
            lambda _: None,
            owner=self,
            name="data fill",
        )

    def _on_time(self, at: object) -> None:
        if self._keeper.kept_at is None and isinstance(at, datetime):
            self._saved.show_saved(fill_words.clock_text(at))

    def show_state(self) -> None:
        """No tick while something is written that is not on the disk."""
        if self._is_being_written():
            self._saved.show_written()
        else:
            self._saved.show_settled()

    def _is_being_written(self) -> bool:
        if self._keeper.is_waiting() or self._parts.body.is_being_written():
            return True
        return any(row.refused for row in self._parts.model.every) or self._is_being_typed()

    def _on_waiting(self, waiting: bool) -> None:
        if not waiting:
            self._saving_timer.stop()
        elif not self._saving_timer.isActive():
            self._saving_timer.start()
        self.show_state()

    def _on_committed(self, at: object) -> None:
        self._trouble.clear("save")
        self._trouble.clear("rescue")
        self._parts.model.set_unsaved(frozenset())
        if isinstance(at, datetime):
            self._saved.show_saved(fill_words.clock_text(at))
        self.show_state()

    def _on_trouble(self, problem: object) -> None:
        self._saved.show_failed()
        self._parts.model.set_unsaved(self._keeper.unsaved_items())
        say = self._texts.say
        sentence = say("fill.not_saved", why=fill_words.why(self._texts, problem))
        if self._trouble.text() != sentence:  # it is tried again every few seconds: what is said already stays as it is
            ways = [(say("fill.save_again"), self._keeper.retry), (say("fill.rescue.button"), self._rescue.choose)]
            self._trouble.show_trouble(sentence, ways, key="save")

    def _on_rescue_failed(self, sentence: str) -> None:
        way = (self._texts.say("fill.rescue.button"), self._rescue.choose)
        self._trouble.show_trouble(sentence, [way], key="rescue")
