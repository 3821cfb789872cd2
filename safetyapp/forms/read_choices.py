"""The choice lists of a form: what is on offer, what choosing it comes to, and the columns that filters look at."""

from __future__ import annotations

import re
import unicodedata

from safetyapp.domain.answer_kinds import Choice, ChoiceList, Outcome
from safetyapp.forms.fields import LONGEST_ID, Fields, is_id, is_name
from safetyapp.forms.mistakes import shown
from safetyapp.forms.so_far import SoFar, once
from safetyapp.forms.yaml_tree import Mapping, Node, Scalar

MOST_CHOICES = 20_000
_CHOICE_KEYS = ("id", "label", "outcome", "media", "with")
_FILE = re.compile(r"[^./\\:*?\"<>|\s][^/\\:*?\"<>|\n\t]{0,199}")


def read_list(name: Scalar, node: Node, so_far: SoFar) -> None:
    """Reads one entry of `choices` into what is known of the form."""
    if not is_id(name.text):
        text = shown(name.text)
        so_far.notes.mistake(name.line, "bad-id", f"选项表代号“{text}”不合规", f"'{text}' cannot be the id of a list")
        return
    so_far.list_lines[name.text] = name.line
    holder = Fields(Mapping(((name, node),), name.line), so_far.notes, (name.text,), "choices")
    seen: set[str] = set()
    choices = holder.each(name.text, lambda n: _read_choice(n, name.text, seen, so_far), True, MOST_CHOICES)
    so_far.lists[name.text] = ChoiceList(name.text, choices)


def _read_choice(node: Node, list_id: str, seen: set[str], so_far: SoFar) -> Choice | None:
    fields = Fields(node, so_far.notes, _CHOICE_KEYS, f"choices.{list_id}")
    if not fields.is_mapping:
        return None
    choice_id = fields.text("id", required=True, empty_allowed=False)
    if choice_id and not is_choice_id(choice_id):
        fields.wrong(
            "id",
            "bad-id",
            "不能含空格、逗号、顿号、分号和全角字母数字",
            "may hold no spaces, commas, semicolons or full-width letters",
        )
    once(choice_id, seen, fields)
    outcome = fields.choice("outcome", Outcome, "unknown-outcome", Outcome.NOTED)
    if outcome is Outcome.NOTED and fields.has("outcome") and fields.text("outcome") == Outcome.NOTED:
        fields.wrong("outcome", "unknown-outcome", "只能是 pass、fail、na", "can be pass, fail or na")
    return Choice(
        choice_id,
        fields.words("label"),
        None if outcome is Outcome.NOTED else outcome,
        read_file_name(fields, "media"),
        _read_columns(fields),
    )


def is_choice_id(text: str) -> bool:
    """Whether an answer can name a choice by this text: several are written with spaces or commas between."""
    if len(text) > LONGEST_ID or unicodedata.normalize("NFKC", text) != text:
        return False
    return text.isprintable() and re.search(r"[\s,，、;；]", text) is None


def _read_columns(fields: Fields) -> tuple[tuple[str, str], ...]:
    node = fields.node("with")
    if node is None:
        return ()
    names = [key.text for key, _ in node.entries] if isinstance(node, Mapping) else []
    inner = Fields(node, fields.notes, tuple(names), f"{fields.what}.with")
    for name in names:
        if not is_name(name):
            inner.wrong(name, "bad-id", "不能作列名", "cannot be the name of a column")
    return tuple(sorted((name, inner.text(name)) for name in set(names)))


def read_file_name(fields: Fields, key: str, required: bool = False) -> str:
    """The plain name of a picture, sound or film that comes with the form."""
    name = fields.text(key, required, empty_allowed=False)
    if name and not _FILE.fullmatch(name):
        fields.wrong(key, "bad-file", "应当是不带路径的文件名", "should be the name of a file without a folder")
    return name


def has_fail(choices: ChoiceList | None) -> bool:
    """Whether a choice of the list fails the item."""
    return choices is not None and any(c.outcome is Outcome.FAIL for c in choices.choices)


def no_list_unused(so_far: SoFar) -> None:
    """Warns of lists that nothing offers."""
    for list_id, line in so_far.list_lines.items():
        if list_id not in so_far.used_lists:
            zh, en = f"选项表“{list_id}”没有用到", f"The choice list '{list_id}' is not used"
            so_far.notes.warning(line, "unused-list", zh, en)
