"""What Today shows, as data: read from the store on the data thread, in words that are ready to paint."""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.standing import Hazards
from safetyapp.ui.dates import when
from safetyapp.ui.school_words import apart, same_names, school_facts

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from datetime import date

    from safetyapp.domain.draft import DraftRow
    from safetyapp.domain.duty import Duty
    from safetyapp.domain.school import School
    from safetyapp.texts import Texts
    from safetyapp.ui.today_dates import Dates
    from safetyapp.ui.tools import FormTitle, Tools

RECENT = 8


class CellState(Enum):
    """How a school stands with a form. `OPEN` is what no date is known of."""

    FILLING = "filling"
    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    RETURNED = "returned"
    NOT_ASKED = "not_asked"


class Cell(NamedTuple):
    """One school and one form: two lines, and what Enter does there: a draft to continue, the report (by its address)
    to correct, else a new one. `report` is the last document, `name` what is read out instead of the first line."""

    state: CellState
    text: str
    second: str
    draft: str = ""
    report: str = ""
    duty: Duty | None = None
    returned: str = ""
    name: str = ""


class SchoolRow(NamedTuple):
    """A row of the matrix: the school, its line of facts, one cell per form, its open hazards. `apart` tells it from
    another of the same name; empty where there is none."""

    school: School
    facts: str
    cells: tuple[Cell, ...]
    hazards: Hazards
    apart: str = ""


class TodayFacts(NamedTuple):
    """Everything on the screen."""

    today: date
    forms: tuple[FormTitle, ...] = ()
    rows: tuple[SchoolRow, ...] = ()
    drafts: tuple[DraftRow, ...] = ()
    recent: tuple[DocumentRow, ...] = ()
    documents: int = 0
    waiting: int = 0
    done_this_year: int = 0
    dates: Dates | None = None
    """What is read after the first paint."""


Last = dict[str, dict[str, DocumentRow]]
"""By school, by form: the document of the last inspection."""


def load(tools: Tools) -> TodayFacts:
    """Reads it all; for the data thread."""
    store, texts = tools.store, tools.texts
    today = tools.clock.now().date()
    forms = tools.forms()
    drafts = store.drafts()
    last = _last_reports(store.last_documents(), {form.printed: form.id for form in forms})
    hazards = store.open_hazards(today)
    schools = store.schools()
    same = same_names(schools)
    rows = [
        SchoolRow(
            school,
            school_facts(texts, school, same),
            tuple(_cell(texts, today, form, _draft_of(drafts, school, form), last, school) for form in forms),
            hazards.get(school.id, Hazards()),
            apart(texts, school) if school.name in same else "",
        )
        for school in schools
    ]
    rows.sort(key=lambda row: _urgency(row, last))
    return TodayFacts(
        today=today,
        forms=forms,
        rows=tuple(rows),
        drafts=drafts,
        recent=store.documents(DocumentQuery(limit=RECENT)),
        documents=store.count_documents(DocumentQuery()),
        waiting=store.waiting(),
        done_this_year=sum(1 for row in rows if any(c.state is CellState.DONE for c in row.cells)),
    )


def _last_reports(documents: tuple[DocumentRow, ...], titles: dict[str, str]) -> Last:
    last: Last = defaultdict(dict)
    for row in documents:
        if row.title in titles:
            last[row.school_id][titles[row.title]] = row
    return last


def _draft_of(drafts: tuple[DraftRow, ...], school: School, form: FormTitle) -> DraftRow | None:
    return next((d for d in drafts if d.school_id == school.id and d.form_id == form.id), None)


def _cell(texts: Texts, today: date, form: FormTitle, draft: DraftRow | None, last: Last, school: School) -> Cell:
    say = texts.say
    if draft is not None:
        changed = when(texts, draft.changed_at.astimezone().date(), today)
        text = say("today.where.filling", answered=draft.answered, total=len(draft.marks))
        before = last[school.id].get(form.id)
        report = before.sha256 if before is not None else ""
        with_whom = say("handover.cell", to=draft.given_to) if draft.given_to else ""
        second = with_whom or say("today.where.draft_of", when=changed)
        return Cell(CellState.FILLING, text, second, draft.id, report)
    row = last[school.id].get(form.id)
    if row is None:
        return Cell(CellState.OPEN, say("today.where.start"), say("today.where.never"))
    said = say("today.where.done", date=when(texts, row.inspected_on, today))
    state = CellState.DONE if row.inspected_on.year == today.year else CellState.OPEN
    return Cell(state, said, findings_text(texts, row), report=row.sha256)


def findings_text(texts: Texts, row: DocumentRow) -> str:
    """5 条隐患，重大 1."""
    if not row.findings:
        return texts.say("today.where.nothing_found")
    text = texts.say("today.where.findings", n=row.findings)
    return text + (texts.say("today.where.majors", n=row.majors) if row.majors else "")


def _urgency(row: SchoolRow, last: Last) -> tuple[object, ...]:
    """Drafts first, then what is late or major, then who was not visited longest."""
    filling = any(c.state is CellState.FILLING for c in row.cells)
    visited = [d.inspected_on.toordinal() for d in last[row.school.id].values()]
    return (not filling, -row.hazards.overdue, -row.hazards.majors, max(visited, default=0), row.school.name)
