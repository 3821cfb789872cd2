"""What stands in the fields of Fill and cannot be kept: what could not be read, and readings without an answer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from safetyapp.domain.form import ItemId
from safetyapp.ui.fill_parts import FillParts


class Unkept(QObject):
    """Holds it by item until it is corrected or given up. An item where something could not be read counts as
    unanswered."""

    changed = Signal()
    """Other items than before, or for other reasons."""
    touched = Signal()
    """Something was refused, accepted or looked at again."""

    def __init__(self, parts: FillParts, parent: QObject) -> None:
        super().__init__(parent)
        self._texts, self._model, self._delegate = parts.texts, parts.model, parts.view.delegate
        self._readings_shown = parts.body.readings
        self._values: dict[ItemId, str] = {}
        self._readings: dict[ItemId, str] = {}
        self._told: dict[ItemId, str] = {}
        self.waiting: dict[ItemId, dict[str, str]] = {}
        """Readings that can be kept as soon as their item has an answer."""

    def accept(self, item: ItemId, readings: bool = False) -> None:
        """What was refused at an item is corrected or given up; with `readings`, those too."""
        self._delegate.typed.pop(item, None)
        self._values.pop(item, None)
        self._told.pop(item, None)
        if readings:
            self._readings.pop(item, None)
            self._readings_shown.wrong.pop(item, None)
        self._tell()

    def refuse_value(self, item: ItemId, typed: str, why: str) -> None:
        """What was typed as an item's value cannot be read."""
        self._delegate.typed[item] = typed
        self._values[item] = why
        self._tell()

    def judge_readings(self, item: ItemId, why: str) -> None:
        """Why an item's readings cannot be read; empty when they can."""
        if why:
            self._readings[item] = why
        else:
            self._readings.pop(item, None)
        self._tell()

    def _tell(self) -> None:
        if self._model.set_refused({**self._readings, **self._values}):
            self.changed.emit()
        self.touched.emit()

    def why_readings(self, item: ItemId) -> str:
        """The sentence about an item's readings; empty when they could be read."""
        return self._readings.get(item, "")

    def holds_value(self, item: ItemId) -> bool:
        return item in self._values

    def text(self, item: ItemId) -> str:
        """What stands there and could not be read."""
        wrong = self._readings_shown.wrong.get(item, {})
        return self._delegate.typed.get(item) or next(iter(wrong.values()), "")

    def unread(self) -> dict[ItemId, str]:
        """What stands in fields and could not be read, by item."""
        return {item: self.text(item) for item in self._model.refused_addresses()}

    def sentence(self, item: ItemId, key: str) -> str:
        """What it holds up: `left`, `leave`, `sign` or `move`."""
        why = self._model.refused(item)
        return self._texts.say(f"fill.refused.{key}", item=item, text=self.text(item), why=why)

    def was_told(self, item: ItemId) -> bool:
        """Whether what is refused now was said before; from now on it was."""
        text = self.text(item)
        was, self._told[item] = self._told.get(item) == text, text
        return was
