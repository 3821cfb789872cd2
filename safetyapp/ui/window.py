"""The main window: rail, screens, bars, and the way from one screen to the next. A screen asks; the window goes."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui.errands import Errands, is_handed, is_taken
from safetyapp.ui.look import Mode
from safetyapp.ui.news import News
from safetyapp.ui.qt_language import QtLanguage
from safetyapp.ui.rail import Place, Rail
from safetyapp.ui.today import TodayScreen
from safetyapp.ui.today_facts import load
from safetyapp.ui.window_frame import window_icon
from safetyapp.ui.window_places import PlacesWindow

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from PySide6.QtGui import QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QMenu

    from safetyapp.domain.progress import Progress
    from safetyapp.domain.school import Person
    from safetyapp.ui.documents import DocumentsScreen
    from safetyapp.ui.drills import DrillsScreen
    from safetyapp.ui.first_start import FirstStart
    from safetyapp.ui.focus_ring import FocusRing
    from safetyapp.ui.happenings import ProgressLine, Toast, TroubleBar
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.look import Look
    from safetyapp.ui.settings_screen import SettingsScreen
    from safetyapp.ui.today_facts import TodayFacts
    from safetyapp.ui.tools import Tools
    from safetyapp.ui.window_care import WindowCare

LEAST_WIDTH, LEAST_HEIGHT = 800, 520
"""px of the smallest window; the design's own minimum is 1280×640 at 100 %."""
WARM_UP_AFTER = 400
DATES_AFTER = 1
"""ms after the first paint."""


class MainWindow(PlacesWindow):
    """The one window."""

    painted = Signal()
    """The first screen has been painted with its content: Today with its facts, or the first start."""
    fault = Signal(object)
    """An exception of the program that nobody caught, on whatever thread."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs) -> None:
        super().__init__(look, jobs, tools.workspace)
        self._given = tools
        look.set_mode(Mode(self._memory.mode))
        look.set_percent(self._memory.percent)
        self._tools = self._in_language()
        self._me: Person | None = None
        self._place = "today"
        self._has_content = False
        self._is_painted = False
        self.documents: DocumentsScreen | None = None
        self.drills: DrillsScreen | None = None
        self.first: FirstStart | None = None
        self.settings_screen: SettingsScreen | None = None
        self._settings_page = ""
        self._told: list[tuple[datetime, str]] = []
        self.afterwards: Callable[[], Callable[[str], Tools]] | None = None
        """What is opened once this window has closed; None ends the program."""
        self._qt_language = QtLanguage(self)
        self.start_up()
        self._build()
        self._bind_keys()
        self.ring: FocusRing | None = None
        jobs.trouble.connect(self._on_trouble)
        self.fault.connect(self._on_fault, Qt.ConnectionType.QueuedConnection)
        look.scale_changed.connect(self._rebuild)
        self._restore_place()

    @property
    def toast(self) -> Toast:
        return self.news.toast

    @property
    def trouble(self) -> TroubleBar:
        return self.news.trouble

    @property
    def line(self) -> ProgressLine:
        return self.news.line

    @property
    def tools(self) -> Tools:
        """They speak the language that the window speaks."""
        return self._tools

    @cached_property
    def care(self) -> WindowCare:
        from safetyapp.ui.window_care import WindowCare

        return WindowCare(self)

    # building

    def _build(self) -> None:
        self._tools = tools = self._in_language()
        self.texts = tools.texts
        self._qt_language.speak(tools.texts.language)
        self._say = say = tools.texts.say
        look, px = self.look, self.look.metrics.px
        self.documents = None
        self.drills = None
        self.first = None
        self.work = None
        self.settings_screen = None
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        places = (
            Place("today", "calendar-check", say("window.rail.today")),
            Place("documents", "files", say("window.rail.documents")),
            Place("drills", "stopwatch", say("window.rail.drills")),
        )
        self.setCentralWidget(centre)
        self.rail = Rail(look, tools.texts, places, centre)
        self.rail.set_place(self._place)
        self.rail.settings_pressed.connect(self.settings)
        self.rail.chosen.connect(self.go)
        self.rail.person_pressed.connect(self.open_menu)
        self.rail.waiting_pressed.connect(self._on_waiting_pressed)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        row.addLayout(column, 1)
        self.news = News(look, tools.texts, centre, column, self._told)
        self.errands = Errands(tools, look, self.jobs, self, self.news)
        self.errands.documents_changed.connect(self._on_documents_changed)
        self.errands.schools_changed.connect(self._on_schools_changed)
        self.errands.forms_changed.connect(self._on_forms_changed)
        self.errands.drafts_changed.connect(self._on_drafts_changed)
        self.errands.draft_taken.connect(self.open_fill)
        self.today = TodayScreen(tools, look, self.jobs, self.stack)
        self.today.inspection_wanted.connect(self.choose)
        self.today.start_wanted.connect(self.start)
        self.today.draft_opened.connect(self.open_fill)
        self.today.give_wanted.connect(lambda draft: self.errands.handovers.ask(draft))
        self.today.back_wanted.connect(lambda draft: self.errands.handovers.ask_back(draft))
        self.today.document_opened.connect(self.open_document)
        self.today.documents_wanted.connect(self._on_documents_wanted)
        self.today.schools_wanted.connect(self.errands.choose_schools)
        self.today.export_wanted.connect(lambda: self.errands.choose_export())
        self.today.loaded.connect(self._on_today_loaded)
        self.today.correction_wanted.connect(self.correct)
        self.today.said.connect(lambda sentence, words, do: self.toast.say(sentence, words, do))
        if self._is_painted:
            self.today.want_dates()
        self.stack.addWidget(self.today)
        if self._me is not None:
            self._show_me(self._me)
        self.setWindowTitle(self._title())
        self.setMinimumSize(min(px(LEAST_WIDTH), 1000), min(px(LEAST_HEIGHT), 600))

    def _in_language(self) -> Tools:
        """The tools that speak as the person chose."""
        language = self._memory.language or self._given.texts.language
        return replace(self._given, texts=Texts(language))

    def _bind_keys(self) -> None:
        self._shortcuts = []
        for keys, act in (
            ("Alt+1", lambda: self.go("today")),
            ("Alt+2", lambda: self.go("documents")),
            ("Alt+3", lambda: self.go("drills")),
            ("Ctrl+,", self.settings),
            ("Ctrl+N", self.choose),
            ("Ctrl+K", self._on_search_key),
            ("F6", lambda: self._next_pane(1)),
            ("Shift+F6", lambda: self._next_pane(-1)),
        ):
            self._shortcuts.append(QShortcut(QKeySequence(keys), self, act))
        QShortcut(QKeySequence("Ctrl+F1"), self, self.show_keys)

    def _rebuild(self) -> None:
        """After a change of text scale or language: the same place, built anew."""
        place, typed = self._place, self.first.typed() if self.first is not None else None
        old = self.centralWidget()
        if self.documents is not None:
            self.documents.shut()
        self.errands.shut()
        self.errands.deleteLater()
        self.takeCentralWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._build()
        if typed is not None:
            self._show_first_start().set_typed(typed)
        else:
            self.go(place)
            if place != "today":
                self.today.reload()  # the rail says what waits
        if "care" in self.__dict__:
            self.care.show_notes()

    # starting

    def start_up(self) -> None:
        """Asks who works here, and what Today shows them. It is asked before the window is built, so that the first
        paint shows it."""
        tools = self._tools

        def run() -> tuple[Person | None, TodayFacts | None]:
            me = tools.store.me()
            return me, load(tools) if me is not None else None

        def done(found: tuple[Person | None, TodayFacts | None]) -> None:
            me, facts = found
            self._me = me
            if me is None or facts is None:
                self._show_first_start()
            else:
                self._show_me(me)
                self.today.show_facts(facts)
            self._has_content = True

        def failed(error: Exception) -> None:
            self.errands.tell_trouble(error)
            self._has_content = True

        self.jobs.data(run, done, failed, owner=self, name="start-up")

    def _show_first_start(self) -> FirstStart:
        from safetyapp.ui.first_start import FirstStart

        first = self.first = FirstStart(self._tools, self.look, self.jobs)
        first.identity_made.connect(self._on_identity_made)
        first.language_wanted.connect(self.set_language)
        first.demo_wanted.connect(lambda role: self.care.build_demo(role))
        first.demo_delete_wanted.connect(lambda: self.care.delete_demo())
        first.join_wanted.connect(lambda: self.care.choose_join())
        first.restore_wanted.connect(lambda: self.care.choose_restore())
        first.verify_wanted.connect(lambda: self.care.choose_verify())
        first.ask_for_demo()
        self.stack.addWidget(first)
        self.stack.setCurrentWidget(first)
        self._arrange_shell()
        first.name.setFocus()
        return first

    def _on_identity_made(self, person: Person) -> None:
        self._me = person
        self._drop(self.first)
        self.first = None
        self._show_me(person)
        self.go("today")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._has_content and not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
            QTimer.singleShot(0, self, self._add_ring)
            QTimer.singleShot(DATES_AFTER, self, self._load_dates)
            QTimer.singleShot(WARM_UP_AFTER, self, self._warm_up)

    def _load_dates(self) -> None:
        """After the first paint: schools first, dates after. While nobody is known there is nothing to be due."""
        if self.first is None:
            self.today.load_dates()
        else:
            self.today.want_dates()

    def _add_ring(self) -> None:
        """After the first paint, which shows none: lists draw their own."""
        from safetyapp.ui.focus_ring import FocusRing

        self.ring = FocusRing(self.look, self)

    def _warm_up(self) -> None:
        """After the first paint, off this thread: the modules of the other screens, then what finalising needs."""
        tools, warm = self._tools, self._tools.warm_up
        self.setWindowIcon(window_icon(self.look))

        def run(progress: Progress) -> int:
            from importlib import import_module

            for screen in ("documents", "fill", "sign", "choose"):
                import_module(f"safetyapp.ui.{screen}")
            warm()
            from safetyapp.workflow.relations import read_missing_links

            return read_missing_links(tools.store, tools.signer, progress)

        def done(read: int) -> None:
            if read:  # documents of an older release: what they say of each other is known from now on
                self._on_documents_changed()

        self.jobs.work(run, done, failed=lambda error: None, owner=self, name="warm-up")

    # going places

    def _settings(self) -> SettingsScreen:
        if self.settings_screen is None:
            from safetyapp.ui.settings_screen import SettingsScreen

            self.settings_screen = SettingsScreen(self, self._settings_page)
            self.settings_screen.page_changed.connect(self._on_settings_page)
            self.stack.addWidget(self.settings_screen)
        return self.settings_screen

    def _arrange_shell(self) -> None:
        """The rail and the title belong to what is shown."""
        alone = self.work is not None or self.first is not None
        self.rail.setVisible(not alone)
        for shortcut in self._shortcuts_list():
            shortcut.setEnabled(not alone)
        self.show_title()
        if "care" in self.__dict__:
            self.care.arrange()

    def show_title(self) -> None:
        title = self._title()
        demo = "care" in self.__dict__ and self.care.is_demo
        self.setWindowTitle(self._say("first.demo.title", title=title) if demo else title)

    def _shortcuts_list(self) -> list[QShortcut]:
        return getattr(self, "_shortcuts", [])

    def _title(self) -> str:
        if self.first is not None:
            return self._say("window.name")
        if self.work is not None and self.work.windowTitle():
            return self._say("window.title", what=self.work.windowTitle())
        return self._say("window.title", what=self._say(f"window.rail.{self._place}"))

    # news

    def _on_today_loaded(self, facts: TodayFacts) -> None:
        self.rail.set_waiting(facts.waiting)
        today = self.today
        if facts.documents > 1:  # after the paint, since few ever see one
            rivals = self._tools.store.rivals
            self.jobs.data(rivals, today.show_rivals, lambda _: None, owner=today, name="rivals")

    def _on_drafts_changed(self) -> None:
        self.today.reload()

    def _on_documents_changed(self) -> None:
        self.today.reload()
        if self.documents is not None:
            self.documents.reload()

    def _on_schools_changed(self) -> None:
        self.today.reload()
        if self._place == "today" and self.work is None:
            self.today.focus_first()

    def _on_forms_changed(self) -> None:
        """The chooser shows what Today has read; a draft that is open may follow another version now."""
        self.today.reload()
        look_for_newer = getattr(self.work, "look_for_newer", None)
        if look_for_newer is not None:
            look_for_newer()

    def _on_trouble(self, error: Exception) -> None:
        """Of a job that named nobody to tell."""
        if isinstance(error, Problem):
            self.errands.tell_trouble(error)
        else:
            self.care.on_fault(error)

    def _on_fault(self, error: Exception) -> None:
        self.care.on_fault(error)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no screen wanted: Esc goes one level back, F1 shows the keys."""
        alone = self.work is not None or self.first is not None
        if event.key() == Qt.Key.Key_Escape and not alone:
            self._go_back()
        elif event.key() == Qt.Key.Key_F1:
            self.show_keys()
        else:
            super().keyPressEvent(event)

    def show_keys(self) -> None:
        """F1, and Ctrl+F1 where F1 is something else: the keys of the screen one is on."""
        if self.dialog is not None:
            return
        from safetyapp.ui.keys_dialog import KeysDialog

        tools = self._tools
        dialog = KeysDialog(
            self.look,
            tools.texts,
            self.screen_name(),
            tools.app_version,
            self.care.desk.manual(),
            lambda sentence: self.toast.say(sentence),
            self,
        )
        self._open_dialog(dialog)

    def screen_name(self) -> str:
        """The screen one is on, as ui.key_maps calls it."""
        if self.first is not None:
            return "first"
        return self._place if self.work is None else str(getattr(self.work, "name", "fill"))

    # the menu of the person

    def open_menu(self) -> None:
        menu = self.make_menu()
        button = self.rail.person
        menu.popup(button.mapToGlobal(button.rect().topRight()))

    def make_menu(self) -> QMenu:
        """Theme, text size, language, keys."""
        from safetyapp.ui.person_menu import person_menu

        return person_menu(self)

    def set_mode(self, mode: Mode) -> None:
        self.look.set_mode(mode)
        if self.settings_screen is not None:
            self.settings_screen.renew()
        self._remember(mode=mode.value)

    def set_percent(self, percent: int) -> None:
        self.look.set_percent(percent)
        self._remember(percent=percent)

    def set_language(self, language: str) -> None:
        """Chinese or English, at once."""
        if language != self.texts.language:
            self._remember(language=language)
            self._rebuild()

    # what the frame asks

    def _drop_sentence(self, paths: list[Path]) -> str:
        if self.first is not None:
            return ""
        return self._say("window.import.drop" if any(map(is_taken, paths)) else "window.import.drop_none")

    def _take_in(self, paths: list[Path]) -> None:
        if self.work is not None and any(map(is_handed, paths)):  # it may be the draft that is open
            self.errands.toast(self._say("handover.busy_filling"))
            return
        self.errands.take_in(paths)

    def reopen(self, after: Callable[[], Callable[[str], Tools]]) -> None:
        """Closes this window, does `after` when nothing is open any more, and opens what it answers."""
        self.afterwards = after
        self.close()

    def begin_care(self) -> None:
        """The log, and what there is to note."""
        self.care.begin()

    def end_care(self) -> None:
        if "care" in self.__dict__:
            self.care.end()

    def shut(self) -> None:
        for screen in (self.documents, self.work):
            shut = getattr(screen, "shut", None)
            if shut is not None:
                shut()
        self.errands.shut()
        self._qt_language.stop()
