"""A small workbook to break in every way: what is written, opened with openpyxl, changed, and read again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

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
from safetyapp.domain.basis import Basis, DocumentStatus, LegalDocument
from safetyapp.domain.form import Form, FormId, Item, ItemId, Rows, Section, Severity, with_address
from safetyapp.domain.schedule import Doer, DueRule, Every, Period
from safetyapp.domain.school import Applies, SchoolFact, SchoolKind
from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.domain.words import Words
from safetyapp.forms.workbook import read_workbook, write_workbook

CLAUSE = (Basis("law", "第十六条", True),)


def judged(name: str, **further: Any) -> Item:
    """An item that says what an item that is judged must say."""
    return Item(
        **{
            "id": ItemId(name),
            "question": Words(f"问{name}", f"Q {name}"),
            "method": Words("看", "Look"),
            "basis": CLAUSE,
            "reason": Words("因", "Why"),
            "action": Words("改", "Act"),
            "days": 7,
        }
        | further
    )


MEASURED = judged(
    "B-1",
    answer=AnswerSpec(
        AnswerKind.DECIMAL,
        Words("米", "m"),
        Limits(Decimal("0.90")),
        (
            LimitCase(
                "nursery",
                Words("幼儿园", "Nursery"),
                Limits(Decimal("1.20")),
                (Applies((SchoolKind.KINDERGARTEN,)),),
            ),
        ),
        (Reading("doors", Words("门数", "Doors"), AnswerKind.INTEGER, Words("个", "doors"), Limits(Decimal(2))),),
    ),
    applies=(
        Applies((SchoolKind.PRIMARY, SchoolKind.MIDDLE), (SchoolFact.CANTEEN,)),
        Applies((), (SchoolFact.BOARDING,)),
    ),
    weight=Decimal("2.50"),
)
PLACES = Item(
    ItemId("B-3"),
    Words("各处", "Places"),
    answer=AnswerSpec(AnswerKind.TABLE),
    rows=Rows(fixed=(Words("东", "East"), Words("西", "West"))),
    items=(
        Item(ItemId("B-3-name"), Words("处", "Place"), answer=AnswerSpec(AnswerKind.TEXT)),
        judged("B-3-ok"),
    ),
)
SMALL = with_address(
    Form(
        FormId("small"),
        "1.0",
        Words("小表", "Small"),
        "fire",
        (LegalDocument("law", "中华人民共和国消防法", "消防法", status=DocumentStatus.VERIFIED),),
        (
            Section(
                "first",
                Words("第一类", "First"),
                (judged("A-1"), judged("A-2", severity=Severity.CANDIDATE, candidate=Words("何时", "When"))),
            ),
            Section(
                "second",
                Words("第二类", "Second"),
                (MEASURED, judged("B-2", answer=AnswerSpec(AnswerKind.CHOICE, choice_list="state")), PLACES),
            ),
        ),
        choices=(
            ChoiceList(
                "state",
                (Choice("ok", Words("好", "Good"), Outcome.PASS), Choice("no", Words("坏", "Bad"), Outcome.FAIL)),
            ),
        ),
        due=(DueRule("monthly", Doer.SCHOOL, Every(Period.MONTH), Words("每月查", "Monthly"), basis=CLAUSE),),
        scoring=Scoring(ScoreMethod.POINTS, Decimal(100), (Grade("good", Words("好", "Good"), Decimal(90)),)),
    )
)

WRITTEN = write_workbook(SMALL)


def changed(change: Callable[[Any], None], data: bytes = WRITTEN) -> bytes:
    """The workbook as another program saves it, after a change of the opened book."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, old: bytes, new: bytes, data: bytes = WRITTEN) -> bytes:
    """The file with bytes of one of its parts replaced; a part that is not there is added."""
    out = io.BytesIO()
    found = False
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in package.namelist():
            text = package.read(part)
            if part == name:
                found = True
                assert old in text
                text = text.replace(old, new, 1)
            copy.writestr(part, text)
        if not found:
            copy.writestr(name, new)
    return out.getvalue()


def column(sheet: Any, key: str) -> str:
    """The letter of a column by its key."""
    return next(str(cell.column_letter) for cell in sheet[2] if cell.value == key)


def cell(sheet: Any, item: str, key: str) -> Any:
    """The cell of a column in the row of an item."""
    ids = column(sheet, "id")
    row = next(c.row for c in sheet[ids] if c.value == item)
    return sheet[f"{column(sheet, key)}{row}"]


def read(change: Callable[[Any], None]) -> tuple[Form | None, list[tuple[str, str]], list[tuple[str, str]]]:
    """The form, the mistakes and the warnings (place and code each) of the changed workbook."""
    form, notes = read_workbook(changed(change), "f.xlsx")
    pairs = [
        [(m.where.removeprefix("f.xlsx").lstrip(":"), m.code) for m in ms] for ms in (notes.mistakes, notes.warnings)
    ]
    return form, pairs[0], pairs[1]
