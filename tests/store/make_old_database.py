"""Makes the database file of a release: `python -m tests.store.make_old_database`.

It is kept in tests/data/store for ever, and never made again: it is what the old release wrote.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from safetyapp.domain.document import DocumentState
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, InspectionId, PhotoLink
from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.store.database import DATABASE_FILE, VERSION
from safetyapp.store.store import SqliteStore
from safetyapp.workflow import inspect
from tests.domain.examples import CLASSES, NOON, RECKON, TODAY, draft, drill_form, school, small_form
from tests.fakes import FakeClock
from tests.store.examples import document, other_school, small_photo, wording

EXPECTED_ANSWERS = {"A-1": "fail", "A-2": "1.10", "A-3": "2026-11-24", "B-2": "pass"}
EXPECTED_ROWS = {
    "classes": "2 1",
    "name@1": "一班",
    "enrolled@1": "40",
    "name@2": "二班",
    "enrolled@2": "38",
    "posts": "1 2",
    "post@1": "总指挥",
    "there@1": "pass",
    "post@2": "疏散引导",
    "there@2": "pass",
    "arrived@2": "38",
}
EXPECTED_DOCUMENTS = ["doc-000001", "doc-000000"]


def fill(store: SqliteStore) -> None:
    """Something in every table."""
    from safetyapp.domain.inspection import ReadingValue
    from tests.store.suite import finding

    form, d1 = small_form(), InspectionId("d1")
    store.save_schools([school(classes=CLASSES), other_school()])
    store.save_me(draft(form).inspector)
    store.start_draft(draft(form, site="教学楼"), form, "oooooo")
    a1, a2, a3, b2 = (ItemId(i) for i in ("A-1", "A-2", "A-3", "B-2"))
    store.save_answer(d1, a1, Answer(a1, "pass", NOON), (), "pooooo", NOON)
    store.save_answer(d1, a1, Answer(a1, "fail", NOON, note="二层"), (finding(),), "Mooooo", NOON)
    store.save_answer(d1, a2, Answer(a2, "1.10", NOON), (), "Mpoooo", NOON)
    store.save_answer(d1, a3, Answer(a3, TODAY.isoformat(), NOON, case="powder"), (), "Mppooo", NOON)
    reading = (ReadingValue("pressure", "0.050"),)
    store.save_answer(d1, b2, Answer(b2, "pass", NOON, readings=reading), (), "Mppoop", NOON)
    photo = store.take_in(small_photo(), NOON)
    store.save_photos(d1, a1, (PhotoLink(a1, photo, 0, caption="东门"),), NOON)
    store.save_photos(d1, a1, (), NOON)
    store.database.write(lambda c: c.execute("DELETE FROM photos"))  # the files are not kept with the database
    for row, data, ledger, _ in (
        document(0, state=DocumentState.WAITING),
        document(1, supersedes="doc-000000", repeats="doc-9/1"),
    ):
        store.keep_document(row, data, ledger)
        printed = PrintLogEntry("job", row.sha256, row.number, row.title, row.school, "张示例", NOON, 1, 4, "打印机")
        store.log_print([printed])
    _fill_tables(store)


def _fill_tables(store: SqliteStore) -> None:
    """A draft with rows, saved whole once more."""
    clock, at = FakeClock(), school(classes=CLASSES)
    opened = inspect.start(store, clock, RECKON, lambda: "d2", at, drill_form(), draft(small_form()).inspector)
    opened = inspect.answer(store, clock, wording, opened, "classes", "2 1")
    inspect.answer(store, clock, wording, opened, "arrived@2", "38")


def main() -> None:
    target = Path(__file__).parent.parent / "data" / "store" / f"version-{VERSION}.sqlite3"
    if target.exists():
        raise SystemExit(f"{target.name} is kept already")
    with tempfile.TemporaryDirectory() as folder:
        with SqliteStore.open(Path(folder)) as store:
            fill(store)
        shutil.copy(Path(folder) / DATABASE_FILE, target)


if __name__ == "__main__":
    main()
