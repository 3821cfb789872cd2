"""What a person does with photos in Fill: choose, paste, drop, put in order, take away, annotate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from safetyapp.domain.address import item_of
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Photo, PhotoLink
from safetyapp.domain.photo_tray import PICTURES, items_with
from safetyapp.ui import fill_words, photo_words
from safetyapp.ui.disk_room import DiskRoom
from safetyapp.ui.fill_editor import OpenItem
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_photos import PhotoIntake, Round, Source, sources_of, why
from safetyapp.ui.fill_walk import Walk

if TYPE_CHECKING:  # the screen is imported when somebody annotates
    from safetyapp.ui.annotate import AnnotateScreen
    from safetyapp.ui.annotate_panel import PhotoFacts
    from safetyapp.ui.item_body import ItemBody


class PhotoDesk(QObject):
    """Brings photos to the current item and tells how that went; Annotate lies over the whole screen."""

    def __init__(
        self, parts: FillParts, editor: OpenItem, walk: Walk, undo: Callable[[], None], screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._parts, self._editor, self._walk, self._undo, self._screen = parts, editor, walk, undo, screen
        self._tools, self._texts, self._keeper, self._toast = parts.tools, parts.texts, parts.keeper, parts.toast
        self.intake = PhotoIntake(parts.tools, parts.jobs, parts.keeper.shown.inspection.id, self)
        self.room = DiskRoom(parts.tools.store.free_space, parts.jobs, self)
        self.shoot: Callable[[], object] | None = None
        """What P does where there is a camera; files are asked for where there is none."""
        self.closed = ""
        """Why no photo comes in just now."""
        self._rounds = 0
        self._there: list[str] = []
        self._elsewhere: dict[str, tuple[ItemId, ...]] = {}
        self._annotate: AnnotateScreen | None = None
        self._before_view: QWidget | None = None
        self._bodies: list[ItemBody] = []
        self.watch(parts.body)
        strip = parts.body.photos
        strip.add_wanted.connect(self.choose)
        strip.dropped.connect(self._on_strip_dropped)
        strip.arranged.connect(self._on_arranged)
        strip.removed.connect(self._on_photo_removed)
        strip.enlarged.connect(self._on_enlarged)
        parts.body.finding.text.pasted.connect(self._on_pasted)
        parts.view.photos_dropped.connect(lambda item, mime: self.take_mime(item, mime, False))
        parts.progress.stopped.connect(self.intake.stop)
        self._keeper.changed.connect(self._follow)
        self._keeper.trouble.connect(self._on_trouble)
        self._keeper.committed.connect(self._on_committed)
        self.intake.began.connect(self._on_photos_began)
        self.intake.progressed.connect(self._on_photos_progress)
        self.intake.taken.connect(self._on_photo_taken)
        self.intake.ended.connect(self._on_photos_ended)
        self.room.changed.connect(self._on_room)
        QTimer.singleShot(0, self, self.room.look)

    def watch(self, body: ItemBody) -> None:
        """Keeps the strip of an editor as the draft is: what is done to a strip begins with what it shows."""
        self._bodies.append(body)

    def _follow(self, _: object) -> None:
        """Order, captions and marks leave a row of the list as it looks, so that nobody else renews the strip."""
        for body in self._bodies:
            strip = body.photos
            if body.place is not None and strip.links:
                inspection = self._keeper.shown.inspection
                links = inspection.photos_of(body.place.address)
                if links != strip.links:
                    strip.show_links(links, not strip.add_after.isHidden(), inspection)

    def add(self) -> None:
        """P: the camera where there is one, else files."""
        if self.closed:
            self._toast.say(self.closed, icon="info-circle")
        elif self.shoot is not None:
            self.shoot()
        else:
            self.choose()

    def choose(self, after: bool = False) -> None:
        """Files from a dialog."""
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
        self._rounds += 1
        self._there, self._elsewhere = [], {}
        self._parts.progress.begin(self._texts.say("fill.photo.taking", n=1, all=1))

    def _on_photos_progress(self, number: int, count: int) -> None:
        self._parts.progress.report(number - 1, count, self._texts.say("fill.photo.taking", n=number, all=count))

    def _on_photo_taken(self, item: str, photo: object, after: bool, name: str) -> None:
        assert isinstance(photo, Photo)
        inspection = self._keeper.shown.inspection
        if not item:  # it lies in the tray already, where it does not show while it stands at an item
            if others := items_with(inspection, photo.original):
                self._elsewhere[name] = others
            return
        if any(link.photo.original == photo.original for link in inspection.photos_of(ItemId(item), after)):
            self._there.append(name)
            return
        if others := tuple(other for other in items_with(inspection, photo.original) if other != item):
            self._elsewhere[name] = others
        self._keeper.link_photo(ItemId(item), photo, after, sitting=f"round {self._rounds}")

    def _on_photos_ended(self, done: Round) -> None:
        self._parts.progress.end()
        say = self._texts.say
        self.tell_refused([(source.name, why(self._tools, error)) for source, error in done.failed])
        if done.low is not None:
            self.room.take(int(str(done.low.facts["free"])) * 1_000_000)
        told = [photo_words.came_in(self._texts, self._there, self._elsewhere, done.large)]
        if in_tray := [name for name in done.in_tray if name not in self._elsewhere]:
            key = "one" if len(in_tray) == 1 else "many"
            told.insert(0, say(f"photos.came.tray_{key}", name=in_tray[0], n=len(in_tray)))
        if done.stopped:
            told.insert(0, say("photos.came.stopped", n=done.added))
        if sentence := say("photos.sentence_joint").join(part for part in told if part):
            self._toast.say(sentence, icon="info-circle" if self._there else "check")

    def tell_refused(self, refused: list[tuple[str, str]]) -> None:
        """One is said whole; of several the list is offered."""
        say, trouble = self._texts.say, self._parts.trouble
        if len(refused) == 1:
            name, reason = refused[0]
            sentence = reason if name in reason else say("fill.photo.failed", name=name, why=reason)
            trouble.show_trouble(sentence, key=f"photo {name}")
        elif refused:
            names = photo_words.listed(self._texts, [name for name, _ in refused])
            sentence = say("photos.refused.some", n=len(refused), names=names)
            action = (say("photos.refused.list"), partial(self.show_refused, refused))
            trouble.show_trouble(sentence, [action], key=f"photos {self._rounds}")

    def show_refused(self, refused: list[tuple[str, str]]) -> None:
        """Each with its reason."""
        from safetyapp.ui.sheet_dialog import ListDialog

        say = self._texts.say
        title, kept = say("photos.refused.title", n=len(refused)), say("photos.refused.kept")
        dialog = ListDialog(self._parts.look, self._texts, title, kept, refused, self._screen)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _on_room(self, is_low: bool, free: int) -> None:
        """Photos wait while the disk is nearly full; text goes on."""
        say = self._texts.say
        sentence = self.closed = say("photos.room.low", free=free) if is_low else ""
        self._parts.body.photos.set_closed(sentence)
        if is_low:
            self._parts.trouble.show_trouble(sentence, key="disk room")
        else:
            self._parts.trouble.clear("disk room")
            self._toast.say(say("photos.room.open"))

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
        """One of some photos over the whole screen, to be annotated."""
        self._before_view = self._screen.focusWidget()
        self._keeper.close_step()
        self.annotate.look_at(links, number)

    @property
    def annotate(self) -> AnnotateScreen:
        """Made when it is first wanted."""
        if self._annotate is None:
            from safetyapp.ui.annotate import AnnotateScreen, Desk

            store = self._tools.store
            desk = Desk(
                path=lambda link: store.printed_path(link.photo),
                facts=self._facts,
                title=self._title,
                save=self._on_marked,
                burn=store.print_of,
                explain=lambda error: fill_words.why(self._texts, error),
            )
            self._annotate = AnnotateScreen(self._parts.look, self._texts, self._parts.jobs, desk, self._screen)
            self._annotate.closed.connect(self._on_annotate_closed)
            self._annotate.trouble_told.connect(lambda said: self._parts.trouble.show_trouble(said, key="burn"))
        return self._annotate

    def is_annotating(self) -> bool:
        return self._annotate is not None and not self._annotate.isHidden()

    def flush(self) -> None:
        """Hands over what stands on the photo that is annotated just now."""
        if self._annotate is not None and self.is_annotating():
            self._annotate.flush()

    def fit(self) -> None:
        """The screen has another size."""
        if self._annotate is not None and self.is_annotating():
            self._annotate.setGeometry(self._screen.rect())

    def _title(self, link: PhotoLink) -> str:
        """F-12 走廊、楼梯间堆放 · 甲子小学 教学楼二层东侧走廊."""
        shown, item = self._keeper.shown, item_of(link.item)
        question = shown.reckoned.wordings.get(link.item, shown.item(link.item).question)
        found = shown.inspection.findings_of(link.item)
        where = " ".join(part for part in (shown.inspection.school.name, found[0].place if found else "") if part)
        joint = self._texts.say("annotate.place_joint")
        return f"{item} {question.in_language(self._texts.language)}{joint}{where}"

    def _facts(self, link: PhotoLink) -> PhotoFacts:
        from safetyapp.ui.annotate_panel import PhotoFacts

        open_at = [
            str(item_of(other.item))
            for other in self._keeper.shown.inspection.photos
            if other.photo.original == link.photo.original and other.item != link.item
            and not (other.marks is not None and other.marks.hides)
        ]  # fmt: skip
        hides = link.marks is not None and link.marks.hides
        return PhotoFacts(str(item_of(link.item)), tuple(dict.fromkeys(open_at)) if hides else ())

    def _on_marked(self, former: PhotoLink, now: PhotoLink) -> None:
        """Others may have come to the item meanwhile: only this one is changed."""
        links = tuple(
            replace(link, marks=now.marks, caption=now.caption)
            if (link.photo.original, link.after) == (former.photo.original, former.after) else link
            for link in self._keeper.shown.inspection.photos_of(former.item)
        )  # fmt: skip
        self._keeper.mark_photos(former.item, links)

    def _on_annotate_closed(self) -> None:
        self._keeper.close_step()
        if self._before_view is not None:
            self._before_view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_trouble(self, error: object) -> None:
        """The bar of the screen below is not seen."""
        if self._annotate is not None and self.is_annotating():
            sentence = self._texts.say("fill.not_saved", why=fill_words.why(self._texts, error))
            again = (self._texts.say("fill.save_again"), self._keeper.retry)
            self._annotate.trouble.show_trouble(sentence, (again,), key="save")

    def _on_committed(self, _: object) -> None:
        if self._annotate is not None:
            self._annotate.trouble.clear("save")
