"""The further values of an item beside its answer: one line for each, with limit, unit and judgement."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.domain.answer_kinds import ChoiceList, Reading
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.inspection import Answer, Inspection
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.fill_words import Judgement, Tone
from safetyapp.ui.item_delegate import CHIPS
from safetyapp.ui.item_fields import ValueField
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Chip, ChipLabel, Label
from safetyapp.ui.value_words import field_text


class ReadingRow(QWidget):
    """One further value: label, limit, field, unit, judgement."""

    entered = Signal(str)
    changed = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        px = look.metrics.px
        self._texts = texts
        self.reading: Reading | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        self._label = Label(look, "", Style.COMPACT, "ink", wrap=True)
        self._limit = Label(look, "", Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
        self.field = ValueField(look, texts.language)
        self._unit = Label(look, "", Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
        self._unit.setMinimumWidth(px(26))
        self._chip = ChipLabel(look, Chip.OK, "")
        holder = QWidget()
        holder.setMinimumWidth(px(78))
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._chip)
        row.addWidget(self._label, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._limit)
        row.addWidget(self.field)
        row.addWidget(self._unit)
        row.addWidget(holder)
        self.combo = QComboBox()
        self.combo.setMinimumWidth(px(160))
        self.combo.activated.connect(lambda _: self.changed.emit())
        row.insertWidget(3, self.combo)
        self.field.kept.connect(lambda _: self.changed.emit())
        self.field.live.connect(self._on_live)
        self._on = date.min
        self.offered: ChoiceList | None = None
        self._severity = Severity.GENERAL

    @property
    def control(self) -> QWidget:
        """What is written in: a field, or a list to choose from."""
        is_choice = self.reading is not None and self.reading.kind.is_choice
        return self.combo if is_choice else self.field

    def text(self) -> str:
        if self.control is self.combo:
            return str(self.combo.currentData() or "")
        return self.field.text()

    def set_text(self, text: str) -> None:
        if self.control is self.combo:
            self.combo.setCurrentIndex(max(0, self.combo.findData(text)))
        else:
            self.field.setText(text)

    def is_modified(self) -> bool:
        return self.control is self.field and self.field.isModified()

    def show_reading(
        self, reading: Reading, answer: Answer | None, on: date, severity: Severity, offered: ChoiceList | None
    ) -> None:
        self.reading, self._on, self._severity, self.offered = reading, on, severity, offered
        language = self._texts.language
        label = reading.label.in_language(language)
        self._label.setText(label if reading.required else self._texts.say("fill.field.optional", label=label))
        self._limit.setText(fill_words.limits_text(self._texts, reading.limits))
        self._unit.setText(reading.unit.in_language(language))
        self.field.set_kind(reading.kind, on, future=reading.limits.not_expired, may_not_apply=False)
        self.field.setFixedWidth(self.field.sizeHint().width())
        self.field.setVisible(self.control is self.field)
        self.combo.setVisible(self.control is self.combo)
        self.control.setAccessibleName(label)
        if self.control is self.combo:
            self._offer(offered)
        value = next((r.value for r in answer.readings if r.id == reading.id), None) if answer else None
        if not self.control.hasFocus() or self.control is self.combo:
            self.set_text(field_text(self._texts, reading.kind, value or ""))
            self.field.set_wrong(False)
        self.show_judgement(
            fill_words.judge_reading(self._texts, reading, value, on, severity) if value is not None else None
        )

    def _offer(self, offered: ChoiceList | None) -> None:
        choices = offered.choices if offered is not None else ()
        ids = ["", *(c.id for c in choices)]
        if [self.combo.itemData(n) for n in range(self.combo.count())] != ids:
            self.combo.clear()
            self.combo.addItem("", "")
            for choice in choices:
                self.combo.addItem(choice.label.in_language(self._texts.language), choice.id)

    def show_judgement(self, judgement: Judgement | None) -> None:
        if judgement is None or judgement.tone is Tone.NONE:
            self._chip.hide()
            return
        kind, icon = CHIPS[judgement.tone]
        self._chip.set_chip(kind, judgement.text, icon)
        self._chip.show()

    def _on_live(self, text: str) -> None:
        reading = self.reading
        if reading is None:
            return
        value, _ = fill_words.read_or_reason(fill_words.spec_of(reading), text, self._on, self.offered)
        if value is None:
            self.show_judgement(None)
        else:
            self.show_judgement(fill_words.judge_reading(self._texts, reading, value, self._on, self._severity))


class ItemReadings(QObject):
    """The lines of the item that is shown; they are made once and used again for every item."""

    changed = Signal()
    """A value was written and left."""
    touched = Signal()
    """Something was typed."""
    entered = Signal()
    """Enter in the last of them."""
    moved = Signal(int)
    given_up = Signal()

    def __init__(self, look: Look, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self._item: ItemId | None = None
        self.rows: list[ReadingRow] = []
        """Those whose `reading` is None are not in use."""
        self.wrong: dict[ItemId, dict[str, str]] = {}
        """What stands in the readings of an item and could not be read."""
        self.box = QVBoxLayout()
        self.box.setSpacing(look.metrics.px(6))

    def used(self) -> list[ReadingRow]:
        """Those of the item that is shown."""
        return [row for row in self.rows if row.reading is not None]

    def show(self, row: Row, form: Form, inspection: Inspection, waiting: dict[str, str]) -> None:
        """The values of an item: kept, or waiting for its answer, or such as could not be read."""
        self._item = row.id
        wanted = row.item.answer.readings
        while len(self.rows) < len(wanted):
            self._add()
        for shown, reading in zip(self.rows, wanted, strict=False):
            offered = form.choice_list(reading.choice_list) if reading.choice_list else None
            shown.show_reading(reading, row.answer, inspection.inspected_on, row.level, offered)
            if row.answer is None and not shown.control.hasFocus():
                shown.set_text(waiting.get(reading.id, ""))
            unread = self.wrong.get(row.id, {}).get(reading.id)
            if unread is not None and not shown.control.hasFocus():
                shown.set_text(unread)
                shown.field.set_wrong(True)
            shown.show()
        for unused in self.rows[len(wanted) :]:
            unused.reading = None
            unused.hide()

    def _add(self) -> None:
        made = ReadingRow(self._look, self._texts)
        made.changed.connect(self.changed)
        made.field.entered.connect(lambda _: self._on_entered(made))
        made.field.moved.connect(self.moved)
        made.field.given_up.connect(self.given_up)
        made.field.live.connect(lambda _: self.touched.emit())
        self.rows.append(made)
        self.box.addWidget(made)

    def _on_entered(self, row: ReadingRow) -> None:
        self.changed.emit()
        place = self.rows.index(row)
        following = next((r for r in self.rows[place + 1 :] if r.reading is not None), None)
        if following is not None:
            following.control.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.entered.emit()

    def read(self, today: date) -> tuple[dict[str, str], str]:
        """The readings that can be kept, and the sentence about one that cannot."""
        good: dict[str, str] = {}
        bad: dict[str, str] = {}
        wrong = ""
        for shown in self.rows:
            text = shown.text().strip()
            shown.field.setModified(False)
            if shown.reading is None or not text:
                shown.field.set_wrong(False)
                continue
            value, reason = fill_words.read_or_reason(fill_words.spec_of(shown.reading), text, today, shown.offered)
            shown.field.set_wrong(value is None)
            if value is None:
                bad[shown.reading.id] = text
                wrong = wrong or fill_words.bad_value_text(self._texts, reason, shown.reading.kind)
            else:
                good[shown.reading.id] = value
        if self._item is not None:
            self.wrong[self._item] = bad
        return good, wrong
