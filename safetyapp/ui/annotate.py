"""The Annotate screen 标注照片: one photo of an item with its marks, over the whole work screen.

Nothing is saved by a button: a mark is handed over when it is made, and Esc keeps all of it. The original is never
touched; what is printed is burnt elsewhere, when the photo is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from safetyapp.domain.inspection import PhotoLink
from safetyapp.domain.photo_marks import NO_MARKS, or_none
from safetyapp.texts import Texts
from safetyapp.ui.annotate_canvas import AnnotateCanvas
from safetyapp.ui.annotate_frame import AnnotateBar, AnnotateHeader, is_narrow
from safetyapp.ui.annotate_keys import ARROWS, OF_THE_WINDOW, press
from safetyapp.ui.annotate_model import NOTHING, Marking, Tool
from safetyapp.ui.annotate_panel import AnnotatePanel, PhotoFacts
from safetyapp.ui.annotate_tools import ToolColumn
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.parts import TroubleBar
from safetyapp.ui.photo_thumbs import read_picture

LARGE = 2000
"""px: the longest side of a picture on the screen; the copy for print has less."""
_SOON = 250
"""Milliseconds after the last nudge or letter until it is handed over."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the screen asks of whoever opened it. `path` is the upright copy without marks, `facts` and `title` what is
    told of a photo, `save(former, now)` takes a change; `burn` makes the copy for print, on a worker."""

    path: Callable[[PhotoLink], Path]
    facts: Callable[[PhotoLink], PhotoFacts]
    title: Callable[[PhotoLink], str]
    save: Callable[[PhotoLink, PhotoLink], None]
    burn: Callable[[PhotoLink], object]
    explain: Callable[[Exception], str]


class AnnotateScreen(QWidget):
    """Photos of one item, one at a time. `closed` when the person is done."""

    closed = Signal()
    trouble_told = Signal(str)
    """The copy for print could not be made: the sentence that says so."""

    def __init__(self, look: Look, texts: Texts, jobs: Jobs, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._texts, self._jobs, self._desk = look, texts, jobs, desk
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # what lies below is not painted meanwhile
        self.setAccessibleName(texts.say("annotate.name"))
        self._links: list[PhotoLink] = []
        self._place = 0
        self._unburnt = False
        self.marking = Marking(texts.say("annotate.text_default"), self)
        self.header = AnnotateHeader(look, texts)
        self.trouble = TroubleBar(look, texts.say("fill.photo.close"))
        self.tools = ToolColumn(look, texts, self.marking)
        self.canvas = AnnotateCanvas(look, self.marking)
        self.canvas.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.bar = AnnotateBar(look, texts)
        self.panel = AnnotatePanel(look, texts, self.marking)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self.flush)
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.trouble)
        row = QHBoxLayout()
        row.setSpacing(0)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.bar)
        row.addWidget(self.tools)
        row.addLayout(middle, 1)
        row.addWidget(self.panel)
        column.addLayout(row, 1)
        chain = [*self.header.stops(), *self.tools.stops(), self.canvas, *self.bar.stops(), *self.panel.stops()]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        marking = self.marking
        self.header.left.connect(self.leave)
        self.header.undo.connect(self.undo)
        self.header.redo.connect(self.redo)
        self.header.bare.connect(self.show_bare)
        self.tools.turn_wanted.connect(marking.turn)
        self.bar.zoom.connect(self.canvas.zoom)
        self.bar.step.connect(self.step)
        self.canvas.zoomed.connect(self._show_zoom)
        marking.changed.connect(self._on_changed)
        marking.steps_changed.connect(self._show_steps)
        marking.chosen_changed.connect(self._show_hint)
        marking.tool_changed.connect(self._show_hint)
        marking.words_wanted.connect(self.panel.write_words)
        self.panel.captioned.connect(self._on_captioned)
        self.panel.leave_field.connect(self._focus_canvas)

    # which photo

    def look_at(self, links: Sequence[PhotoLink], place: int) -> None:
        """Opens with one of an item's photos."""
        self._links = list(links)
        self.trouble.clear()
        host = self.parentWidget()
        assert host is not None
        self.setGeometry(host.rect())
        self.show()
        self.raise_()
        self._show(place)
        self._focus_canvas()

    def link(self) -> PhotoLink:
        """The photo that is shown, as it stands."""
        return self._links[self._place]

    def step(self, by: int) -> None:
        """The photo before or after."""
        if by and 0 <= self._place + by < len(self._links):
            self._finish()
            self._show(self._place + by)

    def _show(self, place: int) -> None:
        self._place = place
        link, say = self.link(), self._texts.say
        self._unburnt = False
        self.canvas.tell(say("annotate.loading"))
        self.marking.open((link.photo.original, link.after), link.marks or NO_MARKS)
        self.marking.use(Tool.SELECT)
        title = say("annotate.title", n=place + 1, all=len(self._links))
        self.header.show_photo(title, self._desk.title(link))
        self.panel.show_photo(link, self._desk.facts(link))
        self.bar.previous.setEnabled(place > 0)
        self.bar.next.setEnabled(place + 1 < len(self._links))
        self._show_state()
        self._jobs.work(
            lambda _: read_picture(self._desk.path(link), LARGE),
            lambda image: self._on_read(place, image),
            lambda _: self._on_read(place, QImage()),
            owner=self,
            name="photo",
        )

    def _on_read(self, place: int, image: QImage) -> None:
        if place != self._place or self.isHidden():
            return
        if image.isNull():
            self.canvas.tell(self._texts.say("annotate.broken"))
        else:
            self.canvas.show_image(image)
        self._show_state()

    # what is kept

    def _on_changed(self) -> None:
        self._show_state()
        self._soon.start()

    def flush(self) -> None:
        """Hands over what has changed."""
        self._soon.stop()
        if self._links:
            self._keep(replace(self.link(), marks=or_none(self.marking.marks)))

    def _keep(self, now: PhotoLink) -> None:
        former = self.link()
        if now == former or self.isHidden():
            return
        self._unburnt = self._unburnt or now.marks != former.marks
        self._links[self._place] = now
        self._desk.save(former, now)
        self.panel.tell_elsewhere(self._desk.facts(now).elsewhere)

    def _on_captioned(self, caption: str) -> None:
        self.flush()
        self._keep(replace(self.link(), caption=caption))

    def _finish(self) -> None:
        """The photo is left: all of it is handed over, and its copy for print made meanwhile."""
        self.show_bare(False)
        self.marking.drop_empty()
        self.flush()
        link = self.link()
        if self._unburnt and link.marks is not None:
            self._jobs.work(
                lambda _: self._desk.burn(link), lambda _: None, self._on_not_burnt, owner=self, name="burn"
            )

    def _on_not_burnt(self, error: Exception) -> None:
        sentence = self._texts.say("annotate.not_burnt", why=self._desk.explain(error))
        if self.isHidden():
            self.trouble_told.emit(sentence)
        else:
            self.trouble.show_trouble(sentence, key="burn")

    def leave(self) -> None:
        """Esc: back, everything is kept."""
        if self.isHidden():
            return
        self._finish()
        self.hide()
        self.marking.forget()
        self.canvas.tell("")
        self.closed.emit()

    # what is done

    def undo(self) -> None:
        self.marking.steps.undo()

    def redo(self) -> None:
        self.marking.steps.redo()

    def show_bare(self, bare: bool) -> None:
        """The original, while Space is held."""
        if bare != self.canvas.is_bare():
            self.canvas.show_bare(bare)
            self._show_hint()

    def event(self, event: QEvent) -> bool:
        """The keys of the screen below are not for this one; those of the window are."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.keyCombination() not in OF_THE_WINDOW)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._focus_canvas() if isinstance(self.focusWidget(), QLineEdit) else self.leave()
        elif key == Qt.Key.Key_F1:
            self._tell_keys()
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.show_bare(True)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.step(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.canvas.zoom(key != Qt.Key.Key_Minus)
        elif key == Qt.Key.Key_0:
            self.canvas.fit()
        elif self.canvas.has_picture() and not self.canvas.is_bare():
            press(self.marking, key, event.modifiers(), self.step, self.panel.write_words)
        elif key in ARROWS:
            self.step(ARROWS[key][0])

    def _tell_keys(self) -> None:
        from safetyapp.ui.keys_dialog import KeysDialog

        dialog = KeysDialog(self._look, self._texts, "annotate", "", None, lambda _: None, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._focus_canvas)
        dialog.open()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.show_bare(False)

    # what is shown

    def _focus_canvas(self) -> None:
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus_canvas()

    def _show_state(self) -> None:
        ready, say = self.canvas.has_picture(), self._texts.say
        self._show_steps()
        for part in (self.tools, self.header.original):
            part.setEnabled(ready)
        marks = len(self.marking.marks.marks)
        name = say("annotate.canvas", n=self._place + 1, marks=marks)
        self.canvas.setAccessibleName(name)
        self.canvas.viewport().setAccessibleName(name)
        self._show_hint()

    def _show_steps(self) -> None:
        self.header.show_steps(self.marking.steps.canUndo(), self.marking.steps.canRedo())

    def _show_hint(self) -> None:
        if self.canvas.is_bare():
            name = "original"
        else:
            name = self.marking.tool.word if self.marking.chosen == NOTHING else "chosen"
        self.bar.show_hint(self._texts.say(f"annotate.hint.{name}") if self.canvas.has_picture() else "")

    def _show_zoom(self) -> None:
        self.bar.show_zoom(self.canvas.percent(), self.canvas.is_fitted())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.bar.fold(is_narrow(self._look, self.width()))
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg_surface"))
        painter.end()
