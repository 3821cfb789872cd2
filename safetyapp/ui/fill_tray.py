"""What a person does with the tray in Fill: look into it, put photos to items, take them out, take that back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import Inspection, Photo, Sha256
from safetyapp.domain.photo_tray import TrayPhoto, proposed, unplaced
from safetyapp.ui import photo_words
from safetyapp.ui.fill_parts import FillParts
from safetyapp.ui.fill_photo_desk import PhotoDesk
from safetyapp.ui.photo_thumbs import Thumbs
from safetyapp.ui.tray_list import TrayRow
from safetyapp.ui.tray_panel import WIDTH, TrayPanel


class TrayDesk(QObject):
    """Knows what came in without an item; what is at an item by now is left out, and comes back when it is taken away
    there. The panel is made when it is first opened."""

    changed = Signal(int)
    """How many photos wait."""
    watch_wanted = Signal()

    def __init__(
        self, parts: FillParts, photos: PhotoDesk, undo: Callable[[], None], here: Callable[[], ItemId | None],
        screen: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(screen)
        self._parts, self._photos, self._undo, self._here, self._screen = parts, photos, undo, here, screen
        self._texts, self._keeper, self._store = parts.texts, parts.keeper, parts.tools.store
        self._draft = parts.keeper.shown.inspection.id
        self._every: dict[Sha256, TrayPhoto] = {}
        self.waiting: tuple[TrayPhoto, ...] = ()
        self.panel: TrayPanel | None = None
        self._before: QWidget | None = None
        self._seen: Inspection | None = None
        self._watching = ("", False)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(60)
        self._later.timeout.connect(self._show)
        photos.intake.taken.connect(self._on_taken)
        parts.keeper.changed.connect(lambda _: self._on_changed())
        parts.view.item_changed.connect(lambda _: self._show_item())
        parts.header.tray_button.clicked.connect(self.toggle)
        parts.jobs.data(lambda: self._store.tray(self._draft), self._on_read, owner=self, name="data tray")

    def _on_read(self, kept: tuple[TrayPhoto, ...]) -> None:
        self._every = {one.photo.original: one for one in kept} | self._every
        self._count()

    def _on_taken(self, item: str, photo: object, after: bool, name: str) -> None:
        assert isinstance(photo, Photo)
        if not item:
            self._every[photo.original] = TrayPhoto(photo, name, self._parts.tools.clock.now())
            self._count()

    def _on_changed(self) -> None:
        """Answers come often, and matter here only for what is proposed while somebody looks."""
        now, before = self._keeper.shown.inspection, self._seen
        if before is None or now.photos is not before.photos:
            self._count()
        elif self.is_open():
            self._later.start()

    def _count(self) -> None:
        self._seen = self._keeper.shown.inspection
        self.waiting = unplaced(self._every.values(), self._seen)
        self.changed.emit(len(self.waiting))
        if self.is_open():
            self._later.start()

    # the panel

    def is_open(self) -> bool:
        return self.panel is not None and self.panel.isVisible()

    def toggle(self) -> None:
        """Ctrl+T."""
        if self.is_open():
            self.close()
        else:
            self.open()

    def open(self) -> None:
        """Shows the tray over the right side of the screen."""
        if self.panel is None:
            self.panel = self._make_panel()
        if not self.is_open():
            self._before = self._screen.focusWidget()
        self.place()
        self.panel.show()
        self.panel.raise_()
        self._show()
        self._show_item()
        self.panel.focus_list()

    def close(self) -> None:
        """Away with it; the focus goes back to where it was."""
        if self.panel is None:
            return
        self.panel.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._parts.pane.focus_list()

    def place(self) -> None:
        """Between the header, with the bars that stand under it just now, and the strip of keys."""
        if self.panel is not None:
            parts, screen = self._parts, self._screen
            width = min(parts.look.metrics.px(WIDTH), screen.width())
            above = [bar for bar in (parts.header, parts.trouble, parts.progress) if bar.isVisible()]
            top = max(bar.mapTo(screen, QPoint(0, bar.height())).y() for bar in above) if above else 0
            self.panel.setGeometry(screen.width() - width, top, width, screen.height() - top - parts.strip.height())

    def _make_panel(self) -> TrayPanel:
        parts, thumb_path = self._parts, self._store.thumb_path
        thumbs = Thumbs(parts.jobs, lambda link: thumb_path(link.photo))
        panel = TrayPanel(parts.look, parts.texts, thumbs, self._screen)
        panel.left.connect(self.close)
        panel.watch_wanted.connect(self.watch_wanted)
        panel.add_wanted.connect(self.add)
        panel.dropped.connect(self._on_dropped)
        panel.to_item.clicked.connect(self.put_here)
        panel.to_proposed.clicked.connect(self.put_as_proposed)
        panel.out.clicked.connect(self.take_out)
        panel.field.given.connect(self.put_to)
        panel.list.placed.connect(self.put_here)
        panel.list.proposed_wanted.connect(self.put_as_proposed)
        panel.list.out_wanted.connect(self.take_out)
        panel.list.enlarged.connect(self._enlarge)
        panel.show_watch(*self._watching)
        return panel

    def show_watch(self, sentence: str, is_on: bool) -> None:
        self._watching = (sentence, is_on)
        if self.panel is not None:
            self.panel.show_watch(sentence, is_on)

    def _show(self) -> None:
        if self.panel is None:
            return
        texts, inspection = self._texts, self._keeper.shown.inspection
        rows = []
        for one in self.waiting:
            found = proposed(one.photo, inspection.answers)
            captured = photo_words.captured(texts, one.photo, inspection.inspected_on)
            doubt = photo_words.doubt(texts, [one.photo], inspection.inspected_on)
            rows.append(TrayRow(one, found, captured, photo_words.proposal_text(texts, found), doubt))
        self.panel.show_rows(tuple(rows))

    def _show_item(self) -> None:
        if self.panel is not None:
            self.panel.show_item(self._here() or "")

    def _enlarge(self, number: int) -> None:
        if self.panel is not None:
            self._photos.enlarge(tuple(row.link for row in self.panel.list.rows.rows), number)

    def add(self) -> None:
        """Files from a dialog, into the tray."""
        self._photos.intake.take(None, self._photos.ask_sources(), False)

    def _on_dropped(self, mime: object) -> None:
        assert isinstance(mime, QMimeData)
        self._photos.intake.take(None, self._photos.sources(mime), False)

    # what is done with them

    def put_here(self) -> None:
        """Enter: to the current item."""
        item = self._here()
        if item is not None:
            self._put({item: self._chosen()})

    def put_to(self, text: str) -> None:
        """To an item by its number."""
        place = self._keeper.shown.find(ItemId(text.strip()))
        item = place.address if place is not None else self._item_named(text)
        if item is None:
            self._say("photos.tray.no_item", text=text)
            return
        if self.panel is not None:
            self.panel.field.clear()
            self.panel.focus_list()
        self._put({item: self._chosen()})

    def _item_named(self, text: str) -> ItemId | None:
        """f12 and F-12 are the same; so is 12 while no other item has that number."""
        wanted = _bare(text)
        names = {row.id: _bare(row.id) for row in self._parts.model.every if not row.is_heading}
        exact = [item for item, name in names.items() if name == wanted]
        if wanted.isdecimal():
            exact = exact or [item for item, name in names.items() if _number(name) == wanted.lstrip("0")]
        return exact[0] if len(exact) == 1 else None

    def put_as_proposed(self) -> None:
        """Ctrl+Enter: each to the item that is proposed for it."""
        homes: dict[ItemId, list[Photo]] = {}
        for row in self.panel.list.chosen() if self.panel is not None else ():
            if row.proposal is not None:
                homes.setdefault(row.proposal.item, []).append(row.one.photo)
        if not homes:
            self._say("photos.tray.none_proposed")
        self._put(homes)

    def _chosen(self) -> list[Photo]:
        return [row.one.photo for row in self.panel.list.chosen()] if self.panel is not None else []

    def _put(self, homes: dict[ItemId, list[Photo]]) -> None:
        count = 0
        for item in homes:
            row = self._parts.model.row_of(item) if item in self._parts.model.position else None
            if row is not None and row.is_closed:
                self._say("photos.tray.not_asked", item=item)
                return
        for item, photos in homes.items():
            if photos:
                self._keeper.link_photos(item, tuple(photos))
                count += len(photos)
        if count:
            say, items = self._texts.say, photo_words.listed(self._texts, list(homes))
            sentence = say("photos.tray.put", n=count, items=items)
            self._parts.toast.say(sentence, say("photos.tray.undo"), partial(self._put_back, len(homes)))

    def _put_back(self, steps: int) -> None:
        for _ in range(steps):
            self._undo()

    def take_out(self) -> None:
        """Del: out of the tray; its file stays."""
        photos = [photo.original for photo in self._chosen()]
        gone = [self._every.pop(name) for name in photos]
        if not gone:
            return
        self._count()
        store, draft, failed = self._store, self._draft, partial(self._on_not_kept, gone)
        self._parts.jobs.data(lambda: store.take_out_of_tray(draft, photos), None, failed, owner=self, name="data tray")
        say = self._texts.say
        sentence = say("photos.tray.was_taken_out", n=len(gone))
        self._parts.toast.say(sentence, say("photos.tray.undo"), partial(self._put_in_again, gone))

    def _put_in_again(self, gone: list[TrayPhoto]) -> None:
        store, draft = self._store, self._draft
        self._on_not_kept(gone)
        self._parts.jobs.data(lambda: store.put_in_tray(draft, gone), owner=self, name="data tray")

    def _on_not_kept(self, gone: list[TrayPhoto], _: Exception | None = None) -> None:
        self._every.update({one.photo.original: one for one in gone})
        self._count()

    def _say(self, key: str, **facts: object) -> None:
        self._parts.toast.say(self._texts.say(key, **facts), icon="info-circle")


def _bare(text: str) -> str:
    return text.strip().casefold().replace("-", "").replace(" ", "")


def _number(name: str) -> str:
    """The number of an item's bare name: letters, then digits; empty where it is of another shape."""
    digits = name.lstrip("abcdefghijklmnopqrstuvwxyz")
    return digits.lstrip("0") if digits.isdecimal() else ""
