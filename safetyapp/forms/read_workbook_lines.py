"""The lines of cells that hold several things, as nodes: bases, schools, limits by case, readings, pictures, rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from safetyapp.forms.mistakes import shown
from safetyapp.forms.workbook_lines import parts_of, split_both, split_id, unquoted
from safetyapp.forms.workbook_sheets import Shape
from safetyapp.forms.workbook_words import (
    FACTS,
    KINDS,
    MEDIA,
    OPENING,
    PERIODS,
    SCHOOLS,
    SOURCES,
    STATUSES,
    Wording,
    folded,
)
from safetyapp.forms.yaml_tree import Mapping, Node, Scalar, Sequence


class BadLine(ValueError):
    """A line that cannot be read, with what is to be said of it behind the name of its column."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code, zh, en)
        self.code = code
        self.zh = zh
        self.en = en


_STATUS = re.compile(r"[\[（(【［]\s*([^\[\]（）()【】［］]{1,6})\s*[\]）)】］]\s*$")
_NAMED = re.compile(r'《\s*("(?:[^"\\]|\\.)*"|[^》]+?)\s*》')
_AND = re.compile(r"\s*(?:并且|而且|且|＋|\+|&)\s*")
_OR = re.compile(r"\s+(?:或者|或)\s+|[；;]")
_BETWEEN = re.compile(r"[、,，/]")
_EVERYONE = frozenset({"全部", "全部学校", "所有学校", "全部适用", "all"})
_COUNTED = re.compile(r"每个?(.+?)(\d{1,9})?次?")
_OPENING = re.compile(rf"[(,、]?{OPENING}\)?$")
_DAYS = re.compile(r"(?:至少)?(?:每隔?|间隔|不超过)(\d{1,9})[天日](?:1次|一次)?")


def text_node(text: str, place: int) -> Scalar:
    """A text, whatever it looks like."""
    return Scalar(text, False, place)


def words_node(text: str, place: int) -> Node:
    """A text in one language or two: `中文 / English`."""
    zh, en = split_both(text)
    if not en:
        return text_node(zh, place)
    return mapping({"zh": text_node(zh, place), "en": text_node(en, place)}, place)


def mapping(entries: dict[str, Node], place: int) -> Mapping:
    return Mapping(tuple((Scalar(key, True, place), node) for key, node in entries.items()), place)


def basis_node(line: str, place: int, documents: dict[str, str]) -> Node:
    """《简称》条款 [已核]. The name may stand without brackets too, with a space behind it; without a status the clause
    has not been checked."""
    line = line.strip()
    found = _STATUS.search(line)
    status = STATUSES.value(found[1]) if found else None
    rest = line[: found.start()].rstrip() if found and status else line
    name, clause = _document(rest, documents)
    entries: dict[str, Node] = {"document": text_node(documents.get(name, name), place)}
    if clause:
        entries["clause"] = text_node(unquoted(clause), place)
    if status == "verified":
        entries["verified"] = Scalar("true", True, place)
    return mapping(entries, place)


def _document(text: str, documents: dict[str, str]) -> tuple[str, str]:
    """The name of the document and the clause."""
    found = _NAMED.match(text)
    name = unquoted(found[1]) if found else ""
    if found and name in documents:
        return name, text[found.end() :].strip()
    for known in sorted(documents, key=len, reverse=True):
        for start in (f"《{known}》", known):
            if text.startswith(start) and (start != known or not text[len(known) :][:1].strip()):
                return known, text[len(start) :].strip()
    for known in sorted(documents, key=len, reverse=True):  # 消防法第十六条
        if text.startswith(known) and text[len(known)] == "第":
            return known, text[len(known) :].strip()
    if found:
        like = next((known for known in documents if folded(known) == folded(name)), name)
        return like, text[found.end() :].strip()
    first, _, rest = text.partition(" ")
    return first, rest.strip()


def applies_node(line: str, place: int) -> list[Node]:
    """小学、初中 且 有食堂: one clause, several with 或 between. Raises BadLine."""
    if folded(line) in _EVERYONE:
        return []
    return [_clause(clause, place) for clause in _OR.split(line.strip()) if clause.strip()]


def _clause(text: str, place: int) -> Node:
    kinds: list[str] = []
    facts: list[str] = []
    for term in _AND.split(text.strip()):
        words = [word.strip() for word in _BETWEEN.split(term) if word.strip()]
        found = [(SCHOOLS.value(word), _fact(word)) for word in words]
        if found and all(kind is not None for kind, _ in found) and not kinds:
            kinds += [kind for kind, _ in found if kind is not None]
        elif len(found) == 1 and found[0][1] is not None:
            facts.append(found[0][1])
        else:
            raise _bad_term(words, found)
    entries: dict[str, Node] = {}
    for key, values in (("kinds", kinds), ("has", facts)):
        if values:
            entries[key] = Sequence(tuple(text_node(value, place) for value in values), place)
    return mapping(entries, place)


def _fact(word: str) -> str | None:
    return FACTS.value(word) or FACTS.value(re.sub(r"^(设有|使用|有|是)", "", word))


def _bad_term(words: list[str], found: list[tuple[str | None, str | None]]) -> BadLine:
    unknown = next((w for w, (kind, fact) in zip(words, found, strict=True) if kind is None and fact is None), None)
    if unknown is None:
        return BadLine(
            "bad-applies",
            "：学校类型之间用“、”，条件用“且”接上，另一种情况另起一行，如 小学、初中 且 有食堂",
            "should be kinds with 、 between, conditions after 且, one case a line: 小学、初中 且 有食堂",
        )
    near = SCHOOLS.near(unknown) or FACTS.near(unknown)
    known = "、".join((*SCHOOLS.all_words(), *(f"有{word}" for word in FACTS.all_words())))
    zh, en = (f"，是否应为“{near}”", f"; did you mean {near}") if near else (f"，可用 {known}", f"; known are {known}")
    return BadLine("unknown-fact", f"不认识“{shown(unknown)}”{zh}", f"does not know '{shown(unknown)}'{en}")


def every_node(text: str, place: int) -> Node:
    """每月1次, 每学期1次（开学前）, 每365天. Raises BadLine."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("一次", "1次")
    if found := _DAYS.fullmatch(plain):
        return mapping({"days": text_node(found[1], place)}, place)
    opening = _OPENING.search(plain)
    found = _COUNTED.fullmatch(plain[: opening.start()] if opening else plain)
    unit = PERIODS.value(found[1]) if found else None
    if found is None or unit is None:
        known = "、".join(PERIODS.all_words())
        zh = f"应写成 每月1次、每学期1次（开学前）或 每365天（可用 {known}）"
        raise BadLine("unknown-period", zh, f"should be like 每月1次 or 每365天 (known are {known})")
    entries: dict[str, Node] = {"count": text_node(found[2] or "1", place), "unit": text_node(unit, place)}
    return mapping(entries | ({"opening": Scalar("true", True, place)} if opening else {}), place)


# --- parts with a word before them ---

_LIMITS = {
    "min": ("最小", "不小于", "不低于", "下限", "≥", ">=", "min"),
    "max": ("最大", "不大于", "不超过", "不高于", "上限", "≤", "<=", "max"),
    "max_age_days": ("最久天数", "最久", "max_age_days"),
    "not_expired": ("须未过期", "未过期", "not_expired"),
}
_CASE_WORDS = _LIMITS | {"applies": ("适用学校", "适用", "applies")}
_READING_WORDS = _LIMITS | {
    "unit": ("单位", "unit"),
    "required": ("必填", "必答", "required"),
    "signed": ("可为负", "可负", "signed"),
    "list": ("选项表", "list"),
    "kind": ("种类", "kind"),
}
_ROW_WORDS = {
    "from": ("来源", "from"),
    "fixed": ("固定行", "固定", "fixed"),
    "count": ("行数", "count"),
    "min": ("至少", "最少", "min"),
    "max": ("至多", "最多", "max"),
    "title": ("标题", "title"),
}
_FLAGS = frozenset({"not_expired", "required", "signed"})


def _parted(part: str, words: dict[str, tuple[str, ...]]) -> tuple[str, str]:
    """The key that a part begins with, and what stands behind its word; no key when it begins with none."""
    every = sorted(((word, key) for key, also in words.items() for word in also), key=lambda w: -len(w[0]))
    for word, key in every:
        if part.lower().startswith(word):
            rest = part[len(word) :]
            if rest and word.isascii() and word.isalpha() and rest[0].isalnum():
                continue
            return key, re.sub(r"^\s*[：:=]?\s*", "", rest)
    return "", part


def _value(key: str, rest: str, place: int) -> Node:
    if key in _FLAGS:
        if rest:
            raise _bad_part(rest)
        return Scalar("true", True, place)
    if key in ("min", "max", "max_age_days"):
        plain = "".join(unicodedata.normalize("NFKC", rest).split())
        return text_node(re.sub(r"[天日行]$", "", plain), place)
    if key in ("unit", "title", "fixed"):
        return words_node(rest, place)
    if key == "applies":
        return Sequence(tuple(applies_node(rest, place)), place)
    if key == "kind":
        return text_node(_word(KINDS, rest), place)
    if key == "from":
        return text_node(_word(SOURCES, rest), place)
    return text_node(unquoted(rest), place)


def _word(wording: Wording, text: str) -> str:
    found = wording.value(text)
    if found is None:
        every = "、".join(wording.all_words())
        raise BadLine(wording.code, f"不认识“{shown(text)}”，可用 {every}", f"does not know '{shown(text)}': {every}")
    return found


def _bad_part(part: str) -> BadLine:
    text = shown(part)
    return BadLine("bad-line", f"看不懂“{text}”这一段", f"holds a part that cannot be read: '{text}'")


def _named(line: str, place: int, example: str) -> tuple[dict[str, Node], list[str]]:
    """The id and label that a line begins with, and its further parts."""
    first, *parts = parts_of(line) or [""]
    entry_id, label = split_id(first)
    if not entry_id or not label:
        text = shown(line)
        raise BadLine("bad-line", f"应写成“{example}”，不是“{text}”", f"should be like '{example}', not '{text}'")
    return {"id": text_node(entry_id, place), "label": words_node(label, place)}, parts


def _put(entries: dict[str, Node], key: str, node: Node, part: str) -> None:
    if key in entries:
        text = shown(part)
        raise BadLine("duplicate-key", f"“{text}”重复", f"says '{text}' a second time")
    entries[key] = node


def case_node(line: str, place: int) -> Node:
    """代号：名称；最小 1.20；最久 365 天；适用 幼儿园. Raises BadLine."""
    entries, parts = _named(line, place, "代号：名称；最小 1.20；适用 幼儿园")
    for part in parts:
        key, rest = _parted(part, _CASE_WORDS)
        if not key:
            raise _bad_part(part)
        _put(entries, key, _value(key, rest, place), part)
    return mapping(entries, place)


def reading_node(line: str, place: int) -> Node:
    """代号：名称；整数；单位 个；最小 2；必填. Raises BadLine."""
    entries, parts = _named(line, place, "代号：名称；整数；单位 个；最小 2")
    for part in parts:
        kind = KINDS.value(part)
        key, rest = ("kind", part) if kind is not None else _parted(part, _READING_WORDS)
        if not key:
            raise _bad_part(part)
        _put(entries, key, _value(key, rest, place), part)
    return mapping(entries, place)


def media_node(line: str, place: int) -> Node:
    """图片：文件名；说明. Raises BadLine."""
    first, *parts = parts_of(line) or [""]
    kind, file = split_id(first)
    if not kind or len(parts) > 1:
        text = shown(line)
        raise BadLine(
            "bad-line", f"应写成“图片：文件名；说明”，不是“{text}”", f"should be like 图片：FILE, not '{text}'"
        )
    entries: dict[str, Node] = {"kind": text_node(_word(MEDIA, kind), place), "file": text_node(unquoted(file), place)}
    if parts:
        entries["caption"] = words_node(parts[0], place)
    return mapping(entries, place)


def row_node(line: str, place: int) -> Node:
    """One line about the rows of a table, as a mapping of one key or several. Raises BadLine."""
    entries: list[tuple[Scalar, Node]] = []
    for part in parts_of(line):
        key, rest = _parted(part, _ROW_WORDS)
        if not key:
            raise _bad_part(part)
        entries.append((Scalar(key, True, place), _value(key, rest, place)))
    return Mapping(tuple(entries), place)


def rows_node(lines: list[Node], place: int) -> Mapping:
    """The lines about the rows of a table together; what is written twice stands there twice."""
    entries: list[tuple[Scalar, Node]] = []
    fixed: list[Node] = []
    for line in lines:
        for key, node in line.entries if isinstance(line, Mapping) else ():
            if key.text == "fixed":
                fixed.append(node)
            else:
                entries.append((key, node))
    if fixed:
        entries.append((Scalar("fixed", True, fixed[0].line), Sequence(tuple(fixed), fixed[0].line)))
    return Mapping(tuple(entries), place)


LINE_READERS: dict[Shape, Callable[[str, int], Node]] = {
    Shape.CASES: case_node,
    Shape.READINGS: reading_node,
    Shape.MEDIA: media_node,
    Shape.ROWS: row_node,
}
