"""Where a window says what happens: trouble bar, progress line and toast, each made when it first has to be shown."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from safetyapp.texts import Texts
    from safetyapp.ui.happenings import ProgressLine, Toast, TroubleBar
    from safetyapp.ui.look import Look
    from safetyapp.ui.note_bar import NoteBar


class News(QObject):
    """The bars stand at the top of a column, trouble first; the toast floats over `centre`."""

    stopped = Signal()
    """停 was pressed."""

    def __init__(
        self, look: Look, texts: Texts, centre: QWidget, column: QVBoxLayout, told: list[tuple[datetime, str]]
    ) -> None:
        super().__init__(centre)
        self._look, self._say = look, texts.say
        self._centre, self._column = centre, column
        self.told = told
        """What the toasts said in this session, oldest first."""

    @cached_property
    def trouble(self) -> TroubleBar:
        from safetyapp.ui.happenings import TroubleBar

        bar = TroubleBar(self._look, self._say("window.close"))
        self._column.insertWidget(0, bar)
        return bar

    @cached_property
    def notes(self) -> NoteBar:
        from safetyapp.ui.note_bar import NoteBar

        bar = NoteBar(self._look, self._say("window.close"))
        self._column.insertWidget(1 if "trouble" in self.__dict__ else 0, bar)
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

        toast = Toast(self._look, self._centre)
        toast.said.connect(self._on_said)
        return toast

    def _on_said(self, sentence: str) -> None:
        from datetime import datetime

        self.told.append((datetime.now(), sentence))
