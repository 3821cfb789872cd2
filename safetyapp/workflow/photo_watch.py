"""A folder that is watched for pictures: a card's DCIM, a folder that a phone copies into. Nothing in it is changed.

A file comes when two looks in a row find it the same: one that is still being copied grows in between.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from safetyapp.domain.photo_tray import PICTURES

MEMORY = "watch.json"
"""The file in a workspace that names the folder that is watched, and what came out of it already."""
DEEPEST = 4
"""Folders within the folder that are looked into: DCIM/100APPLE and the like."""
MOST_FILES = 20_000
PATIENCE = 5
"""Looks that a file which cannot be opened yet is given, while it does not change, before that is said."""
_TAIL = 512
"""Bytes at a file's end which are all zero while its place on the disk is only reserved."""


class Facts(NamedTuple):
    """A file as one look finds it."""

    size: int
    changed_ns: int


class Remembered(NamedTuple):
    """What one workspace remembers. `folder` is empty when none was ever watched; `seen` names files that came in
    already, or were there before and too old, with size and time: another file of that name is another."""

    folder: str = ""
    is_on: bool = False
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found: pictures that are ready, oldest first, how many are still growing, and how many were passed
    over because they are older than the inspection. `is_there` is False while the drive is pulled out."""

    is_there: bool
    ready: tuple[Path, ...] = ()
    growing: int = 0
    older: int = 0

    @property
    def is_quiet(self) -> bool:
        return not self.ready and not self.growing


@dataclass(eq=False, slots=True)
class FolderWatch:
    """Looks into a folder again and again, from one thread at a time. Of what is there when the folder is first seen,
    only pictures from the day `since` on are taken; what appears later is, whatever a camera's clock says of it."""

    folder: Path
    since: date
    seen: set[str] = field(default_factory=set)
    _before: Mapping[str, Facts] = field(default_factory=dict)
    _is_first: bool = True
    _tries: Counter[str] = field(default_factory=Counter)

    def look(self) -> Look:
        """One look. What is ready stays ready until `took` or `refused` is told."""
        now = listing(self.folder)
        if now is None:
            self._before, self._is_first = {}, True
            return Look(is_there=False)
        fresh = {name: facts for name, facts in now.items() if _key(name, facts) not in self.seen}
        older = 0
        if self._is_first:
            old = {n: f for n, f in fresh.items() if datetime.fromtimestamp(f.changed_ns / 1e9).date() < self.since}
            self.seen.update(_key(n, f) for n, f in old.items())
            older = len(old)
            fresh = {n: f for n, f in fresh.items() if n not in old}
        self._is_first = False
        ready = [n for n, f in fresh.items() if self._before.get(n) == f and self._is_whole(n, f)]
        self._before = fresh
        ready.sort(key=lambda n: (fresh[n].changed_ns, n))
        return Look(True, tuple(self.folder / n for n in ready), len(fresh) - len(ready), older)

    def took(self, path: Path) -> None:
        """It came in, or had come in before: it will not be ready again."""
        name = path.relative_to(self.folder).as_posix()
        if name in self._before:
            self.seen.add(_key(name, self._before[name]))

    def refused(self, path: Path) -> bool:
        """It could not be read. True when that is to be said: it has stayed as it is for several looks, and will not be
        ready again unless it changes."""
        name = path.relative_to(self.folder).as_posix()
        facts = self._before.get(name)
        if facts is None:
            return False
        self._tries[_key(name, facts)] += 1
        if self._tries[_key(name, facts)] < PATIENCE:
            return False
        self.seen.add(_key(name, facts))
        return True

    def _is_whole(self, name: str, facts: Facts) -> bool:
        """Whether a file that stands still is worth opening: it may be empty, or reserved and not yet written."""
        if facts.size and not _ends_blank(self.folder / name):
            return True
        self._tries[_key(name, facts)] += 1
        return self._tries[_key(name, facts)] >= PATIENCE


def listing(folder: Path) -> dict[str, Facts] | None:
    """The picture files in a folder and in those within, by their path from there; None when it is not there."""
    found: dict[str, Facts] = {}
    try:
        os.scandir(folder).close()
    except OSError:
        return None
    for path, facts in _files(folder, "", DEEPEST):
        found[path] = facts
        if len(found) >= MOST_FILES:
            break
    return found


def _files(folder: Path, above: str, depth: int) -> Iterator[tuple[str, Facts]]:
    """What goes away meanwhile, a file or a whole drive, is left out: the next look says it."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):  # what phones and systems keep for themselves: previews, the bin
                continue
            if entry.is_file() and entry.name.rpartition(".")[2].lower() in PICTURES:
                with suppress(OSError):
                    status = entry.stat()
                    yield above + entry.name, Facts(status.st_size, status.st_mtime_ns)
            elif depth > 1 and entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path), f"{above}{entry.name}/", depth - 1)


def _ends_blank(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-min(_TAIL, os.fstat(file.fileno()).st_size), os.SEEK_END)
            return not any(file.read(_TAIL))
    except OSError:
        return True


def _key(name: str, facts: Facts) -> str:
    return f"{name}|{facts.size}|{facts.changed_ns}"


def recall_watch(workspace: Path) -> Remembered:
    """What was remembered; a file that cannot be read is as none."""
    try:
        data = json.loads((workspace / MEMORY).read_text(encoding="utf-8"))
        return Remembered(str(data["folder"]), bool(data["is_on"]), frozenset(map(str, data["seen"])))
    except (OSError, ValueError, KeyError, TypeError):
        return Remembered()


def remember_watch(workspace: Path, folder: str, is_on: bool, seen: Iterable[str]) -> None:
    """Writes it, whole or not at all. Where it cannot be written, pictures are recognised by their bytes."""
    part = workspace / (MEMORY + ".part")
    try:
        data = {"folder": folder, "is_on": is_on, "seen": sorted(seen)}
        part.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        part.replace(workspace / MEMORY)
    except OSError:
        part.unlink(missing_ok=True)
