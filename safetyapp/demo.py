"""A demo district, built by the real workflow: an office, a laptop, schools, signed reports and a half-filled draft.

Stands at the entrance beside the command line: it opens two workspaces through safetyapp.app and does what people do.
"""

from __future__ import annotations

import random
import shutil
import tomllib
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from safetyapp.app import NewWorkspace, SystemClock, build_tools, create_workspace, join_district, verifier
from safetyapp.care.desk import DEMO_MARK
from safetyapp.demo_answers import Told, passing_readings, told_of, value_at
from safetyapp.domain.address import at
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.form import Item, ItemId, Severity
from safetyapp.domain.gaps import gaps
from safetyapp.domain.inspection import Ink
from safetyapp.domain.ledger import FindingState
from safetyapp.domain.places import row_ids
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.school import Role, School, SchoolClass, SchoolFact, SchoolId, SchoolKind
from safetyapp.settings import Settings
from safetyapp.texts import Texts, resources
from safetyapp.ui.tools import Tools
from safetyapp.workflow.catalogue import import_schools
from safetyapp.workflow.exchange import export_documents, import_documents
from safetyapp.workflow.finalise import finalise
from safetyapp.workflow.inspect import answer, attach_photo, describe, set_head, start
from safetyapp.workflow.opened import Open

BEIJING = timezone(timedelta(hours=8))
TODAY = datetime(2026, 11, 24, 9, 0, tzinfo=BEIJING)
"""The day on which the demo district's story ends; the same seed gives the same content on any day."""


class StoryClock(SystemClock):
    """Tells the story's time: every look at it is a few seconds later."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        self._at += timedelta(seconds=7)
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = at


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """A document of the demo, and where its file is."""

    path: Path
    row: DocumentRow


@dataclass(frozen=True, slots=True)
class Demo:
    """What was built."""

    office: Path
    laptops: tuple[Path, ...]
    ca: Path
    documents: tuple[DemoDocument, ...]
    findings: dict[str, int]
    passphrase_file: Path

    def moved(self, old: Path, new: Path) -> Demo:
        """The same district after its folder was renamed."""

        def at(path: Path) -> Path:
            return new / path.relative_to(old)

        return replace(
            self,
            office=at(self.office),
            laptops=tuple(at(path) for path in self.laptops),
            ca=at(self.ca),
            documents=tuple(replace(d, path=at(d.path)) for d in self.documents),
            passphrase_file=at(self.passphrase_file),
        )

    def as_data(self) -> dict[str, object]:
        """The keys that scripts rely on."""
        return {
            "office": str(self.office),
            "laptops": [str(path) for path in self.laptops],
            "ca": str(self.ca),
            "documents": [
                {
                    "path": str(d.path),
                    "kind": d.row.kind.value,
                    "id": d.row.id,
                    "sha256": d.row.sha256,
                    "number": d.row.number,
                }
                for d in self.documents
            ],
            "findings": self.findings,
            "passphrase_file": str(self.passphrase_file),
        }


def build_demo(
    folder: Path,
    settings: Settings,
    schools: int,
    reports: int,
    seed: int,
    *,
    marked: bool = False,
    progress: Progress = no_progress,
) -> Demo:
    """Builds the district in an empty folder: whole, or not there at all. `marked`: its papers say on every page that
    they are a demonstration's. `progress` is told of each report. Raises Problem folder-not-empty."""
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()):
        raise Problem("folder-not-empty", path=str(folder))
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
    try:
        demo = _build(part, settings, schools, reports, seed, marked, progress)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return demo.moved(part, folder)


def window_demo(folder: Path, language: str, progress: Progress) -> Demo:
    """The demonstration that a window offers."""
    return build_demo(folder, Settings(folder, language), 10, 10, 1, marked=True, progress=progress)


def _build(
    folder: Path, settings: Settings, schools: int, reports: int, seed: int, marked: bool, progress: Progress
) -> Demo:
    story = _story()
    folder.mkdir(parents=True)
    secret = folder / "passphrase.txt"
    secret.write_text(str(story["passphrase"]) + "\n", encoding="utf-8")
    office, laptop = folder / "office", folder / "laptop-1"
    clock = StoryClock(TODAY - timedelta(days=60))
    chance = random.Random(seed)

    def new_id() -> str:
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))

    made = create_workspace(office, Role.OFFICE, story["office"], story["passphrase"], clock, story["district"])
    join_district(laptop, office, Role.INSPECTOR, story["inspector"], story["passphrase"], clock, new_id())
    if marked:
        for workspace in (office, laptop):
            (workspace / DEMO_MARK).touch()
    tools = build_tools(laptop, settings.language, clock=clock, new_id=new_id)
    try:
        import_schools(tools.store, _schools(story, schools))
        _inspect_all(tools, clock, chance, story, reports, progress)
        stick = folder / "stick"
        sent = export_documents(tools.store, DocumentQuery(limit=1_000_000), stick)
        if sent.failed:
            raise Problem("not-written", path=str(sent.failed[0].path), reason=sent.failed[0].reason)
    finally:
        tools.store.close()
    return _receive(office, settings, clock, made, laptop, sent.written, secret, story, schools)


def headless_inspection(settings: Settings) -> int:
    """One whole inspection without a window; prints the paths.

    It is done in the workspace of these settings when that is there and the passphrase is at hand; else in a folder of
    its own beside it, so that no invented person gets into somebody's real workspace.
    """
    texts = Texts(settings.language)
    print(texts.say("cli.no_display"))
    story = _story()
    own = settings.passphrase is not None and (settings.workspace / "safetyapp.sqlite3").is_file()
    workspace = settings.workspace if own else settings.workspace.parent / "headless"
    passphrase = str(settings.passphrase if own else story["passphrase"])
    if not (workspace / "safetyapp.sqlite3").is_file():
        create_workspace(workspace, Role.INSPECTOR, story["inspector"], passphrase)
    tools = build_tools(workspace, settings.language, wait=10.0)
    try:
        if not tools.store.schools():
            import_schools(tools.store, _schools(story, 1))
        school = tools.store.schools()[0]
        draft = _fill(tools, random.Random(1), story, school, "fire", ["F-12", "F-16"])
        made = _sign(tools, draft, story, passphrase)
        path = tools.store.document_path(made.sha256)
    finally:
        tools.store.close()
    verdict = verifier(workspace, None)(path.read_bytes())
    print(texts.say("cli.main_job", draft=draft.inspection.id))
    print(texts.say("cli.main_job_document", path=str(path)))
    print(texts.say("cli.main_job_ca", path=str(workspace / "keys" / "ca.pem")))
    why = texts.say(f"verdict.{verdict.why}", **dict(verdict.facts))
    print(texts.say("cli.main_job_verdict", verdict=verdict.kind.value, why=why))
    return 0 if verdict.is_valid else 1


def _inspect_all(
    tools: Tools, clock: StoryClock, chance: random.Random, story: dict[str, Any], reports: int, progress: Progress
) -> None:
    """As many reports as wanted, and at least one of every built-in form; then a draft that is half filled."""
    schools = tools.store.schools()
    forms = [entry.id for entry in tools.forms()]
    order = [forms[number] if number < len(forms) else "fire" for number in range(max(reports, len(forms)))]
    apart = timedelta(hours=min(24 * 9, 24 * 55 // len(order)))
    for number, form in enumerate(reversed(order)):
        progress("demo", number, len(order))
        clock.move_to(TODAY - apart * (len(order) - 1 - number) - timedelta(days=1, hours=-(number % 6)))
        school = _host(story, schools, form, number)
        fails = _choose_fails(tools, chance, story, school, form)
        _sign(tools, _fill(tools, chance, story, school, form, fails), story, story["passphrase"])
    clock.move_to(TODAY)
    _fill(tools, chance, story, schools[-1], "fire", ["F-12"], only=23)


def _host(story: dict[str, Any], schools: tuple[School, ...], form: str, number: int) -> School:
    """Where the story plays: a school that has what the form is about."""
    code = story["where"].get(form)
    return next((s for s in schools if s.code == code), schools[number % len(schools)])


def _choose_fails(
    tools: Tools, chance: random.Random, story: dict[str, Any], school: School, form_id: str
) -> list[str]:
    form = tools.form(form_id)
    possible = [f["item"] for f in story["fail"] if _asked(form.item(f["item"]), school)]
    return chance.sample(possible, min(len(possible), chance.randint(2, 6)))


def _asked(item: Item | None, school: School) -> bool:
    return item is not None and item.applies_to(school)


def _fill(
    tools: Tools,
    chance: random.Random,
    story: dict[str, Any],
    school: School,
    form: str,
    fails: list[str],
    only: int | None = None,
) -> Open:
    """A draft with every asked item answered (or the first `only`), `fails` failing as the story tells."""
    store, clock = tools.store, tools.clock
    me = store.me()
    if me is None:
        raise Problem("no-identity")
    draft = start(store, clock, tools.reckon, tools.new_id, school, tools.form(form), me)
    head = next((s for s in story["school"] if s["code"] == school.code), story["school"][0])
    draft = set_head(store, clock, draft, escort=f"{head['head']}（{head['title']}）", companions=(story["companion"],))
    failing = {f["item"]: f for f in story["fail"] if f["item"] in fails}
    told = told_of(story, form)
    for address in _addresses(draft)[:only]:
        place = draft.place(address)
        if place.skip is not None:
            continue
        if place.item.id in failing:
            draft = _fail(tools, chance, draft, place.item, failing[place.item.id])
        elif place.item.answer.kind is AnswerKind.TABLE:
            draft = _fill_table(tools, draft, place.address, told)
        else:
            draft = _answer(tools, draft, address, told)
    return draft


def _addresses(draft: Open) -> list[str]:
    """The items outside tables, in the order in which people answer them."""
    return [str(item.id) for item in draft.form.asked()]


def _answer(tools: Tools, draft: Open, address: str, told: Told) -> Open:
    place = draft.place(address)
    value = value_at(draft, place, told) if place.skip is None else None
    if value is None:
        return draft
    readings = passing_readings(draft, place) or None
    return answer(tools.store, tools.clock, tools.wording, draft, address, value, readings=readings)


def _fill_table(tools: Tools, draft: Open, table: ItemId, told: Told) -> Open:
    """The rows that the story adds, and what is asked in every row."""
    item = draft.item(table)
    more = int(told.get(f"{item.id}+", 0))
    if more:
        draft = answer(tools.store, tools.clock, tools.wording, draft, table, f"+{more}")
    for row in row_ids(draft.inspection, table):
        for column in item.items:
            if column.answer.kind.is_asked:
                draft = _answer(tools, draft, at(column.id, (row,)), told)
    return draft


def _fail(tools: Tools, chance: random.Random, draft: Open, item: Item, told: dict[str, Any]) -> Open:
    store, clock = tools.store, tools.clock
    value = told.get("value", "fail")
    if "age" in told:
        value = (draft.inspection.inspected_on - timedelta(days=told["age"])).isoformat()
    readings = {**passing_readings(draft, draft.place(item.id)), **told.get("readings", {})} or None
    draft = answer(store, clock, tools.wording, draft, item.id, value, readings=readings)
    finding = draft.inspection.findings_of(item.id)[0]
    changed = replace(finding, text=told["text"], place=told["place"], fixed_on_spot=bool(told.get("fixed")))
    draft = describe(store, clock, draft, changed)
    pictures = _pictures()
    for _ in range(told["photos"]):
        draft = attach_photo(store, clock, draft, item.id, chance.choice(pictures))
    if told.get("fixed"):
        draft = attach_photo(store, clock, draft, item.id, chance.choice(pictures), after=True)
    return draft


def _sign(tools: Tools, draft: Open, story: dict[str, Any], passphrase: str) -> DocumentRow:
    store, clock = tools.store, tools.clock
    draft = set_head(store, clock, draft, opinion=story["opinion"], school_opinion=story["school_opinion"])
    missing = [gap for gap in gaps(draft.form, draft.inspection, draft.reckoned) if gap.kind.blocks]
    if missing:
        raise Problem("incomplete", count=len(missing), first=missing[0].item)
    inks = tuple(
        Ink(name, role, clock.now(), store.keep_ink((resources() / "demo" / image).read_bytes()))
        for name, role, image in (
            (draft.inspection.inspector.name, "inspector", "ink-1.png"),
            (draft.inspection.escort, "escort", "ink-2.png"),
        )
    )
    made = finalise(store, tools.signer, clock, draft, inks, passphrase, app_version=tools.app_version)
    return made.row


def _receive(
    office: Path,
    settings: Settings,
    clock: StoryClock,
    made: NewWorkspace,
    laptop: Path,
    sent: tuple[Path, ...],
    secret: Path,
    story: dict[str, Any],
    schools: int,
) -> Demo:
    tools = build_tools(office, settings.language, clock=clock)
    try:
        import_schools(tools.store, _schools(story, schools))
        done = import_documents(tools.store, tools.signer, sent)
        if done.refused:
            raise Problem("not-verified", why=done.refused[0].why)
        rows = tools.store.documents(DocumentQuery(limit=1_000_000))
        ledger = tools.store.ledger()
        documents = tuple(DemoDocument(tools.store.document_path(row.sha256), row) for row in reversed(rows))
    finally:
        tools.store.close()
    closed = sum(1 for row in ledger if row.state is FindingState.CLOSED)
    findings = {
        "total": len(ledger),
        "open": len(ledger) - closed,
        "overdue": sum(1 for row in ledger if row.overdue_days(TODAY.date()) > 0),
        "closed": closed,
        "major": sum(1 for row in ledger if row.severity is Severity.MAJOR),
    }
    return Demo(office, (laptop,), made.ca, documents, findings, secret)


def _story() -> dict[str, Any]:
    return tomllib.loads((resources() / "demo" / "story.toml").read_text(encoding="utf-8"))


def _schools(story: dict[str, Any], count: int) -> tuple[School, ...]:
    """The story's schools, and as many invented ones more as wanted."""
    told = [
        School(
            id=SchoolId(s["code"]),
            name=s["name"],
            kind=SchoolKind(s["kind"]),
            code=s["code"],
            street=s["street"],
            head=s["head"],
            students=s["students"],
            has=frozenset(SchoolFact(f) for f in s["has"]),
            lacks=frozenset(SchoolFact(f) for f in s["lacks"]),
            sites=tuple(s["sites"]),
            classes=tuple(SchoolClass(**one) for one in s.get("class", ())),
        )
        for s in story["school"]
    ]
    more = [
        replace(told[n % len(told)], id=SchoolId(f"21119{n:05d}"), code=f"21119{n:05d}", name=f"示例区第{n + 1}小学")
        for n in range(len(told), count)
    ]
    return tuple((told + more)[: max(1, count)])


def _pictures() -> list[Path]:
    folder = resources() / "demo" / "photos"
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in (".jpg", ".heic"))
