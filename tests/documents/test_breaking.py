"""Where lines break, over many texts, against a checker that shares nothing with the breaker: it knows Unicode's
categories, GB/T 15834's list, and which pieces of the text its own generator has put together."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.documents.breaking import find_breaks, pieces
from safetyapp.documents.flow import Column, TableLook, set_cell
from safetyapp.documents.fonts import FontRole, glyphs, printable
from safetyapp.documents.typeset import Align, Line, Run, break_lines

HANZI = (
    "走廊北侧堆放纸箱", "消火栓", "疏散楼梯间的常闭式防火门", "负责人", "已现场改正", "的", "食堂后厨排烟罩",
    "龑𬭎堃喆", "和", "未", "插排串接为电动自行车电池充电", "𰻝𬍛𣲗", "值班", "应急照明灯",
    "，", "。", "；", "：", "？", "！", "、",
)  # fmt: skip
WHOLE = (
    "18分钟", "2.4米", "1.1m", "0.07 MPa", "30 分钟", "1,234.56元", "GB 50016-2014(2018)", "GB/T 9704-2012",
    "DB11/T 065", "第5.3.1条", "第12款", "inspector@school.cn", "Stairwell", "FM-1021", "ABC-123", "don’t", "9:30",
    "100m³/h", "3×4m", "1000㎡", "-5℃", "2026年", "11月", "24日", "12mm", "3.5万元", "120平方米", "7 kg", "220 V",
    "95%", "No.4", "１２３号", "PM2.5", "3楼", "5人次", "≥0.05MPa", "1.5 m/s", "Lab", "Wi-Fi", "CO₂", "26层", "50Hz",
    "H₂SO₄", "Øre", "Düsseldorf",
)  # fmt: skip
LOOSE = (
    "https://example.edu.cn/safety/2026/11/fire-door?id=FM-1021&floor=2F#photo", "x" * 70, "9" * 55 + "号",
    "www.example.org/a/b/c/d/e", "SHA256:" + "0f3a91c0" * 8,
    "a.very.long.mail.address@an.even.longer.domain.example.edu.cn",
)  # fmt: skip
OPEN = ("“", "‘", "《", "（", "【", "〔", "「", "『", "(", "[", "￥", "«", "〈", "｛", "〖")
CLOSE = ("”", "’", "》", "）", "】", "〕", "」", "』", ")", "]", "％", "»", "〉", "｝", "〗")
STOPS = (
    "，", "。", "；", "：", "？", "！", "、", "……", "——", "·", "～", "。”", "！）", "”，", "）。", "》、", "”）。",
    "：“", "，（",
)  # fmt: skip

_GB_15834 = frozenset("。？！，、；：…—～·") | frozenset("％‰℃°々")
_ASCII_ENDS, _ASCII_BEGINNINGS = frozenset(",.;:?!%)]}"), frozenset("([{$#￥＄№")


@dataclass
class Text:
    """A text with the spans in it that no line may part."""

    text: str = ""
    whole: list[tuple[int, int]] = field(default_factory=list)

    def add(self, part: str, whole: bool = False) -> None:
        last = self.text[-1:]
        if last.strip() and last < "\u2e80" and part[:1] < "\u2e80" and unicodedata.category(last) not in ("Ps", "Pi"):
            self.text += "的"  # two Latin words would be one
        if whole:
            self.whole.append((len(self.text), len(self.text) + len(part)))
        self.text += part


def make_text(source: random.Random) -> Text:
    made = Text()
    for _ in range(source.randint(2, 45)):
        kind = source.random()
        if kind < 0.4:
            made.add(source.choice(HANZI))
        elif kind < 0.65:
            made.add(source.choice(WHOLE), whole=True)
            if source.random() < 0.2:
                made.text += " "
        elif kind < 0.8:
            which = source.randrange(len(OPEN))
            made.add(OPEN[which])
            inside = source.choice((*HANZI[:14], *WHOLE))
            made.add(inside, whole=inside in WHOLE)
            made.text += CLOSE[which]
        elif kind < 0.98:
            made.text += source.choice(STOPS)
        else:
            made.add(source.choice(LOOSE))
    return made


def forbidden_start(text: str) -> bool:
    first = text[0]
    return unicodedata.category(first) in ("Pe", "Pf", "Mn", "Me") or first in _GB_15834 or first in _ASCII_ENDS


def forbidden_end(text: str) -> bool:
    return unicodedata.category(text[-1]) in ("Ps", "Pi") or text[-1] in _ASCII_BEGINNINGS


def places(text: str, lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Where every line stands in the text; fails when a character is lost, doubled or moved."""
    at = 0
    for line in lines:
        while at < len(text) and text[at].isspace() and not text.startswith(line.text, at):
            at += 1
        assert text.startswith(line.text, at), (text, line.text)
        yield at, at + len(line.text)
        at += len(line.text)
    assert not text[at:].strip(), text[at:]


def width_of(text: str, size: float, role: FontRole = FontRole.SONG) -> float:
    """The sum of the advances, the most that the text may take: with one mark squeezed where it ends."""
    known = glyphs(role)
    wide = known[text[-1]].width > 0.9 and (
        unicodedata.category(text[-1]) in ("Pe", "Pf") or text[-1] in "，。；：？！、"
    )
    return (sum(known[c].width for c in text) - 0.5 * wide) * size


def with_marks(text: str, start: int, end: int) -> str:
    """A span with the punctuation that may not leave it."""
    while start and (forbidden_end(text[start - 1]) or text[start - 1].isspace()):
        start -= 1
    while end < len(text) and (forbidden_start(text[end]) or text[end].isspace()):
        end += 1
    return text[start:end].strip()


def violations(made: Text, lines: Sequence[Line], width: float, size: float, room: float) -> list[str]:
    """What is wrong with the lines; `room` is the width of the narrowest of them."""
    text, found = made.text, []
    spans = list(places(text, lines))
    for number, (line, (_, end)) in enumerate(zip(lines, spans, strict=True)):
        if line.right > width + 0.01 or line.left < -0.01:
            found.append(f"as wide as {line.right:.1f} of {width:.1f}: {line.text}")
        if number and forbidden_start(line.text):
            found.append(f"begins with a closing mark: {line.text}")
        if number < len(lines) - 1:
            if forbidden_end(line.text):
                found.append(f"ends with an opening mark: {line.text}")
            if text[end - 1] == text[end] and text[end] in "…—":
                found.append(f"parts a pair: {line.text}")
            for a, b in made.whole:
                if a < end < b and width_of(with_marks(text, a, b), size) < room:
                    found.append(f"parts {text[a:b]!r}: {line.text}")
    if "".join(p.text for line in lines for p in line.pieces) != "".join(line.text for line in lines):
        found.append("draws another text")
    return found


def ends_drawn(line: Line) -> tuple[float, float]:
    """Where the first character's cell begins and the last one's ends, counting gaps and kerns."""
    first, last = line.pieces[0], line.pieces[-1]
    known = [glyphs(role) for role in FontRole]
    end = last.x
    kerns = dict(last.kerns)
    for index, character in enumerate(last.text):
        end += next(g[character].width for g in known if g[character].face == last.face) * line.size
        if index < len(last.text) - 1:
            end += last.spacing + kerns.get(index, 0.0)
    return first.x, end


def test_ten_thousand_lines_break_no_rule() -> None:
    source = random.Random(20261124)
    count, found = 0, []
    while count < 10_000:
        made = make_text(source)
        width, size = source.uniform(100, 440), source.choice((8.6, 10.5, 12.0, 16.0))
        indent = source.choice((0.0, 2 * size)) if width > 160 else 0.0
        align = source.choice((Align.JUSTIFY, Align.JUSTIFY, Align.LEFT))
        lines = break_lines([Run(made.text)], width, size, indent=indent, align=align)
        count += len(lines)
        found += violations(made, lines, width, size, width - indent)
        for line in lines:
            begin, end = ends_drawn(line)
            assert begin >= -0.51 * size, line  # the blank half of a mark hangs out, no ink does
            assert end <= width + 0.51 * size, line
    assert found == []


@pytest.mark.parametrize("width", [101.0, 150.0, 215.0, 440.0])
def test_cells_of_tables_break_no_rule_either(width: float) -> None:
    source = random.Random(width)
    look = TableLook(size=8.6, leading=12.2, pad_x=4.0, pad_y=2.2)
    found = []
    for _ in range(120):
        made = make_text(source)
        lines = set_cell(made.text, Column("", width, source.choice((Align.JUSTIFY, Align.LEFT))), look)
        found += violations(made, lines, width - 8, look.size, width - 8)
    assert found == []


def test_the_checker_sees_what_is_wrong() -> None:
    """Lines that a naive breaker would make."""

    def judged(text: str, *parts: str, whole: Sequence[tuple[int, int]] = ()) -> list[str]:
        lines = [break_lines([Run(part)], 1e6, 10.0)[0] for part in parts]
        return violations(Text(text, list(whole)), lines, 300.0, 10.0, 300.0)

    assert judged("走廊，堆放", "走廊，", "堆放") == []
    assert judged("走廊，堆放", "走廊", "，堆放") != []
    assert judged("走廊（堆放", "走廊（", "堆放") != []
    assert judged("见18分钟", "见18", "分钟", whole=[(1, 5)]) != []
    assert judged("啊……", "啊…", "…") != []
    assert judged("走" * 40, "走" * 40) != []
    with pytest.raises(AssertionError):
        judged("走廊堆放", "走廊", "放")
    with pytest.raises(AssertionError):
        judged("走廊堆放", "堆放", "走廊")


def test_lines_reach_both_margins() -> None:
    """All of Chinese text; with codes everywhere some stay ragged rather than be torn wide open."""
    source = random.Random(5)

    def ragged(parts: Sequence[str], width: float) -> list[bool]:
        texts = ["".join(source.choice(parts) for _ in range(60)) for _ in range(100)]
        lines = [line for text in texts for line in break_lines([Run(text)], width, 10.5)[:-1]]
        return [abs(line.right - width) > 0.01 for line in lines]

    assert not any(ragged(HANZI, 331.0))
    mixed = ragged((*HANZI, *WHOLE), 331.0)
    assert len(mixed) > 500
    assert sum(mixed) < len(mixed) * 0.4


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("净宽由2.4米减至约1.1米，", ["净", "宽", "由", "2.4米", "减", "至", "约", "1.1米，"]),
        ("0.07 MPa 30 分钟", ["0.07 MPa", "30 分钟"]),
        ("见GB 50016-2014(2018)第5.3.1条", ["见", "GB 50016-2014(2018)", "第5.3.1条"]),
        ("教师/保育员", ["教", "师/保", "育", "员"]),
        ("don’t“安全”", ["don’t", "“安", "全”"]),
        ('说"安全"吧', ["说", '"安', '全"', "吧"]),
        ('3"水管', ['3"', "水", "管"]),
        ("东楼-西楼 -5℃", ["东", "楼-", "西", "楼", "-5℃"]),
        ("2026年11月24日9:00～17:00", ["2026年", "11月", "24日", "9:00～", "17:00"]),
        ("https://a.cn/b/c?d=e", ["https://a.cn/", "b/", "c?", "d=", "e"]),
        ("and/or either/neither", ["and/or", "either/neither"]),
        ("好……——啊", ["好……——", "啊"]),
        ("（“《x》”）。", ["（“《x》”）。"]),
        ("１２３号楼２.５米", ["１２３号", "楼", "２.５米"]),
        ("葛\u0301城", ["葛\u0301", "城"]),
    ],
)
def test_what_stays_together(text: str, apart: list[str]) -> None:
    assert list(pieces(text)) == apart


@given(st.text(st.sampled_from("安全第（）“”，。…—/-'\"Aa1 年米%℃·￥．\u3000\u0301😀"), max_size=60))
def test_breaks_lie_inside_and_rise(text: str) -> None:
    breaks, latin = find_breaks(text)
    assert len(latin) == len(text)
    assert breaks == sorted(set(breaks))
    assert all(0 < stop < len(text) for stop in breaks)
    assert "".join(pieces(text)).replace(" ", "").replace("\u3000", "") == "".join(text.split())


@given(
    st.text(st.sampled_from("安全第（）“”，。…—/-'\"Aa1 年米%℃·￥．\u3000\u0301😀"), min_size=1, max_size=80),
    st.floats(6, 300),
)
def test_whatever_is_typed_is_set_in_its_width(text: str, width: float) -> None:
    lines = break_lines([Run(text)], width, 10.5)
    list(places(printable(text), lines))
    assert all(line.right <= max(width, 10.51) + 0.01 for line in lines)
