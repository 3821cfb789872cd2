"""The checklist as a list model: one row per item, what it has come to, and which rows a filter leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from safetyapp.domain.form import AnswerKind, Form, Item, ItemId, PhotoRule, Section, Severity
from safetyapp.domain.inspection import Answer, Finding, GapKind, Inspection, Outcome, Skip, gaps, outcomes, skipped
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.fill_words import NO_JUDGEMENT, Judgement

Index: TypeAlias = QModelIndex | QPersistentModelIndex


class Show(Enum):
    """Which items the list shows."""

    ALL = "all"
    OPEN = "open"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Row:
    """Everything a row shows of its item; equal rows look the same."""

    item: Item
    section: int
    answer: Answer | None
    outcome: Outcome | None
    skip: Skip | None
    judgement: Judgement
    limits: str
    findings: tuple[Finding, ...]
    missing: tuple[GapKind, ...]
    photos: int
    after_photos: int
    unsaved: bool = False
    refused: str = ""
    """Why what was typed last could not be read: until it is corrected the item counts as unanswered."""

    @property
    def id(self) -> ItemId:
        return self.item.id

    @property
    def is_major(self) -> bool:
        """Whether a fail here counts as 重大."""
        if self.findings:
            return any(f.severity is Severity.MAJOR for f in self.findings)
        return self.item.severity is Severity.MAJOR

    @property
    def level(self) -> Severity:
        return Severity.MAJOR if self.is_major else Severity.GENERAL

    @property
    def is_choice(self) -> bool:
        return self.item.answer.kind is AnswerKind.CONFORMITY

    @property
    def is_open(self) -> bool:
        """Still to be answered."""
        return bool(self.refused) or (self.outcome is None and self.skip is None)

    @property
    def fails(self) -> bool:
        return self.outcome is Outcome.FAIL

    @property
    def mark(self) -> str:
        """The letter of the mosaic, see domain.draft.DraftRow."""
        if self.refused:
            return "o"
        if self.outcome is None:
            return "o" if self.skip is None else "n"
        if self.outcome is Outcome.FAIL:
            return "M" if any(f.severity is Severity.MAJOR for f in self.findings) else "g"
        return "p" if self.outcome is Outcome.PASS else "n"


@dataclass(frozen=True, slots=True)
class Totals:
    """What header and key strip count."""

    items: int
    answered: int
    unanswered: int
    findings: int
    photos_missing: int


class ItemModel(QAbstractListModel):
    """Rows of one draft. `take` brings a changed inspection in and tells the view only of rows that look different."""

    def __init__(self, texts: Texts, form: Form, inspection: Inspection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.texts = self._texts = texts
        self.form = form
        self.inspection = inspection
        self.sections: tuple[Section, ...] = form.sections
        self._places = [(item, number) for number, section in enumerate(form.sections) for item in section.items]
        self.position = {item.id: n for n, (item, _) in enumerate(self._places)}
        self._unsaved: frozenset[ItemId] = frozenset()
        self._refused: dict[ItemId, str] = {}
        self.show = Show.ALL
        self.every: list[Row] = self._rows(inspection)
        self._visible: list[int] = list(range(len(self.every)))

    # reading

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._visible)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row(index.row())
            return f"{row.id} {row.item.question.in_language(self._texts.language)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(self.row(index.row()))
        return None

    def row(self, number: int) -> Row:
        """What the view shows in its row `number`."""
        return self.every[self._visible[number]]

    def row_of(self, item: ItemId) -> Row:
        return self.every[self.position[item]]

    def find(self, item: ItemId) -> int:
        """The view's row of an item, -1 when the filter hides it."""
        place = self.position.get(item, -1)
        try:
            return self._visible.index(place)
        except ValueError:
            return -1

    def index_of(self, item: ItemId) -> QModelIndex:
        number = self.find(item)
        return self.index(number) if number >= 0 else QModelIndex()

    def section_rows(self, section: int) -> list[Row]:
        return [row for row in self.every if row.section == section]

    def totals(self) -> Totals:
        rows = self.every
        unanswered = sum(1 for r in rows if r.is_open)
        wanted = sum(1 for r in rows if GapKind.PHOTO in r.missing or GapKind.AFTER_PHOTO in r.missing)
        return Totals(
            items=len(rows),
            answered=len(rows) - unanswered,
            unanswered=unanswered,
            findings=sum(len(r.findings) for r in rows if r.fails),
            photos_missing=wanted,
        )

    def next_open(self, after: int, step: int = 1) -> ItemId | None:
        """The next unanswered item after position `after` in the form, round the end."""
        return self._round(after, step, [r.is_open for r in self.every])

    def next_without_photo(self, after: int, step: int = 1) -> ItemId | None:
        """The next failing item that wants a photo and has none."""
        wants = [r.fails and r.item.photo is PhotoRule.ON_FAIL and not r.photos for r in self.every]
        return self._round(after, step, wants)

    def next_fail(self, after: int) -> ItemId | None:
        return self._round(after, 1, [r.fails for r in self.every])

    def _round(self, after: int, step: int, wanted: Sequence[bool]) -> ItemId | None:
        count = len(self.every)
        for distance in range(1, count + 1):
            place = (after + step * distance) % count
            if wanted[place]:
                return self.every[place].id
        return None

    def search(self, typed: str) -> list[Row]:
        """Items by number or by words of the question or section, best first."""
        text = typed.strip().casefold()
        if not text:
            return []
        bare = text.replace("-", "").replace(" ", "")
        digits = bare.lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0")

        def rank(row: Row) -> int:
            name = row.id.casefold()
            number = name.replace("-", "").lstrip("abcdefghijklmnopqrstuvwxyz").lstrip("0")
            if name == text or name.replace("-", "") == bare or (digits and number == digits):
                return 0
            question = f"{row.item.question.zh} {row.item.question.en}".casefold()
            title = self.sections[row.section].title
            if all(word in question for word in text.split()):
                return 1
            return 2 if text in f"{title.zh} {title.en}".casefold() else 9

        found = [(rank(row), place, row) for place, row in enumerate(self.every)]
        return [row for order, _, row in sorted(found, key=lambda f: f[:2]) if order < 9]

    def spoken(self, row: Row) -> str:
        """The row as a screen reader hears it."""
        texts = self._texts
        parts = [row.id, self.answer_word(row)]
        if row.fails:
            parts.append(texts.say("fill.severity.major" if row.is_major else "fill.severity.general"))
        if row.judgement.text and not row.is_choice:
            parts.append(row.judgement.text)
        if row.photos:
            parts.append(texts.say("fill.photos", n=row.photos))
        if row.unsaved:
            parts.append(texts.say("fill.unsaved"))
        if row.refused:
            parts.append(row.refused)
        question = row.item.question.in_language(texts.language)
        return texts.say("fill.spoken", facts=texts.say("fill.comma_spoken").join(parts), question=question)

    def answer_word(self, row: Row) -> str:
        """The answer in words: 合格, 不合格, 18 分钟, 未答."""
        if row.answer is None:
            if row.skip is not None:
                return fill_words.skip_text(self._texts, row.item, row.skip)
            return self._texts.say("fill.outcome.open")
        value = fill_words.value_line(row.answer.value)
        if value:
            unit = row.item.answer.unit.in_language(self._texts.language)
            return f"{value} {unit}".strip()
        assert row.outcome is not None
        return self._texts.say(f"fill.outcome.{row.outcome.value}")

    # changing

    def take(self, inspection: Inspection) -> list[ItemId]:
        """Shows a changed inspection; answers with the items whose rows look different now."""
        self.inspection = inspection
        return self._replace(self._rows(inspection))

    def set_unsaved(self, items: frozenset[ItemId]) -> None:
        """The items to mark as not on the disk."""
        if items != self._unsaved:
            self._unsaved = items
            self._replace(self._rows(self.inspection))

    def set_refused(self, refused: Mapping[ItemId, str]) -> bool:
        """The items with something that could not be read, and why; whether that is news."""
        if refused == self._refused:
            return False
        self._refused = dict(refused)
        self._replace(self._rows(self.inspection))
        return True

    def set_show(self, show: Show) -> None:
        self.beginResetModel()
        self.show = show
        self._visible = [n for n, row in enumerate(self.every) if self._shows(row)]
        self.endResetModel()

    def tidy(self, keep: ItemId | None) -> None:
        """Takes rows out that the filter no longer wants, except `keep`, and brings in those it wants now."""
        if self.show is Show.ALL:
            return
        kept = self.position.get(keep, -1) if keep is not None else -1
        for number in range(len(self._visible) - 1, -1, -1):
            place = self._visible[number]
            if place != kept and not self._shows(self.every[place]):
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._visible[number]
                self.endRemoveRows()
        there = set(self._visible)
        for place, row in enumerate(self.every):
            if place not in there and self._shows(row):
                number = sum(1 for other in self._visible if other < place)
                self.beginInsertRows(QModelIndex(), number, number)
                self._visible.insert(number, place)
                self.endInsertRows()

    def _shows(self, row: Row) -> bool:
        return self.show is Show.ALL or (row.is_open if self.show is Show.OPEN else row.fails)

    def _replace(self, rows: list[Row]) -> list[ItemId]:
        former = self.every
        different = [n for n, (old, new) in enumerate(zip(former, rows, strict=True)) if old != new]
        changed = set(different)
        # a row that looks the same stays the same object: laid-out text is found by it
        self.every = [new if n in changed else former[n] for n, new in enumerate(rows)]
        shown = {place: number for number, place in enumerate(self._visible)}
        for place in different:
            if place in shown:
                index = self.index(shown[place])
                self.dataChanged.emit(index, index)
        return [rows[n].id for n in different]

    def _rows(self, inspection: Inspection) -> list[Row]:
        results = outcomes(self.form, inspection)
        not_asked = skipped(self.form, inspection)
        missing: dict[ItemId, list[GapKind]] = {}
        for gap in gaps(self.form, inspection):
            missing.setdefault(gap.item, []).append(gap.kind)
        findings: dict[ItemId, list[Finding]] = {}
        for finding in inspection.findings:
            findings.setdefault(finding.item, []).append(finding)
        photos: dict[tuple[ItemId, bool], int] = {}
        for link in inspection.photos:
            photos[link.item, link.after] = photos.get((link.item, link.after), 0) + 1
        rows = []
        for item, section in self._places:
            answer = inspection.answers.get(item.id)
            of_item = tuple(findings.get(item.id, ()))
            rows.append(
                Row(
                    item=item,
                    section=section,
                    answer=answer,
                    outcome=results.get(item.id),
                    skip=not_asked.get(item.id),
                    judgement=self._judgement(item, answer, of_item, inspection),
                    limits=self._limits(item, answer, inspection),
                    findings=of_item,
                    missing=tuple(missing.get(item.id, ())),
                    photos=photos.get((item.id, False), 0),
                    after_photos=photos.get((item.id, True), 0),
                    unsaved=item.id in self._unsaved,
                    refused=self._refused.get(item.id, ""),
                )
            )
        return rows

    def _judgement(
        self, item: Item, answer: Answer | None, findings: tuple[Finding, ...], inspection: Inspection
    ) -> Judgement:
        if answer is None:
            return NO_JUDGEMENT
        worst = Severity.MAJOR if any(f.severity is Severity.MAJOR for f in findings) else Severity.GENERAL
        severity = worst if findings else item.severity
        on, school = inspection.inspected_on, inspection.school
        return fill_words.judge_answer(self._texts, item, answer.value, answer.case, school, on, severity)

    def _limits(self, item: Item, answer: Answer | None, inspection: Inspection) -> str:
        case = answer.case if answer is not None else ""
        return fill_words.limits_text(self._texts, item.answer.limits_for(inspection.school, case))
