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
    system = true      # licensed faces of this computer may be embedded in documents
    """

    system_fonts: bool = False


_KNOWN = {"fonts": {"system"}}


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
    return Choices(system)


def _broken(path: Path, reason: str) -> Problem:
    return Problem("settings-broken", path=str(path), reason=reason)
