"""A draft of the food checklist with 100 photos opened in the window, from the disk to the painted list, against the
same draft without photos.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.material import empty_draft, make_photos, make_workspace, open_tools, photos
from safetyapp.demo_answers import passing_readings, passing_value
from safetyapp.workflow.inspect import answer, link_photo
from safetyapp.workflow.opened import Open

FORM, PHOTOS = "food", 100
TITLE = f"71 items with {PHOTOS} photos opened in the window"
FLOOR = "the same items without a photo"
ROUNDS = 9
LIMIT, LIMIT_MS = None, 200.0
CHILDREN = False


def prepare(folder: Path) -> None:
    make_workspace(folder)
    make_photos(folder, 4)
    tools = open_tools(folder)
    pictures = photos(folder)
    taken = [tools.store.take_in(next(pictures), tools.clock.now()) for _ in range(PHOTOS)]
    for name, count in (("with", PHOTOS), ("without", 0)):
        draft: Open = empty_draft(tools, tools.form(FORM))
        asked = [i.id for i in draft.form.asked() if draft.find(i.id) is not None]
        for item in asked:
            place = draft.place(item)
            if place.skip is None:
                text, readings = passing_value(draft, place), passing_readings(draft, place)
                draft = answer(tools.store, tools.clock, tools.wording, draft, item, text, readings=readings)
        for number in range(count):
            item = asked[number % len(asked)]
            draft = link_photo(tools.store, tools.clock, draft, item, taken[number])
        (folder / f"{name}.txt").write_text(draft.inspection.id, encoding="utf-8")
    tools.store.close()


def _opening(folder: Path, name: str, count: int) -> Run:
    from bench.fill import stage

    at = stage(folder)
    draft = (folder / f"{name}.txt").read_text(encoding="utf-8")

    def run() -> float:
        began = perf_counter()
        screen = at.open(draft)
        took = perf_counter() - began
        if len(screen.keeper.shown.inspection.photos) != count:
            raise ValueError("the draft has other photos than this figure is about")
        at.close(screen)
        return took

    return run


def ours(folder: Path) -> Run:
    return _opening(folder, "with", PHOTOS)


def floor(folder: Path) -> Run:
    return _opening(folder, "without", 0)
