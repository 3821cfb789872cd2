"""A whole inspection for the tests: the built-in fire form, a school, findings, photos with files, handwriting."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Form, Item, Severity
from safetyapp.domain.inspection import (
    Answer,
    CaptureClock,
    Finding,
    FormRef,
    Ink,
    Inspection,
    InspectionId,
    Photo,
    PhotoLink,
    Sha256,
)
from safetyapp.domain.judging import judge, propose_finding
from safetyapp.domain.places import skipped
from safetyapp.domain.reckoned import NOTHING
from safetyapp.domain.record import Author, Record, make_record
from safetyapp.domain.school import Person, PersonId, Role, School, SchoolFact, SchoolId, SchoolKind
from safetyapp.texts import built_in_forms

BEIJING = timezone(timedelta(hours=8))
MADE_AT = datetime(2026, 11, 24, 15, 42, 7, tzinfo=BEIJING)
INSPECTED_ON = date(2026, 11, 24)
DOCUMENT_ID = InspectionId("7f3a91c0-5e2b-44d8-9c1e-0123456789ab")
RARE_NAMES = "堃喆翀龑㛃𬭎"
INSPECTOR = Person(PersonId("p-07"), "张示例", Role.INSPECTOR)
SCHOOL = School(
    id=SchoolId("1101120001"),
    name="通州区甲子小学（示例）",
    kind=SchoolKind.PRIMARY,
    code="1101120001",
    has=frozenset({SchoolFact.CANTEEN, SchoolFact.GAS, SchoolFact.FIRE_FACILITIES, SchoolFact.HYDRANTS}),
    lacks=frozenset({SchoolFact.BOARDING, SchoolFact.LABORATORY}),
)

_TEXTS = (
    ("行政楼三层办公室", "插排串接为电动自行车电池充电，充电线由窗户引入室内。"),
    ("教学楼二层东侧走廊", "走廊北侧堆放纸箱6个、旧课桌3张，净宽由2.4米减至约1.1米。一年内第3次发现，属复发隐患。"),
    ("教学楼一至三层", "实测18分钟，不足30分钟（下限30分钟）。"),
    ("食堂", "烟道最近一次清洗为7月30日，超过92天。"),
    ("门卫室", "新上岗保安2人无岗前消防培训记录。"),
)


@dataclass(frozen=True)
class Example:
    """A report with everything that sealing it needs."""

    record: Record
    form: Form
    photos: dict[Sha256, Path]
    inks: dict[Sha256, bytes]
    kept: dict[Sha256, Path] = field(default_factory=dict)
    """The files that answers name."""


@cache
def fire_form() -> Form:
    """The built-in fire form."""
    from safetyapp.forms.library import Library

    return Library((built_in_forms(),)).form("fire")


def _value(form: Form, item: Item, school: School, wanted: Outcome) -> str:
    """An answer that comes to what is wanted."""
    limits = item.answer.limits_for(school)
    numbers = [limits.minimum, limits.maximum, Decimal(0), (limits.minimum or 1) - Decimal("0.5"), Decimal(9999)]
    days = [INSPECTED_ON + timedelta(days=n) for n in (-3, 3, -9000)]
    if item.answer.kind is AnswerKind.CONFORMITY:
        return wanted.value
    texts = [d.isoformat() for d in days]
    if item.answer.kind.is_number:
        texts = [format(n, "f") for n in numbers if n is not None]
    judged = {judge(form, item, Answer(item.id, t, MADE_AT), school, INSPECTED_ON): t for t in reversed(texts)}
    return judged[wanted]


def make_photo(
    folder: Path, number: int, width: int = 800, height: int = 600, noise: bool = False
) -> tuple[Photo, Path]:
    """A picture file as the store keeps its copies for print, and what the record says of it."""
    if noise:
        image = Image.effect_noise((width, height), 60).convert("RGB")
    else:
        image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width * 0.3, height * 0.2, width * 0.6, height * 0.8), fill=(37 * number % 256, 90, 140))
    draw.text((20, 20), str(number), fill="white")
    data = BytesIO()
    image.save(data, "JPEG", quality=80)
    printed = hashlib.sha256(data.getvalue()).hexdigest()
    path = folder / f"{printed}.jpg"
    path.write_bytes(data.getvalue())
    original = hashlib.sha256(b"original" + data.getvalue()).hexdigest()
    clock = (CaptureClock.CAMERA, CaptureClock.FILE, CaptureClock.LAPTOP)[number % 3]
    taken = datetime(2026, 11, 24, 14, 12 + number % 40, tzinfo=BEIJING)
    photo = Photo(Sha256(original), Sha256(printed), width, height, 4_000_000, "image/jpeg", taken, clock)
    return photo, path


def make_ink(name: str, role: str, wave: int = 3) -> tuple[Ink, bytes]:
    """Handwriting as the pad makes it."""
    image = Image.new("RGBA", (600, 180), (255, 255, 255, 0))
    points = [(20 + 14 * i, 90 + 60 * ((i * wave * 7 % 11) / 11 - 0.5)) for i in range(36)]
    ImageDraw.Draw(image).line(points, fill=(0, 0, 0, 255), width=6, joint="curve")
    data = BytesIO()
    image.save(data, "PNG")
    sha = Sha256(hashlib.sha256(data.getvalue()).hexdigest())
    strokes = ((*((int(x * 10), int(y * 10), i * 12) for i, (x, y) in enumerate(points)),),)
    return Ink(name, role, MADE_AT - timedelta(minutes=2), sha, strokes), data.getvalue()


def make_example(
    folder: Path,
    *,
    certificate: str = "0" * 64,
    findings: int = 5,
    photos: int = 6,
    names: str = RARE_NAMES,
    school: School = SCHOOL,
    site: str = "",
    fixed: int = 1,
    noise: bool = False,
    pixels: tuple[int, int] = (800, 600),
    with_inks: bool = True,
) -> Example:
    """A complete inspection of the fire form: `findings` of the items fail, `photos` are spread over them."""
    form = fire_form()
    inspection = Inspection(
        id=DOCUMENT_ID,
        form=FormRef(form.id, form.version, form.sha256),
        school=school,
        started_at=MADE_AT - timedelta(hours=2),
        inspected_on=INSPECTED_ON,
        inspector=INSPECTOR,
        companions=("李样本", names),
        escort="周陪同（总务主任）",
        site=site,
        opinion="第1项为重大隐患（教育系统重大事故隐患判定指南第三条（一）6），请立即断电拆除并停止使用该处电源，"
        "其余各项按期整改，整改期间加强看护。",
        school_opinion="情况属实。走廊纸箱今天放学后清走。",
    )
    not_asked = skipped(form, inspection, NOTHING)
    asked = [item for item in form.items() if item.id not in not_asked]
    spread = max(1, len(asked) // max(findings, 1))
    failing = {item.id for item in asked[::spread][:findings]}
    for number, item in enumerate(asked):
        if number % 9 == 4 and item.id not in failing and item.answer.kind is AnswerKind.CONFORMITY:
            value = Outcome.NA.value
        else:
            value = _value(form, item, school, Outcome.FAIL if item.id in failing else Outcome.PASS)
        answer = Answer(
            item.id, value, MADE_AT - timedelta(minutes=60 - number), note="现场查看" if number % 11 == 0 else ""
        )
        inspection = inspection.with_answer(answer)
    for number, item in enumerate(i for i in asked if i.id in failing):
        place, text = _TEXTS[number % len(_TEXTS)]
        finding: Finding = propose_finding(form, item, item.id, inspection, text)
        finding = replace(finding, place=place, fixed_on_spot=number >= findings - fixed)
        if finding.severity is Severity.MAJOR and not finding.criterion:
            finding = replace(finding, criterion="专家意见：王专家，2026年11月24日")
        if number == 0:
            finding = replace(
                finding,
                severity=Severity.MAJOR,
                criterion="重大事故隐患判定指南第三条（一）第6项",
                deadline=INSPECTED_ON,
            )
        inspection = inspection.with_finding(finding)
    files: dict[Sha256, Path] = {}
    links: list[PhotoLink] = []
    fail_items = [i.id for i in asked if i.id in failing] or [asked[0].id]
    for number in range(photos):
        width, height = pixels if number % 4 else (pixels[1], pixels[0])
        photo, path = make_photo(folder, number, width, height, noise)
        files[photo.printed] = path
        item_id = fail_items[number % len(fail_items)]
        links.append(PhotoLink(item_id, photo, number, caption=("充电现场", "远景", "量净宽", "")[number % 4]))
    for number in range(fixed if findings else 0):
        photo, path = make_photo(folder, 1000 + number, *pixels, noise)
        files[photo.printed] = path
        links.append(PhotoLink(fail_items[-1 - number], photo, photos + number, after=True, caption="已清走"))
    inspection = replace(inspection, photos=tuple(links))
    made = [make_ink(INSPECTOR.name, "inspector"), make_ink("李样本", "inspector", 5), make_ink("周陪同", "escort", 4)]
    inks = made if with_inks else []
    author = Author(INSPECTOR.id, INSPECTOR.name, Role.INSPECTOR, certificate)
    record = make_record(inspection, form, NOTHING, author, tuple(ink for ink, _ in inks), MADE_AT, "0.1.0")
    return Example(record, form, files, {Sha256(str(ink.image)): data for ink, data in inks})
