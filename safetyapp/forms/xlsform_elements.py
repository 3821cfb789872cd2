"""The elements of an XLSForm, from pyxform's tree: groups, repeats and questions, each with its row and its id.

An element's id is its name; where a name occurs in several groups, all but the first are called `group.name`. What
pyxform adds of its own for other programs (labels of matrix tables, nodes for the number of repeats) is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from safetyapp.forms.fields import LONGEST_ID, is_name
from safetyapp.forms.xlsform_report import SURVEY, SheetNotes
from safetyapp.forms.xlsform_workbook import ROW

GROUP, REPEAT, LOOP = "group", "repeat", "loop"
_RESERVED = ("school.", "inspection.")
_LABEL_OF_MATRIX = "reserved_name_for_field_list_labels_"
_LABEL_OF_GROUP = "generated_table_list_label_"


@dataclass(slots=True, eq=False)
class Element:
    """A group, a repeat or a question: `raw` is pyxform's own dictionary of it, `row` its row in the survey sheet (that
    of the one before it where pyxform has added it)."""

    name: str
    type: str
    raw: dict[str, Any]
    row: int
    parent: Element | None
    children: list[Element] = field(default_factory=list)
    id: str = ""
    is_added: bool = False

    @property
    def holds(self) -> bool:
        return self.type in (GROUP, REPEAT)

    def part(self, key: str) -> Mapping[str, Any]:
        """The attributes under `bind`, `control` or `media`."""
        found = self.raw.get(key)
        return found if isinstance(found, Mapping) else {}

    def below(self) -> Iterator[Element]:
        """Everything in it, in order."""
        for child in self.children:
            yield child
            yield from child.below()


def read_elements(tree: dict[str, Any], notes: SheetNotes) -> Element:
    """The survey as an element, with every id given."""
    root = Element(str(tree.get("name") or "data"), "survey", tree, 1, None)
    _add(root, tree.get("children") or [], 1)
    _give_ids(root, notes)
    return root


def texts_of(element: Element) -> Iterator[str]:
    """Every text of an element in which names may be quoted: expressions, labels, hints and messages."""
    raw = element.raw
    control = element.part("control")
    waiting = [*element.part("bind").values(), control.get("jr:count"), raw.get("itemset"), raw.get("parameters")]
    waiting += [raw.get(key) for key in ("label", "hint", "guidance_hint", "default", "choice_filter")]
    for value in waiting:
        if isinstance(value, Mapping):
            yield from (str(one) for one in value.values())
        elif value is not None:
            yield str(value)


def _add(parent: Element, raw_children: list[dict[str, Any]], row: int) -> int:
    """Adds the elements of pyxform's list; the row of the last one."""
    for place, raw in enumerate(raw_children):
        own_row = int(raw[ROW]) if str(raw.get(ROW, "")).isdigit() else 0
        row = own_row or row
        name, kind = str(raw.get("name", "")), str(raw.get("type", ""))
        if not own_row and _is_aid(parent, raw, raw_children[place + 1 : place + 2]):
            continue
        element = Element(name, kind, raw, row, parent, is_added=not own_row)
        parent.children.append(element)
        if kind == LOOP:
            element.type = GROUP
            for column in raw.get("columns") or ():
                if column.get("name") != "none":
                    row = _add_column(element, raw.get("children") or [], column, row)
        elif kind in (GROUP, REPEAT):
            row = _add(element, raw.get("children") or [], row)
    return row


def _add_column(loop: Element, children: list[dict[str, Any]], column: dict[str, Any], row: int) -> int:
    """One round of a loop: its questions once more, with the choice's name and label put in."""
    group = Element(str(column["name"]), GROUP, {**column, "type": GROUP}, row, loop, is_added=True)
    loop.children.append(group)
    return _add(group, [{k: _filled_in(v, column) for k, v in child.items()} for child in children], row)


def _filled_in(value: Any, column: Mapping[str, Any], language: str = "") -> Any:
    """A text of a loop with `%(name)s` and `%(label)s` put in, in its own language where the choice has that."""
    if isinstance(value, Mapping):
        return {key: _filled_in(one, column, str(key)) for key, one in value.items()}
    if not isinstance(value, str) or "%(" not in value:
        return value
    label = column.get("label", "")
    if isinstance(label, Mapping):
        label = label.get(language) or next(iter(label.values()), "")
    return value.replace("%(name)s", str(column.get("name", ""))).replace("%(label)s", str(label))


def _is_aid(parent: Element, raw: dict[str, Any], following: list[dict[str, Any]]) -> bool:
    """Whether pyxform has added this for other programs; a matrix table gets its own label back."""
    name = str(raw.get("name", ""))
    if name.startswith(_LABEL_OF_MATRIX):
        return True
    if name.startswith(_LABEL_OF_GROUP):
        parent.raw.update({key: raw[key] for key in ("label", "hint") if key in raw})
        return True
    if following and following[0].get("type") == REPEAT and name == f"{following[0].get('name')}_count":
        control = following[0].get("control")
        if isinstance(control, dict) and control.get("jr:count") == f"${{{name}}}":
            control["jr:count"] = raw["bind"]["calculate"]
            return True
    return False


def _give_ids(root: Element, notes: SheetNotes) -> None:
    taken: set[str] = set()
    for element in root.below():
        wanted = _as_name(element.name)
        if wanted in taken and element.parent is not None and element.parent.id:
            wanted = _as_name(f"{element.parent.id}.{element.name}")
        element.id = _free(wanted, taken)
        taken.add(element.id)
        if element.id != element.name and not element.is_added:
            zh = f"“{element.name}”在这里叫“{element.id}”"
            notes.warning_at(SURVEY, element.row, "renamed", zh, f"'{element.name}' is called '{element.id}' here")


def _as_name(name: str) -> str:
    """A name as an id may be: no colon, not too long, none of our own."""
    plain = "".join(c if is_name("a" + c) else "_" for c in name)[: LONGEST_ID - 8] or "_"
    plain = plain if is_name(plain) else f"_{plain}"
    return f"_{plain}" if plain.startswith(_RESERVED) else plain


def _free(wanted: str, taken: set[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}.{number}"
    return found
