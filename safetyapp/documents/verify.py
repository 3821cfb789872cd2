"""Says whether a file is a genuine document. Never raises, asks no network, fails closed: what cannot be shown to be
whole and signed by someone the district names is not valid.

The order matters. Every byte of the file but the signature itself must be under the signature, and the signature must
hold and be made by a known person, before anything in the file is parsed. A stranger's file reaches no PDF reader here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID

from safetyapp.documents.appended import look_at_addition
from safetyapp.documents.authority import common_name, fingerprint, names_holder
from safetyapp.documents.cms import NotIntact, Signed, check_container, find_authority, was_valid
from safetyapp.documents.inside import read_inside
from safetyapp.documents.revision import NotGenuine, Range, digest_of_range, find_signature
from safetyapp.documents.timestamp import ForeignStamp, Stamp, check_stamp
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.revocation import Revocation, RevokedFor, revocation_of
from safetyapp.domain.school import Role
from safetyapp.domain.verdict import CertificateFacts, Verdict, VerdictKind

_OFFICE, _VISITORS = frozenset({Role.OFFICE}), frozenset({Role.INSPECTOR, Role.OFFICE})
_MAY_SIGN = {
    DocumentKind.INSPECTION_REPORT: _VISITORS,
    DocumentKind.REVIEW: _OFFICE,
    DocumentKind.RECTIFICATION_NOTICE: _OFFICE,
    DocumentKind.SERVICE_RECEIPT: _OFFICE,
    DocumentKind.RESPONSE: frozenset({Role.SCHOOL}),
    DocumentKind.EXTENSION: _OFFICE,
    DocumentKind.REINSPECTION: _VISITORS,
    DocumentKind.SUPERVISION: _OFFICE,
    DocumentKind.VOID: frozenset(Role),  # whether the document was the signer's own is seen where both are at hand
}
"""Whose signature makes a document of a kind."""

_CLOCKS = timedelta(days=1)
"""How far two clocks may be apart before a time is held to be untrue."""


@dataclass(frozen=True, slots=True)
class Belief:
    """What a district's catalogue hands to whoever verifies: its authorities, the certificates it has taken back, the
    authorities for time it believes, and what time it is (None: no time is held to be in the future)."""

    trust: tuple[x509.Certificate, ...]
    revoked: Collection[Revocation] = ()
    stampers: tuple[x509.Certificate, ...] = ()
    now: datetime | None = None


def verify(
    data: bytes,
    trust: tuple[x509.Certificate, ...],
    revoked: Collection[Revocation] = (),
    stampers: tuple[x509.Certificate, ...] = (),
    now: datetime | None = None,
) -> Verdict:
    """One verdict on the file, by what Belief names."""
    return judge_file(data, Belief(trust, revoked, stampers, now))


def judge_file(data: bytes, belief: Belief) -> Verdict:
    """One verdict on the file; never raises."""
    verdict = Verdict(VerdictKind.UNREADABLE, "damaged", hashlib.sha256(data).hexdigest())
    try:
        return _examine(data, belief, verdict)
    except NotGenuine as found:
        return replace(verdict, kind=found.kind, why=found.why, facts=found.facts)
    except NotIntact as found:
        return replace(verdict, kind=VerdictKind.ALTERED, why=found.why)
    except Exception:
        # whatever a hostile file makes a decoder do: not valid
        return replace(verdict, kind=VerdictKind.ALTERED if b"/ByteRange" in data else VerdictKind.UNREADABLE)


def _examine(data: bytes, belief: Belief, verdict: Verdict) -> Verdict:
    signed_range = find_signature(data)
    if signed_range.covered < len(data):
        return _examine_longer(data, signed_range, belief, verdict)
    signed = check_container(signed_range.container, digest_of_range(data, signed_range))
    certificate = signed.certificate
    signer = common_name(certificate)
    mark = fingerprint(certificate)
    known = replace(verdict, signer=signer, certificate=mark, facts=_facts(signer=signer), held=_held(certificate))

    authority = find_authority(certificate, belief.trust)
    if authority is None:
        return _unknown(known, "unknown-signer")
    if signed.others != (authority,):
        raise NotGenuine(VerdictKind.ALTERED, "signature-broken")  # what travels along is not under the signature
    try:
        stamp = _read_stamp(signed, belief)
    except ForeignStamp as foreign:
        return _unknown(known, "timestamp-unknown", stamper=foreign.name)

    inside = read_inside(data, signed_range)
    record = inside.record
    at = stamp.at.astimezone(inside.signed_at.tzinfo) if stamp else inside.signed_at
    for issued in (certificate, authority):
        if not was_valid(issued, at):
            why = "expired-at-signing" if at > issued.not_valid_after_utc else "signed-before-certificate"
            return _unknown(known, why, at=_shown(at))
    if record.author.certificate != mark or not names_holder(record.author, certificate):
        raise NotGenuine(VerdictKind.ALTERED, "other-author", author=record.author.name, signer=signer)
    if record.author.role not in _MAY_SIGN[record.kind]:
        raise NotGenuine(VerdictKind.ALTERED, "role-may-not-sign", signer=signer)
    _check_times(record.made_at, inside.signed_at, stamp, belief.now)

    taken_back = [r for c in (certificate, authority) if (r := revocation_of(c.serial_number, belief.revoked))]
    for one in taken_back:
        why = _revoked(one, at, stamp)
        if why:
            facts = _facts(at=_shown(at), on=_shown(one.revoked_at), signer=signer)
            return replace(known, kind=VerdictKind.REVOKED, why=why, facts=facts, signed_at=at)
    valid = replace(known, kind=VerdictKind.VALID, why="valid", record=record, record_json=inside.record_json)
    if stamp:
        facts = _facts(at=_shown(at), signer=signer, stamper=stamp.authority)
        valid = replace(valid, why="valid-stamped", facts=facts, signed_at=at, stamped_by=stamp.authority)
    else:
        valid = replace(valid, signed_at=record.made_at)
    if taken_back:
        facts = _facts(on=_shown(taken_back[0].revoked_at), signer=signer)
        valid = replace(valid, why="valid-revoked-since", facts=facts)
    return valid


def _held(certificate: x509.Certificate) -> CertificateFacts:
    names = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    issuer = str(names[0].value) if names else certificate.issuer.rfc4514_string()
    return CertificateFacts(
        issuer, f"{certificate.serial_number:X}", certificate.not_valid_before_utc, certificate.not_valid_after_utc
    )


def _unknown(known: Verdict, why: str, **facts: str) -> Verdict:
    return replace(known, kind=VerdictKind.UNKNOWN_SIGNER, why=why, facts=_facts(signer=known.signer, **facts))


def _facts(**facts: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(facts.items()))


def _examine_longer(data: bytes, signed_range: Range, belief: Belief, verdict: Verdict) -> Verdict:
    """Something follows behind the first signature: never valid. Says what it changes where the part that was signed is
    a genuine document by itself."""
    covered = signed_range.covered
    added = str(len(data) - covered)
    was = judge_file(data[:covered], belief)
    if not was.is_valid or was.record is None:
        more = data.count(b"/ByteRange", covered) and not was.signer
        why = "several-signatures" if more or was.why == "not-certified" else "appended"
        return replace(verdict, kind=VerdictKind.ALTERED, why=why, facts=_facts(bytes=added))
    addition = look_at_addition(data, covered)
    facts = _facts(bytes=added, signer=was.signer, at=_shown(was.record.made_at), revisions=str(addition.revisions))
    return replace(
        verdict,
        kind=VerdictKind.ALTERED,
        why=addition.why,
        facts=facts,
        signer=was.signer,
        certificate=was.certificate,
        signed_at=was.signed_at,
        held=was.held,
    )


def _read_stamp(signed: Signed, belief: Belief) -> Stamp | None:
    """What the token beside the signature says; None where there is none. Raises NotIntact and ForeignStamp."""
    if signed.stamp is None:
        return None
    try:
        return check_stamp(signed.stamp, signed.signature, belief.stampers)
    except (NotIntact, ForeignStamp):
        raise
    except Exception:
        raise NotIntact("timestamp-broken") from None


def _check_times(made_at: datetime, signed_at: datetime, stamp: Stamp | None, now: datetime | None) -> None:
    """Raises NotGenuine where the record, the signature, the stamp and the clock contradict each other."""
    if made_at.replace(microsecond=0) != signed_at:
        raise NotGenuine(VerdictKind.ALTERED, "other-time", made=_shown(made_at), at=_shown(signed_at))
    if stamp is not None and abs(stamp.at - made_at) > _CLOCKS:
        raise NotGenuine(VerdictKind.ALTERED, "stamped-another-day", made=_shown(made_at), at=_shown(stamp.at))
    if now is not None and made_at > now + _CLOCKS:
        raise NotGenuine(VerdictKind.ALTERED, "signed-in-the-future", at=_shown(made_at))


def _revoked(revocation: Revocation, at: datetime, stamp: Stamp | None) -> str:
    """Why a signature of a certificate that was taken back does not count; empty where it does."""
    if revocation.why is RevokedFor.MISTAKE:
        return "never-authorised"
    if at >= revocation.revoked_at:
        return "revoked-before-signing"
    proven = revocation.why is RevokedFor.LEFT or stamp is not None
    return "" if proven else "revoked-after-signing"


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def record_of_anybody(data: bytes) -> bytes | None:
    """The record of an intact file whoever signed it, for people to look at, never to import; None when it is not
    intact. The signature is checked against the certificate that travels with it, not against any authority."""
    try:
        signed_range = find_signature(data)
        if signed_range.covered != len(data):
            return None
        check_container(signed_range.container, digest_of_range(data, signed_range))
        return read_inside(data, signed_range).record_json
    except Exception:
        return None
