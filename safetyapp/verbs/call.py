"""What a verb is handed, the call with its settings and texts, and what it hands back, the answer."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.domain.canonical import Plain
from safetyapp.domain.problem import Problem
from safetyapp.settings import Settings
from safetyapp.texts import Texts

if TYPE_CHECKING:
    from safetyapp.ui.tools import Tools


@dataclass(frozen=True, slots=True)
class Call:
    """One call: what was typed, the settings, and the language."""

    arguments: argparse.Namespace
    settings: Settings
    texts: Texts

    @contextlib.contextmanager
    def workspace(self, write: bool = True) -> Iterator[Tools]:
        """The open workspace; a reader needs no lock and leaves no trace. Raises Problem no-workspace."""
        from safetyapp.app import open_workspace

        tools = open_workspace(self.settings, write=write, wait=10.0)
        try:
            yield tools
        finally:
            tools.store.close()

    def passphrase(self, prompt: str = "cli.passphrase") -> str:
        """From the file, the environment, or a prompt (`prompt` is the key of its text). Raises Problem no-passphrase
        when there is nobody to ask."""
        file: Path | None = self.arguments.passphrase_file
        if file is not None:
            try:
                return file.read_text(encoding="utf-8").rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise Problem("unreadable-file", path=str(file), reason=type(error).__name__) from error
        if self.settings.passphrase is not None:
            return self.settings.passphrase
        if not sys.stdin.isatty():
            raise Problem("no-passphrase")
        return getpass.getpass(self.texts.say(prompt))

    def passphrase_if_any(self) -> str | None:
        """The same for what can do without; None when there is nobody to ask, or they answer with nothing."""
        try:
            return self.passphrase() or None
        except Problem as problem:
            if problem.code == "no-passphrase":
                return None
            raise


@dataclass(frozen=True, slots=True)
class Answered:
    """What a verb answers: `data` for --json, `lines` for people, and the exit code. `is_told`: the verb has said it
    already, while it ran."""

    data: Plain
    lines: tuple[str, ...] = ()
    exit: int = 0
    is_told: bool = False


def told(problem: Problem) -> Problem:
    """The problem as one line can tell it: a refused file with place and code of its first mistake, and no text that a
    person typed at more than a line's length."""
    facts = {name: _cut(fact) if isinstance(fact, str) else fact for name, fact in problem.facts.items()}
    mistakes = getattr(problem, "mistakes", ())
    if mistakes:
        facts["first"] = str(mistakes[0])
    return Problem(problem.code, **facts)


def _cut(text: str, longest: int = 300) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
