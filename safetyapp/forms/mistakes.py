"""What is wrong in a file that somebody wrote: each mistake with its place, a stable code and a sentence."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safetyapp.domain.problem import Problem

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from pathlib import Path

MOST_MISTAKES = 200
LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of a form that is read at all."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """`where` is "file:line" ("file" alone when no line is to blame); `message` is "中文。English."."""

    where: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.code}: {self.message}"


class FileRefused(Problem):
    """A file that is not taken in at all. `mistakes` names everything found, in the order of the file."""

    CODE = "file-refused"

    def __init__(self, name: str, mistakes: tuple[Mistake, ...]) -> None:
        first = mistakes[0].message if mistakes else ""
        super().__init__(self.CODE, name=name, count=len(mistakes), first=first)
        self.name = name
        self.mistakes = mistakes

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes) or self.name


class FormRefused(FileRefused):
    """A form that does not open; a form never opens half."""

    CODE = "form-refused"


class ListRefused(FileRefused):
    """A school list in which nothing can be read."""

    CODE = "list-refused"


class Notes:
    """Collects the mistakes and the warnings of one file while it is read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._mistakes: list[tuple[int, Mistake]] = []
        self._warnings: list[tuple[int, Mistake]] = []

    def mistake(self, line: int, code: str, zh: str, en: str) -> None:
        """Note something that keeps the file out; `line` counts from 1, 0 when there is none."""
        self._mistakes.append((line, self._note(line, code, zh, en)))

    def warning(self, line: int, code: str, zh: str, en: str) -> None:
        """Note something that somebody should look at; the file still opens."""
        self._warnings.append((line, self._note(line, code, zh, en)))

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        return _in_order(self._mistakes)

    @property
    def warnings(self) -> tuple[Mistake, ...]:
        return _in_order(self._warnings)

    def place_named(self, line: int) -> tuple[str, str]:
        """A line as a message speaks of it, in Chinese and English."""
        return f"第 {line} 行", f"line {line}"

    def _note(self, line: int, code: str, zh: str, en: str) -> Mistake:
        where = f"{self.name}:{line}" if line else self.name
        return Mistake(where, code, f"{zh}。{en}.")


def read_bytes(path: Path, notes: Notes) -> bytes | None:
    """The bytes of a file, one more than LARGEST_FILE at most; None after noting why it cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, a device has no end
            notes.mistake(0, "no-file", "这不是普通文件", "This is not an ordinary file")
            return None
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        reason = shown(error.strerror or type(error).__name__)
        notes.mistake(0, "unreadable", f"文件打不开（{reason}）", f"The file cannot be opened ({reason})")
        return None


def shown(text: str, longest: int = 40) -> str:
    """A piece of the file as it may stand in a message: cut to length, without characters that no terminal can show."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return "".join(c if is_printable(c) else "�" for c in cut)


def is_printable(character: str) -> bool:
    """Whether the character can be printed and written as UTF-8 (no controls, no lone surrogates)."""
    import unicodedata

    return unicodedata.category(character) not in ("Cc", "Cs")


def _in_order(notes: list[tuple[int, Mistake]]) -> tuple[Mistake, ...]:
    return tuple(mistake for _, mistake in sorted(notes, key=lambda note: note[0]))[:MOST_MISTAKES]
