"""Whether a workspace is sound: database, every file against its hash, projections against a rebuild; and what can be
mended. Nothing that a person made is ever deleted here."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.inspection import Photo, Sha256
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.links import links_of
from safetyapp.domain.photo_marks import PhotoMarks
from safetyapp.domain.problem import Problem
from safetyapp.store import document_standing, documents, finding_search, ledger, marked, photos, said
from safetyapp.store.database import DATABASE_FILE
from safetyapp.store.edge import plainly
from safetyapp.store.files import Shelf, address_of
from safetyapp.store.photos import Source

if TYPE_CHECKING:
    from safetyapp.store.store import SqliteStore

LEFTOVERS = "leftovers"
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Only the time of capture depends on it, and that is not asked again."""
ReadRecord = Callable[[bytes], AnyRecord]


def check(store: SqliteStore, deep: bool, read: ReadRecord | None = None) -> tuple[Problem, ...]:
    """What is wrong in the workspace, one Problem each; nothing is changed. `deep` compares every file with its hash;
    with `read`, which gives the record in a document's bytes, the ledger is compared with a rebuild."""
    found: list[Problem] = []
    try:
        found.extend(_check(store, deep, read))
    except Problem as problem:
        if problem.code != "database-broken":
            raise
        found = [*(told for told in found if told.code != problem.code), problem]
    return tuple(found)


def repair(store: SqliteStore, read: ReadRecord | None = None) -> tuple[Problem, ...]:
    """Mends what can be mended from what is here, and returns what is still wrong. No photo, document or answer is
    deleted by this."""
    with store.mending():
        try:
            _repair(store, read)
        except Problem as problem:  # what cannot be mended is told below
            if problem.code != "database-broken":
                raise
    return check(store, deep=True, read=read)


def _repair(store: SqliteStore, read: ReadRecord | None) -> None:
    store.database.write(lambda c: c.execute("REINDEX"))
    for photo in store.database.read(photos.every):
        _mend_copies(store, photo)
    for copy, marks in store.database.read(marked.every):
        if not store.photo_files.holds_marked(copy):
            _mend_marked(store, copy, marks)
    if read is not None:
        records = {sha256: record for sha256, record in _records(store, read) if not isinstance(record, Problem)}
        store.database.write(lambda c: ledger.rebuild(c, records))
        store.database.write(lambda c: said.rebuild(c, records))
        links = {sha256: links_of(record) for sha256, record in records.items()}
    else:
        links = {}
    store.database.write(lambda c: document_standing.rebuild(c, links))
    store.database.write(documents.rebuild_search)
    store.database.write(finding_search.rebuild)
    for path in _parts(store):
        with plainly(path):
            path.unlink(missing_ok=True)
    for path in _unlisted(store):
        _set_aside(store.folder, path)


def _check(store: SqliteStore, deep: bool, read: ReadRecord | None) -> Iterator[Problem]:
    if store.database.read(_lacks_tables):
        yield Problem("database-broken", path=str(store.folder / DATABASE_FILE))
    yield from store.database.read(lambda c: _damages(c, deep))
    unlisted = _unlisted(store)
    for row in store.database.read(lambda c: tuple(documents.every(c))):
        yield from _file_problem(store.document_files.path(row.sha256), row.sha256, deep, "document")
    for photo in store.database.read(photos.every):
        yield from _photo_problems(store, photo, deep)
    for copy, _ in store.database.read(marked.every):
        yield from _marked_problems(store, copy, deep)
    for address, path in store.ink_files.files():
        yield from _file_problem(path, address, deep, "ink")
    for address in store.database.read(_files_named):
        yield from _file_problem(store.answer_files.path(address), address, deep, "file")
    yield from store.database.read(_stale_search)
    yield from store.database.read(_stale_standing)
    if read is not None:
        yield from _stale_ledger(store, read)
    for path in (*_parts(store), *unlisted):
        yield Problem("leftover", path=str(path))


def _lacks_tables(connection: sqlite3.Connection) -> bool:
    from safetyapp.store.migrations import tables_of_ours  # slow to import, and only the doctor wants it

    here = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return not tables_of_ours() <= here


def _files_named(connection: sqlite3.Connection) -> list[str]:
    """The kept files that answers name, see domain.answer_kinds."""
    values = connection.execute("SELECT DISTINCT value FROM answers WHERE substr(value, 65, 1) = '/'")
    named = {row[0][:64] for row in values}
    return sorted(address for address in named if re.fullmatch(r"[0-9a-f]{64}", address))


def _damages(connection: sqlite3.Connection, deep: bool) -> list[Problem]:
    found = [row[0] for row in connection.execute(f"PRAGMA {'integrity' if deep else 'quick'}_check(20)")]
    if deep:
        found += [f"foreign key in {row[0]}" for row in connection.execute("PRAGMA foreign_key_check")]
    return [Problem("damaged-database", detail=line) for line in found if line != "ok"]


def _file_problem(path: Path, address: str, deep: bool, what: str) -> Iterator[Problem]:
    if not path.exists():
        yield Problem(f"missing-{what}", path=str(path))
    elif deep and _address(path) != address:
        yield Problem(f"damaged-{what}", path=str(path))


def _address(path: Path) -> str:
    with plainly(path):
        return address_of(path.read_bytes())


def _photo_problems(store: SqliteStore, photo: Photo, deep: bool) -> Iterator[Problem]:
    original, printed, thumb = store.original_path(photo), store.printed_path(photo), store.thumb_path(photo)
    lost = [
        path
        for path, is_lost in (
            (printed, not printed.exists() or (deep and _address(printed) != photo.printed)),
            (thumb, not thumb.exists()),
        )
        if is_lost
    ]
    # a copy is only made again from an original that is whole: whether this one is, is looked at closely then
    wrong = list(_file_problem(original, photo.original, deep or bool(lost), "photo"))
    yield from wrong
    for path in lost:
        yield Problem("lost-copy", path=str(path)) if wrong else Problem("missing-copy", path=str(path))


def _marked_problems(store: SqliteStore, copy: Photo, deep: bool) -> Iterator[Problem]:
    """A marked copy that is lost is made again when it is wanted, or here."""
    printed, thumb = store.printed_path(copy), store.photo_files.thumbs.path(copy.printed)
    if not printed.exists() or (deep and _address(printed) != copy.printed):
        yield Problem("missing-copy", path=str(printed))
    if not thumb.exists():
        yield Problem("missing-copy", path=str(thumb))


def _stale_search(connection: sqlite3.Connection) -> list[Problem]:
    (count,) = connection.execute(
        "SELECT count(*) FROM documents WHERE seq NOT IN (SELECT id FROM document_search_docsize)"
    ).fetchone()
    count += finding_search.missing(connection)
    return [Problem("stale-search", count=count)] if count else []


def _stale_standing(connection: sqlite3.Connection) -> list[Problem]:
    count = document_standing.stale(connection)
    return [Problem("stale-standing", count=count)] if count else []


def _stale_ledger(store: SqliteStore, read: ReadRecord) -> Iterator[Problem]:
    for sha256, record in _records(store, read):
        if isinstance(record, Problem):
            yield record
        elif store.database.read(partial(ledger.of_document, sha256=sha256)) != rows_of(record):
            yield Problem("stale-ledger", document=record.id)
        elif store.database.read(partial(_links_differ, sha256=sha256, record=record)):
            yield Problem("stale-links", document=record.id)


def _links_differ(connection: sqlite3.Connection, sha256: str, record: AnyRecord) -> bool:
    """Not so while the record is still to be read: that is nobody's fault."""
    if connection.execute("SELECT 1 FROM unread_links WHERE sha256 = ?", (sha256,)).fetchone():
        return False
    return set(document_standing.links_of(connection, sha256)) != set(links_of(record))


def _records(store: SqliteStore, read: ReadRecord) -> Iterator[tuple[str, AnyRecord | Problem]]:
    """The records of the documents whose files are whole, or why one cannot be read."""
    for row in store.database.read(lambda c: tuple(documents.every(c))):
        path = store.document_files.path(row.sha256)
        if path.exists() and address_of(data := path.read_bytes()) == row.sha256:
            try:
                yield row.sha256, read(data)
            except Problem as problem:
                yield row.sha256, problem


def _shelves(store: SqliteStore) -> tuple[Shelf, ...]:
    files = store.photo_files
    return (store.document_files, files.originals, files.prints, files.thumbs, store.ink_files, store.answer_files)


def _parts(store: SqliteStore) -> tuple[Path, ...]:
    return tuple(path for shelf in _shelves(store) for path in shelf.parts())


def _unlisted(store: SqliteStore) -> tuple[Path, ...]:
    """Files that no row names: their writer was cut off before it could say that they are here. Files are listed
    before rows are asked, so a file whose row comes in between is not taken for one."""
    files = store.photo_files
    standing = [
        (kind, address, path)
        for kind, shelf in enumerate((store.document_files, files.originals, files.prints, files.thumbs))
        for address, path in shelf.files()
    ]
    every = store.database.read(photos.every)
    copies = {copy.printed for copy, _ in store.database.read(marked.every)}
    originals = {photo.original for photo in every}
    listed = (
        {row.sha256 for row in store.database.read(lambda c: tuple(documents.every(c)))},
        originals,
        {photo.printed for photo in every} | copies,
        originals | copies,
    )
    return tuple(path for kind, address, path in standing if address not in listed[kind])


def _mend_copies(store: SqliteStore, photo: Photo) -> None:
    """Makes missing or damaged copies anew from an original that is whole."""
    original = store.original_path(photo)
    wrong = [problem.code for problem in _photo_problems(store, photo, deep=True)]
    if "missing-copy" not in wrong or not original.exists():
        return
    data = original.read_bytes()
    if address_of(data) != photo.original:
        return
    source = Source(data, photo.original, original.name)
    prepared = photos.prepare(source, _ANY_TIME)
    mended = replace(photo, printed=Sha256(address_of(prepared.printed)), width=prepared.width, height=prepared.height)
    store.photo_files.keep(mended, source.data, prepared)
    if mended != photo:
        store.database.write(lambda c: photos.add(c, mended))


def _mend_marked(store: SqliteStore, copy: Photo, marks: PhotoMarks) -> None:
    """Burns a copy anew; one whose original is lost or damaged is told of by the check."""
    try:
        made, burnt = marked.burn(store.photo_files, copy, marks)
    except Problem:
        return
    store.photo_files.keep_marked(made, burnt)
    store.database.write(lambda c: marked.add(c, made, marks))


def _set_aside(folder: Path, path: Path) -> None:
    target = folder / LEFTOVERS / path.relative_to(folder)
    with plainly(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
