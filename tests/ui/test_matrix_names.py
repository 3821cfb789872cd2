"""Today's matrix with more forms than there is room for: the schools stay, the current cell is always seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from safetyapp.domain.school import School
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.matrix import Matrix
from safetyapp.ui.tools import Tools
from safetyapp.ui.window import MainWindow
from tests.ui.conftest import press, some_schools

K = Qt.Key
LONG = "示例市示例区第三实验小学教育集团东校区（南部新城）"


@pytest.fixture
def matrix(open_window: Callable[[Tools], MainWindow], tools: Tools, schools: tuple[School, ...]) -> Matrix:
    first, *others = some_schools(40)
    tools.store.save_schools([replace(first, name=LONG), *others])
    window = open_window(tools)
    window.resize(1366, 768)
    QCoreApplication.processEvents()
    assert len(window.today.facts.forms) >= 8
    return window.today.matrix


def seen(matrix: Matrix) -> None:
    """The current cell stands whole between the schools and the right edge."""
    index = matrix.currentIndex()
    left = matrix.columnViewportPosition(index.column())
    assert left + matrix.columnWidth(index.column()) <= matrix.viewport().width()
    assert left >= (matrix.columnWidth(0) if index.column() else 0)
    top = matrix.rowViewportPosition(index.row())
    assert 0 <= top <= matrix.viewport().height() - matrix.rowHeight(index.row())


def test_nothing_is_made_before_it_is_scrolled(matrix: Matrix) -> None:
    assert matrix._names is None
    assert matrix.horizontalScrollBar().maximum() > 0


def test_the_keys_keep_the_cell_in_sight_and_the_schools_stay(matrix: Matrix) -> None:
    matrix.setFocus()
    columns = matrix.rows.columnCount()
    for _ in range(columns):
        press(matrix, K.Key_Right)
        seen(matrix)
    assert matrix.currentIndex().column() == columns - 1
    names = matrix._names
    assert names is not None
    assert names.isVisible()
    assert names.geometry().left() == 0
    assert names.width() == matrix.columnWidth(0)
    for _ in range(15):
        press(matrix, K.Key_Down)
        seen(matrix)
    assert names.verticalScrollBar().value() == matrix.verticalScrollBar().value() > 0
    assert names.rowViewportPosition(9) == matrix.rowViewportPosition(9)
    for _ in range(columns - 2):
        press(matrix, K.Key_Left)
        seen(matrix)
    press(matrix, K.Key_Left)
    assert matrix.horizontalScrollBar().value() == 0
    assert not names.isVisible(), "unscrolled, the table's own column is there"


def test_the_names_take_no_keys_and_hand_on_the_wheel(matrix: Matrix) -> None:
    matrix.setFocus()
    matrix.horizontalScrollBar().setValue(60)
    names = matrix._names
    assert names is not None
    QTest.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 70))
    assert matrix.hasFocus()
    assert matrix.currentIndex().row() == 1
    place = QPointF(20, 70)
    wheel = QWheelEvent(
        place, names.viewport().mapToGlobal(place), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(names.viewport(), wheel)
    assert matrix.verticalScrollBar().value() > 0
    assert names.verticalScrollBar().value() == matrix.verticalScrollBar().value()


def test_other_rows_and_sizes_keep_it_in_its_place(matrix: Matrix, jobs: Jobs) -> None:
    matrix.horizontalScrollBar().setValue(60)
    names = matrix._names
    assert names is not None
    matrix.rows.set_filter("第")
    QCoreApplication.processEvents()
    assert [c for c in range(matrix.rows.columnCount()) if not names.isColumnHidden(c)] == [0]
    matrix.window().resize(1300, 700)
    QCoreApplication.processEvents()
    matrix.horizontalScrollBar().setValue(80)
    assert names.height() == matrix.horizontalHeader().height() + matrix.viewport().height()
    matrix.window().resize(3200, 900)
    QCoreApplication.processEvents()
    assert matrix.horizontalScrollBar().maximum() == 0
    assert not names.isVisible()


def test_a_double_click_on_a_name_starts_as_ever(matrix: Matrix) -> None:
    chosen: list[tuple[str, int]] = []
    matrix.chosen.connect(lambda school, column: chosen.append((school, column)))
    matrix.horizontalScrollBar().setValue(60)
    names = matrix._names
    assert names is not None
    QTest.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 70))
    QTest.mouseDClick(names.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 70))
    assert [column for _, column in chosen] == [0]
    assert chosen[0][0] == matrix.rows.row(matrix.rows.index(1, 0)).school.id
