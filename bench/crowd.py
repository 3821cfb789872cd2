"""A workspace of very many documents, made in no time: rows without files, written straight into the tables."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from safetyapp.domain.document import DocumentKind, DocumentState
from safetyapp.domain.school import School, SchoolFact, SchoolId, SchoolKind
from safetyapp.store.columns import microseconds
from safetyapp.store.database import DATABASE_FILE
from safetyapp.store.search import indexed
from safetyapp.store.standing import REBUILT

BEIJING = timezone(timedelta(hours=8))
LAST = datetime(2026, 11, 24, 9, 0, tzinfo=BEIJING)
"""When the newest document was made."""
FORMS = (
    ("fire", "消防安全检查表"), ("food", "食品安全检查表"), ("building", "校舍安全检查表"), ("lab", "实验室安全检查表"),
)  # fmt: skip
PEOPLE = ("张示例", "李样本", "王演示", "赵测试")
STEMS = "甲子乙丑丙寅丁卯戊辰己巳庚午辛未壬申癸酉"
HAZARDS = ("疏散通道堆放纸箱", "灭火器压力不足", "应急照明断电后不足三十分钟", "烟道清洗超期", "消火栓被货架遮挡")
PLACES = ("教学楼二层", "食堂后厨", "行政楼三层", "实验室", "门卫室")
WAITING = 12
YEARS = 5


def crowd_schools(count: int) -> tuple[School, ...]:
    """Schools with names of the sexagenary cycle, no two alike."""
    kinds = (SchoolKind.COMPLETE, SchoolKind.KINDERGARTEN)
    return tuple(
        School(
            SchoolId(f"s{n:04}"),
            f"示例区{STEMS[n * 2 % 20 : n * 2 % 20 + 2]}第{n + 1}学校",
            kinds[n % 2],
            has=frozenset({SchoolFact.CANTEEN}),
            street="示例街道",
        )
        for n in range(count)
    )


def fill(folder: Path, count: int = 100_000, at_schools: int = 200, ledger: bool = True) -> None:
    """Writes the rows into the workspace's database, which nobody has open; without `ledger` the findings can be
    searched for only."""
    collects = gc.isenabled()
    gc.disable()  # half a million rows, none of them a cycle
    try:
        _fill(folder, count, at_schools, ledger)
    finally:
        if collects:
            gc.enable()


def _fill(folder: Path, count: int, at_schools: int, ledger: bool) -> None:
    step = timedelta(days=365 * YEARS) / max(1, count)
    schools = crowd_schools(at_schools)
    documents, found, words, waiting = [], [], [], []
    # words of a few: each is cut into pairs once
    pairs = {text: indexed((text,)) for text in (*HAZARDS, *PLACES, *PEOPLE, *(t for _, t in FORMS))}
    names = [indexed((school.name,)) for school in schools]
    for n in range(count):
        place = (n * 7919 + n // 20) % len(schools)
        school, (form, title) = schools[place], FORMS[n * 31 // 7 % len(FORMS)]
        at = LAST - step * (count - 1 - n)
        day, kind = at.date(), _kind(n)
        name, author = f"{n:036}", n * 13 // 5 % len(PEOPLE)
        address = f"{n:064x}"
        state = DocumentState.WAITING if n >= count - WAITING else DocumentState.IMPORTED
        hazards = n % 4 if kind is DocumentKind.INSPECTION_REPORT else 0
        number = f"临-{day:%Y%m%d}-{n:06}"
        documents.append((
            n + 1, address, name, kind.value, number, school.id, school.name,
            title if kind is DocumentKind.INSPECTION_REPORT else "整改通知书",
            at.isoformat(), microseconds(at), day.isoformat(), PEOPLE[author], state.value, 500_000, hazards,
            1 if hazards == 3 else 0, None, f"p{author}", form if kind is DocumentKind.INSPECTION_REPORT else "",
            "inspector", 1, state.value, 0,
        ))  # fmt: skip
        said = [names[place], pairs[title], pairs[PEOPLE[author]], number[-6:-4], number[-4:-2], number[-2:]]
        for position in range(1, hazards + 1):
            text, where = HAZARDS[(n + position) % len(HAZARDS)], PLACES[n % len(PLACES)]
            if ledger:
                found.append(_finding(address, position, name, school, form, where, text, position == 3, day, n))
            said += [pairs[text], pairs[where]]
        words.append((n + 1, " ".join(said)))
        if state is DocumentState.WAITING:
            waiting.append((address,))
    with closing(sqlite3.connect(folder / DATABASE_FILE, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        connection.execute("INSERT INTO document_search (document_search, rank) VALUES ('automerge', 0)")
        connection.execute("BEGIN")
        with without_indexes(connection, "documents", "ledger"):
            connection.executemany(f"INSERT INTO documents VALUES ({_marks(23)})", documents)
            connection.executemany("INSERT INTO outbox (sha256) VALUES (?)", waiting)
            connection.executemany(f"INSERT INTO ledger VALUES ({_marks(17)})", found)
            connection.executemany("INSERT INTO document_search (rowid, pairs) VALUES (?, ?)", words)
            connection.execute(
                "INSERT INTO document_tally SELECT kind, standing, count(*) FROM documents GROUP BY 1, 2"
            )
            connection.execute(f"INSERT INTO open_tally {REBUILT}")
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def without_indexes(connection: sqlite3.Connection, *tables: str) -> Iterator[None]:
    """These tables without their indexes and triggers meanwhile: one index built of all rows at the end is much cheaper
    than one that every row is put into."""
    standing = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        f" AND tbl_name IN ({_marks(len(tables))})",
        tables,
    ).fetchall()
    for kind, name, _ in standing:
        connection.execute(f"DROP {kind} {name}")
    yield
    for _, _, sql in standing:
        connection.execute(sql)


def _kind(n: int) -> DocumentKind:
    return tuple(DocumentKind)[n // 4 % 9] if n % 4 == 0 else DocumentKind.INSPECTION_REPORT


def _finding(
    address: str, position: int, name: str, school: School, form: str, where: str, text: str, major: bool, day: date,
    n: int,
) -> tuple[str | int | None, ...]:  # fmt: skip
    closed = n % 3 == 0
    return (
        address, position, f"{name}/{position}", name, school.id, school.name, form, f"F-{position}", where, text,
        "major" if major else "general", "closed" if closed else "open", day.isoformat(),
        (day + timedelta(days=15)).isoformat(), day.isoformat() if closed else None, None, "",
    )  # fmt: skip


def _marks(count: int) -> str:
    return ", ".join("?" * count)
