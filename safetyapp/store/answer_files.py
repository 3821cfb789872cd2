"""Files that answer an item, as they are handed in: sound, film, a signature, any file."""

from __future__ import annotations

import stat
from pathlib import Path

from safetyapp.domain.inspection import LARGEST_ANSWER_FILE
from safetyapp.domain.problem import Problem


def read_file(source: Path | bytes) -> bytes:
    """The bytes. Raises Problem file-too-large (unread), not-a-file (folder, pipe, nothing in it), unreadable-file."""
    data = source if isinstance(source, bytes) else _read(source)
    path = "" if isinstance(source, bytes) else str(source)
    if len(data) > LARGEST_ANSWER_FILE:
        raise Problem("file-too-large", path=path, megabytes=LARGEST_ANSWER_FILE // 1_000_000)
    if not data:
        raise Problem("not-a-file", path=path)
    return data


def _read(path: Path) -> bytes:
    """At most one byte too many, however long the file has grown meanwhile."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would be waited for, a device has no end
            raise Problem("not-a-file", path=str(path))
        if status.st_size > LARGEST_ANSWER_FILE:
            raise Problem("file-too-large", path=str(path), megabytes=LARGEST_ANSWER_FILE // 1_000_000)
        with path.open("rb") as file:
            return file.read(LARGEST_ANSWER_FILE + 1)
    except OSError as error:
        raise Problem("unreadable-file", path=str(path), reason=error.strerror or type(error).__name__) from error
