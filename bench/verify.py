"""A signed document of 6 MB verified and its record read; beside it, what hashing the same bytes takes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.material import PASSPHRASE, complete_draft, inks, make_photos, make_workspace, open_tools
from safetyapp.workflow.finalise import finalise

TITLE = "6-MB document verified and read"
FLOOR = "SHA-256 of the same bytes"
ROUNDS = 15
LIMIT, LIMIT_MS = None, 200.0
CHILDREN = False


def prepare(folder: Path) -> None:
    make_workspace(folder, signs=True)
    make_photos(folder, 26)
    tools = open_tools(folder)
    draft = complete_draft(tools, sorted((folder / "photos").glob("*.jpg")))
    made = finalise(tools.store, tools.signer, tools.clock, draft, inks(tools), PASSPHRASE, tools.app_version)
    data = tools.store.document_path(made.row.sha256).read_bytes()
    if not 5_700_000 <= len(data) <= 6_700_000:
        raise ValueError(f"the document has {len(data)} bytes: not what this figure is about")
    (folder / "document.pdf").write_bytes(data)
    tools.store.close()


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    data = (folder / "document.pdf").read_bytes()

    def run() -> float:
        began = perf_counter()
        verdict = tools.signer.verify(data)
        took = perf_counter() - began
        assert verdict.is_valid
        assert verdict.record is not None
        return took

    return run


def floor(folder: Path) -> Run:
    data = (folder / "document.pdf").read_bytes()

    def run() -> float:
        began = perf_counter()
        hashlib.sha256(data).digest()
        return perf_counter() - began

    return run
