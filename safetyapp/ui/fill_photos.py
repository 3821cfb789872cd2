"""Taking photos in: one after another on a worker, linked as each is ready, the broken ones said and passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QImage

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Photo
from safetyapp.domain.problem import Problem
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools

PICTURES = ("jpg", "jpeg", "png", "heic", "heif", "webp", "tif", "tiff", "bmp")


class Gone(Exception):
    """A picture that is no longer where it was dragged from."""


@dataclass(frozen=True, slots=True)
class Source:
    """A picture on its way in: its name for people, and the file or the bytes."""

    name: str
    data: Path | bytes


@dataclass(eq=False, slots=True)
class _Round:
    """The photos that were added while others were still on their way count on in the same bar."""

    waiting: list[tuple[ItemId, Source, bool]] = field(default_factory=list)
    total: int = 0
    done: int = 0
    added: int = 0
    failed: list[tuple[str, Exception]] = field(default_factory=list)


class PhotoIntake(QObject):
    """`taken(item, photo, after)` for each that came in; `ended(added, failures, stopped)` after the last."""

    began = Signal()
    progressed = Signal(int, int)
    taken = Signal(str, object, bool)
    ended = Signal(int, object, bool)

    def __init__(self, tools: Tools, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools, self._jobs = tools, jobs
        self._round = _Round()
        self._busy = False

    @property
    def is_busy(self) -> bool:
        return self._busy

    def take(self, item: ItemId, sources: list[Source], after: bool) -> None:
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
        self._round.total -= len(self._round.waiting)
        self._round.waiting.clear()
        self._stopped = True

    _stopped = False

    def _next(self) -> None:
        now = self._round
        if not now.waiting:
            self._round, self._busy = _Round(), False
            stopped, self._stopped = self._stopped, False
            self.ended.emit(now.added, now.failed, stopped)
            return
        item, source, after = now.waiting.pop(0)
        self.progressed.emit(now.done + 1, now.total)
        store, clock = self._tools.store, self._tools.clock

        def run() -> Photo | None:
            if isinstance(source.data, Path) and not source.data.is_file():
                return None
            return store.take_in(source.data, clock.now())

        self._jobs.work(
            lambda _: run(),
            lambda photo: self._on_taken(item, photo, after) if photo else self._on_failed(source, Gone()),
            lambda error: self._on_failed(source, error),
            owner=self,
            name="take in",
        )

    def _on_taken(self, item: ItemId, photo: Photo, after: bool) -> None:
        self._round.done += 1
        self._round.added += 1
        self.taken.emit(item, photo, after)
        self._next()

    def _on_failed(self, source: Source, error: Exception) -> None:
        self._round.done += 1
        self._round.failed.append((source.name, error))
        self._next()


def sources_of(mime: QMimeData, pasted_name: str) -> list[Source]:
    """The pictures that were dropped or pasted: files, else an image. A file that is gone is among them: it is said."""
    files = _local_files(mime)
    found = [Source(path.name, path) for path in files if _is_picture(path)]
    if files or not mime.hasImage():
        return found
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
    kept = QByteArray()
    buffer = QBuffer(kept)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # Qt takes str here, the stub wants bytes
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
