"""The keys of one mapping, taken out one by one; what is wrong, missing, repeated or unknown is noted with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from typing import TypeVar

from safetyapp.domain.words import NO_WORDS, Words
from safetyapp.forms.mistakes import Notes, is_printable, shown
from safetyapp.forms.yaml_tree import Mapping, Node, Scalar, Sequence

LONGEST_TEXT = 4000
LONGEST_EXPRESSION = 20_000
LONGEST_ID = 100

_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = re.compile(f"[{_START}][{_START}.0-9\xb7\u0300-\u036f\u203f\u2040-]*")
_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")
_WHOLE = re.compile(r"-?[0-9]{1,9}")

E = TypeVar("E", bound=Enum)
V = TypeVar("V")


class Fields:
    """Reads one mapping. Each reader returns a harmless value after noting a mistake, so that reading goes on."""

    def __init__(self, node: Node, notes: Notes, allowed: tuple[str, ...], what: str) -> None:
        self.notes = notes
        self.line = node.line
        self.what = what
        self._values: dict[str, Node] = {}
        if not isinstance(node, Mapping):
            notes.mistake(
                node.line, "bad-value", f"{what}应当是“键: 值”", f"{what} should be written as keys and values"
            )
            self.is_mapping = False
            return
        self.is_mapping = True
        for key, value in node.entries:
            self._take(key, value, allowed)

    def _take(self, key: Scalar, value: Node, allowed: tuple[str, ...]) -> None:
        name = shown(key.text)
        if key.text in self._values:
            self.notes.mistake(key.line, "duplicate-key", f"键“{name}”写了两次", f"The key '{name}' is written twice")
        elif key.text not in allowed:
            near = get_close_matches(key.text[:60], allowed, n=1)
            zh, en = (f"，是否应为“{near[0]}”", f"; did you mean '{near[0]}'") if near else ("", "")
            self.notes.mistake(
                key.line,
                "unknown-key",
                f"{self.what}里没有“{name}”这个键{zh}",
                f"'{name}' is not a key of {self.what}{en}",
            )
        else:
            self._values[key.text] = value

    def has(self, key: str) -> bool:
        """Whether the key was written with something behind it."""
        value = self._values.get(key)
        return value is not None and not (isinstance(value, Scalar) and value.is_null)

    def line_of(self, key: str) -> int:
        value = self._values.get(key)
        return value.line if value is not None else self.line

    def node(self, key: str, required: bool = False) -> Node | None:
        """What stands behind the key, None when nothing does."""
        if self.has(key):
            return self._values[key]
        if required and self.is_mapping:
            self.notes.mistake(self.line_of(key), "missing", f"{self.what}缺少“{key}”", f"{self.what} lacks '{key}'")
        return None

    def text(self, key: str, required: bool = False, empty_allowed: bool = True, longest: int = LONGEST_TEXT) -> str:
        """A text; a number is taken as it is written."""
        node = self.node(key, required)
        if node is None:
            return ""
        if not isinstance(node, Scalar):
            self.wrong(key, "bad-value", "应当是一段文字", "should be a text")
            return ""
        text = node.text.strip()
        if len(text) > longest:
            self.wrong(key, "too-long", f"超过 {longest} 字", f"is longer than {longest} characters")
            return ""
        if not all(is_printable(c) or c in "\n\t" for c in text):
            self.wrong(key, "bad-text", "含有不能打印的字符", "holds characters that cannot be printed")
            return ""
        if not text and required and not empty_allowed:
            self.wrong(key, "missing", "不能为空", "must not be empty")
        return text

    def expression(self, key: str) -> str:
        """An expression as it is written; what it says is looked at when the whole form is known."""
        return self.text(key, longest=LONGEST_EXPRESSION)

    def id(self, key: str) -> str:
        """A name of letters, digits, `-`, `_` and points. Required."""
        text = self.text(key, required=True, empty_allowed=False)
        if text and not is_id(text):
            self.wrong(key, "bad-id", *BAD_ID)
            return ""
        return text

    def name(self, key: str) -> str:
        """An id that expressions may name: one that begins with a letter or `_`. Required."""
        text = self.id(key)
        if text and not is_name(text):
            self.wrong(key, "bad-id", "要以字母或下划线开头", "must begin with a letter or an underscore")
            return ""
        return text

    def words(self, key: str, required: bool = True) -> Words:
        """A text in two languages, `{zh: …, en: …}`; missing English is a warning."""
        node = self.node(key, required)
        if node is None:
            return NO_WORDS
        if isinstance(node, Scalar):
            words = Words(self.text(key, required, empty_allowed=False))
        else:
            inner = Fields(node, self.notes, ("zh", "en"), key)
            words = Words(inner.text("zh", required=True, empty_allowed=False), inner.text("en"))
        if words.zh and not words.en:
            self.notes.warning(node.line, "no-english", f"“{key}”没有英文", f"'{key}' has no English text")
        return words

    def choice(self, key: str, options: type[E], code: str, default: E) -> E:
        """One of a closed set; `default` when the key is absent or wrong."""
        text = self.text(key)
        if not text:
            return default
        found = pick(options, text)
        if found is None:
            zh, en = _suggest(text, options)
            self.wrong(key, code, f"不能是“{shown(text)}”{zh}", f"cannot be '{shown(text)}'{en}")
        return found or default

    def truth(self, key: str) -> bool:
        """true or false; absent is false."""
        node = self.node(key)
        if node is None:
            return False
        truth = node.truth if isinstance(node, Scalar) else None
        if truth is None:
            self.wrong(key, "bad-value", "应当是 true 或 false", "should be true or false")
        return bool(truth)

    def whole(self, key: str, least: int, most: int, required: bool = False) -> int | None:
        """A whole number within bounds."""
        text = self.text(key, required)
        if not text:
            return None
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            self.wrong(
                key,
                "bad-number",
                f"应当是 {least} 到 {most} 的整数",
                f"should be a whole number from {least} to {most}",
            )
            return None
        return int(text)

    def decimal(self, key: str, required: bool = False) -> Decimal | None:
        """A decimal written as a quoted text; a float has more than one spelling and is refused."""
        node = self.node(key, required)
        if isinstance(node, Scalar) and node.is_float:
            self.wrong(
                key, "bad-limit", f'小数要加引号：{key}: "{shown(node.text)}"', f'needs quotes: "{shown(node.text)}"'
            )
            return None
        text = self.text(key)
        if not text:
            return None
        if not _DECIMAL.fullmatch(text):
            self.wrong(key, "bad-number", f"“{shown(text)}”不是数", f"'{shown(text)}' is not a number")
            return None
        return Decimal(text)

    def day(self, key: str) -> date | None:
        """An ISO date, with or without quotes."""
        text = self.text(key)
        if not text:
            return None
        try:
            if len(text) == 10:
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.wrong(key, "bad-date", "日期应写成 2026-01-31", "should be a date like 2026-01-31")
        return None

    def each(
        self, key: str, read: Callable[[Node], V | None], required: bool = False, most: int = 1000
    ) -> tuple[V, ...]:
        """What `read` makes of every entry of a list; entries it gives up on are left out."""
        return tuple(value for node in self.nodes(key, required, most) if (value := read(node)) is not None)

    def nodes(self, key: str, required: bool = False, most: int = 1000) -> tuple[Node, ...]:
        """The entries of a list, not more than `most`."""
        node = self.node(key, required)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.wrong(key, "bad-value", "应当是列表", "should be a list")
            return ()
        if not node.items and required:
            self.wrong(key, "missing", "列表是空的", "is an empty list")
        if len(node.items) > most:
            self.wrong(key, "too-large", f"多于 {most} 项", f"has more than {most} entries")
            return ()
        return node.items

    def pairs(self, key: str, most: int = 1000) -> Iterator[tuple[Scalar, Node]]:
        """The entries of a mapping, with repeated keys noted and left out."""
        node = self.node(key)
        if node is None:
            return
        if not isinstance(node, Mapping) or len(node.entries) > most:
            self.wrong(key, "bad-value", "应当是“键: 值”", "should be written as keys and values")
            return
        seen: set[str] = set()
        for name, value in node.entries:
            if name.text in seen:
                text = shown(name.text)
                self.notes.mistake(
                    name.line, "duplicate-key", f"键“{text}”写了两次", f"The key '{text}' is written twice"
                )
                continue
            seen.add(name.text)
            yield name, value

    def wrong(self, key: str, code: str, zh: str, en: str) -> None:
        """Note a mistake at the key's value."""
        self.notes.mistake(self.line_of(key), code, f"{self.what}的“{key}”{zh}", f"'{key}' of {self.what} {en}")


def pick(options: type[E], text: str) -> E | None:
    """The member whose value is `text`, None when there is none."""
    return next((member for member in options if member.value == text), None)


BAD_ID = (
    f"只能用字母、数字、点、下划线和连字符，最多 {LONGEST_ID} 字",
    f"may hold only letters, digits, points, underscores and hyphens, {LONGEST_ID} at most",
)


def is_id(text: str) -> bool:
    """Whether the text can serve as an id: a name, or one that begins with a digit."""
    return bool(text) and is_name("_" + text, LONGEST_ID + 1) and text[0] not in "-."


def is_name(text: str, longest: int = LONGEST_ID) -> bool:
    """Whether the text is an XML name without colon (https://www.w3.org/TR/xml-names/#NT-NCName) of at most `longest`
    characters: expressions name items by it."""
    return len(text) <= longest and _NAME.fullmatch(text) is not None


def _suggest(text: str, options: type[E]) -> tuple[str, str]:
    values = [str(member.value) for member in options]
    near = get_close_matches(text[:60], values, n=1)
    if near:
        return f"，是否应为“{near[0]}”", f"; did you mean '{near[0]}'"
    return f"，只能是 {'、'.join(values)}", f"; it can be {', '.join(values)}"
