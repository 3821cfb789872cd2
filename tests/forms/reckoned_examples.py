"""Small forms with expressions, inspections of them, and one way to ask what an expression comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Choice, ChoiceList, Reading
from safetyapp.domain.form import Form, FormId, Item, ItemId, Section, with_address
from safetyapp.domain.inspection import Answer, FormRef, Inspection, InspectionId, ReadingValue
from safetyapp.domain.reckoned import Reckoned
from safetyapp.domain.school import Person, PersonId, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.domain.words import Words
from safetyapp.forms.reckon import make_reckoner

CHINA = timezone(timedelta(hours=8))
STARTED = datetime(2026, 11, 5, 9, 0, tzinfo=CHINA)
KIND = AnswerKind

COLOURS = ChoiceList(
    "colours",
    (
        Choice("red", Words("红", "Red"), columns=(("warm", "yes"),)),
        Choice("green", Words("绿", "Green"), columns=(("warm", "no"),)),
        Choice("blue", Words("蓝"), columns=(("warm", "no"),)),
    ),
)
SCHOOL = School(
    SchoolId("s1"),
    "实验小学",
    SchoolKind.PRIMARY,
    students=860,
    has=frozenset({SchoolFact.CANTEEN}),
    lacks=frozenset({SchoolFact.BOARDING}),
)


def item(item_id: str, kind: AnswerKind = KIND.TEXT, question: str = "？", **more: Any) -> Item:
    spec = {k: more.pop(k) for k in ("choice_list", "readings", "signed", "other", "future") if k in more}
    words = more.pop("words", Words(question))
    return Item(ItemId(item_id), words, answer=AnswerSpec(kind, **spec), **more)


def calculated(item_id: str, expression: str, kind: AnswerKind = KIND.CALCULATION, **more: Any) -> Item:
    return item(item_id, kind, calculate=expression, **more)


def table(item_id: str, *columns: Item, **more: Any) -> Item:
    return item(item_id, KIND.TABLE, items=columns, **more)


def group(item_id: str, *members: Item, **more: Any) -> Item:
    return item(item_id, KIND.GROUP, items=members, **more)


def form(*items: Item, choices: tuple[ChoiceList, ...] = (COLOURS,), when: str = "") -> Form:
    section = Section("main", Words("主"), items, when)
    return with_address(Form(FormId("f"), "3", Words("表"), "fire", (), (section,), choices=choices))


def inspection(of: Form, answers: Mapping[str, str] | None = None, **more: Any) -> Inspection:
    given = {ItemId(k): Answer(ItemId(k), v, STARTED) for k, v in (answers or {}).items()}
    return Inspection(
        InspectionId("i-1"),
        FormRef(of.id, of.version, of.sha256),
        more.pop("school", SCHOOL),
        STARTED,
        date(2026, 11, 5),
        Person(PersonId("p"), "王检"),
        answers=given,
        **more,
    )


def reckoned(of: Form, answers: Mapping[str, str] | None = None, **more: Any) -> Reckoned:
    return make_reckoner()(of, inspection(of, answers, **more), None, frozenset())


ANSWERS = {
    "word": "hello world",
    "number": "7",
    "half": "2.50",
    "day": "2012-07-24",
    "moment": "2012-07-24T14:30+08:00",
    "clock": "08:05",
    "colours": "red green",
    "colour": "red",
    "yes": "yes",
    "judged": "na",
    "unknown": "na",
    "here": "7.9377 -11.5845",
    "read": "pass",
    "t": "1 3 2",
    **{f"n@{row}": value for row, value in (("1", "10"), ("3", "30"), ("2", "5"))},
    "who@1": "Li",
}


def question_form(expression: str) -> Form:
    """One of everything, and `result`, which is calculated."""
    return form(
        item("word"),
        item("empty"),
        item("number", KIND.INTEGER),
        item("half", KIND.DECIMAL),
        item("day", KIND.DATE),
        item("moment", KIND.DATETIME),
        item("clock", KIND.TIME),
        item("colours", KIND.CHOICES, choice_list="colours"),
        item("colour", KIND.CHOICE, choice_list="colours"),
        item("yes"),
        item("judged", KIND.CONFORMITY),
        item("unknown", KIND.INTEGER),
        item("here", KIND.POSITION),
        item("read", KIND.CONFORMITY, readings=(Reading("depth", Words("深"), KIND.DECIMAL),)),
        item("picture", KIND.PHOTO),
        table("t", item("n", KIND.INTEGER), item("who")),
        group("g", item("inner"), when="${number} > 100"),
        calculated("result", expression),
    )


def value(expression: str, answers: Mapping[str, str] | None = None) -> str:
    """What an expression comes to with ANSWERS (and these)."""
    of = question_form(expression)
    looked = inspection(of, {**ANSWERS, **(answers or {})})
    read = looked.answers[ItemId("read")]
    looked = looked.with_answer(
        Answer(read.item, read.value, read.answered_at, readings=(ReadingValue("depth", "1.25"),))
    )
    return make_reckoner()(of, looked, None, frozenset()).calculated[ItemId("result")]
