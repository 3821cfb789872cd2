"""A draft of 1,000 items with 1,299 expressions opened in the window for the first time, against one of 60 items.

From the disk to the painted list; no round's form has been opened before in the process, so making its expressions
ready counts.
"""

from __future__ import annotations

from pathlib import Path

from bench import open as opened
from bench.forms import questions

TITLE = "1,000 items with expressions, first"
FLOOR, ROUNDS, CHILDREN = opened.FLOOR, opened.ROUNDS, opened.CHILDREN
LIMIT, LIMIT_MS = opened.LIMIT, opened.LIMIT_MS
ours, floor = opened.ours, opened.floor


def prepare(folder: Path) -> None:
    opened.prepare_with(folder, questions)
