"""What a person does in the panel under an item: chooses, writes, ranks, adds a file, signs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.answer_files import FilePanel, InkPanel
from safetyapp.ui.dates import size_text
from safetyapp.ui.fill_keeper import Keeper
from safetyapp.ui.item_body import ItemBody
from safetyapp.ui.item_rows import Row
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools

LONGEST_NAME = 120


class PanelDesk(QObject):
    """Works for one editor, that of the list or that beside a table."""

    given = Signal()
    """The item is answered and wants nothing more: go on."""
    failed = Signal(str)
    """The item fails now: its finding is to be shown."""
    refused = Signal(str, str, str)
    """Address, what was given and why it cannot be kept."""
    accepted = Signal(str)
    """What was refused before is answered now."""
    trouble = Signal(str, str)
    """A file could not be kept: its name and why."""

    def __init__(
        self, tools: Tools, jobs: Jobs, keeper: Keeper, body: ItemBody, row_of: Callable[[ItemId], Row],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._tools, self._jobs, self._keeper, self._body, self._row_of = tools, jobs, keeper, body, row_of
        self._texts: Texts = tools.texts
        self._looked: tuple[object, ...] = ()
        answer = body.answer
        answer.given.connect(self._on_given)
        answer.written.connect(self._on_written)
        answer.cleared.connect(self._on_cleared)
        answer.noted.connect(self._on_noted)
        answer.file_chosen.connect(self._on_file)
        answer.drawn.connect(self._on_drawn)
        answer.shown.connect(self._look_up)

    def _on_given(self, address: str, text: str, last: bool) -> None:
        item = ItemId(address)
        if not self._try(item, text, lambda: self._keeper.answer(item, text, case=self._body.chosen_case(item))):
            return
        if self._row_of(item).fails:
            self.failed.emit(address)
        elif last:
            self.given.emit()

    def _on_written(self, address: str, text: str) -> None:
        item = ItemId(address)
        self._try(item, text, lambda: self._keeper.write(item, text))

    def _try(self, item: ItemId, text: str, do: Callable[[], None]) -> bool:
        kind = self._row_of(item).kind
        try:
            do()
        except Problem as problem:
            self.refused.emit(item, text, fill_words.refusal_text(self._texts, problem, kind))
            return False
        self.accepted.emit(item)
        return True

    def _on_cleared(self, address: str) -> None:
        item = ItemId(address)
        self.accepted.emit(address)
        if self._row_of(item).answer is not None:
            self._keeper.clear(item)

    def _on_noted(self, address: str, text: str) -> None:
        answer = self._keeper.shown.inspection.answers.get(ItemId(address))
        if answer is not None and answer.note != text:
            self._keeper.answer(answer.item, answer.value, note=text)

    # files

    def _on_file(self, address: str, path: object) -> None:
        assert isinstance(path, Path)
        store, item = self._tools.store, ItemId(address)

        def kept(sha256: Sha256) -> None:
            text = f"{sha256}/{_plain(path.name)}"
            if self._try(item, text, lambda: self._keeper.answer(item, text)) and self._row_of(item).fails:
                self.failed.emit(address)

        def failed(error: Exception) -> None:
            self.trouble.emit(path.name, fill_words.why(self._texts, error))

        self._jobs.work(lambda _: store.keep_file(path), kept, failed, owner=self, name="keep-file")

    def _on_drawn(self, address: str, image: object) -> None:
        assert isinstance(image, bytes)
        item = ItemId(address)
        name = self._texts.say("fill.ink.file")
        if self._try(item, name, lambda: self._keeper.sign(item, image, name)):
            self.given.emit()

    def _look_up(self, row: object) -> None:
        """Size and picture of a kept file, from the disk."""
        panel = self._body.answer.current
        if not isinstance(row, Row) or row.answer is None or not isinstance(panel, FilePanel | InkPanel):
            return
        looked = (panel, row.id, row.answer.value)
        if looked == self._looked:
            return
        self._looked = looked
        address, path = row.id, self._tools.store.file_path(Sha256(row.answer.value.partition("/")[0]))

        def show(size: int) -> None:
            shown = self._body.answer.current
            if shown is not panel or shown.row is None or shown.row.id != address:
                self._looked = ()
                return
            if isinstance(shown, FilePanel):
                shown.show_size(size_text(size))
            elif size:
                shown.show_picture(path)

        def not_there(_: Exception) -> None:
            self._looked = ()  # it is on its way to the disk

        self._jobs.data(lambda: path.stat().st_size, show, not_there, owner=self, name="data file")


def _plain(name: str) -> str:
    """A file's name without what no name may hold, its ending kept."""
    plain = "".join("_" if c in '/\\:*?"<>|' or not c.isprintable() else c for c in name).strip(" .") or "file"
    return plain if len(plain) <= LONGEST_NAME else plain[:100] + plain[-20:]
