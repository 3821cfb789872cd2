"""Going from item to item in Fill: to a named one, to a section, to what is still missing, on after an answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from safetyapp.domain.address import rows_of
from safetyapp.domain.form import ItemId
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.item_fields import WORDED
from safetyapp.ui.item_model import Show
from safetyapp.ui.item_rows import Row


class Walk(QObject):
    """Makes another item the current one; what is written at the former is handed over on the way."""

    cell_wanted = Signal(str)
    """A place in a table is wanted."""
    item_wanted = Signal()
    """A place in the list is wanted."""

    def __init__(self, parts: FillParts, editor: OpenItem, flush: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._editor, self._flush = parts, editor, flush
        self._texts, self._model, self._view, self._toast = parts.texts, parts.model, parts.view, parts.toast
        parts.sections.section_wanted.connect(self.go_to_section)
        parts.sections.item_wanted.connect(lambda item: self.go_to(item))
        header = parts.header
        header.next_open.connect(self.next_open)
        header.next_fail.connect(self.next_fail)
        header.jump.jumped.connect(lambda item: self.go_to(item))
        header.left.connect(parts.pane.focus_list)

    def go_to(self, item: str, focus: bool = True) -> None:
        """Makes an item the current one, showing all items when the filter hides it."""
        name = ItemId(item)
        if rows_of(name):
            self.cell_wanted.emit(name)
            return
        if name not in self._model.position:
            return
        if self._model.row_of(name).is_closed and self._model.find(name) < 0:
            self._toast.say(self._texts.say("fill.closed", item=name), icon="info-circle")
            return
        if self._model.find(name) < 0:
            self._parts.pane.show_only(Show.ALL)
        self.item_wanted.emit()
        self._view.go_to(name)
        if focus:
            self._parts.pane.focus_list()

    def go_to_section(self, number: int) -> None:
        """The first unanswered item of a section, else its first."""
        rows = self._rows_of(number)
        target = next((row for row in rows if row.is_open), rows[0] if rows else self._model.first_of(number))
        if target is not None:
            self.go_to(target.id)

    def step_section(self, by: int) -> None:
        """To the first item of the next or previous section."""
        row = self._view.current_row()
        wanted = (row.section if row is not None else 0) + by
        if 0 <= wanted < len(self._model.sections):
            rows = self._rows_of(wanted)
            target = rows[0] if rows else self._model.first_of(wanted)
            if target is not None:
                self.go_to(target.id)

    def _rows_of(self, section: int) -> list[Row]:
        """The rows of a section that the filter shows; all of them when it shows none."""
        rows = [row for row in self._model.section_rows(section) if not row.is_closed]
        return [row for row in rows if self._model.find(row.id) >= 0] or rows

    def go_to_end(self, first: bool) -> None:
        """To the first or the last row that is shown."""
        count = self._model.rowCount()
        if count:
            self.go_to(self._model.row(0 if first else count - 1).id)

    def go_on(self) -> None:
        """To the next row, after an answer; at the end what the filter no longer wants is taken out."""
        self._parts.pane.focus_list()
        if self._view.step(1):
            self._into_field()
            return
        if self._model.show is not Show.ALL:
            self._parts.body.flush()
            self._parts.pane.tidy(keep_current=False)
        elif not self._model.totals().unanswered:
            self._toast.say(self._texts.say("fill.all_answered"))
        row = self._view.current_row()
        if row is not None:
            self._editor.show(row, opened=False)
            self._view.settle()

    def _into_field(self) -> None:
        """Where words are wanted the next stroke is one of them, whatever keyboard is on."""
        row = self._view.current_row()
        if row is not None and row.is_field and row.kind in WORDED:
            self._parts.field.setFocus(Qt.FocusReason.TabFocusReason)

    def _position(self) -> int:
        here = self._view.current_item()
        return self._model.position[here] if here is not None else -1

    def next_open(self) -> None:
        """F8."""
        self._flush()
        item = self._model.next_open(self._position())
        if item is None:
            self._toast.say(self._texts.say("fill.all_answered"))
        else:
            self.go_to(item)

    def next_without_photo(self) -> None:
        """Shift+F8: the next failing item that wants a photo."""
        item = self._model.next_without_photo(self._position())
        if item is None:
            self._toast.say(self._texts.say("fill.all_photos"))
        else:
            self.go_to(item)
            self._editor.open(focus=False)
            self._parts.body.photos.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_fail(self) -> None:
        item = self._model.next_fail(self._position())
        if item is not None:
            self.go_to(item)

    def step_from_inside(self, by: int) -> None:
        """Alt with an arrow: to the next row from within a field; an open editor stays open at a fail."""
        was_open = self._editor.is_open()
        self._flush()
        if self._view.step(by) and was_open:
            row = self._view.current_row()
            if row is not None and row.fails:
                self._editor.open()
                return
        self._parts.pane.focus_list()
