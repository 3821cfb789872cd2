"""Words, days and values as a document prints them: in Chinese, whatever the screen's language."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.inspection import PhotoLink
from safetyapp.domain.record import Record, RecordedFinding
from safetyapp.texts import Texts

_TEXTS = Texts("zh")


def say(key: str, **facts: object) -> str:
    """A sentence of documents.toml."""
    return _TEXTS.say(f"documents.{key}", **facts)


def day(value: date) -> str:
    """2026年11月4日: Arabic figures, no leading zero."""
    return say("date", year=value.year, month=value.month, day=value.day)


def short_day(value: date, beside: date) -> str:
    """11月4日, with its year where that is not the year of `beside`."""
    if value.year != beside.year:
        return day(value)
    return say("short_date", month=value.month, day=value.day)


def clock_time(value: datetime) -> str:
    return f"{value:%H:%M}"


def deadline(finding: RecordedFinding, record: Record) -> str:
    """期限 in the short table."""
    if finding.fixed_on_spot:
        return say("findings.fixed")
    if finding.deadline <= record.inspected_on:
        return say("findings.at_once")
    return short_day(finding.deadline, record.inspected_on)


def long_deadline(finding: RecordedFinding, record: Record) -> str:
    """期限 as a sentence."""
    if finding.fixed_on_spot:
        return say("detail.fixed", date=day(record.inspected_on))
    if finding.deadline <= record.inspected_on:
        return say("detail.at_once", date=day(finding.deadline))
    return say("detail.before", date=day(finding.deadline))


def repeats(finding: RecordedFinding) -> str:
    """复发: which finding of which document it was before."""
    document, _, earlier = finding.repeats.rpartition("/")
    if not finding.repeats:
        return ""
    return say("detail.again", number=earlier, document=document or finding.repeats)


def record_hash(record: AnyRecord) -> str:
    """SHA-256 of the record's canonical JSON, hex."""
    return hashlib.sha256(canonical_json(record)).hexdigest()


def fingerprint(sha256: str) -> str:
    """7F3A 91C0 5E2B 44D8: the first 16 digits, for reading aloud."""
    head = sha256[:16].upper()
    return " ".join(head[at : at + 4] for at in range(0, 16, 4))


def caption(link: PhotoLink, number: int, beside: date, stage: str = "") -> str:
    """照片3 改后　量净宽　14:27（相机时间）　17aa09f3."""
    photo = link.photo
    if photo.taken_at is None or photo.taken_by_clock is None:
        when = say("photo.no_time")
    else:
        taken = photo.taken_at
        time = clock_time(taken)
        if taken.date() != beside:
            time = f"{short_day(taken.date(), beside)} {time}"
        when = say("photo.time", time=time, clock=say(f"photo.{photo.taken_by_clock.value}"))
    name = say("photo.number", number=number) + (f" {stage}" if stage else "")
    return "　".join(part for part in (name, link.caption.strip(), edited(link), when, photo.original[:8]) if part)


def edited(link: PhotoLink) -> str:
    """已打码、已标注: what was done to the copy that is printed; empty for a photo as it was taken, or only turned."""
    marks = link.marks
    if marks is None:
        return ""
    done = (("hidden", marks.hides), ("drawn", marks.draws), ("cropped", marks.crop is not None))
    return say("names").join(say(f"photo.{key}") for key, is_so in done if is_so)


def photo_names(numbers: Iterable[int]) -> str:
    """照片1、照片4至9: photos by their numbers, three and more in a row by the first and the last."""
    runs: list[list[int]] = []
    for number in dict.fromkeys(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts: list[str] = []
    for run in runs:
        if len(run) > 2:
            parts.append(say("photo.range", first=run[0], last=run[-1]))
        else:
            parts += [say("photo.number", number=number) for number in run]
    return say("names").join(parts)


def code_points(characters: Collection[str]) -> str:
    """U+E000 U+1F525: characters that have no shape here, by their numbers."""
    return " ".join(f"U+{ord(character):04X}" for character in sorted(characters))
