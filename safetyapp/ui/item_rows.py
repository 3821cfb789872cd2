"""Everything that is shown of one place of an inspection: a row of the list, or a cell of a table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from safetyapp.domain.answer_kinds import OTHER, AnswerKind, Choice, ChoiceList, Limits, Outcome
from safetyapp.domain.form import Item, ItemId, Severity
from safetyapp.domain.gaps import GapKind, gaps_at
from safetyapp.domain.inspection import Answer, Finding, Inspection
from safetyapp.domain.judging import answer_at, is_required, limits_at, outcome_at
from safetyapp.domain.ledger import LedgerRow
from safetyapp.domain.places import Place, Skip
from safetyapp.domain.words import NO_WORDS, Words
from safetyapp.texts import Texts
from safetyapp.ui import fill_words, value_words
from safetyapp.ui.fill_words import NO_JUDGEMENT, Judgement
from safetyapp.ui.table_tally import NO_TALLY, Tally
from safetyapp.workflow.opened import Open


class Way(Enum):
    """How a place is answered: a choice painted side by side, a field, what opens under it, photos, a page of its own;
    or not at all, because it only says something."""

    SEGMENTS = "segments"
    FIELD = "field"
    PANEL = "panel"
    PHOTOS = "photos"
    TABLE = "table"
    SHOWN = "shown"


_FIELDS = frozenset(
    {AnswerKind.BARCODE, AnswerKind.DATE, AnswerKind.TIME, AnswerKind.DATETIME, AnswerKind.POSITION}
    | {kind for kind in AnswerKind if kind.is_number}
)
MOST_SEGMENTS = 4
LONGEST_SEGMENTS = 30
"""Letters of width (a Chinese one counts as two) that choices side by side may have in all."""
OPENING = frozenset({GapKind.UNANSWERED, GapKind.CONSTRAINT, GapKind.CHOICE, GapKind.OTHER_WORDS, GapKind.ROWS})
"""What keeps a place on the list of those that are still to be answered."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the answers on offer, in words."""

    id: str
    label: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Everything a row shows of its place; equal rows look the same."""

    item: Item
    section: int
    answer: Answer | None
    outcome: Outcome | None
    skip: Skip | None
    judgement: Judgement
    limits: str
    findings: tuple[Finding, ...]
    missing: tuple[GapKind, ...]
    photos: int
    after_photos: int
    id: ItemId
    """The address."""
    words: Words = NO_WORDS
    hint: Words = NO_WORDS
    way: Way = Way.SEGMENTS
    picks: tuple[Pick, ...] = ()
    value: str = ""
    """The answer in words."""
    required: bool = True
    rule: str = ""
    """The rule that the answer breaks, in words."""
    depth: int = 0
    tally: Tally = NO_TALLY
    last: LedgerRow | None = None
    """The finding of this item at the school's last inspection that had one."""
    remarks: tuple[str, ...] = ()
    """What the office says of it, in a report that was sent back."""
    unsaved: bool = False
    refused: str = ""
    """Why what was typed last could not be read: until it is corrected the item counts as unanswered."""

    @property
    def kind(self) -> AnswerKind:
        return self.item.answer.kind

    @property
    def is_major(self) -> bool:
        """Whether a fail here counts as 重大."""
        return self.level is Severity.MAJOR

    @property
    def level(self) -> Severity:
        """The worst of its findings, else what its item says."""
        levels = [f.severity for f in self.findings] or [self.item.severity]
        return max(levels, key=(Severity.GENERAL, Severity.CANDIDATE, Severity.MAJOR).index)

    @property
    def is_choice(self) -> bool:
        """Whether the choices stand side by side in the row."""
        return self.way is Way.SEGMENTS

    @property
    def is_field(self) -> bool:
        """Whether a field stands in the row."""
        return self.way is Way.FIELD

    @property
    def is_asked(self) -> bool:
        """Whether it has a mark of its own: notes, calculations and headings have none."""
        return self.kind.is_asked

    @property
    def is_heading(self) -> bool:
        return self.kind is AnswerKind.GROUP

    @property
    def may_not_apply(self) -> bool:
        return self.kind in value_words.MAY_NOT_APPLY and self.way is not Way.SHOWN

    @property
    def is_closed(self) -> bool:
        """Whether a condition keeps it from being asked: it is not shown then."""
        return self.skip is Skip.CONDITION

    @property
    def is_open(self) -> bool:
        """Still to be answered, or answered with what cannot stay."""
        if self.refused:
            return True
        if self.skip is not None or not self.is_asked:
            return False
        return any(kind in OPENING for kind in self.missing) or self.tally.blocking > 0

    @property
    def fails(self) -> bool:
        return self.outcome is Outcome.FAIL

    @property
    def mark(self) -> str:
        """The letter of the mosaic, see domain.draft.DraftRow."""
        if self.refused:
            return "o"
        if self.skip is not None:
            return "n"
        if self.way is Way.TABLE or self.kind is AnswerKind.TABLE:
            return self.tally.mark
        if self.outcome is None:
            return "o"
        if self.outcome is Outcome.FAIL:
            return "M" if any(f.severity is Severity.MAJOR for f in self.findings) else "g"
        return "n" if self.outcome is Outcome.NA else "p"


def way_of(item: Item, picks: tuple[Pick, ...]) -> Way:
    """How an item is answered, with these answers on offer."""
    kind = item.answer.kind
    if kind is AnswerKind.TABLE:
        return Way.TABLE
    if not kind.is_asked or item.read_only or (item.calculate and not item.trigger):
        return Way.SHOWN
    if kind in (AnswerKind.CONFORMITY, AnswerKind.ACKNOWLEDGE):
        return Way.SEGMENTS
    if kind is AnswerKind.PHOTO:
        return Way.PHOTOS
    if kind is AnswerKind.CHOICE:
        return Way.SEGMENTS if _stand_side_by_side(item, picks) else Way.PANEL
    if kind is AnswerKind.TEXT:
        return Way.PANEL if "multiline" in item.appearance else Way.FIELD
    return Way.FIELD if kind in _FIELDS else Way.PANEL


def _stand_side_by_side(item: Item, picks: tuple[Pick, ...]) -> bool:
    if not 1 <= len(picks) <= MOST_SEGMENTS or item.answer.other:
        return False
    if any(word in item.appearance for word in ("minimal", "autocomplete", "list")):
        return False
    return sum(_breadth(pick.label) + 4 for pick in picks) <= LONGEST_SEGMENTS + 4 * len(picks)


def _breadth(text: str) -> int:
    return sum(2 if c > "\u2e7f" else 1 for c in text)


class RowMaker:
    """Makes rows from an open draft. `opened` is the draft as it is shown; set it before asking."""

    def __init__(self, texts: Texts, opened: Open) -> None:
        self.texts = texts
        self.opened = opened

    def picks(self, item: Item, address: str) -> tuple[Pick, ...]:
        """The answers on offer at a place; empty where there is no list."""
        offered = self.opened.offered(address) if item.answer.choice_list else None
        picks = [Pick(c.id, c.label.in_language(self.texts.language), c.outcome) for c in _choices(offered)]
        if item.answer.other and not any(pick.id == OTHER for pick in picks):
            picks.append(Pick(OTHER, self.texts.say("fill.choice.other")))
        return tuple(picks)

    def row(
        self, place: Place, section: int, depth: int, *, tally: Tally = NO_TALLY, unsaved: bool = False,
        refused: str = "",
    ) -> Row:  # fmt: skip
        """The row of a place as the draft stands."""
        opened, item, address = self.opened, place.item, place.address
        inspection, reckoned, form = opened.inspection, opened.reckoned, opened.form
        answer = answer_at(inspection, place, reckoned)
        live = place.skip is None and item.answer.kind.is_asked
        findings = inspection.findings_of(address) if inspection.findings else ()
        photos, after_photos = _photo_counts(inspection, address) if inspection.photos else (0, 0)
        spec = item.answer
        picks = self.picks(item, address) if spec.choice_list or spec.other else ()
        rule = reckoned.broken.get(address)
        case = answer.case if answer is not None else ""
        return Row(
            item=item,
            section=section,
            answer=answer,
            outcome=outcome_at(form, inspection, place, reckoned) if place.skip is not Skip.CONDITION else None,
            skip=place.skip,
            judgement=self._judgement(item, answer, findings) if answer is not None else NO_JUDGEMENT,
            limits=self._limits(item, address, case),
            findings=findings,
            missing=tuple(gaps_at(form, place, inspection, reckoned)) if live else (),
            photos=photos,
            after_photos=after_photos,
            id=address,
            words=reckoned.wordings.get(address, item.question),
            hint=reckoned.wordings.get(ItemId(f"{address}#hint"), item.hint) if item.hint is not NO_WORDS else NO_WORDS,
            way=way_of(item, picks),
            picks=picks,
            value=self._value(place, answer, tally),
            required=live and is_required(item, address, reckoned),
            rule=self._rule(item, rule) if rule is not None and live else "",
            depth=depth,
            tally=tally,
            last=opened.earlier.get(item.id) if opened.earlier else None,
            remarks=opened.remarks.get(address, ()) if opened.remarks else (),
            unsaved=unsaved,
            refused=refused,
        )

    def _rule(self, item: Item, rule: Words) -> str:
        language = self.texts.language
        return (
            rule.in_language(language)
            or item.constraint_message.in_language(language)
            or self.texts.say("fill.bad.constraint")
        )

    def _limits(self, item: Item, address: ItemId, case: str) -> str:
        answer = item.answer
        if answer.kind is AnswerKind.SCORE and answer.limits.maximum is not None:
            return self.texts.say("fill.limit.score", n=fill_words.number_text(answer.limits.maximum))
        reckoned = self.opened.reckoned
        if not answer.cases and answer.limits == Limits() and address not in reckoned.limits:
            return ""
        limits = limits_at(item, address, self.opened.inspection.school, case, reckoned)
        return fill_words.limits_text(self.texts, limits, answer.kind)

    def _judgement(self, item: Item, answer: Answer, findings: tuple[Finding, ...]) -> Judgement:
        worst = Severity.MAJOR if any(f.severity is Severity.MAJOR for f in findings) else Severity.GENERAL
        severity = worst if findings else item.severity
        inspection = self.opened.inspection
        return fill_words.judge_answer(
            self.texts, item, answer, inspection.school, inspection.inspected_on, severity, self.opened.reckoned
        )

    def _value(self, place: Place, answer: Answer | None, tally: Tally) -> str:
        item, reckoned = place.item, self.opened.reckoned
        kind = item.answer.kind
        if kind is AnswerKind.TABLE:
            return self.texts.say("fill.table.state", rows=tally.rows, done=tally.complete)
        if kind is AnswerKind.CALCULATION:
            return reckoned.calculated.get(place.address, "")
        if kind is AnswerKind.PHOTO or answer is None:
            return ""
        offered = self.opened.form.choice_list(item.answer.choice_list) if item.answer.choice_list else None
        return value_words.answer_words(self.texts, kind, answer, offered)


def _photo_counts(inspection: Inspection, address: ItemId) -> tuple[int, int]:
    """The photos of a place, and those of its mended state."""
    links = [link for link in inspection.photos if link.item == address]
    after = sum(1 for link in links if link.after)
    return len(links) - after, after


def _choices(offered: ChoiceList | None) -> tuple[Choice, ...]:
    return offered.choices if offered is not None else ()
