"""How several things stand in one cell: one a line, its parts with `；` between, in quotes only what must be.

A text in two languages is `中文 / English`. Within quotes a backslash stands before a quote or a backslash, and before
`n` for a new line. Half-width `;` and `:` do as well as `；` and `：`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BEFORE = "；;：:/"
_SPECIAL = re.compile(r'["\n；;]|(^|\s)/(\s|$)|^[：:=]')


def quoted(text: str, further: str = "") -> str:
    """The text as it may stand in a line: with quotes where it holds what splits lines, or a sign of `further`."""
    if text and not _SPECIAL.search(text) and not any(sign in text for sign in further):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def unquoted(text: str) -> str:
    """The text that was meant, without the quotes around it."""
    text = text.strip()
    found = _QUOTED.fullmatch(text)
    if found is None:
        return text
    return _ESCAPED.sub(lambda sign: "\n" if sign[1] == "n" else sign[1], found[1])


def both(zh: str, en: str) -> str:
    """A text in two languages, or in the one it has."""
    return f"{quoted(zh)} / {quoted(en)}" if en else quoted(zh)


def split_both(text: str) -> tuple[str, str]:
    """The Chinese and the English of a text; the English is empty when there is none."""
    covered = _covered(text)
    for found in re.finditer(r"(?<=\s)/(?=\s)", text):
        if found.start() not in covered:
            return unquoted(text[: found.start()]), unquoted(text[found.end() :])
    return unquoted(text), ""


def lines_of(text: str) -> list[str]:
    """The lines of a cell that hold something. Only a line feed ends a line."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def parts_of(line: str) -> list[str]:
    """The parts of a line, still with their quotes."""
    return _split(line, "；;")


def split_id(part: str) -> tuple[str, str]:
    """The id before the first colon and what stands behind it; the id is empty when there is no colon."""
    covered = _covered(part)
    place = next((n for n, sign in enumerate(part) if sign in "：:" and n not in covered), None)
    return ("", part.strip()) if place is None else (unquoted(part[:place]), part[place + 1 :].strip())


def _split(text: str, signs: str) -> list[str]:
    covered = _covered(text)
    ends = [n for n, sign in enumerate(text) if sign in signs and n not in covered]
    starts = [0, *(n + 1 for n in ends)]
    pieces = (text[start:end].strip() for start, end in zip(starts, [*ends, len(text)], strict=True))
    return [piece for piece in pieces if piece]


def _covered(text: str) -> set[int]:
    """The places within quotes. Quotes open where a text may begin and close where one may end; others are signs."""
    if '"' not in text:
        return set()
    covered: set[int] = set()
    at = 0
    while (at := text.find('"', at)) >= 0:
        before, found = text[:at].rstrip(), _QUOTED.match(text, at)
        begins = at == 0 or text[at - 1].isspace() or not before or before[-1] in _BEFORE
        if found and begins and (not (rest := text[found.end() :].lstrip()) or rest[0] in _BEFORE):
            covered.update(range(at, found.end()))
            at = found.end()
        else:
            at += 1
    return covered


def names_of(documents: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """What names a legal document, with its id. For each its id, its short title and its title are given: an id always
    names its own, a title or short title only where no two documents share it."""
    known: dict[str, str] = {}
    every = list(documents)
    for place in (2, 1):
        written = [document[place] for document in every]
        known |= {d[place]: d[0] for d in every if d[place] and written.count(d[place]) == 1}
    return known | {document[0]: document[0] for document in every}
