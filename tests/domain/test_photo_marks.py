"""Marks on a photo as values: turning, clipping, pushing, their one spelling, and what a mosaic leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safetyapp.domain.canonical import to_plain
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Photo, PhotoLink, Sha256
from safetyapp.domain.photo_marks import (
    LEAST,
    LONGEST_TEXT,
    SIDE,
    Crop,
    Mark,
    MarkColour,
    MarkKind,
    PhotoMarks,
    Thickness,
    block_side,
    clipped,
    clipped_crop,
    label_corner,
    marks_json,
    moved,
    or_none,
    pixels,
    read_marks,
    sized,
    turned,
)

ANYWHERE = st.integers(-2 * SIDE, 3 * SIDE)
RAW = st.builds(
    Mark,
    kind=st.sampled_from(MarkKind),
    x1=ANYWHERE,
    y1=ANYWHERE,
    x2=ANYWHERE,
    y2=ANYWHERE,
    colour=st.sampled_from(MarkColour),
    thickness=st.sampled_from(Thickness),
    text=st.text(max_size=60),
)
MARK = RAW.map(clipped)
CROP = st.builds(Crop, ANYWHERE, ANYWHERE, ANYWHERE, ANYWHERE).map(clipped_crop)
MARKS = st.builds(
    PhotoMarks, marks=st.lists(MARK, max_size=6).map(tuple), crop=CROP, turns=st.integers(0, 3)
)  # fmt: skip


@settings(max_examples=60)
@given(MARKS)
def test_four_turns_are_none_and_keep_their_spelling(marks: PhotoMarks) -> None:
    assert turned(marks, 4) == marks
    once = turned(marks)
    assert once.turns == (marks.turns + 1) % 4
    assert turned(once, 3) == marks
    assert tuple(map(clipped, once.marks)) == once.marks
    assert read_marks(marks_json(marks)) == marks
    assert read_marks(marks_json(once)) == once


@settings(max_examples=60)
@given(RAW)
def test_a_clipped_mark_lies_in_the_picture_and_can_be_hit(raw: Mark) -> None:
    mark = clipped(raw)
    assert all(0 <= edge <= SIDE for edge in (mark.x1, mark.y1, mark.x2, mark.y2))
    assert clipped(mark) == mark
    assert len(mark.text) <= LONGEST_TEXT or mark.kind is not MarkKind.TEXT
    if mark.kind.has_area:
        assert mark.x2 - mark.x1 >= LEAST
        assert mark.y2 - mark.y1 >= LEAST


@settings(max_examples=60)
@given(MARK, ANYWHERE, ANYWHERE)
def test_pushing_keeps_the_size_and_stretching_keeps_the_corner(mark: Mark, across: int, down: int) -> None:
    pushed = moved(mark, across, down)
    assert (pushed.x2 - pushed.x1, pushed.y2 - pushed.y1) == (mark.x2 - mark.x1, mark.y2 - mark.y1)
    assert clipped(pushed) == pushed
    stretched = sized(mark, across, down)
    assert clipped(stretched) == stretched
    if mark.kind.has_area and mark.x1 <= SIDE - LEAST and mark.y1 <= SIDE - LEAST:
        assert (stretched.x1, stretched.y1) == (mark.x1, mark.y1)


def test_the_spelling_is_one() -> None:
    marks = PhotoMarks(
        (Mark(MarkKind.TEXT, 1, 2, 1, 2, MarkColour.WHITE, Thickness.THIN, "净宽"),), Crop(0, 0, 9, 8), 3
    )
    assert marks_json(marks) == (
        '{"crop":{"x1":0,"x2":9,"y1":0,"y2":8},"marks":[{"colour":"white","kind":"text","text":"净宽",'
        '"thickness":"thin","x1":1,"x2":1,"y1":2,"y2":2}],"turns":3}'
    )
    assert (marks_json(None), read_marks("")) == ("", None)
    assert or_none(PhotoMarks()) is None
    assert or_none(marks) is marks
    good = marks_json(marks)
    for bad in ("{}", "[]", good.replace('"turns":3', '"turns":"3"'), good.replace("white", "green"), f" {good}"):
        with pytest.raises(ValueError, match=r".+"):
            read_marks(bad)


def test_a_record_without_marks_is_spelled_as_it_was() -> None:
    photo = Photo(Sha256("a" * 64), Sha256("b" * 64), 1600, 1200, 9, "image/jpeg")
    link = PhotoLink(ItemId("A-1"), photo, 0)
    plain = to_plain(link)
    assert isinstance(plain, dict)
    assert "marks" not in plain
    marked = to_plain(replace(link, marks=PhotoMarks(turns=1)))
    assert isinstance(marked, dict)
    assert marked["marks"] == {"crop": None, "marks": [], "turns": 1}


@pytest.mark.parametrize(("width", "height"), [(1, 1), (12, 400), (90, 70), (600, 601), (4000, 3000)])
def test_no_block_is_under_a_twelfth_of_the_shorter_side(width: int, height: int) -> None:
    assert block_side(width, height) * 12 >= min(width, height)


def test_pixels_go_outwards_and_stay_inside() -> None:
    assert pixels(1, 1, SIDE - 1, SIDE - 1, 300, 200) == (0, 0, 300, 200)
    assert pixels(5000, 5000, 5001, 5001, 300, 200) == (150, 100, 151, 101)


def test_words_are_pushed_into_what_is_kept() -> None:
    assert label_corner((0, 0), (50, 20), None, (400, 300)) == (0, 0)
    assert label_corner((399, 299), (50, 20), None, (400, 300)) == (350, 280)
    assert label_corner((0, 299), (50, 20), Crop(5000, 0, SIDE, 5000), (400, 300)) == (200, 130)
