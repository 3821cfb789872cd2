"""YAML text out of plain values: block style, short things in one line, quotes only where a reader could go astray."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

_LOOKS_LIKE_ANOTHER = re.compile(
    r"[-+]?[.0-9][-+.0-9_:eExXobA-Fa-f]*|~|null|true|false|yes|no|on|off|y|n|[-+]?\.(inf|nan)|<<|=", re.IGNORECASE
)
"""Plain texts that some reader of YAML takes for a number, a day, a truth or nothing."""

_NEVER_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@`=~")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


class Flow(dict[str, Any]):
    """A mapping that is written in one line."""


class Quoted(str):
    """A text that is written with quotes, whatever it looks like."""


class _Raw(str):
    """Written as it is."""


FALSE: Final = _Raw("false")


def yaml_text(mapping: dict[str, Any]) -> str:
    """The mapping as a block, ending with a line break. Values are texts, numbers, truths, days, decimals (written as
    quoted texts), lists and mappings of them."""
    return "".join(line + "\n" for line in _mapping(mapping, ""))


def _mapping(mapping: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        head = f"{indent}{_scalar(key, flow=True)}:"
        if isinstance(value, list):
            yield head
            yield from _sequence(value, indent + "  ")
        elif isinstance(value, dict) and not isinstance(value, Flow):
            yield head
            yield from _mapping(value, indent + "  ")
        elif isinstance(value, str) and _can_stand_as_lines(value):
            yield f"{head} |-"
            yield from (f"{indent}  {line}" if line else "" for line in value.split("\n"))
        else:
            yield f"{head} {_inline(value)}"


def _sequence(values: list[Any], indent: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict) and not isinstance(value, Flow):
            lines = _mapping(value, indent + "  ")
            yield f"{indent}- {next(lines)[len(indent) + 2 :]}"
            yield from lines
        else:
            yield f"{indent}- {_inline(value)}"


def _inline(value: Any, flow: bool = False) -> str:
    match value:
        case Flow():
            return "{" + ", ".join(f"{_scalar(k, flow=True)}: {_inline(v, flow=True)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(_inline(v, flow=True) for v in value) + "]"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f'"{value:f}"'
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case _Raw():
            return str(value)
        case Quoted():
            return _quoted(value)
        case str():
            return _scalar(value, flow)
    raise TypeError(f"{type(value).__name__} has no place in a form")


def _scalar(text: str, flow: bool) -> str:
    return text if _is_plain(text, flow) else _quoted(text)


def _is_plain(text: str, flow: bool) -> bool:
    """Whether the text can stand without quotes, here and for every reader of YAML."""
    if not text or text[0] in _NEVER_FIRST or text != text.strip() or not text.isprintable():
        return False
    if _LOOKS_LIKE_ANOTHER.fullmatch(text) or text.endswith(":") or ": " in text or " #" in text:
        return False
    return not (flow and any(c in ",[]{}:?#" for c in text))


def _can_stand_as_lines(text: str) -> bool:
    """Whether a text of several lines can stand as it is, each line with the indentation before it."""
    if isinstance(text, Quoted) or "\n" not in text or text != text.strip():
        return False
    return all(line == line.rstrip() and line.isprintable() for line in text.split("\n"))


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else _escape(c)) for c in text) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"
