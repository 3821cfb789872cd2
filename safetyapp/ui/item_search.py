"""Which items fit what is typed into the jump box: number, words of the question, pinyin initials, method and basis,
name of the section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safetyapp.domain.form import Form
from safetyapp.domain.initials import initials
from safetyapp.ui.item_rows import Row

LEAST_INITIALS = 2
"""Letters from which on they are taken for initials: one letter begins half of all questions."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NO_FIT = 9


@dataclass(frozen=True, slots=True)
class _Entry:
    """The texts of one item, folded."""

    number: str
    question: str
    initials: str
    about: str
    section: str


class ItemSearch:
    """Made once for a form's items; what is found is given as places in the list that it was made of."""

    def __init__(self, form: Form, rows: Sequence[Row]) -> None:
        self._entries = [_entry(form, row) for row in rows]

    def find(self, typed: str) -> list[int]:
        """Best first: the item of that number, questions with all words, questions with those initials, items whose
        method or basis has the words, items of a section so called."""
        text = typed.strip().casefold()
        if not text:
            return []
        words, letters = text.split(), initials(text) if text.isascii() else ""
        ranked = [(_rank(entry, text, words, letters), place) for place, entry in enumerate(self._entries)]
        return [place for rank, place in sorted(ranked) if rank < _NO_FIT]


def _entry(form: Form, row: Row) -> _Entry:
    item, title = row.item, form.sections[row.section].title
    about = (item.method.zh, item.method.en, *form.citations(item.basis))
    return _Entry(
        number=_bare(row.id.casefold()),
        question=f"{row.words.zh} {row.words.en}".casefold(),
        initials=initials(row.words.zh),
        about=" ".join(about).casefold(),
        section=f"{title.zh} {title.en}".casefold(),
    )


def _rank(entry: _Entry, text: str, words: list[str], letters: str) -> int:
    bare = _bare(text)
    digits = bare.lstrip(_LETTERS).lstrip("0")
    if entry.number == bare or (digits and entry.number.lstrip(_LETTERS).lstrip("0") == digits):
        return 0
    if bare and digits and entry.number.startswith(bare):
        return 1
    if all(word in entry.question for word in words):
        return 2
    if len(letters) >= LEAST_INITIALS and letters in entry.initials:
        return 3 if entry.initials.startswith(letters) else 4
    if all(word in entry.about for word in words):
        return 5
    return 6 if text in entry.section else _NO_FIT


def _bare(text: str) -> str:
    return text.replace("-", "").replace(" ", "")
