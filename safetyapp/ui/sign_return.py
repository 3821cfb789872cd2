"""Signatures that wait while one is back in Fill: they count on when nothing has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from safetyapp.domain.inspection import Inspection
from safetyapp.ui.sign_pad import InkBox, Written

Draft: TypeAlias = tuple[str, str]
"""Workspace and draft."""


@dataclass(frozen=True, slots=True)
class LeftInk:
    """What was signed when the screen was left, and what it was signed under."""

    under: Inspection
    written: dict[tuple[str, str], Written]

    def put_back(self, boxes: Iterable[InkBox]) -> None:
        """On the pads of those who had signed."""
        for box in boxes:
            found = self.written.get((box.role, box.who))
            if found is not None:
                box.put_back(found)


def ink_on(boxes: Iterable[InkBox], under: Inspection) -> LeftInk | None:
    """What stands on the pads; None when nobody has signed."""
    written = {(box.role, box.who): found for box in boxes if (found := box.written()) is not None}
    return LeftInk(under, written) if written else None
