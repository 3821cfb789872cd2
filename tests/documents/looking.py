"""Looking at pages as people do: where each word stands, in which face and size, and what is dark around it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from tests.documents.reading import plain, text_of

SCALE = 2
"""Pixels of a point."""

SEAL_RADIUS = 21 * 72 / 25.4


@dataclass(frozen=True)
class Word:
    """A word with its box, in points from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Said:
    """A run of one face and size."""

    text: str
    face: str
    size: float


def pages_of(data: bytes, folder: Path) -> list[str]:
    """What every page says, without spaces."""
    return [plain(page) for page in text_of(data, folder).split("\f")[:-1]]


def words_of(data: bytes, folder: Path) -> list[list[Word]]:
    """The words of every page."""
    found = []
    for page in text_of(data, folder, "-bbox").split("<page ")[1:]:
        rows = re.findall(
            r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>', page
        )
        found.append([Word(unescape(text), *map(float, box)) for *box, text in rows])
    return found


def runs_of(data: bytes, folder: Path) -> list[Said]:
    """All runs of the document in the order they are drawn."""
    path = folder / "runs.pdf"
    path.write_bytes(data)
    drawn = subprocess.run(["mutool", "draw", "-q", "-F", "stext", str(path)], capture_output=True, check=True)
    found = []
    for face, size, chars in re.findall(
        r'<font name="([^"]+)" size="([\d.]+)">(.*?)</font>', drawn.stdout.decode(), re.DOTALL
    ):
        text = unescape("".join(re.findall(r' c="([^"]*)"', chars)))
        found.append(Said(text, face, float(size)))
    return found


def render(data: bytes, page: int) -> Image.Image:
    """A page in greys, SCALE pixels to the point."""
    document = pypdfium2.PdfDocument(data)
    try:
        image: Image.Image = document[page].render(scale=SCALE, grayscale=True).to_pil().convert("L")
        return image
    finally:
        document.close()


def ink_in_seal(data: bytes, folder: Path, issuer: str, day: str) -> list[str]:
    """What a seal would cover beside the issuer's name and the day: words, or that something is drawn there. The circle
    has its middle in the middle of both; they are the last of their kind above the feet."""
    for number, words in reversed(list(enumerate(words_of(data, folder)))):
        days = [word for word in words if word.text == day and word.top > 100]
        names = [word for word in words if word.text == issuer and word.top > 100]
        pairs = [(n, d) for n in names for d in days if 0 < d.top - n.top < 40]
        if not pairs:
            continue
        name, dated = pairs[-1]
        x, y = (name.left + name.right) / 2, (name.top + dated.bottom) / 2
        others = [word for word in words if word is not name and word is not dated]
        touched = [word.text for word in others if _touches(word, x, y)]
        if _drawn(render(data, number), (name, dated), x, y):
            touched.append("ink")
        return touched
    return ["no seal place"]


def _touches(word: Word, x: float, y: float) -> bool:
    near_x, near_y = min(max(x, word.left), word.right), min(max(y, word.top), word.bottom)
    return (near_x - x) ** 2 + (near_y - y) ** 2 < SEAL_RADIUS**2


def _drawn(page: Image.Image, covered: tuple[Word, ...], x: float, y: float) -> bool:
    """Whether anything is dark in the circle beside the words that the seal covers."""
    pen = ImageDraw.Draw(page)
    for word in covered:
        pen.rectangle([v * SCALE for v in (word.left - 1, word.top - 1, word.right + 1, word.bottom + 1)], fill=255)
    seal = Image.new("L", page.size, 0)
    edges = [v * SCALE for v in (x - SEAL_RADIUS, y - SEAL_RADIUS, x + SEAL_RADIUS, y + SEAL_RADIUS)]
    ImageDraw.Draw(seal).ellipse(edges, fill=255)
    dark = Image.composite(page, Image.new("L", page.size, 255), seal)
    low, _ = dark.getextrema()
    return isinstance(low, int | float) and low < 250
