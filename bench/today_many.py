"""From the start of the process to the first painted Today window of a workspace with 100,000 documents of 200 schools,
against an empty window of PySide6 alone. Both offscreen.
"""

from __future__ import annotations

from pathlib import Path

from bench.crowd import crowd_schools, fill
from bench.material import make_workspace, open_tools, workspace
from bench.start import CHILDREN, FLOOR, LIMIT, LIMIT_MS, ROUNDS, floor, ours

__all__ = ["CHILDREN", "FLOOR", "LIMIT", "LIMIT_MS", "ROUNDS", "TITLE", "floor", "ours", "prepare"]

TITLE = "start to painted Today, 100,000 documents"
DOCUMENTS, SCHOOLS = 100_000, 200


def prepare(folder: Path) -> None:
    """Rows without files: the list is what is shown, no document is opened."""
    make_workspace(folder)
    tools = open_tools(folder)
    tools.store.save_schools(crowd_schools(SCHOOLS))
    tools.store.close()
    fill(workspace(folder), DOCUMENTS, SCHOOLS)
