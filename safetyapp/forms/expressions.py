"""XLSForm's expressions: read one, and say which names it mentions.

The language is XPath 1.0 as ODK uses and extends it (https://getodk.github.io/xforms-spec, "XPath Expressions"). It is
evaluated here and not by libxml2, for three reasons: libxml2 cannot be stopped once it runs (one line of nested
predicates holds it for minutes), compares days as texts, and would have to be handed a tree that is kept equal to the
answers. What an evaluation may cost is bounded instead:

- a text has at most 10,000 characters, 4,000 words and 100 brackets within brackets, checked while it is read;
- an evaluation looks at no more than 200,000 nodes and function calls (less each in a form of very many expressions and
  in a table of very many rows, where what is the same in all rows is computed once), makes no text longer than 100,000
  characters, and ends as a failed one beyond that;
- regular expressions are matched in time linear in the text (`expressions_regex`).

No file, no network and no clock can be reached. Where ODK's own programs differ from one another or from here:

- days and instants are taken on the inspection's clock; `decimal-date-time` counts days there, not in UTC, so that
  `date(decimal-date-time(d))` is `d` in every time zone;
- `<`, `<=`, `>`, `>=` and `number()` take days, instants and times of day as numbers of days (specification; JavaRosa
  does so only for answers of these kinds);
- `today()` is the day of the inspection, `now()` the moment of its latest answer, `random()` and `uuid()` are drawn
  from the inspection's id and the place: the same answers always give the same result;
- `once(x)` keeps what a person or a trigger has put there; what is calculated anew each time is kept nowhere;
- several nodes compare as in XPath (whether any does), and give their first one's text, where JavaRosa stops;
- `indexed-repeat` with a number that is no row gives nothing (JavaRosa takes the first row for 0 and below);
- `extract-signed`, `pulldata` and `jr:itext` are always empty (the checks warn);
- months and days of the week in `format-date` are English; `checklist` counts "yes", true and numbers above 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from safetyapp.forms.expressions_parse import (
    Call,
    Chain,
    ExpressionError,
    Literal,
    Negate,
    Path,
    Reference,
    Tree,
    parse,
    quoted_names,
)

__all__ = ["Expression", "ExpressionError", "names", "quoted_names", "read_expression"]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been read: its tree, the names it mentions and the functions it calls."""

    text: str
    tree: Tree
    names: frozenset[str]
    functions: frozenset[str]


def read_expression(text: str) -> Expression:
    """The expression, read. Raises ExpressionError (see `expressions_parse.parse`). What depends on the form, whether
    its names and functions exist, is `check_expressions`' business."""
    tree = parse(text)
    mentioned: set[str] = set()
    called: set[str] = set()
    waiting: list[Tree] = [tree]
    while waiting:
        part = waiting.pop()
        match part:
            case Literal():
                mentioned.update(quoted_names(part.value) if isinstance(part.value, str) else ())
            case Reference():
                mentioned.add(part.name)
            case Call():
                called.add(part.name)
                waiting.extend(part.arguments)
            case Negate():
                waiting.append(part.operand)
            case Chain():
                waiting.append(part.first)
                waiting.extend(operand for _, operand in part.rest)
            case Path():
                waiting.extend(_parts(part))
                mentioned.update(_steps(part))
    return Expression(text, tree, frozenset(mentioned), frozenset(called))


def names(text: str) -> frozenset[str]:
    """The names that an expression mentions: of `${…}` and of the steps of its paths (those within `instance()` and the
    root's own left out). Raises ExpressionError."""
    return read_expression(text).names


def _parts(path: Path) -> list[Tree]:
    inner = [p for step in path.steps for p in step.predicates]
    return [*([path.start] if path.start is not None else []), *path.filters, *inner]


def _steps(path: Path) -> set[str]:
    if isinstance(path.start, Call) and path.start.name == "instance":
        return set()
    steps = path.steps[1:] if path.absolute and len(path.steps) > 1 and path.steps[0].axis == "child" else path.steps
    return {step.test for step in steps if step.test != "*"}
