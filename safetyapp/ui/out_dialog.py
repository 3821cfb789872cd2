"""存到U盘: which documents, and where to. Made for the keyboard: ↑↓ in both fields, Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from safetyapp.domain.document import DocumentQuery, DocumentRow, DocumentState
from safetyapp.texts import Texts
from safetyapp.ui.dates import size_text
from safetyapp.ui.drives import Drive, drives
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog
from safetyapp.workflow.ports import Store

EVERY = 1_000_000
"""More than a workspace holds."""


@dataclass(frozen=True, slots=True)
class Which:
    """A choice of documents: its words' key, how many, and the rows or the query that finds them."""

    key: str
    count: int
    rows: tuple[DocumentRow, ...] = ()
    query: DocumentQuery | None = None

    def read(self, store: Store) -> tuple[DocumentRow, ...]:
        return self.rows if self.query is None else store.documents(self.query)


class OutDialog(SheetDialog):
    """Ends in `confirmed(which, folder, place)`."""

    confirmed = Signal(object, object, str)

    def __init__(
        self, look: Look, texts: Texts, jobs: Jobs, store: Store, rows: Sequence[DocumentRow],
        query: DocumentQuery | None, parent: QWidget | None,
    ) -> None:  # fmt: skip
        super().__init__(look, texts.say("documents_more.out.title"), parent, width=520)
        self._texts, self._say, self._jobs, self._store = texts, texts.say, jobs, store
        self._rows, self._query = tuple(rows), query
        self.choices: list[Which] = []
        self.drives: list[Drive] = []
        say = self._say
        self.body.addWidget(Label(look, say("documents_more.out.what"), Style.COMPACT_STRONG))
        self.which = QComboBox()
        self.which.setAccessibleName(say("documents_more.out.what"))
        self.which.currentIndexChanged.connect(self._on_changed)
        self.body.addWidget(self.which)
        self.body.addWidget(Label(look, say("documents_more.out.where"), Style.COMPACT_STRONG))
        self.where = QComboBox()
        self.where.setAccessibleName(say("documents_more.out.where"))
        self.where.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.where.currentIndexChanged.connect(self._on_changed)
        self.body.addWidget(self.where)
        self.other = Button(look, say("documents_more.out.folder"), icon="files", height=32)
        self.other.clicked.connect(self._choose_folder)
        self.body.addWidget(self.other)
        self.remark = Label(look, say("documents_more.out.busy"), Style.SMALL, "ink2", wrap=True)
        self.body.addWidget(self.remark)
        self.body.addStretch(1)
        cancel = self.add_button(say("documents_more.out.cancel"))
        cancel.clicked.connect(self.reject)
        self.go = self.add_button(say("documents_more.out.go", n=0), Kind.PRIMARY)
        self.go.setDefault(True)
        self.go.clicked.connect(self._on_go)
        self.which.setFocus()
        self.fit(520, 320)
        self._ask()

    def _ask(self) -> None:
        store, query, rows = self._store, self._query, self._rows
        waiting = DocumentQuery(state=DocumentState.WAITING, limit=EVERY)

        def run() -> tuple[list[Which], list[Drive]]:
            choices = [Which("many" if len(rows) > 1 else "one", len(rows), rows)] if rows else []
            choices.append(Which("waiting", store.count_documents(waiting), query=waiting))
            if query is not None:
                choices.append(Which("found", store.count_documents(query), query=query))
            every = DocumentQuery(limit=EVERY)
            choices.append(Which("all", store.count_documents(every), query=every))
            return choices, list(drives())

        self._jobs.work(lambda progress: run(), self._on_found, owner=self, name="drives")

    def _on_found(self, found: tuple[list[Which], list[Drive]]) -> None:
        self.choices, self.drives = found
        say = self._say
        for which in self.choices:
            self.which.addItem(say(f"documents_more.out.{which.key}", n=which.count))
        for drive in self.drives:
            self._add_drive(drive)
        self._on_changed()

    def _add_drive(self, drive: Drive) -> None:
        free = size_text(drive.free)
        self.where.addItem(self._say("documents_more.out.drive", name=drive.name, path=str(drive.path), free=free))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._say("window.export.choose"))
        if chosen:
            self.add_folder(Path(chosen))

    def add_folder(self, folder: Path) -> None:
        """A folder of the person's own choice; it is the chosen place now."""
        import shutil

        self.drives.append(Drive(folder.name or str(folder), folder, shutil.disk_usage(folder).free))
        self._add_drive(self.drives[-1])
        self.where.setCurrentIndex(len(self.drives) - 1)
        self.go.setFocus()

    def _chosen(self) -> tuple[Which | None, Drive | None]:
        which, where = self.which.currentIndex(), self.where.currentIndex()
        return (
            self.choices[which] if 0 <= which < len(self.choices) else None,
            self.drives[where] if 0 <= where < len(self.drives) else None,
        )

    def _on_changed(self) -> None:
        say = self._say
        which, drive = self._chosen()
        self.go.set_words(say("documents_more.out.go", n=which.count if which else 0))
        need = sum(row.size for row in which.rows) if which else 0
        small = drive is not None and need > drive.free
        self.go.setEnabled(bool(which and which.count and drive) and not small)
        self.where.setVisible(bool(self.drives))
        if small and drive is not None:
            said = say("documents_more.out.small", need=size_text(need), free=size_text(drive.free))
        elif self.choices and not self.drives:
            said = say("documents_more.out.no_drive")
        else:
            said = say("documents_more.out.not_sent")
        self.remark.setText(said)

    def _on_go(self) -> None:
        which, drive = self._chosen()
        if which is not None and drive is not None:
            self.accept()
            self.confirmed.emit(which, drive.path, drive.name)
