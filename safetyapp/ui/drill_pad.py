"""The pads of the stopwatch: the numbers of one group, for fingers and for keys, and one time of the time line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from safetyapp.domain.drill import CLASSES, Group, GroupState
from safetyapp.domain.form import ItemId
from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui import drill_words, fill_words
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog

Give = Callable[[dict[ItemId, str], dict[ItemId, str]], None]
"""Commits answers and their notes. Raises Problem bad-value."""
KEYS = "789456123⌫0"


class DigitKeys(QWidget):
    """Digits for fingers: they go to the field that was written in last, which keeps the keys."""

    def __init__(self, look: Look, texts: Texts, field: QLineEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = look.metrics.px
        self.field = field
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(6))
        for number, key in enumerate(KEYS):
            button = Button(look, key, height=44)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if key == "⌫":
                button.setAccessibleName(texts.say("drill.pad.backspace"))
            button.clicked.connect(lambda _=False, key=key: self._press(key))
            grid.addWidget(button, number // 3, number % 3)
        for column in range(3):
            grid.setColumnMinimumWidth(column, px(56))

    def _press(self, key: str) -> None:
        if key == "⌫":
            self.field.backspace()
        else:
            self.field.insert(key)


class GroupPad(SheetDialog):
    """Everything that is known of one group. Enter commits what stands there; while somebody is missing it then asks
    where they are. Esc closes it and leaves what is committed."""

    def __init__(
        self, look: Look, texts: Texts, group: Group, give: Give, mark: Callable[[str], str], started: bool,
        parent: QWidget | None,
    ) -> None:  # fmt: skip
        """`mark` makes the note of what is put right out of what stood there."""
        super().__init__(look, drill_words.name_of(texts, group), parent, width=440)
        self._texts, self._say = texts, texts.say
        self._give, self._mark, self._started = give, mark, started
        self.group = group
        self._fields: dict[ItemId, QLineEdit] = {}
        self._rows: dict[ItemId, QWidget] = {}
        self._build(group)
        self.show_group(group)
        QWidget.setTabOrder(self.cancel, self.save)

    def _build(self, group: Group) -> None:
        say, px, columns = self._say, self.look.metrics.px, group.columns
        if group.columns is CLASSES and not group.name:
            self._add(columns.name, say("drill.pad.name"), 40)
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(self._field(columns.entered, say("drill.pad.enrolled"), 5))
        if columns.absent is not None:
            top.addWidget(self._field(columns.absent, say("drill.pad.absent"), 5))
        top.addWidget(self._field(columns.arrived, say("drill.pad.arrived"), 8))
        self.body.addLayout(top)
        if columns.absent_reason is not None:
            self._add(columns.absent_reason, say("drill.pad.reason"), 200, say("drill.pad.reason_hint"))
        count = QHBoxLayout()
        count.setSpacing(px(16))
        self.count = QLineEdit()
        self.count.setMaxLength(5)
        self.count.setFont(self.look.font(Style.FIGURE))
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.count.setAccessibleName(say("drill.pad.counted"))
        self.count.setMaximumWidth(px(140))
        self.count.setMinimumHeight(px(56))
        self._fields[columns.counted] = self.count
        self.counted = Field(self.look, say("drill.pad.counted"), self.count)
        count.addWidget(self.counted, 0, Qt.AlignmentFlag.AlignTop)
        self.digits = DigitKeys(self.look, self._texts, self.count)
        count.addWidget(self.digits, 1)
        self.body.addLayout(count)
        self._add(columns.whereabouts, say("drill.pad.where"), 400, say("drill.pad.where_hint"))
        self.error = Label(self.look, "", Style.COMPACT_STRONG, wrap=True)
        self.error.hide()
        self.body.addWidget(self.error)
        self.cancel = self.add_button(say("drill.pad.close"))
        self.cancel.clicked.connect(self.reject)
        self.save = self.add_button("", Kind.PRIMARY)
        self.save.clicked.connect(self.accept_numbers)
        for column, field in self._fields.items():
            field.returnPressed.connect(self.accept_numbers)
            field.textChanged.connect(self._on_typed)
            if column in (columns.entered, columns.absent, columns.counted):
                field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)

    def _field(self, column: ItemId, name: str, most: int, hint: str = "") -> QWidget:
        field = QLineEdit()
        field.setMaxLength(most)
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        self._fields[column] = field
        self._rows[column] = Field(self.look, name, field)
        return self._rows[column]

    def _add(self, column: ItemId, name: str, most: int, hint: str = "") -> None:
        self.body.addWidget(self._field(column, name, most, hint))

    def field(self, column: ItemId) -> QLineEdit:
        return self._fields[column]

    def show_group(self, group: Group) -> None:
        """What is committed; the number of people starts as the one that is expected."""
        self.group = group
        columns = group.columns
        texts = {
            columns.name: group.name, columns.entered: _text(group.entered), columns.arrived: group.arrived,
            columns.counted: _text(group.counted), columns.whereabouts: group.whereabouts,
        }  # fmt: skip
        if columns.absent is not None and columns.absent_reason is not None:
            texts |= {columns.absent: str(group.absent), columns.absent_reason: group.absent_reason}
        if group.counted is None and group.arrived and group.expected is not None:
            texts[columns.counted] = str(group.expected)
        for column, field in self._fields.items():
            field.setText(texts[column])
        self._rows[columns.arrived].setVisible(self._started)
        self.counted.setVisible(self._started)
        self.digits.setVisible(self._started)
        self._on_typed()
        self.focus_first()

    def focus_first(self) -> None:
        columns = self.group.columns
        if self.group.expected is None or not self._started:
            field = self._fields[columns.entered]
        elif self.group.difference and not self.group.whereabouts:
            field = self._fields[columns.whereabouts]
        else:
            field = self.count
        self._on_typed()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()

    def _number(self, column: ItemId | None) -> int | None:
        text = self._fields[column].text().strip() if column is not None else ""
        return int(text) if text.isdigit() else None

    def _on_typed(self, *_: object) -> None:
        columns = self.group.columns
        entered, counted = self._number(columns.entered), self._number(columns.counted)
        absent = self._number(columns.absent) or 0
        differs = self._started and None not in (entered, counted) and (entered or 0) - absent != counted
        self._rows[columns.whereabouts].setVisible(differs or bool(self._fields[columns.whereabouts].text()))
        if columns.absent_reason is not None:
            self._rows[columns.absent_reason].setVisible(absent > 0)
        if self._started and counted is not None:
            self.save.set_words(self._say("drill.pad.save" if differs else "drill.pad.all", n=counted))
        else:
            self.save.set_words(self._say("drill.pad.keep"))
        focused = self.focusWidget()
        if focused in (self._fields[columns.entered], self.count) and isinstance(focused, QLineEdit):
            self.digits.field = focused

    def accept_numbers(self) -> None:
        """Enter: commits what has changed; goes on to where the missing are, or closes."""
        group, columns = self.group, self.group.columns
        numbers = [c for c in (columns.entered, columns.absent, columns.counted) if c is not None]
        wrong = next((c for c in numbers if self._fields[c].text().strip() and self._number(c) is None), None)
        if wrong is not None:
            self._say_wrong(self._say("drill.pad.wrong_number"), self._fields[wrong])
            return
        values, notes = self._changed()
        if values:
            try:
                self._give(values, notes)
            except Problem as problem:
                item = ItemId(str(problem.facts.get("item", "")).partition("@")[0])
                self._say_wrong(fill_words.why(self._texts, problem), self._fields.get(item, self.count))
                return
        self.error.hide()
        group = self.group
        if group.arrived and group.counted is None and group.expected:
            self.show_group(group)  # now that it is known how many are expected they can be counted
        elif group.state is GroupState.DIFFERS and columns.counted in {a.partition("@")[0] for a in values}:
            self.focus_first()
        else:
            self.accept()

    def _changed(self) -> tuple[dict[ItemId, str], dict[ItemId, str]]:
        group, columns = self.group, self.group.columns
        was = {
            columns.name: group.name, columns.entered: _text(group.entered), columns.arrived: group.arrived,
            columns.counted: _text(group.counted), columns.whereabouts: group.whereabouts,
        }  # fmt: skip
        if columns.absent is not None and columns.absent_reason is not None:
            was |= {columns.absent: str(group.absent), columns.absent_reason: group.absent_reason}
        values: dict[ItemId, str] = {}
        notes: dict[ItemId, str] = {}
        for column, field in self._fields.items():
            text = field.text().strip()
            if text == was[column] or (column == columns.absent and text in ("", was[column])):
                continue
            values[group.address(column)] = text
            if column in (columns.arrived, columns.counted) and was[column] and text:
                notes[group.address(column)] = self._mark(was[column])
            elif column == columns.arrived and text:
                notes[group.address(column)] = self._mark("")
        if self._number(columns.entered) == 0 and not self._fields[columns.counted].text():
            values[group.address(columns.counted)] = "0"
        return values, notes

    def _say_wrong(self, sentence: str, field: QLineEdit) -> None:
        self.error.setText(sentence)
        self.error.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()


class PointPad(SheetDialog):
    """One recorded time of the time line: another time, or none."""

    def __init__(
        self, look: Look, texts: Texts, title: str, value: str, give: Callable[[str], None], parent: QWidget | None
    ) -> None:
        super().__init__(look, title, parent, width=380)
        say = texts.say
        self._texts, self._give, self._was = texts, give, value
        self.time = QLineEdit(value)
        self.time.setMaxLength(8)
        self.time.setPlaceholderText(say("drill.point.hint"))
        self.time.setAccessibleName(say("drill.point.time"))
        self.time.returnPressed.connect(self.accept_time)
        self.body.addWidget(Field(look, say("drill.point.time"), self.time))
        self.error = Label(look, "", Style.COMPACT_STRONG, wrap=True)
        self.error.hide()
        self.body.addWidget(self.error)
        self.clear = self.add_button(say("drill.point.clear"))
        self.clear.clicked.connect(lambda: self._end(""))
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        save = self.add_button(say("drill.point.save"), Kind.PRIMARY)
        save.clicked.connect(self.accept_time)
        self.time.selectAll()
        self.time.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept_time(self) -> None:
        text = self.time.text().strip()
        if text == self._was:
            self.reject()
        elif not text:
            self._say_wrong(self._texts.say("drill.pad.wrong_time"))
        else:
            self._end(text)

    def _end(self, text: str) -> None:
        try:
            self._give(text)
        except Problem as problem:
            self._say_wrong(fill_words.why(self._texts, problem))
            return
        self.accept()

    def _say_wrong(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.show()
        self.time.setFocus(Qt.FocusReason.OtherFocusReason)
        self.time.selectAll()


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
