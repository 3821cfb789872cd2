"""500 photos of 270 KB in one document, sealed and verified: it works, and stays within what a document may have."""

from __future__ import annotations

from functools import partial

from bench import many
from bench.many import CHILDREN, FLOOR, LIMIT, floor, ours

__all__ = ["CHILDREN", "FLOOR", "LIMIT", "LIMIT_MS", "ROUNDS", "TITLE", "floor", "ours", "prepare"]

PHOTOS = 500
TITLE = f"{PHOTOS} photos sealed and verified"
ROUNDS = 3
LIMIT_MS = 10_000.0
prepare = partial(many.prepare, count=PHOTOS)
