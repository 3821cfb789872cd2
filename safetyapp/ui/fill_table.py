"""What a person does in a table of Fill: answers cells, adds and takes away rows, and what stands beside the grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from safetyapp.domain.address import at, item_of, rows_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Finding, PhotoLink
from safetyapp.domain.judging import propose_finding
from safetyapp.domain.problem import Problem
from safetyapp.ui import fill_words
from safetyapp.ui.fill_panel_answers import PanelDesk
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_proposals import Proposals
from safetyapp.ui.fill_unkept import Unkept
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.photo_thumbs import Thumbs
from safetyapp.ui.table_model import TableModel
from safetyapp.ui.table_page import TablePage
from safetyapp.workflow.opened import Open

if TYPE_CHECKING:
    from safetyapp.ui.fill_photo_desk import PhotoDesk

MOST_IN_MENU = 12


class TableDesk(QObject):
    """Owns the page, made when a table is opened for the first time, and hands what is done there to the keeper."""

    opened = Signal()
    closed = Signal(str)
    """Back to the list, at the table's row."""

    def __init__(
        self, parts: FillParts, unkept: Unkept, proposals: Proposals, photos: PhotoDesk, undo: Callable[[], None],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._parts, self._unkept, self._proposals, self._photos, self._undo = parts, unkept, proposals, photos, undo
        self._texts, self._keeper, self._toast = parts.texts, parts.keeper, parts.toast
        self._before: Open = parts.keeper.shown
        self._ordinal = 1
        self._address = ItemId("")
        self.page: TablePage | None = None
        self.is_open = False

    # opening and closing

    def open_table(self, address: ItemId) -> TablePage:
        """Shows the table at an address."""
        page = self.page or self._make()
        self._before = self._parts.keeper.shown
        self.is_open = True
        page.open_table(address)
        self.opened.emit()
        return page

    def open_cell(self, address: str) -> None:
        """Shows the table that a cell stands in, at that cell."""
        path = self._parts.keeper.shown.order.paths.get(item_of(address))
        if path is not None and path.tables:
            self.open_table(at(path.tables[-1].id, rows_of(address)[:-1])).go_to_cell(address)

    def _make(self) -> TablePage:
        parts, typed = self._parts, self._parts.view.delegate.typed
        model = TableModel(parts.model.maker, parts.model.refused, typed.get, self)
        thumbs = Thumbs(parts.jobs, parts.tools.store.thumb_of)
        page = self.page = TablePage(parts.look, parts.texts, parts.model.maker, model, thumbs)
        page.left.connect(self.close)
        page.answered.connect(self.answer)
        page.rows_wanted.connect(self._on_rows)
        page.opened_cell.connect(self._on_opened)
        page.cell_changed.connect(self.show_cell)
        body = page.body
        self._panels = PanelDesk(parts.tools, parts.jobs, parts.keeper, body, self.row_of, self)
        self._panels.given.connect(self._go_on)
        self._panels.refused.connect(lambda item, text, why: self._refuse(ItemId(item), text, why))
        self._panels.accepted.connect(self._accept)
        self._panels.trouble.connect(
            lambda name, why: parts.trouble.show_trouble(parts.texts.say("fill.photo.failed", name=name, why=why))
        )
        body.case_chosen.connect(self._on_case)
        body.readings_changed.connect(self._on_readings)
        body.note_written.connect(self._on_note)
        body.finding.written.connect(self._on_finding)
        body.finding_chosen.connect(self._on_finding_chosen)
        body.another_wanted.connect(self.add_finding)
        body.drop_wanted.connect(self._on_drop)
        body.closed.connect(lambda: page.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        self._photos.watch(body)
        strip = body.photos
        strip.set_closed(self._photos.closed)
        strip.add_wanted.connect(self.add_photos)
        strip.dropped.connect(self._on_dropped)
        strip.arranged.connect(self._on_arranged)
        strip.removed.connect(self._on_removed)
        strip.enlarged.connect(lambda n: self._photos.enlarge(strip.links, n))
        return page

    def close(self) -> None:
        """Back to the list."""
        page = self.page
        if page is None or not self.is_open:
            return
        self.flush()
        self.is_open = False
        page.body.leave()
        page.body.show()
        self.closed.emit(item_of(page.model.address))

    def flush(self) -> None:
        """Hands over what stands in fields."""
        if self.page is not None and self.is_open:
            self.page.grid.flush()
            self.page.body.flush()

    def row_of(self, address: ItemId) -> Row:
        """What is shown of a cell."""
        assert self.page is not None
        place = self.page.model.place_of(address)
        return self.page.model.cell(*place) if place is not None else self._parts.model.row_of(item_of(address))

    def current(self) -> Row | None:
        return self.page.current() if self.page is not None and self.is_open else None

    # showing

    def take(self) -> None:
        """The keeper shows another draft."""
        before, self._before = self._before, self._keeper.shown
        if self.page is not None and self.is_open and before is not self._before:
            self.page.take(before, self._before)

    def show_cell(self) -> None:
        """The current cell beside the grid."""
        page = self.page
        if page is None:
            return
        cell = page.current()
        page.show_cell()
        if cell is None or cell.is_closed:
            page.body.leave()
            return
        if cell.id != self._address:
            self._address, self._ordinal = cell.id, 1
        opened = cell.way is not Way.TABLE and (cell.fails or cell.photos > 0 or cell.item.photo != "none")
        self._ordinal = page.body.show_row(
            cell, self._parts.model.form, self._keeper.shown.inspection, self._proposals.places(), opened,
            self._ordinal, False, self._proposals.phrases(cell) if cell.fails else None,
            self._unkept.waiting.get(cell.id, {}),
        )  # fmt: skip
        page.body.show()

    # answers

    def answer(self, address: str, text: str) -> None:
        """A cell was written or chosen; an empty text takes the answer away."""
        cell_id = ItemId(address)
        cell = self.row_of(cell_id)
        if not text:
            self._accept(address)
            if cell.answer is not None:
                self._keeper.clear(cell_id)
            return
        if cell.answer is not None and text == cell.answer.value and not cell.refused:
            return
        try:
            self._keeper.answer(cell_id, text)
        except Problem as problem:
            self._refuse(cell_id, text, fill_words.refusal_text(self._texts, problem, cell.kind))
            return
        self._accept(address)

    def _refuse(self, address: ItemId, text: str, why: str) -> None:
        self._unkept.refuse_value(address, text, why)
        self._renew(address)

    def _accept(self, address: str) -> None:
        if self._parts.model.refused(ItemId(address)):
            self._unkept.accept(ItemId(address))
            self._renew(ItemId(address))

    def _renew(self, address: ItemId) -> None:
        if self.page is not None:
            self.page.model.renew([address])
            self.page.show_cell()

    def _on_rows(self, table: str, change: str) -> None:
        page = self.page
        assert page is not None
        row, _ = page.grid.place()
        try:
            self._keeper.rows(ItemId(table), change)
        except Problem as problem:
            self._parts.trouble.show_trouble(fill_words.why(self._texts, problem), key="rows")
            return
        if change.startswith("-"):
            sentence = self._texts.say("fill.table.removed", n=row + 1)
            self._toast.say(sentence, self._texts.say("fill.photo.undo"), self._undo)
        else:
            page.grid.go_to(page.model.rowCount() - 1, 0)
        page.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_opened(self, address: str) -> None:
        """Enter on a cell without a field: a table in its place, a menu of choices, else the editor beside it."""
        page = self.page
        assert page is not None
        cell = self.row_of(ItemId(address))
        if cell.way is Way.TABLE:
            page.open_table(cell.id)
        elif cell.is_choice or (cell.kind is AnswerKind.CHOICE and len(cell.picks) <= MOST_IN_MENU):
            self._offer(cell)
        elif cell.way is Way.PHOTOS:
            page.body.photos.add.setFocus(Qt.FocusReason.OtherFocusReason)
        elif cell.way is not Way.SHOWN:
            first = page.body.answer.first()
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer(self, cell: Row) -> None:
        from safetyapp.ui.row_words import options_of

        page = self.page
        assert page is not None
        menu = QMenu(page.grid)
        picks = [(str(o.value), o.text) for o in options_of(self._texts, cell)] if cell.is_choice else [
            (pick.id, pick.label) for pick in cell.picks
        ]  # fmt: skip
        for number, (value, label) in enumerate(picks, start=1):
            action = QAction(f"&{number}  {label}" if number <= 9 else label, menu)
            action.setCheckable(True)
            action.setChecked(cell.answer is not None and cell.answer.value == value)
            action.triggered.connect(lambda _=False, value=value: self.answer(cell.id, value))
            menu.addAction(action)
        chosen = [a for a in menu.actions() if a.isChecked()]
        menu.setActiveAction(chosen[0] if chosen else menu.actions()[0])
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rect = page.grid.visualRect(page.grid.currentIndex())
        menu.popup(page.grid.viewport().mapToGlobal(QPoint(rect.left(), rect.bottom())))

    def _go_on(self) -> None:
        if self.page is not None:
            self.page.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self.page.grid.step(1)

    # beside the grid

    def _on_case(self, case: str) -> None:
        cell = self.current()
        if cell is not None and cell.answer is not None:
            self._keeper.answer(cell.id, cell.answer.value, case=case)

    def _on_readings(self) -> None:
        place = self.page.body.place if self.page is not None else None
        if self.page is None or place is None:
            return
        good, wrong = self.page.body.readings.read(self._parts.tools.clock.now().date())
        self._unkept.judge_readings(place.address, wrong)
        cell = self.row_of(place.address)
        if cell.answer is None:
            self._unkept.waiting[place.address] = good
        elif good != {r.id: r.value for r in cell.answer.readings}:
            self._keeper.set_readings(place.address, good)

    def _on_note(self, text: str) -> None:
        cell = self.current()
        if cell is not None and cell.answer is not None and cell.answer.note != text:
            self._keeper.answer(cell.id, cell.answer.value, note=text)

    def _on_finding(self, finding: object) -> None:
        if isinstance(finding, Finding):
            self._proposals.remember(finding)
            self._keeper.describe(finding)

    def _on_finding_chosen(self, ordinal: int) -> None:
        self._ordinal = ordinal
        self.show_cell()

    def add_finding(self) -> None:
        """One more finding at a failing cell."""
        cell = self.current()
        if cell is None or not cell.fails or self.page is None:
            self._toast.say(self._texts.say("fill.needs_fail"), icon="info-circle")
            return
        self.page.body.flush()
        inspection = self._keeper.shown.inspection
        self._ordinal = max((f.ordinal for f in inspection.findings_of(cell.id)), default=0) + 1
        made = propose_finding(self._parts.model.form, cell.item, cell.id, inspection, "", self._ordinal)
        self._keeper.describe(made, "another")

    def _on_drop(self) -> None:
        cell = self.current()
        if cell is not None and len(cell.findings) > 1:
            dropped, self._ordinal = self._ordinal, 1
            self._keeper.drop_finding(cell.id, dropped)

    def add_photos(self, after: bool = False) -> None:
        """Photos of the current cell, from files."""
        cell = self.current()
        if cell is not None and not cell.is_closed:
            self._photos.intake.take(cell.id, self._photos.ask_sources(), bool(after))

    def _on_dropped(self, mime: object, after: bool) -> None:
        cell = self.current()
        if cell is not None and isinstance(mime, QMimeData):
            self._photos.intake.take(cell.id, self._photos.sources(mime), after)

    def _on_arranged(self, links: object) -> None:
        cell = self.current()
        if cell is not None and isinstance(links, tuple):
            self._keeper.arrange_photos(cell.id, links)

    def _on_removed(self, link: object) -> None:
        cell = self.current()
        if cell is None or not isinstance(link, PhotoLink):
            return
        links = self._keeper.shown.inspection.photos_of(cell.id)
        self._keeper.arrange_photos(cell.id, tuple(other for other in links if other != link))
        self._toast.say(self._texts.say("fill.photo.removed"), self._texts.say("fill.photo.undo"), self._undo)
