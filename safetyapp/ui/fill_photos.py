"""Taking photos in: one after another on a worker, linked as each is ready, the broken ones said and passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import InspectionId, Photo
from safetyapp.domain.photo_tray import PICTURES, TrayPhoto, has_room, is_large
from safetyapp.domain.problem import Problem
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools

LOW = "disk-nearly-full"
"""The Problem of a photo that is not taken because text must still find room."""


class Gone(Exception):
    """A picture that is no longer where it was dragged from."""


@dataclass(frozen=True, slots=True)
class Source:
    """A picture on its way in: its name for people, and the file or the bytes. `watched`: nobody asked for it, it
    appeared in a folder; what has come in before, to whichever draft, does not come again."""

    name: str
    data: Path | bytes
    watched: bool = False


@dataclass(eq=False, slots=True)
class Round:
    """The photos that were added while others were still on their way count on in the same bar. `low` is set when the
    disk had no more room for photos: the rest was not tried."""

    waiting: list[tuple[ItemId | None, Source, bool]] = field(default_factory=list)
    total: int = 0
    done: int = 0
    added: int = 0
    in_tray: list[str] = field(default_factory=list)
    large: list[tuple[str, int]] = field(default_factory=list)
    failed: list[tuple[Source, Exception]] = field(default_factory=list)
    stopped: bool = False
    low: Problem | None = None


class PhotoIntake(QObject):
    """`taken(item, photo, after, name)` for each that came in, its item empty when it came to the tray of the draft;
    `ended(Round)` after the last. One photo is in memory at a time."""

    began = Signal()
    progressed = Signal(int, int)
    taken = Signal(str, object, bool, str)
    settled = Signal(object, object)
    """A source, and the exception that kept it out (None: it came in, or had before)."""
    ended = Signal(object)

    def __init__(self, tools: Tools, jobs: Jobs, draft: InspectionId, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools, self._jobs, self._draft = tools, jobs, draft
        self._round = Round()
        self._busy = False

    @property
    def is_busy(self) -> bool:
        return self._busy

    def take(self, item: ItemId | None, sources: list[Source], after: bool) -> None:
        """To an item, or to the tray."""
        if not sources:
            return
        self._round.waiting += [(item, source, after) for source in sources]
        self._round.total += len(sources)
        if not self._busy:
            self._busy = True
            self.began.emit()
            self._next()
        else:
            self.progressed.emit(self._round.done + 1, self._round.total)

    def stop(self) -> None:
        """What has not begun stays out; what is under way comes in."""
        if self._busy:
            self._leave_rest()
            self._round.stopped = True

    def _leave_rest(self) -> None:
        self._round.total -= len(self._round.waiting)
        self._round.waiting.clear()

    def _next(self) -> None:
        now = self._round
        if not now.waiting:
            self._round, self._busy = Round(), False
            self.ended.emit(now)
            return
        item, source, after = now.waiting.pop(0)
        self.progressed.emit(now.done + 1, now.total)
        self._jobs.work(
            lambda _: self._take_in(item, source),
            lambda photo: self._on_taken(item, source, photo, after),
            lambda error: self._on_failed(source, error),
            owner=self,
            name="take in",
        )

    def _take_in(self, item: ItemId | None, source: Source) -> Photo | Gone | None:
        """On a worker. None: a watched file that has come in before. Raises Problem."""
        store, clock, data = self._tools.store, self._tools.clock, source.data
        if isinstance(data, Path):
            if not data.exists():
                return Gone()
            if data.suffix and not _is_picture(data):
                raise Problem("not-a-photo", name=data.name)  # unread: it may be a film
        free = store.free_space()
        if not has_room(free):
            raise Problem(LOW, free=free // 1_000_000)
        photo = store.take_in(data, clock.now())
        if source.watched and store.drafts_with(photo.original):
            return None
        if item is None:
            store.put_in_tray(self._draft, [TrayPhoto(photo, source.name, clock.now())])
        return photo

    def _on_taken(self, item: ItemId | None, source: Source, photo: Photo | Gone | None, after: bool) -> None:
        if isinstance(photo, Gone):
            self._on_failed(source, photo)
            return
        now = self._round
        now.done += 1
        if photo is not None:
            now.added += 1
            if is_large(photo):
                now.large.append((source.name, photo.size))
            if item is None:
                now.in_tray.append(source.name)
            self.taken.emit(item or "", photo, after, source.name)
        self.settled.emit(source, None)
        self._next()

    def _on_failed(self, source: Source, error: Exception) -> None:
        now = self._round
        now.done += 1
        if isinstance(error, Problem) and error.code == LOW:
            now.low = error
            self._leave_rest()
        elif not source.watched:  # who watches says when a file is given up
            now.failed.append((source, error))
        self.settled.emit(source, error)
        self._next()


def sources_of(mime: QMimeData, pasted_name: str) -> list[Source]:
    """The pictures that were dropped or pasted: files, else an image. A file that is gone, or that is none but lies
    among pictures, is there too: it is said."""
    files = _local_files(mime)
    if files or not mime.hasImage():
        return [Source(path.name, path) for path in files] if carries_pictures(mime) else []
    image = mime.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return []
    return [Source(pasted_name, png_of(image))]


def carries_pictures(mime: QMimeData) -> bool:
    """Whether what is dragged holds pictures; other files are not ours to take."""
    files = _local_files(mime)
    return any(_is_picture(path) for path in files) if files else mime.hasImage()


def carries_files(mime: QMimeData) -> bool:
    return bool(_local_files(mime))


def _local_files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def _is_picture(path: Path) -> bool:
    return path.suffix.lower().lstrip(".") in PICTURES


def png_of(image: QImage) -> bytes:
    return _written(image, "PNG")


def jpeg_of(image: QImage) -> bytes:
    return _written(image, "JPEG", 92)


def _written(image: QImage, kind: str, quality: int = -1) -> bytes:
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, quality)  # type: ignore[call-overload]  # Qt takes str here, the stub wants bytes
    buffer.close()
    return bytes(kept.data())


def why(tools: Tools, error: Exception) -> str:
    """One sentence for a photo that did not come in."""
    if isinstance(error, Gone):
        return tools.texts.say("fill.photo.gone")
    if isinstance(error, Problem):
        try:
            return tools.texts.explain(error).what
        except KeyError:
            return error.code
    return type(error).__name__
