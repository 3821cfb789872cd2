"""What a tap does: the pads and dialogs of the stopwatch, and what they commit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from safetyapp.domain.address import item_of, rows_of
from safetyapp.domain.drill import CLASSES, LAST_OUT, POINTS, POSTS, PROBLEMS, START, Group
from safetyapp.domain.form import ItemId
from safetyapp.domain.problem import Problem
from safetyapp.texts import Texts
from safetyapp.ui import drill_words, fill_words
from safetyapp.ui.dates import error_sentence
from safetyapp.ui.drill_notes import JamDialog, ProblemDialog
from safetyapp.ui.drill_pad import GroupPad, PointPad
from safetyapp.ui.drill_roster import RosterDesk
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.sheet_dialog import SheetDialog
from safetyapp.ui.tools import Tools
from safetyapp.workflow import drill as work

if TYPE_CHECKING:
    from safetyapp.ui.drill import DrillScreen


class DrillDesk(QObject):
    """Works for one stopwatch; one dialog is open at a time, and the keys go back to the classes after it."""

    def __init__(self, tools: Tools, look: Look, jobs: Jobs, screen: DrillScreen) -> None:
        super().__init__(screen)
        self._tools, self._look, self._screen = tools, look, screen
        self._say, self._keeper = tools.texts.say, screen.keeper
        self.dialog: SheetDialog | None = None
        school = screen.keeper.shown.inspection.school.id
        self.roster = RosterDesk(tools, look, jobs, school, screen.progress, self.show, screen)
        self.roster.found.connect(self._on_classes)
        self.roster.failed.connect(self._on_failed)

    def show(self, dialog: SheetDialog) -> None:
        """Opens a dialog of the stopwatch."""
        if self.dialog is not None:
            dialog.deleteLater()
            return
        self.dialog = dialog
        dialog.finished.connect(lambda _: self._on_closed(dialog))
        dialog.open()

    def _on_closed(self, dialog: SheetDialog) -> None:
        self.dialog = None
        dialog.deleteLater()
        self._screen.activateWindow()
        self._screen.setFocus()

    def _mark(self, was: str) -> str:
        """The note of what is put right by hand; it is printed, in Chinese."""
        texts = Texts("zh")
        return texts.say("drill.edited_note.text", was=was) if was else texts.say("drill.edited_note.plain")

    # groups

    def press_group(self, group: Group) -> None:
        """Tap 1 is the arrival, tap 2 the numbers; before the signal there are only the numbers that are expected."""
        drill = self._keeper.drill
        if group.arrived or drill.started_at is None or group.expected == 0:
            self._open_pad(group, drill.started_at is not None)
            return
        address = group.address(group.columns.arrived)
        if not self._try({address: self._keeper.time_of_day()}):
            return
        self._screen.show_newest(group.id)
        after = self._keeper.drill
        name = drill_words.name_of(self._tools.texts, group)
        if not after.awaited and drill.awaited:
            took = "" if after.evacuation is None else self._say("drill.clock.took", n=after.evacuation)
            self._screen.toast.say(self._say("drill.all_out", seconds=took))
        else:
            self._screen.toast.say(self._say("drill.arrived", name=name))

    def _open_pad(self, group: Group, started: bool) -> None:
        pad = GroupPad(self._look, self._tools.texts, group, self._give, self._mark, started, self._screen)
        self.show(pad)

    def _give(self, values: dict[ItemId, str], notes: dict[ItemId, str]) -> None:
        self._keeper.stroke(values, notes)
        pad = self.dialog
        if isinstance(pad, GroupPad):
            found = self._keeper.drill.of_id(pad.group.id)
            pad.group = found if found is not None else pad.group

    def _try(self, values: dict[ItemId, str], notes: dict[ItemId, str] | None = None) -> bool:
        """Commits; what is refused is said."""
        try:
            self._keeper.stroke(values, notes or {})
        except Problem as problem:
            self._screen.trouble.show_trouble(fill_words.why(self._tools.texts, problem), key="refused")
            return False
        self._screen.trouble.clear("refused")
        return True

    # times

    def press_point(self, point: ItemId) -> None:
        """Records a time; one that is recorded can be put right."""
        drill = self._keeper.drill
        found = drill.point(point)
        if found is None or self.dialog is not None:
            return
        if found.value:
            self._open_point(point, found.value)
        elif point != START and drill.started_at is None:
            self._screen.toast.say(self._say("drill.no_signal"), icon="info-circle")
        else:
            self._try({point: self._keeper.time_of_day()})

    def _open_point(self, point: ItemId, value: str) -> None:
        words = drill_words.point_label(self._tools.texts, self._keeper.shown.form, point)
        title = self._say("drill.point.title", id=point, what=words)

        def give(text: str) -> None:
            self._keeper.stroke({point: text}, {point: self._mark(value)} if text else {})

        self.show(PointPad(self._look, self._tools.texts, title, value, give, self._screen))

    # beside the times

    def press_jam(self) -> None:
        """G: congestion begins at a post, or is over."""
        drill = self._keeper.drill
        if self.dialog is not None:
            return
        if drill.started_at is None:
            self._screen.toast.say(self._say("drill.no_signal"), icon="info-circle")
            return
        texts, form = self._tools.texts, self._keeper.shown.form
        jam = drill.jam
        if jam is not None:
            self._keeper.end_jam()
            ended = next(post for post in self._keeper.drill.posts if post.row == jam.row)
            where = drill_words.post_label(texts, form, ended)
            self._screen.toast.say(self._say("drill.jam.ended", where=where, n=ended.seconds))
            return
        posts = [(post.row, drill_words.post_label(texts, form, post)) for post in drill.posts]
        choices = form.choice_list(self._keeper.shown.item("post-kind").answer.choice_list)
        kinds = [(c.id, c.label.in_language(texts.language)) for c in (choices.choices if choices else ())]
        dialog = JamDialog(self._look, texts, posts, [*kinds, ("", self._say("drill.jam.other"))], self._screen)
        dialog.chosen.connect(self._keeper.jam)
        self.show(dialog)

    def ask_problem(self) -> None:
        """N: a problem, in words."""
        if self.dialog is not None:
            return
        texts = self._tools.texts
        judged = [
            (item.id, item.question.in_language(texts.language)) for item in work.judged_items(self._keeper.shown)
        ]

        def give(text: str, judged_item: str) -> None:
            self._keeper.note_problem(text, judged_item)
            said = self._say("drill.problem.found") if judged_item else self._say(
                "drill.problem.done", n=self._keeper.drill.problems
            )  # fmt: skip
            self._screen.toast.say(said)

        self.show(ProblemDialog(self._look, texts, judged, give, self._screen))

    def _on_classes(self, classes: object) -> None:
        assert isinstance(classes, tuple)
        self._keeper.add_classes(classes)
        self._screen.toast.say(self._say("drill.roster.done", n=len(classes)))
        self._screen.setFocus()

    def _on_failed(self, error: object) -> None:
        assert isinstance(error, Exception)
        self._screen.trouble.show_trouble(error_sentence(self._tools.texts, error), key="roster")

    # words

    def words_of(self, addresses: Iterable[ItemId]) -> str:
        """What was changed at some addresses: 二(3) 到达时刻, T5."""
        say, drill = self._say, self._keeper.drill
        said: list[str] = []
        for address in sorted(addresses, key=lambda a: (a == LAST_OUT, a)):
            item, rows = item_of(address), rows_of(address)
            group = next((g for g in drill.groups if rows == (g.row,) and item in _columns(g)), None)
            if item in POINTS:
                said.append(str(item))
            elif group is not None:
                part = next(key for key, column in _named(group) if column == item)
                said.append(f"{drill_words.name_of(self._tools.texts, group)} {say(f'drill.pad.{part}')}")
            elif item in (POSTS, "post-congested", "congestion-seconds"):
                said.append(say("drill.jam.button"))
            elif item in (PROBLEMS, "problem"):
                said.append(say("drill.problem.button"))
            elif item == CLASSES.table:
                said.append(say("drill.roster.list"))
        return say("fill.comma").join(list(dict.fromkeys(said))[:3])


def _named(group: Group) -> tuple[tuple[str, ItemId | None], ...]:
    columns = group.columns
    return (
        ("arrived", columns.arrived), ("counted", columns.counted), ("where", columns.whereabouts),
        ("enrolled", columns.entered), ("absent", columns.absent), ("reason", columns.absent_reason),
        ("name", columns.name),
    )  # fmt: skip


def _columns(group: Group) -> set[ItemId | None]:
    return {column for _, column in _named(group)}
