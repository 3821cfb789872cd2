"""What a document's pages are drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import Sha256


@dataclass(frozen=True, slots=True)
class Material:
    """The record and what it names. `form` is the one that a report follows; other kinds have none. `photos` gives the
    copies for print by their own hash, `inks` PNG bytes, `files` the kept files that answers name and `sizes` their
    bytes."""

    record: AnyRecord
    form: Form | None
    photos: Mapping[Sha256, Path]
    inks: Mapping[Sha256, bytes]
    record_hash: str
    files: Mapping[Sha256, Path] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    allow_system_fonts: bool = False
    """Whether licensed faces of this computer may be embedded: the person says so in the settings."""
    watermark: str = ""
    """Words across every page, such as 演示: what is no paper of anybody. Empty for all that is."""
