"""200 photos of 270 KB in one document, sealed and verified: its time against copying as many bytes to the disk, and
the memory of it. `many_more` is 500.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import perf_counter

from PIL import Image

from bench.figure import Run
from bench.material import complete_draft, make_workspace, open_tools
from bench.sealing import make_sealable, signer_with_open_key
from safetyapp.domain.inspection import Photo, PhotoLink, Sha256
from safetyapp.ui.tools import Tools
from safetyapp.workflow.exchange import LARGEST_DOCUMENT
from safetyapp.workflow.opened import Open, resume

PHOTOS = 200
TITLE = f"{PHOTOS} photos sealed and verified"
FLOOR = "the same photos written to the disk as one file"
ROUNDS = 5
LIMIT, LIMIT_MS, LIMIT_MB = None, None, 300.0
CHILDREN = False
SIZE, LEAST = (1600, 1200), 270_000
"""Of a copy for print: pixels, and bytes."""


def prepare(folder: Path, count: int = PHOTOS) -> None:
    make_workspace(folder, signs=True)
    tools = open_tools(folder)
    complete_draft(tools, [])
    tools.store.close()
    (folder / "printed").mkdir()
    picture = _picture()
    for number in range(count):
        # behind the picture: no two are the same file
        (folder / "printed" / f"{number:03}.jpg").write_bytes(picture + f"{number:016}".encode())


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    tools.warm_up()
    (row,) = tools.store.drafts()
    sealable = make_sealable(tools, *_with_photos(tools, resume(tools.store, tools.reckon, row.id), folder))
    signer = signer_with_open_key(folder)

    def run() -> float:
        began = perf_counter()
        data = sealable.seal(signer)
        verdict = signer.verify(data)
        took = perf_counter() - began
        assert verdict.is_valid
        assert LEAST * len(sealable.photos) < len(data) <= LARGEST_DOCUMENT
        return took

    return run


def floor(folder: Path) -> Run:
    def run() -> float:
        began = perf_counter()
        with (folder / "floor.bin").open("wb") as file:
            for path in sorted((folder / "printed").glob("*.jpg")):
                file.write(path.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        return perf_counter() - began

    return run


def _with_photos(tools: Tools, draft: Open, folder: Path) -> tuple[Open, dict[Sha256, Path]]:
    """The draft with every photo of the folder linked, as if they had been taken in."""
    files: dict[Sha256, Path] = {}
    links: list[PhotoLink] = []
    places = [item.id for item in draft.form.items()]
    for number, path in enumerate(sorted((folder / "printed").glob("*.jpg"))):
        printed = Sha256(sha256(path.read_bytes()).hexdigest())
        original = Sha256(sha256(printed.encode()).hexdigest())
        photo = Photo(original, printed, *SIZE, 4_000_000, "image/jpeg", tools.clock.now())
        links.append(PhotoLink(places[number % len(places)], photo, number // len(places)))
        files[original] = path
    return replace(draft, inspection=replace(draft.inspection, photos=tuple(links))), files


def _picture() -> bytes:
    noise = Image.merge("RGB", [Image.effect_noise(SIZE, 40 + 5 * band) for band in range(3)])
    image = Image.blend(Image.radial_gradient("L").resize(SIZE).convert("RGB"), noise, 0.3)
    return next(data for data in _saved(image) if len(data) >= LEAST)


def _saved(image: Image.Image) -> Iterator[bytes]:
    """From the worst quality to the best."""
    for quality in range(30, 100, 2):
        out = BytesIO()
        image.save(out, "JPEG", quality=quality)
        yield out.getvalue()
