"""A table of the form as a grid: a cell is a place like any other, made into what is shown when it comes into view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from safetyapp.domain.address import at, item_of, rows_of
from safetyapp.domain.answer_kinds import AnswerKind
from safetyapp.domain.form import Item, ItemId
from safetyapp.domain.places import Place, Skip, row_ids
from safetyapp.ui.draft_changes import changed_addresses
from safetyapp.ui.item_model import Index
from safetyapp.ui.item_rows import Row, RowMaker
from safetyapp.ui.table_tally import NO_TALLY, TableCount
from safetyapp.workflow.opened import Open

ROOT = QModelIndex()
LEFT = Qt.AlignmentFlag.AlignLeft


def columns_of(table: Item) -> list[tuple[Item, tuple[Item, ...]]]:
    """The columns, each with the groups that it goes with; notes have none."""

    def walk(items: tuple[Item, ...], groups: tuple[Item, ...]) -> Iterator[tuple[Item, tuple[Item, ...]]]:
        for item in items:
            if item.answer.kind is AnswerKind.GROUP:
                yield from walk(item.items, (*groups, item))
            elif item.answer.kind is not AnswerKind.NOTE:
                yield item, groups

    return list(walk(table.items, ()))


class TableModel(QAbstractTableModel):
    """Shows one table of a draft, which may be another from time to time. It keeps no answer of its own."""

    def __init__(
        self, maker: RowMaker, refused: Callable[[ItemId], str], typed: Callable[[ItemId], str | None], parent: QObject
    ) -> None:
        """`refused` says why a cell's last text could not be kept, `typed` what that was."""
        super().__init__(parent)
        self._maker, self._refused, self.typed = maker, refused, typed
        self.address = ItemId("")
        self.table: Item | None = None
        self.rows: tuple[str, ...] = ()
        self.columns: list[tuple[Item, tuple[Item, ...]]] = []
        self._all: frozenset[ItemId] = frozenset()
        self._cells: dict[ItemId, Row] = {}
        self._count: TableCount | None = None
        self.tally = NO_TALLY
        self._named = False

    # which table

    def open_table(self, address: ItemId) -> None:
        """Shows the table at an address."""
        opened = self._maker.opened
        self.beginResetModel()
        self.address, self.table = address, opened.item(address)
        self.columns = columns_of(self.table)
        self._all = frozenset(item.id for item in _deep(self.table.items))
        self.rows = row_ids(opened.inspection, address)
        self._cells.clear()
        self._count = TableCount(self.table, rows_of(address))
        self.tally = self._count.refresh(opened, self._shut(), None)
        self.endResetModel()

    def take(self, before: Open, after: Open) -> bool:
        """Shows a changed draft; whether anything of this table looks different. The maker has `after` already."""
        if self.table is None or self._count is None:
            return False
        changed = changed_addresses(before, after)
        mine = {a for a in changed if self._is_mine(a)}
        outside = changed - mine
        if any(a in {g.id for _, groups in self.columns for g in groups} or a == self.table.id for a in outside):
            mine |= set(self._cells)
        self.tally = self._count.refresh(after, self._shut(), mine)
        for address in mine:
            self._cells.pop(address, None)
        self._follow_rows(row_ids(after.inspection, self.address))
        self.renew(mine)
        return bool(mine) or self.address in changed

    def renew(self, addresses: Iterable[ItemId]) -> None:
        """These cells look different."""
        lines = {row: n for n, row in enumerate(self.rows)}
        depth = len(rows_of(self.address))
        own = {rows_of(a)[depth] for a in addresses if len(rows_of(a)) > depth}
        touched = {lines[row] for row in own if row in lines}
        for address in addresses:
            self._cells.pop(address, None)
        if touched and self.columns:
            self.dataChanged.emit(self.index(min(touched), 0), self.index(max(touched), len(self.columns) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Vertical, min(touched), max(touched))

    def _is_mine(self, address: ItemId) -> bool:
        inside, rows = rows_of(self.address), rows_of(address)
        return len(rows) > len(inside) and rows[: len(inside)] == inside and item_of(address) in self._all

    def _shut(self) -> Skip | None:
        closed = self._maker.opened.reckoned.closed
        return Skip.CONDITION if self.address in closed else None

    def _follow_rows(self, rows: tuple[str, ...]) -> None:
        if rows == self.rows:
            return
        same = len(rows) > len(self.rows) and rows[: len(self.rows)] == self.rows
        gone = [n for n, row in enumerate(self.rows) if row not in rows]
        if same:
            self.beginInsertRows(ROOT, len(self.rows), len(rows) - 1)
            self.rows = rows
            self.endInsertRows()
        elif len(gone) == 1 and len(rows) == len(self.rows) - 1 and tuple(r for r in self.rows if r in rows) == rows:
            self.beginRemoveRows(ROOT, gone[0], gone[0])
            self.rows = rows
            self.endRemoveRows()
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    # cells

    def address_at(self, row: int, column: int) -> ItemId:
        return at(self.columns[column][0].id, (*rows_of(self.address), self.rows[row]))

    def place_of(self, address: str) -> tuple[int, int] | None:
        """Row and column of a cell; of what stands deeper, those of the cell that leads to it."""
        inside = rows_of(self.address)
        rows = rows_of(address)
        if rows[: len(inside)] != inside or len(rows) <= len(inside) or rows[len(inside)] not in self.rows:
            return None
        wanted = item_of(address)
        for column, (item, _) in enumerate(self.columns):
            if item.id == wanted or wanted in {inner.id for inner in _deep(item.items)}:
                return self.rows.index(rows[len(inside)]), column
        return None

    def cell(self, row: int, column: int) -> Row:
        """What is shown of a cell."""
        address = self.address_at(row, column)
        found = self._cells.get(address)
        if found is None:
            found = self._cells[address] = self._make(address, column)
        return found

    def _make(self, address: ItemId, column: int) -> Row:
        item, groups = self.columns[column]
        opened, rows = self._maker.opened, rows_of(address)
        place = Place(address, item, rows, self._skip(item, groups, address, rows))
        tally = NO_TALLY
        if item.answer.kind is AnswerKind.TABLE:
            tally = TableCount(item, rows).refresh(opened, place.skip, None)
        return self._maker.row(place, -1, 0, tally=tally, refused=self._refused(address))

    def _skip(self, item: Item, groups: tuple[Item, ...], address: ItemId, rows: tuple[str, ...]) -> Skip | None:
        closed, inspection = self._maker.opened.reckoned.closed, self._maker.opened.inspection
        if self.address in closed or address in closed or any(at(g.id, rows) in closed for g in groups):
            return Skip.CONDITION
        if address not in inspection.answers and not item.applies_to(inspection.school):
            return Skip.SCHOOL
        return None

    def next_open(self, row: int, column: int) -> tuple[int, int] | None:
        """The next cell after this one that still wants something, round the end."""
        width = len(self.columns)
        count = width * len(self.rows)
        for step in range(1, count + 1):
            n = (row * width + column + step) % count
            line, place = divmod(n, width)
            if self._count is not None and not self._count.blocks(self.rows[line]) and not self._has_refused(line):
                continue
            if self.cell(line, place).is_open:
                return line, place
        return None

    def _has_refused(self, line: int) -> bool:
        return any(self._refused(self.address_at(line, n)) for n in range(len(self.columns)))

    def is_complete(self, row: int) -> bool:
        return self._count is not None and not self._count.blocks(self.rows[row])

    def set_named(self, named: bool) -> None:
        """Whether the head of a row says its name too."""
        self._named = named

    def row_name(self, row: int) -> str:
        """The number of a row and what its first column says."""
        name = self.cell(row, 0).value if self.columns else ""
        return f"{row + 1}  {name}".rstrip()

    # what Qt asks

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid():
            return plain
        cell = self.cell(index.row(), index.column())
        return plain | Qt.ItemFlag.ItemIsEditable if cell.is_field and not cell.is_closed else plain

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index.row(), index.column()).value
        if role == Qt.ItemDataRole.ToolTipRole:
            cell = self.cell(index.row(), index.column())
            return cell.refused or cell.rule or (cell.value if len(cell.value) > 12 else None)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(index.row(), index.column())
        return None

    def spoken(self, row: int, column: int) -> str:
        """The cell as a screen reader hears it."""
        say, language = self._maker.texts.say, self._maker.texts.language
        cell = self.cell(row, column)
        said = cell.value or (say("fill.outcome.open") if cell.is_asked else "")
        parts = [self.row_name(row), cell.words.in_language(language), said, cell.refused or cell.rule]
        return say("fill.comma_spoken").join(part for part in parts if part)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole and section < len(self.rows):
                return self.row_name(section) if self._named else str(section + 1)
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section < len(self.columns):
            side = Qt.AlignmentFlag.AlignRight if self.columns[section][0].answer.kind.is_number else LEFT
            return int(side | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) and section < len(self.columns):
            item = self.columns[section][0]
            texts = self._maker.texts
            unit, title = item.answer.unit.in_language(texts.language), item.question.in_language(texts.language)
            return texts.say("fill.table.header", title=title, unit=unit) if unit else title
        return None


def _deep(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _deep(item.items)
