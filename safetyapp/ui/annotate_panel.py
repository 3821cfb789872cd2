"""The panel beside the picture: how marks look, which there are, the photo's caption, and what its original is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from safetyapp.domain.inspection import PhotoLink
from safetyapp.domain.photo_marks import LONGEST_TEXT, Mark, MarkColour, MarkKind, Thickness
from safetyapp.texts import Texts
from safetyapp.ui.annotate_model import CROP, ICONS, Marking, Tool
from safetyapp.ui.annotate_parts import Field, MarkList, Swatch, Tinted
from safetyapp.ui.icons import icon
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, IconLabel, Label, Line, Option, Segment

PANEL = 286
_MOST_ROWS = 6
LONGEST_CAPTION = 40


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What is told of a photo beside what its link says: its item, as people call it, and other items where it is seen
    without the redaction that it has here."""

    item: str
    elsewhere: tuple[str, ...] = ()


class AnnotatePanel(QScrollArea):
    """Shows one photo's marks and facts. `captioned(text)` when the caption was written."""

    captioned = Signal(str)
    leave_field = Signal()
    """Enter in a field: back to the picture."""

    def __init__(self, look: Look, texts: Texts, marking: Marking) -> None:
        super().__init__()
        self._look, self._texts, self._marking = look, texts, marking
        self._quiet = False
        px, say = look.metrics.px, texts.say
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(say("annotate.panel.name"))
        inner = QWidget()
        inner.setProperty("surface", "1")
        inner.setAccessibleName(say("annotate.panel.name"))
        inner.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = self._column = QVBoxLayout(inner)
        column.setContentsMargins(px(14), px(10), px(14), px(12))
        column.setSpacing(px(8))
        self._add_looks(column)
        self._add_list(column)
        self._add_caption(column)
        self._add_about(column)
        column.addStretch(1)
        column.addWidget(self._make_note())
        self.setWidget(inner)
        self.setFixedWidth(
            max(px(PANEL), inner.minimumSizeHint().width() + px(10))
        )  # words of other languages are longer
        marking.changed.connect(self._renew_list)
        marking.chosen_changed.connect(self._show_chosen)
        marking.tool_changed.connect(self._show_looks)
        look.theme_changed.connect(self._renew_list)
        self._show_looks()
        self._renew_list()

    def _head(self, text: str) -> Label:
        return Label(self._look, text, Style.SMALL, "ink2")

    def _add_looks(self, column: QVBoxLayout) -> None:
        look, say, px = self._look, self._texts.say, self._look.metrics.px
        self.hiding = Segment(
            look,
            [Option(kind, say(f"annotate.panel.{kind.value}")) for kind in (MarkKind.MOSAIC, MarkKind.BLACK)],
            name=say("annotate.panel.hiding"),
        )
        self.hiding.chosen.connect(self._marking.set_hiding)
        column.addWidget(self._head(say("annotate.panel.hiding")))
        column.addWidget(self.hiding)
        column.addWidget(Line(look))
        column.addWidget(self._head(say("annotate.panel.line")))
        row = QHBoxLayout()
        row.setSpacing(px(6))
        self._swatches = QButtonGroup(self)
        for colour in MarkColour:
            swatch = Swatch(look, colour, say(f"annotate.panel.{colour.value}"))
            swatch.clicked.connect(partial(self._on_colour, colour))
            self._swatches.addButton(swatch)
            row.addWidget(swatch)
        row.addStretch(1)
        self.thickness = Segment(
            look,
            [Option(step, say(f"annotate.panel.{step.value}")) for step in Thickness],
            name=say("annotate.panel.line"),
        )
        self.thickness.chosen.connect(self._marking.set_thickness)
        row.addWidget(self.thickness)
        column.addLayout(row)
        column.addWidget(Line(look))

    def _add_list(self, column: QVBoxLayout) -> None:
        look, say, px = self._look, self._texts.say, self._look.metrics.px
        row = QHBoxLayout()
        self._count = Label(look, "", Style.STRONG)
        row.addWidget(self._count)
        row.addStretch(1)
        self.remove = Button(look, say("annotate.panel.remove"), keys="Del", height=28)
        self.remove.clicked.connect(self._marking.remove)
        row.addWidget(self.remove)
        column.addLayout(row)
        self.list = MarkList()
        self.list.setProperty("framed", "1")
        self.list.setIconSize(QSize(px(16), px(16)))
        self.list.setAccessibleName(say("annotate.panel.list"))
        self.list.currentRowChanged.connect(self._on_row)
        column.addWidget(self.list)
        self.words = Field(say("annotate.panel.words"), LONGEST_TEXT)
        self.words.textEdited.connect(self._marking.write)
        self.words.left.connect(self.leave_field)
        self._words_head = self._head(say("annotate.panel.words"))
        column.addWidget(self._words_head)
        column.addWidget(self.words)
        column.addWidget(Line(look))

    def _add_caption(self, column: QVBoxLayout) -> None:
        say = self._texts.say
        self.label = Segment(
            self._look,
            [Option(name, say(f"annotate.panel.{name}")) for name in ("far", "near", "own")],
            name=say("annotate.panel.caption"),
        )
        self.label.chosen.connect(self._on_label)
        self.caption = Field(say("annotate.panel.caption"), LONGEST_CAPTION)
        self.caption.setPlaceholderText(say("annotate.panel.caption_hint"))
        self.caption.textEdited.connect(self._on_caption)
        self.caption.left.connect(self.leave_field)
        column.addWidget(self._head(say("annotate.panel.caption")))
        column.addWidget(self.label)
        column.addWidget(self.caption)
        column.addWidget(Line(self._look))

    def _add_about(self, column: QVBoxLayout) -> None:
        look = self._look
        column.addWidget(Label(look, self._texts.say("annotate.panel.about"), Style.SMALL_STRONG, "ink2"))
        self._about = Label(look, "", Style.SMALL, "ink2", wrap=True)
        self._elsewhere = Label(look, "", Style.SMALL_STRONG, "ink", wrap=True)
        column.addWidget(self._about)
        column.addWidget(self._elsewhere)

    def _make_note(self) -> QWidget:
        look, say, px = self._look, self._texts.say, self._look.metrics.px
        note = Tinted(look)
        column = QVBoxLayout(note)
        column.setContentsMargins(px(12), px(10), px(12), px(10))
        column.setSpacing(px(4))
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addWidget(IconLabel(look, "lock", 16, "brand"))
        row.addWidget(Label(look, say("annotate.panel.kept"), Style.SMALL_STRONG, "brand", wrap=True), 1)
        column.addLayout(row)
        column.addWidget(Label(look, say("annotate.panel.kept_more"), Style.SMALL, "brand", wrap=True))
        return note

    def stops(self) -> list[QWidget]:
        """What takes the Tab key, in order."""
        return [
            *self.hiding.buttons(), *self._swatches.buttons(), *self.thickness.buttons(), self.remove, self.list,
            self.words, *self.label.buttons(), self.caption,
        ]  # fmt: skip

    # what is shown

    def show_photo(self, link: PhotoLink, facts: PhotoFacts) -> None:
        say, photo = self._texts.say, link.photo
        if photo.taken_at is not None and photo.taken_by_clock is not None:
            clock = say(f"annotate.panel.{photo.taken_by_clock.value}")
            taken = say("annotate.panel.taken", time=f"{photo.taken_at:%Y-%m-%d %H:%M}", clock=clock)
        else:
            taken = say("annotate.panel.no_time")
        size = say("annotate.panel.size", megabytes=f"{photo.size / 1e6:.1f}", width=photo.width, height=photo.height)
        lines = (
            taken,
            size,
            say("annotate.panel.hash", hash=photo.original[:16]),
            say("annotate.panel.item", item=facts.item),
        )
        self._about.setText("\n".join(lines))
        self._about.setToolTip(photo.original)
        self.tell_elsewhere(facts.elsewhere)
        self.show_caption(link.caption)

    def tell_elsewhere(self, items: tuple[str, ...]) -> None:
        """The same photo at other items, where what is hidden here is seen."""
        said = self._texts.say("annotate.panel.elsewhere", item=self._texts.say("fill.comma").join(items))
        self._elsewhere.setText(said if items else "")
        self._elsewhere.setVisible(bool(items))

    def show_caption(self, caption: str) -> None:
        if caption != self.caption.text():
            self.caption.setText(caption)
        names = {self._texts.say(f"annotate.panel.{name}"): name for name in ("far", "near")}
        self.label.set_value(names.get(caption, "own" if caption else None))

    def _show_looks(self) -> None:
        mark = self._marking.mark()
        colour, thickness = self._marking.colour, self._marking.thickness
        hiding = self._marking.hiding
        if mark is not None and mark.kind.hides:
            hiding = mark.kind
        elif mark is not None:
            colour, thickness = mark.colour, mark.thickness
        self.hiding.set_value(hiding)
        self.thickness.set_value(thickness)
        for swatch in self._swatches.buttons():
            assert isinstance(swatch, Swatch)
            swatch.setChecked(swatch.colour is colour)
            swatch.update()

    def word_of(self, mark: Mark) -> str:
        """What a mark is called in the list."""
        return self._texts.say(f"annotate.mark.{mark.kind.value}", words=mark.text or "…")

    def _renew_list(self) -> None:
        self._quiet = True
        px, ink = self._look.metrics.px, self._look.theme.ink
        marks, crop = self._marking.marks.marks, self._marking.marks.crop
        self.list.clear()
        for mark in marks:
            self.list.addItem(QListWidgetItem(icon(ICONS[mark.kind], ink, px(16)), self.word_of(mark)))
        if crop is not None:
            self.list.addItem(QListWidgetItem(icon(Tool.CROP.icon, ink, px(16)), self._texts.say("annotate.mark.crop")))
        count = self.list.count()
        self._count.setText(self._texts.say("annotate.panel.marks", n=count))
        row = max(self.list.sizeHintForRow(0), px(28)) if count else px(28)
        self.list.setVisible(bool(count))
        self.list.setFixedHeight(min(max(count, 1), _MOST_ROWS) * row + 4)
        self._quiet = False
        self._show_chosen()

    def _show_chosen(self) -> None:
        self._quiet = True
        chosen = self._marking.chosen
        row = len(self._marking.marks.marks) if chosen == CROP else chosen
        self.list.setCurrentRow(row if row < self.list.count() else -1)
        self._quiet = False
        mark = self._marking.mark()
        self.remove.setEnabled(chosen != -1)
        has_words = mark is not None and mark.kind is MarkKind.TEXT
        self._words_head.setVisible(has_words)
        self.words.setVisible(has_words)
        if mark is not None and has_words and mark.text != self.words.text():
            self.words.setText(mark.text)
        self._show_looks()

    # what a person does

    def write_words(self) -> None:
        """Puts the cursor into the words of the chosen text, all of them marked: what is typed takes their place."""
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self.words.selectAll()

    def _on_row(self, row: int) -> None:
        if not self._quiet:
            self._marking.choose(CROP if row >= len(self._marking.marks.marks) else row)

    def _on_colour(self, colour: MarkColour, _: bool = False) -> None:
        self._marking.set_colour(colour)

    def _on_label(self, name: object) -> None:
        if name == "own":
            self.caption.setFocus(Qt.FocusReason.OtherFocusReason)
            self.caption.selectAll()
            return
        self.caption.setText(self._texts.say(f"annotate.panel.{name}"))
        self.captioned.emit(self.caption.text())

    def _on_caption(self, text: str) -> None:
        self.show_caption(text)
        self.captioned.emit(text.strip())
