"""Certificates that the district has taken back 吊销: plain data of its catalogue, handed to whoever verifies."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RevokedFor(StrEnum):
    """Why a certificate was taken back; decides what becomes of documents that were signed before."""

    LEFT = "left"
    """The person has another post, or a newer certificate: what was signed before stays good."""

    KEY_LOST = "key-lost"
    """Somebody else may have the key: a time that only the signer claims proves nothing any more."""

    MISTAKE = "mistake"
    """It should never have been issued: nothing that it signed counts."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """One certificate, by its serial number in hexadecimal without leading zeros, taken back at an instant."""

    serial: str
    revoked_at: datetime
    why: RevokedFor = RevokedFor.KEY_LOST


def revocation_of(serial: int, revoked: Collection[Revocation]) -> Revocation | None:
    """The earliest entry for a certificate; a MISTAKE comes before all others."""
    named = [r for r in revoked if r.serial.lower().lstrip("0") == format(serial, "x")]
    return min(named, key=lambda r: (r.why is not RevokedFor.MISTAKE, r.revoked_at), default=None)
