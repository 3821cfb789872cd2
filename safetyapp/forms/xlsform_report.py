"""What is to be said about an XLSForm: notes with sheet and row, and pyxform's own sentences turned into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from safetyapp.forms.mistakes import Mistake, Notes, shown

SURVEY = "survey"
CHOICES = "choices"
SETTINGS = "settings"
EXTERNAL = "external_choices"
ENTITIES = "entities"

SHEETS = ("", SURVEY, CHOICES, EXTERNAL, SETTINGS, ENTITIES)
_ROWS = 10_000_000
"""More than a sheet has: a place is the sheet's number times this, and the row."""
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"(?:On the|for sheet:?|sheet named|in the) '(\w+)'")
_OF_TYPE = re.compile(r"[Uu]nknown question type '(.+)'")
_OF_NAME = re.compile(r"survey element named '([^']+)'")
_LONGEST = 600
_OF_NO_USE = (
    "Use the max-pixels parameter",
    "is missing the survey column",
    "is missing the choices",
    "has no label: {",
)
"""Advice of pyxform that is about other programs, or about translations that may be left out here."""


class SheetNotes(Notes):
    """Notes whose places are sheets and rows: `form.xlsx:survey!12`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._named: set[tuple[str, int]] = set()

    def names(self, sheet: str, row: int) -> bool:
        """Whether something has been said about this row."""
        return (sheet, row) in self._named

    def mistake_at(self, sheet: str, row: int, code: str, zh: str, en: str) -> None:
        """Note something that keeps the workbook out; `row` as the table program counts, 0 when there is none."""
        self._named.add((sheet, row))
        self.mistake(_place(sheet, row), code, zh, en)

    def warning_at(self, sheet: str, row: int, code: str, zh: str, en: str) -> None:
        """Note something that is not carried, or that somebody should look at; the workbook still opens."""
        self._named.add((sheet, row))
        self.warning(_place(sheet, row), code, zh, en)

    def _note(self, line: int, code: str, zh: str, en: str) -> Mistake:
        number, row = divmod(line, _ROWS)
        sheet = SHEETS[number]
        place = f"{sheet}!{row}" if sheet and row else sheet or (str(row) if row else "")
        return Mistake(f"{self.name}:{place}" if place else self.name, code, f"{zh}。{en}.")


def _place(sheet: str, row: int) -> int:
    return (SHEETS.index(sheet) if sheet in SHEETS else 0) * _ROWS + row


def note_refusal(notes: SheetNotes, error: BaseException, survey: Sequence[Mapping[str, str]] = ()) -> None:
    """pyxform's reason for refusing the workbook, at the row that it names, or at the one of the type or name that it
    names where there is such a row in `survey`."""
    said = " ".join(str(error).split()) if type(error).__name__ == "PyXFormError" else ""
    if not said:  # it tripped over something: what, only its authors could say
        name = shown(type(error).__name__)
        zh, en = f"不是可用的 XLSForm（{name}）", f"This is no usable XLSForm ({name})"
        notes.mistake_at("", 0, "not-xlsform", zh, en)
        return
    sheet, row, text = place_of(said)
    if not row and (found := _row_of(said, survey)):
        sheet, row = SURVEY, found
    notes.mistake_at(sheet, row, "bad-xlsform", "XLSForm 有错，pyxform 的原话", f"pyxform: {text}")


def _row_of(said: str, survey: Sequence[Mapping[str, str]]) -> int:
    """The row whose type or name a sentence quotes; 0 when it quotes none."""
    for pattern, heads in ((_OF_TYPE, ("type", "command")), (_OF_NAME, ("name", "tag", "value"))):
        quoted = pattern.search(said)
        if quoted is None:
            continue
        for number, row in enumerate(survey, start=2):
            if any(k.strip().lower() in heads and " ".join(str(v).split()) == quoted[1] for k, v in row.items()):
                return number
    return 0


def note_warnings(notes: SheetNotes, warnings: Iterable[str]) -> None:
    """pyxform's warnings, each at the row that it names; advice on other programs is left out."""
    for warning in dict.fromkeys(warnings):
        said = " ".join(str(warning).split())
        if any(piece in said for piece in _OF_NO_USE):
            continue
        sheet, row, text = place_of(said)
        notes.warning_at(sheet, row, "pyxform", f"pyxform 提示：{text}", f"pyxform says: {text}")


def place_of(said: str) -> tuple[str, int, str]:
    """Sheet and row that a sentence of pyxform names, and the sentence without the row."""
    row = _ROW.search(said)
    sheet = _SHEET.search(said)
    named = sheet[1] if sheet and sheet[1] in SHEETS else ""
    text = shown(_ROW.sub("", said, count=1).strip().rstrip("."), _LONGEST)
    if row is not None:
        return named or SURVEY, int(row[1]), text
    return named, 0, text
