"""Keeps what a person does in a draft: shows it at once, commits it in order, and says when it is safe.

Every change is rehearsed on the window's thread by the workflow function that commits it elsewhere; what that would
write is written on the data thread: what is shown is what will be kept. Nothing here paints.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, cast

from PySide6.QtCore import QObject, QTimer, Signal

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Finding, Inspection, Photo, PhotoLink
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.ui.fill_script import At, Script, Step
from safetyapp.ui.tools import Tools
from safetyapp.workflow import inspect, take_back
from safetyapp.workflow.opened import Open
from safetyapp.workflow.ports import Clock, Store
from safetyapp.workflow.take_back import differing

if TYPE_CHECKING:
    from safetyapp.ui.jobs import Jobs

Change: TypeAlias = Callable[[Store, Clock, Open], Open]
"""One thing a person did, as a call of the workflow."""


@dataclass(eq=False, slots=True)
class _Queued:
    """A change on its way to the disk. One that is overtaken, by a later text of the same finding, need not be run."""

    item: ItemId | None
    script: Script
    after: Open
    name: str
    sent: bool = False
    overtaken: bool = False


@dataclass(eq=False, slots=True)
class _Line:
    """What the data thread alone knows: the draft as it stands on the disk, and whether a change failed, after which
    no later one may go in before it."""

    kept: Open
    broken: bool = False


class _Held(Cancelled):
    """A change that was not tried because the one before it failed; no fault, so nothing of it goes to the log."""


RETRY_EVERY = 5000
"""Milliseconds after which a failed save is tried again by itself."""


class Keeper(QObject):
    """The open draft. `shown` is what the person sees, `kept` what is on the disk; they differ by the queue.

    Undo reaches back to when the screen was opened, not further: what was there before stands in the draft's history
    for ever, but nobody takes back unseen what was written yesterday.
    """

    changed = Signal(object)
    """The item (None: the head) that `shown` has changed at."""
    committed = Signal(object)
    """The true time of a commit, when nothing more waits."""
    waiting = Signal(bool)
    """Whether something is on its way to the disk."""
    trouble = Signal(object)
    """What stopped the queue, a Problem or a fault of ours; what waits stays in it."""

    def __init__(self, tools: Tools, jobs: Jobs, opened: Open, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools = tools
        self._jobs = jobs
        self.shown = opened
        self.kept = opened
        self.kept_at: datetime | None = None
        self.problem: Exception | None = None
        self._queue: list[_Queued] = []
        self._line = _Line(opened)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(RETRY_EVERY)
        self._again.timeout.connect(self.retry)
        self._undo: list[Step] = []
        self._redo: list[Step] = []
        self._when_kept: list[Callable[[], None]] = []

    def is_waiting(self) -> bool:
        return bool(self._queue)

    def unsaved_items(self) -> frozenset[ItemId]:
        """The items with something that is not on the disk yet."""
        return frozenset(q.item for q in self._queue if q.item is not None)

    # what a person does

    def answer(
        self, item: ItemId, text: str, note: str | None = None, case: str = "", readings: dict[str, str] | None = None
    ) -> None:
        """Raises Problem bad-value, and then nothing has changed."""
        wording = self._tools.wording

        def change(store: Store, clock: Clock, draft: Open) -> Open:
            return inspect.answer(store, clock, wording, draft, item, text, note=note, case=case, readings=readings)

        self._do(item, change, f"answer {item}")

    def set_readings(self, item: ItemId, readings: dict[str, str]) -> None:
        """All readings of an answered item; an empty set takes them away. Raises Problem bad-value."""
        answer = self.shown.inspection.answers[item]
        self.answer(item, answer.value, note=answer.note, case=answer.case, readings=readings)

    def write(self, item: ItemId, text: str) -> None:
        """A text that is still being written: all of one sitting is one step of undo. Raises Problem bad-value."""
        wording = self._tools.wording
        self._do(
            item,
            lambda store, clock, draft: inspect.answer(store, clock, wording, draft, item, text),
            f"write {item}",
            merge=True,
        )

    def sign(self, item: ItemId, image: bytes, name: str) -> None:
        """Answers with a signature's PNG, kept under this name. Raises Problem bad-value."""
        wording = self._tools.wording

        def change(store: Store, clock: Clock, draft: Open) -> Open:
            kept = store.keep_file(image)
            return inspect.answer(store, clock, wording, draft, item, f"{kept}/{name}")

        self._do(item, change, f"answer {item}")

    def clear(self, item: ItemId) -> None:
        self._do(item, lambda store, clock, draft: inspect.clear(store, clock, draft, item), f"answer {item}")

    def describe(self, finding: Finding, name: str = "describe") -> None:
        """Saves a finding; strokes of one sitting at one finding are one step of undo."""
        self._do(
            finding.item,
            lambda store, clock, draft: inspect.describe(store, clock, draft, finding),
            f"{name} {finding.item} {finding.ordinal}",
            merge=True,
        )

    def drop_finding(self, item: ItemId, ordinal: int) -> None:
        self._do(
            item,
            lambda store, clock, draft: inspect.drop_finding(store, clock, draft, item, ordinal),
            f"drop {item} {ordinal}",
        )

    def link_photo(self, item: ItemId, photo: Photo, after: bool = False, sitting: str = "") -> None:
        """The photos that one sitting brings to an item are one step of undo."""
        self._do(
            item,
            lambda store, clock, draft: inspect.link_photo(store, clock, draft, item, photo, after=after),
            f"photo {item} {sitting}",
            merge=bool(sitting),
            photos=True,
        )

    def link_photos(self, item: ItemId, photos: tuple[Photo, ...]) -> None:
        """Several at once."""
        self._do(
            item,
            lambda store, clock, draft: inspect.link_photos(store, clock, draft, item, photos),
            f"photo {item}",
            photos=True,
        )

    def arrange_photos(self, item: ItemId, links: tuple[PhotoLink, ...]) -> None:
        self._do(
            item,
            lambda store, clock, draft: inspect.arrange_photos(store, clock, draft, item, links),
            f"photo {item}",
            photos=True,
        )

    def mark_photos(self, item: ItemId, links: tuple[PhotoLink, ...]) -> None:
        """The item's photos with other marks or captions; what is done in one sitting is one step of undo."""
        self._do(
            item,
            lambda store, clock, draft: inspect.arrange_photos(store, clock, draft, item, links),
            f"marks {item}",
            merge=True,
            photos=True,
        )

    def set_head(self, **changes: object) -> None:
        """What belongs to the whole draft; not part of undo."""
        self._enter(None, lambda store, clock, draft: inspect.set_head(store, clock, draft, **changes), "")

    def answer_all(self, items: tuple[ItemId, ...], text: str) -> int:
        """Answers several unanswered items alike: each with a time and a commit of its own, all together one step of
        undo. What an answer before it has closed, or a rule of the form refuses, is left alone; says how many were
        answered."""
        wording, before, done = self._tools.wording, self.shown.inspection, list[ItemId]()
        for item in items:
            place = self.shown.find(item)
            if place is None or place.skip is not None or item in self.shown.inspection.answers:
                continue
            with suppress(Problem):
                self._rehearse(item, partial(_answer, wording=wording, item=item, text=text), "")
                done.append(item)
        if done:
            self._remember(Step(done[0], before, self.shown.inspection, False, "", len(done)))
            self.changed.emit(done[0])
            self._send()
        return len(done)

    def rows(self, table: ItemId, text: str) -> None:
        """Other rows in a table, see `workflow.tables.with_rows`. Raises Problem bad-value, too-many-rows."""
        self.answer(table, text)

    # undo

    @property
    def last(self) -> Step | None:
        """What `undo` would take back."""
        return self._undo[-1] if self._undo else None

    def undo(self) -> Step | None:
        """Takes the last step back, and says which."""
        if not self._undo:
            return None
        step = self._undo.pop()
        self._redo.append(step)
        self._put_back(step, step.before)
        return step

    def redo(self) -> Step | None:
        if not self._redo:
            return None
        step = self._redo.pop()
        self._undo.append(step)
        self._put_back(step, step.after)
        return step

    def close_step(self) -> None:
        """What is written from here on is a step of its own."""
        if self._undo:
            self._undo[-1] = replace(self._undo[-1], name="")

    def _put_back(self, step: Step, former: Inspection) -> None:
        item = step.item
        if step.photos:
            links = former.photos_of(item)
            self._enter(item, lambda s, c, d: inspect.arrange_photos(s, c, d, item, links), "")
            return
        places = differing(step.before, step.after)
        if places <= {item}:
            self._enter(item, lambda s, c, d: take_back.put_back(s, c, d, item, former), "")
        else:
            self._enter(item, lambda s, c, d: take_back.put_back_all(s, c, d, places, former), "")

    # the queue

    def _do(self, item: ItemId, change: Change, name: str, merge: bool = False, photos: bool = False) -> None:
        before = self.shown.inspection
        self._enter(item, change, name)
        after = self.shown.inspection
        if after is before:
            return
        last = self._undo[-1] if self._undo else None
        if merge and last and last.name == name:
            self._redo.clear()
            self._undo[-1] = replace(last, after=after)
        else:
            self._remember(Step(item, before, after, photos, name))

    def _remember(self, step: Step) -> None:
        self._redo.clear()
        self._undo.append(step)

    def _enter(self, item: ItemId | None, change: Change, name: str) -> None:
        self._rehearse(item, change, name)
        self.changed.emit(item)
        self._send()

    def _rehearse(self, item: ItemId | None, change: Change, name: str) -> None:
        """Shows a change and puts it in the queue; who calls says so and sends it."""
        script = Script()
        self.shown = change(cast(Store, script), At(self._tools.clock.now()), self.shown)
        last = self._queue[-1] if self._queue else None
        if last is not None and name.startswith(("describe", "write")) and last.name == name:
            last.overtaken = True
        self._queue.append(_Queued(item, script, self.shown, name))

    def retry(self) -> None:
        """Tries again to commit what waits."""
        if self.problem is None or any(q.sent for q in self._queue):
            return
        self._again.stop()
        self.problem = None
        self._line.broken = False
        self._send()

    def when_kept(self, then: Callable[[], None]) -> None:
        """Calls `then` once everything is on the disk; at once when it is. Not at all when it cannot be saved."""
        if not self._queue:
            then()
            return
        self._when_kept.append(then)
        self.retry()

    def _send(self) -> None:
        """Hands everything that waits to the data thread: what was handed over is finished even while closing."""
        if self.problem is not None:
            return
        for queued in self._queue:
            if not queued.sent:
                queued.sent = True
                self._jobs.data(
                    self._commit(queued),
                    self._on_committed,
                    partial(self._on_failed, queued),
                    owner=self,
                    name="data fill",
                )
        self.waiting.emit(True)

    def _commit(self, queued: _Queued) -> Callable[[], tuple[_Queued, Open, datetime]]:
        line, store, clock = self._line, self._tools.store, self._tools.clock

        def commit() -> tuple[_Queued, Open, datetime]:
            if line.broken:
                raise _Held
            if not queued.overtaken:
                try:
                    queued.script.play(store)
                    line.kept = queued.after
                except BaseException:
                    line.broken = True
                    raise
            return queued, line.kept, clock.now()

        return commit

    def _on_committed(self, result: tuple[_Queued, Open, datetime]) -> None:
        queued, self.kept, self.kept_at = result
        self._queue.remove(queued)
        if self._queue:
            return
        self.waiting.emit(False)
        self.committed.emit(self.kept_at)
        then, self._when_kept = self._when_kept, []
        for call in then:
            call()

    def _on_failed(self, queued: _Queued, error: Exception) -> None:
        queued.sent = False
        if isinstance(error, _Held):
            return
        # what was overtaken by a text that has not gone in either may be needed as the step before it: it stays
        self._when_kept.clear()
        self.problem = error
        self._again.start()
        self.waiting.emit(False)
        self.trouble.emit(self.problem)


def _answer(store: Store, clock: Clock, draft: Open, *, wording: inspect.Wording, item: ItemId, text: str) -> Open:
    return inspect.answer(store, clock, wording, draft, item, text)
