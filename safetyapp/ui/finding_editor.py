"""One finding of the current item as fields, in reading order. It never saves by itself: it says what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from safetyapp.domain.form import Form, Item, Severity
from safetyapp.domain.gaps import is_lowered
from safetyapp.domain.inspection import Finding
from safetyapp.domain.phrases import Field as PhraseField
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.finding_choices import DAYS, basis_menu, deadline_options, level_options
from safetyapp.ui.item_fields import DayPopup, GrowingText
from safetyapp.ui.item_rows import Row
from safetyapp.ui.labelled_field import Field, Pair
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Chip, ChipLabel, Kind, Label, Segment
from safetyapp.ui.phrase_popup import PhrasePopup, Phrases
from safetyapp.ui.row_words import last_text

SAVE_AFTER = 300
"""Milliseconds after a stroke at which the text is handed over, whether there is a rest or not."""
TWO_COLUMNS = 520
"""px at 100 %: below this the fields stand under each other."""


class FindingEditor(QWidget):
    """The fields of one finding. `written(finding)` comes 300 ms after the first stroke that was not handed over yet,
    however long the writing goes on, and at once when it is left, chosen or closed."""

    written = Signal(object)
    touched = Signal()
    """A stroke that is not handed over yet, or the end of that."""
    height_changed = Signal()

    def __init__(self, look: Look, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._texts = look, texts
        self._finding: Finding | None = None
        self._item: Item | None = None
        self._form: Form | None = None
        self._on = date.min
        self._quiet = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER)
        self._timer.timeout.connect(self.flush)
        self._day_popup: DayPopup | None = None
        self.phrases = Phrases()
        self._build()
        self._quiet = False

    def _build(self) -> None:
        look, px, say = self._look, self._look.metrics.px, self._texts.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))

        self.place = QComboBox()
        self.place.setEditable(True)
        self.place.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.place.setMaxVisibleItems(12)
        self.place.setAccessibleName(say("fill.field.place_name"))
        self.place.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.place.setMinimumContentsLength(6)
        line = self.place.lineEdit()
        assert line is not None
        line.setPlaceholderText(say("fill.field.place_hint"))
        line.setAccessibleName(say("fill.field.place_name"))
        line.setMaxLength(200)
        completer = self.place.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.place.editTextChanged.connect(self._on_stroke)
        self.place.activated.connect(lambda _: self.flush())
        line.editingFinished.connect(self.flush)
        place = Field(look, say("fill.field.place"), self.place)

        self.level = Segment(look, level_options(self._texts), Severity.GENERAL, name=say("fill.field.level_name"))
        self.level.chosen.connect(self._on_level)
        self.fixed = QCheckBox(say("fill.field.fixed"))
        self.fixed.toggled.connect(self._on_choice)
        level_row = QWidget()
        row = QHBoxLayout(level_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addWidget(self.level, 1)
        row.addWidget(self.fixed)
        self._level_field = Field(look, say("fill.field.level"), level_row)
        self._pairs = [Pair(look, place, self._level_field)]
        column.addWidget(self._pairs[0])
        self._candidate = Label(look, "", Style.SMALL, "ink2", wrap=True)
        column.addWidget(self._candidate)
        self._repeats = QWidget()
        again = QHBoxLayout(self._repeats)
        again.setContentsMargins(0, 0, 0, 0)
        again.setSpacing(px(8))
        again.addWidget(ChipLabel(look, Chip.OUTLINE, say("fill.repeats")), 0, Qt.AlignmentFlag.AlignTop)
        self._last = Label(look, "", Style.SMALL, "ink2", wrap=True)
        again.addWidget(self._last, 1)
        column.addWidget(self._repeats)

        self.text = GrowingText(look)
        self.text.setPlaceholderText(say("fill.field.text_hint"))
        self.text.setAccessibleName(say("fill.field.text_name"))
        self.text.edited.connect(self._on_stroke)
        self.text.left.connect(self.flush)
        self.text.height_changed.connect(self.height_changed)
        self.phrase_button = Button(look, say("fill.field.phrases"), keys="Ctrl ;", kind=Kind.LINK, height=18)
        self.phrase_button.clicked.connect(self.offer_phrases)
        column.addWidget(Field(look, say("fill.field.text"), self.text, self.phrase_button))

        self.action = QLineEdit()
        self.action.setAccessibleName(say("fill.field.action"))
        self.action.textEdited.connect(self._on_stroke)
        self.action.editingFinished.connect(self.flush)
        action = Field(look, say("fill.field.action"), self.action)
        self.deadline = Segment(look, deadline_options(self._texts), None, name=say("fill.field.deadline_name"))
        self.deadline.buttons()[-1].setAccessibleName(say("fill.field.deadline_date_name"))
        self.deadline.buttons()[-1].clicked.connect(self._pick_day)
        self.deadline.chosen.connect(self._on_deadline)
        self._deadline_day = Label(look, "", Style.SMALL, "ink2", elide=Qt.TextElideMode.ElideNone)
        self._pairs.append(
            Pair(look, action, Field(look, say("fill.field.deadline"), self.deadline, self._deadline_day))
        )
        column.addWidget(self._pairs[1])

        self.popup = PhrasePopup(look, self._texts, self)
        self.popup.attach(self.text, lambda typed: self.phrases.offered(PhraseField.TEXT, typed))
        self.popup.attach(self.action, lambda typed: self.phrases.offered(PhraseField.ACTION, typed))
        self.text.edited.connect(lambda: self.popup.typed(self.text))
        self.action.textEdited.connect(lambda _: self.popup.typed(self.action))

        self.criterion = QLineEdit()
        self.criterion.setPlaceholderText(say("fill.field.criterion_hint"))
        self.criterion.setAccessibleName(say("fill.field.criterion_name"))
        self._criterion_field = self._extra_field("fill.field.criterion", self.criterion)
        column.addWidget(self._criterion_field)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(say("fill.field.reason_hint"))
        self.reason.setAccessibleName(say("fill.field.reason_name"))
        self._reason_field = self._extra_field("fill.field.reason", self.reason)
        column.addWidget(self._reason_field)

    def _extra_field(self, key: str, field: QLineEdit) -> Field:
        field.textEdited.connect(self._on_stroke)
        field.editingFinished.connect(self.flush)
        made = Field(self._look, self._texts.say(key), field)
        made.hide()
        return made

    # what is shown

    @property
    def finding(self) -> Finding | None:
        """The finding as it stands in the fields."""
        return self._read() if self._finding is not None else None

    def show_finding(self, form: Form, row: Row, finding: Finding, on: date, places: tuple[str, ...]) -> None:
        """Shows a finding. What was not handed over before is handed over first; of the same finding that is newer than
        what was to be shown, and stays."""
        before = self._finding
        fresh = before is None or (before.item, before.ordinal) != (finding.item, finding.ordinal)
        self.flush()
        if not fresh and self._finding is not before:
            return
        item = row.item
        self._quiet = True
        self._form, self._item, self._finding, self._on = form, item, finding, on
        if fresh or [self.place.itemText(i) for i in range(self.place.count())] != list(places):
            self.place.clear()
            self.place.addItems(list(places))
        self.place.setEditText(finding.place)
        self.level.set_value(finding.severity)
        self.fixed.setChecked(finding.fixed_on_spot)
        if fresh:
            self.text.document().clearUndoRedoStacks()
        self.text.set_text(finding.text)
        if fresh:
            self.text.document().clearUndoRedoStacks()
        if self.action.text() != finding.action:
            self.action.setText(finding.action)
            self.action.setCursorPosition(0)
        self.criterion.setText(finding.criterion)
        self.reason.setText(finding.severity_reason)
        self._show_deadline(finding.deadline)
        level = self._texts.say(f"fill.severity.{item.severity.value}")
        why = item.reason.in_language(self._texts.language)
        self._level_field.extra.setText(self._texts.say("fill.field.level_default", level=level, reason=why))
        self._level_field.extra.setToolTip(why)
        self._show_extras(finding.severity)
        candidate = item.candidate.in_language(self._texts.language)
        self._candidate.setText(self._texts.say("fill.field.candidate", what=candidate) if candidate else "")
        self._candidate.setVisible(bool(candidate))
        last = last_text(self._texts, row)
        self._last.setText(last)
        self._repeats.setVisible(bool(finding.repeats or last))
        self.setAccessibleName(self._texts.say("fill.field.finding_name", item=row.id))
        self._quiet = False
        self.update()

    def forget(self) -> None:
        """Hands over what is written and shows nothing any more."""
        self.flush()
        self._finding = None

    def set_width(self, width: int) -> None:
        beside = self._look.metrics.breadth(width) >= TWO_COLUMNS
        for pair in self._pairs:
            pair.set_beside(beside)

    def renew_layout(self) -> None:
        """What it wants to be high after its fields have moved, now and not with the next event."""
        for pair in self._pairs:
            pair.renew_layout()
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            layout.activate()

    def _show_deadline(self, day: date) -> None:
        days = (day - self._on).days
        self.deadline.set_value(days if days in DAYS else "date")
        self._deadline_day.setText(fill_words.long_day(self._texts, day))

    def _show_extras(self, severity: Severity) -> bool:
        item = self._item
        lowered = item is not None and is_lowered(item.severity, severity)
        wanted = ((self._criterion_field, severity is Severity.MAJOR), (self._reason_field, lowered))
        changed = any(field.isHidden() is shown for field, shown in wanted)
        for field, shown in wanted:
            field.setVisible(shown)
        return changed

    # what is written

    def _read(self) -> Finding:
        assert self._finding is not None
        severity = self.level.value()
        return replace(
            self._finding,
            place=self.place.currentText().strip(),
            severity=severity if isinstance(severity, Severity) else self._finding.severity,
            fixed_on_spot=self.fixed.isChecked(),
            text=self.text.toPlainText().strip(),
            action=self.action.text().strip(),
            criterion=self.criterion.text().strip(),
            severity_reason=self.reason.text().strip(),
        )

    def _on_stroke(self) -> None:
        if not self._quiet and self._finding is not None and not self._timer.isActive():
            self._timer.start()
            self.touched.emit()

    def is_being_written(self) -> bool:
        """Whether a stroke waits to be handed over."""
        return self._timer.isActive()

    def _on_choice(self) -> None:
        if not self._quiet:
            self.flush(force=True)

    def flush(self, force: bool = False) -> None:
        """Hands over what is written, if it differs from what was handed over last."""
        was_touched = self._timer.isActive()
        self._timer.stop()
        if self._finding is None or self._quiet:
            return
        now = self._read()
        if now != self._finding:
            self._finding = now
            self.written.emit(now)
        elif was_touched:
            self.touched.emit()

    def taken(self, finding: Finding) -> bool:
        """Whether this is what stands in the fields already (spaces at the ends aside)."""
        return self._finding is not None and self._read() == finding

    def _on_level(self, value: object) -> None:
        if self._quiet or self._form is None or self._item is None or not isinstance(value, Severity):
            return
        if value is Severity.MAJOR and not self.criterion.text().strip() and self._item.criterion is not None:
            self.criterion.setText(self._form.cite(self._item.criterion))
        if self._show_extras(value):
            self.height_changed.emit()
        self.flush()
        self.update()
        if value is Severity.MAJOR and not self.criterion.text().strip():
            self.criterion.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_deadline(self, value: object) -> None:
        if not self._quiet and isinstance(value, int):
            self._set_deadline(self._on + timedelta(days=value))

    def _pick_day(self) -> None:
        if self._finding is None:
            return
        if self._day_popup is None:
            self._day_popup = DayPopup(self._look, self._texts.language, self)
            self._day_popup.chosen.connect(self._set_deadline)
        button = self.deadline.buttons()[-1]
        at = button.mapToGlobal(QPoint(0, button.height()))
        self._day_popup.pop_up(at, self._finding.deadline, earliest=self._on)

    def _set_deadline(self, day: date) -> None:
        if self._finding is None:
            return
        self.flush()
        self._finding = replace(self._finding, deadline=day)
        self._quiet = True
        self._show_deadline(day)
        self._quiet = False
        self.written.emit(self._finding)

    def set_basis(self, basis: tuple[str, ...]) -> None:
        """What is cited."""
        if self._finding is not None and basis != self._finding.basis:
            self.flush()
            self._finding = replace(self._finding, basis=basis)
            self.written.emit(self._finding)

    def set_place(self, place: str) -> None:
        self.place.setEditText(place)
        self.flush()

    # phrases and citations

    def offer_phrases(self) -> None:
        """Ctrl+;: sentences for the field one writes in; the chosen one takes the place of what was begun, or of an
        untouched proposal."""
        if self._finding is None:
            return
        if self.action.hasFocus():
            self.popup.offer(self.action, untouched=next(iter(self.phrases.action), ""))
        else:
            self.popup.offer(self.text, untouched=next(iter(self.phrases.text), ""))

    def offer_basis(self, at: QPoint) -> None:
        """A menu of what may be cited."""
        if self._form is None or self._item is None or self._finding is None:
            return
        offered = [*self._form.citations(self._item.basis), *self._finding.basis]
        basis_menu(self, self._texts, offered, self._finding.basis, self.set_basis).popup(at)
