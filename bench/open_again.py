"""The same 1,000 items with expressions opened again in the same session, against 60 items opened again."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

from bench import open as opened
from bench import open_first as first
from bench.figure import Run

TITLE = "1,000 items with expressions, again"
FLOOR = opened.FLOOR
ROUNDS = 9
LIMIT, LIMIT_MS = 2.0, None
CHILDREN = False


def prepare(folder: Path) -> None:
    first.prepare(folder)


def ours(folder: Path) -> Run:
    return opened.opening(folder, opened.LARGE, repeat(next(opened.drafts(folder, opened.LARGE))))


def floor(folder: Path) -> Run:
    return opened.opening(folder, opened.SMALL, repeat(next(opened.drafts(folder, opened.SMALL))))
