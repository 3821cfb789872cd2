"""The box of one finding: where it begins and ends on each page that it crosses, and the level in its head."""

from __future__ import annotations

from safetyapp.documents.flow import LINE, Flow, baseline
from safetyapp.documents.fonts import FontRole
from safetyapp.documents.sheet import Sheets
from safetyapp.documents.signs import draw_sign, sign_of
from safetyapp.documents.typeset import set_line
from safetyapp.documents.wording import say
from safetyapp.domain.form import Severity

TEXT, LEADING = 10.5, 16.5
PAD = 8.0
NUMBER = 34.0
"""The width of the cell with the finding's number, in points."""

TOGETHER = 430.0
"""A finding that is no taller, in points, is not parted between pages."""


class Box:
    """A frame that is drawn down to where the flow stands; `top` is where it began on this page."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.sheets = flow.sheets
        self.top = 0.0
        self.number = 0

    def continue_if(self, height: float) -> bool:
        """Closes the box and goes on with it on the next page when `height` has no room here; whether it did."""
        if height <= self.flow.room:
            return False
        self.close()
        self.flow.turn()
        self.top = self.flow.y
        self.sheets.rule(self.flow.left, self.top, self.flow.right, self.top, LINE)
        again = set_line(say("detail.continued", number=self.number), 9.0, FontRole.HEI)
        self.sheets.line(self.flow.left + PAD, self.top + baseline(20.0, 9.0), again)
        self.flow.y += 20.0
        return True

    def close(self) -> None:
        flow = self.flow
        for x in (flow.left, flow.right):
            self.sheets.rule(x, self.top, x, flow.y, LINE)
        self.sheets.rule(flow.left, flow.y, flow.right, flow.y, LINE)


def badge_cell(severity: Severity) -> float:
    """The width of the cell with the level; 重大候选 has four characters."""
    return 90.0 if severity is Severity.CANDIDATE else 66.0


def draw_badge(sheets: Sheets, severity: Severity, x: float, y: float, height: float) -> None:
    """The level by shape and weight: ◆ 重大 white on black, ◇ 重大候选 in a heavy frame, ▲ 一般 in a fine one."""
    major = severity is Severity.MAJOR
    left, top, width, tall = x + 9, y + height / 2 - 8, badge_cell(severity) - 18.0, 16.0
    if major:
        sheets.filled(left, top, width, tall)
    else:
        sheets.box(left, top, width, tall, 1.4 if severity is Severity.CANDIDATE else 0.5)
    paper = 1.0 if major else 0.0
    draw_sign(sheets, sign_of(severity), left + 6, top + 3.6, 8.6, paper)
    word = set_line(say(f"severity.{severity.value}"), 10.5, FontRole.HEI)
    sheets.line(left + 19, top + baseline(tall, 10.5), word, paper)
