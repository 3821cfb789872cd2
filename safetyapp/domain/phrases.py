"""常用语: which sentence to offer while a finding is being written, of those that were written before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEAST = 2
"""Characters from which on something is offered unasked."""
OFFERED = 8
"""How many are offered at most."""
_ENDS = "。；！？;!?\n"
_PAUSES = f"{_ENDS}，、：,:"


class Field(StrEnum):
    """What a wording is for: what was found, or what is demanded."""

    TEXT = "text"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence of a finding that was written before: at the same item or elsewhere in its form, how often, and on
    which day last."""

    text: str
    field: Field
    same_item: bool
    count: int
    last: date


def offered(
    own: Sequence[str], used: Iterable[Wording], typed: str, limit: int = OFFERED
) -> tuple[str, ...]:  # fmt: skip
    """What is offered for what has been typed, best first: what begins with it before what contains it; of each the
    form's own sentences, then those used at the same item, then those of the form; the more frequent before the rarer,
    the later before the earlier. What is typed already in full is not offered."""
    wanted = typed.strip().casefold()
    known = {" ".join(text.split()) for text in own}
    found: list[tuple[tuple[int, int, int, int], str]] = []
    for place, text in enumerate(dict.fromkeys(" ".join(text.split()) for text in own)):
        found.append(((_fit(text, wanted), 0, 0, place), text))
    for wording in _joined(used):
        if wording.text not in known:
            group = 1 if wording.same_item else 2
            found.append(((_fit(wording.text, wanted), group, -wording.count, -wording.last.toordinal()), wording.text))
    fitting = [(rank, text) for rank, text in found if text and rank[0] < _NO_FIT and text.casefold() != wanted]
    fitting.sort(key=lambda ranked: (*ranked[0], ranked[1]))
    return tuple(text for _, text in fitting[:limit])


_NO_FIT = 2


def _fit(text: str, wanted: str) -> int:
    """0 when a text begins with what is wanted, 1 when it contains it."""
    plain = text.casefold()
    return 0 if plain.startswith(wanted) else 1 if wanted in plain else _NO_FIT


def _joined(used: Iterable[Wording]) -> list[Wording]:
    """Each sentence once, blanks aside: at the same item where it was used there at all; counted and dated there."""
    joined: dict[str, Wording] = {}
    for wording in used:
        text = " ".join(wording.text.split())
        former = joined.get(text)
        if former is None or (wording.same_item and not former.same_item):
            joined[text] = Wording(text, wording.field, wording.same_item, wording.count, wording.last)
        elif wording.same_item == former.same_item:
            count, last = former.count + wording.count, max(former.last, wording.last)
            joined[text] = Wording(text, former.field, former.same_item, count, last)
    return list(joined.values())


def fragments(text: str, cursor: int) -> tuple[str, ...]:
    """What is being written, without the blanks before it: from the last end of a sentence to the cursor, and from the
    last comma, where that is another."""
    before = text[:cursor]
    found = [before[max((before.rfind(end) for end in ends), default=-1) + 1 :].lstrip() for ends in (_ENDS, _PAUSES)]
    return tuple(dict.fromkeys(found))
