"""What Today shows, as data: read from the store on the data thread, in words that are ready to paint."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.draft import DraftRow
from safetyapp.domain.form import Severity
from safetyapp.domain.ledger import FindingState, LedgerRow
from safetyapp.domain.school import School
from safetyapp.texts import Texts
from safetyapp.ui.dates import when
from safetyapp.ui.school_words import school_facts
from safetyapp.ui.tools import FormTitle, Tools

LOOKED_BACK = 5_000
"""Documents that are looked through for the last inspection of each school; a district makes fewer in two years."""
RECENT = 8


class CellState(Enum):
    """How a school stands with a form."""

    FILLING = "filling"
    DONE = "done"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Cell:
    """One school and one form: two lines, and what Enter does there (a draft to continue, else a new one)."""

    state: CellState
    text: str
    second: str
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Hazards:
    """Open hazards of a school."""

    majors: int = 0
    generals: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A row of the matrix: the school, its line of facts, one cell per form, its open hazards."""

    school: School
    facts: str
    cells: tuple[Cell, ...]
    hazards: Hazards


@dataclass(frozen=True, slots=True)
class TodayFacts:
    """Everything on the screen."""

    today: date
    forms: tuple[FormTitle, ...] = ()
    rows: tuple[SchoolRow, ...] = ()
    drafts: tuple[DraftRow, ...] = ()
    recent: tuple[DocumentRow, ...] = ()
    documents: int = 0
    waiting: int = 0
    done_this_year: int = 0


@dataclass(slots=True)
class _Last:
    """The newest report and, per form, the newest report of a school."""

    by_form: dict[str, DocumentRow] = field(default_factory=dict)


def load(tools: Tools) -> TodayFacts:
    """Reads it all; for the data thread."""
    store, texts = tools.store, tools.texts
    today = tools.clock.now().date()
    forms = tools.forms()
    titles = {tools.form(form.id).title.zh: form.id for form in forms}
    drafts = store.drafts()
    documents = store.documents(DocumentQuery(limit=LOOKED_BACK))
    last = _last_reports(documents, titles)
    hazards = _hazards(store.ledger(), today)
    rows = [
        SchoolRow(
            school,
            school_facts(texts, school),
            tuple(_cell(texts, today, form, _draft_of(drafts, school, form), last, school) for form in forms),
            hazards.get(school.id, Hazards()),
        )
        for school in store.schools()
    ]
    rows.sort(key=lambda row: _urgency(row, last))
    return TodayFacts(
        today=today,
        forms=forms,
        rows=tuple(rows),
        drafts=drafts,
        recent=documents[:RECENT],
        documents=store.count_documents(DocumentQuery()),
        waiting=store.waiting(),
        done_this_year=sum(1 for row in rows if any(c.state is CellState.DONE for c in row.cells)),
    )


def _last_reports(documents: tuple[DocumentRow, ...], titles: dict[str, str]) -> dict[str, _Last]:
    """Documents come newest made first; what counts is the day of the inspection."""
    last: dict[str, _Last] = defaultdict(_Last)
    for row in documents:
        form = titles.get(row.title)
        if form is None:
            continue
        by_form = last[row.school_id].by_form
        if form not in by_form or by_form[form].inspected_on < row.inspected_on:
            by_form[form] = row
    return last


def _hazards(ledger: tuple[LedgerRow, ...], today: date) -> dict[str, Hazards]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in ledger:
        if row.state is FindingState.CLOSED:
            continue
        count = counts[row.school_id]
        count[0 if row.severity is Severity.MAJOR else 1] += 1
        count[2] += row.overdue_days(today) > 0
    return {school: Hazards(*count) for school, count in counts.items()}


def _draft_of(drafts: tuple[DraftRow, ...], school: School, form: FormTitle) -> DraftRow | None:
    return next((d for d in drafts if d.school_id == school.id and d.form_id == form.id), None)


def _cell(
    texts: Texts, today: date, form: FormTitle, draft: DraftRow | None, last: dict[str, _Last], school: School
) -> Cell:
    say = texts.say
    if draft is not None:
        changed = when(texts, draft.changed_at.astimezone().date(), today)
        text = say("today.where.filling", answered=draft.answered, total=len(draft.marks))
        return Cell(CellState.FILLING, text, say("today.where.draft_of", when=changed), draft.id)
    row = last[school.id].by_form.get(form.id) if school.id in last else None
    if row is None:
        return Cell(CellState.OPEN, say("today.where.start"), say("today.where.never"))
    said = say("today.where.done", date=when(texts, row.inspected_on, today))
    state = CellState.DONE if row.inspected_on.year == today.year else CellState.OPEN
    return Cell(state, said, findings_text(texts, row))


def findings_text(texts: Texts, row: DocumentRow) -> str:
    """5 条隐患，重大 1."""
    if not row.findings:
        return texts.say("today.where.nothing_found")
    text = texts.say("today.where.findings", n=row.findings)
    return text + (texts.say("today.where.majors", n=row.majors) if row.majors else "")


def _urgency(row: SchoolRow, last: dict[str, _Last]) -> tuple[object, ...]:
    """Drafts first, then what is late or major, then who was not visited longest."""
    filling = any(c.state is CellState.FILLING for c in row.cells)
    visited = (
        [d.inspected_on.toordinal() for d in last[row.school.id].by_form.values()] if row.school.id in last else []
    )
    return (not filling, -row.hazards.overdue, -row.hazards.majors, max(visited, default=0), row.school.name)
