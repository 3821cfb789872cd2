"""What the window is told of a form file that was read; apart from tools.py, which every start loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from safetyapp.domain.form import Form


class FormNote(NamedTuple):
    """A mistake or a warning in a form file: its place in it, and why as "中文。English."."""

    where: str
    why: str


class FormRead(NamedTuple):
    """What a form file held: the form (None: it is refused, for these mistakes), and the version to compare it with,
    the one that counts here or that of its own name. `standing` is one of STANDINGS."""

    form: Form | None
    mistakes: tuple[FormNote, ...] = ()
    warnings: tuple[FormNote, ...] = ()
    standing: str = "new"
    former: Form | None = None


STANDINGS = ("new", "newer", "same", "taken")
"""How a form stands to those that are here: another form, another version (what is imported last counts), this very
one, or another content under the name of a version."""
