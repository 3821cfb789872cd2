"""What the stopwatch says: seconds as a clock, groups and times in words, why it cannot be ended."""

from __future__ import annotations

from collections.abc import Iterable

from safetyapp.domain.answer_kinds import OTHER
from safetyapp.domain.drill import FIRE, KIND, POSTS, Drill, Group, GroupState, Hold, Point, Post
from safetyapp.domain.form import Form, ItemId
from safetyapp.domain.inspection import Inspection
from safetyapp.texts import Texts

NAMED = 3
"""So many groups are named before the rest is counted."""


def minutes(seconds: int) -> str:
    """1:52; with hours 1:02:03."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def clock(seconds: int) -> str:
    """01:52, as the large clock shows it."""
    text = minutes(seconds)
    return text if len(text) > 4 else f"0{text}"


def kind_label(texts: Texts, form: Form, inspection: Inspection) -> str:
    """火灾."""
    answer = inspection.answers.get(KIND)
    if answer is None:
        return ""
    if answer.value == OTHER:
        return answer.note
    choices = form.choice_list(next(i for i in form.every_item() if i.id == KIND).answer.choice_list)
    choice = choices.choice(answer.value) if choices is not None else None
    return choice.label.in_language(texts.language) if choice is not None else answer.value


def point_label(texts: Texts, form: Form, point: ItemId) -> str:
    """信号发出: the form's question without its number."""
    item = next(i for i in form.every_item() if i.id == point)
    text = item.question.in_language(texts.language)
    return text.removeprefix(point).strip()


def post_label(texts: Texts, form: Form, post: Post) -> str:
    """楼梯平台 2层东."""
    items = {i.id: i for i in form.every_item()}
    table = items.get(POSTS)
    column = next((i for i in table.items if i.id == "post-kind"), None) if table is not None else None
    choices = form.choice_list(column.answer.choice_list) if column is not None else None
    choice = choices.choice(post.kind) if choices is not None else None
    kind = choice.label.in_language(texts.language) if choice is not None else post.kind
    return " ".join(dict.fromkeys(part for part in (kind, post.place) if part))


def name_of(texts: Texts, group: Group) -> str:
    return group.name or texts.say("drill.group.unnamed", code=group.code)


def figures(texts: Texts, group: Group) -> str:
    """38 / 38, 应到 45."""
    expected = texts.say("drill.group.unknown") if group.expected is None else str(group.expected)
    if group.state is GroupState.NOBODY:
        return texts.say("drill.group.nobody")
    if group.counted is None:
        return texts.say("drill.group.expected", n=expected)
    return texts.say("drill.group.counted", n=group.counted, of=expected)


def difference(texts: Texts, group: Group) -> str:
    """差 1 · 填去向."""
    say, missing = texts.say, group.difference
    said = say("drill.group.short", n=missing) if missing > 0 else say("drill.group.over", n=-missing)
    return say("drill.group.explain", what=said) if group.state is GroupState.DIFFERS else said


def moment(texts: Texts, group: Group) -> str:
    """When it came: since the signal, else by the clock."""
    if group.after is not None:
        return minutes(group.after)
    return group.arrived or ("" if group.state is GroupState.NOBODY else texts.say("drill.group.waiting"))


def spoken(texts: Texts, group: Group) -> str:
    """The group as a screen reader hears it."""
    said = [name_of(texts, group), texts.say("drill.group.code", code=group.code), moment(texts, group)]
    said.append(figures(texts, group))
    if group.difference:
        said.append(difference(texts, group))
    if group.edited:
        said.append(texts.say("drill.edited"))
    return texts.say("fill.comma_spoken").join(part for part in said if part)


def point_text(texts: Texts, drill: Drill, point: Point) -> str:
    """10:05:00 of the signal, +14 of what came after it; what T4 waits for."""
    if point.value:
        text = point.value if point.elapsed is None else f"+{minutes(point.elapsed)}"
        return texts.say("drill.point.edited", time=text) if point.edited else text
    if point.id == "T4" and drill.started_at is not None and drill.awaited:
        return texts.say("drill.point.awaits", n=len(drill.awaited))
    return ""


def clock_label(texts: Texts, drill: Drill) -> str:
    """从信号到现在."""
    if drill.started_at is None:
        return texts.say("drill.clock.ready")
    if drill.over_at is not None:
        return texts.say("drill.clock.over")
    if drill.kind != FIRE and drill.signal_at != drill.started_at:
        return texts.say("drill.clock.evacuation")
    return texts.say("drill.clock.signal")


def hold_sentence(texts: Texts, drill: Drill) -> str:
    """Why it cannot be ended; empty when it can."""
    parts = [_hold(texts, drill, hold, groups) for hold, groups in drill.held_by()]
    return texts.say("drill.hold.all", what=texts.say("drill.hold.joint").join(parts)) if parts else ""


def _hold(texts: Texts, drill: Drill, hold: Hold, groups: Iterable[Group]) -> str:
    names = [name_of(texts, group) for group in groups]
    if hold is Hold.POINTS:
        names = [str(point.id) for point in drill.missing_points]
    joint = texts.say("fill.comma")
    said = joint.join(names[:NAMED])
    if hold is Hold.POINTS:
        said = joint.join(names)
    elif len(names) > NAMED:
        said = texts.say("drill.hold.more", names=said, n=len(names))
    return texts.say(f"drill.hold.{hold.value}", names=said)
