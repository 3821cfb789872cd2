"""How a place of an inspection is named to people: by its number, by its question, and in a table by its row."""

from __future__ import annotations

from safetyapp.domain.address import at, item_of, rows_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.scoring import Score
from safetyapp.texts import Texts
from safetyapp.ui import value_words
from safetyapp.ui.item_delegate import is_number
from safetyapp.workflow.opened import Open

LONGEST = 24
"""Letters of a question that name it."""


def place_name(texts: Texts, opened: Open, address: str) -> str:
    """`F-12`, `总指挥`, `班级疏散登记 第 3 行（八(1)班）实到`."""
    item = opened.item(address)
    own = item.id if is_number(item.id) else _short(item.question.in_language(texts.language))
    rows = rows_of(address)
    if not rows:
        return own
    tables = _tables_above(opened.form, item_of(address))
    parts = []
    for depth, table in enumerate(tables[: len(rows)]):
        inside = rows[: depth + 1]
        named = _short(table.question.in_language(texts.language))
        parts.append(_row_name(texts, opened, table, inside, named))
    return " ".join([*parts, own])


def _row_name(texts: Texts, opened: Open, table: Item, rows: tuple[str, ...], named: str) -> str:
    answers = opened.inspection.answers
    listed = answers.get(at(table.id, rows[:-1]))
    order = listed.value.split() if listed is not None else []
    number = order.index(rows[-1]) + 1 if rows[-1] in order else rows[-1]
    first = answers.get(at(table.items[0].id, rows)) if table.items else None
    if first is None:
        return texts.say("fill.table.row_of", table=named, n=number)
    kind = table.items[0].answer.kind
    offered = opened.form.choice_list(table.items[0].answer.choice_list) if kind.is_choice else None
    said = value_words.answer_words(texts, kind, first, offered)
    return texts.say("fill.table.row_named", table=named, n=number, name=_short(said))


def _tables_above(form: Form, wanted: ItemId) -> tuple[Item, ...]:
    def within(items: tuple[Item, ...], above: tuple[Item, ...]) -> tuple[Item, ...] | None:
        for item in items:
            if item.id == wanted:
                return above
            found = within(item.items, (*above, item) if item.answer.kind is AnswerKind.TABLE else above)
            if found is not None:
                return found
        return None

    return next((found for section in form.sections if (found := within(section.items, ())) is not None), ())


def _short(text: str) -> str:
    plain = " ".join(text.split()).rstrip("？?")
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def score_text(texts: Texts, form: Form, score: Score) -> str:
    """`86.5 / 100 · 良`."""
    known = form.scoring is not None and score.grade and (not score.waiting or score.vetoes)
    grade = form.scoring.grade(score.grade) if form.scoring is not None and known else None
    points, possible = _plain(f"{score.points:f}"), _plain(f"{score.possible:f}")
    if grade is None:
        return texts.say("fill.score_of", points=points, possible=possible)
    return texts.say(
        "fill.score_graded", points=points, possible=possible, grade=grade.label.in_language(texts.language)
    )


def _plain(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
