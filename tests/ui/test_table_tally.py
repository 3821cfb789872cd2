"""Counting a table on from what was counted comes to the same as counting it anew, whatever was done."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given

from safetyapp.domain.problem import Problem
from safetyapp.ui.draft_changes import changed_addresses
from safetyapp.ui.table_tally import TableCount
from safetyapp.workflow.opened import Open
from tests.domain.examples import CLASSES, drill_form, school
from tests.workflow.desk import Desk
from tests.workflow.test_tables import STEPS


@given(STEPS)
def test_counting_on_is_counting_anew(steps: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        desk = Desk(Path(folder), drill_form(), school(classes=CLASSES))
        table = desk.draft.item("classes")
        count, before = TableCount(table), desk.draft
        count.refresh(before, None, None)
        done: list[tuple[str, Open]] = []
        for address, text in steps:
            try:
                if address == "undo" and done:
                    desk.undo(*done.pop())
                elif address != "undo":
                    done.append((address, desk.draft))
                    desk.answer(address, text)
            except Problem:
                done.pop()
            tally = count.refresh(desk.draft, None, changed_addresses(before, desk.draft))
            before = desk.draft
            assert tally == TableCount(table).refresh(desk.draft, None, None)
