"""Makes an archive file of the pages: the record inside, PDF/A-3b, one pass. And takes the record out again."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

RECORD_NAME = "record.json"
PRODUCER = "safetyapp"


class NoRecord(Exception):
    """A file does not hold exactly one record; `why` is record-missing or record-twice."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Describing:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    made_at: datetime


def make_archive(pages: bytes, record_json: bytes, about: Describing) -> bytes:
    """The pages with the record attached, clean PDF/A-3b."""
    import pikepdf

    with pikepdf.open(BytesIO(pages)) as pdf:
        for page in pdf.pages:
            if "/Trans" in page:
                del page["/Trans"]  # reportlab writes an empty one, which PDF/A does not know
        _attach(pdf, record_json, about.made_at)
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


def _attach(pdf: Any, record_json: bytes, made_at: datetime) -> None:
    from pikepdf import Array, Dictionary, Name, Stream, String

    file = Stream(
        pdf,
        zlib.compress(record_json),
        Filter=Name.FlateDecode,
        Type=Name.EmbeddedFile,
        Subtype=Name("/application/json"),
        Params=Dictionary(
            ModDate=String(_pdf_date(made_at)),
            Size=len(record_json),
            CheckSum=String(hashlib.md5(record_json, usedforsecurity=False).digest()),
        ),
    )
    embedded = pdf.make_indirect(file)
    spec = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(RECORD_NAME),
            UF=String(RECORD_NAME),
            Desc=String("检查数据 record"),
            AFRelationship=Name.Data,
            EF=Dictionary(F=embedded, UF=embedded),
        )
    )
    names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String(RECORD_NAME), spec])))
    root = pdf.Root
    if "/Names" in root:
        root.Names["/EmbeddedFiles"] = names.EmbeddedFiles
    else:
        root.Names = names
    root.AF = Array([spec])


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

_MOST_ATTACHMENTS = 64


def find_record(pdf: Any) -> Any:
    """The stream of record.json in an open pikepdf file. Raises NoRecord."""
    specs = _file_specs(pdf)
    named = [spec for spec in specs if RECORD_NAME in (str(spec.get("/UF", "")), str(spec.get("/F", "")))]
    if not named:
        raise NoRecord("record-missing")
    if len(named) > 1:
        raise NoRecord("record-twice")
    return named[0].EF.F


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
        if visited > _MOST_ATTACHMENTS:
            raise NoRecord("record-twice")
        candidates += list(node.get("/Names", []))[1::2]
        nodes += list(node.get("/Kids", []))
    candidates += list(root.get("/AF", []))
    if len(candidates) > _MOST_ATTACHMENTS:
        raise NoRecord("record-twice")
    for spec in candidates:
        if spec.is_indirect:
            found[spec.objgen] = spec
        else:
            loose.append(spec)
    return [*found.values(), *loose]
