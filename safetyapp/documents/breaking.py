"""Where a line of Chinese may end 禁则, by GB/T 15834-2011 and by what readers of numbers and codes expect.

No line begins with closing punctuation or ends with an opening one; Latin words, numbers with their units, 第5.3条 and
GB 50016-2014 stay whole; a web address may part after its / ? & and =.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

CLOSING = frozenset("、，。．；：？！）》〉”’」』】〕〗｝］﹂﹄＞〙〛｠〞〟")
"""Marks whose right half is blank."""

OPENING = frozenset("（《〈“‘「『【〔〖｛［﹁﹃＜〘〚｟〝")
"""Marks whose left half is blank."""

_COMBINING = frozenset(map(chr, (*range(0x300, 0x370), *range(0x20D0, 0x2100), 0x3099, 0x309A)))

NO_START = (
    CLOSING
    | _COMBINING
    | frozenset("％‰‱℃°·•‧・…—―–～〜々／＼ー︶︸︺︼︾﹀﹈﹐﹑﹒﹔﹕﹖﹗﹚﹜﹞｡､｣›»❩❫❭❯❱❳❵⟧⟩⟫⟭⟯⦆⌉⌋〉⁆⁾₎")
    | frozenset(",.;:?!)]}%/")
)
"""What no line begins with 避头."""

NO_END = OPENING | frozenset("￥＄￡№／＼‹«⁅⁽₍︵︷︹︻︽︿﹇﹙﹛﹝｢❨❪❬❮❰❲❴⟦⟨⟪⟬⟮⦅⌈⌊〈‚„‛‟") | frozenset("([{$#/")
"""What no line ends with 避尾."""

_PAIRS = frozenset("…—")
_WIDE_STARTS = 0x2E80
_DASHES = frozenset("-–−~‐‑")

_HANZI = "[\u3400-\u7b2b\u7b2d-\u9fff\U00020000-\U0003ffff]"
"""All but 第, which may begin a clause."""

_CLAUSE = r"第[0-9０-９]+(?:[.．\-—][0-9０-９]+)*[条款项章节号层类级批次目点页行]"
_WORD = (
    r"(?:[^\s\u2E80-\U0010FFFF、，。；：？！（）《》〈〉“”‘’「」『』【】〔〕…—·～￥○□▲◆◇〓«»‹›‚„‛‟⁅⁆⁽⁾₍₎⌈-⌋〈〉❨-❵⟦-⟯⦅⦆•‧]"
    r"|(?<=[0-9A-Za-z])[’—](?=[0-9A-Za-z])|(?<=[A-Z]) (?=[0-9]))+"
)
"""A Latin word, a number, a code: also GB 50016, GB 50016—2014, don’t."""

_UNITS = (
    "毫升", "毫米", "毫克", "毫秒", "毫安", "毫伏", "厘米", "分米", "千米", "公里", "微米", "纳米", "平方米",
    "平方厘米", "平方公里", "立方米", "公顷", "公斤", "千克", "公分", "微克", "小时", "分钟", "秒钟", "刻钟",
    "星期", "个月", "周岁", "年级", "人次", "人份", "千瓦时", "千瓦", "兆瓦", "千伏", "兆帕", "千帕", "兆欧",
    "欧姆", "摄氏度", "勒克斯", "流明", "分贝", "元", "角", "米", "年", "月", "日", "天", "号", "时", "分",
    "秒", "周", "岁", "度", "升", "克", "吨", "斤", "亩", "瓦", "伏", "安", "帕", "欧", "人", "名", "位", "个",
    "只", "条", "件", "项", "次", "张", "把", "台", "套", "辆", "间", "层", "楼", "栋", "幢", "座", "处", "级",
    "类", "种", "份", "页", "本", "册", "支", "根", "块", "扇", "户", "所", "家", "组", "班", "队", "盏", "具",
    "瓶", "罐", "袋", "箱", "桶", "包", "枚", "棵", "株", "段", "节", "章", "款", "目", "点", "倍", "成", "折",
    "期", "届", "轮", "批", "车", "步", "排", "列", "行", "口", "道", "门", "路", "面", "颗", "片", "副", "双",
    "对", "圈", "遍", "万", "亿", "千", "百",
)  # fmt: skip
_HANZI_UNIT = "[万亿千百]?(?:" + "|".join(sorted(_UNITS, key=len, reverse=True)) + ")|[\u3380-\u33df％]"
_LATIN_UNIT = (
    r"(?:[kMGmμµnd]?(?:Pa|[mlLgsVAWNJKtΩ]|Hz|bar|lx|lm|dB|cd|bit|B|W·?h|mol)|[cd]m|kcal|cal|ppm|rpm|min|h|d|℃|°C|%|ha)"
    r"[²³23]?(?:/(?:[kmc]?[mgslhL]|min|h|d)[²³23]?)?(?![0-9A-Za-z])"
)
_UNIT = rf"(?P<unit>(?<=[0-9０-９])(?:[ \u00a0\u2009\u202f]?(?:{_HANZI_UNIT})|[ \u00a0\u2009\u202f]{_LATIN_UNIT}))?"
_TOKEN = re.compile(
    rf"(?P<hanzi>{_HANZI}+)|{_CLAUSE}|…+|—+|{_WORD}{_UNIT}|[０-９]+(?:[．，：.,:][０-９]+)*(?:{_HANZI_UNIT})?|[Ａ-Ｚａ-ｚ]+"
    r"|[\s\u3000]+|.",
    re.DOTALL,
)

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://|www\.")
_ADDRESS_JOINT = re.compile(r"(?<=[/?&=])(?<!//)(?=[^/?&=#\s,.;:!)\]}%])")

_NEAT = frozenset("/-_.@&?=,:+—")
"""After these a piece that is longer than its line is best cut."""


def find_breaks(text: str) -> tuple[list[int], list[bool]]:
    """The places where a line may end, and which characters belong to Latin words."""
    breaks: list[int] = []
    latin: list[bool] = []
    opening = _straight_openings(text) if '"' in text or "'" in text else frozenset()
    before, closed = "", True  # the last character that is no space, and whether a line may end after it
    for match in _TOKEN.finditer(text):
        token, start = match.group(), match.start()
        first = token[0]
        if match.lastgroup == "hanzi":
            breaks += range(start if before and closed else start + 1, match.end())
            latin += [False] * len(token)
            before, closed = token[-1], True
            continue
        if first.isspace():
            latin += [False] * len(token)
            continue
        if before and closed and first not in NO_START and not _leans(token, before, start in opening):
            breaks.append(start)
        narrow = ord(first) < _WIDE_STARTS and first not in CLOSING and first not in OPENING
        narrow = narrow and first not in _PAIRS and first != "·"
        latin += _narrowness(match, narrow)
        if narrow and len(token) > 12 and _ADDRESS.search(token):
            breaks += [start + joint.start() for joint in _ADDRESS_JOINT.finditer(token)]
        before = token[-1]
        closed = before not in NO_END and match.end() - 1 not in opening
    return breaks, latin


def _leans(token: str, before: str, opens: bool) -> bool:
    """Whether a token stays with what is before it: a closing straight quote, a hyphen between two names."""
    first = token[0]
    if first == '"' or first == "'":
        return not opens
    return first in _DASHES and before.isalnum() and not token[1:2].isdigit()


def _narrowness(match: re.Match[str], narrow: bool) -> list[bool]:
    """A flag for every character; the Chinese unit behind a number is Chinese."""
    length = match.end() - match.start()
    unit = match.start("unit")
    if not narrow or unit < 0:
        return [narrow] * length
    return [narrow] * (unit - match.start()) + [ord(c) < _WIDE_STARTS for c in match.group("unit")]


def _straight_openings(text: str) -> frozenset[int]:
    """Where " and ' open: every other one; inside a word or behind a figure (don't, 3\") they are no quotes."""
    found: set[int] = set()
    for mark in "\"'":
        inside = False
        for place, character in enumerate(text):
            if character != mark:
                continue
            alone = place == 0 or not (text[place - 1].isascii() and text[place - 1].isalnum())
            if inside:
                inside = False
            elif alone:
                inside = True
                found.add(place)
    return frozenset(found)


def pieces(text: str) -> Iterator[str]:
    """What a line is not broken in, without the spaces at its ends."""
    breaks, _ = find_breaks(text)
    start = 0
    for stop in (*breaks, len(text)):
        yield text[start:stop].strip()
        start = stop


def may_part(text: str, stop: int, start: int = 0) -> bool:
    """Whether a line may end before `stop` when it must: looking past spaces on either side, never in …… or ——."""
    before, after = trimmed(text, start, stop), after_spaces(text, stop)
    if after == len(text) or before == start:
        return True
    if text[before - 1] in _PAIRS and text[before - 1] == text[after]:
        return False
    return text[after] not in NO_START and text[before - 1] not in NO_END


def cut(text: str, start: int, furthest: int) -> int:
    """Where a piece that is longer than its line is cut, at `furthest` at most: at a place that looks meant (behind a
    joint, before or behind a unit, at a space), else at any that breaks no rule, else at any."""
    allowed = [stop for stop in range(furthest, max(start, furthest - 60), -1) if may_part(text, stop, start)]
    near = [stop for stop in allowed if stop > furthest - 12 or stop > start + (furthest - start) * 0.6]
    neat = next((stop for stop in near if _is_neat(text, stop)), None)
    if neat is not None:
        return neat
    if allowed:
        return allowed[0]
    pairs = furthest - start - (furthest - start) % 2
    return start + pairs if pairs and text[start] in _PAIRS else furthest


def _is_neat(text: str, stop: int) -> bool:
    before, after = text[stop - 1], text[stop : stop + 1]
    return (
        before in _NEAT
        or before.isspace()
        or after.isspace()
        or (ord(before) < _WIDE_STARTS) != (ord(after or " ") < _WIDE_STARTS)
    )


def trimmed(text: str, start: int, end: int) -> int:
    """The end without the spaces before it."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def after_spaces(text: str, at: int) -> int:
    """The next place that is no space."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at
