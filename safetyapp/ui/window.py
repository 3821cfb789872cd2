"""The main window: rail, screens, bars, and the way from one screen to the next. A screen asks; the window goes."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLibraryInfo, QRect, Qt, QTimer, QTranslator
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress
from safetyapp.domain.school import Person, SchoolId
from safetyapp.texts import LANGUAGES, Texts
from safetyapp.ui.errands import LISTS, Errands, show_outside
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look, Mode
from safetyapp.ui.metrics import SCALES
from safetyapp.ui.parts import DropHint, FocusRing, ProgressLine, Toast, TroubleBar
from safetyapp.ui.rail import Place, Rail
from safetyapp.ui.today import TodayScreen
from safetyapp.ui.today_facts import TodayFacts
from safetyapp.ui.tools import Tools
from safetyapp.ui.window_memory import recall, remember
from safetyapp.workflow import inspect

if TYPE_CHECKING:
    from safetyapp.ui.choose import ChooseDialog
    from safetyapp.ui.documents import DocumentsScreen
    from safetyapp.ui.first_start import FirstStart
    from safetyapp.ui.keys_dialog import KeysDialog
    from safetyapp.workflow.finalise import Finalised

LEAST_WIDTH, LEAST_HEIGHT = 800, 520
"""px of the smallest window; the design's own minimum is 1280×640 at 100 %."""
FIRST_SIZE = (1366, 768)
WARM_UP_AFTER = 400
"""ms after the window was shown."""


class MainWindow(QMainWindow):
    """The one window."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs) -> None:
        super().__init__()
        self._given = tools
        self._tools = tools
        self.look = look
        self.jobs = jobs
        self._memory = recall(tools.workspace)
        look.set_mode(Mode(self._memory.mode))
        look.set_percent(self._memory.percent)
        self._me: Person | None = None
        self._place = "today"
        self._painted = False
        self._opening = False
        self.documents: DocumentsScreen | None = None
        self.first: FirstStart | None = None
        self.work: QWidget | None = None
        """The work screen (Fill or Sign) that is open; it hides the rail."""
        self.dialog: ChooseDialog | KeysDialog | None = None
        self._translator = QTranslator(self)
        self._qt_language = ""
        self._close_timer = QTimer(self)
        self._close_timer.setInterval(20)
        self._close_timer.timeout.connect(self._on_close_time)
        self.setAcceptDrops(True)
        self.setWindowIcon(window_icon(look))
        self._build()
        self._bind_keys()
        self.ring = FocusRing(look, self)
        jobs.trouble.connect(self._on_trouble)
        look.scale_changed.connect(self._rebuild)
        self._restore_place()

    # building

    def _build(self) -> None:
        language = self._memory.language or self._given.texts.language
        self._tools = tools = replace(self._given, texts=Texts(language))
        self._translate_qt(language)
        self._say = say = tools.texts.say
        look, px = self.look, self.look.metrics.px
        self.documents = None
        self.first = None
        self.work = None
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        places = (
            Place("today", "calendar-check", say("window.rail.today")),
            Place("documents", "files", say("window.rail.documents")),
        )
        self.rail = Rail(look, tools.texts, places)
        self.rail.chosen.connect(self.go)
        self.rail.person_pressed.connect(self.open_menu)
        self.rail.waiting_pressed.connect(self._on_waiting_pressed)
        row.addWidget(self.rail)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.trouble = TroubleBar(look, say("window.close"))
        column.addWidget(self.trouble)
        self.line = ProgressLine(look, say("window.stop"))
        self.line.setProperty("surface", "1")
        self.line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column.addWidget(self.line)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        row.addLayout(column, 1)
        self.setCentralWidget(centre)
        self.toast = Toast(look, centre)
        self._drop_hint = DropHint(look, say("window.import.drop"), centre)
        self.errands = Errands(tools, look, self.jobs, self, self.line, self.toast, self.trouble)
        self.errands.documents_changed.connect(self._on_documents_changed)
        self.errands.schools_changed.connect(self._on_schools_changed)
        self.today = TodayScreen(tools, look, self.jobs)
        self.today.inspection_wanted.connect(self.choose)
        self.today.start_wanted.connect(self.start)
        self.today.draft_opened.connect(self.open_fill)
        self.today.document_opened.connect(self.open_document)
        self.today.documents_wanted.connect(self._on_documents_wanted)
        self.today.schools_wanted.connect(self.errands.choose_schools)
        self.today.export_wanted.connect(self.errands.choose_export)
        self.today.loaded.connect(self._on_today_loaded)
        self.stack.addWidget(self.today)
        if self._me is not None:
            self.rail.set_person(self._me.name)
        self.setMinimumSize(min(px(LEAST_WIDTH), 1000), min(px(LEAST_HEIGHT), 600))

    def _translate_qt(self, language: str) -> None:
        """Qt's own dialogs speak Chinese only with its translation."""
        app = QApplication.instance()
        if app is None or language == self._qt_language:
            return
        self._qt_language = language
        app.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if language == "zh" and self._translator.load("qtbase_zh_CN", folder):
            app.installTranslator(self._translator)

    def _bind_keys(self) -> None:
        self._shortcuts = []
        for keys, act in (
            ("Alt+1", lambda: self.go("today")),
            ("Alt+2", lambda: self.go("documents")),
            ("Ctrl+N", self.choose),
            ("Ctrl+K", self._on_search_key),
            ("F6", lambda: self._next_pane(1)),
            ("Shift+F6", lambda: self._next_pane(-1)),
        ):
            self._shortcuts.append(QShortcut(QKeySequence(keys), self, act))

    def _rebuild(self) -> None:
        """After a change of text scale or language: the same place, built anew."""
        place, is_first = self._place, self.first is not None
        old = self.centralWidget()
        if self.documents is not None:
            self.documents.shut()
        self.errands.deleteLater()
        self.takeCentralWidget()
        if old is not None:
            old.hide()
            old.deleteLater()
        self._build()
        if is_first:
            self._show_first_start()
        else:
            self.go(place)

    # starting

    def start_up(self) -> None:
        """Asks who works here; called when the window is shown."""
        store = self._tools.store
        self.jobs.data(store.me, self._on_me, owner=self, name="me")

    def _on_me(self, me: Person | None) -> None:
        self._me = me
        if me is None:
            self._show_first_start()
        else:
            self.rail.set_person(me.name)
            self.today.reload()

    def _show_first_start(self) -> None:
        from safetyapp.ui.first_start import FirstStart

        self.first = FirstStart(self._tools, self.look, self.jobs)
        self.first.identity_made.connect(self._on_identity_made)
        self.first.language_wanted.connect(self.set_language)
        self.stack.addWidget(self.first)
        self.stack.setCurrentWidget(self.first)
        self._arrange_shell()
        self.first.name.setFocus()

    def _on_identity_made(self, person: Person) -> None:
        self._me = person
        self._drop(self.first)
        self.first = None
        self.rail.set_person(person.name)
        self.go("today")

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.start_up)
            QTimer.singleShot(WARM_UP_AFTER, self, self._warm_up)

    def _warm_up(self) -> None:
        """After the first paint, off this thread: the modules of the other screens, then what finalising needs."""
        warm = self._tools.warm_up

        def run(progress: Progress) -> None:
            for screen in ("documents", "fill", "sign", "choose"):
                import_module(f"safetyapp.ui.{screen}")
            warm()

        self.jobs.work(run, failed=lambda error: None, owner=self, name="warm-up")

    # going places

    def go(self, key: str) -> None:
        """Shows a screen of the rail. Work screens are left by their own way back."""
        if self.work is not None or self.first is not None:
            return
        self._place = key
        if key == "documents":
            screen = self._documents()
            self.stack.setCurrentWidget(screen)
            screen.reload()
            screen.focus_first()
        else:
            self.stack.setCurrentWidget(self.today)
            self.today.reload()
            self.today.focus_first()
        self.rail.places.set_place(key)
        self._arrange_shell()

    def _documents(self) -> DocumentsScreen:
        if self.documents is None:
            from safetyapp.ui.documents import DocumentsScreen

            self.documents = screen = DocumentsScreen(self._tools, self.look, self.jobs)
            screen.import_wanted.connect(self.errands.choose_documents)
            screen.export_wanted.connect(self.errands.choose_export)
            screen.save_wanted.connect(self.errands.save_as)
            screen.view_outside_wanted.connect(show_outside)
            screen.copied.connect(self.toast.say)
            self.stack.addWidget(screen)
        return self.documents

    def open_document(self, sha256: str) -> None:
        """Shows one document in Documents."""
        self._place = "documents"
        screen = self._documents()
        self.stack.setCurrentWidget(screen)
        self.rail.places.set_place("documents")
        self._arrange_shell()
        screen.show_document(sha256)
        screen.list.setFocus()

    def _on_documents_wanted(self, text: str) -> None:
        self.go("documents")
        if text and self.documents is not None:
            self.documents.search_for(text)

    def _on_waiting_pressed(self) -> None:
        self.go("today")
        self.today.export_button.setFocus()

    def _arrange_shell(self) -> None:
        """The rail and the title belong to what is shown."""
        alone = self.work is not None or self.first is not None
        self.rail.setVisible(not alone)
        for shortcut in self._shortcuts_list():
            shortcut.setEnabled(not alone)
        self.setWindowTitle(self._title())

    def _shortcuts_list(self) -> list[QShortcut]:
        return getattr(self, "_shortcuts", [])

    def _title(self) -> str:
        if self.first is not None:
            return self._say("window.name")
        if self.work is not None and self.work.windowTitle():
            return self._say("window.title", what=self.work.windowTitle())
        return self._say("window.title", what=self._say(f"window.rail.{self._place}"))

    # inspections

    def choose(self) -> None:
        """Ctrl+N: school, form and site."""
        facts = self.today.facts
        if self._me is None or self.work is not None or self.dialog is not None:
            return
        if not facts.rows:
            self.go("today")
            return
        from safetyapp.ui.choose import ChooseDialog

        dialog = ChooseDialog(self.look, self._tools.texts, facts, self)
        dialog.start_wanted.connect(self.start)
        dialog.draft_opened.connect(self.open_fill)
        self._open_dialog(dialog)

    def _open_dialog(self, dialog: ChooseDialog | KeysDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def start(self, school_id: str, form_id: str, site: str = "") -> None:
        """Begins a draft and opens it."""
        tools = self._tools

        def run() -> inspect.Open:
            school, me = tools.store.school(SchoolId(school_id)), tools.store.me()
            if school is None:
                raise Problem("unknown-school", school=school_id)
            if me is None:
                raise Problem("no-identity")
            form = tools.form(form_id)
            return inspect.start(tools.store, tools.clock, tools.new_id, school, form, me, site)

        self._open_work(run)

    def open_fill(self, draft_id: str, item: str = "") -> None:
        """Opens a draft, at an item when one is named."""
        store = self._tools.store
        self._open_work(lambda: inspect.resume(store, draft_id), item)

    def _open_work(self, run: Any, item: str = "") -> None:
        if self._opening:
            return
        self._opening = True

        def done(opened: inspect.Open) -> None:
            self._opening = False
            self._show_fill(opened, item)

        def failed(error: Exception) -> None:
            self._opening = False
            self.errands.tell_trouble(error)

        self.jobs.data(run, done, failed, owner=self, name="open-draft")

    def _show_fill(self, opened: inspect.Open, item: str) -> None:
        from safetyapp.ui.fill import FillScreen

        screen = FillScreen(self._tools, self.look, self.jobs, opened, self)
        screen.back_requested.connect(self.leave_work)
        screen.sign_requested.connect(self.open_sign)
        self._show_work(screen)
        if item:
            screen.go_to(item)

    def open_sign(self, opened: inspect.Open) -> None:
        """检查并签字."""
        from safetyapp.ui.sign import SignScreen

        screen = SignScreen(self._tools, self.look, self.jobs, opened, self)
        draft = opened.inspection.id
        screen.back_requested.connect(lambda item: self.open_fill(draft, item))
        screen.document_finalised.connect(self._on_document_finalised)
        screen.leave_requested.connect(self.leave_work)
        self._show_work(screen)

    def _show_work(self, screen: QWidget) -> None:
        old, self.work = self.work, screen
        self.stack.addWidget(screen)
        self.stack.setCurrentWidget(screen)
        self._drop(old)
        self._arrange_shell()
        screen.setFocus()

    def leave_work(self) -> None:
        """Back to Today; what was filled is kept."""
        old, self.work = self.work, None
        self._drop(old)
        self.go("today")

    def _on_document_finalised(self, finalised: Finalised) -> None:
        old, self.work = self.work, None
        self._drop(old)
        self.today.reload()
        self.open_document(finalised.row.sha256)

    def _drop(self, screen: QWidget | None) -> None:
        if screen is not None:
            for ending in ("flush", "shut"):
                end = getattr(screen, ending, None)
                if end is not None:
                    end()
            self.stack.removeWidget(screen)
            screen.hide()
            screen.deleteLater()

    # news

    def _on_today_loaded(self, facts: TodayFacts) -> None:
        self.rail.set_waiting(facts.waiting)

    def _on_documents_changed(self) -> None:
        self.today.reload()
        if self.documents is not None:
            self.documents.reload()

    def _on_schools_changed(self) -> None:
        self.today.reload()
        if self._place == "today" and self.work is None:
            self.today.focus_first()

    def _on_trouble(self, error: Exception) -> None:
        self.errands.tell_trouble(error)

    # keys

    def _on_search_key(self) -> None:
        if self._place == "documents" and self.documents is not None:
            self.documents.focus_search()
        else:
            self.today.focus_search()

    def _next_pane(self, step: int) -> None:
        """F6: the next part of the screen that can take the keys, the rail first."""
        screen = self.documents if self._place == "documents" and self.documents else self.today
        panes = [p for p in (self.rail.places, *screen.panes()) if p.isVisible() and p.isEnabled()]
        focused = self.focusWidget()
        at = next((n for n, p in enumerate(panes) if focused is not None and p in (focused, focused.parent())), -1)
        panes[(at + step) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no screen wanted: Esc goes one level back, F1 shows the keys."""
        alone = self.work is not None or self.first is not None
        if event.key() == Qt.Key.Key_Escape and not alone:
            self._go_back()
        elif event.key() == Qt.Key.Key_F1 and not alone:
            self.show_keys()
        else:
            super().keyPressEvent(event)

    def _go_back(self) -> None:
        if self._place == "documents" and self.documents is not None and not self.documents.go_back():
            self.go("today")
        elif self._place == "today":
            self.today.focus_first()

    def show_keys(self) -> None:
        """F1."""
        if self.dialog is not None:
            return
        from safetyapp.ui.keys_dialog import KeysDialog

        screen = self._documents() if self._place == "documents" else self.today
        name = self._say(f"window.rail.{self._place}")
        self._open_dialog(KeysDialog(self.look, self._tools.texts, name, screen.keys, self))

    # the menu of the person

    def open_menu(self) -> None:
        menu = self.make_menu()
        button = self.rail.person
        menu.popup(button.mapToGlobal(button.rect().topRight()))

    def make_menu(self) -> QMenu:
        """Theme, text size, language, keys."""
        say = self._say
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        themes = menu.addMenu(say("window.menu.theme"))
        group = QActionGroup(menu)
        for mode in (Mode.SYSTEM, Mode.LIGHT, Mode.DARK):
            act = self._choice(themes, group, say(f"window.menu.{mode.value}"), self.look.mode is mode)
            act.triggered.connect(lambda _=False, m=mode: self.set_mode(m))
        sizes = menu.addMenu(say("window.menu.size"))
        group = QActionGroup(menu)
        for percent in SCALES:
            act = self._choice(sizes, group, say("window.menu.percent", n=percent), self.look.percent == percent)
            act.triggered.connect(lambda _=False, p=percent: self.set_percent(p))
        languages = menu.addMenu(say("window.menu.language"))
        group = QActionGroup(menu)
        for language in LANGUAGES:
            chosen = self._tools.texts.language == language
            act = self._choice(languages, group, say(f"window.menu.{language}"), chosen)
            act.triggered.connect(lambda _=False, name=language: self.set_language(name))
        menu.addSeparator()
        menu.addAction(say("today.where.import"), self.errands.choose_schools)
        menu.addAction(say("window.menu.documents"), self.errands.choose_documents)
        menu.addSeparator()
        menu.addAction(say("window.menu.keys"), self.show_keys)
        return menu

    def _choice(self, menu: QMenu, group: QActionGroup, text: str, chosen: bool) -> QAction:
        act = QAction(text, menu)
        act.setCheckable(True)
        act.setChecked(chosen)
        group.addAction(act)
        menu.addAction(act)
        return act

    def set_mode(self, mode: Mode) -> None:
        self._memory = replace(self._memory, mode=mode.value)
        self.look.set_mode(mode)
        self._remember()

    def set_percent(self, percent: int) -> None:
        self._memory = replace(self._memory, percent=percent)
        self.look.set_percent(percent)
        self._remember()

    def set_language(self, language: str) -> None:
        """Chinese or English, at once."""
        if language != self._tools.texts.language:
            self._memory = replace(self._memory, language=language)
            self._rebuild()
            self._remember()

    # files dropped anywhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.first is None and _droppable(event):
            event.acceptProposedAction()
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.hide()
        paths = _droppable(event)
        if paths:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self.errands.take_in(paths))

    # the place of the window

    def _restore_place(self) -> None:
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen else QRect(0, 0, *FIRST_SIZE)
        if self._memory.place:
            place = QRect(*self._memory.place)
            if any(s.availableGeometry().intersects(place) for s in QGuiApplication.screens()):
                self.setGeometry(place)
            else:
                self.resize(place.size())
        else:
            width, height = min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height())
            self.resize(width, height)
        if self._memory.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _remember(self) -> None:
        remember(self._given.workspace, self._memory)

    def closeEvent(self, event: QCloseEvent) -> None:
        """What stands in a field is saved first; while something is not on the disk the window stays."""
        if self._has_unsaved():
            event.ignore()
            self._close_timer.start()
            return
        normal = self.normalGeometry() if self.isMaximized() else self.geometry()
        place = (normal.x(), normal.y(), normal.width(), normal.height())
        self._memory = replace(self._memory, place=place, maximised=self.isMaximized())
        self._remember()
        for screen in (self.documents, self.work):
            shut = getattr(screen, "shut", None)
            if shut is not None:
                shut()
        super().closeEvent(event)

    def _has_unsaved(self) -> bool:
        flush, unsaved = getattr(self.work, "flush", None), getattr(self.work, "has_unsaved", None)
        if flush is not None:
            flush()
        return bool(unsaved()) if unsaved is not None else False

    def _on_close_time(self) -> None:
        """Closes once everything is saved; when saving failed the trouble bar has said so, and the window stays."""
        if not self._has_unsaved():
            self._close_timer.stop()
            self.close()
        elif not self.jobs.busy:
            self._close_timer.stop()


def _droppable(event: QDropEvent) -> list[Path]:
    """The PDF files, folders and school lists among what is dragged."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [p for p in paths if p.suffix.lower() in (".pdf", *LISTS) or p.is_dir()]


def window_icon(look: Look) -> QIcon:
    """The mark of the program as the window's icon."""
    from PySide6.QtCore import QRectF

    from safetyapp.ui.first_start import paint_mark

    icon = QIcon()
    for side in (16, 32, 64):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("brand"))
        painter.drawRoundedRect(QRectF(0, 0, side, side), side / 6, side / 6)
        paint_mark(painter, QRectF(0, 0, side, side), look)
        painter.end()
        icon.addPixmap(picture)
    return icon
