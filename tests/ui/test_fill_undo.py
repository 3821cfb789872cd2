"""Everything that a person changes in Fill can be taken back, one step after the other, and done again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import Severity
from safetyapp.domain.inspection import Inspection
from safetyapp.ui.fill_photos import Source
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from tests.ui.fill_stage import Stage, item, make_stage, picture_file
from tests.ui.kinds import PLACED, arrivals


@pytest.fixture
def stage(tmp_path: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = make_stage(tmp_path, look, jobs)
    yield made
    made.close()


def content(inspection: Inspection) -> tuple[object, ...]:
    """What a person sees of it."""
    return dict(inspection.answers), inspection.findings, inspection.photos


def test_every_kind_of_change_is_a_step(stage: Stage, tmp_path: Path) -> None:
    screen, f12 = stage.screen(), item("F-12")
    keeper = screen.keeper
    states = [content(keeper.shown.inspection)]

    def step(change: object) -> None:
        keeper.close_step()
        states.append(content(keeper.shown.inspection))
        assert states[-1] != states[-2]

    step(keeper.answer(f12, "fail"))
    step(keeper.answer(f12, "fail", note="二层也有"))
    for change in (
        {"text": "走廊堆放纸箱"}, {"place": "教学楼"}, {"severity": Severity.MAJOR}, {"criterion": "判定"},
        {"severity": Severity.GENERAL}, {"severity_reason": "只有一处"}, {"action": "立即清走"},
        {"fixed_on_spot": True},
        {"deadline": keeper.shown.inspection.inspected_on.replace(year=2030)}, {"basis": ()},
    ):  # fmt: skip
        step(keeper.describe(replace(keeper.shown.inspection.findings_of(f12)[0], **change)))  # type: ignore[arg-type]
    step(keeper.describe(replace(keeper.shown.inspection.findings_of(f12)[0], ordinal=2), "another"))
    step(keeper.drop_finding(f12, 2))
    for number in range(2):
        screen.photos.take(f12, [Source(str(number), picture_file(tmp_path, f"{number}.jpg", 200 + number))])
        assert stage.jobs.settle()
        step(None)
    links = keeper.shown.inspection.photos_of(f12)
    step(keeper.arrange_photos(f12, links[::-1]))
    links = keeper.shown.inspection.photos_of(f12)
    step(keeper.arrange_photos(f12, (replace(links[0], caption="远景"), links[1])))
    step(keeper.arrange_photos(f12, keeper.shown.inspection.photos_of(f12)[1:]))
    step(keeper.answer(item("F-14"), "1"))
    (reading, *_) = screen.model.row_of(item("F-14")).item.answer.readings
    step(keeper.set_readings(item("F-14"), {reading.id: "1"}))
    step(keeper.answer_all(screen.rest.rest().passing, Outcome.PASS))
    step(keeper.clear(item("F-14")))

    for expected in reversed(states[:-1]):
        screen.undo()
        assert content(keeper.shown.inspection) == expected
    assert content(stage.kept().inspection) == states[0]
    assert keeper.undo() is None
    for expected in states[1:]:
        assert keeper.redo() is not None
        assert content(keeper.shown.inspection) == expected
    assert content(stage.kept().inspection) == states[-1]


def test_rows_of_a_table_too(tmp_path: Path, look: Look, jobs: Jobs) -> None:
    stage = make_stage(tmp_path, look, jobs, form=arrivals(), school=PLACED)
    try:
        screen = stage.screen()
        keeper = screen.keeper
        table = next(row.id for row in screen.model.every if row.kind.value == "table" and not row.item.rows.fixed)
        before = content(keeper.shown.inspection)
        keeper.rows(table, "1 2 3 4")
        after = content(keeper.shown.inspection)
        assert after != before
        screen.undo()
        assert content(stage.kept().inspection) == before
        keeper.redo()
        assert content(stage.kept().inspection) == after
    finally:
        stage.close()
