"""A small form, a school and a draft, to say one rule with."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from safetyapp.domain.answer_kinds import (
    AnswerKind,
    AnswerSpec,
    Choice,
    ChoiceList,
    LimitCase,
    Limits,
    Outcome,
    Reading,
)
from safetyapp.domain.basis import Basis, LegalDocument
from safetyapp.domain.form import (
    Form,
    FormId,
    Item,
    ItemId,
    PhotoRule,
    Rows,
    RowSource,
    Section,
    Severity,
    with_address,
)
from safetyapp.domain.inspection import Answer, FormRef, Inspection, InspectionId, ReadingValue
from safetyapp.domain.reckoned import Reckoned
from safetyapp.domain.school import (
    Applies,
    Person,
    PersonId,
    School,
    SchoolClass,
    SchoolFact,
    SchoolId,
    SchoolKind,
)
from safetyapp.domain.words import Words
from safetyapp.forms.reckon import make_reckoner

BEIJING = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
TODAY = date(2026, 11, 24)
GUIDE = Basis("guide", "第三条(一)6", verified=True)
RECKON = make_reckoner()


def item(item_id: str, answer: AnswerSpec, **changes: object) -> Item:
    plain = Item(
        id=ItemId(item_id),
        question=Words(f"{item_id}是否符合？", f"Is {item_id} fine?"),
        method=Words("看"),
        answer=answer,
        basis=(Basis("law", "第二十八条", verified=True), Basis("code", "7.4", verified=False)),
        severity=Severity.GENERAL,
        reason=Words("可当场改正"),
        action=Words("立即改正"),
        days=3,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def small_form() -> Form:
    """Six items: one of each kind, one for boarding schools, one major, one that depends on another."""
    number = AnswerSpec(
        AnswerKind.DECIMAL,
        Words("米"),
        Limits(minimum=Decimal("0.90")),
        cases=(
            LimitCase(
                "kindergarten",
                Words("幼儿园"),
                Limits(minimum=Decimal("1.20")),
                (Applies(kinds=(SchoolKind.KINDERGARTEN,)),),
            ),
        ),
    )
    day = AnswerSpec(
        AnswerKind.DATE,
        cases=(
            LimitCase("powder", Words("干粉"), Limits(max_age_days=3652)),
            LimitCase("water", Words("水基"), Limits(max_age_days=2191)),
        ),
    )
    pressure = Reading("pressure", Words("末端压力"), AnswerKind.DECIMAL, Words("MPa"), Limits(minimum=Decimal("0.05")))
    choice = AnswerSpec(AnswerKind.CONFORMITY)
    return with_address(
        Form(
            id=FormId("small"),
            version="1",
            title=Words("小检查表", "Small form"),
            category="fire",
            documents=(
                LegalDocument("law", "中华人民共和国消防法", "消防法"),
                LegalDocument("code", "GB 55037-2022", "GB 55037-2022"),
                LegalDocument("guide", "教育系统重大事故隐患判定指南", "判定指南"),
                LegalDocument("old", "旧条例", "旧条例", superseded=True),
            ),
            sections=(
                Section(
                    "one",
                    Words("疏散"),
                    (
                        item("A-1", choice, photo=PhotoRule.ON_FAIL),
                        item("A-2", number),
                        item("A-3", day),
                        item("A-4", choice, applies=(Applies(has=(SchoolFact.BOARDING,)),)),
                    ),
                ),
                Section(
                    "two",
                    Words("电气"),
                    (
                        item("B-1", choice, severity=Severity.MAJOR, criterion=GUIDE, days=0),
                        item("B-2", replace(choice, readings=(pressure,)), when="${B-1} = 'fail'"),
                    ),
                ),
            ),
        )
    )


def school(**changes: object) -> School:
    plain = School(
        SchoolId("1101"), "甲子小学", SchoolKind.PRIMARY, lacks=frozenset({SchoolFact.BOARDING}), sites=("教学楼",)
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def draft(form: Form | None = None, **changes: object) -> Inspection:
    used = form or small_form()
    plain = Inspection(
        id=InspectionId("d1"),
        form=FormRef(used.id, used.version, used.sha256),
        school=school(),
        started_at=NOON,
        inspected_on=TODAY,
        inspector=Person(PersonId("p1"), "张示例"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


STATES = ChoiceList(
    "states",
    (
        Choice("good", Words("完好", "In order"), Outcome.PASS),
        Choice("worn", Words("磨损（可用）", "Worn"), Outcome.FAIL),
        Choice("none", Words("没有", "None there"), Outcome.NA),
        Choice("odd", Words("说不清", "Hard to say")),
    ),
)
CLASSES = (
    SchoolClass("一班", "教学楼101", 40, "王示例", "东侧楼梯"),
    SchoolClass("二班", "教学楼102", 38),
)


def column(item_id: str, kind: AnswerKind, **changes: object) -> Item:
    """An item with no text of its own but the question."""
    return replace(Item(ItemId(item_id), Words(item_id), answer=AnswerSpec(kind)), **changes)  # type: ignore[arg-type]


def form_of(*items: Item, **changes: object) -> Form:
    """A form with one section of these items, with the address of its content."""
    plain = Form(
        FormId("made"), "1", Words("自制表"), "other", (), (Section("only", Words("唯一"), items),), choices=(STATES,)
    )
    return with_address(replace(plain, **changes))  # type: ignore[arg-type]


def drill_form() -> Form:
    """A table of the roster's classes, a table of what each of them brought, a counted table, a fixed one, a group."""
    classes = column(
        "classes",
        AnswerKind.TABLE,
        rows=Rows(RowSource.ROSTER, minimum=1, maximum=8),
        items=(
            column("name", AnswerKind.TEXT, roster="name", read_only=True),
            column("enrolled", AnswerKind.INTEGER, roster="enrolled"),
            column("arrived", AnswerKind.INTEGER, constraint=". <= ${enrolled}", constraint_message=Words("多于应到")),
            column("short", AnswerKind.CALCULATION, calculate="${enrolled} - ${arrived}"),
            column("calm", AnswerKind.CONFORMITY, required="", days=1),
            column(
                "things",
                AnswerKind.TABLE,
                required="",
                items=(column("thing", AnswerKind.TEXT), column("count", AnswerKind.INTEGER, default="1")),
            ),
        ),
    )
    exits = column(
        "exits",
        AnswerKind.TABLE,
        rows=Rows(count="${how-many}"),
        items=(
            column("width", AnswerKind.DECIMAL, answer=AnswerSpec(AnswerKind.DECIMAL, limits=Limits(Decimal("1.4")))),
        ),
    )
    posts = column(
        "posts",
        AnswerKind.TABLE,
        rows=Rows(fixed=(Words("总指挥"), Words("疏散引导"))),
        items=(column("post", AnswerKind.TEXT, read_only=True), column("there", AnswerKind.CONFORMITY, default="pass")),
    )
    rest = column(
        "rest",
        AnswerKind.GROUP,
        when="${classes-all} != 'no'",
        items=(
            column("note", AnswerKind.TEXT, required=""),
            column("state", AnswerKind.CHOICE, answer=AnswerSpec(AnswerKind.CHOICE, choice_list="states", other=True)),
        ),
    )
    everybody = column(
        "everybody",
        AnswerKind.CONFORMITY,
        calculate="if(sum(${arrived}) < sum(${enrolled}), 'fail', 'pass')",
        severity=Severity.GENERAL,
    )
    how_many = column("how-many", AnswerKind.INTEGER)
    every = column("classes-all", AnswerKind.TEXT, required="")
    return form_of(every, classes, how_many, exits, posts, rest, everybody, id=FormId("drill"), title=Words("演练记录"))


def answered(inspection: Inspection, address: str, value: str, **more: object) -> Inspection:
    return inspection.with_answer(Answer(ItemId(address), value, NOON, **more))  # type: ignore[arg-type]


def read(reading: str, value: str) -> ReadingValue:
    return ReadingValue(reading, value)


def reckoned(form: Form, inspection: Inspection) -> Reckoned:
    """What the form's expressions really come to."""
    return RECKON(form, inspection, None, frozenset())
