"""Watching a folder while Fill is open: a card or a phone's folder is looked into every few seconds, off the window's
thread, and what is new goes to the tray."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from safetyapp.domain.problem import Problem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_photo_desk import PhotoDesk
from safetyapp.ui.fill_photos import LOW, Gone, Source, why
from safetyapp.workflow.photo_watch import FolderWatch, Look, Remembered, recall_watch, remember_watch

SLOWEST = 5_000
"""Milliseconds between two looks when nothing has happened for a while."""
GROWTH = 1.5


class WatchDesk(QObject):
    """One look at a time, and none while pictures are on their way in. The workspace remembers folder and files."""

    changed = Signal()

    def __init__(self, parts: FillParts, photos: PhotoDesk, screen: QWidget) -> None:
        super().__init__(screen)
        self._parts, self._photos, self._screen = parts, photos, screen
        self._texts, self._workspace = parts.texts, parts.tools.workspace
        self.quickest = 1_000
        """Milliseconds between two looks while pictures come."""
        self._watch: FolderWatch | None = None
        self._last = Remembered()
        self.is_there = True
        self._interval = float(self.quickest)
        self._on_way: set[str] = set()
        self._refused: list[tuple[str, str]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        photos.intake.settled.connect(self._on_settled)
        workspace = self._workspace
        parts.jobs.work(lambda _: recall_watch(workspace), self._on_recalled, owner=self, name="watch")

    @property
    def is_on(self) -> bool:
        return self._watch is not None

    @property
    def is_idle(self) -> bool:
        """Nothing of it is on its way in."""
        return not self._on_way

    @property
    def folder(self) -> str:
        """Its name for people."""
        if self._watch is None:
            return ""
        return self._watch.folder.name or str(self._watch.folder)

    def _on_recalled(self, last: Remembered) -> None:
        self._last = last
        if last.is_on and last.folder and self._watch is None:
            self._begin(Path(last.folder), set(last.seen))

    def toggle(self) -> None:
        """Ctrl+Shift+P: asks for a folder; the same key again ends it."""
        if self._watch is not None:
            self.end()
            return
        name = QFileDialog.getExistingDirectory(self._screen, self._texts.say("photos.watch.choose"), self._last.folder)
        if name:
            self.watch(Path(name))

    def watch(self, folder: Path) -> None:
        """Watches a folder from now on; of one that was watched before, what came out of it is known."""
        self._begin(folder, set(self._last.seen) if str(folder) == self._last.folder else set())
        self._say("photos.watch.began")
        self._remember(True)

    def end(self) -> None:
        """No longer; the folder is remembered for the next time."""
        self._say("photos.watch.ended")
        self._remember(False)
        self.shut()
        self.changed.emit()

    def shut(self) -> None:
        """The screen is going away; the next one goes on."""
        self._timer.stop()
        self._watch = None
        self._on_way.clear()

    def _begin(self, folder: Path, seen: set[str]) -> None:
        self._watch = FolderWatch(folder, self._parts.keeper.shown.inspection.inspected_on, seen)
        self.is_there, self._interval = True, float(self.quickest)
        self.changed.emit()
        self._look()

    def _look(self) -> None:
        watch = self._watch
        if watch is None:
            return
        self._parts.jobs.work(
            lambda _: watch.look(), partial(self._on_look, watch), lambda _: self._wait(), owner=self, name="watch"
        )

    def _wait(self, quick: bool = False) -> None:
        self._interval = float(self.quickest) if quick else min(self._interval * GROWTH, float(SLOWEST))
        self._timer.start(int(self._interval))

    def _on_look(self, watch: FolderWatch, found: Look) -> None:
        if watch is not self._watch:
            return
        if found.is_there is not self.is_there:
            self.is_there = found.is_there
            self._say("photos.watch.back" if found.is_there else "photos.watch.off")
            self.changed.emit()
        if found.older:
            self._say("photos.watch.passed", n=found.older)
            self._remember(True)
        if not found.ready or self._photos.room.is_low:
            self._wait(quick=bool(found.growing))
            return
        self._on_way = {str(path) for path in found.ready}
        self._photos.intake.take(None, [Source(path.name, path, watched=True) for path in found.ready], False)

    def _on_settled(self, source: object, error: object) -> None:
        """A picture came in, or did not. When all have, it is looked for more; those that a person stopped are left
        alone until the next look finds them again."""
        watch = self._watch
        assert isinstance(source, Source)
        if not source.watched or watch is None or not isinstance(source.data, Path):
            return
        if error is None:
            watch.took(source.data)
        elif isinstance(error, Exception) and not _passes(error) and watch.refused(source.data):
            self._refused.append((source.name, why(self._parts.tools, error)))
        self._on_way.discard(str(source.data))
        if not self._on_way:
            self.go_on()

    def go_on(self) -> None:
        """The pictures of the last look are done with."""
        if self._watch is None:
            return
        self._on_way.clear()
        refused, self._refused = self._refused, []
        self._photos.tell_refused(refused)
        self._remember(True)
        self._wait(quick=True)

    def _remember(self, is_on: bool) -> None:
        watch = self._watch
        if watch is None:
            return
        self._last = Remembered(str(watch.folder), is_on, frozenset(watch.seen))
        workspace, last = self._workspace, self._last
        self._parts.jobs.data(lambda: remember_watch(workspace, *last), None, lambda _: None, name="data watch")

    def _say(self, key: str, **facts: object) -> None:
        self._parts.toast.say(self._texts.say(key, folder=self.folder, **facts), icon="info-circle")


def _passes(error: Exception) -> bool:
    """A drive that was pulled out, a disk without room: no fault of the picture."""
    return isinstance(error, Gone) or (isinstance(error, Problem) and error.code == LOW)
