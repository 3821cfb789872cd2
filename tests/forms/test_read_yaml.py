"""Reading forms: a good one whole, a wrong one not at all, with every mistake at its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import Limits
from safetyapp.domain.form import Form, PhotoRule, Severity, with_address
from safetyapp.forms import yaml_tree
from safetyapp.forms.check import check_form
from safetyapp.forms.mistakes import LARGEST_FILE, FormRefused, Mistake
from safetyapp.forms.read_yaml import read_form
from tests.forms.examples import GOOD, spoilt


def refused(data: bytes) -> tuple[Mistake, ...]:
    with pytest.raises(FormRefused) as caught:
        read_form(data, "small.yaml")
    assert caught.value.mistakes
    return caught.value.mistakes


def test_a_good_form_opens() -> None:
    form = read_form(GOOD.encode(), "small.yaml")
    first, second = form.items()
    assert (first.severity, first.photo) == (Severity.MAJOR, PhotoRule.NONE)
    assert first.criterion is not None
    assert second.answer.limits == Limits(Decimal("0.90"), Decimal("4.0"))
    assert str(second.answer.limits.minimum) == "0.90"
    assert second.when == "${A-01} = 'pass'"
    assert form.sha256 == with_address(form).sha256
    assert len(form.sha256) == 64


def test_the_address_follows_the_content_not_the_spelling() -> None:
    form = read_form(GOOD.encode())
    same = read_form(("# a remark\n" + GOOD.replace("{kind: conformity}", '{"kind": "conformity"}')).encode())
    other = read_form(GOOD.replace("days: 7", "days: 8").encode())
    assert form.sha256 == same.sha256 != other.sha256


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm() -> None:
    plain = read_form(GOOD.encode())
    assert read_form(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == plain


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: A-02", "id: A-01", "duplicate-id"),
        ("  - id: one", "  - id: one two", "bad-id"),
        ("kind: conformity", "kind: conformty", "unknown-kind"),
        ("kinds: [primary]", "kinds: [primery]", "unknown-kind"),
        ("has: [canteen]", "has: [cantine]", "unknown-fact"),
        ("[{kinds: [primary], has: [canteen]}]", "[{}]", "missing"),
        ("[{kinds: [primary], has: [canteen]}]", "[]", "missing"),
        ("document: law, clause: 第一条", "document: lex, clause: 第一条", "unknown-document"),
        ("document: law, clause: 第一条", 'document: "", clause: 第一条', "missing"),
        ("clause: 第九条, verified: false", "clause: 第九条, verified: true", "superseded"),
        ("{document: law, clause: 第三条, verified: true}", "{document: old, clause: 第三条}", "bad-criterion"),
        ("{document: law, clause: 第三条, verified: true}", "{document: law}", "bad-criterion"),
        ('min: "0.90"', "min: 0.90", "bad-limit"),
        ('min: "0.90"', 'min: "5"', "bad-limit"),
        ('min: "0.90"', 'min: "0,9"', "bad-number"),
        ('min: "0.90"', "min: NaN", "bad-number"),
        ('min: "0.90"', 'min: "1e9"', "bad-number"),
        ('min: "0.90"', 'min: "０.９"', "bad-number"),
        ('min: "0.90"', "max_age_days: 30", "bad-limit"),
        ("days: 7", "days: seven", "bad-number"),
        ("days: 7", "days: -1", "bad-number"),
        ("days: 7", "days: 7.5", "bad-number"),
        ("photo: on_fail", "photo: sometimes", "unknown-photo"),
        ("severity: general", "severity: huge", "unknown-severity"),
        ("status: verified", "status: certain", "unknown-status"),
        ("superseded: true", "superseded: yes", "bad-value"),
        ("in_force: 2009-05-01", "in_force: 2009-02-30", "bad-date"),
        ("in_force: 2009-05-01", "in_force: May 2009", "bad-date"),
        ("        days: 7", "        dayz: 7", "unknown-key"),
        ("photo: on_fail", "photo: on_fail\n        photo: none", "duplicate-key"),
        ("when: ${A-01} = 'pass'", "when: ${A-09} = 'pass'", "unknown-name"),
        ("when: ${A-01} = 'pass'", "when: ${A-02} = 'pass'", "expression-circle"),
        ("when: ${A-01} = 'pass'", "when: ${A-01} is fine", "bad-expression"),
        ("format: 1", "format: 2", "unknown-format"),
        ("{zh: 多宽？, en: How wide?}", '{zh: "", en: How wide?}', "missing"),
        ("{zh: 多宽？, en: How wide?}", "{zh: 多宽？, en: [1]}", "bad-value"),
        ("{zh: 多宽？, en: How wide?}", '{zh: "a\\0b"}', "bad-text"),
        ("{zh: 多宽？, en: How wide?}", '{zh: "\\uD800"}', "bad-text"),
        ("{zh: 多宽？, en: How wide?}", "{zh: " + "长" * 5000 + "}", "too-long"),
        ("category: fire", "category: &x fire", "yaml-alias"),
        ("category: fire", "category: *x", "yaml-alias"),
        ("category: fire", "category: !!python/object:os.system fire", "yaml-tag"),
        ("category: fire", "category: " + "[" * 40 + "]" * 40, "too-deep"),
        ("category: fire", "category: " + "{a: " * 40 + "}" * 40, "too-deep"),
        ("category: fire", "category: fire\n<<: {category: fire}", "unknown-key"),
        ("category: fire", "category: fire\nchoices: &c {}", "yaml-alias"),
        ("category: fire", "category: !!binary ZmlyZQ==", "yaml-tag"),
        ("category: fire", "category: !fire fire", "yaml-tag"),
        ("category: fire", "category: fire\ndue: !!set {a, b}", "yaml-tag"),
        ("category: fire", "category: fire\nchoices: {l: [{id: a, label: &b 甲}]}", "yaml-alias"),
        ("category: fire", "category: {fire", "yaml-syntax"),
        ("category: fire", "category: fire\x00", "yaml-syntax"),
        ("category: fire", "? [a, b]\n: c", "bad-key"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, code: str) -> None:
    data, line = spoilt(old, new)
    found = {(mistake.code, mistake.where) for mistake in refused(data)}
    lines = {where for c, where in found if c == code}
    shift = 0 if code == "bad-key" else new.count("\n")
    assert lines, found
    if code not in ("yaml-syntax", "missing"):
        assert f"small.yaml:{line + shift}" in lines


def test_more_values_than_a_form_can_have_are_refused_before_they_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert yaml_tree.MOST_PARTS == 400_000
    assert read_form(GOOD.encode())
    monkeypatch.setattr(yaml_tree, "MOST_PARTS", 100)
    assert [m.code for m in refused(GOOD.encode())] == ["too-large"]


def test_limits_must_fit_the_kind_of_answer() -> None:
    data, line = spoilt("kind: decimal", "kind: date")
    assert [(m.code, m.where) for m in refused(data)] == [
        ("bad-limit", f"small.yaml:{line + 2}"),
        ("bad-limit", f"small.yaml:{line + 3}"),
    ]


def test_broken_yaml_is_placed_where_the_reader_stumbles() -> None:
    data, line = spoilt("    in_force: 2009-05-01", "   in_force: 2009-05-01")
    assert [(m.code, m.where) for m in refused(data)] == [("yaml-syntax", f"small.yaml:{line}")]
    data, line = spoilt("category: fire", "category: fi\x00re")
    assert [(m.code, m.where) for m in refused(data)] == [("yaml-syntax", f"small.yaml:{line}")]


def test_a_missing_key_is_placed_at_its_item() -> None:
    data, _ = spoilt("        days: 7\n", "")
    (mistake,) = refused(data)
    line = GOOD[: GOOD.index("- id: A-01")].count("\n") + 1
    assert (mistake.code, mistake.where) == ("missing", f"small.yaml:{line}")
    assert "days" in mistake.message


def test_major_needs_a_criterion() -> None:
    data, _ = spoilt("        criterion: {document: law, clause: 第三条, verified: true}\n", "")
    (mistake,) = refused(data)
    line = GOOD[: GOOD.index("severity: major")].count("\n") + 1
    assert (mistake.code, mistake.where) == ("major-without-criterion", f"small.yaml:{line}")


def test_an_unknown_key_gets_a_suggestion() -> None:
    data, _ = spoilt("photo: on_fail", "foto: on_fail")
    (mistake,) = refused(data)
    assert "photo" in mistake.message
    chinese, english = mistake.message.split("。", 1)
    assert chinese
    assert english.endswith(".")


def test_tabs_are_named_as_tabs_every_one_of_them() -> None:
    data = GOOD.replace("        days", "\tdays").encode()
    mistakes = refused(data)
    assert [m.code for m in mistakes] == ["yaml-tab", "yaml-tab"]
    assert mistakes[0].where == f"small.yaml:{GOOD[: GOOD.index('days: 7')].count(chr(10)) + 1}"


def test_all_mistakes_are_found_in_one_pass() -> None:
    text = GOOD.replace("days: 7", "days: x").replace("kind: decimal", "kind: decimals").replace("[canteen]", "[x]")
    assert {m.code for m in refused(text.encode())} >= {"bad-number", "unknown-kind", "unknown-fact"}


def test_conditions_may_not_go_in_a_circle() -> None:
    text = GOOD.replace("        days: 7\n", "        days: 7\n        when: ${A-02} != ''\n")
    assert [m.code for m in refused(text.encode())] == ["expression-circle"]


CASES = """\
          cases:
            - {id: high, label: {zh: 高层, en: High-rise}, min: "1.5"}
            - {id: small, label: {zh: 幼儿园, en: Kindergarten}, min: "1.2", applies: [{kinds: [kindergarten]}]}
          readings:
            - {id: height, label: {zh: 净高, en: Height}, kind: decimal, unit: {zh: 米, en: m}, min: "4.0"}
            - {id: tested, label: {zh: 检定, en: Tested}, kind: date, max_age_days: 365, required: true}
"""
WITH_CASES = GOOD.replace("          unit: {zh: 米, en: m}\n", "          unit: {zh: 米, en: m}\n" + CASES)


def test_cases_and_readings() -> None:
    answer = list(read_form(WITH_CASES.encode()).items())[1].answer
    assert [(case.id, case.limits.minimum, bool(case.applies)) for case in answer.cases] == [
        ("high", Decimal("1.5"), False),
        ("small", Decimal("1.2"), True),
    ]
    assert [(r.id, r.kind.value, r.required) for r in answer.readings] == [
        ("height", "decimal", False),
        ("tested", "date", True),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{id: small, label", "{id: high, label", "duplicate-id"),
        ("{id: tested, label", "{id: height, label", "duplicate-id"),
        ("kind: date, max_age_days: 365", "kind: conformity", "unknown-kind"),
        ("kind: date, max_age_days: 365", "kind: date, max_age_days: 0", "bad-number"),
        ('min: "1.5"', "max_age_days: 30", "bad-limit"),
        ("{id: high, label: {zh: 高层, en: High-rise}, ", "{id: high, ", "missing"),
        ("kinds: [kindergarten]", "kinds: [{}]", "unknown-kind"),
        ("applies: [{kinds: [kindergarten]}]", "applies: {kinds: [kindergarten]}", "bad-value"),
        ("required: true", "required: maybe", "bad-value"),
    ],
)
def test_mistakes_in_cases_and_readings(old: str, new: str, code: str) -> None:
    assert WITH_CASES.count(old) == 1
    line = WITH_CASES[: WITH_CASES.index(old)].count("\n") + 1
    assert (code, f"small.yaml:{line}") in {(m.code, m.where) for m in refused(WITH_CASES.replace(old, new).encode())}


def test_whole_numbers_have_whole_limits_and_choices_need_something_to_choose() -> None:
    text = WITH_CASES.replace("kind: decimal\n", "kind: conformity\n").replace(
        "kind: conformity}", "kind: integer, min: '1.5'}"
    )
    assert {m.code for m in refused(text.encode())} == {"bad-limit"}


def test_a_document_nobody_cites_and_a_number_without_unit_are_warned_of(tmp_path: Path) -> None:
    text = GOOD.replace("  old:\n", "  spare:\n    title: 备用\n  old:\n").replace(
        "          unit: {zh: 米, en: m}\n", ""
    )
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    assert [w.code for w in check_form(path).warnings] == ["unused-document", "no-unit"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"# nothing\n", "empty"),
        (b"x" * (LARGEST_FILE + 1), "too-large"),
        ("format: 1\ntitle: 表".encode("gb18030"), "not-utf8"),
        (b"- a\n- b\n", "bad-value"),
        (b"just words", "bad-value"),
        (b"a: 1\n---\nb: 2\n", "yaml-documents"),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "yaml-alias"),
    ],
)
def test_what_is_no_form_at_all(data: bytes, code: str) -> None:
    assert code in {m.code for m in refused(data)}


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormRefused) as caught:
        read_form(tmp_path / "none.yaml")
    assert [m.code for m in caught.value.mistakes] == ["unreadable"]


def test_check_says_what_to_look_at(tmp_path: Path) -> None:
    text = GOOD.replace("{zh: 多宽？, en: How wide?}", "多宽？").replace(
        "clause: 第二条, verified: true", "clause: 第二条"
    )
    path = tmp_path / "small.yaml"
    path.write_text(text.replace('          min: "0.90"\n          max: "4.0"\n', ""), encoding="utf-8")
    report = check_form(path)
    assert report.ok
    assert [w.code for w in report.warnings] == ["no-english", "no-limit", "unread-clause"]
    assert report.warnings[0].where == f"small.yaml:{GOOD[: GOOD.index('{zh: 多宽')].count(chr(10)) + 1}"


def test_check_of_a_wrong_form_is_not_ok(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_bytes(spoilt("days: 7", "days: x")[0])
    report = check_form(path)
    assert not report.ok
    assert [m.code for m in report.errors] == ["bad-number"]


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """The good form with pieces cut out, doubled, moved or overwritten with anything."""
    data = GOOD.encode()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        piece = draw(
            st.one_of(
                st.binary(max_size=8),
                st.text(max_size=8).map(lambda t: t.encode("utf-8", "surrogatepass")),
                st.sampled_from(
                    [b"\t", b"&a ", b"*a", b"!!x ", b"{", b"]", b": ", b"- ", b"|\n", b'"', b"\\U7fffffff", b"%"]
                ),
                st.just(data[start:end] * 2),
            )
        )
        data = data[:start] + piece + data[end:]
    return data


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations())
def test_whatever_the_bytes_a_form_opens_whole_or_is_refused(data: bytes) -> None:
    form, refusal = None, None
    try:
        form = read_form(data, "x.yaml")
    except FormRefused as error:
        refusal = error
    if refusal is not None:
        assert refusal.mistakes
        assert str(refusal).encode()
    else:
        assert isinstance(form, Form)
        assert list(form.items())
