"""What a form's expressions come to, item by item; and that a part of the reckoning is as good as the whole."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerSpec, Choice, ChoiceList
from safetyapp.domain.form import Form, Item, ItemId, Rows
from safetyapp.domain.inspection import Answer, Inspection, Photo, PhotoLink, Sha256
from safetyapp.domain.reckoned import NOTHING
from safetyapp.domain.words import Words
from safetyapp.forms.check_expressions import check_expressions, mistakes_in, warnings_in
from safetyapp.forms.reckon import make_reckoner
from tests.forms.reckoned_examples import (
    COLOURS,
    KIND,
    STARTED,
    calculated,
    form,
    group,
    inspection,
    item,
    reckoned,
    table,
)


def test_condition_closes_and_opens() -> None:
    of = form(item("a"), item("b", when="${a} = 'x'"), group("g", item("c"), when="${b} = ''"))
    assert reckoned(of, {"a": "x"}).closed == frozenset()
    assert reckoned(of, {"a": "y", "b": "old"}).closed == {"b"}
    assert reckoned(of, {"a": "x", "b": "z"}).closed == {"g"}


def test_section_closes_by_its_own_id_with_all_that_is_in_it() -> None:
    of = form(item("a"), calculated("n", "count-non-empty(${a})"), when="${school.boarding} = 'true'")
    found = reckoned(of, {"a": "x"})
    assert found.closed == {"main"}
    assert found.calculated["n"] == "0"


def test_what_is_closed_counts_as_empty_elsewhere() -> None:
    of = form(
        item("a"),
        item("b", when="${a} = 'x'"),
        item("c", when="${b} = 'z'"),
        calculated("n", "coalesce(${b}, 'none')"),
    )
    found = reckoned(of, {"a": "y", "b": "z", "c": "1"})
    assert found.closed == {"b", "c"}
    assert found.calculated["n"] == "none"


def test_condition_that_cannot_be_computed_leaves_the_place_open() -> None:
    of = form(item("a", when="sum(3) > 1"), item("b", when="((("), item("c", when="${nothing} = 'x'"))
    assert reckoned(of).closed == {"c"}


@pytest.mark.parametrize(
    ("kind", "expression", "kept"),
    [
        (KIND.INTEGER, "7 div 2", "3"),
        (KIND.DECIMAL, "0.1 + 0.2", "0.3"),
        (KIND.DECIMAL, "1 div 0", ""),
        (KIND.DECIMAL, "'x'", ""),
        (KIND.DATE, "today() + 1", ""),
        (KIND.DATE, "date(today() + 1)", "2026-11-06"),
        (KIND.DATE, "now()", "2026-11-05"),
        (KIND.CONFORMITY, "if(1 < 2, 'pass', 'fail')", "pass"),
        (KIND.CONFORMITY, "'maybe'", ""),
        (KIND.TEXT, "1 = 1", "true"),
        (KIND.CALCULATION, "1 + 'x'", ""),
    ],
)
def test_calculated_value_has_the_spelling_of_its_kind(kind: KIND, expression: str, kept: str) -> None:
    assert reckoned(form(calculated("c", expression, kind))).calculated == {"c": kept}


def test_constraint_speaks_of_answers_only_and_says_its_words() -> None:
    most = item("a", KIND.INTEGER, constraint=". <= ${most}", constraint_message=Words("至多 ${most}", "Up to ${most}"))
    of = form(item("most", KIND.INTEGER), most)
    assert reckoned(of, {"most": "5", "a": "6"}).broken == {"a": Words("至多 5", "Up to 5")}
    assert reckoned(of, {"most": "5", "a": "5"}).broken == {}
    assert reckoned(of, {"most": "5"}).broken == {}
    assert reckoned(of, {"most": "5", "a": "na"}).broken == {}


def test_demanded() -> None:
    of = form(item("a"), item("b", required="${a} = 'x'"), item("c"))
    assert reckoned(of, {"a": "x"}).demanded == {"b"}
    assert reckoned(of, {"a": "y"}).demanded == frozenset()


def test_choices_on_offer() -> None:
    of = form(
        item("warm"),
        item("c", KIND.CHOICE, choice_list="colours", choice_filter="warm = ${warm} or name = 'blue'"),
        item("d", KIND.CHOICE, choice_list="colours", choice_filter="not(selected(${c}, name))"),
        item("e", KIND.CHOICE, choice_list="colours", choice_filter="position() = last() or starts-with(label, '红')"),
        item("f", KIND.CHOICE, choice_list="colours", choice_filter="current()/../warm = warm"),
    )
    found = reckoned(of, {"warm": "yes", "c": "red"}).offered
    assert found == {"c": ("red", "blue"), "d": ("green", "blue"), "e": ("red", "blue"), "f": ("red",)}


def test_questions_quote_answers_with_their_words() -> None:
    of = form(
        item("name"),
        item("c", KIND.CHOICES, choice_list="colours", other=True),
        item("j", KIND.CONFORMITY),
        table("t", item("who"), item("age", question="${who}几岁？")),
        item(
            "q", words=Words("${name}：${c}，${j}，${t}${who}", "${name}: ${c}, ${j}, ${who}"), hint=Words("${ name }")
        ),
    )
    answers = {"name": "甲", "c": "red blue", "j": "fail", "t": "1 2", "who@1": "李", "who@2": "王"}
    found = reckoned(of, answers).wordings
    assert found["q"] == Words("甲：红、蓝，不合格，李、王", "甲: Red, 蓝, fail, 李, 王")
    assert found["q#hint"] == Words("甲", "")
    assert (found["age@1"].zh, found["age@2"].zh) == ("李几岁？", "王几岁？")


def test_other_is_quoted_by_what_was_written() -> None:
    of = form(item("c", KIND.CHOICE, choice_list="colours", other=True), item("q", question="${c}？"))
    looked = inspection(of).with_answer(Answer(ItemId("c"), "other", STARTED, note="紫"))
    assert make_reckoner()(of, looked, None, frozenset()).wordings["q"].zh == "紫？"


def test_wanted_rows() -> None:
    def wanted(count: str, answers: dict[str, str]) -> dict[ItemId, int]:
        of = form(item("n", KIND.INTEGER), table("t", item("x"), rows=Rows(count=count)))
        return dict(reckoned(of, answers).row_counts)

    assert wanted("${n} + 1", {"n": "2"}) == {"t": 3}
    assert wanted("${n}", {}) == {"t": 0}
    assert wanted("-4", {}) == {"t": 0}
    assert wanted("1 div 0", {}) == {"t": 100_000}


def test_defaults() -> None:
    of = form(
        item("literal", KIND.INTEGER, default="05"),
        item("day", KIND.DATE, default="today()"),
        item("same", KIND.INTEGER, default="${literal} * 2"),
        item("text", default="today"),
        item("called", default="concat('a', 'b')"),
        item("choice", KIND.CHOICE, choice_list="colours", default="red"),
        item("wrong", KIND.INTEGER, default="'many'"),
        table("t", item("at", KIND.INTEGER, default="position(..) * 10")),
    )
    found = reckoned(of, {"literal": "4", "t": "2 1"}).defaults
    assert found == {
        "literal": "5",
        "day": "2026-11-05",
        "same": "8",
        "text": "today",
        "called": "ab",
        "choice": "red",
        "at@2": "10",
        "at@1": "20",
    }


def test_triggered_is_no_calculation() -> None:
    of = form(item("a"), calculated("b", "concat(${a}, '!')", KIND.TEXT, trigger="a"), calculated("c", "${b}"))
    found = reckoned(of, {"a": "x", "b": "kept"})
    assert found.triggered == {"b": "x!"}
    assert found.calculated == {"c": "kept"}


def test_now_is_the_latest_answer() -> None:
    of = form(item("a"), calculated("n", "format-date-time(now(), '%H:%M')"))
    looked = inspection(of).with_answer(Answer(ItemId("a"), "x", STARTED + timedelta(minutes=90)))
    reckon = make_reckoner()
    first = reckon(of, inspection(of), None, frozenset())
    assert first.calculated["n"] == "09:00"
    assert reckon(of, looked, first, frozenset({ItemId("a")})).calculated["n"] == "10:30"


def test_photo_item_has_its_first_photos_hash() -> None:
    of = form(item("p", KIND.PHOTO), calculated("c", "${p}"), item("d", when="${p} != ''"))
    photo = Photo(Sha256("ab" * 32), Sha256("cd" * 32), 10, 10, 100, "image/jpeg")
    looked = replace(inspection(of), photos=(PhotoLink(ItemId("p"), photo, 0),))
    reckon = make_reckoner()
    bare = reckon(of, inspection(of), None, frozenset())
    assert bare.closed == {"d"}
    found = reckon(of, looked, bare, frozenset({ItemId("p")}))
    assert (found.calculated["c"], found.closed) == ("ab" * 32, frozenset())


def test_rows_of_tables_in_tables() -> None:
    of = form(
        table(
            "floor",
            item("level", KIND.INTEGER),
            table("room", item("beds", KIND.INTEGER), calculated("here", "${level} * 100 + ${beds}")),
            calculated("sum", "sum(${beds})"),
            calculated("share", "${sum} div sum(../../floor/room/beds)", KIND.DECIMAL),
            calculated("number", "position(..)"),
            calculated("own", "count(/data/floor/room)"),
        ),
        calculated("all", "sum(${beds})"),
        calculated("rooms", "count(${room})"),
        calculated("second", "indexed-repeat(${beds}, ${floor}, 2, ${room}, 1)"),
    )
    answers = {
        **dict.fromkeys(("floor", "room@1"), "1 2"),
        **{f"level@{n}": n for n in "12"},
        **dict(zip(("room@2", "beds@1.1", "beds@1.2", "beds@2.1"), ("1", "4", "6", "10"), strict=True)),
    }
    found = reckoned(of, answers).calculated
    assert (found["here@1.2"], found["here@2.1"]) == ("106", "210")
    assert (found["sum@1"], found["sum@2"], found["share@1"]) == ("10", "10", "0.5")
    assert (found["number@2"], found["own@1"], found["own@2"]) == ("2", "2", "1")
    assert (found["all"], found["rooms"], found["second"]) == ("20", "3", "10")


def test_closed_table_and_closed_cells_leave_sums() -> None:
    of = form(
        item("on"),
        table("t", item("n", KIND.INTEGER), item("m", KIND.INTEGER, when="${n} > 1"), when="${on} = 'yes'"),
        calculated("sum", "sum(${m})"),
        calculated("rows", "count(${t})"),
    )
    answers = {"on": "yes", "t": "1 2", "n@1": "1", "n@2": "2", "m@1": "10", "m@2": "20"}
    found = reckoned(of, answers)
    assert (found.closed, found.calculated) == ({"m@1"}, {"sum": "20", "rows": "2"})
    found = reckoned(of, {**answers, "on": "no"})
    assert found.calculated == {"sum": "0", "rows": "0"}
    assert "t" in found.closed


RUNNING = form(
    table(
        "t",
        item("x", KIND.INTEGER),
        calculated("before", "if(position(..) = 1, 0, indexed-repeat(${total}, ${t}, position(..) - 1))"),
        calculated("total", "${before} + ${x}"),
    ),
    calculated("end", "indexed-repeat(${total}, ${t}, count(${t}))"),
)


def test_running_total_goes_from_row_to_row() -> None:
    reckon = make_reckoner()
    looked = inspection(RUNNING, {"t": "1 3 2", "x@1": "1", "x@3": "10", "x@2": "100"})
    first = reckon(RUNNING, looked, None, frozenset())
    assert [first.calculated[ItemId(f"total@{r}")] for r in "132"] == ["1", "11", "111"]
    assert first.calculated["end"] == "111"
    moved = looked.with_answer(Answer(ItemId("t"), "2 3", STARTED))
    second = reckon(RUNNING, moved, first, frozenset({ItemId("t")}))
    assert second.calculated == {"before@2": "0", "before@3": "100", "total@2": "100", "total@3": "110", "end": "110"}
    assert mistakes_in(RUNNING) == ()


def test_form_in_a_circle_still_gives_one_result() -> None:
    """Such a form is refused when it is read; one that is open already must not change by itself."""
    of = form(item("x"), calculated("a", "concat(${b}, ${x})"), calculated("b", "concat(${a}, 'y')"))
    reckon = make_reckoner()
    first = reckon(of, inspection(of, {"x": "1"}), None, frozenset())
    again = reckon(of, inspection(of, {"x": "1"}), first, frozenset({ItemId("x")}))
    assert first == again


def test_only_what_depends_is_computed_again() -> None:
    of = form(item("a"), item("b"), calculated("x", "${a}"), calculated("y", "${b}"))
    reckon = make_reckoner()
    first = reckon(of, inspection(of, {"a": "1", "b": "2"}), None, frozenset())
    unsaid = reckon(of, inspection(of, {"a": "3", "b": "4"}), first, frozenset({ItemId("a")}))
    assert unsaid.calculated == {"x": "3", "y": "2"}  # nobody said that b has changed
    assert first.calculated == {"x": "1", "y": "2"}


def test_forms_are_kept_apart() -> None:
    reckon = make_reckoner()
    bare = [replace(form(calculated("c", str(n))), sha256="") for n in range(3)]
    looks = [reckon(of, inspection(of), None, frozenset()).calculated["c"] for of in bare]
    kept = [form(calculated("c", str(n))) for n in range(40)]
    for _ in range(2):
        assert [reckon(of, inspection(of), NOTHING, frozenset({ItemId("c")})) for of in kept[:2]]
    assert looks == ["0", "1", "2"]
    assert [reckon(of, inspection(of), None, frozenset()).calculated["c"] for of in kept] == [str(n) for n in range(40)]


def test_any_thread_may_reckon() -> None:
    reckon, found = make_reckoner(), set()
    forms = [form(item("x"), *(calculated(f"c{n}", f"${{x}} + {n + k}") for n in range(20))) for k in range(3)]

    def work() -> None:
        for _ in range(10):
            for place, of in enumerate(forms):
                found.add((place, reckon(of, inspection(of, {"x": "1"}), None, frozenset()).calculated["c19"]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {(0, "20"), (1, "21"), (2, "22")}


# --- a part is as good as the whole ---

_OUTER = ("a", "b", "c0", "c1", "c2")
_INNER = ("p", "q", "r0", "r1")
_DEEP = ("s", "u0")


@st.composite
def _expressions(draw: st.DrawFn, names: tuple[str, ...], inside: bool) -> str:
    """An expression over some names; inside a table also about its rows."""
    name = draw(st.sampled_from(names))
    other = draw(st.sampled_from(names))
    shapes = [
        f"${{{name}}} + 1",
        f"concat(${{{name}}}, ${{{other}}})",
        f"${{{name}}} = ${{{other}}}",
        f"sum(${{{name}}}) > 3",
        f"if(${{{name}}} > 1, ${{{other}}}, 2)",
        f"count(${{t}}) + count-non-empty(${{{name}}})",
        f"not(${{{name}}} = '1')",
        f"${{{name}}} != ''",
        "count(/data/t[p > 1]/u)",
        "sum(//q)",
        "string-length(string(now())) + ${a}",
    ]
    if inside:
        shapes += [
            "position(..)",
            "sum(../../t/p)",
            f"indexed-repeat(${{{name}}}, ${{t}}, position(..) - 1)",
            "/data/t/p",
        ]
    return draw(st.sampled_from(shapes))


@st.composite
def _forms(draw: st.DrawFn) -> Form:
    """A form whose expressions look back only (so that most are in no circle), and some of whose tables' do not."""
    maybe = st.one_of(st.just(""), st.just(""), _expressions(("a", "b"), inside=False))
    back = st.one_of(st.just(""), _expressions(("a", "b", "p", "q"), inside=False))
    columns = (
        item("p", KIND.INTEGER, when=draw(maybe)),
        item("q", KIND.INTEGER, constraint=draw(_expressions(("p", "q", "a"), inside=True))),
        calculated("r0", draw(_expressions(("p", "q", "a"), inside=True).filter(lambda e: "indexed" not in e))),
        calculated(
            "r1", draw(_expressions((*_INNER, "a"), inside=True).filter(lambda e: "r1" not in e or "inde" in e))
        ),
        item("w", KIND.CHOICE, choice_list="colours", choice_filter="warm = 'yes' or ${p} > 1", question="${r0}"),
        table(
            "u",
            item("s", KIND.INTEGER, when=draw(st.sampled_from(["", "${p} > 1", "${b} = '1'"]))),
            calculated("u0", draw(_expressions(("s", "p", "a"), inside=False))),
            rows=Rows(count="${p}"),
        ),
    )
    items: list[Item] = [
        item("a", KIND.INTEGER),
        item("b", KIND.INTEGER, when=draw(st.sampled_from(["", "${a} > 1", "${a} = ''"]))),
        table("t", *columns, when=draw(maybe)),
        group("g", calculated("c0", draw(_expressions(("a", "b", "p", "s"), inside=False))), when=draw(back)),
        calculated("c1", draw(_expressions(("a", "b", "c0", "q", "u0"), inside=False)), when=draw(back)),
        item("d", required=draw(back), default="${a}", question="${c1}–${p}"),
        calculated("c2", draw(_expressions(("c0", "c1", "r0", "r1"), inside=False)), KIND.INTEGER),
    ]
    return form(*items)


_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "t", "p@1", "p@2", "q@1", "q@3", "u@1", "u@2", "s@1.1", "s@2.1", "w@1", "d", "p@9"]),
        st.sampled_from(["1", "2", "3", ""]),
    ),
    min_size=1,
    max_size=8,
)
_ROWS = {"1": "1", "2": "2 1", "3": "1 2 3", "": ""}


def _changed(looked: Inspection, address: str, text: str) -> Inspection:
    value = _ROWS[text] if address[0] in "tu" else text
    if not value:
        return looked.without_answer(ItemId(address))
    return looked.with_answer(Answer(ItemId(address), value, STARTED + timedelta(seconds=len(looked.answers))))


@given(_forms(), _CHANGES)
@settings(max_examples=250, deadline=None)
def test_a_part_is_as_good_as_the_whole(of: Form, changes: list[tuple[str, str]]) -> None:
    reckon = make_reckoner()
    looked = inspection(of, {"t": "1 2", "p@1": "2", "u@1": "1", "s@1.1": "3"})
    known = reckon(of, looked, None, frozenset())
    for address, text in changes:
        looked = _changed(looked, address, text)
        known = reckon(of, looked, known, frozenset({ItemId(address)}))
        assert known == reckon(of, looked, None, frozenset())


@given(_forms(), _CHANGES)
@settings(max_examples=60, deadline=None)
def test_several_changes_at_once(of: Form, changes: list[tuple[str, str]]) -> None:
    reckon = make_reckoner()
    looked = inspection(of, {"t": "1 2", "p@1": "2"})
    known = reckon(of, looked, None, frozenset())
    for address, text in changes:
        looked = _changed(looked, address, text)
    known = reckon(of, looked, known, frozenset(ItemId(a) for a, _ in changes))
    assert known == reckon(of, looked, None, frozenset())


# --- what is wrong in a form ---


def _codes(*items: Item, lists: tuple[ChoiceList, ...] = (COLOURS,)) -> list[tuple[str, str, str]]:
    return [(m.item, m.field, m.code) for m in mistakes_in(form(*items, choices=lists))]


def test_good_form_has_no_mistakes() -> None:
    assert check_expressions(RUNNING) == ((), ())


@pytest.mark.parametrize(
    ("broken", "field", "code"),
    [
        (item("x", when="${nobody} = 1"), "when", "unknown-name"),
        (item("x", when="../nobody = 1"), "when", "unknown-name"),
        (item("x", when="/data/a/b = 1"), "when", "unknown-name"),
        (item("x", constraint="fly(.)"), "constraint", "unknown-function"),
        (item("x", required="document('a.xml')"), "required", "unknown-function"),
        (item("x", required="if(1, 2)"), "required", "wrong-arguments"),
        (calculated("x", "indexed-repeat(${a}, ${t}, 1, 2)"), "calculate", "wrong-arguments"),
        (calculated("x", "indexed-repeat(${a}, ${t}, 1)"), "calculate", "not-in-table"),
        (calculated("x", "sum(3)"), "calculate", "not-a-path"),
        (calculated("x", "regex(${a}, '(')"), "calculate", "bad-pattern"),
        (calculated("x", "jr:choice-name('r', '${a}')"), "calculate", "not-a-choice"),
        (calculated("x", "1 +"), "calculate", "bad-expression"),
        (calculated("x", "(" * 200), "calculate", "expression-too-deep"),
        (calculated("x", "1" * 10_001), "calculate", "expression-too-long"),
        (calculated("x", "1", trigger="nobody"), "trigger", "unknown-name"),
        (item("x", question="${nobody}?"), "question", "unknown-name"),
        (item("x", hint=Words("${nobody}?")), "hint", "unknown-name"),
        (item("x", constraint="1", constraint_message=Words("${nobody}")), "constraint_message", "unknown-name"),
        (item("x", KIND.INTEGER, default="${nobody}"), "default", "unknown-name"),
        (item("x", KIND.INTEGER, default="many many"), "default", "bad-expression"),
        (table("x", item("y"), rows=Rows(count="${nobody}")), "count", "unknown-name"),
        (item("x", KIND.CHOICE, choice_list="colours", choice_filter="warm ="), "choice_filter", "bad-expression"),
    ],
)
def test_mistakes(broken: Item, field: str, code: str) -> None:
    assert _codes(item("a"), table("t", item("n")), broken) == [("x", field, code)]


def test_mistakes_are_said_in_both_languages_and_say_where() -> None:
    (found,) = mistakes_in(form(item("x", when="1 = ${nobody}")))
    assert (found.zh, found.en) == (
        "没有叫“nobody”的项目（第 5 字处）",
        "There is nothing named 'nobody' (at character 5)",
    )


@pytest.mark.parametrize(
    ("items", "way"),
    [
        ((calculated("a", "${a} + 1"),), "a → a"),
        ((calculated("a", "${b}"), calculated("b", "${a}")), "a → b → a"),
        ((item("a", when="${b} = 1"), item("b", when="${a} = 1")), "a → b → a"),
        ((group("g", item("a"), when="${a} = 1"),), "g → g"),
        ((table("t", item("n", KIND.INTEGER), rows=Rows(count="sum(${n})")),), "t → t"),
        ((table("t", item("n"), calculated("m", "sum(../../t/m)")),), "m → m"),
        ((calculated("a", "${b}"), calculated("b", "${c}"), calculated("c", "${a}")), "a → b → c → a"),
    ],
)
def test_circles_are_named(items: tuple[Item, ...], way: str) -> None:
    (found,) = mistakes_in(form(*items))
    assert (found.code, found.zh.rpartition("：")[2], found.en.rpartition(": ")[2]) == ("expression-circle", way, way)


def test_long_chains_are_no_circles() -> None:
    chain = [calculated(f"c{n}", f"${{c{n + 1}}} + 1") for n in range(3_000)]
    of = form(*chain, calculated("c3000", "1"))
    assert mistakes_in(of) == ()
    assert reckoned(of).calculated["c0"] == "3001"


def test_warnings() -> None:
    of = form(
        item("a", KIND.CHOICE, choice_list="colours", choice_filter="size = ${b} or name = 'red'"),
        item("b", KIND.CHOICE, choice_list="colours", choice_filter="warm = ${c}"),
        item("c", KIND.CHOICE, choice_list="colours", choice_filter="warm = ${b}"),
        calculated("d", "pulldata('f', 'a', 'b', 'c')"),
        calculated("e", "instance('nobody')/root/item/label"),
        calculated("f", "${last-saved#a}"),
    )
    assert mistakes_in(of) == ()
    assert [(w.item, w.code) for w in warnings_in(of)] == [
        ("a", "unknown-column"),
        ("b", "filter-circle"),
        ("d", "always-empty"),
        ("e", "unknown-list"),
        ("f", "last-saved"),
    ]


def test_filter_knows_columns_that_only_some_choices_have() -> None:
    sizes = ChoiceList("sizes", (Choice("s", Words("小")), Choice("l", Words("大"), columns=(("big", "1"),))))
    of = form(item("a", KIND.CHOICE, choice_list="sizes", choice_filter="big = 1"), choices=(sizes,))
    assert check_expressions(of) == ((), ())
    assert reckoned(of).offered == {"a": ("l",)}


def test_answer_spec_without_expressions_is_left_alone() -> None:
    assert reckoned(form(item("a"), Item(ItemId("b"), Words("？"), answer=AnswerSpec(KIND.DATE)))) == NOTHING


def test_rank_among_five_hundred_rows() -> None:
    """Every row looks at every row: the most that a table of this size may cost."""
    of = form(table("t", item("x", KIND.INTEGER), calculated("rank", "1 + count(../../t[x > current()/../x])")))
    rows = [str(n) for n in range(1, 501)]
    found = reckoned(of, {"t": " ".join(rows), **{f"x@{row}": row for row in rows}}).calculated
    assert (found["rank@1"], found["rank@500"]) == ("500", "1")
