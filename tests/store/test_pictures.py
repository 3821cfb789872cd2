"""Photos of every make come out upright, RGB, of the right size, without metadata; broken or too big is told."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from safetyapp.domain.problem import Problem
from safetyapp.store import photos
from safetyapp.store.pictures import MOST_PIXELS, Prepared, prepare
from tests.domain.examples import NOON
from tests.store.examples import sample, small_photo

RED, WHITE = (200, 40, 40), (255, 255, 255)


def made(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def prepared(data: bytes) -> Prepared:
    return prepare(data, "x", NOON)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def near(pixel: object, wanted: tuple[int, int, int], by: int = 12) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= by for a, b in zip(pixel, wanted, strict=True))


def refused(data: bytes) -> str:
    with pytest.raises(Problem) as told:
        prepare(data, "x", NOON)
    return told.value.code


def corners(orientation: int | None) -> bytes:
    """A picture of 2000 x 1000 whose top left quarter is red, stored as a camera held in that way stores it."""
    image = Image.new("RGB", (2000, 1000), "white")
    image.paste(RED, (0, 0, 1000, 500))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
        image = image.transpose(undo[orientation]) if orientation in undo else image
    return made(image, "JPEG", exif=exif)


@pytest.mark.parametrize("orientation", [None, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_every_orientation_comes_out_upright(orientation: int | None) -> None:
    result = prepared(corners(orientation))
    assert (result.width, result.height) == (1600, 800)
    for data, side in ((result.printed, 1600), (result.thumb, 240)):
        image = opened(data)
        assert image.size == (side, side // 2)
        assert near(image.getpixel((side // 8, side // 8)), RED)
        assert near(image.getpixel((side * 7 // 8, side // 8)), WHITE)
        assert near(image.getpixel((side // 8, side * 3 // 8)), WHITE)


def test_the_sample_that_lies_on_its_head_is_turned() -> None:
    result = prepared(sample("landscape_3.jpg").read_bytes())
    whole = opened(sample("landscape_3.jpg").read_bytes()).rotate(180).resize((60, 45))
    small = opened(result.printed).resize((60, 45))
    different = sum(
        not near(small.getpixel((x, y)), whole.getpixel((x, y)), 40)  # type: ignore[arg-type]
        for x in range(60)
        for y in range(45)
    )
    assert different < 30


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF"])
def test_every_kind_of_file_is_read(kind: str) -> None:
    prepared(small_photo())  # registers HEIF
    result = prepared(made(Image.new("RGB", (300, 200), RED), kind))
    assert (result.width, result.height) == (300, 200)
    assert near(opened(result.printed).getpixel((150, 100)), RED)
    assert result.media_type.startswith("image/")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF"])
def test_half_a_file_is_broken(kind: str) -> None:
    prepared(small_photo())
    image = Image.effect_noise((400, 300), 80).convert("RGB")
    data = made(image, kind)
    for part in (len(data) // 2, len(data) * 9 // 10, 30):
        assert refused(data[:part]) == "photo-broken", part


def test_a_photo_with_another_suffix_is_a_photo(tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    file.write_bytes(small_photo())
    assert photos.prepare(photos.read_source(file, NOON), NOON).media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("image", "wanted"),
    [
        (Image.new("CMYK", (40, 30), (0, 204, 204, 55)), (200, 40, 40)),
        (Image.new("L", (40, 30), 130), (130, 130, 130)),
        (Image.new("1", (40, 30), 1), WHITE),
        (Image.new("RGBA", (40, 30), (200, 40, 40, 0)), WHITE),
        (Image.new("RGBA", (40, 30), (200, 40, 40, 255)), RED),
        (Image.new("LA", (40, 30), (0, 0)), WHITE),
        (Image.new("RGB", (40, 30), RED).quantize(4), RED),
        (Image.new("I;16", (40, 30), 130 * 257), (130, 130, 130)),
    ],
    ids=["cmyk", "grey", "bits", "see-through", "opaque", "grey-see-through", "palette", "16-bit"],
)
def test_every_mode_becomes_rgb_on_white(image: Image.Image, wanted: tuple[int, int, int]) -> None:
    kind = "JPEG" if image.mode == "CMYK" else "PNG"
    result = opened(prepared(made(image, kind)).printed)
    assert result.mode == "RGB"
    assert near(result.getpixel((20, 15)), wanted)


def test_a_palette_with_a_transparent_colour_is_laid_on_white() -> None:
    image = Image.new("P", (40, 30), 0)
    image.putpalette([0, 0, 0, 200, 40, 40])
    image.paste(1, (20, 0, 40, 30))
    result = opened(prepared(made(image, "PNG", transparency=0)).printed)
    assert near(result.getpixel((5, 15)), WHITE)
    assert near(result.getpixel((35, 15)), RED)


def test_16_bit_grey_keeps_its_steps() -> None:
    image = Image.new("I;16", (400, 30), 0)
    for n in range(4):
        image.paste(n * 21845, (n * 100, 0, n * 100 + 100, 30))
    result = opened(prepared(made(image, "PNG")).printed)
    for n in range(4):
        assert near(result.getpixel((n * 100 + 50, 15)), (n * 85,) * 3)


def test_a_profile_changes_the_colours_and_is_left_out() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = Image.new("RGB", (40, 30), RED)
    for profile in (lab, b"broken profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()):
        result = opened(prepared(made(plain, "JPEG", icc_profile=profile)).printed)
        assert near(result.getpixel((20, 15)), RED)
        assert "icc_profile" not in result.info


def test_nothing_is_made_larger_and_nothing_vanishes() -> None:
    assert (prepared(small_photo()).width, prepared(small_photo()).height) == (64, 48)
    thin = prepared(made(Image.new("RGB", (20000, 3), RED), "PNG"))
    assert (thin.width, thin.height) == (1600, 1)
    assert opened(prepared(made(Image.new("RGB", (1, 1), RED), "PNG")).thumb).size == (1, 1)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds a few bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(12_001, 10_000), (16_000, 10_000), (30_000, 30_000)])
def test_more_pixels_than_any_camera_has_are_refused_unread(size: tuple[int, int]) -> None:
    assert size[0] * size[1] > MOST_PIXELS
    assert refused(png_header(*size)) == "photo-bomb"


def test_120_megapixels_are_not_too_many() -> None:
    assert refused(png_header(12_000, 10_000)) == "photo-broken"  # by its missing pixels, not by its size


def test_more_bytes_than_any_camera_writes_are_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "huge.jpg"
    with file.open("wb") as out:
        out.truncate(photos.LARGEST_PHOTO + 1)
    for source in (file, bytes(photos.LARGEST_PHOTO + 1)):
        with pytest.raises(Problem) as told:
            photos.read_source(source, NOON)
        assert told.value.code == "photo-too-large"


@pytest.mark.parametrize(
    ("written", "offset", "wanted"),
    [
        ("2026:11:05 09:08:07", "-03:30", "2026-11-05T09:08:07-03:30"),
        ("2026:11:05 09:08:07", "", "2026-11-05T09:08:07+08:00"),
        ("2026:11:05 09:08:07\0", "   :  ", "2026-11-05T09:08:07+08:00"),
        ("0000:00:00 00:00:00", "", None),
        ("    :  :     :  :  ", "", None),
        ("昨天", "", None),
    ],
)
def test_the_camera_says_when_if_it_can(written: str, offset: str, wanted: str | None) -> None:
    exif = Image.Exif()
    details = exif.get_ifd(0x8769)
    details[0x9003] = written.encode().decode("latin-1")
    details[0x9011] = offset
    taken = prepared(made(Image.new("RGB", (40, 30), RED), "JPEG", exif=exif)).taken_at
    assert (taken.isoformat() if taken else None) == wanted


def test_broken_metadata_does_not_cost_the_photo() -> None:
    data = made(Image.new("RGB", (40, 30), RED), "JPEG")
    broken = b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff" * 40
    segment = b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken
    with pytest.warns(UserWarning, match="Corrupt EXIF"):
        result = prepare(data[:2] + segment + data[2:], "x", NOON)
    assert (result.width, result.taken_at) == (40, None)
