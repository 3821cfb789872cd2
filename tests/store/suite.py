"""What every Store promises. The one in memory and the one on SQLite inherit it, so the fake can be trusted."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from safetyapp.domain.delivery import Delivery, DeliveryState, HubLine, KeptReceipt, NotTaken
from safetyapp.domain.document import DocumentKind, DocumentQuery, DocumentRow, DocumentState
from safetyapp.domain.duty import Postponed
from safetyapp.domain.form import ItemId, Severity, with_address
from safetyapp.domain.inspection import (
    LARGEST_ANSWER_FILE,
    Answer,
    CaptureClock,
    Finding,
    FormRef,
    Inspection,
    InspectionId,
    InspectionType,
    PhotoLink,
    ReadingValue,
    Sha256,
)
from safetyapp.domain.ledger import FindingQuery, FindingState, fold
from safetyapp.domain.links import Link, LinkRole
from safetyapp.domain.photo_marks import Crop, Mark, MarkKind, PhotoMarks
from safetyapp.domain.photo_tray import TrayPhoto
from safetyapp.domain.phrases import Field
from safetyapp.domain.print_job import PrintLogEntry
from safetyapp.domain.problem import Problem
from safetyapp.domain.put_out import PutOut
from safetyapp.domain.record import Record
from safetyapp.domain.review import Decision, Remark
from safetyapp.domain.said import FindingAnswered, ResponseSaid, ReviewSaid
from safetyapp.domain.school import Person, PersonId, Role, School, SchoolClass, SchoolFact, SchoolId
from safetyapp.domain.standing import Hazards
from safetyapp.domain.tries import Tries
from safetyapp.domain.words import Words
from safetyapp.store.files import address_of
from safetyapp.workflow import inspect
from safetyapp.workflow.exchange import import_documents
from safetyapp.workflow.finalise import finalise
from safetyapp.workflow.opened import Open, resume
from safetyapp.workflow.ports import Store
from tests.domain.examples import CLASSES, NOON, RECKON, TODAY, draft, drill_form, school, small_form
from tests.fakes import FakeClock, FakeSigner
from tests.store.examples import document, other_school, sample, small_photo, wording

FORM = small_form()
A1, A2, B1, B2 = (ItemId(i) for i in ("A-1", "A-2", "B-1", "B-2"))
D1, D2 = InspectionId("d1"), InspectionId("d2")
INSPECTOR = Person(PersonId("p1"), "张示例")
ALL = DocumentQuery()


def finding(item: ItemId = A1, ordinal: int = 1, **changes: object) -> Finding:
    plain = Finding(
        item,
        ordinal,
        "灭火器压力不足\n二层东侧",
        Severity.MAJOR,
        "更换",
        TODAY,
        "教学楼",
        ("消防法第二十八条",),
        "判定",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def receipt_for(sha256: str, cursor: int = 5, at: datetime = NOON) -> KeptReceipt:
    return KeptReceipt(sha256, "h1", at, cursor, f'{{"cursor":{cursor}}}', "c2ln", "Y2VydA==", NOON)


def harm_file(path: Path, harm: str) -> None:
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data[:-9] if harm == "cut" else data[:-1] + bytes([data[-1] ^ 1]))


ADDRESSES = st.sampled_from(["A-1", "A-2", "B-1", "cell@1", "cell@2.1"]).map(ItemId)
ANSWERS = st.builds(
    Answer, ADDRESSES, st.sampled_from(["pass", "fail"]), st.just(NOON), note=st.sampled_from(["", "注"])
)
FINDINGS = st.builds(
    lambda item, ordinal, words: finding(item, ordinal, text=words),
    ADDRESSES, st.integers(1, 3), st.sampled_from(["甲", "乙"]),
)  # fmt: skip


def _drafted(answers: list[Answer], findings: list[Finding]) -> Inspection:
    made = draft(FORM)
    for answer in answers:
        made = made.with_answer(answer)
    for one in findings:
        made = made.with_finding(one)
    return made


DRAFTS = st.builds(_drafted, st.lists(ANSWERS, max_size=4), st.lists(FINDINGS, max_size=4))


class StoreSuite:
    """Inherited with a `store` fixture."""

    # schools and people

    def test_schools_come_back_as_they_were_in_the_order_they_came(self, store: Store) -> None:
        full = school(
            campus_of=SchoolId("9"), students=1200, has=frozenset(SchoolFact), lacks=frozenset(), sites=("楼", "𬭎堂")
        )
        bare = other_school()
        store.save_schools([full, bare])
        assert store.schools() == (full, bare)
        assert store.school(full.id) == full
        assert store.school(SchoolId("none")) is None

    def test_the_roster_comes_back(self, store: Store) -> None:
        at = school(classes=(*CLASSES, SchoolClass("三班", enrolled=0), SchoolClass("")))
        store.save_schools([at])
        assert store.schools() == (at,)
        store.start_draft(draft(FORM, school=at), FORM, "oooooo")
        kept = store.draft(D1)
        assert kept is not None
        assert kept.school == at
        store.save_schools([school(classes=CLASSES[:1])])
        assert store.schools() == (school(classes=CLASSES[:1]),)
        assert store.draft(D1) == kept  # a draft keeps the school as it was when it began

    def test_saving_a_school_again_replaces_it_where_it_stands(self, store: Store) -> None:
        store.save_schools([school(), other_school()])
        renamed = school(name="甲子第一小学")
        store.save_schools([renamed])
        assert store.schools() == (renamed, other_school())

    def test_me_is_one_person(self, store: Store) -> None:
        assert store.me() is None
        store.save_me(Person(PersonId("p1"), "张示例"))
        store.save_me(Person(PersonId("p2"), "龑㛃", Role.OFFICE))
        assert store.me() == Person(PersonId("p2"), "龑㛃", Role.OFFICE)

    def test_open_drafts_go_with_a_person_who_gets_another_identity(self, store: Store) -> None:
        store.become(INSPECTOR)
        assert store.me() == INSPECTOR
        other = Person(PersonId("p9"), "李样本")
        store.start_draft(draft(FORM, inspector=INSPECTOR), FORM, "oooooo")
        store.start_draft(draft(FORM, id=D2, inspector=other), FORM, "oooooo")
        enrolled = Person(PersonId("district-7"), "张示例", Role.INSPECTOR)
        store.become(enrolled)
        assert store.me() == enrolled
        assert [store.draft(one).inspector for one in (D1, D2)] == [enrolled, other]  # type: ignore[union-attr]

    # drafts

    def test_wrong_passphrases_are_remembered(self, store: Store) -> None:
        assert store.tries() == Tries()
        for tries in (Tries(4), Tries(4).missed(NOON), Tries()):
            store.save_tries(tries)
            assert store.tries() == tries

    def test_a_draft_comes_back_with_its_form(self, store: Store) -> None:
        begun = draft(FORM, companions=("李示例", "王示例"), supersedes=InspectionId("d0"))
        store.start_draft(begun, FORM, "oooooo")
        assert store.draft(D1) == begun
        assert store.form(FORM.sha256) == FORM
        assert store.draft(InspectionId("none")) is None
        assert store.form("none") is None

    def test_a_draft_may_begin_with_answers_findings_and_photos(self, store: Store) -> None:
        photo = store.take_in(small_photo(), NOON)
        begun = (
            draft(FORM, photos=(PhotoLink(A1, photo, 0),)).with_answer(Answer(A1, "fail", NOON)).with_finding(finding())
        )
        store.start_draft(begun, FORM, "Moonon")
        assert store.draft(D1) == begun
        assert [row.marks for row in store.drafts()] == ["Moonon"]

    def test_the_same_id_begins_only_once(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        with pytest.raises(ValueError, match="d1"):
            store.start_draft(draft(FORM, site="别处"), FORM, "oooooo")
        assert store.draft(D1) == draft(FORM)

    def test_every_kind_of_answer_comes_back_with_its_own_spelling(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        west = NOON.astimezone(timezone(-timedelta(hours=3, minutes=30)))
        given = [
            Answer(A1, "na", NOON, note="无此设施"),
            Answer(A2, "1.10", west, case="kindergarten"),
            Answer(ItemId("A-3"), TODAY.isoformat(), NOON, case="powder"),
            Answer(
                B2, "pass", NOON, readings=(ReadingValue("pressure", "0.050"), ReadingValue("on", TODAY.isoformat()))
            ),
        ]
        for answer in given:
            store.save_answer(D1, answer.item, answer, (), "pppppp", NOON)
        kept = store.draft(D1)
        assert kept is not None
        assert kept.answers == {answer.item: answer for answer in given}
        assert kept.answers[A2].answered_at.isoformat() == west.isoformat()

    def test_an_answer_and_its_findings_replace_what_was_there(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        fail = Answer(A1, "fail", NOON)
        store.save_answer(D1, B1, Answer(B1, "fail", NOON), (finding(B1),), "ooooMo", NOON)
        store.save_answer(D1, A1, fail, (finding(), finding(ordinal=2)), "MoooMo", NOON)
        second = finding(ordinal=2, text="改过", fixed_on_spot=True)
        store.save_answer(D1, A1, fail, (second,), "goooMo", NOON)
        kept = store.draft(D1)
        assert kept is not None
        assert kept.findings == (second, finding(B1))
        store.save_answer(D1, A1, None, (), "ooooMo", NOON)
        kept = store.draft(D1)
        assert kept is not None
        assert (set(kept.answers), kept.findings) == ({B1}, (finding(B1),))

    def test_a_finding_says_what_it_repeats(self, store: Store) -> None:
        store.start_draft(draft(FORM).with_finding(finding(repeats="d0/1")), FORM, "oooooo")
        store.save_answer(D1, B1, Answer(B1, "fail", NOON), (finding(B1, repeats="d0/2"),), "ooooMo", NOON)
        kept = store.draft(D1)
        assert kept is not None
        assert [f.repeats for f in kept.findings] == ["d0/1", "d0/2"]

    def test_answers_that_were_replaced_are_told_with_when(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        times = [NOON + timedelta(seconds=n, microseconds=n) for n in range(4)]
        first = Answer(A2, "1.10", times[0], note="原", readings=(ReadingValue("p", "0.1"),), case="wet")
        store.save_answer(D1, A2, first, (), "oooooo", times[0])
        store.save_answer(D1, A2, Answer(A2, "1.20", times[1]), (), "oooooo", times[1])
        store.save_answer(D1, A2, None, (), "oooooo", times[2])
        began = store.draft(D1)
        assert began is not None
        store.save_draft(began.with_answer(Answer(A1, "pass", times[3])), FORM, "poooooo", times[3])
        store.save_draft(began, FORM, "oooooo", times[3])
        assert store.former_answers(D1) == (
            (first, times[1]), (Answer(A2, "1.20", times[1]), times[2]), (Answer(A1, "pass", times[3]), times[3]),
        )  # fmt: skip
        assert store.former_answers(InspectionId("nobody")) == ()

    # whole drafts

    def test_a_whole_draft_is_saved_exactly(self, store: Store) -> None:
        one, two = store.take_in(small_photo(1), NOON), store.take_in(small_photo(2), NOON)
        begun = replace(draft(FORM), photos=(PhotoLink(A1, one, 0), PhotoLink(A1, two, 1)))
        for item, value in ((A1, "fail"), (A2, "1.10"), (B1, "fail")):
            begun = begun.with_answer(Answer(item, value, NOON))
        begun = begun.with_finding(finding()).with_finding(finding(ordinal=2)).with_finding(finding(B1))
        store.start_draft(begun, FORM, "oooooo")
        later = NOON + timedelta(minutes=5)
        changed = replace(begun, photos=(PhotoLink(A1, two, 0, caption="转"), PhotoLink(B1, one, 0)), site="不在这里存")
        changed = changed.without_answer(A2).with_answer(Answer(B1, "pass", later, note="修好"))
        changed = changed.with_answer(Answer(ItemId("cell@2.1"), "3", later, readings=(ReadingValue("p", "0.1"),)))
        changed = changed.without_finding(A1, 1).with_finding(finding(ordinal=2, text="改过"))
        changed = changed.with_finding(finding(ItemId("cell@2.1")))
        store.save_draft(changed, FORM, "gooopo", later)
        assert store.draft(D1) == replace(changed, site="")
        (row,) = store.drafts()
        assert (row.marks, row.changed_at) == ("gooopo", later)
        store.save_draft(begun, FORM, "oooooo", later)
        assert store.draft(D1) == begun

    def test_a_draft_moves_to_another_version_of_its_form(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        new = with_address(replace(FORM, version="2", title=Words("小检查表（修订）")))
        moved = replace(draft(FORM), form=FormRef(new.id, new.version, new.sha256)).with_answer(
            Answer(A1, "pass", NOON)
        )
        store.save_draft(moved, new, "pooooo", NOON)
        assert store.draft(D1) == moved
        assert (store.form(FORM.sha256), store.form(new.sha256)) == (FORM, new)
        assert [row.title for row in store.drafts()] == ["小检查表（修订）"]

    def test_a_form_with_everything_comes_back(self, store: Store) -> None:
        form = drill_form()
        store.start_draft(draft(form), form, "")
        assert store.form(form.sha256) == form

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(DRAFTS, min_size=1, max_size=4))
    def test_any_draft_may_follow_any(self, store: Store, steps: list[Inspection]) -> None:
        name = InspectionId(f"any-{len(store.drafts())}")  # the store stays from one example to the next
        store.start_draft(replace(steps[0], id=name), FORM, "")
        for step in steps:
            store.save_draft(replace(step, id=name), FORM, "x", NOON)
            kept = store.draft(name)
            assert kept is not None
            assert dict(kept.answers) == dict(step.answers)
            assert kept.findings == step.findings

    # files that answer an item

    def test_a_file_is_kept_byte_for_byte_once(self, store: Store, tmp_path: Path) -> None:
        source = tmp_path / "录音 1.m4a"
        source.write_bytes(b"sound" * 1000)
        address = store.keep_file(source)
        assert address == hashlib.sha256(source.read_bytes()).hexdigest()
        assert store.keep_file(source.read_bytes()) == address
        kept = store.file_path(address)
        source.unlink()
        assert kept.read_bytes() == b"sound" * 1000
        harm_file(kept, "cut")
        assert store.keep_file(b"sound" * 1000) == address
        assert kept.read_bytes() == b"sound" * 1000

    def test_what_cannot_be_kept_is_told_and_leaves_nothing(self, store: Store, tmp_path: Path) -> None:
        large, empty = tmp_path / "large", tmp_path / "empty"
        with large.open("wb") as file:
            file.truncate(LARGEST_ANSWER_FILE + 1)  # a hole: nothing is written
        empty.touch()
        wrong: list[tuple[Path | bytes, str]] = [
            (large, "file-too-large"),
            (b"x" * (LARGEST_ANSWER_FILE + 1), "file-too-large"),
            (empty, "not-a-file"),
            (b"", "not-a-file"),
            (tmp_path, "not-a-file"),
            (tmp_path / "none", "unreadable-file"),
        ]
        for source, code in wrong:
            with pytest.raises(Problem) as told:
                store.keep_file(source)
            assert told.value.code == code
        assert not store.file_path(Sha256(hashlib.sha256(b"").hexdigest())).exists()
        with large.open("wb") as file:
            file.truncate(LARGEST_ANSWER_FILE)
        assert store.file_path(store.keep_file(large)).stat().st_size == LARGEST_ANSWER_FILE

    def test_the_head_comes_back_and_leaves_the_answers_alone(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        store.save_answer(D1, A1, Answer(A1, "pass", NOON), (), "pooooo", NOON)
        head = draft(
            FORM,
            site="食堂",
            type=InspectionType.HOLIDAY,
            companions=("甲",),
            escort="乙",
            opinion="丙",
            school_opinion="丁",
        )
        store.save_head(head, NOON)
        assert store.draft(D1) == head.with_answer(Answer(A1, "pass", NOON))

    def test_drafts_are_listed_newest_change_first_whatever_their_offset(self, store: Store) -> None:
        ids = [InspectionId(f"d{n}") for n in (1, 2, 3)]
        for name in ids:
            store.start_draft(draft(FORM, id=name), FORM, "oooooo")
        later = (NOON + timedelta(minutes=1)).astimezone(timezone.utc)  # noqa: UP017  # its text sorts before noon's
        store.save_answer(ids[1], A1, Answer(A1, "pass", later), (), "pooooo", later)
        store.save_head(draft(FORM, id=ids[2], site="楼"), NOON + timedelta(seconds=1))
        rows = store.drafts()
        assert [row.id for row in rows] == [ids[1], ids[2], ids[0]]
        first = rows[0]
        assert (first.school, first.title, first.form_id, first.marks) == ("甲子小学", "小检查表", "small", "pooooo")
        assert (first.started_at, first.changed_at, first.answered) == (NOON, later, 1)

    def test_a_deleted_draft_is_gone_and_can_come_back(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        store.save_answer(D1, A1, Answer(A1, "pass", NOON), (), "pooooo", NOON)
        store.delete_draft(D1, NOON)
        store.delete_draft(D1, NOON)
        assert (store.drafts(), store.draft(D1)) == ((), None)
        self.assert_takes_no_change(store, "unknown-draft")
        (row,) = store.deleted_drafts(NOON - timedelta(days=30))
        assert (row.id, row.answered, row.deleted_at) == (D1, 1, NOON)
        assert store.deleted_drafts(NOON + timedelta(seconds=1)) == ()
        store.restore_draft(D1)
        assert store.deleted_drafts(NOON - timedelta(days=30)) == ()
        kept = store.draft(D1)
        assert kept is not None
        assert kept.answers[A1].value == "pass"
        assert len(store.drafts()) == 1

    def test_an_unknown_draft_is_told(self, store: Store) -> None:
        self.assert_takes_no_change(store, "unknown-draft")
        calls: list[Callable[[], None]] = [lambda: store.delete_draft(D1, NOON), lambda: store.restore_draft(D1)]
        for call in calls:
            with pytest.raises(Problem) as told:
                call()
            assert told.value.code == "unknown-draft"

    def assert_takes_no_change(self, store: Store, code: str) -> None:
        calls: list[Callable[[], None]] = [
            lambda: store.save_answer(D1, A1, Answer(A1, "fail", NOON), (), "gooooo", NOON),
            lambda: store.save_head(draft(FORM, site="x"), NOON),
            lambda: store.save_photos(D1, A1, (), NOON),
            lambda: store.save_draft(draft(FORM), FORM, "gooooo", NOON),
        ]
        for call in calls:
            with pytest.raises(Problem) as told:
                call()
            assert told.value.code == code

    def test_the_workflow_fills_and_resumes(self, store: Store) -> None:
        clock = FakeClock()
        opened = inspect.start(store, clock, RECKON, lambda: "d1", school(), FORM, INSPECTOR, "教学楼")
        opened = inspect.answer(store, clock, wording, opened, "A-1", "fail", note="二层")
        clock.forward(minutes=1)
        opened = inspect.answer(store, clock, wording, opened, "A-2", "1.1")
        opened = inspect.attach_photo(store, clock, opened, "A-1", small_photo(1))
        opened = inspect.set_head(store, clock, opened, opinion="限期整改")
        assert resume(store, RECKON, "d1") == opened
        assert store.drafts()[0].marks == opened.marks() == "gponon"

    # photos and ink

    @pytest.mark.parametrize(
        ("name", "size", "media_type", "taken"),
        [
            ("HMD_Nokia_8.3_5G.jpg", (1600, 686), "image/jpeg", "2022-08-14T14:12:31+03:00"),
            ("iphone_hdr_YES.jpg", (1600, 1200), "image/jpeg", "2015-04-10T20:12:23+08:00"),
            ("iphone_13_pro_max.HEIC", (1200, 1600), "image/heif", "2022-02-16T12:55:41+01:00"),
            ("DSCN0010.jpg", (640, 480), "image/jpeg", "2008-10-22T16:28:39+08:00"),
        ],
    )
    def test_a_photo_is_kept_byte_for_byte_beside_its_copy(
        self, store: Store, name: str, size: tuple[int, int], media_type: str, taken: str
    ) -> None:
        photo = store.take_in(sample(name), NOON)
        data = sample(name).read_bytes()
        assert store.original_path(photo).read_bytes() == data
        assert (photo.size, photo.width, photo.height) == (len(data), *size)
        assert (photo.media_type, photo.taken_by_clock) == (media_type, CaptureClock.CAMERA)
        assert photo.taken_at is not None
        assert photo.taken_at.isoformat() == taken
        with Image.open(store.printed_path(photo)) as printed, Image.open(store.thumb_path(photo)) as thumb:
            assert (printed.size, printed.mode, printed.format) == (size, "RGB", "JPEG")
            assert max(thumb.size) == 240
            assert not dict(printed.getexif())
            assert not {"exif", "icc_profile", "comment"} & set(printed.info)
        assert store.printed_path(photo).stat().st_size < 700_000
        assert store.thumb_path(photo).stat().st_size < 20_000

    def test_without_a_camera_clock_the_file_or_the_laptop_says_when(self, store: Store, tmp_path: Path) -> None:
        file = tmp_path / "图 1.jpeg"
        file.write_bytes(small_photo(1))
        at_file = store.take_in(file, NOON)
        pasted = store.take_in(small_photo(2), NOON)
        assert at_file.taken_by_clock is CaptureClock.FILE
        assert at_file.taken_at is not None
        assert at_file.taken_at.timestamp() == int(file.stat().st_mtime)
        assert at_file.taken_at.utcoffset() == NOON.utcoffset()
        assert (pasted.taken_at, pasted.taken_by_clock) == (NOON, CaptureClock.LAPTOP)

    def test_the_same_photo_twice_is_one(self, store: Store) -> None:
        first = store.take_in(small_photo(), NOON)
        assert store.take_in(small_photo(), NOON + timedelta(days=1)) == first

    def test_the_tray_keeps_photos_until_they_are_taken_out_and_knows_them_afterwards(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        store.start_draft(draft(FORM, id=D2), FORM, "oooooo")
        one, two, three = (store.take_in(small_photo(n), NOON) for n in (1, 2, 3))
        first, second = TrayPhoto(one, "IMG_1.JPG", NOON), TrayPhoto(two, "IMG_2.JPG", NOON + timedelta(seconds=1))
        assert store.tray(D1) == ()
        store.put_in_tray(D1, [second, first])
        store.put_in_tray(D1, [replace(first, name="again.jpg", came_at=NOON + timedelta(hours=1))])
        assert store.tray(D1) == (first, second)
        assert store.tray(D2) == ()
        store.take_out_of_tray(D1, [one.original, three.original])
        store.save_photos(D2, A1, (PhotoLink(A1, two, 0), PhotoLink(A1, three, 1)), NOON)
        assert store.tray(D1) == (second,)
        assert [store.drafts_with(p.original) for p in (one, two, three)] == [(D1,), (D1, D2), (D2,)]
        assert store.drafts_with(Sha256("0" * 64)) == ()
        store.put_in_tray(D1, [first])
        assert store.tray(D1) == (first, second)
        store.delete_draft(D2, NOON)
        assert [store.drafts_with(p.original) for p in (one, two, three)] == [(D1,), (D1,), ()]
        with pytest.raises(Problem, match="unknown-draft"):
            store.put_in_tray(D2, [first])
        with pytest.raises(Problem, match="unknown-draft"):
            store.take_out_of_tray(D2, [two.original])

    def test_it_knows_how_much_room_the_disk_has(self, store: Store) -> None:
        assert store.free_space() > 0

    def test_what_is_no_photo_leaves_nothing_behind(self, store: Store, tmp_path: Path) -> None:
        whole = sample("DSCN0010.jpg").read_bytes()
        heic = sample("iphone_13_pro_max.HEIC").read_bytes()
        for code, data in {
            "photo-broken": (
                b"",
                whole[:3],
                whole[:9000],
                whole[:-20000],
                heic[:-200_000],
                heic[:40],
                b"\x89PNG\r\n\x1a\n",
            ),
            "not-a-photo": (b"PK\3\4 a workbook", "学校名单".encode(), b"%PDF-1.7", b"\0" * 1000, b"RIFF    WAVE"),
        }.items():
            for part in data:
                file = tmp_path / "photo.jpg"
                file.write_bytes(part)
                for source in (file, part):
                    with pytest.raises(Problem) as told:
                        store.take_in(source, NOON)
                    assert told.value.code == code, part[:20]
        with pytest.raises(Problem) as told:
            store.take_in(tmp_path, NOON)
        assert told.value.code == "not-a-photo"
        with pytest.raises(Problem) as told:
            store.take_in(tmp_path / "none.jpg", NOON)
        assert told.value.code == "unreadable-file"

    def test_photos_are_linked_in_order_and_replaced_as_a_whole(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        one, two = store.take_in(small_photo(1), NOON), store.take_in(small_photo(2), NOON)
        links = (PhotoLink(A1, one, 0, caption="东门"), PhotoLink(A1, two, 1, after=True))
        store.save_photos(D1, A1, links, NOON)
        store.save_photos(D1, B1, (PhotoLink(B1, one, 0),), NOON)
        turned = (PhotoLink(A1, two, 0, after=True), PhotoLink(A1, one, 1, caption="西门"))
        store.save_photos(D1, A1, turned, NOON)
        kept = store.draft(D1)
        assert kept is not None
        assert (kept.photos_of(A1), kept.photos_of(B1)) == (turned, (PhotoLink(B1, one, 0),))
        store.save_photos(D1, A1, (), NOON)
        kept = store.draft(D1)
        assert kept is not None
        assert kept.photos == (PhotoLink(B1, one, 0),)
        assert store.original_path(two).exists()

    def test_marks_are_kept_with_the_place_of_a_photo(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        photo = store.take_in(small_photo(1, (400, 300)), NOON)
        hidden = PhotoMarks((Mark(MarkKind.BLACK, 1000, 1000, 4000, 4000),), Crop(0, 0, 9000, 9000), 1)
        store.save_photos(D1, A1, (PhotoLink(A1, photo, 0, marks=hidden),), NOON)
        store.save_photos(D1, B1, (PhotoLink(B1, photo, 0),), NOON)
        kept = store.draft(D1)
        assert kept is not None
        assert [link.marks for link in (*kept.photos_of(A1), *kept.photos_of(B1))] == [hidden, None]

    def test_a_marked_photo_has_a_copy_of_its_own_and_its_original_stays(self, store: Store) -> None:
        data = small_photo(1, (400, 300))
        photo = store.take_in(data, NOON)
        plain = store.printed_path(photo).read_bytes()
        links = [
            PhotoLink(A1, photo, 0, marks=PhotoMarks((Mark(MarkKind.BLACK, at, 1000, at + 3000, 6000),)))
            for at in (1000, 6000)
        ]
        copies = [store.print_of(link) for link in links]
        assert len({photo.printed, *(copy.printed for copy in copies)}) == 3
        assert [store.print_of(link) for link in links] == copies
        for copy, link, at in zip(copies, links, (100, 300), strict=True):
            assert (copy.original, copy.width, copy.height, copy.size) == (photo.original, 400, 300, len(data))
            path = store.printed_path(copy)
            assert path.stem == address_of(path.read_bytes()) == copy.printed
            with Image.open(path) as printed, Image.open(store.thumb_of(link)) as thumb:
                assert max(cast("tuple[int, int, int]", printed.getpixel((at, 100)))) < 12
                assert max(cast("tuple[int, int, int]", thumb.convert("RGB").getpixel((at * 3 // 5, 60)))) < 30
        unmarked = PhotoLink(A1, photo, 0)
        assert store.print_of(unmarked) == photo
        assert store.thumb_of(unmarked) == store.thumb_path(photo)
        assert store.original_path(photo).read_bytes() == data
        assert store.printed_path(photo).read_bytes() == plain

    @pytest.mark.parametrize("harm", ["gone", "cut", "other"])
    def test_a_marked_copy_that_is_lost_is_made_again(self, store: Store, harm: str) -> None:
        photo = store.take_in(small_photo(1, (400, 300)), NOON)
        link = PhotoLink(A1, photo, 0, marks=PhotoMarks(turns=1))
        copy = store.print_of(link)
        path = store.printed_path(copy)
        whole = path.read_bytes()
        harm_file(path, harm)
        store.thumb_of(link).unlink(missing_ok=True)
        assert store.print_of(link) == copy
        assert path.read_bytes() == whole
        assert store.thumb_of(link).exists()

    @pytest.mark.parametrize(("harm", "code"), [("gone", "unreadable-file"), ("cut", "photo-broken")])
    def test_without_its_original_a_photo_is_not_printed_unmarked(self, store: Store, harm: str, code: str) -> None:
        photo = store.take_in(small_photo(1, (400, 300)), NOON)
        harm_file(store.original_path(photo), harm)
        for call in (store.print_of, store.thumb_of):
            with pytest.raises(Problem) as told:
                call(PhotoLink(A1, photo, 0, marks=PhotoMarks(turns=1)))
            assert told.value.code == code
        store.take_in(small_photo(1, (400, 300)), NOON)
        assert store.print_of(PhotoLink(A1, photo, 0, marks=PhotoMarks(turns=1))).height == 400

    def test_ink_comes_back(self, store: Store) -> None:
        address = store.keep_ink(b"\x89PNG ink")
        assert store.keep_ink(b"\x89PNG ink") == address
        assert store.ink(address) == b"\x89PNG ink"
        with pytest.raises(Problem) as told:
            store.ink(Sha256("0" * 64))
        assert told.value.code == "unreadable-file"

    # documents

    def test_a_document_is_kept_once(self, store: Store) -> None:
        row, data, ledger, _ = document(state=DocumentState.WAITING)
        assert store.keep_document(row, data, ledger) is True
        assert store.keep_document(row, data, ledger) is False
        assert store.documents(ALL) == (row,)
        assert store.document(row.sha256) == row
        assert store.document("none") is None
        assert store.document_path(row.sha256).read_bytes() == data
        assert store.waiting() == 1
        assert store.ledger() == ledger

    def test_a_row_that_names_other_bytes_is_a_mistake_of_ours(self, store: Store) -> None:
        row, data, ledger, _ = document()
        with pytest.raises(ValueError, match="other bytes"):
            store.keep_document(row, data + b" ", ledger)
        assert store.documents(ALL) == ()

    def test_an_imported_document_does_not_wait(self, store: Store) -> None:
        row, data, ledger, _ = document()
        store.keep_document(row, data, ledger)
        assert store.waiting() == 0

    # on the way to the hub

    def test_what_was_made_here_waits_until_a_receipt_is_kept(self, store: Store) -> None:
        row, data, ledger, _ = document(1, state=DocumentState.WAITING)
        other, other_data, other_ledger, _ = document(2, state=DocumentState.WAITING)
        came, came_data, came_ledger, _ = document(3)
        for one in ((row, data, ledger), (other, other_data, other_ledger), (came, came_data, came_ledger)):
            store.keep_document(*one)
        first, second = Delivery(row.sha256, row.size, row.made_at), Delivery(other.sha256, other.size, other.made_at)
        assert store.deliveries() == (first, second)
        assert (store.delivery(row.sha256), store.delivery(came.sha256), store.delivery("x")) == (first, None, None)
        tried = replace(
            first, state=DeliveryState.UNCONFIRMED, sent=row.size, attempts=2, tried_at=NOON,
            next_at=NOON + timedelta(minutes=1), reason="hub-unreachable", who="program", next="wait", detail="reset",
        )  # fmt: skip
        store.save_deliveries([tried])
        assert store.deliveries() == (tried, second)
        assert self.state_of(store, row.sha256) is DocumentState.WAITING
        receipt = receipt_for(row.sha256)
        for _ in range(2):
            store.keep_receipt(receipt)
        assert store.receipts(row.sha256) == (receipt,)
        assert (store.receipts(other.sha256), store.deliveries()) == ((), (second,))
        assert store.delivered() == (row.sha256,)
        assert store.delivery(row.sha256) == replace(first, state=DeliveryState.DELIVERED, sent=row.size, tried_at=NOON)
        assert self.state_of(store, row.sha256) is DocumentState.DELIVERED
        assert (store.waiting(), store.count_documents(DocumentQuery(state=DocumentState.DELIVERED))) == (1, 1)
        assert [found.sha256 for found in store.documents(DocumentQuery(state=DocumentState.DELIVERED))] == [row.sha256]

    def test_only_a_receipt_says_delivered(self, store: Store) -> None:
        row, data, ledger, _ = document(state=DocumentState.WAITING)
        store.keep_document(row, data, ledger)
        with pytest.raises(ValueError, match="receipt"):
            store.save_deliveries([Delivery(row.sha256, row.size, row.made_at, DeliveryState.DELIVERED)])
        assert store.waiting() == 1

    def test_what_the_hub_lost_waits_again_and_its_receipts_stay(self, store: Store) -> None:
        row, data, ledger, _ = document(state=DocumentState.WAITING)
        store.keep_document(row, data, ledger)
        store.keep_receipt(receipt_for(row.sha256))
        again = Delivery(row.sha256, row.size, row.made_at, reason="lost-by-hub")
        store.save_deliveries([again])
        assert (store.deliveries(), store.delivered(), store.waiting()) == ((again,), (), 1)
        assert self.state_of(store, row.sha256) is DocumentState.WAITING
        later = receipt_for(row.sha256, cursor=9, at=NOON + timedelta(hours=1))
        store.keep_receipt(later)
        assert store.receipts(row.sha256) == (later, receipt_for(row.sha256))
        assert store.waiting() == 0

    def test_a_delivered_report_is_reviewed_and_replaced_like_any_other(self, store: Store) -> None:
        row, data, ledger, _ = document(1, state=DocumentState.WAITING)
        store.keep_document(row, data, ledger)
        store.keep_receipt(receipt_for(row.sha256))
        link = Link(LinkRole.REVIEWED, row.id, row.sha256, "returned")
        self.paper(store, "r1", DocumentKind.REVIEW, link, by="o1")
        assert self.state_of(store, row.sha256) is DocumentState.RETURNED
        new, new_data, new_ledger, _ = document(2, supersedes=row.id, state=DocumentState.WAITING)
        store.keep_document(new, new_data, new_ledger)
        assert self.state_of(store, row.sha256) is DocumentState.REPLACED

    def test_a_receipt_for_what_came_from_elsewhere_is_kept_with_it(self, store: Store) -> None:
        row, data, ledger, _ = document()
        mine, mine_data, mine_ledger, _ = document(2, state=DocumentState.WAITING)
        store.keep_document(row, data, ledger)
        store.keep_document(mine, mine_data, mine_ledger)
        carried = Delivery(row.sha256, row.size, row.made_at)
        assert store.carried() == (carried,)
        refused = replace(carried, state=DeliveryState.REFUSED, reason="no-right")
        store.save_deliveries([refused])
        assert (store.carried(), store.delivery(row.sha256)) == ((refused,), refused)
        assert [one.sha256 for one in store.deliveries()] == [mine.sha256]
        store.keep_receipt(receipt_for(row.sha256))
        assert store.carried() == ()
        assert store.receipts(row.sha256) == (receipt_for(row.sha256),)
        assert self.state_of(store, row.sha256) is DocumentState.IMPORTED

    def test_where_the_fetching_is_comes_back(self, store: Store) -> None:
        assert store.hub_line("h1") == HubLine("h1")
        line = HubLine("h1", "s1", 7, NOON, NOON, 2, NOON + timedelta(minutes=5), "hub-unreachable", NOON)
        store.save_hub_line(line)
        assert (store.hub_line("h1"), store.hub_line("h2")) == (line, HubLine("h2"))
        store.save_hub_line(HubLine("h1", cursor=8))
        assert store.hub_line("h1") == HubLine("h1", cursor=8)

    def test_what_did_not_come_in_is_named_until_it_does(self, store: Store) -> None:
        row, data, ledger, _ = document()
        first, second = NotTaken("f" * 64, "d", "altered", NOON), NotTaken(row.sha256, row.id, "unknown-signer", NOON)
        store.save_not_taken([first, second])
        again = replace(second, tries=2, next_at=NOON + timedelta(hours=1))
        store.save_not_taken([again])
        assert set(store.not_taken()) == {first, again}
        store.keep_document(row, data, ledger)
        assert store.not_taken() == (first,)

    def test_two_files_of_one_id_are_both_kept_and_the_later_counts(self, store: Store) -> None:
        kept = [
            document(document_id="same", made_at=NOON + timedelta(minutes=n), text=f"第{n}种说法") for n in (1, 2, 0)
        ]
        for row, data, ledger, _ in kept:
            assert store.keep_document(row, data, ledger)
        assert {row.sha256 for row in store.documents(ALL)} == {row.sha256 for row, *_ in kept}
        assert store.ledger() == kept[1][2]

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
    def test_what_is_superseded_brings_nothing_in_whatever_order(self, store: Store, order: tuple[int, ...]) -> None:
        kept = [document(0), document(1, supersedes="doc-000000"), document(2, at=other_school())]
        for index in order:
            row, data, ledger, _ = kept[index]
            store.keep_document(row, data, ledger)
        assert store.ledger() == fold(record for *_, record in kept)
        assert {row.document for row in store.ledger()} == {"doc-000001", "doc-000002"}
        assert store.ledger(other_school().id) == kept[2][2]
        assert len(store.documents(ALL)) == 3

    def test_the_ledger_says_form_item_and_what_it_repeats(self, store: Store) -> None:
        first, second = document(0), document(1, repeats="doc-000000/1")
        for row, data, ledger, _ in (first, second):
            store.keep_document(row, data, ledger)
        told = [(row.form, row.item, row.repeats) for row in store.ledger(school().id)]
        assert told == [("small", "A-1", ""), ("small", "A-1", "doc-000000/1")]
        assert store.ledger() == fold([first[3], second[3]])

    def test_only_its_author_replaces_a_document(self, store: Store) -> None:
        first = document(0)
        others = [
            document(document_id="doc-000000", made_at=NOON + timedelta(days=1), by="other", findings=False),
            document(2, supersedes="doc-000000", by="other", findings=False),
        ]
        for row, data, ledger, _ in (*others, first):
            assert store.keep_document(row, data, ledger)
        assert store.ledger() == first[2]
        row, data, ledger, _ = document(3, supersedes="doc-000000", text="改过")
        store.keep_document(row, data, ledger)
        assert store.ledger() == ledger

    def test_of_two_people_under_one_id_one_counts_and_both_are_shown(self, store: Store) -> None:

        def shown() -> list[list[str]]:
            return [[row.sha256 for row in reports] for reports in store.rivals()]

        assert shown() == []
        first, later = (document(n, document_id="same", by=by, text=by) for n, by in enumerate(("p2", "p1")))
        for row, data, ledger, _ in (later, first, document(5)):
            store.keep_document(row, data, ledger)
        assert store.ledger()[-1] == first[2][0]
        assert len(store.ledger()) == len(store.days_done(TODAY)) == 2
        assert store.open_hazards(TODAY) == {"1101": Hazards(0, 2, 0)}
        assert shown() == [[first[0].sha256, later[0].sha256]]
        third = document(9, document_id="same", by="p3", text="p3", hand_overs=1)
        store.keep_document(*third[:3])
        assert store.ledger()[-1] == third[2][0]
        assert shown() == [[third[0].sha256, later[0].sha256, first[0].sha256]]
        assert {row.author_id for row in store.versions("same")} == {"p1", "p2", "p3"}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_the_store_and_the_fold_agree_whatever_is_kept(self, store: Store, data: st.DataObject) -> None:
        one = st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from([None, "a", "b", "c"]),
            st.sampled_from(["p1", "p2"]),
            st.booleans(),
            st.integers(0, 1),
        )
        # times are all different, so that the order of equals (bytes here, records there) does not matter
        drawn = data.draw(st.lists(one, max_size=6))
        own = len(store.documents(DocumentQuery(limit=100_000)))  # ids of their own each time: the store stays
        made = [
            document(
                document_id=f"{own}-{name}",
                supersedes=other and f"{own}-{other}",
                by=by,
                findings=findings,
                made_at=NOON + timedelta(minutes=minute),
                hand_overs=hand_overs,
            )
            for minute, (name, other, by, findings, hand_overs) in enumerate(drawn)
        ]
        for index in data.draw(st.permutations(range(len(made)))):
            row, content, ledger, _ = made[index]
            store.keep_document(row, content, ledger)
        ours = {row.id for row, *_ in made}
        assert tuple(row for row in store.ledger() if row.document in ours) == fold(record for *_, record in made)

    def test_open_hazards_are_counted_by_school(self, store: Store) -> None:
        kept = [document(0), document(1, supersedes="doc-000000"), document(2, at=other_school()), document(3)]
        major = replace(kept[3][2][0], severity=Severity.MAJOR, deadline=TODAY + timedelta(days=9))
        closed = replace(kept[2][2][0], id="doc-000002/2", state=FindingState.CLOSED, closed_on=TODAY)
        ledgers = {3: (major,), 2: (*kept[2][2], closed)}
        for number, (row, data, ledger, _) in enumerate(kept):
            store.keep_document(row, data, ledgers.get(number, ledger))
        deadline = kept[2][2][0].deadline
        assert store.open_hazards(deadline) == {school().id: Hazards(1, 1, 0), other_school().id: Hazards(0, 1, 0)}
        later = store.open_hazards(deadline + timedelta(days=1))
        assert later == {school().id: Hazards(1, 1, 1), other_school().id: Hazards(0, 1, 1)}

    def test_the_last_document_is_that_of_the_latest_day(self, store: Store) -> None:
        def of(number: int, at: School, day: int) -> DocumentRow:
            row, data, ledger, _ = document(number, at=at)
            row = replace(row, inspected_on=TODAY - timedelta(days=day))
            store.keep_document(row, data, ledger)
            return row

        of(0, school(), 3)
        last = of(1, school(), 1)
        of(2, school(), 2)
        of(3, other_school(), 4)
        later = of(4, other_school(), 4)
        assert store.last_documents() == (later, last)

    def test_documents_are_found_by_kind_school_day_and_page(self, store: Store) -> None:
        rows: list[DocumentRow] = []
        for n in range(7):
            row, data, ledger, _ = document(n, at=other_school() if n % 2 else school())
            store.keep_document(row, data, ledger)
            rows.insert(0, row)
        assert store.documents(ALL) == tuple(rows)
        assert store.documents(DocumentQuery(limit=2, offset=3)) == tuple(rows[3:5])
        assert store.documents(DocumentQuery(kind=DocumentKind.INSPECTION_REPORT)) == tuple(rows)
        of_one = DocumentQuery(school=other_school().id)
        assert store.documents(of_one) == tuple(rows[1::2])
        assert store.count_documents(of_one) == 3
        west = (NOON + timedelta(minutes=4)).astimezone(timezone(-timedelta(hours=9)))
        since = DocumentQuery(since=west, limit=1)
        assert store.documents(since) == (rows[0],)
        assert store.count_documents(since) == 3

    def test_newest_is_by_time_not_by_text(self, store: Store) -> None:
        early = document(1, made_at=NOON)
        late = document(2, made_at=(NOON + timedelta(minutes=1)).astimezone(timezone(-timedelta(hours=9))))
        for row, data, ledger, _ in (late, early):
            store.keep_document(row, data, ledger)
        assert [row.id for row in store.documents(ALL)] == ["doc-000002", "doc-000001"]

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("甲子", [0]),
            ("校", [1]),
            ("小", [0, 1]),
            ("南校区", [1]),
            ("(南校区)", [1]),
            ("乙丑 疏散", [1]),
            ("甲子 喷淋", []),
            ("示例", [0, 1]),
            ("消火", [0]),
            ("𬭎", [0]),
            ("栓𬭎", [0]),
            ("KN95 a", [0]),
            ("ｋｎ95", [0]),
            ("学小", []),
            ("二层", [0, 1]),
            ("临-20261124", [0, 1]),
            ('" OR "', []),
            ("，。", [0, 1]),
            ("栓*", [0]),
        ],
    )
    def test_two_characters_find(self, store: Store, text: str, found: list[int]) -> None:
        for row, data, ledger, _ in (
            document(0, text="消火栓𬭎被遮挡，缺KN95 A型口罩"),
            document(1, at=other_school()),
        ):
            store.keep_document(row, data, ledger)
        query = DocumentQuery(text=text)
        assert sorted(row.id for row in store.documents(query)) == [f"doc-{n:06d}" for n in found]
        assert store.count_documents(query) == len(found)

    def test_the_place_of_a_document_in_what_is_found(self, store: Store) -> None:
        kept = [document(n, at=other_school() if n % 2 else school()) for n in range(7)]
        for row, data, ledger, _ in kept:
            store.keep_document(row, data, ledger, links=())
        of_one = DocumentQuery(school=other_school().id, text="南校区", limit=1)
        found = [store.place_of(of_one, row.sha256) for row, *_ in kept]
        assert found == [None, 2, None, 1, None, 0, None]
        assert store.place_of(ALL, "0" * 64) is None

    def test_documents_are_found_by_author_end_and_state(self, store: Store) -> None:
        for n, (by, state) in enumerate([("甲", DocumentState.WAITING), ("乙", DocumentState.IMPORTED)] * 2):
            row, data, ledger, _ = document(n)
            store.keep_document(replace(row, author=by, state=state), data, ledger, links=())
        assert store.document_authors() == ("乙", "甲")

        def found(**wanted: object) -> list[str]:
            query = DocumentQuery(**wanted)  # type: ignore[arg-type]
            rows = store.documents(query)
            assert store.count_documents(query) == len(rows)
            return [row.id[-1] for row in rows]

        assert found(author="甲") == ["2", "0"]
        assert found(state=DocumentState.IMPORTED) == ["3", "1"]
        assert found(until=NOON + timedelta(minutes=2)) == ["1", "0"]
        assert found(until=NOON + timedelta(minutes=2), author="乙", state=DocumentState.IMPORTED) == ["1"]
        assert found(kind=DocumentKind.INSPECTION_REPORT, state=DocumentState.WAITING) == ["2", "0"]
        assert found(state=DocumentState.VOID) == []

    # what documents say of each other

    def paper(self, store: Store, name: str, kind: DocumentKind, *links: Link, by: str = "o1", minute: int = 0) -> str:
        """Keeps a paper that says this; its hash."""
        row, _, _, _ = document(document_id=name, findings=False)
        data = f"{name} {by} {minute}".encode()
        address = hashlib.sha256(data).hexdigest()
        made = NOON + timedelta(days=1, minutes=minute)
        row = replace(row, sha256=address, kind=kind, author_id=by, made_at=made, size=len(data))
        store.keep_document(row, data, (), links=links)
        return address

    def state_of(self, store: Store, sha256: str) -> DocumentState:
        row = store.document(sha256)
        assert row is not None
        assert store.documents(DocumentQuery(state=row.state, limit=99)).count(row) == 1
        return row.state

    @pytest.mark.parametrize("first", ["report", "review"])
    def test_a_review_says_how_a_report_stands_in_whatever_order_they_come(self, store: Store, first: str) -> None:
        row, data, ledger, _ = document(state=DocumentState.WAITING)

        def review(name: str, said: str, by: str = "o1", minute: int = 0, sha256: str = row.sha256) -> None:
            link = Link(LinkRole.REVIEWED, row.id, sha256, said)
            self.paper(store, name, DocumentKind.REVIEW, link, by=by, minute=minute)

        if first == "review":
            review("r1", "returned")
        store.keep_document(row, data, ledger, links=())
        if first == "report":
            assert (store.waiting(), self.state_of(store, row.sha256)) == (1, DocumentState.WAITING)
            review("r1", "returned")
        assert (store.waiting(), self.state_of(store, row.sha256)) == (0, DocumentState.RETURNED)
        review("r0", "accepted", minute=-5)  # an earlier word of the same reviewer
        review("rx", "accepted", minute=5, sha256="0" * 64)  # of another file
        assert self.state_of(store, row.sha256) is DocumentState.RETURNED
        review("r2", "accepted", minute=9)
        assert self.state_of(store, row.sha256) is DocumentState.ACCEPTED
        review("r3", "returned", by="o2")
        assert self.state_of(store, row.sha256) is DocumentState.NEEDS_ACTION
        later = document(1, supersedes=row.id)
        store.keep_document(later[0], later[1], later[2], links=())
        assert self.state_of(store, row.sha256) is DocumentState.REPLACED
        self.paper(store, "v1", DocumentKind.VOID, Link(LinkRole.VOIDED, row.id, row.sha256))
        assert self.state_of(store, row.sha256) is DocumentState.VOID
        assert store.ledger() == later[2]

    def test_related_is_what_names_a_document_and_what_corrects_it(self, store: Store) -> None:
        kept = [document(0), document(1, supersedes="doc-000000"), document(2)]
        for row, data, ledger, _ in kept:
            store.keep_document(row, data, ledger, links=())
        notice = self.paper(
            store, "n1", DocumentKind.RECTIFICATION_NOTICE, Link(LinkRole.NOTICED, "doc-000000", kept[0][0].sha256),
            Link(LinkRole.FOUND_IN, "doc-000002"),
        )  # fmt: skip
        answer = self.paper(store, "a1", DocumentKind.RESPONSE, Link(LinkRole.ANSWERED, "n1", notice))
        found = {one.row.sha256: {link.target for link in one.links} for one in store.related("doc-000000")}
        assert found == {kept[0][0].sha256: set(), kept[1][0].sha256: set(), notice: {"doc-000000", "doc-000002"}}
        assert {one.row.sha256 for one in store.related("n1")} == {notice, answer}
        assert store.related("none") == ()

    def test_what_came_without_its_links_is_read_later(self, store: Store) -> None:
        row, data, ledger, _ = document(state=DocumentState.WAITING)
        store.keep_document(row, data, ledger, links=())
        review = document(5, findings=False)
        store.keep_document(replace(review[0], kind=DocumentKind.REVIEW), review[1], ())
        assert store.unread_links() == (review[0].sha256,)
        store.keep_links({review[0].sha256: (Link(LinkRole.REVIEWED, row.id, row.sha256, "accepted"),)})
        assert store.unread_links() == ()
        assert self.state_of(store, row.sha256) is DocumentState.ACCEPTED

    def test_where_copies_were_put_is_kept_newest_first(self, store: Store) -> None:
        rows = [document(n)[0] for n in range(2)]
        for n in range(2):
            row, data, ledger, _ = document(n)
            store.keep_document(row, data, ledger, links=())
        one, two = (PutOut(row.sha256, "KINGSTON", f"/media/{row.id}.pdf", "张示例", NOON) for row in rows)
        store.log_put_out([one, two])
        again = replace(one, place="桌面", at=NOON + timedelta(days=1, microseconds=3))
        store.log_put_out([again])
        assert store.put_out() == (again, two, one)
        assert store.put_out(one.sha256) == (again, one)
        assert store.put_out(limit=1) == (again,)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("货架", [2, 1]),
            ("货", [2, 1]),
            ("消火", [0]),
            ("乙丑 货架", [2]),
            ("二层", [2, 1, 0]),
            ("喷淋", []),
            ("，", []),
        ],
    )
    def test_findings_are_found_by_two_characters_the_last_that_came_first(
        self, store: Store, text: str, found: list[int]
    ) -> None:
        kept = [document(0, text="消火栓被遮挡"), document(1), document(2, at=other_school()), document(3, text="货架")]
        kept.append(document(4, supersedes="doc-000003", text="改过的话"))
        for row, data, ledger, _ in kept:
            store.keep_document(row, data, ledger)
        expected = tuple(kept[n][2][0] for n in found)
        of_all = store.find_findings(FindingQuery(text))
        assert tuple(r for r in of_all if r.document != "doc-000004") == expected
        assert "doc-000003" not in {r.document for r in of_all}  # what is superseded does not count
        at_other = store.find_findings(FindingQuery(text, school=other_school().id))
        assert at_other == tuple(r for r in of_all if r.school_id == other_school().id)
        assert store.find_findings(FindingQuery(text, limit=1, offset=1)) == of_all[1:2]

    def test_the_wordings_of_an_item_are_those_of_ledger_and_drafts(self, store: Store) -> None:
        for row, data, ledger, _ in (document(0), document(1), document(2, text="门被锁")):
            store.keep_document(row, data, ledger)
        form = small_form()
        store.start_draft(draft(form, id=InspectionId("d9")), form, "oooooo")
        written = (finding(A1, text="新的说法", action="马上开门"), finding(A1, 2, text="新的说法", action=""))
        store.save_answer(InspectionId("d9"), A1, Answer(A1, "fail", NOON), written, "gooooo", NOON)

        def counted(item: str) -> Counter[tuple[str, Field, bool]]:
            counts: Counter[tuple[str, Field, bool]] = Counter()
            for used in store.wordings(form.id, item):
                counts[used.text, used.field, used.same_item] += used.count
            return counts

        at_item = counted("A-1")
        assert at_item["疏散通道被货架占用", Field.TEXT, True] == 2
        assert at_item["门被锁", Field.TEXT, True] == 1
        assert at_item["新的说法", Field.TEXT, True] == 2
        assert at_item["马上开门", Field.ACTION, True] == 1
        elsewhere = counted("B-2")
        assert elsewhere["疏散通道被货架占用", Field.TEXT, False] == 2
        assert not any(same for _, _, same in elsewhere)
        assert store.wordings("another", "A-1") == ()
        store.delete_draft(InspectionId("d9"), NOON)
        assert ("新的说法", Field.TEXT, True) not in counted("A-1")

    # finalising

    def finished(self, store: Store) -> Open:
        clock = FakeClock()
        opened = inspect.start(store, clock, RECKON, lambda: "d1", school(), FORM, INSPECTOR, "教学楼")
        for item, value in (("A-1", "fail"), ("A-2", "1.1"), ("A-3", "2026-01-01"), ("B-1", "pass")):
            opened = inspect.answer(store, clock, wording, opened, item, value)
        return inspect.attach_photo(store, clock, opened, "A-1", small_photo())

    def test_finalising_closes_the_draft_for_ever(self, store: Store) -> None:
        opened = self.finished(store)
        signer = FakeSigner()
        done = finalise(store, signer, FakeClock(), opened, (), "口令", "0.1")
        assert (store.drafts(), store.waiting()) == ((), 1)
        assert store.documents(ALL) == (done.row,)
        assert len(store.ledger()) == 1
        assert list(signer.photos) == [opened.inspection.photos[0].photo.printed]
        assert store.draft(D1) == opened.inspection
        self.assert_takes_no_change(store, "draft-final")
        with pytest.raises(Problem) as told:
            store.delete_draft(D1, NOON)
        assert told.value.code == "draft-final"
        with pytest.raises(Problem) as told:
            finalise(store, signer, FakeClock(NOON + timedelta(hours=1)), opened, (), "口令", "0.1")
        assert told.value.code == "draft-final"
        assert (store.documents(ALL), store.waiting()) == ((done.row,), 1)

    def test_closing_again_by_the_same_document_is_harmless(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        row, data, ledger, _ = document()
        assert store.keep_document(row, data, ledger) is True
        assert store.keep_document(row, data, ledger, closes=D1) is False
        assert store.keep_document(row, data, ledger, closes=D1) is False
        self.assert_takes_no_change(store, "draft-final")

    def test_closing_an_unknown_draft_keeps_nothing(self, store: Store) -> None:
        row, data, ledger, _ = document()
        with pytest.raises(Problem) as told:
            store.keep_document(row, data, ledger, closes=InspectionId("none"))
        assert told.value.code == "unknown-draft"
        assert (store.documents(ALL), store.ledger(), store.count_documents(ALL)) == ((), (), 0)

    def test_finalising_prints_the_marked_copies_each_at_its_place(self, store: Store) -> None:
        opened = self.finished(store)
        marks = PhotoMarks((Mark(MarkKind.MOSAIC, 1000, 1000, 4000, 4000), Mark(MarkKind.ARROW, 0, 0, 5000, 5000)))
        (link,) = opened.inspection.photos
        opened = inspect.arrange_photos(store, FakeClock(), opened, A1, (replace(link, marks=marks),))
        opened = inspect.link_photo(store, FakeClock(), opened, B1, link.photo)
        signer = FakeSigner()
        record = finalise(store, signer, FakeClock(), opened, (), "口令", "0.1").verdict.record
        assert isinstance(record, Record)
        copy = store.print_of(replace(link, marks=marks))
        assert [(one.item, one.photo, one.marks) for one in record.photos] == [
            (A1, copy, marks),
            (B1, link.photo, None),
        ]
        assert set(signer.photos) == {copy.printed, link.photo.printed}
        assert signer.photos[copy.printed] == store.printed_path(copy).read_bytes()
        kept = store.draft(D1)
        assert kept is not None
        assert kept.photos[0] == replace(link, marks=marks)

    def test_a_failed_signature_leaves_the_draft(self, store: Store) -> None:
        opened = self.finished(store)
        with pytest.raises(Problem):
            finalise(store, FakeSigner(), FakeClock(), opened, (), "错", "0.1")
        assert store.draft(D1) == opened.inspection
        assert [row.id for row in store.drafts()] == ["d1"]

    def test_importing_twice_is_harmless(self, store: Store, tmp_path: Path) -> None:
        _, data, *_ = document()
        (tmp_path / "来件.pdf").write_bytes(data)
        first = import_documents(store, FakeSigner(), [tmp_path / "来件.pdf"])
        again = import_documents(store, FakeSigner(), [tmp_path / "来件.pdf"])
        assert (len(first.new), len(again.new), len(again.known)) == (1, 0, 1)

    @pytest.mark.parametrize("harm", ["gone", "cut", "other"])
    def test_importing_again_brings_a_lost_file_back(self, store: Store, tmp_path: Path, harm: str) -> None:
        row, data, ledger, _ = document()
        (tmp_path / "来件.pdf").write_bytes(data)
        paths = [tmp_path / "来件.pdf"]
        assert not import_documents(store, FakeSigner(), paths).restored
        kept = store.document_path(row.sha256)
        harm_file(kept, harm)
        done = import_documents(store, FakeSigner(), paths)
        assert (done.new, done.known, done.restored, done.refused) == ((), tuple(paths), tuple(paths), ())
        assert kept.read_bytes() == data
        assert not import_documents(store, FakeSigner(), paths).restored
        harm_file(kept, harm)
        assert store.keep_document(row, data, ledger) is False
        assert kept.read_bytes() == data
        assert store.ledger() == ledger

    def test_only_what_is_kept_can_be_restored(self, store: Store) -> None:
        with pytest.raises(ValueError, match="no such document"):
            store.restore_document(b"unknown")

    @pytest.mark.parametrize("harm", ["gone", "cut", "other"])
    @pytest.mark.parametrize("which", ["original", "printed"])
    def test_taking_a_photo_in_again_brings_its_files_back(self, store: Store, harm: str, which: str) -> None:
        photo = store.take_in(small_photo(), NOON)
        path = store.original_path(photo) if which == "original" else store.printed_path(photo)
        whole = path.read_bytes()
        harm_file(path, harm)
        assert store.take_in(small_photo(), NOON + timedelta(days=1)) == photo
        assert path.read_bytes() == whole

    # the print log

    def test_the_print_log_only_grows_and_is_read_newest_first(self, store: Store) -> None:
        rows = []
        for n in range(2):
            row, data, ledger, _ = document(n)
            store.keep_document(row, data, ledger)
            rows.append(row)
        assert store.print_log() == ()
        one, two = (
            PrintLogEntry("job1", r.sha256, r.number, r.title, r.school, "张示例", NOON, 2, 8, "教务处 M7400")
            for r in rows
        )
        again = replace(
            one, job="job2", at=NOON + timedelta(days=1, microseconds=7), copies=0, pages=1, is_reprint=True
        )
        store.log_print([one, two])
        store.log_print([])
        store.log_print([again])
        assert store.print_log() == (again, two, one)
        assert store.print_log(rows[0].sha256) == (again, one)
        assert store.print_log(limit=2) == (again, two)
        assert store.print_log("0" * 64) == ()

    # threads

    def test_many_threads_write_and_read(self, store: Store) -> None:
        store.start_draft(draft(FORM), FORM, "oooooo")
        items = [item.id for item in FORM.items()]
        errors: list[BaseException] = []

        def fill(item: ItemId) -> None:
            try:
                for n in range(20):
                    store.save_answer(D1, item, Answer(item, "pass", NOON, note=str(n)), (), "pppppp", NOON)
                    kept = store.draft(D1)
                    assert kept is not None
                    assert kept.answers[item].note == str(n)
                    store.take_in(small_photo(n), NOON)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=fill, args=(item,)) for item in items]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        kept = store.draft(D1)
        assert kept is not None
        assert {a.note for a in kept.answers.values()} == {"19"}
        assert isinstance(kept, Inspection)

    # what was put off, what papers say

    def test_what_was_put_off_comes_back_and_can_be_taken_back(self, store: Store) -> None:
        one = Postponed(SchoolId("s1"), "fire", TODAY, TODAY + timedelta(days=3), "封校", NOON)
        other = replace(one, school=SchoolId("s0"))
        for put_off in (one, other, replace(one, until=TODAY + timedelta(days=9))):
            store.postpone(put_off)
        assert store.postponed() == (other, replace(one, until=TODAY + timedelta(days=9)))
        store.take_back(one)
        store.take_back(one)
        assert store.postponed() == (other,)

    def test_findings_to_check_again_stand_by_severity_and_are_counted(self, store: Store) -> None:
        findings = {}
        for number, (days, severity) in enumerate(((3, "general"), (-2, "general"), (0, "major"), (40, "general"))):
            at = school() if number != 1 else other_school()
            row, data, ledger, _ = document(number, at=at)
            findings[number] = replace(ledger[0], deadline=TODAY + timedelta(days=days), severity=Severity(severity))
            store.keep_document(row, data, (findings[number],))
        closed, data, ledger, _ = document(4)
        store.keep_document(closed, data, (replace(ledger[0], state=FindingState.CLOSED, closed_on=TODAY),))
        assert [(r.finding, r.answered) for r in store.rechecks(TODAY, 9)] == [(findings[2], None), (findings[1], None)]
        assert len(store.rechecks(TODAY, 1)) == 1
        counted = store.count_rechecks(TODAY, TODAY + timedelta(days=7))
        here = counted[findings[2].school_id]
        assert (here.now, here.majors, here.deadline, here.later, here.later_majors) == (1, 1, TODAY, 1, 0)
        assert here.document == store.rechecks(TODAY, 9)[0].document
        assert counted[findings[1].school_id].now == 1
        assert len(counted) == 2

    def test_only_what_the_school_itself_says_of_a_finding_counts(self, store: Store) -> None:
        row, data, ledger, _ = document(0)
        far = replace(ledger[0], deadline=TODAY + timedelta(days=40))
        store.keep_document(row, data, (far,))

        def respond(number: int, at: School, is_done: bool) -> None:
            paper, data, _, _ = document(number, at=at, by="x1", findings=False)
            paper = replace(paper, kind=DocumentKind.RESPONSE)
            store.keep_document(paper, data, ())
            assert paper.sha256 in store.unread_papers(9)
            store.keep_said(paper.sha256, ResponseSaid((FindingAnswered(far.id, is_done, number),)))
            store.keep_said(paper.sha256, None)
            assert store.unread_papers(9) == ()

        respond(1, other_school(), True)
        assert store.rechecks(TODAY, 9) == ()
        respond(2, school(), True)
        (found,) = store.rechecks(TODAY, 9)
        assert found.answered == FindingAnswered(far.id, True, 2)
        respond(3, school(), False)
        assert store.rechecks(TODAY, 9) == (), "the last word counts"

    def test_a_report_is_returned_to_its_author_by_an_office_only(self, store: Store) -> None:
        report, data, ledger, _ = document(0)
        store.keep_document(report, data, ledger)

        def review(number: int, role: Role, decision: Decision) -> None:
            paper, data, _, _ = document(number, by="o1", findings=False)
            paper = replace(paper, kind=DocumentKind.REVIEW, author_role=role.value, author="王演示")
            store.keep_document(paper, data, ())
            remarks = (Remark(A1, "问", "缺照片"), Remark(None, "", "整份"))
            store.keep_said(paper.sha256, ReviewSaid(report.id, report.sha256, decision, "区教委", "原因", remarks))

        review(1, Role.SCHOOL, Decision.RETURNED)
        assert store.returned(PersonId("p1")) == ()
        review(2, Role.OFFICE, Decision.RETURNED)
        (found,) = store.returned(PersonId("p1"))
        assert (found.report, found.by, found.said.remarks[0].item) == (report, "王演示", A1)
        assert store.returned(PersonId("p2")) == ()
        again, data, ledger, _ = document(5, supersedes=report.id)
        store.keep_document(again, data, ledger)
        assert store.returned(PersonId("p1")) == ()
        (known,) = store.returned(PersonId("p1"), report.id)
        assert (known.report.sha256, known.said) == (report.sha256, found.said), "asked for by name it is still known"
        review(3, Role.OFFICE, Decision.ACCEPTED)
        assert store.returned(PersonId("p1"), report.id) == ()
