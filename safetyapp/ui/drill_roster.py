"""A drill without classes: a roster comes in from a file, shown before it is kept, or blank buttons are made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from safetyapp.domain.progress import Progress
from safetyapp.domain.school import SchoolClass, SchoolId
from safetyapp.texts import Texts
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, IconLabel, Kind, Label, ProgressLine
from safetyapp.ui.schools_dialog import list_notes
from safetyapp.ui.sheet_dialog import SheetDialog, groups_area
from safetyapp.ui.tools import RosterRead, SchoolsRead, Tools

MOST_BLANK = 99
USUAL_BLANK = 12


class NoRoster(QWidget):
    """还没有班级名单: the two ways on."""

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px, say = look.metrics.px, texts.say
        column = QVBoxLayout(self)
        column.setSpacing(px(12))
        column.addStretch(1)
        column.addWidget(IconLabel(look, "inbox", 24), 0, Qt.AlignmentFlag.AlignHCenter)
        self.sentence = Label(look, say("drill.roster.none"), Style.BODY, "ink2", align=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.file = Button(look, say("drill.roster.import"), icon="file-import")
        self.blank = Button(look, say("drill.roster.blank"), icon="plus")
        row.addStretch(1)
        row.addWidget(self.file)
        row.addWidget(self.blank)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)


class RosterDialog(SheetDialog):
    """What was understood of a roster."""

    confirmed = Signal(object)

    def __init__(self, look: Look, texts: Texts, name: str, read: RosterRead, parent: QWidget | None) -> None:
        say, px = texts.say, look.metrics.px
        super().__init__(look, say("drill.roster.title"), parent, width=560)
        self.body.addWidget(Label(look, name, Style.COMPACT, "ink2", wrap=True))
        pupils = sum(one.enrolled or 0 for one in read.classes)
        found = say("drill.roster.found", n=len(read.classes), pupils=pupils)
        self.body.addWidget(
            Label(look, found if read.classes else say("drill.roster.nothing"), Style.STRONG, wrap=True)
        )
        if read.classes:
            classes = QListWidget()
            classes.setAccessibleName(say("drill.roster.list"))
            classes.setUniformItemSizes(True)
            classes.setProperty("framed", "1")
            classes.addItems([_line(texts, one) for one in read.classes])
            classes.setMinimumHeight(px(120))
            classes.setCurrentRow(0)
            self.body.addWidget(classes, 3)
        notes = list_notes(texts, SchoolsRead((), read.skipped, read.odd))
        if notes:
            area = groups_area(look, notes, say("drill.roster.notes"))
            area.setMinimumHeight(px(90))
            self.body.addWidget(area, 2)
        cancel = self.add_button(say("window.cancel" if read.classes else "window.close"))
        cancel.clicked.connect(self.reject)
        if read.classes:
            self.body.addWidget(Label(look, say("drill.roster.kept"), Style.SMALL, "ink2", wrap=True))
            self.confirm = self.add_button(say("drill.roster.confirm", n=len(read.classes)), Kind.PRIMARY)
            self.confirm.clicked.connect(lambda: self._end(read))
            self.confirm.setFocus()
        self.fit(560, 520)

    def _end(self, read: RosterRead) -> None:
        self.accept()
        self.confirmed.emit(read)


def _line(texts: Texts, one: SchoolClass) -> str:
    enrolled = "" if one.enrolled is None else texts.say("drill.roster.people", n=one.enrolled)
    return texts.say("drill.roster.line", name=one.name, enrolled=enrolled, place=one.place).strip()


class BlankDialog(SheetDialog):
    """How many blank buttons."""

    wanted = Signal(int)

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("drill.roster.blank"), parent, width=360)
        self._say = say
        self.number = QLineEdit(str(USUAL_BLANK))
        self.number.setMaxLength(2)
        self.number.setAccessibleName(say("drill.roster.how_many"))
        self.number.textChanged.connect(self._on_typed)
        self.number.returnPressed.connect(self._end)
        self.body.addWidget(Field(look, say("drill.roster.how_many"), self.number))
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        self.make = self.add_button("", Kind.PRIMARY)
        self.make.clicked.connect(self._end)
        self._on_typed()
        self.number.selectAll()
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count(self) -> int:
        text = self.number.text().strip()
        return int(text) if text.isdigit() and 1 <= int(text) <= MOST_BLANK else 0

    def _on_typed(self, *_: object) -> None:
        count = self._count()
        self.make.set_words(self._say("drill.roster.make", n=count) if count else self._say("drill.roster.wrong"))
        self.make.setEnabled(count > 0)

    def _end(self) -> None:
        if self._count():
            self.accept()
            self.wanted.emit(self._count())


class RosterDesk(QObject):
    """Gets classes for a drill; hands them on as they are to be kept in its record."""

    found = Signal(object)
    """The classes (a tuple of SchoolClass); a roster is kept with the school by then."""
    failed = Signal(object)

    def __init__(
        self, tools: Tools, look: Look, jobs: Jobs, school: SchoolId, line: ProgressLine,
        show: Callable[[SheetDialog], None], screen: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(screen)
        self._tools, self._look, self._jobs, self._school = tools, look, jobs, school
        self._line, self._show, self._screen = line, show, screen
        self._say = tools.texts.say

    def choose(self) -> None:
        """Asks for a file."""
        say = self._say
        name, _ = QFileDialog.getOpenFileName(self._screen, say("drill.roster.choose"), "", say("drill.roster.filter"))
        if name:
            self.read(Path(name))

    def read(self, path: Path) -> None:
        """Reads it on a worker and shows what it holds."""
        read_roster = self._tools.read_roster

        def run(progress: Progress) -> RosterRead:
            return read_roster(path)

        def done(read: RosterRead) -> None:
            self._line.end()
            dialog = RosterDialog(self._look, self._tools.texts, path.name, read, self._screen)
            dialog.confirmed.connect(self._keep)
            self._show(dialog)

        def failed(error: Exception) -> None:
            self._line.end()
            self.failed.emit(error)

        self._line.begin(self._say("drill.roster.reading"), can_stop=False)
        self._jobs.work(run, done, failed, owner=self, name="roster")

    def _keep(self, read: object) -> None:
        assert isinstance(read, RosterRead)
        store, school, classes = self._tools.store, self._school, read.classes

        def run() -> None:
            from safetyapp.workflow.roster import import_roster

            import_roster(store, school, classes)

        self._jobs.data(run, lambda _: self.found.emit(classes), self.failed.emit, owner=self, name="data roster")

    def ask_blank(self) -> None:
        """Asks how many buttons."""
        dialog = BlankDialog(self._look, self._tools.texts, self._screen)
        dialog.wanted.connect(self._make_blank)
        self._show(dialog)

    def _make_blank(self, count: int) -> None:
        texts = Texts("zh")  # the names are printed
        self.found.emit(tuple(SchoolClass(texts.say("drill.roster.blank_name", n=n)) for n in range(1, count + 1)))
