"""Finding the head of a table in a sheet: which rows are it, and what each column holds, whatever it is called."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from safetyapp.forms.sheets import CellValue, Row, Sheet

SEARCHED_ROWS = 40
_MOST_LINES = 3
_LONGEST_HEAD = 30
_BRACKETS = re.compile(r"\([^()]*\)")

C = TypeVar("C", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class HeadCell(Generic[C]):
    """One column: its place from 0, the text over it, and what it holds (None: not recognised)."""

    place: int
    text: str
    column: C | None


@dataclass(frozen=True, slots=True)
class SheetHead(Generic[C]):
    """The head of a table: the places of its rows in the sheet's rows, and its columns. `other` is the column that
    is understood to be of no use."""

    first: int
    lines: int
    cells: tuple[HeadCell[C], ...]
    other: C

    def place(self, column: C) -> int | None:
        """Where a column is; None when the list has none."""
        return next((cell.place for cell in self.cells if cell.column is column), None)

    def has(self, column: C) -> bool:
        return self.place(column) is not None

    @property
    def recognised(self) -> int:
        return len({cell.column for cell in self.cells if cell.column not in (None, self.other)})


@dataclass(frozen=True, slots=True)
class Vocabulary(Generic[C]):
    """What the columns of one kind of list are called: `column` says what a column holds by the text above it, its own
    text and what the column on its left holds; `is_head` whether such rows are a head at all."""

    column: Callable[[str, str, C | None], C | None]
    is_head: Callable[[SheetHead[C]], bool]
    other: C


def find_in(
    sheet: Sheet, vocabulary: Vocabulary[C], start: int = 0, searched: int = SEARCHED_ROWS
) -> SheetHead[C] | None:
    """The rows among the first `searched` that are a head; None if none are.

    A list may have several heads: the first good one is meant, not the one that names most.
    """
    places = range(start, min(start + searched, len(sheet.rows)))
    heads = [
        head
        for first in places
        for lines in range(1, _MOST_LINES + 1)
        if (head := _head_at(sheet, vocabulary, first, lines)) is not None
    ]
    if not heads:
        return None
    most = max(head.recognised for head in heads)
    good = next(head for head in heads if head.recognised * 2 >= most)
    return max((head for head in heads if good.first <= head.first < good.first + good.lines), key=_rank)


def first_match(text: str, patterns: Iterable[tuple[C, re.Pattern[str]]]) -> C | None:
    """The first column whose pattern matches the whole head text, None when none does."""
    named = tuple(patterns)
    for variant in _variants(text):
        for column, pattern in named:
            if pattern.fullmatch(variant):
                return column
    return None


def folded_head(text: str) -> str:
    """The text without what heads are decorated with: width, blanks, asterisks, colons, "其中"."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = "".join(c for c in folded if not c.isspace() and c not in "*:、,;·/&\"'“”")
    return folded.removeprefix("其中")


def columns_read(head: SheetHead[C], known: dict[str, str], not_kept: Collection[C]) -> dict[str, str]:
    """Each head text and what was made of it; a text that comes twice gets its column's letter."""
    counts = Counter(cell.text for cell in head.cells)
    columns = {}
    for cell in head.cells:
        text = cell.text if counts[cell.text] == 1 else f"{cell.text} ({_letter(cell.place)})"
        if cell.column is None:
            meaning = "not recognised"
        elif cell.column in not_kept:
            meaning = "not kept" if cell.column is head.other else f"not kept: {cell.column.value}"
        else:
            meaning = cell.column.value
        columns[text] = known.get(text, meaning)
    return columns


def _rank(head: SheetHead[C]) -> tuple[int, int, int]:
    return head.recognised, -head.lines, -head.first


def _head_at(sheet: Sheet, vocabulary: Vocabulary[C], first: int, lines: int) -> SheetHead[C] | None:
    rows = sheet.rows[first : first + lines]
    if len(rows) < lines or any(_looks_like_data(row) for row in rows):
        return None
    head = SheetHead(first, lines, _unique(_columns(sheet, rows, vocabulary), vocabulary.other), vocabulary.other)
    return head if vocabulary.is_head(head) else None


def _looks_like_data(row: Row) -> bool:
    """Heads hold short texts; a row with a number or a long run of digits is none."""
    texts = [cell for cell in row.cells if cell is not None]
    if any(not isinstance(cell, str) for cell in texts):
        return True
    return any(re.search(r"\d{6}", unicodedata.normalize("NFKC", str(cell))) for cell in texts)


def _columns(sheet: Sheet, rows: tuple[Row, ...], vocabulary: Vocabulary[C]) -> list[HeadCell[C]]:
    width = max(len(row.cells) for row in rows)
    levels = [_spread(sheet, row, width, rows[i + 1] if i + 1 < len(rows) else None) for i, row in enumerate(rows)]
    cells: list[HeadCell[C]] = []
    for place in range(width):
        texts = list(dict.fromkeys(t for level in levels if (t := level[place])))
        if not texts:
            continue
        parent, child = (texts[-2] if len(texts) > 1 else ""), texts[-1]
        left = cells[-1].column if cells else None
        text = child if not parent else f"{parent}/{child}"
        cells.append(HeadCell(place, text, vocabulary.column(parent, child, left)))
    return cells


def _spread(sheet: Sheet, row: Row, width: int, below: Row | None) -> list[str]:
    """The row's texts, those of wide cells repeated over the columns they stand above."""
    texts = [_text(row.cells[i]) if i < len(row.cells) else "" for i in range(width)]
    ends = {column: end for (number, column), end in sheet.wide.items() if number == row.number}
    if ends:
        for column, end in ends.items():
            for place in range(column + 1, min(end + 1, width)):
                texts[place] = texts[place] or texts[column]
        return texts
    for place in range(1, width):  # a CSV knows no merged cells: a gap above a text belongs to the text on its left
        if not texts[place] and below is not None and place < len(below.cells) and below.cells[place] is not None:
            texts[place] = texts[place - 1]
    return texts


def _unique(cells: list[HeadCell[C]], other: C) -> tuple[HeadCell[C], ...]:
    """A column that comes twice counts where it comes first."""
    seen: set[C] = set()
    kept: list[HeadCell[C]] = []
    for cell in cells:
        twice = cell.column is not None and cell.column in seen
        if cell.column is not None:
            seen.add(cell.column)
        kept.append(HeadCell(cell.place, cell.text, other) if twice else cell)
    return tuple(kept)


def _text(cell: CellValue) -> str:
    text = "" if cell is None else str(cell).strip()
    return text if len(text) <= _LONGEST_HEAD else ""


def _variants(text: str) -> list[str]:
    """校（园）长 as 校园长 and as 校长; 学生数（人） as 学生数."""
    folded = folded_head(text)
    without = _BRACKETS.sub("", folded)
    opened = folded.replace("(", "").replace(")", "")
    return [variant for variant in dict.fromkeys((folded, opened, without)) if variant]


def _letter(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
