"""The functions of XLSForm's language about places on earth, and digests."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from itertools import pairwise

from safetyapp.forms.expressions_nodes import Instance
from safetyapp.forms.expressions_values import EvaluationError, Value, to_text
from safetyapp.forms.xpath_functions import At, Function

_RADIUS = 6_378_100.0
"""Metres: the one that ODK has always reckoned with."""
_MOST_POINTS = 10_000


def _points(instance: Instance, values: list[Value]) -> list[tuple[float, float]]:
    """Latitudes and longitudes in degrees: of positions, or of traces and shapes, one after the other."""
    found: list[tuple[float, float]] = []
    for value in values:
        texts = [instance.text_of(n) for n in value] if isinstance(value, list) else [to_text(instance, value)]
        for text in texts:
            for point in text.split(";"):
                numbers = point.split()
                if not numbers:
                    continue
                try:
                    latitude, longitude = float(numbers[0]), float(numbers[1])
                except (ValueError, IndexError):
                    raise EvaluationError("no position") from None
                if not (abs(latitude) <= 90 and abs(longitude) <= 180):
                    raise EvaluationError("no position")
                found.append((latitude, longitude))
    instance.spend(len(found))
    if len(found) > _MOST_POINTS:
        raise EvaluationError("too many positions")
    return found


def _area(instance: Instance, _: At, arguments: list[Value]) -> Value:
    points = _points(instance, arguments)
    if len(points) < 3:
        return 0.0
    total = 0.0
    for (a_lat, a_long), (b_lat, b_long) in zip(points, [*points[1:], points[0]], strict=True):
        turn = math.radians(b_long - a_long)
        if abs(turn) > math.pi:  # the shorter way round, over the date line
            turn -= math.copysign(2 * math.pi, turn)
        total += turn * (2 + math.sin(math.radians(a_lat)) + math.sin(math.radians(b_lat)))
    return abs(total) * _RADIUS * _RADIUS / 2


def _distance(instance: Instance, _: At, arguments: list[Value]) -> Value:
    points = _points(instance, arguments)
    return math.fsum(_between(a, b) for a, b in pairwise(points))


def _between(a: tuple[float, float], b: tuple[float, float]) -> float:
    north, east = math.radians(b[0] - a[0]), math.radians(b[1] - a[1])
    half = (
        math.sin(north / 2) ** 2 + math.cos(math.radians(a[0])) * math.cos(math.radians(b[0])) * math.sin(east / 2) ** 2
    )
    return 2 * _RADIUS * math.asin(math.sqrt(min(1.0, half)))


def _geofence(instance: Instance, _: At, arguments: list[Value]) -> Value:
    """Whether a position lies inside a shape."""
    point, ring = _points(instance, arguments[:1]), _points(instance, arguments[1:])
    if len(point) != 1 or len(ring) < 3:
        return False
    (y, x), inside = point[0], False
    for (a_y, a_x), (b_y, b_x) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (a_y > y) != (b_y > y) and x < (b_x - a_x) * (y - a_y) / (b_y - a_y) + a_x:
            inside = not inside
    return inside


_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def _digest(instance: Instance, _: At, arguments: list[Value]) -> Value:
    text, algorithm, *encoding = (to_text(instance, a) for a in arguments)
    name = _ALGORITHMS.get(algorithm)
    how = encoding[0].lower() if encoding else "base64"
    if name is None or how not in ("base64", "hex"):
        raise EvaluationError("no such digest")
    made = hashlib.new(name, text.encode(), usedforsecurity=False).digest()
    return made.hex() if how == "hex" else base64.b64encode(made).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise EvaluationError("not base64") from None


def _base64_decode(instance: Instance, _: At, arguments: list[Value]) -> Value:
    return instance.checked(_decoded(to_text(instance, arguments[0])).decode(errors="replace"))


EARTH_FUNCTIONS: dict[str, Function] = {
    "area": Function(_area, 1, 1),
    "enclosed-area": Function(_area, 1, 1),
    "distance": Function(_distance, 1, None),
    "geofence": Function(_geofence, 2, 2),
    "digest": Function(_digest, 2, 3),
    "base64-decode": Function(_base64_decode, 1, 1),
}
