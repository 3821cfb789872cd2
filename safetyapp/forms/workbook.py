"""The door to the project's own workbook: a `Form` as an .xlsx file that an office edits, and back, without loss."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from safetyapp.domain.form import Form
    from safetyapp.forms.mistakes import Notes


def write_workbook(form: Form) -> bytes:
    """The bytes of the workbook: what `read_workbook` makes of them is the same form. A sheet of more than 20,000 rows
    (items, or choices of all lists together) is written, but no longer read."""
    from safetyapp.forms import write_workbook as writer

    return writer.write_workbook(form)


def read_workbook(source: Path | bytes, name: str = "") -> tuple[Form | None, Notes]:
    """The form (None when it is refused) and everything noted on the way, each with its cell. Raises nothing."""
    from safetyapp.forms import read_workbook as reader

    return reader.read_workbook(source, name)


def is_ours(path: Path) -> bool:
    """Whether a file is such a workbook, good or not, and no other kind. Raises nothing."""
    from safetyapp.forms.read_workbook_file import is_our_workbook

    return is_our_workbook(path)
