"""The four signs of a result, drawn as shapes so that no font and no colour is needed: □ ▲ ◆ –."""

from __future__ import annotations

from enum import Enum

from safetyapp.documents.sheet import Sheets
from safetyapp.domain.form import Form, ItemId, Severity
from safetyapp.domain.inspection import Outcome
from safetyapp.domain.record import Record


class Sign(Enum):
    PASS = "pass"
    GENERAL = "general"
    MAJOR = "major"
    NA = "na"


def sign_of(severity: Severity) -> Sign:
    return Sign.MAJOR if severity is Severity.MAJOR else Sign.GENERAL


def signs_of(record: Record, form: Form) -> dict[ItemId, Sign]:
    """The sign of every item of the form; what was not asked or not answered is –."""
    majors = {f.item for f in record.findings if f.severity is Severity.MAJOR}
    given = {answer.item: answer.outcome for answer in record.answers}
    plain = {Outcome.PASS: Sign.PASS, Outcome.NA: Sign.NA, Outcome.FAIL: Sign.GENERAL}
    return {
        item.id: Sign.MAJOR
        if given.get(item.id) is Outcome.FAIL and item.id in majors
        else plain[given.get(item.id, Outcome.NA)]
        for item in form.items()
    }


def draw_sign(sheets: Sheets, sign: Sign, x: float, y: float, side: float, grey: float = 0.0) -> None:
    """The sign in a square of `side` points with its top left corner at (x, y)."""
    middle_x, middle_y = x + side / 2, y + side / 2
    match sign:
        case Sign.PASS:
            sheets.box(x + 0.25, y + 0.25, side - 0.5, side - 0.5, 0.55)
        case Sign.GENERAL:
            sheets.polygon([(middle_x, y + 0.3), (x + side, y + side - 0.5), (x, y + side - 0.5)], grey)
        case Sign.MAJOR:
            sheets.polygon(
                [(middle_x, y - 0.4), (x + side + 0.4, middle_y), (middle_x, y + side + 0.4), (x - 0.4, middle_y)], grey
            )
        case Sign.NA:
            sheets.rule(x + side * 0.22, middle_y, x + side * 0.78, middle_y, 1.1)
