"""Joining the district: whom an enrolment file is for, and becoming that person."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.ui.care_tools import JoinFacts

if TYPE_CHECKING:
    from safetyapp.connect import Workplace
    from safetyapp.domain.school import Person


def read_enrolment(place: Workplace, file: Path) -> JoinFacts:
    """Raises Problem as connect.read_enrolment."""
    from safetyapp.connect import read_enrolment as read
    from safetyapp.documents.authority import fingerprint_of

    offer, makes_key = read(place, file)
    fingerprint = fingerprint_of(offer.authority.encode())
    return JoinFacts(
        offer.name, offer.role, len(offer.schools), offer.addresses, fingerprint, offer.expires_at, makes_key
    )


def join(place: Workplace, file: Path, passphrase: str) -> Person:
    """Raises Problem as connect.accept_enrolment."""
    from safetyapp.connect import accept_enrolment

    return accept_enrolment(place, file, passphrase)


def write_request(place: Workplace, file: Path, to: Path, passphrase: str) -> None:
    """Raises Problem as connect.request_enrolment."""
    from safetyapp.connect import request_enrolment

    request_enrolment(place, file, to, passphrase)
