"""The entrance: builds the rooms, introduces them to each other and hands them out. The one place that knows all.

Nothing heavy is imported at the top: what finalising needs is loaded when it is needed, or after the first paint.
"""

from __future__ import annotations

import functools
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts, built_in_forms
from safetyapp.ui.tools import FormTitle, ListNote, RosterRead, SchoolsRead, Tools

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from safetyapp.care.desk import MakeDemo
    from safetyapp.documents.signer import DocumentSigner
    from safetyapp.domain.any_record import AnyRecord
    from safetyapp.domain.backup import LastBackup
    from safetyapp.domain.form import Form, Item, ItemId
    from safetyapp.domain.inspection import Answer, Inspection, Sha256
    from safetyapp.domain.print_job import PrintJob
    from safetyapp.domain.progress import Progress
    from safetyapp.domain.reckoned import Reckon, Reckoned
    from safetyapp.domain.record import Author
    from safetyapp.domain.schedule import TeachingCalendar
    from safetyapp.domain.school import Person, Role
    from safetyapp.domain.verdict import Verdict
    from safetyapp.forms.library import Library
    from safetyapp.settings import Choices, Settings
    from safetyapp.store.store import SqliteStore
    from safetyapp.ui.care_tools import Care
    from safetyapp.ui.form_read import FormRead
    from safetyapp.ui.tools import Pages
    from safetyapp.workflow.ports import Clock, Store

APP_VERSION = "0.1.0"


class SystemClock:
    """The laptop's clock, with its offset."""

    def now(self) -> datetime:
        return datetime.now().astimezone().replace(microsecond=0)


class NewWorkspace(NamedTuple):
    """A workspace that has just been made, and its trust certificate."""

    workspace: Path
    ca: Path


class Examined(NamedTuple):
    """What `doctor` found; a problem is a sentence for people."""

    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def keys_folder(workspace: Path) -> Path:
    return workspace / "keys"


def trust_folder(workspace: Path) -> Path:
    return workspace / "trust"


def open_workspace(
    settings: Settings, write: bool = True, wait: float = 0.0, clock: SystemClock | None = None
) -> Tools:
    """The tools of an existing workspace. Raises Problem no-workspace, workspace-open (another process writes; after
    `wait` seconds) and what the store raises."""
    if not (settings.workspace / "safetyapp.sqlite3").is_file():
        raise Problem("no-workspace", path=str(settings.workspace))
    return build_tools(settings.workspace, settings.language, write=write, wait=wait, clock=clock)


def build_tools(
    workspace: Path,
    language: str = "zh",
    write: bool = True,
    wait: float = 0.0,
    clock: SystemClock | None = None,
    new_id: Callable[[], str] | None = None,
    make_demo: MakeDemo | None = None,
    home: Path | None = None,
) -> Tools:
    """The tools of a workspace folder, which is made when it is not there. `make_demo` builds the demonstration beside
    `home`, the workspace itself unless another is named."""
    from safetyapp.store.store import SqliteStore

    texts = Texts(language)
    library = forms_library(workspace)
    time = clock or SystemClock()
    store = SqliteStore.open(workspace, mode="write" if write else "read", wait=wait)
    signer = LazySigner(workspace)
    return Tools(
        workspace=workspace,
        store=store,
        signer=signer,
        clock=time,
        texts=texts,
        forms=functools.partial(_form_titles, library, language),
        form=functools.partial(_form, library),
        is_form_file=_is_form_file,
        read_form=functools.partial(_read_form, workspace),
        add_form=functools.partial(_add_form, library),
        newer_form=functools.partial(_newer_form, library),
        calendar=functools.partial(_calendar, workspace),
        read_schools=_read_schools,
        read_roster=_read_roster,
        pages=_pages,
        prints=LazyPrints(),
        wording=_wording,
        reckon=_reckon,
        new_id=new_id or _new_id,
        start_identity=functools.partial(_start_identity, workspace, store, time),
        warm_up=_warm_up,
        care=functools.partial(_care, workspace, store, time, signer, library, language, make_demo, home or workspace),
        app_version=APP_VERSION,
    )


def forms_library(workspace: Path) -> Library:
    """The built-in forms and those that were imported into the workspace, compiled once per version into its cache
    (when there is a workspace)."""
    from safetyapp.forms.library import Library

    cache = workspace / "compiled" if workspace.is_dir() else None
    return Library((built_in_forms(), workspace / "forms"), cache)


def create_workspace(
    workspace: Path,
    role: Role,
    name: str,
    passphrase: str,
    clock: SystemClock | None = None,
    district: str = "",
) -> NewWorkspace:
    """An empty workspace with a certificate authority of its own and the person's key. Raises Problem
    workspace-exists and what the store raises."""
    if (keys_folder(workspace) / "person.pem").exists():
        raise Problem("workspace-exists", path=str(workspace))
    time = clock or SystemClock()
    tools = build_tools(workspace, clock=time)
    try:
        _start_identity(workspace, tools.store, time, name, passphrase, role, district)
    finally:
        tools.store.close()
    return NewWorkspace(workspace, keys_folder(workspace) / "ca.pem")


def verifier(workspace: Path, ca: Path | None) -> Callable[[bytes], Verdict]:
    """Judges documents by one CA certificate, or by what the workspace trusts; what the workspace knows to be revoked
    counts both times. Raises Problem unreadable-file."""
    from safetyapp.documents.authority import read_certificate
    from safetyapp.documents.revocations import read_revocations
    from safetyapp.documents.signer import judge

    if ca is not None:
        revoked = functools.partial(read_revocations, trust_folder(workspace))
        return functools.partial(judge, trust=(read_certificate(ca),), revoked=revoked)
    return LazySigner(workspace).verify


def examine(settings: Settings, repair: bool) -> Examined:
    """Checks the workspace: database, files against their hashes, projections against a rebuild."""
    from safetyapp.store import doctor
    from safetyapp.store.store import SqliteStore

    if not (settings.workspace / "safetyapp.sqlite3").is_file():
        raise Problem("no-workspace", path=str(settings.workspace))
    texts = Texts(settings.language)
    with SqliteStore.open(settings.workspace, mode="write" if repair else "read", wait=10.0) as store:
        read = functools.partial(_record_of, settings.workspace)
        problems = doctor.repair(store, read) if repair else doctor.check(store, deep=True, read=read)
    return Examined(tuple(texts.explain(problem).line() for problem in problems))


def back_up(settings: Settings, file: Path) -> LastBackup:
    """The whole workspace in one new file, beside a window that may be open. Raises what store.backup raises."""
    from safetyapp.store import backup
    from safetyapp.store.store import SqliteStore

    if not (settings.workspace / "safetyapp.sqlite3").is_file():
        raise Problem("no-workspace", path=str(settings.workspace))
    with SqliteStore.open(settings.workspace, mode="read", wait=10.0) as store:
        return backup.back_up(store, file, SystemClock().now())


def restore_backup(settings: Settings, file: Path) -> Path | None:
    """The backup takes the workspace's place; answers where the one that was there is now. Raises what store.backup
    raises."""
    import shutil

    from safetyapp.store import backup

    workspace = settings.workspace.absolute()
    part = workspace.with_name(f".{workspace.name}.restoring")
    shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
    backup.unpack(file, part)
    try:
        return backup.take_place(part, workspace, SystemClock().now())
    finally:
        shutil.rmtree(part, ignore_errors=True)


def open_window(settings: Settings, make_demo: MakeDemo | None = None) -> int:
    """Opens the window on the workspace of these settings; returns when it is closed."""
    import gc

    gc.disable()  # all that a start makes is kept; from then on ui.collector decides when cycles are looked for
    from safetyapp.ui import qt_import  # noqa: F401  # before everything else that knows Qt
    from safetyapp.ui.start import run

    try:
        build = functools.partial(build_tools, settings.workspace, make_demo=make_demo)
        return run(build, settings.language, settings.quit_after_paint)
    finally:
        gc.enable()


def join_district(
    workspace: Path, office: Path, role: Role, name: str, passphrase: str, clock: SystemClock, person_id: str
) -> NewWorkspace:
    """A workspace whose person's certificate the office's authority issues, and which trusts that authority.

    Both folders are at hand and share a passphrase: for the demo district. Enrolment between machines comes later.
    """
    from safetyapp.documents.authority import CA_CERTIFICATE, issue, read_certificate, trust
    from safetyapp.domain.school import Person, PersonId

    tools = build_tools(workspace, clock=clock)
    try:
        person = Person(PersonId(person_id), name, role)
        issue(keys_folder(office), person, passphrase, clock.now(), into=keys_folder(workspace))
        trust(trust_folder(workspace), read_certificate(keys_folder(office) / CA_CERTIFICATE))
        tools.store.save_me(person)
    finally:
        tools.store.close()
    return NewWorkspace(workspace, keys_folder(office) / "ca.pem")


class LazySigner:
    """The documents room, imported when it is first needed: its libraries cost more than the window's start."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def _signer(self) -> DocumentSigner:
        """For signing: as the workspace chose. Raises Problem settings-broken."""
        from safetyapp.settings import read_choices

        return self._signer_for(read_choices(self._workspace))

    def _signer_for(self, chosen: Choices) -> DocumentSigner:
        from safetyapp.documents.revocations import read_revocations
        from safetyapp.documents.signer import DocumentSigner

        ask = None
        if chosen.timestamp_url:
            from safetyapp.sync.timestamp import over_http

            ask = over_http(chosen.timestamp_url)
        trust = trust_folder(self._workspace)
        return DocumentSigner(
            keys_folder(self._workspace),
            trust,
            functools.partial(read_revocations, trust),
            ask=ask,
            allow_system_fonts=chosen.system_fonts,
            watermark=self._watermark(),
        )

    def _watermark(self) -> str:
        from safetyapp.care.desk import DEMO_MARK

        return Texts("zh").say("documents.watermark") if (self._workspace / DEMO_MARK).exists() else ""

    def author(self, person: Person) -> Author:
        return self._signer().author(person)

    def asks_pin(self) -> bool:
        return self._signer().asks_pin()

    def unprintable(self, record: AnyRecord, form: Form | None) -> tuple[str, ...]:
        return self._signer().unprintable(record, form)

    def seal(
        self,
        record: AnyRecord,
        form: Form | None,
        photos: Mapping[Sha256, Path],
        inks: Mapping[Sha256, bytes],
        files: Mapping[Sha256, Path],
        passphrase: str,
        progress: Progress,
    ) -> bytes:
        return self._signer().seal(record, form, photos, inks, files, passphrase, progress)

    def verify(self, data: bytes) -> Verdict:
        """What the workspace chose for its own documents has no say in it."""
        from safetyapp.settings import Choices

        return self._signer_for(Choices()).verify(data)


class LazyPrints:
    """What the documents room makes for printing, imported when somebody prints."""

    def page_count(self, path: Path) -> int:
        from safetyapp.documents.print_file import page_count

        return page_count(path)

    def cover(self, job: PrintJob, by: str, at: datetime) -> tuple[bytes, int]:
        from safetyapp.documents.print_list import cover_list

        return cover_list(job, by, at)

    def merge(
        self, job: PrintJob, cover: bytes | None, paths: Sequence[Path], target: Path, at: datetime, progress: Progress
    ) -> None:
        from safetyapp.documents.print_file import merge

        merge(job, cover, paths, target, at, progress)


def _new_id() -> str:
    import uuid

    return str(uuid.uuid4())


@functools.cache
def _reckoner() -> Reckon:
    from safetyapp.forms.reckon import make_reckoner  # only when a form with expressions is opened

    return make_reckoner()


def _reckon(form: Form, inspection: Inspection, former: Reckoned | None, changed: frozenset[ItemId]) -> Reckoned:
    """What the form's expressions come to; one reckoner serves every workspace, it keeps compiled forms only."""
    return _reckoner()(form, inspection, former, changed)


def _wording(form: Form, item: Item, answer: Answer, inspection: Inspection, reckoned: Reckoned) -> str:
    """Findings are worded in Chinese: they are printed."""
    from safetyapp.workflow.wording import propose_text

    return propose_text(Texts("zh").say, form, item, answer, inspection, reckoned)


def _form_titles(library: Library, language: str) -> tuple[FormTitle, ...]:
    """Of each form the newest version: the one that a new inspection follows."""
    newest = {e.id: e for e in reversed(library.list())}  # the list has the newest of each first
    entries = [newest[form_id] for form_id in sorted(newest)]
    return tuple(FormTitle(e.id, e.version, e.title.in_language(language), e.title.zh, e.items) for e in entries)


def _form(library: Library, form_id: str) -> Form:
    return library.form(form_id)


def _is_form_file(path: Path) -> bool:
    from safetyapp.forms.any_form import looks_like_form

    return looks_like_form(path)


def _read_form(workspace: Path, path: Path) -> FormRead:
    """Runs on a worker beside the data thread, so it looks at a library of its own."""
    from safetyapp.forms.any_form import read_any
    from safetyapp.ui.form_read import FormNote, FormRead

    form, notes = read_any(path)
    warnings = tuple(FormNote(m.where, m.message) for m in notes.warnings)
    if form is None:
        return FormRead(None, tuple(FormNote(m.where, m.message) for m in notes.mistakes), warnings)
    return FormRead(form, (), warnings, *_standing(forms_library(workspace), form))


def _standing(library: Library, form: Form) -> tuple[str, Form | None]:
    """How the form stands to the versions that are here, and the one to compare it with."""
    here = [e for e in library.list() if e.id == form.id]
    if not here:
        return "new", None
    same = next((e for e in here if e.version == form.version), None)
    if same is not None:
        return ("same", None) if same.sha256 == form.sha256 else ("taken", library.by_hash(same.sha256))
    return "newer", library.form(form.id)


def _add_form(library: Library, form: Form) -> None:
    library.add(form)


def _newer_form(library: Library, form: Form) -> Form | None:
    """The version that new inspections follow, where it is another than the draft's; not an older one where the draft
    came from a colleague with a form that is not here."""
    from safetyapp.forms.library import is_newer

    entries = [entry for entry in library.list() if entry.id == form.id]
    is_here = any(entry.sha256 == form.sha256 for entry in entries)
    if not entries or entries[0].sha256 == form.sha256:
        return None
    if not is_here and is_newer(form.version, entries[0].version):
        return None
    return library.form(form.id)


def _calendar(workspace: Path) -> TeachingCalendar:
    from safetyapp.forms.teaching_calendar import calendar_of

    return calendar_of(workspace).calendar


def _read_schools(path: Path) -> SchoolsRead:
    from safetyapp.forms.school_list import read_schools

    read = read_schools(path)
    skipped = tuple(ListNote(s.row, s.why, s.sheet) for s in read.skipped)
    odd = tuple(ListNote(o.row, o.why, o.sheet, o.column, o.found, o.taken_as, o.doubt) for o in read.odd)
    return SchoolsRead(read.schools, skipped, odd)


def _read_roster(path: Path) -> RosterRead:
    from safetyapp.forms.roster import read_roster

    read = read_roster(path)
    skipped = tuple(ListNote(s.row, s.why, s.sheet) for s in read.skipped)
    odd = tuple(ListNote(o.row, o.why, o.sheet, o.column, o.found, o.taken_as, o.doubt) for o in read.odd)
    return RosterRead(read.classes, skipped, odd, read.pupils)


def _pages(data: bytes) -> Pages:
    from safetyapp.documents.preview import PageRenderer

    return PageRenderer(data)


def _start_identity(
    workspace: Path,
    store: Store,
    clock: Clock,
    name: str,
    passphrase: str,
    role: Role | None = None,
    district: str = "",
) -> Person:
    from safetyapp.documents.authority import create_authority, issue, trust
    from safetyapp.domain.school import Person, PersonId, Role

    person = Person(PersonId(_new_id()), name, role or Role.INSPECTOR)
    keys = keys_folder(workspace)
    authority = create_authority(keys, district or name, passphrase, clock.now())
    issue(keys, person, passphrase, clock.now())
    trust(trust_folder(workspace), authority)
    store.save_me(person)
    return person


def _care(
    workspace: Path,
    store: SqliteStore,
    clock: Clock,
    signer: LazySigner,
    library: Library,
    language: str,
    make_demo: MakeDemo | None,
    home: Path,
) -> Care:
    from safetyapp.care.desk import Desk

    def opener(other: Path) -> Callable[[str], Tools]:
        return functools.partial(build_tools, other, make_demo=make_demo, home=home)

    return Desk(workspace, store, clock, signer, library, language, opener, make_demo, home)


def _warm_up() -> None:
    from safetyapp.documents.signer import warm_up

    warm_up()


def _record_of(workspace: Path, data: bytes) -> AnyRecord:
    """The record in one of the workspace's own documents; it was taken in, whoever lost a key since. Raises Problem
    no-record."""
    from safetyapp.documents.authority import read_trust
    from safetyapp.documents.signer import STAMPERS
    from safetyapp.documents.verify import verify

    trust = trust_folder(workspace)
    verdict = verify(data, read_trust(trust), (), read_trust(trust / STAMPERS))
    if verdict.record is None:
        raise Problem("no-record", path=verdict.sha256, why=verdict.why)
    return verdict.record
