"""The screens of the window, each in every dress: small and large, dark, English, 200 % text, longest names.

`python -m tests.ui.screens docs/gallery/screens` writes their pictures; with names behind the folder, only those. A
test walks through the same screens and asks of each what must hold everywhere.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, QIODevice, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from safetyapp.app import SystemClock, build_tools
from safetyapp.demo import TODAY, StoryClock, build_demo
from safetyapp.demo_answers import passing_readings, passing_value
from safetyapp.domain.address import at
from safetyapp.domain.drill import CLASSES, DRILL
from safetyapp.domain.form import ItemId
from safetyapp.domain.gaps import GapKind, gaps
from safetyapp.domain.photo_tray import TrayPhoto
from safetyapp.domain.places import row_ids
from safetyapp.domain.school import School, SchoolClass, SchoolFact, SchoolId, SchoolKind
from safetyapp.settings import Settings
from safetyapp.texts import resources
from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import STYLE, Look, Mode
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from safetyapp.workflow import drill, inspect
from safetyapp.workflow.opened import resume

ROSTER = tuple(
    SchoolClass(f"{grade}({number})", f"{'ABC'[level % 3]}楼{level % 4 + 1}层", 38 + number, route=f"{number}号楼梯")
    for level, grade in enumerate("一二三四五六七八九")
    for number in range(1, 5)
)
LONGEST = School(
    SchoolId("longest"), "甲子示范区第一实验外国语学校附属龑𬭎国际九年一贯制寄宿学校（东校区）", SchoolKind.NINE_YEAR,
    street="示例新城滨河西路街道办事处", address="示例新城滨河西路一百二十八号院北门", students=12_345,
    has=frozenset({SchoolFact.CANTEEN, SchoolFact.BOARDING}), sites=("综合楼东侧地下一层变配电室与柴油发电机房",),
    classes=ROSTER,
)  # fmt: skip
FAILS = "F-12"
"""The item of the fire checklist whose finding is shown."""
ASKED = (GapKind.UNANSWERED, GapKind.READING)


@dataclass(frozen=True, slots=True)
class Dress:
    """A size of the window (px) and a look."""

    name: str
    width: int
    height: int
    mode: Mode = Mode.LIGHT
    percent: int = 100
    language: str = "zh"


DRESSES = (
    Dress("1366", 1366, 768),
    Dress("1920", 1920, 1080),
    Dress("dark", 1366, 768, mode=Mode.DARK),
    Dress("en", 1366, 768, language="en"),
    Dress("200", 1366, 768, percent=200),
    Dress("1280", 1280, 640),
)


class StillClock(SystemClock):
    """The time of the pictures: it stands."""

    def now(self) -> datetime:
        return TODAY + timedelta(minutes=20)


@dataclass(slots=True)
class Stage:
    """A window on the story's workspace, and what the screens are shown with."""

    window: MainWindow
    tools: Tools
    jobs: Jobs

    def settle(self, quiet: int = 0) -> None:
        """Until nothing is under way, and `quiet` ms more: pages are drawn one after another."""
        rest = QDeadlineTimer(quiet)
        while not (self.jobs.settle(20) and rest.hasExpired()):
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QApplication.processEvents()

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.window, key)
            QCoreApplication.processEvents()

    def draft_of(self, form: str) -> str:
        """The draft of a form at the school with the longest name."""
        return next(d.id for d in self.tools.store.drafts() if (d.school_id, d.form_id) == (LONGEST.id, form))

    def leave(self) -> None:
        """Back to the screens of the rail."""
        while self.window.work is not None:
            self.window.leave_work()
            self.settle()


def _choose(stage: Stage) -> QWidget:
    stage.window.go("today")
    stage.settle()
    stage.window.choose()
    assert stage.window.dialog is not None
    return stage.window.dialog


def _fill(stage: Stage) -> QWidget:
    stage.window.open_fill(stage.draft_of("fire"), FAILS)
    stage.settle()
    stage.press(Qt.Key.Key_Return)
    return stage.window


def _sign(stage: Stage) -> QWidget:
    stage.window.open_sign(resume(stage.tools.store, stage.tools.reckon, stage.draft_of("lightning")))
    return stage.window


def _documents(stage: Stage) -> QWidget:
    stage.window.go("documents")
    return stage.window


def _visits(stage: Stage) -> QWidget:
    stage.window.go("today")
    stage.settle()
    stage.window.today.load_dates()
    stage.settle()
    stage.window.today.switch_view()
    return stage.window


def _matrix(stage: Stage) -> QWidget:
    """Today with its dates, which come after the first paint."""
    stage.window.go("today")
    stage.settle()
    stage.window.today.load_dates()
    stage.settle()
    dated = stage.window.today.dated
    if dated is not None and dated.visits.isVisible():
        stage.window.today.switch_view()
    return stage.window


def _tray(stage: Stage) -> QWidget:
    _fill(stage)
    stage.settle()
    stage.press(Qt.Key.Key_Escape)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    return stage.window


def _annotate(stage: Stage) -> QWidget:
    _fill(stage)
    stage.settle()
    fill = stage.window.work
    assert isinstance(fill, FillScreen)
    fill.body.photos.thumbs()[0].setFocus()
    stage.press(Qt.Key.Key_Return)
    stage.settle()
    for key in (Qt.Key.Key_A, Qt.Key.Key_Return, Qt.Key.Key_O, Qt.Key.Key_Return):
        stage.press(key)
    return stage.window


def _drills(stage: Stage) -> QWidget:
    stage.window.go("drills")
    return stage.window


def _drill(stage: Stage) -> QWidget:
    stage.window.open_drill(stage.draft_of(DRILL))
    return stage.window


def _settings(page: str) -> Callable[[Stage], QWidget]:
    def show(stage: Stage) -> QWidget:
        stage.window.settings(page)
        return stage.window

    return show


def _keys(stage: Stage) -> QWidget:
    stage.window.go("documents")
    stage.settle()
    setattr(stage.window.care.desk, "manual", lambda: None)  # noqa: B010 - where the documents lie is no picture's business
    stage.window.show_keys()
    assert stage.window.dialog is not None
    return stage.window.dialog


SCREENS: dict[str, Callable[[Stage], QWidget]] = {
    "today": _matrix,
    "visits": _visits,
    "choose": _choose,
    "fill": _fill,
    "sign": _sign,
    "annotate": _annotate,
    "tray": _tray,
    "documents": _documents,
    "drills": _drills,
    "drill": _drill,
    "settings-look": _settings("look"),
    "settings-key": _settings("key"),
    "settings-backup": _settings("backup"),
    "keys": _keys,
}
"""How each is brought up; the widget is what a picture shows."""


def tell_story(laptop: Path, workspace: Path) -> None:
    """A copy of the demo's laptop; at the school with the longest name a checklist half filled and one to be signed."""
    shutil.copytree(laptop, workspace)
    tools = build_tools(workspace, clock=StoryClock(TODAY))
    try:
        tools.store.save_schools([LONGEST])
        _fill_in(tools, "lightning", but=0)
        _fill_in(tools, "fire", but=37)
        _add_photos(tools)
        _time_drill(tools)
    finally:
        tools.store.close()


def _fill_in(tools: Tools, form_id: str, but: int) -> None:
    """A draft at the school with the longest name; the last `but` items stay open."""
    me = tools.store.me()
    assert me is not None
    form = tools.form(form_id)
    opened = inspect.start(tools.store, tools.clock, tools.reckon, tools.new_id, LONGEST, form, me)
    answered = 0
    while gap := next((g for g in gaps(opened.form, opened.inspection, opened.reckoned) if g.kind in ASKED), None):
        if answered >= sum(1 for _ in form.items()) - but:
            return
        place = opened.place(gap.item)
        value = "fail" if gap.item == FAILS else passing_value(opened, place)
        opened = inspect.answer(
            tools.store, tools.clock, tools.wording, opened, gap.item, value,
            readings=passing_readings(opened, place),
        )  # fmt: skip
        answered += 1


def _add_photos(tools: Tools) -> None:
    """Three at the finding, two in the tray."""
    draft = next(d.id for d in tools.store.drafts() if (d.school_id, d.form_id) == (LONGEST.id, "fire"))
    opened = resume(tools.store, tools.reckon, draft)
    pictures = sorted((resources() / "demo" / "photos").glob("*.jpg"))[:5]
    for path in pictures[:3]:
        opened = inspect.attach_photo(tools.store, tools.clock, opened, FAILS, path)
    now = tools.clock.now()
    tray = [TrayPhoto(tools.store.take_in(path, now), path.name, now) for path in pictures[3:]]
    tools.store.put_in_tray(opened.inspection.id, tray)


def _time_drill(tools: Tools) -> None:
    """A fire drill that has begun; some classes have arrived, one of them with a pupil too few."""
    me = tools.store.me()
    assert me is not None
    form = tools.form(DRILL)
    opened = drill.prepare(tools.store, tools.clock, tools.reckon, tools.new_id, LONGEST, form, me, "fire", "120")
    store, clock = tools.store, tools.clock
    opened = drill.stroke(store, clock, opened, {ItemId("T0"): f"{clock.now():%H:%M:%S}"})
    for number, row in enumerate(row_ids(opened.inspection, CLASSES.table)[:9]):
        opened = drill.stroke(store, clock, opened, {at(CLASSES.arrived, (row,)): f"{clock.now():%H:%M:%S}"})
        counted = opened.inspection.school.classes[number].enrolled
        if counted is not None and number < 6:
            opened = drill.stroke(store, clock, opened, {at(CLASSES.counted, (row,)): str(counted - (number == 2))})


def open_stage(workspace: Path, look: Look, jobs: Jobs) -> Stage:
    """The window on a workspace of the story."""
    tools = replace(build_tools(workspace, clock=StillClock()), warm_up=lambda: None)
    window = MainWindow(tools, look, jobs)
    window.show()
    window.activateWindow()
    stage = Stage(window, tools, jobs)
    stage.settle()
    return stage


def close_stage(stage: Stage) -> None:
    stage.leave()
    stage.window.close()
    stage.jobs.settle()
    stage.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    stage.tools.store.close()


def put_on(stage: Stage, dress: Dress) -> None:
    """The window in this dress."""
    stage.window.set_mode(dress.mode)
    stage.window.set_language(dress.language)
    stage.window.set_percent(dress.percent)
    stage.window.resize(dress.width, dress.height)
    stage.settle()


def walk(stage: Stage, names: tuple[str, ...] = ()) -> Iterator[tuple[str, QWidget]]:
    """One screen after another, each brought up and settled."""
    for name, show in SCREENS.items():
        if names and name not in names:
            continue
        shown = show(stage)
        stage.settle()
        yield name, shown
        if shown is not stage.window:
            shown.close()
            stage.window.activateWindow()  # a window manager would
        stage.leave()


def picture(widget: QWidget) -> bytes:
    """A small PNG of what is shown."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "BMP")
    out = BytesIO()
    Image.open(BytesIO(bytes(buffer.data().data()))).convert("RGB").quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


TITLES = {
    "today": "今日：到期表、接着填、今天要复查 Today: what is due, drafts, hazards to check again",
    "visits": "按学校出行 Plan of visits",
    "choose": "开始检查 Start an inspection",
    "fill": "填写 Fill",
    "sign": "签字定稿 Sign and finalise",
    "annotate": "标注照片 Annotate a photo",
    "tray": "照片托盘 Photo tray",
    "documents": "文书 Documents",
    "drills": "演练 Drills",
    "drill": "演练计时 Drill stopwatch",
    "settings-look": "设置：外观 Settings: look",
    "settings-key": "设置：证书与密钥 Settings: certificate and key",
    "settings-backup": "设置：备份 Settings: backup",
    "keys": "按键 Keys of a screen",
}


def table() -> str:
    """The README of the pictures."""
    head = "| | " + " | ".join(dress.name for dress in DRESSES) + " |"
    rows = [
        f"| {TITLES[name]} | " + " | ".join(f"[{d.name}]({name}-{d.name}.png)" for d in DRESSES) + " |"
        for name in SCREENS
    ]
    intro = (
        "Made from the real program by `python -m tests.ui.screens docs/gallery/screens`, at the school with the\n"
        "longest name: 1366x768, 1920x1080, dark, English, 200 % text, 1280x640. All names are made up."
    )
    return "\n".join(["# Screens", "", intro, "", head, "|---|" + "---|" * len(DRESSES), *rows, ""])


def main(folder: Path, names: tuple[str, ...]) -> None:
    """Writes the pictures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([*sys.argv[:1], *STYLE])
    look = Look(Mode.LIGHT)
    look.apply(app)
    with tempfile.TemporaryDirectory() as scratch:
        demo = build_demo(Path(scratch) / "demo", Settings(Path(scratch), "zh"), schools=6, reports=6, seed=2)
        tell_story(demo.laptops[0], Path(scratch) / "workspace")
        jobs = Jobs()
        stage = open_stage(Path(scratch) / "workspace", look, jobs)
        for dress in DRESSES:
            put_on(stage, dress)
            for name, shown in walk(stage, names):
                stage.settle(400)
                (folder / f"{name}-{dress.name}.png").write_bytes(picture(shown))
        close_stage(stage)
        jobs.close()
    (folder / "README.md").write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), tuple(sys.argv[2:]))
