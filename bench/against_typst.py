"""A document sealed and verified, against typst's bare layout of the same content in the same run."""

from __future__ import annotations

from functools import partial

from bench import peer
from bench.peer import CHILDREN, LIMIT, LIMIT_MS, ROUNDS, TITLE, ours, prepare

__all__ = ["CHILDREN", "FLOOR", "LIMIT", "LIMIT_MS", "ROUNDS", "TITLE", "floor", "missing", "ours", "prepare"]

FLOOR = "typst, bare layout of the same content"
missing = partial(peer.missing, "typst")
floor = partial(peer.start, "typst")
