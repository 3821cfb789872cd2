"""A small form, a school and a draft, to say one rule with."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from safetyapp.domain.form import (
    AnswerKind,
    AnswerSpec,
    Applies,
    Basis,
    Form,
    FormId,
    Item,
    ItemId,
    LegalDocument,
    LimitCase,
    Limits,
    PhotoRule,
    Reading,
    Section,
    Severity,
    Words,
    with_address,
)
from safetyapp.domain.inspection import FormRef, Inspection, InspectionId
from safetyapp.domain.school import Person, PersonId, School, SchoolFact, SchoolId, SchoolKind

BEIJING = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=BEIJING)
TODAY = date(2026, 11, 24)
GUIDE = Basis("guide", "第三条(一)6", verified=True)


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
