"""The one place under a row where its answer is given: brings the panel of the row's kind, each made once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import ItemId
from safetyapp.texts import Texts
from safetyapp.ui.answer_choice import ChoicePanel
from safetyapp.ui.answer_files import FilePanel, InkPanel
from safetyapp.ui.answer_panel import AnswerPanel
from safetyapp.ui.answer_range import RangePanel, scale_of
from safetyapp.ui.answer_rank import RankPanel
from safetyapp.ui.answer_text import TextPanel
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.look import Look

_PANELS: dict[AnswerKind, type[AnswerPanel]] = {
    AnswerKind.CHOICE: ChoicePanel, AnswerKind.CHOICES: ChoicePanel, AnswerKind.RANK: RankPanel,
    AnswerKind.TEXT: TextPanel, AnswerKind.TRACE: TextPanel, AnswerKind.SHAPE: TextPanel,
    AnswerKind.AUDIO: FilePanel, AnswerKind.VIDEO: FilePanel, AnswerKind.FILE: FilePanel,
    AnswerKind.SIGNATURE: InkPanel,
}  # fmt: skip


def panel_of(row: Row) -> type[AnswerPanel] | None:
    """Which panel stands under a row; none where the row itself has all that is needed."""
    if row.way is Way.PANEL:
        return _PANELS.get(row.kind)
    if row.way is Way.FIELD and row.kind in (AnswerKind.RANGE, AnswerKind.SCORE) and scale_of(row.item.answer):
        return RangePanel
    return None


class AnswerPanels(QWidget):
    """Every signal names the address that it is about."""

    given = Signal(str, str, bool)
    """Answered: address, text, and whether that is all."""
    written = Signal(str, str)
    """Being written: address, text so far."""
    cleared = Signal(str)
    noted = Signal(str, str)
    file_chosen = Signal(str, object)
    """Address and Path of a file to keep."""
    drawn = Signal(str, object)
    """Address and PNG of a signature to keep."""
    shown = Signal(object)
    """A panel shows this row now: what of it lies on the disk may be looked up."""
    entered = Signal()
    height_changed = Signal()
    touched = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._texts = look, texts
        self._made: dict[type[AnswerPanel], AnswerPanel] = {}
        self.current: AnswerPanel | None = None
        self._address = ItemId("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._column = column
        self.hide()

    def show_row(self, row: Row) -> None:
        """Shows the panel of a row, or nothing."""
        wanted = panel_of(row)
        fresh = row.id != self._address
        if fresh:
            self.flush()
        panel = self._panel(wanted) if wanted is not None else None
        if self.current is not None and self.current is not panel:
            self.current.hide()
            self.current.row = None
        fresh = fresh or self.current is not panel
        self.current, self._address = panel, row.id
        if panel is not None:
            panel.show_row(row, fresh)
            panel.show()
            self.shown.emit(row)
        self.setVisible(panel is not None)

    def leave(self) -> None:
        """Nothing is shown any more."""
        self.flush()
        if self.current is not None:
            self.current.hide()
            self.current.row = None
        self.current, self._address = None, ItemId("")
        self.hide()

    def _panel(self, wanted: type[AnswerPanel]) -> AnswerPanel:
        found = self._made.get(wanted)
        if found is not None:
            return found
        panel = self._made[wanted] = wanted(self._look, self._texts)
        panel.given.connect(lambda text, last: self.given.emit(self._address, text, last))
        panel.written.connect(lambda text: self.written.emit(self._address, text))
        panel.cleared.connect(lambda: self.cleared.emit(self._address))
        panel.noted.connect(lambda text: self.noted.emit(self._address, text))
        panel.entered.connect(self.entered)
        panel.height_changed.connect(self.height_changed)
        panel.touched.connect(self.touched)
        if isinstance(panel, FilePanel):
            panel.file_chosen.connect(lambda path: self.file_chosen.emit(self._address, path))
        if isinstance(panel, InkPanel):
            panel.drawn.connect(lambda image: self.drawn.emit(self._address, image))
        self._column.addWidget(panel)
        return panel

    def stops(self) -> list[QWidget]:
        return self.current.stops() if self.current is not None else []

    def first(self) -> QWidget | None:
        return self.current.first() if self.current is not None else None

    def press(self, place: int) -> None:
        """A number key in the list."""
        if self.current is not None:
            self.current.press(place)

    def flush(self) -> None:
        if self.current is not None and self.current.row is not None:
            self.current.flush()

    def is_being_written(self) -> bool:
        return self.current is not None and self.current.is_being_written()
