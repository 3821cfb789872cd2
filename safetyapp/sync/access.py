"""What an enrolled laptop knows of its hub, and the shapes of the files that enrolment goes by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from safetyapp.protocol import Enrolled, Enrolment, read

ACCESS, BEGUN = "hub.json", "enrolling.json"
"""Files in a workspace's `keys`, for their owner only: the access, and the enrolment that waits for its answer."""


@dataclass(frozen=True, slots=True, repr=False)  # a token is not for printing
class Access:
    """The hub, where it is, whom it must be certified by (PEM), and the token of this device. `offer` is the SHA-256 of
    the code that brought it."""

    hub: str
    addresses: tuple[str, ...]
    authority: str
    token: str
    device: str
    offer: str = ""


def offer_of(enrolment: Enrolment) -> str:
    return hashlib.sha256(enrolment.code.encode()).hexdigest()


def access_of(enrolment: Enrolment, enrolled: Enrolled) -> Access:
    """Addresses come from the office, the rest from the hub. Raises ValueError where the two do not speak of the same
    hub, district or person: then somebody else has answered."""
    said = (enrolment.hub, enrolment.authority.strip(), enrolment.person)
    if said != (enrolled.hub, enrolled.authority.strip(), enrolled.person):
        raise ValueError("of another hub, district or person")
    offer = offer_of(enrolment)
    return Access(enrolled.hub, enrolment.addresses, enrolled.authority, enrolled.token, enrolled.device, offer)


def read_file(data: bytes) -> Enrolment | Enrolled:
    """An enrolment file of the office, or the answer to a request. Raises ValueError."""
    try:
        return read(Enrolment, data)
    except ValueError:
        return read(Enrolled, data)
