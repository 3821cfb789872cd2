"""What a row of the list says beside its question: the choices, the mark, the second line, the words of its answer."""

from __future__ import annotations

from safetyapp.domain.answer_kinds import AnswerKind, Outcome
from safetyapp.domain.form import Severity
from safetyapp.domain.ledger import FindingState
from safetyapp.texts import Texts
from safetyapp.ui import fill_words
from safetyapp.ui.item_rows import Row, Way
from safetyapp.ui.segment import Option, Tone

LEVEL_SHAPES = {Severity.GENERAL: "g", Severity.CANDIDATE: "c", Severity.MAJOR: "M"}
"""▲ 一般, ◇ 重大候选, ◆ 重大."""
_TONES = {Severity.GENERAL: Tone.MINOR, Severity.CANDIDATE: Tone.MINOR, Severity.MAJOR: Tone.MAJOR}
OK = "OK"
"""The one spelling of 已知晓."""


def options_of(texts: Texts, row: Row) -> tuple[Option, ...]:
    """The choices of a row with their keys; a chosen fail is filled with its level's colour and shape."""
    say = texts.say
    fail = (_TONES[row.level], LEVEL_SHAPES[row.level])
    if row.kind is AnswerKind.ACKNOWLEDGE:
        return (Option(OK, say("fill.acknowledged"), "1", Tone.BRAND),)
    if row.kind is AnswerKind.CONFORMITY:
        return (
            Option(Outcome.PASS, say("fill.outcome.pass"), "1", Tone.BRAND),
            Option(Outcome.FAIL, say("fill.outcome.fail"), "2", *fail),
            Option(Outcome.NA, say("fill.outcome.na"), "3", Tone.NEUTRAL),
        )
    made = []
    for place, pick in enumerate(row.picks, start=1):
        plain = Tone.NEUTRAL if pick.outcome is Outcome.NA else Tone.BRAND
        look = fail if pick.outcome is Outcome.FAIL else (plain, "")
        made.append(Option(pick.id, pick.label, str(place), *look))
    return tuple(made)


def mark_key(row: Row) -> str:
    """The sentence of the chip before an unanswered item: 直接判定, 重大候选, or none."""
    if row.outcome is not None or not row.is_asked:
        return ""
    if row.item.severity is Severity.MAJOR and row.item.criterion is not None:
        return "fill.mark.direct"
    return "fill.mark.candidate" if row.item.severity is Severity.CANDIDATE else ""


def box_text(texts: Texts, row: Row) -> str:
    """The words where the answer stands; for what is answered under the row or on a page of its own, also how."""
    unit = row.item.answer.unit.in_language(texts.language)
    if row.way is Way.SHOWN:
        return f"{row.value} {unit}".strip() if row.value else ""
    if row.way is Way.PHOTOS:
        return texts.say("fill.photos", n=row.photos) if row.photos else texts.say("fill.prompt.photo")
    return row.value or texts.say(f"fill.prompt.{row.kind.value}")


def second_line(texts: Texts, row: Row) -> tuple[str, str]:
    """The second line and the shape before it."""
    say = texts.say
    if row.unsaved:
        return say("fill.unsaved"), ""
    if row.refused:
        return row.refused, ""
    if row.is_closed:
        return say("fill.skip.condition"), ""
    if row.skip is not None:
        return f"{fill_words.skip_text(texts, row.item, row.skip)} · {say('fill.skip.anyway')}", ""
    parts = [say("duty.remark", text=row.remarks[0])] if row.remarks else []
    if row.fails:
        parts.append(say(f"fill.severity.{row.level.value}"))
        if len(row.findings) > 1:
            parts.append(say("fill.finding_count", n=len(row.findings)))
        elif row.findings:
            deadline = row.findings[0].deadline
            parts.append(say("fill.deadline_short", date=f"{deadline.month:02d}-{deadline.day:02d}"))
        if any(f.repeats for f in row.findings):
            parts.append(say("fill.repeats"))
    if row.rule:
        parts.append(row.rule)
    if row.missing and (row.fails or row.answer is not None):
        lacking = fill_words.missing_text(texts, tuple(k for k in row.missing if not (row.rule and k == "constraint")))
        if lacking:
            parts.append(lacking)
    message = row.item.required_message.in_language(texts.language)
    if message and row.required and row.answer is None:
        parts.append(message)
    if row.tally.blocking:
        parts.append(say("fill.table.blocking", n=row.tally.blocking))
    if row.photos + row.after_photos and row.way is not Way.PHOTOS:
        parts.append(say("fill.photos", n=row.photos + row.after_photos))
    if row.fails and row.findings and row.findings[0].place:
        parts.append(row.findings[0].place)
    if row.answer is not None and row.answer.note and not row.item.answer.other:
        parts.append(say("fill.note_short", note=row.answer.note))
    if row.is_asked and row.way is not Way.SHOWN and not row.required and row.answer is None and not row.photos:
        parts.append(say("fill.optional"))
    if row.last is not None and row.outcome is None:
        parts.append(last_text(texts, row))
    return " · ".join(parts), LEVEL_SHAPES[row.level] if row.fails else ""


def last_text(texts: Texts, row: Row) -> str:
    """上次：2026-10-20，走廊堆物（没有销号）: what was found here before, and how it stands."""
    if row.last is None:
        return ""
    state = texts.say(f"fill_aids.past.{'closed' if row.last.state is FindingState.CLOSED else 'is_open'}")
    return texts.say("fill_aids.past.last", date=row.last.found_on.isoformat(), text=row.last.text, state=state)
