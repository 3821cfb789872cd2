"""What a person does with answers in Fill: a key or a click, a value typed over the row, a case, further readings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Outcome
from safetyapp.domain.problem import Problem
from safetyapp.ui import fill_words
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_unkept import Unkept
from safetyapp.ui.fill_words import NO_JUDGEMENT
from safetyapp.ui.item_model import Row


class AnswerDesk(QObject):
    """Takes answers from the list, from the value field and from the editor, and hands them to the keeper."""

    given = Signal()
    """The current item is answered and wants nothing more: go on."""
    judged = Signal()
    """What is being typed was looked at."""

    def __init__(self, parts: FillParts, unkept: Unkept, editor: OpenItem, screen: QWidget) -> None:
        super().__init__(screen)
        self._parts, self._unkept, self._editor, self._screen = parts, unkept, editor, screen
        self._texts, self._keeper, self._model = parts.texts, parts.keeper, parts.model
        self._view, self._body, self._field = parts.view, parts.body, parts.field
        self.item: ItemId | None = None
        """The item that the value field belongs to."""
        view, field, body = self._view, self._field, self._body
        view.answered.connect(self._on_answered)
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
        parts.sections.not_applicable_wanted.connect(self._on_section_not_applicable)

    # from the list

    def _on_answered(self, item: str, outcome: object) -> None:
        name = ItemId(item)
        row = self._model.row_of(name)
        self._unkept.accept(name, readings=outcome in (None, Outcome.NA))
        self._body.show_error(self._unkept.why_readings(name))
        if outcome is None:
            if row.answer is not None:
                self._keeper.clear(name)
            if name == self._view.current_item():
                self.show_field(self._model.row_of(name), another=True)
            return
        assert isinstance(outcome, Outcome)
        self._answer(name, outcome.value)
        if outcome is Outcome.FAIL:
            self._editor.open()
        else:
            self.given.emit()

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
        if not row.is_choice and not row.fails:
            self.take_up(item, "")
        else:
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
        measure = not row.is_choice
        self._view.delegate.field_is_live = measure
        if not measure:
            return
        field = self._field
        field.set_kind(row.item.answer.kind, self._keeper.shown.inspection.inspected_on)
        field.setAccessibleName(self._texts.say("fill.field.value_name", item=row.id))
        unread = self._view.delegate.typed.get(row.id)
        if another or not field.hasFocus():
            field.setText(unread if unread is not None else _kept_text(row))
        field.set_wrong(unread is not None)

    def show_kept(self, row: Row) -> None:
        """The field says what is kept, whatever was being typed."""
        self._field.setText(_kept_text(row))

    def _on_live(self, text: str) -> None:
        row = self._view.current_row()
        if row is None:
            return
        self._body.show_error("")
        self._field.set_wrong(False)
        inspection = self._keeper.shown.inspection
        value = fill_words.try_measure(row.item.answer.kind, text, inspection.inspected_on, row.item.answer.signed)
        judgement = NO_JUDGEMENT
        if value is not None:
            case = self._body.chosen_case(row.id)
            limits = row.item.answer.limits_for(inspection.school, case)
            judgement = fill_words.judge_value(self._texts, value, limits, inspection.inspected_on, row.level)
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
        if row.is_choice:
            return True
        if text == _kept_text(row):
            self._unkept.accept(name)
            return True
        if not text:
            self._unkept.accept(name)
            self._keeper.clear(name)
            return True
        try:
            self._answer(name, text)
        except (Problem, ValueError) as error:
            reason = str(error.facts.get("reason", "")) if isinstance(error, Problem) else "not_a_date"
            sentence = fill_words.bad_value_text(self._texts, reason, row.item.answer.kind)
            self._unkept.refuse_value(name, self._field.text(), sentence)
            if name == self._view.current_item():
                self._field.set_wrong(True)
                self._body.show_error(sentence)
                self._editor.show(self._model.row_of(name), opened=self._editor.is_open())
                self._view.settle()
            return False
        self._unkept.accept(name)
        return True

    def is_being_typed(self) -> bool:
        """Whether something stands in the field, or in readings that wait for it, that is not kept."""
        if any(self._unkept.waiting.values()):
            return True
        row = self._view.current_row()
        if row is None or row.is_choice or row.id != self.item or not self._view.delegate.field_is_live:
            return False
        return self._field.text().strip() != _kept_text(row)

    def _on_entered(self, _: str) -> None:
        if not self.keep_value():
            if self.item is not None:
                self._unkept.was_told(self.item)
            return
        row = self._view.current_row()
        if row is None:
            return
        self.show_kept(row)
        empty = next((r for r in self._body.readings.used() if not r.field.text()), None)
        if row.fails:
            self._editor.open()
        elif empty is not None and row.answer is not None and self._body.isVisible():
            empty.field.setFocus(Qt.FocusReason.TabFocusReason)
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
            self._keeper.answer(row.id, row.answer.text(), case=case)
        elif row is not None:
            self._on_live(self._field.text())

    def _on_readings(self) -> None:
        place = self._body.place
        if place is None:
            return
        item = place.item.id
        good, wrong = self._body.readings.read(self._parts.tools.clock.now().date())
        self._unkept.judge_readings(item, wrong)
        row = self._model.row_of(item)
        self._body.show_error(row.refused)
        if wrong:
            self._view.body_resized()
        if row.answer is None:
            self._unkept.waiting[item] = good
        elif good != {r.id: fill_words.value_line(r.value) for r in row.answer.readings}:
            self._keeper.set_readings(item, good)

    # a whole section

    def _on_section_not_applicable(self, number: int) -> None:
        rows = [row for row in self._model.section_rows(number) if row.is_open and not row.refused]
        title = self._parts.sections.sections.title(number)
        if not rows or not self._ask_section(title, len(rows)):
            return
        self._keeper.not_applicable(tuple(row.id for row in rows))

        def undo_all() -> None:
            for _ in rows:
                self._keeper.undo()

        sentence = self._texts.say("fill.section_all_na_done", title=title, n=len(rows))
        self._parts.toast.say(sentence, self._texts.say("fill.photo.undo"), undo_all)

    def _ask_section(self, title: str, count: int) -> bool:
        say = self._texts.say
        box = QMessageBox(self._screen)
        box.setText(say("fill.section_all_na_ask", title=title, n=count))
        do = box.addButton(say("fill.section_all_na_do"), QMessageBox.ButtonRole.AcceptRole)
        leave = box.addButton(say("fill.section_all_na_no"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.exec()
        return box.clickedButton() is do


def _kept_text(row: Row) -> str:
    """The kept value as the field shows it."""
    return fill_words.value_line(row.answer.value if row.answer is not None else None)
