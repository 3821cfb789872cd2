"""What stands in the tree that a form's expressions look at: the answers of one inspection as nodes."""

from __future__ import annotations

from datetime import datetime, tzinfo

from safetyapp.domain.address import at
from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.domain.words import Words
from safetyapp.forms.expressions_schema import FACTS, Schema, Source, Spot
from safetyapp.forms.expressions_values import LONGEST_TEXT, Element, EvaluationError, Value

_ANSWER, _CALCULATED = Source.ANSWER, Source.CALCULATED
_NA = Outcome.NA.value

MOST_STEPS = 200_000
"""Nodes and calls that one evaluation may look at: about 0.2 s."""


class Node:
    """An element that stands in the tree now: its spot, and the rows that say which one it is."""

    __slots__ = ("rows", "spot")
    is_choice = False

    def __init__(self, spot: Spot, rows: tuple[str, ...]) -> None:
        self.spot = spot
        self.rows = rows

    @property
    def name(self) -> str:
        return self.spot.name

    @property
    def is_number(self) -> bool:
        return self.spot.is_number

    def key(self) -> tuple[object, ...]:
        return (self.spot.order, self.rows)


class ChoiceNode:
    """An element of a choice list: the list itself, a choice, or a column of one."""

    __slots__ = ("children", "name", "parent", "place", "text")
    is_choice = True
    is_number = False

    def __init__(self, name: str, text: str, parent: ChoiceNode | None, place: int) -> None:
        self.name = name
        self.text = text
        self.parent = parent
        self.place = place
        self.children: list[ChoiceNode] = []

    def key(self) -> tuple[object, ...]:
        return (self.place, id(self))


def choice_tree(form: Form, list_id: str) -> ChoiceNode:
    """A choice list as `instance/root/item/{name, label, columns}`."""
    whole = ChoiceNode("instance", "", None, 0)
    root = ChoiceNode("root", "", whole, 0)
    whole.children.append(root)
    offered = form.choice_list(list_id)
    for place, choice in enumerate(offered.choices if offered else ()):
        item = ChoiceNode("item", "", root, place)
        columns = {"name": choice.id, "label": choice.label.zh, "label::en": choice.label.en, **dict(choice.columns)}
        item.children = [ChoiceNode(name, text, item, place) for name, text in columns.items()]
        root.children.append(item)
    return whole


class Instance:
    """The tree of one inspection while its expressions are evaluated. `closed` and `calculated` grow on the way.

    Counts what an evaluation costs: `spend` ends one that looks at too much (a few hundred milliseconds' worth).
    `memory` is for what is the same in all rows while one rule is computed in them.
    """

    def __init__(self, schema: Schema, inspection: Inspection, lists: dict[str, ChoiceNode]) -> None:
        self.schema = schema
        self.lists = lists
        self.form = schema.form
        self.inspection = inspection
        self.answers = inspection.answers
        self.closed: set[ItemId] = set()
        self.calculated: dict[ItemId, str] = {}
        self.steps = self.left = self.steps_once = MOST_STEPS
        self.here: Node | ChoiceNode = Node(schema.root, ())
        self.position = 1
        self.size = 1
        self.language = "zh"
        self.memory: dict[object, Value | EvaluationError] = {}
        self._rows: dict[ItemId, dict[str, int]] = {}
        self._ids: dict[ItemId, tuple[str, ...]] = {}
        self._photos: dict[ItemId, str] | None = None
        self._now: datetime | None = None

    @property
    def zone(self) -> tzinfo | None:
        return self.inspection.started_at.tzinfo

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise EvaluationError("looks at too much")

    def begin(self, here: Node | ChoiceNode, steps: int = 0) -> None:
        """Gets ready for another evaluation, standing at `here`; `steps` is what it may look at (0: as usual)."""
        self.here = here
        self.left = steps or self.steps
        self.position = self.size = 1

    def checked(self, text: str) -> str:
        """A text that has just been made, if it is not too long."""
        if len(text) > LONGEST_TEXT:
            raise EvaluationError("makes too long a text")
        self.left -= len(text) >> 6
        return text

    def now(self) -> datetime:
        """The latest moment at which something was answered."""
        if self._now is None:
            moments = (a.answered_at for a in self.answers.values())
            self._now = max(moments, default=self.inspection.started_at)
        return self._now

    def rows(self, table: Spot, around: tuple[str, ...]) -> dict[str, int]:
        """The ids of a table's rows in order, and the place of each (from 0)."""
        address = at(table.name, around)
        found = self._rows.get(address)
        if found is None:
            answer = self.answers.get(address)
            ids = dict.fromkeys(answer.value.split()) if answer else {}
            found = self._rows[address] = {row: place for place, row in enumerate(ids)}
        return found

    def row(self, table: Spot, around: tuple[str, ...], number: float) -> str | None:
        """The id of a table's row by its number from 1, or None where there is no such row."""
        address = at(table.name, around)
        ids = self._ids.get(address)
        if ids is None:
            ids = self._ids[address] = tuple(self.rows(table, around))
        return ids[int(number) - 1] if 1 <= number < len(ids) + 1 else None  # NaN is neither

    def exists(self, tables: tuple[Spot, ...], rows: tuple[str, ...]) -> bool:
        """Whether there are such rows now."""
        return all(row in self.rows(tables[depth], rows[:depth]) for depth, row in enumerate(rows))

    def spread(self, tables: tuple[Spot, ...], rows: tuple[str, ...], counts: bool = False) -> list[tuple[str, ...]]:
        """All rows of the innermost of `tables` that begin with `rows`; `counts`: as part of an evaluation, which pays
        for them beforehand."""
        found = [rows]
        for table in tables[len(rows) :]:
            if counts:
                self.spend(sum([len(self.rows(table, around)) for around in found]))
            found = [(*around, row) for around in found for row in self.rows(table, around)]
        return found

    def is_open(self, spot: Spot, rows: tuple[str, ...]) -> bool:
        closed = self.closed
        return not any(at(gate.name, rows[: gate.rule_depth]) in closed for gate in spot.gates)

    def choices(self, list_id: str) -> ChoiceNode:
        """A choice list's elements; never changed, so built once for all inspections."""
        found = self.lists.get(list_id)
        if found is None:
            found = self.lists[list_id] = choice_tree(self.form, list_id)
        return found

    def text_of(self, node: Element) -> str:
        """The text of an element; empty for what only holds others."""
        if isinstance(node, ChoiceNode):
            return node.text
        assert isinstance(node, Node)
        spot, source = node.spot, node.spot.source
        if source is _ANSWER:
            answer = self.answers.get(at(spot.name, node.rows))
            if answer is None:
                return ""
            self.left -= len(answer.value) >> 6
            return answer.value if answer.value != _NA else _unless_na(self.schema, spot)
        if source is _CALCULATED:
            text = self.calculated.get(at(spot.name, node.rows), "")
            self.left -= len(text) >> 6
            return text
        if source is Source.READING:
            answer = self.answers.get(at(spot.item_id, node.rows))
            readings = answer.readings if answer else ()
            return next((r.value for r in readings if r.id == spot.reading and r.value != _NA), "")
        if source is Source.PHOTO:
            return self._first_photos().get(at(spot.name, node.rows), "")
        return self._fact(spot.name) if source is Source.FACT else ""

    def _first_photos(self) -> dict[ItemId, str]:
        if self._photos is None:
            self._photos = {}
            for link in sorted(self.inspection.photos, key=lambda p: (p.after, p.position)):
                self._photos.setdefault(link.item, link.photo.original)
        return self._photos

    def _fact(self, name: str) -> str:
        inspection, school = self.inspection, self.inspection.school
        if (fact := FACTS[name]) is not None:
            known = school.fact(fact)
            return "" if known is None else str(known).lower()
        match name:
            case "school.id":
                return school.id
            case "school.name":
                return school.name
            case "school.kind":
                return school.kind.value
            case "school.code":
                return school.code
            case "school.students":
                return "" if school.students is None else str(school.students)
            case "school.classes":
                return str(len(school.classes))
            case "inspection.date":
                return inspection.inspected_on.isoformat()
            case "inspection.id":
                return inspection.id
            case "inspection.started":
                return inspection.started_at.isoformat(timespec="seconds")
            case "inspection.inspector":
                return inspection.inspector.name
        return inspection.site

    def place_of(self, node: Node | ChoiceNode) -> tuple[int, ...]:
        """Where a node stands in the order of the form: smaller is earlier."""
        if isinstance(node, ChoiceNode):
            found: list[int] = []
            while node.parent is not None:
                found.append(node.place if node.name == "item" else node.parent.children.index(node))
                node = node.parent
            return (len(self.schema.spots), id(node), *found[::-1])  # after all answers; lists in any order
        made: tuple[int, ...] = ()
        for depth, row in enumerate(node.rows):
            table = node.spot.tables[depth]
            made = (*made, table.order, self.rows(table, node.rows[:depth]).get(row, -1))
        return (*made, node.spot.order)

    def parent(self, node: Node | ChoiceNode) -> Node | ChoiceNode | None:
        if isinstance(node, ChoiceNode):
            return node.parent
        up = node.spot.parent
        return None if up is None else Node(up, node.rows[: up.depth])

    def children(self, node: Node | ChoiceNode, name: str) -> list[Node | ChoiceNode]:
        """The children of this name (`*`: all) in order, a table once per row."""
        if isinstance(node, ChoiceNode):
            self.spend(len(node.children))
            return [c for c in node.children if name in ("*", c.name)]
        spots: list[Spot]
        if name == "*":
            spots = [s for s in node.spot.children.values() if s.source is not Source.FACT]
        else:
            one = self.schema.child(node.spot, name)
            spots = [] if one is None else [one]
        found: list[Node | ChoiceNode] = []
        for spot in spots:
            if spot.is_table:
                rows = self.rows(spot, node.rows)
                if len(rows) > self.left:
                    self.spend(len(rows))
                found += [Node(spot, (*node.rows, row)) for row in rows]
            else:
                found.append(Node(spot, node.rows))
        self.spend(len(found) + 1)
        return found


def _unless_na(schema: Schema, spot: Spot) -> str:
    """不适用 is a word of its own at a conformity item and where it is a choice; elsewhere it is no value."""
    if spot.item is None or spot.item.answer.kind in (AnswerKind.CONFORMITY, AnswerKind.TEXT, AnswerKind.BARCODE):
        return _NA
    offered = schema.choices.get(spot.item.answer.choice_list)
    return _NA if offered is not None and offered.choice(_NA) is not None else ""


_OUTCOMES = {"pass": Words("合格", "pass"), "fail": Words("不合格", "fail"), "na": Words("不适用", "not applicable")}


def shown_as(instance: Instance, spot: Spot, rows: tuple[str, ...], text: str) -> Words:
    """How an answer is quoted in a question: choices and outcomes by their words, 其他 by what was written."""
    item = spot.item
    if item is None or spot.source in (Source.FACT, Source.READING) or not text:
        return Words(text, text)
    if item.answer.kind is AnswerKind.CONFORMITY:
        return _OUTCOMES.get(text, Words(text, text))
    if not item.answer.kind.is_choice:
        return Words(text, text)
    offered = instance.schema.choices.get(item.answer.choice_list)
    labels: list[Words] = []
    for one in text.split():
        choice = offered.choice(one) if offered else None
        given = instance.answers.get(at(spot.name, rows))
        if choice is not None:
            labels.append(Words(choice.label.zh, choice.label.en or choice.label.zh))
        elif one == "other" and item.answer.other:
            note = given.note if given else ""
            labels.append(Words(note or "其他", note or "other"))
        else:
            labels.append(Words(one, one))
    return Words("、".join(w.zh for w in labels), ", ".join(w.en for w in labels))
