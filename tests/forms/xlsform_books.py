"""XLSForm workbooks made for tests, and what is read out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook

from safetyapp.domain.form import Form, Item
from safetyapp.forms.mistakes import Notes
from safetyapp.forms.xlsform import read_xlsform

Rows = Sequence[Sequence[object]]


def book(survey: Rows, choices: Rows = (), settings: Mapping[str, object] | None = None, **others: Rows) -> bytes:
    """A workbook; the first row of each sheet are its headers."""
    made = Workbook()
    made.remove(made.worksheets[0])
    sheets = {"survey": survey, "choices": choices, **others}
    if settings:
        sheets["settings"] = [list(settings), list(settings.values())]
    for name, rows in sheets.items():
        if rows:
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def opened(data: bytes, name: str = "form.xlsx") -> Form:
    """The form; what keeps it from opening fails the test."""
    form, notes = read_xlsform(data, name)
    assert form is not None, [str(m) for m in notes.mistakes]
    return form


def item_of(data: bytes, item_id: str) -> Item:
    found = opened(data).item(item_id)
    assert found is not None, item_id
    return found


def refused(data: bytes, name: str = "form.xlsx") -> list[tuple[str, str]]:
    """Place and code of everything that keeps the workbook out."""
    form, notes = read_xlsform(data, name)
    assert form is None
    return [(m.where, m.code) for m in notes.mistakes]


def said(data: bytes, name: str = "form.xlsx") -> list[tuple[str, str]]:
    """Place and code of every warning."""
    return [(w.where, w.code) for w in notes_of(data, name).warnings]


def notes_of(data: bytes, name: str = "form.xlsx") -> Notes:
    form, notes = read_xlsform(data, name)
    assert form is not None, [str(m) for m in notes.mistakes]
    return notes
