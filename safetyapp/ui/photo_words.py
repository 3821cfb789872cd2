"""How a photo is spoken of: when it was taken and by which clock, where it also stands, how it came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Inspection, Photo
from safetyapp.domain.photo_tray import Proposal, days_off, items_with
from safetyapp.texts import Texts

TRAY = "#tray"
"""Leads to the tray where an item's address leads to an item."""
MOST_NAMES = 3
"""Names that one sentence holds."""


def captured(texts: Texts, photo: Photo, inspected_on: date) -> str:
    """11-24 14:32（相机时钟）; with the year where that is another than the inspection's."""
    at, clock = photo.taken_at, photo.taken_by_clock
    if at is None or clock is None:
        return texts.say("photos.no_time")
    day = f"{at:%m-%d}" if at.year == inspected_on.year else f"{at:%Y-%m-%d}"
    return texts.say("photos.taken", time=f"{day} {at:%H:%M}", clock=texts.say(f"photos.clock.{clock.value}"))


def doubt(texts: Texts, photos: Sequence[Photo], inspected_on: date) -> str:
    """By how far the camera's clock is off, of the one that is furthest; empty when none is in doubt."""
    days = max((days_off(photo, inspected_on) for photo in photos), key=abs, default=0)
    if not days:
        return ""
    return texts.say("photos.doubt.behind" if days < 0 else "photos.doubt.ahead", n=abs(days))


def also_at(texts: Texts, photo: Photo, inspection: Inspection, but: ItemId | None = None) -> str:
    """也在 F-12; empty when the picture stands nowhere else in the draft."""
    items = [item for item in items_with(inspection, photo.original) if item != but]
    return texts.say("photos.duplicate", items=listed(texts, items)) if items else ""


def facts(texts: Texts, photo: Photo, inspection: Inspection, but: ItemId | None = None) -> str:
    """All that is said beside a photo's name."""
    on = inspection.inspected_on
    parts = (captured(texts, photo, on), doubt(texts, [photo], on), also_at(texts, photo, inspection, but))
    return texts.say("photos.facts_joint").join(part for part in parts if part)


def proposal_text(texts: Texts, found: Proposal | None) -> str:
    """→ F-12 拍后 2 分钟答的（按相机时钟）."""
    if found is None:
        return texts.say("photos.proposal.none")
    minutes = round(found.way.total_seconds() / 60)
    way = "same" if minutes == 0 else "after" if minutes > 0 else "before"
    what = texts.say(f"photos.proposal.{way}", item=found.item, n=abs(minutes))
    return texts.say("photos.proposal.clock", what=what, clock=texts.say(f"photos.clock.{found.clock.value}"))


def listed(texts: Texts, names: Sequence[str]) -> str:
    """Some names in one sentence; what is more is left to a list."""
    said = texts.say("photos.items_joint").join(names[:MOST_NAMES])
    return texts.say("photos.refused.more", names=said) if len(names) > MOST_NAMES else said


def came_in(
    texts: Texts, there: Sequence[str], elsewhere: Mapping[str, Sequence[ItemId]], large: Sequence[tuple[str, int]]
) -> str:
    """What is worth saying of a batch: what was here already, what also stands elsewhere, what is large."""
    say, told = texts.say, []
    if there:
        told.append(say(f"photos.came.there_{_count(there)}", name=there[0], n=len(there)))
    if elsewhere:
        items = sorted({item for at in elsewhere.values() for item in at})
        name = next(iter(elsewhere))
        key = f"photos.came.elsewhere_{_count(elsewhere)}"
        told.append(say(key, name=name, n=len(elsewhere), items=listed(texts, items)))
    if large:
        name, size = large[0]
        megabytes = f"{size / 1_000_000:.0f} MB"
        told.append(say(f"photos.came.large_{_count(large)}", name=name, size=megabytes, n=len(large)))
    return say("photos.sentence_joint").join(told)


def _count(things: Sequence[object] | Mapping[str, object]) -> str:
    return "one" if len(things) == 1 else "many"
