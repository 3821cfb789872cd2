"""The file that carries a draft to a colleague: a zip of canonical JSON and of files that are named by their hash.

`head.json` says the format number and the hashes of `draft.json` (the inspection) and `form.json` (the form version
that it follows); original photos and answer files lie under `files/`. Copies for print are not in it: they are made
anew from the originals, so what is printed is never another picture than the one whose hash is signed. Nothing is
encrypted.
"""

from __future__ import annotations

import errno
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TypeVar

from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.form import Form, with_address
from safetyapp.domain.handed import HANDED_FORMAT, Handed
from safetyapp.domain.inspection import Inspection, Photo, Sha256
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress
from safetyapp.store.files import address_of
from safetyapp.store.photos import LARGEST_PHOTO

LARGEST_JSON = 64_000_000
"""Bytes, unpacked: 3,000 rows of a table with their findings are 8 MB."""
MOST_FILES = 5_000
_HEAD, _DRAFT, _FORM, _FILES = "head.json", "draft.json", "form.json", "files/"
_NAME = re.compile(r"files/[0-9a-f]{64}")
_STEP = "handed"

T = TypeVar("T", Inspection, Form)


@dataclass(frozen=True, slots=True)
class Head:
    """What is read first."""

    format: int
    app_version: str
    draft: str
    form: str


def write(
    handed: Handed, photos: Mapping[Sha256, Path], files: Mapping[Sha256, Path], target: Path, progress: Progress
) -> None:
    """Raises Problem handed-lacks, and OSError where it cannot be written."""
    draft = canonical_json(handed.inspection)
    form = canonical_json(handed.form, sparse=True)
    head = Head(HANDED_FORMAT, handed.app_version, address_of(draft), address_of(form))
    paths = {**photos, **files}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as pack:
        for name, data in ((_HEAD, canonical_json(head)), (_DRAFT, draft), (_FORM, form)):
            pack.writestr(_entry(name, zipfile.ZIP_DEFLATED), data)
        for count, (address, path) in enumerate(paths.items()):
            progress(_STEP, count, len(paths))
            pack.writestr(_entry(_FILES + address, zipfile.ZIP_STORED), _whole(path, address))
    progress(_STEP, len(paths), len(paths))


def _entry(name: str, packing: int) -> zipfile.ZipInfo:
    """Without a time of day: the same draft is the same file."""
    info = zipfile.ZipInfo(name)
    info.compress_type = packing
    return info


def _whole(path: Path, address: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if address_of(data) != address:
        raise Problem("handed-lacks", path=str(path))
    return data


def read(source: Path, progress: Progress) -> Handed:
    """What the file holds; every byte of it has been compared with its hash."""
    with _opened(source) as pack:
        return _read(source, pack, progress)


def keep(
    source: Path, keep_photo: Callable[[Photo, bytes], Photo], keep_file: Callable[[bytes], Sha256], progress: Progress
) -> Handed:
    """As `read`, and then every photo and file is handed to those who keep it."""
    with _opened(source) as pack:
        handed = _read(source, pack, lambda step, done, total: progress(step, done, 2 * total))
        photos, files = handed.photos(), handed.answer_files()
        total = len(photos) + len(files)
        kept = {}
        for count, photo in enumerate(photos):
            progress(_STEP, total + count, 2 * total)
            kept[photo.original] = keep_photo(photo, pack.read(_FILES + photo.original))
        for count, address in enumerate(files, start=len(photos)):
            progress(_STEP, total + count, 2 * total)
            keep_file(pack.read(_FILES + address))
    links = tuple(replace(link, photo=kept[link.photo.original]) for link in handed.inspection.photos)
    return replace(handed, inspection=replace(handed.inspection, photos=links))


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    """The pack; what is no whole pack of ours is told as one Problem."""
    if source.exists() and not source.is_file():
        raise Problem("not-a-file", path=str(source))
    try:
        with zipfile.ZipFile(source) as pack:
            yield pack
    except OSError as error:
        if error.errno == errno.EINVAL:  # the pack names a place that no file has
            raise Problem("handed-broken", path=str(source)) from error
        raise Problem("unreadable-file", path=str(source), reason=error.strerror or type(error).__name__) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise Problem("handed-broken", path=str(source)) from error


def _read(source: Path, pack: zipfile.ZipFile, progress: Progress) -> Handed:
    import msgspec

    broken = Problem("handed-broken", path=str(source))
    infos = pack.infolist()
    names = [info.filename for info in infos]
    strange = [n for n in names if n not in (_HEAD, _DRAFT, _FORM) and not _NAME.fullmatch(n)]
    locked = any(info.flag_bits & 1 for info in infos)
    if locked or len(infos) > MOST_FILES or len(set(names)) != len(names) or not {_HEAD, _DRAFT, _FORM} <= set(names):
        raise broken
    try:
        head = json.loads(_unpacked(pack, _HEAD, broken))
    except (ValueError, RecursionError):
        raise broken from None
    number = head.get("format") if isinstance(head, dict) else None
    if type(number) is not int or number < 1:
        raise broken
    if number > HANDED_FORMAT:
        raise Problem("handed-newer", path=str(source), version=str(head.get("app_version", "")))
    if strange:
        raise broken
    try:
        said = msgspec.convert(head, Head, strict=True)
    except msgspec.ValidationError:
        raise broken from None
    inspection = _decoded(_checked(_unpacked(pack, _DRAFT, broken), said.draft, broken), Inspection, False, broken)
    form_json = _checked(_unpacked(pack, _FORM, broken), said.form, broken)
    other = Problem("handed-form", path=str(source), version=said.app_version)
    form = _decoded(form_json, Form, True, other)
    if not form.sha256 == inspection.form.sha256 == with_address(form).sha256:
        raise other
    handed = Handed(inspection, form, said.app_version)
    _check_files(pack, handed, broken, progress)
    return handed


def _check_files(pack: zipfile.ZipFile, handed: Handed, broken: Problem, progress: Progress) -> None:
    """All that the draft names is there, whole, and nothing else."""
    named = {*(photo.original for photo in handed.photos()), *handed.answer_files()}
    inside = {info.filename: info for info in pack.infolist() if info.filename.startswith(_FILES)}
    if inside.keys() != {_FILES + address for address in named} or not handed.inspection.hand_overs:
        raise broken
    for count, (name, info) in enumerate(inside.items()):
        progress(_STEP, count, len(inside))
        if info.compress_type != zipfile.ZIP_STORED or not 0 < info.file_size <= LARGEST_PHOTO:
            raise broken
        with pack.open(info) as file:
            if _address(file) != name.removeprefix(_FILES):
                raise broken
    progress(_STEP, len(inside), max(1, len(inside)))


def _address(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    while block := file.read(1 << 20):
        found.update(block)
    return found.hexdigest()


def _unpacked(pack: zipfile.ZipFile, name: str, broken: Problem) -> bytes:
    """At most LARGEST_JSON bytes, whatever the pack says of itself."""
    with pack.open(name) as file:
        data = file.read(LARGEST_JSON + 1)
    if len(data) > LARGEST_JSON:
        raise broken
    return data


def _checked(data: bytes, address: str, broken: Problem) -> bytes:
    if address_of(data) != address:
        raise broken
    return data


def _decoded(data: bytes, kind: type[T], sparse: bool, wrong: Problem) -> T:
    """The value of canonical bytes: whatever this program does not know, or spells otherwise, is refused."""
    import msgspec

    try:
        value = msgspec.json.decode(data, type=kind)
        same = canonical_json(value, sparse=sparse) == data
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError):
        raise wrong from None
    if not same:
        raise wrong
    return value
