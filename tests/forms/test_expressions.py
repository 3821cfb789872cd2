"""XLSForm's language: what it means, what ODK's documentation says of each function, and what nobody can do with it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safetyapp.forms.expressions import ExpressionError, names, read_expression
from safetyapp.forms.expressions_regex import BadPattern, pattern
from safetyapp.forms.xpath_functions_special import NAMES
from tests.forms.reckoned_examples import KIND, calculated, form, inspection, item, reckoned, value

SHAPE = (
    "7.9377 -11.5845 0 0;7.9324 -11.5902 0 0;7.927 -11.5857 0 0;7.925 -11.578 0 0;"
    "7.9267 -11.5722 0 0;7.9325 -11.5708 0 0;7.9372 -11.5737 0 0;7.9393 -11.579 0 0;7.9377 -11.5845 0 0"
)
TRACE = (
    "38.253094215699576 21.756382658677467;38.25021274773806 21.756382658677467;"
    "38.25007793942195 21.763892843919166;38.25290886154963 21.763935759263404;38.25146813817506 21.758421137528785"
)
SQUARE = "0 0;0 10;10 10;10 0;0 0"

# What docs.getodk.org, the ODK XForms specification and the tests of its evaluators say each function gives.
DOCUMENTED = [
    ("if(${number} > 5, 'yes', 'no')", "yes"),
    ("if(false(), 1, 2)", "2"),
    ("coalesce('', 'b')", "b"),
    ("coalesce(${empty}, ${word})", "hello world"),
    ("coalesce(${empty}, '')", ""),
    ("once('first')", "first"),
    ("position(/data/t[2])", "2"),
    ("count(/data/t[position() = last()]/n)", "1"),
    ("/data/t[last()]/n", "5"),
    ("selected('a b c', 'b')", "true"),
    ("selected('abc', 'b')", "false"),
    ("selected(${colours}, 'red')", "true"),
    ("is-selected(${colours}, 'blue')", "false"),
    ("selected-at('apple banana', 0)", "apple"),
    ("selected-at('apple banana', 1)", "banana"),
    ("selected-at('apple banana', 2)", ""),
    ("selected-at('apple banana', -1)", ""),
    ("count-selected('a b c')", "3"),
    ("count-selected('')", "0"),
    ("jr:choice-name(${colour}, '${colour}')", "红"),
    ("jr:choice-name(selected-at(${colours}, 1), '/data/colours')", "绿"),
    ("jr:itext('some-id')", ""),
    ("indexed-repeat(${n}, ${t}, 2)", "30"),
    ("indexed-repeat(/data/t/n, /data/t, 3)", "5"),
    ("indexed-repeat(${n}, ${t}, 4)", ""),
    ("count(${t})", "3"),
    ("count(${n})", "3"),
    ("count-non-empty(${who})", "1"),
    ("sum(${n})", "45"),
    ("max(${n})", "30"),
    ("min(${n})", "5"),
    ("max(3, 1, ${n})", "30"),
    ("min(3, 1)", "1"),
    ("max(${who})", ""),
    ("regex('A1', '[A-Z][0-9]')", "true"),
    ("regex('A1x', '[A-Z][0-9]')", "false"),
    ("contains('abcde', 'cd')", "true"),
    ("starts-with('abcde', 'ab')", "true"),
    ("starts-with('abcde', 'b')", "false"),
    ("ends-with('abcde', 'de')", "true"),
    ("substr('abcde', 1)", "bcde"),
    ("substr('abcde', 1, 3)", "bc"),
    ("substr('abcde', -2)", "de"),
    ("substr('abcde', 1, -1)", "bcd"),
    ("substring('12345', 2, 3)", "234"),
    ("substring('12345', 1.5, 2.6)", "234"),
    ("substring-before('1999/04/01', '/')", "1999"),
    ("substring-before('abc', 'x')", ""),
    ("substring-after('1999/04/01', '/')", "04/01"),
    ("substring-after('abc', 'x')", ""),
    ("translate('bar', 'abc', 'ABC')", "BAr"),
    ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
    ("string-length('hello')", "5"),
    ("string-length(${empty})", "0"),
    ("normalize-space('  a   b ')", "a b"),
    ("concat('a', 'b', 3)", "ab3"),
    ("concat(${n})", "10305"),
    ("join(', ', ${n})", "10, 30, 5"),
    ("join('-', 'a', 'b')", "a-b"),
    ("boolean-from-string('true')", "true"),
    ("boolean-from-string('1')", "true"),
    ("boolean-from-string('yes')", "false"),
    ("string(1 > 2)", "false"),
    ("string(1 div 3)", "0.333333333333333"),
    ("round(1.234, 2)", "1.23"),
    ("round(1.235, 2)", "1.24"),
    ("round(-1.5)", "-1"),
    ("round(33.33, -1)", "30"),
    ("round(2.5)", "3"),
    ("int(2.9)", "2"),
    ("int(-2.9)", "-2"),
    ("floor(-2.1)", "-3"),
    ("ceiling(2.1)", "3"),
    ("number('12')", "12"),
    ("number(true())", "1"),
    ("concat('<', number('abc'), '>')", "<NaN>"),
    ("number('1970-01-02')", "1"),
    ("pow(2, 3)", "8"),
    ("log(exp(2))", "2"),
    ("log10(1000)", "3"),
    ("string(log(0))", "-Infinity"),
    ("concat('<', sqrt(-1), '>')", "<NaN>"),
    ("abs(-3.5)", "3.5"),
    ("round(sin(pi() div 2), 6)", "1"),
    ("round(cos(0), 6)", "1"),
    ("round(tan(0.25 * pi()), 6)", "1"),
    ("round(asin(1) * 2, 5)", "3.14159"),
    ("round(acos(-1), 5)", "3.14159"),
    ("round(atan(1) * 4, 5)", "3.14159"),
    ("round(atan2(-1, 2), 4)", "-0.4636"),
    ("sqrt(4)", "2"),
    ("exp(0)", "1"),
    ("exp10(2)", "100"),
    ("round(pi(), 4)", "3.1416"),
    ("thousandsep(1234567.5)", "1,234,567.5"),
    ("today()", "2026-11-05"),
    ("now()", "2026-11-05T09:00:00.000+08:00"),
    ("decimal-date-time('1970-01-02')", "1"),
    ("round(decimal-date-time('2018-04-24T15:30:00.000+08:00') - decimal-date-time('2018-04-24'), 6)", "0.645833"),
    ("date(1)", "1970-01-02"),
    ("date(-1)", "1969-12-31"),
    ("date('2012-07-24T14:30:00+08:00')", "2012-07-24"),
    ("date(decimal-date-time('2018-01-01') + 7)", "2018-01-08"),
    ("date('')", ""),
    ("date-time(0.5)", "1970-01-01T12:00:00.000+08:00"),
    ("decimal-time('12:00')", "0.5"),
    ("decimal-time('18:00:00.000+08:00')", "0.75"),
    ("format-date('2012-07-04', '%Y|%y|%m|%n|%b|%d|%e|%a')", "2012|12|07|7|Jul|04|4|Wed"),
    ("format-date(${empty}, '%Y')", ""),
    ("format-date-time('2001-12-31T06:05:04.123', '%H|%h|%M|%S|%3')", "06|6|05|04|123"),
    ("round(area('" + SHAPE + "'), 2)", "2333220.77"),
    ("round(area('" + TRACE + "'), 2)", "151451.76"),
    ("round(enclosed-area('" + SHAPE + "'), 2)", "2333220.77"),
    ("round(distance('" + SHAPE + "'), 2)", "5724.36"),
    ("round(distance('" + TRACE + "'), 2)", "1800.69"),
    ("round(distance('0 0;0 1'), 2)", "111318.85"),
    ("geofence('5 5', '" + SQUARE + "')", "true"),
    ("geofence('15 5', '" + SQUARE + "')", "false"),
    ("digest('some text', 'MD5', 'hex')", "552e21cd4cd9918678e3c1a0df491bc3"),
    ("digest('some text', 'SHA-1', 'hex')", "37aa63c77398d954473262e1a0057c1e632eda77"),
    ("digest('some text', 'SHA-256', 'hex')", "b94f6f125c79e3a5ffaa826f584c10d52ada669e6762051b826b55776d05aed2"),
    ("string-length(digest('some text', 'SHA-384'))", "64"),
    ("string-length(digest('some text', 'SHA-512'))", "88"),
    ("digest('some text', 'MD5')", "VS4hzUzZkYZ448Gg30kbww=="),
    ("base64-decode('SGVsbG8=')", "Hello"),
    ("base64-decode('not base64!')", ""),
    ("boolean('')", "false"),
    ("boolean('0')", "true"),
    ("boolean(0)", "false"),
    ("boolean(${n})", "true"),
    ("not(1 = 1)", "false"),
    ("true()", "true"),
    ("false()", "false"),
    ("checklist(-1, 2, 'yes', 'yes', 'yes')", "false"),
    ("checklist(2, -1, 'yes', 'no', 'yes')", "true"),
    ("checklist(1, 2, ${yes}, ${empty})", "true"),
    ("weighted-checklist(-1, 2, 'yes', 1, 'yes', 2)", "false"),
    ("weighted-checklist(3, -1, 'yes', 1, 'no', 9, 'yes', 2)", "true"),
    ("count(randomize(${n}, 42))", "3"),
    ("count(instance('colours')/root/item)", "3"),
    ("instance('colours')/root/item[name = 'green']/label", "绿"),
    ("join(' ', instance('colours')/root/item[warm = 'no']/name)", "green blue"),
    ("instance('colours')/root/item[name = current()/../colour]/label", "红"),
    ("current()/../number", "7"),
    ("pulldata('fruits', 'name', 'key', 'mango')", ""),
    ("extract-signed('x', 'y')", ""),
    ("property('username')", "王检"),
    ("property('deviceid')", ""),
    ("deviceid()", ""),
    ("version()", "3"),
    ("depend(${number}, ${word})", "7"),
    ("name(${number})", "number"),
    ("local-name(../number)", "number"),
    ("time-seconds(${clock})", "29100"),
    ("time-seconds('23:59:59')", "86399"),
    ("days-between('2026-10-31', today())", "5"),
    ("decimal-date(${day})", "15545"),
]


@pytest.mark.parametrize(("expression", "expected"), DOCUMENTED)
def test_function_gives_what_is_documented(expression: str, expected: str) -> None:
    assert value(expression) == expected


def test_every_function_has_a_documented_value() -> None:
    said = {name for expression, _ in DOCUMENTED for name in read_expression(expression).functions}
    assert NAMES - said == {"random", "uuid"}  # these have tests of their own below


LANGUAGE = [
    ("1 + 2 * 3 - 4 div 2", "5"),
    ("-2 + 3", "1"),
    ("- - 2", "2"),
    ("7 mod 3", "1"),
    ("-7 mod 3", "-1"),
    ("string(1 div 0)", "Infinity"),
    ("0.1 + 0.2", "0.3"),
    ("1000000 * 1000000 * 1000000", "1000000000000000000"),
    ("(1 = 1) = true()", "true"),
    ("1 < 2 and 2 < 3 or false()", "true"),
    ("${number}", "7"),
    ("${ number }", "7"),
    ("${half} = 2.5", "true"),
    ("${half} = '2.5'", "true"),
    ("${empty} = ''", "true"),
    ("${empty} = 0", "false"),
    ("${empty} < 5", "false"),
    ("concat('<', ${empty} + 1, '>')", "<NaN>"),
    ("${word} = “hello world”", "true"),
    ("../number", "7"),
    ("/data/number", "7"),
    ("/another-name/number", "7"),
    ("/data/main/number", "7"),
    ("//number", "7"),
    ("count(//n)", "3"),
    ("/data/t[n > 7]/n[1]", "10"),
    ("sum(/data/t[n < 20]/n)", "15"),
    ("count(${t}[${n} > 7])", "2"),
    ("/data/t[1]/following-sibling::t[1]/n", "30"),
    ("/data/t[3]/preceding-sibling::t[1]/n", "30"),
    ("count(/data/t/n/ancestor::t)", "3"),
    ("count(/data/t/n/parent::t)", "3"),
    ("count(${n} | ${number})", "4"),
    ("count(${n} | ${n})", "3"),
    ("${n} = 30", "true"),
    ("${n} > 29", "true"),
    ("${n} > 30", "false"),
    ("${n} != 10", "true"),
    ("${judged}", "na"),
    ("${unknown}", ""),
    ("${read.depth} * 2", "2.5"),
    ("${read} = 'pass'", "true"),
    ("${inner}", ""),
    ("count(${inner})", "0"),
    ("${day} < today()", "true"),
    ("${day} > '2012-07-23'", "true"),
    ("${moment} > ${day}", "true"),
    ("${moment} < '2012-07-25'", "true"),
    ("'2012-07-24T06:30:00Z' = ${moment}", "false"),
    ("number('2012-07-24T06:30:00Z') = number(${moment})", "true"),
    ("${clock} < '08:30'", "true"),
    ("today() - ${day}", "5217"),
    ("${school.kind}", "primary"),
    ("${school.students} > 800", "true"),
    ("${school.canteen}", "true"),
    ("${school.boarding}", "false"),
    ("${school.gas}", ""),
    ("${inspection.date}", "2026-11-05"),
    ("${inspection.id}", "i-1"),
    ("${inspection.started}", "2026-11-05T09:00:00+08:00"),
    ("${inspection.inspector}", "王检"),
    ("1 div 'x'", ""),
    ("sum(3)", ""),
    ("date('no day')", ""),
]


@pytest.mark.parametrize(("expression", "expected"), LANGUAGE)
def test_language(expression: str, expected: str) -> None:
    assert value(expression) == expected


def test_once_keeps_what_stands_there() -> None:
    of = form(item("x"), calculated("kept", "once(${x})", KIND.TEXT, trigger="x"))
    assert reckoned(of, {"x": "new", "kept": "old"}).triggered == {"kept": "old"}
    assert reckoned(of, {"x": "new"}).triggered == {"kept": "new"}


def test_drawn_numbers_are_the_same_for_ever_and_differ_by_place() -> None:
    of = form(calculated("a", "random()"), calculated("b", "random()"), calculated("u", "uuid()"))
    first, again = reckoned(of), reckoned(of)
    assert first == again
    assert first.calculated["a"] != first.calculated["b"]
    assert 0 <= float(first.calculated["a"]) < 1
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first.calculated["u"])
    assert re.fullmatch(r"[A-Z0-9]{8}", value("uuid(8)"))


def test_names() -> None:
    text = "${a} = 'x' and selected(${q-1}, name) or ../b + /data/t[c = 1]/d > 0 and instance('l')/root/item/label"
    assert names(text) == {"a", "q-1", "name", "b", "t", "c", "d"}
    assert names("jr:choice-name('x', '${colour}')") == {"colour"}


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "empty-expression", 0),
        ("   ", "empty-expression", 0),
        ("1 +", "bad-expression", 3),
        ("(1", "bad-expression", 2),
        ("1)", "bad-expression", 1),
        ("a b", "bad-expression", 2),
        ("$x", "bad-expression", 0),
        ("${}", "bad-expression", 0),
        ("${a b}", "bad-expression", 0),
        ("'open", "bad-expression", 0),
        ("a/@b", "bad-expression", 2),
        ("foo::b", "bad-expression", 0),
        ("f(1,)", "bad-expression", 4),
        ("1 ; 2", "bad-expression", 2),
        ("(" * 100_000, "expression-too-long", 0),
        ("(" * 5_000, "expression-too-long", 4_000),
        ("(" * 101 + "1" + ")" * 101, "expression-too-deep", 100),
        ("a" + "|a" * 4_000, "expression-too-long", 4_000),
        ("a[" * 101 + "1" + "]" * 101, "expression-too-deep", 200),
    ],
)
def test_mistake_says_what_and_where(text: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_expression(text)
    assert (caught.value.code, caught.value.position) == (code, position)
    assert caught.value.zh != caught.value.en != ""


def test_deep_and_long_expressions_of_real_forms_are_fine() -> None:
    assert value("if(${number} = 99, 1, " * 90 + "'end'" + ")" * 90) == "end"
    assert value("1" + " + 1" * 1_900) == "1901"
    assert value("-" * 2_001 + "1") == "-1"


HOSTILE = [
    "count(//*[count(//*[count(//*[count(//*)])])])",
    "count(//*//*//*//*//*//*)",
    "count(//*[. = //*])",
    "count(/data/main/*[count(/data/main/*[selected(., 'b')]) > 0])",
    "sum(" + "|".join(["//*"] * 900) + ")",
    "concat(" + ",".join(["//*"] * 900) + ")",
    "count(//*/following-sibling::*/following-sibling::*/preceding-sibling::*)",
    "not(" * 99 + "//*" + ")" * 99,
    "regex('" + "a" * 5_000 + "', '(((a{0,9}){0,9}){0,9})b')",
    "regex('" + "a" * 5_000 + "', '(a+)+$b')",
    "join(string(//*), //*)",
    "string-length(concat(" + ",".join(["join('', //*)"] * 300) + "))",
]


@pytest.mark.parametrize("expression", HOSTILE, ids=range(len(HOSTILE)))
def test_no_expression_takes_a_second(expression: str) -> None:
    of = form(*(item(f"q{n}") for n in range(1_000)), calculated("h", expression))
    answers = {f"q{n}": "abcabc" * 20 for n in range(1_000)}
    looked = inspection(of, answers)
    from safetyapp.forms.reckon import make_reckoner

    reckon = make_reckoner()
    reckon(of, looked, None, frozenset())  # the form is made ready
    start = time.process_time()
    reckon(of, looked, None, frozenset())
    assert time.process_time() - start < 1


_ALPHABET = ["1", "'a'", "${n}", "${number}", "..", "/data/t/n", "//*", ".", "*", "position()", "${word}", "${nothing}"]
_JOINTS = [" + ", " and ", " = ", " | ", " div ", " > ", "/", "[", "]", "(", ")", ",", " mod ", "sum(", "if(", "round("]


@given(st.lists(st.sampled_from(_ALPHABET + _JOINTS), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_is_written_nothing_raises(text: str) -> None:
    from safetyapp.forms.check_expressions import check_expressions

    of = form(item("number", KIND.INTEGER), item("word"), calculated("c", text or "1"))
    check_expressions(of)
    assert reckoned(of, {"number": "3", "word": "x"}).calculated.keys() == {"c"}


PATTERNS = [
    r"[0-9]{11}",
    r"1[3-9]\d{9}",
    r"\d{4}-\d{2}-\d{2}",
    r"^[A-Z]{2}\d*$",
    r"(ab|a)(c|bcd)*?",
    r"a{2,}b?",
    r"[^\s@]+@[^\s@]+\.[a-z]{2,}",
    r"[\w.-]+",
    r"(?:x|y){2}z|",
    r"a.c",
    r"\(\+86\)",
    r"[]a]+",
    r"[a-]+",
    r"(a*)*b",
]
SUBJECTS = [
    "",
    "13800138000",
    "2026-11-05",
    "AB12",
    "abcbcd",
    "aaab",
    "a@b.cn",
    "xyz",
    "abc",
    "(+86)",
    "]a",
    "a-",
    "aab",
]


@pytest.mark.parametrize("text", PATTERNS)
def test_patterns_match_as_elsewhere(text: str) -> None:
    for subject in SUBJECTS:
        assert pattern(text).matches(subject) == bool(re.fullmatch(text, subject, re.ASCII)), subject


def test_patterns_know_han() -> None:
    assert pattern(r"\p{IsHan}{2,4}").matches("王小明")
    assert not pattern(r"\p{IsHan}{2,4}").matches("Wang")


@pytest.mark.parametrize("text", ["(", "a)", "[a", "a{", "a{3,1}", "*a", r"\1", "(?=a)", "(?<!a)b", r"\q", "a" * 1_001])
def test_pattern_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(BadPattern):
        pattern(text)
