"""What a person does with photos in Fill: choose, paste, drop, put in order, take away, look at them large."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Photo, PhotoLink
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_photos import PICTURES, PhotoIntake, Source, sources_of, why
from safetyapp.ui.fill_walk import Walk
from safetyapp.ui.photo_view import PhotoView


class PhotoDesk(QObject):
    """Brings photos to the current item and tells how that went; the large view lies over the whole screen."""

    def __init__(
        self, parts: FillParts, editor: OpenItem, walk: Walk, undo: Callable[[], None], screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._parts, self._editor, self._walk, self._undo, self._screen = parts, editor, walk, undo, screen
        self._tools, self._texts, self._keeper, self._toast = parts.tools, parts.texts, parts.keeper, parts.toast
        self.intake = PhotoIntake(parts.tools, parts.jobs, self)
        self.large = PhotoView(parts.look, parts.texts, parts.jobs, self._printed_path, screen)
        self._before_view: QWidget | None = None
        strip = parts.body.photos
        strip.add_wanted.connect(self.choose)
        strip.dropped.connect(self._on_strip_dropped)
        strip.arranged.connect(self._on_arranged)
        strip.removed.connect(self._on_photo_removed)
        strip.enlarged.connect(self._on_enlarged)
        parts.body.finding.text.pasted.connect(self._on_pasted)
        parts.view.photos_dropped.connect(lambda item, mime: self.take_mime(item, mime, False))
        parts.progress.stopped.connect(self.intake.stop)
        self.large.closed.connect(self._on_view_closed)
        self.intake.began.connect(self._on_photos_began)
        self.intake.progressed.connect(self._on_photos_progress)
        self.intake.taken.connect(self._on_photo_taken)
        self.intake.ended.connect(self._on_photos_ended)

    def _printed_path(self, link: PhotoLink) -> Path:
        return self._tools.store.printed_path(link.photo)

    def choose(self, after: bool = False) -> None:
        """P: files from a dialog."""
        row = self._parts.view.current_row()
        if row is not None and row.is_asked and not row.is_closed:
            self.take(row.id, self.ask_sources(), bool(after))

    def ask_sources(self) -> list[Source]:
        """Pictures that a person chooses in the dialog."""
        say = self._texts.say
        patterns = " ".join(f"*.{end} *.{end.upper()}" for end in PICTURES)
        names, _ = QFileDialog.getOpenFileNames(
            self._screen, say("fill.photo.choose"), "", f"{say('fill.photo.filter')} ({patterns})"
        )
        return [Source(Path(name).name, Path(name)) for name in names]

    def sources(self, mime: QMimeData) -> list[Source]:
        """The pictures that were dropped or pasted."""
        return sources_of(mime, self._texts.say("fill.photo.failed_pasted"))

    def take(self, item: ItemId, sources: list[Source], after: bool = False) -> None:
        """Takes photos in at an item and shows them there."""
        if not sources:
            return
        if item == self._parts.view.current_item() and not self._editor.is_open():
            self._editor.open(focus=False)
        self.intake.take(item, sources, after)

    def take_mime(self, item: str, mime: QMimeData, after: bool) -> bool:
        sources = self.sources(mime)
        if sources:
            self._walk.go_to(item, focus=False)
            self.take(ItemId(item), sources, after)
        return bool(sources)

    def paste(self) -> None:
        """Ctrl+V: pictures of the clipboard go to the current item."""
        row = self._parts.view.current_row()
        if row is not None and not self.take_mime(row.id, QGuiApplication.clipboard().mimeData(), False):
            self._toast.say(self._texts.say("fill.photo.nothing"), icon="info-circle")

    def _on_pasted(self, mime: object) -> None:
        row = self._parts.view.current_row()
        if row is not None and isinstance(mime, QMimeData):
            self.take_mime(row.id, mime, False)

    def _on_strip_dropped(self, mime: object, after: bool) -> None:
        row = self._parts.view.current_row()
        if row is not None and isinstance(mime, QMimeData):
            self.take_mime(row.id, mime, after)

    def _on_photos_began(self) -> None:
        self._parts.progress.begin(self._texts.say("fill.photo.taking", n=1, all=1))

    def _on_photos_progress(self, number: int, count: int) -> None:
        self._parts.progress.report(number - 1, count, self._texts.say("fill.photo.taking", n=number, all=count))

    def _on_photo_taken(self, item: str, photo: object, after: bool) -> None:
        assert isinstance(photo, Photo)
        links = self._keeper.shown.inspection.photos_of(ItemId(item), after)
        if any(link.photo.original == photo.original for link in links):
            self._toast.say(self._texts.say("fill.photo.there"), icon="info-circle")
            return
        self._keeper.link_photo(ItemId(item), photo, after)

    def _on_photos_ended(self, added: int, failed: list[tuple[str, Exception]], stopped: bool) -> None:
        self._parts.progress.end()
        say = self._texts.say
        for name, error in failed:
            reason = why(self._tools, error)
            sentence = reason if name in reason else say("fill.photo.failed", name=name, why=reason)
            self._parts.trouble.show_trouble(sentence, key=f"photo {name}")
        if stopped:
            self._toast.say(say("fill.photo.stopped", n=added))

    def _on_arranged(self, links: object) -> None:
        place = self._parts.body.place
        if place is not None and isinstance(links, tuple):
            self._keeper.arrange_photos(place.address, links)

    def _on_photo_removed(self, link: object) -> None:
        place = self._parts.body.place
        if place is None or not isinstance(link, PhotoLink):
            return
        links = self._keeper.shown.inspection.photos_of(place.address)
        self._keeper.arrange_photos(place.address, tuple(other for other in links if other != link))
        self._toast.say(self._texts.say("fill.photo.removed"), self._texts.say("fill.photo.undo"), self._undo)

    def _on_enlarged(self, number: int) -> None:
        self.enlarge(self._parts.body.photos.links, number)

    def enlarge(self, links: tuple[PhotoLink, ...], number: int) -> None:
        """One of some photos over the whole screen."""
        self._before_view = self._screen.focusWidget()
        self.large.look_at(links, number)

    def _on_view_closed(self) -> None:
        if self._before_view is not None:
            self._before_view.setFocus(Qt.FocusReason.OtherFocusReason)
