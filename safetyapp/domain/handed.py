"""A draft on its way to a colleague: what the file holds that carries it."""

from __future__ import annotations

from dataclasses import dataclass

from safetyapp.domain.address import item_of
from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import Inspection, Photo, Sha256

HANDED_FORMAT = 1
"""The number of the file's format."""
HANDED_SUFFIX = ".xajdraft"


@dataclass(frozen=True, slots=True)
class Handed:
    """The inspection as it was handed over, the form version that it follows (the colleague may lack it), and the
    program that wrote it. Ink is never among it: nobody signs a draft."""

    inspection: Inspection
    form: Form
    app_version: str

    def photos(self) -> tuple[Photo, ...]:
        """Each once."""
        return tuple({link.photo.original: link.photo for link in self.inspection.photos}.values())

    def answer_files(self) -> tuple[Sha256, ...]:
        """The files that answers name, each once."""
        kinds = {item.id: item.answer.kind for item in self.form.every_item()}
        named: dict[Sha256, None] = {}
        for answer in self.inspection.answers.values():
            kind = kinds.get(item_of(answer.item))
            if kind is not None and kind.is_file and answer.value not in ("", Outcome.NA):
                named.setdefault(Sha256(answer.value.partition("/")[0]))
        return tuple(named)
