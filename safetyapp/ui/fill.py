"""The Fill screen 检查: sixty items in one walk, with one hand, without losing a stroke."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from safetyapp.domain.form import ItemId
from safetyapp.domain.judging import score_of
from safetyapp.ui import fill_keys
from safetyapp.ui.fill_answers import AnswerDesk
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_findings import FindingDesk
from safetyapp.ui.fill_incoming import Incoming
from safetyapp.ui.fill_leaving import Leaving
from safetyapp.ui.fill_panel_answers import PanelDesk
from safetyapp.ui.fill_panes import FillPanes
from safetyapp.ui.fill_parts import make_parts
from safetyapp.ui.fill_past import PastDesk
from safetyapp.ui.fill_photo_desk import PhotoDesk
from safetyapp.ui.fill_proposals import Proposals
from safetyapp.ui.fill_rescue import Rescue
from safetyapp.ui.fill_rest import RestDesk
from safetyapp.ui.fill_saving import SavingSigns
from safetyapp.ui.fill_table import TableDesk
from safetyapp.ui.fill_undo import Undo
from safetyapp.ui.fill_unkept import Unkept
from safetyapp.ui.fill_version import VersionDesk
from safetyapp.ui.fill_walk import Walk
from safetyapp.ui.item_model import Show
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.photo_words import TRAY
from safetyapp.ui.place_words import score_text
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open


class FillScreen(QWidget):
    """Fills one draft. Everything written is handed to the Keeper; `sign_requested(Open)` and `back_requested` come
    only when all of it is on the disk. The screen puts its parts together and tells them of another item, of a change
    and of a size; what a person does is done by those it hands the parts to."""

    name = "fill"
    back_requested = Signal()
    sign_requested = Signal(object)
    give_requested = Signal(object)
    """Hand the draft (Open) to a colleague."""
    draft_moved = Signal(object, str, str)
    """The draft (Open) under a newer version of its form, the item that was current, and what to say."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, opened: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = tools.texts
        parts = self._parts = make_parts(tools, look, jobs, opened, self.flush, self)
        self.keeper, self.model, self.toast = parts.keeper, parts.model, parts.toast
        self.header, self.trouble, self.progress, self.strip = parts.header, parts.trouble, parts.progress, parts.strip
        self.sections, self.view, self.body, self.field = parts.sections, parts.view, parts.body, parts.field
        self.help = parts.help
        self._score_later = QTimer(self)
        self._score_later.setSingleShot(True)
        self._score_later.setInterval(60)
        self._score_later.timeout.connect(self._show_score)
        self._lay_out(opened)
        self._tabs = fill_keys.TabChain(parts)
        self.unkept = Unkept(parts, self)
        proposals = Proposals(parts)
        self.editor = OpenItem(parts, self.unkept, proposals, self.flush, self)
        self.answers = AnswerDesk(parts, self.unkept, self.editor, self)
        self.walk = Walk(parts, self.editor, self.flush, self)
        self.panels = PanelDesk(tools, jobs, parts.keeper, parts.body, parts.model.row_of, self)
        self._undo = Undo(parts, self.unkept, self.editor, self.walk, self.answers, self.flush)
        self.photos = PhotoDesk(parts, self.editor, self.walk, self.undo, self)
        self.findings = FindingDesk(parts, self.editor, proposals, self.undo, self)
        self.tables = TableDesk(parts, self.unkept, proposals, self.photos, self.undo, self)
        self.incoming = Incoming(parts, self.photos, self.undo, self._here, self)
        self.past = PastDesk(parts, self)
        self.rest = RestDesk(parts, self.flush, self.undo, self)
        self.rescue = Rescue(tools, jobs, parts.keeper, self.flush, self.unkept.unread, self)
        self._saving = SavingSigns(parts, self.rescue, self.answers.is_being_typed, self)
        self._leaving = Leaving(parts, self.unkept, self.walk, self.answers, self.rescue, self.flush, self)
        self.version = VersionDesk(parts, self._leaving, self._show_under_header, self)
        self._connect()
        self._bind_keys()
        self._show_totals()
        self._saving.look_up_time()
        shown = [row for row in self.model.every if not row.is_closed and not row.is_heading]
        first = next((row for row in shown if row.is_open), shown[0] if shown else None)
        if first is not None:
            self.view.go_to(first.id)
        QTimer.singleShot(0, self, self._warm)
        QTimer.singleShot(0, self, self.look_for_newer)
        QTimer.singleShot(0, self, self.past.read)

    def _lay_out(self, opened: Open) -> None:
        parts = self._parts
        school, form = opened.inspection.school.name, opened.form.title.in_language(self._texts.language)
        self.setWindowTitle(self._texts.say("fill.window", school=school, form=form))
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(parts.header)
        column.addWidget(parts.trouble)
        column.addWidget(parts.progress)
        self._panes = FillPanes(parts, self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._panes)
        column.addWidget(self._pages, 1)
        column.addWidget(parts.strip)

    def _connect(self) -> None:
        view, body, field = self.view, self.body, self.field
        self.keeper.changed.connect(self._on_changed)
        view.item_changed.connect(self._on_item_changed)
        view.asked.connect(self._on_asked)
        body.height_changed.connect(view.body_resized)
        for typing in (body.finding.text.edited, body.finding.action.textEdited, body.note.textEdited, field.live):
            typing.connect(lambda *_: view.reveal())
        self.unkept.changed.connect(self._on_unkept_changed)
        self.unkept.touched.connect(self._saving.show_state)
        self.editor.changed.connect(self._show_place)
        self.editor.refilled.connect(self._tabs.renew)
        self.answers.given.connect(self.walk.go_on)
        self.panels.given.connect(self.walk.go_on)
        self.panels.failed.connect(lambda _: self.editor.open(focus=False))
        self.panels.refused.connect(lambda item, text, why: self.answers.refuse(ItemId(item), text, why))
        self.panels.accepted.connect(self.answers.accept)
        self.panels.trouble.connect(self._on_file_trouble)
        self.answers.judged.connect(self._saving.show_state)
        self.answers.table_wanted.connect(lambda item: self.tables.open_table(ItemId(item)))
        self.walk.cell_wanted.connect(self.tables.open_cell)
        self.walk.item_wanted.connect(self.tables.close)
        self.tables.opened.connect(self._on_table_opened)
        self.tables.closed.connect(self._on_table_closed)
        self._leaving.back_requested.connect(self.back_requested)
        self._leaving.sign_requested.connect(self.sign_requested)
        self._leaving.give_requested.connect(self.give_requested)
        self.version.moved.connect(self.draft_moved)

    def _bind_keys(self) -> None:
        keys = {
            "Ctrl+G": self.header.open_jump, "F8": self.next_open, "Shift+F8": self.walk.next_without_photo,
            "F9": self.sign, "F1": self._panes.toggle_help, "Ctrl+Z": self.undo, "Ctrl+Y": self._undo.redo,
            "Ctrl+Shift+Z": self._undo.redo, "Ctrl+D": self.findings.copy_place, "Ctrl+Return": self.add,
            "Ctrl+Enter": self.add, "Ctrl+;": self.body.finding.offer_phrases, "Ctrl+V": self.photos.paste,
            "Ctrl+F": self.header.open_jump, "Ctrl+Shift+1": self.rest.pass_rest,
            "Alt+P": self.add_photos, "Alt+N": self.editor.open_note, "Alt+Left": self.leave,
            "Ctrl+J": self._leaving.give,
            "Alt+Down": lambda: self.walk.step_from_inside(1), "Alt+Up": lambda: self.walk.step_from_inside(-1),
            **self.incoming.keys(),
        }  # fmt: skip
        fill_keys.bind(self, keys)

    def _warm(self) -> None:
        """The editor's first showing costs most: its parts are polished while nobody waits."""
        self.body.ensurePolished()
        for child in self.body.findChildren(QWidget):
            child.ensurePolished()

    # what may be asked of the screen

    def current_item(self) -> ItemId | None:
        return self.view.current_item()

    def go_to(self, item: str) -> None:
        """Makes an item the current one, showing all items when the filter hides it; or opens the tray."""
        if item == TRAY:
            self.incoming.tray.open()
        else:
            self.walk.go_to(item)

    def _here(self) -> ItemId | None:
        """Where a photo goes just now: the cell of the table that is open, else the current item."""
        cell = self.tables.current()
        return cell.id if cell is not None else self.view.current_item()

    def show_only(self, show: Show) -> None:
        """Filters the list; the current item stays current when it is still shown."""
        self._parts.pane.show_only(show)

    def undo(self) -> None:
        self._undo.undo()

    def next_open(self) -> None:
        """F8: the next place that wants something, in the table that is open, else in the list."""
        page = self.tables.page
        if not self.tables.is_open or page is None or not page.next_open():
            self.walk.next_open()

    def add(self) -> None:
        """Ctrl+Enter: another row of the table that is open, another finding in the list."""
        page = self.tables.page
        if self.tables.is_open and page is not None and not page.body.isAncestorOf(self.focusWidget() or self):
            page.ask("row+")
        elif self.tables.is_open:
            self.tables.add_finding()
        else:
            self.findings.add()

    def add_photos(self) -> None:
        """Alt+P."""
        if self.tables.is_open:
            self.tables.add_photos()
        else:
            self.photos.add()

    def look_for_newer(self) -> None:
        """Offers the newer version of the form where there is one; nothing is changed by it."""
        self.version.look()

    def _show_under_header(self, bar: QWidget, stops: tuple[QWidget, ...]) -> None:
        self._column.insertWidget(1, bar)
        self._tabs.news = stops
        self._tabs.renew()

    def flush(self) -> None:
        """Hands over everything that stands in fields."""
        self.photos.flush()
        self.tables.flush()
        self.answers.keep_value()
        self.body.flush()

    def shut(self) -> None:
        """The screen is going away, or the window is: what is written is handed to the data thread, which finishes."""
        self.flush()
        self.photos.intake.stop()
        self.incoming.shut()

    def has_unsaved(self) -> bool:
        """Whether closing the window now would lose something; ask after `flush`."""
        return self._leaving.has_unsaved()

    def leave(self) -> None:
        """Back, once everything is on the disk."""
        self._leaving.leave()

    def sign(self) -> None:
        """F9: to the review, once everything is on the disk and could be read."""
        self._leaving.sign()

    # what the parts are told

    def _on_item_changed(self, item: object) -> None:
        """Another item is current: keep what was written at the former, show what belongs to this one."""
        self.flush()
        former = self.answers.item
        if former is not None and self.model.row_of(former).refused and not self.unkept.was_told(former):
            self.toast.say(self.unkept.sentence(former, "left"), icon="alert-circle")
        self.keeper.close_step()
        self.editor.begin()
        self.view.delegate.live = None
        self.view.delegate.is_open = False
        row = self.view.current_row()
        self.body.show_error(row.refused if row is not None else "")
        if row is None:
            return
        self.answers.item = row.id
        self.answers.show_field(row, another=True)
        self.editor.show(row, opened=False)
        self.view.settle()
        self._show_place()
        self._parts.pane.tidy_later()

    def _on_changed(self, item: object) -> None:
        """The Keeper has taken a change in: show it everywhere it is seen."""
        here = self.view.current_row()
        changed = self.model.take(self.keeper.shown)
        self.tables.take()
        if self.keeper.problem is not None:
            self.model.set_unsaved(self.keeper.unsaved_items())
        if not changed:
            return
        self._parts.pane.follow_conditions()
        self._show_totals()
        self.sections.sections.refresh()
        if here is not None and here.id in changed:
            row = self.model.row_of(here.id)
            self.answers.show_field(row)
            if self.view.delegate.is_open:
                self.editor.show(row, self.editor.is_open())
                self.view.settle(follow=False)
        self._show_place()

    def _on_unkept_changed(self) -> None:
        self.trouble.clear("refused")
        self._show_totals()
        self.sections.sections.refresh()
        self._show_place()

    def _on_asked(self, what: str) -> None:
        """A single-key command of the list."""
        if what == "close":
            if self.view.hasFocus() and not self.editor.is_open():
                self.leave()
            else:
                self.editor.close()
        elif what == "photo":
            self.photos.add()
        elif what == "jump":
            self.header.open_jump()
        elif what == "note":
            self.editor.open_note()
        elif what in ("section+", "section-"):
            self.walk.step_section(1 if what == "section+" else -1)
        elif what in ("first", "last"):
            self.walk.go_to_end(first=what == "first")

    def _on_table_opened(self) -> None:
        page = self.tables.page
        assert page is not None
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        page.fold(self._parts.look.metrics.breadth(self.width()))
        self._pages.setCurrentWidget(page)
        self.strip.show_hints(fill_keys.table_hints(self._texts))
        page.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_table_closed(self, item: str) -> None:
        self._pages.setCurrentWidget(self._panes)
        self.view.go_to(ItemId(item))
        self.view.relay()
        self._parts.pane.focus_list()
        self._show_place()

    def _on_file_trouble(self, name: str, why: str) -> None:
        self.trouble.show_trouble(self._texts.say("fill.photo.failed", name=name, why=why), key=f"file {name}")

    def _show_place(self) -> None:
        row = self.view.current_row()
        if row is None or self.tables.is_open:
            return
        rows = self.model.section_rows(row.section)
        mark = next((n for n, other in enumerate(rows) if other.id == row.id), -1)
        self.sections.show_place(row.section, mark)
        answered = sum(1 for r in rows if r.mark != "o")
        findings = sum(len(r.findings) for r in rows if r.fails)
        facts = self._texts.say("fill.section_band", n=len(rows), done=answered, findings=findings)
        self._parts.pane.show_section(self.sections.sections.title(row.section), facts)
        if self.help.isVisible():
            self.help.show_row(row)
        self.strip.show_hints(fill_keys.hints(self._texts, row, self.view.delegate.is_open))

    def _show_totals(self) -> None:
        totals = self.model.totals()
        self.header.show_totals(totals)
        self.strip.show_totals(totals)
        if self.model.form.scoring is not None:
            self._score_later.start()

    def _show_score(self) -> None:
        shown = self.keeper.shown
        score = score_of(shown.form, shown.inspection, shown.reckoned)
        self.header.show_score(score_text(self._texts, shown.form, score) if score is not None else "")

    # sizes and focus

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Handed on by hand: a focus proxy would close the Tab ring at the screen, past header and sections."""
        if self.tables.is_open and self.tables.page is not None:
            self.tables.page.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._parts.pane.focus_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panes.fold()
        if self.tables.page is not None:
            self.tables.page.fold(self._parts.look.metrics.breadth(self.width()))
        self.photos.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._panes.fold()
        self.view.relay()
        self.view.show_current()
        if not isinstance(self.focusWidget(), QLineEdit) and not self.tables.is_open:
            self._parts.pane.focus_list()
        self._tabs.renew()
