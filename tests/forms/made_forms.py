"""Forms made by hypothesis: every kind of item, nested tables, choices, scoring, due rules, awkward texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

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
from safetyapp.domain.form import (
    ALWAYS,
    NO_ROWS,
    Form,
    FormId,
    Item,
    ItemId,
    Media,
    PhotoRule,
    Rows,
    RowSource,
    Section,
    Severity,
    with_address,
)
from safetyapp.domain.schedule import Doer, DueRule, Every, Period
from safetyapp.domain.school import Applies, SchoolFact, SchoolKind
from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.domain.words import NO_WORDS, Words

AWKWARD = (
    *("yes", "no", "~", "null", "true", "1.0", "0x1F", "1_000", "2024-01-01", "12:30:45", "=", "<<", "-", "- x", "? a"),
    *("a: b", "a:b", "a #b", "#a", "a:", '"', "'", "a'b", 'a"b', "\\", "\\n", "{a}", "[a]", "a, b", "&a", "*a", "!a"),
    *(
        "|",
        ">",
        "%a",
        "@a",
        "`a`",
        "a\nb",
        "a\n\nb",
        "a\n  b",
        "a\n\tb",
        "a \nb",
        "a\tb",
        "a\u2028b",
        "\ufeffa",
        "a\xa0b",
    ),
    *(
        "a\u3000b",
        "\ufffe",
        "\U0001f600",
        "---",
        "...",
        "a\n---\nb",
        "${first} = 'x'",
        "是否有制度？",
        "（一）",
        "a\n# b",
    ),
)
TEXTS = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text and "${" not in text),
)
MAYBE_TEXT = st.one_of(st.just(""), TEXTS)
WORDS = st.builds(Words, TEXTS, MAYBE_TEXT)
MAYBE_WORDS = st.one_of(st.just(NO_WORDS), WORDS)
NAME = st.text("ab校_Z", min_size=1, max_size=3)
TAIL = st.text("ab9.-_检", max_size=3)
CONDITIONS = st.sampled_from(
    (
        "",
        "",
        "1 = 1",
        "true()",
        "'a: b' != \"c\"",
        "1 = 1\n  and 2 = 2",
        "string-length('# x') > 0",
        "${first} = 'x: y'",
    )
)
DECIMALS = st.decimals(0, 1000, places=2)
APPLIES = st.lists(
    st.builds(
        Applies,
        st.lists(st.sampled_from(SchoolKind), max_size=2).map(tuple),
        st.lists(st.sampled_from(SchoolFact), max_size=2).map(tuple),
    ).filter(lambda clause: clause != Applies()),
    max_size=2,
).map(tuple)
FILES = st.sampled_from(("a.png", "图 1.jpg", "x_y.mp3"))
_DOCUMENTS = ("law", "old", "2号")


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form that the reader must take, with its address."""
    return with_address(_Maker(draw).form())


class _Maker:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.ids = 0
        self.lists: tuple[ChoiceList, ...] = ()
        self.grades: tuple[str, ...] = ()
        self.known: list[str] = ["", "first"]

    def form(self) -> Form:
        draw = self.draw
        self.lists = tuple(self.choice_list(n) for n in range(draw(st.integers(1, 3))))
        scoring = draw(st.one_of(st.none(), st.builds(self.scoring, st.sampled_from(ScoreMethod))))
        self.grades = tuple(grade.id for grade in scoring.grades) if scoring else ()
        first = Item(ItemId("first"), draw(WORDS), answer=AnswerSpec(AnswerKind.TEXT))
        sections = (
            Section(self.name(), draw(WORDS), (first,)),
            *(
                Section(self.name(), draw(WORDS), tuple(self.items(0, 3)), draw(CONDITIONS))
                for _ in range(draw(st.integers(0, 2)))
            ),
        )
        return Form(
            id=FormId(self.name()),
            version=draw(TEXTS),
            title=draw(WORDS),
            category=draw(st.sampled_from(("fire", "9a"))),
            documents=tuple(self.document(i) for i in _DOCUMENTS),
            sections=sections,
            description=draw(MAYBE_WORDS),
            choices=self.lists,
            due=tuple(self.due(n) for n in range(draw(st.integers(0, 2)))),
            scoring=scoring,
        )

    def name(self) -> str:
        self.ids += 1
        return f"{self.draw(NAME)}{self.ids}x{self.draw(TAIL)}"

    def document(self, document_id: str) -> LegalDocument:
        draw = self.draw
        return LegalDocument(
            document_id,
            draw(TEXTS),
            draw(MAYBE_TEXT),
            draw(MAYBE_TEXT),
            draw(st.one_of(st.none(), st.dates(date(1949, 1, 1)))),
            draw(MAYBE_TEXT),
            draw(st.sampled_from(DocumentStatus)),
            document_id == "old",
            draw(MAYBE_TEXT),
        )

    def bases(self) -> tuple[Basis, ...]:
        found = self.draw(st.lists(st.tuples(st.sampled_from(_DOCUMENTS), MAYBE_TEXT, st.booleans()), max_size=2))
        return tuple(Basis(d, clause, verified and d != "old") for d, clause, verified in found)

    def choice_list(self, n: int) -> ChoiceList:
        ids = self.draw(
            st.lists(
                st.sampled_from(("1", "yes", "是", "a-b", "#x", "a:b", "null", "q'")),
                min_size=1,
                max_size=4,
                unique=True,
            )
        )
        columns = st.dictionaries(NAME, MAYBE_TEXT, max_size=2).map(lambda d: tuple(sorted(d.items())))
        outcomes = st.sampled_from((None, Outcome.PASS, Outcome.FAIL, Outcome.NA) if n else (None,))
        build = st.builds(Choice, st.just(""), WORDS, outcomes, st.one_of(st.just(""), FILES), columns)
        return ChoiceList(f"l{n}", tuple(replace(self.draw(build), id=i) for i in ids))

    def scoring(self, method: ScoreMethod) -> Scoring:
        marks = self.draw(st.lists(DECIMALS, max_size=3, unique=True))
        grades = tuple(Grade(f"g{n}", self.draw(WORDS), mark) for n, mark in enumerate(marks))
        return Scoring(method, self.draw(DECIMALS) + 1, grades, self.draw(MAYBE_WORDS))

    def due(self, n: int) -> DueRule:
        draw = self.draw
        by_period = st.builds(Every, st.sampled_from(Period), st.integers(1, 9))
        every = draw(st.one_of(by_period, st.builds(lambda d: Every(days=d), st.integers(1, 900))))
        rule = DueRule(f"d{n}", draw(st.sampled_from(Doer)), every, draw(WORDS))
        return replace(
            rule,
            applies=draw(APPLIES),
            basis=self.bases(),
            recommended=draw(st.booleans()),
            by_anyone=draw(st.booleans()),
            confidence=draw(MAYBE_TEXT),
        )

    def items(self, depth: int, most: int) -> list[Item]:
        return [self.item(depth) for _ in range(self.draw(st.integers(1, most)))]

    def item(self, depth: int, kind: AnswerKind | None = None, roster: bool = False) -> Item:
        draw = self.draw
        kinds = [k for k in AnswerKind if depth < 5 or not k.has_items]
        kind = kind or draw(st.sampled_from(kinds))
        answer = self.answer(kind)
        rows = self.rows() if kind is AnswerKind.TABLE else NO_ROWS
        item = Item(
            id=ItemId(self.name()),
            question=draw(MAYBE_WORDS if kind in (AnswerKind.GROUP, AnswerKind.CALCULATION) else WORDS),
            answer=answer,
            required=draw(st.one_of(st.sampled_from((ALWAYS, "")), CONDITIONS)) if kind.is_asked else "",
            rows=rows,
            items=self.members(kind, rows, depth),
            calculate=draw(CONDITIONS.filter(bool)) if kind is AnswerKind.CALCULATION else "",
            choice_filter=draw(CONDITIONS) if kind.is_choice else "",
            default=draw(MAYBE_TEXT) if kind is AnswerKind.TEXT else "",
            roster=draw(st.sampled_from(("", "name", "enrolled"))) if roster else "",
        )
        self.known.append(item.id)
        return replace(item, **self.judging(answer), **self.further())

    def members(self, kind: AnswerKind, rows: Rows, depth: int) -> tuple[Item, ...]:
        if not kind.has_items:
            return ()
        roster = rows.source is RowSource.ROSTER
        first = self.item(depth + 1, AnswerKind.TEXT, roster) if rows.fixed else self.item(depth + 1, None, roster)
        return (first, *self.items(depth + 1, 2)) if self.draw(st.booleans()) else (first,)

    def rows(self) -> Rows:
        draw = self.draw
        fixed = draw(st.lists(WORDS, max_size=2).map(tuple))
        low = draw(st.integers(0, 3))
        return Rows(
            source=draw(st.sampled_from(RowSource)),
            fixed=fixed,
            count="" if fixed else draw(CONDITIONS),
            minimum=low,
            maximum=draw(st.one_of(st.none(), st.integers(max(low, 2), 50))),
            title=draw(MAYBE_WORDS),
        )

    def judging(self, answer: AnswerSpec) -> dict[str, Any]:
        """What every item may say of a fail; generous, so that items that are judged say what they must."""
        draw = self.draw
        severity = draw(st.sampled_from(Severity))
        major = severity is Severity.MAJOR
        return {
            "method": draw(WORDS),
            "basis": self.bases(),
            "severity": severity,
            "reason": draw(WORDS),
            "action": draw(WORDS),
            "days": draw(st.integers(0, 90)),
            "criterion": Basis("law", draw(TEXTS), draw(st.booleans())) if major or draw(st.booleans()) else None,
            "candidate": draw(WORDS) if severity is Severity.CANDIDATE else draw(MAYBE_WORDS),
            "photo": draw(st.sampled_from(PhotoRule)),
            "photo_note": draw(MAYBE_WORDS),
            "weight": draw(st.one_of(st.none(), DECIMALS)),
            "veto": draw(st.sampled_from(("", *self.grades))),
        }

    def further(self) -> dict[str, Any]:
        draw = self.draw
        media = st.builds(Media, st.sampled_from(("image", "audio", "video")), FILES, MAYBE_WORDS)
        return {
            "applies": draw(APPLIES),
            "applies_text": draw(MAYBE_WORDS),
            "when": draw(CONDITIONS),
            "confidence": draw(MAYBE_TEXT),
            "config_note": draw(MAYBE_WORDS),
            "hint": draw(MAYBE_WORDS),
            "required_message": draw(MAYBE_WORDS),
            "read_only": draw(st.booleans()),
            "trigger": draw(st.sampled_from(self.known[:3])),
            "constraint": draw(CONDITIONS),
            "constraint_message": draw(MAYBE_WORDS),
            "appearance": draw(MAYBE_TEXT),
            "media": draw(st.lists(media, max_size=2).map(tuple)),
        }

    def answer(self, kind: AnswerKind) -> AnswerSpec:
        draw = self.draw
        limits = self.limits(kind)
        cased = kind in (AnswerKind.INTEGER, AnswerKind.DECIMAL, AnswerKind.DURATION, AnswerKind.DATE)
        scale = kind in (AnswerKind.RANGE, AnswerKind.SCORE)
        cases = tuple(
            LimitCase(f"c{n}", draw(WORDS), self.limits(kind), draw(APPLIES))
            for n in range(draw(st.integers(0, 2)) if cased else 0)
        )
        return AnswerSpec(
            kind=kind,
            unit=draw(MAYBE_WORDS),
            limits=limits,
            cases=cases,
            readings=tuple(self.reading(n) for n in range(draw(st.integers(0, 2)))),
            signed=kind.is_number and draw(st.booleans()),
            future=kind is AnswerKind.DATE and draw(st.booleans()),
            choice_list=draw(st.sampled_from(self.lists)).id if kind.is_choice else "",
            other=kind.is_choice and draw(st.booleans()),
            step=Decimal("0.5") if scale and draw(st.booleans()) else None,
            max_length=draw(st.one_of(st.none(), st.integers(1, 4000)))
            if kind in (AnswerKind.TEXT, AnswerKind.BARCODE)
            else None,
        )

    def limits(self, kind: AnswerKind) -> Limits:
        draw = self.draw
        if kind is AnswerKind.DATE:
            return Limits(None, None, draw(st.one_of(st.none(), st.integers(1, 900))), draw(st.booleans()))
        if kind in (AnswerKind.RANGE, AnswerKind.SCORE):
            return Limits(Decimal(0), draw(DECIMALS) + 1)
        if not kind.is_number:
            return Limits()
        number = st.integers(0, 99).map(Decimal) if kind is AnswerKind.INTEGER else DECIMALS
        low, more = draw(st.one_of(st.none(), number)), draw(st.one_of(st.none(), number))
        return Limits(low, None if more is None else (low or 0) + more)

    def reading(self, n: int) -> Reading:
        draw = self.draw
        kind = draw(
            st.sampled_from(
                (
                    AnswerKind.INTEGER,
                    AnswerKind.DECIMAL,
                    AnswerKind.DATE,
                    AnswerKind.TIME,
                    AnswerKind.TEXT,
                    AnswerKind.CHOICE,
                )
            )
        )
        return Reading(
            id=f"r{n}",
            label=draw(WORDS),
            kind=kind,
            unit=draw(MAYBE_WORDS),
            limits=self.limits(kind),
            required=draw(st.booleans()),
            signed=kind.is_number and draw(st.booleans()),
            choice_list=draw(st.sampled_from(self.lists)).id if kind is AnswerKind.CHOICE else "",
        )
