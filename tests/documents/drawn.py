"""Photos that are drawn, and the longest and oddest words, for examples of every kind of document."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from safetyapp.domain.inspection import CaptureClock, Photo, Sha256
from tests.documents.examples import MADE_AT

LONG_SCHOOL = (
    "北京市通州区龑𬭎堃喆实验学校教育集团附属国际双语九年一贯制寄宿学校（Beijing Tongzhou Experimental School "
    "Affiliated to No. 4 Education Group，河东校区暨学前部与初中部联合办学点）"
)
LONG_PLACE = "教学楼（B座）二层东侧连廊与综合楼Stairwell 3交接处、距2号消火栓（XHS-2F-E-03）约1.2米"
LONG_TEXT = (
    "常闭式防火门（GB 12955-2008，型号FM-1021-A1.50）闭门器失效，门扇不能自行关闭；“常闭”标识被《安全出口》指示牌遮挡……"
    "现场实测门缝12mm，超过“≤4mm”的要求（见https://example.edu.cn/safety/2026/11/fire-door?id=FM-1021&floor=2F）。"
)


def draw_photo(folder: Path, number: int, width: int, height: int) -> tuple[Photo, Path]:
    """A corridor with boxes, as a photo; another one for every number."""
    image = Image.new("RGB", (width, height), (196 - number * 7 % 60, 198, 190 + number * 5 % 40))
    pen = ImageDraw.Draw(image)
    far = (width * 0.38, height * 0.3, width * 0.62, height * 0.62)
    for corner, edge in zip(
        ((0, 0), (width, 0), (width, height), (0, height)),
        ((far[0], far[1]), (far[2], far[1]), (far[2], far[3]), (far[0], far[3])),
        strict=True,
    ):
        pen.line((corner, edge), fill=(120, 122, 116), width=max(2, width // 200))
    pen.polygon(((0, height), (far[0], far[3]), (far[2], far[3]), (width, height)), fill=(150, 146, 132))
    pen.rectangle(far, fill=(96, 128, 140))
    for box in range(1 + number % 4):
        side = width * (0.1 + 0.03 * (number % 3))
        x, y = width * (0.06 + 0.17 * box), height * 0.93 - side * (1 + box % 2 * 0.6)
        pen.rectangle((x, y, x + side, y + side), fill=(182 - 12 * box, 138, 84), outline=(110, 80, 44), width=3)
        pen.line((x, y + side / 2, x + side, y + side / 2), fill=(110, 80, 44), width=3)
    pen.text((8, 8), str(number), fill="white")  # no two photos are one
    data = BytesIO()
    image.save(data, "JPEG", quality=80)
    printed = hashlib.sha256(data.getvalue()).hexdigest()
    path = folder / f"{printed}.jpg"
    path.write_bytes(data.getvalue())
    original = hashlib.sha256(b"original" + data.getvalue()).hexdigest()
    clock = (CaptureClock.CAMERA, CaptureClock.FILE, CaptureClock.LAPTOP)[number % 3]
    taken = MADE_AT - timedelta(minutes=90 - number % 80)
    return Photo(Sha256(original), Sha256(printed), width, height, 4_000_000, "image/jpeg", taken, clock), path
