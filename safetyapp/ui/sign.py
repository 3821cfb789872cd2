"""The Sign screen 签字定稿: look at what was found, sign, and make the document; or nothing at all has happened."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.gaps import gaps
from safetyapp.domain.inspection import Ink
from safetyapp.domain.photo_tray import TrayPhoto, unplaced
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import Progress
from safetyapp.domain.record import Author
from safetyapp.domain.tries import Tries
from safetyapp.ui import fill_words
from safetyapp.ui.dates import date_time
from safetyapp.ui.fill_keeper import Keeper
from safetyapp.ui.fill_rescue import Rescue
from safetyapp.ui.jobs import Job, Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Toast, TroubleBar
from safetyapp.ui.sign_header import SignHeader
from safetyapp.ui.sign_pad import FullPad
from safetyapp.ui.sign_result import ResultView
from safetyapp.ui.sign_return import Draft, LeftInk, ink_on
from safetyapp.ui.sign_work import SignWork
from safetyapp.ui.tools import Tools
from safetyapp.workflow.finalise import Finalised, code_points, finalise, unprintable
from safetyapp.workflow.opened import Open


@dataclass(frozen=True, slots=True)
class _Done:
    finalised: Finalised
    seconds: float
    waiting: int


HOLD_CLOSING = 700
"""Milliseconds for which the window is kept open after finalising has failed while it was being closed."""


class SignScreen(QWidget):
    """Signs one complete draft. What is typed here (companions, escort, opinions) is kept in the draft at once.

    `back_requested(item id)` leads back to Fill ("" to wherever it was), `document_finalised(Finalised)` opens the
    document, `print_requested(DocumentRow)` prints it, `save_requested(DocumentRow)` puts it on a stick,
    `leave_requested` goes to Today; these only after it is final.
    """

    name = "sign"
    back_requested = Signal(str)
    document_finalised = Signal(object)
    print_requested = Signal(object)
    save_requested = Signal(object)
    leave_requested = Signal()

    left: ClassVar[dict[Draft, LeftInk]] = {}
    """Ink by workspace and draft, while one is back in Fill; it counts only for what it was written under."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, opened: Open, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools, self._look, self._jobs = tools, look, jobs
        self._say = tools.texts.say
        self.keeper = Keeper(tools, jobs, opened, self)
        self.rescue = Rescue(tools, jobs, self.keeper, self.flush, dict, self)
        self._tries = Tries()
        """Wrong passphrases: neither leaving the screen nor another start gives new ones."""
        self._blocking = [gap for gap in gaps(opened.form, opened.inspection, opened.reckoned) if gap.kind.blocks]
        self._job: Job | None = None
        self.done: Finalised | None = None
        self._failing = QElapsedTimer()
        self._lacking: str | None = None
        self._draft: Draft = (str(tools.workspace), opened.inspection.id)
        self._returned = None if self._blocking else self.left.pop(self._draft, None)
        self._build(opened)
        self._connect()
        self._ask_certificate(opened)
        self._ask_tray(opened)

    # building

    def _build(self, opened: Open) -> None:
        look, texts = self._look, self._tools.texts
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = SignHeader(look, texts, opened)
        self.head.stepper.show_step(0 if self._blocking else 1)
        column.addWidget(self.head)
        self.trouble = TroubleBar(look, self._say("fill.photo.close"))
        column.addWidget(self.trouble)
        self._pages = QStackedWidget()
        column.addWidget(self._pages, 1)
        self.work = SignWork(self._tools, look, opened, self._blocking)
        self.inspectors, self.escort = self.work.inspectors, self.work.escort
        self.final, self.key = self.work.final, self.work.final.key
        self._pages.addWidget(self.work)
        self.result = ResultView(self._tools, look, self._jobs)
        self._pages.addWidget(self.result)
        self.full = FullPad(look, self._tools, self)
        self.toast = Toast(look, self)
        school, form = opened.inspection.school.name, opened.form.title.in_language(texts.language)
        self.setWindowTitle(self._say("sign.window", school=school, form=form))

    def _connect(self) -> None:
        head, work, final = self.head, self.work, self.final
        self.keeper.trouble.connect(self._on_not_kept)
        self.keeper.committed.connect(lambda _: self.trouble.clear("save"))
        head.back.clicked.connect(self.go_back)
        head.today.clicked.connect(self.leave_requested)
        head.open.clicked.connect(self._on_open)
        head.print.clicked.connect(self._on_print)
        head.save.clicked.connect(self._on_save)
        work.item_wanted.connect(self._leave_to)
        work.changed.connect(self._look_again)
        work.own_opinion.left.connect(self._keep_opinion)
        work.opinion.left.connect(self._keep_opinion)
        self.inspectors.companions_changed.connect(lambda names: self.keeper.set_head(companions=names))
        self.inspectors.full_wanted.connect(self.full.hand_over)
        self.full.covers.connect(self._on_covered)
        self.escort.escort_changed.connect(lambda text: self.keeper.set_head(escort=text))
        self.escort.box.full_wanted.connect(lambda: self.full.hand_over(self.escort.box))
        final.sign_wanted.connect(self.sign)
        final.stop_wanted.connect(self.stop)
        final.change_wanted.connect(self.go_back)
        self.rescue.written.connect(self.toast.say)
        self.rescue.failed.connect(self._on_rescue_failed)
        keys = {
            "Ctrl+Return": self.sign, "Ctrl+Enter": self.sign, "Alt+Left": self.go_back, "Ctrl+P": self._on_print,
            "Ctrl+S": self._on_save,
        }  # fmt: skip
        for key, call in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)

    # facts that are looked up

    def _ask_tray(self, opened: Open) -> None:
        """Photos that are at no item are said, and hold nothing up."""
        store, inspection = self._tools.store, opened.inspection

        def show(tray: tuple[TrayPhoto, ...]) -> None:
            if left := len(unplaced(tray, inspection)):
                self.work.gaps.show_tray(left)

        self._jobs.data(lambda: store.tray(inspection.id), show, owner=self, name="data tray")

    def _ask_certificate(self, opened: Open) -> None:
        signer, store, person = self._tools.signer, self._tools.store, opened.inspection.inspector
        self._jobs.work(
            lambda _: (signer.author(person), signer.asks_pin()),
            self._on_certificate,
            self._on_failed_look_up,
            owner=self,
            name="author",
        )
        self._jobs.data(store.tries, self._on_tries, lambda _: None, owner=self, name="data tries")
        clock, version = self._tools.clock, self._tools.app_version
        self._jobs.work(
            lambda _: unprintable(signer, clock, opened, version), self._on_unprintable, lambda _: None, owner=self,
            name="unprintable",
        )  # fmt: skip
        self._jobs.data(
            lambda: store.documents(DocumentQuery(limit=1)), self._on_newest, lambda _: None, owner=self,
            name="data sign",
        )  # fmt: skip

    def _on_tries(self, tries: Tries) -> None:
        self._tries = tries

    def _count(self, tries: Tries) -> None:
        """What cannot be kept is at least counted here."""
        if tries != self._tries:
            self._tries, store = tries, self._tools.store
            self._jobs.data(
                lambda: store.save_tries(tries), failed=lambda _: None, owner=self, name="data tries"
            )  # fmt: skip

    def _on_certificate(self, found: tuple[Author, bool]) -> None:
        author, asks_pin = found
        self.key.show_certificate(author.certificate, asks_pin)

    def _on_unprintable(self, replaced: tuple[str, ...]) -> None:
        if replaced:
            self.work.gaps.show_replaced(code_points(replaced))

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

    def _on_covered(self, covered: bool) -> None:
        """While somebody else holds the laptop nothing but the pad can be reached, by Tab or by a key."""
        for part in (self.head, self._pages, self.trouble):
            part.setEnabled(not covered)

    def _is_covered(self) -> bool:
        return not self.full.isHidden()

    def _keep_opinion(self) -> None:
        shown = self.keeper.shown.inspection
        changed = {name: text for name, text in self.work.opinions().items() if text != getattr(shown, name)}
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
        if self._is_covered():
            self.full.leave()
        elif self.done is not None:
            self.leave_requested.emit()
        else:
            self._leave_to("")

    def _leave_to(self, item: str) -> None:
        if self._job is None and self.done is None:
            self.flush()
            self.keeper.when_kept(lambda: self._go_back_to(item))

    def _go_back_to(self, item: str) -> None:
        written = ink_on(self.work.boxes(), self.keeper.kept.inspection)
        if written is not None:
            self.left[self._draft] = written
        self.back_requested.emit(item)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Handed on by hand: a focus proxy would close the Tab ring at the screen, past the way back."""
        first = self.head.today if self.done is not None else self.work.first_stop()
        first.setFocus(event.reason())

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
        left.put_back(self.work.boxes())

    def _on_open(self) -> None:
        if self.done is not None:
            self.document_finalised.emit(self.done)

    def _on_print(self) -> None:
        if self.done is not None:
            self.print_requested.emit(self.done.row)

    def _on_save(self) -> None:
        if self.done is not None:
            self.save_requested.emit(self.done.row)

    # signing

    def _look_again(self) -> None:
        """What was said to be missing is there now, or something else is."""
        if self._lacking is None:
            return
        missing = self.work.missing()
        if missing is None or missing[1] != self._lacking:
            self._lacking = None
            self.trouble.clear("missing")

    def sign(self) -> None:
        """Ctrl+Enter: signs and finalises."""
        if self._blocking or self._job is not None or self.done is not None or self._is_covered():
            return
        self.escort.box.set_who(self.escort.name.text().strip())
        missing = self.work.missing()
        if missing is not None:
            part, sentence = missing
            if part is self.key.field:
                self.key.say_wrong(sentence)
            else:
                self.trouble.show_trouble(sentence, key="missing")
                self._lacking = sentence
            self.work.lead_to(part)
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
        written = [(box.image(), box.as_ink(None)) for box in self.work.boxes()]
        began = time.monotonic()

        def run(report: Progress) -> _Done:
            inks = tuple(ink for ink in (_kept_ink(tools, image, ink) for image, ink in written) if ink is not None)
            made = finalise(
                tools.store, tools.signer, tools.clock, kept, inks, passphrase, tools.app_version, report
            )  # fmt: skip
            return _Done(made, time.monotonic() - began, tools.store.waiting())

        self._set_busy(True)
        steps = self.final.steps
        steps.begin()
        self._job = self._jobs.work(run, self._on_done, self._on_failed, steps.report, owner=self, name="finalise")

    def stop(self) -> None:
        """停: nothing of it stays."""
        if self._job is not None:
            self.final.show_stopping()
            self._job.cancel()

    def _set_busy(self, busy: bool) -> None:
        self.work.set_busy(busy)
        self.head.back.setEnabled(not busy)
        if busy:
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
            self._count(self._tries.missed(now))
            waiting = self._tries.wait(now)
            self.key.field.selectAll()
            self.key.say_wrong(
                self._say("sign.key.wait", seconds=waiting)
                if waiting
                else self._say("sign.key.wrong", left=self._tries.left)
            )
        elif isinstance(error, Problem) and error.code == "wrong-pin":  # the token counts the tries itself
            self.key.field.selectAll()
            self.key.say_wrong(self.key.words("wrong"))
        else:
            self.trouble.show_trouble(
                self._say("sign.do.failed", why=fill_words.why(self._tools.texts, error)), key="finalise"
            )

    def _on_done(self, done: _Done) -> None:
        self._job = None
        self._count(Tries())
        self.done = done.finalised
        self.key.field.clear()
        self.trouble.clear()
        self.head.show_final()
        now: datetime = self._tools.clock.now()
        self.result.show_result(done.finalised, done.seconds, done.waiting, now)
        self._pages.setCurrentIndex(1)
        self.head.back.setEnabled(True)
        self.head.today.setFocus(Qt.FocusReason.OtherFocusReason)

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
        breadth = self._look.metrics.breadth(self.width())
        self.work.fold(breadth)
        self.result.set_narrow(breadth < 1280)
        self.head.stepper.setVisible(breadth >= 640 and self.done is None)
        if not self.full.isHidden():
            self.full.setGeometry(self.rect())


def _kept_ink(tools: Tools, image: bytes, ink: Ink | None) -> Ink | None:
    """The signature with its picture kept. On a worker."""
    if ink is None or not image:
        return ink
    return replace(ink, image=tools.store.keep_ink(image))
