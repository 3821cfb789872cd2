"""Help 怎么查 beside the list: how the item is checked, on what it rests, when a fail is major."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Severity
from safetyapp.texts import Texts
from safetyapp.ui.item_delegate import shown_id
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, KeyCap, Kind, Label, Line
from safetyapp.ui.past_part import PastPart

UNREAD = "（待核）"


class _Part(QWidget):
    """A small heading with paragraphs, closed by a hairline."""

    def __init__(self, look: Look, heading: str) -> None:
        super().__init__()
        self._look = look
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        inner = QVBoxLayout()
        inner.setContentsMargins(px(14), px(10), px(14), px(10))
        inner.setSpacing(px(2))
        inner.addWidget(Label(look, heading, Style.SMALL_STRONG, "ink2"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(2))
        inner.addLayout(self._lines)
        column.addLayout(inner)
        column.addWidget(Line(look))
        self._labels: list[Label] = []

    def say(self, *paragraphs: str) -> None:
        wanted = [p for p in paragraphs if p]
        while len(self._labels) < len(wanted):
            label = Label(self._look, "", Style.COMPACT, wrap=True)
            self._labels.append(label)
            self._lines.addWidget(label)
        for label, text in zip(self._labels, wanted, strict=False):
            label.setText(text)
            label.show()
        for label in self._labels[len(wanted) :]:
            label.hide()
        self.setVisible(bool(wanted))

    def settle(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()

    def text(self) -> str:
        return "\n".join(label.text() for label in self._labels if not label.isHidden())


class HelpPanel(QWidget):
    """One item's help. It is rewritten only while it is open."""

    closed = Signal()

    def __init__(self, look: Look, texts: Texts, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts, self._form = look, texts, form
        self._shown: tuple[str, str, tuple[str, ...]] = ("", "", ())
        self.whole_remarks: tuple[str, ...] = ()
        """What the office says of the whole report, where this is a corrected one."""
        self._is_over = False
        px, say = look.metrics.px, texts.say
        self.setProperty("surface", "1")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(say("fill.help.name"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QWidget()
        top.setFixedHeight(px(34))
        row = QHBoxLayout(top)
        row.setContentsMargins(px(14), 0, px(6), 0)
        row.setSpacing(px(6))
        self._title = Label(look, "", Style.COMPACT_STRONG)
        row.addWidget(self._title, 1)
        row.addWidget(KeyCap(look, "F1"))
        self._close = Button(look, say("fill.help.close"), icon="x", kind=Kind.ICON, height=28)
        self._close.clicked.connect(self.closed)
        row.addWidget(self._close)
        column.addWidget(top)
        column.addWidget(Line(look))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = self._inside = QWidget()
        inside.setProperty("surface", "1")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        parts = QVBoxLayout(inside)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(0)
        self._remarks = _Part(look, say("duty.remarks"))
        self._hint = _Part(look, say("fill.help.hint"))
        self._method = _Part(look, say("fill.help.method"))
        self._basis = _Part(look, say("fill.help.basis"))
        self._major = _Part(look, say("fill.help.major"))
        self._candidate = _Part(look, say("fill.help.candidate"))
        self._photo = _Part(look, say("fill.help.photo"))
        self._config = _Part(look, say("fill.help.config"))
        self._applies = _Part(look, say("fill.help.applies"))
        self._parts = (
            self._remarks, self._hint, self._method, self._basis, self._major, self._candidate, self._photo,
            self._config, self._applies,
        )  # fmt: skip
        for part in self._parts:
            parts.addWidget(part)
        parts.addStretch(1)
        self._past: PastPart | None = None
        self._area.setWidget(inside)
        column.addWidget(self._area, 1)

    def add_past(self, part: PastPart) -> None:
        """What was found at this school before, under everything else."""
        layout = self._inside.layout()
        assert isinstance(layout, QVBoxLayout)
        self._past = part
        layout.insertWidget(layout.count() - 1, part)

    def set_overlay(self, over: bool) -> None:
        """Whether it lies over the list: then it draws its own edge."""
        self._is_over = over
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(1 if over else 0, 0, 0, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_over:
            painter = QPainter(self)
            painter.fillRect(0, 0, 1, self.height(), self._look.colour("line_strong"))
            painter.end()

    def show_row(self, row: Row, again: bool = False) -> None:
        """The help of an item; `again` when more is known of it now."""
        item, hint = row.item, row.hint.in_language(self._texts.language)
        if (item.id, hint, row.remarks) == self._shown and not again:
            return
        self._shown = (item.id, hint, row.remarks)
        say, language = self._texts.say, self._texts.language
        self._title.setText(say("fill.help.title", item=shown_id(row)).strip())
        self._remarks.say(*row.remarks, *(say("duty.whole_remark", text=text) for text in self.whole_remarks))
        self._hint.say(hint)
        judged = bool(item.basis) or item.method.zh != "" or item.answer.kind is AnswerKind.CONFORMITY
        none = say("fill.help.none") if judged else ""
        self._method.say(item.method.in_language(language) or none)
        cited = self._form.citations(item.basis)
        unread = say("fill.help.unverified") if any(UNREAD in c for c in cited) else ""
        self._basis.say(*cited, unread)
        criterion = self._form.cite(item.criterion) if item.criterion is not None else ""
        reason = item.reason.in_language(language)
        if not judged:
            self._major.say()
        elif item.severity is Severity.MAJOR:
            self._major.say(say("fill.help.direct"), criterion, reason)
        elif item.severity is Severity.CANDIDATE:
            self._major.say(say("fill.help.is_candidate"), criterion, reason)
        elif criterion:
            self._major.say(say("fill.help.raise"), criterion, reason)
        else:
            self._major.say(say("fill.help.never"), reason)
        self._candidate.say(item.candidate.in_language(language))
        self._photo.say(item.photo_note.in_language(language))
        if self._past is not None:
            self._past.show_row(row)
        self._config.say(item.config_note.in_language(language))
        self._applies.say(item.applies_text.in_language(language) if item.applies else "")
        if not self.shown_text().strip():
            self._hint.say(say("fill.help.nothing"))
        if not again:
            self._area.verticalScrollBar().setValue(0)
        # the labels have other heights now: lay them out before they are painted, not a frame later
        for part in self._parts:
            part.settle()
        layout = self._inside.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()

    def shown_text(self) -> str:
        """Everything it says, for tests."""
        past = self._past.text() if self._past is not None and not self._past.isHidden() else ""
        return "\n".join([*(part.text() for part in self._parts), past])

    def stop(self) -> QWidget:
        """What takes the Tab key."""
        return self._close

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self._area.verticalScrollBar()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())] * self._look.metrics.px(20))
        else:
            super().keyPressEvent(event)
