"""The values of a form as the texts of a workbook's cells; `read_workbook_cells` understands every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from safetyapp.forms.workbook_lines import both, quoted
from safetyapp.forms.workbook_sheets import Column, Shape
from safetyapp.forms.workbook_words import (
    EXPRESSION,
    FACTS,
    KINDS,
    MEDIA,
    OPENING,
    PERIODS,
    SCHOOLS,
    SOURCES,
    STATUSES,
    TRUTHS,
)
from safetyapp.forms.yaml_text import FALSE

YES, NO = TRUTHS.word("true"), TRUTHS.word("false")
Names = dict[str, str]
"""How each legal document is named in a cell, by its id."""


def cells_of(part: dict[str, Any], columns: tuple[Column, ...], names: Names) -> dict[str, str]:
    """The texts of one row, by the keys of their columns; `part` is what stands in the form's file."""
    found = ((column.key, cell_of(_at(part, column.path), column, names)) for column in columns)
    return {key: text for key, text in found if text}


def cell_of(value: Any, column: Column, names: Names) -> str:
    """One value as its cell says it, empty for nothing."""
    if value is None:
        return ""
    match column.shape:
        case Shape.TRUTH:
            return YES if value else ""
        case Shape.WORD:
            return column.wording.word(value) if column.wording else str(value)
        case Shape.REQUIRED:
            return NO if value is FALSE else required_text(value)
        case Shape.EVERY:
            return _every(value)
        case Shape.BASIS:
            return basis_text(value, names)
        case Shape.APPLIES:
            return "\n".join(_clause(clause) for clause in value)
        case Shape.BASES:
            return "\n".join(basis_text(basis, names) for basis in value)
        case Shape.ROWS:
            return "\n".join(_rows(value))
        case Shape.CASES | Shape.READINGS | Shape.MEDIA:
            return "\n".join(_LINES[column.shape](one) for one in value)
    return plain_text(value)


def plain_text(value: Any) -> str:
    """A text, number or day."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _at(part: Any, path: tuple[str, ...]) -> Any:
    """What stands at the end of a path; a text in one language stands at its `zh`."""
    for key in path:
        part = part.get(key) if isinstance(part, dict) else part if key == "zh" else None
    return part


def required_text(expression: str) -> str:
    """An expression where yes and no may stand too."""
    if TRUTHS.value(expression) is not None or expression.startswith((EXPRESSION, "公式:")):
        return EXPRESSION + expression
    return expression


def basis_text(basis: dict[str, Any], names: Names) -> str:
    """《简称》条款 [已核]."""
    name = names.get(basis["document"], basis["document"])
    clause = basis.get("clause", "")
    if clause.startswith('"') or "\n" in clause:
        clause = quoted(clause, clause)
    name = quoted(name, "《》")
    status = STATUSES.word("verified" if basis.get("verified") else "unverified")
    return f"《{name}》{clause} [{status}]" if clause else f"《{name}》[{status}]"


def _every(every: dict[str, Any]) -> str:
    if "days" in every:
        return f"每{every['days']}天"
    before = f"（{OPENING}）" if every.get("opening") else ""
    return f"每{PERIODS.word(every['unit'])}{every['count']}次{before}"


def _clause(clause: dict[str, Any]) -> str:
    kinds = "、".join(SCHOOLS.word(kind) for kind in clause.get("kinds", ()))
    return " 且 ".join([*([kinds] if kinds else []), *(f"有{FACTS.word(fact)}" for fact in clause.get("has", ()))])


def _case(case: dict[str, Any]) -> str:
    return _joined(_named(case), *_limits(case), *_worded("适用", _inline(case.get("applies"))))


def _reading(reading: dict[str, Any]) -> str:
    unit = reading.get("unit")
    return _joined(
        _named(reading),
        KINDS.word(reading["kind"]),
        *_worded("单位", _words(unit) if unit else ""),
        *_limits(reading),
        *(["必填"] if reading.get("required") else []),
        *(["可为负"] if reading.get("signed") else []),
        *_worded("选项表", quoted(reading["list"]) if "list" in reading else ""),
    )


def _media(media: dict[str, Any]) -> str:
    caption = media.get("caption")
    return _joined(f"{MEDIA.word(media['kind'])}：{quoted(media['file'])}", *([_words(caption)] if caption else []))


def _rows(rows: dict[str, Any]) -> Iterator[str]:
    if "from" in rows:
        yield f"来源 {SOURCES.word(rows['from'])}"
    yield from (f"固定 {_words(words)}" for words in rows.get("fixed", ()))
    if "count" in rows:
        yield f"行数 {quoted(rows['count'])}"
    if "min" in rows:
        yield f"至少 {rows['min']}"
    if "max" in rows:
        yield f"至多 {rows['max']}"
    if "title" in rows:
        yield f"标题 {_words(rows['title'])}"


_LINES: dict[Shape, Callable[[dict[str, Any]], str]] = {
    Shape.CASES: _case,
    Shape.READINGS: _reading,
    Shape.MEDIA: _media,
}


def _named(part: dict[str, Any]) -> str:
    return f"{quoted(part['id'], '：:')}：{_words(part['label'])}"


def _words(words: Any) -> str:
    return both(words["zh"], words["en"]) if isinstance(words, dict) else both(words, "")


def _limits(limits: dict[str, Any]) -> Iterator[str]:
    if "min" in limits:
        yield f"最小 {plain_text(limits['min'])}"
    if "max" in limits:
        yield f"最大 {plain_text(limits['max'])}"
    if "max_age_days" in limits:
        yield f"最久 {limits['max_age_days']} 天"
    if limits.get("not_expired"):
        yield "须未过期"


def _inline(clauses: Any) -> str:
    return " 或 ".join(_clause(clause) for clause in clauses or ())


def _worded(word: str, value: str) -> list[str]:
    return [f"{word} {value}"] if value else []


def _joined(*parts: str) -> str:
    return "；".join(parts)
