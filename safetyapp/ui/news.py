"""Where a window says what happens: trouble bar, progress line and toast, each made when it first has to be shown."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from safetyapp.texts import Texts
    from safetyapp.ui.happenings import ProgressLine, Toast, TroubleBar
    from safetyapp.ui.look import Look


class News(QObject):
    """The bars stand at the top of a column, trouble first; the toast floats over `centre`."""

    stopped = Signal()
    """停 was pressed."""

    def __init__(self, look: Look, texts: Texts, centre: QWidget, column: QVBoxLayout) -> None:
        super().__init__(centre)
        self._look, self._say = look, texts.say
        self._centre, self._column = centre, column

    @cached_property
    def trouble(self) -> TroubleBar:
        from safetyapp.ui.happenings import TroubleBar

        bar = TroubleBar(self._look, self._say("window.close"))
        self._column.insertWidget(0, bar)
        return bar

    @cached_property
    def line(self) -> ProgressLine:
        from safetyapp.ui.happenings import ProgressLine

        line = ProgressLine(self._look, self._say("window.stop"))
        line.setProperty("surface", "1")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line.stopped.connect(self.stopped)
        self._column.insertWidget(self._column.count() - 1, line)
        return line

    @cached_property
    def toast(self) -> Toast:
        from safetyapp.ui.happenings import Toast

        return Toast(self._look, self._centre)
