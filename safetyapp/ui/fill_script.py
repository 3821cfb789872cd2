"""What a rehearsal of a change would write, to be written later on the data thread; and a step that undo takes back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Inspection, Sha256
from safetyapp.workflow.ports import Store


class Script:
    """A store that a rehearsal writes to. It keeps nothing, but knows what was to be written: the data thread writes
    just that, and reckons nothing a second time."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[object, ...]]] = []

    def save_answer(self, *given: object) -> None:
        self.calls.append(("save_answer", given))

    def save_head(self, *given: object) -> None:
        self.calls.append(("save_head", given))

    def save_photos(self, *given: object) -> None:
        self.calls.append(("save_photos", given))

    def save_draft(self, *given: object) -> None:
        self.calls.append(("save_draft", given))

    def keep_file(self, source: bytes) -> Sha256:
        self.calls.append(("keep_file", (source,)))
        return Sha256(hashlib.sha256(source).hexdigest())

    def play(self, store: Store) -> None:
        """Writes it all."""
        for name, given in self.calls:
            getattr(store, name)(*given)


@dataclass(frozen=True, slots=True)
class At:
    """The instant of the stroke, for rehearsal and commit alike."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True, slots=True)
class Step:
    """What undo takes back: an item as it was and as it became, or its photos."""

    item: ItemId
    before: Inspection
    after: Inspection
    photos: bool
    name: str
    count: int = 1
    """How many answers were given in it at once."""
