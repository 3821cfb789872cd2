"""Is this form good? Everything wrong with it, and everything somebody should look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetyapp.forms.mistakes import Mistake
from safetyapp.forms.read_yaml import read_with_notes


@dataclass(frozen=True, slots=True)
class Report:
    """`errors` keep the form from opening; `warnings` do not (an unread clause, a missing translation)."""

    ok: bool
    errors: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]


def check_form(path: Path) -> Report:
    """What is to be said about the form in the file. Raises nothing: an unreadable file is an error in the report."""
    form, notes = read_with_notes(path, path.name)
    return Report(form is not None, notes.mistakes, notes.warnings)
