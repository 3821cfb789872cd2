"""How the engine goes about what the lists ask: no page and no count looks at every document."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bench.crowd import LAST, crowd_schools, fill
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentState
from safetyapp.domain.school import SchoolId
from safetyapp.store import doctor, document_standing, documents, standing
from safetyapp.store.database import DATABASE_FILE
from safetyapp.store.store import SqliteStore

OLD = Path(__file__).parent.parent / "data" / "store" / "version-1.sqlite3"
COUNT = 6_000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    folder = tmp_path_factory.mktemp("plans")
    with SqliteStore.open(folder) as made:
        made.save_schools(crowd_schools(20))
    fill(folder, COUNT, 20)
    with SqliteStore.open(folder, "read") as opened:
        yield opened


ALL = DocumentQuery()
QUERIES = {
    "all": ALL,
    "kind": DocumentQuery(kind=DocumentKind.RECTIFICATION_NOTICE),
    "state": DocumentQuery(state=DocumentState.WAITING),
    "both": DocumentQuery(kind=DocumentKind.INSPECTION_REPORT, state=DocumentState.IMPORTED),
    "school": DocumentQuery(school=SchoolId("s0003")),
    "days": DocumentQuery(since=LAST - timedelta(days=60), until=LAST - timedelta(days=30)),
    "author": DocumentQuery(author="王演示"),
    "words": DocumentQuery(text="灭火"),
    "rare": DocumentQuery(text="甲子第1学校 烟道"),
}


def looked_at(store: SqliteStore, act: Callable[[sqlite3.Connection], object]) -> list[str]:
    """What the engine says of every statement of `act`; a scan of a whole table is named SCAN."""
    asked: list[str] = []

    def run(connection: sqlite3.Connection) -> list[str]:
        connection.set_trace_callback(asked.append)
        act(connection)
        connection.set_trace_callback(None)
        plans = [connection.execute(f"EXPLAIN QUERY PLAN {one}") for one in asked if one[:6] in ("SELECT", "WITH R")]
        return [row[3] for plan in plans for row in plan]

    return store.database.read(run)


def scans(plan: list[str]) -> list[str]:
    return [step for step in plan if step.startswith("SCAN documents") and "INDEX" not in step]


@pytest.mark.parametrize("name", QUERIES)
def test_a_page_and_a_count_look_at_no_more_than_they_must(store: SqliteStore, name: str) -> None:
    query = QUERIES[name]
    page = looked_at(store, lambda c: documents.documents(c, query))
    assert scans(page) == []
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in page[:-1]) or query.text
    plan = looked_at(store, lambda c: documents.count(c, query))
    assert not any(step.startswith("SCAN documents") for step in plan), plan


def test_what_today_opens_with_goes_by_indexes(store: SqliteStore) -> None:
    for act in (
        documents.last,
        documents.waiting,
        documents.authors,
        lambda c: documents.days_done(c, date(2026, 9, 1)),
        lambda c: standing.open_hazards(c, LAST.date()),
    ):
        plan = looked_at(store, act)
        wrong = [
            s for s in plan if s.startswith(("SCAN documents", "SCAN ledger", "SCAN d ", "SCAN n ")) and "ING" not in s
        ]
        assert wrong == [], plan
        assert not any(step.startswith("SCAN l") and "ledger" in step for step in plan)


def test_what_is_tallied_is_what_a_rebuild_says(store: SqliteStore) -> None:
    assert store.database.read(document_standing.stale) == 0
    with SqliteStore.open(store.folder, "read") as other:
        counted = {q: other.count_documents(query) for q, query in QUERIES.items()}
    assert counted == {q: len(store.documents(replace(query, limit=COUNT))) for q, query in QUERIES.items()}


def test_the_doctor_finds_and_mends_a_wrong_tally(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tally")
    SqliteStore.open(folder).close()
    fill(folder, 40, 3)
    with SqliteStore.open(folder) as made:
        made.database.write(lambda c: c.execute("UPDATE document_tally SET n = n + 1"))
        made.database.write(lambda c: c.execute("DELETE FROM open_tally"))
        made.database.write(lambda c: c.execute("UPDATE documents SET counts = 0 WHERE seq = 7"))
        assert "stale-standing" in {problem.code for problem in doctor.check(made, deep=False)}
        doctor.repair(made)
        assert "stale-standing" not in {problem.code for problem in doctor.check(made, deep=False)}
        assert made.count_documents(ALL) == 40


def test_documents_of_an_older_release_stand_as_a_rebuild_says(tmp_path: Path) -> None:
    """Two reports, one of which corrects the other, and a paper whose record nobody has read."""
    shutil.copy(OLD, tmp_path / DATABASE_FILE)
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as old:
        names = [row[1] for row in old.execute("PRAGMA table_info(documents)") if row[1] != "seq"]
        values = [f"'{name}-of-review'" if name in ("sha256", "id") else name for name in names]
        values[names.index("kind")] = "'review'"
        old.execute(f"INSERT INTO documents ({', '.join(names)}) SELECT {', '.join(values)} FROM documents LIMIT 1")
        old.commit()
    with SqliteStore.open(tmp_path) as store:
        assert store.database.read(document_standing.stale) == 0
        assert store.unread_links() == ("sha256-of-review",)
        assert store.count_documents(ALL) == len(store.documents(ALL)) == 3
        assert sum(h.majors + h.generals for h in store.open_hazards(date(2026, 11, 24)).values()) == 1
