"""The forms of one folder: listed at once, opened when asked for.

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
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from safetyapp.domain.problem import Problem
from safetyapp.domain.words import Words
from safetyapp.forms.mistakes import LARGEST_FILE, FormRefused, Mistake

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from collections.abc import Iterable

    from safetyapp.domain.form import Form, FormId

COMPILER = 2
"""Raise it whenever the same YAML compiles to another Form."""

_INDEX = f"index-{COMPILER}.json"
_FILES = "files"
"""The index's part on the files, beside the entries by their hash."""
_SHA = re.compile(r"[0-9a-f]{64}")
_SETTLED_NS = 2_000_000_000
"""How old a file's newest time has to be: a file that was written just now may change once more without a new time."""


class NoSuchForm(Problem):
    """There is no form of this id or address in the library."""

    def __init__(self, wanted: str) -> None:
        super().__init__("no-such-form", form=wanted)


Stamp = tuple[int, int, int]
"""A file from outside: its size, when it was written, when anything of it was changed (on Windows: made)."""


class FormEntry(NamedTuple):
    """What the list says of a form. `languages` are those in which every question is written."""

    id: FormId
    version: str
    sha256: str
    title: Words
    items: int
    languages: tuple[str, ...]


class Library:
    """The forms (`*.yaml`) of `folder`; compiled ones are kept in `cache_folder`, or in memory when it is None.

    The files are looked at again on every call: a form that is dropped into the folder is there at once. Where a folder
    holds several versions of one form, the newest counts; the others are found by their address.
    """

    def __init__(self, folder: Path, cache_folder: Path | None = None) -> None:
        self._folder = folder
        self._cache = cache_folder
        self._entries: dict[str, FormEntry] = {}
        self._refused: dict[str, FormRefused] = {}
        self._forms: dict[str, Form] = {}
        self._files: dict[str, tuple[Stamp, str]] = {}
        """By file name: how the file looked from outside when it was hashed, and its hash."""
        self._index_is_read = False

    def list(self) -> list[FormEntry]:
        """Every good form of the folder, by id, the newest version first."""
        return sorted(
            self._look(by_stamp=True).values(), key=lambda entry: (entry.id, _backwards(entry.version), entry.sha256)
        )

    def refused(self) -> tuple[FormRefused, ...]:
        """The files of the folder that are no good form, with their mistakes."""
        self._look()
        return tuple(self._refused[name] for name in sorted(self._refused))

    def form(self, form_id: str) -> Form:
        """The newest version of a form. Raises NoSuchForm, or FormRefused when its file of that name is wrong."""
        found = [(key, entry) for key, entry in self._look().items() if entry.id == form_id]
        if not found:
            for suffix in (".yaml", ".yml"):
                if refusal := self._refused.get(form_id + suffix):
                    raise refusal
            raise NoSuchForm(form_id)
        key, _ = min(found, key=lambda pair: (_backwards(pair[1].version), pair[1].sha256))
        return self._open(key)

    def by_hash(self, sha256: str) -> Form:
        """The form of this address: in the folder or, of an earlier edition, in the cache. Raises NoSuchForm."""
        present = self._look()
        for key in (*present, *(self._entries.keys() - present.keys())):
            if self._entries[key].sha256 == sha256:
                try:
                    return self._open(key)
                except NoSuchForm:
                    continue
        raise NoSuchForm(sha256)

    def _look(self, by_stamp: bool = False) -> dict[str, FormEntry]:
        """The entries of the files that are there now, by the hash of the file's bytes; `by_stamp` believes the size
        and times of a file that was hashed before."""
        self._read_index()
        known, files = len(self._entries), dict(self._files)
        self._refused = {}
        present: dict[str, FormEntry] = {}
        addresses: dict[tuple[str, str], str] = {}
        paths = list(_yaml_files(self._folder))
        for gone in self._files.keys() - {path.name for path in paths}:
            del self._files[gone]
        for path in paths:
            key = (self._known_key(path) if by_stamp else None) or self._key(path)
            if key is None:
                continue
            entry = self._entries[key]
            other = addresses.setdefault((entry.id, entry.version), entry.sha256)
            if other != entry.sha256:
                self._refuse(path.name, "duplicate-form", _two_contents(entry))
                continue
            present[key] = entry
        if len(self._entries) != known or self._files != files:
            self._write_index()
        return present

    def _known_key(self, path: Path) -> str | None:
        """The hash that a good file had when it looked the same from outside."""
        known = self._files.get(path.name)
        return known[1] if known is not None and known[1] in self._entries and known[0] == _stamp(path) else None

    def _key(self, path: Path) -> str | None:
        """The hash of a file's bytes, its form compiled and known; None when it is refused."""
        self._files.pop(path.name, None)
        before = _stamp(path)
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except OSError:
            self._refuse(path.name, "unreadable", "文件打不开。The file cannot be opened.")
            return None
        key = _hash(data)
        if key not in self._entries:
            try:
                self._compile(key, data, path.name)
            except FormRefused as refusal:
                self._refused[path.name] = refusal
                return None
        if before is not None and before == _stamp(path) and time.time_ns() - max(before[1:]) > _SETTLED_NS:
            self._files[path.name] = (before, key)
        return key

    def _compile(self, key: str, data: bytes, name: str) -> Form:
        from safetyapp.domain.canonical import canonical_json
        from safetyapp.forms.read_yaml import read_form  # ruamel: only when a file is new

        form = read_form(data, name)
        self._forms[key] = form
        self._entries[key] = _entry(form)
        if self._cache is not None:
            _write(self._cache / _compiled_name(key), canonical_json(form))
        return form

    def _open(self, key: str) -> Form:
        """The form of a known file: from memory, else from the cache, else from its YAML."""
        form = self._forms.get(key) or self._from_cache(key)
        if form is None:
            form = self._from_folder(key)
        self._forms[key] = form
        return form

    def _from_cache(self, key: str) -> Form | None:
        """The compiled form, None when the cache has none or a broken one."""
        if self._cache is None:
            return None
        try:
            import msgspec  # only when a form is opened

            from safetyapp.domain.form import Form, with_address

            form = msgspec.json.decode((self._cache / _compiled_name(key)).read_bytes(), type=Form)
        except (OSError, ValueError):  # msgspec's errors and a broken encoding are ValueErrors
            return None
        if form.sha256 != self._entries[key].sha256 or with_address(form).sha256 != form.sha256:
            return None
        return form

    def _from_folder(self, key: str) -> Form:
        for path in _yaml_files(self._folder):
            try:
                data = path.read_bytes()
            except OSError:
                continue
            if _hash(data) == key:
                return self._compile(key, data, path.name)
        raise NoSuchForm(self._entries[key].sha256)

    def _refuse(self, name: str, code: str, message: str) -> None:
        self._refused[name] = FormRefused(name, (Mistake(name, code, message),))

    def _read_index(self) -> None:
        if self._index_is_read or self._cache is None:
            return
        self._index_is_read = True
        try:
            raw = json.loads((self._cache / _INDEX).read_bytes())
            entries = {key: _entry_from(value) for key, value in raw.items() if _SHA.fullmatch(key)}
            files = {name: (_stamp_from(stamp), str(key)) for name, (stamp, key) in raw.get(_FILES, {}).items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return
        self._entries = {**entries, **self._entries}
        self._files = {**files, **self._files}

    def _write_index(self) -> None:
        if self._cache is not None:
            from safetyapp.domain.canonical import canonical_json

            entries = {key: entry._asdict() for key, entry in self._entries.items()}
            _write(self._cache / _INDEX, canonical_json({**entries, _FILES: self._files}))


def _yaml_files(folder: Path) -> Iterable[Path]:
    """The form files of the folder in order of name; hidden and half-written ones are left out."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError:
        return []
    return [folder / name for name in names if name.endswith((".yaml", ".yml")) and not name.startswith((".", "~"))]


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


def _compiled_name(key: str) -> str:
    return f"{key}-{COMPILER}.json"


def _entry(form: Form) -> FormEntry:
    items = tuple(form.items())
    english = bool(form.title.en) and all(item.question.en for item in items)
    return FormEntry(form.id, form.version, form.sha256, form.title, len(items), ("zh", "en") if english else ("zh",))


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


def _backwards(version: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts versions newest first: numbers as numbers ("10" before "9")."""
    parts = re.findall(r"\d+|\D+", version)
    return (*((-int(p), "") if p.isdecimal() else (1, p) for p in parts), (0, ""))


def _write(path: Path, data: bytes) -> None:
    """Put a cache file in place whole, or not at all; a cache that cannot be written is no reason to stop."""
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError:
        return
