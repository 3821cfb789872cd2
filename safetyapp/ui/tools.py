"""What a window is handed by safetyapp.app: everything it may call, and nothing it could build itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:  # the window opens with this module: what only types need is not loaded with it
    from collections.abc import Callable
    from pathlib import Path

    from safetyapp.domain.form import Form
    from safetyapp.domain.reckoned import Reckon
    from safetyapp.domain.schedule import TeachingCalendar
    from safetyapp.domain.school import Person, School, SchoolClass
    from safetyapp.texts import Texts
    from safetyapp.ui.care_tools import Care
    from safetyapp.ui.form_read import FormRead
    from safetyapp.workflow.inspect import Wording
    from safetyapp.workflow.ports import Clock, Signer, Store
    from safetyapp.workflow.printing import Prints


class FormTitle(NamedTuple):
    """A form as a chooser shows it; `printed` is the title that its documents carry. `items` counts its items."""

    id: str
    version: str
    title: str
    printed: str
    items: int


class Pages(Protocol):
    """The pages of a document as pictures; used from one thread only, closed by the same."""

    @property
    def count(self) -> int: ...

    def size(self, page: int) -> tuple[float, float]:
        """Width and height in points."""

    def render(self, page: int, width: int) -> tuple[int, int, int, bytes]:
        """Page (from 0) at `width` px: (width, height, bytes per line, BGRX bytes)."""

    def close(self) -> None: ...


class ListNote(NamedTuple):
    """A row of a school list that was left out, or a cell of it that was not taken as it stands; `why` is
    "中文。English.". `sheet` is empty where a file has none; `doubt`: a person should look at it."""

    row: int
    why: str
    sheet: str = ""
    column: str = ""
    found: str = ""
    taken_as: str = ""
    doubt: bool = False


class SchoolsRead(NamedTuple):
    """What a school list file held: schools (campuses too), rows left out, and odd cells."""

    schools: tuple[School, ...]
    skipped: tuple[ListNote, ...]
    odd: tuple[ListNote, ...] = ()


class RosterRead(NamedTuple):
    """What a class roster file held. `pupils` is how many rows of single pupils were counted into their classes."""

    classes: tuple[SchoolClass, ...]
    skipped: tuple[ListNote, ...]
    odd: tuple[ListNote, ...] = ()
    pupils: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # each method that is not made spares the start
class Tools:
    """The tools of one open workspace. `start_identity(name, passphrase)` makes the person, key and certificate of a
    new workspace; `warm_up` loads what finalising needs, off the window's thread, after the first paint.

    `is_form_file` and `read_form` are for a worker, the others about forms for the data thread. `newer_form` gives the
    version that new inspections follow, where it is another than this one. `calendar` reads the teaching calendar,
    `care` makes what settings are handed.
    """

    workspace: Path
    store: Store
    signer: Signer
    clock: Clock
    texts: Texts
    forms: Callable[[], tuple[FormTitle, ...]]
    form: Callable[[str], Form]
    is_form_file: Callable[[Path], bool]
    read_form: Callable[[Path], FormRead]
    add_form: Callable[[Form], None]
    newer_form: Callable[[Form], Form | None]
    calendar: Callable[[], TeachingCalendar]
    read_schools: Callable[[Path], SchoolsRead]
    read_roster: Callable[[Path], RosterRead]
    pages: Callable[[bytes], Pages]
    prints: Prints
    wording: Wording
    reckon: Reckon
    new_id: Callable[[], str]
    start_identity: Callable[[str, str], Person]
    warm_up: Callable[[], None]
    care: Callable[[], Care]
    app_version: str
