"""What the window says is there in both languages, with the same gaps."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from safetyapp.texts import Texts, resources
from safetyapp.ui import window

FILES = ("window", "today", "documents_screen")


def flat(table: dict[str, object], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{before}{key}."))
        else:
            found[before + key] = str(value)
    return found


def sentences(language: str, name: str) -> dict[str, str]:
    path = resources() / "texts" / language / f"{name}.toml"
    return flat(tomllib.loads(path.read_text(encoding="utf-8")))


def gaps(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", sentence))


@pytest.mark.parametrize("name", FILES)
def test_both_languages_say_the_same_things(name: str) -> None:
    zh, en = sentences("zh", name), sentences("en", name)
    assert zh.keys() == en.keys()
    assert {k for k in zh if gaps(zh[k]) != gaps(en[k])} == set()


def test_every_key_in_the_code_has_a_sentence() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in Path(window.__file__).parent.glob("*.py"))
    keys = set(re.findall(r'"((?:' + "|".join(FILES) + r')\.[a-z_.-]+[a-z_])"', code)) - {"window.json"}
    known = {f"{name}.{key}" for name in FILES for key in sentences("zh", name)}
    assert keys - known == set()


def test_no_sentence_apologises_or_shouts() -> None:
    for name in FILES:
        for key, sentence in sentences("zh", name).items():
            assert not re.search("请您|抱歉|成功|！", sentence), key


def test_a_sentence_that_nobody_wrote_is_an_error() -> None:
    with pytest.raises(KeyError):
        Texts("en").say("window.nothing_like_this")


@pytest.mark.parametrize("name", FILES)
def test_no_english_number_needs_a_plural(name: str) -> None:
    for key, sentence in sentences("en", name).items():
        assert key == "where.days_ago" or not re.search(r"\{\w+\} (?:[a-z]+ )?(?!this\b)[a-z]+s\b", sentence), (
            f"{key}: {sentence}"
        )
