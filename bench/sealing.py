"""Sealing and verifying 60 items with 20 photos, from the record to a document that is found valid: nothing of a
workspace but the key and the copies for print. What several figures hold against other programs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bench.content import Content, content_of
from bench.figure import Run
from bench.material import PASSPHRASE, PHOTOS, complete_draft, inks, make_photos, make_workspace, open_tools, workspace
from safetyapp.app import build_tools
from safetyapp.domain.form import Form
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.progress import no_progress
from safetyapp.domain.record import Record, make_record
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import Open, resume


@dataclass(frozen=True, slots=True)
class Sealable:
    """A record with all that its pages show."""

    record: Record
    form: Form
    photos: dict[Sha256, Path]
    inks: dict[Sha256, bytes]

    def seal(self, tools: Tools) -> bytes:
        return tools.signer.seal(self.record, self.form, self.photos, self.inks, {}, PASSPHRASE, no_progress)


def prepare(folder: Path) -> None:
    make_workspace(folder, signs=True)
    make_photos(folder, PHOTOS)
    tools = open_tools(folder)
    complete_draft(tools, sorted((folder / "photos").glob("*.jpg")))
    tools.store.close()


def content(folder: Path) -> Content:
    """Of the draft, read beside whoever has the workspace open."""
    tools = build_tools(workspace(folder), write=False)
    draft = _draft(tools)
    laid = content_of(draft, _printed(tools, draft))
    tools.store.close()
    return laid


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    tools.warm_up()
    draft = _draft(tools)
    sealable = make_sealable(tools, draft, _printed(tools, draft))

    def run() -> float:
        began = perf_counter()
        verdict = tools.signer.verify(sealable.seal(tools))
        took = perf_counter() - began
        assert verdict.is_valid
        return took

    return run


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


def _printed(tools: Tools, draft: Open) -> dict[Sha256, Path]:
    return {link.photo.original: tools.store.printed_path(link.photo) for link in draft.inspection.photos}
