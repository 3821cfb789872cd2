"""The item that is open in Fill: when the editor under the current row opens, shows another finding, and closes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_proposals import Proposals
from safetyapp.ui.fill_unkept import Unkept
from safetyapp.ui.item_rows import Row, Way


class OpenItem(QObject):
    """Brings the one editor to the current row: open, or only case and readings, or not at all."""

    changed = Signal()
    """The current item was opened or closed."""
    refilled = Signal()
    """The editor has other fields now."""

    def __init__(
        self, parts: FillParts, unkept: Unkept, proposals: Proposals, flush: Callable[[], None], parent: QObject
    ) -> None:
        """`flush` hands over what stands in fields; it is called before they go."""
        super().__init__(parent)
        self._parts, self._unkept, self._proposals, self._flush = parts, unkept, proposals, flush
        self.ordinal = 1
        """The finding that is shown of the current item."""
        self._note_open = False
        body = parts.body
        body.finding_chosen.connect(self._on_finding_chosen)
        body.note_written.connect(self._on_note)
        body.closed.connect(self.close)
        parts.field.given_up.connect(self.close)

    def begin(self) -> None:
        """Another item is the current one: its first finding, and no empty note."""
        self.ordinal, self._note_open = 1, False

    def show(self, row: Row, opened: bool) -> None:
        """Fills the editor with a row, and says whether it stands under it; the view's `settle` puts it there."""
        parts, body = self._parts, self._parts.body
        shown = opened or body.is_needed(row)
        fresh = body.place is None or body.place.address != row.id
        if shown or (not fresh and body.isVisible()):
            phrases = self._proposals.phrases(row) if opened and row.fails else None
            self.ordinal = body.show_row(
                row, parts.model.form, parts.keeper.shown.inspection, self._proposals.places(), opened, self.ordinal,
                self._note_open, phrases, self._unkept.waiting.get(row.id, {}),
            )  # fmt: skip
        elif fresh:
            body.leave()
        parts.view.set_body(shown)
        if shown:
            self.refilled.emit()

    def is_open(self) -> bool:
        place = self._parts.body.place
        return self._parts.view.delegate.is_open and place is not None and place.opened

    def open(self, focus: bool = True) -> None:
        """Opens the current item; the cursor goes to the first field that wants something."""
        row = self._parts.view.current_row()
        if row is None:
            return
        self.show(row, opened=True)
        self._parts.view.settle()
        if focus:
            self._first_field().setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _first_field(self) -> QWidget:
        body = self._parts.body
        row = self._parts.view.current_row()
        if not body.finding.isHidden() and row is not None and row.way is Way.SEGMENTS:
            return body.finding.text
        panel = body.answer.first() if row is not None and row.way is Way.PANEL else None
        if panel is not None:
            return panel
        if not body.finding.isHidden():
            return body.finding.text
        if self._note_open:
            return body.note
        first = next((r.control for r in body.readings.used()), None)
        return first or body.photos.add

    def close(self) -> None:
        """Esc: closes the editor and keeps what is in it."""
        row = self._parts.view.current_row()
        self._flush()
        self._note_open = False
        self._parts.pane.focus_list()
        if row is not None:
            self.show(self._parts.model.row_of(row.id), opened=False)
            self._parts.view.settle()
        self.changed.emit()

    def open_note(self) -> None:
        """N: a remark at the item."""
        row = self._parts.view.current_row()
        if row is None or row.answer is None:
            self._parts.toast.say(self._parts.texts.say("fill.note_first"), icon="info-circle")
            return
        self._note_open = True
        self.open(focus=False)
        self._parts.body.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_note(self, text: str) -> None:
        place, keeper = self._parts.body.place, self._parts.keeper
        answer = keeper.shown.inspection.answers.get(place.address) if place is not None else None
        if answer is not None and answer.note != text:
            keeper.answer(answer.item, answer.value, note=text)

    def _on_finding_chosen(self, ordinal: int) -> None:
        self.ordinal = ordinal
        row = self._parts.view.current_row()
        if row is not None:
            self.show(row, opened=True)
            self._parts.view.settle(follow=False)
