"""A hub in memory whose network can be cut, anywhere. Its receipts are signed for real, by a throw-away authority."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import PersonId, Role, SchoolId
from safetyapp.protocol import (
    PROTOCOL,
    Asking,
    Entry,
    Hello,
    Limits,
    Listing,
    Receipt,
    SignedReceipt,
    host_name,
)
from safetyapp.protocol_receipt import open_receipt, sign_receipt
from safetyapp.protocol_refusal import Reason, refuse
from safetyapp.sync.port import Held, HubRefused, Told
from safetyapp.workflow.ports import Clock
from tests.fakes.clock import FakeClock
from tests.fakes.signer import FakeSigner

HUB = "hub-fake"
PIECE = 64


@cache
def _pair(name: str, issued: bool) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The district's authority, or a certificate it issued to a hub."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, signing = _pair("示例区教委 CA", False) if issued else (None, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(issuer.subject if issuer else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2040, 1, 1))
        .add_extension(x509.BasicConstraints(ca=not issued, path_length=None), critical=True)
    )
    if issued:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host_name(name))]), critical=False)
    return builder.sign(signing, hashes.SHA256()), key


def authority_pem() -> bytes:
    return _pair("示例区教委 CA", False)[0].public_bytes(Encoding.PEM)


def believe(signed: SignedReceipt) -> Receipt:
    """What a laptop of this district makes of a receipt."""
    return open_receipt(signed, authority_pem(), HUB)


@dataclass(frozen=True)
class _Kept:
    data: bytes
    signed: SignedReceipt
    entry: Entry


@dataclass
class FakeHub:
    """`cuts` are how many bytes the next transfers let through before the line breaks (None: all), `lost_answers` how
    many of the next sendings are heard and not answered, `refusals` what is said of a document whatever it is."""

    clock: Clock = field(default_factory=FakeClock)
    is_online: bool = True
    cuts: list[int | None] = field(default_factory=list)
    lost_answers: int = 0
    refusals: dict[str, Reason] = field(default_factory=dict)
    scope: str = "all"
    enrolled: bool = True
    role: Role = Role.INSPECTOR
    page: int = 3
    judge: Callable[[bytes], bool] = lambda data: FakeSigner().verify(data).is_valid
    kept: dict[str, _Kept] = field(default_factory=dict)
    parts: dict[str, bytes] = field(default_factory=dict)
    came: list[tuple[str, int, int]] = field(default_factory=list)
    """Every sending: of which document, from which offset, how many bytes."""
    asked: list[str] = field(default_factory=list)
    forged: bool = False

    def __post_init__(self) -> None:
        self._guard = threading.RLock()
        self._cursor = 0

    @contextmanager
    def offline(self) -> Iterator[None]:
        """No network inside the block."""
        self.is_online = False
        try:
            yield
        finally:
            self.is_online = True

    def forget(self, sha256: str) -> None:
        """As after a backup of a week ago."""
        del self.kept[sha256]

    def put_back(self, cursor: int) -> None:
        """The next document gets the place behind this one."""
        self._cursor = cursor

    # as the port says

    def hello(self) -> Hello:
        self._reach("hello")
        you = Asking(person=PersonId("p1"), name="张示例", role=self.role, schools=(), device="d", scope=self.scope)
        limits = Limits(document=1_000_000, have=2, page=self.page)
        return Hello(
            hub=HUB, oldest=PROTOCOL, newest=PROTOCOL, now=self.clock.now(), limits=limits, program="fake",
            you=you if self.enrolled else None,
        )  # fmt: skip

    def missing(self, addresses: Sequence[str]) -> tuple[str, ...]:
        self._reach("have")
        return tuple(address for address in addresses if address not in self.kept)

    def held(self, sha256: str) -> Held:
        self._reach("held")
        if sha256 in self.kept:
            return Held(len(self.kept[sha256].data), True)
        return Held(len(self.parts.get(sha256, b"")))

    def send(self, sha256: str, path: Path, offset: int, told: Told) -> SignedReceipt | None:
        self._reach("send")
        data = path.read_bytes()
        with self._guard:
            if sha256 in self.refusals:
                raise HubRefused.because(self.refusals[sha256], "fake")
            if offset and offset != len(self.parts.get(sha256, b"")):
                raise HubRefused(refuse(Reason.OFFSET_DIFFERS, offset=len(self.parts.get(sha256, b""))))
            through = data[offset:] if (cut := self._cut()) is None else data[offset : offset + cut]
            begun = self.parts[sha256] = self.parts.get(sha256, b"")[:offset]
        step = max(PIECE, len(through) // 50)
        try:
            for done in range(0, len(through), step):
                self.parts[sha256] = begun + through[: done + step]
                told(offset + min(done + step, len(through)))
        finally:
            self.came.append((sha256, offset, len(self.parts[sha256]) - offset))
        part = begun + through
        if len(part) < len(data):
            raise _broken()
        with self._guard:
            signed = self._receive(sha256, part)
            if self.lost_answers > 0:
                self.lost_answers -= 1
                raise _broken()
        return signed

    def receipt(self, sha256: str) -> SignedReceipt:
        self._reach("receipt")
        if sha256 not in self.kept:
            raise HubRefused.because(Reason.NOT_FOUND)
        return self.kept[sha256].signed

    def after(self, cursor: int, limit: int) -> Listing:
        self._reach("after")
        if cursor > self._cursor:
            raise HubRefused.because(Reason.CURSOR_UNKNOWN)
        entries = sorted((one.entry for one in self.kept.values()), key=lambda entry: entry.cursor)
        found = [entry for entry in entries if entry.cursor > cursor]
        page, more = tuple(found[:limit]), len(found) > limit
        return Listing(
            entries=page, next=page[-1].cursor if more else max(self._cursor, cursor), more=more, scope=self.scope
        )

    def fetch(self, sha256: str, into: Path, told: Told) -> None:
        self._reach("fetch")
        if sha256 not in self.kept:
            raise HubRefused.because(Reason.NOT_FOUND)
        data = self.kept[sha256].data
        with into.open("ab") as file:
            here = file.tell()
            through = data[here:] if (cut := self._cut()) is None else data[here : here + cut]
            file.write(through)
        told(here + len(through))
        if here + len(through) < len(data):
            raise _broken()

    def close(self) -> None:
        """Nothing is open."""

    # how

    def _receive(self, sha256: str, data: bytes) -> SignedReceipt:
        del self.parts[sha256]
        if hashlib.sha256(data).hexdigest() != sha256:
            raise HubRefused.because(Reason.WRONG_HASH)
        if sha256 not in self.kept:
            record = FakeSigner().verify(data).record
            if not self.judge(data) or record is None:
                raise HubRefused.because(Reason.ALTERED)
            self._cursor += 1
            self.keep(sha256, data, record.id, record.school.id)
        return self.kept[sha256].signed

    def keep(self, sha256: str, data: bytes, document: str, school: str = "") -> None:
        """Puts something in that nobody has judged."""
        with self._guard:
            at = self.clock.now()
            record = FakeSigner().verify(data).record
            kind = record.kind if record else DocumentKind.INSPECTION_REPORT
            receipt = Receipt(
                sha256=sha256, document=DocumentId(document), kind=kind, size=len(data),
                received_at=at, cursor=self._cursor, hub="hub-forged" if self.forged else HUB,
            )  # fmt: skip
            certificate, key = _pair("hub-forged" if self.forged else HUB, not self.forged)
            entry = Entry(
                sha256=sha256, document=receipt.document, kind=receipt.kind, size=len(data), school=SchoolId(school),
                made_by=PersonId("p1"), received_at=at, cursor=self._cursor,
            )  # fmt: skip
            self.kept[sha256] = _Kept(data, sign_receipt(receipt, certificate, key), entry)

    def offer(self, data: bytes, document: str = "d") -> str:
        """A document, or what pretends to be one, that somebody else has brought."""
        sha256 = hashlib.sha256(data).hexdigest()
        with self._guard:
            self._cursor += 1
            self.keep(sha256, data, document)
        return sha256

    def _cut(self) -> int | None:
        with self._guard:
            return self.cuts.pop(0) if self.cuts else None

    def _reach(self, what: str) -> None:
        with self._guard:
            self.asked.append(what)
        if not self.is_online:
            raise Problem("hub-unreachable", hub=HUB, reason="no-network")


def _broken() -> Problem:
    return Problem("hub-unreachable", hub=HUB, reason="broken")
