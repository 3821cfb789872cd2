"""Run in a mount namespace of its own: a workspace on a disk that is really full, and one that cannot be written.
`bad_disk.py FOLDER` mounts what it needs below FOLDER and prints what it saw."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, Inspection, InspectionId
from safetyapp.domain.photo_marks import PhotoMarks
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId
from safetyapp.store import doctor
from safetyapp.store.store import SqliteStore
from safetyapp.workflow import inspect
from tests.domain.examples import NOON, RECKON, school, small_form
from tests.fakes.clock import FakeClock
from tests.store.examples import document, sample, small_photo, wording

D1 = InspectionId("d1")


def code_of(call: Callable[[], object]) -> str:
    """The code of the Problem that a call ends in; "done" when it does not."""
    try:
        call()
    except Problem as problem:
        return problem.code
    return "done"


def fill_disk(folder: Path, name: str = "filler") -> Path:
    """Until not one byte more goes in."""
    filler = folder / name
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def with_rows(inspection: Inspection) -> Inspection:
    """Much in one transaction: more than the log has room for."""
    for row in range(300):
        inspection = inspection.with_answer(Answer(ItemId(f"cell@{row}"), "长" * 1000, NOON))
    return inspection


def read_once(folder: Path) -> None:
    with SqliteStore.open(folder, "read") as store:
        assert store.schools() == ()
        assert [row.state.value for row in store.documents(DocumentQuery())] == ["imported"]


def full(folder: Path) -> dict[str, object]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=True)
    clock = FakeClock()
    row, data, ledger, _ = document()
    with SqliteStore.open(folder) as store:
        person = Person(PersonId("p1"), "张示例")
        opened = inspect.start(store, clock, RECKON, lambda: "d1", school(), small_form(), person)
        opened = inspect.answer(store, clock, wording, opened, "A-1", "fail")
        opened = inspect.attach_photo(store, clock, opened, "A-1", small_photo(size=(400, 300)))
        marked = (replace(opened.inspection.photos[0], marks=PhotoMarks(turns=1)),)
        opened = inspect.arrange_photos(store, clock, opened, marked[0].item, marked)
        filler = fill_disk(folder)
        answers: list[str] = []
        while "disk-full" not in answers and len(answers) < 5000:  # the log may have room left from before
            again = partial(inspect.answer, store, clock, wording, opened, "B-1", "pass", note=str(len(answers)))
            answers.append(code_of(again))
        acknowledged = answers.count("done")
        before = store.draft(D1)
        assert before is not None
        whole = with_rows(before)
        codes = {
            "answer": answers[-1],
            "whole": code_of(lambda: store.save_draft(whole, small_form(), "x", clock.now())),
            "file": code_of(lambda: store.keep_file(b"sound" * 20_000)),
            "photo": code_of(lambda: store.take_in(sample("DSCN0010.jpg"), NOON)),
            "document": code_of(lambda: store.keep_document(row, data, ledger, D1)),
            "ink": code_of(lambda: store.keep_ink(b"ink" * 5000)),
            "marked": code_of(lambda: store.print_of(marked[0])),
        }
        kept = store.draft(D1)
        assert kept is not None
        note = next((a.note for item, a in kept.answers.items() if item == "B-1"), "")
        here = {
            "old_answer": kept.answers == {**opened.inspection.answers, **kept.answers},
            "last_said": note == (str(acknowledged - 1) if acknowledged else ""),
            "photos": len(kept.photos),
            "marks": kept.photos == marked,
            "documents": store.count_documents(DocumentQuery()),
            "parts": [str(p) for p in folder.rglob("*.part")],
            "nothing_of_the_whole": kept == before,
            "files": [str(p) for p in (folder / "files").rglob("*") if p.is_file()],
        }
        filler.unlink()
        after = {
            "whole": code_of(lambda: store.save_draft(whole, small_form(), "x", clock.now())),
            "file": code_of(lambda: store.keep_file(b"sound" * 20_000)),
            "answer": code_of(lambda: inspect.answer(store, clock, wording, opened, "B-1", "na", note="again")),
            "photo": code_of(lambda: store.take_in(sample("DSCN0010.jpg"), NOON)),
            "document": code_of(lambda: store.keep_document(row, data, ledger, D1)),
            "ink": code_of(lambda: store.keep_ink(b"ink" * 5000)),
            "marked": code_of(lambda: store.print_of(marked[0])),
        }
    with SqliteStore.open(folder) as store:
        problems = [str(problem) for problem in doctor.check(store, deep=True)]
        fill_disk(folder)
    opening = code_of(lambda: SqliteStore.open(folder).close())
    fill_disk(folder, "once more")  # with what the engine gave back when it closed
    reading = code_of(lambda: read_once(folder))
    return {
        "codes": codes, "here": here, "after": after, "problems": problems, "opening": opening, "reading": reading,
    }  # fmt: skip


def read_only(folder: Path) -> dict[str, object]:
    (folder / "workspace").mkdir(parents=True)
    with SqliteStore.open(folder / "workspace") as store:
        person = Person(PersonId("p1"), "张示例")
        inspect.start(store, FakeClock(), RECKON, lambda: "d1", school(), small_form(), person)
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    with SqliteStore.open(folder / "workspace", "read") as store:
        drafts = [row.id for row in store.drafts()]
    return {
        "write": code_of(lambda: SqliteStore.open(folder / "workspace")),
        "new": code_of(lambda: SqliteStore.open(folder / "another")),
        "drafts": drafts,
        "files": sorted(os.listdir(folder / "workspace")),
    }


if __name__ == "__main__":
    where = Path(sys.argv[1])
    print(json.dumps({"full": full(where / "full"), "read_only": read_only(where / "write-protected")}))
