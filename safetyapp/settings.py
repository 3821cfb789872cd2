"""One frozen Settings, read once from the environment at the entrance and handed down; and what a workspace chooses."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetyapp.domain.problem import Problem
from safetyapp.texts import language_of

APP_NAME = "safetyapp"
CHOICES = "settings.toml"
"""The file in a workspace that holds its Choices."""


@dataclass(frozen=True, slots=True, repr=False)  # a passphrase is not for printing
class Settings:
    """What the environment decides.

    `workspace` is the folder that holds everything of one user; `language` is zh or en; `passphrase` comes from
    SAFETYAPP_PASSPHRASE; `quit_after_paint` ends the program after its first painted window, for measuring.
    """

    workspace: Path
    language: str
    passphrase: str | None = None
    quit_after_paint: bool = False


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this start. An empty SAFETYAPP_WORKSPACE counts as none."""
    folder = environ.get("SAFETYAPP_WORKSPACE")
    return Settings(
        workspace=Path(folder) if folder else default_workspace(),
        language=language_of(environ),
        passphrase=environ.get("SAFETYAPP_PASSPHRASE") or None,
        quit_after_paint=environ.get("SAFETYAPP_QUIT_AFTER_PAINT") == "1",
    )


def default_workspace() -> Path:
    """The platform's data directory."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)) / "workspace"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the people of one workspace chose, in its `settings.toml`:

    [fonts]
    system = true                         # licensed faces of this computer may be embedded in documents
    [timestamp]
    url = "http://tsa.example.org/tsr"    # an authority for time is asked when something is signed
    [backup]
    days = 7                              # how old the last backup may get before one is reminded of it; 0: never

    The certificate of the authority for time lies in `trust/tsa`, or its stamps are not believed.
    """

    system_fonts: bool = False
    timestamp_url: str = ""
    backup_days: int = 7


_KNOWN = {"fonts": {"system"}, "timestamp": {"url"}, "backup": {"days"}}


def read_choices(workspace: Path) -> Choices:
    """The choices of a workspace; without a file all is as it comes. A file with a mistake is never half followed:
    raises Problem settings-broken."""
    path = workspace / CHOICES
    try:
        text = path.read_bytes().decode("utf-8-sig")  # editors of Windows put a mark before it
    except FileNotFoundError:
        return Choices()
    except (OSError, UnicodeDecodeError) as error:
        raise _broken(path, str(error)) from error
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _broken(path, str(error)) from error
    for name, table in said.items():
        if name not in _KNOWN or not isinstance(table, dict):
            raise _broken(path, f"[{name}]?")
        if unknown := sorted(set(table) - _KNOWN[name]):
            raise _broken(path, f"[{name}] {unknown[0]}?")
    system = said.get("fonts", {}).get("system", False)
    if not isinstance(system, bool):
        raise _broken(path, "[fonts] system = true | false")
    url = said.get("timestamp", {}).get("url", "")
    if not isinstance(url, str) or (url and not _is_address(url)):
        raise _broken(path, '[timestamp] url = "http://…"')
    days = said.get("backup", {}).get("days", 7)
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= 365:
        raise _broken(path, "[backup] days = 0 … 365")
    return Choices(system, url, days)


def write_choice(workspace: Path, table: str, name: str, value: bool | int | str) -> None:
    """Changes one choice in `settings.toml`, whole or not at all; what else stands there stays as it was written.
    Raises Problem settings-broken (a file with a mistake is never written over), bad-setting, not-written."""
    read_choices(workspace)
    path = workspace / CHOICES
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        text = ""
    changed = _with_choice(text, table, name, value)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(changed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Problem("not-written", path=str(path), reason=error.strerror or type(error).__name__) from error


def _with_choice(text: str, table: str, name: str, value: bool | int | str) -> str:
    """The text with the one line changed or added. Raises Problem bad-setting for a value that would not be read."""
    import json

    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    lines = text.splitlines()
    head = next((n for n, old in enumerate(lines) if old.split("#")[0].strip() == f"[{table}]"), None)
    if head is None:
        lines += [*([""] if lines else []), f"[{table}]", line]
    else:
        after = range(
            head + 1, next((n for n in range(head + 1, len(lines)) if lines[n].strip()[:1] == "["), len(lines))
        )
        at = next((n for n in after if lines[n].split("=")[0].strip() == name), None)
        if at is None:
            lines.insert(head + 1, line)
        else:
            lines[at] = line
    changed = "\n".join(lines) + "\n"
    try:
        if tomllib.loads(changed)[table][name] == value and (
            table != "timestamp" or not value or _is_address(str(value))
        ):
            return changed
    except (tomllib.TOMLDecodeError, KeyError):
        pass
    raise Problem("bad-setting", name=f"[{table}] {name}", value=str(value))


def _is_address(url: str) -> bool:
    """An address of the web without what no address has; whether anybody is there shows when it is asked."""
    host = url.removeprefix("https://").removeprefix("http://")
    return host != url and host[:1] not in ("", "/", ":") and url.isprintable() and " " not in url


def _broken(path: Path, reason: str) -> Problem:
    return Problem("settings-broken", path=str(path), reason=reason)
