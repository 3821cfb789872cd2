"""What Today learns after its first paint, away from the window: what is due where, what the office sent back, what to
check again, and the plan of visits that comes of it; in words that are ready to paint."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from safetyapp.domain.duty import SOON, Duty, Stand, duties
from safetyapp.domain.form import Severity
from safetyapp.domain.schedule import Doer
from safetyapp.domain.school import Role, SchoolId
from safetyapp.domain.visits import Task, TaskKind, Visit, plan
from safetyapp.ui.dates import month_day, when
from safetyapp.ui.today_facts import Cell, CellState
from safetyapp.workflow.due import due_now

if TYPE_CHECKING:
    from safetyapp.domain.document import DocumentRow
    from safetyapp.domain.form import Form
    from safetyapp.domain.said import Recheck, Rechecks, Returned
    from safetyapp.domain.schedule import TeachingCalendar
    from safetyapp.domain.school import School
    from safetyapp.texts import Texts
    from safetyapp.ui.today_facts import SchoolRow, TodayFacts
    from safetyapp.ui.tools import Tools

SHOWN_RECHECKS = 60
_STATES = {
    Stand.OVERDUE: CellState.OVERDUE,
    Stand.TODAY: CellState.TODAY,
    Stand.SOON: CellState.SOON,
    Stand.LATER: CellState.LATER,
    Stand.DONE: CellState.DONE,
}
CHIPS = 2
"""Tasks that a visit shows as chips; the rest are words."""


class ReturnedRow(NamedTuple):
    """A report that was sent back and is not being corrected yet."""

    report: DocumentRow
    title: str
    facts: str


class RecheckRow(NamedTuple):
    """A finding to check again; `document` is the address of its report's file."""

    document: str
    is_major: bool
    text: str
    second: str
    late: str
    is_late: bool
    name: str


class VisitRow(NamedTuple):
    """A visit in words: its chips with whether each is late, the rest as one text; `first` is what Enter begins."""

    school: School
    street: str
    when: str
    is_late: bool
    chips: tuple[tuple[str, bool], ...]
    rest: str
    tasks: str
    first: Task


class Dates(NamedTuple):
    """What comes after the first paint. `asks` says whether any rule asks for anything here."""

    asks: bool = False
    overdue: int = 0
    today: int = 0
    week: int = 0
    returned: tuple[ReturnedRow, ...] = ()
    rechecks: tuple[RecheckRow, ...] = ()
    recheck_count: int = 0
    later: int = 0
    later_majors: int = 0
    visits: tuple[VisitRow, ...] = ()


class Rules(NamedTuple):
    """What says when something is due: the forms of the facts, in their order, and the calendar."""

    forms: tuple[Form, ...]
    calendar: TeachingCalendar


def read_rules(tools: Tools, facts: TodayFacts) -> Rules:
    """For the data thread, as all that reads forms."""
    return Rules(tuple(tools.form(form.id) for form in facts.forms), tools.calendar())


def load_dates(tools: Tools, facts: TodayFacts, rules: Rules) -> TodayFacts:
    """The facts with what has dates; on any thread but the window's."""
    store, texts, today = tools.store, tools.texts, tools.clock.now().date()
    me = store.me()
    if me is None or not facts.rows:
        return facts._replace(dates=Dates())
    forms, calendar = list(rules.forms), rules.calendar
    doer = Doer.SCHOOL if me.role is Role.SCHOOL else Doer.DISTRICT
    owed = duties(due_now(store, forms, calendar, tools.clock, by=doer), store.postponed(), calendar, today)
    asked = {form for _, form in owed}
    columns = sorted(range(len(forms)), key=lambda n: (forms[n].id not in asked, n))  # what has days comes first
    facts = facts._replace(
        forms=tuple(facts.forms[n] for n in columns),
        rows=tuple(row._replace(cells=tuple(row.cells[n] for n in columns)) for row in facts.rows),
    )
    forms = [forms[n] for n in columns]
    sent_back = _not_begun(tools, store.returned(me.id))
    returned = {(one.report.school_id, one.report.form): one for one in reversed(sent_back)}
    order = {row.school.id: place for place, row in enumerate(facts.rows)}
    rows = []
    for row in facts.rows:
        cells = []
        for form, cell in zip(forms, row.cells, strict=True):
            key = (row.school.id, str(form.id))
            cells.append(_dressed(texts, today, cell, owed.get(key), returned.get(key), _asks(form, row.school)))
        rows.append(row._replace(cells=tuple(cells)))
    rows.sort(key=lambda row: (*_urgency(row), order[row.school.id]))
    counts = store.count_rechecks(today, today + timedelta(days=SOON))
    schools = {row.school.id: row.school for row in facts.rows}
    visits = plan(owed.values(), _others(facts, sent_back, counts, today), schools)
    titles = {form.id: form.title for form in facts.forms}
    return facts._replace(
        rows=tuple(rows),
        dates=Dates(
            asks=bool(owed),
            overdue=sum(1 for duty in owed.values() if duty.stand is Stand.OVERDUE),
            today=sum(1 for duty in owed.values() if duty.stand is Stand.TODAY),
            week=sum(1 for duty in owed.values() if duty.stand is Stand.SOON),
            returned=tuple(_returned_row(texts, one) for one in sent_back),
            rechecks=tuple(_recheck_row(texts, today, one) for one in store.rechecks(today, SHOWN_RECHECKS)),
            recheck_count=sum(count.now for count in counts.values()),
            later=sum(count.later for count in counts.values()),
            later_majors=sum(count.later_majors for count in counts.values()),
            visits=tuple(_visit_row(texts, visit, titles) for visit in visits),
        ),
    )


# the matrix


def _asks(form: Form, school: School) -> bool:
    """Whether the form is for such a school: one that asks nothing of anybody may be filled anywhere."""
    return not form.due or any(rule.applies_to(school) for rule in form.due)


def _dressed(
    texts: Texts, today: date, cell: Cell, duty: Duty | None, returned: Returned | None, is_asked: bool
) -> Cell:
    say = texts.say
    cell = cell._replace(duty=duty)
    if cell.draft:
        return cell
    if returned is not None:
        second = say("duty.cell.returned_on", date=when(texts, returned.on, today))
        return cell._replace(
            state=CellState.RETURNED, text=say("duty.cell.returned"), second=second, returned=returned.report.sha256
        )
    if not is_asked:
        name = say("duty.cell.not_asked_name")
        return cell._replace(state=CellState.NOT_ASKED, text=say("duty.cell.not_asked"), second="", name=name)
    if duty is None:
        return cell
    return cell._replace(state=_STATES[duty.stand], text=_text(texts, today, duty), second=_second(texts, today, duty))


def _text(texts: Texts, today: date, duty: Duty) -> str:
    say = texts.say
    if duty.stand is Stand.OVERDUE:
        return say("duty.cell.overdue", n=-duty.days)
    if duty.stand is Stand.TODAY:
        return say("duty.cell.today")
    if duty.stand is Stand.DONE and duty.last_on is not None:
        return say("duty.cell.done", date=when(texts, duty.last_on, today))
    if duty.stand is Stand.SOON and duty.due_on.isocalendar()[:2] == today.isocalendar()[:2]:
        return say("duty.cell.weekday", weekday=say("window.weekdays").split()[duty.due_on.weekday()])
    return say("duty.cell.left", n=duty.days)


def _second(texts: Texts, today: date, duty: Duty) -> str:
    say = texts.say
    if duty.postponed is not None:
        date_ = month_day(texts, duty.postponed.until)
        return say("duty.cell.postponed", date=date_, reason=duty.postponed.reason)
    if duty.stand is Stand.DONE:
        return say("duty.cell.next", date=when(texts, duty.due_on, today))
    if duty.last_on is None:
        return say("duty.cell.never")
    return say("duty.cell.last", date=when(texts, duty.last_on, today))


def _urgency(row: SchoolRow) -> tuple[int, int]:
    """What presses most at the school: late first, then by day."""
    pressing = [cell.duty.days for cell in row.cells if cell.duty is not None and cell.duty.stand.is_pressing]
    return (0, min(pressing)) if pressing else (1, 0)


# the cards


def _not_begun(tools: Tools, returned: Iterable[Returned]) -> list[Returned]:
    """Those that no open draft corrects."""
    found = list(returned)
    if not found:
        return found
    drafts = (tools.store.draft(row.id) for row in tools.store.drafts())
    begun = {str(draft.supersedes) for draft in drafts if draft is not None}
    return [one for one in found if str(one.report.id) not in begun]


def _returned_row(texts: Texts, one: Returned) -> ReturnedRow:
    say, said = texts.say, one.said
    key = "duty.returned.facts_line" if said.remarks else "duty.returned.facts_none"
    reason = said.reason or say("duty.returned.reason")
    facts = say(key, office=said.issuer, by=one.by, n=len(said.remarks), reason=reason)
    if said.remarks:
        words = say("duty.returned.separator").join(
            say("duty.returned.item", item=remark.item or "", text=remark.text).strip() for remark in said.remarks
        )
        facts += say("duty.returned.first", text=words)
    title = say("duty.returned.row", school=one.report.school, title=one.report.title)
    return ReturnedRow(one.report, title, facts)


def _recheck_row(texts: Texts, today: date, one: Recheck) -> RecheckRow:
    say, finding = texts.say, one.finding
    late = finding.overdue_days(today)
    left = (finding.deadline - today).days
    when_ = say("duty.cell.overdue", n=late) if late else say("duty.recheck.today") if left == 0 else ""
    when_ = when_ or say("duty.cell.left", n=left)
    photos = one.answered.photos if one.answered is not None else 0
    key = "unanswered" if one.answered is None else "answered" if photos else "answered_none"
    facts = say(f"duty.recheck.{key}", n=photos)
    is_major = finding.severity is Severity.MAJOR
    severity = say("duty.recheck.major" if is_major else "duty.recheck.general")
    school = finding.school
    name = say("duty.recheck.row", severity=severity, text=finding.text, school=school, facts=facts, late=when_)
    second = say("window.dot").join((school, facts))
    return RecheckRow(one.document, is_major, finding.text, second, when_, late > 0, name)


# the visits


def _others(facts: TodayFacts, returned: Iterable[Returned], counts: dict[str, Rechecks], today: date) -> list[Task]:
    """What waits beside the duties."""
    tasks = [Task(draft.school_id, TaskKind.DRAFT, draft.form_id, draft.id) for draft in facts.drafts]
    for one in returned:
        report = one.report
        tasks.append(Task(SchoolId(report.school_id), TaskKind.RETURNED, report.form, report.sha256))
    for row in facts.rows:
        count = counts.get(row.school.id)
        if count is not None and count.now and count.deadline is not None:
            days = (count.deadline - today).days
            tasks.append(Task(row.school.id, TaskKind.RECHECK, "", count.document, days, count.now, count.majors))
    return tasks


def _visit_row(texts: Texts, visit: Visit, titles: dict[str, str]) -> VisitRow:
    say = texts.say
    words = [(_task_words(texts, task, titles), task.days is not None and task.days < 0) for task in visit.tasks]
    rest = [text for text, _ in words[CHIPS:]]
    separator = say("duty.visits.separator")
    days = visit.days
    key = "no_day" if days is None else "late" if days < 0 else "today" if days == 0 else "left"
    return VisitRow(
        visit.school,
        visit.school.street,
        say(f"duty.visits.{key}", n=abs(days or 0)),
        days is not None and days < 0,
        tuple(words[:CHIPS]),
        say("duty.visits.rest", rest=separator.join(rest)) if rest else "",
        separator.join(text for text, _ in words),
        visit.tasks[0],
    )


def _task_words(texts: Texts, task: Task, titles: dict[str, str]) -> str:
    say = texts.say
    form = titles.get(task.form, task.form)
    if task.kind is TaskKind.RECHECK:
        key = "recheck_majors" if task.majors else "recheck"
        return say(f"duty.visits.{key}", n=task.count, majors=task.majors)
    key = {TaskKind.DUTY: "form", TaskKind.DRAFT: "draft", TaskKind.RETURNED: "returned"}[task.kind]
    return say(f"duty.visits.{key}", form=form)
