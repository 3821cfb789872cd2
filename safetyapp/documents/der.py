"""DER, the one way to spell a value in ASN.1: as much of it as keys and signatures need."""

from __future__ import annotations

SEQUENCE, SET, OCTETS, NULL = 0x30, 0x31, 4, b"\x05\x00"


def der(tag: int, content: bytes) -> bytes:
    """A value with its tag and the shortest length."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content


def der_int(value: int) -> bytes:
    """A number that is not negative."""
    return der(2, value.to_bytes(value.bit_length() // 8 + 1))


def der_oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    encoded = bytearray([first * 40 + second])
    for number in rest:
        septets = [number & 0x7F]
        while number := number >> 7:
            septets.append(0x80 | number & 0x7F)
        encoded += bytes(reversed(septets))
    return der(6, bytes(encoded))
