"""Photos that came in without an item: what waits in the tray, in which order, and where each most likely belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Answer, CaptureClock, Inspection, Photo, Sha256

PICTURES = ("jpg", "jpeg", "png", "heic", "heif", "webp", "tif", "tiff", "bmp")
"""The endings that files with pictures have."""
LARGE_PHOTO = 20_000_000
"""Bytes of an original above which its size is said when it comes in."""
LEAST_FREE = 200_000_000
"""Bytes that must be free on the disk before a photo comes in: text goes on being saved in what is left."""
LONGEST_WAY = timedelta(minutes=30)
"""Further from its capture an answer says nothing about a photo."""
MOST_DAYS_OFF = 1
"""A camera's day may differ so much from the inspection's before its clock is doubted."""


@dataclass(frozen=True, slots=True)
class TrayPhoto:
    """A photo of a draft that came in without an item. `name` is what its file was called."""

    photo: Photo
    name: str
    came_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """The item whose answer was given nearest to the capture: `way` after it, negative when before. `clock` said when
    the photo was taken; answers are dated by this computer's."""

    item: ItemId
    way: timedelta
    clock: CaptureClock


def unplaced(tray: Iterable[TrayPhoto], inspection: Inspection) -> tuple[TrayPhoto, ...]:
    """What is at no item yet, by the time it was taken, of equals as they came in. A photo that is taken away from its
    item is here again."""
    placed = {link.photo.original for link in inspection.photos}
    left = [one for one in tray if one.photo.original not in placed]
    return tuple(sorted(left, key=lambda one: (one.photo.taken_at or one.came_at, one.came_at)))


def proposed(photo: Photo, answers: Mapping[ItemId, Answer]) -> Proposal | None:
    """Where a photo most likely belongs; None when nothing was answered within half an hour of its capture, and for one
    that is dated by the moment it came in. Of two that are equally near the later answer is it: first the picture,
    then the verdict."""
    taken, clock = photo.taken_at, photo.taken_by_clock
    if taken is None or clock is None or clock is CaptureClock.LAPTOP or not answers:
        return None
    nearest = min(answers.values(), key=lambda a: (abs(a.answered_at - taken), a.answered_at < taken, a.item))
    way = nearest.answered_at - taken
    return Proposal(nearest.item, way, clock) if abs(way) <= LONGEST_WAY else None


def days_off(photo: Photo, inspected_on: date) -> int:
    """By how many days the camera's clock is off from the inspection's day, negative when it is behind; 0 when that may
    well be."""
    if photo.taken_at is None or photo.taken_by_clock is not CaptureClock.CAMERA:
        return 0
    days = (photo.taken_at.date() - inspected_on).days
    return days if abs(days) > MOST_DAYS_OFF else 0


def items_with(inspection: Inspection, original: Sha256) -> tuple[ItemId, ...]:
    """Where in the draft a picture stands."""
    return tuple(dict.fromkeys(link.item for link in inspection.photos if link.photo.original == original))


def is_large(photo: Photo) -> bool:
    """Whether the size of its original is worth a word."""
    return photo.size > LARGE_PHOTO


def has_room(free: int) -> bool:
    """Whether photos may still come in with so many bytes free on the disk."""
    return free >= LEAST_FREE
