"""Fills any form through the workflow with answers that its places take, until nothing is missing; and finalises it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

from PIL import Image

from safetyapp.domain.address import item_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.gaps import gaps
from safetyapp.domain.judging import is_required
from safetyapp.domain.places import Place, places, row_ids
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, School, SchoolId, SchoolKind
from safetyapp.forms.reckon import make_reckoner
from safetyapp.workflow import inspect
from safetyapp.workflow.finalise import Finalised, finalise
from safetyapp.workflow.opened import Open
from tests.fakes import FakeClock, FakeSigner, FakeStore

_DAYS = ("2026-11-24", "2026-01-31", "2000-02-29", "2027-06-01", "1980-05-05", "2026-11-23", "2026-11-25", "2030-01-01")
_NUMBERS = (*range(25), 30, 40, 50, 75, 99, 100, 150, 500, 1000, 2000, 2026, -1, -10, 12345, 1000000)
_TEXTS = ("文字", "a", "abc", "A1", "12345", "0123456789", "13800000000", "name@example.com", "1", "2026", "xyz 1")
_POINTS = ("31.2 121.5 4 5", "31.3 121.6 4 5", "31.4 121.5 4 5")

SCHOOL = School(SchoolId("s1"), "示例小学", SchoolKind.PRIMARY, students=612)


class Filler:
    """A draft of a form on the fakes, and ways to fill it."""

    def __init__(self, form: Form, folder: Path) -> None:
        self.folder = folder
        self.store, self.clock = FakeStore(folder), FakeClock()
        numbers = count(1)
        inspector = Person(PersonId("p1"), "张示例")
        self.draft: Open = inspect.start(
            self.store,
            self.clock,
            make_reckoner(),
            lambda: f"draft-{next(numbers)}",
            SCHOOL,
            form,
            inspector,
            "教学楼",
        )

    def answer(self, address: str, text: str) -> bool:
        """Whether the text was taken."""
        try:
            self.draft = inspect.answer(self.store, self.clock, _no_words, self.draft, address, text, note="其他内容")
        except Problem:
            return False
        return True

    def fill(self, rounds: int = 12) -> list[str]:
        """Answers everything that is asked, whatever opens on the way too; what still blocks in the end."""
        for _ in range(rounds):
            before = self.draft.inspection
            for place in self._open_places():
                self._fill(place)
            blocking = self._blocking()
            if not blocking and self.draft.inspection == before:
                break
            for address in blocking:
                self._try_others(address)
        return [f"{gap.item} {gap.kind.value}" for gap in self._gaps()]

    def finalise(self) -> Finalised:
        return finalise(self.store, FakeSigner(), self.clock, self.draft, (), "口令", "0")

    def _open_places(self) -> list[Place]:
        every = places(self.draft.form, self.draft.inspection, self.draft.reckoned)
        return [p for p in every if p.skip is None and p.item.answer.kind.is_asked]

    def _gaps(self) -> list[object]:
        found = gaps(self.draft.form, self.draft.inspection, self.draft.reckoned)
        return [gap for gap in found if gap.kind.blocks]

    def _blocking(self) -> list[str]:
        return [gap.item for gap in self._gaps()]  # type: ignore[attr-defined]

    def _is_there(self, address: ItemId) -> bool:
        return any(p.address == address for p in self._open_places())

    def _fill(self, place: Place) -> None:
        item, address = place.item, place.address
        if not self._is_there(address) or (item.calculate and not item.trigger):
            return
        if item.answer.kind is AnswerKind.TABLE:
            rows = row_ids(self.draft.inspection, address)
            if not rows and not item.rows.count and not item.rows.fixed:
                self.answer(address, "+2")
            return
        if item.answer.kind is AnswerKind.PHOTO:
            if not self.draft.inspection.photos_of(address):
                self.draft = inspect.attach_photo(self.store, self.clock, self.draft, address, _photo())
            return
        if address in self.draft.inspection.answers or (
            item.read_only and not is_required(item, address, self.draft.reckoned)
        ):
            return
        any(self.answer(address, text) for text in self._candidates(address, item))

    def _try_others(self, address: str) -> None:
        """An answer that cannot stay is given anew."""
        item = self.draft.item(address)
        if item.answer.kind in (AnswerKind.PHOTO, AnswerKind.TABLE) or not self._is_there(ItemId(address)):
            return
        for text in self._candidates(address, item):
            if self.answer(address, text) and address not in self._blocking():
                return

    def _candidates(self, address: str, item: Item) -> Iterator[str]:
        kind = item.answer.kind
        mined = re.findall(r"'([^']*)'|\"([^\"]*)\"", item.constraint)
        texts = [a or b for a, b in mined if a or b]
        if kind.is_choice:
            yield from self._choices(address, kind)
        elif kind.is_number:
            yield from self._numbers(item)
        elif kind in (AnswerKind.TEXT, AnswerKind.BARCODE):
            yield from (*texts, *_TEXTS)
        elif kind is AnswerKind.DATE:
            yield from (*texts, *_DAYS)
        elif kind is AnswerKind.TIME:
            yield from ("12:00", "08:30", "23:59", "00:00", *texts)
        elif kind is AnswerKind.DATETIME:
            yield from (f"{day} 12:00" for day in _DAYS)
        elif kind is AnswerKind.POSITION:
            yield _POINTS[0]
        elif kind in (AnswerKind.TRACE, AnswerKind.SHAPE):
            yield ";".join(_POINTS)
        elif kind is AnswerKind.ACKNOWLEDGE:
            yield "OK"
        elif kind.is_file:
            path = self.folder / "answer.bin"
            path.write_bytes(b"answer")
            yield f"{self.store.keep_file(path)}/answer.bin"

    def _choices(self, address: str, kind: AnswerKind) -> Iterator[str]:
        offered = self.draft.offered(address)
        ids = [c.id for c in offered.choices] if offered else []
        if kind is AnswerKind.RANK:
            yield " ".join(ids)
            return
        yield from ids
        if kind is AnswerKind.CHOICES:
            yield " ".join(ids)
            yield from (f"{a} {b}" for a in ids for b in ids if a != b)

    def _numbers(self, item: Item) -> Iterator[str]:
        mined = [int(n) for n in re.findall(r"\d{1,9}", item.constraint)]
        near = [n + d for n in mined for d in (0, 1, -1)]
        low, high, step = item.answer.limits.minimum, item.answer.limits.maximum, item.answer.step
        if low is not None and high is not None:
            yield from (format(n, "f") for n in (low, high, low + (step or 1)))
        yield from (str(n) for n in (*near, *_NUMBERS))


def _photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), (200, 80, 40)).save(out, "JPEG")
    return out.getvalue()


def _no_words(*_: object) -> str:
    return "不合格"


def fill_and_finalise(form: Form, folder: Path) -> str:
    """Empty when the form was filled and became a document, else why not."""
    filler = Filler(form, folder)
    left = filler.fill()
    if left:
        return "; ".join(left)
    verdict = filler.finalise().verdict
    return "" if verdict.is_valid else verdict.why


def answered(filler: Filler) -> set[str]:
    """The items that have an answer."""
    return {item_of(address) for address in filler.draft.inspection.answers}
