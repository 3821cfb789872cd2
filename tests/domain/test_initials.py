"""Initials of pinyin, from the order of a character set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.initials import initials

FIRST_LEVEL = [bytes((high, low)) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)][:3755]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("走廊、楼梯间和前室", "zlltjhqs"),
        ("安全出口", "aqck"),
        ("灭火器 2 具", "mhq2j"),
        ("ＫＮ95 口罩", "kn95kz"),
        ("应急照明", "yjzm"),
        ("啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝座", "abcdefghjklmnopqrstwxyzz"),
        ("𬭎，。", ""),
        ("", ""),
    ],
)
def test_the_initials_of_a_text(text: str, expected: str) -> None:
    assert initials(text) == expected


def test_every_common_character_has_one_and_they_stand_in_order() -> None:
    letters = [initials(code.decode("gb2312")) for code in FIRST_LEVEL]
    assert all(len(letter) == 1 for letter in letters)
    assert letters == sorted(letters)
    assert set(letters) == set("abcdefghjklmnopqrstwxyz")


@given(st.text(max_size=20), st.text(max_size=20))
def test_initials_add_up(one: str, other: str) -> None:
    assert initials(f"{one}，{other}") == initials(one) + initials(other)
