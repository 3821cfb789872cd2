"""Which rows of a school list are campuses of which school, and which name the same school twice."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from safetyapp.domain.school import normal_name
from safetyapp.forms.school_cells import folded, take_code, take_text
from safetyapp.forms.school_head import Column
from safetyapp.forms.school_rows import Entry, Skipped

_PLACES = "校区|园区|分校|分园|分址|分部|院区|校址|园址|办学点|教学点"
_WORD = rf"[^()]{{0,12}}?(?:{_PLACES}|校部|学部|小学部|初中部|高中部|中学部|幼儿部)"
_IN_BRACKETS = re.compile(rf"(.+?)\(({_WORD})\)")
_AT_END = re.compile(rf"[-—·_]?(.{{0,6}}(?:{_PLACES}))")
_ONLY = re.compile(rf"(?!.*(?:小学|中学|学校|幼儿园|高中|初中|职)).{{0,4}}(?:{_PLACES})")
_UNBRACKETED = re.compile(
    r"(.+(?:小学|中学|学校|幼儿园|高中|初中))[-—·_]?(.{0,4}(?:校区|园区|分园|分址|院区|校址|园址|办学点|教学点))"
)
_MAIN_WORDS = "本部|校本部|园本部|总校|总园|主校区|总校区|本校|本园|主园区|总部|主校|主园|中心园"
_MAIN = re.compile(rf"\(?({_MAIN_WORDS})\)?")
_MAIN_IN_BRACKETS = re.compile(rf"(.+?)\(({_MAIN_WORDS})\)")


def address_of(entry: Entry) -> str:
    """The address of the row, that of the campus if it has one of its own."""
    own = take_text(entry.cells.get(Column.CAMPUS_ADDRESS)).value
    school = take_text(entry.cells.get(Column.ADDRESS)).value
    return (own or school) if entry.campus or not school else school


@dataclass(slots=True)
class _Known:
    """What has been seen above the present row, by what it is looked up by."""

    said: set[tuple[str, str, str]] = field(default_factory=set)
    named: dict[tuple[str, str], Entry] = field(default_factory=dict)
    coded: dict[str, Entry] = field(default_factory=dict)
    last_of_base: dict[str, Entry] = field(default_factory=dict)
    last_of_sheet: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry, base: str) -> None:
        self.said.add(_said(entry))
        self.named.setdefault((normal_name(entry.name), entry.code), entry)
        self.last_of_base[base] = entry
        self.last_of_sheet[entry.sheet] = entry
        if entry.code:
            self.coded.setdefault(entry.code, entry)


def link(entries: list[Entry]) -> tuple[list[Entry], list[Skipped]]:
    """The entries that count, with their parents set, and the rows left out as repetitions.

    A campus may stand above its school, or in another sheet.
    """
    for entry in entries:
        entry.code = take_code(entry.cells.get(Column.CODE)).value
        entry.campus = _campus(entry)
    schools: dict[str, list[Entry]] = {}
    for entry in entries:
        if not entry.campus:
            schools.setdefault(_base_name(entry), []).append(entry)
    known, kept, skipped = _Known(), [], []
    for entry in entries:
        base = _base_name(entry)
        if entry.campus:
            _find_parent(entry, base, schools, known)
        elif (earlier := _said_before(entry, known)) is not None:
            why = f"与第 {earlier.row} 行是同一所学校。The same school as in row {earlier.row}."
            skipped.append(Skipped(entry.row, why, entry.sheet))
            continue
        else:
            _same_code(entry, known)
        if entry.parent is None:
            known.add(entry, base)
        kept.append(entry)
    for entry in kept:
        _flatten(entry)
    return kept, skipped


def _campus(entry: Entry) -> str:
    """The campus that the row speaks of, from its column or from its name; "" for the school itself."""
    written = take_text(entry.cells.get(Column.CAMPUS)).value
    name = normal_name(entry.name)
    if written and not _MAIN.fullmatch(normal_name(written)) and normal_name(written) not in ("无", "-", "/", name):
        return written
    match = _split(name)
    if match:
        return match[2]
    return name if _ONLY.fullmatch(name) else ""


def _split(name: str) -> re.Match[str] | None:
    """A name that ends in a campus: 1 the school, 2 the campus. A 分校 without brackets is a school of its own."""
    match = _IN_BRACKETS.fullmatch(name) or _UNBRACKETED.fullmatch(name)
    return match if match and not _MAIN.fullmatch(match[2]) else None


def _base_name(entry: Entry) -> str:
    """The name without its campus, as names are compared."""
    name = normal_name(entry.name)
    match = _MAIN_IN_BRACKETS.fullmatch(name) or _split(name)
    return match[1] if match else name


def _find_parent(entry: Entry, base: str, schools: dict[str, list[Entry]], known: _Known) -> None:
    """The school of a campus: that of its name and code, else the nearest of its name above, else the first below."""
    name = normal_name(entry.name)
    if _ONLY.fullmatch(name):
        entry.parent = known.last_of_sheet.get(entry.sheet)
        if entry.parent is not None:
            entry.name = f"{entry.parent.name}（{entry.campus}）"
            return
    named = schools.get(base, [])
    coded = next((school for school in named if school.code == entry.code), None) if entry.code else None
    parent = coded or known.last_of_base.get(base) or (named[0] if named else None)
    if parent is None:
        entry.campus = ""
        why = "名单里没有它的学校，按独立学校处理。Its school is not in the list; taken as a school of its own."
        entry.note(Column.NAME, entry.name, why, True)
        return
    entry.parent = parent
    if entry.code and parent.code not in ("", entry.code):
        entry.note(Column.CODE, entry.code, "与所属学校的代码不同。The code differs from that of its school.", True)
    if len(named) > 1 and coded is None:
        why = "有几所同名学校，取上面最近的一所。Several schools have this name; the nearest above was taken."
        entry.note(Column.NAME, entry.name, why, True)
    if _split(name) is None and entry.campus not in entry.name:
        entry.name = f"{entry.name}（{entry.campus}）"


def _said(entry: Entry) -> tuple[str, str, str]:
    return normal_name(entry.name), entry.code, normal_name(address_of(entry))


def _said_before(entry: Entry, known: _Known) -> Entry | None:
    """The earlier row that said the same: same name, code and address (or no address of its own)."""
    earlier = known.named.get((normal_name(entry.name), entry.code))
    if earlier is None:
        return None
    same = _said(entry) in known.said or entry.name_from_above or not address_of(entry)
    return earlier if same else None


def _same_code(entry: Entry, known: _Known) -> None:
    """A row with the code of an earlier school is its campus if its name says so or it has no number of its own."""
    name = normal_name(entry.name)
    if not entry.code:
        above = known.last_of_sheet.get(entry.sheet)
        rest = name.removeprefix(normal_name(above.name)) if above else name
        if above is not None and rest != name and _AT_END.fullmatch(rest) and not entry.numbered:
            entry.parent, entry.campus = above, rest
        return
    same = known.coded.get(entry.code)
    if same is None:
        return
    rest = name.removeprefix(normal_name(same.name))
    if rest != name or (not entry.numbered and bool(folded(same.cells.get(Column.NUMBER)))):
        entry.parent, entry.campus = same, rest or address_of(entry)
        if not _AT_END.fullmatch(rest):
            why = f"代码与第 {same.row} 行相同，当作其校区。It has the code of row {same.row}; taken as its campus."
            entry.note(Column.CODE, entry.code, why, True)
    else:
        why = f"代码与第 {same.row} 行另一所学校相同。Another school, in row {same.row}, has this code."
        entry.note(Column.CODE, entry.code, why, True)


def _flatten(entry: Entry) -> None:
    """A campus of a campus belongs to the school itself."""
    for _ in range(8):
        if entry.parent is None or entry.parent.parent is None or entry.parent.parent is entry:
            return
        entry.parent = entry.parent.parent
