"""The teaching calendar 校历: public holidays from a library, and what the office writes in `calendar.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from safetyapp.domain.schedule import Span, TeachingCalendar, school_year
from safetyapp.forms.fields import Fields
from safetyapp.forms.mistakes import Mistake, Notes, read_bytes, shown
from safetyapp.forms.yaml_tree import Node, Scalar, read_tree

FILE_NAME = "calendar.yaml"
FORMAT = 1
_LONGEST_TERM = 300
_YEARS = range(2000, 2101)
_FILE_KEYS = ("format", "teaching_months", "school_years", "public_holidays")
_SCHOOL_YEAR_KEYS = ("year", "teaching_months", "terms", "holidays", "school_days")
_PUBLIC_KEYS = ("year", "holidays", "worked")


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """The calendar to go by, and what is wrong in the office's file. With `mistakes` nothing of the file is in it."""

    calendar: TeachingCalendar
    mistakes: tuple[Mistake, ...] = ()


def calendar_of(workspace: Path) -> CalendarRead:
    """The calendar of a workspace folder: the public holidays, changed by its `calendar.yaml` where there is one."""
    path = workspace / FILE_NAME
    return read_calendar(path) if path.exists() or path.is_symlink() else CalendarRead(public_calendar())


def read_calendar(source: Path | bytes, name: str = FILE_NAME) -> CalendarRead:
    """The public holidays, changed by what a file says; a file with mistakes changes nothing. Never raises."""
    notes = Notes(source.name if isinstance(source, Path) else name)
    data = read_bytes(source, notes) if isinstance(source, Path) else source
    tree = read_tree(data, notes) if data is not None else None
    calendar = _read(tree, notes) if tree is not None else public_calendar()
    return CalendarRead(public_calendar() if notes.mistakes else calendar, notes.mistakes)


@cache
def public_calendar() -> TeachingCalendar:
    """Holidays and make-up working days of all years that the library knows, with the usual terms and teaching months.

    Source: the package chinesecalendar, which copies the yearly notice of the General Office of the State Council.
    """
    import chinese_calendar  # only when a due day is asked for

    return TeachingCalendar(
        holidays=frozenset(chinese_calendar.holidays),
        make_up_days=frozenset(chinese_calendar.workdays),
        years=frozenset(day.year for day in chinese_calendar.holidays),
    )


def template(today: date) -> str:
    """A `calendar.yaml` for the office to edit: every key explained, nothing changed as it stands."""
    year = school_year(today)
    return _TEMPLATE.format(this=year, next=year + 1)


@dataclass(slots=True)
class _Found:
    """What the file has said so far, each day and year with its line."""

    notes: Notes
    terms: list[tuple[int, Span]] = field(default_factory=list)
    holidays: dict[date, int] = field(default_factory=dict)
    school_days: dict[date, int] = field(default_factory=dict)
    months_of: dict[int, frozenset[int]] = field(default_factory=dict)
    school_years: set[int] = field(default_factory=set)
    public: dict[int, tuple[frozenset[date], frozenset[date]]] = field(default_factory=dict)


def _read(tree: Node, notes: Notes) -> TeachingCalendar:
    fields = Fields(tree, notes, _FILE_KEYS, "calendar")
    base = public_calendar()
    if not fields.is_mapping:
        return base
    number = fields.whole("format", 1, 1_000_000, required=True)
    if number not in (None, FORMAT):
        zh, en = f"只认识 {FORMAT}", f"must be {FORMAT}, later ones need a newer version"
        fields.wrong("format", "unknown-format", zh, en)
        return base
    found = _Found(notes)
    months = _months(fields)
    for node in fields.nodes("school_years", most=100):
        _read_school_year(node, found)
    for node in fields.nodes("public_holidays", most=100):
        _read_public(node, found)
    _check_terms(found)
    for day in found.holidays.keys() & found.school_days.keys():
        zh, en = f"{day} 同时写成放假和上课", f"{day} is written both as a holiday and as a school day"
        notes.mistake(found.school_days[day], "contradiction", zh, en)
    off, worked = _public_days(base, found)
    return replace(
        base,
        teaching_months=base.teaching_months if months is None else months,
        months_of=tuple(sorted(found.months_of.items(), key=lambda item: item[0])),
        terms=tuple(sorted((term for _, term in found.terms), key=lambda term: term.first)),
        holidays=off | frozenset(found.holidays),
        make_up_days=worked,
        school_days=frozenset(found.school_days),
        years=base.years | frozenset(found.public),
    )


def _public_days(base: TeachingCalendar, found: _Found) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays and make-up days; those of a year that the office has written down take the place of ours."""
    off = {day for day in base.holidays if day.year not in found.public}
    worked = {day for day in base.make_up_days if day.year not in found.public}
    for holidays, make_up in found.public.values():
        off |= holidays
        worked |= make_up
    return frozenset(off), frozenset(worked)


def _read_school_year(node: Node, found: _Found) -> None:
    fields = Fields(node, found.notes, _SCHOOL_YEAR_KEYS, "school_years")
    year = _school_year(fields)
    if year is None:
        return
    if year in found.school_years:
        fields.wrong("year", "duplicate-year", f"“{year}-{year + 1}”写了两次", "is written twice")
    found.school_years.add(year)
    bounds = Span(date(year, 8, 1), date(year + 1, 8, 31))
    months = _months(fields)
    if months is not None:
        found.months_of[year] = months
    for term in fields.nodes("terms", most=6):
        span = _span(term, found.notes, "terms", bounds, _LONGEST_TERM)
        if span is not None and isinstance(term, Scalar):
            found.notes.mistake(term.line, "bad-value", "学期要写 from 和 to", "A term needs 'from' and 'to'")
        elif span is not None:
            found.terms.append((term.line, span))
    found.holidays.update(_days(fields, "holidays", bounds))
    found.school_days.update(_days(fields, "school_days", bounds))


def _read_public(node: Node, found: _Found) -> None:
    fields = Fields(node, found.notes, _PUBLIC_KEYS, "public_holidays")
    year = fields.whole("year", _YEARS.start, _YEARS.stop - 1, required=True)
    if year is None:
        return
    if year in found.public:
        fields.wrong("year", "duplicate-year", f"“{year}”写了两次", "is written twice")
    bounds = Span(date(year, 1, 1), date(year, 12, 31))
    fields.node("holidays", required=True)
    holidays, worked = dict(_days(fields, "holidays", bounds)), dict(_days(fields, "worked", bounds))
    for day in holidays.keys() & worked.keys():
        zh, en = f"{day} 同时写成放假和上班", f"{day} is written both as a holiday and as a working day"
        found.notes.mistake(worked[day], "contradiction", zh, en)
    found.public[year] = frozenset(holidays), frozenset(worked)


def _school_year(fields: Fields) -> int | None:
    """2026-2027 as 2026; None after noting that it is none."""
    text = fields.text("year", required=True, empty_allowed=False)
    match = re.fullmatch(r"([0-9]{4})\s*[-—–~至/]\s*([0-9]{4})", text)
    if match and int(match[2]) == int(match[1]) + 1 and int(match[1]) in _YEARS:
        return int(match[1])
    if text:
        fields.wrong("year", "bad-year", "应写成 2026-2027", "should be a school year like 2026-2027")
    return None


def _months(fields: Fields) -> frozenset[int] | None:
    """The teaching months, None when the key is absent."""
    if not fields.has("teaching_months"):
        return None
    months = set()
    for node in fields.nodes("teaching_months", most=12):
        text = node.text if isinstance(node, Scalar) else ""
        if re.fullmatch(r"0?[1-9]|1[0-2]", text):
            months.add(int(text))
        else:
            zh, en = f"“{shown(text)}”不是月份", f"'{shown(text)}' is no month"
            fields.notes.mistake(node.line, "bad-month", f"{fields.what}里{zh}", f"In {fields.what} {en}")
    return frozenset(months)


def _days(fields: Fields, key: str, bounds: Span) -> Iterator[tuple[date, int]]:
    """The days of a list of days and stretches, each with its line."""
    for node in fields.nodes(key, most=400):
        span = _span(node, fields.notes, key, bounds, 366)
        if span is not None:
            for number in range((span.last - span.first).days + 1):
                yield span.first + timedelta(days=number), node.line


def _span(node: Node, notes: Notes, what: str, bounds: Span, longest: int) -> Span | None:
    """A day, or a mapping with `from` and `to`, within bounds; None after noting what is wrong."""
    if isinstance(node, Scalar):
        first = last = _day(node, notes, what)
    else:
        fields = Fields(node, notes, ("from", "to"), what)
        fields.node("from", required=True)
        fields.node("to", required=True)
        first, last = fields.day("from"), fields.day("to")
    if first is None or last is None:
        return None
    line = node.line
    if last < first:
        notes.mistake(line, "bad-range", f"{what}的结束早于开始", f"{what} ends before it begins")
        return None
    if first not in bounds or last not in bounds:
        zh = f"{what}的 {first} 至 {last} 不在 {bounds.first} 至 {bounds.last} 之间"
        en = f"{first} to {last} of {what} does not lie between {bounds.first} and {bounds.last}"
        notes.mistake(line, "outside-year", zh, en)
        return None
    if (last - first).days >= longest:
        notes.mistake(line, "too-long", f"{what}超过 {longest} 天", f"{what} is longer than {longest} days")
        return None
    return Span(first, last)


def _day(node: Scalar, notes: Notes, what: str) -> date | None:
    try:
        if len(node.text) == 10:
            return date.fromisoformat(node.text)
    except ValueError:
        pass
    zh, en = f"{what}里的日期应写成 2026-01-31", f"A date in {what} should be written like 2026-01-31"
    notes.mistake(node.line, "bad-date", zh, en)
    return None


def _check_terms(found: _Found) -> None:
    for (_, before), (line, after) in pairwise(sorted(found.terms, key=lambda entry: entry[1].first)):
        if after.first <= before.last:
            zh = f"学期 {after.first} 至 {after.last} 与 {before.first} 至 {before.last} 重叠"
            en = f"The term {after.first} to {after.last} overlaps {before.first} to {before.last}"
            found.notes.mistake(line, "overlap", zh, en)


_TEMPLATE = """\
# 校历。改好保存即可；写错的地方，程序会按行号指出，并在改好以前只按国家放假安排计算。
# The teaching calendar. Mistakes are named with their line; until they are mended only the public holidays count.
# 去掉行首的“# ”，该行就生效。A line counts once the "# " before it is taken away.
# 日期一律写成 2026-01-31；连续几天写成 {{from: 2026-01-31, to: 2026-02-28}}（含首尾两天）。
# Days are written 2026-01-31, several in a row {{from: …, to: …}}, both days included.

format: 1

# 哪些月份算教学月（应急疏散演练等按教学月安排）。The months that count as teaching months.
teaching_months: [3, 4, 5, 6, 9, 10, 11, 12]

school_years:
  - year: {this}-{next}
    # 本学年教学月与上面不同时才写。Only where this school year differs from the line above.
    # teaching_months: [2, 3, 4, 5, 6, 9, 10, 11, 12]

    # 学期起止（第一天和最后一天上课）。不写时按 9 月 1 日至 1 月 31 日、3 月 1 日至 7 月 10 日估算。
    # First and last day of each term. Without it September to January and March to 10 July are assumed.
    # terms:
    #   - {{from: {this}-09-01, to: {next}-01-29}}
    #   - {{from: {next}-03-01, to: {next}-07-10}}

    # 国家放假以外的停课日（运动会调休、大风停课等）。Days without school besides the public holidays.
    # holidays:
    #   - {this}-11-13
    #   - {{from: {next}-04-28, to: {next}-04-30}}

    # 国家安排以外的上课日（补课、调课）。School days besides the usual ones.
    # school_days:
    #   - {this}-11-14

# 国务院办公厅已发布、而本程序还不认识的年份，把通知抄在这里；写了某一年，就以这里为准。
# A year whose notice the program does not know yet: copy it here. What stands here replaces what the program knows.
# public_holidays:
#   - year: {next}
#     holidays:
#       - {{from: {next}-01-01, to: {next}-01-03}}
#     worked:
#       - {next}-02-20
"""
