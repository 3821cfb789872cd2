"""The sticks and other drives that documents can be put on; asked on a worker, for a sick drive answers late."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QStorageInfo


class Drive(NamedTuple):
    """A drive that can be written: what people call it, where it is, bytes that are free."""

    name: str
    path: Path
    free: int


def drives() -> tuple[Drive, ...]:
    """Those that were plugged in, as far as the system tells them from its own."""
    found = []
    for volume in QStorageInfo.mountedVolumes():
        if volume.isValid() and volume.isReady() and not volume.isReadOnly() and _is_plugged_in(volume):
            path = Path(volume.rootPath())
            found.append(Drive(volume.name() or path.name or str(path), path, int(volume.bytesAvailable())))
    return tuple(found)


def _is_plugged_in(volume: QStorageInfo) -> bool:
    root = volume.rootPath()
    if sys.platform == "win32":
        return not volume.isRoot()
    return root.startswith(("/media/", "/run/media/", "/mnt/", "/Volumes/"))
