"""A way out when the disk takes nothing any more: what the window holds, as a readable file elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.inspection import Answer, Finding, Inspection
from safetyapp.domain.photo_marks import marks_json
from safetyapp.domain.places import places
from safetyapp.domain.reckoned import NOTHING
from safetyapp.ui import fill_words
from safetyapp.ui.fill_keeper import Keeper
from safetyapp.ui.jobs import Jobs
from safetyapp.ui.tools import Tools
from safetyapp.workflow.exchange import write_whole


def readable(form: Form, inspection: Inspection, unread: Mapping[ItemId, str]) -> str:
    """The draft as JSON for people: each item with its question, what was answered, written and could not be read."""
    items = []
    for place in places(form, inspection, NOTHING):
        address, item = place.address, place.item
        answer, findings = inspection.answers.get(address), inspection.findings_of(address)
        photos = [link.photo.original for link in inspection.photos_of(address)]
        line: dict[str, Any] = {"item": address, "question": item.question.zh}
        if answer is not None:
            line |= _answer(answer)
        if address in unread:
            line["unread"] = unread[address]
        if findings:
            line["findings"] = [_finding(finding) for finding in findings]
        if photos:
            line["photos"] = photos
            marked = [link for link in inspection.photos_of(address) if link.marks is not None]
            if marked:
                line["marks"] = {link.photo.original: json.loads(marks_json(link.marks)) for link in marked}
        items.append(line)
    whole = {
        "draft": inspection.id, "school": inspection.school.name, "form": form.title.zh,
        "version": inspection.form.version, "date": inspection.inspected_on.isoformat(), "site": inspection.site,
        "inspector": inspection.inspector.name, "companions": list(inspection.companions),
        "escort": inspection.escort, "opinion": inspection.opinion, "school_opinion": inspection.school_opinion,
        "items": items,
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _answer(answer: Answer) -> dict[str, Any]:
    readings = {reading.id: reading.value for reading in answer.readings}
    facts = {"answer": answer.value, "case": answer.case, "readings": readings, "note": answer.note}
    return {key: value for key, value in facts.items() if value}


def _finding(finding: Finding) -> dict[str, Any]:
    facts = {field.name: getattr(finding, field.name) for field in fields(finding) if field.name != "item"}
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()}


class Rescue(QObject):
    """Works for one work screen; remembers what it wrote last, so that the window may be closed after it."""

    written = Signal(str)
    """It is in the file: the sentence that says so."""
    failed = Signal(str)

    def __init__(
        self, tools: Tools, jobs: Jobs, keeper: Keeper, flush: Callable[[], None],
        unread: Callable[[], Mapping[ItemId, str]], screen: QWidget,
    ) -> None:  # fmt: skip
        """`flush` hands over what stands in fields; `unread` names what is there and could not be."""
        super().__init__(screen)
        self._texts, self._jobs, self._screen = tools.texts, jobs, screen
        self._keeper, self._flush, self._unread = keeper, flush, unread
        self._written: Inspection | None = None

    def holds(self, inspection: Inspection) -> bool:
        """Whether exactly this is in a file that the person chose."""
        return self._written is not None and self._written == inspection

    def choose(self) -> None:
        """Asks where, proposes a readable name."""
        say, shown = self._texts.say, self._keeper.shown
        form = shown.form.title.in_language(self._texts.language)
        name = say(
            "fill.rescue.name", school=shown.inspection.school.name, form=form,
            date=shown.inspection.inspected_on.isoformat(),
        )  # fmt: skip
        chosen, _ = QFileDialog.getSaveFileName(
            self._screen, say("fill.rescue.title"), name, f"{say('fill.rescue.filter')} (*.json)"
        )
        if chosen:
            self.write(Path(chosen))

    def write(self, path: Path) -> None:
        """Writes what the window holds just now."""
        self._flush()
        shown = self._keeper.shown
        data = readable(shown.form, shown.inspection, self._unread()).encode()

        def done(_: object) -> None:
            self._written = shown.inspection
            self.written.emit(self._texts.say("fill.rescue.done", path=path))

        def failed(error: Exception) -> None:
            self.failed.emit(self._texts.say("fill.rescue.failed", path=path, why=fill_words.why(self._texts, error)))

        self._jobs.work(lambda _: write_whole(path, data), done, failed, owner=self, name="rescue")
