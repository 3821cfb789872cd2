"""The tokens keep their contrast, the style sheet its words, and the look follows theme and scale."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from safetyapp.texts import resources
from safetyapp.ui import look as look_module
from safetyapp.ui.look import Look, Mode, style_sheet
from safetyapp.ui.metrics import Metrics, Style
from safetyapp.ui.mosaic import mark_at, mosaic_columns, mosaic_height, paint_mosaic
from safetyapp.ui.parts import Chip, Tone
from safetyapp.ui.tokens import DARK, LIGHT, PART_PAIRS, TEXT_PAIRS, Theme, contrast

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda t: t.name)


def test_contrast_is_the_wcag_ratio() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
    assert contrast(LIGHT.ink, LIGHT.bg_surface) == pytest.approx(15.7, abs=0.1)


@THEMES
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(theme: Theme, text: str, ground: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize(("part", "ground"), PART_PAIRS)
def test_parts_can_be_seen(theme: Theme, part: str, ground: str) -> None:
    assert contrast(getattr(theme, part), getattr(theme, ground)) >= 3


@THEMES
@pytest.mark.parametrize("kind", [*Chip, *Tone])
def test_chips_and_chosen_segments_can_be_read(theme: Theme, kind: Chip | Tone) -> None:
    first, second = kind.value[:2]
    assert contrast(getattr(theme, first), getattr(theme, second)) >= 4.5


@THEMES
@pytest.mark.parametrize("percent", [100, 125, 150, 200])
def test_the_style_sheet_leaves_no_gap(theme: Theme, percent: int) -> None:
    text = style_sheet(theme, Metrics(percent / 100), Path("/pictures"))
    assert "@" not in text
    assert not re.search(r"#(?![0-9A-F]{6}\b)", text)


def test_only_two_weights_are_used() -> None:
    assert {style.value[2] for style in Style} == {400, 600}


def test_every_icon_that_code_names_is_there() -> None:
    names = {path.stem for path in (resources() / "icons").glob("*.svg")}
    code = "\n".join(p.read_text(encoding="utf-8") for p in Path(look_module.__file__).parent.glob("*.py"))
    wanted = set(re.findall(r'(?:icon=|set_icon\(|IconLabel\(\w+(?:\._look)?, )"([a-z-]+)"', code))
    assert wanted <= names


def test_a_theme_change_reaches_those_who_listen(look: Look, qapp: QApplication) -> None:
    heard: list[str] = []
    look.theme_changed.connect(lambda: heard.append(look.theme.name))
    generation = look.generation
    look.set_mode(Mode.DARK)
    look.set_mode(Mode.DARK)
    assert heard == ["dark"]
    assert look.generation > generation
    assert qapp.palette().window().color().name().upper() == DARK.bg_app
    look.set_mode(Mode.LIGHT)


def test_text_scale_multiplies_every_size(look: Look) -> None:
    look.set_percent(200)
    assert look.font(Style.BODY).pixelSize() == 28
    assert look.metrics.control == 64
    look.set_percent(100)
    assert look.font(Style.BODY).pixelSize() == 14


def test_the_mosaic_wraps_and_finds_its_marks(look: Look) -> None:
    width = 98  # ten marks of 8 with gaps of 2
    assert mosaic_columns(look, width) == 10
    assert mosaic_height(look, 21, width) == 28
    rect = QRect(5, 7, width, 28)
    assert mark_at(look, rect, 21, rect.topLeft()) == 0
    assert mark_at(look, rect, 21, QRect(5 + 90, 7 + 12, 1, 1).topLeft()) == 19
    assert mark_at(look, rect, 21, QRect(5 + 10, 7 + 22, 1, 1).topLeft()) == -1


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_mosaic_squares_are_crisp(look: Look, ratio: float) -> None:
    """Every pixel of a row of squares is the mark's colour or the ground, none is between."""
    image = QImage(round(200 * ratio), round(20 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(look.colour("bg_surface"))
    painter = QPainter(image)
    paint_mosaic(painter, QRect(7, 5, 180, 8), "pppppoooopn", look)
    painter.end()
    seen = {image.pixelColor(x, round(9 * ratio)).name().upper() for x in range(image.width())}
    assert seen <= {look.theme.brand, look.theme.bg_surface, look.theme.line_strong, look.theme.ink3}


def test_none_keeps_its_references(look: Look) -> None:
    """A PySide build for another Python steals a reference to None with every call that returns nothing."""
    import sys

    widget = QWidget()
    before = sys.getrefcount(None)
    for _ in range(1000):
        widget.update()
    assert sys.getrefcount(None) > before - 500
    widget.deleteLater()


def test_plain_buttons_of_message_boxes_are_dressed(look: Look) -> None:
    button = QPushButton("确定")
    button.ensurePolished()
    assert button.sizeHint().height() >= look.metrics.control
    button.deleteLater()


def test_every_icon_is_a_drawing() -> None:
    for path in (resources() / "icons").glob("*.svg"):
        root = ElementTree.fromstring(path.read_bytes())
        assert len(root), path.name


def test_no_icon_is_carried_for_nothing() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in Path(look_module.__file__).parent.glob("*.py"))
    names = {path.stem for path in (resources() / "icons").glob("*.svg")}
    assert {name for name in names if f'"{name}"' not in code} == set()
    assert (resources() / "icons" / "LICENSE-tabler.txt").is_file()
