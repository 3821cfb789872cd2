"""The expressions of an XLSForm in our names: what is called otherwise here is renamed in `${…}` and in paths.

A form whose names all stay keeps its expressions letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from safetyapp.forms.expressions_parse import (
    QUOTED,
    Call,
    Chain,
    ExpressionError,
    Negate,
    Path,
    Reference,
    Step,
    Tree,
    parse,
)
from safetyapp.forms.xlsform_choices import WRITTEN
from safetyapp.forms.xlsform_elements import Element, texts_of

_CHOICE = "root/item"
"""Where the choices of a list stand in its instance."""
_Edit = tuple[int, int, str]
_Context = tuple[Element, ...] | None
"""The elements that a path has reached; None where that is not known, as in the choices of a list."""


class Renamer:
    """Rewrites expressions of one form. `choices` are the choice ids that had to be written otherwise; `doubles` the
    questions whose lists have choices that share a name, with the lists' ids."""

    def __init__(self, root: Element, choices: Mapping[str, str], doubles: Mapping[str, str]) -> None:
        self.root = root
        self.choices = choices
        self.doubles = doubles
        self.named: dict[str, Element] = {}
        for element in root.below():
            self.named.setdefault(element.name, element)
        self.quoted = frozenset(name for e in root.below() for t in texts_of(e) for name in QUOTED.findall(t))
        self.is_needed = any(e.id != e.name for e in root.below())

    def id_of(self, name: str) -> str:
        """The id of the element of a name; the name itself where there is none."""
        found = self.named.get(name)
        return found.id if found is not None else name

    def text(self, text: str) -> str:
        """A text that may quote answers: `How old is ${child}?`."""
        return QUOTED.sub(lambda m: f"${{{self.id_of(m[1])}}}", text) if "${" in text else text

    def expression(self, text: str, at: Element, of_choices: bool = False) -> str:
        """An expression that belongs to an element; `of_choices` for a filter, whose bare names are columns."""
        text = text.strip()
        for old, new in self.choices.items():
            text = re.sub(rf"(['\"]){re.escape(old)}\1", rf"\g<1>{_as_template(new)}\g<1>", text)
        return self._as_written(self._renamed(text, at, of_choices))

    def _as_written(self, text: str) -> str:
        """Lets comparisons see the name that an answer shares with others of its list, not the id it has here."""
        for name, list_id in self.doubles.items():
            answer = f"${{{self.id_of(name)}}}"
            seen = f"coalesce(instance('{list_id}')/{_CHOICE}[name = {answer}]/{WRITTEN}, {answer})"
            quoted = rf"\$\{{\s*{re.escape(self.id_of(name))}\s*\}}"
            compared = rf"{quoted}(?=\s*!?=)|(?<==){quoted}|(?<== ){quoted}|(?<=selected\(){quoted}"
            text = re.sub(compared, _as_template(seen), text)
        return text

    def _renamed(self, text: str, at: Element, of_choices: bool) -> str:
        if not self.is_needed:
            return text
        try:
            tree = parse(text)
        except ExpressionError:  # what is wrong with it is said when the whole form is looked at
            return text
        edits: list[_Edit] = []
        self._walk(tree, at, None if of_choices else (at,), text, edits)
        for start, end, new in sorted(set(edits), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def _walk(self, tree: Tree, here: Element, at: _Context, text: str, edits: list[_Edit]) -> _Context:
        """Notes what must be renamed in a part of an expression; what the part leads to."""
        match tree:
            case Reference():
                element = self.named.get(tree.name)
                if element is None:
                    return None
                if element.id != element.name:
                    edits.append((tree.position, text.index("}", tree.position) + 1, f"${{{element.id}}}"))
                return (element,)
            case Call():
                for argument in tree.arguments:
                    self._walk(argument, here, at, text, edits)
                return (here,) if tree.name == "current" else None
            case Negate():
                self._walk(tree.operand, here, at, text, edits)
            case Chain():
                for part in (tree.first, *(operand for _, operand in tree.rest)):
                    self._walk(part, here, at, text, edits)
            case Path():
                return self._path(tree, here, at, text, edits)
        return None

    def _path(self, path: Path, here: Element, at: _Context, text: str, edits: list[_Edit]) -> _Context:
        steps = path.steps
        reached: _Context = at
        if path.absolute:
            reached = (self.root,)
            steps = steps[1:] if steps and steps[0].test == self.root.name else steps
        elif path.start is not None:
            reached = self._walk(path.start, here, at, text, edits)
        for predicate in path.filters:
            self._walk(predicate, here, reached, text, edits)
        for step in steps:
            reached = self._step(step, reached, text, edits)
            for predicate in step.predicates:
                self._walk(predicate, here, reached, text, edits)
        return reached

    def _step(self, step: Step, at: _Context, text: str, edits: list[_Edit]) -> _Context:
        if at is None:
            return None
        if step.axis == "self":
            return at
        if step.axis == "parent":
            return tuple({e.parent: None for e in at if e.parent is not None}) or None
        if step.axis != "child" or step.test == "*":
            return None
        found = tuple(child for e in at for child in e.children if child.name == step.test)
        renamed = {child.id for child in found} - {step.test}
        if len(renamed) == 1:
            start = text.index(step.test, step.position)
            edits.append((start, start + len(step.test), renamed.pop()))
        return found or None


def _as_template(text: str) -> str:
    """A text that `re.sub` puts in as it stands."""
    return text.replace("\\", r"\\")
