"""The signs of a result, drawn as shapes so that no font and no colour is needed: □ ▲ ◇ ◆ – and a point."""

from __future__ import annotations

from enum import Enum

from safetyapp.documents.entries import Filled
from safetyapp.documents.sheet import Sheets
from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import Severity


class Sign(Enum):
    """What a place came to: 合格, 一般, 重大候选, 重大, 不适用或未检查, 已记录 (there is nothing to judge)."""

    PASS = "pass"
    GENERAL = "general"
    CANDIDATE = "candidate"
    MAJOR = "major"
    NA = "na"
    NOTED = "noted"


SIGN_CHARACTERS = {
    Sign.PASS: "□", Sign.GENERAL: "▲", Sign.CANDIDATE: "◇", Sign.MAJOR: "◆", Sign.NA: "–", Sign.NOTED: "·",
}  # fmt: skip
"""The signs as characters, where they stand among words."""

_LEVELS = {Severity.MAJOR: Sign.MAJOR, Severity.CANDIDATE: Sign.CANDIDATE, Severity.GENERAL: Sign.GENERAL}


def sign_of(severity: Severity) -> Sign:
    return _LEVELS[severity]


def sign_for(outcome: Outcome | None, level: Severity | None) -> Sign:
    """The sign of what a place came to and of the highest level found there."""
    match outcome:
        case Outcome.FAIL:
            return _LEVELS[level or Severity.GENERAL]
        case Outcome.PASS:
            return Sign.PASS
        case Outcome.NOTED:
            return Sign.NOTED
    return Sign.NA


def signs_of(filled: Filled) -> list[tuple[str, list[Sign]]]:
    """The signs of every section that asks something, by its title: one for every item, a table being one by the worst
    that stands in its rows. What was not asked or not answered is –."""
    found = []
    for section in filled.form.sections:
        asked = [e for e in filled.section(section) if e.kind.is_asked]
        signs = [Sign.NA if e.skip else sign_for(*filled.worst(e)) for e in asked]
        if signs:
            found.append((section.title.zh or section.title.en or section.id, signs))
    return found


def draw_sign(sheets: Sheets, sign: Sign, x: float, y: float, side: float, grey: float = 0.0) -> None:
    """The sign in a square of `side` points with its top left corner at (x, y)."""
    middle_x, middle_y = x + side / 2, y + side / 2
    diamond = [(middle_x, y - 0.4), (x + side + 0.4, middle_y), (middle_x, y + side + 0.4), (x - 0.4, middle_y)]
    match sign:
        case Sign.PASS:
            sheets.box(x + 0.25, y + 0.25, side - 0.5, side - 0.5, 0.55)
        case Sign.GENERAL:
            sheets.polygon([(middle_x, y + 0.3), (x + side, y + side - 0.5), (x, y + side - 0.5)], grey)
        case Sign.CANDIDATE:
            for (x1, y1), (x2, y2) in zip(diamond, [*diamond[1:], diamond[0]], strict=True):
                sheets.rule(x1, y1, x2, y2, 1.1, grey)
        case Sign.MAJOR:
            sheets.polygon(diamond, grey)
        case Sign.NA:
            sheets.rule(x + side * 0.22, middle_y, x + side * 0.78, middle_y, 1.1)
        case Sign.NOTED:
            sheets.filled(middle_x - 1.3, middle_y - 1.3, 2.6, 2.6)
