"""The computer's own camera, where Qt's multimedia is installed (the extra `camera`); without it nothing here loads."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from safetyapp.ui.fill_photos import jpeg_of
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog
from safetyapp.ui.tools import Tools

MODULE, WIDGETS = "PySide6.QtMultimedia", "PySide6.QtMultimediaWidgets"


def load() -> bool:
    """Loads the modules where they are installed; for a worker, since they bring a film player with them."""
    if importlib.util.find_spec(MODULE) is None or importlib.util.find_spec(WIDGETS) is None:
        return False
    try:
        importlib.import_module(MODULE)
        importlib.import_module(WIDGETS)
    except ImportError:  # installed, but a library of the system is missing
        return False
    return True


def has_camera() -> bool:
    """Whether a camera is plugged in; after `load`, on the window's thread."""
    return bool(_multimedia().QMediaDevices.videoInputs())


def _multimedia() -> Any:  # the stubs come with the extra
    return importlib.import_module(MODULE)


class CameraDialog(SheetDialog):
    """The live picture; Space or Enter takes it, as often as wanted, Esc ends. `shot(name, JPEG bytes)` for each."""

    shot = Signal(str, object)

    def __init__(self, look: Look, tools: Tools, jobs: Jobs, parent: QWidget) -> None:
        say = tools.texts.say
        super().__init__(look, say("photos.camera.title"), parent, width=720)
        self._tools, self._jobs, self._count = tools, jobs, 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        media = _multimedia()
        self._session = media.QMediaCaptureSession(self)
        self._camera = media.QCamera(media.QMediaDevices.defaultVideoInput(), self)
        self._capture = media.QImageCapture(self)
        finder = importlib.import_module(WIDGETS).QVideoWidget(self)
        finder.setMinimumSize(look.metrics.px(640), look.metrics.px(360))
        self._session.setCamera(self._camera)
        self._session.setImageCapture(self._capture)
        self._session.setVideoOutput(finder)
        self.body.addWidget(finder, 1)
        self._said = Label(look, "", Style.COMPACT, "ink2", wrap=True)
        self.body.addWidget(self._said)
        self.shoot = self.add_button(say("photos.camera.shoot"), Kind.PRIMARY)
        self.shoot.clicked.connect(self._on_shoot)
        self.add_button(say("photos.camera.close")).clicked.connect(self.accept)
        self._capture.imageCaptured.connect(self._on_captured)
        self._capture.errorOccurred.connect(lambda _id, _error, why: self._on_failed(why))
        self._camera.errorOccurred.connect(lambda _error, why: self._on_failed(why))
        self.finished.connect(lambda _: self._camera.stop())
        self._camera.start()
        self.shoot.setFocus()

    def _on_shoot(self) -> None:
        if self._capture.isReadyForCapture():
            self._capture.capture()

    def _on_captured(self, _: int, image: QImage) -> None:
        """A frame becomes a file off the window's thread."""
        name = self._tools.texts.say("photos.camera.name", time=f"{self._tools.clock.now():%H.%M.%S}")
        self._jobs.work(lambda _: jpeg_of(image), lambda data: self._on_written(name, data), owner=self, name="camera")

    def _on_written(self, name: str, data: bytes) -> None:
        self._count += 1
        self._said.setText(self._tools.texts.say("photos.camera.taken", n=self._count))
        self.shot.emit(name, data)

    def _on_failed(self, why: str) -> None:
        self._said.setText(self._tools.texts.say("photos.camera.failed", why=why))
