"""The Fill screen 检查: sixty items in one walk, with one hand, without losing a stroke."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Outcome
from safetyapp.domain.problem import Problem
from safetyapp.ui import fill_words
from safetyapp.ui.fill_findings import FindingDesk
from safetyapp.ui.fill_header import FillHeader, KeyStrip
from safetyapp.ui.fill_keeper import Keeper
from safetyapp.ui.fill_photo_desk import PhotoDesk
from safetyapp.ui.fill_rescue import Rescue
from safetyapp.ui.fill_sections import MARKS_ONLY, SectionList
from safetyapp.ui.fill_words import NO_JUDGEMENT
from safetyapp.ui.help_panel import HelpPanel
from safetyapp.ui.item_body import ItemBody
from safetyapp.ui.item_fields import ValueField
from safetyapp.ui.item_model import ItemModel, Row, Show
from safetyapp.ui.item_view import ItemView
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import EmptyState, Label, Line, Option, ProgressLine, Segment, Toast, TroubleBar
from safetyapp.ui.photo_strip import Thumbs
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import Open

SAVING_AFTER = 400
"""Milliseconds after which 正在存 is said: a save that is quicker needs no word."""
HOLD_CLOSING = 700
"""Milliseconds for which the window is kept open after it was said what could not be read."""


class FillScreen(QWidget):
    """Fills one draft. Everything written is handed to the Keeper; `sign_requested(Open)` and `back_requested` come
    only when all of it is on the disk."""

    back_requested = Signal()
    sign_requested = Signal(object)

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, opened: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools, self._look, self._jobs = tools, look, jobs
        self._texts = tools.texts
        self.keeper = Keeper(tools, jobs, opened, self)
        self.model = ItemModel(tools.texts, opened.form, opened.inspection, self)
        self.ordinal = 1
        self._note_open = False
        self._waiting_readings: dict[ItemId, dict[str, str]] = {}
        self._refused_values: dict[ItemId, str] = {}
        self._refused_readings: dict[ItemId, str] = {}
        self._told: dict[ItemId, str] = {}
        self._told_leaving: dict[ItemId, str] = {}
        self._holding = QElapsedTimer()
        self._help_docked: bool | None = None
        self._help_shown = True
        self._layout_key: tuple[int, int, bool] | None = None
        self._chain: list[int] = []
        self._build(opened)
        self._connect()
        self._bind_keys()
        self._show_totals()
        self._look_up_saved_time()
        first = next((row.id for row in self.model.every if row.is_open), self.model.every[0].id)
        self.view.go_to(first)
        QTimer.singleShot(0, self, self._warm)

    # building

    def _build(self, opened: Open) -> None:
        look, texts, px = self._look, self._texts, self._look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        school, form = opened.inspection.school.name, opened.form.title.in_language(texts.language)
        title = texts.say("fill.title", school=school, form=form)
        self.setWindowTitle(texts.say("fill.window", school=school, form=form))
        self.header = FillHeader(look, texts, self.model, title, self._head_facts(opened))
        column.addWidget(self.header)
        self.trouble = TroubleBar(look, texts.say("fill.photo.close"))
        column.addWidget(self.trouble)
        self.progress = ProgressLine(look, texts.say("fill.photo.stop"))
        column.addWidget(self.progress)

        self.sections = SectionList(look, self.model)
        self.view = ItemView(look, self.model)
        self.view.setAccessibleName(texts.say("fill.list_name"))
        self.view.setAccessibleDescription(texts.say("fill.list_help"))
        thumb_path = self._tools.store.thumb_path
        self._thumbs = Thumbs(self._jobs, lambda link: thumb_path(link.photo))
        self.body = ItemBody(look, texts, self._thumbs)
        self.field = ValueField(look, texts.language)
        self.view.set_parts(self.body, self.field)
        self.help = HelpPanel(look, texts, self.model.form)

        middle = QWidget()
        inner = QVBoxLayout(middle)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._build_band())
        inner.addWidget(Line(look))
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.view)
        self._empty = EmptyState(look, "check", "", texts.say("fill.empty_all"))
        self._empty.pressed.connect(lambda: self.show_only(Show.ALL))
        self._stack.addWidget(self._empty)
        inner.addWidget(holder, 1)

        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        for part in (self.sections, middle, self.help):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setStretchFactor(2, 0)
        middle.setMinimumWidth(px(300))
        column.addWidget(self._splitter, 1)
        self.strip = KeyStrip(look, texts)
        column.addWidget(self.strip)
        self.toast = Toast(look, self)
        self.photos = PhotoDesk(self._tools, look, self._jobs, self)
        self.findings = FindingDesk(self._tools, self)
        self.rescue = Rescue(self._tools, self._jobs, self.keeper, self.flush, self.unread, self)
        self.rescue.written.connect(self.toast.say)
        self.rescue.failed.connect(self._on_rescue_failed)

    def _build_band(self) -> QWidget:
        look, texts, px = self._look, self._texts, self._look.metrics.px
        band = QWidget()
        band.setFixedHeight(px(34))
        row = QHBoxLayout(band)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(9))
        self._section_title = Label(look, "", Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideNone)
        self._section_facts = Label(look, "", Style.COMPACT, "ink2")
        row.addWidget(self._section_title)
        row.addWidget(self._section_facts, 1)
        row.addWidget(Label(look, texts.say("fill.show"), Style.COMPACT, "ink2", elide=Qt.TextElideMode.ElideNone))
        options = [Option(show, texts.say(f"fill.show_as.{show.value}")) for show in Show]
        self.show_segment = Segment(look, options, Show.ALL, name=texts.say("fill.show"), height=28)
        self.show_segment.chosen.connect(self._on_show_chosen)
        row.addWidget(self.show_segment)
        return band

    def _head_facts(self, opened: Open) -> str:
        inspection, say = opened.inspection, self._texts.say
        people = say("fill.people_joint").join([inspection.inspector.name, *inspection.companions])
        return say(
            "fill.head", type=say(f"fill.type.{inspection.type.value}"), date=inspection.inspected_on.isoformat(),
            people=people, version=inspection.form.version,
        )  # fmt: skip

    def _connect(self) -> None:
        keeper, view, body, field = self.keeper, self.view, self.body, self.field
        keeper.changed.connect(self._on_changed)
        keeper.committed.connect(self._on_committed)
        keeper.waiting.connect(self._on_waiting)
        keeper.trouble.connect(self._on_trouble)
        self._saving_timer = QTimer(self)
        self._saving_timer.setSingleShot(True)
        self._saving_timer.setInterval(SAVING_AFTER)
        self._saving_timer.timeout.connect(self.header.saved.show_saving)
        view.answered.connect(self._on_answered)
        view.item_changed.connect(self._on_item_changed)
        view.opened.connect(self._on_opened)
        view.typed.connect(self._on_typed)
        view.asked.connect(self._on_asked)
        field.live.connect(self._on_live)
        field.entered.connect(self._on_value_entered)
        field.kept.connect(lambda _: self._keep_value())
        field.moved.connect(self._on_value_moved)
        field.given_up.connect(self.close_item)
        field.not_applicable.connect(self._on_value_na)
        body.height_changed.connect(view.body_resized)
        body.touched.connect(self._show_saved_state)
        for typing in (body.finding.text.edited, body.finding.action.textEdited, body.note.textEdited, field.live):
            typing.connect(lambda *_: view.reveal())
        body.case_chosen.connect(self._on_case)
        body.readings_changed.connect(self._on_readings)
        body.entered.connect(self._next_item)
        body.finding_chosen.connect(self._on_finding_chosen)
        body.note_written.connect(self._on_note)
        body.closed.connect(self.close_item)
        self.sections.section_wanted.connect(self.go_to_section)
        self.sections.item_wanted.connect(lambda item: self.go_to(item))
        self.sections.not_applicable_wanted.connect(self._on_section_na)
        self.header.back.connect(self.leave)
        self.header.sign.connect(self.sign)
        self.header.next_open.connect(self.next_open)
        self.header.next_fail.connect(self.next_fail)
        self.header.help.connect(self.toggle_help)
        self.header.jump.jumped.connect(lambda item: self.go_to(item))
        self.header.jump.left.connect(self._focus_list)
        self.help.closed.connect(self.toggle_help)

    def _bind_keys(self) -> None:
        """Only keys that no text field wants; digits and letters are the list's own."""
        keys = {
            "Ctrl+G": self.header.open_jump, "F8": self.next_open, "Shift+F8": self.next_without_photo,
            "F9": self.sign, "F1": self.toggle_help, "Ctrl+Z": self.undo, "Ctrl+Y": self.redo,
            "Ctrl+Shift+Z": self.redo, "Ctrl+D": self.findings.copy_place, "Ctrl+Return": self.findings.add,
            "Ctrl+Enter": self.findings.add, "Ctrl+;": self.body.finding.offer_phrases, "Ctrl+V": self.photos.paste,
            "Alt+P": self.photos.choose, "Alt+N": self.open_note, "Alt+Left": self.leave,
            "Alt+Down": lambda: self._step_from_inside(1), "Alt+Up": lambda: self._step_from_inside(-1),
        }  # fmt: skip
        for key, call in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    def _warm(self) -> None:
        """The editor's first showing costs most: its parts are polished while nobody waits."""
        self.body.ensurePolished()
        for child in self.body.findChildren(QWidget):
            child.ensurePolished()

    def _look_up_saved_time(self) -> None:
        draft, store = self.keeper.kept.inspection.id, self._tools.store
        self._jobs.data(
            lambda: next((row.changed_at for row in store.drafts() if row.id == draft), None),
            self._on_saved_time,
            lambda _: None,
            owner=self,
            name="data fill",
        )

    def _on_saved_time(self, at: object) -> None:
        if self.keeper.kept_at is None and isinstance(at, datetime):
            self.header.saved.show_saved(fill_words.clock_text(at))

    # where we are

    def current_item(self) -> ItemId | None:
        return self.view.current_item()

    def go_to(self, item: str, focus: bool = True) -> None:
        """Makes an item the current one, showing all items when the filter hides it."""
        name = ItemId(item)
        if self.model.find(name) < 0 and name in self.model.position:
            self.show_only(Show.ALL)
        self.view.go_to(name)
        if focus:
            self._focus_list()

    def go_to_section(self, number: int) -> None:
        """The first unanswered item of a section, else its first."""
        rows = [row for row in self.model.section_rows(number) if self.model.find(row.id) >= 0]
        rows = rows or self.model.section_rows(number)
        self.go_to(next((row.id for row in rows if row.is_open), rows[0].id))

    def show_only(self, show: Show) -> None:
        """Filters the list; the current item stays current when it is still shown."""
        here = self.current_item()
        self.flush()
        self.show_segment.set_value(show)
        self.view.delegate.is_open = False
        self.model.set_show(show)
        if here is None or not self.view.go_to(here):
            place = self.model.position.get(here, 0) if here is not None else 0
            following = [self.model.row(n) for n in range(self.model.rowCount())]
            later = next((r for r in following if self.model.position[r.id] >= place), None)
            target = later or (following[-1] if following else None)
            if target is not None:
                self.view.go_to(target.id)
        self._show_empty()

    def _on_show_chosen(self, show: object) -> None:
        if isinstance(show, Show):
            self.show_only(show)
            self._focus_list()

    def _show_empty(self) -> None:
        if self.model.rowCount():
            self._stack.setCurrentIndex(0)
            return
        self._empty.sentence.setText(self._texts.say(f"fill.empty_{self.model.show.value}"))
        self._stack.setCurrentIndex(1)
        if self._empty.button is not None:
            self._empty.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus_list(self) -> None:
        if self.model.rowCount():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_item_changed(self, item: object) -> None:
        """Another item is current: keep what was written at the former, show what belongs to this one."""
        self.flush()
        former = self._field_item
        if former is not None and self.model.row_of(former).refused and not self._was_told(former):
            self.toast.say(self._refused_sentence(former, "left"), icon="alert-circle")
        self.keeper.close_step()
        self.ordinal, self._note_open = 1, False
        self.view.delegate.live = None
        self.view.delegate.is_open = False
        row = self.view.current_row()
        self.body.show_error(row.refused if row is not None else "")
        if row is None:
            self._show_place()
            return
        self._field_item = row.id
        self._show_field(row, another=True)
        self._show_body(row, opened=False)
        self.view.settle()
        self._show_place()
        self._tidy_later()

    _field_item: ItemId | None = None

    def _tidy_later(self) -> None:
        if self.model.show is not Show.ALL:
            QTimer.singleShot(0, self, self._tidy)

    def _tidy(self) -> None:
        self.model.tidy(self.current_item())
        self._show_empty()
        self.view.settle()

    def _show_place(self) -> None:
        row = self.view.current_row()
        if row is None:
            return
        rows = self.model.section_rows(row.section)
        mark = next(n for n, other in enumerate(rows) if other.id == row.id)
        self.sections.show_place(row.section, mark)
        self._section_title.setText(self.sections.sections.title(row.section))
        answered = sum(1 for r in rows if not r.is_open)
        findings = sum(len(r.findings) for r in rows if r.fails)
        facts = self._texts.say("fill.section_band", n=len(rows), done=answered, findings=findings)
        self._section_facts.setText(facts)
        if self.help.isVisible():
            self.help.show_item(row.item)
        self._show_hints(row)

    def _show_hints(self, row: Row) -> None:
        say = self._texts.say
        inside = self.view.delegate.is_open
        first = (("1", "2", "3"), say("fill.keys.answer")) if row.is_choice else (("0–9",), say("fill.keys.number"))
        hints: list[tuple[tuple[str, ...], str]] = [first]
        if not row.is_choice:
            hints.append((("Enter",), say("fill.keys.next")))
            hints.append(((say("fill.na_key"),), say("fill.keys.na")))
        hints.append((("↑", "↓"), say("fill.keys.move")))
        if row.is_choice:
            hints.append((("Enter",), say("fill.keys.open")))
        if inside:
            hints.append((("Esc",), say("fill.keys.close")))
        hints.append((("P",), say("fill.keys.photo")))
        hints.append((("N",), say("fill.keys.note")))
        hints.append((("Ctrl Z",), say("fill.keys.undo")))
        if inside and row.fails:
            hints.append((("Ctrl D",), say("fill.keys.place")))
        self.strip.show_hints(tuple(hints))

    def _show_totals(self) -> None:
        totals = self.model.totals()
        self.header.show_totals(totals)
        self.strip.show_totals(totals)

    # the open item

    def _show_body(self, row: Row, opened: bool) -> None:
        """Brings the editor to the current row: open, or only case and readings, or not at all."""
        body = self.body
        shown = opened or body.is_needed(row)
        fresh = body.place is None or body.place.item.id != row.id
        if shown or (not fresh and body.isVisible()):
            inspection = self.keeper.shown.inspection
            self.ordinal = body.show_row(
                row, self.model.form, inspection, self.findings.places(), opened, self.ordinal, self._note_open,
                self.findings.phrases(row) if opened else (), self._waiting_readings.get(row.id, {}),
            )  # fmt: skip
        elif fresh:
            body.leave()
        self.view.set_body(shown)
        if shown:
            self._chain_tabs()

    def is_open(self) -> bool:
        place = self.body.place
        return self.view.delegate.is_open and place is not None and place.opened

    def open_item(self, focus: bool = True) -> None:
        """Opens the current item; the cursor goes to the first field that wants something."""
        row = self.view.current_row()
        if row is None:
            return
        self._show_body(row, opened=True)
        self.view.settle()
        if focus:
            self._first_field(row).setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_place()

    def _first_field(self, row: Row) -> QWidget:
        if not self.body.finding.isHidden():
            return self.body.finding.text
        if self._note_open:
            return self.body.note
        first = next((r.field for r in self.body.readings if r.reading is not None), None)
        return first or self.body.photos.add

    def close_item(self) -> None:
        """Esc: closes the editor and keeps what is in it."""
        row = self.view.current_row()
        self.flush()
        self._note_open = False
        self._focus_list()
        if row is not None:
            self._show_body(self.model.row_of(row.id), opened=False)
            self.view.settle()
        self._show_place()

    def _on_opened(self, item: str) -> None:
        row = self.view.current_row()
        if row is None:
            return
        if not row.is_choice and not row.fails:
            self._on_typed(item, "")
        else:
            self.open_item()

    def _chain_tabs(self) -> None:
        """Header, sections, filter, list, value, fields in reading order, photos, help: as the eye goes."""
        header = self.header
        chain: list[QWidget] = [
            header.back_button, header.jump, header.jump_button, header.open_button, header.fail_button,
            header.help_button, header.sign_button, self.sections, *self.show_segment.buttons(), self.view, self.field,
            *self.body.stops(), self.help.stop(),
        ]  # fmt: skip
        ids = [id(w) for w in chain]
        if ids != self._chain:
            self._chain = ids
            for before, after in pairwise(chain):
                QWidget.setTabOrder(before, after)

    # answering

    def _on_answered(self, item: str, outcome: object) -> None:
        name = ItemId(item)
        row = self.model.row_of(name)
        self._accept(name, readings=outcome in (None, Outcome.NA))
        self.body.show_error(self._refused_readings.get(name, ""))
        if outcome is None:
            if row.answer is not None:
                self.keeper.clear(name)
            if name == self.current_item():
                self._show_field(self.model.row_of(name), another=True)
            return
        assert isinstance(outcome, Outcome)
        self._answer(name, outcome.value)
        if outcome is Outcome.FAIL:
            self.open_item()
        else:
            self._next_item()

    def _answer(self, item: ItemId, text: str) -> None:
        """Raises Problem bad-value."""
        waiting = self._waiting_readings.get(item)
        case = self.body.chosen_case(item)
        self.keeper.answer(item, text, case=case, readings=waiting or None)
        self._waiting_readings.pop(item, None)

    def _next_item(self) -> None:
        self._focus_list()
        if self.view.step(1):
            return
        if self.model.show is not Show.ALL:
            self.body.flush()
            self.model.tidy(None)
            self._show_empty()
            self.view.settle()
        elif not self.model.totals().unanswered:
            self.toast.say(self._texts.say("fill.all_answered"))
        row = self.view.current_row()
        if row is not None:
            self._show_body(row, opened=False)
            self.view.settle()

    def _on_typed(self, item: str, text: str) -> None:
        """A digit in the list begins the value; Enter or a click goes into the field."""
        field = self.field
        if not field.isVisible():
            return
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        if text:
            field.setText(text)
            self._on_live(text)
        else:
            field.selectAll()

    def _show_field(self, row: Row, another: bool = False) -> None:
        """The live field over the painted one, for items that are a number or a day. What is being typed stays, but
        never goes along to another item."""
        measure = not row.is_choice
        self.view.delegate.field_is_live = measure
        if not measure:
            return
        field = self.field
        field.set_kind(row.item.answer.kind, self.keeper.shown.inspection.inspected_on)
        field.setAccessibleName(self._texts.say("fill.field.value_name", item=row.id))
        unread = self.view.delegate.typed.get(row.id)
        value = row.answer.value if row.answer is not None else None
        if another or not field.hasFocus():
            field.setText(unread if unread is not None else fill_words.value_line(value))
        field.set_wrong(unread is not None)

    def _on_live(self, text: str) -> None:
        row = self.view.current_row()
        if row is None:
            return
        self.body.show_error("")
        self.field.set_wrong(False)
        inspection = self.keeper.shown.inspection
        value = fill_words.try_measure(row.item.answer.kind, text, inspection.inspected_on, row.item.answer.signed)
        judgement = NO_JUDGEMENT
        if value is not None:
            case = self.body.chosen_case(row.id)
            limits = row.item.answer.limits_for(inspection.school, case)
            judgement = fill_words.judge_value(self._texts, value, limits, inspection.inspected_on, row.level)
        self.view.delegate.live = (row.id, judgement)
        self.view.paint_row(row.id)
        self._show_saved_state()

    def _keep_value(self) -> bool:
        """Keeps what stands in the field; False when it cannot be read."""
        name = self._field_item
        if name is None or not self.view.delegate.field_is_live:
            return True
        row = self.model.row_of(name)
        self.view.delegate.live = None
        text = self.field.text().strip()
        if row.is_choice:
            return True
        if text == fill_words.value_line(row.answer.value if row.answer is not None else None):
            self._accept(name)
            return True
        if not text:
            self._accept(name)
            self.keeper.clear(name)
            return True
        try:
            self._answer(name, text)
        except (Problem, ValueError) as error:
            self.view.delegate.typed[name] = self.field.text()
            reason = str(error.facts.get("reason", "")) if isinstance(error, Problem) else "not_a_date"
            sentence = fill_words.bad_value_text(self._texts, reason, row.item.answer.kind)
            self._refused_values[name] = sentence
            self._show_refused()
            if name == self.current_item():
                self.field.set_wrong(True)
                self.body.show_error(sentence)
                self._show_body(self.model.row_of(name), opened=self.is_open())
                self.view.settle()
            return False
        self._accept(name)
        return True

    # what could not be read

    def _accept(self, item: ItemId, readings: bool = False) -> None:
        """What was refused at an item is corrected or given up; with `readings`, those too."""
        self.view.delegate.typed.pop(item, None)
        self._refused_values.pop(item, None)
        self._told.pop(item, None)
        if readings:
            self._refused_readings.pop(item, None)
            self.body.wrong_readings.pop(item, None)
        self._show_refused()

    def _show_refused(self) -> None:
        if self.model.set_refused({**self._refused_readings, **self._refused_values}):
            self.trouble.clear("refused")
            self._show_totals()
            self.sections.sections.refresh()
            self._show_place()
        self._show_saved_state()

    def _refused_text(self, item: ItemId) -> str:
        """What stands there and could not be read."""
        wrong = self.body.wrong_readings.get(item, {})
        return self.view.delegate.typed.get(item) or next(iter(wrong.values()), "")

    def unread(self) -> dict[ItemId, str]:
        """What stands in fields and could not be read, by item."""
        return {row.id: self._refused_text(row.id) for row in self.model.every if row.refused}

    def _refused_sentence(self, item: ItemId, key: str) -> str:
        why = self.model.row_of(item).refused
        return self._texts.say(f"fill.refused.{key}", item=item, text=self._refused_text(item), why=why)

    def _was_told(self, item: ItemId) -> bool:
        """Whether what is refused now was said before; from now on it was."""
        text = self._refused_text(item)
        was, self._told[item] = self._told.get(item) == text, text
        return was

    def _go_to_refused(self, key: str) -> bool:
        """To the first item with something that could not be read, and why it does not go on; False when all could."""
        item = next((row.id for row in self.model.every if row.refused), None)
        if item is None:
            return False
        self.go_to(item)
        self.trouble.show_trouble(self._refused_sentence(item, key), key="refused")
        if item in self._refused_values:
            self._on_typed(item, "")
        return True

    def _stays_for_refused(self) -> bool:
        """Leaving would lose what could not be read: said once, on the item."""
        refused = self.unread()
        if not refused or refused == self._told_leaving:
            return False
        self._told_leaving = refused
        return self._go_to_refused("leave")

    def _on_value_entered(self, _: str) -> None:
        if not self._keep_value():
            if self._field_item is not None:
                self._was_told(self._field_item)
            return
        row = self.view.current_row()
        if row is None:
            return
        self._show_field_text(row)
        empty = next((r for r in self.body.readings if r.reading is not None and not r.field.text()), None)
        if row.fails:
            self.open_item()
        elif empty is not None and row.answer is not None and self.body.isVisible():
            empty.field.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._next_item()

    def _show_field_text(self, row: Row) -> None:
        self.field.setText(fill_words.value_line(row.answer.value if row.answer is not None else None))

    def _on_value_moved(self, by: int) -> None:
        item = self._field_item
        if not self._keep_value() and item is not None and not self._was_told(item):
            return  # it is said beside the field; whoever presses again goes on
        self._focus_list()
        self.view.step(by)

    def _on_value_na(self) -> None:
        if self._field_item is not None:
            self.field.clear()
            self._on_answered(self._field_item, Outcome.NA)

    def _on_case(self, case: str) -> None:
        row = self.view.current_row()
        if row is not None and row.answer is not None:
            self.keeper.answer(row.id, row.answer.text(), case=case)
        elif row is not None:
            self._on_live(self.field.text())

    def _on_readings(self) -> None:
        place = self.body.place
        if place is None:
            return
        row = self.model.row_of(place.item.id)
        good, wrong = self.body.read_readings(self._tools.clock.now().date())
        if wrong:
            self._refused_readings[row.id] = wrong
        else:
            self._refused_readings.pop(row.id, None)
        self._show_refused()
        row = self.model.row_of(row.id)
        self.body.show_error(row.refused)
        if wrong:
            self.view.body_resized()
        if row.answer is None:
            self._waiting_readings[row.id] = good
        elif good != {r.id: fill_words.value_line(r.value) for r in row.answer.readings}:
            self.keeper.set_readings(row.id, good)

    def _on_changed(self, item: object) -> None:
        """The Keeper has taken a change in: show it everywhere it is seen."""
        here = self.view.current_row()
        changed = self.model.take(self.keeper.shown.inspection)
        if self.keeper.problem is not None:
            self.model.set_unsaved(self.keeper.unsaved_items())
        if not changed:
            return
        self._show_totals()
        self.sections.sections.refresh()
        if here is not None and here.id in changed:
            row = self.model.row_of(here.id)
            self._show_field(row)
            if self.view.delegate.is_open:
                opened = self.is_open()
                self._show_body(row, opened)
                self.view.settle(follow=False)
        self._show_place()

    # findings

    def _on_finding_chosen(self, ordinal: int) -> None:
        self.ordinal = ordinal
        row = self.view.current_row()
        if row is not None:
            self._show_body(row, opened=True)
            self.view.settle(follow=False)

    def open_note(self) -> None:
        """N: a remark at the item."""
        row = self.view.current_row()
        if row is None or row.answer is None:
            self.toast.say(self._texts.say("fill.note_first"), icon="info-circle")
            return
        self._note_open = True
        self.open_item(focus=False)
        self.body.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_note(self, text: str) -> None:
        place = self.body.place
        answer = self.keeper.shown.inspection.answers.get(place.item.id) if place is not None else None
        if answer is not None and answer.note != text:
            self.keeper.answer(answer.item, answer.text(), note=text)

    def _on_section_na(self, number: int) -> None:
        rows = [row for row in self.model.section_rows(number) if row.is_open and not row.refused]
        title = self.sections.sections.title(number)
        if not rows or not self._ask_section_na(title, len(rows)):
            return
        self.keeper.not_applicable(tuple(row.id for row in rows))

        def undo_all() -> None:
            for _ in rows:
                self.keeper.undo()

        sentence = self._texts.say("fill.section_all_na_done", title=title, n=len(rows))
        self.toast.say(sentence, self._texts.say("fill.photo.undo"), undo_all)

    def _ask_section_na(self, title: str, count: int) -> bool:
        say = self._texts.say
        box = QMessageBox(self)
        box.setText(say("fill.section_all_na_ask", title=title, n=count))
        do = box.addButton(say("fill.section_all_na_do"), QMessageBox.ButtonRole.AcceptRole)
        leave = box.addButton(say("fill.section_all_na_no"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.exec()
        return box.clickedButton() is do

    # saving

    def flush(self) -> None:
        """Hands over everything that stands in fields."""
        self._keep_value()
        self.body.flush()

    def shut(self) -> None:
        """The screen is going away, or the window is: what is written is handed to the data thread, which finishes."""
        self.flush()
        self.photos.intake.stop()

    def has_unsaved(self) -> bool:
        """Whether something is neither on the disk nor in a file of the person's yet, or cannot be read and that has
        only just been said; ask after `flush`."""
        if self.keeper.is_waiting() and not self.rescue.holds(self.keeper.shown.inspection):
            if self._holding.isValid():
                self._holding.restart()
            return True
        if self._stays_for_refused():
            self._holding.start()
        return self._holding.isValid() and not self._holding.hasExpired(HOLD_CLOSING)

    def _on_waiting(self, waiting: bool) -> None:
        if not waiting:
            self._saving_timer.stop()
        elif not self._saving_timer.isActive():
            self._saving_timer.start()
        self._show_saved_state()

    def _on_committed(self, at: object) -> None:
        self.trouble.clear("save")
        self.trouble.clear("rescue")
        self.model.set_unsaved(frozenset())
        if isinstance(at, datetime):
            self.header.saved.show_saved(fill_words.clock_text(at))
        self._show_saved_state()

    def _show_saved_state(self) -> None:
        """No tick while something is written that is not on the disk."""
        if self._is_being_written():
            self.header.saved.show_written()
        else:
            self.header.saved.show_settled()

    def _is_being_written(self) -> bool:
        row = self.view.current_row()
        if self.keeper.is_waiting() or self.body.is_being_written() or any(r.refused for r in self.model.every):
            return True
        if any(self._waiting_readings.values()):
            return True
        if row is None or row.is_choice or row.id != self._field_item or not self.view.delegate.field_is_live:
            return False
        return self.field.text().strip() != fill_words.value_line(row.answer.value if row.answer is not None else None)

    def _on_trouble(self, problem: object) -> None:
        self.header.saved.show_failed()
        self.model.set_unsaved(self.keeper.unsaved_items())
        sentence = self._texts.say("fill.not_saved", why=fill_words.why(self._texts, problem))
        if self.trouble.text() != sentence:  # it is tried again every few seconds: what is said already stays as it is
            say = self._texts.say
            ways = [(say("fill.save_again"), self.keeper.retry), (say("fill.rescue.button"), self.rescue.choose)]
            self.trouble.show_trouble(sentence, ways, key="save")

    def _on_rescue_failed(self, sentence: str) -> None:
        self.trouble.show_trouble(sentence, [(self._texts.say("fill.rescue.button"), self.rescue.choose)], key="rescue")

    # going on

    def undo(self) -> None:
        self.flush()
        self._after_undo(self.keeper.undo(), "undone", "nothing_to_undo")

    def redo(self) -> None:
        self._after_undo(self.keeper.redo(), "redone", "nothing_to_redo")

    def _after_undo(self, item: ItemId | None, done: str, nothing: str) -> None:
        if item is None:
            self.toast.say(self._texts.say(f"fill.{nothing}"), icon="info-circle")
            return
        self._accept(item, readings=True)
        opened = self.is_open() and item == self.current_item()
        self.go_to(item, focus=not opened)
        row = self.view.current_row()
        if row is not None:
            self._show_field_text(row)
        self.toast.say(self._texts.say(f"fill.{done}", item=item))

    def _position(self) -> int:
        here = self.current_item()
        return self.model.position[here] if here is not None else -1

    def next_open(self) -> None:
        """F8."""
        self.flush()
        item = self.model.next_open(self._position())
        if item is None:
            self.toast.say(self._texts.say("fill.all_answered"))
        else:
            self.go_to(item)

    def next_without_photo(self) -> None:
        """Shift+F8: the next failing item that wants a photo."""
        item = self.model.next_without_photo(self._position())
        if item is None:
            self.toast.say(self._texts.say("fill.all_photos"))
        else:
            self.go_to(item)
            self.open_item(focus=False)
            self.body.photos.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def next_fail(self) -> None:
        item = self.model.next_fail(self._position())
        if item is not None:
            self.go_to(item)

    def _step_from_inside(self, by: int) -> None:
        was_open = self.is_open()
        self.flush()
        if self.view.step(by) and was_open:
            row = self.view.current_row()
            if row is not None and row.fails:
                self.open_item()
                return
        self._focus_list()

    def _on_asked(self, what: str) -> None:
        row = self.view.current_row()
        number = row.section if row is not None else 0
        if what == "photo":
            self.photos.choose()
        elif what == "note":
            self.open_note()
        elif what == "close" and self.view.hasFocus() and not self.is_open():
            self.leave()
        elif what == "close":
            self.close_item()
        elif what in ("section+", "section-"):
            wanted = number + (1 if what == "section+" else -1)
            if 0 <= wanted < len(self.model.sections):
                rows = [r for r in self.model.section_rows(wanted) if self.model.find(r.id) >= 0]
                self.go_to((rows or self.model.section_rows(wanted))[0].id)
        elif what in ("first", "last") and self.model.rowCount():
            self.go_to(self.model.row(0 if what == "first" else self.model.rowCount() - 1).id)

    def leave(self) -> None:
        """Back, once everything is on the disk."""
        self.flush()
        if self._stays_for_refused():
            return
        self.keeper.when_kept(self.back_requested.emit)

    def sign(self) -> None:
        """F9: to the review, once everything is on the disk; never past something that could not be read."""
        self.flush()
        if self._go_to_refused("sign"):
            return
        self.keeper.when_kept(lambda: self.sign_requested.emit(self.keeper.kept))

    # sizes

    def toggle_help(self) -> None:
        self._help_shown = not self._help_shown
        self._show_help()
        if not self._help_shown:
            self._focus_list()

    def _show_help(self) -> None:
        self.help.setVisible(self._help_shown)
        self.header.show_help_button(not self._help_shown or not self._help_docked)
        row = self.view.current_row()
        if self._help_shown and row is not None:
            self.help.show_item(row.item)
        if not self._help_docked:
            self._place_overlay()

    def _place_overlay(self) -> None:
        width = min(self._look.metrics.px(300), self.width())
        top, bottom = self.header.height(), self.strip.height()
        self.help.setGeometry(self.width() - width, top, width, self.height() - top - bottom)
        self.help.raise_()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Handed on by hand: a focus proxy would close the Tab ring at the screen, past header and sections."""
        self._focus_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        if not self.photos.large.isHidden():
            self.photos.large.setGeometry(self.rect())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fold()
        self.view.relay()
        self.view.show_current()
        if not isinstance(self.focusWidget(), QLineEdit):
            self._focus_list()
        self._chain_tabs()

    def _fold(self) -> None:
        """The breakpoints: full, narrower sides, help over the list, mosaics only."""
        px, breadth = self._look.metrics.px, self._look.metrics.breadth(self.width())
        marks_only = breadth < 1024
        docked = breadth >= 1280
        left = MARKS_ONLY if marks_only else (196 if breadth >= 1300 else 168)
        right = 300 if breadth >= 1300 else 264
        if docked != self._help_docked:
            self._help_docked = docked
            if docked:
                self._splitter.addWidget(self.help)
                self._help_shown = True
            else:
                self.help.setParent(self)
                self._help_shown = False
            self._show_help()
        key = (left, right, docked)
        if key != self._layout_key:
            self._layout_key = key
            self.sections.set_marks_only(marks_only)
            self.sections.setMinimumWidth(px(MARKS_ONLY))
            self.sections.setMaximumWidth(px(left) if marks_only else px(320))
            sizes = [px(left), max(px(300), self.width() - px(left) - (px(right) if docked else 0) - 2)]
            self._splitter.setSizes([*sizes, px(right)] if docked else sizes)
        if not docked:
            self._place_overlay()
