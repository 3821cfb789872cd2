"""The tray: order, what waits, which item is proposed, and whose clock is doubted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, CaptureClock, Photo, PhotoLink, Sha256
from safetyapp.domain.photo_tray import TrayPhoto, days_off, has_room, is_large, items_with, proposed, unplaced
from tests.domain.examples import NOON, TODAY, draft, small_form

A1, A2, B1 = ItemId("A-1"), ItemId("A-2"), ItemId("B-1")


def _photo(minute: float = 0, clock: CaptureClock | None = CaptureClock.CAMERA, name: str = "a") -> Photo:
    taken = NOON + timedelta(minutes=minute) if clock else None
    return Photo(Sha256(name * 64), Sha256("f" * 64), 16, 12, 1000, "image/jpeg", taken, clock)


def _answered(**minutes: float) -> dict[ItemId, Answer]:
    items = {name.replace("_", "-"): minute for name, minute in minutes.items()}
    return {ItemId(i): Answer(ItemId(i), "pass", NOON + timedelta(minutes=minute)) for i, minute in items.items()}


def test_what_is_at_no_item_waits_in_the_order_it_was_taken() -> None:
    tray = [
        TrayPhoto(_photo(5, name="a"), "5.jpg", NOON),
        TrayPhoto(_photo(clock=None, name="b"), "3.jpg", NOON + timedelta(minutes=3)),
        TrayPhoto(_photo(1, name="c"), "1 b.jpg", NOON + timedelta(minutes=2)),
        TrayPhoto(_photo(1, name="d"), "1 a.jpg", NOON + timedelta(minutes=1)),
        TrayPhoto(_photo(0, name="e"), "at an item.jpg", NOON),
    ]
    inspection = draft(small_form())
    inspection = replace(inspection, photos=(PhotoLink(A1, tray[4].photo, 0), PhotoLink(B1, tray[4].photo, 0)))
    assert [one.name for one in unplaced(tray, inspection)] == ["1 a.jpg", "1 b.jpg", "3.jpg", "5.jpg"]
    assert items_with(inspection, tray[4].photo.original) == (A1, B1)
    assert items_with(inspection, tray[0].photo.original) == ()
    assert len(unplaced(tray, replace(inspection, photos=()))) == 5


@pytest.mark.parametrize(
    ("minute", "answers", "item", "way"),
    [
        (0, {"A_1": 2, "A_2": -3}, A1, 2),
        (0, {"A_1": 9, "A_2": -3}, A2, -3),
        (0, {"A_1": -4, "A_2": 4}, A2, 4),
        (0, {"A_1": 30.0}, A1, 30),
        (0, {"A_1": 30.1, "A_2": -31}, None, 0),
        (0, {}, None, 0),
    ],
)
def test_the_nearest_answer_is_proposed(minute: int, answers: dict[str, float], item: ItemId | None, way: int) -> None:
    found = proposed(_photo(minute), _answered(**answers))
    if item is None:
        assert found is None
    else:
        assert found is not None
        assert (found.item, found.way, found.clock) == (item, timedelta(minutes=way), CaptureClock.CAMERA)


def test_a_proposal_says_whose_clock_it_rests_on_and_rests_on_none_that_says_nothing() -> None:
    found = proposed(_photo(0, CaptureClock.FILE), _answered(A_1=1))
    assert found is not None
    assert found.clock is CaptureClock.FILE
    assert proposed(_photo(0, CaptureClock.LAPTOP), _answered(A_1=1)) is None
    assert proposed(_photo(0, None), _answered(A_1=1)) is None


def test_only_a_cameras_clock_is_doubted_and_only_by_more_than_a_day() -> None:
    def off(days: int, clock: CaptureClock | None = CaptureClock.CAMERA) -> int:
        return days_off(_photo(days * 24 * 60, clock), TODAY)

    assert [off(days) for days in (-400, -2, -1, 0, 1, 2)] == [-400, -2, 0, 0, 0, 2]
    assert off(-9, CaptureClock.FILE) == off(-9, CaptureClock.LAPTOP) == off(0, None) == 0
    at_night = replace(_photo(), taken_at=datetime.combine(TODAY + timedelta(days=1), NOON.timetz()))
    assert days_off(at_night, TODAY) == 0


def test_limits() -> None:
    assert is_large(replace(_photo(), size=20_000_001))
    assert not is_large(replace(_photo(), size=20_000_000))
    assert has_room(200_000_000)
    assert not has_room(199_999_999)
