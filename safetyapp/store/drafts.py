"""Drafts in their tables: head, answers, findings, photo links, the form each began with, and the history of all that
was replaced. A draft that a document has closed, or that lies in the bin, takes no change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import Form, FormId, ItemId
from safetyapp.domain.handover import HandOver
from safetyapp.domain.inspection import (
    Answer,
    Finding,
    FormRef,
    Inspection,
    InspectionId,
    InspectionType,
    PhotoLink,
)
from safetyapp.domain.photo_marks import marks_json, read_marks
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, Role
from safetyapp.store import photos
from safetyapp.store.columns import (
    Row,
    day,
    instant,
    list_of,
    maybe_text,
    microseconds,
    number,
    school_from_plain,
    text,
)
from safetyapp.store.draft_rows import (
    ANSWER,
    FINDING,
    HEAD,
    answer_of,
    answer_row,
    finding_of,
    finding_row,
    former_answer,
    head_row,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Former:
    """What stood in a draft before: `what` is answer, finding, photos, head or form, `value` its canonical JSON."""

    item: str
    what: str
    value: str
    replaced_at: datetime


def form(connection: sqlite3.Connection, sha256: str) -> Form | None:
    row = connection.execute("SELECT body FROM forms WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        return None
    import msgspec  # at the first form that is opened: nothing at start-up needs it

    return msgspec.json.decode(row[0], type=Form)


def _keep_form(connection: sqlite3.Connection, form: Form) -> None:
    connection.execute(
        "INSERT INTO forms (sha256, title, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (form.sha256, form.title.zh, canonical_json(form, sparse=True).decode()),
    )


def start(connection: sqlite3.Connection, inspection: Inspection, form: Form, marks: str) -> None:
    """Raises ValueError for an id that is here already."""
    if connection.execute("SELECT 1 FROM drafts WHERE id = ?", (inspection.id,)).fetchone():
        raise ValueError(f"draft {inspection.id} is here already")
    _keep_form(connection, form)
    connection.execute(
        "INSERT INTO drafts (id, form_id, form_version, form_sha256, school_id, school_name, school, started_at,"
        " inspector_id, inspector_name, inspector_role, supersedes, marks, changed_at, changed_us,"
        f" {HEAD}, hand_overs) VALUES ({', '.join('?' * 23)})",
        (
            inspection.id,
            inspection.form.id,
            inspection.form.version,
            inspection.form.sha256,
            inspection.school.id,
            inspection.school.name,
            canonical_json(inspection.school).decode(),
            inspection.started_at.isoformat(),
            inspection.inspector.id,
            inspection.inspector.name,
            inspection.inspector.role.value,
            inspection.supersedes,
            marks,
            inspection.started_at.isoformat(),
            microseconds(inspection.started_at),
            *head_row(inspection),
            canonical_json(inspection.hand_overs).decode(),
        ),
    )
    for answer in inspection.answers.values():
        _put_answer(connection, inspection.id, answer_row(answer))
    for finding in inspection.findings:
        _put_finding(connection, inspection.id, finding_row(finding))
    _put_links(connection, inspection.id, inspection.photos)


def draft(connection: sqlite3.Connection, draft: InspectionId) -> Inspection | None:
    """The draft as it is kept; also one that a document has closed, not one in the bin."""
    row: Row | None = connection.execute(
        "SELECT id, form_id, form_version, form_sha256, school, started_at, inspector_id, inspector_name,"
        f" inspector_role, supersedes, {HEAD}, hand_overs FROM drafts WHERE id = ? AND deleted_at IS NULL",
        (draft,),
    ).fetchone()
    if row is None:
        return None
    answers = connection.execute(f"SELECT {ANSWER} FROM answers WHERE draft = ? ORDER BY item", (draft,))
    findings = connection.execute(f"SELECT {FINDING} FROM findings WHERE draft = ? ORDER BY item, ordinal", (draft,))
    supersedes = maybe_text(row[9])
    return Inspection(
        id=InspectionId(text(row[0])),
        form=FormRef(FormId(text(row[1])), text(row[2]), text(row[3])),
        school=school_from_plain(json.loads(text(row[4]))),
        started_at=instant(row[5]),
        inspector=Person(PersonId(text(row[6])), text(row[7]), Role(text(row[8]))),
        supersedes=InspectionId(supersedes) if supersedes is not None else None,
        inspected_on=day(row[10]),
        type=InspectionType(text(row[11])),
        companions=list_of(row[12]),
        escort=text(row[13]),
        site=text(row[14]),
        opinion=text(row[15]),
        school_opinion=text(row[16]),
        answers={answer.item: answer for answer in map(answer_of, answers)},
        findings=tuple(map(finding_of, findings)),
        photos=_links(connection, draft),
        hand_overs=_hand_overs(text(row[17])),
    )


def _hand_overs(column: str) -> tuple[HandOver, ...]:
    if column == "[]":
        return ()
    import msgspec  # few drafts are ever handed over

    return msgspec.json.decode(column, type=tuple[HandOver, ...])


def save_answer(
    connection: sqlite3.Connection,
    draft: InspectionId,
    item: ItemId,
    answer: Answer | None,
    findings: tuple[Finding, ...],
    marks: str,
    at: datetime,
) -> None:
    # a person waits for each answer: the draft is asked and changed in one statement, and asked why only if it refuses
    changed = connection.execute(
        "UPDATE drafts SET marks = ?, changed_at = ?, changed_us = ?"
        " WHERE id = ? AND deleted_at IS NULL AND closed_by IS NULL AND given_to IS NULL",
        (marks, at.isoformat(), microseconds(at), draft),
    )
    if not changed.rowcount:
        must_take_changes(connection, draft)
    _replace_answer(connection, draft, item, answer, at)
    _replace_findings(connection, draft, item, findings, at)


def save_draft(connection: sqlite3.Connection, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
    """The whole draft, and the form it now follows; only what differs is written."""
    draft = inspection.id
    must_take_changes(connection, draft)
    _follow(connection, inspection, form, at)
    answers = connection.execute(f"SELECT {ANSWER} FROM answers WHERE draft = ?", (draft,)).fetchall()
    was = {row[0]: row for row in answers}
    now = {item: answer_row(answer) for item, answer in inspection.answers.items()}
    for item in sorted(was.keys() | now.keys()):
        if was.get(item) != now.get(item):
            _replace_answer(connection, draft, item, inspection.answers.get(item), at)
    rows = connection.execute(f"SELECT {FINDING} FROM findings WHERE draft = ?", (draft,)).fetchall()
    found, findings = _by_item(rows, lambda row: str(row[0])), _by_item(inspection.findings, lambda f: f.item)
    for item in sorted(found.keys() | findings.keys()):
        if sorted(found.get(item, [])) != sorted(map(finding_row, findings.get(item, []))):
            _replace_findings(connection, draft, ItemId(item), findings.get(item, []), at)
    linked = _by_item(_links(connection, draft), lambda link: link.item)
    links = _by_item(inspection.photos, lambda link: link.item)
    for item in sorted(linked.keys() | links.keys()):
        if linked.get(item, []) != links.get(item, []):
            save_photos(connection, draft, ItemId(item), tuple(links.get(item, [])), at)
    connection.execute("UPDATE drafts SET marks = ? WHERE id = ?", (marks, draft))
    _touch(connection, draft, at)


def _by_item(things: Iterable[T], item: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for thing in things:
        found.setdefault(item(thing), []).append(thing)
    return found


def _follow(connection: sqlite3.Connection, inspection: Inspection, form: Form, at: datetime) -> None:
    """The draft follows this version of its form; the one it followed before is in its history."""
    row = connection.execute("SELECT form_version, form_sha256 FROM drafts WHERE id = ?", (inspection.id,)).fetchone()
    if row[1] == form.sha256:
        return
    _remember(connection, inspection.id, "", "form", {"version": row[0], "sha256": row[1]}, at)
    _keep_form(connection, form)
    connection.execute(
        "UPDATE drafts SET form_id = ?, form_version = ?, form_sha256 = ? WHERE id = ?",
        (form.id, form.version, form.sha256, inspection.id),
    )


def save_head(connection: sqlite3.Connection, inspection: Inspection, at: datetime) -> None:
    draft = inspection.id
    must_take_changes(connection, draft)
    was = connection.execute(f"SELECT {HEAD} FROM drafts WHERE id = ?", (draft,)).fetchone()
    now = head_row(inspection)
    if was == now:
        return
    names = HEAD.split(", ")
    _remember(connection, draft, "", "head", dict(zip(names, was, strict=True)), at)
    settings = ", ".join(f"{name} = ?" for name in names)
    connection.execute(f"UPDATE drafts SET {settings} WHERE id = ?", (*now, draft))
    _touch(connection, draft, at)


def save_photos(
    connection: sqlite3.Connection, draft: InspectionId, item: ItemId, links: tuple[PhotoLink, ...], at: datetime
) -> None:
    must_take_changes(connection, draft)
    was = _links(connection, draft, item)
    if was == links:
        return
    if was:
        former = [_former_link(link) for link in was]
        _remember(connection, draft, item, "photos", former, at)
    connection.execute("DELETE FROM photo_links WHERE draft = ? AND item = ?", (draft, item))
    _put_links(connection, draft, links)
    _touch(connection, draft, at)


def _former_link(link: PhotoLink) -> dict[str, object]:
    told: dict[str, object] = {"photo": link.photo.original, "after": link.after, "caption": link.caption}
    return told | {"marks": link.marks} if link.marks is not None else told


def delete(connection: sqlite3.Connection, draft: InspectionId, at: datetime) -> None:
    deleted_at, closed_by, _ = _state(connection, draft)
    if closed_by is not None:
        raise Problem("draft-final", draft=draft)
    if deleted_at is None:
        connection.execute("UPDATE drafts SET deleted_at = ? WHERE id = ?", (at.isoformat(), draft))


def restore(connection: sqlite3.Connection, draft: InspectionId) -> None:
    _state(connection, draft)
    connection.execute("UPDATE drafts SET deleted_at = NULL WHERE id = ?", (draft,))


def adopt(connection: sqlite3.Connection, former: PersonId, person: Person) -> None:
    """What is open, in the bin too, is from now on under this identity of the same person."""
    connection.execute(
        "UPDATE drafts SET inspector_id = ?, inspector_name = ?, inspector_role = ?"
        " WHERE inspector_id = ? AND closed_by IS NULL",
        (person.id, person.name, person.role.value, former),
    )


def may_close(connection: sqlite3.Connection, draft: InspectionId, document: str) -> None:
    """Raises Problem draft-final when another document has closed it, draft-given, unknown-draft."""
    _, closed_by, given_to = _state(connection, draft)
    if closed_by not in (None, document):
        raise Problem("draft-final", draft=draft)
    if given_to is not None:
        raise Problem("draft-given", draft=draft, to=given_to)


def close(connection: sqlite3.Connection, draft: InspectionId, document: str) -> None:
    """The document closes the draft, for ever; the same one again is harmless. Raises as `may_close`."""
    may_close(connection, draft, document)
    connection.execute("UPDATE drafts SET closed_by = ? WHERE id = ?", (document, draft))


def history(connection: sqlite3.Connection, draft: InspectionId) -> tuple[Former, ...]:
    """All that was replaced in a draft, oldest first."""
    rows = connection.execute(
        "SELECT item, what, former, replaced_at FROM history WHERE draft = ? ORDER BY seq", (draft,)
    )
    return tuple(Former(row[0], row[1], row[2], instant(row[3])) for row in rows)


def former_answers(connection: sqlite3.Connection, draft: InspectionId) -> tuple[tuple[Answer, datetime], ...]:
    """The answers among what was replaced."""
    rows = connection.execute(
        "SELECT former, replaced_at FROM history WHERE draft = ? AND what = 'answer' ORDER BY seq", (draft,)
    )
    return tuple((former_answer(json.loads(row[0])), instant(row[1])) for row in rows)


def _state(connection: sqlite3.Connection, draft: InspectionId) -> tuple[str | None, str | None, str | None]:
    row: tuple[str | None, str | None, str | None] | None = connection.execute(
        "SELECT deleted_at, closed_by, given_to FROM drafts WHERE id = ?", (draft,)
    ).fetchone()
    if row is None:
        raise Problem("unknown-draft", draft=draft)
    return row


def must_take_changes(connection: sqlite3.Connection, draft: InspectionId) -> None:
    """Raises Problem draft-final, draft-given, and unknown-draft for one in the bin too."""
    deleted_at, closed_by, given_to = _state(connection, draft)
    if closed_by is not None:
        raise Problem("draft-final", draft=draft)
    if deleted_at is not None:
        raise Problem("unknown-draft", draft=draft)
    if given_to is not None:
        raise Problem("draft-given", draft=draft, to=given_to)


def hand_over(
    connection: sqlite3.Connection, draft: InspectionId, hand_overs: tuple[HandOver, ...], at: datetime
) -> None:
    """What has been handed over and taken back so far; while the last is open the draft takes no change."""
    deleted_at, closed_by, _ = _state(connection, draft)
    if closed_by is not None:
        raise Problem("draft-final", draft=draft)
    if deleted_at is not None:
        raise Problem("unknown-draft", draft=draft)
    _put_hand_overs(connection, draft, hand_overs)
    _touch(connection, draft, at)


def take(connection: sqlite3.Connection, inspection: Inspection, form: Form, marks: str, at: datetime) -> None:
    """A draft that a colleague handed over: begun here, or put in the place of the one with its id, whose answers are
    in the history then. Raises Problem draft-final, handed-older."""
    draft = inspection.id
    row = connection.execute("SELECT hand_overs, deleted_at, closed_by FROM drafts WHERE id = ?", (draft,)).fetchone()
    if row is None:
        start(connection, inspection, form, marks)
        _touch(connection, draft, at)
        return
    here, deleted_at, closed_by = row
    if closed_by is not None:
        raise Problem("draft-final", draft=draft)
    count, number = len(_hand_overs(here)), len(inspection.hand_overs)
    if deleted_at is None and count >= number:
        raise Problem("handed-older", here=count, number=number)
    connection.execute(
        "UPDATE drafts SET deleted_at = NULL, inspector_id = ?, inspector_name = ?, inspector_role = ? WHERE id = ?",
        (inspection.inspector.id, inspection.inspector.name, inspection.inspector.role.value, draft),
    )
    _put_hand_overs(connection, draft, inspection.hand_overs)
    save_draft(connection, inspection, form, marks, at)
    save_head(connection, inspection, at)


def _put_hand_overs(connection: sqlite3.Connection, draft: InspectionId, hand_overs: tuple[HandOver, ...]) -> None:
    given = hand_overs[-1] if hand_overs and hand_overs[-1].is_open else None
    connection.execute(
        "UPDATE drafts SET hand_overs = ?, given_to = ?, given_at = ? WHERE id = ?",
        (
            canonical_json(hand_overs).decode(),
            given.taker if given else None,
            given.at.isoformat() if given else None,
            draft,
        ),
    )


def _touch(connection: sqlite3.Connection, draft: InspectionId, at: datetime) -> None:
    connection.execute(
        "UPDATE drafts SET changed_at = ?, changed_us = ? WHERE id = ?", (at.isoformat(), microseconds(at), draft)
    )


def _remember(
    connection: sqlite3.Connection, draft: InspectionId, item: str, what: str, value: object, at: datetime
) -> None:
    connection.execute(
        "INSERT INTO history (draft, item, what, former, replaced_at) VALUES (?, ?, ?, ?, ?)",
        (draft, item, what, canonical_json(value).decode(), at.isoformat()),
    )


def _replace_answer(
    connection: sqlite3.Connection, draft: InspectionId, item: ItemId, answer: Answer | None, at: datetime
) -> None:
    now = answer_row(answer) if answer else None
    if now is not None and _put_first_answer(connection, draft, now):
        return
    was: Row | None = connection.execute(
        f"SELECT {ANSWER} FROM answers WHERE draft = ? AND item = ?", (draft, item)
    ).fetchone()
    if was == now:
        return
    if was is not None:
        _remember(connection, draft, item, "answer", answer_of(was), at)
    if now is None:
        connection.execute("DELETE FROM answers WHERE draft = ? AND item = ?", (draft, item))
    else:
        _put_answer(connection, draft, now)


def _replace_findings(
    connection: sqlite3.Connection, draft: InspectionId, item: ItemId, findings: Iterable[Finding], at: datetime
) -> None:
    rows: list[Row] = connection.execute(
        f"SELECT {FINDING} FROM findings WHERE draft = ? AND item = ?", (draft, item)
    ).fetchall()
    was = {row[1]: row for row in rows}
    now = {finding.ordinal: finding_row(finding) for finding in findings}
    for ordinal, row in was.items():
        if now.get(number(ordinal)) == row:
            continue
        _remember(connection, draft, item, "finding", finding_of(row), at)
        if ordinal not in now:
            connection.execute(
                "DELETE FROM findings WHERE draft = ? AND item = ? AND ordinal = ?", (draft, item, ordinal)
            )
    for ordinal, row in now.items():
        if was.get(ordinal) != row:
            _put_finding(connection, draft, row)


def _put_answer(connection: sqlite3.Connection, draft: InspectionId, row: Row) -> None:
    connection.execute(f"INSERT OR REPLACE INTO answers (draft, {ANSWER}) VALUES (?, ?, ?, ?, ?, ?, ?)", (draft, *row))


def _put_first_answer(connection: sqlite3.Connection, draft: InspectionId, row: Row) -> bool:
    """Whether the item had none: most answers are the first of their item, and nothing has to be read for them."""
    put = connection.execute(
        f"INSERT INTO answers (draft, {ANSWER}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", (draft, *row)
    )
    return put.rowcount == 1


def _put_finding(connection: sqlite3.Connection, draft: InspectionId, row: Row) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO findings (draft, {FINDING}) VALUES ({', '.join('?' * 13)})", (draft, *row)
    )


def _put_links(connection: sqlite3.Connection, draft: InspectionId, links: Iterable[PhotoLink]) -> None:
    connection.executemany(
        "INSERT INTO photo_links (draft, item, position, photo, is_after, caption, marks) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (draft, link.item, link.position, link.photo.original, link.after, link.caption, marks_json(link.marks))
            for link in links
        ],
    )


def _links(connection: sqlite3.Connection, draft: InspectionId, item: ItemId | None = None) -> tuple[PhotoLink, ...]:
    rows: Iterable[Row] = connection.execute(
        f"SELECT l.item, l.position, l.is_after, l.caption, l.marks, {photos.COLUMNS}"
        " FROM photo_links l JOIN photos p ON p.original = l.photo"
        " WHERE l.draft = ? AND l.item = coalesce(?, l.item) ORDER BY l.item, l.position",
        (draft, item),
    )
    return tuple(
        PhotoLink(
            item=ItemId(text(row[0])),
            photo=photos.photo_of(row[5:]),
            position=number(row[1]),
            after=bool(row[2]),
            caption=text(row[3]),
            marks=read_marks(text(row[4])),
        )
        for row in rows
    )
