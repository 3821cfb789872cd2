"""Shows what a form file holds before it is taken in: what it changes, what to look at; or why it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from safetyapp.domain.form_changes import FormChanges
from safetyapp.texts import Texts
from safetyapp.ui.dates import in_language
from safetyapp.ui.form_change_words import counted, groups
from safetyapp.ui.form_read import FormNote, FormRead
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.read_text import ReadText
from safetyapp.ui.sheet_dialog import Group, SheetDialog

NO_CHANGES = FormChanges()


@dataclass(frozen=True, slots=True)
class FormPlan:
    """A form file that was read, and what its form changes against the version that is here."""

    name: str
    read: FormRead
    changes: FormChanges = NO_CHANGES


class FormDialog(SheetDialog):
    """The plan of an import, and the two verbs. Where the form cannot come in, only 关闭."""

    confirmed = Signal(object)

    def __init__(self, look: Look, texts: Texts, plan: FormPlan, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("window.forms.title"), parent, width=720)
        form = plan.read.form
        assert form is not None
        self.plan = plan
        self.body.addWidget(Label(look, plan.name, Style.COMPACT, "ink2", wrap=True))
        title, items = form.title.in_language(texts.language), sum(1 for _ in form.asked())
        facts = say("window.forms.facts", title=title, version=form.version, items=items)
        self.body.addWidget(Label(look, facts, Style.STRONG, wrap=True))
        former = plan.read.former.version if plan.read.former is not None else ""
        standing = say(f"window.forms.standing.{plan.read.standing}", version=form.version, former=former)
        self.body.addWidget(Label(look, standing, Style.BODY, wrap=True))
        if plan.read.former is not None:
            summary = say("window.forms.summary", **counted(plan.changes))
            summary = summary if plan.changes else say("window.forms.unchanged")
            self.body.addWidget(Label(look, summary, Style.BODY, wrap=True))
        if plan.read.warnings:
            look_at = say("window.forms.to_look_at", n=len(plan.read.warnings))
            self.body.addWidget(Label(look, look_at, Style.BODY, wrap=True))
        shown = groups(texts, plan.changes) + note_groups(texts, "window.forms.warnings", plan.read.warnings)
        self.text = ReadText(look, shown, say("window.forms.details"))
        self.text.setVisible(bool(shown))
        self.body.addWidget(self.text, 1)
        if not shown:
            self.body.addStretch(1)
        is_wanted = plan.read.standing not in ("same", "taken")
        self.cancel_button = self.add_button(say("window.forms.cancel" if is_wanted else "window.close"))
        self.cancel_button.clicked.connect(self.reject)
        self.cancel_button.setFocus()
        if is_wanted:
            self.body.addWidget(Label(look, say("window.forms.kept"), Style.SMALL, "ink2", wrap=True))
            self.confirm_button = self.add_button(say("window.forms.confirm"), Kind.PRIMARY)
            self.confirm_button.clicked.connect(self._on_confirm)
            self.confirm_button.setFocus()
        self.fit(720, 600 if shown else 300)

    def _on_confirm(self) -> None:
        self.confirmed.emit(self.plan)
        self.accept()


class RefusedFormDialog(SheetDialog):
    """Every mistake of a refused file with its place; all of them can be copied for who writes the file."""

    copied = Signal()

    def __init__(self, look: Look, texts: Texts, plan: FormPlan, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("window.forms.refused", name=plan.name), parent, width=720)
        self.plan = plan
        self.body.addWidget(Label(look, say("window.forms.refused_kept"), Style.COMPACT, "ink2", wrap=True))
        shown = note_groups(texts, "window.forms.mistakes", plan.read.mistakes)
        shown += note_groups(texts, "window.forms.warnings", plan.read.warnings)
        self.text = ReadText(look, shown, say("window.forms.details"))
        self.body.addWidget(self.text, 1)
        self.copy_button = self.add_button(say("window.forms.copy"))
        self.copy_button.clicked.connect(self._on_copy)
        self.close_button = self.add_button(say("window.close"), Kind.PRIMARY)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()
        self.fit(720, min(600, 220 + 44 * (len(plan.read.mistakes) + len(plan.read.warnings))))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.plan.name}\n{self.text.plain()}")
        self.copied.emit()


def note_groups(texts: Texts, key: str, notes: Sequence[FormNote]) -> list[Group]:
    """Mistakes or warnings under their heading, each with its place above its sentence."""
    if not notes:
        return []
    return [(texts.say(key, n=len(notes)), [(note.where, in_language(note.why, texts.language)) for note in notes])]
