"""What one looks at before signing: what the inspection came to, what should be known, and what is still missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import Severity
from safetyapp.domain.gaps import Gap, GapKind, gaps
from safetyapp.domain.inspection import Finding
from safetyapp.domain.judging import outcomes, score_of
from safetyapp.domain.places import places
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.mosaic import MosaicWidget, paint_shape
from safetyapp.ui.parts import Button, Card, Chip, ChipLabel, IconLabel, Kind, Label, Line, PrimaryButton
from safetyapp.ui.photo_words import TRAY
from safetyapp.ui.place_words import place_name, score_text
from safetyapp.workflow.opened import Open

MOST_LINES = 80
"""What is listed before signing; what is more is counted: a table may lack something in a thousand cells."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of an inspection."""

    passed: int
    noted: int
    majors: int
    candidates: int
    generals: int
    not_applicable: int
    unanswered: int
    marks: str

    @classmethod
    def of(cls, opened: Open) -> Summary:
        form, inspection = opened.form, opened.inspection
        results = outcomes(form, inspection, opened.reckoned)
        live = [f for f in inspection.findings if results.get(f.item) is Outcome.FAIL]
        marks = opened.marks()
        asked = zip(marks, opened.form.asked(), strict=True)
        noted = sum(1 for mark, item in asked if mark == "p" and results.get(item.id) is not Outcome.PASS)
        return cls(
            passed=marks.count("p") - noted,
            noted=noted,
            majors=sum(1 for f in live if f.severity is Severity.MAJOR),
            candidates=sum(1 for f in live if f.severity is Severity.CANDIDATE),
            generals=sum(1 for f in live if f.severity is Severity.GENERAL),
            not_applicable=marks.count("n"),
            unanswered=marks.count("o"),
            marks=marks,
        )


class _Figure(QWidget):
    """A number over its word, with the severity's shape."""

    def __init__(self, look: Look, number: int, word: str, colour: str = "ink", shape: str = "") -> None:
        super().__init__()
        self._look, self._number, self._word, self._colour, self._shape = look, number, word, colour, shape
        self.setAccessibleName(f"{word} {number}")
        self.setFixedHeight(look.metrics.px(58))
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, px = self._look, self._look.metrics.px
        painter = QPainter(self)
        painter.setFont(look.font(Style.H1))
        painter.setPen(look.colour(self._colour))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(0, px(8), self.width(), px(26)), flags, str(self._number))
        wide = look.font_metrics(Style.SMALL).horizontalAdvance(self._word)
        lead = px(14) if self._shape else 0
        x = (self.width() - wide - lead) // 2
        if self._shape:
            side = px(10)
            place = QRect(x, px(35), side, side)
            token = "major_fill" if self._shape == "M" else "minor_fill"
            paint_shape(painter, place.toRectF(), self._shape, look.colour(token))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        painter.drawText(QRect(x + lead, px(32), wide + px(2), px(18)), Qt.AlignmentFlag.AlignVCenter, self._word)
        painter.end()


class TotalsCard(Card):
    """本次结论."""

    item_wanted = Signal(str)

    def __init__(self, look: Look, texts: Texts, opened: Open) -> None:
        super().__init__(look)
        say, px = texts.say, look.metrics.px
        summary = Summary.of(opened)
        inspection = opened.inspection
        top = QVBoxLayout()
        top.setContentsMargins(px(14), px(10), px(14), px(8))
        top.setSpacing(0)
        top.addWidget(Label(look, say("sign.totals.title"), Style.STRONG))
        count = 1 + len(inspection.companions)
        people = (
            say("sign.totals.people", n=count, escort=inspection.escort)
            if inspection.escort
            else say("sign.totals.people_alone", n=count)
        )
        self._people = Label(look, people, Style.SMALL, "ink2")
        top.addWidget(self._people)
        self.body.addLayout(top)
        self.body.addWidget(Line(look))
        row = QHBoxLayout()
        row.setSpacing(0)
        candidates = [_Figure(look, summary.candidates, say("sign.totals.candidate"), "minor", "c")]
        figures = (
            _Figure(look, summary.passed, say("sign.totals.pass")),
            *([_Figure(look, summary.noted, say("sign.totals.noted"))] if summary.noted else []),
            _Figure(look, summary.majors, say("sign.totals.major"), "major", "M"),
            *(candidates if summary.candidates else []),
            _Figure(look, summary.generals, say("sign.totals.general"), "minor", "g"),
            _Figure(look, summary.not_applicable, say("sign.totals.na")),
        )
        for number, figure in enumerate(figures):
            if number:
                row.addWidget(Line(look, standing=True))
            row.addWidget(figure, 1)
        self.body.addLayout(row)
        self.body.addWidget(Line(look))
        score = score_of(opened.form, inspection, opened.reckoned)
        self.score = score_text(texts, opened.form, score) if score is not None else ""
        if self.score:
            line = QHBoxLayout()
            line.setContentsMargins(px(14), px(7), px(14), px(7))
            line.addWidget(Label(look, say("fill.score"), Style.COMPACT, "ink2"), 1)
            line.addWidget(Label(look, self.score, Style.STRONG, elide=Qt.TextElideMode.ElideNone))
            self.body.addLayout(line)
            self.body.addWidget(Line(look))
        ids = [item.id for item in opened.form.asked()]
        mosaic = MosaicWidget(look, summary.marks)
        mosaic.describe = lambda n: place_name(texts, opened, ids[n])
        mosaic.jumped.connect(lambda n: self.item_wanted.emit(ids[n]))
        spoken = say(
            "sign.totals.mosaic", all=len(ids), passed=summary.passed, major=summary.majors,
            general=summary.generals, na=summary.not_applicable, open=summary.unanswered,
        )  # fmt: skip
        mosaic.setAccessibleName(spoken)
        holder = QVBoxLayout()
        holder.setContentsMargins(px(14), px(12), px(14), px(12))
        holder.addWidget(mosaic)
        self.body.addLayout(holder)


@dataclass(frozen=True, slots=True)
class Note:
    """One line of what to look at before signing; `item` is where it leads."""

    icon: str
    title: str
    what: str
    action: str
    item: str
    blocks: bool = False


def notes_of(texts: Texts, opened: Open) -> list[Note]:
    """Gaps first, those that block before reminders; then major findings, then the photos."""
    say = texts.say
    form, inspection = opened.form, opened.inspection
    found = gaps(form, inspection, opened.reckoned)
    notes = _unanswered(texts, opened, [g for g in found if g.kind is GapKind.UNANSWERED])
    others = [g for g in found if g.kind is not GapKind.UNANSWERED]
    for blocks in (True, False):
        for item in dict.fromkeys(g.item for g in others if g.kind.blocks is blocks):
            kinds = dict.fromkeys(g.kind for g in others if g.item == item and g.kind.blocks is blocks)
            lacking = say("fill.comma").join(say(f"fill.gap.{kind.value}") for kind in kinds)
            what = say("sign.gaps.blocks" if blocks else "sign.gaps.reminder")
            title = say("sign.gaps.lacks", item=place_name(texts, opened, item), what=lacking)
            notes.append(
                Note("alert-circle" if blocks else "info-circle", title, what, say("sign.gaps.go"), item, blocks)
            )
    results = outcomes(form, inspection, opened.reckoned)
    for finding in _in_order(opened):
        if finding.severity is Severity.MAJOR and results.get(finding.item) is Outcome.FAIL:
            title = say("sign.gaps.major", item=place_name(texts, opened, finding.item))
            what = finding.criterion or say("sign.gaps.major_what")
            notes.append(Note("info-circle", title, what, say("sign.gaps.look"), finding.item))
    if inspection.photos:
        after = sum(1 for p in inspection.photos if p.after)
        title = say("sign.gaps.photos", n=len(inspection.photos))
        notes.append(Note("camera", title, say("sign.gaps.photos_what", after=after), "", ""))
    return notes


def _unanswered(texts: Texts, opened: Open, found: list[Gap]) -> list[Note]:
    say = texts.say
    if len(found) <= 3:
        what, go = say("sign.gaps.blocks"), say("sign.gaps.go")
        notes = []
        for gap in found:
            why = opened.item(gap.item).required_message.in_language(texts.language)
            title = say("sign.gaps.unanswered", item=place_name(texts, opened, gap.item))
            notes.append(Note("alert-circle", title, why or what, go, gap.item, True))
        return notes
    first = found[0].item
    title = say("sign.gaps.unanswered_many", n=len(found))
    what = say("sign.gaps.unanswered_what", first=place_name(texts, opened, first))
    return [Note("alert-circle", title, what, say("sign.gaps.go"), first, True)]


def _in_order(opened: Open) -> list[Finding]:
    every = places(opened.form, opened.inspection, opened.reckoned)
    found: dict[str, list[Finding]] = {}
    for finding in opened.inspection.findings:
        found.setdefault(finding.item, []).append(finding)
    return [finding for place in every for finding in found.get(place.address, ())]


class GapsCard(Card):
    """签字前请看: each line leads back to its item."""

    item_wanted = Signal(str)

    def __init__(self, look: Look, texts: Texts, opened: Open) -> None:
        super().__init__(look)
        self.notes = notes_of(texts, opened)
        self.buttons: list[Button] = []
        say, px = texts.say, look.metrics.px
        blocking = [gap for gap in gaps(opened.form, opened.inspection, opened.reckoned) if gap.kind.blocks]
        reminders = sum(1 for n in self.notes if not n.blocks and n.action)
        top = QHBoxLayout()
        top.setContentsMargins(px(14), px(10), px(14), px(10))
        top.setSpacing(px(8))
        top.addWidget(Label(look, say("sign.gaps.title"), Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        self._reminders = reminders
        self._reminding = ChipLabel(look, Chip.NEUTRAL, say("sign.gaps.reminders", n=reminders))
        top.addWidget(self._reminding)
        if not reminders:
            self._reminding.hide()
        top.addStretch(1)
        if blocking:
            top.addWidget(ChipLabel(look, Chip.TROUBLE, say("sign.gaps.must", n=len(blocking))))
        else:
            top.addWidget(IconLabel(look, "check", 16, "brand"))
            top.addWidget(Label(look, say("sign.gaps.nothing_must"), Style.SMALL, "brand"))
        self.body.addLayout(top)
        self.body.addWidget(Line(look))
        inside = QWidget()
        inside.setProperty("surface", "1")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for note in self.notes[:MOST_LINES]:
            lines.addWidget(self._line(look, note))
            lines.addWidget(Line(look))
        more = len(self.notes) - MOST_LINES
        if more > 0:
            lines.addWidget(self._line(look, Note("info-circle", say("sign.gaps.more", n=more), "", "", "")))
        lines.addStretch(1)
        self._look, self._say, self._lines = look, say, lines
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(px(60))
        area.setWidget(inside)
        self.body.addWidget(area, 1)
        self.body.addWidget(Line(look))
        foot = QHBoxLayout()
        foot.setContentsMargins(px(14), px(8), px(14), px(8))
        foot.addWidget(Label(look, say("sign.gaps.locked"), Style.SMALL, "ink2", wrap=True))
        self.body.addLayout(foot)

    def show_replaced(self, codes: Sequence[str]) -> None:
        """Says first which characters paper will show as 〓; it is found out after the card is there."""
        title = self._say("sign.gaps.replaced", n=len(codes))
        note = Note("info-circle", title, self._say("sign.gaps.replaced_what", codes=" ".join(codes)), "", "")
        self.notes.insert(0, note)
        self._lines.insertWidget(0, self._line(self._look, note))
        self._lines.insertWidget(1, Line(self._look))

    def show_tray(self, count: int) -> None:
        """Photos that are at no item: a reminder behind what blocks."""
        say = self._say
        title, what = say("photos.sign.left", n=count), say("photos.sign.what")
        note = Note("inbox", title, what, say("photos.sign.go"), TRAY)
        place = sum(1 for other in self.notes[:MOST_LINES] if other.blocks)
        self.notes.insert(place, note)
        self._lines.insertWidget(2 * place, self._line(self._look, note))
        self._lines.insertWidget(2 * place + 1, Line(self._look))
        self._reminders += 1
        self._reminding.set_chip(Chip.NEUTRAL, say("sign.gaps.reminders", n=self._reminders))
        self._reminding.show()

    def _line(self, look: Look, note: Note) -> QWidget:
        px = look.metrics.px
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(px(14), px(7), px(10), px(7))
        row.setSpacing(px(10))
        row.addWidget(IconLabel(look, note.icon, 20, "ink"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(look, note.title, Style.COMPACT, wrap=True))
        words.addWidget(Label(look, note.what, Style.SMALL, "ink2", wrap=True))
        row.addLayout(words, 1)
        if note.action:
            button = Button(look, note.action, kind=Kind.LINK, height=28)
            button.setAccessibleName(f"{note.action} {note.title}")
            button.clicked.connect(lambda: self.item_wanted.emit(note.item))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self.buttons.append(button)
        return line


class BlockedCard(Card):
    """What is still missing keeps from signing: how much it is, and the way to the first of it."""

    item_wanted = Signal(str)

    def __init__(self, look: Look, texts: Texts, blocking: Sequence[Gap]) -> None:
        super().__init__(look)
        px, say, first = look.metrics.px, texts.say, blocking[0]
        row = QHBoxLayout()
        row.setContentsMargins(px(14), px(10), px(10), px(10))
        row.setSpacing(px(12))
        unanswered = [gap for gap in blocking if gap.kind is GapKind.UNANSWERED]
        key = "blocked_unanswered" if len(unanswered) == len(blocking) else "blocked"
        sentence = Label(look, say(f"sign.gaps.{key}", n=len(blocking)), Style.BODY, wrap=True)
        row.addWidget(sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        self.to_first = PrimaryButton(look, say("sign.gaps.to_first"))
        self.to_first.clicked.connect(lambda: self.item_wanted.emit(first.item))
        row.addWidget(self.to_first)
        self.body.addLayout(row)
