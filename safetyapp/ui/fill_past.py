"""本校历次 beside an item in Fill: read once for a draft, off the window's thread, and shown in the help panel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from safetyapp.ui.past_part import PastPart
from safetyapp.ui.photo_thumbs import Thumbs

if TYPE_CHECKING:
    from safetyapp.domain.form import ItemId
    from safetyapp.ui.fill_parts import FillParts
    from safetyapp.workflow.past import ItemPast


class PastDesk(QObject):
    """Reads what was found at this school before, and hands it to the panel."""

    def __init__(self, parts: FillParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        thumb_path = parts.tools.store.thumb_path
        thumbs = Thumbs(parts.jobs, lambda link: thumb_path(link.photo))
        on = parts.keeper.shown.inspection.inspected_on
        self.part = PastPart(parts.look, parts.texts, thumbs, on)
        parts.help.add_past(self.part)

    def read(self) -> None:
        """Begins to read; the panel says so meanwhile."""
        from safetyapp.workflow.past import read_past

        tools, inspection = self._parts.tools, self._parts.keeper.shown.inspection
        self._parts.jobs.work(
            lambda _: read_past(tools.store, tools.signer, inspection),
            self._on_read,
            lambda _: self._on_failed(),
            owner=self,
            name="past",
        )

    def _on_read(self, past: Mapping[ItemId, ItemPast]) -> None:
        self.part.set_past(past)
        self._show_again()

    def _on_failed(self) -> None:
        self.part.set_failed()
        self._show_again()

    def _show_again(self) -> None:
        row = self._parts.view.current_row()
        if row is not None and self._parts.help.isVisible():
            self._parts.help.show_row(row, again=True)
