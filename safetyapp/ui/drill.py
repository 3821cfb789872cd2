"""The stopwatch 演练: taps become answers of the drill's record at once; the clock is read and never counted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from safetyapp.domain.clock_watch import ClockWatch
from safetyapp.domain.drill import CLASSES, START, Drill
from safetyapp.domain.drill_strokes import newest_at
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer
from safetyapp.ui import drill_words, fill_words
from safetyapp.ui.drill_awake import Awake
from safetyapp.ui.drill_clock import ClockFace
from safetyapp.ui.drill_desk import DrillDesk
from safetyapp.ui.drill_grid import DrillGrid
from safetyapp.ui.drill_head import DrillHeader, TapLine
from safetyapp.ui.drill_keeper import DrillKeeper
from safetyapp.ui.drill_roster import NoRoster
from safetyapp.ui.drill_side import DrillSide, HeadCount, next_point
from safetyapp.ui.fill_rescue import Rescue
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Button, Kind, Line, ProgressLine, Toast, TroubleBar
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open

LOOK_EVERY = 200
"""Milliseconds between two looks at the clock."""
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
NARROW = 1024
"""Breadth below which only clock and classes are shown."""


def steady_seconds() -> float:
    """A clock that nobody sets and that goes on while the laptop sleeps, where the system has one."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class DrillScreen(QWidget):
    """Times one drill. `back_requested`, `sheet_requested` (Fill) and `sign_requested(Open)` come only when everything
    is on the disk."""

    name = "drill"
    back_requested = Signal()
    sheet_requested = Signal(str)
    sign_requested = Signal(object)

    def __init__(
        self, tools: Tools, look: Look, jobs: Jobs, opened: Open, former: Sequence[tuple[Answer, datetime]] = (),
        parent: QWidget | None = None, steady: Callable[[], float] = steady_seconds,
    ) -> None:  # fmt: skip
        """`former` are the answers that were replaced before (Store.former_answers)."""
        super().__init__(parent)
        self._tools, self._look, self._jobs, self.steady = tools, look, jobs, steady
        self._say = tools.texts.say
        self.keeper = DrillKeeper(tools, jobs, opened, former, self)
        self.rescue = Rescue(tools, jobs, self.keeper, lambda: None, dict, self)
        self._code = ""
        self._newest: ItemId | None = None
        self._awake = Awake(self._say("drill.clock.name"))
        self._watch = ClockWatch(tools.clock.now(), steady())
        self._reduced: bool | None = None
        self._build(opened)
        self.desk = DrillDesk(tools, look, jobs, self)
        self._connect()
        self._look_at_clock = QTimer(self)
        self._look_at_clock.setInterval(LOOK_EVERY)
        self._look_at_clock.timeout.connect(self.tick)
        self._look_at_clock.start()
        self._show()
        self._say_behind()

    # building

    def _build(self, opened: Open) -> None:
        look, texts = self._look, self._tools.texts
        px, say = look.metrics.px, self._say
        self.setWindowTitle(say("drill.window", school=opened.inspection.school.name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = DrillHeader(look, texts)
        self.trouble = TroubleBar(look, say("fill.photo.close"))
        self.progress = ProgressLine(look, say("fill.photo.stop"))
        for part in (self.header, self.trouble, self.progress):
            column.addWidget(part)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        self.side = DrillSide(look, texts, opened.form)
        self._side_line = Line(look, standing=True)
        body.addWidget(self.side)
        body.addWidget(self._side_line)
        right = QVBoxLayout()
        right.setSpacing(0)
        self.strip = QWidget()
        self.strip.setProperty("surface", "1")
        self.strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        strip = QHBoxLayout(self.strip)
        strip.setContentsMargins(0, 0, px(12), 0)
        strip.setSpacing(px(8))
        self.face = ClockFace(look, texts, flat=True)
        self.count = HeadCount(look, texts)
        self.next = Button(look, "", height=44)
        strip.addWidget(self.face, 3)
        strip.addWidget(self.count, 2)
        strip.addWidget(self.next)
        right.addWidget(self.strip)
        self.taps = TapLine(look, texts)
        right.addWidget(self.taps)
        self._pages = QStackedWidget()
        self.grid = DrillGrid(look, texts)
        self.grid.setParent(self._pages)
        self._pages.addWidget(self.grid)
        self.no_roster = NoRoster(look, texts)
        self._pages.addWidget(self.no_roster)
        margins = QVBoxLayout()
        margins.setContentsMargins(px(10), 0, px(6), px(8))
        margins.addWidget(self._pages)
        right.addLayout(margins, 1)
        body.addLayout(right, 1)
        column.addLayout(body, 1)
        self.toast = Toast(look, self)

    def _connect(self) -> None:
        head, side, desk, keeper = self.header, self.side, self.desk, self.keeper
        keeper.changed.connect(lambda _: self._show())
        keeper.committed.connect(self._on_committed)
        keeper.trouble.connect(self._on_not_kept)
        head.back.clicked.connect(self.leave)
        head.undo.clicked.connect(self.take_back)
        head.end.clicked.connect(self.end)
        head.sheet.clicked.connect(self.open_sheet)
        head.reduced.clicked.connect(self.toggle_reduced)
        self.grid.pressed.connect(lambda group: self.tap(ItemId(group)))
        side.point_pressed.connect(lambda point: self.desk.press_point(ItemId(point)))
        side.jam_pressed.connect(desk.press_jam)
        side.problem_pressed.connect(desk.ask_problem)
        self.next.clicked.connect(self._on_next)
        self.no_roster.file.clicked.connect(desk.roster.choose)
        self.no_roster.blank.clicked.connect(desk.roster.ask_blank)
        self.rescue.written.connect(self.toast.say)
        self.rescue.failed.connect(lambda said: self.trouble.show_trouble(said, key="rescue"))
        keys: dict[str, Callable[[], None]] = {
            "F8": self.next_open, "F9": self.end, "F11": self.toggle_reduced, "Ctrl+E": self.open_sheet,
            "Ctrl+Z": self.take_back, "Ctrl+Y": self.redo, "Alt+Left": self.leave,
        }  # fmt: skip
        for number in range(1, 8):
            keys[f"F{number}"] = partial(self.desk.press_point, ItemId(f"T{number}"))
        for name, act in keys.items():
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def show_past(self, times: tuple[tuple[date, int], ...]) -> None:
        """The school's last evacuation times, oldest first."""
        last = times[-1][1] if times else None
        self.side.clock.last = self.face.last = last
        self.side.trend.show_times(times)

    # what is shown

    @property
    def drill(self) -> Drill:
        return self.keeper.drill

    def _show(self) -> None:
        drill, now = self.drill, self._tools.clock.now()
        inspection, form = self.keeper.shown.inspection, self.keeper.shown.form
        kind = drill_words.kind_label(self._tools.texts, form, inspection)
        self.header.title.setText(self._say("drill.title", kind=kind, school=inspection.school.name))
        facts = {"date": inspection.inspected_on.isoformat(), "goal": drill.goal}
        self.header.facts.setText(self._say("drill.facts" if drill.goal else "drill.facts_no_goal", **facts))
        self.header.show_may_end(not drill.held_by())
        self.grid.show_drill(drill, self._newest)
        self.side.show_drill(drill, now)
        self.count.show_drill(drill)
        self.face.show_time(drill, now)
        self._show_next(drill)
        has_classes = any(group.columns is CLASSES for group in drill.groups)
        self._pages.setCurrentWidget(self.grid if has_classes else self.no_roster)
        self.taps.setVisible(has_classes)
        self._awake.hold(drill.is_running)

    def _show_next(self, drill: Drill) -> None:
        point = next_point(drill)
        self.next.setVisible(point is not None)
        if point is not None:
            words = drill_words.point_label(self._tools.texts, self.keeper.shown.form, point.id)
            self.next.set_words(words, lead=str(point.id))
            if self.next.sizeHint().width() > self.width() // 4:
                self.next.set_words("", lead=str(point.id))
            self.next.set_kind(Kind.PRIMARY if point.id == START else Kind.NORMAL)
            self.next.setAccessibleName(f"{point.id} {words}")
            self.next.setToolTip(words)

    def tick(self) -> None:
        """Looks at the clocks: what they say is painted, and said when one was set."""
        drill, now = self.drill, self._tools.clock.now()
        self.side.show_time(drill, now)
        self.face.show_time(drill, now)
        jump = self._watch.jump(now, self.steady())
        if jump and drill.is_running:
            said = self._say("drill.jumped", seconds=f"{jump:+d}", time=f"{now:%H:%M:%S}")
            self.trouble.show_trouble(said, key="clock")

    def _say_behind(self) -> None:
        """The clock may have been put back while nobody looked."""
        last, now = newest_at(self.keeper.shown.inspection), self._tools.clock.now()
        if last is not None and self.drill.is_running and (last - now).total_seconds() > 2:
            seconds = int((last - now).total_seconds())
            self.trouble.show_trouble(self._say("drill.behind", seconds=seconds), key="clock")

    def show_newest(self, group: ItemId | None) -> None:
        """The group that came last is marked as such."""
        self._newest = group
        self._show()

    # what a person does

    def tap(self, group: ItemId) -> None:
        """Arrival first, then the numbers."""
        found = self.drill.of_id(group)
        if found is not None:
            self.grid.go_to(group)
            self.desk.press_group(found)

    def start(self) -> None:
        """Space: T0."""
        self.desk.press_point(START)

    def take_back(self) -> None:
        """Backspace: the last stroke, of whatever day."""
        changed = self.keeper.take_back()
        if not changed:
            self.toast.say(self._say("drill.nothing_to_undo"), icon="info-circle")
            return
        self._newest = None
        self._show()
        self.toast.say(self._say("drill.undone", what=self.desk.words_of(changed)))

    def redo(self) -> None:
        before = self.keeper.shown.inspection.answers
        if self.keeper.redo() is None:
            return
        after = self.keeper.shown.inspection.answers
        changed = frozenset(a for a in before.keys() | after.keys() if before.get(a) != after.get(a))
        self.toast.say(self._say("drill.redone", what=self.desk.words_of(changed)))

    def next_open(self) -> None:
        """F8: to the first group that holds up the end."""
        group = next((group for _, groups in self.drill.held_by() for group in groups), None)
        if group is not None:
            self.grid.go_to(group.id)

    def end(self) -> None:
        """F9: to the signing; while something holds it up, that is said and gone to."""
        sentence = drill_words.hold_sentence(self._tools.texts, self.drill)
        if sentence:
            self.trouble.show_trouble(sentence, key="hold")
            self.next_open()
            return
        self.trouble.clear("hold")
        self.keeper.conclude()
        self.keeper.when_kept(lambda: self.sign_requested.emit(self.keeper.kept))

    def leave(self) -> None:
        """Back; the clock goes on."""
        self.keeper.when_kept(self.back_requested.emit)

    def open_sheet(self) -> None:
        """Ctrl+E: the whole record."""
        self.keeper.when_kept(lambda: self.sheet_requested.emit(CLASSES.table))

    def toggle_reduced(self) -> None:
        """F11: only clock and classes, or everything."""
        self._reduced = not self._is_reduced()
        self._fold()

    def _on_next(self) -> None:
        point = next_point(self.drill)
        if point is not None:
            self.desk.press_point(point.id)

    # saving

    def has_unsaved(self) -> bool:
        """Whether closing the window now would lose something."""
        return self.keeper.is_waiting() and not self.rescue.holds(self.keeper.shown.inspection)

    def shut(self) -> None:
        """The screen is going away, or the window is."""
        self._look_at_clock.stop()
        self._awake.hold(False)

    def _on_committed(self, at: object) -> None:
        self.trouble.clear("save")
        if isinstance(at, datetime):
            self.header.saved.show_saved(fill_words.clock_text(at))

    def _on_not_kept(self, problem: object) -> None:
        self.header.saved.show_failed()
        sentence = self._say("fill.not_saved", why=fill_words.why(self._tools.texts, problem))
        ways = [
            (self._say("fill.save_again"), self.keeper.retry),
            (self._say("fill.rescue.button"), self.rescue.choose),
        ]
        self.trouble.show_trouble(sentence, ways, key="save")

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no field wanted: class numbers, the signal, taking back."""
        key, text = event.key(), event.text()
        if event.isAutoRepeat() and key not in ARROWS:  # a finger that rests on a key is one stroke
            return
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and len(text) == 1 and text.isascii() and text.isdigit():
            self._type(self._code + text)
            self.grid.focus_current()
        elif plain and key == Qt.Key.Key_Backspace:
            if self._code:
                self._type(self._code[:-1])
            else:
                self.take_back()
        elif key == Qt.Key.Key_Escape:
            if self._code:
                self._type("")
            else:
                self.leave()
        elif key in enter and self._code:
            self._enter_code()
        elif key in enter and self.grid.holds_focus() and self.grid.current is not None:
            self.tap(self.grid.current.id)
        elif plain and key == Qt.Key.Key_Space and self.drill.started_at is None:
            self.start()
        elif plain and key == Qt.Key.Key_G:
            self.desk.press_jam()
        elif plain and key == Qt.Key.Key_N:
            self.desk.ask_problem()
        elif not (self.grid.holds_focus() and self.grid.take_arrow(key)):
            super().keyPressEvent(event)

    def _type(self, code: str) -> None:
        self._code = code[-5:]
        self.taps.show_typed(self._code)

    def _enter_code(self) -> None:
        code = self._code
        self._type("")
        group = self.drill.of_code(code)
        if group is None:
            self.toast.say(self._say("drill.no_code", code=code), icon="info-circle")
        else:
            self.tap(group.id)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keys belong to the classes, or to the ways to get some."""
        if self._pages.currentWidget() is self.grid:
            self.grid.focus_current()
        else:
            self.no_roster.file.setFocus(event.reason())

    # sizes

    def _is_reduced(self) -> bool:
        if self._reduced is not None:
            return self._reduced
        return self._look.metrics.breadth(self.width()) < NARROW

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        breadth = self._look.metrics.breadth(self.width())
        reduced = self._is_reduced()
        self.side.setVisible(not reduced)
        self._side_line.setVisible(not reduced)
        self.strip.setVisible(reduced)
        self.header.show_reduced(reduced)
        self.header.fold(breadth)
        self.taps.fold(breadth - (0 if reduced else 300))
        self._show_next(self.drill)
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton) and not focused.isVisible():
            self.grid.focus_current()
