"""The care of one open workspace, as the window is handed it; what is slow to import comes when it is asked for."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from safetyapp.domain.problem import Problem
from safetyapp.settings import CHOICES, read_choices, write_choice
from safetyapp.ui.care_tools import (
    BackupContents,
    BackupFacts,
    Chosen,
    DemoFacts,
    FontFacts,
    FormFacts,
    JoinFacts,
    KeyFacts,
)

if TYPE_CHECKING:
    from datetime import datetime

    from safetyapp.care.logs import WorkspaceLog
    from safetyapp.connect import Workplace
    from safetyapp.domain.backup import LastBackup
    from safetyapp.domain.progress import Progress
    from safetyapp.domain.school import Person, Role
    from safetyapp.domain.verdict import Verdict
    from safetyapp.forms.library import Library
    from safetyapp.store.store import SqliteStore
    from safetyapp.ui.tools import Tools
    from safetyapp.workflow.ports import Clock, Signer

DEMO_MARK = "demonstration"
"""The file in a workspace that makes it a demonstration: its papers say so on every page."""
PASSPHRASE = "passphrase.txt"

Opener = Callable[[str], "Tools"]


class MakeDemo(Protocol):
    """Builds the demonstration in an empty folder, whole or not at all."""

    def __call__(self, folder: Path, language: str, progress: Progress) -> object: ...


class Desk:
    """The Care of one workspace."""

    def __init__(
        self,
        workspace: Path,
        store: SqliteStore,
        clock: Clock,
        signer: Signer,
        library: Library,
        language: str,
        opener: Callable[[Path], Opener],
        make_demo: MakeDemo | None,
        home: Path,
    ) -> None:
        """`home` is the workspace that a demonstration is built beside, and that one comes back to from it."""
        self._workspace, self._store, self._clock, self._signer = workspace, store, clock, signer
        self._library, self._language = library, language
        self._opener, self._make_demo, self._home = opener, make_demo, home
        self._log: WorkspaceLog | None = None

    # the key

    @property
    def _keys(self) -> Path:
        return self._workspace / "keys"

    @property
    def _trust(self) -> Path:
        return self._workspace / "trust"

    def key(self) -> KeyFacts:
        from safetyapp.documents.key_change import describe_key

        now = self._clock.now()
        key = describe_key(self._keys, self._trust, now)
        place = f"{key.place.module} · {key.place.token} · {key.place.key}" if key.place else ""
        days = (key.valid_until - now).days
        return KeyFacts(
            key.kind.value, key.holder, key.issuer, key.valid_until, days, key.serial, key.fingerprint, place, key.doubt
        )

    def use_key_file(self, path: Path, passphrase: str) -> KeyFacts:
        from safetyapp.documents.key_change import use_pkcs12

        use_pkcs12(self._keys, path, passphrase, self._trust, self._me(), self._clock.now())
        return self.key()

    def use_key_token(self, module: Path, label: str, key: str, pin: str, certificate: Path | None = None) -> KeyFacts:
        from safetyapp.documents.key_change import use_token
        from safetyapp.documents.keysource import TokenPlace

        place = TokenPlace(str(module), label, key)
        use_token(self._keys, place, pin, self._trust, self._me(), self._clock.now(), certificate)
        return self.key()

    def use_own_key(self) -> KeyFacts:
        from safetyapp.documents.key_change import use_own

        use_own(self._keys, self._clock.now())
        return self.key()

    def _me(self) -> Person:
        me = self._store.me()
        if me is None:
            raise Problem("no-identity")
        return me

    # choices

    def chosen(self) -> Chosen:
        choices = read_choices(self._workspace)
        return Chosen(choices.system_fonts, choices.timestamp_url, choices.backup_days)

    def choose(self, table: str, name: str, value: bool | int | str) -> Chosen:
        write_choice(self._workspace, table, name, value)
        return self.chosen()

    def settings_file(self) -> Path:
        return self._workspace / CHOICES

    def fonts(self) -> tuple[FontFacts, ...]:
        from safetyapp.documents.fonts import font_report

        return tuple(
            FontFacts(
                one.role.value,
                one.name,
                one.source.value,
                tuple((r.name, r.refusal.value if r.refusal else "broken") for r in one.refused),
            )
            for one in font_report(read_choices(self._workspace).system_fonts)
        )

    def test_timestamp(self, url: str) -> float:
        from safetyapp.documents.authority import read_trust
        from safetyapp.documents.signer import STAMPERS
        from safetyapp.documents.timestamp import stamp_signature
        from safetyapp.sync.timestamp import over_http

        began = time.monotonic()
        stamp_signature(b"test", over_http(url), read_trust(self._trust / STAMPERS))
        return time.monotonic() - began

    def photo_limits(self) -> tuple[int, int]:
        from safetyapp.store.photos import LARGEST_PHOTO
        from safetyapp.store.pictures import PRINT_SIDE

        return LARGEST_PHOTO // 1024 // 1024, PRINT_SIDE

    def forms(self) -> tuple[FormFacts, ...]:
        seen: set[str] = set()
        found: list[FormFacts] = []
        for entry in self._library.list():
            title = entry.title.in_language(self._language)
            found.append(FormFacts(entry.id, entry.version, title, entry.items, entry.id not in seen))
            seen.add(entry.id)
        return tuple(found)

    # backups

    def backup(self) -> BackupFacts:
        from safetyapp.domain.backup import is_due
        from safetyapp.store import backup

        days = read_choices(self._workspace).backup_days
        last = backup.last_backup(self._workspace)
        changes, first = backup.changes(self._store), backup.first_work(self._store)
        return BackupFacts(last, is_due(last, changes, first, self._clock.now(), days), days)

    def back_up(self, folder: Path, progress: Progress) -> LastBackup:
        from safetyapp.store import backup

        now = self._clock.now()
        return backup.back_up(self._store, _free_name(folder, self._language, now), now, progress)

    def read_backup(self, file: Path) -> BackupContents:
        from safetyapp.store import backup

        told = backup.read_contents(file)
        return BackupContents(told.made_at, told.person, told.files, told.size)

    def unpack_backup(self, file: Path, progress: Progress) -> Path:
        from safetyapp.store import backup

        part = self._workspace.with_name(f".{self._workspace.name}.restoring")
        shutil.rmtree(part, ignore_errors=True)  # of a run that was killed; what is in it is in the backup
        backup.unpack(file, part, progress)
        return part

    def restore(self, unpacked: Path) -> Opener:
        from safetyapp.store import backup

        backup.take_place(unpacked, self._workspace, self._clock.now())
        return self.again()

    # the demonstration

    @property
    def _demo(self) -> Path:
        return self._home.parent / "demo"

    def demo(self) -> DemoFacts:
        there = (self._demo / "laptop-1" / DEMO_MARK).is_file()
        here = (self._workspace / DEMO_MARK).is_file()
        word = ""
        with suppress(OSError):  # the folder may have been opened by its own path
            folder = self._workspace.parent if here else self._demo
            word = (folder / PASSPHRASE).read_text(encoding="utf-8").strip()
        return DemoFacts(self._demo, there, here, word)

    def build_demo(self, progress: Progress) -> DemoFacts:
        if self._make_demo is None:
            raise Problem("no-demo")
        if not self.demo().is_there:
            self._make_demo(self._demo, self._language, progress)
        return self.demo()

    def open_demo(self, role: Role) -> Opener:
        return self._opener(self._demo / ("office" if role.value == "office" else "laptop-1"))

    def leave_demo(self) -> Opener:
        return self._opener(self._home)

    def delete_demo(self) -> Opener:
        if self.demo().is_there:  # a folder of that name that is none of ours stays
            gone = self._demo.with_name(f".{self._demo.name}.gone")
            try:
                shutil.rmtree(gone, ignore_errors=True)
                self._demo.rename(gone)
                shutil.rmtree(gone)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise Problem("not-deleted", path=str(self._demo), reason=reason) from error
        return self._opener(self._home)

    def again(self) -> Opener:
        return self._opener(self._workspace)

    # the district

    def _place(self) -> Workplace:
        from safetyapp.connect import Workplace

        return Workplace(self._workspace, self._store, self._signer, self._clock)

    def read_enrolment(self, file: Path) -> JoinFacts:
        from safetyapp.care import joining

        return joining.read_enrolment(self._place(), file)

    def join(self, file: Path, passphrase: str) -> Person:
        from safetyapp.care import joining

        return joining.join(self._place(), file, passphrase)

    def write_request(self, file: Path, to: Path, passphrase: str) -> None:
        from safetyapp.care import joining

        joining.write_request(self._place(), file, to, passphrase)

    def verify_file(self, path: Path) -> tuple[bytes, Verdict]:
        from safetyapp.workflow.exchange import read_document

        data = read_document(path)
        return data, self._signer.verify(data)

    # the log

    def begin_log(self) -> Path | None:
        from safetyapp.care.logs import WorkspaceLog

        if self._log is None:
            try:
                self._log = WorkspaceLog(self._workspace)
            except OSError:  # on a disk that takes nothing there is no log, and that is no reason to trouble anybody
                return None
        return self._log.began_after_crash

    def end_log(self) -> None:
        log, self._log = self._log, None
        if log is not None:
            log.end()

    def log_file(self) -> Path:
        from safetyapp.care.logs import FOLDER, LOG

        return self._workspace / FOLDER / LOG

    def manual(self) -> Path | None:
        folder = Path(__file__).parent.parent.parent / "docs"
        return folder if folder.is_dir() else None


def _free_name(folder: Path, language: str, now: datetime) -> Path:
    """A name that tells what it is and when; none that is there is used again."""
    stem = f"{'校安检备份' if language == 'zh' else 'safetyapp-backup'}-{now:%Y%m%d-%H%M}"
    path, number = folder / f"{stem}.zip", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.zip"
    return path
