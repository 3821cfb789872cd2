"""The forms of the built-in folder and of those that were imported: listed at once, opened when asked for.

Reading YAML is slow, so each form is kept compiled in a cache folder, named by the SHA-256 of the YAML file's bytes and
by COMPILER. The cache may be deleted at any time; what is broken in it is ignored and written again.

A list of the forms takes a file for what it was as long as its size and times say so; a form that is opened is read
from a file whose bytes have been hashed in that moment.
"""

from __future__ import annotations

import json
import os
import re
import time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from safetyapp.domain.problem import Problem
from safetyapp.domain.words import Words
from safetyapp.forms.mistakes import LARGEST_FILE, FormRefused, Mistake

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Iterable, Iterator

    from safetyapp.domain.form import Form, FormId

COMPILER = 3
"""Raise it whenever the same YAML compiles to another Form."""

_INDEX = f"index-{COMPILER}.json"
_FILES = "files"
"""The index's part on the files, beside the entries by their hash."""
_SHA = re.compile(r"[0-9a-f]{64}")
_NUMBERED = re.compile(r"(\d{4,8})-")
_SETTLED_NS = 2_000_000_000
"""How old a file's newest time has to be: a file that was written just now may change once more without a new time."""

BUILT_IN = "built_in"
IMPORTED = "imported"


class NoSuchForm(Problem):
    """There is no form of this id or address in the library."""

    def __init__(self, wanted: str) -> None:
        super().__init__("no-such-form", form=wanted)


Stamp = tuple[int, int, int]
"""A file from outside: its size, when it was written, when anything of it was changed (on Windows: made)."""


class FormEntry(NamedTuple):
    """What the list says of a form. `items` counts those that a person answers, `languages` are those in which every
    question is written, `origin` is BUILT_IN or IMPORTED."""

    id: FormId
    version: str
    sha256: str
    title: Words
    items: int
    languages: tuple[str, ...]
    origin: str = BUILT_IN
    rank: int = 0
    """What was imported later has the higher; built-in forms, and files put into the folder by hand, have none."""


class Library:
    """The forms (`*.yaml`) of `folders`, the built-in one first, then the imported; compiled ones are kept in
    `cache_folder`, or in memory when it is None.

    The files are looked at again on every call: a form that is dropped into a folder is there at once. Where there are
    several versions of one form, the one that was imported last counts, whatever it calls itself (versions of foreign
    forms are often no numbers); without an imported one the newest by its version. The others are found by address.
    """

    def __init__(self, folders: tuple[Path, ...], cache_folder: Path | None = None) -> None:
        self._folders = folders
        self._cache = cache_folder
        self._entries: dict[str, FormEntry] = {}
        self._refused: dict[Path, FormRefused] = {}
        self._forms: dict[str, Form] = {}
        self._stamps: dict[str, tuple[Stamp, str]] = {}
        """By origin and file name: how the file looked from outside when it was hashed, and its hash."""
        self._index_is_read = False

    def list(self) -> list[FormEntry]:
        """Every good form of the folders, by id, the version that counts first."""
        return sorted(self._look(by_stamp=True).values(), key=lambda entry: (entry.id, *_newest_first(entry)))

    def current(self, form_id: str) -> FormEntry | None:
        """The version of a form that counts: new inspections follow it."""
        return next((entry for entry in self.list() if entry.id == form_id), None)

    def refused(self) -> tuple[FormRefused, ...]:
        """The files of the folders that are no good form, with their mistakes."""
        self._look()
        return tuple(self._refused.values())

    def form(self, form_id: str) -> Form:
        """The newest version of a form. Raises NoSuchForm, or FormRefused when its file of that name is wrong."""
        found = [(key, entry) for key, entry in self._look().items() if entry.id == form_id]
        if not found:
            for path, refusal in self._refused.items():
                if path.stem == form_id or path.stem.startswith(f"{form_id}-"):
                    raise refusal
            raise NoSuchForm(form_id)
        key, _ = min(found, key=lambda pair: _newest_first(pair[1]))
        return self._open(key)

    def by_hash(self, sha256: str) -> Form:
        """The form of this address: in a folder or, of an earlier edition, in the cache. Raises NoSuchForm."""
        present = self._look()
        for key in (*present, *(self._entries.keys() - present.keys())):
            if self._entries[key].sha256 == sha256:
                try:
                    return self._open(key)
                except NoSuchForm:
                    continue
        raise NoSuchForm(sha256)

    def add(self, form: Form) -> FormEntry:
        """Keeps a form among the imported ones; it lasts when this returns. A form that is here already stays as it is.

        Raises Problem form-version-exists where another content has its id and version, FormRefused when it is no good
        form, disk-full, read-only or disk-failing when its file cannot be written.
        """
        from safetyapp.forms.keep_form import file_name, keep_file
        from safetyapp.forms.read_yaml import read_form
        from safetyapp.forms.write_yaml import write_form

        if len(self._folders) < 2:
            raise ValueError("this library has no folder for imported forms")
        data = write_form(form).encode()
        kept = read_form(data, file_name(form))  # what a file cannot hold must not get into one
        for entry in self._look().values():
            if (entry.id, entry.version) == (kept.id, kept.version):
                if entry.sha256 != kept.sha256:
                    raise Problem("form-version-exists", form=form.id, version=form.version)
                return entry
        ranks = [_rank(path, origin) for path, origin in self._files()]
        keep_file(self._folders[1], form, data, 1 + max(ranks, default=0))
        self._take(_hash(data), kept)
        self._write_index()
        return next(entry for entry in self._look().values() if entry.sha256 == kept.sha256)

    def _look(self, by_stamp: bool = False) -> dict[str, FormEntry]:
        """The entries of the files that are there now, by the hash of the file's bytes; `by_stamp` believes the size
        and times of a file that was hashed before."""
        self._read_index()
        known, stamps = len(self._entries), dict(self._stamps)
        self._refused = {}
        present: dict[str, FormEntry] = {}
        addresses: dict[tuple[str, str], str] = {}
        files = list(self._files())
        for gone in self._stamps.keys() - {_place(path, origin) for path, origin in files}:
            del self._stamps[gone]
        for path, origin in files:
            key = (self._known_key(path, origin) if by_stamp else None) or self._key(path, origin)
            if key is None or key in present:
                continue
            entry = self._entries[key]._replace(origin=origin, rank=_rank(path, origin))
            other = addresses.setdefault((entry.id, entry.version), entry.sha256)
            if other != entry.sha256:
                self._refuse(path, "duplicate-form", _two_contents(entry))
                continue
            present[key] = entry
        if len(self._entries) != known or self._stamps != stamps:
            self._write_index()
        return present

    def _files(self) -> Iterator[tuple[Path, str]]:
        """Every form file with its origin, the built-in ones first."""
        for place, folder in enumerate(self._folders):
            for path in _yaml_files(folder):
                yield path, IMPORTED if place else BUILT_IN

    def _known_key(self, path: Path, origin: str) -> str | None:
        """The hash that a good file had when it looked the same from outside."""
        known = self._stamps.get(_place(path, origin))
        return known[1] if known is not None and known[1] in self._entries and known[0] == _stamp(path) else None

    def _key(self, path: Path, origin: str) -> str | None:
        """The hash of a file's bytes, its form compiled and known; None when it is refused."""
        self._stamps.pop(_place(path, origin), None)
        before = _stamp(path)
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError:
            self._refuse(path, "unreadable", "文件打不开。The file cannot be opened.")
            return None
        key = _hash(data)
        if key not in self._entries:
            try:
                self._compile(key, data, path.name)
            except FormRefused as refusal:
                self._refused[path] = refusal
                return None
        if before is not None and before == _stamp(path) and time.time_ns() - max(before[1:]) > _SETTLED_NS:
            self._stamps[_place(path, origin)] = (before, key)
        return key

    def _compile(self, key: str, data: bytes, name: str) -> Form:
        form = _read_once(data, name)
        self._take(key, form)
        return form

    def _take(self, key: str, form: Form) -> None:
        """The form of a file is known from now on, and compiled: to the very bytes whose hash is its address."""
        from dataclasses import replace

        from safetyapp.domain.canonical import canonical_json

        self._forms[key] = form
        self._entries[key] = _entry(form)
        if self._cache is not None:
            compiled = canonical_json(replace(form, sha256=""), sparse=True)
            _write_cache(self._cache / _compiled_name(key), compiled)

    def _open(self, key: str) -> Form:
        """The form of a known file: from memory, else from the cache, else from its YAML."""
        form = self._forms.get(key) or self._from_cache(key)
        if form is None:
            form = self._from_folders(key)
        self._forms[key] = form
        return form

    def _from_cache(self, key: str) -> Form | None:
        """The compiled form, None when the cache has none or a broken one."""
        if self._cache is None:
            return None
        address = self._entries[key].sha256
        try:
            data = (self._cache / _compiled_name(key)).read_bytes()
            if _hash(data) != address:
                return None
            from dataclasses import replace

            import msgspec  # only when a form is opened

            from safetyapp.domain.form import Form

            return replace(msgspec.json.decode(data, type=Form), sha256=address)
        except (OSError, ValueError):  # msgspec's errors and a broken encoding are ValueErrors
            return None

    def _from_folders(self, key: str) -> Form:
        for path, _ in self._files():
            try:
                data = path.read_bytes()
            except OSError:
                continue
            if _hash(data) == key:
                return self._compile(key, data, path.name)
        raise NoSuchForm(self._entries[key].sha256)

    def _refuse(self, path: Path, code: str, message: str) -> None:
        self._refused[path] = FormRefused(path.name, (Mistake(path.name, code, message),))

    def _read_index(self) -> None:
        if self._index_is_read or self._cache is None:
            return
        self._index_is_read = True
        try:
            raw = json.loads((self._cache / _INDEX).read_bytes())
            entries = {key: _entry_from(value) for key, value in raw.items() if _SHA.fullmatch(key)}
            stamps = {name: (_stamp_from(stamp), str(key)) for name, (stamp, key) in raw.get(_FILES, {}).items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        self._entries = {**entries, **self._entries}
        self._stamps = {**stamps, **self._stamps}

    def _write_index(self) -> None:
        if self._cache is not None:
            from safetyapp.domain.canonical import canonical_json

            entries = {key: entry._asdict() for key, entry in self._entries.items()}
            _write_cache(self._cache / _INDEX, canonical_json({**entries, _FILES: self._stamps}))


def _yaml_files(folder: Path) -> Iterable[Path]:
    """The form files of the folder in order of name; hidden and half-written ones are left out."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError:
        return []
    return [folder / name for name in names if name.endswith((".yaml", ".yml")) and not name.startswith((".", "~"))]


def _place(path: Path, origin: str) -> str:
    return f"{origin}/{path.name}"


def _hash(data: bytes) -> str:
    import hashlib  # only when a file is new or a form is opened: it takes longer than all the rest of a list

    return hashlib.sha256(data).hexdigest()


def _stamp(path: Path) -> Stamp | None:
    """How a file looks from outside; None when it cannot be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _stamp_from(raw: Any) -> Stamp:
    """A stamp of the index. Raises ValueError or TypeError when it is broken."""
    size, written, changed = raw
    if not all(type(number) is int for number in (size, written, changed)):
        raise ValueError("not a stamp")
    return (size, written, changed)


@lru_cache(maxsize=16)
def _read_once(data: bytes, name: str) -> Form:
    """The form in a file's bytes. Several workspaces of one process read a built-in form once."""
    from safetyapp.forms.read_yaml import read_form  # ruamel: only when a file is new

    return read_form(data, name)


def _compiled_name(key: str) -> str:
    return f"{key}-{COMPILER}.json"


def _entry(form: Form) -> FormEntry:
    asked = sum(1 for _ in form.asked())
    english = bool(form.title.en) and all(i.question.en or not i.question.zh for i in form.every_item())
    return FormEntry(form.id, form.version, form.sha256, form.title, asked, ("zh", "en") if english else ("zh",))


def _entry_from(raw: dict[str, Any]) -> FormEntry:
    """An entry of the index. Raises ValueError, KeyError or TypeError when it is broken."""
    texts = [raw["id"], raw["version"], raw["sha256"], raw["title"]["zh"], raw["title"]["en"], *raw["languages"]]
    if not all(isinstance(text, str) for text in texts) or type(raw["items"]) is not int:
        raise ValueError("not an entry")
    title = Words(raw["title"]["zh"], raw["title"]["en"])
    return FormEntry(raw["id"], raw["version"], raw["sha256"], title, raw["items"], tuple(raw["languages"]))


def _two_contents(entry: FormEntry) -> str:
    return (
        f"{entry.id} 第 {entry.version} 版已有另一份内容，请改版本号。"
        f"Another file already holds {entry.id} version {entry.version} with other content; give it a new version."
    )


def _rank(path: Path, origin: str) -> int:
    """Imported files begin with their number; others have none."""
    number = _NUMBERED.match(path.name) if origin == IMPORTED else None
    return int(number[1]) if number else 0


def _newest_first(entry: FormEntry) -> tuple[int, tuple[tuple[int, int, tuple[int, ...]], ...], str]:
    return (-entry.rank, _backwards(entry.version), entry.sha256)


def is_newer(version: str, than: str) -> bool:
    """Whether one version comes after another."""
    return _backwards(version) < _backwards(than)


def _backwards(version: str) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """A key that sorts versions newest first: numbers as numbers ("10" before "9"), letters backwards ("b" before "a"),
    and what goes on before what ends ("2.1" before "2")."""
    parts = re.findall(r"\d+|\D+", version)
    keys = ((0, -int(p), ()) if p.isdecimal() else (1, 0, (*(-ord(c) for c in p), 1)) for p in parts)
    return (*keys, (2, 0, ()))


def _write_cache(path: Path, data: bytes) -> None:
    """Put a cache file in place whole, or not at all; a cache that cannot be written is no reason to stop."""
    from safetyapp.forms.keep_form import put

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        put(path, data)
    except OSError:
        return
