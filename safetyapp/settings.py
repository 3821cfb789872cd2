"""One frozen Settings, read once from the environment at the entrance and handed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetyapp.texts import language_of

APP_NAME = "safetyapp"


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
