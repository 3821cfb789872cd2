"""Chinese line breaking, by rule and over many random texts."""

from __future__ import annotations

import random

import pytest

from safetyapp.documents.fonts import FontRole, glyphs, printable
from safetyapp.documents.typeset import (
    NO_END,
    NO_START,
    Align,
    Line,
    Run,
    break_lines,
    elided,
    set_line,
    text_width,
)

WORDS = """走廊 楼梯间 应急照明 不足30分钟 净宽1.1米 GB 50016-2014(2018) 第5.3条 第十六条（二） “安全第一” 《消防法》
（待核） 检查，整改； 为什么？ 立即！ 2026年11月24日 10%～20% 灭火器、消火栓 【重要】 〔2026〕12号 —— …… ABC-123
inspector@example.edu.cn 堃喆翀龑㛃𬭎 ￥3,500.00 3×4米 0.07 MPa ‘单引号’ 「直角」 A楼/B楼 (东侧) 完。”"""


def _words() -> list[str]:
    return WORDS.split()


def _random_text(source: random.Random) -> str:
    return "".join(
        source.choice(_words()) + source.choice(("", "", "", "，", " ")) for _ in range(source.randint(3, 60))
    )


def _drawn(line: Line) -> str:
    return "".join(piece.text for piece in line.pieces)


def _extent(line: Line) -> tuple[float, float]:
    """Where the first character's cell begins and the last one's ends, counting gaps and kerns."""
    first, last = line.pieces[0], line.pieces[-1]
    known = {role: glyphs(role) for role in FontRole}
    end = last.x
    kerns = dict(last.kerns)
    for index, character in enumerate(last.text):
        width = next(g[character].width for g in known.values() if g[character].face == last.face)
        end += width * line.size
        if index < len(last.text) - 1:
            end += last.spacing + kerns.get(index, 0.0)
    return first.x, end


def test_ten_thousand_lines_break_no_rule() -> None:
    source = random.Random(20261124)
    count = 0
    while count < 10_000:
        text = _random_text(source)
        width, size = source.uniform(100, 440), source.choice((8.6, 10.5, 16.0))
        indent = source.choice((0.0, 2 * size))
        lines = break_lines([Run(text)], width, size, indent=indent)
        count += len(lines)
        for number, line in enumerate(lines):
            assert line.right <= width + 0.01, line
            assert line.left >= -0.01
            begin, end = _extent(line)
            assert begin >= -0.51 * size, line
            assert end <= width + 0.51 * size, line
            if number:
                assert line.text[0] not in NO_START, (text, line.text)
            if number < len(lines) - 1:
                assert line.text[-1] not in NO_END, (text, line.text)
        kept = "".join(line.text for line in lines)
        assert kept.replace(" ", "") == text.replace(" ", "")
        assert "".join(map(_drawn, lines)) == kept


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
