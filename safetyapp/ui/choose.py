"""开始检查: which school, which form, which site. Made for the keyboard: type, ↑↓, Enter."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from safetyapp.texts import Texts
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import KeyCap, Kind, Label, SearchField, fits
from safetyapp.ui.school_words import matches
from safetyapp.ui.sheet_dialog import SheetDialog
from safetyapp.ui.today_facts import Cell, SchoolRow, TodayFacts
from safetyapp.ui.words import LINE, MIDDLE

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
ROW = 48
"""px of a school in the list: two lines."""


class _Schools(QAbstractListModel):
    def __init__(self, texts: Texts, rows: tuple[SchoolRow, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._say = texts.say
        self._all = sorted(rows, key=lambda row: (row.school.name, row.apart))
        self.rows = self._all

    def set_filter(self, text: str) -> None:
        self.beginResetModel()
        self.rows = [row for row in self._all if matches(row.school, text)]
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._say("today.where.school_cell", school=row.school.name, facts=row.facts)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.school.name
        return None


class _SchoolDelegate(QStyledItemDelegate):
    """The name, whole at both its ends, and the facts below it."""

    def __init__(self, look: Look, parent: QListView) -> None:
        super().__init__(parent)
        self._look, self._view = look, parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._look.metrics.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.metrics.px
        model = index.model()
        assert isinstance(model, _Schools)
        row = model.rows[index.row()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        current = self._view.currentIndex().row() == index.row()
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.fillRect(rect, look.colour("bg_selected" if current else "bg_hover" if hovered else "bg_surface"))
        if current:
            painter.fillRect(rect.left(), rect.top(), px(3), rect.height(), look.colour("brand"))
        style = Style.STRONG if current else Style.BODY
        upper, lower = look.metrics.line(style), look.metrics.line(Style.SMALL)
        room = rect.width() - px(12) - px(12)
        name = QRect(rect.left() + px(12), rect.top() + (rect.height() - upper - lower) // 2, room, upper)
        painter.setFont(look.font(style))
        painter.setPen(look.colour("ink"))
        painter.drawText(name, LINE, fits(look.font_metrics(style), row.school.name, room, MIDDLE))
        painter.setFont(look.font(Style.SMALL))
        painter.setPen(look.colour("ink2"))
        facts = QRect(name.left(), name.top() + upper, room, lower)
        painter.drawText(facts, LINE, fits(look.font_metrics(Style.SMALL), row.facts, room))
        painter.restore()


class ChooseDialog(SheetDialog):
    """Ends in one of two signals. The whole school is a choice too, and is printed as one."""

    start_wanted = Signal(str, str, str)
    """School, form and the words for the site."""
    draft_opened = Signal(str)

    def __init__(self, look: Look, texts: Texts, facts: TodayFacts, parent: QWidget | None) -> None:
        super().__init__(look, texts.say("today.choose.title"), parent, width=560)
        px, say = look.metrics.px, texts.say
        self._say = say
        self._facts = facts
        self._site_of = ""
        """The id of the school whose sites are offered."""
        self.filter = SearchField(look, say("today.choose.filter"))
        self.filter.textChanged.connect(self._on_filter)
        self.filter.installEventFilter(self)
        self.body.addWidget(self.filter)
        frame = QFrame()
        frame.setProperty("card", "1")
        self.list = QListView()
        self._schools = _Schools(texts, facts.rows, self.list)
        self.list.setModel(self._schools)
        self.list.setItemDelegate(_SchoolDelegate(look, self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(say("today.choose.schools"))
        self.list.setMinimumHeight(px(ROW) * 2)
        self.list.doubleClicked.connect(self._on_start)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        inside = QGridLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self.list, 0, 0)
        self.body.addWidget(frame, 1)
        fields = QGridLayout()
        fields.setHorizontalSpacing(px(12))
        fields.setVerticalSpacing(px(8))
        fields.setColumnStretch(1, 1)
        fields.addWidget(Label(look, say("today.choose.form"), Style.BODY, "ink2"), 0, 0)
        self.form = QComboBox()
        self.form.setAccessibleName(say("today.choose.form"))
        for form in facts.forms:
            title = say("today.choose.version", title=form.title, items=form.items, version=form.version)
            self.form.addItem(title, form.id)
        self.form.setMaxVisibleItems(12)
        self.form.setCurrentIndex(_last_used(facts))
        self.form.currentIndexChanged.connect(self._on_current)
        self.form.setMinimumWidth(px(160))
        self.form.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        fields.addWidget(self.form, 0, 1)
        if len(facts.forms) > 1:
            fields.addWidget(KeyCap(look, "Alt ↑ ↓"), 0, 2)
            self.form.setAccessibleDescription(say("today.choose.form_keys"))
        fields.addWidget(Label(look, say("today.choose.site"), Style.BODY, "ink2"), 1, 0)
        self.site = QComboBox()
        self.site.setEditable(True)
        self.site.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.site.setAccessibleName(say("today.choose.site"))
        self.site.setMinimumWidth(px(160))
        self.site.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        edit = self.site.lineEdit()
        if edit is not None:
            edit.setAccessibleName(say("today.choose.site"))
        fields.addWidget(self.site, 1, 1)
        self.body.addLayout(fields)
        self._remark = Label(look, "", Style.COMPACT, "ink2", wrap=True)
        self.body.addWidget(self._remark)
        cancel = self.add_button(say("window.cancel"))
        cancel.clicked.connect(self.reject)
        self.start = self.add_button(say("today.choose.start"), Kind.PRIMARY)
        self.start.clicked.connect(self._on_start)
        self.fit(560, 560)
        self._on_filter("")
        self.filter.setFocus()

    def school(self) -> SchoolRow | None:
        row = self.list.currentIndex().row()
        return self._schools.rows[row] if 0 <= row < len(self._schools.rows) else None

    def _cell(self) -> Cell | None:
        school, form = self.school(), self.form.currentIndex()
        return school.cells[form] if school is not None and 0 <= form < len(school.cells) else None

    def _on_filter(self, text: str) -> None:
        self._schools.set_filter(text)
        if self._schools.rowCount():
            self.list.setCurrentIndex(self._schools.index(0))
        self._on_current()

    def _on_current(self, *_: object) -> None:
        school, cell = self.school(), self._cell()
        self._offer_sites(school)
        draft = cell is not None and bool(cell.draft)
        if school is None:
            self._remark.setText(self._say("today.choose.none"))
        elif draft and cell is not None:
            found = next((d for d in self._facts.drafts if d.id == cell.draft), None)
            answered, total = (found.answered, len(found.marks)) if found else (0, 0)
            self._remark.setText(self._say("today.choose.draft", answered=answered, total=total))
        else:
            self._remark.setText("")
        self._remark.setVisible(bool(self._remark.text()))
        self.site.setEnabled(not draft)
        self.start.set_words(self._say("today.choose.continue" if draft else "today.choose.start"))
        self.start.setEnabled(cell is not None)

    def _offer_sites(self, school: SchoolRow | None) -> None:
        """Another school has other sites: nothing that was written for the last one stays."""
        wanted = school.school.id if school else ""
        if wanted == self._site_of:
            return
        self._site_of = wanted
        sites = school.school.sites if school else ()
        self.site.clear()
        self.site.clearEditText()
        if sites:
            self.site.addItems([self._say("today.choose.whole"), *sites])
            self.site.setCurrentIndex(0)
        edit = self.site.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self._say("today.choose.site_hint" if sites else "today.choose.no_sites"))

    def _chosen_site(self) -> str:
        """The site as documents print it, so that the whole school is said in Chinese."""
        site = self.site.currentText().strip()
        return Texts("zh").say("today.choose.whole") if site in ("", self._say("today.choose.whole")) else site

    def _on_start(self, *_: object) -> None:
        school, cell = self.school(), self._cell()
        if school is None or cell is None:
            return
        self.accept()
        if cell.draft:
            self.draft_opened.emit(cell.draft)
        else:
            self.start_wanted.emit(school.school.id, self.form.currentData(), self._chosen_site())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            step = steps.get(Qt.Key(event.key()))
            if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.form.setCurrentIndex(max(0, min(self.form.count() - 1, self.form.currentIndex() + step)))
                return True
            number = event.key() - Qt.Key.Key_0
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and 1 <= number <= min(9, self.form.count()):
                self.form.setCurrentIndex(number - 1)
                return True
            if step is not None and self._schools.rowCount():
                row = max(0, min(self._schools.rowCount() - 1, self.list.currentIndex().row() + step))
                self.list.setCurrentIndex(self._schools.index(row))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_start()
                return True
        return False


def _last_used(facts: TodayFacts) -> int:
    """The form of the latest document, else that of the newest draft, else the first."""
    titles = [row.title for row in facts.recent] + [row.title for row in facts.drafts]
    found = (n for title in titles for n, form in enumerate(facts.forms) if form.printed == title)
    return next(found, 0)
