"""The teaching calendar: the public holidays that the library knows, the office's file, and files that are none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.schedule import Span, is_school_day, school_year
from safetyapp.forms.teaching_calendar import FILE_NAME, calendar_of, public_calendar, read_calendar, template

HEAD = "format: 1\n"


def read(text: str) -> list[tuple[int, str]]:
    """The mistakes of a file as line and code."""
    return [
        (int(mistake.where.partition(":")[2] or 0), mistake.code) for mistake in read_calendar(text.encode()).mistakes
    ]


class TestPublicHolidays:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2026, 1, 1), False),
            (date(2026, 1, 4), True),  # a Sunday, worked for 2 January
            (date(2026, 4, 6), False),  # Tomb-sweeping, a Monday
            (date(2026, 5, 5), False),
            (date(2026, 5, 9), True),  # a Saturday
            (date(2026, 6, 19), False),  # Dragon Boat
            (date(2026, 9, 20), True),
            (date(2026, 9, 25), False),  # Mid-Autumn
            (date(2026, 10, 7), False),
            (date(2026, 10, 8), True),
            (date(2026, 10, 10), True),
        ],
    )
    def test_2026_as_the_state_council_has_announced_it(self, day: date, expected: bool) -> None:
        """国务院办公厅关于2026年部分节假日安排的通知, November 2025."""
        assert is_school_day(public_calendar(), day) is expected

    def test_what_has_not_been_announced_is_not_claimed(self) -> None:
        assert public_calendar().covers(date(2026, 12, 31))
        assert not public_calendar().covers(date(2030, 1, 1))

    def test_the_library_is_not_loaded_before_a_day_is_asked_for(self) -> None:
        code = "import sys, safetyapp.forms.teaching_calendar; sys.exit('chinese_calendar' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0


class TestFile:
    FULL = """\
format: 1
teaching_months: [3, 4, 5, 6, 9, 10, 11, 12]
school_years:
  - year: 2026-2027
    teaching_months: [2, 9]
    terms:
      - {from: 2026-08-31, to: 2027-01-29}
      - {from: 2027-02-22, to: 2027-07-09}
    holidays:
      - 2026-11-13
      - {from: 2027-04-28, to: 2027-04-30}
    school_days: [2026-11-14, 2026-10-01]
public_holidays:
  - year: 2027
    holidays:
      - {from: 2027-01-01, to: 2027-01-03}
      - 2027-04-05
    worked: [2027-03-06]
"""

    def test_everything_it_can_say(self) -> None:
        found = read_calendar(self.FULL.encode())
        calendar = found.calendar
        assert found.mistakes == ()
        assert calendar.terms == (
            Span(date(2026, 8, 31), date(2027, 1, 29)),
            Span(date(2027, 2, 22), date(2027, 7, 9)),
        )
        assert calendar.is_teaching_month(date(2027, 2, 1))
        assert not calendar.is_teaching_month(date(2026, 10, 1))
        assert calendar.is_teaching_month(date(2025, 10, 1))
        assert calendar.covers(date(2027, 1, 1))
        expected = {
            date(2026, 8, 31): True,  # the term begins
            date(2026, 11, 13): False,  # Friday: holiday of its own
            date(2026, 11, 14): True,  # and the Saturday instead
            date(2026, 10, 1): True,  # the office may open on a public holiday
            date(2027, 4, 29): False,
            date(2027, 1, 1): False,
            date(2027, 4, 5): False,
            date(2027, 3, 6): True,
            date(2027, 2, 23): True,
        }
        assert {day: is_school_day(calendar, day) for day in expected} == expected

    def test_a_year_that_the_office_writes_takes_the_place_of_ours(self) -> None:
        text = HEAD + "public_holidays:\n  - {year: 2026, holidays: [2026-10-01]}\n"
        calendar = read_calendar(text.encode()).calendar
        assert is_school_day(calendar, date(2026, 10, 2))
        assert not is_school_day(calendar, date(2026, 10, 10))
        assert not is_school_day(calendar, date(2025, 10, 2))

    def test_without_a_file_the_public_holidays_count(self, tmp_path: Path) -> None:
        assert calendar_of(tmp_path).calendar is public_calendar()

    def test_the_file_of_the_workspace_counts(self, tmp_path: Path) -> None:
        (tmp_path / FILE_NAME).write_text(self.FULL, encoding="utf-8")
        assert not is_school_day(calendar_of(tmp_path).calendar, date(2026, 11, 13))

    def test_a_file_with_a_mistake_changes_nothing(self, tmp_path: Path) -> None:
        (tmp_path / FILE_NAME).write_text(self.FULL + "terms: []\n", encoding="utf-8")
        found = calendar_of(tmp_path)
        assert found.calendar is public_calendar()
        assert [mistake.where for mistake in found.mistakes] == [f"{FILE_NAME}:19"]


class TestTemplate:
    @pytest.mark.parametrize("today", [date(2026, 11, 24), date(2027, 2, 1), date(2028, 8, 1)])
    def test_as_it_stands_it_changes_nothing(self, today: date) -> None:
        found = read_calendar(template(today).encode())
        assert (found.mistakes, found.calendar) == ((), public_calendar())

    @pytest.mark.parametrize("today", [date(2026, 11, 24), date(2031, 3, 1)])
    def test_with_every_line_taken_in_it_is_still_right(self, today: date) -> None:
        """So each example in it is one."""
        text = re.sub(r"^( *)# (?=[ a-z_-]*[:\-\[{])(?!.*[\u4e00-\u9fff])", r"\1", template(today), flags=re.M)
        text = "\n".join(line for line in text.split("\n") if not re.search(r"^[A-Z]|^ *[A-Z]", line))
        found = read_calendar(text.encode())
        assert found.mistakes == ()
        assert len(found.calendar.terms) == 2
        assert found.calendar.school_days
        assert found.calendar.months_of
        assert found.calendar.covers(date(school_year(today) + 1, 1, 1))

    def test_it_names_the_present_school_year(self) -> None:
        assert "year: 2026-2027" in template(date(2027, 7, 1))
        assert "year: 2027-2028" in template(date(2027, 8, 1))


YEAR = "school_years:\n  - year: 2026-2027\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("teaching_months: [3]\n", [(1, "missing")]),
        ("format: 2\n", [(1, "unknown-format")]),
        (HEAD + "months: [3]\n", [(2, "unknown-key")]),
        (HEAD + "teaching_months: [3, 13]\n", [(2, "bad-month")]),
        (HEAD + "teaching_months: 三月\n", [(2, "bad-value")]),
        (HEAD + "school_years:\n  - year: 2026\n", [(3, "bad-year")]),
        (HEAD + "school_years:\n  - year: 2026-2028\n", [(3, "bad-year")]),
        (HEAD + "school_years:\n  - holidays: []\n", [(3, "missing")]),
        (HEAD + YEAR + "  - year: 2026-2027\n", [(4, "duplicate-year")]),
        (HEAD + YEAR + "    holidays: [2026.11.13]\n", [(4, "bad-date")]),
        (HEAD + YEAR + "    holidays:\n      - 2026-11-13\n      - 2026-02-30\n", [(6, "bad-date")]),
        (HEAD + YEAR + "    holidays: [2025-11-13]\n", [(4, "outside-year")]),
        (HEAD + YEAR + "    holidays: 2026-11-13\n", [(4, "bad-value")]),
        (HEAD + YEAR + "    holidays:\n      - {from: 2026-11-13}\n", [(5, "missing")]),
        (HEAD + YEAR + "    holidays:\n      - {from: 2026-11-13, to: 2026-11-12}\n", [(5, "bad-range")]),
        (HEAD + YEAR + "    terms:\n      - 2026-09-01\n", [(5, "bad-value")]),
        (HEAD + YEAR + "    terms:\n      - {from: 2026-08-01, to: 2027-07-31}\n", [(5, "too-long")]),
        (
            HEAD + YEAR + "    terms:\n      - {from: 2027-01-05, to: 2027-07-01}\n"
            "      - {from: 2026-09-01, to: 2027-01-05}\n",
            [(5, "overlap")],
        ),
        (HEAD + YEAR + "    holidays: [2026-11-13]\n    school_days: [2026-11-13]\n", [(5, "contradiction")]),
        (HEAD + "public_holidays:\n  - year: 2027\n", [(3, "missing")]),
        (HEAD + "public_holidays:\n  - {year: 1027, holidays: []}\n", [(3, "bad-number")]),
        (
            HEAD + "public_holidays:\n  - {year: 2027, holidays: [2027-01-01], worked: [2027-01-01]}\n",
            [(3, "contradiction")],
        ),
        ("- 1\n", [(1, "bad-value")]),
        ("", [(0, "empty")]),
        (HEAD + "teaching_months: &a [3]\n", [(2, "yaml-alias")]),
        (HEAD + "teaching_months: !!python/object:os.system [3]\n", [(2, "yaml-tag")]),
        (HEAD + "school_years: " + "[" * 100 + "]" * 100 + "\n", [(2, "too-deep")]),
        (HEAD + YEAR + "    terms: [" + "2026-09-01," * 7 + "]\n", [(4, "too-large")]),
    ],
)
def test_each_mistake_is_named_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert read(text) == expected


def test_mistakes_are_said_in_both_languages() -> None:
    (mistake,) = read_calendar((HEAD + "teaching_months: [13]\n").encode()).mistakes
    assert mistake.message == "calendar里“13”不是月份。In calendar '13' is no month."
    assert mistake.where == "calendar.yaml:2"


def test_a_pipe_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE_NAME)
    assert [mistake.code for mistake in calendar_of(tmp_path).mistakes] == ["no-file"]
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).symlink_to(tmp_path / "gone")
    assert [mistake.code for mistake in calendar_of(tmp_path).mistakes] == ["unreadable"]


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"# " + b"x" * 9_000_000)
    assert [mistake.code for mistake in calendar_of(tmp_path).mistakes] == ["too-large"]


@given(st.binary(max_size=300) | st.text("from to:{}[]-\n 0123456789&*!#abcyeartrms", max_size=200).map(str.encode))
def test_whatever_the_bytes_it_is_a_calendar(data: bytes) -> None:
    found = read_calendar(HEAD.encode() + data)
    assert found.mistakes == () or found.calendar is public_calendar()


@given(st.dates(date(2026, 8, 1), date(2027, 8, 31)), st.integers(0, 200))
def test_days_written_as_a_stretch_are_days_off(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2027, 8, 31))
    text = HEAD + YEAR + f"    holidays:\n      - {{from: {first}, to: {last}}}\n"
    calendar = read_calendar(text.encode()).calendar
    assert not any(is_school_day(calendar, first + timedelta(days=n)) for n in range((last - first).days + 1))
