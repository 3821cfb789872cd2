"""What the figures are measured with: a workspace, photos of 12 megapixels, complete drafts of the fire form."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from PIL import Image

from safetyapp.app import build_tools, create_workspace
from safetyapp.domain.form import AnswerKind, Item
from safetyapp.domain.inspection import Ink, Inspection
from safetyapp.domain.school import Person, PersonId, Role, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.texts import resources
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import Open, answer, attach_photo, describe, set_head, start

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


def empty_draft(tools: Tools) -> Open:
    me = tools.store.me()
    assert me is not None
    return start(tools.store, tools.clock, tools.new_id, SCHOOL, tools.form("fire"), me, site="教学楼")


def complete_draft(tools: Tools, pictures: list[Path]) -> Open:
    """Every item answered; as many fail as there are photos to show them, one each."""
    draft = empty_draft(tools)
    failing = [item.id for item in draft.form.items() if item.answer.kind is AnswerKind.CONFORMITY][: len(pictures)]
    shown = dict(zip(failing, pictures, strict=True))
    for item in draft.form.items():
        text = "fail" if item.id in shown else passing(item, draft.inspection)
        draft = answer(tools.store, tools.clock, tools.wording, draft, item.id, text)
        for finding in draft.inspection.findings_of(item.id):
            told = replace(finding, place="教学楼三层东侧", text=finding.text or "现场与要求不符", criterion="现场判定")
            draft = describe(tools.store, tools.clock, draft, told)
        if item.id in shown:
            draft = attach_photo(tools.store, tools.clock, draft, item.id, shown[item.id])
    return set_head(tools.store, tools.clock, draft, opinion="限期整改。", escort="王老师")


def passing(item: Item, inspection: Inspection) -> str:
    """A value that keeps the item's limits."""
    limits = item.answer.limits_for(inspection.school)
    if item.answer.kind is AnswerKind.CONFORMITY:
        return "pass"
    if item.answer.kind is AnswerKind.DATE:
        return (inspection.inspected_on - timedelta(days=10)).isoformat()
    bound = limits.minimum if limits.minimum is not None else limits.maximum
    return format(bound, "f") if bound is not None else "1"


def inks(tools: Tools) -> tuple[Ink, ...]:
    """Both handwritten signatures."""
    names = (("测量员", "inspector", "ink-1.png"), ("王老师", "escort", "ink-2.png"))
    return tuple(
        Ink(name, role, tools.clock.now(), tools.store.keep_ink((resources() / "demo" / image).read_bytes()))
        for name, role, image in names
    )
