"""What painted lists and tables share: a viewport of their own, and where the pointer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QCursor, QPalette
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QAbstractItemView


def give_viewport(view: QAbstractItemView) -> None:
    """A viewport made here. To hand out the one that Qt made, PySide first loads every kind of widget there is, which
    takes as long as opening the workspace."""
    viewport = QWidget(view)
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    view.setViewport(viewport)


def is_hovered(view: QAbstractItemView, rect: QRect) -> bool:
    """Whether the pointer is over this part of the view. The option's state says it too, but brings every enum of
    QStyle with it."""
    viewport = view.viewport()
    return viewport.underMouse() and rect.contains(viewport.mapFromGlobal(QCursor.pos()))
