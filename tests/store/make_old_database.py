"""Makes the database file of a release: `python -m tests.store.make_old_database`.

It is kept in tests/data/store for ever, and never made again: it is what the old release wrote.
"""

from __future__ import annotations

import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

from safetyapp.domain.document import DocumentState
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, InspectionId, Outcome, PhotoLink
from safetyapp.store.database import DATABASE_FILE, VERSION
from safetyapp.store.store import SqliteStore
from tests.domain.examples import NOON, TODAY, draft, school, small_form
from tests.store.examples import document, other_school, small_photo

EXPECTED_ANSWERS = {"A-1": "fail", "A-2": "1.10", "A-3": "2026-11-24", "B-2": "pass"}
EXPECTED_DOCUMENTS = ["doc-000001", "doc-000000"]


def fill(store: SqliteStore) -> None:
    """Something in every table."""
    from safetyapp.domain.inspection import ReadingValue
    from tests.store.suite import finding

    form, d1 = small_form(), InspectionId("d1")
    store.save_schools([school(), other_school()])
    store.save_me(draft(form).inspector)
    store.start_draft(draft(form, site="教学楼"), form)
    a1, a2, a3, b2 = (ItemId(i) for i in ("A-1", "A-2", "A-3", "B-2"))
    store.save_answer(d1, a1, Answer(a1, Outcome.PASS, NOON), (), "pooooo", NOON)
    store.save_answer(d1, a1, Answer(a1, Outcome.FAIL, NOON, note="二层"), (finding(),), "Mooooo", NOON)
    store.save_answer(d1, a2, Answer(a2, Decimal("1.10"), NOON), (), "Mpoooo", NOON)
    store.save_answer(d1, a3, Answer(a3, TODAY, NOON, case="powder"), (), "Mppooo", NOON)
    reading = (ReadingValue("pressure", Decimal("0.050")),)
    store.save_answer(d1, b2, Answer(b2, Outcome.PASS, NOON, readings=reading), (), "Mppoop", NOON)
    photo = store.take_in(small_photo(), NOON)
    store.save_photos(d1, a1, (PhotoLink(a1, photo, 0, caption="东门"),), NOON)
    store.save_photos(d1, a1, (), NOON)
    store.database.write(lambda c: c.execute("DELETE FROM photos"))  # the files are not kept with the database
    for row, data, ledger, _ in (
        document(0, state=DocumentState.WAITING),
        document(1, supersedes="doc-000000"),
    ):
        store.keep_document(row, data, ledger)


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
