"""The Sign screen 签字定稿: look at what was found, sign, and make the document; or nothing at all has happened."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.inspection import GapKind, Ink, Inspection, gaps
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Progress
from safetyapp.domain.record import Author
from safetyapp.ui import fill_words
from safetyapp.ui.dates import date_time
from safetyapp.ui.fill_keeper import Keeper
from safetyapp.ui.fill_rescue import Rescue
from safetyapp.ui.item_fields import GrowingText
from safetyapp.ui.jobs import Job, Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Card, Kind, Label, Line, PrimaryButton, Toast, TroubleBar
from safetyapp.ui.sign_pad import FullPad, InkBox, Way, Written
from safetyapp.ui.sign_parts import EscortCard, InspectorCard, KeyPart, Stepper, StepsPart, Tries, WillPart
from safetyapp.ui.sign_result import ResultView
from safetyapp.ui.sign_review import GapsCard, TotalsCard
from safetyapp.ui.tools import Tools
from safetyapp.workflow.finalise import Finalised, finalise
from safetyapp.workflow.inspect import Open


@dataclass(frozen=True, slots=True)
class _Done:
    finalised: Finalised
    seconds: float
    waiting: int


HOLD_CLOSING = 700
"""Milliseconds for which the window is kept open after finalising has failed while it was being closed."""


@dataclass(frozen=True, slots=True)
class _Left:
    """What was signed when the screen was left, and what it was signed under."""

    under: Inspection
    written: dict[tuple[str, str], Written]


class SignScreen(QWidget):
    """Signs one complete draft. What is typed here (companions, escort, opinions) is kept in the draft at once.

    `back_requested(item id)` leads back to Fill ("" to wherever it was), `document_finalised(Finalised)` opens the
    document, `leave_requested` goes to Today; the last two only after it is final.
    """

    back_requested = Signal(str)
    document_finalised = Signal(object)
    leave_requested = Signal()

    tries: ClassVar[dict[str, Tries]] = {}
    """Wrong passphrases by workspace: leaving the screen gives no new ones."""
    left: ClassVar[dict[tuple[str, str], _Left]] = {}
    """Ink by workspace and draft, while one is back in Fill; it counts only for what it was written under."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, opened: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools, self._look, self._jobs = tools, look, jobs
        self._say = tools.texts.say
        self.keeper = Keeper(tools, jobs, opened, self)
        self.keeper.trouble.connect(self._on_not_kept)
        self.keeper.committed.connect(lambda _: self.trouble.clear("save"))
        self.rescue = Rescue(tools, jobs, self.keeper, self.flush, dict, self)
        self._tries = self.tries.setdefault(str(tools.workspace), Tries())
        self._blocking = [gap for gap in gaps(opened.form, opened.inspection) if gap.kind.blocks]
        self._job: Job | None = None
        self.done: Finalised | None = None
        self._failing = QElapsedTimer()
        self._build(opened)
        self.rescue.written.connect(self.toast.say)
        self.rescue.failed.connect(self._on_rescue_failed)
        self._draft = (str(tools.workspace), opened.inspection.id)
        self._returned = None if self._blocking else self.left.pop(self._draft, None)
        for changed in (*(field.textEdited for field in (self.escort.name, self.key.field)), self.escort.box.changed):
            changed.connect(lambda *_: self._look_again())
        self.inspectors.signed.connect(self._look_again)
        for key, call in {"Ctrl+Return": self.sign, "Ctrl+Enter": self.sign, "Alt+Left": self.go_back}.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        self._ask_certificate(opened)

    # building

    def _build(self, opened: Open) -> None:
        look = self._look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_header(opened))
        self.trouble = TroubleBar(look, self._say("fill.photo.close"))
        column.addWidget(self.trouble)
        self._pages = QStackedWidget()
        column.addWidget(self._pages, 1)
        self._pages.addWidget(self._build_work(opened))
        self.result = ResultView(self._tools, look, self._jobs)
        self._pages.addWidget(self.result)
        self.full = FullPad(look, self._tools, self)
        self.toast = Toast(look, self)
        self.inspectors.full_wanted.connect(self.full.hand_over)
        self.escort.box.full_wanted.connect(lambda: self.full.hand_over(self.escort.box))
        school, form = opened.inspection.school.name, opened.form.title.in_language(self._tools.texts.language)
        self.setWindowTitle(self._say("sign.window", school=school, form=form))

    def _build_header(self, opened: Open) -> QWidget:
        look, px, say = self._look, self._look.metrics.px, self._say
        header = _Head(look)
        row = QHBoxLayout(header)
        row.setContentsMargins(px(12), 0, px(16), 1)
        row.setSpacing(px(10))
        self.back_button = Button(look, say("sign.back"), icon="arrow-left", kind=Kind.ICON)
        self.back_button.clicked.connect(self.go_back)
        row.addWidget(self.back_button)
        row.addSpacing(px(6))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addStretch(1)
        self._title = Label(look, say("sign.title"), Style.STRONG)
        names.addWidget(self._title)
        inspection = opened.inspection
        form = opened.form.title.in_language(self._tools.texts.language)
        facts = say(
            "sign.facts", school=inspection.school.name, form=form, version=inspection.form.version,
            date=inspection.inspected_on.isoformat(),
        )  # fmt: skip
        names.addWidget(Label(look, facts, Style.SMALL, "ink2"))
        names.addStretch(1)
        row.addLayout(names, 1)
        self.stepper = Stepper(look, self._tools.texts)
        row.addWidget(self.stepper)
        self.today_button = Button(look, say("sign.result.today"))
        self.today_button.clicked.connect(self.leave_requested)
        self.today_button.hide()
        row.addWidget(self.today_button)
        self.open_button = PrimaryButton(look, say("sign.result.open"))
        self.open_button.clicked.connect(self._on_open)
        self.open_button.hide()
        row.addWidget(self.open_button)
        return header

    def _build_work(self, opened: Open) -> QWidget:
        look, px = self._look, self._look.metrics.px
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, inside)
        self._columns.setContentsMargins(px(16), px(12), px(16), px(12))
        self._columns.setSpacing(px(12))
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(px(12))
        totals = TotalsCard(look, self._tools.texts, opened)
        totals.item_wanted.connect(self._leave_to)
        self.gaps = GapsCard(look, self._tools.texts, opened)
        self.gaps.item_wanted.connect(self._leave_to)
        left.addWidget(totals)
        left.addWidget(self.gaps, 1)
        self._columns.addWidget(self._left)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(px(12))
        self._build_signers(opened, right)
        self._columns.addWidget(self._right, 1)
        area.setWidget(inside)
        self.stepper.show_step(0 if self._blocking else 1)
        return area

    def _build_signers(self, opened: Open, right: QVBoxLayout) -> None:
        look, px, inspection = self._look, self._look.metrics.px, opened.inspection
        if self._blocking:
            right.addWidget(self._build_blocked())
        self._pads = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pads.setSpacing(px(12))
        self.inspectors = InspectorCard(look, self._tools, inspection.inspector.name, inspection.companions)
        self.inspectors.companions_changed.connect(lambda names: self.keeper.set_head(companions=names))
        self.escort = EscortCard(look, self._tools, inspection.escort)
        self.escort.escort_changed.connect(lambda text: self.keeper.set_head(escort=text))
        self._pads.addWidget(self.inspectors, 1)
        self._pads.addWidget(self.escort, 1)
        right.addLayout(self._pads, 3)

        self._opinions = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._opinions.setSpacing(px(12))
        self.own_opinion, own = self._build_opinion("own_opinion", inspection.opinion)
        self.opinion, theirs = self._build_opinion("opinion", inspection.school_opinion)
        self._opinions.addWidget(own, 1)
        self._opinions.addWidget(theirs, 1)
        right.addLayout(self._opinions)
        self._key_card = self._build_key(opened)
        right.addWidget(self._key_card, 2)
        self._signing = (self.inspectors, self.escort, own, theirs)
        for part in (*self._signing, self._key_card):
            part.setVisible(not self._blocking)
        if self._blocking:
            right.addStretch(5)

    def _build_opinion(self, key: str, text: str) -> tuple[GrowingText, QWidget]:
        look, px, say = self._look, self._look.metrics.px, self._say
        card = Card(look)
        inner = QVBoxLayout()
        inner.setContentsMargins(px(14), px(10), px(14), px(12))
        inner.setSpacing(px(6))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addWidget(Label(look, say(f"sign.{key}.title"), Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        top.addWidget(Label(look, say(f"sign.{key}.hint"), Style.SMALL, "ink2"), 1)
        inner.addLayout(top)
        field = GrowingText(look, 2)
        field.set_text(text)
        field.setAccessibleName(say(f"sign.{key}.title"))
        field.left.connect(self._keep_opinion)
        inner.addWidget(field)
        inner.addStretch(1)
        card.body.addLayout(inner)
        return field, card

    def _build_blocked(self) -> QWidget:
        look, px, say = self._look, self._look.metrics.px, self._say
        card = Card(look)
        row = QHBoxLayout()
        row.setContentsMargins(px(14), px(10), px(10), px(10))
        row.setSpacing(px(12))
        first, middle = self._blocking[0], Qt.AlignmentFlag.AlignVCenter
        unanswered = [gap for gap in self._blocking if gap.kind is GapKind.UNANSWERED]
        key = "blocked_unanswered" if len(unanswered) == len(self._blocking) else "blocked"
        row.addWidget(Label(look, say(f"sign.gaps.{key}", n=len(self._blocking)), Style.BODY, wrap=True), 1, middle)
        self.to_first = PrimaryButton(look, say("sign.gaps.to_first"))
        self.to_first.clicked.connect(lambda: self._leave_to(first.item))
        row.addWidget(self.to_first)
        card.body.addLayout(row)
        return card

    def _build_key(self, opened: Open) -> QWidget:
        look, px, say = self._look, self._look.metrics.px, self._say
        card = Card(look)
        inner = QVBoxLayout()
        inner.setContentsMargins(px(14), px(10), px(14), px(12))
        inner.setSpacing(px(8))
        row = QHBoxLayout()
        row.setSpacing(px(20))
        self.key = KeyPart(look, self._tools.texts, opened.inspection.inspector.name)
        self.key.field.returnPressed.connect(self.sign)
        row.addWidget(self.key, 1)
        row.addWidget(Line(look, standing=True))
        self._side = QStackedWidget()
        self._side.addWidget(WillPart(look, self._tools.texts))
        self.steps = StepsPart(look, self._tools.texts, say("sign.progress.title"))
        self._side.addWidget(self.steps)
        row.addWidget(self._side, 1)
        inner.addLayout(row, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(Label(look, say("sign.do.offline"), Style.SMALL, "ink2"), 1)
        self.stop_button = Button(look, say("sign.do.stop"), icon="player-stop", height=40)
        self.stop_button.clicked.connect(self.stop)
        self.stop_button.hide()
        foot.addWidget(self.stop_button)
        self.change_button = Button(look, say("sign.do.back"), height=40)
        self.change_button.clicked.connect(self.go_back)
        foot.addWidget(self.change_button)
        self.sign_button = PrimaryButton(look, say("sign.do.sign"), icon="signature", keys="Ctrl Enter", height=40)
        self.sign_button.clicked.connect(self.sign)
        foot.addWidget(self.sign_button)
        inner.addLayout(foot)
        card.body.addLayout(inner)
        return card

    # facts that are looked up

    def _ask_certificate(self, opened: Open) -> None:
        signer, store, person = self._tools.signer, self._tools.store, opened.inspection.inspector
        self._jobs.work(
            lambda _: signer.author(person), self._on_certificate, self._on_failed_look_up, owner=self, name="author"
        )
        self._jobs.data(
            lambda: store.documents(DocumentQuery(limit=1)), self._on_newest, lambda _: None, owner=self,
            name="data sign",
        )  # fmt: skip

    def _on_certificate(self, author: Author) -> None:
        self.key.show_certificate(author.certificate)

    def _on_failed_look_up(self, error: Exception) -> None:
        if isinstance(error, Problem) and not self._blocking:
            self.trouble.show_trouble(fill_words.why(self._tools.texts, error), key="certificate")

    def _on_newest(self, rows: tuple[DocumentRow, ...]) -> None:
        if rows and rows[0].made_at > self._tools.clock.now():
            self.key.clock.show()
            self.key.clock.setToolTip(
                self._say("sign.key.clock_what", time=date_time(self._tools.texts, rows[0].made_at))
            )

    # going

    def _keep_opinion(self) -> None:
        shown = self.keeper.shown.inspection
        fields = {"opinion": self.own_opinion, "school_opinion": self.opinion}
        texts = {name: field.toPlainText().strip() for name, field in fields.items()}
        changed = {name: text for name, text in texts.items() if text != getattr(shown, name)}
        if changed:
            self.keeper.set_head(**changed)

    def has_unsaved(self) -> bool:
        """Whether something is not on the disk yet, or it is being made final or has just failed to be; ask after
        `flush`."""
        if self._job is not None:
            return True
        if self.keeper.is_waiting() and not self.rescue.holds(self.keeper.shown.inspection):
            return True
        return self._failing.isValid() and not self._failing.hasExpired(HOLD_CLOSING)

    def flush(self) -> None:
        """Hands over what stands in the fields; while it is being made final, and after, there is nothing to hand
        over."""
        if self._job is not None or self.done is not None:
            return
        self._keep_opinion()
        escort = self.escort.escort()
        if escort != self.keeper.shown.inspection.escort:
            self.keeper.set_head(escort=escort)

    def shut(self) -> None:
        """The screen is going away, or the window is."""
        if self.done is None and self._job is None:
            self.flush()
        self.result.pages.close_file()

    def go_back(self) -> None:
        """Alt+←: to Fill; after finalising, to Today."""
        if self.done is not None:
            self.leave_requested.emit()
        else:
            self._leave_to("")

    def _leave_to(self, item: str) -> None:
        if self._job is None and self.done is None:
            self.flush()
            self.keeper.when_kept(lambda: self._go_back_to(item))

    def _go_back_to(self, item: str) -> None:
        written = {(box.role, box.who): found for box in self._boxes() if (found := box.written()) is not None}
        if written:
            self.left[self._draft] = _Left(self.keeper.kept.inspection, written)
        self.back_requested.emit(item)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Handed on by hand: a focus proxy would close the Tab ring at the screen, past the way back."""
        first = self.open_button if self.done is not None else self.inspectors.boxes[0].pad
        (self.to_first if self._blocking else first).setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._put_back_ink)  # the pads have their size by then

    def _put_back_ink(self) -> None:
        """What was signed before counts on when nothing has changed since; else it is said that it does not."""
        left, self._returned = self._returned, None
        if left is None:
            return
        if left.under != self.keeper.kept.inspection:
            self.trouble.show_trouble(self._say("sign.pad.changed"), key="ink")
            return
        for box in self._boxes():
            found = left.written.get((box.role, box.who))
            if found is not None:
                box.put_back(found)

    def _on_open(self) -> None:
        if self.done is not None:
            self.document_finalised.emit(self.done)

    # signing

    def _boxes(self) -> list[InkBox]:
        return [*self.inspectors.boxes, self.escort.box]

    def missing(self) -> tuple[QWidget, str] | None:
        """What keeps from signing, and where it stands."""
        for box in self.inspectors.boxes:
            if not box.is_ready():
                return box.pad, self._say("sign.pad.missing_ink", who=box.who)
        box = self.escort.box
        if box.way is not Way.PAPER and not self.escort.name.text().strip():
            return self.escort.name, self._say("sign.pad.missing_name")
        if box.way is Way.REFUSED and not box.is_ready():
            return (box.witness if box.reason.text().strip() else box.reason), self._say("sign.pad.missing_reason")
        if not box.is_ready():
            return box.pad, self._say("sign.pad.missing_ink", who=self.escort.name.text().strip())
        if not self.key.field.text():
            return self.key.field, self._say("sign.key.empty")
        return None

    def _look_again(self) -> None:
        """What was said to be missing is there now, or something else is."""
        if self._lacking is None:
            return
        missing = self.missing()
        if missing is None or missing[1] != self._lacking:
            self._lacking = None
            self.trouble.clear("missing")

    _lacking: str | None = None

    def sign(self) -> None:
        """Ctrl+Enter: signs and finalises."""
        if self._blocking or self._job is not None or self.done is not None:
            return
        self.escort.box.set_who(self.escort.name.text().strip())
        missing = self.missing()
        if missing is not None:
            widget, sentence = missing
            for box in self.inspectors.boxes:
                if widget is box.pad:
                    self.inspectors.show_person(box)
            if widget is self.key.field:
                self.key.say_wrong(sentence)
            else:
                self.trouble.show_trouble(sentence, key="missing")
                self._lacking = sentence
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(widget)
            return
        self.trouble.clear("missing")
        self.trouble.clear("ink")
        waiting = self._tries.wait(self._tools.clock.now())
        if waiting:
            self.key.say_wrong(self._say("sign.key.wait", seconds=waiting))
            return
        self.flush()
        self.keeper.when_kept(self._start)

    def _start(self) -> None:
        if self._job is not None:
            return
        tools, kept, passphrase = self._tools, self.keeper.kept, self.key.field.text()
        written = [(box.image(), box.as_ink(None)) for box in self._boxes()]
        began = time.monotonic()

        def run(report: Progress) -> _Done:
            inks = tuple(ink for ink in (_kept_ink(tools, image, ink) for image, ink in written) if ink is not None)
            made = finalise(
                tools.store, tools.signer, tools.clock, kept.inspection, kept.form, inks, passphrase,
                tools.app_version, report,
            )  # fmt: skip
            return _Done(made, time.monotonic() - began, tools.store.waiting())

        self._set_busy(True)
        self.steps.begin()
        self._job = self._jobs.work(run, self._on_done, self._on_failed, self.steps.report, owner=self, name="finalise")

    def stop(self) -> None:
        """停: nothing of it stays."""
        if self._job is not None:
            self.stop_button.set_words(self._say("sign.do.stopping"))
            self.stop_button.setEnabled(False)
            self._job.cancel()

    def _set_busy(self, busy: bool) -> None:
        self._side.setCurrentIndex(1 if busy else 0)
        for part in (*self._signing, self._left, self.key, self.back_button):
            part.setEnabled(not busy)
        self.sign_button.setVisible(not busy)
        self.change_button.setVisible(not busy)
        self.stop_button.set_words(self._say("sign.do.stop"))
        self.stop_button.setEnabled(True)
        self.stop_button.setVisible(busy)
        if busy:
            self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.trouble.clear()

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._failing.start()
        self._set_busy(False)
        self.key.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(error, Cancelled):
            self.trouble.show_trouble(self._say("sign.do.stopped"), key="finalise")
        elif isinstance(error, Problem) and error.code == "wrong-passphrase":
            now = self._tools.clock.now()
            left = self._tries.miss(now)
            self.key.field.selectAll()
            self.key.say_wrong(
                self._say("sign.key.wrong", left=left)
                if left
                else self._say("sign.key.wait", seconds=self._tries.wait(now))
            )
        else:
            self.trouble.show_trouble(
                self._say("sign.do.failed", why=fill_words.why(self._tools.texts, error)), key="finalise"
            )

    def _on_done(self, done: _Done) -> None:
        self._job = None
        self._tries.hit()
        self.done = done.finalised
        self.key.field.clear()
        self.trouble.clear()
        self.stepper.show_step(3)
        self.stepper.hide()
        self._title.setText(self._say("sign.finalised"))
        self.today_button.show()
        self.open_button.show()
        now: datetime = self._tools.clock.now()
        self.result.show_result(done.finalised, done.seconds, done.waiting, now)
        self._pages.setCurrentIndex(1)
        self.back_button.setEnabled(True)
        self.open_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_not_kept(self, problem: object) -> None:
        sentence = self._say("fill.not_saved", why=fill_words.why(self._tools.texts, problem))
        ways = [
            (self._say("fill.save_again"), self.keeper.retry),
            (self._say("fill.rescue.button"), self.rescue.choose),
        ]
        self.trouble.show_trouble(sentence, ways, key="save")

    def _on_rescue_failed(self, sentence: str) -> None:
        self.trouble.show_trouble(sentence, [(self._say("fill.rescue.button"), self.rescue.choose)], key="rescue")

    # sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        breadth, px = self._look.metrics.breadth(self.width()), self._look.metrics.px
        directions = QBoxLayout.Direction
        beside = breadth >= 1024
        self._columns.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        for pair in (self._pads, self._opinions):
            pair.setDirection(directions.LeftToRight if breadth >= 760 else directions.TopToBottom)
        width = px(368 if breadth >= 1300 else 300) if beside else 16777215
        self._left.setMaximumWidth(width)
        self._left.setMinimumWidth(width if beside else 0)
        self.gaps.setMaximumHeight(16777215 if beside else px(240))
        self.result.set_narrow(breadth < 1280)
        self.stepper.setVisible(breadth >= 640 and self.done is None)
        if not self.full.isHidden():
            self.full.setGeometry(self.rect())


class _Head(QWidget):
    """The surface of the header, 52 px."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(look.metrics.header)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg_surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._look.colour("line"))
        painter.end()


def _kept_ink(tools: Tools, image: bytes, ink: Ink | None) -> Ink | None:
    """The signature with its picture kept. On a worker."""
    if ink is None or not image:
        return ink
    return replace(ink, image=tools.store.keep_ink(image))
