"""What came of it: the signed report, its verdict, where it waits, and what must be phoned in today."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safetyapp.domain.form import Severity
from safetyapp.domain.record import Record
from safetyapp.domain.verdict import Verdict
from safetyapp.ui.dates import size_text
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Card, Chip, ChipLabel, IconLabel, Label, Line
from safetyapp.ui.preview import PagesView
from safetyapp.ui.tools import Tools
from safetyapp.workflow.exchange import file_name
from safetyapp.workflow.finalise import Finalised, code_points


class ResultView(QWidget):
    """The report at the left, its facts at the right."""

    opened = Signal()

    def __init__(self, tools: Tools, look: Look, jobs: Jobs) -> None:
        super().__init__()
        self._tools, self._look, self._jobs = tools, look, jobs
        px = look.metrics.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.pages = PagesView(look, jobs, tools.pages)
        self.pages.setMinimumWidth(px(240))
        row.addWidget(self.pages, 1)
        row.addWidget(Line(look, standing=True))
        side = QWidget()
        side.setProperty("surface", "1")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(px(420))
        self._side = side
        self.column = QVBoxLayout(side)
        self.column.setContentsMargins(px(20), px(20), px(20), px(16))
        self.column.setSpacing(px(14))
        row.addWidget(side)

    def show_result(self, finalised: Finalised, seconds: float, waiting: int, at: datetime) -> None:
        say, look, px = self._tools.texts.say, self._look, self._look.metrics.px
        row, verdict = finalised.row, finalised.verdict
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(IconLabel(look, "shield-check", 32, "brand"))
        words = QVBoxLayout()
        words.setSpacing(0)
        title = Label(look, say("sign.result.title"), Style.H2, wrap=True)
        words.addWidget(title)
        took = say("sign.result.took", time=at.strftime("%H:%M:%S"), seconds=f"{seconds:.1f}")
        words.addWidget(Label(look, took, Style.SMALL, "ink2"))
        head.addLayout(words, 1)
        self.column.addLayout(head)
        record = verdict.record if isinstance(verdict.record, Record) else None
        items, photos = (len(record.answers), len(record.photos)) if record is not None else (0, 0)
        lines = [
            say("sign.result.pages", size=size_text(row.size)),
            say("sign.result.data", items=items, photos=photos),
            say("sign.result.sign", name=verdict.signer or row.author),
            say("sign.result.check"),
        ]
        self.column.addWidget(self._ticks(lines))
        if finalised.replaced:
            self.column.addWidget(self._replaced(finalised.replaced))
        self.column.addWidget(self._outbox(waiting))
        if row.majors and record is not None:
            self.column.addWidget(self._majors(verdict, record))
        self.column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(Label(look, say("sign.result.file"), Style.COMPACT, "ink2"))
        foot.addWidget(Label(look, row.number, Style.COMPACT, "ink"), 1)
        self.column.addLayout(foot)
        file = QHBoxLayout()
        file.addWidget(Label(look, say("sign.result.file_name"), Style.COMPACT, "ink2"), 0, Qt.AlignmentFlag.AlignTop)
        file.addWidget(Label(look, file_name(row), Style.COMPACT, "ink", wrap=True), 1)
        self.column.addLayout(file)
        store, sha256 = self._tools.store, row.sha256
        self._jobs.data(
            lambda: store.document_path(sha256).read_bytes(), self.pages.open, lambda _: None, owner=self,
            name="data result",
        )  # fmt: skip

    def _ticks(self, lines: list[str]) -> QWidget:
        look, px = self._look, self._look.metrics.px
        card = Card(look)
        for number, text in enumerate(lines):
            if number:
                card.body.addWidget(Line(look))
            row = QHBoxLayout()
            row.setContentsMargins(px(12), px(9), px(12), px(9))
            row.setSpacing(px(10))
            row.addWidget(IconLabel(look, "check", 16, "brand"), 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(Label(look, text, Style.BODY, wrap=True), 1)
            card.body.addLayout(row)
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return card

    def _replaced(self, characters: tuple[str, ...]) -> QWidget:
        """What the pages could not show; the data has it."""
        look, px = self._look, self._look.metrics.px
        said = self._tools.texts.say("sign.result.replaced", n=len(characters), codes=" ".join(code_points(characters)))
        card = Card(look)
        row = QHBoxLayout()
        row.setContentsMargins(px(12), px(9), px(12), px(9))
        row.setSpacing(px(10))
        row.addWidget(IconLabel(look, "info-circle", 16, "ink"), 0, Qt.AlignmentFlag.AlignTop)
        self.replaced = Label(look, said, Style.COMPACT, wrap=True)
        row.addWidget(self.replaced, 1)
        card.body.addLayout(row)
        return card

    def _outbox(self, waiting: int) -> QWidget:
        look, px, say = self._look, self._look.metrics.px, self._tools.texts.say
        card = Card(look)
        inner = QVBoxLayout()
        inner.setContentsMargins(px(12), px(10), px(12), px(10))
        inner.setSpacing(px(6))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(IconLabel(look, "cloud-off", 20, "ink2"))
        top.addWidget(Label(look, say("sign.result.outbox", n=waiting), Style.STRONG), 1)
        top.addWidget(ChipLabel(look, Chip.NEUTRAL, say("sign.result.state")))
        inner.addLayout(top)
        inner.addWidget(Label(look, say("sign.result.outbox_what"), Style.COMPACT, "ink2", wrap=True))
        card.body.addLayout(inner)
        return card

    def _majors(self, verdict: Verdict, record: Record) -> QWidget:
        look, px, say = self._look, self._look.metrics.px, self._tools.texts.say
        majors = [f for f in record.findings if f.severity is Severity.MAJOR]
        card = Card(look)
        inner = QVBoxLayout()
        inner.setContentsMargins(px(12), px(10), px(12), px(10))
        inner.setSpacing(px(6))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(ChipLabel(look, Chip.MAJOR, say("sign.result.major", n=len(majors))))
        top.addWidget(Label(look, say("sign.result.major_title"), Style.STRONG), 1)
        inner.addLayout(top)
        for finding in majors[:4]:
            text = f"{finding.item} {finding.place} {finding.text}"
            inner.addWidget(Label(look, text, Style.COMPACT, "ink", wrap=True))
        card.body.addLayout(inner)
        return card

    def set_narrow(self, narrow: bool) -> None:
        self._side.setFixedWidth(self._look.metrics.px(340 if narrow else 420))
