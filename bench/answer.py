"""One answer, from the workflow to the disk, against the commit of one row of the same text by sqlite3 alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.material import empty_draft, make_workspace, open_tools, workspace
from safetyapp.demo_answers import passing_value
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import answer
from safetyapp.workflow.opened import Open

TITLE = "one answer committed"
FLOOR = "raw sqlite3 commit (WAL, FULL) of equal row size"
ROUNDS = 300
LIMIT, LIMIT_MS = 1.5, None
CHILDREN = False


def prepare(folder: Path) -> None:
    make_workspace(folder)


def _open_items(tools: Tools) -> Iterator[tuple[list[Open], str, str]]:
    """The open item of a draft that comes next, draft after draft; the list holds the draft as it is now."""
    while True:
        draft = [empty_draft(tools)]
        for item in draft[0].form.items():
            yield draft, item.id, passing_value(draft[0], draft[0].place(item.id))


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    items = _open_items(tools)

    def run() -> float:
        draft, item, text = next(items)
        began = perf_counter()
        draft[0] = answer(tools.store, tools.clock, tools.wording, draft[0], item, text)
        return perf_counter() - began

    return run


def floor(folder: Path) -> Run:
    connection = sqlite3.connect(workspace(folder) / "floor.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS answers (seq INTEGER PRIMARY KEY, draft, item, value, answered_at, rest)"
    )
    numbers = count()

    def run() -> float:
        # the draft's id, the answer's columns, and the marks of all items, which each answer writes again
        row = ("0" * 36, f"F-{next(numbers) % 60}", "pass", "2026-11-24T12:00:00+08:00", "[]" + "o" * 60)
        began = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO answers (draft, item, value, answered_at, rest) VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("COMMIT")
        return perf_counter() - began

    return run
