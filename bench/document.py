"""60 items with 20 photos from the record to a valid document: pages, attachment, signature and verification, against
reportlab's own layout (platypus) of the same texts and photos and nothing else. The key is open already.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench import sealing
from bench.content import lay_out_bare, prepare_bare
from bench.figure import Run

TITLE = "60 items, 20 photos sealed and verified"
FLOOR = "reportlab platypus, bare layout of the same content"
ROUNDS = 15
LIMIT, LIMIT_MS = 1.5, None
CHILDREN = False

prepare, ours = sealing.prepare, sealing.ours


def floor(folder: Path) -> Run:
    contents, style = sealing.contents(folder), prepare_bare()

    def run() -> float:
        content = next(contents)
        began = perf_counter()
        lay_out_bare(content, style)
        return perf_counter() - began

    return run
