"""The three panes of Fill, sections, list and help: their widths, and what folds away when the screen is narrow."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_sections import MARKS_ONLY


class FillPanes(QSplitter):
    """Where the screen is broad, help stands beside the list; else it lies over it while it is wanted."""

    def __init__(self, parts: FillParts, screen: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, screen)
        self._parts, self._screen = parts, screen
        self._sections, self._help = parts.sections, parts.help
        self._help_docked: bool | None = None
        self._help_shown = True
        self._layout_key: tuple[int, int, bool] | None = None
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for number, part in enumerate((parts.sections, parts.pane, parts.help)):
            self.addWidget(part)
            self.setStretchFactor(number, 1 if part is parts.pane else 0)
        parts.header.help.connect(self.toggle_help)
        parts.help.closed.connect(self.toggle_help)

    def toggle_help(self) -> None:
        """F1."""
        self._help_shown = not self._help_shown
        self._show_help()
        if not self._help_shown:
            self._parts.pane.focus_list()

    def _show_help(self) -> None:
        self._help.setVisible(self._help_shown)
        self._parts.header.show_help_button(not self._help_shown or not self._help_docked)
        row = self._parts.view.current_row()
        if self._help_shown and row is not None:
            self._help.show_row(row)
        if not self._help_docked:
            self._place_overlay()

    def _place_overlay(self) -> None:
        screen = self._screen
        width = min(self._parts.look.metrics.px(300), screen.width())
        top = max(self._parts.header.height(), self.mapTo(screen, QPoint(0, 0)).y())  # bars may stand between
        bottom = self._parts.strip.height()
        self._help.setGeometry(screen.width() - width, top, width, screen.height() - top - bottom)
        self._help.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A bar that comes or goes leaves another height."""
        super().resizeEvent(event)
        if self._help_docked is False:
            self._place_overlay()

    def fold(self) -> None:
        """The breakpoints: full, narrower sides, help over the list, mosaics only."""
        metrics, whole = self._parts.look.metrics, self._screen.width()
        px, breadth = metrics.px, metrics.breadth(whole)
        marks_only = breadth < 1024
        docked = breadth >= 1280
        left = MARKS_ONLY if marks_only else (196 if breadth >= 1300 else 168)
        right = 300 if breadth >= 1300 else 264
        if docked != self._help_docked:
            self._help_docked = docked
            self._help.set_overlay(not docked)
            if docked:
                self.addWidget(self._help)
                self._help_shown = True
            else:
                self._help.setParent(self._screen)
                self._help_shown = False
            self._show_help()
        key = (left, right, docked)
        if key != self._layout_key:
            self._layout_key = key
            self._sections.set_marks_only(marks_only)
            self._sections.setMinimumWidth(px(MARKS_ONLY))
            self._sections.setMaximumWidth(px(left) if marks_only else px(320))
            sizes = [px(left), max(px(300), whole - px(left) - (px(right) if docked else 0) - 2)]
            self.setSizes([*sizes, px(right)] if docked else sizes)
        if not docked:
            self._place_overlay()
