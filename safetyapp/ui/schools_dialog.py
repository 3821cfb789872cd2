"""Shows what was understood of a school list, before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QWidget

from safetyapp.domain.school import School
from safetyapp.texts import Texts
from safetyapp.ui.dates import in_language
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.school_words import same_names, school_count, school_facts
from safetyapp.ui.sheet_dialog import Group, SheetDialog, groups_area
from safetyapp.ui.tools import ListNote, SchoolsRead
from safetyapp.workflow.catalogue import CatalogueChange

SHOWN = 100
"""Notes of one group that are shown; how many more there are is said."""


@dataclass(frozen=True, slots=True)
class SchoolsPlan:
    """A list that was read, and what importing it would do."""

    name: str
    read: SchoolsRead
    change: CatalogueChange


class SchoolsDialog(SheetDialog):
    """The plan of an import: schools, what was odd, rows left out with the reason, and one button that does it."""

    confirmed = Signal(object)

    def __init__(self, look: Look, texts: Texts, plan: SchoolsPlan, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("window.schools.title"), parent, width=640)
        px = look.metrics.px
        self.plan = plan
        change = plan.change
        wanted = change.added + change.updated
        self.body.addWidget(Label(look, plan.name, Style.COMPACT, "ink2", wrap=True))
        if not plan.read.schools:
            found = say("window.schools.none")
        else:
            found = say("window.schools.found", schools=school_count(texts, plan.read.schools))
        self.body.addWidget(Label(look, found, Style.STRONG, wrap=True))
        facts = {"added": len(change.added), "updated": len(change.updated), "unchanged": len(change.unchanged)}
        changes = say("window.schools.change", **facts) + campuses_remark(texts, plan.read.schools)
        self.body.addWidget(Label(look, changes, Style.BODY, wrap=True))
        if plan.read.schools:
            schools = QListWidget()
            schools.setAccessibleName(say("window.schools.list"))
            schools.setUniformItemSizes(True)
            same = same_names(plan.read.schools)
            schools.addItems([f"{s.name}　{school_facts(texts, s, same)}".strip() for s in plan.read.schools])
            schools.setMinimumHeight(px(90))
            schools.setProperty("framed", "1")
            schools.setCurrentRow(0)
            self.body.addWidget(schools, 3)
        self.groups = list_notes(texts, plan.read)
        if self.groups:
            area = groups_area(look, self.groups, say("window.schools.notes"))
            area.setMinimumHeight(px(90))
            self.body.addWidget(area, 3)
        self.body.addWidget(Label(look, say("window.schools.kept"), Style.SMALL, "ink2", wrap=True))
        self.cancel_button = self.add_button(say("window.cancel" if wanted else "window.close"))
        self.cancel_button.clicked.connect(self.reject)
        if wanted:
            self.confirm_button = self.add_button(
                say("window.schools.confirm", schools=school_count(texts, wanted)), Kind.PRIMARY
            )
            self.confirm_button.clicked.connect(self._on_confirm)
            self.confirm_button.setFocus()
        elif plan.read.schools:
            self.body.addWidget(Label(look, say("window.schools.nothing_new"), Style.BODY, wrap=True))
        self.fit(640, 600 if self.groups else 520)

    def _on_confirm(self) -> None:
        self.confirmed.emit(self.plan)
        self.accept()


def campuses_remark(texts: Texts, schools: tuple[School, ...]) -> str:
    """Said behind numbers in which campuses are counted."""
    return texts.say("window.schools.with_campuses") if any(s.campus_of is not None for s in schools) else ""


def list_notes(texts: Texts, read: SchoolsRead) -> list[Group]:
    """What a person should look at before the list is taken in: odd cells, the doubtful first, then the rows left
    out."""
    say = texts.say
    groups: list[Group] = []
    if read.odd:
        odd = sorted(read.odd, key=lambda note: not note.doubt)
        shown = [_odd_row(texts, note) for note in odd[:SHOWN]]
        groups.append((say("window.schools.odd", n=len(odd)), shown + _rest(texts, len(odd))))
    if read.skipped:
        rows = [
            (say("window.schools.row", where=_where(texts, n), why=_why(texts, n)), "") for n in read.skipped[:SHOWN]
        ]
        groups.append((say("window.schools.skipped", n=len(read.skipped)), rows + _rest(texts, len(read.skipped))))
    return groups


def _odd_row(texts: Texts, note: ListNote) -> tuple[str, str]:
    say = texts.say
    place = _where(texts, note)
    if note.column:
        place = say("window.schools.cell", where=place, column=note.column)
    first = say("window.schools.doubtful", where=place) if note.doubt else place
    second = _why(texts, note)
    if note.found and note.found != note.taken_as:
        key = "window.schools.taken" if note.taken_as else "window.schools.dropped"
        second = say(key, found=note.found, taken=note.taken_as, why=second)
    return first, second


def _where(texts: Texts, note: ListNote) -> str:
    key = "window.schools.where_sheet" if note.sheet else "window.schools.where"
    return texts.say(key, sheet=note.sheet, row=note.row)


def _why(texts: Texts, note: ListNote) -> str:
    return in_language(note.why, texts.language)


def _rest(texts: Texts, count: int) -> list[tuple[str, str]]:
    return [(texts.say("window.schools.more", n=count - SHOWN), "")] if count > SHOWN else []
