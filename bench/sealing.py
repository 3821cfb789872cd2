"""Sealing and verifying 60 items with 20 photos, from the record to a document that is found valid: nothing of a
workspace but the key and the copies for print. What several figures hold against other programs.

The key is open already: what a passphrase costs is slow on purpose (scrypt, some 0.2 s on a core of its own) and no
work on the document; the figure of finalising counts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import perf_counter

from bench.content import Content, content_of
from bench.figure import Run
from bench.material import PASSPHRASE, PHOTOS, complete_draft, inks, make_photos, make_workspace, open_tools, workspace
from safetyapp.app import build_tools
from safetyapp.documents.keysource import find_key_source
from safetyapp.documents.signer import DocumentSigner
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.progress import no_progress
from safetyapp.domain.record import Record, make_record
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open, resume
from safetyapp.workflow.ports import Signer


@dataclass(frozen=True, slots=True)
class Sealable:
    """A record with all that its pages show."""

    record: Record
    form: Form
    photos: dict[Sha256, Path]
    inks: dict[Sha256, bytes]

    def seal(self, signer: Signer) -> bytes:
        return signer.seal(self.record, self.form, self.photos, self.inks, {}, PASSPHRASE, no_progress)


def prepare(folder: Path) -> None:
    make_workspace(folder, signs=True)
    make_photos(folder, PHOTOS)
    tools = open_tools(folder)
    complete_draft(tools, sorted((folder / "photos").glob("*.jpg")))
    tools.store.close()


def contents(folder: Path) -> Iterator[Content]:
    """Of one document after the other, read beside whoever has the workspace open."""
    tools = build_tools(workspace(folder), write=False)
    draft = _draft(tools)
    for number in count():
        yield content_of(*_another(tools, draft, folder, number))


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    tools.warm_up()
    draft = _draft(tools)
    signer = signer_with_open_key(folder)
    numbers = count()

    def run() -> float:
        sealable = make_sealable(tools, *_another(tools, draft, folder, next(numbers)))
        began = perf_counter()
        verdict = signer.verify(sealable.seal(signer))
        took = perf_counter() - began
        assert verdict.is_valid
        return took

    return run


def _another(tools: Tools, draft: Open, folder: Path, number: int) -> tuple[Open, dict[Sha256, Path]]:
    """Another document of the same size: other findings and photos on the same form. Two documents are never alike, and
    some programs lay out what they have seen before in no time."""
    prints = folder / "prints" / str(number)
    prints.mkdir(parents=True, exist_ok=True)
    inspection, files = draft.inspection, dict[Sha256, Path]()
    links: list[PhotoLink] = []
    for place, link in enumerate(inspection.photos):
        # behind the picture; the name is a hash as that of a kept copy
        data = tools.store.printed_path(link.photo).read_bytes() + f"{number:08}-{place:07}".encode()
        original = Sha256(sha256(f"{number} {link.photo.original}".encode()).hexdigest())
        copy = Sha256(sha256(data).hexdigest())
        files[copy] = prints / f"{original}.jpg"
        if not files[copy].exists():
            files[copy].write_bytes(data)
        photo = replace(link.photo, original=original, printed=copy)
        links.append(replace(link, photo=photo))
    findings = tuple(
        replace(f, place=f"第{number}号楼{f.place}", text=f"第{number}次：{f.text}", action=f"{f.action}（{number}）")
        for f in inspection.findings
    )
    changed = replace(inspection, findings=findings, photos=tuple(links), opinion=f"{inspection.opinion}（{number}）")
    return replace(draft, inspection=changed), files


def signer_with_open_key(folder: Path) -> DocumentSigner:
    keys, trust = workspace(folder) / "keys", workspace(folder) / "trust"
    source = find_key_source(keys)
    key = source.open(PASSPHRASE)
    return DocumentSigner(keys, trust, source=replace(source, open=lambda _: key))


def make_sealable(tools: Tools, draft: Open, photos: dict[Sha256, Path]) -> Sealable:
    """The record of a complete draft, signed by hand twice."""
    signed = inks(tools)
    author = tools.signer.author(draft.inspection.inspector)
    record = make_record(
        draft.inspection, draft.form, draft.reckoned, author, signed, tools.clock.now(), tools.app_version
    )
    return Sealable(record, draft.form, photos, {ink.image: tools.store.ink(ink.image) for ink in signed if ink.image})


def _draft(tools: Tools) -> Open:
    (row,) = tools.store.drafts()
    return resume(tools.store, tools.reckon, row.id)


def printed(tools: Tools, draft: Open) -> dict[Sha256, Path]:
    """The kept copies of the draft's photos for print, by their own hash."""
    return {link.photo.printed: tools.store.printed_path(link.photo) for link in draft.inspection.photos}
