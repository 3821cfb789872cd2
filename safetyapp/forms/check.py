"""Is this form good? Everything wrong with it, and everything somebody should look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safetyapp.forms.any_form import read_any
from safetyapp.forms.mistakes import Mistake


@dataclass(frozen=True, slots=True)
class Report:
    """`errors` keep the form from opening; `warnings` do not (an unread clause, a missing translation)."""

    ok: bool
    errors: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]


def check_form(path: Path) -> Report:
    """What is to be said about the form in the file. Raises nothing: an unreadable file is an error in the report."""
    form, notes = read_any(path)
    return Report(form is not None, notes.mistakes, notes.warnings)
