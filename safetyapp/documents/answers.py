"""Answers as a document prints them: every kind readable, in Chinese, whatever the screen's language."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from safetyapp.documents.entries import Entry, Filled
from safetyapp.documents.pages_photos import print_key
from safetyapp.documents.wording import day, photo_names, say
from safetyapp.domain.address import rows_of
from safetyapp.domain.answer_kinds import OTHER, AnswerKind, AnswerSpec, Outcome, Reading
from safetyapp.domain.form import Item
from safetyapp.domain.record import RecordedFinding
from safetyapp.domain.words import Words


def words(text: Words) -> str:
    """Chinese, or, where nobody has written it in Chinese, English."""
    return text.zh or text.en


_QUOTED = re.compile(r"\$\{([^}]*)\}")


def question(filled: Filled, item: Item, rows: tuple[str, ...] = ()) -> str:
    """The question, with the answers that it quotes; an item without one goes by its id."""
    text = words(item.question).strip() or str(item.id)
    return text if "${" not in text else _QUOTED.sub(lambda m: _quoted(filled, m.group(1).strip(), rows), text)


def _quoted(filled: Filled, name: str, rows: tuple[str, ...]) -> str:
    item = filled.item(name)
    if item is None or item.answer.kind.has_items:
        return ""
    for depth in range(len(rows), -1, -1):  # the same row first, then those around it
        entry = filled.entry(item, rows[:depth])
        if entry.answer or entry.calculated:
            return value(filled, entry, unit=False)
    return ""


def question_of(filled: Filled, finding: RecordedFinding) -> str:
    """The question that a finding belongs to."""
    item = filled.item(finding.item)
    if item is None or (finding.question.strip() and "${" not in finding.question):
        return finding.question
    return question(filled, item, rows_of(finding.item))


def row_words(filled: Filled, address: str) -> str:
    """班级疏散登记 第2行（三年级1班）: where an address stands in its table; empty outside of tables."""
    table, rows = filled.table_of(address), rows_of(address)
    if table is None or not rows:
        return ""
    ids = filled.entry(table, rows[:-1]).row_ids
    place = ids.index(rows[-1]) + 1 if rows[-1] in ids else rows[-1]
    name = row_name(filled, table, rows)
    inside = row_words(filled, table.id + "@" + ".".join(rows[:-1])) if len(rows) > 1 else ""
    here = say("items.row", table=question(filled, table, rows[:-1]), n=place)
    return say("list").join(part for part in (inside, here + (say("items.named", name=name) if name else "")) if part)


def row_name(filled: Filled, table: Item, rows: tuple[str, ...]) -> str:
    """What stands in the first column that has words."""
    texts = (AnswerKind.TEXT, AnswerKind.CHOICE, AnswerKind.BARCODE)
    for entry in filled.row(table, rows):
        if entry.kind in texts and entry.answer:
            return " ".join(value(filled, entry).split())[:40]
    return ""


def value(filled: Filled, entry: Entry, unit: bool = True) -> str:
    """What stands at a place, without what it came to: 0.07 MPa, 1分30秒, 是、否, 照片3."""
    item = entry.item
    spec, answer = item.answer, entry.answer
    if answer is None:
        if entry.calculated:
            return _number(entry.calculated, words(spec.unit) if unit else "")
        return photos(filled, entry)
    if spec.kind is AnswerKind.CONFORMITY:
        return ""
    if spec.kind is AnswerKind.TABLE:
        return say("items.rows", n=len(entry.row_ids))
    if spec.kind.is_choice:
        return _choices(filled, spec, answer.value, answer.note)
    if spec.kind.is_file:
        return _file(filled, answer.value)
    return shown(spec, answer.value, unit)


def remarks(filled: Filled, entry: Entry) -> list[str]:
    """What stands beside the value: readings, the case of the limits, the note, photos of the item."""
    answer, spec = entry.answer, entry.item.answer
    parts: list[str] = []
    if answer is not None:
        known = {r.id: r for r in spec.readings}
        parts += [_reading(filled, known.get(reading), reading, text) for reading, text in answer.readings]
        case = next((c for c in spec.cases if c.id == answer.case), None)
        if case is not None:
            parts.append(say("items.case", label=words(case.label)))
        told = spec.other and OTHER in answer.value.split()  # the note is the words of 其他, and stands there
        if answer.note.strip() and not told:
            parts.append(answer.note.strip())
        if spec.kind is not AnswerKind.PHOTO and (taken := photos(filled, entry)):
            parts.append(taken)
    return parts


def photos(filled: Filled, entry: Entry) -> str:
    """照片1、照片4至9."""
    numbers = [filled.numbers[key] for key in map(print_key, entry.photos) if key in filled.numbers]
    return photo_names(numbers)


def outcome(entry: Entry) -> str:
    """合格, 不合格, 不适用; empty where there was nothing to judge."""
    if entry.answer is None or entry.answer.outcome is Outcome.NOTED:
        return ""
    return say(f"items.{entry.answer.outcome.value}")


def told(filled: Filled, entry: Entry) -> str:
    """Value and remarks in one."""
    parts = [value(filled, entry), *remarks(filled, entry)]
    return say("list").join(part for part in parts if part)


def in_cell(filled: Filled, entry: Entry) -> str:
    """What a table's cell says: the unit stands in the column's head, a mark only where something fails."""
    if entry.skip is not None:
        return say("items.closed")
    parts = [value(filled, entry, unit=False), *remarks(filled, entry)]
    came_to = outcome(entry)
    if came_to and (entry.kind is AnswerKind.CONFORMITY or entry.outcome is Outcome.FAIL):
        parts.insert(0, came_to)
    return say("list").join(part for part in parts if part)


def _reading(filled: Filled, reading: Reading | None, name: str, text: str) -> str:
    if reading is None:
        return say("items.reading", label=name, value=text, unit="")
    if reading.kind.is_choice:
        said = _choices(filled, AnswerSpec(reading.kind, choice_list=reading.choice_list), text, "")
    else:
        said = shown(AnswerSpec(reading.kind), text)
    return say("items.reading", label=words(reading.label), value=said, unit=_spaced(words(reading.unit)))


def shown(spec: AnswerSpec, text: str, unit: bool = True) -> str:
    """A kept text as it is read aloud; one that is none of its kind's is printed as it stands."""
    try:
        return _shown(spec, text, unit)
    except (ValueError, ArithmeticError, IndexError):
        return text


def _shown(spec: AnswerSpec, text: str, unit: bool) -> str:
    kind = spec.kind
    if kind in (AnswerKind.TEXT, AnswerKind.BARCODE):
        return text
    if text == Outcome.NA:
        return say("items.na")
    match kind:
        case AnswerKind.ACKNOWLEDGE:
            return say("items.acknowledged")
        case AnswerKind.DURATION:
            return duration(Decimal(text))
        case AnswerKind.DATE:
            return day(date.fromisoformat(text))
        case AnswerKind.DATETIME:
            return _instant(datetime.fromisoformat(text))
        case AnswerKind.POSITION:
            return position(text)
        case AnswerKind.TRACE | AnswerKind.SHAPE:
            points = [position(point) for point in text.split(";")]
            return say("items.points", n=len(points), points=say("list").join(points))
        case AnswerKind.SCORE:
            most = spec.limits.maximum
            return say("items.score", value=text, most=format(most, "f")) if most is not None and unit else text
    return _number(text, words(spec.unit) if unit and kind.is_number else "")


def _number(text: str, unit: str) -> str:
    return say("items.value", value=text, unit=_spaced(unit)) if unit else text


def _spaced(unit: str) -> str:
    """Latin units keep a space from their number: 0.07 MPa, 18分钟."""
    return f" {unit}" if unit[:1].isascii() and unit[:1].isalpha() else unit


def duration(seconds: Decimal) -> str:
    """1小时2分3秒, 1分30秒, 5.5秒."""
    if not seconds.is_finite() or seconds < 0:
        raise InvalidOperation(seconds)
    whole, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(whole), 60)
    parts = [say("duration.hours", n=hours)] if hours else []
    parts += [say("duration.minutes", n=minutes)] if minutes else []
    if rest or not parts:
        parts.append(say("duration.seconds", n=_plain(rest)))
    return "".join(parts)


def _plain(number: Decimal) -> str:
    return format(number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize(), "f")


def _instant(value: datetime) -> str:
    clock = f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    offset = f"{value:%z}"
    zone = say("items.zone", zone=f"{offset[:3]}:{offset[3:5]}") if offset and offset != "+0800" else ""
    return f"{day(value.date())} {clock}{zone}"


def position(text: str) -> str:
    """北纬39.9087°，东经116.3975°，海拔44米，误差5米."""
    numbers = text.split()
    latitude, longitude = Decimal(numbers[0]), Decimal(numbers[1])
    parts = [
        say("position.north" if latitude >= 0 else "position.south", degrees=format(abs(latitude), "f")),
        say("position.east" if longitude >= 0 else "position.west", degrees=format(abs(longitude), "f")),
    ]
    if len(numbers) > 2:
        parts.append(say("position.altitude", metres=numbers[2]))
    if len(numbers) > 3:
        parts.append(say("position.accuracy", metres=numbers[3]))
    return say("comma").join(parts)


def _choices(filled: Filled, spec: AnswerSpec, text: str, note: str) -> str:
    offered = filled.form.choice_list(spec.choice_list)
    labels = []
    for number, choice_id in enumerate(text.split(), 1):
        choice = offered.choice(choice_id) if offered else None
        if choice is not None:
            label = words(choice.label) or choice_id
        elif choice_id == OTHER and spec.other:
            label = say("items.other", words=note.strip()) if note.strip() else say("items.other_bare")
        else:
            label = say("items.na") if choice_id == Outcome.NA else choice_id
        labels.append(say("items.rank", n=number, label=label) if spec.kind is AnswerKind.RANK else label)
    return say("list" if any(say("names") in label for label in labels) else "names").join(labels)


def _file(filled: Filled, text: str) -> str:
    if text == Outcome.NA:
        return say("items.na")
    sha256, _, name = text.partition("/")
    return say("items.file", name=name, size=file_size(filled.sizes.get(sha256, 0)), sha=sha256[:8])


def file_size(count: int) -> str:
    """3 字节, 2.4 KB, 1.2 MB."""
    if count < 1000:
        return say("size.bytes", n=count)
    if count < 1_000_000:
        return say("size.kilobytes", n=f"{count / 1000:.1f}")
    return say("size.megabytes", n=f"{count / 1_000_000:.1f}")


def item_id(address: str) -> str:
    """The item of an address by its id, as it is printed beside findings."""
    return address.partition("@")[0]
