"""The characters that no font can draw: known from a document's text, before a page is set or anything is signed."""

from __future__ import annotations

from collections.abc import Iterator

from safetyapp.documents import fonts
from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.canonical import Plain, to_plain
from safetyapp.domain.form import Form


def unprintable(record: AnyRecord, form: Form | None, allow_system_fonts: bool = False) -> tuple[str, ...]:
    """The characters that paper shows as 〓, by code point. All that the record says counts, and the Chinese of its
    form: what is never printed (a reason in a form's drawer) may be among it, what is printed never lacks."""
    texts = {text for value in (record, form) if value is not None for text in _texts(to_plain(value))}
    with fonts.fonts_of(allow_system_fonts):
        return tuple(sorted(fonts.missing("".join({c for text in texts for c in fonts.printable(text) if c != "\n"}))))


def _texts(value: Plain) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _texts(one)
        case dict():
            for name, one in value.items():
                if name != "en":  # paper speaks Chinese
                    yield from _texts(one)
