"""Many answers at once in Fill: the rest of a section or of the form passes, a section does not apply. Each is asked
once and is one step of undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import ItemId
from safetyapp.domain.ledger import FindingState
from safetyapp.domain.rest import LeftOut, Rest, rest_of
from safetyapp.ui.fill_parts import FillParts


class RestDesk(QObject):
    """Asks, and hands the answers to the keeper."""

    def __init__(self, parts: FillParts, flush: Callable[[], None], undo: Callable[[], None], screen: QWidget) -> None:
        super().__init__(screen)
        self._parts, self._flush, self._undo, self._screen = parts, flush, undo, screen
        self._keeper, self._model, self._texts = parts.keeper, parts.model, parts.texts
        parts.sections.not_applicable_wanted.connect(self.section_not_applicable)
        parts.sections.rest_wanted.connect(self.pass_section)

    def pass_rest(self) -> None:
        """Ctrl+Shift+1: the rest of the section where one is, or of the whole form."""
        row = self._parts.view.current_row()
        if row is not None:
            self._offer(row.section, with_all=True)

    def pass_section(self, number: int) -> None:
        """From the section's menu."""
        self._offer(number, with_all=False)

    def rest(self, section: str = "") -> Rest:
        """What could be passed now."""
        shown = self._keeper.shown
        is_open = frozenset(i for i, row in shown.earlier.items() if row.state is FindingState.OPEN)
        unread = frozenset(self._model.refused_addresses())
        return rest_of(shown.form, shown.inspection, shown.reckoned, section, is_open, unread)

    def _offer(self, number: int, with_all: bool) -> None:
        self._flush()
        say, title = self._texts.say, self._parts.sections.sections.title(number)
        here, whole = self.rest(self._model.sections[number].id), self.rest()
        choices: list[tuple[str, Rest]] = []
        if here.passing:
            choices.append((say("fill_aids.rest.section_do", n=len(here.passing), title=title), here))
        if with_all and len(whole.passing) > len(here.passing):
            choices.append((say("fill_aids.rest.all_do", n=len(whole.passing)), whole))
        about = whole if with_all else here
        if not choices:
            self._parts.toast.say(say("fill_aids.rest.none"), icon="info-circle")
            return
        chosen = self._ask(self._question(here, whole if with_all else None, title), self._left(about), choices)
        if chosen is None:
            self._parts.pane.focus_list()
            return
        done = self._keeper.answer_all(chosen.passing, Outcome.PASS)
        self._say_done(say("fill_aids.rest.done", n=done), done)

    def _question(self, here: Rest, whole: Rest | None, title: str) -> str:
        say = self._texts.say
        if whole is None:
            asked = len(here.passing) + len(here.left)
            return say("fill_aids.rest.ask_section", title=title, n=asked, passing=len(here.passing))
        asked = len(whole.passing) + len(whole.left)
        return say("fill_aids.rest.ask", n=asked, passing=len(whole.passing))

    def _left(self, rest: Rest) -> str:
        """What is left for a person, with the numbers of the items."""
        say, lines = self._texts.say, list[str]()
        for why in LeftOut:
            items = [item for item, reason in rest.left.items() if reason is why]
            if items:
                lines.append(say(f"fill_aids.rest.left.{why.value}", n=len(items), items=self._listed(items)))
        return "\n".join([say("fill_aids.rest.left_head"), *lines]) if lines else ""

    def _listed(self, items: list[ItemId], most: int = 6) -> str:
        joined = self._texts.say("fill.comma").join(items[:most])
        return joined + ("…" if len(items) > most else "")

    def _ask(self, question: str, left: str, choices: list[tuple[str, Rest]]) -> Rest | None:
        box = QMessageBox(self._screen)
        box.setText(question)
        box.setInformativeText(left)
        buttons = {box.addButton(words, QMessageBox.ButtonRole.AcceptRole): rest for words, rest in choices}
        leave = box.addButton(self._texts.say("fill_aids.rest.no"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.exec()
        return next((rest for button, rest in buttons.items() if button is box.clickedButton()), None)

    def section_not_applicable(self, number: int) -> None:
        """Everything in the section that is not answered does not apply."""
        rows = [
            row for row in self._model.section_rows(number)
            if row.may_not_apply and row.outcome is None and row.skip is None and not row.refused
        ]  # fmt: skip
        title = self._parts.sections.sections.title(number)
        if not rows or not self._ask_section(title, len(rows)):
            return
        done = self._keeper.answer_all(tuple(row.id for row in rows), Outcome.NA)
        self._say_done(self._texts.say("fill.section_all_na_done", title=title, n=done), done)

    def _ask_section(self, title: str, count: int) -> bool:
        say = self._texts.say
        box = QMessageBox(self._screen)
        box.setText(say("fill.section_all_na_ask", title=title, n=count))
        do = box.addButton(say("fill.section_all_na_do"), QMessageBox.ButtonRole.AcceptRole)
        leave = box.addButton(say("fill.section_all_na_no"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        box.exec()
        return box.clickedButton() is do

    def _say_done(self, sentence: str, done: int) -> None:
        """Says it, with a way back as long as nothing else was done since."""
        step = self._keeper.last if done else None

        def take_back() -> None:
            if self._keeper.last is step:
                self._undo()
            else:
                self._parts.toast.say(self._texts.say("fill_aids.rest.changed_since"), icon="info-circle")

        self._parts.toast.say(sentence, self._texts.say("fill.photo.undo") if done else "", take_back)
        self._parts.pane.focus_list()
