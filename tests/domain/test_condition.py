"""Conditions say when an item is asked; what is no condition is refused, whatever it is."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.condition import ConditionError, parse_condition


@pytest.mark.parametrize(
    ("text", "values", "holds"),
    [
        ("${F-50} = 'pass'", {"F-50": "pass"}, True),
        ("${F-50} != 'pass'", {}, True),
        ('${a} = "x" and ${b} = "y"', {"a": "x", "b": "n"}, False),
        ("${a} = 'x' or ${b} = 'y' and ${c} = 'z'", {"a": "x"}, True),
        ("not(${a} = 'x')", {"a": "x"}, False),
        ("(${a} = 'x' or ${b} = 'y') and ${c} = 'z'", {"a": "x", "c": "z"}, True),
    ],
)
def test_what_holds(text: str, values: dict[str, str], holds: bool) -> None:
    assert parse_condition(text).holds(values) is holds


def test_names_every_item_it_depends_on() -> None:
    assert parse_condition("not(${a} = 'x') or (${b} != 'y' and ${c} = '')").names() == {"a", "b", "c"}


@pytest.mark.parametrize(
    "text", ["", "${a}", "${a} =", "${a} = 'x' and", "(${a} = 'x'", "${a} = 'x')", "a = 'x'", "'x'"]
)
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        parse_condition(text)


def test_depth_and_length_are_bounded() -> None:
    with pytest.raises(ConditionError):
        parse_condition("(" * 5000 + "${a} = 'x'" + ")" * 5000)
    with pytest.raises(ConditionError):
        parse_condition(" and ".join(["${a} = 'x'"] * 500))


@given(st.text(alphabet="${}()'\"=!andort x", max_size=60))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    with contextlib.suppress(ConditionError):
        parse_condition(text).holds({})
