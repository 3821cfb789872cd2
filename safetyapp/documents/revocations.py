"""The list of certificates that were taken back 吊销名单, a file beside the trusted authorities: `trust/revoked.toml`.

    [[revoked]]
    serial = "5f3a91c0"                         # hexadecimal, as `safetyapp key show` prints it
    revoked_at = 2026-11-24T08:00:00+08:00
    why = "key-lost"                            # left | key-lost | mistake; key-lost when it is not said

A file with a mistake may have lost the very line that matters, so all of it counts as unreadable.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from safetyapp.documents.authority import write_whole
from safetyapp.domain.problem import Problem
from safetyapp.domain.revocation import Revocation, RevokedFor

FILE = "revoked.toml"
_LARGEST = 10_000_000
"""Bytes: a hundred thousand entries."""


def read_revocations(trust: Path) -> tuple[Revocation, ...]:
    """The list in the folder; none where there is no file. Raises Problem revocations-broken."""
    path = trust / FILE
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise Problem("revocations-broken", path=str(path), reason=error.strerror or type(error).__name__) from error
    try:
        if len(data) > _LARGEST:
            raise ValueError("too large")
        return _entries(data)
    except (ValueError, RecursionError) as error:
        raise Problem("revocations-broken", path=str(path), reason=str(error)) from error


def add_revocations(trust: Path, more: Iterable[Revocation]) -> None:
    """Adds entries to the list, whole or not at all; what stands there stays as it was written. One that is there
    already is not added again. Raises Problem revocations-broken, not-written."""
    known = {(one.serial.lower(), one.why) for one in read_revocations(trust)}
    new = [one for one in more if (one.serial.lower(), one.why) not in known]
    if not new:
        return
    path = trust / FILE
    try:
        before = path.read_bytes() if path.exists() else b""
        lines = [
            f'\n[[revoked]]\nserial = "{o.serial}"\nrevoked_at = {o.revoked_at.isoformat()}\nwhy = "{o.why}"\n'
            for o in new
        ]
        trust.mkdir(parents=True, exist_ok=True)
        write_whole(path, before.rstrip() + b"\n" * bool(before) + "".join(lines).encode(), secret=False)
    except OSError as error:
        raise Problem("not-written", path=str(path), reason=error.strerror or type(error).__name__) from error


@lru_cache(maxsize=4)
def _entries(data: bytes) -> tuple[Revocation, ...]:
    """By the bytes themselves: a stick of documents asks for the same list again and again. Raises ValueError."""
    said = tomllib.loads(data.decode("utf-8-sig"))
    entries = said.pop("revoked", [])
    if said:
        raise ValueError(f"{next(iter(said))}?")
    if not isinstance(entries, list):
        raise ValueError("[[revoked]]")
    return tuple(_entry(number, entry) for number, entry in enumerate(entries, 1))


def _entry(number: int, said: object) -> Revocation:
    """Raises ValueError that names the entry."""
    if not isinstance(said, dict):
        raise ValueError(f"[[revoked]] {number}")
    if unknown := sorted(set(said) - {"serial", "revoked_at", "why"}):
        raise ValueError(f"[[revoked]] {number}: {unknown[0]}?")
    serial, at, why = said.get("serial"), said.get("revoked_at"), said.get("why", RevokedFor.KEY_LOST.value)
    if not isinstance(serial, str) or not _is_hexadecimal(serial):
        raise ValueError(f"[[revoked]] {number}: serial = {serial!r}")
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ValueError(f"[[revoked]] {number}: revoked_at = {at}")
    if not isinstance(why, str) or why not in set(RevokedFor):
        raise ValueError(f"[[revoked]] {number}: why = {why!r}")
    return Revocation(serial, at, RevokedFor(why))


def _is_hexadecimal(text: str) -> bool:
    return text.isascii() and text.isalnum() and all(c in "0123456789abcdef" for c in text.lower())
