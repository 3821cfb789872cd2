"""Kills a process that fills an inspection, and looks at what it left, many times: `torture.py FOLDER CYCLES SEED`.

One warm process forks a child for each cycle. The child says a commit only after it returned; the parent kills it
0-60 ms after the first. Only process death is shown here: the system's cache survives it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import select
import signal
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Rows
from safetyapp.domain.inspection import Inspection, InspectionId
from safetyapp.domain.photo_marks import PhotoMarks
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId
from safetyapp.store import doctor
from safetyapp.store.burning import burn
from safetyapp.store.database import DATABASE_FILE
from safetyapp.store.pictures import prepare
from safetyapp.store.store import SqliteStore
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import Open, resume
from tests.domain.examples import RECKON, column, form_of, school, small_form
from tests.fakes.clock import FakeClock
from tests.store.examples import small_photo, wording

FORM = small_form()
CHOICES = ("A-1", "B-1", "B-2")
PHOTO_EVERY = 4
ROWS_EVERY = 3
TURNED = PhotoMarks(turns=1)
ROWS = form_of(
    column("how-many", AnswerKind.INTEGER),
    column(
        "seats",
        AnswerKind.TABLE,
        rows=Rows(count="${how-many} mod 7"),
        items=(column("seat", AnswerKind.TEXT, default="free"),),
    ),
    column("crowded", AnswerKind.CONFORMITY, calculate="if(count(${seats}) = 6, 'fail', 'pass')"),
)


@dataclass
class Told:
    """What children have said, and what has been seen to be wrong."""

    notes: dict[str, int] = field(default_factory=dict)
    photos: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    commits: int = 0
    parts: int = 0
    wrong: list[str] = field(default_factory=list)


def child(folder: Path, out: int, first: int) -> None:
    """Answers and photographs until it is killed; a number only grows."""
    store, clock = SqliteStore.open(folder), FakeClock()
    opened, table = begun(store, clock, "d1", FORM), begun(store, clock, "d2", ROWS)
    for number in range(first, first + 1_000_000):
        if number % ROWS_EVERY == 0:  # rows and what they begin with, saved whole: all of it or nothing
            table = inspect.answer(store, clock, wording, table, "how-many", str(number))
            os.write(out, f"how-many {number}\n".encode())
        item, value = CHOICES[number % 3], ("pass", "fail", "na")[number // 3 % 3]
        opened = inspect.answer(store, clock, wording, opened, item, value, note=str(number))
        os.write(out, f"{item} {number}\n".encode())
        if number % PHOTO_EVERY == 0:
            photo = store.take_in(small_photo(number), clock.now())
            os.write(out, f"photo {photo.original}\n".encode())
            opened = inspect.arrange_photos(store, clock, opened, opened.item(item).id, ())
            opened = inspect.link_photo(store, clock, opened, opened.item(item).id, photo)
            (link,) = opened.inspection.photos_of(opened.item(item).id)
            store.print_of(replace(link, marks=TURNED))


def begun(store: SqliteStore, clock: FakeClock, name: str, form: Form) -> Open:
    try:
        return resume(store, RECKON, name)
    except Problem:
        return inspect.start(store, clock, RECKON, lambda: name, school(), form, Person(PersonId("p1"), "张示例"))


def kill_once(folder: Path, told: Told, wait: float) -> None:
    ours, theirs = os.pipe()
    first = max(told.notes.values(), default=0) + 1000
    pid = os.fork()
    if pid == 0:
        try:
            os.close(ours)
            child(folder, theirs, first)
        finally:
            os._exit(70)
    os.close(theirs)
    said = os.read(ours, 65536)  # returns with the first commit
    until = time.monotonic() + wait
    while said and (left := until - time.monotonic()) > 0:
        if select.select([ours], [], [], left)[0]:
            said += os.read(ours, 65536)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    while more := os.read(ours, 65536):
        said += more
    os.close(ours)
    if not os.WIFSIGNALED(status):
        told.wrong.append(f"the child ended by itself with {status}")
    for line in said.decode().split("\n")[:-1]:
        what, value = line.split(" ")
        if what == "photo":
            told.photos.add(value)
        else:
            told.notes[what] = int(value)
        told.commits += 1


def look(folder: Path, told: Told) -> None:
    """Everything said must be there; every file that has a name must be whole."""
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        if (state := connection.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            told.wrong.append(f"integrity: {state[:3]}")
        listed = connection.execute("SELECT original, printed FROM photos").fetchall()
        marked = connection.execute("SELECT printed FROM marked_copies").fetchall()
    with SqliteStore.open(folder, "read") as store:
        kept, table = store.draft(InspectionId("d1")), store.draft(InspectionId("d2"))
        notes = {str(item): int(answer.note) for item, answer in kept.answers.items()} if kept else {}
        if table is not None and "how-many" in table.answers:
            notes["how-many"] = look_at_rows(store, table, told)
    told.wrong += [
        f"{item}: {number} was said, {notes.get(item)} is here"
        for item, number in told.notes.items()
        if notes.get(item, -1) < number
    ]
    told.wrong += [f"photo {address} was said and is not listed" for address in told.photos - {o for o, _ in listed}]
    for original, printed in listed:
        for kind, name in (("photos", original), ("prints", f"{printed}.jpg"), ("thumbs", f"{original}.jpg")):
            if not (folder / kind / name[:2] / name).exists():
                told.wrong.append(f"{kind}/{name} is listed and not there")
    for kind in ("prints", "thumbs"):
        for (printed,) in marked:
            if not (folder / kind / printed[:2] / f"{printed}.jpg").exists():
                told.wrong.append(f"{kind}/{printed} is listed as marked and not there")
    for kind in ("photos", "prints", "thumbs"):
        for path in (folder / kind).glob("*/*"):
            if path.suffix == ".part":
                told.parts += 1
            elif str(path) not in told.seen:
                told.seen.add(str(path))
                data = path.read_bytes()
                if kind == "thumbs":
                    is_whole = data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9")
                else:
                    is_whole = hashlib.sha256(data).hexdigest() == path.name.removesuffix(".jpg")
                if not is_whole:
                    told.wrong.append(f"{path} is half there")


def look_at_rows(store: SqliteStore, table: Inspection, told: Told) -> int:
    """The number that the rows were counted by: they are there in one piece with it, whenever the kill came."""
    values = {str(item): answer.value for item, answer in table.answers.items()}
    number = int(values["how-many"])
    rows = values["seats"].split()
    if rows != [str(n + 1) for n in range(number % 7)]:
        told.wrong.append(f"{number} was counted, the rows are {rows}")
    told.wrong += [f"row {row} began with nothing" for row in rows if values.get(f"seat@{row}") != "free"]
    if number % 7 == 6 and not table.findings:
        told.wrong.append("the finding that came with the rows is not there")
    return number


def main(folder: Path, cycles: int, seed: int) -> None:
    chance, told = random.Random(seed), Told()
    prepare(small_photo(), "", FakeClock().now())  # loads the decoders once, for every child
    burn(small_photo(), "", TURNED)
    for _ in range(cycles):
        kill_once(folder, told, chance.uniform(0, 0.06))
        look(folder, told)
        if told.wrong:
            break
    with SqliteStore.open(folder) as store:
        remaining = [str(problem) for problem in doctor.repair(store)]
    print(
        json.dumps(
            {
                "commits": told.commits,
                "photos": len(told.photos),
                "parts": told.parts,
                "wrong": told.wrong,
                "after_repair": remaining,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
