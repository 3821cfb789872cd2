"""The same 1,000 items with expressions opened again in the same session, against 60 items opened again."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

from bench import open_first as first
from bench.figure import Run

TITLE = "1,000 items with expressions, again"
FLOOR = first.FLOOR
ROUNDS = 9
LIMIT, LIMIT_MS = 2.0, None
CHILDREN = False


def prepare(folder: Path) -> None:
    first.prepare(folder)


def ours(folder: Path) -> Run:
    return first.opening(folder, first.LARGE, repeat(next(first.drafts(folder, first.LARGE))))


def floor(folder: Path) -> Run:
    return first.opening(folder, first.SMALL, repeat(next(first.drafts(folder, first.SMALL))))
