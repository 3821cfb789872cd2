"""How the head, the answers and the findings of a draft are written in the columns of their tables, and read back."""

from __future__ import annotations

import json
from typing import Any

from safetyapp.domain.form import ItemId, Severity
from safetyapp.domain.inspection import Answer, Finding, Inspection, ReadingValue
from safetyapp.store.columns import Row, day, instant, list_of, list_text, number, text

HEAD = "inspected_on, type, companions, escort, site, opinion, school_opinion"
ANSWER = "item, value, answered_at, limit_case, readings, note"
FINDING = (
    "item, ordinal, text, severity, action, deadline, place, basis, criterion, severity_reason, fixed_on_spot, repeats"
)


def head_row(inspection: Inspection) -> Row:
    return (
        inspection.inspected_on.isoformat(),
        inspection.type.value,
        list_text(inspection.companions),
        inspection.escort,
        inspection.site,
        inspection.opinion,
        inspection.school_opinion,
    )


def answer_row(answer: Answer) -> Row:
    readings = "[]"
    if answer.readings:
        pairs = [[reading.id, reading.value] for reading in answer.readings]
        readings = json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))
    return (
        answer.item,
        answer.value,
        answer.answered_at.isoformat(),
        answer.case,
        readings,
        answer.note,
    )


def answer_of(row: Row) -> Answer:
    return Answer(
        item=ItemId(text(row[0])),
        value=text(row[1]),
        answered_at=instant(row[2]),
        case=text(row[3]),
        readings=tuple(ReadingValue(*pair) for pair in json.loads(text(row[4]))) if row[4] != "[]" else (),
        note=text(row[5]),
    )


def former_answer(plain: dict[str, Any]) -> Answer:
    """An answer from its canonical JSON in the history."""
    return Answer(
        item=ItemId(plain["item"]),
        value=plain["value"],
        answered_at=instant(plain["answered_at"]),
        case=plain["case"],
        readings=tuple(ReadingValue(reading["id"], reading["value"]) for reading in plain["readings"]),
        note=plain["note"],
    )


def finding_row(finding: Finding) -> Row:
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
        finding.repeats,
    )


def finding_of(row: Row) -> Finding:
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
        repeats=text(row[11]),
    )
