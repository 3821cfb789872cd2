"""Which sentences are offered while a finding is written."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.phrases import OFFERED, Field, Wording, fragments, offered

DAY = date(2026, 11, 24)
TEXTS = ("走廊堆物", "走廊 堆放纸箱", "门被锁", "走廊灯不亮", "纸箱堵住走廊", "  ")


def used(text: str, same: bool = True, count: int = 1, ago: int = 0) -> Wording:
    return Wording(text, Field.TEXT, same, count, DAY - timedelta(days=ago))


def test_own_then_same_item_then_form_the_frequent_and_the_late_first() -> None:
    before = [
        used("走廊灯不亮", same=False, count=99),
        used("走廊堆物", count=2, ago=9),
        used("走廊堆放纸箱", count=2, ago=1),
        used("走廊堆物", count=1, ago=300),
        used("门被锁", count=50),
    ]
    assert offered(["走廊不畅"], before, "走廊") == ("走廊不畅", "走廊堆物", "走廊堆放纸箱", "走廊灯不亮")


def test_what_begins_so_comes_before_what_contains_it() -> None:
    assert offered([], [used("纸箱堵住走廊", count=9), used("走廊堆物")], "走廊") == ("走廊堆物", "纸箱堵住走廊")
    assert offered(["不符合：走廊"], [used("走廊堆物", same=False)], "走廊") == ("走廊堆物", "不符合：走廊")


def test_the_same_words_come_once_and_what_stands_there_in_full_not_at_all() -> None:
    before = [used("走廊堆物", same=False, count=9), used(" 走廊堆物 "), used("走廊堆物。")]
    assert offered(["走廊堆物"], before, "走廊堆") == ("走廊堆物", "走廊堆物。")
    assert offered(["走廊堆物"], before, "走廊堆物") == ("走廊堆物。",)


def test_nothing_typed_offers_what_is_used_most() -> None:
    assert offered([], [used("甲"), used("乙", count=3), used("丙", same=False, count=9)], "") == ("乙", "甲", "丙")


@given(
    st.lists(st.sampled_from(TEXTS)),
    st.lists(st.builds(used, st.sampled_from(TEXTS), st.booleans(), st.integers(1, 9), st.integers(0, 99))),
    st.sampled_from(("", "走廊", "纸箱", "没有", "门被锁")),
)
def test_whatever_was_written(own: list[str], before: list[Wording], typed: str) -> None:
    found = offered(own, before, typed)
    assert len(found) == len(set(found)) <= OFFERED
    assert all(typed in text and text.strip() and text != typed for text in found)
    assert offered(own, list(reversed(before)), typed) == found


def test_what_is_being_written_since_the_last_sentence_and_the_last_comma() -> None:
    assert fragments("走廊堆物。 门被", 9) == ("门被",)
    assert fragments("走廊堆物", 2) == ("走廊",)
    assert fragments("门被锁。二层东侧，走廊堆", 12) == ("二层东侧，走廊堆", "走廊堆")
    assert fragments("走廊；", 3) == ("",)
    assert fragments("", 0) == ("",)
