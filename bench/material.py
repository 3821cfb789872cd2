"""What the figures are measured with: a workspace, photos of 12 megapixels, complete drafts of the fire form."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

from safetyapp.app import build_tools, create_workspace
from safetyapp.demo_answers import passing_readings, passing_value
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import Ink
from safetyapp.domain.school import Person, PersonId, Role, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.texts import resources
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import answer, attach_photo, describe, set_head, start
from safetyapp.workflow.opened import Open

PASSPHRASE = "测量用的口令 1234"
ITEMS, PHOTOS = 60, 20
SCHOOL = School(SchoolId("s1"), "示例区第一小学", SchoolKind.COMPLETE, has=frozenset(SchoolFact), sites=("教学楼",))


def workspace(folder: Path) -> Path:
    return folder / "workspace"


def make_workspace(folder: Path, signs: bool = False) -> None:
    """A workspace of one person, with a key when the figure needs signatures."""
    if signs:
        create_workspace(workspace(folder), Role.INSPECTOR, "测量员", PASSPHRASE)
        return
    tools = open_tools(folder)
    tools.store.save_me(Person(PersonId("p1"), "测量员"))
    tools.store.close()


def open_tools(folder: Path) -> Tools:
    return build_tools(workspace(folder))


def make_photos(folder: Path, count: int) -> None:
    """Noisy pictures of 4000x3000, 3 to 5 MB each as JPEG, as a phone makes them."""
    (folder / "photos").mkdir()
    for number in range(count):
        noise = Image.merge("RGB", [Image.effect_noise((4000, 3000), 40 + 5 * band) for band in range(3)])
        shapes = Image.radial_gradient("L").rotate(17 * number).resize((4000, 3000)).convert("RGB")
        Image.blend(shapes, noise, 0.4).save(folder / "photos" / f"{number:02}.jpg", quality=85)


def photos(folder: Path) -> Iterator[bytes]:
    """The photos over and over, each time with other bytes behind the picture: the same photo twice would be one."""
    files = [path.read_bytes() for path in sorted((folder / "photos").glob("*.jpg"))]
    dice = random.Random()
    while True:
        for data in files:
            yield data + dice.randbytes(16)


def empty_draft(tools: Tools, form: Form | None = None) -> Open:
    """A draft that has just begun, of the fire form when no other is given."""
    me = tools.store.me()
    assert me is not None
    form = form or tools.form("fire")
    return start(tools.store, tools.clock, tools.reckon, tools.new_id, SCHOOL, form, me, site="教学楼")


def complete_draft(tools: Tools, pictures: list[Path]) -> Open:
    """Every item answered; as many fail as there are photos to show them, one each."""
    draft = empty_draft(tools)
    failing = [item.id for item in draft.form.items() if item.answer.kind is AnswerKind.CONFORMITY][: len(pictures)]
    shown = dict(zip(failing, pictures, strict=True))
    for item in draft.form.items():
        place = draft.place(item.id)
        text = "fail" if item.id in shown else passing_value(draft, place)
        readings = passing_readings(draft, place)
        draft = answer(tools.store, tools.clock, tools.wording, draft, item.id, text, readings=readings)
        for finding in draft.inspection.findings_of(item.id):
            told = replace(finding, place="教学楼三层东侧", text=finding.text or "现场与要求不符", criterion="现场判定")
            draft = describe(tools.store, tools.clock, draft, told)
        if item.id in shown:
            draft = attach_photo(tools.store, tools.clock, draft, item.id, shown[item.id])
    return set_head(tools.store, tools.clock, draft, opinion="限期整改。", escort="王老师")


def inks(tools: Tools) -> tuple[Ink, ...]:
    """Both handwritten signatures."""
    names = (("测量员", "inspector", "ink-1.png"), ("王老师", "escort", "ink-2.png"))
    return tuple(
        Ink(name, role, tools.clock.now(), tools.store.keep_ink((resources() / "demo" / image).read_bytes()))
        for name, role, image in names
    )
