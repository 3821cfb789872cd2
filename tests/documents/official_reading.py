"""Measuring a finished page: every character, rule and blot of ink with its place in millimetres from the top left.

Read from the PDF's own content streams and from pages drawn by PDFium, not from what laid them out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image, ImageChops

MM = 72 / 25.4
PIXELS = 8
"""A millimetre of a drawn page."""


@dataclass(frozen=True)
class Char:
    """A character: its advance from `left` to `right`, its baseline, size in points, face and colour."""

    text: str
    left: float
    right: float
    base: float
    size: float
    face: str
    colour: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The middle of its em box's height: Chinese faces put 0.12 em below the baseline."""
        return self.base - 0.38 * self.size / MM

    @property
    def foot(self) -> float:
        return self.base + 0.12 * self.size / MM


@dataclass(frozen=True)
class Rule:
    """A level line, or a filled box as flat as one."""

    left: float
    right: float
    y: float
    weight: float
    colour: tuple[float, ...]


@dataclass(frozen=True)
class TextLine:
    """The characters on one baseline, from left to right."""

    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        return "".join(c.text for c in self.chars)

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        """Without the blank half of a mark at the end."""
        last = self.chars[-1]
        return last.right - (0.5 * last.size / MM if last.text in "）：。，；》" else 0.0)

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def base(self) -> float:
        return self.chars[0].base

    @property
    def middle(self) -> float:
        return self.chars[0].middle

    @property
    def size(self) -> float:
        return self.chars[0].size

    @property
    def face(self) -> str:
        return self.chars[0].face


@dataclass(frozen=True)
class MeasuredPage:
    """What is drawn on a page."""

    chars: tuple[Char, ...]
    rules: tuple[Rule, ...]
    photos: tuple[tuple[float, float, float, float], ...]

    @cached_property
    def lines(self) -> list[TextLine]:
        rows: dict[float, list[Char]] = {}
        for char in self.chars:
            rows.setdefault(round(char.base, 1), []).append(char)
        return [TextLine(tuple(sorted(rows[key], key=lambda c: c.left))) for key in sorted(rows)]

    def line(self, start: str) -> TextLine:
        """The first line whose text begins so, blanks aside."""
        for line in self.lines:
            if line.text.replace(" ", "").startswith(start):
                return line
        raise AssertionError(f"no line begins with {start}: {[line.text for line in self.lines]}")

    @property
    def body(self) -> list[TextLine]:
        """The lines inside the text area."""
        return [line for line in self.lines if line.middle < 262]

    @property
    def number(self) -> TextLine | None:
        found = [line for line in self.lines if re.fullmatch(r"— \d+ —", line.text)]
        assert len(found) <= 1
        return found[0] if found else None


def measure(data: bytes) -> list[MeasuredPage]:
    """All pages of a PDF."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [_measure_page(page) for page in pdf.pages]


def _measure_page(page: Any) -> MeasuredPage:
    height = float(page.MediaBox[3])
    assert abs(height - 297 * MM) < 0.1
    assert abs(float(page.MediaBox[2]) - 210 * MM) < 0.1
    fonts = {name: _Font(font) for name, font in page.Resources.get("/Font", {}).items() if "/DescendantFonts" in font}
    reader = _Reader(height, fonts)
    for operands, operator in pikepdf.parse_content_stream(page):
        reader.read(str(operator), operands)
    return MeasuredPage(tuple(reader.chars), tuple(reader.rules), tuple(reader.photos))


class _Font:
    def __init__(self, font: Any) -> None:
        mapped = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>$", font.ToUnicode.read_bytes(), re.MULTILINE)
        self.texts = {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in mapped}
        self.widths = [float(w) for w in font.DescendantFonts[0].W[1]]
        self.name = str(font.BaseFont).partition("+")[2]


class _Reader:
    def __init__(self, height: float, fonts: dict[str, _Font]) -> None:
        self.height = height
        self.fonts = fonts
        self.chars: list[Char] = []
        self.rules: list[Rule] = []
        self.photos: list[tuple[float, float, float, float]] = []
        self.state: dict[str, Any] = {"cm": (1.0, 0.0, 1.0, 0.0), "fill": (0.0,), "stroke": (0.0,), "w": 1.0}
        self.stack: list[dict[str, Any]] = []
        self.path: list[Any] = []
        self.at = (0.0, 0.0)
        self.spacing = self.size = 0.0
        self.font = ""

    def read(self, operator: str, operands: Any) -> None:
        if operator == "TJ":
            for part in operands[0]:
                if isinstance(part, pikepdf.String):
                    self._show(bytes(part))
                else:
                    self.at = (self.at[0] - float(part) * self.size / 1000, self.at[1])
            return
        if operator == "Tj":
            self._show(bytes(operands[0]))
            return
        if operator == "Do":
            scale_x, x, scale_y, y = self.state["cm"]
            self.photos.append((x / MM, (self.height - y - scale_y) / MM, scale_x / MM, scale_y / MM))
            return
        if operator == "Tf":
            self.font, self.size = str(operands[0]), float(operands[1])
            return
        numbers = [float(o) for o in operands if not isinstance(o, pikepdf.Name | pikepdf.Dictionary)]
        match operator:
            case "q":
                self.stack.append(dict(self.state))
            case "Q":
                self.state = self.stack.pop()
            case "cm":
                a, x, d, y = self.state["cm"]
                assert numbers[1] == numbers[2] == 0
                self.state["cm"] = (a * numbers[0], a * numbers[4] + x, d * numbers[3], d * numbers[5] + y)
            case "g" | "rg":
                self.state["fill"] = tuple(numbers)
            case "G" | "RG":
                self.state["stroke"] = tuple(numbers)
            case "w":
                self.state["w"] = numbers[0]
            case "Tc":
                self.spacing = numbers[0]
            case "Tm":
                self.at = (numbers[4], numbers[5])
            case "m" | "l" | "re":
                self.path.append((operator, numbers))
            case "S" | "f":
                self._paint(operator)

    def _show(self, codes: bytes) -> None:
        font = self.fonts[self.font]
        scale, move, scale_y, down = self.state["cm"]
        for place in range(0, len(codes), 2):
            code = int.from_bytes(codes[place : place + 2])
            width = font.widths[code - 1] * self.size / 1000
            x, y = self.at
            self.chars.append(
                Char(
                    font.texts[code],
                    (x * scale + move) / MM,
                    ((x + width) * scale + move) / MM,
                    (self.height - y * scale_y - down) / MM,
                    self.size,
                    font.name,
                    self.state["fill"],
                )
            )
            self.at = (x + width + self.spacing, y)

    def _paint(self, operator: str) -> None:
        kinds = [kind for kind, _ in self.path]
        if operator == "S" and kinds == ["m", "l"]:
            (x1, y1), (x2, y2) = self.path[0][1], self.path[1][1]
            assert y1 == y2
            self._rule(x1, x2, y1, self.state["w"], self.state["stroke"])
        elif operator == "f" and kinds == ["re"]:
            x, y, width, height = self.path[0][1]
            self._rule(x, x + width, y + height / 2, height, self.state["fill"])
        self.path = []

    def _rule(self, x1: float, x2: float, y: float, weight: float, colour: tuple[float, ...]) -> None:
        self.rules.append(Rule(x1 / MM, x2 / MM, (self.height - y) / MM, weight / MM, colour))


Box = tuple[float, float, float, float]


class Ink:
    """A drawn page, for what only the eye sees."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image

    def box(self, within: Box | None = None, red: bool = False) -> Box | None:
        """Left, top, right and bottom of all ink in a part of the page, in millimetres; None where there is none."""
        left, top, right, bottom = within or (0.0, 0.0, 210.0, 297.0)
        part = self.image.crop(
            (round(left * PIXELS), round(top * PIXELS), round(right * PIXELS), round(bottom * PIXELS))
        )
        if red:
            channels = part.split()
            mask = ImageChops.subtract(channels[0], channels[1]).point(lambda v: 255 if v > 60 else 0)
        else:
            mask = part.convert("L").point(lambda v: 255 if v < 170 else 0)
        found = mask.getbbox()
        if found is None:
            return None
        x1, y1, x2, y2 = (value / PIXELS for value in found)
        return left + x1, top + y1, left + x2, top + y2

    def cleared(self, *boxes: Box) -> Ink:
        """The page with these parts made white."""
        image = self.image.copy()
        for box in boxes:
            left, top, right, bottom = (round(v * PIXELS) for v in box)
            image.paste("white", (left, top, right, bottom))
        return Ink(image)


def draw_ink(data: bytes) -> list[Ink]:
    """All pages as pictures."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            Ink(document[number].render(scale=PIXELS / MM).to_pil().convert("RGB")) for number in range(len(document))
        ]
    finally:
        document.close()
