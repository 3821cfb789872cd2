"""Shows what was understood of a school list, before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.school_words import school_facts
from safetyapp.ui.sheet_dialog import SheetDialog, rows_area
from safetyapp.ui.tools import SchoolsRead
from safetyapp.workflow.catalogue import CatalogueChange

SHOWN_SKIPPED = 200


@dataclass(frozen=True, slots=True)
class SchoolsPlan:
    """A list that was read, and what importing it would do."""

    name: str
    read: SchoolsRead
    change: CatalogueChange


class SchoolsDialog(SheetDialog):
    """The plan of an import: schools, rows left out with the reason, and one button that does it."""

    confirmed = Signal(object)

    def __init__(self, look: Look, texts: Texts, plan: SchoolsPlan, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("window.schools.title"), parent, width=640)
        px = look.metrics.px
        self.plan = plan
        change = plan.change
        wanted = len(change.added) + len(change.updated)
        self.body.addWidget(Label(look, plan.name, Style.COMPACT, "ink2", wrap=True))
        if not plan.read.schools:
            found = say("window.schools.none")
        else:
            found = say("window.schools.found", n=len(plan.read.schools))
        self.body.addWidget(Label(look, found, Style.STRONG, wrap=True))
        facts = {"added": len(change.added), "updated": len(change.updated), "unchanged": len(change.unchanged)}
        self.body.addWidget(Label(look, say("window.schools.change", **facts), Style.BODY, wrap=True))
        if plan.read.schools:
            schools = QListWidget()
            schools.setAccessibleName(say("window.schools.list"))
            schools.setUniformItemSizes(True)
            schools.addItems([f"{s.name}　{school_facts(texts, s)}".strip() for s in plan.read.schools])
            schools.setMinimumHeight(px(120))
            schools.setProperty("framed", "1")
            schools.setCurrentRow(0)
            self.body.addWidget(schools, 3)
        skipped = plan.read.skipped
        if skipped:
            title = say("window.schools.skipped", n=len(skipped))
            self.body.addWidget(Label(look, title, Style.STRONG))
            rows = [
                (say("window.schools.row", row=row, why=in_language(why, texts.language)), "")
                for row, why in skipped[:SHOWN_SKIPPED]
            ]
            area = rows_area(look, rows, title)
            area.setMinimumHeight(px(90))
            self.body.addWidget(area, 2)
        self.body.addWidget(Label(look, say("window.schools.kept"), Style.SMALL, "ink2", wrap=True))
        self.cancel_button = self.add_button(say("window.cancel" if wanted else "window.close"))
        self.cancel_button.clicked.connect(self.reject)
        if wanted:
            self.confirm_button = self.add_button(say("window.schools.confirm", n=wanted), Kind.PRIMARY)
            self.confirm_button.clicked.connect(self._on_confirm)
            self.confirm_button.setFocus()
        elif plan.read.schools:
            self.body.addWidget(Label(look, say("window.schools.nothing_new"), Style.BODY, wrap=True))
        self.fit(640, 520)

    def _on_confirm(self) -> None:
        self.confirmed.emit(self.plan)
        self.accept()


def in_language(why: str, language: str) -> str:
    """The half of "中文。English." that the person reads."""
    chinese, stop, english = why.partition("。")
    if language == "en" and english.strip():
        return english.strip()
    return chinese + stop
