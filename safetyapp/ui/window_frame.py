"""The window as a thing on the desktop: its place and icon, what is dropped on it, and closing without losing anything.

What it shows stands in window.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QWidget

from safetyapp.ui.window_memory import recall, remember

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QIcon

    from safetyapp.ui.happenings import DropHint
    from safetyapp.ui.jobs import Jobs
    from safetyapp.ui.look import Look

FIRST_SIZE = (1366, 768)


class WindowFrame(QMainWindow):
    """A main window that remembers its place, takes files, and closes once everything is saved."""

    def __init__(self, look: Look, jobs: Jobs, workspace: Path) -> None:
        super().__init__()
        self.look = look
        self.jobs = jobs
        self._workspace = workspace
        self._memory = recall(workspace)
        self.work: QWidget | None = None
        """The work screen (Fill or Sign) that is open; it hides the rail."""
        self._drop_hint: DropHint | None = None
        self._close_timer = QTimer(self)
        self._close_timer.setInterval(20)
        self._close_timer.timeout.connect(self._on_close_time)
        self.setAcceptDrops(True)

    # for who shows something in it

    def _drop_sentence(self, paths: list[Path]) -> str:
        """What letting go of these files does; empty when nothing is taken now."""
        raise NotImplementedError

    def _take_in(self, paths: list[Path]) -> None:
        raise NotImplementedError

    def shut(self) -> None:
        """The window ends: screens let their threads and files go."""
        raise NotImplementedError

    # place

    def _restore_place(self) -> None:
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen else QRect(0, 0, *FIRST_SIZE)
        if self._memory.place:
            place = QRect(*self._memory.place)
            if any(s.availableGeometry().intersects(place) for s in QGuiApplication.screens()):
                self.setGeometry(place)
            else:
                self.resize(place.size())
        else:
            width, height = min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height())
            self.resize(width, height)
        if self._memory.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _remember(self, **changes: Any) -> None:
        self._memory = self._memory._replace(**changes)
        remember(self._workspace, self._memory)

    # files dropped anywhere

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        from safetyapp.ui.happenings import DropHint

        paths, centre = _dragged(event), self.centralWidget()
        sentence = self._drop_sentence(paths) if paths else ""
        if sentence and centre is not None:
            event.acceptProposedAction()
            self._hide_drop_hint()
            self._drop_hint = DropHint(self.look, sentence, centre)
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hide_drop_hint()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hide_drop_hint()
        paths = _dragged(event)
        if paths and self._drop_sentence(paths):
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self._take_in(paths))

    def _hide_drop_hint(self) -> None:
        hint, self._drop_hint = self._drop_hint, None
        if hint is not None:
            hint.hide()
            hint.deleteLater()

    # closing

    def closeEvent(self, event: QCloseEvent) -> None:
        """What stands in a field is saved first; while something is not on the disk the window stays."""
        if self._has_unsaved():
            event.ignore()
            self._close_timer.start()
            return
        normal = self.normalGeometry() if self.isMaximized() else self.geometry()
        place = (normal.x(), normal.y(), normal.width(), normal.height())
        self._remember(place=place, maximised=self.isMaximized())
        self.shut()
        super().closeEvent(event)

    def _has_unsaved(self) -> bool:
        flush, unsaved = getattr(self.work, "flush", None), getattr(self.work, "has_unsaved", None)
        if flush is not None:
            flush()
        return bool(unsaved()) if unsaved is not None else False

    def _on_close_time(self) -> None:
        """Closes once everything is saved; when saving failed the trouble bar has said so, and the window stays."""
        if not self._has_unsaved():
            self._close_timer.stop()
            self.close()
        elif not self.jobs.busy:
            self._close_timer.stop()


def _dragged(event: QDropEvent) -> list[Path]:
    """The files and folders that are dragged."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def window_icon(look: Look) -> QIcon:
    """The mark of the program as the window's icon."""
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QIcon, QPainter, QPixmap

    from safetyapp.ui.first_start import paint_mark

    icon = QIcon()
    for side in (16, 32, 64):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("brand"))
        painter.drawRoundedRect(QRectF(0, 0, side, side), side / 6, side / 6)
        paint_mark(painter, QRectF(0, 0, side, side), look)
        painter.end()
        icon.addPixmap(picture)
    return icon
