"""What was answered at this school before, as lines of the help panel: answers, open findings, the repeat notice,
photos."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safetyapp.domain.address import item_of
from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import ItemId, Severity
from safetyapp.texts import Texts
from safetyapp.ui.item_rows import Row
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Chip, ChipLabel, IconLabel, Label, Line
from safetyapp.ui.photo_thumbs import Thumb, Thumbs
from safetyapp.ui.row_words import last_text
from safetyapp.ui.value_words import field_text
from safetyapp.workflow.past import NO_PAST

if TYPE_CHECKING:
    from safetyapp.domain.ledger import LedgerRow
    from safetyapp.workflow.past import ItemPast, PastAnswer

MOST_PHOTOS = 3
_CHIPS = {Severity.MAJOR: Chip.MAJOR, Severity.CANDIDATE: Chip.MINOR, Severity.GENERAL: Chip.MINOR}


class PastPart(QWidget):
    """Made anew for each item that has a past: there are few lines, and most items have none."""

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs, on: date) -> None:
        super().__init__()
        self._look, self._texts, self._thumbs, self._on = look, texts, thumbs, on
        self._past: Mapping[ItemId, ItemPast] | None = None
        self._failed = False
        self._said: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._inside: QWidget | None = None

    def set_past(self, past: Mapping[ItemId, ItemPast]) -> None:
        self._past = past

    def set_failed(self) -> None:
        self._failed = True

    def text(self) -> str:
        """All it says."""
        return "\n".join(self._said)

    def show_row(self, row: Row) -> None:
        """The past of an item; nothing for what is only said and not asked."""
        if self._inside is not None:
            self._column.removeWidget(self._inside)
            self._inside.deleteLater()
            self._inside = None
        self._said = []
        past = self._past.get(ItemId(item_of(row.id))) if self._past is not None else None
        if not row.is_asked or (past is None and self._past is not None and row.last is None):
            self.hide()
            return
        px = self._look.metrics.px
        self._inside = QWidget()
        outer = QVBoxLayout(self._inside)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        lines = QVBoxLayout()
        lines.setContentsMargins(px(14), px(10), px(14), px(10))
        lines.setSpacing(px(4))
        outer.addLayout(lines)
        outer.addWidget(Line(self._look))
        if past is None and self._past is not None:
            past = NO_PAST
        if past is None:
            state = "failed" if self._failed else "reading"
            self._head(lines, "heading")
            self._line(lines, self._texts.say(f"fill_aids.past.{state}"), "ink2")
        else:
            self._show_past(lines, row, past)
        self._column.addWidget(self._inside)
        self._inside.show()
        self.show()

    def _show_past(self, lines: QVBoxLayout, row: Row, past: ItemPast) -> None:
        say = self._texts.say
        is_told = bool(past.open) or any(answer.outcome is Outcome.FAIL for answer in past.answers)
        if past.answers or not is_told:
            self._head(lines, "heading")
        for answer in past.answers:
            self._answer(lines, row, answer)
        if not is_told and row.last is not None:  # longer ago than the reports that are looked into
            self._line(lines, last_text(self._texts, row))
        if past.found_in_a_year:
            self._repeat(lines, say("fill_aids.past.repeat", n=past.found_in_a_year + 1))
        if past.open:
            self._head(lines, "open_heading")
        for finding in past.open:
            self._open(lines, finding)
        if past.photos and past.photos_on is not None:
            self._head(lines, "photos", date=past.photos_on.strftime("%m-%d"))
            strip = QHBoxLayout()
            strip.setSpacing(self._look.metrics.px(8))
            for number, link in enumerate(past.photos[:MOST_PHOTOS], 1):
                thumb = Thumb(self._look, self._texts, self._thumbs, self)
                thumb.setEnabled(False)
                thumb.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                thumb.show_past(number, link, past.photos_on)
                strip.addWidget(thumb)
            strip.addStretch(1)
            lines.addLayout(strip)

    def _head(self, lines: QVBoxLayout, key: str, **facts: object) -> None:
        text = self._texts.say(f"fill_aids.past.{key}", **facts)
        if self._said:
            lines.addSpacing(self._look.metrics.px(6))
        self._said.append(text)
        lines.addWidget(Label(self._look, text, Style.SMALL_STRONG, "ink2"))

    def _line(self, lines: QVBoxLayout, text: str, colour: str = "ink") -> None:
        self._said.append(text)
        lines.addWidget(Label(self._look, text, Style.COMPACT, colour, wrap=True))

    def _answer(self, lines: QVBoxLayout, row: Row, answer: PastAnswer) -> None:
        say = self._texts.say
        chip, word = self._result(row, answer)
        state = ""
        if answer.outcome is Outcome.FAIL and answer.level is not None:
            state = say("fill_aids.past.closed" if answer.closed else "fill_aids.past.is_open")
        line = QHBoxLayout()
        line.setSpacing(self._look.metrics.px(8))
        day = Label(self._look, answer.on.isoformat(), Style.COMPACT, elide=Qt.TextElideMode.ElideNone)
        line.addWidget(day)
        line.addWidget(ChipLabel(self._look, chip, word, "check" if chip is Chip.OK else ""))
        after = Label(self._look, "  ".join(part for part in (state, answer.who) if part), Style.SMALL, "ink2")
        after.setToolTip(answer.who)
        line.addWidget(after, 1)
        lines.addLayout(line)
        self._said.append("  ".join(part for part in (answer.on.isoformat(), word, state, answer.who) if part))

    def _result(self, row: Row, answer: PastAnswer) -> tuple[Chip, str]:
        """The outcome in a chip; of a number or a day the value itself."""
        say = self._texts.say
        words = {Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.NA: "na"}
        word = say(f"fill.outcome.{words[answer.outcome]}") if answer.outcome in words else ""
        if row.is_field and answer.outcome is not Outcome.NA:
            unit = row.item.answer.unit.in_language(self._texts.language)
            word = f"{field_text(self._texts, row.kind, answer.value)} {unit}".strip()
        if answer.outcome is Outcome.FAIL:
            return _CHIPS[answer.level or Severity.GENERAL], word
        return (Chip.OK if answer.outcome is Outcome.PASS else Chip.NEUTRAL), word or say("fill_aids.past.noted")

    def _repeat(self, lines: QVBoxLayout, text: str) -> None:
        self._said.append(text)
        line = QHBoxLayout()
        line.setSpacing(self._look.metrics.px(6))
        line.addWidget(IconLabel(self._look, "repeat", 16, "ink"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(self._look, text, Style.COMPACT, wrap=True), 1)
        lines.addLayout(line)

    def _open(self, lines: QVBoxLayout, finding: LedgerRow) -> None:
        say, late = self._texts.say, finding.overdue_days(self._on)
        self._line(lines, "  ".join(part for part in (finding.place, finding.text) if part))
        day = finding.deadline.isoformat()
        due = say("fill_aids.past.overdue", date=day, n=late) if late else say("fill_aids.past.due", date=day)
        self._said.append(due)
        lines.addWidget(
            Label(self._look, due, Style.SMALL_STRONG if late else Style.SMALL, "over" if late else "ink2", wrap=True)
        )
