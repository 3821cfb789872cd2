"""The choice lists of an XLSForm: of its sheets `choices` and `external_choices`, and of CSV files beside it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetyapp.domain.answer_kinds import Choice, ChoiceList
from safetyapp.forms.fields import LONGEST_ID, is_id, is_name
from safetyapp.forms.mistakes import LARGEST_FILE, shown
from safetyapp.forms.read_choices import MOST_CHOICES
from safetyapp.forms.xlsform_report import CHOICES, EXTERNAL, SURVEY, SheetNotes
from safetyapp.forms.xlsform_words import Languages, clean

_SEPARATORS = re.compile(r"[\s,，、;；]+")
_FILE = re.compile(r"[^./\\:*?\"<>|\s][^/\\:*?\"<>|\n\t]{0,199}")
WRITTEN = "name.written"
_OWN = ("name", "label", "media", "list_name", "list name")


@dataclass(slots=True)
class Lists:
    """Every list by the name that the survey sheet has for it. `renamed` are choice ids that had to be written
    otherwise, for an answer is written with spaces between several of them."""

    notes: SheetNotes
    languages: Languages
    folder: Path | None = None
    lists: dict[str, ChoiceList] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    doubles: set[str] = field(default_factory=set)
    """The lists in which several choices share a name (counties called King in two states): their ids are told apart,
    and expressions go on to see the name, which stands in the column WRITTEN."""

    def add(self, name: str, rows: Iterable[Mapping[str, Any]], sheet: str, row: int = 0) -> None:
        """Takes a list; what of it cannot be carried is noted at a sheet and row."""
        choices: list[Choice] = []
        taken: set[str] = set()
        for raw in rows:
            choice = self._choice(name, raw, taken, sheet, row)
            if len(choices) == MOST_CHOICES:
                zh, en = (
                    f"选项表“{name}”超过 {MOST_CHOICES} 项",
                    f"The list '{name}' has more than {MOST_CHOICES} choices",
                )
                self.notes.mistake_at(sheet, row, "too-many-choices", zh, en)
                return
            if choice is not None:
                choices.append(choice)
        if any("${" in c.label.zh + c.label.en for c in choices):
            zh, en = f"选项表“{name}”的文字不能引用回答", f"The labels of the list '{name}' cannot quote answers"
            self.notes.warning_at(sheet, row, "not-supported", zh, en)
        if choices:
            self.lists[name] = ChoiceList(self._list_id(name), tuple(choices))

    def from_file(self, file_name: str, value: str, label: str, row: int) -> ChoiceList | None:
        """The list in a CSV file beside the workbook, None after noting why there is none."""
        if file_name in self.lists:
            return self.lists[file_name]
        path = self.folder / file_name if self.folder is not None and _FILE.fullmatch(file_name) else None
        if path is None or path.suffix.lower() != ".csv" or not path.is_file():
            zh = f"选项在文件“{shown(file_name)}”里，它不在表旁边（只认 .csv）；改为填文字"
            en = f"The choices are in '{shown(file_name)}', which is not beside the form (only .csv): a text is asked"
            self.notes.warning_at(SURVEY, row, "not-supported", zh, en)
            return None
        rows = _csv_rows(path)
        if rows is None:
            zh, en = (
                f"读不出文件“{shown(file_name)}”；改为填文字",
                f"'{shown(file_name)}' cannot be read: a text is asked",
            )
            self.notes.warning_at(SURVEY, row, "not-supported", zh, en)
            return None
        named = ({**r, "name": r.get(value, ""), "label": r.get(label, "")} for r in rows)
        self.add(file_name, named, SURVEY, row)
        return self.lists.get(file_name)

    def _choice(self, name: str, raw: Mapping[str, Any], taken: set[str], sheet: str, row: int) -> Choice | None:
        written = clean(raw.get("name", ""))
        if not written:
            return None
        choice_id = self._choice_id(name, written, taken, sheet, row)
        taken.add(choice_id)
        media = raw.get("media")
        file = self._media(name, media, sheet, row) if isinstance(media, Mapping) else ""
        label = self.languages.words(raw.get("label"))
        columns = sorted((k, clean(v)) for k, v in _columns(raw) if is_name(k))
        if choice_id != (plain := _plain_id(written)):
            columns = sorted([*columns, (WRITTEN, plain)])
        return Choice(
            id=choice_id,
            label=label if label.zh else self.languages.words(written),
            media=file,
            columns=tuple((k, v) for k, v in columns if v),
        )

    def _choice_id(self, name: str, written: str, taken: set[str], sheet: str, row: int) -> str:
        plain = _plain_id(written)
        if plain != written:
            self.renamed[written] = plain
        number, found = 1, plain
        while found in taken:
            number += 1
            found = f"{plain[: LONGEST_ID - 6]}__{number}"
        if found != plain:
            self.doubles.add(name)
        if found != written:
            zh = f"选项表“{name}”的“{shown(written)}”在这里叫“{shown(found)}”"
            en = f"'{shown(written)}' of the list '{name}' is called '{shown(found)}' here"
            self.notes.warning_at(sheet, row, "renamed", zh, en)
        return found

    def _media(self, name: str, media: Mapping[str, Any], sheet: str, row: int) -> str:
        files = {kind: file_name(self.languages.one(value)) for kind, value in media.items()}
        first = next((files[kind] for kind in ("image", "audio", "video") if files.get(kind)), "")
        if any(file and file != first for file in files.values()):
            zh = f"选项表“{name}”的选项只带一个媒体文件"
            self.notes.warning_at(
                sheet, row, "not-carried", zh, f"A choice of the list '{name}' keeps one media file only"
            )
        return first

    def _list_id(self, name: str) -> str:
        taken = {kept.id for kept in self.lists.values()}
        plain = "".join(c if is_name("a" + c) else "_" for c in Path(name).stem)[: LONGEST_ID - 6]
        plain = plain if is_id(plain) else f"_{plain}"
        number, found = 1, plain
        while found in taken:
            number += 1
            found = f"{plain}.{number}"
        return found


def read_lists(
    tree: Mapping[str, Any],
    external: list[dict[str, str]],
    languages: Languages,
    notes: SheetNotes,
    folder: Path | None,
) -> Lists:
    """The lists of the sheets, in order. `folder` is where the workbook lies, when it lies anywhere."""
    lists = Lists(notes, languages, folder)
    for name, choices in (tree.get("choices") or {}).items():
        lists.add(str(name), choices, CHOICES)
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in external:
        grouped.setdefault(str(row.get("list_name") or row.get("list name") or ""), []).append(_ungrouped(row))
    for name, choices in grouped.items():
        if name and name not in lists.lists:
            lists.add(name, choices, EXTERNAL)
    return lists


def file_name(text: str) -> str:
    """The plain name of a media file, empty where there is none."""
    plain = text.rpartition("/")[2].strip()
    return plain if _FILE.fullmatch(plain) else ""


def _plain_id(written: str) -> str:
    return _SEPARATORS.sub("_", unicodedata.normalize("NFKC", written))[:LONGEST_ID]


def _columns(raw: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for key, value in raw.items():
        if key not in _OWN and not key.startswith("__") and not isinstance(value, Mapping) and value is not None:
            yield str(key), value


def _ungrouped(row: Mapping[str, str]) -> dict[str, Any]:
    """A row of a sheet that pyxform hands on as it stands: `label::English` brought under `label`."""
    found: dict[str, Any] = {}
    for header, value in row.items():
        name, _, language = (part.strip() for part in header.partition("::"))
        if name == "label" and language:
            found.setdefault("label", {})
            if isinstance(found["label"], dict):
                found["label"][language] = value
        else:
            found[header] = value
    return found


def _csv_rows(path: Path) -> list[dict[str, str]] | None:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            return None
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        return [{str(k): v for k, v in row.items() if k and isinstance(v, str)} for row in reader]
    except (OSError, ValueError, csv.Error):
        return None
