"""演练 Drills: those that are being timed, the last that are signed, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from safetyapp.domain.document import DocumentKind, DocumentQuery
from safetyapp.domain.drill import DRILL, KIND
from safetyapp.domain.drill_reading import drill_of
from safetyapp.domain.school import School, SchoolId
from safetyapp.texts import Texts
from safetyapp.ui import drill_words
from safetyapp.ui.dates import date_time, full_date
from safetyapp.ui.drill_new import NewDrill, NewDrillDialog
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import Button, Card, Chip, EmptyState, Header, Kind, chip_width, paint_chip
from safetyapp.ui.row_list import Index, RowList, RowsModel, RowText, paint_focus, paint_ground, paint_texts
from safetyapp.ui.tools import Tools
from safetyapp.ui.words import MIDDLE
from safetyapp.workflow.drill import evacuation_of

RECENT = 12
"""Signed drills that are shown."""


class DrillRow(NamedTuple):
    """A drill in the list: its draft, or its document."""

    title: str
    facts: str
    state: str
    draft: str = ""
    document: str = ""


class DrillsFacts(NamedTuple):
    """Everything on the screen; `unfinished` are the schools with a drill that is not final, by its draft."""

    rows: tuple[DrillRow, ...] = ()
    schools: tuple[School, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    unfinished: Mapping[SchoolId, str] = MappingProxyType({})


def load(tools: Tools) -> DrillsFacts:
    """Reads it all; for the data thread."""
    store, texts = tools.store, tools.texts
    form = tools.form(DRILL)
    rows: list[DrillRow] = []
    unfinished: dict[SchoolId, str] = {}
    for draft in store.drafts():
        inspection = store.draft(draft.id) if draft.form_id == DRILL else None
        own = store.form(inspection.form.sha256) if inspection is not None else None
        if inspection is None or own is None:
            continue
        drill = drill_of(inspection, tools.reckon(own, inspection, None, frozenset()))
        state = "ready" if drill.started_at is None else "running" if drill.is_running else "over"
        facts = [full_date(texts, inspection.inspected_on)]
        if drill.started_at is not None:
            facts.append(texts.say("drill.list.started", time=f"{drill.started_at:%H:%M:%S}"))
        if drill.evacuation is not None:
            facts.append(texts.say("drill.list.took", n=drill.evacuation))
        kind = drill_words.kind_label(texts, own, inspection) or texts.say("drill.list.no_kind")
        title = texts.say("drill.list.row", school=draft.school, kind=kind)
        rows.append(DrillRow(title, texts.say("window.dot").join(facts), state, draft=draft.id))
        unfinished.setdefault(draft.school_id, draft.id)
    rows.sort(key=lambda row: ("running", "over", "ready").index(row.state))
    query = DocumentQuery(kind=DocumentKind.INSPECTION_REPORT, text=form.title.zh, limit=200)
    signed = [row for row in store.documents(query) if row.form == DRILL][:RECENT]
    for document in signed:
        facts = [date_time(texts, document.made_at)]
        seconds = evacuation_of(store, tools.reckon, document)
        if seconds is not None:
            facts.append(texts.say("drill.list.took", n=seconds))
        title = texts.say("drill.list.row", school=document.school, kind=document.author)
        rows.append(DrillRow(title, texts.say("window.dot").join(facts), "signed", document=document.sha256))
    choices = form.choice_list(next(i for i in form.every_item() if i.id == KIND).answer.choice_list)
    kinds = tuple((c.id, c.label.in_language(texts.language)) for c in (choices.choices if choices else ()))
    return DrillsFacts(tuple(rows), store.schools(), kinds, unfinished)


class _Model(RowsModel[DrillRow]):
    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._say = texts.say

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.rows[index.row()]
        return self._say("fill.comma_spoken").join((row.title, self._say(f"drill.list.{row.state}"), row.facts))


class _Delegate(QStyledItemDelegate):
    """Two lines and a chip."""

    def __init__(self, look: Look, texts: Texts, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._texts, self._view = look, texts, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.px(56))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        assert isinstance(model, _Model)
        row, rect = model.rows[index.row()], QRect(option.rect)
        painter.save()
        current = self._view.currentIndex().row() == index.row()
        paint_ground(painter, look, self._view, rect, chosen=current)
        text = self._texts.say(f"drill.list.{row.state}")
        kind = Chip.OK if row.state == "running" else Chip.OUTLINE if row.state == "signed" else Chip.NEUTRAL
        wide = chip_width(look, kind, text)
        chip = QRect(rect.right() - px(12) - wide, rect.center().y() - look.metrics.chip // 2, wide, look.metrics.chip)
        paint_chip(painter, chip, kind, text, look)
        room = chip.left() - px(10) - rect.left() - px(16)
        paint_texts(
            painter,
            look,
            QRect(rect.left() + px(16), rect.top(), room, rect.height()),
            RowText(row.title, Style.STRONG, "ink", MIDDLE),
            RowText(row.facts, Style.SMALL, "ink2"),
        )
        paint_focus(painter, look, self._view, index, rect)
        painter.restore()


class _List(RowList):
    chosen = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_N:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _enter(self, index: Index) -> None:
        if index.isValid():
            self.chosen.emit(index.row())


class DrillsScreen(QWidget):
    """Opens stopwatches and documents; a new drill is chosen in a dialog."""

    drill_opened = Signal(str)
    document_opened = Signal(str)
    drill_wanted = Signal(str, str, str)
    """School, kind, goal in seconds (empty: the form's own)."""
    trouble = Signal(object)

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tools, self._look, self._jobs = tools, look, jobs
        self._say = say = tools.texts.say
        self.facts = DrillsFacts()
        self._wants_keys = False
        """Whether the keys are still to go to the list that is being read."""
        self.dialog: NewDrillDialog | None = None
        px = look.metrics.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.header = Header(look, say("drill.list.title"))
        self.new = Button(look, say("drill.list.new"), icon="plus", keys="N", kind=Kind.PRIMARY)
        self.new.clicked.connect(self.choose)
        self.header.row.addWidget(self.new)
        column.addWidget(self.header)
        body = QVBoxLayout()
        body.setContentsMargins(px(16), px(12), px(16), px(12))
        card = Card(look)
        self._pages = QStackedWidget()
        self.list = _List(look, say("drill.list.name"))
        self._model = _Model(tools.texts, self.list)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Delegate(look, tools.texts, self.list))
        self.list.chosen.connect(self._open)
        self.list.clicked.connect(lambda index: self._open(index.row()))
        self._empty = EmptyState(look, "stopwatch", say("drill.list.empty"))
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._empty)
        card.body.addWidget(self._pages)
        body.addWidget(card)
        column.addLayout(body, 1)

    def reload(self) -> None:
        """Reads what is there now; the former rows stay until then."""
        tools = self._tools
        self._jobs.data(lambda: load(tools), self._show, self.trouble.emit, owner=self, name="drills")

    def _show(self, facts: DrillsFacts) -> None:
        row = max(0, self.list.currentIndex().row())
        self.facts = facts
        self._model.set_rows(facts.rows)
        self.header.facts.setText(self._say("drill.list.count", n=len(facts.rows)) if facts.rows else "")
        self._pages.setCurrentIndex(0 if facts.rows else 1)
        if facts.rows:
            self.list.setCurrentIndex(self._model.index(min(row, len(facts.rows) - 1)))
        self._empty.sentence.setText(self._say("drill.list.empty" if facts.schools else "drill.list.no_schools"))
        self.new.setEnabled(bool(facts.schools))
        if self._wants_keys:
            if self.window().focusWidget() in (self.new, self.list):
                self.focus_first()
            self._wants_keys = False

    def focus_first(self) -> None:
        """Where the keys should go when the screen comes up."""
        self._wants_keys = not self.facts.rows
        (self.list if self.facts.rows else self.new).setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.new, self.list)

    def choose(self) -> None:
        """N: a new drill."""
        if self.dialog is not None or not self.facts.schools:
            return
        offered = NewDrill(self.facts.schools, self.facts.kinds, self.facts.unfinished)
        dialog = self.dialog = NewDrillDialog(self._look, self._tools.texts, offered, self)
        dialog.start_wanted.connect(self.drill_wanted)
        dialog.draft_wanted.connect(self.drill_opened)
        dialog.finished.connect(self._on_dialog_finished)
        dialog.open()

    def _on_dialog_finished(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _open(self, number: int) -> None:
        row = self.facts.rows[number]
        if row.draft:
            self.drill_opened.emit(row.draft)
        else:
            self.document_opened.emit(row.document)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_N and not event.modifiers():
            self.choose()
        else:
            super().keyPressEvent(event)
