"""Finalising 60 items with 20 photos that were taken in before: record, pages, attachment, signature, verification and
keeping, against reportlab's own layout (platypus) of the same texts and photos and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from bench.content import Content, content_of, lay_out_bare, prepare_bare
from bench.figure import Run
from bench.material import PASSPHRASE, PHOTOS, complete_draft, inks, make_photos, make_workspace, open_tools, workspace
from safetyapp.app import build_tools
from safetyapp.ui.tools import Tools
from safetyapp.workflow.finalise import finalise
from safetyapp.workflow.opened import Open, resume

TITLE = "60 items, 20 photos finalised"
FLOOR = "reportlab platypus, bare layout of the same content"
ROUNDS = 7
LIMIT, LIMIT_MS = 2.0, None
CHILDREN = False


def prepare(folder: Path) -> None:
    """A complete draft for every round of either process, and one more for the floor."""
    make_workspace(folder, signs=True)
    make_photos(folder, PHOTOS)
    tools = open_tools(folder)
    pictures = sorted((folder / "photos").glob("*.jpg"))
    drafts = [complete_draft(tools, pictures).inspection.id for _ in range(ROUNDS + 4)]
    (folder / "drafts.txt").write_text("\n".join(drafts), encoding="utf-8")
    tools.store.close()


def _drafts(folder: Path, tools: Tools) -> Iterator[Open]:
    """Those that no round has finalised yet; the last is the floor's and stays."""
    open_ = {row.id for row in tools.store.drafts()}
    for name in (folder / "drafts.txt").read_text(encoding="utf-8").split("\n")[:-1]:
        if name in open_:
            yield resume(tools.store, tools.reckon, name)


def ours(folder: Path) -> Run:
    tools = open_tools(folder)
    tools.warm_up()
    drafts = _drafts(folder, tools)
    signed = inks(tools)

    def run() -> float:
        draft = next(drafts)
        began = perf_counter()
        finalise(tools.store, tools.signer, tools.clock, draft, signed, PASSPHRASE, tools.app_version)
        return perf_counter() - began

    return run


def floor(folder: Path) -> Run:
    last = (folder / "drafts.txt").read_text(encoding="utf-8").split("\n")[-1]
    content, style = _read(folder, last), prepare_bare()

    def run() -> float:
        began = perf_counter()
        lay_out_bare(content, style)
        return perf_counter() - began

    return run


def _read(folder: Path, name: str) -> Content:
    """The draft's content, read beside whoever has the workspace open."""
    tools = build_tools(workspace(folder), write=False)
    draft = resume(tools.store, tools.reckon, name)
    printed = {link.photo.printed: tools.store.printed_path(link.photo) for link in draft.inspection.photos}
    content = content_of(draft, printed)
    tools.store.close()
    return content
