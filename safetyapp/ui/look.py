"""How everything looks: theme, sizes and fonts of the running application, and the one style sheet made from them.

Painted parts ask `look.theme` and `look.font(style)` when they paint; they repaint on `theme_changed`. A change of the
text scale rebuilds the screens (`scale_changed`).
"""

from __future__ import annotations

import re
import tempfile
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from safetyapp.texts import resources
from safetyapp.ui import icons
from safetyapp.ui.metrics import Metrics, Style
from safetyapp.ui.tokens import DARK, LIGHT, Theme

FONT_FILES = ("NotoSansSC-Regular.ttf", "NotoSansSC-SemiBold.ttf")
STYLE = ("-style", "fusion")
"""For QApplication: set later, the style brings every enum of QStyle with it; opening the workspace takes as long."""
FAMILIES = ["Microsoft YaHei UI", "Noto Sans SC"]


class Mode(Enum):
    """What a person chose: a theme, or that of the system."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Look(QObject):
    """Theme, metrics and fonts. `generation` grows with every change: caches of laid-out text use it as a key."""

    theme_changed = Signal()
    scale_changed = Signal()

    def __init__(self, mode: Mode = Mode.SYSTEM, percent: int = 100, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mode = mode
        self.metrics = Metrics(percent / 100)
        self.theme: Theme = LIGHT
        self.generation = 0
        self._app: QApplication | None = None
        self._fonts: dict[Style, QFont] = {}
        self._font_metrics: dict[Style, QFontMetrics] = {}
        self._colours: dict[str, QColor] = {}
        self._pictures: QTemporaryDir | None = None

    def apply(self, app: QApplication) -> None:
        """Dresses the application, made with STYLE; call once, before the first window."""
        self._app = app
        load_fonts()
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme)
        self._renew()

    @property
    def percent(self) -> int:
        return round(self.metrics.scale * 100)

    def set_mode(self, mode: Mode) -> None:
        """Light, dark, or as the system is."""
        if mode is not self.mode:
            self.mode = mode
            self._renew()
            self.theme_changed.emit()

    def set_percent(self, percent: int) -> None:
        """The text scale, 100 to 200. Screens are rebuilt by who listens to `scale_changed`."""
        if percent != self.percent:
            self.metrics = Metrics(percent / 100)
            self._renew()
            self.scale_changed.emit()

    def font(self, style: Style) -> QFont:
        """The font of a style at this scale; shared, so do not change it."""
        font = self._fonts.get(style)
        if font is None:
            font = self._fonts[style] = make_font(self.metrics.text(style), style.value[2])
        return font

    def font_metrics(self, style: Style) -> QFontMetrics:
        found = self._font_metrics.get(style)
        if found is None:
            found = self._font_metrics[style] = QFontMetrics(self.font(style))
        return found

    def colour(self, token: str) -> QColor:
        """The token's colour in the present theme; shared, so do not change it."""
        colour = self._colours.get(token)
        if colour is None:
            colour = self._colours[token] = QColor(getattr(self.theme, token))
        return colour

    def _on_system_scheme(self) -> None:
        if self.mode is Mode.SYSTEM and self._wanted() is not self.theme:
            self._renew()
            self.theme_changed.emit()

    def _wanted(self) -> Theme:
        if self.mode is not Mode.SYSTEM:
            return DARK if self.mode is Mode.DARK else LIGHT
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT

    def _tell_system(self) -> None:
        """The window's frame follows the chosen theme too."""
        hints = QGuiApplication.styleHints()
        schemes = {Mode.LIGHT: Qt.ColorScheme.Light, Mode.DARK: Qt.ColorScheme.Dark}
        if self.mode is Mode.SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(schemes[self.mode])

    def _renew(self) -> None:
        if self._app is not None:
            self._tell_system()
        self.theme = self._wanted()
        self.generation += 1
        self._fonts.clear()
        self._font_metrics.clear()
        self._colours.clear()
        if self._app is not None:
            self._app.setFont(self.font(Style.BODY))
            self._app.setPalette(palette(self.theme))
            self._app.setStyleSheet(style_sheet(self.theme, self.metrics, self._write_pictures()))

    def _write_pictures(self) -> Path:
        """QSS wants files: the recoloured arrows and ticks of this theme, in a folder that dies with the program."""
        if self._pictures is None:
            self._pictures = QTemporaryDir(tempfile.gettempdir() + "/safetyapp-look-XXXXXX")
        folder = Path(self._pictures.path())
        theme = self.theme
        wanted = (
            ("chevron-down", theme.ink2),
            ("chevron-right", theme.ink2),
            ("check", theme.on_brand),
            ("calendar", theme.ink2),
        )
        for name, colour in wanted:
            (folder / f"{name}-{theme.name}.svg").write_bytes(icons.svg(name, colour))
        return folder


def load_fonts() -> tuple[str, ...]:
    """Makes the bundled fonts known; the files that were found. Without them the system's fonts are used."""
    files = [resources() / "fonts" / name for name in FONT_FILES]
    there = [file for file in files if file.is_file()]
    return tuple(file.name for file in there if QFontDatabase.addApplicationFont(str(file)) != -1)


def make_font(px: int, weight: int = 400) -> QFont:
    """A font of the interface; weights 400 and 600 only."""
    font = QFont(FAMILIES)
    font.setPixelSize(px)
    font.setWeight(QFont.Weight.DemiBold if weight >= 600 else QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # else fractional scales jitter
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return font


def palette(theme: Theme) -> QPalette:
    """The palette: what Fusion and painted text use where the style sheet says nothing."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: theme.bg_app,
        QPalette.ColorRole.WindowText: theme.ink,
        QPalette.ColorRole.Base: theme.bg_surface,
        QPalette.ColorRole.AlternateBase: theme.bg_sunken,
        QPalette.ColorRole.Text: theme.ink,
        QPalette.ColorRole.PlaceholderText: theme.ink3,
        QPalette.ColorRole.Button: theme.bg_surface,
        QPalette.ColorRole.ButtonText: theme.ink,
        QPalette.ColorRole.BrightText: theme.on_brand,
        QPalette.ColorRole.Highlight: theme.brand,
        QPalette.ColorRole.HighlightedText: theme.on_brand,
        QPalette.ColorRole.ToolTipBase: theme.bg_surface,
        QPalette.ColorRole.ToolTipText: theme.ink,
        QPalette.ColorRole.Link: theme.brand,
        QPalette.ColorRole.LinkVisited: theme.brand,
        QPalette.ColorRole.Light: theme.bg_surface,
        QPalette.ColorRole.Midlight: theme.bg_hover,
        QPalette.ColorRole.Mid: theme.line_strong,
        QPalette.ColorRole.Dark: theme.line_strong,
        QPalette.ColorRole.Shadow: theme.line_strong,
        QPalette.ColorRole.Accent: theme.brand,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.ink3))
    return made


def style_sheet(theme: Theme, metrics: Metrics, pictures: Path) -> str:
    """The one template, filled from the tokens and sizes."""
    px = metrics.px
    facts: dict[str, object] = dict(theme.colours())
    facts.update(
        radius=metrics.radius,
        radius_card=metrics.radius_card,
        small=metrics.text(Style.SMALL),
        compact=metrics.text(Style.COMPACT),
        body=metrics.text(Style.BODY),
        control=metrics.control - 2,
        control_focus=metrics.control - 4,
        pad=px(10),
        pad1=px(10) - 1,
        tick=px(18),
        bar=px(10),
        bar_least=px(32),
        arrow=px(16),
        drop=px(30),
        menu_row=px(6),
        menu_pad=px(24),
        left=px(8),
        head=px(16),
        thin=px(6),
        half=px(3),
        down=f"{pictures.as_posix()}/chevron-down-{theme.name}.svg",
        right=f"{pictures.as_posix()}/chevron-right-{theme.name}.svg",
        check=f"{pictures.as_posix()}/check-{theme.name}.svg",
        calendar=f"{pictures.as_posix()}/calendar-{theme.name}.svg",
    )
    return re.sub(r"@(\w+?)(px)?(?=[;\s)])", lambda found: f"{facts[found[1]]}{found[2] or ''}", TEMPLATE)


TEMPLATE = """
QMainWindow, QDialog { background: @bg_app; }
QWidget[surface="1"] { background: @bg_surface; }
QWidget[sunken="1"] { background: @bg_sunken; }
QFrame[card="1"] { background: @bg_surface; border: 1px solid @line; border-radius: @radius_cardpx; }
QToolTip { background: @bg_surface; color: @ink; border: 1px solid @line_strong; padding: 4px; font-size: @smallpx; }

QLineEdit, QPlainTextEdit, QTextEdit, QDateEdit, QSpinBox, QComboBox {
    background: @bg_surface; color: @ink; border: 1px solid @line_strong; border-radius: @radiuspx;
    selection-background-color: @brand; selection-color: @on_brand; placeholder-text-color: @ink3; }
QLineEdit, QDateEdit, QSpinBox, QComboBox { min-height: @controlpx; padding: 0 @padpx; }
QPlainTextEdit, QTextEdit { padding: @halfpx @halfpx; }
QLineEdit:focus, QDateEdit:focus, QSpinBox:focus, QComboBox:focus { border: 2px solid @focus; padding: 0 @pad1px;
    min-height: @control_focuspx; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid @focus; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QDateEdit:disabled {
    background: @bg_sunken; color: @ink3; }
QLineEdit[small="1"], QLineEdit[small="1"]:focus { min-height: 0; padding: 0 4px; }
QLineEdit[wrong="1"] { border: 2px solid @ink; }
QLineEdit QToolButton { border: none; background: transparent; }
QComboBox QLineEdit { border: none; padding: 0; min-height: 0; }
QComboBox::drop-down, QDateEdit::drop-down { border: none; width: @droppx; }
QComboBox::down-arrow { image: url(@down); width: @arrowpx; height: @arrowpx; }
QDateEdit::down-arrow { image: url(@calendar); width: @arrowpx; height: @arrowpx; }
QComboBox QAbstractItemView { background: @bg_surface; border: 1px solid @line_strong; outline: none;
    selection-background-color: @bg_selected; selection-color: @ink; }

QCheckBox { spacing: @leftpx; color: @ink; }
QCheckBox::indicator { width: @tickpx; height: @tickpx; border: 1px solid @line_strong; border-radius: @halfpx;
    background: @bg_surface; }
QCheckBox::indicator:checked { background: @brand; border-color: @brand; image: url(@check); }
QCheckBox::indicator:disabled { background: @bg_sunken; }

.QPushButton { background: @bg_surface; color: @ink; border: 1px solid @line_strong; border-radius: @radiuspx;
    min-height: @controlpx; padding: 0 @padpx; }
.QPushButton:hover { background: @bg_hover; }
.QPushButton:default { background: @brand; color: @on_brand; border-color: @brand; }
.QPushButton:default:hover { background: @brand_hover; border-color: @brand_hover; }
.QPushButton:disabled { background: @bg_sunken; color: @ink3; border-color: @line; }
.QPushButton:focus { border: 2px solid @focus; }

QMenu { background: @bg_surface; color: @ink; border: 1px solid @line_strong; padding: 4px 0; }
QMenu::item { padding: @menu_rowpx @menu_padpx @menu_rowpx @padpx; }
QMenu::icon { padding-left: @leftpx; }
QMenu::item:selected { background: @bg_selected; }
QMenu::item:disabled { color: @ink3; }
QMenu::separator { height: 1px; background: @line; margin: 4px 0; }
QMenu::right-arrow { image: url(@right); width: @arrowpx; height: @arrowpx; }
QMenu::indicator { width: @arrowpx; height: @arrowpx; margin-left: @leftpx; }
QMenu::indicator:checked { image: url(@check); background: @brand; border-radius: @halfpx; }

QListView, QTableView, QTreeView { background: @bg_surface; color: @ink; border: none; outline: none;
    selection-background-color: transparent; selection-color: @ink; gridline-color: @line; }
QListWidget[framed="1"] { border: 1px solid @line; border-radius: @radiuspx; }
QListWidget[framed="1"]::item { padding: 3px @leftpx; }
QListWidget[framed="1"]::item:selected { background: @bg_selected; color: @ink; }
QListView[app="1"] { background: @bg_app; }
QListView[popup="1"] { border: 1px solid @line_strong; border-radius: @radiuspx; }
QHeaderView { background: @bg_surface; border: none; }
QHeaderView::section { background: @bg_surface; color: @ink2; border: none; border-bottom: 1px solid @line;
    padding: 0 @padpx; font-size: @compactpx; }
QHeaderView::section:horizontal:first { padding-left: @headpx; }
QTableCornerButton::section { background: @bg_surface; border: none; }
QAbstractScrollArea::corner { background: @bg_surface; }
QScrollArea { background: transparent; border: none; }
QSplitter::handle { background: @line; }

QScrollBar:vertical { background: transparent; width: @barpx; margin: 0; }
QScrollBar:horizontal { background: transparent; height: @barpx; margin: 0; }
QScrollBar::handle { background: @line_strong; border-radius: @halfpx; margin: 2px; }
QScrollBar::handle:vertical { min-height: @bar_leastpx; }
QScrollBar::handle:horizontal { min-width: @bar_leastpx; }
QScrollBar::handle:hover { background: @ink3; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: transparent; border: none; width: 0; height: 0; }

QProgressBar { background: @bg_sunken; border: none; border-radius: @halfpx; min-height: @thinpx; max-height: @thinpx; }
QProgressBar::chunk { background: @brand; border-radius: @halfpx; }
"""
