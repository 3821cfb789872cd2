"""The shapes that both ends of the wire speak: a laptop and the district's hub 汇总端, over HTTPS.

Every request and answer is JSON in UTF-8 but the documents themselves, which are their bytes. A reader passes over keys
it does not know, so a later program may say more; the meaning of a key never changes. Receipts and refusals carry the
number of their format.

Who is asking is said by `Authorization: Bearer TOKEN` (Enrolled.token). The hub proves itself with a certificate of the
district's authority that names `host_name(hub)`: the laptop trusts that authority only and checks that name, whatever
address the hub has today.

    GET    /v1/hello                      Hello; with a token also who is asking. Without one it may be asked too
    POST   /v1/have                       Have -> Missing
    PUT    /v1/documents/{sha256}         the bytes -> SignedReceipt (201; 200 when it was here already)
    HEAD   /v1/documents/{sha256}         204, `Upload-Offset`: how many bytes the hub keeps of this device's upload;
                                          `Upload-Complete: ?1` when it has the document (then the offset is its size)
    PATCH  /v1/documents/{sha256}         `Upload-Offset: N`, `Upload-Length: SIZE`, the bytes from N on
                                          -> SignedReceipt, or 204 with the new `Upload-Offset` when more is to come,
                                          or 409 offset-differs with the true `Upload-Offset`
    GET    /v1/documents/{sha256}         the bytes; with `Range: bytes=N-` from N on (206; 416 when there are no more)
    GET    /v1/documents/{sha256}/receipt SignedReceipt: for whoever lost the answer
    GET    /v1/documents?after=N&limit=M  Listing
    POST   /v1/enrol                      EnrolRequest -> Enrolled; asked without a token

Every other answer is a Refusal (protocol_refusal), whatever its status; a proxy between may answer in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.school import PersonId, Role, SchoolId

PROTOCOL = 1
"""The number of the wire; it is in every path. It grows when an old end could not go on."""

RECEIPT_FORMAT = 1
ENROLMENT_FORMAT = 1

OFFSET, LENGTH, COMPLETE = "Upload-Offset", "Upload-Length", "Upload-Complete"
"""Names of headers, borrowed from a draft standard that this does not claim to be."""

JSON_TYPE, DOCUMENT_TYPE = "application/json", "application/pdf"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may hold. `document` is bytes; `have` hashes; `page` entries."""

    document: int
    have: int
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who is asking, as the hub knows them. `scope` changes when what they may read changes (see Listing)."""

    person: PersonId
    name: str
    role: Role
    schools: tuple[SchoolId, ...]
    device: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The first answer: which hub this is, what it speaks, what time it thinks it is. `oldest` and `newest` are the
    numbers of the wire it understands."""

    hub: str
    oldest: int
    newest: int
    now: datetime
    limits: Limits
    program: str
    you: Asking | None = None


@dataclass(frozen=True, slots=True)
class Have:
    """Which of these documents has the hub not got? At most Limits.have addresses (SHA-256, 64 lower-case hex)."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Those the hub has not got, in the order they were asked for. A document that the asker may not read counts as
    missing: sending it is harmless and says why."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """回执: the hub has every byte of the document, safely on its disk, and has found it genuine. `cursor` is its place
    in the hub's order; `received_at` has its offset; `size` is bytes."""

    sha256: str
    document: DocumentId
    kind: DocumentKind
    size: int
    received_at: datetime
    cursor: int
    hub: str
    format: int = RECEIPT_FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReceipt:
    """A receipt that can be shown to others: `statement` is the receipt's canonical JSON, exactly as it was signed;
    `signature` (base64) is the hub's over it; `certificate` (base64 of DER) is the hub's, issued by the district's
    authority. `protocol_receipt.open_receipt` believes it or not, with that authority alone."""

    statement: str
    signature: str
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document that the asker may read. `made_by` is who signed it."""

    sha256: str
    document: DocumentId
    kind: DocumentKind
    size: int
    school: SchoolId
    made_by: PersonId
    received_at: datetime
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What arrived after a cursor, in the hub's order. Ask again with `next`, at once while `more` says so.

    `next` may be higher than the last entry's cursor: what lies between is not for the asker. A cursor counts within
    its `scope`: when that is another than the last time, what one may read has changed, and one begins again at 0
    (documents one has already are known by their address)."""

    entries: tuple[Entry, ...]
    next: int
    more: bool
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """The enrolment file 登记文件, given to one person by the office: where the hub is, whom to trust (`authority`: the
    district's certificate, PEM), and a code that works once until `expires_at`. Who has the file can enrol as this
    person: it is handed over like a key."""

    addresses: tuple[str, ...]
    hub: str
    authority: str
    code: str
    person: PersonId
    name: str
    role: Role
    schools: tuple[SchoolId, ...]
    expires_at: datetime
    format: int = ENROLMENT_FORMAT


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolRequest:
    """The code, and a signing request (PKCS#10, PEM) for the key that was born on the laptop; whom the certificate
    names is decided by the code, not by the request. `device` is a name for lists.

    The same code with the same key may be sent again for a quarter of an hour: the answer may have been lost."""

    code: str
    request: str
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """The person's certificate and the district's (PEM), and the token of this device, which is shown once."""

    certificate: str
    authority: str
    token: str
    device: str
    hub: str
    person: PersonId
    name: str
    role: Role
    schools: tuple[SchoolId, ...]


def host_name(hub: str) -> str:
    """The name in the hub's certificate that a laptop checks, wherever it is reached."""
    return f"{hub}.safetyapp.internal"


def is_address(text: str) -> bool:
    """Whether it is a SHA-256 in its one spelling."""
    return len(text) == 64 and all(c in "0123456789abcdef" for c in text)


def write(shape: object) -> bytes:
    """A shape as it goes over the wire."""
    from safetyapp.domain.canonical import canonical_json

    return canonical_json(shape)


def read(shape: type[T], data: bytes | str) -> T:
    """What came over the wire. Raises ValueError for what is not of this shape."""
    import msgspec

    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
