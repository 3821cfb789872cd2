"""What settings, first start and fault card are handed beside the tools of the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from safetyapp.domain.backup import LastBackup
    from safetyapp.domain.problem import Problem
    from safetyapp.domain.progress import Progress
    from safetyapp.domain.school import Person, Role
    from safetyapp.domain.verdict import Verdict
    from safetyapp.ui.tools import Tools


class KeyFacts(NamedTuple):
    """The source that signs: `kind` is own, pkcs12 or token; `place` where a token's key is; `doubt` why nothing can be
    signed with it now."""

    kind: str
    holder: str
    issuer: str
    valid_until: datetime
    days: int
    serial: str
    fingerprint: str
    place: str
    doubt: Problem | None


class Chosen(NamedTuple):
    """What the workspace chose."""

    system_fonts: bool
    timestamp_url: str
    backup_days: int


class FontFacts(NamedTuple):
    """Which face prints a role; `source` is installed, bundled or stands-in; `refused` are faces, each with why."""

    role: str
    face: str
    source: str
    refused: tuple[tuple[str, str], ...]


class FormFacts(NamedTuple):
    """A version of a form that is here; of each form the newest stands first, and new inspections follow it."""

    id: str
    version: str
    title: str
    items: int
    is_current: bool


class BackupFacts(NamedTuple):
    """What is known of backups, and whether one is due."""

    last: LastBackup | None
    is_due: bool
    days: int


class BackupContents(NamedTuple):
    """What a backup file says of itself."""

    made_at: datetime
    person: str
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """The demonstration: its folder, whether it is there, whether this window shows it, and the word that opens its
    keys."""

    folder: Path
    is_there: bool
    is_here: bool
    passphrase: str


class JoinFacts(NamedTuple):
    """Whom an enrolment file is for: name, role, how many schools, the hub's addresses, the fingerprint of the
    district's certificate (to be compared), until when. `makes_key`: accepting it makes a key; an answer
    to a request only brings the certificate."""

    name: str
    role: Role
    schools: int
    addresses: tuple[str, ...]
    fingerprint: str
    until: datetime
    makes_key: bool


class Care(Protocol):
    """Everything here is for a worker but `end_log` and the paths. The openers are called when nothing is open any
    more. Raises domain.problem.Problem."""

    def key(self) -> KeyFacts: ...
    def use_key_file(self, path: Path, passphrase: str) -> KeyFacts: ...
    def use_key_token(
        self, module: Path, label: str, key: str, pin: str, certificate: Path | None = None
    ) -> KeyFacts: ...
    def use_own_key(self) -> KeyFacts: ...

    def chosen(self) -> Chosen: ...
    def choose(self, table: str, name: str, value: bool | int | str) -> Chosen: ...
    def settings_file(self) -> Path: ...
    def fonts(self) -> tuple[FontFacts, ...]: ...
    def test_timestamp(self, url: str) -> float:
        """Asks the authority once; the seconds that it took."""

    def photo_limits(self) -> tuple[int, int]:
        """Megabytes of one photo, and pixels of the longer side of its copy for print."""

    def forms(self) -> tuple[FormFacts, ...]: ...

    def backup(self) -> BackupFacts: ...
    def back_up(self, folder: Path, progress: Progress) -> LastBackup: ...
    def read_backup(self, file: Path) -> BackupContents: ...
    def unpack_backup(self, file: Path, progress: Progress) -> Path: ...
    def restore(self, unpacked: Path) -> Callable[[str], Tools]:
        """The unpacked workspace takes the place of this one, which goes aside; what opens it then."""

    def demo(self) -> DemoFacts: ...
    def build_demo(self, progress: Progress) -> DemoFacts: ...
    def open_demo(self, role: Role) -> Callable[[str], Tools]: ...
    def leave_demo(self) -> Callable[[str], Tools]: ...
    def delete_demo(self) -> Callable[[str], Tools]:
        """The folder of the demonstration, and nothing else; what opens the workspace it was built beside."""

    def again(self) -> Callable[[str], Tools]: ...

    def read_enrolment(self, file: Path) -> JoinFacts: ...
    def join(self, file: Path, passphrase: str) -> Person:
        """Becomes the person of an enrolment file, over the network, or by the answer to a request."""

    def write_request(self, file: Path, to: Path, passphrase: str) -> None:
        """With no network: what the office answers with a file."""

    def verify_file(self, path: Path) -> tuple[bytes, Verdict]: ...

    def begin_log(self) -> Path | None:
        """From now on the log is kept; the file that tells how the last run ended when it did not end by itself."""

    def end_log(self) -> None: ...
    def log_file(self) -> Path: ...
    def manual(self) -> Path | None:
        """The folder of the documentation, where it came with the program."""
