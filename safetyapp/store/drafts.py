"""Drafts in their tables: head, answers, findings, photo links, the form each began with, and the history of all that
was replaced. A draft that a document has closed, or that lies in the bin, takes no change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import Form, FormId, ItemId, Severity
from safetyapp.domain.inspection import (
    Answer,
    Finding,
    FormRef,
    Inspection,
    InspectionId,
    InspectionType,
    PhotoLink,
    ReadingValue,
    marks_of,
    outcomes,
    skipped,
    value_from_text,
    value_text,
)
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, Role
from safetyapp.store import photos
from safetyapp.store.columns import (
    Row,
    day,
    instant,
    list_of,
    list_text,
    maybe_text,
    microseconds,
    number,
    school_from_plain,
    text,
)

_HEAD = "inspected_on, type, companions, escort, site, opinion, school_opinion"
_ANSWER = "item, value, answered_at, limit_case, readings, note"
_FINDING = "item, ordinal, text, severity, action, deadline, place, basis, criterion, severity_reason, fixed_on_spot"


@dataclass(frozen=True, slots=True)
class Former:
    """What stood in a draft before: `what` is answer, finding, photos or head, `value` its canonical JSON."""

    item: str
    what: str
    value: str
    replaced_at: datetime


def form(connection: sqlite3.Connection, sha256: str) -> Form | None:
    row = connection.execute("SELECT body FROM forms WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        return None
    import msgspec  # at the first form that is opened: nothing at start-up needs it

    return msgspec.convert(json.loads(row[0]), Form)


def start(connection: sqlite3.Connection, inspection: Inspection, form: Form) -> None:
    """Raises ValueError for an id that is here already."""
    if connection.execute("SELECT 1 FROM drafts WHERE id = ?", (inspection.id,)).fetchone():
        raise ValueError(f"draft {inspection.id} is here already")
    connection.execute(
        "INSERT INTO forms (sha256, title, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (form.sha256, form.title.zh, canonical_json(form).decode()),
    )
    majors = frozenset(f.item for f in inspection.findings if f.severity is Severity.MAJOR)
    order = [item.id for item in form.items()]
    marks = marks_of(order, outcomes(form, inspection), skipped(form, inspection), majors)
    connection.execute(
        "INSERT INTO drafts (id, form_id, form_version, form_sha256, school_id, school_name, school, started_at,"
        " inspector_id, inspector_name, inspector_role, supersedes, marks, changed_at, changed_us,"
        f" {_HEAD}) VALUES ({', '.join('?' * 22)})",
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
            *_head_row(inspection),
        ),
    )
    for answer in inspection.answers.values():
        _put_answer(connection, inspection.id, _answer_row(answer))
    for finding in inspection.findings:
        _put_finding(connection, inspection.id, _finding_row(finding))
    _put_links(connection, inspection.id, inspection.photos)


def draft(connection: sqlite3.Connection, draft: InspectionId) -> Inspection | None:
    """The draft as it is kept; also one that a document has closed, not one in the bin."""
    row: Row | None = connection.execute(
        "SELECT id, form_id, form_version, form_sha256, school, started_at, inspector_id, inspector_name,"
        f" inspector_role, supersedes, {_HEAD} FROM drafts WHERE id = ? AND deleted_at IS NULL",
        (draft,),
    ).fetchone()
    if row is None:
        return None
    answers = connection.execute(f"SELECT {_ANSWER} FROM answers WHERE draft = ? ORDER BY item", (draft,))
    findings = connection.execute(f"SELECT {_FINDING} FROM findings WHERE draft = ? ORDER BY item, ordinal", (draft,))
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
        answers={answer.item: answer for answer in map(_answer, answers)},
        findings=tuple(map(_finding, findings)),
        photos=_links(connection, draft),
    )


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
        " WHERE id = ? AND deleted_at IS NULL AND closed_by IS NULL",
        (marks, at.isoformat(), microseconds(at), draft),
    )
    if not changed.rowcount:
        _must_take_changes(connection, draft)
    _replace_answer(connection, draft, item, answer, at)
    _replace_findings(connection, draft, item, findings, at)


def save_head(connection: sqlite3.Connection, inspection: Inspection, at: datetime) -> None:
    draft = inspection.id
    _must_take_changes(connection, draft)
    was = connection.execute(f"SELECT {_HEAD} FROM drafts WHERE id = ?", (draft,)).fetchone()
    now = _head_row(inspection)
    if was == now:
        return
    names = _HEAD.split(", ")
    _remember(connection, draft, "", "head", dict(zip(names, was, strict=True)), at)
    settings = ", ".join(f"{name} = ?" for name in names)
    connection.execute(f"UPDATE drafts SET {settings} WHERE id = ?", (*now, draft))
    _touch(connection, draft, at)


def save_photos(
    connection: sqlite3.Connection, draft: InspectionId, item: ItemId, links: tuple[PhotoLink, ...], at: datetime
) -> None:
    _must_take_changes(connection, draft)
    was = _links(connection, draft, item)
    if was == links:
        return
    if was:
        former = [{"photo": link.photo.original, "after": link.after, "caption": link.caption} for link in was]
        _remember(connection, draft, item, "photos", former, at)
    connection.execute("DELETE FROM photo_links WHERE draft = ? AND item = ?", (draft, item))
    _put_links(connection, draft, links)
    _touch(connection, draft, at)


def delete(connection: sqlite3.Connection, draft: InspectionId, at: datetime) -> None:
    deleted_at, closed_by = _state(connection, draft)
    if closed_by is not None:
        raise Problem("draft-final", draft=draft)
    if deleted_at is None:
        connection.execute("UPDATE drafts SET deleted_at = ? WHERE id = ?", (at.isoformat(), draft))


def restore(connection: sqlite3.Connection, draft: InspectionId) -> None:
    _state(connection, draft)
    connection.execute("UPDATE drafts SET deleted_at = NULL WHERE id = ?", (draft,))


def may_close(connection: sqlite3.Connection, draft: InspectionId, document: str) -> None:
    """Raises Problem draft-final when another document has closed it, unknown-draft."""
    _, closed_by = _state(connection, draft)
    if closed_by not in (None, document):
        raise Problem("draft-final", draft=draft)


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


def _state(connection: sqlite3.Connection, draft: InspectionId) -> tuple[str | None, str | None]:
    row: tuple[str | None, str | None] | None = connection.execute(
        "SELECT deleted_at, closed_by FROM drafts WHERE id = ?", (draft,)
    ).fetchone()
    if row is None:
        raise Problem("unknown-draft", draft=draft)
    return row


def _must_take_changes(connection: sqlite3.Connection, draft: InspectionId) -> None:
    deleted_at, closed_by = _state(connection, draft)
    if closed_by is not None:
        raise Problem("draft-final", draft=draft)
    if deleted_at is not None:
        raise Problem("unknown-draft", draft=draft)


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
    now = _answer_row(answer) if answer else None
    if now is not None and _put_first_answer(connection, draft, now):
        return
    was: Row | None = connection.execute(
        f"SELECT {_ANSWER} FROM answers WHERE draft = ? AND item = ?", (draft, item)
    ).fetchone()
    if was == now:
        return
    if was is not None:
        _remember(connection, draft, item, "answer", _answer(was), at)
    if now is None:
        connection.execute("DELETE FROM answers WHERE draft = ? AND item = ?", (draft, item))
    else:
        _put_answer(connection, draft, now)


def _replace_findings(
    connection: sqlite3.Connection, draft: InspectionId, item: ItemId, findings: Iterable[Finding], at: datetime
) -> None:
    rows: list[Row] = connection.execute(
        f"SELECT {_FINDING} FROM findings WHERE draft = ? AND item = ?", (draft, item)
    ).fetchall()
    was = {row[1]: row for row in rows}
    now = {finding.ordinal: _finding_row(finding) for finding in findings}
    for ordinal, row in was.items():
        if now.get(number(ordinal)) == row:
            continue
        _remember(connection, draft, item, "finding", _finding(row), at)
        if ordinal not in now:
            connection.execute(
                "DELETE FROM findings WHERE draft = ? AND item = ? AND ordinal = ?", (draft, item, ordinal)
            )
    for ordinal, row in now.items():
        if was.get(ordinal) != row:
            _put_finding(connection, draft, row)


def _put_answer(connection: sqlite3.Connection, draft: InspectionId, row: Row) -> None:
    connection.execute(f"INSERT OR REPLACE INTO answers (draft, {_ANSWER}) VALUES (?, ?, ?, ?, ?, ?, ?)", (draft, *row))


def _put_first_answer(connection: sqlite3.Connection, draft: InspectionId, row: Row) -> bool:
    """Whether the item had none: most answers are the first of their item, and nothing has to be read for them."""
    put = connection.execute(
        f"INSERT INTO answers (draft, {_ANSWER}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", (draft, *row)
    )
    return put.rowcount == 1


def _put_finding(connection: sqlite3.Connection, draft: InspectionId, row: Row) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO findings (draft, {_FINDING}) VALUES ({', '.join('?' * 12)})", (draft, *row)
    )


def _put_links(connection: sqlite3.Connection, draft: InspectionId, links: Iterable[PhotoLink]) -> None:
    connection.executemany(
        "INSERT INTO photo_links (draft, item, position, photo, is_after, caption) VALUES (?, ?, ?, ?, ?, ?)",
        [(draft, link.item, link.position, link.photo.original, link.after, link.caption) for link in links],
    )


def _links(connection: sqlite3.Connection, draft: InspectionId, item: ItemId | None = None) -> tuple[PhotoLink, ...]:
    rows: Iterable[Row] = connection.execute(
        f"SELECT l.item, l.position, l.is_after, l.caption, {photos.COLUMNS}"
        " FROM photo_links l JOIN photos p ON p.original = l.photo"
        " WHERE l.draft = ? AND l.item = coalesce(?, l.item) ORDER BY l.item, l.position",
        (draft, item),
    )
    return tuple(
        PhotoLink(ItemId(text(row[0])), photos.photo_of(row[4:]), number(row[1]), bool(row[2]), text(row[3]))
        for row in rows
    )


def _head_row(inspection: Inspection) -> Row:
    return (
        inspection.inspected_on.isoformat(),
        inspection.type.value,
        list_text(inspection.companions),
        inspection.escort,
        inspection.site,
        inspection.opinion,
        inspection.school_opinion,
    )


def _answer_row(answer: Answer) -> Row:
    readings = [[reading.id, value_text(reading.value)] for reading in answer.readings]
    return (
        answer.item,
        answer.text(),
        answer.answered_at.isoformat(),
        answer.case,
        json.dumps(readings, ensure_ascii=False, separators=(",", ":")),
        answer.note,
    )


def _answer(row: Row) -> Answer:
    return Answer(
        item=ItemId(text(row[0])),
        value=value_from_text(text(row[1])),
        answered_at=instant(row[2]),
        case=text(row[3]),
        readings=tuple(_reading(name, value) for name, value in json.loads(text(row[4]))) if row[4] != "[]" else (),
        note=text(row[5]),
    )


def _reading(name: str, written: str) -> ReadingValue:
    value = value_from_text(written)
    assert not isinstance(value, str)  # a reading is a number or a day, never pass or fail
    return ReadingValue(name, value)


def _finding_row(finding: Finding) -> Row:
    return (
        finding.item,
        finding.ordinal,
        finding.text,
        finding.severity.value,
        finding.action,
        finding.deadline.isoformat(),
        finding.place,
        list_text(finding.basis),
        finding.criterion,
        finding.severity_reason,
        int(finding.fixed_on_spot),
    )


def _finding(row: Row) -> Finding:
    return Finding(
        item=ItemId(text(row[0])),
        ordinal=number(row[1]),
        text=text(row[2]),
        severity=Severity(text(row[3])),
        action=text(row[4]),
        deadline=day(row[5]),
        place=text(row[6]),
        basis=list_of(row[7]),
        criterion=text(row[8]),
        severity_reason=text(row[9]),
        fixed_on_spot=bool(row[10]),
    )
