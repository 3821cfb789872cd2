"""From the start of the process to the first painted Today window of a workspace with 1,000 documents, against an empty
window of PySide6 alone. Both offscreen.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from bench.figure import Run, environment
from bench.material import SCHOOL, empty_draft, make_workspace, open_tools, workspace
from safetyapp.demo_answers import passing_value
from safetyapp.domain.document import DocumentId, DocumentKind, DocumentRow, DocumentState
from safetyapp.workflow.inspect import answer

TITLE = "start to painted Today, 1,000 documents"
FLOOR = "empty PySide6 window"
ROUNDS = 9
LIMIT, LIMIT_MS = 1.6, None
CHILDREN = True
DOCUMENTS, DRAFTS = 1_000, 6

EMPTY_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
def end():
    print("painted", flush=True)
    application.quit()
class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, end)
application = QApplication(sys.argv)
window = Window()
window.resize(1280, 720)
window.show()
application.exec()
"""


def prepare(folder: Path) -> None:
    """A thousand rows with a small file each: the list is what is shown, no document is opened."""
    import hashlib

    make_workspace(folder)
    tools = open_tools(folder)
    tools.store.save_schools([SCHOOL])
    now, dice = tools.clock.now(), random.Random(1)
    for number in range(DOCUMENTS):
        data = f"%PDF-1.7 {number}".encode()
        at = now - timedelta(hours=7 * number)
        row = DocumentRow(
            DocumentId(f"{number:036}"), hashlib.sha256(data).hexdigest(), DocumentKind.INSPECTION_REPORT,
            f"临-{number}", SCHOOL.id, SCHOOL.name, "消防安全检查表", at, at.date(), "测量员",
            DocumentState.WAITING if number < 3 else DocumentState.IMPORTED, len(data),
            dice.randrange(9), dice.randrange(2),
        )  # fmt: skip
        tools.store.keep_document(row, data, ())
    for count in range(DRAFTS):
        draft = empty_draft(tools)
        for item in list(draft.form.items())[: 10 * count]:
            value = passing_value(draft, draft.place(item.id))
            draft = answer(tools.store, tools.clock, tools.wording, draft, item.id, value)
    tools.store.close()


def ours(folder: Path) -> Run:
    main = Path(__file__).resolve().parent.parent / "main.py"
    settings = {"SAFETYAPP_WORKSPACE": str(workspace(folder)), "SAFETYAPP_QUIT_AFTER_PAINT": "1"}
    return lambda: _until_painted([sys.executable, str(main)], environment() | settings)


def floor(folder: Path) -> Run:
    return lambda: _until_painted([sys.executable, "-c", EMPTY_WINDOW], environment())


def _until_painted(command: list[str], environ: dict[str, str]) -> float:
    began = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, cwd=os.path.dirname(__file__)) as process:
        assert process.stdout is not None
        painted = any(line.strip() == b"painted" for line in iter(process.stdout.readline, b""))
        took = perf_counter() - began
    if not painted or process.returncode:
        raise RuntimeError(f"no window was painted by {command}")
    return took
