"""The ways on which photos come to Fill without being dropped there: a watched folder, the tray, a camera."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from safetyapp.domain.form import ItemId
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_photo_desk import PhotoDesk
from safetyapp.ui.fill_photos import Round, Source
from safetyapp.ui.fill_tray import TrayDesk
from safetyapp.ui.fill_watch import WatchDesk
from safetyapp.ui.metrics import Style
from safetyapp.ui.words import MIDDLE, fits

LONGEST_NAME = 110
"""px at 100 % that a folder's name has in the header; it is read whole in the tray."""


class Incoming(QObject):
    """Puts them together, and says in the header what waits and what is watched."""

    def __init__(
        self, parts: FillParts, photos: PhotoDesk, undo: Callable[[], None], here: Callable[[], ItemId | None],
        screen: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(screen)
        self._parts, self._photos, self._here = parts, photos, here
        self.tray = TrayDesk(parts, photos, undo, here, screen)
        self.watch = WatchDesk(parts, photos, screen)
        self.tray.changed.connect(lambda _: self._show())
        self.tray.watch_wanted.connect(self.watch.toggle)
        self.watch.changed.connect(self._show)
        photos.intake.ended.connect(self._on_ended)
        parts.progress.stopped.connect(self._on_stopped)
        for part in (screen, parts.trouble, parts.progress):
            part.installEventFilter(self)
        QTimer.singleShot(0, self, self._look_for_camera)
        self._show()

    def keys(self) -> Mapping[str, Callable[[], None]]:
        """What acts anywhere on the screen."""
        return {"Ctrl+T": self.tray.toggle, "Ctrl+Shift+P": self.watch.toggle}

    def shut(self) -> None:
        self.watch.shut()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide) and self.tray.is_open():
            QTimer.singleShot(0, self.tray, self.tray.place)  # once the bars have their places
        return False

    def _show(self) -> None:
        say, watch, count = self._parts.texts.say, self.watch, len(self.tray.waiting)
        name = say("photos.tray.button_name", n=count)
        words = short = sentence = ""
        if count:
            words = short = f"{say('photos.tray.button')} {count}"
        if watch.is_on:
            key = "off_short" if not watch.is_there else "on_new" if count else "on"
            look = self._parts.look
            brief = fits(look.font_metrics(Style.BODY), watch.folder, look.metrics.px(LONGEST_NAME), MIDDLE)
            words = say(f"photos.watch.{key}", folder=brief, n=count)
            sentence = say(f"photos.watch.{'on' if watch.is_there else 'off'}", folder=watch.folder)
            name = f"{sentence}{say('photos.facts_joint')}{name}"
        self._parts.header.show_tray(words, short, name)
        self.tray.show_watch(sentence, watch.is_on)

    def _on_ended(self, done: Round) -> None:
        if done.stopped or done.low is not None:
            self.watch.go_on()

    def _on_stopped(self) -> None:
        """停 while a card is read: the rest stays there, and nothing more is taken until somebody asks again."""
        if self.watch.is_on and not self.watch.is_idle:
            self.watch.end()

    # the camera

    def _look_for_camera(self) -> None:
        """Most computers have none of the modules: then nothing of it is loaded, and P asks for files."""
        from safetyapp.ui import camera

        self._parts.jobs.work(lambda _: camera.load(), self._on_camera, owner=self, name="camera")

    def _on_camera(self, is_loaded: bool) -> None:
        from safetyapp.ui import camera

        if is_loaded and camera.has_camera():
            self._photos.shoot = self.shoot
            self._parts.body.photos.show_camera(self.shoot)

    def shoot(self) -> None:
        """Pictures of the camera go to the current item."""
        from safetyapp.ui.camera import CameraDialog

        item = self._here()
        if item is None or self._photos.closed:
            return
        dialog = CameraDialog(self._parts.look, self._parts.tools, self._parts.jobs, self._parts.view.window())
        dialog.shot.connect(lambda name, data: self._photos.take(item, [Source(name, bytes(data))]))
        dialog.open()
