"""The middle of Fill: the list of items, under a band that names the section and chooses which items are shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from safetyapp.texts import Texts
from safetyapp.ui.item_model import ItemModel, Show
from safetyapp.ui.item_view import ItemView
from safetyapp.ui.look import Look
from safetyapp.ui.metrics import Style
from safetyapp.ui.parts import EmptyState, Label, Line, Option, Segment


class ListPane(QWidget):
    """Shows all items, the unanswered or the failing ones; a sentence in their place when there are none."""

    def __init__(self, look: Look, texts: Texts, model: ItemModel, flush: Callable[[], None]) -> None:
        """`flush` hands over what stands in fields; it is called before rows are taken away."""
        super().__init__()
        self._look, self._texts, self._model, self._flush = look, texts, model, flush
        self.view = ItemView(look, model)
        self.view.setAccessibleName(texts.say("fill.list_name"))
        self.view.setAccessibleDescription(texts.say("fill.list_help"))
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self._build_band())
        inner.addWidget(Line(look))
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.view)
        self._empty = EmptyState(look, "check", "", texts.say("fill.empty_all"))
        self._empty.pressed.connect(lambda: self.show_only(Show.ALL))
        self._stack.addWidget(self._empty)
        inner.addWidget(holder, 1)
        self.setMinimumWidth(look.metrics.px(300))

    def _build_band(self) -> QWidget:
        look, texts, px = self._look, self._texts, self._look.metrics.px
        band = QWidget()
        band.setFixedHeight(px(34))
        row = QHBoxLayout(band)
        row.setContentsMargins(px(16), 0, px(16), 0)
        row.setSpacing(px(9))
        self._section_title = Label(look, "", Style.COMPACT_STRONG, elide=Qt.TextElideMode.ElideNone)
        self._section_facts = Label(look, "", Style.COMPACT, "ink2")
        row.addWidget(self._section_title)
        row.addWidget(self._section_facts, 1)
        row.addWidget(Label(look, texts.say("fill.show"), Style.COMPACT, "ink2", elide=Qt.TextElideMode.ElideNone))
        options = [Option(show, texts.say(f"fill.show_as.{show.value}")) for show in Show]
        self.show_segment = Segment(look, options, Show.ALL, name=texts.say("fill.show"), height=28)
        self.show_segment.chosen.connect(self._on_show_chosen)
        row.addWidget(self.show_segment)
        return band

    def show_section(self, title: str, facts: str) -> None:
        """The section of the current item, in the band."""
        self._section_title.setText(title)
        self._section_facts.setText(facts)

    def focus_list(self) -> None:
        if self._model.rowCount():
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_only(self, show: Show) -> None:
        """Filters the list; the current item stays current when it is still shown."""
        here, model = self.view.current_item(), self._model
        self._flush()
        self.show_segment.set_value(show)
        self.view.delegate.is_open = False
        model.set_show(show)
        if here is None or not self.view.go_to(here):
            place = model.position.get(here, 0) if here is not None else 0
            following = [model.row(n) for n in range(model.rowCount())]
            later = next((r for r in following if model.position[r.id] >= place), None)
            target = later or (following[-1] if following else None)
            if target is not None:
                self.view.go_to(target.id)
        self._show_empty()

    def _on_show_chosen(self, show: object) -> None:
        if isinstance(show, Show):
            self.show_only(show)
            self.focus_list()

    def tidy_later(self) -> None:
        """Once the stroke is done, takes out what the filter no longer wants; the current item stays."""
        if self._model.show is not Show.ALL:
            QTimer.singleShot(0, self, lambda: self.tidy(keep_current=True))

    def tidy(self, keep_current: bool) -> None:
        """Brings the rows to what the filter wants now."""
        self._model.tidy(self.view.current_item() if keep_current else None)
        self._show_empty()
        self.view.settle()

    def follow_conditions(self) -> None:
        """Takes out what a condition has closed and brings in what one has opened; the current item stays where it is
        on the screen."""
        if not self._model.has_closed_or_opened():
            return
        view = self.view
        before = view.visualRect(view.currentIndex()).top()
        self._model.tidy(view.current_item(), closed_only=True)
        view.relay()
        view.verticalScrollBar().setValue(
            view.verticalScrollBar().value() + view.visualRect(view.currentIndex()).top() - before
        )
        self._show_empty()

    def _show_empty(self) -> None:
        if self._model.rowCount():
            self._stack.setCurrentIndex(0)
            return
        self._empty.sentence.setText(self._texts.say(f"fill.empty_{self._model.show.value}"))
        self._stack.setCurrentIndex(1)
        if self._empty.button is not None:
            self._empty.button.setFocus(Qt.FocusReason.OtherFocusReason)
