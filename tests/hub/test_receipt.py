"""A receipt is believed when a hub of the district signed it while its certificate held, and never else."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents import authority, keyfile
from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.school import Person, PersonId
from safetyapp.hub.identity import Authority, Identity, make_certificate, read_identity
from safetyapp.protocol import Receipt, SignedReceipt, read, write
from safetyapp.protocol_receipt import NotAReceipt, open_receipt, sign_receipt

NOW = datetime.fromisoformat("2026-11-24T10:00:00+08:00")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Identity:
    monkeypatch.setattr(keyfile, "_SCRYPT", (2, 8, 1))
    return make_hub(tmp_path / "ours", "hub-1")


def make_hub(folder: Path, hub: str) -> Identity:
    ca = authority.create_authority(folder, "示例区教委", "x", NOW - timedelta(days=9))
    opened = Authority(ca, authority.open_key(folder / "ca.key.pem", "x"))
    make_certificate(folder / "hub", hub, ["127.0.0.1"], opened, NOW - timedelta(days=1))
    return read_identity(folder / "hub", hub)


def receipt(hub: Identity) -> Receipt:
    kind, document = DocumentKind.INSPECTION_REPORT, DocumentId("d")
    return Receipt(sha256="a" * 64, document=document, kind=kind, size=9, received_at=NOW, cursor=3, hub=hub.hub)


def test_what_the_hub_signed_is_believed_with_the_authority_alone(hub: Identity) -> None:
    signed = sign_receipt(receipt(hub), hub.certificate, hub.key)
    over_the_wire = read(SignedReceipt, write(signed))
    assert open_receipt(over_the_wire, hub.authority_pem, "hub-1") == receipt(hub)
    with pytest.raises(NotAReceipt, match="another hub"):
        open_receipt(signed, hub.authority_pem, "hub-2")


def test_whatever_is_changed_it_is_not_believed(hub: Identity, tmp_path: Path) -> None:
    good = sign_receipt(receipt(hub), hub.certificate, hub.key)
    stranger = make_hub(tmp_path / "theirs", hub.hub)
    person = authority.issue(tmp_path / "ours", Person(PersonId("p"), "张"), "x", NOW)
    persons_key = authority.open_key(tmp_path / "ours" / "person.key.pem", "x")
    bare = hub.key.sign(good.statement.encode(), ec.ECDSA(hashes.SHA256()))
    wrong = [
        replace(good, statement=good.statement.replace('"size":9', '"size":8')),
        replace(good, statement=good.statement + " "),
        replace(good, signature=good.signature[:-4] + "AAAA"),
        replace(good, signature="not base64"),
        replace(good, signature=base64.b64encode(bare).decode()),  # signed, but not as a receipt
        replace(good, certificate=base64.b64encode(stranger.certificate.public_bytes(Encoding.DER)).decode()),
        replace(good, certificate=""),
        sign_receipt(receipt(stranger), stranger.certificate, stranger.key),
        sign_receipt(receipt(hub), person, persons_key),  # people of the district sign no receipts
        sign_receipt(replace(receipt(hub), hub="hub-2"), hub.certificate, hub.key),
        sign_receipt(replace(receipt(hub), format=2), hub.certificate, hub.key),
        sign_receipt(replace(receipt(hub), received_at=NOW + timedelta(days=800)), hub.certificate, hub.key),
        sign_receipt(replace(receipt(hub), received_at=NOW - timedelta(days=2)), hub.certificate, hub.key),
    ]
    assert [number for number, signed in enumerate(wrong) if is_believed(signed, hub)] == []


def is_believed(signed: SignedReceipt, hub: Identity) -> bool:
    try:
        open_receipt(signed, hub.authority_pem)
    except NotAReceipt:
        return False
    return True
