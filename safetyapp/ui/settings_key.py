"""The page of Settings about the key one signs with: whose it is, how long it holds, and taking another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit

from safetyapp.domain.problem import Problem
from safetyapp.ui.care_tools import KeyFacts
from safetyapp.ui.dates import error_sentence, explained, full_date
from safetyapp.ui.labelled_field import Field
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Chip, ChipLabel, Kind, Label
from safetyapp.ui.settings_parts import Host, Page, Row
from safetyapp.ui.sheet_dialog import SheetDialog
from safetyapp.ui.verdict_panel import grouped

WARN, LATE = 30, 7
"""Days that a certificate still holds from which on it is said, and said strongly."""


class KeyPage(Page):
    """The certificate that signs, and three ways to another."""

    def build(self) -> None:
        say, look = self.say, self.look
        card = self.card(say("settings.key.title"))
        self.chip = ChipLabel(look, Chip.NEUTRAL, "")
        self.holder = Row(look, "", "", self.chip, icon="certificate")
        card.add(self.holder)
        self.copy = Button(look, say("settings.key.copy"), icon="copy")
        self.copy.clicked.connect(self._copy)
        self.fingerprint = Row(look, say("settings.key.fingerprint"), "", self.copy)
        card.add(self.fingerprint)
        self.source = Row(look, say("settings.key.where"), "")
        card.add(self.source)
        other = self.card(say("settings.key.other"))
        self.file = Button(look, say("settings.key.choose_file"))
        self.file.clicked.connect(self._choose_file)
        other.add(Row(look, say("settings.key.file"), say("settings.key.file_remark"), self.file))
        self.token = Button(look, say("settings.key.choose_token"))
        self.token.clicked.connect(self._choose_token)
        other.add(Row(look, say("settings.key.token"), say("settings.key.token_remark"), self.token))
        self.own = Button(look, say("settings.key.back"))
        self.own.clicked.connect(self._use_own)
        other.add(Row(look, say("settings.key.own"), say("settings.key.own_remark"), self.own))
        self.facts: KeyFacts | None = None
        self.dialog: KeyDialog | None = None

    def renew(self) -> None:
        self.host.jobs.work(lambda p: self.host.care.key(), self._show, self._on_none, owner=self, name="key")

    def _on_none(self, error: Exception) -> None:
        self.chip.hide()
        self.holder.say(self.say("settings.key.none"), error_sentence(self.host.tools.texts, error))

    def _show(self, key: KeyFacts) -> None:
        say, texts = self.say, self.host.tools.texts
        self.facts = key
        day = full_date(texts, key.valid_until.date())
        remark = say("settings.key.until", day=day, issuer=key.issuer)
        if key.doubt is not None:
            remark = explained(texts, key.doubt).what
        self.holder.say(key.holder, remark)
        if key.days < 0:
            self.chip.set_chip(Chip.TROUBLE, say("settings.key.over", n=-key.days))
        elif key.days <= WARN:
            self.chip.set_chip(Chip.TROUBLE if key.days <= LATE else Chip.OUTLINE, say("settings.key.soon", n=key.days))
        else:
            self.chip.set_chip(Chip.NEUTRAL, say("settings.key.days", n=key.days))
        self.chip.show()
        self.fingerprint.say(say("settings.key.fingerprint"), grouped(key.fingerprint))
        where = say(f"settings.key.kind.{key.kind}")
        self.source.say(say("settings.key.where"), f"{where} · {key.place}" if key.place else where)
        self.own.setEnabled(key.kind != "own")

    def _copy(self) -> None:
        from PySide6.QtGui import QGuiApplication

        if self.facts is not None:
            QGuiApplication.clipboard().setText(self.facts.fingerprint)
            self.host.window.toast.say(self.say("settings.key.copied"))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self.host.window, self.say("settings.key.choose_file"), "", self.say("settings.key.filter")
        )
        if name:
            self.ask_file(Path(name))

    def ask_file(self, path: Path) -> None:
        """The passphrase of a file, then the file."""
        care = self.host.care
        fields = ((self.say("settings.key.passphrase"), "", True),)
        self._open(path.name, fields, lambda given: care.use_key_file(path, given[0]))

    def _choose_token(self) -> None:
        say, care = self.say, self.host.care
        fields = (
            (say("settings.key.module"), say("settings.key.module_hint"), False),
            (say("settings.key.label"), "", False),
            (say("settings.key.id"), "01", False),
            (say("settings.key.pin"), "", True),
        )

        def use(given: tuple[str, ...]) -> KeyFacts:
            plain = given[2].removeprefix("0x").replace(":", "").strip()
            try:
                bytes.fromhex(plain)
            except ValueError:
                plain = ""
            if not plain:
                raise Problem("bad-setting", name=say("settings.key.id"), value=given[2])
            return care.use_key_token(Path(given[0]), given[1], plain.lower(), given[3])

        self._open(say("settings.key.token"), fields, use)

    def _use_own(self) -> None:
        self.host.ask(self, self.host.care.use_own_key, self._on_used)

    def _open(
        self, title: str, fields: tuple[tuple[str, str, bool], ...], use: Callable[[tuple[str, ...]], KeyFacts]
    ) -> None:
        self.dialog = KeyDialog(self.host, title, fields, use)
        self.dialog.used.connect(self._on_used)
        self.dialog.finished.connect(self._on_closed)
        self.dialog.open()

    def _on_closed(self) -> None:
        self.dialog = None

    def _on_used(self, key: KeyFacts) -> None:
        self._show(key)
        self.host.window.toast.say(self.say("settings.key.used", holder=key.holder))


class KeyDialog(SheetDialog):
    """What is asked for before another key is taken; a refusal is said inside, and what was typed stays."""

    used = Signal(object)
    """The KeyFacts of the key that signs from now on."""

    def __init__(
        self,
        host: Host,
        title: str,
        fields: tuple[tuple[str, str, bool], ...],
        use: Callable[[tuple[str, ...]], KeyFacts],
    ) -> None:
        say = host.tools.texts.say
        super().__init__(host.look, title, host.window, width=460)
        self._host, self._use = host, use
        self.fields: list[QLineEdit] = []
        for name, hint, secret in fields:
            field = QLineEdit()
            field.setAccessibleName(name)
            field.setPlaceholderText(hint)
            if secret:
                field.setEchoMode(QLineEdit.EchoMode.Password)
            field.returnPressed.connect(self._go)
            self.body.addWidget(Field(host.look, name, field))
            self.fields.append(field)
        self.remark = Label(host.look, say("settings.key.kept"), Style.SMALL, "ink2", wrap=True)
        self.body.addWidget(self.remark)
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        self.go = self.add_button(say("settings.key.use"), Kind.PRIMARY)
        self.go.clicked.connect(self._go)
        self.finished.connect(self.deleteLater)
        self.fields[0].setFocus()

    def _go(self) -> None:
        empty = next((field for field in self.fields if not field.text()), None)
        if empty is not None:
            empty.setFocus()
            return
        given = tuple(field.text() for field in self.fields)
        self.go.setEnabled(False)
        self._host.jobs.work(lambda p: self._use(given), self._on_done, self._on_failed, owner=self, name="use-key")

    def _on_done(self, key: KeyFacts) -> None:
        self.used.emit(key)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.remark.setText(error_sentence(self._host.tools.texts, error))
        self.fields[-1].setFocus()
        self.fields[-1].selectAll()
