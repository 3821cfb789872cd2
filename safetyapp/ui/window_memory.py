"""What the window remembers between two starts: place, theme, text scale, language. A small JSON in the workspace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from safetyapp.texts import LANGUAGES
from safetyapp.ui.look import Mode
from safetyapp.ui.metrics import SCALES

if TYPE_CHECKING:
    from pathlib import Path

FILE = "window.json"


class Memory(NamedTuple):
    """`place` is x, y, width, height of the normal window; `language` is empty while nobody chose one."""

    mode: str = Mode.SYSTEM.value
    percent: int = 100
    language: str = ""
    place: tuple[int, ...] = ()
    maximised: bool = False


def recall(workspace: Path) -> Memory:
    """What was remembered; a file that cannot be read is as none."""
    try:
        data = json.loads((workspace / FILE).read_text(encoding="utf-8"))
        place = tuple(int(n) for n in data.get("place", ()))
        memory = Memory(
            mode=Mode(data["mode"]).value,
            percent=int(data["percent"]),
            language=str(data["language"]),
            place=place if len(place) == 4 else (),
            maximised=bool(data["maximised"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Memory()
    if memory.percent not in SCALES or memory.language not in ("", *LANGUAGES):
        return Memory()
    return memory


def remember(workspace: Path, memory: Memory) -> None:
    """Writes it, whole or not at all; a full or read-only disk is no reason to trouble anybody here."""
    part = workspace / (FILE + ".part")
    try:
        part.write_text(json.dumps(memory._asdict()), encoding="utf-8")
        part.replace(workspace / FILE)
    except OSError:
        part.unlink(missing_ok=True)
