"""The number that is typed for a class: 32 for 三(2), 113 for 高二(3), 01 for what is no numbered class."""

from __future__ import annotations

import re
from collections.abc import Sequence

from safetyapp.domain.school import normal_name

_DIGITS = "零一二三四五六七八九"
_NUMBER = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_TAIL = rf"(?:年级|年)?[-.·(]?{_NUMBER}\)?班?"
_SCHOOL = re.compile(rf"(?:小学|小)?([一二三四五六七八九1-9]){_TAIL}")
_UPPER = re.compile(rf"(初|高)中?([一二三1-3]){_TAIL}")
_KINDERGARTEN = re.compile(rf"([小中大])班?[-.·(]?{_NUMBER}\)?班?")
_REMARK = re.compile(r"(?<=班)\(.*$")
"""What stands in brackets behind: 一(1)班(实验班)."""
_GRADES = {"小": 1, "中": 2, "大": 3}


def codes_of(names: Sequence[str]) -> tuple[str, ...]:
    """A code for each name, none twice: grade 1-12 (小班 1, 中班 2, 大班 3; 初一 7, 高一 10) and the class's number, in
    two digits everywhere when a grade has ten classes or more. What has no such name, or that of another, counts
    on by itself behind a nought: 01, 02, 03."""
    read = [grade_and_number(name) for name in names]
    width = 2 if any(found is not None and found[1] > 9 for found in read) else 1
    codes: list[str] = []
    alone = 0
    for found in read:
        code = f"{found[0]}{found[1]:0{width}d}" if found is not None else ""
        if not code or code in codes:
            alone += 1
            code = f"0{alone}"
        codes.append(code)
    return tuple(codes)


def grade_and_number(name: str) -> tuple[int, int] | None:
    """The grade and the number that a class's name says; None where it says none."""
    text = _REMARK.sub("", normal_name(name))
    if (found := _UPPER.fullmatch(text)) is not None:
        grade = {"初": 6, "高": 9}[found[1]] + _read(found[2])
        number = _read(found[3])
    elif (found := _KINDERGARTEN.fullmatch(text)) is not None and not _SCHOOL.fullmatch(text):
        grade, number = _GRADES[found[1]], _read(found[2])
    elif (found := _SCHOOL.fullmatch(text)) is not None:
        grade, number = _read(found[1]), _read(found[2])
    else:
        return None
    return (grade, number) if number else None


def _read(text: str) -> int:
    """12 or 十二."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.index(text) if len(text) == 1 else 0
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
