"""What else the list of documents is filtered by: a dialog that asks for it, and chips that say it and take it away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec
from safetyapp.domain.document import DocumentQuery, DocumentState
from safetyapp.domain.school import SchoolId
from safetyapp.texts import Texts
from safetyapp.ui.fill_words import read_or_reason
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Kind, Label
from safetyapp.ui.sheet_dialog import SheetDialog


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: schools by id and name, the names of those who signed, and the day of today."""

    schools: tuple[tuple[str, str], ...]
    authors: tuple[str, ...]
    today: date
    zone: tzinfo | None


class FilterChips(QWidget):
    """One button per condition; pressing it takes the condition away. Hidden while there is none."""

    changed = Signal(object)
    """The DocumentQuery without the condition."""

    def __init__(self, look: Look, texts: Texts) -> None:
        super().__init__()
        self._look, self._texts, self._say = look, texts, texts.say
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(look.metrics.px(4))
        self.buttons: list[Button] = []
        self.hide()

    def show_query(self, query: DocumentQuery, school: str) -> None:
        """The conditions of this query; `school` is the name of its school."""
        for button in self.buttons:
            button.hide()
            button.deleteLater()
        while self._column.count():
            self._column.takeAt(0)
        self.buttons = []
        for words, without in conditions(self._texts, query, school):
            button = Button(self._look, words, icon="x", height=28)
            button.setAccessibleName(self._say("documents_more.filter.remove", what=words))
            button.clicked.connect(partial(self.changed.emit, without))
            self.buttons.append(button)
        if len(self.buttons) > 1:
            clear = Button(self._look, self._say("documents_more.filter.clear"), kind=Kind.LINK, height=28)
            clear.clicked.connect(lambda: self.changed.emit(cleared(query)))
            self.buttons.append(clear)
        self._lay_out()
        self.setVisible(bool(self.buttons))

    def _lay_out(self) -> None:
        """As many side by side as there is room for."""
        gap = self._look.metrics.px(6)
        room = self._look.metrics.px(300)
        line, used = QHBoxLayout(), 0
        for button in self.buttons:
            wide = button.sizeHint().width()
            if used and used + gap + wide > room:
                line.addStretch(1)
                self._column.addLayout(line)
                line, used = QHBoxLayout(), 0
            line.setSpacing(gap)
            line.addWidget(button)
            used += gap + wide
        line.addStretch(1)
        self._column.addLayout(line)


def cleared(query: DocumentQuery) -> DocumentQuery:
    """Without what the dialog asks for; kind and words stay."""
    return replace(query, school=None, since=None, until=None, author="", state=None)


def conditions(texts: Texts, query: DocumentQuery, school: str) -> list[tuple[str, DocumentQuery]]:
    """What the dialog asked for, in words, each with the query without it."""
    say, found = texts.say, list[tuple[str, DocumentQuery]]()
    if query.school is not None:
        found.append((say("documents_more.filter.is_school", what=school), replace(query, school=None)))
    if query.since is not None:
        day = query.since.date().isoformat()
        found.append((say("documents_more.filter.is_since", what=day), replace(query, since=None)))
    if query.until is not None:
        day = (query.until - timedelta(days=1)).date().isoformat()
        found.append((say("documents_more.filter.is_until", what=day), replace(query, until=None)))
    if query.state is not None:
        found.append((say(f"documents_screen.state.{query.state.value}"), replace(query, state=None)))
    if query.author:
        found.append((say("documents_more.filter.is_author", what=query.author), replace(query, author="")))
    return found


class FilterDialog(SheetDialog):
    """Ends in `confirmed(query, name of the school)`. A day is typed as everywhere: 1105, 11-5, -19."""

    confirmed = Signal(object, str)

    def __init__(
        self, look: Look, texts: Texts, choices: Choices, query: DocumentQuery, parent: QWidget | None
    ) -> None:
        super().__init__(look, texts.say("documents_more.filter.title"), parent, width=460)
        self._texts, self._say, self._choices, self._query = texts, texts.say, choices, query
        px, say = look.metrics.px, self._say
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)

        def add(key: str, field: QWidget) -> None:
            label = Label(look, say(f"documents_more.filter.{key}"), Style.BODY, "ink2")
            grid.addWidget(label, grid.rowCount(), 0)
            field.setAccessibleName(say(f"documents_more.filter.{key}"))
            grid.addWidget(field, grid.rowCount() - 1, 1)

        self.school = QComboBox()
        self.school.setEditable(True)
        self.school.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.school.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.school.addItem("", None)
        for school_id, name in choices.schools:
            self.school.addItem(name, school_id)
        completer = QCompleter(self.school.model(), self.school)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.school.setCompleter(completer)
        edit = self.school.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(say("documents_more.filter.school_hint"))
            edit.setAccessibleName(say("documents_more.filter.school"))
        self.school.setCurrentIndex(max(0, self.school.findData(query.school)))
        add("school", self.school)
        self.since, self.until = QLineEdit(), QLineEdit()
        for field in (self.since, self.until):
            field.setPlaceholderText(say("documents_more.filter.date_hint"))
        if query.since is not None:
            self.since.setText(query.since.date().isoformat())
        if query.until is not None:
            self.until.setText((query.until - timedelta(days=1)).date().isoformat())
        add("since", self.since)
        add("until", self.until)
        self.state = QComboBox()
        self.state.addItem(say("documents_more.filter.any"), None)
        for state in DocumentState:
            self.state.addItem(say(f"documents_screen.state.{state.value}"), state)
        self.state.setCurrentIndex(0 if query.state is None else 1 + list(DocumentState).index(query.state))
        add("state", self.state)
        self.author = QComboBox()
        self.author.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.author.addItem(say("documents_more.filter.any"), "")
        for name in choices.authors:
            self.author.addItem(name, name)
        self.author.setCurrentIndex(max(0, self.author.findData(query.author)))
        add("author", self.author)
        self.wrong = Label(look, "", Style.SMALL, "ink", wrap=True)
        self.body.addWidget(self.wrong)
        self.wrong.hide()
        self.body.addStretch(1)
        clear = self.add_button(say("documents_more.filter.clear"))
        clear.clicked.connect(lambda: self._end(cleared(query), ""))
        self.go = self.add_button(say("documents_more.filter.apply"), Kind.PRIMARY)
        self.go.setDefault(True)
        self.go.clicked.connect(self._on_go)
        self.school.setFocus()
        self.fit(460, 340)

    def _on_go(self) -> None:
        try:
            since, until = self._day(self.since), self._day(self.until)
        except ValueError:
            self._say_wrong("bad_date")
            return
        if since is not None and until is not None and since > until:
            self._say_wrong("turned")
            return
        typed = self.school.currentText().strip()
        place = self.school.findText(typed, Qt.MatchFlag.MatchContains) if typed else 0
        found = self.school.findText(typed, Qt.MatchFlag.MatchFixedString)
        place = found if found > 0 else place
        school = self.school.itemData(place) if place > 0 else None
        query = replace(
            self._query,
            school=SchoolId(school) if school else None,
            since=self._at(since) if since else None,
            until=self._at(until + timedelta(days=1)) if until else None,
            state=DocumentState(self.state.currentData()) if self.state.currentIndex() > 0 else None,
            author=self.author.currentData(),
        )
        self._end(query, self.school.itemText(place) if school else "")

    def _end(self, query: DocumentQuery, school: str) -> None:
        self.accept()
        self.confirmed.emit(query, school)

    def _at(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._choices.zone)

    def _day(self, field: QLineEdit) -> date | None:
        """Raises ValueError, with the field in focus."""
        if not field.text().strip():
            return None
        said, _ = read_or_reason(AnswerSpec(AnswerKind.DATE), field.text(), self._choices.today, None)
        try:
            return date.fromisoformat(said or field.text().strip())  # days to come are refused for answers only
        except ValueError:
            field.setFocus()
            field.selectAll()
            raise

    def _say_wrong(self, key: str) -> None:
        self.wrong.setText(self._say(f"documents_more.filter.{key}"))
        self.wrong.show()
