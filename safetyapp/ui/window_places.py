"""The screens of the rail: made when they are first wanted, and the ways from one to the next.

Which of them work lies over stands in window_work.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from safetyapp.ui.errands import show_outside
from safetyapp.ui.window_work import WorkWindow

if TYPE_CHECKING:  # Today opens with this module: what only types need is not loaded with it
    from safetyapp.domain.school import Person
    from safetyapp.ui.documents import DocumentsScreen
    from safetyapp.ui.drills import DrillsScreen
    from safetyapp.ui.first_start import FirstStart
    from safetyapp.ui.rail import Rail
    from safetyapp.ui.settings_screen import SettingsScreen
    from safetyapp.ui.today import TodayScreen


class PlacesWindow(WorkWindow):
    """A window that goes to the places of its rail: Today, documents, drills, settings."""

    rail: Rail
    documents: DocumentsScreen | None = None
    drills: DrillsScreen | None = None
    first: FirstStart | None = None
    settings_screen: SettingsScreen | None = None
    _settings_page = ""

    def _on_trouble(self, error: Exception) -> None:
        raise NotImplementedError

    def go(self, key: str) -> None:
        """Shows a screen of the rail. Work screens are left by their own way back."""
        if self.work is not None or self.first is not None:
            return
        self._place = key
        if key == "documents":
            screen = self._documents()
            self.stack.setCurrentWidget(screen)
            screen.reload()
            screen.focus_first()
        elif key == "drills" and self._may_drill():
            drills = self._drills()
            self.stack.setCurrentWidget(drills)
            drills.reload()
            drills.focus_first()
        elif key == "settings":
            settings = self._settings()
            self.stack.setCurrentWidget(settings)
            settings.renew()
            settings.focus_first()
        else:
            self._place = key = "today"
            self.stack.setCurrentWidget(self.today)
            self.today.reload()
            self.today.focus_first()
        self.rail.set_place(key)
        self._arrange_shell()

    def settings(self, page: str = "") -> None:
        """Ctrl+,: Settings, at a page when one is named."""
        self._settings_page = page or self._settings_page
        self.go("settings")
        if page and self.settings_screen is not None:
            self.settings_screen.show_page(page)

    def _settings(self) -> SettingsScreen:
        raise NotImplementedError

    def _on_settings_page(self, page: str) -> None:
        self._settings_page = page

    def _documents(self) -> DocumentsScreen:
        if self.documents is None:
            from safetyapp.ui.documents import DocumentsScreen

            self.documents = screen = DocumentsScreen(self._tools, self.look, self.jobs)
            screen.import_wanted.connect(self.errands.choose_documents)
            screen.export_wanted.connect(self.errands.choose_export)
            self.errands.put_out_changed.connect(screen.load_put_out)
            screen.save_wanted.connect(self.errands.save_as)
            screen.view_outside_wanted.connect(show_outside)
            screen.print_wanted.connect(lambda rows: self.errands.prints.print_rows(rows))
            screen.print_found_wanted.connect(lambda query: self.errands.prints.print_found(query))
            screen.print_again_wanted.connect(lambda sha256: self.errands.prints.resume(sha256))
            self.errands.printed.connect(screen.load_prints)
            screen.copied.connect(self.errands.toast)
            self.stack.addWidget(screen)
        return self.documents

    def _drills(self) -> DrillsScreen:
        if self.drills is None:
            from safetyapp.ui.drills import DrillsScreen

            self.drills = screen = DrillsScreen(self._tools, self.look, self.jobs)
            screen.drill_opened.connect(self.open_drill)
            screen.drill_wanted.connect(self.start_drill)
            screen.document_opened.connect(self.open_document)
            screen.trouble.connect(self._on_trouble)
            self.stack.addWidget(screen)
        return self.drills

    def _may_drill(self) -> bool:
        """The district's office times no drills."""
        return self._me is None or self._me.role != "office"

    def _show_me(self, person: Person) -> None:
        self.rail.set_person(person.name)
        if not self._may_drill():
            self.rail.places.leave_out("drills")

    def open_document(self, sha256: str) -> None:
        """Shows one document in Documents."""
        self._place = "documents"
        screen = self._documents()
        self.stack.setCurrentWidget(screen)
        self.rail.set_place("documents")
        self._arrange_shell()
        screen.show_document(sha256)
        screen.list.setFocus()

    def _on_documents_wanted(self, text: str) -> None:
        self.go("documents")
        if text and self.documents is not None:
            self.documents.search_for(text)

    def _on_waiting_pressed(self) -> None:
        self.go("today")
        self.today.export_button.setFocus()

    def _on_search_key(self) -> None:
        if self._place == "documents" and self.documents is not None:
            self.documents.focus_search()
        elif self._place == "settings" and self.settings_screen is not None:
            self.settings_screen.focus_search()
        else:
            self.today.focus_search()

    def _next_pane(self, step: int) -> None:
        """F6: the next part of the screen that can take the keys, the rail first."""
        screen = self._screen()
        panes = [p for p in (self.rail.places, *screen.panes()) if p.isVisible() and p.isEnabled()]
        focused = self.focusWidget()
        at = next((n for n, p in enumerate(panes) if focused is not None and p in (focused, focused.parent())), -1)
        panes[(at + step) % len(panes)].setFocus(Qt.FocusReason.TabFocusReason)

    def _screen(self) -> TodayScreen | DocumentsScreen | DrillsScreen | SettingsScreen:
        """The screen of the rail that is shown."""
        others = {"documents": self.documents, "drills": self.drills, "settings": self.settings_screen}
        return others.get(self._place) or self.today

    def _go_back(self) -> None:
        if self._place == "documents" and self.documents is not None and self.documents.go_back():
            return
        if self._place != "today":
            self.go("today")
        else:
            self.today.focus_first()
