"""What must hold on every screen in every dress: its size, names for a screen reader, one filled button, a focus."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget

from safetyapp.ui.fill import FillScreen
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Button, Kind, Label
from tests.project import ROOT
from tests.ui.screens import (
    DRESSES,
    SCREENS,
    Dress,
    Stage,
    close_stage,
    open_stage,
    picture,
    put_on,
    table,
    tell_story,
    walk,
)


@pytest.fixture(scope="module")
def workspace(demo_made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screens") / "workspace"
    tell_story(demo_made_once / "laptop-1", folder)
    return folder


@pytest.fixture
def stage(workspace: Path, look: Look, jobs: Jobs) -> Iterator[Stage]:
    made = open_stage(workspace, look, jobs)
    yield made
    close_stage(made)


def unnamed(node: QAccessibleInterface | None) -> list[str]:
    """What a screen reader would stop at without a word to say."""
    if node is None or not node.isValid():
        return []
    found: list[str] = []
    state = node.state()
    if state.focusable and not state.invisible and not node.text(QAccessible.Text.Name).strip():
        found.append(f"{type(node.object()).__name__} {node.role()}")
    for number in range(node.childCount()):
        found += unnamed(node.child(number))
    return found


def filled(shown: QWidget) -> list[str]:
    """The filled buttons that are seen: a screen may lie over another."""
    buttons = [b for b in shown.findChildren(Button) if b.kind is Kind.PRIMARY and b.isVisible() and b.isEnabled()]
    return [b.words() for b in buttons if shown.childAt(b.mapTo(shown, b.rect().center())) is b]


def cut(shown: QWidget) -> list[str]:
    """Words that do not fit into their place: of buttons any, of labels those that may not be shortened."""
    found = [b.words() for b in shown.findChildren(Button) if b.isVisible() and b.width() < b.minimumSizeHint().width()]
    for label in shown.findChildren(QLabel):
        if label.isVisible() and not isinstance(label, Label) and label.width() < label.minimumSizeHint().width():
            found.append(label.text())
    return found


def hidden_at_the_side(shown: QWidget) -> list[str]:
    """What is wider than the area it is seen through, where nothing can be scrolled sideways."""
    never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    areas = [a for a in shown.findChildren(QScrollArea) if a.isVisible() and a.horizontalScrollBarPolicy() is never]
    found = [(area, area.widget(), area.viewport().width()) for area in areas]
    return [
        f"{type(area.parentWidget()).__name__}: {inside.width()} > {room}"
        for area, inside, room in found
        if inside is not None and inside.width() > room
    ]


@pytest.mark.parametrize("dress", DRESSES, ids=[dress.name for dress in DRESSES])
def test_every_screen_holds_what_every_screen_must(stage: Stage, dress: Dress) -> None:
    put_on(stage, dress)
    wrong: dict[str, object] = {}
    for name, shown in walk(stage):
        window = stage.window
        if (window.width(), window.height()) != (dress.width, dress.height):
            wrong[f"{name}: size"] = (window.width(), window.height())
        if nameless := unnamed(QAccessible.queryAccessibleInterface(shown)):
            wrong[f"{name}: without a name"] = nameless
        if len(filled(shown)) > 1:
            wrong[f"{name}: filled buttons"] = filled(shown)
        focus = QApplication.focusWidget()
        if focus is None or not (shown is focus or shown.isAncestorOf(focus)) or not focus.isVisible():
            wrong[f"{name}: focus"] = str(focus)
        if words := cut(shown):
            wrong[f"{name}: cut"] = words
        if sides := hidden_at_the_side(shown):
            wrong[f"{name}: hidden at the side"] = sides
        if name == "fill":
            assert isinstance(window.work, FillScreen)
            view = window.work.view
            assert view.visualRect(view.currentIndex()).intersects(view.viewport().rect()), "the current item is seen"
    assert wrong == {}


def test_the_pictures_that_are_kept_are_those_of_every_screen_in_every_dress(stage: Stage) -> None:
    kept = ROOT / "docs" / "gallery" / "screens"
    wanted = {f"{name}-{dress.name}.png" for name in SCREENS for dress in DRESSES}
    assert {path.name for path in kept.glob("*.png")} == wanted
    assert (kept / "README.md").read_text(encoding="utf-8") == table()
    put_on(stage, DRESSES[0])
    ((_, shown),) = ((name, Image.open(BytesIO(picture(widget)))) for name, widget in walk(stage, ("documents",)))
    assert shown.size == (DRESSES[0].width, DRESSES[0].height)
    assert len(shown.getcolors() or ()) > 20, "something is drawn"
