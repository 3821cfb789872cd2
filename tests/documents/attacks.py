"""Forgeries, each built from real parts: what people do to a signed document to make it say something else.

Every one is built from a Stage and comes with the verdict it must get. Three kinds of forger: one without any key, one
with a key of his own, and one with a genuine key who does what its holder may not.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from safetyapp.documents import authority
from safetyapp.documents.archive import Describing, make_archive
from safetyapp.documents.timestamp import stamp_signature
from safetyapp.documents.verify import Belief
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.record import Author, Record
from safetyapp.domain.revocation import Revocation, RevokedFor
from safetyapp.domain.school import Person, PersonId, Role
from safetyapp.domain.verdict import VerdictKind
from tests.documents.certificates import SIGNING, TimeAuthority, make_certificate, new_key
from tests.documents.conftest import PASSPHRASE, District, make_district
from tests.documents.examples import INSPECTOR, MADE_AT, make_example
from tests.documents.pdf_by_hand import DOCMDP, append, catalogue, container, count_objects, sign_by_hand, stream


def blank_pages(words: bytes = b"BT ET") -> bytes:
    """One page with a content stream."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.obj.Contents = pdf.make_indirect(pikepdf.Stream(pdf, words))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


@dataclass
class Stage:
    """A district, a document of it, a district next door, an authority for time: what a forger has to work with."""

    folder: Path
    home: District
    record: Record
    stampers: TimeAuthority = field(default_factory=TimeAuthority)

    @classmethod
    def set_up(cls, folder: Path) -> Stage:
        home = make_district(folder / "home")
        example = make_example(
            folder, certificate=home.fingerprint, findings=1, photos=0, fixed=0, with_inks=False
        )  # fmt: skip
        return cls(folder, home, example.record)

    @cached_property
    def next_door(self) -> District:
        """Another district of the same name, with an inspector of the same name."""
        return make_district(self.folder / "next")

    @cached_property
    def ca_key(self) -> Any:
        return authority.open_key(self.home.folder / "keys" / authority.CA_KEY, PASSPHRASE)

    @cached_property
    def belief(self) -> Belief:
        return Belief((self.home.ca,), (), (self.stampers.authority,), MADE_AT + timedelta(days=3))

    @cached_property
    def archive(self) -> bytes:
        return self.archive_of(self.record)

    def archive_of(self, record: Record, change: Callable[[pikepdf.Pdf], None] | None = None, **saving: Any) -> bytes:
        made = make_archive(blank_pages(), canonical_json(record), Describing("题", "张", "校", MADE_AT))
        if change is None and not saving:
            return made
        with pikepdf.open(io.BytesIO(made)) as pdf:
            if change:
                change(pdf)
            out = io.BytesIO()
            pdf.save(out, **{"object_stream_mode": pikepdf.ObjectStreamMode.disable, **saving})
        return out.getvalue()

    @cached_property
    def genuine(self) -> bytes:
        return self.sign()

    def sign(self, archive: bytes | None = None, cms: dict[str, Any] | None = None, **by_hand: Any) -> bytes:
        """Signed with the genuine key, with odd parts where they are named."""
        home, odd = self.home, cms or {}
        return sign_by_hand(
            archive or self.archive,
            lambda covered: container(covered, home.certificate, home.key, (home.ca,), **odd),
            **by_hand,
        )

    def sign_with(
        self, certificate: x509.Certificate, key: Any, ca: x509.Certificate | None = None, record: Record | None = None,
        person: Person = INSPECTOR, **odd: Any,
    ) -> bytes:  # fmt: skip
        """Signed with a certificate of any origin, the record naming it as its author's."""
        author = Author(person.id, person.name, person.role, authority.fingerprint(certificate))
        archive = self.archive_of(replace(record or self.record, author=author))
        return sign_by_hand(archive, lambda c: container(c, certificate, key, (ca or self.home.ca,)), **odd)

    def issued(self, key: Any, **odd: Any) -> x509.Certificate:
        """A certificate of the genuine authority that is not as it should be."""
        subject = odd.pop("subject", self.home.certificate.subject)
        return make_certificate(subject, key.public_key(), self.home.ca.subject, self.ca_key, **odd)

    def signature_place(self, data: bytes) -> tuple[int, int]:
        start = data.index(b"/Contents <30") + len(b"/Contents ")
        return start, data.index(b">", start) + 1


@dataclass(frozen=True)
class Attack:
    """How a forgery is made and what must be said of it."""

    name: str
    kind: VerdictKind
    why: str
    build: Callable[[Stage], bytes]
    belief: Callable[[Stage], Belief] = lambda stage: stage.belief


ATTACKS: list[Attack] = []
ALTERED, UNKNOWN, REVOKED = VerdictKind.ALTERED, VerdictKind.UNKNOWN_SIGNER, VerdictKind.REVOKED
UNSIGNED, UNREADABLE = VerdictKind.UNSIGNED, VerdictKind.UNREADABLE

Build = Callable[[Stage], bytes]


def attack(kind: VerdictKind, why: str) -> Callable[[Build], Build]:
    def keep(build: Build) -> Build:
        ATTACKS.append(Attack(build.__name__.replace("_", "-"), kind, why, build))
        return build

    return keep


# Without a key: something is added behind ------------------------------------------------------------------------


def _numbers(data: bytes) -> dict[str, int]:
    """Which object is which in a document."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page, spec = pdf.pages[0].obj, pdf.Root.AF[0]
        return {
            "page": page.objgen[0], "content": page.Contents.objgen[0], "pages": pdf.Root.Pages.objgen[0],
            "spec": spec.objgen[0], "file": spec.EF.F.objgen[0],
        }  # fmt: skip


@attack(ALTERED, "appended")
def junk_behind(stage: Stage) -> bytes:
    return stage.genuine + b"%" * 100


@attack(ALTERED, "appended")
def another_pdf_behind(stage: Stage) -> bytes:
    return stage.genuine + blank_pages(b"(another)")


@attack(ALTERED, "appended-pages")
def update_replaces_the_text_of_a_page(stage: Stage) -> bytes:
    return append(stage.genuine, {_numbers(stage.genuine)["content"]: stream(b"BT (all well) Tj ET")})


@attack(ALTERED, "appended-pages")
def update_replaces_the_page(stage: Stage) -> bytes:
    n = _numbers(stage.genuine)
    page = b"<</Type /Page /Parent %d 0 R /MediaBox [0 0 10 10]>>" % n["pages"]
    return append(stage.genuine, {n["page"]: page})


@attack(ALTERED, "appended-pages")
def update_swaps_all_pages(stage: Stage) -> bytes:
    n, new = _numbers(stage.genuine), count_objects(stage.genuine)
    page = b"<</Type /Page /Parent %d 0 R /MediaBox [0 0 10 10]>>" % n["pages"]
    return append(stage.genuine, {n["pages"]: b"<</Type /Pages /Count 1 /Kids [%d 0 R]>>" % new, new: page})


@attack(ALTERED, "appended-record")
def update_replaces_the_record(stage: Stage) -> bytes:
    other = canonical_json(replace(stage.record, site="别处"))
    entries = b"/Type /EmbeddedFile /Filter /FlateDecode"
    return append(stage.genuine, {_numbers(stage.genuine)["file"]: stream(zlib.compress(other), entries)})


@attack(ALTERED, "appended-record")
def update_points_af_at_another_record(stage: Stage) -> bytes:
    new = count_objects(stage.genuine)
    number, root = catalogue(stage.genuine)
    spec = b"<</Type /Filespec /F (record.json) /UF (record.json) /EF <</F %d 0 R>>>>" % (new + 1)
    root = root.replace(b"/AF [", b"/AF [%d 0 R " % new)
    return append(
        stage.genuine, {number: root + b">>", new: spec, new + 1: stream(b"{}", b"/Type /EmbeddedFile")}
    )  # fmt: skip


@attack(ALTERED, "appended-record")
def update_renames_the_record(stage: Stage) -> bytes:
    return append(stage.genuine, {_numbers(stage.genuine)["spec"]: b"<</Type /Filespec /F (x) /UF (x)>>"})


@attack(ALTERED, "appended-pages")
def update_covers_the_page_with_a_note(stage: Stage) -> bytes:
    n, new = _numbers(stage.genuine), count_objects(stage.genuine)
    with pikepdf.open(io.BytesIO(stage.genuine)) as pdf:
        page = bytes(pdf.pages[0].obj.unparse(resolved=True)).rstrip()[:-2]
    note = b"<</Type /Annot /Subtype /FreeText /Rect [0 0 600 800] /Contents (all well)>>"
    return append(stage.genuine, {n["page"]: page + b"/Annots [%d 0 R]>>" % new, new: note})


@attack(ALTERED, "appended")
def update_of_the_catalogue_alone(stage: Stage) -> bytes:
    number, root = catalogue(stage.genuine)
    return append(stage.genuine, {number: root + b"/OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>>>>"})


@attack(ALTERED, "appended")
def update_adds_data_for_later_checks(stage: Stage) -> bytes:
    """As others do for long-term validation; ours says no change at all."""
    number, root = catalogue(stage.genuine)
    return append(stage.genuine, {number: root + b"/DSS <</Certs []>>>>"})


@attack(ALTERED, "appended-signature")
def update_adds_a_field_to_sign_in(stage: Stage) -> bytes:
    new = count_objects(stage.genuine)
    return append(stage.genuine, {new: b"<</FT /Sig /T (second) /Type /Annot /Subtype /Widget /Rect [0 0 0 0]>>"})


@attack(ALTERED, "appended-pages")
def second_signature_by_a_stranger(stage: Stage) -> bytes:
    from asn1crypto import keys
    from asn1crypto import x509 as asn1_x509
    from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    del DEFAULT_DIFF_POLICY
    other = stage.next_door
    signer = signers.SimpleSigner(
        asn1_x509.Certificate.load(other.certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(other.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        SimpleCertificateStore(),
    )
    # the first signature forbids it, and pyHanko obeys: so the permission is hidden from it and put back
    hidden = stage.genuine.replace(b"/Perms", b"/Qerms").replace(b"/DocMDP", b"/DocMDQ")
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(hidden)),
        signers.PdfSignatureMetadata(field_name="two", md_algorithm="sha256"),
        signer=signer,
        new_field_spec=fields.SigFieldSpec("two", on_page=0),
    )
    return stage.genuine + out.getvalue()[len(stage.genuine) :]


@attack(ALTERED, "appended-signature")
def time_stamp_of_the_whole_behind(stage: Stage) -> bytes:
    new = count_objects(stage.genuine)
    stamp = b"<</Type /DocTimeStamp /SubFilter /ETSI.RFC3161 /Contents <00> /ByteRange [0 1 2 3]>>"
    return append(stage.genuine, {new: stamp})


@attack(ALTERED, "appended")
def update_with_object_streams(stage: Stage) -> bytes:
    """The new page is packed, so that no object number stands in the open."""
    n = _numbers(stage.genuine)
    packed = zlib.compress(b"%d 0 <</Type /Page>>" % n["page"])
    table = stream(zlib.compress(b"\0" * 6), b"/Type /XRef /W [1 2 1] /Size 1 /Filter /FlateDecode /Root 1 0 R")
    head = b"<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>> stream\n" % len(packed)
    return stage.genuine + head + packed + b"\nendstream\n" + table + b"\nstartxref\n9\n%%EOF\n"


@attack(ALTERED, "appended-pages")
def shadow_hides_what_was_signed(stage: Stage) -> bytes:
    """Hide: the signer saw a harmless cover; an update takes it away."""

    def cover(pdf: pikepdf.Pdf) -> None:
        form = pikepdf.Stream(pdf, b"1 g 0 0 600 800 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                              BBox=[0, 0, 600, 800])  # fmt: skip
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Cover=pdf.make_indirect(form)))
        pdf.pages[0].contents_add(b"/Cover Do")

    signed = stage.sign(stage.archive_of(stage.record, cover))
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        number = pdf.pages[0].obj.Resources.XObject.Cover.objgen[0]
    return append(signed, {number: b"null"})


@attack(ALTERED, "appended-pages")
def shadow_replaces_a_font(stage: Stage) -> bytes:
    """Replace: a new definition of a font, which seems to do no harm, draws other figures."""

    def write(pdf: pikepdf.Pdf) -> None:
        font = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3))
        pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))

    signed = stage.sign(stage.archive_of(stage.record, write))
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        number = pdf.pages[0].obj.Resources.Font.F.objgen[0]
    return append(signed, {number: b"<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>"})


@attack(ALTERED, "appended")
def shadow_hides_and_replaces(stage: Stage) -> bytes:
    """Both contents were signed, one of them in use; an update is only a table that points to the other."""

    def second(pdf: pikepdf.Pdf) -> None:
        root = pikepdf.Dictionary(Type=pikepdf.Name.Catalog, Pages=pdf.Root.Pages)
        pdf.Root.Other = pdf.make_indirect(root)

    signed = stage.sign(stage.archive_of(stage.record, second))
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        other = pdf.Root.Other.objgen[0]
    return append(signed, {}, root=other)


@attack(ALTERED, "appended")
def trailer_that_goes_round_in_a_circle(stage: Stage) -> bytes:
    at = len(stage.genuine)
    table = b"xref\n0 0\ntrailer\n<</Size 9 /Root 1 0 R /Prev %d /XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n" % (at, at, at)
    return stage.genuine + table


# Without a key: something is moved, put around, or changed inside ---------------------------------------------------


@attack(ALTERED, "content-changed")
def record_swapped_in_place(stage: Stage) -> bytes:
    with pikepdf.open(io.BytesIO(stage.genuine)) as pdf:
        packed = bytes(pdf.Root.AF[0].EF.F.read_raw_bytes())
    other = zlib.compress(canonical_json(replace(stage.record, site="别处")))[: len(packed)]
    return stage.genuine.replace(packed, other.ljust(len(packed), b"\0"))


@attack(ALTERED, "content-changed")
def permission_struck_out(stage: Stage) -> bytes:
    return stage.genuine.replace(b"/Perms", b"/Qerms")


@attack(ALTERED, "content-changed")
def permission_widened(stage: Stage) -> bytes:
    return stage.genuine.replace(b"/P 1>>", b"/P 3>>")


@attack(UNREADABLE, "not-a-pdf")
def junk_in_front(stage: Stage) -> bytes:
    return b"MZ" + stage.genuine


@attack(ALTERED, "signature-broken")
def another_pdf_in_front(stage: Stage) -> bytes:
    return blank_pages() + stage.genuine


@attack(ALTERED, "signature-broken")
def genuine_file_inside_another(stage: Stage) -> bytes:
    """A genuine document attached, unpacked, to a page that is not: its signature is found, and signs nothing here."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.Inside = pdf.make_indirect(pikepdf.Stream(pdf, stage.genuine))
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    return out.getvalue()


@attack(ALTERED, "signature-broken")
def wrapping_moves_the_signed_part_back(stage: Stage) -> bytes:
    """Signature wrapping: the second signed part is moved back, and a forged one stands where it was."""
    data = stage.genuine
    start, end = stage.signature_place(data)
    forged = b"/Forged 1>>\nendobj\n"
    ranges = data[data.index(b"/ByteRange ", end) :][:54]
    moved = data[:end] + forged + data[end:]
    return moved.replace(
        ranges, b"/ByteRange " + (b"[0 %d %d %d" % (start, end + len(forged), len(data) - end)).ljust(43)
    )


@attack(ALTERED, "signature-broken")
def wrapping_hides_in_the_gap(stage: Stage) -> bytes:
    """The gap between the signed parts is widened, and holds more than the container."""
    data = stage.genuine
    start, end = stage.signature_place(data)
    forged = data[:end] + b" /Forged 1 " + data[end:]
    numbers = (b"[0 %d %d %d" % (start, end + 11, len(data) - end)).ljust(43)
    at = forged.index(b"/ByteRange ", end) + 11
    return forged[:at] + numbers + forged[at + 43 :]


@attack(ALTERED, "appended-signature")
def wrapping_copies_the_signature_into_an_update(stage: Stage) -> bytes:
    """A new signature dictionary with the old container and the old range."""
    data = stage.genuine
    start, end = stage.signature_place(data)
    new = count_objects(data)
    number, root = catalogue(data)
    copied = b"<</Type /Sig /Filter /Adobe.PPKLite /Contents %s /ByteRange [0 %d %d %d]>>" % (
        data[start:end], start, end, len(data) - end,
    )  # fmt: skip
    return append(data, {new: copied, number: root + b">>"})


def _without(data: bytes, what: bytes, instead: bytes) -> bytes:
    assert what in data
    return data.replace(what, instead)


@attack(UNSIGNED, "unsigned")
def forgery_without_a_range(stage: Stage) -> bytes:
    """Universal signature forgery: readers that find no range once showed no warning."""
    return _without(stage.genuine, b"/ByteRange", b"/ByteRangf")


@attack(UNSIGNED, "unsigned")
def forgery_with_range_null(stage: Stage) -> bytes:
    at = stage.genuine.index(b"/ByteRange [") + len(b"/ByteRange ")
    end = stage.genuine.index(b"]", at) + 1
    return stage.genuine[:at] + b"null".ljust(end - at) + stage.genuine[end:]


@attack(UNSIGNED, "unsigned")
def forgery_with_a_negative_range(stage: Stage) -> bytes:
    return _without(stage.genuine, b"/ByteRange [0 ", b"/ByteRange [-1 ")[:-1] + b"\n"


@attack(ALTERED, "content-changed")
def forgery_without_contents(stage: Stage) -> bytes:
    return _without(stage.genuine, b"/Contents <30", b"/Kontents <30")


@attack(ALTERED, "signature-broken")
def forgery_with_empty_contents(stage: Stage) -> bytes:
    start, end = stage.signature_place(stage.genuine)
    return stage.genuine[:start] + b"<>".ljust(end - start) + stage.genuine[end:]


@attack(ALTERED, "signature-broken")
def forgery_with_contents_of_zeros(stage: Stage) -> bytes:
    start, end = stage.signature_place(stage.genuine)
    return stage.genuine[:start] + b"<" + b"0" * (end - start - 2) + b">" + stage.genuine[end:]


@attack(ALTERED, "signature-broken")
def container_in_small_letters(stage: Stage) -> bytes:
    start, end = stage.signature_place(stage.genuine)
    return stage.genuine[:start] + stage.genuine[start:end].lower() + stage.genuine[end:]


@attack(ALTERED, "signature-broken")
def container_with_a_space_in_it(stage: Stage) -> bytes:
    start, _ = stage.signature_place(stage.genuine)
    return stage.genuine[: start + 100] + b" " + stage.genuine[start + 101 :]


@attack(ALTERED, "signature-broken")
def bytes_behind_the_container(stage: Stage) -> bytes:
    _, end = stage.signature_place(stage.genuine)
    return stage.genuine[: end - 9] + b"DEADBEEF" + stage.genuine[end - 1 :]


# Byte ranges, signed with the genuine key so that only the range is wrong -------------------------------------------


@attack(ALTERED, "signature-broken")
def range_with_a_gap(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, start - 20, end, size - end))


@attack(ALTERED, "signature-broken")
def range_with_a_gap_behind(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, start, end + 8, size - end - 8))


@attack(ALTERED, "signature-broken")
def range_that_overlaps(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, end, start, size - start))


@attack(ALTERED, "appended")
def range_that_is_short(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, start, end, size - end - 10))


@attack(ALTERED, "signature-broken")
def range_that_begins_late(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (9, start - 9, end, size - end))


@attack(ALTERED, "signature-broken")
def range_of_nothing(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, 0, 0, 0))


@attack(ALTERED, "signature-broken")
def range_of_the_second_part_only(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, 0, end, size - end))


@attack(UNREADABLE, "truncated")
def range_beyond_the_end(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, start, end, size))


@attack(UNREADABLE, "truncated")
def range_of_huge_numbers(stage: Stage) -> bytes:
    return stage.sign(ranges=lambda start, end, size: (0, start, 9_999_999_999, 9_999_999_999))


@attack(ALTERED, "signature-broken")
def range_twice_in_one_dictionary(stage: Stage) -> bytes:
    return stage.sign(names=(b"/Contents", b"/ByteRange [0 1 2 3] /ByteRange"))


# Structure: the genuine key signs what its program never would -------------------------------------------------------


@attack(ALTERED, "not-certified")
def no_permissions(stage: Stage) -> bytes:
    return stage.sign(perms=b"")


@attack(ALTERED, "not-certified")
def permission_to_fill_forms(stage: Stage) -> bytes:
    return stage.sign(reference=DOCMDP.replace(b"/P 1", b"/P 2"))


@attack(ALTERED, "not-certified")
def permission_to_annotate(stage: Stage) -> bytes:
    return stage.sign(reference=DOCMDP.replace(b"/P 1", b"/P 3"))


@attack(ALTERED, "not-certified")
def field_permission_instead(stage: Stage) -> bytes:
    params = b"<</Type /TransformParams /V /1.2 /Action /Include /Fields [(x)]>>"
    return stage.sign(reference=b"[<</Type /SigRef /TransformMethod /FieldMDP /TransformParams %s>>]" % params)


@attack(ALTERED, "not-certified")
def field_permission_besides(stage: Stage) -> bytes:
    other = b"<</Type /SigRef /TransformMethod /FieldMDP /TransformParams <</Action /All /V /1.2>>>>]"
    return stage.sign(reference=DOCMDP[:-1] + other)


@attack(ALTERED, "several-signatures")
def two_fields_with_one_signature(stage: Stage) -> bytes:
    size = count_objects(stage.archive)
    return stage.sign(fields=b"[%d 0 R %d 0 R]" % (size, size))


@attack(ALTERED, "record-twice")
def two_records_of_one_name(stage: Stage) -> bytes:
    def second(pdf: pikepdf.Pdf) -> None:
        spec = pikepdf.AttachedFileSpec(pdf, b"{}", filename="record.json")
        pdf.Root.Names.EmbeddedFiles.Names.extend([pikepdf.String("record.json"), spec.obj])

    return stage.sign(stage.archive_of(stage.record, second))


@attack(ALTERED, "record-twice")
def second_record_beside_the_names(stage: Stage) -> bytes:
    def second(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AF.append(pikepdf.AttachedFileSpec(pdf, b"{}", filename="record.json").obj)

    return stage.sign(stage.archive_of(stage.record, second))


@attack(ALTERED, "file-extra")
def a_file_that_nobody_named(stage: Stage) -> bytes:
    def second(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AF.append(pikepdf.AttachedFileSpec(pdf, b"{}", filename="other.json").obj)

    return stage.sign(stage.archive_of(stage.record, second))


@attack(ALTERED, "file-extra")
def a_record_with_two_contents(stage: Stage) -> bytes:
    """EF names one stream as F and another as UF: two readers, two records."""

    def second(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AF[0].EF.UF = pdf.make_indirect(pikepdf.Stream(pdf, b"{}", Type=pikepdf.Name.EmbeddedFile))

    return stage.sign(stage.archive_of(stage.record, second))


@attack(UNREADABLE, "record-broken")
def record_with_a_key_twice(stage: Stage) -> bytes:
    spelled = canonical_json(stage.record).replace(b'"site":', b'"site":"x","site":', 1)
    return stage.sign(make_archive(blank_pages(), spelled, Describing("题", "张", "校", MADE_AT)))


@attack(UNREADABLE, "record-broken")
def record_that_is_a_bomb(stage: Stage) -> bytes:
    bomb = b"[" + b" " * 40_000_000 + b"]"
    return stage.sign(make_archive(blank_pages(), bomb, Describing("题", "张", "校", MADE_AT)))


@attack(UNREADABLE, "record-missing")
def record_taken_out(stage: Stage) -> bytes:
    def nothing(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.AF
        del pdf.Root.Names["/EmbeddedFiles"]

    return stage.sign(stage.archive_of(stage.record, nothing))


# With a key of one's own, or a certificate that does not allow it ----------------------------------------------------


@attack(UNKNOWN, "unknown-signer")
def stranger_of_the_same_name(stage: Stage) -> bytes:
    other = stage.next_door
    return stage.sign_with(other.certificate, other.key, other.ca)


@attack(UNKNOWN, "unknown-signer")
def stranger_with_the_genuine_authority_enclosed(stage: Stage) -> bytes:
    other = stage.next_door
    return stage.sign_with(other.certificate, other.key, stage.home.ca)


@attack(UNKNOWN, "unknown-signer")
def copy_of_the_authority(stage: Stage) -> bytes:
    """The same name, serial number and key identifier, another key."""
    fake_key, key, home = new_key(), new_key(), stage.home
    fake = make_certificate(home.ca.subject, fake_key.public_key(), home.ca.subject, fake_key, ca=True,
                            usage={"key_cert_sign": True}, serial=home.ca.serial_number)  # fmt: skip
    forged = make_certificate(home.certificate.subject, key.public_key(), fake.subject, fake_key)
    return stage.sign_with(forged, key, fake)


@attack(UNKNOWN, "unknown-signer")
def self_signed(stage: Stage) -> bytes:
    key, home = new_key(), stage.home
    forged = make_certificate(home.certificate.subject, key.public_key(), home.ca.subject, key)
    return stage.sign_with(forged, key)


@attack(UNKNOWN, "unknown-signer")
def issued_by_an_inspector(stage: Stage) -> bytes:
    key, home = new_key(), stage.home
    forged = make_certificate(home.certificate.subject, key.public_key(), home.certificate.subject, home.key)
    return stage.sign_with(forged, key, home.certificate)


@attack(UNKNOWN, "unknown-signer")
def authority_signs_itself(stage: Stage) -> bytes:
    return stage.sign_with(stage.home.ca, stage.ca_key)


@attack(UNKNOWN, "unknown-signer")
def certificate_for_programs(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, purposes=(ExtendedKeyUsageOID.CODE_SIGNING,)), key)


@attack(UNKNOWN, "unknown-signer")
def certificate_for_a_web_server(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)), key)


@attack(UNKNOWN, "unknown-signer")
def certificate_for_encryption(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, usage={"key_agreement": True}), key)


@attack(UNKNOWN, "unknown-signer")
def certificate_that_does_not_commit(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, usage={"digital_signature": True}), key)


@attack(UNKNOWN, "unknown-signer")
def certificate_without_usage(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, usage={}), key)


@attack(UNKNOWN, "unknown-signer")
def certificate_that_may_issue(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, ca=True, usage={**SIGNING, "key_cert_sign": True}), key)


@attack(UNKNOWN, "unknown-signer")
def certificate_with_a_condition_nobody_knows(stage: Stage) -> bytes:
    key = new_key()
    condition = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.1"), b"\x05\x00")
    return stage.sign_with(stage.issued(key, extra=((condition, True),)), key)


@attack(UNKNOWN, "expired-at-signing")
def certificate_that_had_expired(stage: Stage) -> bytes:
    key = new_key()
    times = {"start": MADE_AT - timedelta(days=30), "end": MADE_AT - timedelta(days=1)}
    return stage.sign_with(stage.issued(key, **times), key)


@attack(UNKNOWN, "signed-before-certificate")
def signed_before_the_certificate(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, start=MADE_AT + timedelta(days=1)), key)


@attack(ALTERED, "weak-algorithm")
def key_of_1024_bits(stage: Stage) -> bytes:
    key = rsa.generate_private_key(65537, 1024)
    return stage.sign_with(stage.issued(key), key)


@attack(ALTERED, "role-may-not-sign")
def school_signs_an_inspection(stage: Stage) -> bytes:
    key, person = new_key(), Person(PersonId("p-50"), "周陪同", Role.SCHOOL)
    certificate = authority.certify(
        stage.home.folder / "keys", person, key.public_key(), PASSPHRASE, MADE_AT - timedelta(days=1)
    )
    return stage.sign_with(certificate, key, person=person)


@attack(ALTERED, "other-author")
def school_says_it_is_an_inspector(stage: Stage) -> bytes:
    key, person = new_key(), Person(PersonId("p-07"), "张示例", Role.SCHOOL)
    certificate = authority.certify(
        stage.home.folder / "keys", person, key.public_key(), PASSPHRASE, MADE_AT - timedelta(days=1)
    )
    return stage.sign_with(certificate, key, person=replace(person, role=Role.INSPECTOR))


@attack(ALTERED, "other-author")
def certificate_without_a_role(stage: Stage) -> bytes:
    key = new_key()
    nobody = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "张示例")])
    return stage.sign_with(stage.issued(key, subject=nobody), key)


@attack(ALTERED, "other-author")
def signed_in_a_colleague_s_name(stage: Stage) -> bytes:
    other = replace(stage.record.author, person=PersonId("p-08"), name="李样本")
    return stage.sign(stage.archive_of(replace(stage.record, author=other)))


# Containers --------------------------------------------------------------------------------------------------------


@attack(ALTERED, "several-signatures")
def two_signers_in_one_container(stage: Stage) -> bytes:
    return stage.sign(cms={"signers": 2})


@attack(ALTERED, "signature-broken")
def no_signed_attributes(stage: Stage) -> bytes:
    return stage.sign(cms={"signed": False})


@attack(ALTERED, "content-changed")
def digest_of_something_else(stage: Stage) -> bytes:
    return stage.sign(cms={"message_digest": hashlib.sha256(b"something else").digest()})


@attack(ALTERED, "signature-broken")
def content_of_another_type(stage: Stage) -> bytes:
    return stage.sign(cms={"content_type": "signed_data"})


@attack(ALTERED, "weak-algorithm")
def digest_by_sha1(stage: Stage) -> bytes:
    return stage.sign(cms={"digest": "sha1"})


@attack(ALTERED, "weak-algorithm")
def digest_by_md5(stage: Stage) -> bytes:
    return stage.sign(cms={"digest": "md5"})


@attack(ALTERED, "signature-broken")
def certificate_not_bound(stage: Stage) -> bytes:
    return stage.sign(cms={"attributes": lambda attributes: attributes[:2]})


@attack(ALTERED, "signature-broken")
def another_certificate_bound(stage: Stage) -> bytes:
    return stage.sign(cms={"shown": stage.home.ca})


@attack(ALTERED, "signature-broken")
def attribute_twice(stage: Stage) -> bytes:
    return stage.sign(cms={"attributes": lambda attributes: [*attributes, attributes[1]]})


@attack(ALTERED, "signature-broken")
def signer_named_by_key(stage: Stage) -> bytes:
    return stage.sign(cms={"key_identifier": True})


@attack(ALTERED, "signature-broken")
def content_inside_the_container(stage: Stage) -> bytes:
    return stage.sign(cms={"content": b"what was really signed"})


@attack(ALTERED, "signature-broken")
def second_spelling_of_the_signature(stage: Stage) -> bytes:
    """(r, n - s) holds as well as (r, s)."""

    def turn(info: Any) -> None:
        r, s = decode_dss_signature(info["signature"].native)
        info["signature"] = encode_dss_signature(r, stage.home.key.curve.group_order - s)

    return stage.sign(cms={"info": turn})


@attack(ALTERED, "signature-broken")
def countersigned(stage: Stage) -> bytes:
    def counter(info: Any) -> None:
        info["unsigned_attrs"] = [{"type": "2.999.1", "values": [core.OctetString(b"x")]}]

    return stage.sign(cms={"info": counter})


@attack(ALTERED, "signature-broken")
def written_in_ber(stage: Stage) -> bytes:
    """The outermost value with an indefinite length."""

    def ber(digits: bytes) -> bytes:
        return b"3080" + digits[8:] + b"0000"

    return stage.sign(spell=ber)


@attack(ALTERED, "signature-broken")
def written_with_a_long_length(stage: Stage) -> bytes:
    return stage.sign(spell=lambda digits: b"308300" + digits[4:])


@attack(ALTERED, "content-changed")
def container_of_another_document(stage: Stage) -> bytes:
    """Genuine, but of another day's document: what it signs is not this."""
    other = stage.sign(stage.archive_of(replace(stage.record, site="别处")))
    start, end = stage.signature_place(stage.genuine)
    taken = other[slice(*stage.signature_place(other))]
    return stage.genuine[:start] + taken + stage.genuine[end:]


# Time ----------------------------------------------------------------------------------------------------------------


@attack(ALTERED, "other-time")
def record_made_a_day_after_the_signature(stage: Stage) -> bytes:
    return stage.sign(stage.archive_of(replace(stage.record, made_at=MADE_AT + timedelta(days=1, hours=1))))


@attack(ALTERED, "other-time")
def signature_dated_back(stage: Stage) -> bytes:
    return stage.sign(at="D:20261123154207+08'00'")


@attack(ALTERED, "signature-broken")
def signature_without_a_time(stage: Stage) -> bytes:
    return stage.sign(at="yesterday")


@attack(ALTERED, "signed-in-the-future")
def signed_far_in_the_future(stage: Stage) -> bytes:
    at = datetime(2028, 1, 1, 9, 0, tzinfo=MADE_AT.tzinfo)
    return stage.sign(stage.archive_of(replace(stage.record, made_at=at)), at="D:20280101090000+08'00'")


# Time stamps ---------------------------------------------------------------------------------------------------------


def stamped(stage: Stage, authority_for_time: TimeAuthority, at: datetime, of: bytes | None = None) -> bytes:
    """The genuine document with a token beside its signature; `of` another signature than its own."""

    def beside(info: Any) -> None:
        signature = of or bytes(info["signature"].native)
        token = stamp_signature(signature, authority_for_time.ask_at(at), (authority_for_time.authority,))
        info["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}]

    return stage.sign(cms={"info": beside})


@attack(ALTERED, "timestamp-broken")
def time_stamp_of_another_signature(stage: Stage) -> bytes:
    return stamped(stage, stage.stampers, MADE_AT, of=b"another signature")


@attack(UNKNOWN, "timestamp-unknown")
def time_stamp_by_a_stranger(stage: Stage) -> bytes:
    return stamped(stage, TimeAuthority(), MADE_AT)


@attack(ALTERED, "stamped-another-day")
def time_stamp_of_a_week_later(stage: Stage) -> bytes:
    return stamped(stage, stage.stampers, MADE_AT + timedelta(days=7))


@attack(ALTERED, "timestamp-broken")
def time_stamp_with_another_time(stage: Stage) -> bytes:
    """The time in the token is changed; it stands in the open, as the container does."""
    data = stamped(stage, stage.stampers, MADE_AT)
    said = MADE_AT.astimezone().strftime("%Y%m%d").encode().hex().upper().encode()
    at = data.rindex(said)
    return data[:at] + b"3230323531313234" + data[at + 16 :]


@attack(ALTERED, "timestamp-broken")
def time_stamp_that_is_junk(stage: Stage) -> bytes:
    def beside(info: Any) -> None:
        token = cms.ContentInfo({"content_type": "data", "content": b"junk"})
        info["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": [token]}]

    return stage.sign(cms={"info": beside})


# Certificates that were taken back ----------------------------------------------------------------------------------


def _taken_back(why: RevokedFor, days: int) -> Callable[[Stage], Belief]:
    def belief(stage: Stage) -> Belief:
        serial = format(stage.home.certificate.serial_number, "x")
        return replace(stage.belief, revoked=(Revocation(serial, MADE_AT + timedelta(days=days), why),))

    return belief


def _genuine(stage: Stage) -> bytes:
    return stage.genuine


def _certify_weakly(stage: Stage) -> bytes:
    key = new_key()
    return stage.sign_with(stage.issued(key, digest=hashes.SHA224()), key)


ATTACKS += [
    Attack("signed-after-leaving", REVOKED, "revoked-before-signing", _genuine, _taken_back(RevokedFor.LEFT, -1)),
    Attack("signed-after-the-key-was-lost", REVOKED, "revoked-before-signing", _genuine,
           _taken_back(RevokedFor.KEY_LOST, -1)),
    Attack("signed-before-the-key-was-lost-says-the-thief", REVOKED, "revoked-after-signing", _genuine,
           _taken_back(RevokedFor.KEY_LOST, 1)),
    Attack("certificate-issued-by-mistake", REVOKED, "never-authorised", _genuine, _taken_back(RevokedFor.MISTAKE, 1)),
    Attack("certificate-with-a-weak-digest", UNKNOWN, "unknown-signer", _certify_weakly),
]  # fmt: skip
