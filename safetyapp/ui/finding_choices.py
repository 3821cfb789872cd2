"""What there is to choose in a finding: levels, deadlines, what is cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from safetyapp.domain.form import Severity
from safetyapp.texts import Texts
from safetyapp.ui.parts import Option, Tone

DAYS = (0, 3, 7, 15, 30)
"""Deadlines that have a button, in days from the inspection."""


def level_options(texts: Texts) -> tuple[Option, ...]:
    """The three levels, each with its shape."""
    say = texts.say
    return (
        Option(Severity.GENERAL, say("fill.severity.general"), tone=Tone.MINOR, shape="g"),
        Option(Severity.CANDIDATE, say("fill.severity.candidate"), tone=Tone.MINOR, shape="c"),
        Option(Severity.MAJOR, say("fill.severity.major"), tone=Tone.MAJOR, shape="M"),
    )


def deadline_options(texts: Texts) -> tuple[Option, ...]:
    """At once, in so many days, or another day."""
    say = texts.say
    days = [Option(n, say("fill.field.deadline_days", n=n) if n else say("fill.field.deadline_now")) for n in DAYS]
    return (*days, Option("date", "", icon="calendar"))


def basis_menu(
    parent: QWidget, texts: Texts, offered: Sequence[str], chosen: tuple[str, ...],
    choose: Callable[[tuple[str, ...]], None],
) -> QMenu:  # fmt: skip
    """A menu in which citations are ticked; `choose` is told all that are."""
    menu = QMenu(parent)
    menu.setTitle(texts.say("fill.field.basis_title"))
    for citation in dict.fromkeys(offered):
        action = QAction(citation, menu)
        action.setCheckable(True)
        action.setChecked(citation in chosen)
        menu.addAction(action)
    menu.triggered.connect(lambda _: choose(tuple(a.text() for a in menu.actions() if a.isChecked())))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
