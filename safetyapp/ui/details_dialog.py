"""看证书与指纹: what a certificate says of itself, the fingerprints in full, and what is known of the document."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from safetyapp.domain.document import DocumentKind, DocumentRow
from safetyapp.domain.verdict import Verdict
from safetyapp.texts import Texts
from safetyapp.ui.dates import date_time, full_date, size_text
from safetyapp.ui.look import Look
from safetyapp.ui.parts import Kind
from safetyapp.ui.sheet_dialog import SheetDialog, groups_area


def grouped(fingerprint: str, step: int = 4) -> str:
    """A fingerprint in groups that can be compared by eye."""
    return " ".join(fingerprint[n : n + step] for n in range(0, len(fingerprint), step))


class DetailsDialog(SheetDialog):
    """Names and values below two headings, and 复制指纹."""

    copied = Signal(str)

    def __init__(
        self, look: Look, texts: Texts, row: DocumentRow, verdict: Verdict | None, parent: QWidget | None
    ) -> None:
        super().__init__(look, texts.say("documents_more.details.title"), parent)
        say = texts.say
        self._row, self._say = row, say
        self.groups = (
            (say("documents_screen.verdict.certificate"), certificate_facts(texts, verdict)),
            (say("documents_screen.verdict.about"), document_facts(texts, row)),
        )
        self.body.addWidget(groups_area(look, self.groups, say("documents_more.details.title")), 1)
        copy = self.add_button(say("documents_screen.verdict.copy"))
        copy.clicked.connect(self._on_copy)
        close = self.add_button(say("window.close"), Kind.PRIMARY)
        close.clicked.connect(self.accept)
        close.setFocus()
        self.fit(560, 520)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._row.sha256)
        self.copied.emit(self._say("documents_screen.verdict.copied"))


def certificate_facts(texts: Texts, verdict: Verdict | None) -> list[tuple[str, str]]:
    """What is known of the certificate; a file that no certificate signed has none."""
    say = texts.say
    if verdict is None or not verdict.certificate:
        return [(say("documents_more.details.none"), "")]
    facts = [(say("documents_screen.verdict.signer"), verdict.signer)]
    if verdict.held is not None:
        held = verdict.held
        span = say(
            "documents_more.details.span", since=full_date(texts, held.since.astimezone().date()),
            until=full_date(texts, held.until.astimezone().date()),
        )  # fmt: skip
        facts += [
            (say("documents_more.details.issuer"), held.issuer),
            (say("documents_more.details.serial"), grouped(held.serial)),
            (say("documents_more.details.validity"), span),
        ]
    if verdict.stamped_by and verdict.signed_at is not None:
        facts.append(
            (say("documents_more.details.stamped"), f"{verdict.stamped_by} {date_time(texts, verdict.signed_at)}")
        )
    facts.append((say("documents_more.details.fingerprint"), grouped(verdict.certificate)))
    return facts


def document_facts(texts: Texts, row: DocumentRow) -> list[tuple[str, str]]:
    say = texts.say
    day = "inspected" if row.kind is DocumentKind.INSPECTION_REPORT else "dated"
    facts = [
        (say("documents_screen.verdict.kind"), say(f"documents_screen.kind.{row.kind.value}")),
        (say("documents_screen.verdict.number"), row.number),
        (say(f"documents_screen.verdict.{day}"), full_date(texts, row.inspected_on)),
        (say("documents_screen.verdict.size"), size_text(row.size)),
        (say("documents_screen.verdict.fingerprint"), grouped(row.sha256)),
    ]
    if row.supersedes:
        facts.append((say("documents_screen.verdict.replaces"), row.supersedes))
    return facts
