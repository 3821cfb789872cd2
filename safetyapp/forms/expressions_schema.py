"""What may stand in the tree that a form's expressions look at: its plan, spot by spot.

One element per item, groups and tables with their members inside, a table once per row; sections are elements too, and
may be left out of a path (`/data/A-01` finds A-01 in whichever section it stands). A reading stands beside its item as
`ITEM.reading`; at the root stand the facts: `school.kind`, `school.students`, `school.boarding` … (true, false or
empty), `inspection.date`, `inspection.id`, `inspection.started`, `inspection.inspector`, `inspection.site`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Item
from safetyapp.domain.school import SchoolFact

MOST_PLACES_IN_ALL = 5_000_000
"""Places that the steps of all expressions of a form may lead to together: a few seconds' work, once a form is opened.
`Schema.left` is what is left of them."""


class Source(Enum):
    """Where the text of a spot comes from."""

    NOTHING = auto()
    ANSWER = auto()
    CALCULATED = auto()
    READING = auto()
    PHOTO = auto()
    FACT = auto()
    COLUMN = auto()


@dataclass(slots=True, eq=False)
class Spot:
    """A place in the tree's plan. `tables` are the tables around it (a table's own row counts, for its element is the
    row); `gates` the spots on the way to the root, itself included, that a condition may close."""

    name: str
    parent: Spot | None
    source: Source = Source.NOTHING
    item: Item | None = None
    item_id: str = ""
    reading: str = ""
    is_number: bool = False
    is_table: bool = False
    is_section: bool = False
    tables: tuple[Spot, ...] = ()
    gates: tuple[Spot, ...] = ()
    order: int = 0
    children: dict[str, Spot] = field(default_factory=dict)
    inside: list[Spot] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How many row ids say which of its elements is meant."""
        return len(self.tables)

    @property
    def rule_depth(self) -> int:
        """How many row ids say where its own expressions stand: a table's condition closes all its rows."""
        return len(self.tables) - self.is_table

    def line(self) -> list[Spot]:
        """Itself and what it stands in, outwards."""
        found: list[Spot] = []
        spot: Spot | None = self
        while spot is not None:
            found.append(spot)
            spot = spot.parent
        return found


class Schema:
    """The plan of a form's tree: every spot, by name and from the root."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.left = MOST_PLACES_IN_ALL
        self.root = Spot("data", None, order=-1)
        self.named: dict[str, Spot] = {}
        self.spots: list[Spot] = []
        self.direct: dict[str, Spot] = {}
        self.lists = {c.id: _list_spot(c.id, {n for x in c.choices for n, _ in x.columns}) for c in form.choices}
        self.choices = {c.id: c for c in form.choices}
        for name in FACTS:
            self._add(Spot(name, self.root, Source.FACT, is_number=name == "school.students"))
        for section in form.sections:
            spot = Spot(section.id, self.root, is_section=True, item_id=section.id)
            spot.gates = (spot,) if section.when else ()
            self._add(spot)
            for item in section.items:
                self._item(item, spot)
        self.direct.update(self.root.children)  # a section wins over an item of the same name
        for spot in reversed(self.spots):
            if spot.parent is not None:
                spot.parent.inside.append(spot)
                spot.parent.inside.extend(spot.inside)

    def _add(self, spot: Spot) -> None:
        spot.order = len(self.spots)
        self.spots.append(spot)
        if spot.parent is not None:
            spot.parent.children.setdefault(spot.name, spot)
        if not spot.is_section:
            self.named.setdefault(spot.name, spot)

    def _item(self, item: Item, parent: Spot) -> None:
        kind = item.answer.kind
        spot = Spot(
            item.id, parent, _source(item), item, item.id, is_number=kind.is_number, is_table=kind is AnswerKind.TABLE
        )
        spot.tables = (*parent.tables, spot) if spot.is_table else parent.tables
        spot.gates = (spot, *parent.gates) if item.when else parent.gates
        self._add(spot)
        if parent.is_section:
            self.direct.setdefault(item.id, spot)
        for reading in item.answer.readings:
            beside = Spot(f"{item.id}.{reading.id}", parent, Source.READING, item, item.id, reading.id)
            beside.is_number = reading.kind.is_number
            beside.tables, beside.gates = parent.tables, spot.gates
            self._add(beside)
            if parent.is_section:
                self.direct.setdefault(beside.name, beside)
        for member in item.items:
            self._item(member, spot)

    def child(self, spot: Spot, name: str) -> Spot | None:
        """The child of this name; sections may be stepped over."""
        found = spot.children.get(name)
        if found is None and (spot is self.root or spot.is_section):
            return self.direct.get(name)
        return found


def _source(item: Item) -> Source:
    kind = item.answer.kind
    if item.calculate and not item.trigger:
        return Source.CALCULATED
    if kind in (AnswerKind.TABLE, AnswerKind.GROUP, AnswerKind.NOTE):
        return Source.NOTHING
    return Source.PHOTO if kind is AnswerKind.PHOTO else Source.ANSWER


FACTS: Mapping[str, SchoolFact | None] = {
    **dict.fromkeys(
        (
            *("school.id", "school.name", "school.kind", "school.code", "school.students", "school.classes"),
            *("inspection.date", "inspection.id", "inspection.started", "inspection.inspector", "inspection.site"),
        )
    ),
    **{f"school.{fact.value}": fact for fact in SchoolFact},
}
"""The facts that every form may ask for, and which fact of the school each is."""


def _list_spot(list_id: str, columns: set[str]) -> Spot:
    whole = Spot("instance", None, Source.COLUMN)
    root = Spot("root", whole, Source.COLUMN)
    whole.children["root"] = root
    item = Spot("item", root, Source.COLUMN, item_id=list_id)
    root.children["item"] = item
    for name in ("name", "label", "label::en", *sorted(columns)):
        item.children.setdefault(name, Spot(name, item, Source.COLUMN))
    return whole
