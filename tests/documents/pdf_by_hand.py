"""Signed PDFs written by hand, so that every part of a signature can be other than it should be."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from asn1crypto import algos, cms, core, tsp  # noqa: F401  # tsp teaches cms what PAdES signs
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents.cms import with_low_s

ROOM = 8192
"""Hexadecimal digits for the container."""

Objects = dict[int, bytes]
HASHES: dict[str, Any] = {
    "md5": hashes.MD5, "sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512
}  # fmt: skip


def count_objects(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.objects) + 1


def catalogue(data: bytes) -> tuple[int, bytes]:
    """The catalogue's number and its text without the closing brackets."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return pdf.Root.objgen[0], bytes(pdf.Root.unparse(resolved=True)).rstrip()[:-2]


def append(data: bytes, objects: Objects, root: int | None = None, trailer: bytes = b"") -> bytes:
    """The file with one more revision: new objects, a table of them, a trailer."""
    out = io.BytesIO()
    out.write(data if data.endswith(b"\n") else data + b"\n")
    places = {}
    for number, content in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in sorted(places.items()):
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    size = max([count_objects(data), *(n + 1 for n in objects)])
    previous = int(re.findall(rb"startxref\s+(\d+)", data)[-1])
    number = catalogue(data)[0] if root is None else root
    out.write(b"trailer\n<</Size %d /Root %d 0 R /Prev %d %s>>\n" % (size, number, previous, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s /Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


DOCMDP = b"[<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</Type /TransformParams /V /1.2 /P 1>>>>]"


def sign_by_hand(
    archive: bytes,
    contain: Callable[[bytes], bytes],
    *,
    at: str = "D:20261124154207+08'00'",
    reference: bytes = DOCMDP,
    perms: bytes | None = None,
    fields: bytes | None = None,
    ranges: Callable[[int, int, int], tuple[int, int, int, int]] | None = None,
    more: Objects | None = None,
    spell: Callable[[bytes], bytes] = lambda digits: digits,
    change: Callable[[bytes], bytes] = lambda data: data,
    names: tuple[bytes, bytes] = (b"/Contents", b"/ByteRange"),
) -> bytes:
    """The archive, signed. `contain` makes the container of the digest (of the bytes that `ranges` covers, SHA-256),
    `change` alters the file before it is signed without moving anything."""
    size = count_objects(archive)
    field, signature = size, size + 1
    number, root = catalogue(archive)
    perms = b"/Perms <</DocMDP %d 0 R>>" % signature if perms is None else perms
    fields = b"[%d 0 R]" % field if fields is None else fields
    reference = b"/Reference %s" % reference if reference else b""
    objects = {
        number: root + b" /AcroForm <</Fields %s /SigFlags 3>> %s >>" % (fields, perms),
        field: b"<</FT /Sig /Type /Annot /Subtype /Widget /F 132 /Rect [0 0 0 0] /T (author) /V %d 0 R>>" % signature,
        signature: b"<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (%s) %s %s <%s> %s %s>>"
        % (at.encode(), reference, names[0], b"0" * ROOM, names[1], b"[0 " + b" " * 40 + b"]"),
        **(more or {}),
    }
    data = append(archive, objects)
    start = data.index(names[0] + b" <" + b"0" * 100) + len(names[0]) + 1
    end = start + ROOM + 2
    numbers = (0, start, end, len(data) - end) if ranges is None else ranges(start, end, len(data))
    written = b"[%d %d %d %d" % numbers
    place = data.index(names[1] + b" [0 ", end) + len(names[1]) + 1
    data = change(data[:place] + written.ljust(43) + data[place + 43 :])
    first, length, second, rest = numbers
    covered = data[max(first, 0) : max(first + length, 0)] + data[max(second, 0) : max(second + rest, 0)]
    digits = spell(contain(covered).hex().upper().encode())
    return data[: start + 1] + digits.ljust(ROOM, b"0") + data[start + 1 + ROOM :]


def raw_signature(key: Any, data: bytes, digest: str) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), HASHES[digest]())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return with_low_s(key.sign(data, ec.ECDSA(HASHES[digest]())), key.curve)


def container(
    covered: bytes,
    certificate: x509.Certificate,
    key: Any,
    others: tuple[x509.Certificate, ...] = (),
    *,
    digest: str = "sha256",
    message_digest: bytes | None = None,
    content_type: str = "data",
    attributes: Callable[[list[Any]], list[Any]] = lambda attributes: attributes,
    signed: bool = True,
    signers: int = 1,
    content: bytes | None = None,
    info: Callable[[Any], None] = lambda info: None,
    key_identifier: bool = False,
    shown: x509.Certificate | None = None,
) -> bytes:
    """A signature container as PAdES wants it, unless it is told otherwise."""
    encoded = certificate.public_bytes(Encoding.DER)
    hashed = hashlib.new(digest, covered).digest() if message_digest is None else message_digest
    binding = {"certs": [{"cert_hash": hashlib.sha256((shown or certificate).public_bytes(Encoding.DER)).digest()}]}
    attrs: list[Any] = attributes(
        [
            {"type": "content_type", "values": [content_type]},
            {"type": "message_digest", "values": [hashed]},
            {"type": "signing_certificate_v2", "values": [binding]},
        ]
    )
    signed_attrs = cms.CMSAttributes(attrs)
    to_sign = signed_attrs.dump() if signed else covered
    family = "rsa" if isinstance(key, rsa.RSAPrivateKey) else "ecdsa"
    known = asn1_x509.Certificate.load(encoded)
    sid: dict[str, Any] = {"issuer": known.issuer, "serial_number": known.serial_number}
    identifier = cms.SignerIdentifier("issuer_and_serial_number", sid)
    if key_identifier:
        identifier = cms.SignerIdentifier("subject_key_identifier", core.OctetString(known.key_identifier))
    one = cms.SignerInfo(
        {
            "version": "v1",
            "sid": identifier,
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
            "signature_algorithm": {"algorithm": f"{digest}_{family}" if digest != "md5" else "sha1_ecdsa"},
            "signature": raw_signature(key, to_sign, digest if digest != "md5" else "sha1"),
            **({"signed_attrs": signed_attrs} if signed else {}),
        }
    )
    info(one)
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": digest})],
            "encap_content_info": {"content_type": "data", **({"content": content} if content is not None else {})},
            "certificates": [
                asn1_x509.Certificate.load(c)
                for c in sorted({encoded, *(o.public_bytes(Encoding.DER) for o in others)})
            ],
            "signer_infos": [one] * signers,
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data}).dump())
