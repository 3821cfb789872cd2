"""The cards of those who sign: the inspector with companions, and the school's escort."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout

from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Card, Label, Option, Segment
from safetyapp.ui.sign_pad import InkBox, OtherWay
from safetyapp.ui.tools import Tools


class PersonCard(Card):
    """A card with a title, facts or fields at its right, and a pad."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(look)
        px = look.metrics.px
        self.top = QHBoxLayout()
        self.top.setContentsMargins(px(12), px(9), px(12), px(7))
        self.top.setSpacing(px(8))
        self.top.addWidget(Label(look, title, Style.STRONG, elide=Qt.TextElideMode.ElideNone))
        self.body.addLayout(self.top)
        self.inner = QVBoxLayout()
        self.inner.setContentsMargins(px(12), 0, px(12), px(12))
        self.body.addLayout(self.inner, 1)


MOST_TABS = 3
LONGEST_TABS = 12
"""Characters of all names together: more people, or longer names, are chosen from a list."""


class PersonChoice(QComboBox):
    """Who signs now, as a list: for more people than tabs have room for. Asked and set as a Segment is."""

    chosen = Signal(object)

    def __init__(self, look: Look, options: Sequence[str], value: int, name: str) -> None:
        super().__init__()
        self.addItems(list(options))
        self.setCurrentIndex(value)
        self.setAccessibleName(name)
        longest = max(map(look.font_metrics(Style.BODY).horizontalAdvance, options))
        self.setMinimumWidth(min(longest, look.metrics.px(150)) + look.metrics.px(48))
        self.currentIndexChanged.connect(self.chosen.emit)

    def value(self) -> int:
        return self.currentIndex()

    def set_value(self, value: int) -> None:
        self.setCurrentIndex(value)


class InspectorCard(PersonCard):
    """检查员: one pad each for the inspector and those who came along."""

    companions_changed = Signal(object)
    full_wanted = Signal(object)
    signed = Signal()
    """Something was written on one of the pads, or taken away."""

    def __init__(self, look: Look, tools: Tools, name: str, companions: Sequence[str]) -> None:
        super().__init__(look, tools.texts.say("sign.pad.inspector"))
        self._look, self._tools = look, tools
        self._say = tools.texts.say
        self._name = name
        self._who = Label(look, name, Style.BODY, "ink2")
        self.companions = QLineEdit(self._say("fill.people_joint").join(companions))
        self.companions.setPlaceholderText(self._say("sign.pad.companions_hint"))
        self.companions.setAccessibleName(self._say("sign.pad.companions"))
        self.companions.setMaxLength(200)
        self.companions.setCursorPosition(0)
        self.companions.editingFinished.connect(self._on_companions)
        self._tabs: Segment | PersonChoice | None = None
        self.top.addWidget(self._who)
        self.top.addWidget(self.companions, 1)
        self._tab_place = QHBoxLayout()
        self.top.addLayout(self._tab_place)
        self._stack = QStackedWidget()
        self.inner.addWidget(self._stack, 1)
        self.boxes: list[InkBox] = []
        self._set_people([name, *companions])

    def people(self) -> list[str]:
        return [box.who for box in self.boxes]

    def _set_people(self, names: list[str]) -> None:
        """Pads stay with their names: adding a person loses nobody's signature."""
        known = {box.who: box for box in self.boxes}
        self.boxes = []
        for number, name in enumerate(names):
            box = known.pop(name, None)
            if box is None:
                role = "inspector" if number == 0 else "companion"
                box = InkBox(self._tools, self._look, role, other="sign.pad.my_other_way")
                box.set_who(name)
                box.changed.connect(self._on_changed)
                box.full_wanted.connect(lambda box=box: self.full_wanted.emit(box))
                self._stack.addWidget(box)
            self.boxes.append(box)
        for gone in known.values():
            self._stack.removeWidget(gone)
            gone.deleteLater()
        self._make_tabs()

    def _make_tabs(self) -> None:
        chosen = 0 if self._tabs is None else min(int(str(self._tabs.value() or 0)), len(self.boxes) - 1)
        if self._tabs is not None:
            self._tab_place.removeWidget(self._tabs)
            self._tabs.hide()
            self._tabs.deleteLater()
            self._tabs = None
        self._who.setVisible(len(self.boxes) == 1)
        if len(self.boxes) > 1:
            self._tabs = self._tabs_for(chosen)
            self._tabs.chosen.connect(self._on_tab)
            self._tab_place.addWidget(self._tabs)
        self._show_box(chosen)

    def _tabs_for(self, chosen: int) -> Segment | PersonChoice:
        name = self._say("sign.pad.inspector")
        if len(self.boxes) > MOST_TABS or sum(len(box.who) for box in self.boxes) > LONGEST_TABS:
            signed = [self._say("sign.pad.is_signed", who=b.who) if b.is_ready() else b.who for b in self.boxes]
            return PersonChoice(self._look, signed, chosen, name)
        options = [Option(n, box.who, icon="check" if box.is_ready() else "") for n, box in enumerate(self.boxes)]
        return Segment(self._look, options, chosen, name=name, height=28)

    def _on_tab(self, value: object) -> None:
        if isinstance(value, int):
            self._show_box(value)

    def _show_box(self, number: int) -> None:
        box = self.boxes[number]
        self._stack.setCurrentWidget(box)

    def show_person(self, box: InkBox) -> None:
        number = self.boxes.index(box)
        if self._tabs is not None:
            self._tabs.set_value(number)
        self._show_box(number)

    def _on_changed(self) -> None:
        self.signed.emit()
        if self._tabs is not None:
            shown = self._stack.currentWidget()
            self._make_tabs()
            if isinstance(shown, InkBox) and shown in self.boxes:
                self.show_person(shown)

    def _on_companions(self) -> None:
        text = self.companions.text()
        for mark in ("，", ",", ";", "；", "\t"):
            text = text.replace(mark, "、")
        names = list(dict.fromkeys(name.strip() for name in text.split("、") if name.strip()))
        names = [name for name in names if name != self._name]
        if names != self.people()[1:]:
            self._set_people([self._name, *names])
            self.companions_changed.emit(tuple(names))


class EscortCard(PersonCard):
    """学校陪同人: name, position, a pad; 对方不签… offers the other ways."""

    escort_changed = Signal(str)

    def __init__(self, look: Look, tools: Tools, escort: str) -> None:
        super().__init__(look, tools.texts.say("sign.pad.escort"))
        say, px = tools.texts.say, look.metrics.px
        self.box = InkBox(tools, look, "escort")
        name, position = split_escort(escort)
        self.name = self._field(say("sign.pad.escort_name"), name)
        self.position = self._field(say("sign.pad.escort_role"), position)
        self.name.setMinimumWidth(px(80))
        self.position.setMinimumWidth(px(80))
        self.top.addWidget(self.name, 1)
        self.top.addWidget(self.position, 1)
        self.other = OtherWay(look, tools, self.box, "sign.pad.other_way", refuse=True)
        self.top.addWidget(self.other)
        self.inner.addWidget(self.box, 1)
        self.box.set_who(name)

    def _field(self, name: str, text: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setMaxLength(60)
        field.editingFinished.connect(self._on_edited)
        return field

    def _on_edited(self) -> None:
        self.box.set_who(self.name.text().strip())
        self.escort_changed.emit(self.escort())

    def escort(self) -> str:
        return join_escort(self.name.text().strip(), self.position.text().strip())


def join_escort(name: str, position: str) -> str:
    """周陪同（总务主任）: as it is written in the report."""
    return f"{name}（{position}）" if name and position else name


def split_escort(escort: str) -> tuple[str, str]:
    """The inverse of `join_escort`."""
    if escort.endswith("）") and "（" in escort:
        name, _, position = escort[:-1].partition("（")
        return name, position
    return escort, ""
