"""Signs an archive file: PAdES B-B, certifying, no changes allowed afterwards. The handwriting is drawn in the page, so
the signature itself shows nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents.cms import with_low_s
from safetyapp.documents.keysource import PrivateKey, Sign, with_key

FIELD_NAME = "author"
_RESERVED = 8192
"""Hexadecimal digits kept free for the signature; one with two certificates of ours takes about 3,400, with a
time stamp or keys of RSA three times the room is kept."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that only lacks the signature itself: the space for it is kept, everything around it is hashed."""

    _signer: Any
    _digest: Any
    _output: BytesIO
    _signed_at: datetime

    def sign(self, sign: Sign, stamp: Callable[[bytes], bytes | None] | None = None) -> bytes:
        """The signed file. `stamp` gives a time-stamp token for a signature, or None. Raises what `sign` raises."""
        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

        self._signer.signing_key = sign
        container = asyncio.run(
            self._signer.async_sign(
                self._digest.document_digest,
                "sha256",
                use_pades=True,
                signed_attr_settings=PdfCMSSignedAttributes(signing_time=self._signed_at),
            )
        )
        if stamp is not None:
            _add_stamp(container["content"]["signer_infos"][0], stamp)
        self._digest.fill_with_cms(self._output, container)
        return self._output.getvalue()


def _add_stamp(info: Any, stamp: Callable[[bytes], bytes | None]) -> None:
    from asn1crypto import cms

    token = stamp(bytes(info["signature"].native))
    if token is not None:
        values = [cms.ContentInfo.load(token)]
        info["unsigned_attrs"] = [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": values})]


def prepare(
    archive: bytes,
    certificate: x509.Certificate,
    issuers: tuple[x509.Certificate, ...],
    signed_at: datetime,
    *,
    stamped: bool = False,
) -> Prepared:
    """Everything that can be done before the key is open. `issuers` travel with the signature; `stamped` keeps room for
    a time-stamp token beside it."""
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    def as_asn1(one: x509.Certificate) -> Any:
        return asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))

    # a plain tuple, for the store pyHanko offers prepares names by Unicode 3.2: it has no 𬭎 and raises
    travelling: Any = tuple(as_asn1(one) for one in issuers)
    signer = _signer()(signing_cert=as_asn1(certificate), signing_key=None, cert_registry=travelling)
    signer.public_key = certificate.public_key()
    meta = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    source = BytesIO(archive)
    spec = SigFieldSpec(FIELD_NAME, on_page=0, box=None)
    session = PdfSigner(meta, signer, new_field_spec=spec).init_signing_session(_writer()(source))
    session.system_time = signed_at
    room = _RESERVED * 3 if stamped or isinstance(certificate.public_key(), rsa.RSAPublicKey) else _RESERVED
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    digest, _ = document.digest_tbs_document(in_place=True)
    return Prepared(signer, digest, source, signed_at)


def sign(
    archive: bytes,
    certificate: x509.Certificate,
    key: PrivateKey,
    issuers: tuple[x509.Certificate, ...],
    signed_at: datetime,
    stamp: Callable[[bytes], bytes | None] | None = None,
) -> bytes:
    """The file with the signature as its last revision."""
    return prepare(archive, certificate, issuers, signed_at, stamped=stamp is not None).sign(with_key(key), stamp)


@cache
def _signer() -> Any:
    """pyHanko's signer with the signature that counts: of the two that hold, verifying accepts one."""
    from pyhanko.sign.signers import SimpleSigner

    class LowSigner(SimpleSigner):
        signing_key: Any
        public_key: Any = None

        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            if digest_algorithm != "sha256":
                raise ValueError(digest_algorithm)
            signature: bytes = self.signing_key(data)
            public = self.public_key
            return with_low_s(signature, public.curve) if isinstance(public, ec.EllipticCurvePublicKey) else signature

    return LowSigner


@cache
def _writer() -> Any:
    """The incremental writer of pyHanko without two things it does unasked: it would raise the catalogue to 2.0 for
    elliptic curves, which PDF/A-3 (6.1.2) forbids, and write the computer's clock into Info and XMP."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class ArchiveWriter(IncrementalPdfFileWriter):
        def ensure_output_version(self, version: Any) -> None:
            """Stays as it is."""

        def _update_meta(self) -> None:
            """Info and XMP were written with the pages."""

    return ArchiveWriter
