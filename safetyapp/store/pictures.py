"""A photo's bytes into an upright copy for print and a thumbnail. The one module that opens pictures with Pillow, and
knows what it can throw.

Nothing of the original's metadata goes into the copies: no place, no serial number of the phone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from functools import cache
from io import BytesIO
from typing import TypeVar

from PIL import Image, ImageCms, UnidentifiedImageError

from safetyapp.domain.problem import Problem

T = TypeVar("T")
PRINT_SIDE = 1600
PRINT_QUALITY = 80
THUMB_SIDE = 240
THUMB_QUALITY = 75
MOST_PIXELS = 120_000_000

# the formats of cameras and screens; others of Pillow's decoders are old, rare, or start other programs (EPS)
_FORMATS = ("JPEG", "PNG", "HEIF", "AVIF", "WEBP", "TIFF", "BMP", "GIF")
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\0", b"MM\0*")
_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_ORIENTATION, _EXIF, _TAKEN, _TAKEN_OFFSET = 0x0112, 0x8769, 0x9003, 0x9011


@dataclass(frozen=True, slots=True)
class Prepared:
    """`width` and `height` are those of the copy for print; `taken_at` is what the camera says."""

    printed: bytes
    thumb: bytes
    width: int
    height: int
    media_type: str
    taken_at: datetime | None


def prepare(data: bytes, name: str, now: datetime) -> Prepared:
    """The copies of a photo. A camera that does not tell its offset is taken to have that of `now`.

    Raises Problem photo-broken, photo-bomb, not-a-photo.
    """
    return _with_picture(data, name, lambda image: _prepared(image, now))


def upright(data: bytes, name: str, longest: int) -> Image.Image:
    """The picture in sRGB as it was meant to be looked at, with every pixel up to this length of its longer side, and
    nothing of its metadata. Raises as `prepare`."""
    return _with_picture(data, name, lambda image: _upright(image, longest))


def thumb_of(printed: Image.Image) -> bytes:
    """The thumbnail of a copy for print."""
    small = printed.resize(fit(printed.size, THUMB_SIDE), Image.Resampling.BICUBIC, reducing_gap=1.0)
    return jpeg(small, THUMB_QUALITY)


def _with_picture(data: bytes, name: str, do: Callable[[Image.Image], T]) -> T:
    """What `do` makes of the opened picture. Raises Problem photo-broken, photo-bomb, not-a-photo."""
    _get_ready()
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise Problem("photo-bomb", name=name, megapixels=MOST_PIXELS // 1_000_000)
            if image.format in ("HEIF", "AVIF") and _ends_early(data):
                raise Problem("photo-broken", name=name)
            return do(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Problem("photo-bomb", name=name, megapixels=MOST_PIXELS // 1_000_000) from error
    except UnidentifiedImageError as error:
        raise Problem("photo-broken" if _begins_like_a_photo(data) else "not-a-photo", name=name) from error
    except Problem:
        raise
    except Exception as error:  # decoders throw what they like at a damaged file: OSError, SyntaxError, struct.error, …
        raise Problem("photo-broken", name=name) from error


@cache
def _get_ready() -> None:
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def _prepared(image: Image.Image, now: datetime) -> Prepared:
    media_type = "image/jpeg" if image.format == "MPO" else Image.MIME[image.format or ""]
    turn, taken_at = _facts(image, now)
    wanted = fit(image.size, PRINT_SIDE)
    # The true target size in the photo's own orientation: the decoder then skips half the work; a square box would not.
    image.draft(None, wanted)
    profile: bytes = image.info.get("icc_profile") or b""
    # What is left is a factor of less than two. Hamming then stays about 40 dB from Lanczos over the whole picture,
    # less than what saving at quality 80 changes, in half the time; the original is kept for who needs every pixel.
    small = _plain_mode(image).resize(wanted, Image.Resampling.HAMMING)
    upright = _in_srgb(small, profile)
    if turn is not None:
        upright = upright.transpose(turn)
    return Prepared(
        printed=jpeg(upright, PRINT_QUALITY),
        thumb=thumb_of(upright),
        width=upright.width,
        height=upright.height,
        media_type=media_type,
        taken_at=taken_at,
    )


def _upright(image: Image.Image, longest: int) -> Image.Image:
    turn, _ = _facts(image, _ANY_TIME)
    wanted = fit(image.size, longest)
    image.draft(None, wanted)
    profile: bytes = image.info.get("icc_profile") or b""
    plain = _plain_mode(image)
    if max(plain.size) > longest:
        plain = plain.resize(wanted, Image.Resampling.HAMMING)
    meant = _in_srgb(plain, profile)
    turned = meant.transpose(turn) if turn is not None else meant.copy()
    turned.info = {}
    return turned


def fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size with its long side at most `side`."""
    longest = max(size)
    if longest <= side:
        return size
    width, height = (max(1, round(edge * side / longest)) for edge in size)
    return width, height


def _plain_mode(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller: RGB, L, CMYK, or RGBA while something is transparent."""
    image.load()
    if image.mode in ("RGB", "L", "CMYK", "RGBA"):
        return image
    if image.mode.startswith(("I", "F")):  # 16 bits and more a channel, one channel
        low, high = (float(edge) for edge in _extrema(image))
        top = 65535.0 if low >= 0 and 255 < high <= 65535 else max(high, 1.0)
        return image.convert("F").point(lambda value: value * (255 / top)).convert("L")
    see_through = image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if see_through else "RGB")


def _extrema(image: Image.Image) -> tuple[float, float]:
    low, high = image.getextrema()
    assert not isinstance(low, tuple)
    assert not isinstance(high, tuple)
    return low, high


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """RGB on white, with the colours that the photo's own profile means."""
    if image.mode == "RGBA":
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    is_srgb = b"sRGB" in profile or "sRGB".encode("utf-16-be") in profile
    if profile and not is_srgb:
        with suppress(ImageCms.PyCMSError, OSError):  # a profile that is broken or for another mode
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            changed = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if changed is not None:
                return changed
    return image if image.mode == "RGB" else image.convert("RGB")


def jpeg(image: Image.Image, quality: int) -> bytes:
    bare = image.copy()
    bare.info = {}
    out = BytesIO()
    bare.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _facts(image: Image.Image, now: datetime) -> tuple[Image.Transpose | None, datetime | None]:
    """How to turn it upright, and when the camera says it was taken; metadata that is broken says nothing."""
    try:
        exif = image.getexif()
        details = exif.get_ifd(_EXIF)
        turn = _TURNS.get(exif.get(_ORIENTATION, 1))
        return turn, _taken_at(str(details.get(_TAKEN, "")), str(details.get(_TAKEN_OFFSET, "")), now)
    except Exception:  # as above: the picture itself may be whole
        return None, None


def _taken_at(written: str, offset: str, now: datetime) -> datetime | None:
    try:
        taken = datetime.strptime(written.strip("\0 "), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    with suppress(ValueError):
        return datetime.strptime(f"{taken:%Y-%m-%dT%H:%M:%S}{offset.strip(chr(0) + ' ')}", "%Y-%m-%dT%H:%M:%S%z")
    own = now.utcoffset()
    return taken.replace(tzinfo=timezone(own)) if own is not None else None


def _ends_early(data: bytes) -> bool:
    """Whether a HEIC or AVIF file is cut off: one of its boxes says that it is longer than what is there. Their decoder
    paints the rest grey and says nothing."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:  # 0: up to the end of the file; anything else is no box
            return False
        at += size
    return at > len(data)


def _begins_like_a_photo(data: bytes) -> bool:
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return data.startswith(_BEGINNINGS) or is_webp or (data[4:8] == b"ftyp" and data[8:12] in _BRANDS)
