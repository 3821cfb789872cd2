"""A 12-megapixel photo taken in (original, copy for print, thumbnail and row on the disk), against Pillow alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from time import perf_counter

from PIL import Image

from bench.figure import Run
from bench.material import make_photos, make_workspace, open_tools, photos

TITLE = "12-megapixel photo taken in"
FLOOR = "Pillow: full decode, Lanczos to 1600 px, save"
ROUNDS = 12
LIMIT, LIMIT_MS = 0.5, None
CHILDREN = False


def prepare(folder: Path) -> None:
    make_workspace(folder)
    make_photos(folder, 4)


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    pictures = photos(folder)

    def run() -> float:
        data = next(pictures)
        began = perf_counter()
        tools.store.take_in(data, tools.clock.now())
        return perf_counter() - began

    return run


def floor(folder: Path) -> Run:
    pictures = photos(folder)

    def run() -> float:
        data = next(pictures)
        began = perf_counter()
        with Image.open(BytesIO(data)) as image:
            image.load()
            image.resize((1600, 1200), Image.Resampling.LANCZOS).save(folder / "floor.jpg", quality=80)
        return perf_counter() - began

    return run
