"""XLSForm workbooks (https://xlsform.org) as forms. pyxform reads and judges them; what cannot be carried is named with
its sheet and row, and nothing is left out in silence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safetyapp.domain.answer_kinds import ChoiceList
from safetyapp.domain.form import Form, FormId, Item, Section, with_address
from safetyapp.domain.words import Words
from safetyapp.forms.fields import LONGEST_ID, LONGEST_TEXT, is_name
from safetyapp.forms.mistakes import LARGEST_FILE, Notes, shown
from safetyapp.forms.so_far import DEEPEST_ITEM, MOST_ITEMS
from safetyapp.forms.xlsform_choices import read_lists
from safetyapp.forms.xlsform_elements import GROUP, Element, read_elements, texts_of
from safetyapp.forms.xlsform_paths import Renamer
from safetyapp.forms.xlsform_questions import Making, condition, list_of, make_item
from safetyapp.forms.xlsform_report import ENTITIES, SETTINGS, SURVEY, SheetNotes
from safetyapp.forms.xlsform_words import clean, languages_of
from safetyapp.forms.xlsform_workbook import Converted, convert

CATEGORY = "xlsform"
_MOST_SECTIONS = 200
_COLUMNS = frozenset(
    {
        *("type", "command", "name", "tag", "value", "label", "caption", "hint", "guidance_hint", "appearance"),
        *("relevant", "relevance", "required", "required_message", "requiredmsg", "jr:requiredmsg", "constraint"),
        *("constraint_message", "constraining_message", "jr:constraintmsg", "calculation", "calculate", "read_only"),
        *("readonly", "default", "trigger", "choice_filter", "parameters", "image", "big-image", "audio", "video"),
        *("repeat_count", "count", "jr:count", "rows", "disabled", "intent", "list_name", "save_to"),
    }
)
_TEXTS = frozenset(
    {"label", "caption", "hint", "guidance_hint", "constraint_message", "required_message", "jr", "default"}
)
_ATTRIBUTES = frozenset({"bind", "body", "control", "media"})
_SETTINGS = frozenset(
    {
        *("form_title", "title", "set_form_title", "form_id", "id_string", "set_form_id", "version", "name"),
        *("default_language", "allow_choice_duplicates", "clean_text_values"),
    }
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A form that was read, and the row of the survey sheet that each of its items and sections comes from."""

    form: Form | None
    notes: Notes
    rows: Mapping[str, int]


def read_xlsform(source: Path | bytes, name: str = "") -> tuple[Form | None, Notes]:
    """The form in a workbook (None when it is refused) and everything noted on the way. Raises nothing.

    `.xlsx` and `.xls` by their content, `.csv` and `.md` in pyxform's manner by their name. Where `source` is a path,
    choices that the form keeps in CSV files are looked for beside it.
    """
    imported = read_with_rows(source, name)
    return imported.form, imported.notes


def read_with_rows(source: Path | bytes, name: str = "") -> Imported:
    """As `read_xlsform`, with the row of each item."""
    notes = SheetNotes(name or ("form.xlsx" if isinstance(source, bytes) else source.name))
    data = source if isinstance(source, bytes) else _bytes(source, notes)
    rows: dict[str, int] = {}
    form: Form | None = None
    if data is not None:
        folder = source.parent if isinstance(source, Path) else None
        converted = convert(data, Path(notes.name).suffix.lower(), notes)
        form = _read(converted, data, folder, notes, rows) if converted is not None else None
    if form is None or notes.mistakes:
        return Imported(None, notes, rows)
    return Imported(with_address(form), notes, rows)


def _bytes(path: Path, notes: SheetNotes) -> bytes | None:
    try:
        if not path.is_file():  # a pipe would be waited for
            notes.mistake_at("", 0, "no-file", "没有这个文件", "There is no such file")
            return None
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = shown(error.strerror or type(error).__name__)
        notes.mistake_at("", 0, "unreadable", f"文件打不开（{reason}）", f"The file cannot be opened ({reason})")
        return None


def _read(
    converted: Converted, data: bytes, folder: Path | None, notes: SheetNotes, rows: dict[str, int]
) -> Form | None:
    tree = converted.tree
    languages = languages_of(tree)
    root = read_elements(tree, notes)
    lists = read_lists(tree, converted.external, languages, notes, folder)
    doubles = {e.name: lists.lists[name].id for e in root.below() if (name := list_of(e)) in lists.doubles}
    making = Making(notes, languages, lists, Renamer(root, lists.renamed, doubles))
    _keep_only_what_is_used(root)
    stem = Path(notes.name).stem
    title = Words(clean(tree.get("title") or "") or clean(stem) or "XLSForm")
    rows.update({e.id: e.row for e in root.below()})
    sections = _sections(root, title, making)
    if notes.mistakes:
        return None
    if not sections:
        notes.mistake_at(SURVEY, 0, "no-questions", "表里没有可填的内容", "There is nothing in the form to fill in")
        return None
    form = Form(
        id=FormId(_form_id(converted.settings, stem)),
        version=clean(tree.get("version") or "")[:100] or hashlib.sha256(data).hexdigest()[:8],
        title=title,
        category=CATEGORY,
        documents=(),
        sections=sections,
        choices=_used_lists(sections, lists.lists),
    )
    _note_the_rest(converted, languages.others, rows, form, notes)
    _check(form, rows, notes)
    return form


def _sections(root: Element, title: Words, making: Making) -> tuple[Section, ...]:
    """Groups at the top that have a name for people are sections; what stands between them is put into others."""
    groups = [e for e in root.children if _is_section(e, making)]
    is_split = len(groups) <= _MOST_SECTIONS
    taken = {element.id for element in root.below()}
    found: list[Section] = []
    loose: list[Item] = []

    def close() -> None:
        if loose:
            number = len(found) + 1
            while f"part-{number}" in taken:
                number += 1
            taken.add(f"part-{number}")
            found.append(Section(f"part-{number}", title, tuple(loose)))
            loose.clear()

    for element in root.children:
        if is_split and element in groups:
            items = tuple(_items(element.children, making, 0))
            if items:
                close()
                words = making.words(element.raw.get("label"))
                found.append(Section(element.id, words, items, condition(element, making)))
                continue
            _note_empty(element, making)
        else:
            loose.extend(_items([element], making, 0))
    close()
    return tuple(found)


def _is_section(element: Element, making: Making) -> bool:
    label = making.languages.words(element.raw.get("label"))
    plain = not any(element.raw.get(key) for key in ("hint", "guidance_hint", "media"))
    look = str(element.part("control").get("appearance") or "field-list")
    return (
        element.type == GROUP
        and bool(label.zh)
        and "${" not in label.zh + label.en
        and plain
        and look == "field-list"
        and bool(element.children)
        and element.name not in making.renamer.quoted
    )


def _items(elements: list[Element], making: Making, depth: int) -> Iterator[Item]:
    for element in elements:
        if element.holds and depth >= DEEPEST_ITEM:
            zh, en = f"嵌套超过 {DEEPEST_ITEM} 层", f"Nested in more than {DEEPEST_ITEM} groups and repeats"
            making.notes.mistake_at(SURVEY, element.row, "too-deep", zh, en)
            continue
        members = tuple(_items(element.children, making, depth + 1)) if element.holds else ()
        if element.holds and not members:
            if not making.notes.mistakes:  # else it is empty because of what is wrong in it
                _note_empty(element, making)
            continue
        item = make_item(element, members, making)
        if item is not None:
            yield item


def _note_empty(element: Element, making: Making) -> None:
    making.note(element, "not-carried", "里面没有可填的内容", "holds nothing to fill in")


def _keep_only_what_is_used(root: Element) -> None:
    """Of the group `meta` that pyxform adds, the inspection's id where an expression looks at it."""
    for meta in [e for e in root.children if e.is_added and e.name == "meta"]:
        is_used = any("instanceID" in text for e in root.below() for text in texts_of(e))
        ids = [e for e in meta.children if e.name == "instanceID" and is_used]
        for element in ids:
            element.raw["bind"] = {"calculate": "${inspection.id}"}
        audits = [e for e in meta.children if not e.is_added]
        meta.children = [*ids, *audits]
        if not ids:
            place = root.children.index(meta)
            root.children[place : place + 1] = audits


def _used_lists(sections: tuple[Section, ...], lists: Mapping[str, ChoiceList]) -> tuple[ChoiceList, ...]:
    """The lists that a question offers or an expression may look at."""
    form = Form(FormId("x"), "", Words(""), "", (), sections)
    used = {item.answer.choice_list for item in form.every_item()}
    texts = " ".join(f"{i.calculate} {i.constraint} {i.when} {i.default} {i.choice_filter}" for i in form.every_item())
    return tuple(
        kept for kept in lists.values() if kept.id in used or f"'{kept.id}'" in texts or f'"{kept.id}"' in texts
    )


def _note_the_rest(
    converted: Converted, others: tuple[str, ...], rows: Mapping[str, int], form: Form, notes: SheetNotes
) -> None:
    """Names what was left behind: languages, columns, settings, and every row that nothing came of."""
    if others:
        named = ", ".join(others)
        notes.warning_at(
            SETTINGS, 0, "not-carried", f"没有带来的语言：{named}", f"Languages that are not carried: {named}"
        )
    columns = [h for h in converted.headers if not _is_carried(h)]
    if columns:
        named = shown(", ".join(columns), 200)
        notes.warning_at(SURVEY, 1, "not-carried", f"没有带来的列：{named}", f"Columns that are not carried: {named}")
    settings = [key for key in converted.settings if key.partition("::")[0].strip().lower() not in _SETTINGS]
    if settings:
        named = shown(", ".join(settings), 200)
        notes.warning_at(
            SETTINGS, 2, "not-carried", f"没有带来的设置：{named}", f"Settings that are not carried: {named}"
        )
    if converted.has_entities or any(h.lower() == "save_to" for h in converted.headers):
        notes.warning_at(ENTITIES, 0, "not-supported", "实体（entities）不支持", "Entities are not supported")
    for number, row in enumerate(converted.survey, start=2):
        for head, text in row.items():
            if head.partition(":")[0].strip().lower() in _TEXTS and len(str(text).strip()) > LONGEST_TEXT:
                zh, en = (
                    f"“{shown(head)}”超过 {LONGEST_TEXT} 字，后面的没有带来",
                    f"'{shown(head)}' is cut at {LONGEST_TEXT} characters",
                )
                notes.warning_at(SURVEY, number, "not-carried", zh, en)
    made = {rows[name] for name in (*(s.id for s in form.sections), *(i.id for i in form.every_item())) if name in rows}
    for number, row in enumerate(converted.survey, start=2):
        if row and number not in made and not notes.names(SURVEY, number) and not _ends(row):
            kind = shown(str(next((row[k] for k in ("type", "Type", "command") if k in row), "")))
            zh, en = f"这一行（{kind}）没有带来", f"Nothing came of this row ({kind})"
            notes.warning_at(SURVEY, number, "not-carried", zh, en)


def _is_carried(header: str) -> bool:
    first, *rest = (part.strip() for part in (header.split("::") if "::" in header else header.split(":")))
    if first.lower() == "jr" and rest:  # jr:count, written with one colon
        first, rest = f"jr:{rest[0]}", rest[1:]
    name = "_".join(first.lower().split())
    if name in _ATTRIBUTES:
        inner = ":".join(rest[:2]) if rest and rest[0] == "jr" else rest[0] if rest else ""
        return inner.lower() in _COLUMNS or (name == "bind" and inner == "type")
    return name in _COLUMNS


def _ends(row: Mapping[str, str]) -> bool:
    return any(
        str(v).strip().lower().replace("_", " ").startswith("end ") for k, v in row.items() if k.lower() == "type"
    )


def _form_id(settings: Mapping[str, str], stem: str) -> str:
    written = next((settings[k] for k in ("form_id", "id_string", "set_form_id") if settings.get(k)), stem)
    plain = "".join(c if is_name("a" + c) else "_" for c in clean(written))[: LONGEST_ID - 1] or "form"
    return plain if is_name(plain) else f"_{plain}"


def _check(form: Form, rows: Mapping[str, int], notes: SheetNotes) -> None:
    """Notes what is wrong in the expressions, at the row of their item."""
    from safetyapp.forms.check_expressions import check_expressions

    if sum(1 for _ in form.every_item()) > MOST_ITEMS:
        zh, en = f"多于 {MOST_ITEMS} 项", f"There are more than {MOST_ITEMS} items"
        notes.mistake_at(SURVEY, 0, "too-large", zh, en)
        return
    mistakes, warnings = check_expressions(form)
    for found in mistakes:
        zh, en = f"“{found.item}”的 {found.field}：{found.zh}", f"{found.field} of '{found.item}': {found.en}"
        notes.mistake_at(SURVEY, rows.get(found.item, 0), found.code, zh, en)
    for found in warnings:
        zh, en = f"“{found.item}”的 {found.field}：{found.zh}", f"{found.field} of '{found.item}': {found.en}"
        notes.warning_at(SURVEY, rows.get(found.item, 0), found.code, zh, en)
