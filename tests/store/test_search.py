"""Searching by pairs finds exactly what contains the words: the index against a plain look at every text."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from safetyapp.store.search import contains, indexed, match

ALPHABET = '甲乙丙子丑消防火灾栓𬭎龑aAbB1２　 （，-"*'
TEXT = st.text(ALPHABET, max_size=8)


@given(st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=8), TEXT)
def test_the_index_finds_what_contains_the_words(rows: list[list[str]], query: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (pairs, content = '', tokenize = 'ascii')")
    for number, texts in enumerate(rows):
        connection.execute("INSERT INTO t (rowid, pairs) VALUES (?, ?)", (number, indexed(texts)))
    words = match(query)
    if words:
        found = {row[0] for row in connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (words,))}
    else:
        found = set(range(len(rows)))
    connection.close()
    assert found == {number for number, texts in enumerate(rows) if contains(texts, query)}
