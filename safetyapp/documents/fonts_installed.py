"""Faces installed on this computer: found by the names written inside the files, and whether a document may carry them.

A file's own name says nothing: simfang.ttf, STFANGSO.TTF and 仿宋.ttf may all hold a 仿宋.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from safetyapp.documents.truetype import TrueType, face_starts, read_directory

_FILES = frozenset({".ttf", ".ttc", ".otf", ".otc"})
_MOST_FILES = 20_000
_FAMILY, _WHOLE, _POSTSCRIPT, _TYPOGRAPHIC = 1, 4, 6, 16
_RESTRICTED, _MILDER, _NO_SUBSET, _BITMAPS = 0x0002, 0x000C, 0x0100, 0x0200


class Refusal(StrEnum):
    """Why an installed face is not used."""

    OUTLINES = "outlines"
    """PostScript outlines: they cannot be embedded here."""

    VARIABLE = "variable"
    LICENCE = "licence"
    """Its maker does not allow that documents carry it, or parts of it."""

    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Installed:
    """A face of a file that goes by the asked name; `refusal` says why it is not used."""

    path: Path
    index: int
    name: str
    refusal: Refusal | None = None


def font_folders(platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Where a system keeps its fonts; the person's own come last."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or ".")
    if platform == "win32":
        own = Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return (Path(environ.get("WINDIR") or r"C:\Windows") / "Fonts", own / "Microsoft" / "Windows" / "Fonts")
    if platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    own = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), own / "fonts", home / ".fonts")


def find_installed(names: Sequence[str], folders: Sequence[Path]) -> list[Installed]:
    """The faces that go by one of the names, by the order of the names, then of the files. A name that ends in * stands
    for all that begin so. Never raises for what lies in the folders."""
    wanted = [_key(name) for name in names]
    found: list[tuple[int, Installed]] = []
    for folder in folders:
        for path, index, called, refusal in _faces(folder):
            ranks = [rank for rank, name in enumerate(wanted) if any(_goes_by(_key(c), name) for c in called)]
            if ranks:
                found.append((ranks[0], Installed(path, index, _shown(called), refusal)))
    return [face for _, face in sorted(found, key=lambda pair: (pair[0], str(pair[1].path), pair[1].index))]


def _goes_by(called: str, name: str) -> bool:
    return called.startswith(name[:-1]) if name.endswith("*") else called == name


def _key(name: str) -> str:
    return "".join(c for c in name.casefold() if c not in " _-")


def _shown(called: Sequence[str]) -> str:
    """The Chinese name where there is one."""
    return next((name for name in called if not name.isascii()), called[0])


@lru_cache(maxsize=16)
def _faces(folder: Path) -> tuple[tuple[Path, int, tuple[str, ...], Refusal | None], ...]:
    """All faces below a folder; what cannot be read is passed over. Read once: fonts are not installed every minute."""
    return tuple(face for path in _files(folder) for face in _faces_of(path))


def forget() -> None:
    """Looks into the folders anew next time."""
    _faces.cache_clear()


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for place, _, names in os.walk(folder):
        found += [Path(place, name) for name in names if Path(name).suffix.lower() in _FILES]
        if len(found) > _MOST_FILES:
            break
    return sorted(found)[:_MOST_FILES]


def _faces_of(path: Path) -> Iterator[tuple[Path, int, tuple[str, ...], Refusal | None]]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found = [_face(data, start) for start in face_starts(data)]
    except (OSError, ValueError, struct.error):
        return
    for index, (names, refusal) in enumerate(found):
        if names:
            yield path, index, names, refusal


def _face(data: mmap.mmap, start: int) -> tuple[tuple[str, ...], Refusal | None]:
    tables = read_directory(data, start)
    return tuple(_names(data, tables["name"][0])) if "name" in tables else (), _refusal(data, start, tables)


def _refusal(data: mmap.mmap, start: int, tables: Mapping[str, tuple[int, int]]) -> Refusal | None:
    if data[start : start + 4] == b"OTTO" or "glyf" not in tables:
        return Refusal.OUTLINES
    if "fvar" in tables:
        return Refusal.VARIABLE
    if "OS/2" not in tables:
        return Refusal.BROKEN
    kind: int = struct.unpack_from(">H", data, tables["OS/2"][0] + 8)[0]
    # of several permissions the mildest holds: OpenType, OS/2, fsType
    forbidden = kind & _RESTRICTED and not kind & _MILDER
    return Refusal.LICENCE if forbidden or kind & (_NO_SUBSET | _BITMAPS) else None


def _names(data: mmap.mmap, at: int) -> Iterator[str]:
    """Family, whole and PostScript names in every language."""
    _, count, texts = struct.unpack_from(">3H", data, at)
    seen: set[str] = set()
    for place in range(min(count, 500)):
        platform, encoding, _, kind, length, offset = struct.unpack_from(">6H", data, at + 6 + 12 * place)
        if kind not in (_FAMILY, _WHOLE, _POSTSCRIPT, _TYPOGRAPHIC):
            continue
        raw = data[at + texts + offset : at + texts + offset + length]
        name = _decoded(raw, platform, encoding)
        if name and name not in seen:
            seen.add(name)
            yield name


def _decoded(raw: bytes, platform: int, encoding: int) -> str:
    """Names of older Chinese faces are in GB 2312, on Windows with zero bytes between."""
    if (platform, encoding) in ((1, 25), (3, 3)):
        return raw.replace(b"\0", b"").decode("gb18030", "replace").strip()
    return raw.decode("mac-roman" if platform == 1 else "utf-16-be", "replace").strip("\0 ")


def opens(face: Installed) -> bool:
    """Whether the face can be measured and cut: some files are broken, and some have no Chinese at all."""
    try:
        opened = TrueType(face.path, face.index)
        probe = [opened.glyph(ord(character)) for character in "安全"]
        return all(probe) and bool(opened.subset(probe))
    except (OSError, ValueError, KeyError, IndexError, struct.error):
        return False
