"""Search in Chinese: text is indexed as overlapping pairs of characters, so that any two characters find it.

A phrase of pairs is the text itself: what is found is what contains the words, up to width, case, blanks and
punctuation. SQLite's own trigram index finds nothing for two characters in some versions and is not used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LONGEST = 200
"""Characters of a query that count."""


def indexed(texts: Iterable[str]) -> str:
    """The words of the index for some texts. The last character of each stands alone: it ends the row of pairs, and a
    single character is found as the beginning of a pair."""
    words: list[str] = []
    for text in texts:
        plain = folded(text)
        words.extend(plain[i : i + 2] for i in range(len(plain)))
    return " ".join(words)


def match(query: str) -> str:
    """The FTS5 expression for what a person typed: every word must be contained. Empty when there is none."""
    plain = [folded(word) for word in query[:_LONGEST].split()]
    return " AND ".join(_phrase(word) for word in plain if word)


def contains(texts: Iterable[str], query: str) -> bool:
    """What the index must say, said without an index."""
    plain = [folded(text) for text in texts]
    words = [folded(word) for word in query[:_LONGEST].split()]
    return all(any(word in text for text in plain) for word in words if word)


def folded(text: str) -> str:
    """Without width, case, blanks, punctuation and signs; a character that this Unicode does not know yet stays."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if _counts(c))


def _counts(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] not in "ZPS" and category not in ("Cc", "Cf", "Cs")


def _phrase(word: str) -> str:
    if len(word) == 1:
        return f'"{word}"*'
    return '"' + " ".join(word[i : i + 2] for i in range(len(word) - 1)) + '"'
