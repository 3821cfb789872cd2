"""The two small dialogs of printing: how many documents are printed together, and from which page a job goes on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from safetyapp.domain.print_job import COVER, Place, PrintJob, count_pages, pages_of, sequence
from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog, rows_area


class BatchSheet(SheetDialog):
    """Several documents: which, in which order, with the list in front or not; to a printer, or into one PDF."""

    print_wanted = Signal(bool)
    file_wanted = Signal(bool, bool)

    def __init__(self, look: Look, texts: Texts, job: PrintJob, parent: QWidget | None) -> None:
        say, count = texts.say, len(job.documents)
        super().__init__(look, say("print.batch.title", n=count), parent, width=560)
        told = say("print.batch.facts", n=count, pages=count_pages(sequence(job)))
        self.body.addWidget(Label(look, told, Style.STRONG, wrap=True))
        rows = [
            (
                say("print.batch.row", n=number, school=document.row.school, title=document.row.title),
                say("print.batch.row_facts", number=document.row.number, pages=document.pages),
            )
            for number, document in enumerate(job.documents, start=1)
        ]
        shown = rows[:100] + ([(say("print.batch.more", n=len(rows) - 100), "")] if len(rows) > 100 else [])
        self.body.addWidget(rows_area(look, shown, say("print.batch.list")), 1)
        self.cover = QCheckBox(say("print.batch.cover"))
        self.cover.setChecked(True)
        self.body.addWidget(self.cover)
        self.new_sheets = QCheckBox(say("print.batch.new_sheets"))
        self.body.addWidget(self.new_sheets)
        self.body.addWidget(Label(look, say("print.batch.kept"), Style.SMALL, "ink2", wrap=True))
        self.cancel_button = self.add_button(say("window.cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.file_button = self.add_button(say("print.save_file"))
        self.file_button.clicked.connect(self._on_file)
        self.print_button = self.add_button(say("print.batch.print"), Kind.PRIMARY)
        self.print_button.clicked.connect(self._on_print)
        self.print_button.setFocus()
        self.fit(560, min(600, 300 + 50 * count))

    def _on_print(self) -> None:
        self.accept()
        self.print_wanted.emit(self.cover.isChecked())

    def _on_file(self) -> None:
        self.accept()
        self.file_wanted.emit(self.cover.isChecked(), self.new_sheets.isChecked())


class ResumeSheet(SheetDialog):
    """From which document, copy and page printing goes on: the paper in the tray says it."""

    go_on_wanted = Signal(object)
    """The Place."""

    def __init__(self, look: Look, texts: Texts, job: PrintJob, at: int, parent: QWidget | None) -> None:
        say = texts.say
        super().__init__(look, say("print.resume.title"), parent, width=480)
        self._texts, self._job, self._sides = texts, job, sequence(job)
        self._documents = [n for n in range(COVER, len(job.documents)) if pages_of(job, n)]
        self.body.addWidget(Label(look, say("print.resume.how"), Style.COMPACT, "ink2", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.metrics.px(12))
        grid.setVerticalSpacing(look.metrics.px(8))
        grid.setColumnStretch(1, 1)
        self.document, self.copy, self.page = QComboBox(), QComboBox(), QComboBox()
        for number in self._documents:
            self.document.addItem(self._name(number), number)
        self.document.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for line, (key, field) in enumerate((("document", self.document), ("copy", self.copy), ("page", self.page))):
            name = say(f"print.resume.{key}")
            field.setAccessibleName(name)
            grid.addWidget(Label(look, name, Style.BODY), line, 0)
            grid.addWidget(field, line, 1)
        self.body.addLayout(grid)
        self._rest = Label(look, "", Style.STRONG, wrap=True)
        self.body.addWidget(self._rest)
        self.body.addStretch(1)
        self.cancel_button = self.add_button(say("window.cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.go_button = self.add_button(say("print.go_on"), Kind.PRIMARY)
        self.go_button.clicked.connect(self._on_go)
        self.document.currentIndexChanged.connect(self._on_document)
        self.copy.currentIndexChanged.connect(self._tell_rest)
        self.page.currentIndexChanged.connect(self._tell_rest)
        place = self._sides[at]
        self.document.setCurrentIndex(self._documents.index(place.document))
        self._on_document()
        self.copy.setCurrentIndex(self.copy.findData(place.copy))
        self.page.setCurrentIndex(max(0, self.page.findData(place.page)))
        self.go_button.setFocus()

    def place(self) -> Place:
        return Place(self.document.currentData(), self.copy.currentData(), self.page.currentData())

    def _name(self, number: int) -> str:
        if number == COVER:
            return self._texts.say("print.resume.list")
        row = self._job.documents[number].row
        return self._texts.say("print.batch.row", n=number + 1, school=row.school, title=row.title)

    def _on_document(self) -> None:
        number = self.document.currentData()
        copies = 1 if number == COVER else self._job.copies
        for field, numbers in ((self.copy, range(1, copies + 1)), (self.page, pages_of(self._job, number))):
            field.clear()
            for one in numbers:
                field.addItem(str(one), one)
        self.copy.setEnabled(copies > 1)
        self._tell_rest()

    def _tell_rest(self) -> None:
        if self.page.currentData() is not None and self.copy.currentData() is not None:
            left = count_pages(self._sides[self._sides.index(self.place()) :])
            self._rest.setText(self._texts.say("print.resume.rest", pages=left))

    def _on_go(self) -> None:
        place = self.place()
        self.accept()
        self.go_on_wanted.emit(place)
