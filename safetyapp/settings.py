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

    The certificate of the authority for time lies in `trust/tsa`, or its stamps are not believed.
    """

    system_fonts: bool = False
    timestamp_url: str = ""


_KNOWN = {"fonts": {"system"}, "timestamp": {"url"}}


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
    return Choices(system, url)


def _is_address(url: str) -> bool:
    """An address of the web without what no address has; whether anybody is there shows when it is asked."""
    host = url.removeprefix("https://").removeprefix("http://")
    return host != url and host[:1] not in ("", "/", ":") and url.isprintable() and " " not in url


def _broken(path: Path, reason: str) -> Problem:
    return Problem("settings-broken", path=str(path), reason=reason)
