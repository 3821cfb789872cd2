"""What Qt says itself, in its own dialogs: Chinese with its translation and the words that lacks."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from safetyapp.texts import Texts


class QtWords(QTranslator):
    """Chinese words that Qt's own translation lacks."""

    WORDS: ClassVar = {("QFileDialog", "&Look in:"): "look_in", ("QFileDialog", "Files of &type:"): "file_type"}

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        key = self.WORDS.get((context, text))
        return Texts("zh").say(f"window.qt.{key}") if key else None


class QtLanguage(QObject):
    """Qt's dialogs speak Chinese only with its translation, which is installed while a Chinese window is open."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._translator = QTranslator(self)
        self._missing = QtWords(self)
        self._language = ""

    def speak(self, language: str) -> None:
        app = QApplication.instance()
        if app is None or language == self._language:
            return
        self._language = language
        self.stop()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if language == "zh" and self._translator.load("qtbase_zh_CN", folder):
            app.installTranslator(self._missing)  # asked last: the newest is asked first
            app.installTranslator(self._translator)

    def stop(self) -> None:
        for translator in (self._translator, self._missing):
            QCoreApplication.removeTranslator(translator)
