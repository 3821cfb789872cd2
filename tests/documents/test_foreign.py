"""PDFs that are not ours, signed or not, whole or broken: each gets a verdict soon, none is taken for ours."""

from __future__ import annotations

import io
import random
import time
import zlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from safetyapp.documents.verify import judge_file, record_of_anybody
from safetyapp.domain.verdict import VerdictKind
from tests.documents.attacks import Stage, blank_pages
from tests.documents.certificates import make_certificate, named
from tests.documents.examples import MADE_AT
from tests.documents.pdf_by_hand import append, stream

SOON = 2.0
"""Seconds within which a person is told."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage.set_up(tmp_path_factory.mktemp("stage"))


def _judge(stage: Stage, data: bytes) -> VerdictKind:
    start = time.monotonic()
    verdict = judge_file(data, stage.belief)
    assert time.monotonic() - start < SOON
    assert not verdict.is_valid
    assert verdict.why
    return verdict.kind


class Office:
    """Somebody who signs PDFs with pyHanko, as the world does: with keys of the world, or with the district's own."""

    def __init__(self, stage: Stage, ours: bool) -> None:
        self.stage = stage
        if ours:
            self.ca, ca_key = stage.home.ca, stage.ca_key
            self.certificate, self.key = stage.home.certificate, stage.home.key
        else:
            ca_key, self.key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
            self.ca = make_certificate(named("世界 CA"), ca_key.public_key(), named("世界 CA"), ca_key, ca=True,
                                       usage={"key_cert_sign": True, "crl_sign": True})  # fmt: skip
            self.certificate = make_certificate(named("王五"), self.key.public_key(), self.ca.subject, ca_key)
        self.crl = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.ca.subject)
            .last_update(MADE_AT - timedelta(days=1))
            .next_update(MADE_AT + timedelta(days=300))
            .sign(ca_key, hashes.SHA256())
        )

    def signer(self) -> Any:
        from pyhanko.sign import signers
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        store = SimpleCertificateStore()
        store.register(_asn1(self.ca))
        plain = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return signers.SimpleSigner(_asn1(self.certificate), asn1_keys.PrivateKeyInfo.load(plain), store)

    def sign(self, data: bytes, name: str = "Signature1", box: Any = None, stamper: Any = None, password: str = "",
             **meta: Any) -> bytes:  # fmt: skip
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields, signers

        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        if password:
            writer.encrypt(password)
        out = signers.PdfSigner(
            signers.PdfSignatureMetadata(field_name=name, md_algorithm=meta.pop("md_algorithm", "sha256"), **meta),
            signer=self.signer(),
            timestamper=stamper,
            new_field_spec=fields.SigFieldSpec(name, on_page=0, box=box),
        ).sign_pdf(writer)
        return bytes(out.getvalue())

    def stamper(self) -> Any:
        from pyhanko.sign.timestamps import DummyTimeStamper

        key = asn1_keys.PrivateKeyInfo.load(
            self.stage.stampers._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        )
        certificate = self.stage.stampers.certificate
        return DummyTimeStamper(_asn1(certificate), key, fixed_dt=datetime.now(MADE_AT.tzinfo))

    def context(self) -> Any:
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=[_asn1(self.ca), _asn1(self.stage.stampers.authority)],
            crls=[asn1_crl.CertificateList.load(self.crl.public_bytes(Encoding.DER))],
            allow_fetching=False,
            revocation_mode="soft-fail",
        )


def _asn1(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _versioned(version: str, **saving: Any) -> bytes:
    with pikepdf.open(io.BytesIO(blank_pages(b"BT (hello) Tj ET"))) as pdf:
        out = io.BytesIO()
        pdf.save(out, force_version=version, **saving)
    return out.getvalue()


def _pades() -> Any:
    from pyhanko.sign.fields import SigSeedSubFilter

    return SigSeedSubFilter.PADES


def _certifying(level: int) -> dict[str, Any]:
    from pyhanko.sign.fields import MDPPerm

    return {"certify": True, "docmdp_permissions": MDPPerm(level)}


FLAVOURS: dict[str, Callable[[Office], bytes]] = {
    "invisible": lambda o: o.sign(blank_pages()),
    "visible": lambda o: o.sign(blank_pages(), box=(10, 10, 200, 60)),
    "pades-b": lambda o: o.sign(blank_pages(), subfilter=_pades()),
    "pades-t": lambda o: o.sign(blank_pages(), subfilter=_pades(), stamper=o.stamper()),
    "pades-lt": lambda o: o.sign(
        blank_pages(), subfilter=_pades(), stamper=o.stamper(), embed_validation_info=True,
        validation_context=o.context(),
    ),
    "pades-lta": lambda o: o.sign(
        blank_pages(), subfilter=_pades(), stamper=o.stamper(), embed_validation_info=True,
        validation_context=o.context(), use_pades_lta=True,
    ),
    "sha512": lambda o: o.sign(blank_pages(), md_algorithm="sha512"),
    "certified-1": lambda o: o.sign(blank_pages(), subfilter=_pades(), **_certifying(1)),
    "certified-2": lambda o: o.sign(blank_pages(), **_certifying(2)),
    "certified-3": lambda o: o.sign(blank_pages(), **_certifying(3)),
    "two": lambda o: o.sign(o.sign(blank_pages()), "Signature2"),
    "three": lambda o: o.sign(o.sign(o.sign(blank_pages()), "Signature2"), "Signature3"),
    "certified-then-signed": lambda o: o.sign(o.sign(blank_pages(), **_certifying(2)), "Signature2"),
    "reason": lambda o: o.sign(blank_pages(), reason="同意", location="北京", contact_info="x"),
    "signed-then-changed": lambda o: append(o.sign(blank_pages()), {1: stream(b"BT ET")}),
    "our-archive": lambda o: o.sign(o.stage.archive, subfilter=_pades()),
    "our-archive-certified": lambda o: o.sign(o.stage.archive, **_certifying(1)),
    "pdf-1.3": lambda o: o.sign(_versioned("1.3")),
    "pdf-1.4": lambda o: o.sign(_versioned("1.4")),
    "pdf-1.5-object-streams": lambda o: o.sign(
        _versioned("1.5", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    ),
    "pdf-2.0": lambda o: o.sign(_versioned("2.0")),
    "linear": lambda o: o.sign(_versioned("1.7", linearize=True)),
    "encrypted": lambda o: o.sign(
        _versioned("2.0", encryption=pikepdf.Encryption(owner="o", user="u", R=6)), password="u"
    ),
    "encrypted-open": lambda o: o.sign(
        _versioned("1.7", encryption=pikepdf.Encryption(owner="o", user="", R=4)), password="o"
    ),
}  # fmt: skip


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("ours", [False, True], ids=["stranger", "district-key"])
def test_signed_by_another_program(stage: Stage, flavour: str, ours: bool) -> None:
    """Not even when the key is one of ours: what it signed is no document of ours."""
    data = FLAVOURS[flavour](Office(stage, ours))
    assert b"/ByteRange" in data
    assert _judge(stage, data) in (VerdictKind.ALTERED, VerdictKind.UNKNOWN_SIGNER, VerdictKind.UNREADABLE)
    if "our-archive" not in flavour:
        assert record_of_anybody(data) is None


def _bomb() -> bytes:
    """A page that unpacks to a gigabyte, twice over."""
    once = zlib.compress(b"\0" * 100_000_000, 9)
    return append(blank_pages(), {9: stream(zlib.compress(once), b"/Filter [/FlateDecode /FlateDecode]")})


BROKEN: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "header": lambda: b"%PDF-1.7\n",
    "no-end": lambda: blank_pages()[:-30],
    "half": lambda: blank_pages()[: len(blank_pages()) // 2],
    "no-table": lambda: blank_pages().replace(b"startxref", b"startxxxx"),
    "table-elsewhere": lambda: blank_pages().replace(b"startxref\n", b"startxref\n99999"),
    "circle": lambda: append(blank_pages(), {}).replace(b"/Prev ", b"/Prev 1 %"),
    "deep": lambda: b"%PDF-1.7\n1 0 obj " + b"[" * 300_000 + b"]" * 300_000 + b" endobj\n%%EOF",
    "deep-dictionaries": lambda: b"%PDF-1.7\n1 0 obj " + b"<</A " * 200_000 + b">>" * 200_000 + b" endobj\n%%EOF",
    "long-number": lambda: b"%PDF-1.7\n1 0 obj " + b"9" * 500_000 + b" endobj\n/ByteRange [" + b"1" * 9999 + b"]%%EOF",
    "many-ranges": lambda: b"%PDF-1.7\n" + b"/ByteRange [0 10 20 30]" * 50_000 + b"%%EOF",
    "range-of-itself": lambda: b"%PDF-1.7\n/ByteRange [0 9 9 20]%%EOF\n",
    "bomb": _bomb,
    "line-ends": lambda: blank_pages().replace(b"\n", b"\r\n"),
    "text": lambda: "%PDF-1.7 这不是".encode() * 1000,
    "utf-16": lambda: "%PDF-1.7 x".encode("utf-16"),
    "zip": lambda: b"PK\x03\x04" + b"\0" * 1000,
    "zeros": lambda: b"%PDF-1.7\n" + b"\0" * 5_000_000 + b"%%EOF",
    "signature-of-zeros": lambda: (
        b"%PDF-1.7\n<</Contents <" + b"0" * 9000 + b"> /ByteRange [0 22 9024 40]>>".ljust(38) + b"\n%"
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file(stage: Stage, broken: str) -> None:
    data = BROKEN[broken]()
    assert _judge(stage, data) in (VerdictKind.UNREADABLE, VerdictKind.UNSIGNED, VerdictKind.ALTERED)
    assert record_of_anybody(data) is None


def test_a_signed_file_that_was_mangled(stage: Stage) -> None:
    """Cut, doubled, shuffled, overwritten: as broken sticks and careless programs leave them."""
    office, source = Office(stage, ours=False), random.Random(6)
    files = [stage.genuine, office.sign(blank_pages()), office.sign(office.sign(blank_pages()), "Signature2")]
    for number in range(300):
        data = bytearray(files[number % 3])
        for _ in range(source.randrange(1, 6)):
            start = source.randrange(len(data))
            end = min(len(data), start + source.randrange(1, 2000))
            match source.randrange(5):
                case 0:
                    del data[start:end]
                case 1:
                    data[start:start] = data[start:end]
                case 2:
                    data[start:end] = source.randbytes(end - start)
                case 3:
                    data[start:end] = data[start:end][::-1]
                case _:
                    data[start:end] = b"\0" * (end - start)
        if bytes(data) != stage.genuine:
            _judge(stage, bytes(data))


def test_the_pictures_and_forms_of_this_repository_are_no_documents(stage: Stage) -> None:
    from safetyapp.texts import resources

    files: list[Path] = [p for p in (resources() / "demo").rglob("*") if p.is_file()][:20]
    assert files
    for path in files:
        assert _judge(stage, path.read_bytes()) is VerdictKind.UNREADABLE
