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
from safetyapp.domain.document import DocumentQuery, DocumentRow
from safetyapp.domain.form import AnswerKind, Item, Limits, Severity
from safetyapp.domain.inspection import Ink, gaps
from safetyapp.domain.ledger import FindingState
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Role, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.settings import Settings
from safetyapp.texts import Texts, resources
from safetyapp.ui.tools import Tools
from safetyapp.workflow.catalogue import import_schools
from safetyapp.workflow.exchange import export_documents, import_documents
from safetyapp.workflow.finalise import finalise
from safetyapp.workflow.inspect import Open, answer, attach_photo, describe, set_head, start

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


def build_demo(folder: Path, settings: Settings, schools: int, reports: int, seed: int) -> Demo:
    """Builds the district in an empty folder: whole, or not there at all. Raises Problem folder-not-empty."""
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()):
        raise Problem("folder-not-empty", path=str(folder))
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
    try:
        demo = _build(part, settings, schools, reports, seed)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return demo.moved(part, folder)


def _build(folder: Path, settings: Settings, schools: int, reports: int, seed: int) -> Demo:
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
    tools = build_tools(laptop, settings.language, clock=clock, new_id=new_id)
    try:
        import_schools(tools.store, _schools(story, schools))
        _inspect_all(tools, clock, chance, story, reports)
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
        draft = _fill(tools, random.Random(1), story, school, ["F-12", "F-16"])
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


def _inspect_all(tools: Tools, clock: StoryClock, chance: random.Random, story: dict[str, Any], reports: int) -> None:
    schools = tools.store.schools()
    for number in range(reports):
        clock.move_to(TODAY - timedelta(days=9 * (reports - 1 - number) + 1, hours=-(number % 6)))
        school = schools[number % len(schools)]
        fails = _choose_fails(tools, chance, story, school)
        _sign(tools, _fill(tools, chance, story, school, fails), story, story["passphrase"])
    clock.move_to(TODAY)
    _fill(tools, chance, story, schools[-1], ["F-12"], only=23)


def _choose_fails(tools: Tools, chance: random.Random, story: dict[str, Any], school: School) -> list[str]:
    form = tools.form("fire")
    possible = [f["item"] for f in story["fail"] if _asked(form.item(f["item"]), school)]
    return chance.sample(possible, min(len(possible), chance.randint(3, 6)))


def _asked(item: Item | None, school: School) -> bool:
    return item is not None and item.applies_to(school)


def _fill(
    tools: Tools,
    chance: random.Random,
    story: dict[str, Any],
    school: School,
    fails: list[str],
    only: int | None = None,
) -> Open:
    """A draft with every asked item answered (or the first `only`), `fails` failing as the story tells."""
    store, clock = tools.store, tools.clock
    me = store.me()
    if me is None:
        raise Problem("no-identity")
    draft = start(store, clock, tools.new_id, school, tools.form("fire"), me)
    head = next((s for s in story["school"] if s["code"] == school.code), story["school"][0])
    draft = set_head(store, clock, draft, escort=f"{head['head']}（{head['title']}）", companions=(story["companion"],))
    told = {f["item"]: f for f in story["fail"]}
    asked = [item for item in draft.form.items() if item.applies_to(school)]
    for item in asked[:only]:
        if item.id in fails:
            draft = _fail(tools, chance, draft, item, told[item.id])
        else:
            draft = answer(store, clock, tools.wording, draft, item.id, passing_value(item, draft))
    return draft


def _fail(tools: Tools, chance: random.Random, draft: Open, item: Item, told: dict[str, Any]) -> Open:
    store, clock = tools.store, tools.clock
    value = told.get("value", "fail")
    if "age" in told:
        value = (draft.inspection.inspected_on - timedelta(days=told["age"])).isoformat()
    draft = answer(store, clock, tools.wording, draft, item.id, value)
    finding = draft.inspection.findings_of(item.id)[0]
    changed = replace(finding, text=told["text"], place=told["place"], fixed_on_spot=bool(told.get("fixed")))
    draft = describe(store, clock, draft, changed)
    pictures = _pictures()
    for _ in range(told["photos"]):
        draft = attach_photo(store, clock, draft, item.id, chance.choice(pictures))
    if told.get("fixed"):
        draft = attach_photo(store, clock, draft, item.id, chance.choice(pictures), after=True)
    return draft


def passing_value(item: Item, draft: Open) -> str:
    """A value that keeps the item's limits."""
    limits: Limits = item.answer.limits_for(draft.inspection.school)
    if item.answer.kind is AnswerKind.CONFORMITY:
        return "pass"
    if item.answer.kind is AnswerKind.DATE:
        return (draft.inspection.inspected_on - timedelta(days=min(limits.max_age_days or 30, 200) // 2)).isoformat()
    bound = limits.minimum if limits.minimum is not None else limits.maximum
    return format(bound, "f") if bound is not None else "1"


def _sign(tools: Tools, draft: Open, story: dict[str, Any], passphrase: str) -> DocumentRow:
    store, clock = tools.store, tools.clock
    draft = set_head(store, clock, draft, opinion=story["opinion"], school_opinion=story["school_opinion"])
    missing = [gap for gap in gaps(draft.form, draft.inspection) if gap.kind.blocks]
    if missing:
        raise Problem("incomplete", count=len(missing), first=missing[0].item)
    inks = tuple(
        Ink(name, role, clock.now(), store.keep_ink((resources() / "demo" / image).read_bytes()))
        for name, role, image in (
            (draft.inspection.inspector.name, "inspector", "ink-1.png"),
            (draft.inspection.escort, "escort", "ink-2.png"),
        )
    )
    made = finalise(
        store, tools.signer, clock, draft.inspection, draft.form, inks, passphrase, app_version=tools.app_version
    )
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
