"""A store, a clock, and an open draft of some form: what a person at work has before them."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.inspection import Answer, Finding
from safetyapp.domain.school import Person, PersonId, School
from safetyapp.texts import Texts
from safetyapp.workflow import inspect
from safetyapp.workflow.opened import Open, resume
from safetyapp.workflow.ports import Store
from safetyapp.workflow.take_back import put_back
from safetyapp.workflow.wording import propose_text
from tests.domain.examples import RECKON, school, small_form
from tests.fakes import FakeClock, FakeStore

INSPECTOR = Person(PersonId("p1"), "张示例")


class Desk:
    """Answers are committed when the call returns; `kept` is what the store has of them."""

    def __init__(
        self, folder: Path, form: Form | None = None, at: School | None = None, store: Store | None = None
    ) -> None:
        self.store = store or FakeStore(folder)
        self.clock = FakeClock()
        self._numbers = count(1)
        self.start(form or small_form(), at)

    def start(self, form: Form, at: School | None = None) -> Open:
        """Another draft; the one before stays in the store."""
        name = f"draft-{next(self._numbers)}"
        self.draft = inspect.start(
            self.store, self.clock, RECKON, lambda: name, at or school(), form, INSPECTOR, site="教学楼"
        )
        return self.draft

    def wording(self, *facts: object) -> str:
        return propose_text(Texts("zh").say, *facts)  # type: ignore[arg-type]

    def answer(self, item: str, text: str, **options: object) -> Open:
        self.draft = inspect.answer(self.store, self.clock, self.wording, self.draft, item, text, **options)  # type: ignore[arg-type]
        return self.draft

    def fill(self, **answers: str) -> Open:
        """Several at once; `_at_` stands for @, and `_` for a dash."""
        for item, text in answers.items():
            self.answer(item.replace("_at_", "@").replace("_", "-"), text)
        return self.draft

    def clear(self, item: str) -> Open:
        self.draft = inspect.clear(self.store, self.clock, self.draft, item)
        return self.draft

    def undo(self, item: str, before: Open) -> Open:
        self.draft = put_back(self.store, self.clock, self.draft, ItemId(item), before.inspection)
        return self.draft

    def kept(self) -> Open:
        """As another start of the program would open it. Everything is in the store, or the test fails here."""
        found = resume(self.store, RECKON, self.draft.inspection.id)
        assert found.inspection == self.draft.inspection
        assert found.reckoned == self.draft.reckoned
        assert found.marks() == self.draft.marks()
        return found

    def value(self, address: str) -> str | None:
        """What is answered there."""
        answer = self.answers().get(ItemId(address))
        return answer.value if answer else None

    def answers(self) -> dict[ItemId, Answer]:
        return dict(self.kept().inspection.answers)

    def values(self) -> dict[str, str]:
        return {str(item): answer.value for item, answer in self.answers().items()}

    def findings(self, address: str) -> tuple[Finding, ...]:
        return self.kept().inspection.findings_of(ItemId(address))
