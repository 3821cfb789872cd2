"""The three questions of handing a draft over: to whom, whether to take it back, and what came from a colleague."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from safetyapp.ui.dates import date_time, full_date
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import MosaicWidget
from safetyapp.ui.parts import Button, Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog

if TYPE_CHECKING:
    from safetyapp.texts import Texts
    from safetyapp.workflow.handover import Incoming
    from safetyapp.workflow.opened import Open

LONGEST_NAME = 40


def _facts(texts: Texts, draft: Open) -> str:
    """43 / 60 题 · 5 条隐患 · 11 张照片."""
    marks, inspection = draft.marks(), draft.inspection
    return texts.say(
        "handover.facts",
        done=len(marks) - marks.count("o"),
        total=len(marks),
        findings=len(inspection.findings),
        photos=len(inspection.photos),
    )


def _title(texts: Texts, draft: Open) -> str:
    form = draft.form.title.in_language(texts.language)
    return texts.say("handover.of", school=draft.inspection.school.name, form=form, version=draft.form.version)


class HandoverDialog(SheetDialog):
    """What the draft is, and two verbs; the harmless one is where the keys are."""

    def __init__(self, look: Look, texts: Texts, key: str, draft: Open, parent: QWidget | None) -> None:
        super().__init__(look, texts.say(f"handover.{key}.title"), parent, width=600)
        self._texts, self._say = texts, texts.say
        self.body.addWidget(Label(look, _title(texts, draft), Style.STRONG, wrap=True))
        self.body.addWidget(Label(look, _facts(texts, draft), Style.COMPACT, "ink2", wrap=True))
        self.body.addWidget(MosaicWidget(look, draft.marks()))

    def say_line(self, text: str, style: Style = Style.BODY, colour: str = "ink") -> Label:
        label = Label(self.look, text, style, colour, wrap=True)
        self.body.addWidget(label)
        return label


class GiveDialog(HandoverDialog):
    """交给同事: the colleague's name, and the folder for the file."""

    confirmed = Signal(str, Path)

    def __init__(self, look: Look, texts: Texts, draft: Open, folder: Path, parent: QWidget | None) -> None:
        super().__init__(look, texts, "give", draft, parent)
        say, px = self._say, look.metrics.px
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setAccessibleName(say("handover.give.name"))
        self.name.setPlaceholderText(say("handover.give.name_hint"))
        self.name.textEdited.connect(self._on_edited)
        self.body.addWidget(Field(look, say("handover.give.name"), self.name))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(say("handover.give.folder"))
        self.choose = Button(look, say("handover.give.choose"))
        self.choose.clicked.connect(self._on_choose)
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        self.body.addWidget(Field(look, say("handover.give.folder"), line))
        self.say_line(say("handover.give.then"))
        self.say_line(say("handover.give.not_encrypted"), Style.COMPACT, "ink2")
        self.wrong = self.say_line("", Style.COMPACT)
        self.wrong.hide()
        self.body.addStretch(1)
        self.cancel_button = self.add_button(say("handover.give.no"))
        self.cancel_button.clicked.connect(self.reject)
        self.confirm_button = self.add_button(say("handover.give.yes"), Kind.PRIMARY)
        self.confirm_button.clicked.connect(self._on_confirm)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self, self._on_confirm)
        self.name.returnPressed.connect(self._on_confirm)
        self.name.setFocus()
        self.fit(600, 420)

    def _on_edited(self) -> None:
        self.wrong.hide()

    def _on_choose(self) -> None:
        found = QFileDialog.getExistingDirectory(self, self._say("handover.give.folder"), self.folder.text())
        if found:
            self.folder.setText(found)

    def _on_confirm(self) -> None:
        name, folder = self.name.text().strip(), self.folder.text().strip()
        lacking = self.name if not name else self.folder if not folder else None
        if lacking is not None:
            self.wrong.setText(self._say(f"handover.give.{'no_name' if lacking is self.name else 'no_folder'}"))
            self.wrong.show()
            lacking.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.confirmed.emit(name, Path(folder))
        self.accept()


class BackDialog(HandoverDialog):
    """收回: what it means when the colleague goes on all the same."""

    confirmed = Signal()

    def __init__(self, look: Look, texts: Texts, draft: Open, time: str, parent: QWidget | None) -> None:
        super().__init__(look, texts, "back", draft, parent)
        given = draft.inspection.given
        assert given is not None
        self.say_line(self._say("handover.back.given", to=given.taker, time=time))
        self.say_line(self._say("handover.back.what", to=given.taker))
        self.body.addStretch(1)
        self.keep_button = self.add_button(self._say("handover.back.no"))
        self.keep_button.clicked.connect(self.reject)
        self.back_button = self.add_button(self._say("handover.back.yes"), Kind.PRIMARY)
        self.back_button.clicked.connect(self._on_confirm)
        self.keep_button.setFocus()
        self.fit(600, 300)

    def _on_confirm(self) -> None:
        self.confirmed.emit()
        self.accept()


class TakeDialog(HandoverDialog):
    """What came: from whom, how far it is, and what it would replace here."""

    confirmed = Signal(object)

    def __init__(self, look: Look, texts: Texts, incoming: Incoming, parent: QWidget | None) -> None:
        super().__init__(look, texts, "take", incoming.draft, parent)
        say, over = self._say, incoming.hand_over
        self.incoming = incoming
        facts = {"who": over.giver_name, "time": date_time(texts, over.at), "number": incoming.number}
        self.say_line(say("handover.take.whose", **facts))
        day = full_date(texts, incoming.draft.inspection.inspected_on)
        self.say_line(say("handover.take.then", who=over.giver_name, day=day), Style.COMPACT, "ink2")
        if not incoming.is_for_me:
            self.say_line(say("handover.take.other", to=over.taker, me=incoming.me.name), Style.STRONG)
        if incoming.here is not None:
            self.say_line(say("handover.take.replaces", facts=_facts(texts, incoming.here)), Style.STRONG)
        self.say_line(incoming.path.name, Style.SMALL, "ink2")
        self.body.addStretch(1)
        self.cancel_button = self.add_button(say("handover.take.no"))
        self.cancel_button.clicked.connect(self.reject)
        yes = "yes_replace" if incoming.here is not None else "yes"
        self.confirm_button = self.add_button(say(f"handover.take.{yes}"), Kind.PRIMARY)
        self.confirm_button.clicked.connect(self._on_confirm)
        (self.cancel_button if incoming.here is not None else self.confirm_button).setFocus()
        self.fit(600, 360)

    def _on_confirm(self) -> None:
        self.confirmed.emit(self.incoming)
        self.accept()
