"""Answers that are files, sound, film or any other, and a signature written on the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.texts import Texts
from safetyapp.ui.answer_panel import AnswerPanel
from safetyapp.ui.buttons import Button, Kind
from safetyapp.ui.ink import SignaturePad
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.value_words import file_name
from safetyapp.ui.words import IconLabel, Label

ENDINGS = {
    AnswerKind.AUDIO: ("mp3", "m4a", "wav", "aac", "ogg", "opus", "amr", "flac", "wma"),
    AnswerKind.VIDEO: ("mp4", "mov", "m4v", "avi", "mkv", "webm", "3gp", "wmv"),
}
"""What the dialog offers first; a file of any kind has no list."""


class FilePanel(AnswerPanel):
    """Choose a file, see its name and size, take it away. The file itself is kept elsewhere."""

    file_chosen = Signal(object)
    """The Path of a file to keep."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts)
        px, say = look.metrics.px, texts.say
        line = QHBoxLayout()
        line.setSpacing(px(10))
        self._icon = IconLabel(look, "files", 20, "ink2")
        self.name = Label(look, "", Style.STRONG, elide=Qt.TextElideMode.ElideMiddle)
        self.size_label = Label(look, "", Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
        self.choose = Button(look, say("fill.file.choose"), icon="file-plus")
        self.choose.clicked.connect(self.ask)
        self.remove = Button(look, say("fill.file.remove"), icon="trash", kind=Kind.LINK)
        self.remove.clicked.connect(self.cleared)
        line.addWidget(self._icon)
        line.addWidget(self.name, 1)
        line.addWidget(self.size_label)
        line.addWidget(self.remove)
        line.addWidget(self.choose)
        self.column.addLayout(line)
        self.setAcceptDrops(True)

    def show_row(self, row: Row, fresh: bool) -> None:
        self.row = row
        has_file = row.answer is not None
        self._icon.setVisible(has_file)
        empty = self._texts.say("fill.file.none")
        self.name.setText(file_name(row.answer.value) if row.answer is not None else empty)
        self.name.set_colour("ink" if has_file else "ink3")
        if not has_file:
            self.size_label.setText("")
        self.remove.setVisible(has_file)
        self.choose.set_words(self._texts.say("fill.file.another" if has_file else "fill.file.choose"))

    def show_size(self, text: str) -> None:
        """How large the kept file is, in words."""
        self.size_label.setText(text)

    def first(self) -> QWidget:
        return self.choose

    def stops(self) -> list[QWidget]:
        return [self.remove, self.choose]

    def ask(self) -> None:
        """The dialog."""
        if self.row is None:
            return
        say, endings = self._texts.say, ENDINGS.get(self.row.kind, ())
        every = f"{say('fill.file.any')} (*)"
        patterns = " ".join(f"*.{end} *.{end.upper()}" for end in endings)
        filters = f"{say('fill.file.fitting')} ({patterns});;{every}" if endings else every
        name, _ = QFileDialog.getOpenFileName(self, say("fill.file.choose"), "", filters)
        if name:
            self.file_chosen.emit(Path(name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _one_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _one_file(event.mimeData())
        if path is not None:
            self.file_chosen.emit(path)
            event.acceptProposedAction()


def _one_file(mime: QMimeData) -> Path | None:
    urls = [url for url in mime.urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None


class _Pad(SignaturePad):
    """Enter takes the signature over."""

    done = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
        else:
            super().keyPressEvent(event)


class InkPanel(AnswerPanel):
    """A pad to sign on; once it is taken over, its picture."""

    drawn = Signal(object)
    """The PNG of a signature to keep."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__(look, texts)
        px, say = look.metrics.px, texts.say
        self.pad = _Pad()
        self.pad.foot = px(10)
        self.pad.setFixedHeight(px(132))
        self.pad.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pad.changed.connect(self._on_drawn)
        self.pad.done.connect(self.take)
        self.frame = QFrame()
        self.frame.setProperty("card", "1")
        inside = QVBoxLayout(self.frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.pad)
        self.column.addWidget(self.frame)
        self.picture = QLabel()
        self.picture.setFixedHeight(px(132))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setProperty("paper", "1")
        self.picture.setStyleSheet("QLabel { background: #FFFFFF; }")  # paper is white in every theme
        self.column.addWidget(self.picture)
        line = QHBoxLayout()
        line.setSpacing(px(10))
        self._hint = Label(look, say("fill.ink.hint"), Style.SMALL, "ink2")
        self.again = Button(look, say("fill.ink.again"), icon="eraser")
        self.again.clicked.connect(self._on_again)
        self.done = Button(look, say("fill.ink.done"), icon="check")
        self.done.clicked.connect(self.take)
        line.addWidget(self._hint, 1)
        line.addWidget(self.again)
        line.addWidget(self.done)
        self.column.addLayout(line)
        self._shown = ""

    def show_row(self, row: Row, fresh: bool) -> None:
        signed = row.answer is not None
        value = row.answer.value if row.answer is not None else ""
        if fresh or (value and value != self._shown):
            self.pad.clear()
        if value != self._shown:
            self.picture.clear()
        self._shown, self.row = value, row
        changed = self.pad.isHidden() is not signed
        self.pad.setVisible(not signed)
        self.frame.setVisible(not signed)
        self.picture.setVisible(signed)
        self.done.setVisible(not signed)
        self.pad.setAccessibleName(row.words.in_language(self._texts.language))
        self._hint.setText(self._texts.say("fill.ink.signed" if signed else "fill.ink.hint"))
        self._on_drawn()
        if changed:
            self.height_changed.emit()

    def show_picture(self, path: Path) -> None:
        """The kept signature."""
        picture = QPixmap(str(path))
        if not picture.isNull():
            ratio = self.devicePixelRatioF()
            room = self.picture.size() * ratio
            fitted = picture.scaled(
                room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )  # fmt: skip
            fitted.setDevicePixelRatio(ratio)
            self.picture.setPixmap(fitted)

    def first(self) -> QWidget:
        return self.again if self.pad.isHidden() else self.pad

    def stops(self) -> list[QWidget]:
        return [self.pad, self.again, self.done]

    def _on_drawn(self) -> None:
        self.done.setEnabled(not self.pad.is_empty())
        self.touched.emit()

    def _on_again(self) -> None:
        self.pad.clear()
        if self.row is not None and self.row.answer is not None:
            self.cleared.emit()

    def take(self) -> None:
        """The signature is done."""
        if not self.pad.is_empty():
            image = self.pad.image()
            self.pad.clear()
            self.drawn.emit(image)

    def flush(self) -> None:
        """A signature is not lost when one goes on without a word."""
        if not self.pad.isHidden():
            self.take()

    def is_being_written(self) -> bool:
        return not self.pad.isHidden() and not self.pad.is_empty()
