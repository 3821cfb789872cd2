"""What the program says: every sentence in both languages, with the same gaps; none asked for that is not there."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project import ROOT

PACKAGE = ROOT / "safetyapp"
TEXTS = ROOT / "resources" / "texts"
ON_PAPER = "documents."
"""Documents are written in Chinese whatever the window's language; their sentences have no English."""


def _leaves(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{key}.{name}")
    else:
        assert isinstance(value, str), f"{key} is no text"
        yield key, value


def _texts(language: str) -> dict[str, str]:
    files = sorted((TEXTS / language).glob("*.toml"))
    return dict(leaf for file in files for leaf in _leaves(tomllib.loads(file.read_text(encoding="utf-8")), file.stem))


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def zh() -> dict[str, str]:
    return _texts("zh")


@pytest.fixture(scope="module")
def en() -> dict[str, str]:
    return _texts("en")


def test_both_languages_have_the_same_sentences(zh: dict[str, str], en: dict[str, str]) -> None:
    assert zh
    assert [key for key in zh if key not in en and not key.startswith(ON_PAPER)] == [], "missing in English"
    assert sorted(en.keys() - zh.keys()) == [], "missing in Chinese"


def test_both_languages_have_the_same_gaps(zh: dict[str, str], en: dict[str, str]) -> None:
    assert {k: (_gaps(zh[k]), _gaps(en[k])) for k in zh.keys() & en.keys() if _gaps(zh[k]) != _gaps(en[k])} == {}


def test_problems_say_what_was_kept_and_what_to_do(zh: dict[str, str]) -> None:
    codes = {key.split(".")[1] for key in zh if key.startswith("problems.")}
    missing = [f"{code}.{part}" for code in sorted(codes) for part in ("what", "kept", "next")
               if f"problems.{code}.{part}" not in zh]  # fmt: skip
    assert codes
    assert missing == []


def _calls(name: str, folder: Path = PACKAGE) -> Iterator[tuple[str, ast.Call]]:
    """Every call of `name` or `….name` with an argument: where it stands, and the call."""
    paths: list[Path] = sorted(folder.rglob("*.py"))
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield f"{path.relative_to(ROOT)}:{node.lineno}:{node.col_offset}", node


def _facts(call: ast.Call) -> set[str] | None:
    """The facts that a call fills in; None when it hands on a mapping."""
    names = {keyword.arg for keyword in call.keywords}
    return None if None in names else {name for name in names if name}


def _pattern(text: ast.JoinedStr) -> re.Pattern[str]:
    parts = (re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[^.]+(?:[.][^.]+)*" for p in text.values)
    return re.compile("".join(parts))


def _mistakes(
    known: dict[str, str], prefix: str, suffixes: tuple[str, ...], calls: Iterator[tuple[str, ast.Call]]
) -> list[str]:
    found: list[str] = []
    for where, call in calls:
        key, facts = call.args[0], _facts(call)
        if isinstance(key, ast.JoinedStr):
            if not any(_pattern(key).fullmatch(name.removeprefix(prefix)) for name in known):
                found.append(f"{where}: no sentence like {ast.unparse(key)}")
        elif isinstance(key, ast.Constant) and isinstance(key.value, str):
            for full in (f"{prefix}{key.value}{suffix}" for suffix in suffixes):
                if full not in known:
                    found.append(f"{where}: {full} is in no file")
                elif facts is not None and (empty := _gaps(known[full]) - facts):
                    found.append(f"{where}: {full} wants {sorted(empty)}")
    return found


def test_every_sentence_asked_for_exists_and_gets_its_facts(zh: dict[str, str]) -> None:
    """The `say` of safetyapp.documents puts the name of its shelf before the key."""
    on_paper = {w: c for w, c in _calls("say", PACKAGE / "documents") if ON_PAPER not in ast.unparse(c.args[0])}
    elsewhere = ((where, call) for where, call in _calls("say") if where not in on_paper)
    assert _mistakes(zh, "", ("",), elsewhere) == []
    assert _mistakes(zh, ON_PAPER, ("",), iter(on_paper.items())) == []


def test_every_problem_raised_has_its_sentences_and_facts(zh: dict[str, str]) -> None:
    assert _mistakes(zh, "problems.", (".what", ".kept", ".next"), _calls("Problem")) == []


def test_what_one_language_says_the_other_says_too(zh: dict[str, str], en: dict[str, str]) -> None:
    """An empty sentence is meant (some problems keep nothing) only where it is empty in both."""
    assert [key for key in zh.keys() & en.keys() if bool(zh[key].strip()) != bool(en[key].strip())] == []
