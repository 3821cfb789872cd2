"""The bytes of documents, each under its SHA-256, written once and never changed. A folder today; obstore speaks to an
S3-compatible store by the same calls."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore

PIECE = 64 * 1024
"""Bytes that are read at a time; small, so that a slow line is seen to move."""


class Blobs:
    """Whoever calls `keep` has looked at every byte before; what is kept is durable when it returns."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder.resolve()
        self._store = LocalStore(self._folder)

    def keep(self, sha256: str, source: Path) -> None:
        """Keeps a file whose address is known. Raises OSError."""
        key = _key(sha256)
        try:
            obstore.put(self._store, key, source, mode="create")
        except AlreadyExistsError:
            if self.is_whole(sha256):
                return
            # of a power cut between the file and its row: obstore itself never waits for the disk
            obstore.put(self._store, key, source)
        self._reach_disk(key)

    def is_whole(self, sha256: str) -> bool:
        """Whether every byte is there, by reading it."""
        found = hashlib.sha256()
        try:
            for piece in self.pieces(sha256):
                found.update(piece)
        except FileNotFoundError:
            return False
        return found.hexdigest() == sha256

    def size(self, sha256: str) -> int | None:
        """Bytes; None when it is not there."""
        try:
            return obstore.head(self._store, _key(sha256))["size"]
        except FileNotFoundError:
            return None

    def pieces(self, sha256: str, offset: int = 0) -> Iterator[bytes]:
        """The bytes from an offset on. Raises FileNotFoundError."""
        got = obstore.get(self._store, _key(sha256), options={"range": {"offset": offset}} if offset else None)
        for piece in got.stream(min_chunk_size=PIECE):
            yield bytes(piece)

    def sweep(self) -> None:
        """Takes away what a killed process was writing; only while nobody writes."""
        for left in self._folder.glob("*/*#*"):
            left.unlink(missing_ok=True)

    def _reach_disk(self, key: str) -> None:
        path = self._folder / key
        for place in (path, path.parent, self._folder):
            reach_disk(place)


def reach_disk(path: Path) -> None:
    """Returns when a file or a folder's list of names is on the disk itself."""
    if path.is_dir() and os.name == "nt":
        return  # Windows keeps the names of a folder by itself
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
