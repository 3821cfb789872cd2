"""XLSForm workbooks as forms: what each question type, group and column becomes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from safetyapp.domain.answer_kinds import AnswerKind, Choice
from safetyapp.domain.form import ALWAYS, Media
from safetyapp.domain.words import Words
from safetyapp.forms.read_yaml import read_form
from safetyapp.forms.write_yaml import write_form
from safetyapp.forms.xlsform import read_xlsform
from tests.forms.xlsform_books import book, item_of, notes_of, opened, said
from tests.forms.xlsform_filling import Filler, fill_and_finalise

HEAD = ("type", "name", "label")
YES_NO = [("list_name", "name", "label"), ("yn", "yes", "Yes"), ("yn", "no", "No")]

KINDS = {
    "text": AnswerKind.TEXT,
    "integer": AnswerKind.INTEGER,
    "int": AnswerKind.INTEGER,
    "decimal": AnswerKind.DECIMAL,
    "range": AnswerKind.RANGE,
    "date": AnswerKind.DATE,
    "time": AnswerKind.TIME,
    "dateTime": AnswerKind.DATETIME,
    "select_one yn": AnswerKind.CHOICE,
    "select_multiple yn": AnswerKind.CHOICES,
    "rank yn": AnswerKind.RANK,
    "note": AnswerKind.NOTE,
    "geopoint": AnswerKind.POSITION,
    "geotrace": AnswerKind.TRACE,
    "geoshape": AnswerKind.SHAPE,
    "image": AnswerKind.PHOTO,
    "audio": AnswerKind.AUDIO,
    "video": AnswerKind.VIDEO,
    "file": AnswerKind.FILE,
    "barcode": AnswerKind.BARCODE,
    "acknowledge": AnswerKind.ACKNOWLEDGE,
    "trigger": AnswerKind.ACKNOWLEDGE,
    "hidden": AnswerKind.CALCULATION,
    "start": AnswerKind.CALCULATION,
    "end": AnswerKind.CALCULATION,
    "today": AnswerKind.CALCULATION,
    "username": AnswerKind.CALCULATION,
    "deviceid": AnswerKind.CALCULATION,
    "phonenumber": AnswerKind.CALCULATION,
    "background-audio": AnswerKind.CALCULATION,
    "start-geopoint": AnswerKind.CALCULATION,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_question_type_is_of_a_kind_and_can_be_filled(kind: str, tmp_path: Path) -> None:
    data = book([HEAD, (kind, "q", "Q"), ("text", "other", "Other")], YES_NO)
    form = opened(data)
    item = form.item("q")
    assert item is not None
    assert item.answer.kind is KINDS[kind]
    assert item.required == ""
    assert fill_and_finalise(form, tmp_path) == ""


def test_nothing_is_required_and_days_and_numbers_are_free_unless_the_form_says_so() -> None:
    data = book(
        [(*HEAD, "required"), ("integer", "a", "A", None), ("date", "b", "B", "yes"), ("text", "c", "C", "${a}=1")]
    )
    form = opened(data)
    a, b, c = form.items()
    assert (a.required, b.required, c.required) == ("", ALWAYS, "${a}=1")
    assert a.answer.signed
    assert b.answer.future
    assert (a.basis, a.days, a.method) == ((), 0, Words(""))


def test_range_takes_its_ends_and_steps(tmp_path: Path) -> None:
    head = (*HEAD, "parameters")
    form = opened(
        book(
            [
                head,
                ("range", "a", "A", "start=0 end=10 step=0.5"),
                ("range", "odd", "Odd", "start=1 end=9 step=2"),
                ("range", "down", "Down", "start=5 end=-5 step=1"),
            ]
        )
    )
    a, odd, down = form.items()
    assert (a.answer.limits.minimum, a.answer.limits.maximum, a.answer.step) == (0, 10, Decimal("0.5"))
    assert (down.answer.limits.minimum, down.answer.limits.maximum) == (-5, 5)
    assert odd.answer.step is None  # our steps count from 0, XLSForm's from the start: a constraint says it
    filler = Filler(form, tmp_path)
    assert not filler.answer("odd", "4")
    assert filler.answer("odd", "5")
    assert not filler.answer("a", "10.5")
    assert not filler.answer("a", "0.3")
    assert filler.answer("down", "-5")


def test_metadata_is_calculated_from_the_inspection(tmp_path: Path) -> None:
    data = book(
        [HEAD, ("start", "s", ""), ("today", "t", ""), ("username", "u", ""), ("deviceid", "d", ""), ("text", "q", "Q")]
    )
    calculated = Filler(opened(data), tmp_path).draft.reckoned.calculated
    assert calculated["s"].startswith("2026-11-24T12:00")
    assert calculated["t"] == "2026-11-24"
    assert calculated["u"] == "张示例"
    assert calculated["d"] == ""
    assert ("form.xlsx:survey!5", "not-supported") in said(data)


def test_labelled_groups_at_the_top_are_sections_and_what_stands_between_them_too() -> None:
    form = opened(
        book(
            [
                (*HEAD, "relevant"),
                ("text", "a", "A", None),
                ("begin group", "g", "Group", "${a} != ''"),
                ("text", "b", "B", None),
                ("begin group", "inner", "Inner", None),
                ("text", "c", "C", None),
                ("end group", "", "", None),
                ("end group", "", "", None),
                ("text", "d", "D", None),
            ],
            settings={"form_title": "表", "form_id": "f"},
        )
    )
    assert [(s.id, s.title.zh, s.when) for s in form.sections] == [
        ("part-1", "表", ""),
        ("g", "Group", "${a} != ''"),
        ("part-3", "表", ""),
    ]
    inner = form.item("inner")
    assert inner is not None
    assert inner.answer.kind is AnswerKind.GROUP
    assert [i.id for i in form.items()] == ["a", "b", "c", "d"]


def test_repeats_are_tables_with_their_count_and_sums_over_them(tmp_path: Path) -> None:
    form = opened(
        book(
            [
                (*HEAD, "repeat_count", "calculation", "constraint"),
                ("integer", "n", "N", None, None, ". < 5"),
                ("begin repeat", "child", "Child", "${n} + 1", None, None),
                ("integer", "age", "Age", None, None, None),
                ("begin repeat", "toy", "Toy", None, None, None),
                ("decimal", "price", "Price", None, None, None),
                ("end repeat", "", "", None, None, None),
                ("calculate", "spent", "", None, "sum(${price})", None),
                ("end repeat", "", "", None, None, None),
                ("calculate", "ages", "", None, "sum(${age})", None),
                ("calculate", "rows", "", None, "count(${child})", None),
                ("calculate", "all", "", None, "sum(/data/child/toy/price)", None),
            ]
        )
    )
    child = form.item("child")
    assert child is not None
    assert (child.answer.kind, child.rows.count) == (AnswerKind.TABLE, "${n} + 1")
    assert form.item("child_count") is None
    filler = Filler(form, tmp_path)
    filler.answer("n", "2")
    assert filler.draft.inspection.answers["child"].value == "1 2 3"
    for row, age in (("1", "4"), ("2", "5"), ("3", "6")):
        assert filler.answer(f"age@{row}", age)
    assert filler.answer("toy@1", "+2")
    assert filler.answer("toy@2", "+1")
    assert filler.answer("price@1.1", "1.5")
    assert filler.answer("price@1.2", "2")
    assert filler.answer("price@2.1", "10")
    found = filler.draft.reckoned.calculated
    assert (found["ages"], found["rows"], found["all"]) == ("15", "3", "13.5")
    assert (found["spent@1"], found["spent@2"]) == ("3.5", "10")


def test_relative_and_absolute_paths_reach_what_they_mean(tmp_path: Path) -> None:
    form = opened(
        book(
            [
                (*HEAD, "calculation"),
                ("integer", "top", "Top", None),
                ("begin group", "g", "G", None),
                ("integer", "q", "Q", None),
                ("calculate", "beside", "", "../q + 1"),
                ("calculate", "above", "", "../../top + 1"),
                ("calculate", "absolute", "", "/data/g/q * 2"),
                ("calculate", "from_here", "", "current()/../q + 5"),
                ("end group", "", "", None),
                ("begin repeat", "r", "R", None),
                ("integer", "x", "X", None),
                ("calculate", "y", "", "../x + ../../top"),
                ("end repeat", "", "", None),
            ]
        )
    )
    filler = Filler(form, tmp_path)
    filler.answer("top", "10")
    filler.answer("q", "3")
    filler.answer("r", "+2")
    filler.answer("x@1", "1")
    filler.answer("x@2", "2")
    found = filler.draft.reckoned.calculated
    assert [found[n] for n in ("beside", "above", "absolute", "from_here")] == ["4", "11", "6", "8"]
    assert (found["y@1"], found["y@2"]) == ("11", "12")


def test_name_in_two_groups_is_two_ids_and_paths_follow(tmp_path: Path) -> None:
    data = book(
        [
            (*HEAD, "calculation"),
            ("begin group", "one", "One", None),
            ("integer", "n", "N", None),
            ("end group", "", "", None),
            ("begin group", "two", "Two", None),
            ("integer", "n", "N", None),
            ("calculate", "double", "", "../n * 2"),
            ("end group", "", "", None),
            ("calculate", "both", "", "/data/one/n + /data/two/n + ../two/n"),
        ]
    )
    form = opened(data)
    assert [i.id for i in form.items()] == ["n", "two.n", "double", "both"]
    assert ("form.xlsx:survey!6", "renamed") in said(data)
    filler = Filler(form, tmp_path)
    filler.answer("n", "1")
    filler.answer("two.n", "10")
    found = filler.draft.reckoned.calculated
    assert (found["double"], found["both"]) == ("20", "21")


def test_loop_asks_its_questions_once_for_each_choice() -> None:
    form = opened(
        book(
            [HEAD, ("begin loop over yn", "l", ""), ("integer", "n", "How many %(label)s?"), ("end loop", "", "")],
            YES_NO,
        )
    )
    assert [(i.id, i.question.zh) for i in form.items()] == [("n", "How many Yes?"), ("no.n", "How many No?")]


def test_or_other_asks_for_the_words(tmp_path: Path) -> None:
    form = opened(book([HEAD, ("select_one yn or_other", "q", "Q")], YES_NO))
    assert [i.id for i in form.items()] == ["q", "q_other"]
    filler = Filler(form, tmp_path)
    filler.answer("q", "yes")
    assert "q_other" in filler.draft.reckoned.closed
    filler.answer("q", "other")
    assert "q_other" not in filler.draft.reckoned.closed
    assert filler.answer("q_other", "别的")


CASCADE = [
    ("list_name", "name", "label", "state", "county"),
    ("states", "tx", "Texas", None, None),
    ("states", "wa", "Washington", None, None),
    ("counties", "king", "King", "wa", None),
    ("counties", "king", "King", "tx", None),
    ("counties", "bell", "Bell", "tx", None),
    ("cities", "seattle", "Seattle", "wa", "king"),
    ("cities", "guthrie", "Guthrie", "tx", "king"),
]


def test_cascading_selects_offer_what_fits_also_where_two_share_a_name(tmp_path: Path) -> None:
    data = book(
        [
            (*HEAD, "choice_filter"),
            ("select_one states", "state", "State", None),
            ("select_one counties", "county", "County", "state = ${state}"),
            ("select_one cities", "city", "City", "county=${county} and state = ${state}"),
        ],
        CASCADE,
        {"allow_choice_duplicates": "yes"},
    )
    filler = Filler(opened(data), tmp_path)
    filler.answer("state", "tx")
    assert filler.draft.reckoned.offered["county"] == ("king__2", "bell")
    assert not filler.answer("county", "king")
    filler.answer("county", "king__2")
    assert filler.draft.reckoned.offered["city"] == ("guthrie",)
    assert ("form.xlsx:choices", "renamed") in said(data)


def test_name_that_choices_share_is_what_expressions_see(tmp_path: Path) -> None:
    choices = [
        ("list_name", "name", "label", "cf"),
        *(("states", "tx", "Texas", None), ("states", "wa", "Washington", None)),
        *(("counties", "king", "King", "wa"), ("counties", "king", "King", "tx"), ("cities", "guthrie", "G", "king")),
    ]
    data = book(
        [
            (*HEAD, "choice_filter", "relevant"),
            ("select_one states", "state", "State", None, None),
            ("select_one counties", "county", "County", "${state}=cf", None),
            ("select_one cities", "city", "City", "${county}=cf", None),
            ("text", "why", "Why?", None, "selected(${county}, 'king') and 'king' = ${county}"),
        ],
        choices,
        {"allow_choice_duplicates": "yes"},
    )
    filler = Filler(opened(data), tmp_path)
    filler.answer("state", "tx")
    assert "why" in filler.draft.reckoned.closed
    filler.answer("county", "king__2")
    assert filler.draft.reckoned.offered["city"] == ("guthrie",)
    assert "why" not in filler.draft.reckoned.closed


def test_translations_go_where_they_belong() -> None:
    head = ("type", "name", "label::English (en)", "label::中文 (zh)", "label::Français (fr)", "hint::中文 (zh)")
    data = book([head, ("text", "q", "Name", "姓名", "Nom", "写全名")])
    form = opened(data)
    assert form.item("q").question == Words("姓名", "Name")
    assert form.item("q").hint == Words("写全名")
    assert "Français (fr)" in str(notes_of(data).warnings[-1])


def test_only_language_and_the_default_language_go_into_zh() -> None:
    one = book([HEAD, ("text", "q", "Name")])
    assert item_of(one, "q").question == Words("Name")
    head = ("type", "name", "label::Français (fr)", "label::English (en)")
    two = book([head, ("text", "q", "Nom", "Name")], settings={"default_language": "Français (fr)"})
    assert item_of(two, "q").question == Words("Nom", "Name")


def test_messages_hints_media_and_looks_are_kept() -> None:
    head = (
        *HEAD,
        "hint",
        "guidance_hint",
        "constraint",
        "constraint_message",
        "required",
        "required_message",
        "image",
        "appearance",
    )
    data = book([head, ("integer", "q", "Q", "H", "G", ". > 3", "too small", "yes", "needed", "a.png", "minimal")])
    q = item_of(data, "q")
    assert (q.hint.zh, q.method.zh) == ("H", "G")
    assert (q.constraint, q.constraint_message.zh) == (". > 3", "too small")
    assert (q.required, q.required_message.zh) == (ALWAYS, "needed")
    assert (q.media, q.appearance) == ((Media("image", "a.png"),), "minimal")


def test_constraint_refuses_with_its_message(tmp_path: Path) -> None:
    data = book([(*HEAD, "constraint", "constraint_message"), ("integer", "q", "Q", ". > 3", "太小")])
    filler = Filler(opened(data), tmp_path)
    assert not filler.answer("q", "3")
    assert filler.answer("q", "4")


def test_defaults_literal_and_reckoned_start_in_their_places(tmp_path: Path) -> None:
    rows = [
        (*HEAD, "default"),
        ("text", "a", "A", "somebody"),
        ("integer", "b", "B", "7"),
        ("date", "c", "C", "today()"),
        ("text", "d", "D", "concat('x', ${b})"),
        ("select_one yn", "e", "E", "no"),
        ("integer", "f", "F", "3 + 4"),
        ("hidden", "h", "", "a'b"),
    ]
    filler = Filler(opened(book(rows, YES_NO)), tmp_path)
    values = {name: answer.value for name, answer in filler.draft.inspection.answers.items()}
    assert values == {"a": "somebody", "b": "7", "c": "2026-11-24", "d": "x7", "e": "no", "f": "7"}
    assert filler.draft.reckoned.calculated["h"] == "a'b"


def test_default_that_is_no_answer_is_named() -> None:
    data = book([(*HEAD, "default"), ("integer", "q", "Q", "many")])
    assert item_of(data, "q").default == ""
    assert said(data) == [("form.xlsx:survey!2", "not-carried")]


def test_trigger_calculates_once_when_its_question_is_answered(tmp_path: Path) -> None:
    data = book([(*HEAD, "calculation", "trigger"), ("text", "a", "A", None, None), ("text", "b", "B", "${a}", "${a}")])
    filler = Filler(opened(data), tmp_path)
    filler.answer("a", "one")
    assert filler.draft.inspection.answers["b"].value == "one"
    filler.answer("b", "mine")
    assert filler.draft.inspection.answers["b"].value == "mine"
    filler.answer("a", "two")
    assert filler.draft.inspection.answers["b"].value == "two"


def test_labels_quote_answers(tmp_path: Path) -> None:
    filler = Filler(opened(book([HEAD, ("text", "a", "A"), ("note", "b", "Hello ${a}!")])), tmp_path)
    filler.answer("a", "World")
    assert filler.draft.reckoned.wordings["b"].zh == "Hello World!"


def test_choices_keep_columns_pictures_and_ids_that_answers_can_name(tmp_path: Path) -> None:
    choices = [
        ("list_name", "name", "label", "image", "height"),
        ("trees", "big oak", "Oak", "oak.png", 30),
        ("trees", "ash", None, None, None),
    ]
    data = book(
        [(*HEAD, "relevant"), ("select_one trees", "q", "Q", None), ("text", "r", "R", "${q} = 'big oak'")], choices
    )
    form = opened(data)
    assert form.choices[0].choices == (
        Choice("big_oak", Words("Oak"), media="oak.png", columns=(("height", "30"),)),
        Choice("ash", Words("ash")),
    )
    filler = Filler(form, tmp_path)
    filler.answer("q", "ash")
    assert "r" in filler.draft.reckoned.closed
    filler.answer("q", "big_oak")
    assert "r" not in filler.draft.reckoned.closed


def test_choices_in_a_file_beside_the_workbook(tmp_path: Path) -> None:
    rows = [(*HEAD, "choice_filter"), ("select_one_from_file towns.csv", "q", "Q", "kind = 'city'")]
    path = tmp_path / "form.xlsx"
    path.write_bytes(book(rows))
    form, notes = read_xlsform(path)
    assert form is not None
    assert form.item("q").answer.kind is AnswerKind.TEXT
    assert [(w.where, w.code) for w in notes.warnings] == [("form.xlsx:survey!2", "not-supported")]
    (tmp_path / "towns.csv").write_text("name,label,kind\na,Aa,city\nb,Bb,town\n", encoding="utf-8")
    form, notes = read_xlsform(path)
    assert form is not None
    filler = Filler(form, tmp_path / "store")
    assert filler.draft.reckoned.offered["q"] == ("a",)
    assert notes.warnings == ()


NAMED = {
    "ex:": ([(*HEAD, "appearance"), ("text", "q", "Q", "ex:org.app(x)")], AnswerKind.TEXT),
    "search": ([(*HEAD, "appearance"), ("select_one yn", "q", "Q", "search('fruits')")], AnswerKind.TEXT),
    "pulldata": (
        [(*HEAD, "calculation"), ("calculate", "q", "", "pulldata('f', 'a', 'b', 'c')")],
        AnswerKind.CALCULATION,
    ),
    "read-only": ([(*HEAD, "readonly"), ("text", "q", "Q", "today() > '2020-01-01'")], AnswerKind.TEXT),
    "parameter": ([(*HEAD, "parameters"), ("image", "q", "Q", "max-pixels=1024")], AnswerKind.PHOTO),
    "random": ([(*HEAD, "parameters"), ("select_one yn", "q", "Q", "randomize=true")], AnswerKind.CHOICE),
    "big": ([(*HEAD, "image", "big-image"), ("note", "q", "Q", "a.png", "b.png")], AnswerKind.NOTE),
    "answers": (
        [HEAD, ("begin repeat", "r", "R"), ("text", "t", "T"), ("end repeat", "", ""), ("select_one ${t}", "q", "Q")],
        AnswerKind.TEXT,
    ),
}


@pytest.mark.parametrize("what", NAMED)
def test_what_cannot_be_carried_is_named_at_its_row(what: str) -> None:
    rows, kind = NAMED[what]
    data = book([*rows, ("text", "z", "Z")], YES_NO)
    assert item_of(data, "q").answer.kind is kind
    place = f"form.xlsx:survey!{len(rows)}"
    assert [(where, code) for where, code in said(data) if where == place and code != "pyxform"]


def test_rows_without_an_item_are_named() -> None:
    data = book(
        [
            (*HEAD, "disabled", "save_to"),
            ("audit", "audit", None, None, None),
            ("csv-external", "data_file", None, None, None),
            ("text", "off", "Off", "yes", None),
            ("text", "q", "Q", None, None),
        ]
    )
    assert [i.id for i in opened(data).items()] == ["q"]
    places = {where for where, _ in said(data)}
    assert {f"form.xlsx:survey!{row}" for row in (2, 3, 4)} <= places


def test_head_of_the_form() -> None:
    data = book([HEAD, ("text", "q", "Q")], settings={"form_title": "表", "form_id": "my form 1", "version": "2026-1"})
    form = opened(data)
    assert (form.id, form.version, form.title.zh, form.category) == ("my_form_1", "2026-1", "表", "xlsform")
    plain = opened(book([HEAD, ("text", "q", "Q")]), "2号表.xlsx")
    assert (plain.id, plain.title.zh, len(plain.version)) == ("_2号表", "2号表", 8)


def test_same_bytes_give_the_same_form_and_its_yaml_is_the_same_form() -> None:
    data = book(
        [(*HEAD, "choice_filter", "default"), ("select_one counties", "q", "Q", "state = 'tx'", "bell")],
        CASCADE,
        {"allow_choice_duplicates": "yes"},
    )
    assert opened(data) == opened(data)
    assert read_form(write_form(opened(data)).encode(), "f.yaml") == opened(data)


def test_markdown_and_csv_in_pyxforms_manner() -> None:
    markdown = "| survey |\n| | type | name | label |\n| | text | q | Q |\n"
    table = '"survey"\n,"type","name","label"\n,"text","q","Q"\n'
    assert opened(markdown.encode(), "f.md").item("q") is not None
    assert opened(table.encode(), "f.csv").item("q") is not None
