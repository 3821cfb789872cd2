"""What a person does with answers in Fill: a key or a click, a value typed over the row, a case, further readings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer
from safetyapp.domain.problem import Problem
from safetyapp.ui import fill_words
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_unkept import Unkept
from safetyapp.ui.fill_words import NO_JUDGEMENT
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.value_words import field_text


class AnswerDesk(QObject):
    """Takes answers from the list, from the value field and from the editor, and hands them to the keeper."""

    given = Signal()
    """The current item is answered and wants nothing more: go on."""
    table_wanted = Signal(str)
    """A table is to be opened."""
    judged = Signal()
    """What is being typed was looked at."""

    def __init__(self, parts: FillParts, unkept: Unkept, editor: OpenItem, screen: QWidget) -> None:
        super().__init__(screen)
        self._parts, self._unkept, self._editor = parts, unkept, editor
        self._texts, self._keeper, self._model = parts.texts, parts.keeper, parts.model
        self._view, self._body, self._field = parts.view, parts.body, parts.field
        self.item: ItemId | None = None
        """The item that the value field belongs to."""
        view, field, body = self._view, self._field, self._body
        view.answered.connect(self._on_answered)
        view.chosen.connect(self._on_chosen)
        view.opened.connect(self._on_opened)
        view.typed.connect(self.take_up)
        field.live.connect(self._on_live)
        field.entered.connect(self._on_entered)
        field.kept.connect(lambda _: self.keep_value())
        field.moved.connect(self._on_moved)
        field.not_applicable.connect(self._on_not_applicable)
        body.case_chosen.connect(self._on_case)
        body.readings_changed.connect(self._on_readings)
        body.entered.connect(self.given)

    # from the list

    def _on_answered(self, item: str, value: object) -> None:
        name = ItemId(item)
        row = self._model.row_of(name)
        self._unkept.accept(name, readings=value in (None, Outcome.NA))
        self._body.show_error(self._unkept.why_readings(name))
        if value is None:
            if row.answer is not None:
                self._keeper.clear(name)
            if name == self._view.current_item():
                self.show_field(self._model.row_of(name), another=True)
            return
        try:
            self._answer(name, str(value))
        except Problem as problem:
            self.refuse(name, str(value), fill_words.refusal_text(self._texts, problem, row.kind))
            return
        if self._model.row_of(name).fails:
            self._editor.open()
        else:
            self.given.emit()

    def _on_chosen(self, item: str, place: int) -> None:
        """A number key where the answers on offer stand under the row."""
        if item == self._view.current_item():
            self._body.answer.press(place)

    def accept(self, item: str) -> None:
        """What was refused at an item is answered or given up."""
        if self._model.refused(ItemId(item)):
            self._unkept.accept(ItemId(item))
            self._body.show_error(self._unkept.why_readings(ItemId(item)))

    def refuse(self, item: ItemId, typed: str, sentence: str) -> None:
        """What was answered cannot be kept: it is said at the item, and holds until it is corrected."""
        self._unkept.refuse_value(item, typed, sentence)
        if item == self._view.current_item():
            self._field.set_wrong(True)
            self._body.show_error(sentence)
            self._editor.show(self._model.row_of(item), opened=self._editor.is_open())
            self._view.settle()

    def _answer(self, item: ItemId, text: str) -> None:
        """Raises Problem bad-value."""
        waiting = self._unkept.waiting.get(item)
        case = self._body.chosen_case(item)
        self._keeper.answer(item, text, case=case, readings=waiting or None)
        self._unkept.waiting.pop(item, None)

    def _on_opened(self, item: str) -> None:
        row = self._view.current_row()
        if row is None:
            return
        if row.way is Way.TABLE:
            self.table_wanted.emit(row.id)
        elif row.is_field and not row.fails:
            self.take_up(item, "")
        elif row.way is not Way.SHOWN:
            self._editor.open()

    # the value field over the row

    def take_up(self, item: str, text: str) -> None:
        """A digit in the list begins the value; Enter or a click goes into the field."""
        field = self._field
        if not field.isVisible():
            return
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if text:
            field.setText(text)
            self._on_live(text)
        else:
            field.selectAll()

    def show_field(self, row: Row, another: bool = False) -> None:
        """The live field over the painted one, for items that are a number or a day. What is being typed stays, but
        never goes along to another item."""
        self._view.delegate.field_is_live = row.is_field
        if not row.is_field:
            return
        field, answer = self._field, row.item.answer
        field.set_kind(
            row.kind, self._keeper.shown.inspection.inspected_on,
            future=answer.future or answer.limits.not_expired, may_not_apply=row.may_not_apply,
        )  # fmt: skip
        field.setAccessibleName(self._texts.say("fill.field.value_name", item=row.id))
        unread = self._view.delegate.typed.get(row.id)
        if another or not field.hasFocus():
            field.setText(unread if unread is not None else self._kept_text(row))
        field.set_wrong(unread is not None)

    def _kept_text(self, row: Row) -> str:
        """The kept value as the field shows it."""
        return field_text(self._texts, row.kind, row.answer.value) if row.answer is not None else ""

    def show_kept(self, row: Row) -> None:
        """The field says what is kept, whatever was being typed."""
        self._field.setText(self._kept_text(row))

    def _on_live(self, text: str) -> None:
        row = self._view.current_row()
        if row is None:
            return
        self._body.show_error("")
        self._field.set_wrong(False)
        inspection, answer = self._keeper.shown.inspection, row.item.answer
        read, _ = fill_words.read_or_reason(answer, text, inspection.inspected_on, None)
        judgement = NO_JUDGEMENT
        if read is not None:
            given = Answer(row.id, read, inspection.started_at, case=self._body.chosen_case(row.id))
            judgement = fill_words.judge_answer(
                self._texts, row.item, given, inspection.school, inspection.inspected_on, row.level,
                self._keeper.shown.reckoned,
            )  # fmt: skip
        self._view.delegate.live = (row.id, judgement)
        self._view.paint_row(row.id)
        self.judged.emit()

    def keep_value(self) -> bool:
        """Keeps what stands in the field; False when it cannot be read."""
        name = self.item
        if name is None or not self._view.delegate.field_is_live:
            return True
        row = self._model.row_of(name)
        self._view.delegate.live = None
        text = self._field.text().strip()
        if not row.is_field:
            return True
        if text == self._kept_text(row):
            self._unkept.accept(name)
            return True
        if not text:
            self._unkept.accept(name)
            self._keeper.clear(name)
            return True
        try:
            self._answer(name, text)
        except Problem as problem:
            self.refuse(name, self._field.text(), fill_words.refusal_text(self._texts, problem, row.kind))
            return False
        self._unkept.accept(name)
        return True

    def is_being_typed(self) -> bool:
        """Whether something stands in the field, or in readings that wait for it, that is not kept."""
        if any(self._unkept.waiting.values()):
            return True
        row = self._view.current_row()
        if row is None or not row.is_field or row.id != self.item or not self._view.delegate.field_is_live:
            return False
        return self._field.text().strip() != self._kept_text(row)

    def _on_entered(self, _: str) -> None:
        if not self.keep_value():
            if self.item is not None:
                self._unkept.was_told(self.item)
            return
        row = self._view.current_row()
        if row is None:
            return
        self.show_kept(row)
        empty = next((r for r in self._body.readings.used() if not r.text()), None)
        if row.fails:
            self._editor.open()
        elif empty is not None and row.answer is not None and self._body.isVisible():
            empty.control.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.given.emit()

    def _on_moved(self, by: int) -> None:
        item = self.item
        if not self.keep_value() and item is not None and not self._unkept.was_told(item):
            return  # it is said beside the field; whoever presses again goes on
        self._parts.pane.focus_list()
        self._view.step(by)

    def _on_not_applicable(self) -> None:
        if self.item is not None:
            self._field.clear()
            self._on_answered(self.item, Outcome.NA)

    # what stands beside the answer

    def _on_case(self, case: str) -> None:
        row = self._view.current_row()
        if row is not None and row.answer is not None:
            self._keeper.answer(row.id, row.answer.value, case=case)
        elif row is not None:
            self._on_live(self._field.text())

    def _on_readings(self) -> None:
        place = self._body.place
        if place is None:
            return
        item = place.address
        good, wrong = self._body.readings.read(self._parts.tools.clock.now().date())
        self._unkept.judge_readings(item, wrong)
        row = self._model.row_of(item)
        self._body.show_error(row.refused)
        if wrong:
            self._view.body_resized()
        if row.answer is None:
            self._unkept.waiting[item] = good
        elif good != {r.id: r.value for r in row.answer.readings}:
            self._keeper.set_readings(item, good)
