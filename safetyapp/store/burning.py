"""Marks burnt into a copy of a photo: redactions at full resolution, then the crop, the size for print, the drawing.

Nothing of what was hidden is in the copy: its pixels are gone before the picture is made smaller, and the copy is
written anew, without metadata and without a thumbnail of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from safetyapp.domain.photo_marks import SIDE as FAR
from safetyapp.domain.photo_marks import (
    Crop,
    Mark,
    MarkKind,
    PhotoMarks,
    arrow_points,
    block_side,
    label_corner,
    line_pixels,
    pixels,
    text_pixels,
)
from safetyapp.store.pictures import PRINT_QUALITY, PRINT_SIDE, fit, jpeg, thumb_of, upright
from safetyapp.texts import resources

FULL_SIDE = 4200
"""Pixels of the longer side up to which "full resolution" goes: all that a camera of 12 megapixels gives."""
_FINE = 3
"""Lines are drawn so many times larger, and made smaller with the picture below them: their edges are smooth then."""
_OUTLINE = 2.0
"""Pixels of the print around each mark, in the colour that sets it off."""
_FONTS = ("NotoSansSC-SemiBold", "NotoSansSC-Regular", "LXGWWenKai-Regular", "NotoSerifSC-Regular")
_TURNS = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)


@dataclass(frozen=True, slots=True)
class Burnt:
    """`width` and `height` are pixels of `printed`."""

    printed: bytes
    thumb: bytes
    width: int
    height: int


def burn(original: bytes, name: str, marks: PhotoMarks) -> Burnt:
    """The marked copy. Slow: a whole picture is decoded. Raises Problem photo-broken, photo-bomb, not-a-photo."""
    image = upright(original, name, FULL_SIDE)
    turn = _TURNS[marks.turns % 4]
    if turn is not None:
        image = image.transpose(turn)
    for mark in marks.redactions:
        _redact(image, mark)
    whole = image.size
    left, top = 0, 0
    if marks.crop is not None:
        crop = marks.crop
        area = pixels(crop.x1, crop.y1, crop.x2, crop.y2, *whole)
        left, top = area[:2]
        image = image.crop(area)
    small = image.resize(fit(image.size, PRINT_SIDE), Image.Resampling.HAMMING, reducing_gap=2.0)
    if marks.drawings:
        scale = small.width / image.width
        small = _drawn(small, marks, (left * scale, top * scale), (whole[0] * scale, whole[1] * scale))
    return Burnt(jpeg(small, PRINT_QUALITY), thumb_of(small), small.width, small.height)


def _redact(image: Image.Image, mark: Mark) -> None:
    area = pixels(mark.x1, mark.y1, mark.x2, mark.y2, *image.size)
    width, height = area[2] - area[0], area[3] - area[1]
    if width < 1 or height < 1:
        return
    if mark.kind is MarkKind.BLACK:
        image.paste((0, 0, 0), area)
        return
    side = block_side(width, height)
    blocks = (max(1, width // side), max(1, height // side))
    coarse = image.crop(area).resize(blocks, Image.Resampling.BOX)
    image.paste(coarse.resize((width, height), Image.Resampling.NEAREST), area[:2])


def _drawn(
    image: Image.Image, marks: PhotoMarks, corner: tuple[float, float], whole: tuple[float, float]
) -> Image.Image:
    """The picture with its marks. `corner` is where it begins on the `whole` one that marks are placed on, in its own
    pixels."""
    large = image.resize((image.width * _FINE, image.height * _FINE), Image.Resampling.NEAREST)
    pen = _Pen(ImageDraw.Draw(large), marks.crop, corner, whole)
    for mark in marks.drawings:
        pen.draw(mark)
    return large.reduce(_FINE)


class _Pen:
    """Draws marks on the enlarged picture."""

    def __init__(
        self, canvas: ImageDraw.ImageDraw, crop: Crop | None, corner: tuple[float, float], whole: tuple[float, float]
    ) -> None:
        self._canvas, self._crop, self._corner, self._whole = canvas, crop, corner, whole
        self._shorter = round(min(whole))

    def draw(self, mark: Mark) -> None:
        x1, y1 = self._at(mark.x1, mark.y1)
        x2, y2 = self._at(mark.x2, mark.y2)
        line, edge = line_pixels(mark.thickness, self._shorter) * _FINE, _OUTLINE * _FINE
        paint, outline = mark.colour.paint, mark.colour.outline
        if mark.kind is MarkKind.TEXT and not mark.text.strip():
            return
        if mark.kind is MarkKind.TEXT:
            self._label(mark)
        elif mark.kind is MarkKind.ARROW:
            self._canvas.polygon(arrow_points((x1, y1), (x2, y2), line, edge), fill=outline)
            self._canvas.polygon(arrow_points((x1, y1), (x2, y2), line), fill=paint)
        else:
            shape = self._canvas.ellipse if mark.kind is MarkKind.CIRCLE else self._canvas.rectangle
            for grow, wide, colour in ((line / 2 + edge, line + 2 * edge, outline), (line / 2, line, paint)):
                shape((x1 - grow, y1 - grow, x2 + grow, y2 + grow), outline=colour, width=round(wide))

    def _at(self, x: int, y: int) -> tuple[float, float]:
        return (
            (x * self._whole[0] / FAR - self._corner[0]) * _FINE,
            (y * self._whole[1] / FAR - self._corner[1]) * _FINE,
        )

    def _label(self, mark: Mark) -> None:
        """The words on a box in the mark's colour."""
        height = text_pixels(mark.thickness, self._shorter) * _FINE
        pad, edge = height * 0.4, _OUTLINE * _FINE
        runs = [(font, text, font.getlength(text)) for font, text in _runs(mark.text, round(height))]
        size = (sum(width for _, _, width in runs) + 2 * pad, height * 1.3 + pad)
        middle = (mark.x1 * self._whole[0] / FAR * _FINE, mark.y1 * self._whole[1] / FAR * _FINE)
        x, y = label_corner(middle, size, self._crop, (self._whole[0] * _FINE, self._whole[1] * _FINE))
        x, y = x - self._corner[0] * _FINE, y - self._corner[1] * _FINE
        self._canvas.rectangle((x - edge, y - edge, x + size[0] + edge, y + size[1] + edge), fill=mark.colour.outline)
        self._canvas.rectangle((x, y, x + size[0], y + size[1]), fill=mark.colour.paint)
        at = x + pad
        for font, text, width in runs:
            self._canvas.text((at, y + size[1] / 2), text, font=font, fill=mark.colour.outline, anchor="lm")
            at += width


def _runs(text: str, size: int) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """The text in pieces, each with the first of our fonts that has its characters."""
    runs: list[tuple[str, str]] = []
    for character in text:
        name = next((name for name in _FONTS if _has(name, character)), _FONTS[0])
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + character)
        else:
            runs.append((name, character))
    return [(_font(name, size), piece) for name, piece in runs]


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resources() / "fonts" / f"{name}.ttf"), size)


@cache
def _has(name: str, character: str) -> bool:
    """Whether the font has a shape of its own for a character: not the one it draws for what does not exist."""
    font = _font(name, 24)
    return character.isspace() or bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))
