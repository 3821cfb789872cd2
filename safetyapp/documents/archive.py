"""Makes an archive file of the pages: the record and the files that answers name inside, PDF/A-3b, one pass."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from safetyapp.domain.inspection import Sha256

RECORD_NAME = "record.json"
PRODUCER = "safetyapp"
SIGNATURE_MARK = b"/ByteRange"
"""What a signed file has once; an attached file may be a signed PDF itself."""

LARGEST_FILES = 100_000_000
"""Bytes of all files that answers name; a document must be mailed, and read whole to be verified."""

MOST_FILES = 2000

_TYPES = {
    "json": "application/json",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
}
"""Media types by a file name's ending; the same on every computer."""


class NoRecord(Exception):
    """A file does not hold exactly one record; `why` is record-missing or record-twice."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotNamed(Exception):
    """What is attached is not what the record names; `why` is file-extra, file-missing or file-changed."""

    def __init__(self, why: str, name: str = "") -> None:
        super().__init__(why, name)
        self.why = why
        self.name = name


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file as it goes into the document."""

    sha256: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Describing:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    made_at: datetime


def make_archive(pages: bytes, record_json: bytes, about: Describing, files: Sequence[Attachment] = ()) -> bytes:
    """The pages with the record and the files attached, clean PDF/A-3b."""
    import pikepdf

    with pikepdf.open(BytesIO(pages)) as pdf:
        for page in pdf.pages:
            if "/Trans" in page:
                del page["/Trans"]  # reportlab writes an empty one, which PDF/A does not know
        _attach(pdf, record_json, about.made_at, files)
        _describe(pdf, about)
        out = BytesIO()
        pdf.save(
            out,
            min_version="1.7",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            # everything is packed already; unpacking and packing it again would take four times as long
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )
    return out.getvalue()


def _attach(pdf: Any, record_json: bytes, made_at: datetime, files: Sequence[Attachment]) -> None:
    """Every file is associated with the document (PDF/A-3, 6.8) and named in the name tree, in the order of names."""
    from pikepdf import Array, Dictionary, String

    day = _pdf_date(made_at)
    packed = (zlib.compress(record_json), "/FlateDecode")
    specs = {RECORD_NAME: _spec(pdf, RECORD_NAME, "检查数据 record", record_json, packed, day)}
    for file in files:
        name = attached_name(file.sha256, file.name)
        specs[name] = _spec(
            pdf, name, f"检查附件 attached file {file.sha256}", file.content, _packed(file.content), day
        )
    in_order = sorted(specs, key=lambda name: bytes(String(name)))
    names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([x for n in in_order for x in (String(n), specs[n])])))
    root = pdf.Root
    if "/Names" in root:
        root.Names["/EmbeddedFiles"] = names.EmbeddedFiles
    else:
        root.Names = names
    root.AF = Array(list(specs.values()))


def _spec(pdf: Any, name: str, about: str, content: bytes, packed: tuple[bytes, str], day: str) -> Any:
    from pikepdf import Dictionary, Name, Stream, String

    kind = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    entries = {"Filter": Name(packed[1])} if packed[1] else {}
    embedded = pdf.make_indirect(
        Stream(
            pdf,
            packed[0],
            Type=Name.EmbeddedFile,
            Subtype=Name("/" + kind),
            Params=Dictionary(
                ModDate=String(day),
                Size=len(content),
                CheckSum=String(hashlib.md5(content, usedforsecurity=False).digest()),
            ),
            **entries,
        )
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(name),
            UF=String(name),
            Desc=String(about),
            AFRelationship=Name.Data if name == RECORD_NAME else Name.Supplement,
            EF=Dictionary(F=embedded, UF=embedded),
        )
    )


def _packed(content: bytes) -> tuple[bytes, str]:
    """The file byte for byte; one that holds the mark by which a signature is found is packed so that it does not."""
    if SIGNATURE_MARK not in content:
        return content, ""
    small = zlib.compress(content)
    return (
        (small, "/FlateDecode") if SIGNATURE_MARK not in small else (content.hex().encode() + b">", "/ASCIIHexDecode")
    )


def _describe(pdf: Any, about: Describing) -> None:
    """Info, XMP and output intent, saying the same."""
    from pikepdf import Array, Dictionary, Name, Stream, String

    day = String(_pdf_date(about.made_at))
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(about.title),
            Author=String(about.author),
            Subject=String(about.subject),
            Creator=String(PRODUCER),
            Producer=String(PRODUCER),
            CreationDate=day,
            ModDate=day,
        )
    )
    root = pdf.Root
    root.Metadata = Stream(pdf, _xmp(about), Type=Name.Metadata, Subtype=Name.XML)
    profile = Stream(pdf, _srgb_profile(), N=3)
    root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB"),
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    root.Lang = String("zh-CN")


def _xmp(about: Describing) -> bytes:
    instant = about.made_at.replace(microsecond=0).isoformat()
    title, author, subject = (escape(text) for text in (about.title, about.author, about.subject))
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{instant}</xmp:CreateDate><xmp:ModifyDate>{instant}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>""".encode()


@cache
def _srgb_profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _pdf_date(value: datetime) -> str:
    offset = value.strftime("%z")
    return f"D:{value:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'" if offset else f"D:{value:%Y%m%d%H%M%S}Z"


LARGEST_RECORD = 32 * 1024 * 1024
"""Bytes of record.json; a longer one is refused."""

_MOST_NODES = 64


def attached_name(sha256: str, name: str) -> str:
    """How a file is called in the document: two of one name are told apart, and none is called record.json."""
    return f"{sha256[:16]}-{name}"


def find_record(pdf: Any) -> Any:
    """The stream of record.json in an open pikepdf file. Raises NoRecord."""
    specs = _file_specs(pdf)
    named = [spec for spec in specs if RECORD_NAME in (str(spec.get("/UF", "")), str(spec.get("/F", "")))]
    if not named:
        raise NoRecord("record-missing")
    if len(named) > 1:
        raise NoRecord("record-twice")
    return named[0].EF.F


def check_files(pdf: Any, named: Mapping[str, str]) -> None:
    """Whether the files beside the record are those that it names (name by SHA-256): every one there, whole, under its
    own name, and nothing else anywhere in the file. Raises NotNamed."""
    expected = {attached_name(sha256, name): (sha256, name) for sha256, name in named.items()}
    found: set[str] = set()
    specs = _file_specs(pdf)
    for spec in specs:
        called = str(spec.get("/UF", ""))
        if str(spec.get("/F", "")) != called or called in found:
            raise NotNamed("file-extra")
        found.add(called)
        if called == RECORD_NAME:
            continue
        if called not in expected:
            raise NotNamed("file-extra")
        sha256, name = expected[called]
        if hashlib.sha256(_content(spec.EF.F, name)).hexdigest() != sha256:
            raise NotNamed("file-changed", name)
    for called, (_, name) in expected.items():
        if called not in found:
            raise NotNamed("file-missing", name)
    _refuse_hidden(pdf, specs)


def _refuse_hidden(pdf: Any, specs: Sequence[Any]) -> None:
    """No file in the PDF but those of the specs, each with one content. Raises NotNamed file-extra."""
    from pikepdf import Array, Dictionary, Stream

    contents = set()
    for spec in specs:
        streams = {spec.EF[key].objgen for key in spec.EF.keys()}  # noqa: SIM118 - pikepdf iterates over no keys
        if len(streams) != 1 or "/RF" in spec or "/AF" in spec:
            raise NotNamed("file-extra")
        contents |= streams
    known = {spec.objgen for spec in specs if spec.is_indirect}
    waiting = [o for o in pdf.objects if isinstance(o, Dictionary | Array | Stream)]
    for one in waiting:
        if isinstance(one, Stream) and str(one.get("/Type", "")) == "/EmbeddedFile" and one.objgen not in contents:
            raise NotNamed("file-extra")
        if isinstance(one, Dictionary) and one.objgen not in known and _holds_file(one, 8):
            raise NotNamed("file-extra")


def _holds_file(value: Any, depth: int) -> bool:
    """Whether a dictionary, or what stands directly in it, holds a file."""
    from pikepdf import Array, Dictionary

    if depth == 0:
        return True
    if isinstance(value, Dictionary):
        if "/EF" in value:
            return True
        inside = [value[key] for key in value.keys()]  # noqa: SIM118 - pikepdf iterates over no keys
    else:
        inside = list(value)
    return any(isinstance(v, Dictionary | Array) and not v.is_indirect and _holds_file(v, depth - 1) for v in inside)


def _content(stream: Any, name: str) -> bytes:
    """An attached file's bytes, packed in one of the ways that we pack. Raises NotNamed."""
    raw = bytes(stream.read_raw_bytes())
    packing = stream.get("/Filter")
    if "/DecodeParms" in stream or "/F" in stream:
        raise NotNamed("file-changed", name)
    if packing is None:
        return raw
    match str(packing):
        case "/FlateDecode":
            return zlib.decompressobj().decompress(raw, LARGEST_FILES + 1)
        case "/ASCIIHexDecode" if raw.endswith(b">"):
            return bytes.fromhex(raw[:-1].decode("ascii"))
    raise NotNamed("file-changed", name)


def attached_files(data: bytes) -> dict[Sha256, bytes]:
    """The files beside the record of a document that was found valid, by their SHA-256; their names stand in
    `Record.files`. Raises NoRecord, NotNamed, and what a damaged file makes a reader raise: verify first."""
    import pikepdf

    with pikepdf.open(BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
        specs = [spec for spec in _file_specs(pdf) if str(spec.get("/UF", "")) != RECORD_NAME]
        contents = [_content(spec.EF.F, str(spec.get("/UF", ""))) for spec in specs]
    return {Sha256(hashlib.sha256(content).hexdigest()): content for content in contents}


def _file_specs(pdf: Any) -> list[Any]:
    """Every attachment that the name tree or the catalogue's AF lists, each once. A deep or endless tree is refused."""
    found: dict[tuple[int, int], Any] = {}
    loose: list[Any] = []
    root = pdf.Root
    nodes = [root.Names.EmbeddedFiles] if "/Names" in root and "/EmbeddedFiles" in root.Names else []
    visited = 0
    candidates: list[Any] = []
    while nodes:
        node = nodes.pop()
        visited += 1
        if visited > _MOST_NODES:
            raise NoRecord("record-twice")
        candidates += list(node.get("/Names", []))[1::2]
        nodes += list(node.get("/Kids", []))
    candidates += list(root.get("/AF", []))
    if len(candidates) > 2 * (MOST_FILES + 1):
        raise NoRecord("record-twice")
    for spec in candidates:
        if spec.is_indirect:
            found[spec.objgen] = spec
        else:
            loose.append(spec)
    return [*found.values(), *loose]
