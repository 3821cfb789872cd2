"""What the program says to people: sentences by key from resources/texts/{zh,en}/*.toml, Chinese first.

The first part of a key is the file: `fill.unanswered` stands in fill.toml under [..] or as `unanswered = "…"`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from safetyapp.domain.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("zh", "en")


def resources() -> Path:
    """The folder of fonts, icons and texts: beside the package in a checkout, inside it when installed."""
    inside = Path(__file__).parent / "_data" / "resources"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "resources"


def built_in_forms() -> Path:
    """The folder of the forms that come with the program."""
    inside = Path(__file__).parent / "_data" / "forms"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "forms"


@cache
def _file(language: str, name: str) -> dict[str, object]:
    return tomllib.loads((resources() / "texts" / language / f"{name}.toml").read_text(encoding="utf-8"))


def _find(language: str, key: str) -> str | None:
    name, *rest = key.split(".")
    try:
        value: object = _file(language, name)
    except FileNotFoundError:
        return None
    for part in rest:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


class Explained(NamedTuple):
    """A problem as a person reads it."""

    what: str
    kept: str
    next: str

    def line(self) -> str:
        """`what; kept; what to do`, for one line on a terminal."""
        return "; ".join(part for part in (self.what, self.kept, self.next) if part)


class Texts(NamedTuple):
    """The sentences in one language; what is missing there is said in Chinese."""

    language: str = "zh"

    def say(self, key: str, **facts: object) -> str:
        """The sentence with its gaps filled. Raises KeyError when no language has it."""
        found = _find(self.language, key)
        if found is None:
            found = _find("zh", key)
        if found is None:
            raise KeyError(key)
        return found.format_map(facts) if facts else found

    def explain(self, problem: Problem) -> Explained:
        """What happened, what was kept, what to do next."""
        facts = dict(problem.facts)
        if self.language == "en":  # a fact that is a text of a form stands there in both languages: rule, rule_en
            facts |= {
                name.removesuffix("_en"): fact for name, fact in problem.facts.items() if name.endswith("_en") and fact
            }
        reason = f"problems.{problem.code}.reasons.{facts.get('reason')}"
        if _find("zh", reason) is not None:
            facts["reason"] = self.say(reason, **facts)
        parts = (f"problems.{problem.code}.{part}" for part in ("what", "kept", "next"))
        what, kept, then = (self.say(key, **facts) for key in parts)
        return Explained(what, kept, then)


def language_of(environ: Mapping[str, str]) -> str:
    """SAFETYAPP_LANGUAGE, else Chinese unless the locale is English by LC_ALL or LANG."""
    names = ("SAFETYAPP_LANGUAGE", "LC_ALL", "LANG")
    wanted = next((environ[name] for name in names if environ.get(name)), "zh")
    return "en" if wanted.lower().startswith("en") else "zh"
