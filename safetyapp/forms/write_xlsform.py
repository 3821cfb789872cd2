"""A form as an XLSForm workbook that pyxform takes: what XLSForm cannot say stands in further columns, or is named.

A value out of its limits has to be written down, so limits become words in the hint and no constraint. What a school is
asked for by an expression (`${school.boarding}`) becomes a question of its own at the beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, LimitCase, Limits, Reading
from safetyapp.domain.form import ALWAYS, Form, Item, PhotoRule, RowSource, Section
from safetyapp.domain.words import NO_WORDS, Words
from safetyapp.forms.write_xlsform_rows import (
    SURVEY_COLUMNS,
    both,
    choice_rows,
    fact_rows,
    further,
    limits_in_words,
)
from safetyapp.forms.xlsform_kinds import within_ends

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Row = dict[str, Any]
Lost = tuple[str, str]
"""Where, and what of it XLSForm does not say."""

_TYPES = {
    AnswerKind.TEXT: "text",
    AnswerKind.BARCODE: "barcode",
    AnswerKind.INTEGER: "integer",
    AnswerKind.DECIMAL: "decimal",
    AnswerKind.RANGE: "range",
    AnswerKind.SCORE: "decimal",
    AnswerKind.DURATION: "decimal",
    AnswerKind.DATE: "date",
    AnswerKind.TIME: "time",
    AnswerKind.DATETIME: "dateTime",
    AnswerKind.POSITION: "geopoint",
    AnswerKind.TRACE: "geotrace",
    AnswerKind.SHAPE: "geoshape",
    AnswerKind.PHOTO: "image",
    AnswerKind.AUDIO: "audio",
    AnswerKind.VIDEO: "video",
    AnswerKind.FILE: "file",
    AnswerKind.SIGNATURE: "image",
    AnswerKind.ACKNOWLEDGE: "acknowledge",
    AnswerKind.NOTE: "note",
    AnswerKind.CALCULATION: "calculate",
    AnswerKind.CONFORMITY: "select_one",
    AnswerKind.CHOICE: "select_one",
    AnswerKind.CHOICES: "select_multiple",
    AnswerKind.RANK: "rank",
}
_FINDING = Words("发现的问题", "What was found")
_PHOTO = Words("照片", "Photo")
_SECONDS = Words("单位：秒", "In seconds")


def write_xlsform(form: Form) -> tuple[bytes, list[Lost]]:
    """The workbook (.xlsx), and what of the form it does not say."""
    import openpyxl

    writer = _Writer(form)
    survey = list(writer.rows())
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    _fill(sheet, SURVEY_COLUMNS, survey)
    columns, choices = choice_rows(form, writer.lists)
    if choices:
        _fill(book.create_sheet("choices"), columns, choices)
    settings = {
        "form_title": form.title.zh,
        "form_id": str(form.id),
        "version": form.version,
        "default_language": "中文 (zh)",
    }
    _fill(book.create_sheet("settings"), tuple(settings), [settings])
    documents = [
        {"id": d.id, "title": d.title, "number": d.number, "in_force": d.in_force and d.in_force.isoformat()}
        for d in form.documents
    ]
    if documents:  # a sheet whose name begins so is passed over by pyxform
        _fill(book.create_sheet("_documents"), ("id", "title", "number", "in_force"), documents)
    out = BytesIO()
    book.save(out)
    return out.getvalue(), list(dict.fromkeys(writer.lost))


def _fill(sheet: Worksheet, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Writes what is used of the columns; every text as a text, also one that begins like a formula."""
    used = [c for c in columns if any(row.get(c) for row in rows)] or list(columns[:3])
    for number, row in enumerate([dict(zip(used, used, strict=True)), *rows], start=1):
        for place, column in enumerate(used, start=1):
            if text := row.get(column):
                cell = sheet.cell(number, place)
                cell.value = _printable(str(text))
                cell.data_type = "s"


def _printable(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)[:32_000]


@dataclass(slots=True)
class _Writer:
    form: Form
    lost: list[Lost] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)
    """The names of the lists in the workbook by their ids; "" is that of 合格, 不合格, 不适用."""
    names: set[str] = field(default_factory=set)
    kinds: dict[str, AnswerKind] = field(default_factory=dict)

    def rows(self) -> Iterator[Row]:
        form = self.form
        self.names = {s.id for s in form.sections} | {i.id for i in form.every_item()}
        self.kinds = {i.id: i.answer.kind for i in form.every_item()}
        for part in ("description", "due", "scoring"):
            if getattr(form, part) not in ((), None, NO_WORDS):
                self.lost.append(("form", part))
        yield from fact_rows(form)
        for section in form.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[Row]:
        yield {"type": "begin_group", "name": section.id, **both("label", section.title), "relevant": section.when}
        yield from self._items(section.items)
        yield {"type": "end_group"}

    def _items(self, items: tuple[Item, ...]) -> Iterator[Row]:
        for item in items:
            match item.answer.kind:
                case AnswerKind.GROUP:
                    yield {"type": "begin_group", **self._common(item)}
                    yield from self._items(item.items)
                    yield {"type": "end_group"}
                case AnswerKind.TABLE:
                    yield from self._table(item)
                case _:
                    yield from self._question(item)

    def _table(self, item: Item) -> Iterator[Row]:
        rows = item.rows
        fixed = str(len(rows.fixed)) if rows.fixed else ""
        if rows.source is RowSource.ROSTER or any(i.roster for i in item.items):
            self.lost.append((item.id, "roster"))
        for part, value in (("fixed rows", rows.fixed), ("rows.min", rows.minimum), ("rows.max", rows.maximum)):
            if value:
                self.lost.append((item.id, part))
        yield {"type": "begin_repeat", **self._common(item), "repeat_count": rows.count or fixed}
        yield from self._items(item.items)
        yield {"type": "end_repeat"}

    def _common(self, item: Item) -> Row:
        """What questions, groups and tables have alike."""
        row: Row = {
            "name": str(item.id),
            **both("label", item.question),
            **both("hint", item.hint),
            **both("guidance_hint", item.method),
            "relevant": item.when,
            "appearance": item.appearance,
            **further(item, self.form),
        }
        for media in item.media:
            key = f"media::{media.kind}"
            if key in row or media.caption != NO_WORDS:
                self.lost.append((item.id, f"media {media.file}"))
            row.setdefault(key, media.file)
        return row

    def _question(self, item: Item) -> Iterator[Row]:
        answer, kind = item.answer, item.answer.kind
        row = self._common(item)
        is_asked = kind.is_asked
        row["type"] = self._type(item)
        row["required"] = "yes" if item.required == ALWAYS and not item.read_only else item.required
        if item.required == ALWAYS and item.read_only:
            row["required"] = ""
        row |= both("required_message", item.required_message) | both("constraint_message", item.constraint_message)
        row["constraint"] = _constraint(item) if is_asked else ""
        row["calculation"] = item.calculate
        row["trigger"] = f"${{{item.trigger}}}" if self._can_trigger(item) else ""
        row["default"] = item.default
        row["readonly"] = "yes" if item.read_only else ""
        row["choice_filter"] = item.choice_filter
        if kind is AnswerKind.RANGE:
            row["parameters"] = _range(answer)
        if kind is AnswerKind.SIGNATURE and "signature" not in item.appearance.split():
            row["appearance"] = f"signature {item.appearance}".strip()
        if not is_asked:
            row["required"] = ""
        self._tell(row, item.question, item.hint, answer.unit, answer.limits, kind)
        for case in answer.cases:
            self.lost.append((item.id, f"case {case.id}"))
        if _is_limited(answer) or item.least or item.most:
            self.lost.append((item.id, "judging by limits"))
        yield row
        yield from self._beside(item)

    def _can_trigger(self, item: Item) -> bool:
        """Whether people see what triggers it: XLSForm takes no others."""
        if not item.trigger:
            return False
        kind = self.kinds.get(item.trigger)
        if kind is None or kind is AnswerKind.TABLE or not (kind.is_asked or kind is AnswerKind.NOTE):
            self.lost.append((item.id, "trigger"))
            return False
        return True

    def _tell(self, row: Row, question: Words, hint: Words, unit: Words, limits: Limits, kind: AnswerKind) -> None:
        """Unit and limits as words in the hint; a question without words is called by its name."""
        told = [hint] if hint.zh else []
        if kind is AnswerKind.DURATION:
            told.append(_SECONDS)
        if kind not in (AnswerKind.RANGE, AnswerKind.SCORE):
            words = limits_in_words(limits, unit)
            told += [words] if words.zh else []
        row |= both("hint", Words("；".join(w.zh for w in told), "; ".join(w.en or w.zh for w in told)))
        if not _printable(question.zh).strip() and kind is not AnswerKind.CALCULATION:
            row |= both("label", Words(row["name"]))

    def _type(self, item: Item) -> str:
        kind = item.answer.kind
        if kind is not AnswerKind.CONFORMITY and not kind.is_choice:
            return _TYPES[kind]
        list_id = "" if kind is AnswerKind.CONFORMITY else item.answer.choice_list
        name = self._list(list_id)
        if not item.answer.other:
            return f"{_TYPES[kind]} {name}"
        if item.choice_filter or kind is AnswerKind.RANK:
            self.lost.append((item.id, "other"))
            return f"{_TYPES[kind]} {name}"
        return f"{_TYPES[kind]} {name} or_other"

    def _list(self, list_id: str) -> str:
        if list_id not in self.lists:
            plain = list_id.replace(".", "_") or "conformity"
            while plain in self.lists.values():
                plain += "_"
            self.lists[list_id] = plain
        return self.lists[list_id]

    def _beside(self, item: Item) -> Iterator[Row]:
        """Readings, and at an item that is judged the finding and its photo, as questions of their own."""
        for reading in item.answer.readings:
            yield self._reading(item, reading)
        fails = f"${{{item.id}}} = 'fail'"
        if item.answer.kind is AnswerKind.CONFORMITY:
            name = self._free(f"{item.id}.finding")
            yield {"type": "text", "name": name, **both("label", _FINDING), "relevant": fails, "required": "yes"}
        asks = item.answer.kind is AnswerKind.CONFORMITY or item.photo is PhotoRule.ALWAYS
        if item.photo is not PhotoRule.NONE and asks:
            when = fails if item.photo is PhotoRule.ON_FAIL else ""
            row = {"type": "image", "name": self._free(f"{item.id}.photo"), **both("label", _PHOTO), "relevant": when}
            yield row | both("hint", item.photo_note)
        elif item.photo is not PhotoRule.NONE:
            self.lost.append((item.id, "photo"))

    def _reading(self, item: Item, reading: Reading) -> Row:
        row: Row = {"name": f"{item.id}.{reading.id}", **both("label", reading.label)}
        kind = reading.kind
        row["type"] = f"{_TYPES[kind]} {self._list(reading.choice_list)}" if kind.is_choice else _TYPES[kind]
        if kind.is_number and not reading.signed:
            row["constraint"] = ". >= 0"
        row["required"] = f"${{{item.id}}} != ''" if reading.required else ""
        self._tell(row, reading.label, NO_WORDS, reading.unit, reading.limits, kind)
        if reading.limits != Limits():
            self.lost.append((row["name"], "judging by limits"))
        return row

    def _free(self, wanted: str) -> str:
        while wanted in self.names:
            wanted += "_"
        self.names.add(wanted)
        return wanted


def _is_limited(answer: AnswerSpec) -> bool:
    plain: tuple[LimitCase, ...] = answer.cases
    return answer.kind not in (AnswerKind.RANGE, AnswerKind.SCORE) and (answer.limits != Limits() or bool(plain))


def _constraint(item: Item) -> str:
    """The item's own constraint, with what our answers keep anyway: no numbers below zero, no days ahead, no more
    points than there are, no longer texts."""
    answer = item.answer
    rules: list[str] = []
    if answer.kind is AnswerKind.SCORE:
        most = answer.limits.maximum
        rules += [". >= 0", *([f". <= {most}"] if most is not None else [])]
    elif answer.kind.is_number and answer.kind is not AnswerKind.RANGE and not answer.signed:
        rules.append(". >= 0")
    if answer.kind is AnswerKind.DATE and not (answer.future or answer.limits.not_expired):
        rules.append(". <= today()")
    if answer.max_length is not None:
        rules.append(f"string-length(.) <= {answer.max_length}")
    own = _without_ends(item)
    if own:
        rules.append(f"({own})" if rules else own)
    return " and ".join(rules)


def _without_ends(item: Item) -> str:
    """The item's constraint without the ends of a range, which its parameters say."""
    low, high = item.answer.limits.minimum, item.answer.limits.maximum
    if item.answer.kind is not AnswerKind.RANGE or low is None or high is None:
        return item.constraint
    ends = within_ends(low, high)
    if item.constraint == ends:
        return ""
    rest = item.constraint.removeprefix(f"{ends} and (")
    return rest.removesuffix(")") if rest != item.constraint and rest.endswith(")") else item.constraint


def _range(answer: AnswerSpec) -> str:
    low, high = answer.limits.minimum, answer.limits.maximum
    return f"start={low or 0} end={high if high is not None else 10} step={answer.step or 1}"
