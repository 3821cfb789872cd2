"""A slider under the field of a number that has a least and a greatest value."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from safetyapp.domain.answer_kinds import AnswerSpec
from safetyapp.texts import Texts
from safetyapp.ui.answer_panel import AnswerPanel
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.words import Label


def scale_of(spec: AnswerSpec) -> tuple[Decimal, Decimal, int] | None:
    """The least value, the step and the number of steps of a slider; None where there is no end to it."""
    low, high = spec.limits.minimum or Decimal(0), spec.limits.maximum
    step = spec.step or Decimal(1)
    if high is None or high <= low or step <= 0 or (high - low) / step > 1000:
        return None
    return low, step, int((high - low) // step)


class _Slider(QSlider):
    def __init__(self, panel: RangePanel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._panel = panel

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._panel.accept()
        else:
            super().keyPressEvent(event)


class RangePanel(AnswerPanel):
    """Follows the field; a value is handed over when the slider rests."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts)
        line = QHBoxLayout()
        line.setSpacing(look.metrics.px(10))
        self._low = Label(look, "", Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
        self._high = Label(look, "", Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
        self.slider = _Slider(self)
        self.slider.setTracking(False)
        self.slider.setMinimumHeight(look.metrics.control)
        self.slider.valueChanged.connect(self._on_value)
        line.addWidget(self._low)
        line.addWidget(self.slider, 1)
        line.addWidget(self._high)
        self.column.addLayout(line)
        self._quiet = False

    def show_row(self, row: Row, fresh: bool) -> None:
        self.row = row
        scale = scale_of(row.item.answer)
        if scale is None:
            return
        low, step, steps = scale
        self._quiet = True
        self.slider.setRange(0, steps)
        self.slider.setPageStep(max(1, steps // 10))
        self._low.setText(str(int(low)) if low == low.to_integral() else format(low, "f"))
        high = low + step * steps
        self._high.setText(str(int(high)) if high == high.to_integral() else format(high, "f"))
        self.slider.setAccessibleName(row.words.in_language(self._texts.language))
        try:
            value = Decimal(row.answer.value) if row.answer is not None else low
        except ArithmeticError:  # 不适用
            value = low
        self.slider.setValue(max(0, min(steps, int((value - low) // step))))
        self._quiet = False

    def first(self) -> QWidget:
        return self.slider

    def _text(self) -> str:
        assert self.row is not None
        scale = scale_of(self.row.item.answer)
        assert scale is not None
        return format(scale[0] + scale[1] * self.slider.value(), "f")

    def _on_value(self, _: int) -> None:
        if not self._quiet and self.row is not None:
            self.given.emit(self._text(), False)

    def accept(self) -> None:
        """The value stands as it is: go on."""
        self.given.emit(self._text(), True)
