"""Drafts that go from laptop to laptop: two real workspaces, one file between them, and what the world does to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec
from safetyapp.domain.form import Form, Item, ItemId, Section, with_address
from safetyapp.domain.handed import HANDED_FORMAT, Handed
from safetyapp.domain.inspection import Inspection, InspectionId, Sha256
from safetyapp.domain.problem import Cancelled, Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.school import Person, PersonId
from safetyapp.domain.words import Words
from safetyapp.store import handed_file
from safetyapp.store.store import SqliteStore
from safetyapp.workflow import inspect
from safetyapp.workflow.exchange import import_documents
from safetyapp.workflow.finalise import finalise
from safetyapp.workflow.handover import Incoming, give, look, take, take_back
from safetyapp.workflow.opened import Open, resume
from tests.domain.examples import RECKON, school, small_form
from tests.fakes import FakeClock, FakeSigner
from tests.fakes.signer import FINGERPRINT
from tests.project import ROOT
from tests.store.examples import small_photo, wording

ZHANG, LI, WANG = (Person(PersonId(f"p{n}"), name) for n, name in enumerate(("张示例", "李样本", "王演示"), start=1))


def form_with_file() -> Form:
    """The small form, and an item that wants a file."""
    plain = small_form()
    sound = Item(ItemId("C-1"), Words("录音"), Words("录"), AnswerSpec(AnswerKind.AUDIO))
    return with_address(replace(plain, sections=(*plain.sections, Section("c", Words("录音"), (sound,))), sha256=""))


@dataclass
class Laptop:
    """One person's workspace."""

    store: SqliteStore
    me: Person
    clock: FakeClock
    stick: Path

    def begin(self, form: Form | None = None, draft: str = "d1") -> Open:
        form = form or form_with_file()
        made = inspect.start(self.store, self.clock, RECKON, lambda: draft, school(), form, self.me)
        made = inspect.answer(self.store, self.clock, wording, made, "A-1", "fail", note="二层东侧")
        for number in (1, 2):
            made = inspect.attach_photo(
                self.store, self.clock, made, "A-1", small_photo(number), caption=f"第{number}张"
            )
        if form.sha256 == form_with_file().sha256:
            sound = self.stick / "录音.mp3"
            sound.write_bytes(b"ID3 sound")
            made = inspect.attach_file(self.store, self.clock, wording, made, "C-1", sound)
        return inspect.set_head(self.store, self.clock, made, companions=("王演示",), escort="周陪同")

    def answer(self, item: str, text: str, draft: str = "d1") -> Open:
        return inspect.answer(self.store, self.clock, wording, resume(self.store, RECKON, draft), item, text)

    def give(self, to: Person, draft: str = "d1") -> Path:
        return give(self.store, FakeSigner(), self.clock, draft, to.name, self.stick, "0.5").path

    def look(self, path: Path) -> Incoming:
        return look(self.store, RECKON, path)

    def take(self, path: Path) -> Open:
        return take(self.store, self.clock, RECKON, self.look(path))

    def draft(self, draft: str = "d1") -> Inspection:
        found = self.store.draft(InspectionId(draft))
        assert found is not None
        return found

    def finalise(self) -> bytes:
        made = finalise(
            self.store, FakeSigner(), self.clock, complete(self), (), FakeSigner().passphrase, "0.5"
        )  # fmt: skip
        return self.store.document_path(made.row.sha256).read_bytes()


def complete(laptop: Laptop) -> Open:
    """Whatever is still asked is answered."""
    values = {"A-2": "1.20", "A-3": "2026-11-20", "B-1": "pass", "B-2": "pass", "B-3": "pass"}
    draft = resume(laptop.store, RECKON, "d1")
    for item in draft.form.asked():
        if item.id not in draft.inspection.answers:
            text = "pass" if item.answer.kind is AnswerKind.CONFORMITY else values.get(item.id, "na")
            draft = inspect.answer(laptop.store, laptop.clock, wording, draft, item.id, text)
    for finding in draft.inspection.findings:
        draft = inspect.describe(laptop.store, laptop.clock, draft, replace(finding, place="教学楼二层"))
    return draft


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def laptop(tmp_path: Path, clock: FakeClock) -> Iterator[Callable[[Person], Laptop]]:
    """Opens a person's laptop; one stick goes between them."""
    (tmp_path / "stick").mkdir()
    with ExitStack() as open_:

        def make(person: Person) -> Laptop:
            store = open_.enter_context(SqliteStore.open(tmp_path / person.id))
            store.save_me(person)
            return Laptop(store, person, clock, tmp_path / "stick")

        yield make


Make = Callable[[Person], Laptop]


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Problem) as told:
        call()
    return told.value.code


def test_a_draft_comes_over_byte_for_byte(laptop: Make) -> None:
    """The taker lacked the form; he is the inspector now, the giver came along, and everything else is as it was."""
    one, two = laptop(ZHANG), laptop(LI)
    given = one.begin().inspection
    path = one.give(LI)
    assert path.name == "甲子小学-小检查表-20261124-李样本-1.xajdraft"
    assert two.store.form(given.form.sha256) is None
    seen = two.look(path)
    assert (seen.number, seen.photos, seen.is_for_me, seen.here) == (1, 2, True, None)
    assert seen.hand_over.certificate == FINGERPRINT
    assert (two.store.drafts(), two.store.form(given.form.sha256)) == ((), None)

    taken = two.take(path)
    kept = two.draft()
    assert resume(two.store, RECKON, "d1") == taken
    assert (kept.inspector, kept.companions) == (LI, ("张示例", "王演示"))
    assert replace(kept, inspector=ZHANG, companions=given.companions, hand_overs=()) == given
    (over,) = kept.hand_overs
    assert (over.giver, over.giver_name, over.taker, over.taken_by) == ("p1", "张示例", "李样本", "p2")
    for link in kept.photos:
        assert two.store.original_path(link.photo).read_bytes() == one.store.original_path(link.photo).read_bytes()
        assert two.store.printed_path(link.photo).exists()
        assert two.store.thumb_path(link.photo).exists()
    sound = kept.answers[ItemId("C-1")].value.partition("/")[0]
    assert two.store.file_path(Sha256(sound)).read_bytes() == b"ID3 sound"


def test_what_was_given_can_only_be_read_until_it_is_taken_back(laptop: Make) -> None:
    one = laptop(ZHANG)
    draft = one.begin()
    one.give(LI)
    (row,) = one.store.drafts()
    assert (row.given_to, row.given_at) == ("李样本", one.draft().hand_overs[0].at)
    assert refused(lambda: one.answer("A-2", "1.20")) == "draft-given"
    assert refused(lambda: inspect.set_head(one.store, one.clock, draft, escort="别人")) == "draft-given"
    assert refused(lambda: inspect.arrange_photos(one.store, one.clock, draft, ItemId("A-1"), ())) == "draft-given"
    assert refused(lambda: one.give(WANG)) == "draft-given"
    assert refused(one.finalise) == "draft-given"
    assert replace(one.draft(), hand_overs=()) == draft.inspection
    take_back(one.store, one.clock, "d1")
    assert one.store.drafts()[0].given_to == ""
    assert one.draft().hand_overs[0].taken_back_at is not None
    assert refused(lambda: take_back(one.store, one.clock, "d1")) == "not-given"
    one.answer("A-2", "1.20")
    assert one.give(WANG).name.endswith("-王演示-2.xajdraft")


def test_it_goes_forth_and_back_and_the_newest_counts(laptop: Make) -> None:
    one, two = laptop(ZHANG), laptop(LI)
    one.begin()
    files = []
    for number, (giver, taker) in enumerate(((one, two), (two, one)) * 3, start=1):
        path = giver.give(taker.me)
        files.append(path)
        assert taker.look(path).number == number
        taker.take(path)
        taker.answer("A-2", f"1.{number}0")
        assert refused(partial(taker.take, path)) == "handed-known"
        assert refused(partial(giver.take, path)) == "handed-own"
    assert one.draft().inspector == ZHANG
    assert [h.giver for h in one.draft().hand_overs] == ["p1", "p2"] * 3
    assert one.draft().answers[ItemId("A-2")].value == "1.60"
    assert one.draft().companions == ("李样本", "王演示")
    assert {refused(partial(one.take, file)) for file in files[:5]} <= {"handed-older"}
    assert refused(lambda: one.take(files[5])) == "handed-known"
    replaced = [json.loads(f.value)["value"] for f in one.store.history(InspectionId("d1")) if f.item == "A-2"]
    assert replaced == ["1.10", "1.20", "1.30", "1.40", "1.50"]


def test_what_the_giver_wrote_meanwhile_is_in_the_history(laptop: Make) -> None:
    """Taken back and written on, while the colleague wrote on too and hands it back: his is newer, ours is kept."""
    one, two = laptop(ZHANG), laptop(LI)
    one.begin()
    two.take(one.give(LI))
    take_back(one.store, one.clock, "d1")
    one.answer("A-2", "0.90")
    two.answer("A-2", "1.30")
    path = two.give(ZHANG)
    here = one.look(path).here
    assert here is not None
    assert here.inspection.answers[ItemId("A-2")].value == "0.90"
    one.take(path)
    assert one.draft().answers[ItemId("A-2")].value == "1.30"
    assert any('"0.90"' in former.value for former in one.store.history(InspectionId("d1")))


def test_two_reports_of_one_inspection_are_noticed_on_every_laptop(laptop: Make, tmp_path: Path) -> None:
    """Taken back, and finalised by both: whoever signed first counts, whichever order they come in."""
    one, two, office = laptop(ZHANG), laptop(LI), laptop(WANG)
    one.begin()
    two.take(one.give(LI))
    take_back(one.store, one.clock, "d1")
    files = []
    for laptop_, name in ((two, "li"), (one, "zhang")):
        laptop_.clock.forward(minutes=5)
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(laptop_.finalise())
    expected = None
    for where, order in ((one, files), (two, files[::-1]), (office, [files[1], files[0], files[1]])):
        import_documents(where.store, FakeSigner(), order)
        ((counts, other),) = where.store.rivals()
        assert (counts.id, other.id) == ("d1", "d1")
        assert (counts.author, other.author) == ("李样本", "张示例")
        rows = where.store.ledger()
        assert len({row.id for row in rows}) == len(rows) == 1
        expected = expected or rows
        assert rows == expected
    fresh = tmp_path / "again.xajdraft"
    fresh.write_bytes((one.stick / "甲子小学-小检查表-20261124-李样本-1.xajdraft").read_bytes())
    assert refused(lambda: office.take(fresh)) == "handed-final"


def test_a_correction_stays_with_whoever_signed(laptop: Make) -> None:
    one = laptop(ZHANG)
    draft = one.begin().inspection
    form = one.store.form(draft.form.sha256)
    assert form is not None
    one.store.start_draft(replace(draft, id=InspectionId("d2"), supersedes=draft.id), form, "o")
    assert refused(lambda: one.give(LI, "d2")) == "correction-stays"
    assert refused(lambda: give(one.store, FakeSigner(), one.clock, "d1", "  ", one.stick, "0.5")) == "no-taker"
    assert refused(lambda: one.give(LI, "none")) == "unknown-draft"


def test_what_cannot_be_written_or_is_stopped_leaves_the_draft_as_it_was(laptop: Make) -> None:
    one = laptop(ZHANG)
    before = one.begin().inspection

    def stop(step: str, done: int, total: int) -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        give(one.store, FakeSigner(), one.clock, "d1", "李样本", one.stick, "0.5", stop)
    in_the_way = one.stick / "file"
    in_the_way.write_bytes(b"theirs")
    assert refused(lambda: give(one.store, FakeSigner(), one.clock, "d1", "李样本", in_the_way, "0.5")) == "not-written"
    one.store.original_path(before.photos[1].photo).write_bytes(b"damaged")
    assert refused(lambda: one.give(LI)) == "handed-lacks"
    assert one.draft() == before
    assert [path.name for path in one.stick.iterdir() if path.suffix != ".mp3"] == ["file"]


def packed(source: Path, target: Path, change: Callable[[dict[str, bytes]], object], packing: int = 0) -> Path:
    """The pack again, with something changed; what hangs together by hashes is put right."""
    with zipfile.ZipFile(source) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    change(parts)
    with zipfile.ZipFile(target, "w", packing) as pack:
        for name, data in parts.items():
            pack.writestr(name, data)
    return target


def with_json(parts: dict[str, bytes], name: str, change: Callable[[dict[str, object]], object]) -> None:
    from safetyapp.store.files import address_of

    plain = json.loads(parts[name])
    change(plain)
    parts[name] = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if name != "head.json":
        with_json(parts, "head.json", lambda head: head.update({name.partition(".")[0]: address_of(parts[name])}))


def first_file(parts: dict[str, bytes]) -> str:
    return next(name for name in parts if name.startswith("files/"))


TAMPERED: dict[str, tuple[str, Callable[[dict[str, bytes]], object]]] = {
    "an answer": ("handed-broken", lambda p: p.update({"draft.json": p["draft.json"].replace(b"fail", b"pass")})),
    "a photo": ("handed-broken", lambda p: p.update({first_file(p): p[first_file(p)][:-1] + b"x"})),
    "a photo gone": ("handed-broken", lambda p: p.pop(first_file(p))),
    "one more": ("handed-broken", lambda p: p.update({"files/" + "0" * 64: b"more"})),
    "way out": ("handed-broken", lambda p: p.update({"../../evil": b"more"})),
    "absolute": ("handed-broken", lambda p: p.update({"/etc/evil": b"more"})),
    "no form": ("handed-broken", lambda p: p.pop("form.json")),
    "other form": ("handed-form", lambda p: with_json(p, "form.json", lambda f: f.update(version="9"))),
    "more in the form": ("handed-form", lambda p: with_json(p, "form.json", lambda f: f.update(later=1))),
    "more in the draft": ("handed-broken", lambda p: with_json(p, "draft.json", lambda d: d.update(later=1))),
    "never handed over": ("handed-broken", lambda p: with_json(p, "draft.json", lambda d: d.update(hand_overs=[]))),
    "newer": (
        "handed-newer",
        lambda p: (with_json(p, "head.json", lambda h: h.update(format=HANDED_FORMAT + 1)), p.update(other=b"?")),
    ),
    "no number": ("handed-broken", lambda p: with_json(p, "head.json", lambda h: h.update(format="1"))),
    "no head": ("handed-broken", lambda p: p.update({"head.json": b"[1]"})),
    "no json": ("handed-broken", lambda p: p.update({"head.json": b"{" * 100_000})),
}


def test_what_was_changed_is_refused_and_leaves_nothing(laptop: Make, tmp_path: Path) -> None:
    one, two = laptop(ZHANG), laptop(LI)
    one.begin()
    good = one.give(LI)
    told = {}
    for name, (_, change) in TAMPERED.items():
        told[name] = refused(partial(two.look, packed(good, tmp_path / "bad.xajdraft", change)))
    assert told == {name: code for name, (code, _) in TAMPERED.items()}
    squeezed = packed(good, tmp_path / "squeezed.xajdraft", lambda parts: None, zipfile.ZIP_DEFLATED)
    assert refused(lambda: two.look(squeezed)) == "handed-broken"
    data = good.read_bytes()
    for number, cut in enumerate((0, 1, 40, len(data) // 2, len(data) - 1)):
        short = tmp_path / f"short{number}.xajdraft"
        short.write_bytes(data[:cut])
        assert refused(partial(two.look, short)) == "handed-broken"
    assert refused(lambda: two.look(tmp_path)) == "not-a-file"
    assert refused(lambda: two.look(tmp_path / "none.xajdraft")) == "unreadable-file"
    assert two.store.drafts() == ()
    assert list((tmp_path / "p2" / "photos").rglob("*")) == []


def test_a_bomb_is_not_unpacked(laptop: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = laptop(ZHANG), laptop(LI)
    one.begin()
    monkeypatch.setattr(handed_file, "LARGEST_JSON", 200_000)
    bomb = packed(
        one.give(LI), tmp_path / "bomb", lambda p: p.update({"draft.json": b" " * 300_000}), zipfile.ZIP_DEFLATED
    )
    assert refused(lambda: two.look(bomb)) == "handed-broken"


@given(st.data())
def test_any_changed_byte_is_noticed_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A zip has bytes that say nothing (times, attributes); whatever else changes is refused."""
    form = small_form()
    from tests.domain.examples import draft
    from tests.store.examples import HANDED_ONCE

    handed = Handed(draft(form, hand_overs=(HANDED_ONCE,)), form, "0.5")
    folder = tmp_path_factory.mktemp("bytes")
    path = folder / "a.xajdraft"
    handed_file.write(handed, {}, {}, path, no_progress)
    whole = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    found: Handed | str
    try:
        found = handed_file.read(path, no_progress)
    except Problem as told:
        found = told.code
    assert found in (handed, "handed-broken", "handed-newer", "handed-form")


KILLED = """
import os, signal, sys
from pathlib import Path
from safetyapp.store.store import SqliteStore
from safetyapp.workflow.handover import look, take
from tests.domain.examples import RECKON
from tests.fakes import FakeClock

with SqliteStore.open(Path(sys.argv[1])) as store:
    seen = look(store, RECKON, Path(sys.argv[2]))
    def die(step, done, total):
        if done == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
    take(store, FakeClock(), RECKON, seen, die)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_while_taking_it_in_there_is_no_half_draft(laptop: Make, tmp_path: Path) -> None:
    """The first photo is kept, the second is not: no draft is there, and taking it again brings everything."""
    one = laptop(ZHANG)
    one.begin()
    path = one.give(LI)
    with SqliteStore.open(tmp_path / "p2") as store:
        store.save_me(LI)
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "p2"), str(path), "4"], cwd=ROOT, check=False, timeout=60
    )
    assert died.returncode == -signal.SIGKILL
    two = laptop(LI)
    assert (two.store.drafts(), two.store.draft(InspectionId("d1"))) == ((), None)
    assert len(list((tmp_path / "p2" / "photos").rglob("*"))) > 0
    assert len(two.take(path).inspection.photos) == 2
