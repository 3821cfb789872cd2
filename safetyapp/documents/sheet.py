"""Pages being drawn: lines, rules, boxes, signs and pictures at places measured from the top left, in points.

Everything is laid out once and written at the end, when the number of pages is known. Nothing here knows an inspection.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from safetyapp.documents import fonts
from safetyapp.documents.typeset import Line
from safetyapp.domain.problem import Problem

A4 = (595.276, 841.890)
MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page: a JPEG by its path, or the bytes of a small image."""

    source: Path | bytes
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Page:
    """The content of one page as it is drawn, and its size in points."""

    width: float = A4[0]
    height: float = A4[1]
    marks: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the outline; `level` 0 stands outermost."""

    title: str
    page: int
    y: float
    level: int = 0


class Sheets:
    """The pages of one document. The last page is the one being drawn unless `on` says another."""

    def __init__(self, size: tuple[float, float] = A4) -> None:
        self._size = size
        self.pages: list[Page] = []
        self.bookmarks: list[Bookmark] = []
        self._embeddings: dict[str, fonts.Embedding] = {}
        self.replaced: set[str] = set()

    def new_page(self, wide: bool = False) -> None:
        """A page; `wide` lays the paper across."""
        width, height = reversed(self._size) if wide else self._size
        self.pages.append(Page(width, height))

    @property
    def width(self) -> float:
        """Of the page that is being drawn; of the first before there is one."""
        return self.pages[-1].width if self.pages else self._size[0]

    @property
    def height(self) -> float:
        return self.pages[-1].height if self.pages else self._size[1]

    @property
    def page(self) -> Page:
        return self.pages[-1]

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What whoever asked for the pages should tell people: characters that no face has, drawn as 〓."""
        if not self.replaced:
            return ()
        codes = " ".join(f"U+{ord(character):04X}" for character in sorted(self.replaced))
        return (Problem("no-glyph", count=len(self.replaced), codes=codes),)

    def bookmark(self, title: str, y: float, level: int = 0) -> None:
        """An entry of the outline that leads here; no more than one level deeper than the one before."""
        before = self.bookmarks[-1].level if self.bookmarks else -1
        self.bookmarks.append(Bookmark(" ".join(title.split()), len(self.pages) - 1, y, min(level, before + 1)))

    def line(self, x: float, baseline: float, line: Line, grey: float = 0.0, on: Page | None = None) -> None:
        """A set line with its left edge at `x`."""
        page = on or self.page
        marks = page.marks
        size, y = line.size, page.height - baseline
        torn = _is_torn(line)
        if torn:
            said = line.text.encode("utf-16-be", "surrogatepass").hex().upper()
            marks.append(f"/Span <</ActualText <FEFF{said}>>> BDC")
        marks.append(f"BT {grey:g} g" if grey else "BT")
        for piece in line.pieces:
            embedding = self._embedding(piece.face)
            marks.append(
                f"/{embedding.internal_name} {size:g} Tf {piece.spacing:.3f} Tc 1 0 0 1 {x + piece.x:.2f} {y:.2f} Tm"
            )
            if piece.kerns:
                marks.append(f"[{_kerned(embedding, piece.text, piece.kerns, size)}] TJ")
            else:
                marks.append(f"<{embedding.encode(piece.text)}> Tj")
            if fonts.GETA in piece.text:
                self.replaced |= fonts.missing(line.text)
        marks.append("0 g ET" if grey else "ET")
        if torn:
            marks.append("EMC")

    def rule(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        weight: float = 0.6,
        grey: float = 0.0,
        on: Page | None = None,
    ) -> None:
        page = on or self.page
        top = page.height
        page.marks.append(
            f"{grey:g} G {weight:g} w {x1:.2f} {top - y1:.2f} m {x2:.2f} {top - y2:.2f} l S" + (" 0 G" if grey else "")
        )

    def dashes(self, x1: float, x2: float, y: float) -> None:
        """A dashed level line."""
        self.page.marks.append(
            f"q 0.5 w [2 2] 0 d {x1:.2f} {self.height - y:.2f} m {x2:.2f} {self.height - y:.2f} l S Q"
        )

    def box(self, x: float, y: float, width: float, height: float, weight: float = 0.6) -> None:
        self.page.marks.append(f"{weight:g} w {x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re S")

    def filled(self, x: float, y: float, width: float, height: float, grey: float = 0.0) -> None:
        self.page.marks.append(f"{grey:g} g {x:.2f} {self.height - y - height:.2f} {width:.2f} {height:.2f} re f 0 g")

    def polygon(self, points: Sequence[tuple[float, float]], grey: float = 0.0) -> None:
        """A filled polygon."""
        top = self.height
        path = " ".join(f"{x:.2f} {top - y:.2f} {'l' if i else 'm'}" for i, (x, y) in enumerate(points))
        self.page.marks.append(f"{grey:g} g {path} h f 0 g" if grey else f"{path} h f")

    def cells(self, x: float, y: float, side: float, rows: Sequence[Sequence[int | bool]]) -> None:
        """The dark cells of a matrix code, one filled path of rectangles; neighbours in a row are one rectangle."""
        parts: list[str] = []
        for r, row in enumerate(rows):
            base = self.height - y - (r + 1) * side
            c = 0
            while c < len(row):
                start = c
                while c < len(row) and row[c]:
                    c += 1
                if c > start:
                    parts.append(f"{x + start * side:.3f} {base:.3f} {(c - start) * side:.3f} {side:.3f} re")
                c += 1
        self.page.marks.append(" ".join(parts) + " f")

    def picture(self, source: Path | bytes, x: float, y: float, width: float, height: float) -> None:
        self.page.pictures.append(Picture(source, x, y, width, height))

    def _embedding(self, face: str) -> fonts.Embedding:
        found = self._embeddings.get(face)
        if found is None:
            found = self._embeddings[face] = fonts.Embedding(face, f"C{len(self._embeddings) + 1}")
        return found

    def write(self, before_page: Callable[[int, int], None]) -> bytes:
        """The pages as a PDF. `before_page(done, total)` is called before each; what it raises stops the writing."""
        from reportlab.pdfgen.canvas import Canvas

        fonts.prepare_reportlab()
        marked: dict[int, list[int]] = {}
        for place, bookmark in enumerate(self.bookmarks):
            marked.setdefault(bookmark.page, []).append(place)
        canvas = Canvas(
            BytesIO(),
            pagesize=self._size,
            pageCompression=1,
            invariant=1,
            initialFontName=fonts.BASE_FONT,
            pdfVersion=(1, 7),
            lang="zh-CN",
        )
        for number, page in enumerate(self.pages):
            before_page(number, len(self.pages))
            self._write_page(canvas, page, marked.get(number, []))
        before_page(len(self.pages), len(self.pages))
        canvas._doc.delayedFonts.extend(self._embeddings.values())
        data: bytes = canvas.getpdfdata()  # saved into a file, even of memory, it would be there twice
        return data

    def _write_page(self, canvas: Any, page: Page, marked: Sequence[int]) -> None:
        canvas.setPageSize((page.width, page.height))
        for place in marked:
            bookmark = self.bookmarks[place]
            canvas.bookmarkHorizontal(f"b{place}", 0, page.height - bookmark.y)
            canvas.addOutlineEntry(bookmark.title, f"b{place}", bookmark.level, closed=bookmark.level > 0)
        for picture in page.pictures:
            low = page.height - picture.y - picture.height
            if not (isinstance(picture.source, Path) and _draw_photo(canvas, picture.source, picture, low)):
                canvas.drawImage(_image(picture.source), picture.x, low, picture.width, picture.height)
        canvas.addLiteral("\n".join(page.marks))
        canvas.showPage()


_READ_AS_SPACE, _READ_AS_END = 0.095, -0.45
"""Readers copy a gap of 0.1 em out as a space, and some begin a new line where a mark was squeezed by half an em."""


def _is_torn(line: Line) -> bool:
    """Whether readers would copy the line out in parts; such a line says beside its glyphs what it reads."""
    most, least = _READ_AS_SPACE * line.size, _READ_AS_END * line.size
    return any(
        piece.spacing > most or any(extra + piece.spacing > most or extra < least for _, extra in piece.kerns)
        for piece in line.pieces
    )


@cache
def _photo_class() -> Any:
    """An image of the file that is a JPEG, byte for byte, read when it is written: reportlab's own image would keep
    every photo of the document in memory beside the pages."""
    from reportlab.pdfbase.pdfdoc import PDFArray, PDFName, PDFObject, PDFStream

    class Photo(PDFObject):  # type: ignore[misc]  # reportlab has no types
        __RefOnly__ = 1  # for reportlab: it stands by itself, and others refer to it

        def __init__(self, path: Path, width: int, height: int, space: str) -> None:
            self._path = path
            self._entries = {
                "Type": PDFName("XObject"),
                "Subtype": PDFName("Image"),
                "Width": width,
                "Height": height,
                "BitsPerComponent": 8,
                "ColorSpace": PDFName(space),
                "Filter": PDFArray([PDFName("DCTDecode")]),
            }

        def format(self, document: Any) -> bytes:
            content = self._path.read_bytes()
            stream = PDFStream(content=content)
            for key, value in (*self._entries.items(), ("Length", len(content))):
                stream.dictionary[key] = value
            written: bytes = stream.format(document)
            return written

    return Photo


def _draw_photo(canvas: Any, path: Path, place: Picture, low: float) -> bool:
    """Draws a JPEG in grey or RGB; False for any other file, which reportlab draws in its own way."""
    document = canvas._doc
    name = "photo-" + hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    shown = document.getXObjectName(name)
    if shown not in document.idToObject:
        photo = _read_photo(path)
        if photo is None:
            return False
        document.addForm(name, photo)
    canvas._currentPageHasImages = 1
    canvas._formsinuse.append(name)
    canvas.addLiteral(f"q {place.width:.2f} 0 0 {place.height:.2f} {place.x:.2f} {low:.2f} cm /{shown} Do Q")
    return True


def _read_photo(path: Path) -> Any:
    from reportlab.pdfbase.pdfutils import readJPEGInfo

    try:
        with path.open("rb") as file:
            width, height, colours, _ = readJPEGInfo(file)
    except Exception:  # no JPEG; its reader raises whatever comes
        return None
    space = {1: "DeviceGray", 3: "DeviceRGB"}.get(colours)
    return _photo_class()(path, width, height, space) if space else None


def _image(source: Path | bytes) -> Any:
    """What reportlab draws: a file by its path, a small image from memory."""
    if isinstance(source, Path):
        return str(source)
    from reportlab.lib.utils import ImageReader

    return ImageReader(open_ink(source))


_LARGEST_INK = (1600, 800)
"""Pixels; a signature is printed 6 cm wide."""


def open_ink(data: bytes) -> Any:
    """A handwriting's image, grey on white. Raises Problem ink-broken."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as image:
            image.thumbnail(_LARGEST_INK)
            ink = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Problem("ink-broken") from error
    paper = Image.new("RGBA", ink.size, "white")
    return Image.alpha_composite(paper, ink).convert("L")


@lru_cache(maxsize=64)
def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a handwriting's image in pixels. Raises Problem ink-broken."""
    width, height = open_ink(data).size
    return max(1, width), max(1, height)


def _kerned(embedding: fonts.Embedding, text: str, kerns: Sequence[tuple[int, float]], size: float) -> str:
    parts: list[str] = []
    at = 0
    for index, extra in kerns:
        parts.append(f"<{embedding.encode(text[at : index + 1])}> {-extra * 1000 / size:.1f}")
        at = index + 1
    if at < len(text):
        parts.append(f"<{embedding.encode(text[at:])}>")
    return " ".join(parts)
