"""Sides in their order, where a stopped job goes on, what the log is told, and how a page stands on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.document import DocumentId, DocumentKind, DocumentRow, DocumentState
from safetyapp.domain.print_job import (
    BLANK,
    COVER,
    Place,
    PrintDocument,
    PrintJob,
    count_pages,
    fit,
    log_entries,
    pages_of,
    remaining,
    sequence,
    sheet_start,
)
from tests.domain.examples import NOON

A4 = (595.276, 841.89)


def printed(number: int, pages: int) -> PrintDocument:
    row = DocumentRow(
        DocumentId(f"d{number}"), f"{number:064d}", DocumentKind.INSPECTION_REPORT, f"临-{number}", "s1", "甲子小学",
        "消防安全检查表", NOON, date(2026, 11, 24), "张示例", DocumentState.IMPORTED, 1, 0, 0,
    )  # fmt: skip
    return PrintDocument(row, pages)


def job(*pages: int, **options: object) -> PrintJob:
    return PrintJob("job", tuple(printed(n, count) for n, count in enumerate(pages)), **options)  # type: ignore[arg-type]


def shown(places: tuple[Place, ...]) -> str:
    return " ".join(f"{'L' if p.document == COVER else 'abcdef'[p.document]}{p.copy}.{p.page}" for p in places)


@pytest.mark.parametrize(
    ("options", "sides"),
    [
        ({}, "a1.1 a1.2 a1.3 b1.1"),
        ({"copies": 2}, "a1.1 a1.2 a1.3 a2.1 a2.2 a2.3 b1.1 b2.1"),
        ({"copies": 2, "collate": False}, "a1.1 a2.1 a1.2 a2.2 a1.3 a2.3 b1.1 b2.1"),
        ({"both_sides": True}, "a1.1 a1.2 a1.3 a1.0 b1.1 b1.0"),
        ({"both_sides": True, "copies": 2}, "a1.1 a1.2 a1.3 a1.0 a2.1 a2.2 a2.3 a2.0 b1.1 b1.0 b2.1 b2.0"),
        ({"both_sides": True, "copies": 2, "collate": False, "ranges": ((2, 9),)}, "a1.2 a1.3 a2.2 a2.3"),
        ({"ranges": ((2, 9),)}, "a1.2 a1.3"),
        ({"ranges": ((3, 3), (1, 1), (1, 1))}, "a1.1 a1.3 b1.1"),
        ({"cover_pages": 1, "copies": 2, "ranges": ((1, 1),)}, "L1.1 a1.1 a2.1 b1.1 b2.1"),
        ({"cover_pages": 1, "both_sides": True, "ranges": ((1, 1),)}, "L1.1 L1.0 a1.1 a1.0 b1.1 b1.0"),
        ({"ranges": ((7, 9),)}, ""),
    ],
)  # fmt: skip
def test_sides_come_in_order(options: dict[str, object], sides: str) -> None:
    assert shown(sequence(job(3, 1, **options))) == sides


JOBS = st.builds(
    lambda pages, **options: job(*pages, **options),
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
    copies=st.integers(1, 3),
    both_sides=st.booleans(),
    collate=st.booleans(),
    ranges=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5)), max_size=2).map(tuple),
    cover_pages=st.integers(0, 2),
)


@given(JOBS)
def test_every_page_of_every_copy_is_printed_once(one: PrintJob) -> None:
    sides = sequence(one)
    wanted = [
        Place(number, copy, page)
        for number in range(len(one.documents))
        for copy in range(1, one.copies + 1)
        for page in pages_of(one, number)
    ]
    assert sorted(s for s in sides if s.page != BLANK and s.document != COVER) == wanted
    assert count_pages(sides) == len(wanted) + one.cover_pages
    documents = [side.document for side in sides]
    assert documents == sorted(documents)
    if one.both_sides:
        for front, back in zip(sides[::2], sides[1::2], strict=True):
            assert (front.document, front.copy) == (back.document, back.copy)
            assert front.page != BLANK


@given(JOBS, st.data())
def test_after_a_stop_exactly_the_rest_is_printed(one: PrintJob, data: st.DataObject) -> None:
    sides = sequence(one)
    if not sides:
        return
    stop = data.draw(st.integers(0, len(sides) - 1))
    rest = remaining(one, sides[stop]) if sides[stop].page != BLANK else sides[sheet_start(one, stop) :]
    done = sides[: len(sides) - len(rest)]
    assert done + rest == sides
    again = stop - len(done)  # a back is printed with its front, nothing else twice
    assert again in ((0, 1) if one.both_sides else (0,))
    assert sides[stop] in rest


@given(JOBS, st.data())
def test_the_log_adds_up_whatever_was_stopped(one: PrintJob, data: st.DataObject) -> None:
    sides = sequence(one)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(sides)), max_size=3)) | {0, len(sides)})
    told = [
        log_entries(one, a, b, reached=a, printed_before=(), who="张示例", at=NOON, printer="P")
        for a, b in pairwise(cuts)
    ]
    entries = [entry for run in told for entry in run]
    for number, document in enumerate(one.documents):
        of_one = [entry for entry in entries if entry.sha256 == document.row.sha256]
        pages = pages_of(one, number)
        assert sum(entry.copies for entry in of_one) == (one.copies if pages else 0)
        assert sum(entry.pages for entry in of_one) == one.copies * len(pages)
        assert not any(entry.is_reprint for entry in of_one)


def test_what_is_printed_again_is_a_reprint() -> None:
    one = job(2, 2, 2)
    facts = {"who": "张示例", "at": NOON, "printer": "P"}
    back = log_entries(one, 1, 6, reached=3, printed_before=(), **facts)  # type: ignore[arg-type]
    assert [(e.pages, e.copies, e.is_reprint) for e in back] == [(1, 1, True), (2, 1, True), (2, 1, False)]
    other = log_entries(one, 0, 2, reached=0, printed_before={one.documents[0].row.sha256}, **facts)  # type: ignore[arg-type]
    assert [(e.sha256, e.is_reprint) for e in other] == [(one.documents[0].row.sha256, True)]


def test_a_place_that_is_not_printed_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        remaining(job(3, ranges=((1, 1),)), Place(0, 1, 2))
    assert remaining(replace(job(3), copies=2), Place(0, 2, 3)) == (Place(0, 2, 3),)


def test_a_page_stands_at_its_own_size_in_the_middle() -> None:
    assert fit(A4, A4) == (False, 0, 0, *A4)
    assert fit((A4[1], A4[0]), A4) == (True, 0, 0, *A4)
    turned, x, y, *size = fit(A4, (841.89, 1190.55))
    assert (turned, size) == (False, list(A4))
    assert (x, y) == pytest.approx(((841.89 - A4[0]) / 2, (1190.55 - A4[1]) / 2))
    assert fit(A4, (595, 842)).width == A4[0], "a hair's breadth does not scale"


@given(st.floats(50, 2000), st.floats(50, 2000), st.floats(50, 2000), st.floats(50, 2000))
def test_a_page_is_never_cut_or_drawn_out_of_shape(width: float, height: float, across: float, down: float) -> None:
    turned, x, y, wide, high = fit((width, height), (across, down))
    assert wide / high == pytest.approx(height / width if turned else width / height)
    assert (wide > high) == (across > down) or abs(width - height) < 1e-9 or abs(across - down) < 1e-9
    assert min(x, y) > -1.5
    assert wide <= max(width, height) * 1.0000001
    assert x * 2 + wide == pytest.approx(across)
    assert y * 2 + high == pytest.approx(down)
