"""How long work tells where it is, and how it learns that nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias


class Step(StrEnum):
    """The steps of finalising, in order; each is a line that ticks."""

    PAGES = "pages"
    DATA = "data"
    SIGN = "sign"
    CHECK = "check"


Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with (step, done, total) before each piece of work; raises domain.problem.Cancelled to stop it."""


def no_progress(step: str, done: int, total: int) -> None:
    """For callers that neither show a bar nor cancel."""
