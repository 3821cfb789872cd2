"""Draws the pages of a document for the window and the printer. PDFium is not safe in threads: the worker that opens a
PageRenderer is the only one to use it, and closes it."""

from __future__ import annotations

from types import TracebackType
from typing import NamedTuple

from safetyapp.domain.problem import Problem

_WIDEST = 10_000
"""Pixels; an A3 page at 600 dpi is 7,016."""


class PageImage(NamedTuple):
    """A drawn page: `data` holds `height` rows of `stride` bytes, four bytes a pixel: blue, green, red, unused."""

    width: int
    height: int
    stride: int
    data: bytes


class PageRenderer:
    """An open document. Raises Problem unreadable-pages for bytes that PDFium does not open."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        try:
            self._document = pypdfium2.PdfDocument(data)
            self._document.init_forms()
        except pypdfium2.PdfiumError as error:
            raise Problem("unreadable-pages") from error

    @property
    def count(self) -> int:
        return len(self._document)

    def size(self, page: int) -> tuple[float, float]:
        """Width and height in points."""
        width, height = self._document.get_page_size(page)
        return float(width), float(height)

    def render(self, page: int, width: int) -> PageImage:
        """The page, `width` pixels wide, on white."""
        import pypdfium2

        opened = self._document[page]
        try:
            scale = min(width, _WIDEST) / opened.get_width()
            bitmap = opened.render(scale=scale, rev_byteorder=False, prefer_bgrx=True, may_draw_forms=True)
            try:
                return PageImage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            finally:
                bitmap.close()
        except pypdfium2.PdfiumError as error:
            raise Problem("unreadable-pages") from error
        finally:
            opened.close()

    def close(self) -> None:
        """Lets the document go."""
        self._document.close()

    def __enter__(self) -> PageRenderer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
