"""Reading what forms can ask: all kinds of items, tables, groups, choices, scoring, due rules, and their mistakes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from safetyapp.domain.answer_kinds import AnswerKind, Choice, Limits, Outcome
from safetyapp.domain.form import ALWAYS, Form, Item, Media, Rows, RowSource, Severity
from safetyapp.domain.schedule import Doer, Every, Period
from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.domain.words import Words
from safetyapp.forms import read_items, so_far
from safetyapp.forms.mistakes import Mistake
from safetyapp.forms.read_yaml import read_with_notes

RICH = """\
format: 1
id: 校园-表_1.a
version: "1"
title: {zh: 大表, en: Large}
category: fire
description: {zh: 说明, en: About}
documents:
  law: {title: 示例法, status: verified}
choices:
  sizes:
    - {id: "1", label: {zh: 小, en: Small}}
    - {id: 大, label: {zh: 大, en: Large}, media: big.png, with: {region: 北, area: a}}
  verdicts:
    - {id: good, label: {zh: 好, en: Good}, outcome: pass}
    - {id: bad, label: {zh: 差, en: Bad}, outcome: fail}
due:
  - id: termly
    by: district
    every: {count: 2, unit: term}
    what: {zh: 督查, en: Check}
    applies: [{has: [canteen]}]
    basis: [{document: law, clause: 第一条, verified: true}]
  - id: late
    by: school
    every: {days: 365}
    what: {zh: 自查, en: Self-check}
    recommended: true
    by_anyone: true
scoring:
  method: deduct
  full: "100"
  grades:
    - {id: a, label: {zh: 优, en: Good}, at_least: "90"}
    - {id: b, label: {zh: 差, en: Bad}, at_least: "0"}
  note: {zh: 说明, en: Note}
sections:
  - id: one
    title: {zh: 第一类, en: One}
    when: 1 = 1
    items:
      - id: 名称
        question: {zh: 名称？, en: Name?}
        answer: {kind: text, max_length: 40}
        default: 某校
        appearance: multiline
        media: [{kind: image, file: 图.png, caption: {zh: 图, en: Picture}}]
      - id: size
        question: {zh: 多大？, en: Size?}
        answer: {kind: choices, list: sizes, other: true}
        choice_filter: region = '北'
        required: false
      - id: judged
        question: {zh: 好吗？, en: Good?}
        method: {zh: 看, en: Look}
        answer: {kind: choice, list: verdicts}
        basis: [{document: law, clause: 第二条, verified: true}]
        severity: candidate
        candidate: {zh: 倒塌, en: Collapse}
        reason: {zh: 危险, en: Danger}
        action: {zh: 停, en: Stop}
        days: 0
        photo: always
        photo_note: {zh: 禁拍人, en: No people}
        weight: "10"
        veto: b
      - id: permit
        question: {zh: 有效期至？, en: Valid until?}
        method: {zh: 看, en: Look}
        answer: {kind: date, not_expired: true}
        basis: [{document: law, clause: 第二条, verified: true}]
        severity: general
        reason: {zh: 过期, en: Expired}
        action: {zh: 换, en: Renew}
        days: 7
      - id: planned
        question: {zh: 何时？, en: When?}
        answer: {kind: date, future: true}
        required: 1 = 1
        required_message: {zh: 要填, en: Needed}
        constraint: . > '2020-01-01'
        constraint_message: {zh: 太早, en: Too early}
      - id: points
        question: {zh: 得分, en: Points}
        answer: {kind: score, max: "5", step: "0.5"}
      - id: slider
        question: {zh: 滑块, en: Slider}
        answer: {kind: range, min: "-5", max: "5", step: "1", signed: true}
      - id: thanks
        question: {zh: 谢谢, en: Thanks}
        answer: {kind: note}
      - id: sum
        answer: {kind: calculation}
        calculate: 1 + 1
        trigger: 名称
  - id: two
    title: {zh: 第二类, en: Two}
    items:
      - id: classes
        question: {zh: 班级, en: Classes}
        answer: {kind: table}
        rows:
          from: roster
          min: 1
          max: 40
          title: {zh: 班, en: Class}
        items:
          - id: class-name
            question: {zh: 班, en: Class}
            answer: {kind: text}
            roster: name
          - id: present
            question: {zh: 实到, en: Present}
            answer: {kind: integer, unit: {zh: 人, en: people}}
          - id: inner
            question: {zh: 内表, en: Inner}
            answer: {kind: table}
            rows: {count: 1 + 1}
            items:
              - id: deep
                answer: {kind: group}
                items:
                  - id: deepest
                    question: {zh: 最内, en: Innermost}
                    answer: {kind: time}
      - id: people
        question: {zh: 人员, en: People}
        answer: {kind: table}
        rows:
          fixed:
            - {zh: 教师, en: Teachers}
            - {zh: 学生, en: Pupils}
        items:
          - id: people-name
            question: {zh: 谁, en: Who}
            answer: {kind: text}
            read_only: true
"""


def read(text: str = RICH) -> tuple[Form, tuple[Mistake, ...]]:
    form, notes = read_with_notes(text.encode(), "rich.yaml")
    assert form is not None, [str(mistake) for mistake in notes.mistakes]
    return form, notes.warnings


def item(form: Form, item_id: str) -> Item:
    found = form.item(item_id)
    assert found is not None
    return found


def test_everything_arrives_in_the_form() -> None:
    form, warnings = read()
    assert warnings == ()
    assert form.id == "校园-表_1.a"
    assert form.description == Words("说明", "About")
    sizes = form.choice_list("sizes")
    assert sizes is not None
    assert sizes.choices == (
        Choice("1", Words("小", "Small")),
        Choice("大", Words("大", "Large"), None, "big.png", (("area", "a"), ("region", "北"))),
    )
    verdicts = form.choice_list("verdicts")
    assert verdicts is not None
    assert [c.outcome for c in verdicts.choices] == [Outcome.PASS, Outcome.FAIL]
    termly, late = form.due
    assert (termly.by, termly.every, len(termly.applies), len(termly.basis)) == (
        Doer.DISTRICT,
        Every(Period.TERM, 2),
        1,
        1,
    )
    assert (late.every, late.recommended, termly.recommended) == (Every(days=365), True, False)
    assert (late.by_anyone, termly.by_anyone) == (True, False)
    assert form.scoring == Scoring(
        ScoreMethod.DEDUCT,
        Decimal(100),
        (Grade("a", Words("优", "Good"), Decimal(90)), Grade("b", Words("差", "Bad"), Decimal(0))),
        Words("说明", "Note"),
    )
    assert [section.when for section in form.sections] == ["1 = 1", ""]


def test_items_say_what_they_ask() -> None:
    form, _ = read()
    name, size, judged = item(form, "名称"), item(form, "size"), item(form, "judged")
    assert (name.answer.kind, name.answer.max_length, name.default) == (AnswerKind.TEXT, 40, "某校")
    assert name.media == (Media("image", "图.png", Words("图", "Picture")),)
    assert (size.answer.choice_list, size.answer.other, size.choice_filter) == ("sizes", True, "region = '北'")
    assert (judged.severity, judged.candidate) == (Severity.CANDIDATE, Words("倒塌", "Collapse"))
    assert (judged.weight, judged.veto, judged.photo_note.zh) == (Decimal(10), "b", "禁拍人")
    assert item(form, "permit").answer.limits == Limits(not_expired=True)
    assert item(form, "planned").answer.future
    assert (item(form, "points").answer.limits.maximum, item(form, "points").answer.step) == (
        Decimal(5),
        Decimal("0.5"),
    )
    assert item(form, "slider").answer.limits == Limits(Decimal(-5), Decimal(5))
    assert (item(form, "sum").calculate, item(form, "sum").trigger) == ("1 + 1", "名称")


def test_what_must_be_answered() -> None:
    form, _ = read()
    required = {str(i.id): i.required for i in form.every_item()}
    assert required["名称"] == ALWAYS
    assert required["size"] == ""
    assert required["planned"] == "1 = 1"
    assert [required[i] for i in ("thanks", "sum", "deep")] == ["", "", ""]
    assert required["deepest"] == ALWAYS
    quoted, _ = read(RICH.replace("required: false", 'required: "true()"'))
    assert item(quoted, "size").required == ALWAYS


def test_tables_hold_tables() -> None:
    form, _ = read()
    classes, people = item(form, "classes"), item(form, "people")
    assert classes.rows == Rows(RowSource.ROSTER, minimum=1, maximum=40, title=Words("班", "Class"))
    assert [column.id for column in classes.items] == ["class-name", "present", "inner"]
    assert [column.roster for column in classes.items] == ["name", "", ""]
    inner = classes.items[2]
    assert inner.rows == Rows(count="1 + 1")
    assert inner.items[0].items[0].answer.kind is AnswerKind.TIME
    assert people.rows == Rows(fixed=(Words("教师", "Teachers"), Words("学生", "Pupils")))


MISTAKES = [
    ("id: 校园-表_1.a", "id: 1a", "bad-id"),
    ("id: 校园-表_1.a", "id: a:b", "bad-id"),
    ("id: 校园-表_1.a", "id: a@b", "bad-id"),
    ("id: 校园-表_1.a", "id: " + "a" * 101, "bad-id"),
    ("- id: deepest", "- id: 名称", "duplicate-id"),
    ("- id: deepest", "- id: two", "duplicate-id"),
    ("- id: deepest", "- id: school.kind", "reserved-id"),
    ("kind: time}", "kind: clock}", "unknown-kind"),
    ("list: sizes", "list: seizes", "unknown-list"),
    ("{kind: choices, list: sizes, other: true}", "{kind: choices}", "missing"),
    ("max_length: 40}", "list: sizes}", "misplaced"),
    ("max_length: 40}", "other: true}", "misplaced"),
    ("max_length: 40}", "signed: true}", "misplaced"),
    ("max_length: 40}", "future: true}", "misplaced"),
    ("max_length: 40}", 'step: "1"}', "misplaced"),
    ("max_length: 40}", 'min: "1"}', "bad-limit"),
    ("max_length: 40}", "not_expired: true}", "bad-limit"),
    ("max_length: 40}", "max_length: 0}", "bad-number"),
    ("max_length: 40}", "readings: [{id: r, label: 量, kind: photo}]}", "unknown-kind"),
    ("{kind: time}", "{kind: integer, unit: 个, max_length: 5}", "misplaced"),
    ("kind: image", "kind: picture", "unknown-media"),
    ("file: 图.png", "file: ../图.png", "bad-file"),
    ("media: big.png", "media: a/big.png", "bad-file"),
    ('{id: "1", label', '{id: "大", label', "duplicate-id"),
    ('{id: "1", label', '{id: "1 2", label', "bad-id"),
    ('{id: "1", label', '{id: "１", label', "bad-id"),
    ("outcome: fail", "outcome: broken", "unknown-outcome"),
    ("outcome: fail", "outcome: noted", "unknown-outcome"),
    ("with: {region: 北, area: a}", "with: {region: 北, region: a}", "duplicate-key"),
    ("with: {region: 北, area: a}", "with: {a b: 北}", "bad-id"),
    ("with: {region: 北, area: a}", "with: [北]", "bad-value"),
    ('weight: "10"', "weight: 1.5", "bad-limit"),
    ('weight: "10"', "weight: much", "bad-number"),
    ('weight: "10"', 'weight: "-1"', "bad-weight"),
    ("veto: b", "veto: c", "unknown-grade"),
    ("method: deduct", "method: guess", "unknown-method"),
    ('full: "100"', 'full: "0"', "bad-number"),
    ("{id: b, label: {zh: 差, en: Bad}, at_least", "{id: a, label: {zh: 差, en: Bad}, at_least", "duplicate-id"),
    ('at_least: "0"', 'at_least: "90"', "bad-grades"),
    ("by: district", "by: parents", "unknown-doer"),
    ("unit: term", "unit: fortnight", "unknown-period"),
    ("{days: 365}", "{count: 3}", "no-period"),
    ("{days: 365}", "{days: 30, unit: week}", "bad-period"),
    ("{days: 365}", "{count: 0, unit: week}", "bad-number"),
    ("id: late", "id: termly", "duplicate-id"),
    ("        candidate: {zh: 倒塌, en: Collapse}\n", "", "candidate-without-words"),
    ("severity: candidate", "severity: major", "major-without-criterion"),
    ("        severity: candidate\n", "", "missing"),
    ("max_length: 40}", "readings: [{id: r, label: 量, kind: choice, list: verdicts}]}", "missing"),
    ("max_length: 40}", "readings: [{id: r, label: 量, kind: integer, max: 5}]}", "missing"),
    ('{kind: score, max: "5", step: "0.5"}', "{kind: score}", "missing"),
    ('{kind: score, max: "5", step: "0.5"}', '{kind: score, max: "5", step: "6"}', "bad-limit"),
    ('{kind: score, max: "5", step: "0.5"}', '{kind: score, max: "5", cases: [{id: a, label: 甲}]}', "bad-limit"),
    ('min: "-5", max: "5"', 'min: "5", max: "-5"', "bad-limit"),
    ('min: "-5", max: "5", step: "1"', 'max: "5"', "missing"),
    ("answer: {kind: note}", "answer: {kind: note}\n        required: true", "misplaced"),
    ("        calculate: 1 + 1\n", "", "missing"),
    ("trigger: 名称", "trigger: 姓名", "unknown-name"),
    ("choice_filter: region", "choice_filtre: region", "unknown-key"),
    ("        default: 某校\n", "        choice_filter: 1 = 1\n", "misplaced"),
    ("        default: 某校\n", "        rows: {min: 1}\n", "misplaced"),
    ("        default: 某校\n", "        items: []\n", "misplaced"),
    ("        default: 某校\n", "        roster: name\n", "misplaced"),
    ("roster: name", "roster: head", "unknown-roster"),
    ("from: roster", "from: list", "unknown-source"),
    ("max: 40\n          title", "max: 0\n          title", "bad-number"),
    ("min: 1\n          max: 40", "min: 41\n          max: 40", "bad-limit"),
    ("          fixed:", "          max: 1\n          fixed:", "bad-rows"),
    ("          fixed:", "          count: 1 + 1\n          fixed:", "bad-rows"),
    ("{kind: text}\n            read_only: true", "{kind: time}", "bad-rows"),
]


@pytest.mark.parametrize(("old", "new", "code"), MISTAKES)
def test_a_mistake_is_named(old: str, new: str, code: str) -> None:
    assert RICH.count(old) == 1, RICH.count(old)
    form, notes = read_with_notes(RICH.replace(old, new).encode(), "rich.yaml")
    assert form is None
    assert code in {m.code for m in notes.mistakes}, notes.mistakes
    for mistake in notes.mistakes:
        assert mistake.where.removeprefix("rich.yaml:").isdecimal()
        chinese, english = mistake.message.split("。", 1)
        assert chinese
        assert english.endswith(".")


def test_mistakes_stand_at_the_line_of_the_key() -> None:
    for old, new, code in (("veto: b", "veto: c", "unknown-grade"), ("list: sizes", "list: x", "unknown-list")):
        _, notes = read_with_notes(RICH.replace(old, new).encode(), "rich.yaml")
        line = RICH[: RICH.index(old)].count("\n") + 1
        assert (code, f"rich.yaml:{line}") in {(m.code, m.where) for m in notes.mistakes}


def test_a_list_without_choices_and_a_table_without_columns_are_refused() -> None:
    start, end = RICH.index("  sizes:"), RICH.index("  verdicts:")
    empty = RICH[:start] + "  sizes: []\n" + RICH[end:]
    _, notes = read_with_notes(empty.encode())
    assert [m.code for m in notes.mistakes] == ["missing"]
    start = RICH.index("        items:\n          - id: people-name")
    _, notes = read_with_notes((RICH[:start] + "        items: []\n").encode())
    assert [m.code for m in notes.mistakes] == ["missing"]
    _, notes = read_with_notes(RICH[:start].encode())
    assert [m.code for m in notes.mistakes] == ["missing"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("answer: {kind: choice, list: verdicts}", "answer: {kind: choice, list: sizes}", "unused-list"),
        ("choices, list: sizes, other: true}", "choices, list: sizes}\n        read_only: true", "empty-read-only"),
        ("            roster: name\n", "", "unused-roster"),
        ('step: "1", signed: true}', 'step: "1"}', "not-signed"),
        ("        basis: [{document: law, clause: 第二条, verified: true}]\n        severity: general\n",
         "        severity: general\n", "no-basis"),
    ],
)  # fmt: skip
def test_a_warning_is_given(old: str, new: str, code: str) -> None:
    assert RICH.count(old) == 1
    _, warnings = read(RICH.replace(old, new))
    assert [w.code for w in warnings] == [code]


def test_scores_need_a_scoring_and_a_scoring_needs_scores() -> None:
    start, end = RICH.index("scoring:\n"), RICH.index("sections:\n")
    _, warnings = read(RICH[:start] + RICH[end:].replace("        veto: b\n", ""))
    assert [w.code for w in warnings] == ["no-scoring", "no-scoring"]
    plain = RICH.replace('        weight: "10"\n', "").replace('{kind: score, max: "5", step: "0.5"}', "{kind: text}")
    _, warnings = read(plain)
    assert [w.code for w in warnings] == ["nothing-scored"]


def nested(levels: int) -> str:
    lines = [
        "format: 1",
        "id: a",
        'version: "1"',
        "title: 表",
        "category: a",
        "sections:",
        "  - id: s",
        "    title: 节",
    ]
    indent = "    "
    for level in range(levels):
        lines += [f"{indent}items:", f"{indent}  - id: i{level}", f"{indent}    answer: {{kind: group}}"]
        indent += "    "
    lines += [f"{indent}items:", f"{indent}  - {{id: x, question: 问, answer: {{kind: text}}}}"]
    return "\n".join(lines) + "\n"


def test_ten_levels_of_tables_and_groups_are_enough() -> None:
    form, _ = read(nested(10))
    assert len(list(form.every_item())) == 11
    _, notes = read_with_notes(nested(11).encode())
    assert [m.code for m in notes.mistakes] == ["too-deep"]


def test_more_items_than_a_form_may_have_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert so_far.MOST_ITEMS == 20_000
    monkeypatch.setattr(read_items, "MOST_ITEMS", 20)

    def sections(*counts: int) -> bytes:
        head = 'format: 1\nid: a\nversion: "1"\ntitle: 表\ncategory: a\nsections:\n'
        for s, count in enumerate(counts):
            head += f"  - id: s{s}\n    title: 节\n    items:\n"
            head += "".join(f"      - {{id: i{s}.{n}, question: 问, answer: {{kind: note}}}}\n" for n in range(count))
        return head.encode()

    assert read_with_notes(sections(10, 10))[0] is not None
    _, notes = read_with_notes(sections(10, 9, 3))
    assert [m.code for m in notes.mistakes] == ["too-large"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("when: 1 = 1", "when: ${nobody} = 1", "unknown-name"),
        ("choice_filter: region = '北'", "choice_filter: region = ", "bad-expression"),
        ("rows: {count: 1 + 1}", "rows: {count: 1 +}", "bad-expression"),
        ("required: 1 = 1", "required: 1 = (", "bad-expression"),
        ("        calculate: 1 + 1\n        trigger: 名称", "        calculate: ${sum} + 1", "expression-circle"),
    ],
)
def test_a_wrong_expression_is_placed_at_its_key(old: str, new: str, code: str) -> None:
    assert RICH.count(old) == 1
    _, notes = read_with_notes(RICH.replace(old, new).encode(), "rich.yaml")
    line = RICH[: RICH.index(old)].count("\n") + 1
    assert [(m.code, m.where) for m in notes.mistakes] == [(code, f"rich.yaml:{line}")]
