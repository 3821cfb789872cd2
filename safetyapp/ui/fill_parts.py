"""The parts of one Fill screen, made once and handed to everybody who works with them: keeper, rows, list, bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from safetyapp.texts import Texts
from safetyapp.ui.fill_header import FillHeader, KeyStrip
from safetyapp.ui.fill_keeper import Keeper
from safetyapp.ui.fill_list import ListPane
from safetyapp.ui.fill_sections import SectionList
from safetyapp.ui.help_panel import HelpPanel
from safetyapp.ui.item_body import ItemBody
from safetyapp.ui.item_fields import ValueField
from safetyapp.ui.item_model import ItemModel
from safetyapp.ui.item_view import ItemView
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.look import Look
from safetyapp.ui.parts import ProgressLine, Toast, TroubleBar
from safetyapp.ui.photo_thumbs import Thumbs
from safetyapp.ui.tools import Tools
from safetyapp.workflow.opened import WHOLE, Open


@dataclass(frozen=True, slots=True)
class FillParts:
    """What a screen is put together from; who works with it holds these and not the screen."""

    tools: Tools
    look: Look
    jobs: Jobs
    texts: Texts
    keeper: Keeper
    model: ItemModel
    header: FillHeader
    trouble: TroubleBar
    progress: ProgressLine
    sections: SectionList
    pane: ListPane
    view: ItemView
    body: ItemBody
    field: ValueField
    help: HelpPanel
    strip: KeyStrip
    toast: Toast


def make_parts(
    tools: Tools, look: Look, jobs: Jobs, opened: Open, flush: Callable[[], None], screen: QWidget
) -> FillParts:
    """Makes them for one draft; the screen puts them in their places."""
    texts = tools.texts
    keeper = Keeper(tools, jobs, opened, screen)
    model = ItemModel(texts, opened, screen)
    school, form = opened.inspection.school.name, opened.form.title.in_language(texts.language)
    title = texts.say("fill.title", school=school, form=form)
    header = FillHeader(look, texts, model, title, _head_facts(texts, opened))
    trouble = TroubleBar(look, texts.say("fill.photo.close"))
    progress = ProgressLine(look, texts.say("fill.photo.stop"))
    sections = SectionList(look, model)
    pane = ListPane(look, texts, model, flush)
    body = ItemBody(look, texts, Thumbs(jobs, tools.store.thumb_of))
    field = ValueField(look, texts.language)
    pane.view.set_parts(body, field)
    panel, strip = HelpPanel(look, texts, model.form), KeyStrip(look, texts)
    panel.whole_remarks = opened.remarks.get(WHOLE, ())
    for part in (header, trouble, progress, sections, pane, panel, strip):
        part.setParent(screen)  # Tab goes through them in this order, and last to the toast
    return FillParts(
        tools=tools,
        look=look,
        jobs=jobs,
        texts=texts,
        keeper=keeper,
        model=model,
        header=header,
        trouble=trouble,
        progress=progress,
        sections=sections,
        pane=pane,
        view=pane.view,
        body=body,
        field=field,
        help=panel,
        strip=strip,
        toast=Toast(look, screen),
    )


def _head_facts(texts: Texts, opened: Open) -> str:
    inspection, say = opened.inspection, texts.say
    people = say("fill.people_joint").join([inspection.inspector.name, *inspection.companions])
    return say(
        "fill.head", type=say(f"fill.type.{inspection.type.value}"), date=inspection.inspected_on.isoformat(),
        people=people, version=inspection.form.version,
    )  # fmt: skip
