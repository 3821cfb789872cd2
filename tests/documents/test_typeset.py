"""How lines are filled, aligned and drawn."""

from __future__ import annotations

import random

import pytest

from safetyapp.documents.fonts import FontRole, printable
from safetyapp.documents.typeset import (
    Align,
    Line,
    Run,
    break_lines,
    elided,
    set_line,
    text_width,
)


def _drawn(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces)


def test_words_numbers_and_clauses_stay_whole() -> None:
    source = random.Random(7)
    whole = ("GB50016-2014", "第5.3条", "1,234.56", "inspector", "第12款", "ABC/123")
    for _ in range(400):
        text = "".join(source.choice(("检查走廊", "情况属实，", *whole)) + "的" for _ in range(40))
        lines = break_lines([Run(text)], source.uniform(100, 440), 10.5)
        joined = "\n".join(line.text for line in lines)
        for word in whole:
            assert joined.count(word) == text.count(word)


def test_a_word_longer_than_the_line_is_cut_and_nothing_is_lost() -> None:
    for text in ("x" * 500, "http://example.edu.cn/" + "a-b/" * 60, "）" * 90, "（" * 90, "…" * 90, "9" * 300 + "。"):
        for width in (12.0, 100.0, 233.3):
            lines = break_lines([Run(text)], width, 10.5)
            assert "".join(line.text for line in lines) == text
            assert all(line.right <= width + 0.01 for line in lines)


def test_lines_are_filled_to_the_margin() -> None:
    text = "走廊北侧堆放纸箱6个、旧课桌3张，净宽由2.4米减至约1.1米，一年内第3次发现，属复发隐患。" * 5
    lines = break_lines([Run(text)], 300, 10.5)
    assert all(abs(line.right - 300) < 0.01 for line in lines[:-1])


def test_one_line_text_is_not_stretched() -> None:
    line = break_lines([Run("合格")], 300, 10.0)[0]
    assert line.right == pytest.approx(20.0)


def test_alignment() -> None:
    centre = break_lines([Run("合格")], 100, 10.0, align=Align.CENTER)[0]
    right = break_lines([Run("合格")], 100, 10.0, align=Align.RIGHT)[0]
    assert (centre.left, right.left) == (pytest.approx(40.0), pytest.approx(80.0))


def test_indent_and_hang() -> None:
    lines = break_lines([Run("走廊北侧堆放纸箱" * 10)], 200, 10.0, indent=20, hang=40)
    assert [line.left for line in lines[:3]] == [pytest.approx(20), pytest.approx(40), pytest.approx(40)]


def test_line_ends_begin_paragraphs() -> None:
    assert [line.text for line in break_lines([Run("一\n\n二")], 100, 10.0)] == ["一", "", "二"]
    assert [line.text for line in break_lines([Run("")], 100, 10.0)] == [""]


def test_roles_mix_in_one_line() -> None:
    line = break_lines([Run("期限", FontRole.HEI), Run("立即")], 100, 10.0)[0]
    assert [piece.face for piece in line.pieces] == ["NotoSansSC-SemiBold", "NotoSerifSC-Regular"]


def test_rare_characters_do_not_move_the_rest() -> None:
    assert text_width("堃喆翀龑㛃𬭎", 10.0) == pytest.approx(60.0)


def test_punctuation_beside_its_like_is_squeezed() -> None:
    assert text_width("（见“注”）。", 10.0) < 10.0 * len("（见“注”）。") - 10


def test_a_missing_character_is_drawn_as_a_geta_mark() -> None:
    line = set_line("小车\U0001f6d2停放", 10.0)
    assert "〓" in _drawn(line)
    assert "\U0001f6d2" in line.text


def test_random_unicode_never_fails() -> None:
    source = random.Random(99)
    for _ in range(600):
        text = "".join(
            chr(source.choice((source.randrange(0x20, 0x3000), source.randrange(0x3000, 0x20000)))) for _ in range(80)
        )
        lines = break_lines([Run(text)], source.uniform(5, 300), 10.5)
        kept = "".join("".join(line.text for line in lines).split())
        assert kept == "".join(printable(text).split())


def test_a_text_gives_up_its_middle() -> None:
    text = "一二三四五六七八"
    assert elided(text, lambda shown: len(shown) <= 8) == text
    assert elided(text, lambda shown: len(shown) <= 5) == "一二…七八"
    assert elided(text, lambda shown: len(shown) <= 4) == "一二…八"
    assert elided(text, lambda shown: len(shown) <= 1) == ""
    assert elided("", lambda shown: False) == ""
