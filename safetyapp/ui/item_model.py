"""The checklist as a list model: one row per item, what it has come to, and which rows a filter leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from safetyapp.domain.address import item_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import ItemId, PhotoRule, Section
from safetyapp.domain.gaps import GapKind
from safetyapp.domain.places import Place, Skip
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.draft_changes import changed_addresses
from safetyapp.ui.item_rows import Row, RowMaker
from safetyapp.ui.item_stands import Stand, bounds, homes, stands
from safetyapp.ui.table_tally import NO_TALLY, TableCount
from safetyapp.workflow.opened import Open

if TYPE_CHECKING:
    from safetyapp.ui.item_search import ItemSearch

Index: TypeAlias = QModelIndex | QPersistentModelIndex


MANY = 12
"""Rows that come and go at once from which on they do so together."""


class Show(Enum):
    """Which items the list shows."""

    ALL = "all"
    OPEN = "open"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Totals:
    """What header and key strip count."""

    items: int
    answered: int
    unanswered: int
    findings: int
    photos_missing: int


class ItemModel(QAbstractListModel):
    """Rows of one draft: items one after the other, groups as headings before theirs, tables as one row. `take` brings
    a changed draft in and tells the view only of rows that look different; what a condition closes has no row."""

    def __init__(self, texts: Texts, opened: Open, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.texts = self._texts = texts
        self.form = opened.form
        self.opened = opened
        self.maker = RowMaker(texts, opened)
        self.sections: tuple[Section, ...] = opened.form.sections
        self._stands = list(stands(opened.form.sections))
        self.position = {stand.item.id: n for n, stand in enumerate(self._stands)}
        self._home = homes(self._stands)
        for n, stand in enumerate(self._stands):
            self._home.setdefault(ItemId(self.sections[stand.section].id), []).append(n)
        self._counts = {s.item.id: TableCount(s.item) for s in self._stands if s.item.answer.kind is AnswerKind.TABLE}
        self._unsaved: frozenset[ItemId] = frozenset()
        self._refused: dict[ItemId, str] = {}
        self.show = Show.ALL
        self.every: list[Row] = [self._row(stand, None) for stand in self._stands]
        self._by_section: list[tuple[int, int]] = bounds(self._stands, len(self.sections))
        self._visible: list[int] = [n for n, row in enumerate(self.every) if not row.is_closed]
        self._numbers: dict[int, int] | None = None
        self._search: ItemSearch | None = None

    # reading

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._visible)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row(index.row())
            return f"{row.id} {row.words.in_language(self._texts.language)}"
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
        if self._numbers is None:
            self._numbers = {place: number for number, place in enumerate(self._visible)}
        return self._numbers.get(self.position.get(item, -1), -1)

    def index_of(self, item: ItemId) -> QModelIndex:
        number = self.find(item)
        return self.index(number) if number >= 0 else QModelIndex()

    def section_rows(self, section: int) -> list[Row]:
        """The rows that have a mark, in order."""
        first, last = self._by_section[section]
        return [self.every[n] for n in range(first, last) if self._stands[n].is_asked]

    def first_of(self, section: int) -> Row | None:
        """The section's first row that is there, be it only a note."""
        first, last = self._by_section[section]
        return next((row for row in self.every[first:last] if not row.is_closed), None)

    def totals(self) -> Totals:
        rows = [row for row, stand in zip(self.every, self._stands, strict=True) if stand.is_asked]
        unanswered = sum(1 for r in rows if r.is_open)
        wanted = sum(1 for r in rows if GapKind.PHOTO in r.missing or GapKind.AFTER_PHOTO in r.missing)
        return Totals(
            items=len(rows),
            answered=sum(1 for r in rows if r.mark != "o"),
            unanswered=unanswered,
            findings=sum(len(r.findings) for r in rows if r.fails) + sum(r.tally.findings for r in rows),
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
        return self._round(after, 1, [r.fails or r.tally.mark in "gM" for r in self.every])

    def _round(self, after: int, step: int, wanted: Sequence[bool]) -> ItemId | None:
        count = len(self.every)
        for distance in range(1, count + 1):
            place = (after + step * distance) % count
            if wanted[place]:
                return self.every[place].id
        return None

    def search(self, typed: str) -> list[Row]:
        """Items by number, words or initials, best first; see `item_search`."""
        if self._search is None:
            from safetyapp.ui.item_search import ItemSearch

            self._search = ItemSearch(self.form, self.every)
        return [row for row in map(self.every.__getitem__, self._search.find(typed)) if not row.is_closed]

    def spoken(self, row: Row) -> str:
        """The row as a screen reader hears it."""
        texts = self._texts
        parts = [row.id, self.answer_word(row)]
        if row.fails:
            parts.append(texts.say(f"fill.severity.{row.level.value}"))
        if row.judgement.text and not row.is_choice:
            parts.append(row.judgement.text)
        if row.photos:
            parts.append(texts.say("fill.photos", n=row.photos))
        if row.unsaved:
            parts.append(texts.say("fill.unsaved"))
        if row.refused:
            parts.append(row.refused)
        if row.is_asked and not row.required and row.answer is None and row.skip is None:
            parts.append(texts.say("fill.optional"))
        if row.rule:
            parts.append(row.rule)
        question = row.words.in_language(texts.language)
        return texts.say("fill.spoken", facts=texts.say("fill.comma_spoken").join(parts), question=question)

    def answer_word(self, row: Row) -> str:
        """The answer in words: 合格, 不合格, 18 分钟, 未答."""
        if row.skip is not None and row.answer is None:
            return fill_words.skip_text(self._texts, row.item, row.skip)
        if row.value:
            unit = row.item.answer.unit.in_language(self._texts.language)
            return f"{row.value} {unit}".strip()
        if row.photos:
            return self._texts.say("fill.photos", n=row.photos)
        return self._texts.say("fill.outcome.open") if row.is_asked else ""

    # changing

    def take(self, opened: Open) -> list[ItemId]:
        """Shows a changed draft; answers with the items whose rows look different now, or have come or gone."""
        before, self.opened = self.opened, opened
        self.maker.opened = opened
        if before is opened:
            return []
        touched: dict[int, set[ItemId]] = {}
        for address in changed_addresses(before, opened):
            for place in self._home.get(item_of(address), ()):
                touched.setdefault(place, set()).add(address)
        return self._renew(touched)

    def set_unsaved(self, items: frozenset[ItemId]) -> None:
        """The items to mark as not on the disk."""
        if items != self._unsaved:
            former, self._unsaved = self._unsaved, items
            self._renew({p: set() for p in self._places_of(former ^ items)})

    def set_refused(self, refused: Mapping[ItemId, str]) -> bool:
        """The items with something that could not be read, and why; whether that is news."""
        if refused == self._refused:
            return False
        former, self._refused = self._refused, dict(refused)
        self._renew({p: set() for p in self._places_of(former.keys() | refused.keys())})
        return True

    def refused(self, address: ItemId) -> str:
        return self._refused.get(address, "")

    def refused_addresses(self) -> list[ItemId]:
        """Where something could not be read, in the order of the form."""
        return sorted(self._refused, key=lambda a: (self._places_of([a]) or [0])[0])

    def _places_of(self, addresses: Iterable[ItemId]) -> list[int]:
        return sorted({place for address in addresses for place in self._home.get(item_of(address), ())})

    def set_show(self, show: Show) -> None:
        self.beginResetModel()
        self.show = show
        self._visible = [n for n, row in enumerate(self.every) if self._shows(row)]
        self._numbers = None
        self.endResetModel()

    def tidy(self, keep: ItemId | None, closed_only: bool = False) -> None:
        """Takes rows out that are wanted no more, except `keep`, and brings in those that are wanted now; with
        `closed_only` what the filter alone wants no more stays."""
        kept = self.position.get(keep, -1) if keep is not None else -1
        there = set(self._visible)

        def stays(place: int, row: Row) -> bool:
            if place not in there:
                return self._shows(row)
            return place == kept or not (row.is_closed if closed_only else not self._shows(row))

        self._lay_out([place for place, row in enumerate(self.every) if stays(place, row)])

    def _lay_out(self, wanted: list[int]) -> None:
        """Other rows in the list: few come and go one by one, many at once."""
        gone, come = set(self._visible) - set(wanted), set(wanted) - set(self._visible)
        if len(gone) + len(come) > MANY:
            self.layoutAboutToBeChanged.emit()
            former = self._visible
            self._visible, self._numbers = wanted, {place: number for number, place in enumerate(wanted)}
            for index in self.persistentIndexList():
                number = self._numbers.get(former[index.row()], -1)
                self.changePersistentIndex(index, self.index(number) if number >= 0 else QModelIndex())
            self.layoutChanged.emit()
            return
        for number in range(len(self._visible) - 1, -1, -1):
            if self._visible[number] in gone:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._visible[number]
                self._numbers = None
                self.endRemoveRows()
        for number, place in enumerate(wanted):
            if place in come:
                self.beginInsertRows(QModelIndex(), number, number)
                self._visible.insert(number, place)
                self._numbers = None
                self.endInsertRows()

    def has_closed_or_opened(self) -> bool:
        """Whether a condition has closed rows that are in the list, or opened some that are not."""
        there = set(self._visible)
        return any(row.is_closed if place in there else self._shows(row) for place, row in enumerate(self.every))

    def _shows(self, row: Row) -> bool:
        if row.is_closed:
            return False
        if self.show is Show.ALL:
            return True
        return row.is_open if self.show is Show.OPEN else row.fails or row.tally.mark in "gM"

    def _renew(self, touched: Mapping[int, set[ItemId]]) -> list[ItemId]:
        """Makes the rows of these places anew; one that looks the same stays the same object: laid-out text is found
        by it."""
        different: list[int] = []
        for place in sorted(touched):
            made = self._row(self._stands[place], touched[place])
            if made != self.every[place]:
                self.every[place] = made
                different.append(place)
        for place in different:
            number = self.find(self.every[place].id)
            if number >= 0:
                index = self.index(number)
                self.dataChanged.emit(index, index)
        return [self.every[n].id for n in different]

    def _row(self, stand: Stand, changed: set[ItemId] | None) -> Row:
        item = stand.item
        skip = self._skip(stand)
        count = self._counts.get(item.id)
        tally = NO_TALLY
        if count is not None:
            tally = count.tally if changed == set() else count.refresh(self.opened, skip, changed)
        place = Place(item.id, item, (), skip)
        return self.maker.row(
            place, stand.section, stand.depth, tally=tally, unsaved=self._is_unsaved(stand),
            refused=self._refused_at(stand),
        )  # fmt: skip

    def _is_unsaved(self, stand: Stand) -> bool:
        if not self._unsaved:
            return False
        own = stand.item.id
        return any(a == own or self.position[own] in self._home.get(item_of(a), ()) for a in self._unsaved if a)

    def _refused_at(self, stand: Stand) -> str:
        if not self._refused:
            return ""
        own = stand.item.id
        if own in self._refused:
            return self._refused[own]
        if stand.item.answer.kind is not AnswerKind.TABLE:
            return ""
        inside = (why for a, why in self._refused.items() if self.position[own] in self._home.get(item_of(a), ()))
        return next(inside, "")

    def _skip(self, stand: Stand) -> Skip | None:
        """As domain.places says it of a place that stands in no row."""
        closed, inspection = self.opened.reckoned.closed, self.opened.inspection
        if closed and not closed.isdisjoint(stand.closers):
            return Skip.CONDITION
        if stand.item.id not in inspection.answers and not stand.item.applies_to(inspection.school):
            return Skip.SCHOOL
        for group in stand.groups:
            if not self.opened.order.items[group].applies_to(inspection.school):
                return Skip.SCHOOL
        return None
