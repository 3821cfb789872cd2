"""What is burnt into a copy: nothing of the hidden part is left, nothing of the metadata, every mark is seen."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from safetyapp.domain.photo_marks import (
    SIDE,
    Crop,
    Mark,
    MarkColour,
    MarkKind,
    PhotoMarks,
    Thickness,
    block_side,
    pixels,
    turned,
)
from safetyapp.domain.problem import Problem
from safetyapp.store.burning import burn
from safetyapp.store.pictures import fit
from tests.store.examples import detailed_photo, sample

FACE = (3000, 2000, 6000, 5000)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image.convert("RGB")


def part(image: Image.Image, area: tuple[int, int, int, int]) -> Image.Image:
    return image.crop(pixels(*area, *image.size))


def detail(image: Image.Image) -> float:
    """How much the picture differs from itself a few pixels on: about 0 where it is flat."""
    shifted = ImageChops.difference(image, ImageChops.offset(image, 5, 5)).crop((5, 5, *image.size))
    return sum(ImageStat.Stat(shifted).mean) / 3


def brightest(image: Image.Image) -> float:
    return max(high for _, high in ImageStat.Stat(image).extrema)


@pytest.mark.parametrize("kind", [MarkKind.MOSAIC, MarkKind.BLACK])
def test_what_is_hidden_is_gone_with_all_metadata(kind: MarkKind) -> None:
    original = detailed_photo()
    assert b"Secret Maker" in original
    plain, burnt = burn(original, "x", PhotoMarks(turns=0)), burn(original, "x", PhotoMarks((Mark(kind, *FACE),)))
    before, after = opened(plain.printed), opened(burnt.printed)
    assert after.size == before.size == (burnt.width, burnt.height) == (1600, 1067)
    hidden = part(after, (FACE[0] + 60, FACE[1] + 60, FACE[2] - 60, FACE[3] - 60))
    assert detail(part(before, FACE)) > 25
    assert detail(hidden) < 6  # what is left are the edges of blocks
    assert detail(part(after, (6500, 0, SIDE, SIDE))) > 25  # the rest is as it was
    if kind is MarkKind.BLACK:
        assert brightest(hidden) < 24
    for data in (burnt.printed, burnt.thumb):
        for word in (b"Secret", b"secret", b"Exif", b"GPS"):
            assert word not in data
        with Image.open(BytesIO(data)) as image:
            assert not dict(image.getexif())
            assert not {"exif", "icc_profile", "comment", "mp"} & set(image.info)
    assert max(opened(burnt.thumb).size) == 240


def test_a_mosaic_of_a_real_photo_has_few_colours_and_large_blocks() -> None:
    data = sample("iphone_hdr_YES.jpg").read_bytes()
    after = opened(burn(data, "x", PhotoMarks((Mark(MarkKind.MOSAIC, *FACE),))).printed)
    before = opened(burn(data, "x", PhotoMarks()).printed)
    face = part(after, FACE)
    side = block_side(*face.size)
    assert side * 12 >= min(face.size)
    middle = face.crop((side // 4, side // 4, side * 3 // 4, side * 3 // 4))  # inside of one block
    assert max(ImageStat.Stat(middle).stddev) < 3
    assert detail(face) < detail(part(before, FACE)) / 3


def test_heic_and_turned_pictures_are_hidden_where_they_are_seen() -> None:
    heic = burn(sample("iphone_13_pro_max.HEIC").read_bytes(), "x", PhotoMarks((Mark(MarkKind.BLACK, *FACE),)))
    assert (heic.width, heic.height) == (1200, 1600)
    assert brightest(part(opened(heic.printed), (3100, 2100, 5900, 4900))) < 24
    lying = burn(
        detailed_photo((2400, 1600), orientation=6), "x", PhotoMarks((Mark(MarkKind.BLACK, 0, 0, 5000, 2500),))
    )
    assert (lying.width, lying.height) == (1067, 1600)  # upright: a quarter to the right
    corner = part(opened(lying.printed), (100, 100, 4900, 2400))
    assert brightest(corner) < 24
    assert detail(part(opened(lying.printed), (5200, 0, SIDE, SIDE))) > 25


def test_turning_takes_the_marks_with_it() -> None:
    data = sample("DSCN0010.jpg").read_bytes()
    marks = PhotoMarks((Mark(MarkKind.BLACK, 0, 0, 2500, 2500), Mark(MarkKind.BOX, 6000, 6000, 9000, 9000)))
    first, second = (opened(burn(data, "x", one).printed) for one in (marks, turned(marks)))
    assert second.size == (first.height, first.width)
    back = second.transpose(Image.Transpose.ROTATE_90)
    for area in ((200, 200, 2300, 2300), (6050, 6050, 8950, 8950)):
        a, b = (ImageStat.Stat(part(image, area)).mean for image in (first, back))
        assert all(abs(x - y) < 3 for x, y in zip(a, b, strict=True))


def test_a_crop_gives_its_part_more_pixels_and_keeps_marks_in_place() -> None:
    data = detailed_photo((3200, 2400))
    crop = Crop(2500, 2500, 7500, 7500)
    whole = burn(data, "x", PhotoMarks())
    cut = burn(data, "x", PhotoMarks((Mark(MarkKind.BLACK, 5000, 5000, SIDE, SIDE),), crop))
    assert (whole.width, cut.width, cut.height) == (1600, *fit((1600, 1200), 1600))
    image = opened(cut.printed)
    assert brightest(part(image, (5100, 5100, SIDE, SIDE))) < 24
    assert detail(part(image, (0, 0, 4900, SIDE))) > 25


def test_every_mark_is_seen_in_its_colour() -> None:
    grey = BytesIO()
    Image.new("RGB", (1600, 1200), (120, 120, 120)).save(grey, "PNG")
    marks = (
        Mark(MarkKind.ARROW, 1000, 1000, 3000, 3000, MarkColour.RED, Thickness.THICK),
        Mark(MarkKind.CIRCLE, 4000, 1000, 6000, 3000, MarkColour.YELLOW),
        Mark(MarkKind.BOX, 7000, 1000, 9000, 3000, MarkColour.WHITE),
        Mark(MarkKind.TEXT, 5000, 6000, 5000, 6000, MarkColour.RED, Thickness.MEDIUM, "净宽约1.1米 㛃𬭎"),
    )
    image = opened(burn(grey.getvalue(), "x", PhotoMarks(marks)).printed)
    assert image.getpixel((2 * 160 - 40, 2 * 120 - 30)) != (120, 120, 120)  # on the arrow's shaft
    red, green, _ = ImageStat.Stat(part(image, (900, 900, 3100, 3100))).mean
    assert red > 122 > green
    for mark, wanted in ((marks[1], (255, 212, 0)), (marks[2], (255, 255, 255))):
        x, y = (mark.x1 + mark.x2) // 2 * 1600 // SIDE, mark.y1 * 1200 // SIDE
        pixel = image.getpixel((x, y))
        assert isinstance(pixel, tuple)
        assert all(abs(a - b) < 30 for a, b in zip(pixel, wanted, strict=True))
    label = part(image, (3000, 5600, 7000, 6400))
    assert ImageStat.Stat(label).mean[0] > 170  # the words stand on red


def test_rare_characters_have_shapes_of_their_own() -> None:
    grey = BytesIO()
    Image.new("RGB", (400, 300), (120, 120, 120)).save(grey, "PNG")
    mark = Mark(MarkKind.TEXT, 5000, 5000, 5000, 5000, thickness=Thickness.THICK)
    shown = {
        burn(grey.getvalue(), "x", PhotoMarks((replace(mark, text=text),))).printed for text in "堃喆翀龑㛃𬭎\ue000"
    }
    assert len(shown) == 7


def test_what_cannot_be_opened_is_told() -> None:
    for data in (b"", b"\xff\xd8\xff\xe0 no picture", sample("DSCN0010.jpg").read_bytes()[:-20000]):
        with pytest.raises(Problem) as told:
            burn(data, "x", PhotoMarks((Mark(MarkKind.BLACK, *FACE),)))
        assert told.value.code in ("photo-broken", "not-a-photo")
