"""Moving a draft to a newer version of its form, on the screen: the bar that offers it, and what it would do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from safetyapp.domain.address import item_of
from safetyapp.domain.form import Form, Item, ItemId
from safetyapp.domain.inspection import Answer
from safetyapp.domain.migration import Dropped, Migration
from safetyapp.texts import Texts
from safetyapp.ui.item_delegate import is_number
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, IconLabel, Kind, Label, announce
from safetyapp.ui.place_words import place_name
from safetyapp.ui.read_text import ReadText
from safetyapp.ui.sheet_dialog import Group, SheetDialog
from safetyapp.ui.surfaces import paint_bar
from safetyapp.ui.value_words import answer_words
from safetyapp.workflow.opened import Open

MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class VersionBar(QWidget):
    """A calm line under the header; 先不换 takes it away until the draft is opened again."""

    move_wanted = Signal()
    put_off = Signal()

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look = look
        px = look.metrics.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), px(4), px(12), px(4))
        row.setSpacing(px(10))
        row.addWidget(IconLabel(look, "info-circle", 16, "brand"))
        self.sentence = Label(look, "", Style.COMPACT, wrap=True, align=MIDDLE)
        row.addWidget(self.sentence, 1)
        self.move_button = Button(look, texts.say("fill.version.move"), height=28)
        self.move_button.clicked.connect(self.move_wanted)
        row.addWidget(self.move_button)
        self.later_button = Button(look, texts.say("fill.version.later"), kind=Kind.LINK, height=28)
        self.later_button.clicked.connect(self._on_later)
        row.addWidget(self.later_button)
        self.setMinimumHeight(px(38))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.theme_changed.connect(self.update)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab goes."""
        return (self.move_button, self.later_button)

    def say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
        announce(self)

    def _on_later(self) -> None:
        self.hide()
        self.put_off.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_bar(self, self._look, "brand_tint")


class MoveDialog(SheetDialog):
    """What is dropped first, then what is asked differently, then what is new. `accepted` when it is wanted."""

    def __init__(
        self, look: Look, texts: Texts, draft: Open, newer: Form, plan: Migration, parent: QWidget | None
    ) -> None:
        say = texts.say
        super().__init__(look, say("fill.version.title"), parent, width=720)
        self.plan = plan
        title = newer.title.in_language(texts.language)
        facts = say("fill.version.facts", title=title, old=draft.form.version, new=newer.version)
        self.body.addWidget(Label(look, facts, Style.STRONG, wrap=True))
        counts = {name: len(getattr(plan, name)) for name in ("carried", "reworded", "dropped", "asked")}
        self.body.addWidget(Label(look, say("fill.version.summary", **counts), Style.BODY, wrap=True))
        if not plan.dropped:
            self.body.addWidget(Label(look, say("fill.version.nothing_lost"), Style.BODY, wrap=True))
        shown = plan_groups(texts, draft, newer, plan)
        self.text = ReadText(look, shown, say("fill.version.details"))
        self.text.setVisible(bool(shown))
        self.body.addWidget(self.text, 1)
        if not shown:
            self.body.addStretch(1)
        self.body.addWidget(Label(look, say("fill.version.kept"), Style.SMALL, "ink2", wrap=True))
        self.cancel_button = self.add_button(say("fill.version.cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.confirm_button = self.add_button(say("fill.version.confirm"), Kind.PRIMARY)
        self.confirm_button.clicked.connect(self.accept)
        (self.cancel_button if plan.dropped else self.confirm_button).setFocus()
        self.fit(720, 600 if shown else 300)


def plan_groups(texts: Texts, draft: Open, newer: Form, plan: Migration) -> list[Group]:
    """The lists of a migration in words: two lines for each place."""
    say, language = texts.say, texts.language
    items = {item.id: item for item in newer.every_item()}
    made: list[Group] = []
    if plan.dropped:
        rows = [_dropped(texts, draft, one) for one in plan.dropped]
        made.append((say("fill.version.dropped", n=len(rows)), rows))
    if plan.reworded:
        rows = [_reworded(texts, draft, items[item_of(address)], address) for address in plan.reworded]
        made.append((say("fill.version.reworded", n=len(rows)), rows))
    if plan.asked:
        rows = [(_named(i, items[item_of(i)].question.in_language(language)), "") for i in plan.asked]
        made.append((say("fill.version.asked", n=len(rows)), rows))
    return made


def _named(address: str, question: str) -> str:
    words = " ".join(question.split())
    return f"{address}  {words}" if is_number(address) else words


def _dropped(texts: Texts, draft: Open, dropped: Dropped) -> tuple[str, str]:
    say = texts.say
    item, answer = draft.order.items.get(item_of(dropped.address)), draft.inspection.answers.get(dropped.address)
    value = say("fill.version.no_value")
    if dropped.value:
        value = say("fill.version.value", value=_value(texts, draft.form, item, answer) or dropped.value)
    reason = say(f"fill.version.reason.{dropped.reason.value}")
    question = dropped.question if item is None else item.question.in_language(texts.language)
    return _placed(texts, draft, dropped.address, question), say("fill.version.why", value=value, reason=reason)


def _reworded(texts: Texts, draft: Open, now: Item, address: ItemId) -> tuple[str, str]:
    was = draft.item(address).question
    question, former = (words.in_language(texts.language) for words in (now.question, was))
    second = texts.say("fill.version.was", question=former) if former != question else ""
    return _placed(texts, draft, address, question), second


def _placed(texts: Texts, draft: Open, address: ItemId, question: str) -> str:
    """In a table the row is named too."""
    if item_of(address) == address or draft.order.items.get(item_of(address)) is None:
        return _named(address, question)
    return f"{place_name(texts, draft, address)}  {' '.join(question.split())}"


def _value(texts: Texts, form: Form, item: Item | None, answer: Answer | None) -> str:
    if item is None or answer is None:
        return ""
    offered = form.choice_list(item.answer.choice_list) if item.answer.choice_list else None
    return answer_words(texts, item.answer.kind, answer, offered)
