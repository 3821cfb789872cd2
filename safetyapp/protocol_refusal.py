"""How the hub says no: a closed set of reasons, and for each who has to do what next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

REFUSAL_FORMAT = 1


class Reason(StrEnum):
    """Why the hub says no. A closed set: what each wants is in REFUSALS, its sentence in resources/texts."""

    # about what was sent
    WRONG_HASH = "wrong-hash"
    NOT_A_DOCUMENT = "not-a-document"
    ALTERED = "altered"
    UNKNOWN_SIGNER = "unknown-signer"
    REVOKED = "revoked"
    KIND_NOT_ALLOWED = "kind-not-allowed"
    NO_RIGHT = "no-right"
    TOO_LARGE = "too-large"
    OFFSET_DIFFERS = "offset-differs"
    # about who asks
    NOT_ENROLLED = "not-enrolled"
    CODE_UNKNOWN = "code-unknown"
    CODE_USED = "code-used"
    CODE_EXPIRED = "code-expired"
    ENROLMENT_CLOSED = "enrolment-closed"
    KEY_REFUSED = "key-refused"
    # about how it was asked
    BAD_REQUEST = "bad-request"
    NOT_FOUND = "not-found"
    CURSOR_UNKNOWN = "cursor-unknown"
    PROGRAM_TOO_OLD = "program-too-old"
    # about the hub
    BUSY = "busy"
    NO_ROOM = "no-room"
    TROUBLE = "trouble"


class Who(StrEnum):
    """Who has to do something next."""

    PROGRAM = "program"
    """The laptop's program, by itself."""
    SENDER = "sender"
    """The person at the laptop."""
    OFFICE = "office"
    """The district's office: people, rights, certificates."""
    OPERATOR = "operator"
    """Whoever looks after the hub's computer."""


class Next(StrEnum):
    """What they have to do."""

    WAIT = "wait"
    """Ask again later; nothing else is to be done."""
    SEND_WHOLE = "send-whole"
    """Read the file again and send it from its first byte; when that is refused as well, the file is damaged."""
    RESUME = "resume"
    """Go on at the offset that the answer names."""
    LIST_ANEW = "list-anew"
    """List from cursor 0."""
    LOOK_AT_FILE = "look-at-file"
    """The file itself is wrong, and will be refused for ever: verify it on the laptop, get it anew from who made it."""
    GRANT = "grant"
    """Give this person the right, the school or the role; then it is sent again by itself."""
    ENROL = "enrol"
    """Offer this person a new enrolment; the laptop enrols with it."""
    CERTIFY = "certify"
    """The signer needs a certificate of this district; the document is to be signed anew."""
    UPDATE = "update"
    """Install the newer program."""
    MAKE_ROOM = "make-room"
    """Free space on the hub's disk."""
    UNLOCK = "unlock"
    """Start the hub with the authority's passphrase, so that it may issue certificates."""
    MEND = "mend"
    """Look into the hub's log."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a reason means for both ends: the HTTP status it comes with, and who has to do what."""

    status: int
    who: Who
    next: Next

    @property
    def is_final(self) -> bool:
        """Whether sending the very same again is useless until a person has done something."""
        return self.who is not Who.PROGRAM and self.next is not Next.WAIT


REFUSALS: Mapping[Reason, Meaning] = {
    Reason.WRONG_HASH: Meaning(422, Who.PROGRAM, Next.SEND_WHOLE),
    Reason.NOT_A_DOCUMENT: Meaning(422, Who.SENDER, Next.LOOK_AT_FILE),
    Reason.ALTERED: Meaning(422, Who.SENDER, Next.LOOK_AT_FILE),
    Reason.UNKNOWN_SIGNER: Meaning(422, Who.OFFICE, Next.CERTIFY),
    Reason.REVOKED: Meaning(422, Who.OFFICE, Next.CERTIFY),
    Reason.KIND_NOT_ALLOWED: Meaning(403, Who.OFFICE, Next.GRANT),
    Reason.NO_RIGHT: Meaning(403, Who.OFFICE, Next.GRANT),
    Reason.TOO_LARGE: Meaning(413, Who.SENDER, Next.LOOK_AT_FILE),
    Reason.OFFSET_DIFFERS: Meaning(409, Who.PROGRAM, Next.RESUME),
    Reason.NOT_ENROLLED: Meaning(401, Who.OFFICE, Next.ENROL),
    Reason.CODE_UNKNOWN: Meaning(403, Who.OFFICE, Next.ENROL),
    Reason.CODE_USED: Meaning(403, Who.OFFICE, Next.ENROL),
    Reason.CODE_EXPIRED: Meaning(403, Who.OFFICE, Next.ENROL),
    Reason.ENROLMENT_CLOSED: Meaning(503, Who.OPERATOR, Next.UNLOCK),
    Reason.KEY_REFUSED: Meaning(422, Who.SENDER, Next.UPDATE),
    Reason.BAD_REQUEST: Meaning(400, Who.SENDER, Next.UPDATE),
    Reason.NOT_FOUND: Meaning(404, Who.PROGRAM, Next.WAIT),
    Reason.CURSOR_UNKNOWN: Meaning(409, Who.PROGRAM, Next.LIST_ANEW),
    Reason.PROGRAM_TOO_OLD: Meaning(426, Who.SENDER, Next.UPDATE),
    Reason.BUSY: Meaning(503, Who.PROGRAM, Next.WAIT),
    Reason.NO_ROOM: Meaning(507, Who.OPERATOR, Next.MAKE_ROOM),
    Reason.TROUBLE: Meaning(500, Who.OPERATOR, Next.MEND),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The hub says no: why, who has to do what next, and after how many seconds it is worth asking again (0: not by
    itself). `detail` is a code, never a sentence: where a verdict was the reason, its `why`. `offset` comes with
    offset-differs; `request` finds the case in the hub's log."""

    reason: Reason
    who: Who
    next: Next
    detail: str = ""
    retry_after: int = 0
    offset: int | None = None
    request: str = ""
    format: int = REFUSAL_FORMAT


def refuse(reason: Reason, detail: str = "", retry_after: int = 0, offset: int | None = None) -> Refusal:
    """The refusal for a reason, with what it wants done."""
    meaning = REFUSALS[reason]
    return Refusal(
        reason=reason, who=meaning.who, next=meaning.next, detail=detail, retry_after=retry_after, offset=offset
    )
