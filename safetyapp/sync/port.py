"""The district's hub 汇总端 as a laptop sees it, and how it says that something did not go through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from safetyapp.domain.problem import Problem
from safetyapp.protocol import Hello, Listing, Receipt, SignedReceipt
from safetyapp.protocol_refusal import Reason, Refusal, refuse

Told: TypeAlias = Callable[[int], None]
"""Called with how many bytes of the document are behind us; may raise domain.problem.Cancelled."""

Believe: TypeAlias = Callable[[SignedReceipt], Receipt]
"""What a receipt says, if the district's authority vouches for who signed it. Raises ValueError."""


class HubRefused(Problem):
    """The hub says no."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("hub-refused", reason=refusal.reason.value, detail=refusal.detail, request=refusal.request)
        self.refusal = refusal

    @classmethod
    def because(cls, reason: Reason, detail: str = "") -> HubRefused:
        """What the laptop can tell by itself, in the hub's words."""
        return cls(refuse(reason, detail))


@dataclass(frozen=True, slots=True)
class Held:
    """How many bytes of an upload the hub keeps; `is_complete`: it has the document."""

    offset: int
    is_complete: bool = False


class Hub(Protocol):
    """Raises HubRefused; Problem hub-unreachable where no answer came (the request may have been heard all the same)
    and hub-untrusted where somebody else answered. May be called from several threads; every call may be repeated."""

    def hello(self) -> Hello: ...

    def missing(self, addresses: Sequence[str]) -> tuple[str, ...]:
        """Of these documents, those the hub has not got; however many are asked for."""

    def held(self, sha256: str) -> Held: ...

    def send(self, sha256: str, path: Path, offset: int, told: Told) -> SignedReceipt | None:
        """The file from an offset to its end. None: the hub wants more, and `held` says from where."""

    def receipt(self, sha256: str) -> SignedReceipt:
        """Of a document that the hub has got."""

    def after(self, cursor: int, limit: int) -> Listing: ...

    def fetch(self, sha256: str, into: Path, told: Told) -> None:
        """The document's bytes into a file, going on behind what is in it already; they are as they came: whoever wants
        to know compares their hash."""

    def close(self) -> None: ...
