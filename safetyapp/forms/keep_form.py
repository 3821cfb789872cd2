"""Files of forms put on the disk: whole or not there, under names that every system can hold."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from pathlib import Path

from safetyapp.domain.form import Form
from safetyapp.domain.problem import Problem

_LONGEST_NAME = 120
"""Bytes of a file's name without its ending; systems hold 255."""

_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows gives to devices, whatever ending they have."""


def file_name(form: Form, number: int = 0) -> str:
    """The file of a form: `{id}-{version}.yaml`, with a piece of a hash where that is no name on every system; before
    it the number of an import, which says what came later."""
    wanted = f"{form.id}-{form.version}"
    plain = re.sub(r'[\x00-\x1f/\\:*?"<>|]', "_", wanted)
    plain = plain.encode()[:_LONGEST_NAME].decode(errors="ignore").rstrip(". ")
    if plain != wanted or _DEVICES.fullmatch(plain):
        plain = f"form-{plain}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
    return f"{number:04}-{plain}.yaml" if number else f"{plain}.yaml"


def keep_file(folder: Path, form: Form, data: bytes, number: int) -> Path:
    """Writes the file of a form so that it lasts when this returns, and says where. Raises Problem disk-full, read-only
    or disk-failing. No file is overwritten: an unlike one of the same name gets a neighbour."""
    path = folder / file_name(form, number)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.read_bytes() != data:
            path = path.with_name(f"{path.stem}-{hashlib.sha256(data).hexdigest()[:12]}.yaml")
        put(path, data)
        _sync(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problem(_code(error), path=str(path), reason=reason) from error
    return path


def put(path: Path, data: bytes) -> None:
    """The file with these bytes, whole or not at all. Raises OSError."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """Makes the names in the folder last through a power cut, where the system can (Windows does it by itself)."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _code(error: OSError) -> str:
    if error.errno in (ENOSPC, EDQUOT):
        return "disk-full"
    return "read-only" if error.errno in (EROFS, EACCES, EPERM) else "disk-failing"
