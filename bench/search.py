"""Findings found by two Chinese characters in a ledger of 100,000: every second one contains them. The slowest of
some questions, a page of 200 each; beside it, the same asked of a ledger of 1,000.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.material import make_workspace, open_tools

MANY, FEW, IN_ONE = 100_000, 1_000, 10
TITLE = f"findings found by two characters, {MANY:,} in the ledger"
FLOOR = f"the same in a ledger of {FEW:,}"
ROUNDS = 40
LIMIT, LIMIT_MS = None, 30.0
CHILDREN = False
QUERIES = ("走廊", "锁闭", "小学 走廊", "罕见", "没有")
TEXTS = ("走廊堆放纸箱", "安全出口锁闭", "走廊灯不亮", "灭火器压力不足")


def prepare(folder: Path) -> None:
    for count in (MANY, FEW):
        make_workspace(_beside(folder, count))
        tools = open_tools(_beside(folder, count))
        tools.store.database.write(lambda c, count=count: fill(c, count))  # type: ignore[attr-defined]
        tools.store.close()


def fill(connection: sqlite3.Connection, count: int) -> None:
    """A ledger of so many findings in documents of ten: rows alone, no files."""
    from safetyapp.store import finding_search

    first = date(2024, 1, 1)
    documents, ledger = [], []
    for number in range(count // IN_ONE):
        sha256, school = f"{number:064x}", f"s{number % 350}"
        day = (first + timedelta(days=number % 900)).isoformat()
        documents.append((sha256, f"d{number}", school, f"第{number % 350}小学", number, day))
        for place in range(1, IN_ONE + 1):
            rare = "罕见的话" if (number * IN_ONE + place) % 5000 == 0 else ""
            text = f"{TEXTS[(number + place) % len(TEXTS)]}{number % 97}处{rare}"
            ledger.append((sha256, place, f"d{number}/{place}", f"d{number}", school, f"第{number % 350}小学",
                           f"F-{(number + place) % 60}", text, day, day))  # fmt: skip
    connection.executemany(
        "INSERT INTO documents (sha256, id, kind, number, school_id, school, title, made_at, made_us, inspected_on,"
        " author, state, size, findings, majors, author_id, form, author_role) VALUES (?1, ?2, 'inspection_report', '',"
        " ?3, ?4, '消防', ?6, ?5, ?6, '张示例', 'imported', 1, 10, 0, 'p1', 'fire', 'inspector')",
        documents,
    )
    connection.executemany(
        "INSERT INTO ledger (sha256, position, id, document, school_id, school, form, item, place, text, severity,"
        " state, found_on, deadline, repeats) VALUES (?, ?, ?, ?, ?, ?, 'fire', ?, '教学楼二层', ?, 'general', 'open',"
        " ?, ?, '')",
        ledger,
    )
    finding_search.rebuild(connection)


def _asking(folder: Path, count: int) -> Run:
    from safetyapp.domain.ledger import FindingQuery

    store = open_tools(_beside(folder, count)).store

    def run() -> float:
        """The slowest of the questions."""
        took = 0.0
        for words in QUERIES:
            began = perf_counter()
            store.find_findings(FindingQuery(words))
            took = max(took, perf_counter() - began)
        return took

    return run


def ours(folder: Path) -> Run:
    return _asking(folder, MANY)


def floor(folder: Path) -> Run:
    return _asking(folder, FEW)


def _beside(folder: Path, count: int) -> Path:
    return folder / str(count)
