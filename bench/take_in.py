"""100 signed documents of 1 to 6 MB taken in from a stick: read, verified, kept and entered in the ledger; beside it,
what copying the same files to the disk takes.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.material import complete_draft, make_photos, make_workspace, open_tools, workspace
from bench.sealing import make_sealable, printed, signer_with_open_key
from safetyapp.workflow.exchange import import_documents, write_whole

DOCUMENTS, PHOTOS = 100, 26
TITLE = f"{DOCUMENTS} documents of 1 to 6 MB taken in"
FLOOR = "the same files written to the disk one after another"
ROUNDS = 3
LIMIT, LIMIT_MS = None, 5000.0
CHILDREN = False


def prepare(folder: Path) -> None:
    make_workspace(folder, signs=True)
    make_photos(folder, PHOTOS)
    tools = open_tools(folder)
    draft = complete_draft(tools, sorted((folder / "photos").glob("*.jpg")))
    files, signer = printed(tools, draft), signer_with_open_key(folder)
    (folder / "stick").mkdir()
    for number in range(DOCUMENTS):
        shown = draft.inspection.photos[: 4 + number % (PHOTOS - 3)]
        other = replace(draft.inspection, id=tools.new_id(), photos=shown)
        sealable = make_sealable(tools, replace(draft, inspection=other), files)
        (folder / "stick" / f"{number:03}.pdf").write_bytes(sealable.seal(signer))
    tools.store.close()


def ours(folder: Path) -> Run:
    numbers = count()

    def run() -> float:
        desk = folder / f"desk-{os.getpid()}-{next(numbers)}"
        make_workspace(desk, signs=True)
        shutil.copytree(workspace(folder) / "trust", workspace(desk) / "trust", dirs_exist_ok=True)
        tools = open_tools(desk)
        tools.warm_up()
        began = perf_counter()
        done = import_documents(tools.store, tools.signer, [folder / "stick"])
        took = perf_counter() - began
        assert len(done.new) == DOCUMENTS
        tools.store.close()
        shutil.rmtree(desk)
        return took

    return run


def floor(folder: Path) -> Run:
    def run() -> float:
        began = perf_counter()
        for path in sorted((folder / "stick").glob("*.pdf")):
            write_whole(folder / "copy" / path.name, path.read_bytes())
        took = perf_counter() - began
        shutil.rmtree(folder / "copy")
        return took

    return run
