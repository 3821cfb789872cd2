"""The school's answer and the re-inspection drawn for tests, and their pages read back."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pytest

from safetyapp.documents import wording
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.domain.any_record import AnyPaper
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.reinspection import Reinspection
from safetyapp.domain.response import Response
from tests.documents.papers import BARE, EASY, NASTY, PaperExample, Scale, make_paper
from tests.documents.reading import plain, text_of, without_margins

KINDS = (DocumentKind.RESPONSE, DocumentKind.REINSPECTION)
FORTY = Scale(findings=40, photos=0)
MANY_PHOTOS = Scale(findings=1, photos=40)
SCALES = (EASY, BARE, NASTY, FORTY, MANY_PHOTOS)

both = pytest.mark.parametrize("kind", KINDS)
every_scale = pytest.mark.parametrize("scale", SCALES, ids=["easy", "bare", "nasty", "forty", "many-photos"])


def draw_paper(example: PaperExample, paper: AnyPaper | None = None) -> bytes:
    used = paper or example.paper
    material = Material(used, None, example.photos, example.inks, wording.record_hash(used))
    return lay_out(material).write(lambda done, total: None)


@dataclass(frozen=True)
class Drawn:
    paper: AnyPaper
    data: bytes
    photos: dict[Sha256, bytes]


@cache
def drawn_of(kind: DocumentKind, scale: Scale) -> Drawn:
    """Drawn once for all tests that only read."""
    with TemporaryDirectory() as scratch:
        example = make_paper(kind, Path(scratch), scale)
        photos = {sha: path.read_bytes() for sha, path in example.photos.items()}
        return Drawn(example.paper, draw_paper(example), photos)


def response(folder: Path, scale: Scale = EASY) -> tuple[PaperExample, Response]:
    example = make_paper(DocumentKind.RESPONSE, folder, scale)
    assert isinstance(example.paper, Response)
    return example, example.paper


def reinspection(folder: Path, scale: Scale = EASY) -> tuple[PaperExample, Reinspection]:
    example = make_paper(DocumentKind.REINSPECTION, folder, scale)
    assert isinstance(example.paper, Reinspection)
    return example, example.paper


def read(data: bytes, folder: Path) -> str:
    return plain(without_margins(text_of(data, folder)))


def words_of(data: bytes, folder: Path) -> list[list[tuple[str, float, float, float, float]]]:
    """Of every page: words with left, top, right and bottom."""
    html = text_of(data, folder, "-bbox")
    found = r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
    return [
        [(w, float(a), float(b), float(c), float(d)) for a, b, c, d, w in re.findall(found, page)]
        for page in html.split("<page ")[1:]
    ]


def day(value: object) -> str:
    return re.sub(r"(\d+)-0?(\d+)-0?(\d+)", r"\1年\2月\3日", str(value))


def pictures(data: bytes) -> tuple[list[bytes], list[tuple[float, float, float, float]]]:
    """The photos in the order in which they are drawn, and where all pictures stand."""
    photos, places = [], []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            matrix = (0.0, 0.0, 0.0, 0.0)
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "cm":
                    width, _, _, height, x, y = (float(value) for value in operands)
                    matrix = (x, y, width, height)
                if str(operator) == "Do":
                    image = page.Resources.XObject[str(operands[0])]
                    places.append(matrix)
                    if "/DCTDecode" in str(image.get("/Filter", "")):
                        photos.append(bytes(image.read_raw_bytes()))
    return photos, places
