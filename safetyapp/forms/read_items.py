"""The items of a form: questions, and the tables and groups that hold further ones."""

from __future__ import annotations

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec
from safetyapp.domain.form import ALWAYS, CONFORMITY, NO_ROWS, Item, ItemId, Media, PhotoRule, Rows, RowSource, Severity
from safetyapp.domain.values import SCALES
from safetyapp.domain.words import Words
from safetyapp.forms.fields import LONGEST_EXPRESSION, Fields
from safetyapp.forms.read_answers import is_judged, read_answer
from safetyapp.forms.read_choices import read_file_name
from safetyapp.forms.read_legal import read_applies, read_bases, read_criterion
from safetyapp.forms.read_scoring import no_scoring, read_veto, read_weight
from safetyapp.forms.so_far import DEEPEST_ITEM, MOST_ITEMS, SoFar
from safetyapp.forms.yaml_tree import Mapping, Node, Scalar

ITEM_KEYS = (
    *("id", "question", "hint", "method", "answer", "items", "rows", "basis", "severity", "reason", "criterion"),
    *("candidate", "action", "days", "photo", "photo_note", "applies", "applies_text", "when", "required"),
    *("required_message", "default", "calculate", "trigger", "read_only", "least", "most", "constraint"),
    *(
        "constraint_message",
        "choice_filter",
        "appearance",
        "media",
        "weight",
        "veto",
        "roster",
        "confidence",
        "config_note",
    ),
)
_ROW_KEYS = ("from", "fixed", "count", "min", "max", "title")
MOST_ROWS = 5000
ROSTER = ("name", "place", "enrolled", "teacher", "route")
_MEDIA = ("image", "audio", "video")
_RESERVED = ("school.", "inspection.")
_LIMITED = frozenset({AnswerKind.INTEGER, AnswerKind.DECIMAL, AnswerKind.DURATION, AnswerKind.DATE})


def read_items(fields: Fields, so_far: SoFar, depth: int = 0, rows: Rows = NO_ROWS) -> tuple[Item, ...]:
    """What stands under `items`: of a section, or at `depth` of a group or of a table with these `rows`."""
    nodes = fields.nodes("items", required=True, most=MOST_ITEMS)
    of_roster = rows.source is RowSource.ROSTER
    items = (
        _read_item(node, so_far, depth, of_roster, is_filled=place == 0 and rows.fixed != ())
        for place, node in enumerate(nodes)
    )
    return tuple(item for item in items if item is not None)


def _read_item(node: Node, so_far: SoFar, depth: int, of_roster: bool, is_filled: bool) -> Item | None:
    fields = Fields(node, so_far.notes, ITEM_KEYS, "item")
    so_far.items += 1
    if so_far.items == MOST_ITEMS + 1:
        zh, en = f"检查项多于 {MOST_ITEMS} 个", f"The form has more than {MOST_ITEMS} items"
        so_far.notes.mistake(fields.line, "too-large", zh, en)
    if not fields.is_mapping or so_far.items > MOST_ITEMS:
        return None
    item_id = fields.name("id")
    fields.what = item_id or fields.what
    if item_id.startswith(_RESERVED):
        fields.wrong("id", "reserved-id", "是学校和检查的值的名字", "names a fact of the school or the inspection")
    so_far.take_item(item_id, fields)
    at_answer = fields.node("answer", required=True)
    answer = read_answer(at_answer, item_id, fields.what, so_far) if at_answer else CONFORMITY
    rows = _read_rows(fields, answer.kind, item_id, so_far)
    judged = is_judged(answer, so_far.lists) or fields.has("least") or fields.has("most")
    for key in ("least", "most"):
        if fields.has(key) and (not answer.kind.is_number or answer.kind in SCALES):
            fields.wrong(key, "bad-limit", f"不能用于 {answer.kind.value}", f"does not fit a {answer.kind.value}")
    item = _Reader(fields, so_far, answer, judged).item(item_id, rows, depth, of_roster)
    _check_kind(fields, item, so_far, is_filled)
    _check_rows(fields, item)
    return item


class _Reader:
    """Reads the keys of one item whose answer is known."""

    def __init__(self, fields: Fields, so_far: SoFar, answer: AnswerSpec, judged: bool) -> None:
        self.fields = fields
        self.so_far = so_far
        self.answer = answer
        self.judged = judged

    def item(self, item_id: str, rows: Rows, depth: int, of_roster: bool) -> Item:
        fields, so_far, judged = self.fields, self.so_far, self.judged
        kind = self.answer.kind
        severity = self._severity()
        return Item(
            id=ItemId(item_id),
            question=fields.words("question", required=kind not in (AnswerKind.GROUP, AnswerKind.CALCULATION)),
            method=fields.words("method", required=judged),
            answer=self.answer,
            basis=read_bases(fields, so_far, expected=judged),
            severity=severity,
            reason=fields.words("reason", required=judged),
            action=fields.words("action", required=judged),
            days=fields.whole("days", 0, 3650, required=judged) or 0,
            criterion=read_criterion(fields, so_far, severity is Severity.MAJOR),
            candidate=self._candidate(severity),
            photo=fields.choice("photo", PhotoRule, "unknown-photo", PhotoRule.NONE),
            photo_note=fields.words("photo_note", required=False),
            applies=read_applies(fields),
            applies_text=fields.words("applies_text", required=False),
            when=fields.expression("when"),
            confidence=fields.text("confidence"),
            config_note=fields.words("config_note", required=False),
            hint=fields.words("hint", required=False),
            default=fields.expression("default"),
            required=_required(fields, kind),
            required_message=fields.words("required_message", required=False),
            read_only=fields.truth("read_only"),
            least=fields.expression("least"),
            most=fields.expression("most"),
            constraint=fields.expression("constraint"),
            constraint_message=fields.words("constraint_message", required=False),
            calculate=fields.expression("calculate"),
            trigger=fields.text("trigger"),
            choice_filter=fields.expression("choice_filter"),
            appearance=fields.text("appearance"),
            media=fields.each("media", lambda n: _read_media(n, fields), most=20),
            weight=read_weight(fields, so_far),
            veto=read_veto(fields, so_far),
            items=self._members(rows, depth),
            rows=rows,
            roster=_roster(fields, of_roster),
        )

    def _severity(self) -> Severity:
        severity = self.fields.choice("severity", Severity, "unknown-severity", Severity.GENERAL)
        self.fields.node("severity", required=self.judged)
        if self.fields.has("severity") and not self.judged and self.answer.kind in _LIMITED:
            zh, en = f"{self.fields.what} 没有限值", f"{self.fields.what} has no limit"
            self.so_far.notes.warning(self.fields.line_of("answer"), "no-limit", zh, en)
        return severity

    def _candidate(self, severity: Severity) -> Words:
        words = self.fields.words("candidate", required=False)
        if severity is Severity.CANDIDATE and not self.fields.has("candidate"):
            zh, en = "为重大候选，但没有写明何时为重大（candidate）", "is a candidate but 'candidate' does not say when"
            self.fields.wrong("severity", "candidate-without-words", zh, en)
        return words

    def _members(self, rows: Rows, depth: int) -> tuple[Item, ...]:
        fields = self.fields
        if not self.answer.kind.has_items:
            if fields.has("items"):
                fields.wrong("items", "misplaced", "只用于 table 和 group", "is for tables and groups only")
            return ()
        if depth >= DEEPEST_ITEM:
            zh, en = f"嵌套超过 {DEEPEST_ITEM} 层", f"is nested in more than {DEEPEST_ITEM} tables and groups"
            fields.wrong("items", "too-deep", zh, en)
            return ()
        return read_items(fields, self.so_far, depth + 1, rows)


def _required(fields: Fields, kind: AnswerKind) -> str:
    """`true` and `false`, or an expression; what a person does not answer cannot be required."""
    node = fields.node("required")
    if not kind.is_asked:
        if node is not None and not (isinstance(node, Scalar) and node.truth is False):
            fields.wrong("required", "misplaced", f"不能用于 {kind.value}", f"does not fit a {kind.value}")
        return ""
    if node is None:
        return ALWAYS
    if isinstance(node, Scalar) and node.truth is not None:
        return ALWAYS if node.truth else ""
    return fields.expression("required")


def _read_media(node: Node, of: Fields) -> Media | None:
    fields = Fields(node, of.notes, ("kind", "file", "caption"), f"{of.what}.media")
    if not fields.is_mapping:
        return None
    kind = fields.text("kind", required=True, empty_allowed=False)
    if kind and kind not in _MEDIA:
        known = ", ".join(_MEDIA)
        fields.wrong("kind", "unknown-media", f"只能是 {known}", f"can be {known}")
    return Media(kind, read_file_name(fields, "file", required=True), fields.words("caption", required=False))


def _roster(fields: Fields, of_roster: bool) -> str:
    part = fields.text("roster")
    if not part:
        return ""
    if part not in ROSTER:
        known = ", ".join(ROSTER)
        fields.wrong("roster", "unknown-roster", f"只能是 {known}", f"can be {known}")
    elif not of_roster:
        zh, en = "只用于 rows 为 from: roster 的表的列", "is for the columns of a table whose rows come from the roster"
        fields.wrong("roster", "misplaced", zh, en)
    return part


def _read_rows(fields: Fields, kind: AnswerKind, item_id: str, so_far: SoFar) -> Rows:
    node = fields.node("rows")
    if node is None:
        return NO_ROWS
    if kind is not AnswerKind.TABLE:
        fields.wrong("rows", "misplaced", "只用于 table", "is for tables only")
        return NO_ROWS
    inner = Fields(node, fields.notes, _ROW_KEYS, f"{fields.what}.rows")
    low, high = inner.whole("min", 0, MOST_ROWS), inner.whole("max", 1, MOST_ROWS)
    if low is not None and high is not None and low > high:
        inner.wrong("min", "bad-limit", "大于 max", "is larger than max")
    rows = Rows(
        source=inner.choice("from", RowSource, "unknown-source", RowSource.NONE),
        fixed=_fixed(inner),
        count=inner.text("count", longest=LONGEST_EXPRESSION),
        minimum=low or 0,
        maximum=high,
        title=inner.words("title", required=False),
    )
    if rows.count:
        so_far.counts.setdefault(item_id, inner.line_of("count"))
    if rows.count and rows.fixed:
        inner.wrong("count", "bad-rows", "不能和 fixed 同时写", "cannot stand beside 'fixed'")
    if high is not None and len(rows.fixed) > high:
        inner.wrong("fixed", "bad-rows", "多于 max", "has more rows than max")
    return rows


def _fixed(rows: Fields) -> tuple[Words, ...]:
    """The names of the rows: each a text, or one in both languages."""
    words = []
    for node in rows.nodes("fixed", most=MOST_ROWS):
        key = Scalar("fixed", True, node.line)
        words.append(Fields(Mapping(((key, node),), node.line), rows.notes, ("fixed",), rows.what).words("fixed"))
    return tuple(words)


def _check_rows(fields: Fields, item: Item) -> None:
    """The first column takes the names of fixed rows; a table of the roster has columns that it fills."""
    if item.rows.fixed and item.items and item.items[0].answer.kind is not AnswerKind.TEXT:
        zh, en = "第一列要是 text，用来写行名", "needs a first column of kind text for the names of its fixed rows"
        fields.wrong("rows", "bad-rows", zh, en)
    if item.rows.source is RowSource.ROSTER and not any(column.roster for column in item.items):
        zh, en = f"{fields.what} 没有一列取自花名册", f"{fields.what} has no column that the roster fills"
        fields.notes.warning(fields.line_of("rows"), "unused-roster", zh, en)


def _check_kind(fields: Fields, item: Item, so_far: SoFar, is_filled: bool) -> None:
    """What a kind of item must have, and what is of no use with it."""
    kind = item.answer.kind
    if kind is AnswerKind.CALCULATION:
        fields.node("calculate", required=True)
    if item.choice_filter and not kind.is_choice:
        fields.wrong("choice_filter", "misplaced", "只用于有选项的回答", "is for answers with choices only")
    if item.read_only and kind.is_asked and not (item.default or item.calculate or item.roster or is_filled):
        zh, en = f"{fields.what} 只读，但没有 default 或 calculate", f"{fields.what} is read-only but nothing fills it"
        so_far.notes.warning(fields.line_of("read_only"), "empty-read-only", zh, en)
    if kind is AnswerKind.SCORE:
        so_far.scored += 1
        if so_far.scoring is None:
            no_scoring(fields, "answer", so_far)
