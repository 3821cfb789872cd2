"""What is known of a form while its parts are read: what later parts must agree with, and where everything stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from safetyapp.domain.answer_kinds import ChoiceList
from safetyapp.domain.basis import LegalDocument
from safetyapp.domain.scoring import Scoring
from safetyapp.forms.fields import Fields
from safetyapp.forms.mistakes import Notes

MOST_ITEMS = 20_000
DEEPEST_ITEM = 10
"""So many tables and groups may stand in each other."""


@dataclass(slots=True)
class SoFar:
    """Grows while a form is read. `ids` are all names that expressions may use, with their lines; `places` the keys of
    every item and section, by its id; `counts` where the number of a table's rows is reckoned."""

    notes: Notes
    documents: dict[str, LegalDocument] = field(default_factory=dict)
    cited: set[str] = field(default_factory=set)
    lists: dict[str, ChoiceList] = field(default_factory=dict)
    list_lines: dict[str, int] = field(default_factory=dict)
    used_lists: set[str] = field(default_factory=set)
    scoring: Scoring | None = None
    scored: int = 0
    items: int = 0
    ids: dict[str, int] = field(default_factory=dict)
    places: dict[str, Fields] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def take_name(self, name: str, fields: Fields) -> None:
        """Note that a name is used at the `id` of these fields; a name is used once in the whole form."""
        if not name:
            return
        if name in self.ids:
            zh, en = self.notes.place_named(self.ids[name])
            zh, en = f"在{zh}已经用过", f"was already used in {en}"
            fields.wrong("id", "duplicate-id", zh, en)
        else:
            self.ids[name] = fields.line_of("id")

    def take_item(self, item_id: str, fields: Fields) -> None:
        """Note an item or section and where its keys stand."""
        self.take_name(item_id, fields)
        self.places.setdefault(item_id, fields)

    def line_of(self, item_id: str, key: str) -> int:
        """The line of a key of an item or section, the line where it begins when the key is not there; 0 for an id that
        is not in the form. The key of a table's row count is `rows.count`."""
        fields = self.places.get(item_id)
        if key in ("rows.count", "count") and item_id in self.counts:
            return self.counts[item_id]
        return fields.line_of(key) if fields is not None else 0

    def use_list(self, list_id: str, fields: Fields) -> ChoiceList | None:
        """The list that the key `list` of these fields names; None after noting that there is none."""
        if not list_id:
            return None
        self.used_lists.add(list_id)
        found = self.lists.get(list_id)
        if found is None and list_id not in self.list_lines:
            fields.wrong("list", "unknown-list", "不在 choices 里", "is not among the form's choices")
        return found


def once(entry_id: str, seen: set[str], fields: Fields) -> None:
    """Note an id that is used twice among its like."""
    if entry_id and entry_id in seen:
        fields.wrong("id", "duplicate-id", f"“{entry_id}”重复", f"'{entry_id}' is used twice")
    seen.add(entry_id)
