"""Files that are named by their hash: whole or not there. Temporary name in the same folder, flush, rename."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from safetyapp.store.edge import plainly

PART = ".part"
_ADDRESS = re.compile(r"[0-9a-f]{64}")


def address_of(data: bytes) -> str:
    import hashlib  # only where a file is kept: it takes longer than opening the store

    return hashlib.sha256(data).hexdigest()


class Shelf:
    """A folder of files `ab/<sha256><suffix>`; `ab` are the first two letters of the name."""

    def __init__(self, folder: Path, suffix: str = "") -> None:
        self.folder = folder
        self._suffix = suffix

    def path(self, address: str) -> Path:
        """Where the file stands or would stand."""
        if not _ADDRESS.fullmatch(address):
            raise ValueError("no SHA-256 in lower-case hex")
        return self.folder / address[:2] / f"{address}{self._suffix}"

    def keep(self, address: str, data: bytes) -> None:
        """The file is safely there when this returns. Raises Problem disk-full, read-only, disk-failing."""
        target = self.path(address)
        with plainly(target):
            make_folder(target.parent)
            if not self.holds(address, data):
                _write(target, data)
            sync_folder(target.parent)

    def holds(self, address: str, data: bytes) -> bool:
        """Whether the file is there with these bytes."""
        path = self.path(address)
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except OSError:  # gone, or not to be read: to be written anew
            return False

    def is_whole(self, address: str) -> bool:
        """Whether the file is there and is what its name says."""
        try:
            return address_of(self.path(address).read_bytes()) == address
        except OSError:
            return False

    def has(self, address: str) -> bool:
        """Whether something is there."""
        try:
            return self.path(address).stat().st_size > 0
        except OSError:
            return False

    def files(self) -> Iterator[tuple[str, Path]]:
        """(name without suffix, path) of all that stands here, parts excepted."""
        for path in sorted(self.folder.glob("*/*")):
            if path.is_file() and not path.name.endswith(PART):
                yield path.name.removesuffix(self._suffix), path

    def parts(self) -> Iterator[Path]:
        """What writers left behind that were cut off."""
        yield from sorted(self.folder.glob(f"*/*{PART}"))


def make_folder(folder: Path) -> None:
    """The folder and those above it, so that their names last through a power cut."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Makes names in the folder last through a power cut, where the system can (Windows does it by itself)."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write(target: Path, data: bytes) -> None:
    fd, name = tempfile.mkstemp(PART, target.name[:16] + "-", target.parent)
    part = Path(name)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
