"""What is open under the current item: why a value could not be read, the case, further readings, the finding, photos,
note. One such widget lives in the list's viewport and is reused for every item."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMoveEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from safetyapp.domain.form import Form, Item, ItemId, Severity
from safetyapp.domain.inspection import Inspection
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.answer_panels import AnswerPanels, panel_of
from safetyapp.ui.finding_editor import FindingEditor
from safetyapp.ui.item_readings import ItemReadings
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.labelled_field import Field, Pair
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import Snap
from safetyapp.ui.parts import Button, IconLabel, Kind, Label, Option, Segment
from safetyapp.ui.photo_strip import PhotoStrip
from safetyapp.ui.photo_thumbs import Thumbs
from safetyapp.ui.phrase_popup import Phrases

INDENT = 17
"""px at 100 %: content stands this far right of the bar."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which item and finding are shown, and how much of them."""

    address: ItemId
    item: Item
    ordinal: int
    opened: bool


class ItemBody(QWidget):
    """The open part of an item. It shows; the screen decides what is kept."""

    height_changed = Signal()
    case_chosen = Signal(str)
    readings_changed = Signal()
    entered = Signal()
    """Enter in a reading: go on."""
    finding_chosen = Signal(int)
    another_wanted = Signal()
    drop_wanted = Signal()
    note_written = Signal(str)
    closed = Signal()
    touched = Signal()
    """Something was written that is not handed over yet, or now is."""

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self.place: Place | None = None
        self._quiet = False
        self._tabs: Segment | None = None
        self._ordinals: tuple[int, ...] = ()
        px, say = look.metrics.px, texts.say
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(px(INDENT), 0, 0, px(12))
        column.setSpacing(px(8))

        self._error = QWidget()
        error = QHBoxLayout(self._error)
        error.setContentsMargins(0, 0, 0, 0)
        error.setSpacing(px(6))
        error.addStretch(1)
        error.addWidget(IconLabel(look, "alert-circle", 16, "ink"))
        self._error_text = Label(look, "", Style.SMALL, "ink", elide=Qt.TextElideMode.ElideNone)
        error.addWidget(self._error_text)
        self._error.hide()
        column.addWidget(self._error)

        self.answer = AnswerPanels(look, texts)
        self.answer.entered.connect(self.entered)
        self.answer.height_changed.connect(self.height_changed)
        self.answer.touched.connect(self.touched)
        column.addWidget(self.answer)
        self._media = Label(look, "", Style.SMALL, "ink2", wrap=True)
        column.addWidget(self._media)

        self.case = QComboBox()
        self.case.setAccessibleName(say("fill.field.case"))
        self.case.activated.connect(self._on_case)
        self.case.setMinimumWidth(px(220))
        self._case_row = QWidget()
        case = QHBoxLayout(self._case_row)
        case.setContentsMargins(0, 0, 0, 0)
        case.setSpacing(px(12))
        case.addWidget(Label(look, say("fill.field.case"), Style.COMPACT, "ink"), 1)
        case.addWidget(self.case)
        column.addWidget(self._case_row)

        self.readings = ItemReadings(look, texts, self)
        self.readings.changed.connect(self._on_reading)
        self.readings.entered.connect(self.entered)
        self.readings.moved.connect(lambda by: self.focusNextPrevChild(by > 0))
        self.readings.given_up.connect(self.closed)
        self.readings.touched.connect(self.touched)
        column.addLayout(self.readings.box)

        self._tabs_row = QWidget()
        self._tabs_box = QHBoxLayout(self._tabs_row)
        self._tabs_box.setContentsMargins(0, 0, 0, 0)
        self.drop = Button(look, say("fill.field.finding_drop"), icon="trash", kind=Kind.LINK, height=28)
        self.drop.clicked.connect(self.drop_wanted)
        self._tabs_box.addStretch(1)
        self._tabs_box.addWidget(self.drop)
        column.addWidget(self._tabs_row)

        self.finding = FindingEditor(look, texts)
        self.finding.height_changed.connect(self.height_changed)
        self.finding.touched.connect(self.touched)
        column.addWidget(self.finding)

        self.photos = PhotoStrip(look, texts, thumbs)
        self.photos.height_changed.connect(self.height_changed)
        self._basis = Label(look, "", Style.SMALL, "ink2", wrap=True, align=Qt.AlignmentFlag.AlignRight)
        self.basis_button = Button(look, say("fill.field.basis_change"), kind=Kind.LINK, height=20)
        self.basis_button.clicked.connect(self._offer_basis)
        self.another = Button(look, say("fill.field.finding_add"), keys="Ctrl Enter", kind=Kind.LINK, height=20)
        self.another.clicked.connect(self.another_wanted)
        self._missing = Label(look, "", Style.SMALL, "ink", wrap=True, align=Qt.AlignmentFlag.AlignRight)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self._basis)
        links = QHBoxLayout()
        links.setSpacing(px(8))
        links.addStretch(1)
        links.addWidget(self.another)
        links.addWidget(self.basis_button)
        right.addLayout(links)
        right.addWidget(self._missing)
        right.addStretch(1)
        self._foot = Pair(look, self.photos, self._right)
        column.addWidget(self._foot)

        self.note = QLineEdit()
        self.note.setPlaceholderText(say("fill.note_hint"))
        self.note.setAccessibleName(say("fill.note"))
        self.note.setMaxLength(2000)
        self.note.editingFinished.connect(self._on_note)
        self.note.textEdited.connect(lambda _: self.touched.emit())
        self._note_field = Field(look, say("fill.note"), self.note)
        column.addWidget(self._note_field)

    # showing

    def show_row(
        self, row: Row, form: Form, inspection: Inspection, places: tuple[str, ...], opened: bool, ordinal: int,
        note: bool, phrases: Phrases | None, waiting: dict[str, str],
    ) -> int:  # fmt: skip
        """Shows an item, open or only with its case and readings; answers with the finding's number that is shown."""
        self._quiet = True
        item, fresh = row.item, self.place is None or self.place.address != row.id
        if fresh:
            self.flush()
        self.answer.show_row(row)
        self._show_media(item)
        self._show_case(row)
        self.readings.show(row, form, inspection, waiting)
        findings = row.findings if row.fails else ()
        shown = next((f for f in findings if f.ordinal == ordinal), findings[0] if findings else None)
        has_finding = opened and shown is not None
        if has_finding and shown is not None:
            self.finding.phrases = phrases or self.finding.phrases
            if fresh or not self.finding.taken(shown):
                self.finding.show_finding(form, row, shown, inspection.inspected_on, places)
            self._show_tabs(tuple(f.ordinal for f in findings), shown.ordinal)
            joined = self._texts.say("fill.field.basis_joint").join(shown.basis)
            empty = self._texts.say("fill.field.basis_none")
            self._basis.setText(self._texts.say("fill.field.basis", what=joined) if joined else empty)
            self._missing.setText(fill_words.missing_text(self._texts, row.missing))
        else:
            self.finding.forget()
        self.finding.setVisible(has_finding)
        self._tabs_row.setVisible(has_finding and len(findings) > 1)
        self._right.setVisible(has_finding)
        self._missing.setVisible(has_finding and bool(row.missing))
        with_after = (has_finding and shown is not None and shown.fixed_on_spot) or row.after_photos > 0
        links = inspection.photos_of(row.id)
        with_photos = opened or row.way is Way.PHOTOS
        if with_photos and (fresh or links != self.photos.links or with_after is self.photos.add_after.isHidden()):
            self.photos.show_links(links, with_after, inspection)
        self._foot.setVisible(with_photos)
        text = row.answer.note if row.answer is not None and not item.answer.other else ""
        if not self.note.hasFocus():
            self.note.setText(text)
        self._note_field.setVisible((opened and bool(text)) or note)
        self.place = Place(row.id, item, shown.ordinal if shown else 1, opened)
        self.setAccessibleName(self._texts.say("fill.field.details_name", item=row.id))
        self._quiet = False
        self.update()
        return self.place.ordinal

    def is_needed(self, row: Row) -> bool:
        """Whether a current item has something to show even while it is not open."""
        answer = row.item.answer
        if panel_of(row) is not None or row.way is Way.PHOTOS or row.item.media:
            return True
        return len(answer.choices()) > 1 or bool(answer.readings) or not self._error.isHidden()

    def _show_media(self, item: Item) -> None:
        say = self._texts.say
        lines = [
            say(f"fill.media.{media.kind}", what=media.caption.in_language(self._texts.language) or media.file)
            for media in item.media
        ]
        self._media.setText("\n".join(lines))
        self._media.setVisible(bool(lines))

    def show_error(self, sentence: str) -> None:
        """The sentence beside a value that could not be read; empty takes it away."""
        changed = self._error.isHidden() is bool(sentence)
        self._error_text.setText(sentence)
        self._error.setVisible(bool(sentence))
        if changed and not self._quiet:
            self.height_changed.emit()

    def error(self) -> str:
        return "" if self._error.isHidden() else self._error_text.text()

    def flush(self) -> None:
        """Hands over everything that is written and not handed over yet."""
        self.answer.flush()
        self.finding.flush()
        if self.note.isVisible() and self.note.isModified():
            self._on_note()
        if self.place is not None and any(row.is_modified() for row in self.readings.used()):
            self._on_reading()

    def is_being_written(self) -> bool:
        """Whether something stands in its fields that was not handed over yet."""
        if self.answer.is_being_written():
            return True
        if self.place is None or self.isHidden():
            return self.finding.is_being_written()
        fields = [self.note, *(row.field for row in self.readings.used())]
        return self.finding.is_being_written() or any(f.hasFocus() and f.isModified() for f in fields)

    def leave(self) -> None:
        """Nothing of an item is shown any more: what is written is handed over first."""
        self.flush()
        self.answer.leave()
        self.finding.forget()
        self.show_error("")
        self.place = None
        self.hide()

    def wanted_height(self, width: int) -> int:
        """The height it wants at a width."""
        self._set_width(width)
        self.finding.renew_layout()
        self._foot.renew_layout()
        self._column.invalidate()
        self._column.activate()
        if self._column.hasHeightForWidth():
            return self._column.totalHeightForWidth(width)
        return self._column.totalSizeHint().height()

    def _set_width(self, width: int) -> None:
        inner = width - self._look.metrics.px(INDENT)
        self.finding.set_width(inner)
        self._foot.set_beside(self._look.metrics.breadth(inner) >= 520)

    def stops(self) -> list[QWidget]:
        """What takes the Tab key, in reading order."""
        editor = self.finding
        return [
            *self.answer.stops(), self.case, *(row.control for row in self.readings.rows),
            *([*self._tabs.buttons()] if self._tabs else []),
            self.drop, editor.place, *editor.level.buttons(), editor.fixed, editor.phrase_button, editor.text,
            editor.action, *editor.deadline.buttons(), editor.criterion, editor.reason, *self.photos.stops(),
            self.another, self.basis_button, self.note,
        ]  # fmt: skip

    def _show_case(self, row: Row) -> None:
        choices = row.item.answer.choices()
        self._case_row.setVisible(len(choices) > 1)
        if len(choices) < 2:
            return
        labels = [c.label.in_language(self._texts.language) for c in choices]
        if [self.case.itemText(i) for i in range(self.case.count())] != labels:
            self.case.clear()
            for choice, label in zip(choices, labels, strict=True):
                self.case.addItem(label, choice.id)
        self.case.setAccessibleName(self._texts.say("fill.field.case_name", item=row.id))
        chosen = row.answer.case if row.answer is not None and row.answer.case else choices[0].id
        if self.place is None or self.place.address != row.id or row.answer is not None:
            self.case.setCurrentIndex(max(0, self.case.findData(chosen)))

    def chosen_case(self, item: str) -> str:
        """The case to answer an item with; empty where there is nothing to choose."""
        shown = self.place is not None and self.place.address == item and not self._case_row.isHidden()
        return str(self.case.currentData() or "") if shown else ""

    def _show_tabs(self, ordinals: tuple[int, ...], chosen: int) -> None:
        if len(ordinals) < 2:
            return
        if ordinals != self._ordinals or self._tabs is None:
            if self._tabs is not None:
                self._tabs_box.removeWidget(self._tabs)
                self._tabs.deleteLater()
            say = self._texts.say
            options = [Option(n, say("fill.field.finding_tab", n=place)) for place, n in enumerate(ordinals, 1)]
            self._tabs = Segment(self._look, options, chosen, name=say("fill.field.text_name"), height=28)
            self._tabs.chosen.connect(self._on_tab)
            self._tabs_box.insertWidget(0, self._tabs)
            self._ordinals = ordinals
        self._tabs.set_value(chosen)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.finding.popup.close_it()

    # what is done

    def _on_tab(self, value: object) -> None:
        if isinstance(value, int):
            self.finding.flush()
            self.finding_chosen.emit(value)

    def _on_case(self, _: int) -> None:
        if self.place is not None:
            self.case_chosen.emit(self.chosen_case(self.place.address))

    def _on_reading(self) -> None:
        if not self._quiet:
            self.readings_changed.emit()

    def _on_note(self) -> None:
        if not self._quiet and self.place is not None and self.note.isModified():
            self.note.setModified(False)
            self.note_written.emit(self.note.text().strip())

    def _offer_basis(self) -> None:
        self.finding.offer_basis(self.basis_button.mapToGlobal(QPoint(0, self.basis_button.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar at the left, in the finding's colour."""
        if self.finding.isHidden():
            return
        painter = QPainter(self)
        token = "major_fill" if self.finding.level.value() is Severity.MAJOR else "minor_fill"
        snap = Snap.of(painter)
        bottom = self.height() - self._look.metrics.px(12)
        painter.fillRect(QRectF(0, 0, snap.length(self._look.metrics.px(3)), bottom), self._look.colour(token))
        painter.end()
