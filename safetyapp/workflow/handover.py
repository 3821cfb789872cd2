"""Handing a draft over 交接: given to a colleague as one file, taken back, or taken in from one.

The draft keeps its id wherever it goes. Whoever gave it can change and finalise it no more until it comes back, and how
often it changed hands decides which report counts should two be signed all the same (domain.ledger.counting).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from safetyapp.domain.handed import HANDED_SUFFIX, Handed
from safetyapp.domain.handover import HandOver
from safetyapp.domain.inspection import Inspection, InspectionId
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.reckoned import Reckon
from safetyapp.domain.school import Person
from safetyapp.workflow.exchange import LONGEST_NAME, cut_bytes, plain_part, whole_file
from safetyapp.workflow.opened import Open, open_with
from safetyapp.workflow.ports import Clock, Signer, Store

LONGEST_TAKER = 40
"""Characters of a colleague's name."""


@dataclass(frozen=True, slots=True)
class Given:
    """The file that carries the draft, and the hand-over as it is recorded."""

    path: Path
    hand_over: HandOver


@dataclass(frozen=True, slots=True)
class Incoming:
    """A draft that came in a file, looked at: nothing of it is kept yet. `here` is the draft with its id that would
    give way to it. `is_for_me`: the giver wrote the name of the person who works here."""

    path: Path
    draft: Open
    hand_over: HandOver
    photos: int
    here: Open | None
    me: Person

    @property
    def number(self) -> int:
        return len(self.draft.inspection.hand_overs)

    @property
    def is_for_me(self) -> bool:
        return self.hand_over.taker == self.me.name


def give(
    store: Store,
    signer: Signer,
    clock: Clock,
    draft: str,
    taker: str,
    folder: Path,
    app_version: str,
    progress: Progress = no_progress,
) -> Given:
    """Writes the draft into a file for a colleague; from then on it is his. Where the file cannot be written whole, or
    nobody wants it any more, the draft stays as it was.

    Raises Problem unknown-draft, draft-final, draft-given, no-taker, correction-stays, handed-lacks, not-written, and
    Cancelled.
    """
    inspection, name = _own(store, draft), " ".join(taker.split())[:LONGEST_TAKER]
    if not name:
        raise Problem("no-taker")
    form = store.form(inspection.form.sha256)
    assert form is not None, "a draft is kept with its form"
    certificate = ""
    with suppress(Problem):  # without a key there is none to name, and the draft can go all the same
        certificate = signer.author(inspection.inspector).certificate
    now = clock.now()
    given = HandOver(inspection.inspector.id, inspection.inspector.name, name, now, certificate)
    handed_over = (*inspection.hand_overs, given)
    # first, so that nobody writes on while the file is made, and no file is ever out while the draft is open here
    store.hand_over_draft(inspection.id, handed_over, now)
    try:
        kept = store.draft(inspection.id)
        assert kept is not None
        target = folder / file_name(kept, form.title.zh)
        with whole_file(target) as part:
            store.write_handed(Handed(kept, form, app_version), part, progress)
    except BaseException:
        store.hand_over_draft(inspection.id, inspection.hand_overs, now)
        raise
    return Given(target, given)


def file_name(inspection: Inspection, title: str) -> str:
    """甲子小学-消防安全检查表-20261124-李示例-1.xajdraft: where, what, when, for whom, and which hand-over."""
    given = inspection.hand_overs[-1]
    taker = cut_bytes(plain_part(given.taker), 40)
    end = f"-{inspection.inspected_on:%Y%m%d}-{taker}-{len(inspection.hand_overs)}{HANDED_SUFFIX}"
    short = cut_bytes(plain_part(title), 60)
    school = cut_bytes(plain_part(inspection.school.name), LONGEST_NAME - len(f"-{short}{end}".encode()))
    return f"{school}-{short}{end}"


def take_back(store: Store, clock: Clock, draft: str) -> None:
    """收回: the draft is the giver's again, and that is recorded. The file that is out stays what it is: should the
    colleague finalise it all the same, there are two reports, and it is said. Raises Problem not-given,
    unknown-draft."""
    inspection = store.draft(InspectionId(draft))
    if inspection is None:
        raise Problem("unknown-draft", draft=draft)
    given = inspection.given
    if given is None:
        raise Problem("not-given", draft=draft)
    now = clock.now()
    store.hand_over_draft(inspection.id, (*inspection.hand_overs[:-1], replace(given, taken_back_at=now)), now)


def look(store: Store, reckon: Reckon, path: Path, progress: Progress = no_progress) -> Incoming:
    """What a file would bring, compared with what is here; every byte of it is checked, nothing is kept.

    Raises Problem handed-broken, handed-newer, handed-form, handed-final (a report of it is here), handed-known (it is
    here, not a word of it newer), handed-own (it was given from here and is not taken), handed-older, no-identity.
    """
    return _compared(store, reckon, path, store.read_handed(path, progress))


def take(store: Store, clock: Clock, reckon: Reckon, incoming: Incoming, progress: Progress = no_progress) -> Open:
    """接着填: keeps what the file holds as a draft of the person who works here; the giver stands among those who came
    along. What a draft with its id held before is in its history. Raises as `look`, and what Store raises."""
    now = clock.now()
    handed = store.keep_handed(incoming.path, now, progress)
    found = _compared(store, reckon, incoming.path, handed)  # anew: it may be another file, or another draft, by now
    mine = taken_by(handed.inspection, found.me, now)
    draft = open_with(store, reckon, mine, handed.form)
    store.take_draft(mine, handed.form, draft.marks(), now)
    return draft


def taken_by(inspection: Inspection, me: Person, now: datetime) -> Inspection:
    """The inspection in the hands of whoever takes it: he is its inspector, and the giver one of his companions."""
    *before, given = inspection.hand_overs
    taken = replace(given, taken_by=me.id, taken_at=now)
    names = [given.giver_name, *inspection.companions]
    companions = tuple(name for name in dict.fromkeys(names) if name != me.name)
    return replace(inspection, inspector=me, companions=companions, hand_overs=(*before, taken))


def _own(store: Store, draft: str) -> Inspection:
    """A draft that may be given away."""
    inspection = store.draft(InspectionId(draft))
    if inspection is None:
        raise Problem("unknown-draft", draft=draft)
    if inspection.given is not None:
        raise Problem("draft-given", draft=draft, to=inspection.given.taker)
    if inspection.supersedes is not None:  # only who signed a report can put it right
        raise Problem("correction-stays", draft=draft)
    if store.versions(inspection.id):
        raise Problem("draft-final", draft=draft)
    return inspection


def _compared(store: Store, reckon: Reckon, path: Path, handed: Handed) -> Incoming:
    me = store.me()
    if me is None:
        raise Problem("no-identity")
    inspection = handed.inspection
    given = inspection.hand_overs[-1]
    if not given.is_open:
        raise Problem("handed-broken", path=str(path))
    reports = store.versions(inspection.id)
    if reports:
        raise Problem("handed-final", school=inspection.school.name, author=reports[-1].author)
    here = store.draft(inspection.id)
    if here is not None:
        _must_be_newer(here, inspection, given)
    kept = store.form(here.form.sha256) if here is not None else None
    return Incoming(
        path,
        open_with(store, reckon, inspection, handed.form),
        given,
        len(inspection.photos),
        open_with(store, reckon, here, kept) if here is not None and kept is not None else None,
        me,
    )


def _must_be_newer(here: Inspection, coming: Inspection, given: HandOver) -> None:
    """Raises the reason why the draft that is here does not give way."""
    count, number = len(here.hand_overs), len(coming.hand_overs)
    if count < number:
        return
    same = here.hand_overs[number - 1]
    facts = {"school": here.school.name, "here": count, "number": number}
    if (same.giver, same.at) != (given.giver, given.at) or count > number:
        raise Problem("handed-older", **facts)
    if same.is_open or same.taken_back_at is not None:
        raise Problem("handed-own", to=same.taker, **facts)
    raise Problem("handed-known", **facts)
