"""Undo and redo in Fill: one step back or forth, shown where it happened."""

from __future__ import annotations

from collections.abc import Callable

from safetyapp.domain.address import item_of, rows_of
from safetyapp.domain.form import ItemId
from safetyapp.ui.fill_answers import AnswerDesk
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_script import Step
from safetyapp.ui.fill_unkept import Unkept
from safetyapp.ui.fill_walk import Walk
from safetyapp.ui.item_rows import Way


class Undo:
    """Takes the keeper's steps back and goes to their items."""

    def __init__(
        self, parts: FillParts, unkept: Unkept, editor: OpenItem, walk: Walk, answers: AnswerDesk,
        flush: Callable[[], None],
    ) -> None:  # fmt: skip
        self._parts, self._unkept, self._editor, self._walk = parts, unkept, editor, walk
        self._answers, self._flush = answers, flush

    def undo(self) -> None:
        self._flush()
        self._show(self._parts.keeper.undo(), "undone", "nothing_to_undo")

    def redo(self) -> None:
        self._show(self._parts.keeper.redo(), "redone", "nothing_to_redo")

    def _show(self, step: Step | None, done: str, nothing: str) -> None:
        toast, say, view = self._parts.toast, self._parts.texts.say, self._parts.view
        if step is None:
            toast.say(say(f"fill.{nothing}"), icon="info-circle")
            return
        item = step.item
        self._unkept.accept(item, readings=True)
        if rows_of(item) or self._model_is_table(item):
            toast.say(say(f"fill.{done}", item=item_of(item)))
            return
        opened = self._editor.is_open() and item == view.current_item()
        self._walk.go_to(item, focus=not opened)
        row = view.current_row()
        if row is not None:
            self._answers.show_kept(row)
        if step.count > 1:
            toast.say(say(f"fill_aids.{done}", n=step.count))
        else:
            toast.say(say(f"fill.{done}", item=item))

    def _model_is_table(self, item: ItemId) -> bool:
        return self._parts.model.row_of(item).way is Way.TABLE
