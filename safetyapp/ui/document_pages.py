"""The middle of Documents: the pages under a bar with their number and zoom, or a sentence why there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, EmptyState, Kind, Label, Line
from safetyapp.ui.preview import PagesView
from safetyapp.ui.tools import Tools


class DocumentPages(QWidget):
    """One document to look at. The bar also holds the ways to the list and to the panel where these are folded away."""

    failed = Signal(object)
    """The pages cannot be shown: the error."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs) -> None:
        super().__init__()
        self._tools, self._look, self._jobs = tools, look, jobs
        self._say = tools.texts.say
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_bar())
        column.addWidget(Line(look))
        stack = QWidget()
        self._stack = QStackedLayout(stack)
        self.view = PagesView(look, jobs, tools.pages)
        self.view.page_changed.connect(self._on_page_changed)
        self.view.zoom_changed.connect(self._on_zoom_changed)
        self.view.failed.connect(self.failed)
        self._zoom_in.clicked.connect(self.view.zoom_in)
        self._zoom_out.clicked.connect(self.view.zoom_out)
        self._fit.clicked.connect(self.view.fit_width)
        self._stack.addWidget(self.view)
        self._no_page = EmptyState(look, "files", self._say("documents_screen.pick"))
        self._stack.addWidget(self._no_page)
        self._stack.setCurrentIndex(1)
        column.addWidget(stack, 1)

    def _build_bar(self) -> QWidget:
        px, say, look = self._look.metrics.px, self._say, self._look
        bar = QWidget()
        bar.setProperty("surface", "1")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(px(38))
        row = QHBoxLayout(bar)
        row.setContentsMargins(px(12), 0, px(12), 0)
        row.setSpacing(px(6))
        self.back = Button(look, say("documents_screen.back_to_list"), icon="arrow-left", height=28)
        row.addWidget(self.back)
        first = Label(look, say("documents_screen.page.first"), Style.COMPACT)
        row.addWidget(first)
        self.page_field = QLineEdit()
        self.page_field.setValidator(QIntValidator(1, 9999, self.page_field))
        self.page_field.setAccessibleName(say("documents_screen.page.number"))
        self.page_field.setFixedSize(px(44), px(28))
        self.page_field.setProperty("small", "1")
        self.page_field.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page_field.returnPressed.connect(self._on_page_typed)
        row.addWidget(self.page_field)
        self._count = Label(look, "", Style.COMPACT, elide=Qt.TextElideMode.ElideNone)
        row.addWidget(self._count)
        row.addStretch(1)
        self._zoom_out = Button(look, say("documents_screen.page.zoom_out"), icon="zoom-out", kind=Kind.ICON, height=28)
        self._zoom_in = Button(look, say("documents_screen.page.zoom_in"), icon="zoom-in", kind=Kind.ICON, height=28)
        self._percent = Label(look, "", Style.COMPACT, align=Qt.AlignmentFlag.AlignHCenter)
        self._percent.setFixedWidth(px(48))
        self._fit = Button(
            look, say("documents_screen.page.fit"), icon="arrow-autofit-width", height=28, kind=Kind.LINK
        )
        for widget in (self._zoom_out, self._percent, self._zoom_in, self._fit):
            row.addWidget(widget)
        self._page_tools: tuple[QWidget, ...] = (
            first, self.page_field, self._count, self._zoom_out, self._percent, self._zoom_in
        )  # fmt: skip
        self.panel_button = Button(look, say("documents_screen.check_panel"), icon="shield-check", height=28, keys="F4")
        self.panel_button.setCheckable(True)
        row.addWidget(self.panel_button)
        return bar

    def open(self, data: bytes) -> None:
        self._stack.setCurrentIndex(0)
        self.view.open(data)

    def close_file(self) -> None:
        """No document is open."""
        self.view.close_file()
        self.show_sentence(self._say("documents_screen.pick"))

    def show_sentence(self, sentence: str) -> None:
        """What is said in place of pages."""
        self._no_page.sentence.setText(sentence)
        self._stack.setCurrentIndex(1)

    def sentence(self) -> str:
        """What is said in place of pages; empty while pages are shown."""
        return self._no_page.sentence.text() if self._stack.currentIndex() == 1 else ""

    def fold(self, has_list_beside: bool, narrow: bool, breadth: float) -> None:
        """`narrow`: even the bar has little room; what it can do without is left out."""
        self.back.setVisible(not has_list_beside)
        self._fit.setVisible(not narrow)
        for tool in self._page_tools:
            tool.setVisible(not narrow or breadth >= 880)

    def _on_page_changed(self, page: int, count: int) -> None:
        if not self.page_field.hasFocus() or not self.page_field.isModified():
            self.page_field.setText(str(page) if count else "")
        self._count.setText(self._say("documents_screen.page.of", n=count) if count else "")
        self.view.setAccessibleName(self._say("documents_screen.page_name", page=page, pages=count))

    def _on_page_typed(self) -> None:
        self.view.go_to(int(self.page_field.text() or 1))
        self.page_field.setModified(False)
        self.view.setFocus()

    def _on_zoom_changed(self, percent: int, fitted: bool) -> None:
        self._percent.setText(self._say("documents_screen.page.percent", n=percent))
        self._fit.setEnabled(not fitted)
