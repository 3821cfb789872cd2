"""A YAML 1.2 file as a plain tree in which every value knows its line. What the values mean stands in read_yaml.

Read from the parser's events, not from constructed objects: nothing in the file can make an object, an alias cannot
multiply, and `4.0` is still the text `4.0` when we look at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from safetyapp.forms.mistakes import LARGEST_FILE, Notes, shown

DEEPEST = 36
MOST_PARTS = 400_000
"""Values, lists and mappings of one file: each becomes an object."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NULLS = ("", "~", "null", "Null", "NULL")
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written; `plain` when it stood without quotes."""

    text: str
    plain: bool
    line: int

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULLS

    @property
    def truth(self) -> bool | None:
        """True or False, None when it is neither."""
        if self.plain and self.text in _TRUE:
            return True
        return False if self.plain and self.text in _FALSE else None

    @property
    def is_integer(self) -> bool:
        return self.plain and _INTEGER.fullmatch(self.text) is not None

    @property
    def is_float(self) -> bool:
        return self.plain and not self.is_integer and _FLOAT.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; a repeated key stands here twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(slots=True)
class _Open:
    """A sequence or mapping whose end has not come yet."""

    line: int
    is_mapping: bool
    parts: list[Node] = field(default_factory=list)


class _Stop(Exception):
    """Nothing after this point can be read; the reason has been noted."""


def read_tree(data: bytes, notes: Notes) -> Node | None:
    """The file's one document, or None after noting why there is none."""
    text = _decode(data, notes)
    if text is None or _has_tab_indentation(text, notes):
        return None
    try:
        return _tree(_events(text, notes), notes)
    except _Stop:
        return None


def _decode(data: bytes, notes: Notes) -> str | None:
    if len(data) > LARGEST_FILE:
        most = LARGEST_FILE // 1024**2
        notes.mistake(0, "too-large", f"文件超过 {most} MB", f"The file is larger than {most} MB")
        return None
    if not data.strip():
        notes.mistake(0, "empty", "文件是空的", "The file is empty")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        notes.mistake(
            line, "not-utf8", "文件不是 UTF-8 编码，请另存为 UTF-8", "The file is not UTF-8; save it as UTF-8"
        )
        return None


def _has_tab_indentation(text: str, notes: Notes) -> bool:
    found = False
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())] and line.strip():
            notes.mistake(
                number, "yaml-tab", "缩进用了制表符，请改成空格", "The line is indented with a tab; use spaces"
            )
            found = True
    return found


def _events(text: str, notes: Notes) -> Iterable[Any]:
    """The parser's events; whatever it raises becomes one mistake with its line."""
    from ruamel.yaml import YAML

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except _Stop:
        raise
    except Exception as error:  # broken input makes the scanner raise more than its own error classes
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = mark.line + 1 if mark is not None else 0
        reason = shown(str(getattr(error, "problem", None) or type(error).__name__), 120)
        position = getattr(error, "position", None)
        if not line and isinstance(position, int):
            line = text.count("\n", 0, position) + 1
        notes.mistake(line, "yaml-syntax", f"YAML 写法有误：{reason}", f"This is not valid YAML: {reason}")
        raise _Stop from error


def _tree(events: Iterable[Any], notes: Notes) -> Node | None:
    """Build the tree without recursion, so that no depth of nesting can exhaust the stack."""
    stack: list[_Open] = []
    root: Node | None = None
    documents = 0
    for parts, event in enumerate(events):
        if parts > MOST_PARTS:
            _stop(notes, 0, "too-large", f"多于 {MOST_PARTS} 个值", f"The file holds more than {MOST_PARTS} values")
        kind = type(event).__name__
        line = event.start_mark.line + 1 if event.start_mark is not None else 0
        done: Node | None = None
        if kind == "DocumentStartEvent":
            documents += 1
            if documents > 1:
                _stop(
                    notes,
                    line,
                    "yaml-documents",
                    "文件里有多份 YAML 文档",
                    "The file holds more than one YAML document",
                )
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            _refuse_extras(event, line, notes)
            if len(stack) >= DEEPEST:
                _stop(notes, line, "too-deep", "嵌套太深", "The nesting is too deep")
            stack.append(_Open(line, kind == "MappingStartEvent"))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            done = _close(stack.pop(), notes)
        elif kind == "ScalarEvent":
            _refuse_extras(event, line, notes)
            done = Scalar(event.value, event.style in (None, ""), line)
        elif kind == "AliasEvent":
            _stop(notes, line, "yaml-alias", "不能使用 YAML 引用（*名称）", "YAML aliases (*name) are not allowed")
        if done is None:
            continue
        if stack:
            stack[-1].parts.append(done)
        else:
            root = done
    if root is None:
        notes.mistake(0, "empty", "文件里没有内容", "The file holds nothing")
    return root


def _close(opened: _Open, notes: Notes) -> Node:
    if not opened.is_mapping:
        return Sequence(tuple(opened.parts), opened.line)
    entries: list[tuple[Scalar, Node]] = []
    for key, value in zip(opened.parts[::2], opened.parts[1::2], strict=True):
        if isinstance(key, Scalar):
            entries.append((key, value))
        else:
            notes.mistake(key.line, "bad-key", "键必须是一个词", "A key must be a single word")
    return Mapping(tuple(entries), opened.line)


def _refuse_extras(event: Any, line: int, notes: Notes) -> None:
    if event.anchor is not None:
        _stop(notes, line, "yaml-alias", "不能使用 YAML 锚点（&名称）", "YAML anchors (&name) are not allowed")
    if event.tag is not None:
        _stop(notes, line, "yaml-tag", "不能使用 YAML 标签（!名称）", "YAML tags (!name) are not allowed")


def _stop(notes: Notes, line: int, code: str, zh: str, en: str) -> None:
    notes.mistake(line, code, zh, en)
    raise _Stop
