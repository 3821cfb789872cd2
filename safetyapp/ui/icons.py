"""Tabler icons from resources/icons, recoloured and kept as pixmaps; drawn when first painted, never before."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from safetyapp.texts import resources

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

STROKE = "1.75"


@cache
def svg(name: str, colour: str) -> bytes:
    """The icon's SVG in one colour. Raises FileNotFoundError for a name that has no file."""
    text = (Path(resources()) / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace("currentColor", colour).replace('stroke-width="2"', f'stroke-width="{STROKE}"').encode()


_pixmaps: dict[tuple[str, int, str, float], QPixmap] = {}


def pixmap(name: str, size: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """The icon at `size` logical px for a screen with the given device pixel ratio."""
    key = (name, size, colour, ratio)
    found = _pixmaps.get(key)
    if found is None:
        side = round(size * ratio)
        found = QPixmap(side, side)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        QSvgRenderer(QByteArray(svg(name, colour))).render(painter, QRectF(0, 0, side, side))
        painter.end()
        found.setDevicePixelRatio(ratio)
        _pixmaps[key] = found
    return found


def paint_icon(painter: QPainter, x: float, y: float, name: str, size: int, colour: str) -> None:
    """Draws the icon with its upper left corner at (x, y)."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(round(x), round(y), pixmap(name, size, colour, ratio))


def icon(name: str, colour: str, size: int = 16) -> QIcon:
    """For menus, which want a QIcon; it does not follow a theme change, so make it when the menu opens."""
    from PySide6.QtGui import QIcon

    made = QIcon(pixmap(name, size, colour, 1.0))
    made.addPixmap(pixmap(name, size, colour, 2.0))
    return made
