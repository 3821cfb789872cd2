"""The verdict 核验结论 on a file: one word, the reason, and what the file says where it may be believed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the window opens with this module: what only types need is not loaded with it
    from safetyapp.domain.any_record import AnyRecord


class VerdictKind(StrEnum):
    """The one word that verifying comes to."""

    VALID = "valid"
    ALTERED = "altered"
    UNKNOWN_SIGNER = "unknown-signer"
    REVOKED = "revoked"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Who issued a certificate, its serial number (hex), and from when until when it holds."""

    issuer: str
    serial: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying a file says. `why` is the code of a sentence in resources/texts (verdict.toml), filled by `facts`.

    `record` is read from the signed revision, and only where that revision is intact. `signed_at` is what the signer's
    clock said, or, where `stamped_by` names a time-stamping authority, what that authority vouches for.
    """

    kind: VerdictKind
    why: str
    sha256: str
    facts: tuple[tuple[str, str], ...] = ()
    record: AnyRecord | None = None
    record_json: bytes | None = None
    signer: str = ""
    certificate: str = ""
    signed_at: datetime | None = None
    stamped_by: str = ""
    held: CertificateFacts | None = None
    """What the certificate says of itself, whoever issued it."""

    @property
    def is_valid(self) -> bool:
        return self.kind is VerdictKind.VALID
