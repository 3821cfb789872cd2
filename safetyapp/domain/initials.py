"""Pinyin initials 拼音首字母: `zlt` finds 走廊、楼梯.

The first level of GB 2312, 3,755 of the commonest characters, is sorted by pinyin: a character's initial is the
interval its code lies in, and Python's own codec knows the code. Rarer characters and second readings have none here;
who looks for them types the characters.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

_FIRST = (
    0xB0A1, 0xB0C5, 0xB2C1, 0xB4EE, 0xB6EA, 0xB7A2, 0xB8C1, 0xB9FE, 0xBBF7, 0xBFA6, 0xC0AC, 0xC2E8, 0xC4C3, 0xC5B6,
    0xC5BE, 0xC6DA, 0xC8BB, 0xC8F6, 0xCBFA, 0xCDDA, 0xCEF4, 0xD1B9, 0xD4D1,
)  # fmt: skip
"""The code of the first character of each letter, 啊 to 匝; no syllable begins with i, u or v."""
_LETTERS = "abcdefghjklmnopqrstwxyz"
_LAST = 0xD7F9
"""座, the last of the first level."""


def initials(text: str) -> str:
    """The initials of a text: of Latin letters and digits themselves, of characters without one, blanks and signs
    nothing."""
    return "".join(map(_initial, unicodedata.normalize("NFKC", text).casefold()))


def _initial(char: str) -> str:
    if char.isascii():
        return char if char.isalnum() else ""
    try:
        code = int.from_bytes(char.encode("gb2312"), "big")
    except UnicodeEncodeError:
        return ""
    return _LETTERS[bisect_right(_FIRST, code) - 1] if _FIRST[0] <= code <= _LAST else ""
