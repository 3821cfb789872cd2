"""The texts of an XLSForm in our two languages: Chinese, or else the form's own, as zh; English as en."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safetyapp.domain.words import NO_WORDS, Words
from safetyapp.forms.fields import LONGEST_TEXT
from safetyapp.forms.mistakes import is_printable

_CHINESE = re.compile(r"中文|汉语|漢語|普通话|chinese|\((zh|cmn)\b|^(zh|cmn)\b", re.IGNORECASE)
_ENGLISH = re.compile(r"英文|英语|english|\(en\b|^en\b", re.IGNORECASE)
_DEFAULT = "default"
_TRANSLATED = ("label", "hint", "guidance_hint")
_TRANSLATED_BINDS = ("jr:constraintMsg", "jr:requiredMsg", "jr:noAppErrorString")


@dataclass(frozen=True, slots=True)
class Languages:
    """Which of the form's languages stands for zh and which for en (empty: none); `others` are left behind."""

    zh: str = _DEFAULT
    en: str = ""
    others: tuple[str, ...] = ()

    def words(self, value: Any) -> Words:
        """A text, or one by language, as words; what is missing in one language is taken from another."""
        if not isinstance(value, Mapping):
            return Words(clean(value)) if value is not None else NO_WORDS
        texts = {str(language): clean(text) for language, text in value.items()}
        zh = texts.get(self.zh) or texts.get(_DEFAULT) or texts.get(self.en) or next(filter(None, texts.values()), "")
        en = texts.get(self.en, "") if self.en else ""
        return Words(zh, "" if en == zh else en)

    def one(self, value: Any) -> str:
        """The value in the first of our languages in which there is one: of a picture's file name, say."""
        return self.words(value).zh


def languages_of(tree: Mapping[str, Any]) -> Languages:
    """The languages in which a form's texts are written. `tree` is pyxform's."""
    found: dict[str, None] = {}
    for value in _texts(tree):
        if isinstance(value, Mapping):
            found.update(dict.fromkeys(str(language) for language in value))
    default = str(tree.get("default_language") or _DEFAULT)
    named = [language for language in found if language != _DEFAULT]
    chinese = next((n for n in named if _CHINESE.search(n)), "")
    zh = chinese or next((n for n in (default, _DEFAULT) if n in found), next(iter(named), _DEFAULT))
    en = next((n for n in named if n != zh and _ENGLISH.search(n)), "")
    if not en and zh == chinese and _DEFAULT in found:  # what is written without a language beside Chinese
        en = _DEFAULT
    return Languages(zh, en, tuple(n for n in named if n not in (zh, en)))


def clean(value: Any) -> str:
    """A text as a form may hold it: no ends of white space, no characters that cannot be printed, not too long."""
    return printable(value)[:LONGEST_TEXT].strip()


def printable(value: Any) -> str:
    """A text of any length without ends of white space and without characters that cannot be printed."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or is_printable(c)).strip()
    return text


def _texts(element: Mapping[str, Any]) -> Iterator[Any]:
    """Everything below an element that may be written in several languages."""
    waiting: list[Mapping[str, Any]] = [element]
    while waiting:
        one = waiting.pop()
        yield from (one[key] for key in _TRANSLATED if key in one)
        bind, media = one.get("bind"), one.get("media")
        yield from (bind[key] for key in _TRANSLATED_BINDS if isinstance(bind, Mapping) and key in bind)
        if isinstance(media, Mapping):
            yield from media.values()
        waiting += [child for child in one.get("children") or () if isinstance(child, Mapping)]
        choices = one.get("choices")
        if isinstance(choices, Mapping):
            waiting += [choice for offered in choices.values() for choice in offered]
