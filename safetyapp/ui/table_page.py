"""A table of the form as a page within Fill: the grid, a band that says how far it is, the current cell beside it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from safetyapp.domain.address import at, item_of, rows_of
from safetyapp.domain.form import Item, ItemId
from safetyapp.texts import Texts
from safetyapp.ui.item_body import ItemBody
from safetyapp.ui.item_rows import Row, RowMaker
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label, Line
from safetyapp.ui.photo_thumbs import Thumbs
from safetyapp.ui.table_grid import Grid
from safetyapp.ui.table_model import TableModel
from safetyapp.workflow.opened import Open

SIDE = 340
"""px at 100 % of what stands beside the grid."""


class CellPane(QWidget):
    """The current cell beside the grid: its question whole, what is wrong with it, and the ordinary editor."""

    def __init__(self, look: Look, texts: Texts, thumbs: Thumbs) -> None:
        super().__init__()
        self._look = look
        px = look.metrics.px
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setProperty("surface", "1")
        inside.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(14), px(10), px(14), px(10))
        column.setSpacing(px(6))
        self.where = Label(look, "", Style.SMALL, "ink2", wrap=True)
        self.question = Label(look, "", Style.STRONG, wrap=True)
        self.hint = Label(look, "", Style.SMALL, "ink2", wrap=True)
        self.value = Label(look, "", Style.BODY, wrap=True)
        self.message = Label(look, "", Style.COMPACT, "ink", wrap=True)
        for part in (self.where, self.question, self.hint, self.value, self.message):
            column.addWidget(part)
        self.body = ItemBody(look, texts, thumbs)
        column.addWidget(self.body)
        column.addStretch(1)
        area.setWidget(inside)
        outer.addWidget(area)
        look.theme_changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg_surface"))
        painter.end()


class TablePage(QWidget):
    """Shows one table; those of its cells that are tables are opened in its place, Esc leads one up."""

    left = Signal()
    """Back to the list."""
    cell_changed = Signal()
    """Another cell is the current one."""
    rows_wanted = Signal(str, str)
    """Address and change of rows, see workflow.tables.with_rows."""
    answered = Signal(str, str)
    """Address and text; empty takes the answer away."""
    opened_cell = Signal(str)
    """Enter on a cell that is answered beside the grid."""

    def __init__(self, look: Look, texts: Texts, maker: RowMaker, model: TableModel, thumbs: Thumbs) -> None:
        super().__init__()
        self._look, self._texts, self._maker = look, texts, maker
        self.model = model
        self.grid = Grid(look, texts, self.model)
        self.side = CellPane(look, texts, thumbs)
        self.body = self.side.body
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_band())
        column.addWidget(Line(look))
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.grid, 1)
        self._bar = Line(look, standing=True)
        middle.addWidget(self._bar)
        middle.addWidget(self.side)
        column.addLayout(middle, 1)
        self.grid.moved_to.connect(self._on_moved)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.opened.connect(self._on_opened)
        self.grid.asked.connect(self.ask)
        self.grid.delegate.answered.connect(self._on_chosen)
        self.model.modelReset.connect(self.grid.fit_columns)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self._later.timeout.connect(self.cell_changed)

    def _build_band(self) -> QWidget:
        look, say, px = self._look, self._texts.say, self._look.metrics.px
        band = QWidget()
        band.setFixedHeight(px(40))
        row = QHBoxLayout(band)
        row.setContentsMargins(px(10), 0, px(16), 0)
        row.setSpacing(px(9))
        self.back = Button(look, say("fill.table.back"), icon="arrow-left", keys="Esc", kind=Kind.LINK, height=28)
        self.back.clicked.connect(lambda: self.ask("close"))
        self._title = Label(look, "", Style.COMPACT_STRONG)
        self._facts = Label(look, "", Style.COMPACT, "ink2", elide=Qt.TextElideMode.ElideNone)
        self._sum = Label(look, "", Style.COMPACT, "ink2", elide=Qt.TextElideMode.ElideNone)
        self.add = Button(look, say("fill.table.add"), icon="plus", keys="Ctrl Enter", height=28)
        self.add.clicked.connect(lambda: self.ask("row+"))
        self.remove = Button(look, say("fill.table.remove"), icon="trash", keys="Ctrl Del", height=28)
        self.remove.clicked.connect(lambda: self.ask("row-"))
        for part, stretch in ((self.back, 0), (self._title, 1), (self._sum, 0), (self._facts, 0), (self.remove, 0)):
            row.addWidget(part, stretch)
        row.addWidget(self.add)
        return band

    # showing

    def open_table(self, address: ItemId) -> None:
        """Shows the table at an address, the first cell that wants something current."""
        self.model.open_table(address)
        table = self.table
        free = not (table.rows.count or table.rows.fixed)
        self.add.setVisible(free)
        self.remove.setVisible(free)
        self._show_band()
        if self.model.rowCount():
            self.grid.go_to(*(self.model.next_open(self.model.rowCount() - 1, self.model.columnCount() - 1) or (0, 0)))
        self.cell_changed.emit()

    @property
    def table(self) -> Item:
        assert self.model.table is not None
        return self.model.table

    def go_to_cell(self, address: str) -> None:
        """Makes a cell the current one."""
        place = self.model.place_of(address)
        if place is not None:
            self.grid.go_to(*place)

    def current(self) -> Row | None:
        """What is shown of the current cell."""
        index = self.grid.currentIndex()
        return self.model.cell(index.row(), index.column()) if index.isValid() else None

    def take(self, before: Open, after: Open) -> None:
        """Shows a changed draft."""
        here = self.grid.place()
        if not self.model.take(before, after):
            return
        if self.model.rowCount() and not self.grid.currentIndex().isValid():
            self.grid.go_to(min(here[0], self.model.rowCount() - 1), here[1])
        self._show_band()
        self.cell_changed.emit()

    def _show_band(self) -> None:
        texts, tally = self._texts, self.model.tally
        trail = [self._maker.opened.item(self.model.address)]
        title = " · ".join(item.question.in_language(texts.language) for item in trail)
        outer = rows_of(self.model.address)
        self._title.setText(texts.say("fill.table.inner", n=outer[-1], title=title) if outer else title)
        self._facts.setText(texts.say("fill.table.state", rows=tally.rows, done=tally.complete))

    def show_cell(self) -> None:
        """Says of the current cell what stands beside the grid; the editor is filled by who keeps the answers."""
        cell, side = self.current(), self.side
        if cell is None:
            for part in (side.where, side.hint, side.value, side.message):
                part.hide()
            side.question.setText(self._texts.say("fill.table.empty"))
            return
        language = self._texts.language
        row, _ = self.grid.place()
        for label, text in (
            (side.where, self.model.row_name(row)), (side.question, cell.words.in_language(language)),
            (side.hint, cell.hint.in_language(language)), (side.value, cell.value if len(cell.value) > 12 else ""),
            (side.message, cell.refused or cell.rule or ("" if cell.required else self._texts.say("fill.optional"))),
        ):  # fmt: skip
            label.setText(text)
            label.setVisible(bool(text))
        self._sum.setText(self._sum_text())

    def _sum_text(self) -> str:
        """The sum of the current column, where it has numbers."""
        _, column = self.grid.place()
        item, _ = self.model.columns[column]
        if not item.answer.kind.is_number:
            return ""
        answers, inside = self._maker.opened.inspection.answers, rows_of(self.model.address)
        given = [answers.get(at(item.id, (*inside, row))) for row in self.model.rows]
        numbers = [float(a.value) for a in given if a is not None and a.value != "na"]
        return self._texts.say("fill.table.sum", n=f"{sum(numbers):g}") if numbers else ""

    # what is done

    def _on_moved(self, row: int, column: int) -> None:
        self._later.start()

    def _on_chosen(self, row: int, column: int, text: str) -> None:
        self.answered.emit(self.model.address_at(row, column), text.strip())

    def _on_opened(self, row: int, column: int) -> None:
        self._later.stop()
        self.cell_changed.emit()
        self.opened_cell.emit(self.model.address_at(row, column))

    def ask(self, what: str) -> None:
        """A command: row+, row-, next, close."""
        if what == "close":
            self.close_table()
        elif what == "row+":
            self.grid.flush()
            if not self.add.isHidden():
                self.rows_wanted.emit(self.model.address, "+1")
        elif what == "row-":
            row, _ = self.grid.place()
            if self.model.rowCount() and not self.remove.isHidden():
                self.grid.flush()
                self.rows_wanted.emit(self.model.address, f"-{self.model.rows[row]}")
        elif what == "next":
            self.next_open()

    def next_open(self) -> bool:
        """F8: the next cell that wants something."""
        self.grid.flush()
        found = self.model.next_open(*self.grid.place()) if self.model.rowCount() else None
        if found is not None:
            self.grid.go_to(*found)
        return found is not None

    def close_table(self) -> None:
        """One level up: the table that this one stands in, else the list."""
        self.grid.flush()
        inside = rows_of(self.model.address)
        if not inside:
            self.left.emit()
            return
        here = self.model.address
        self.open_table(at(self._parent_of(item_of(here)), inside[:-1]))
        self.go_to_cell(here)

    def _parent_of(self, table: ItemId) -> ItemId:
        def within(items: tuple[Item, ...], parent: ItemId) -> ItemId | None:
            for item in items:
                if item.id == table:
                    return parent
                found = within(item.items, item.id if item.answer.kind == "table" else parent)
                if found is not None:
                    return found
            return None

        for section in self._maker.opened.form.sections:
            found = within(section.items, ItemId(""))
            if found is not None:
                return found
        raise LookupError(table)

    # sizes and keys

    def fold(self, breadth: float) -> None:
        """Beside the grid there is room for the cell only on a broad screen."""
        px = self._look.metrics.px
        self.side.setFixedWidth(px(SIDE if breadth >= 1300 else 280))
        self.side.setVisible(breadth >= 760)
        self._bar.setVisible(breadth >= 760)
        self._facts.setVisible(breadth >= 700)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.grid.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.grid.fit_columns()
