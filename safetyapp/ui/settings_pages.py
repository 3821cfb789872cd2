"""The short pages of Settings: look, photos, forms, schools, deleted drafts."""

from __future__ import annotations

from datetime import timedelta

from safetyapp.domain.draft import BIN_DAYS, DraftRow
from safetyapp.texts import LANGUAGES
from safetyapp.ui.care_tools import FormFacts
from safetyapp.ui.dates import date_time
from safetyapp.ui.look import Mode
from safetyapp.ui.metrics import SCALES
from safetyapp.ui.parts import Button, Option, Segment
from safetyapp.ui.settings_parts import Page, Row, clear


class LookPage(Page):
    """Theme, text size, language; each acts at once."""

    def build(self) -> None:
        say, look, window = self.say, self.look, self.host.window
        card = self.card(say("settings.look.title"))
        icons = {Mode.LIGHT: "sun", Mode.DARK: "moon", Mode.SYSTEM: "device-desktop"}
        modes = [Option(m, say(f"window.menu.{m.value}"), icon=icons[m]) for m in (Mode.LIGHT, Mode.DARK, Mode.SYSTEM)]
        self.mode = Segment(look, modes, look.mode, name=say("settings.look.theme"))
        self.mode.chosen.connect(window.set_mode)
        card.add(Row(look, say("settings.look.theme"), "", self.mode))
        sizes = [Option(n, say("window.menu.percent", n=n)) for n in SCALES]
        self.percent = Segment(look, sizes, look.percent, name=say("settings.look.size"))
        self.percent.chosen.connect(window.set_percent)
        card.add(Row(look, say("settings.look.size"), say("settings.look.size_remark"), self.percent))
        words = [Option(one, say(f"window.menu.{one}")) for one in LANGUAGES]
        self.language = Segment(look, words, window.texts.language, name=say("window.menu.language"))
        self.language.chosen.connect(window.set_language)
        card.add(Row(look, say("window.menu.language"), say("settings.look.language_remark"), self.language))

    def renew(self) -> None:
        self.mode.set_value(self.look.mode)


class PhotosPage(Page):
    """What is done with photos; nothing to choose yet."""

    def build(self) -> None:
        self._card = self.card(self.say("settings.photos.title"))
        self.host.ask(self, self.host.care.photo_limits, self._show)

    def _show(self, limits: tuple[int, int]) -> None:
        megabytes, side = limits
        say, look = self.say, self.look
        self._card.add(Row(look, say("settings.photos.largest", n=megabytes), say("settings.photos.largest_remark")))
        self._card.add(Row(look, say("settings.photos.printed", n=side), say("settings.photos.printed_remark")))


class FormsPage(Page):
    """The forms that are here, with their versions."""

    def build(self) -> None:
        self._card = self.card(self.say("settings.forms.title"))
        button = Button(self.look, self.say("settings.forms.import"), icon="file-import")
        button.clicked.connect(self.host.window.errands.choose_forms)
        self._card.add(Row(self.look, self.say("settings.forms.more"), self.say("settings.forms.more_remark"), button))
        self._keep = self._card.body.count()
        self.host.window.errands.forms_changed.connect(self.renew)

    def renew(self) -> None:
        self.host.ask(self, self.host.care.forms, self._show)

    def _show(self, forms: tuple[FormFacts, ...]) -> None:
        clear(self._card, self._keep)
        for form in forms:
            remark = self.say("settings.forms.row", version=form.version, n=form.items)
            if not form.is_current:
                remark = self.say("settings.forms.old", remark=remark)
            self._card.add(Row(self.look, form.title, remark))


class SchoolsPage(Page):
    """How many schools, and the way for a list to come in."""

    def build(self) -> None:
        self._card = self.card(self.say("settings.schools.title"))
        button = Button(self.look, self.say("settings.schools.import"), icon="file-import")
        button.clicked.connect(self.host.window.errands.choose_schools)
        self.row = Row(self.look, "", self.say("settings.schools.remark"), button, icon="school")
        self._card.add(self.row)
        self.host.window.errands.schools_changed.connect(self.renew)

    def renew(self) -> None:
        store = self.host.tools.store
        remark = self.say("settings.schools.remark")
        self.host.ask(
            self,
            lambda: len(store.schools()),
            lambda n: self.row.say(self.say("settings.schools.count" if n else "settings.schools.none", n=n), remark),
        )


class DraftsPage(Page):
    """Drafts that were deleted, with the way back."""

    def build(self) -> None:
        self._card = self.card(self.say("settings.drafts.title"))
        self.buttons: list[Button] = []

    def renew(self) -> None:
        tools = self.host.tools
        since = tools.clock.now() - timedelta(days=BIN_DAYS)
        self.host.ask(self, lambda: tools.store.deleted_drafts(since), self._show)

    def _show(self, rows: tuple[DraftRow, ...]) -> None:
        say, texts = self.say, self.host.tools.texts
        had_focus = any(button.hasFocus() for button in self.buttons)
        clear(self._card)
        self.buttons = []
        if not rows:
            self._card.add(Row(self.look, say("settings.drafts.none"), say("settings.drafts.remark", n=BIN_DAYS)))
            return
        now = self.host.tools.clock.now()
        for row in rows:
            assert row.deleted_at is not None
            left = max(0, BIN_DAYS - (now - row.deleted_at).days)
            button = Button(self.look, say("settings.drafts.back"), icon="history")
            button.setAccessibleName(say("settings.drafts.back_of", school=row.school, form=row.title))
            button.clicked.connect(lambda _=False, row=row: self._bring_back(row))
            facts = say(
                "settings.drafts.row",
                done=row.answered,
                total=len(row.marks),
                at=date_time(texts, row.deleted_at),
                left=left,
            )
            self._card.add(Row(self.look, f"{row.school} · {row.title}", facts, button))
            self.buttons.append(button)
        if had_focus:
            self.buttons[0].setFocus()

    def _bring_back(self, row: DraftRow) -> None:
        store, window = self.host.tools.store, self.host.window

        def done(_: object) -> None:
            window.toast.say(
                self.say("settings.drafts.done", school=row.school, form=row.title),
                self.say("settings.drafts.open"),
                lambda: window.open_fill(row.id),
            )
            self.renew()

        self.host.jobs.data(
            lambda: store.restore_draft(row.id), done, window.errands.tell_trouble, owner=self, name="restore-draft"
        )
