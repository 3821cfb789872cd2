"""Guards against a PySide6 that takes a reference from None with every call that returns nothing (6.12 on Python 3.11).

Such a process ends with "none_dealloc" after some thousand calls, so an ordinary green test proves nothing.
"""

from __future__ import annotations

import sys

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.mark.gui
def test_calls_that_return_nothing_leave_none_alone(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(1_000):
        widget.update()
    # where None is immortal (Python 3.12 and newer) its count is constant, and so is this difference
    assert sys.getrefcount(None) - before > -100
