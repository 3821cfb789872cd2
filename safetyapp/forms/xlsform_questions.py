"""One element of an XLSForm as an item: question, group or repeat, with what cannot be carried noted at its row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, ChoiceList
from safetyapp.domain.form import ALWAYS, NO_ROWS, Item, ItemId, Media, Rows
from safetyapp.domain.words import NO_WORDS, Words
from safetyapp.forms.xlsform_choices import Lists, file_name
from safetyapp.forms.xlsform_elements import REPEAT, Element
from safetyapp.forms.xlsform_kinds import (
    METADATA,
    NOT_KNOWN,
    is_literal,
    kind_of,
    preload_of,
    range_of,
    spec_of,
    type_of,
)
from safetyapp.forms.xlsform_paths import Renamer
from safetyapp.forms.xlsform_report import SURVEY, SheetNotes
from safetyapp.forms.xlsform_words import Languages, clean, printable

_TRUE, _FALSE = ("true()", "yes", "true"), ("false()", "no", "false", "")
_NO_ITEM = ("audit", "csv-external", "xml-external", "entity")
_FILES = (".csv", ".xml", ".geojson")
_USED_PARAMETERS = ("start", "end", "step", "rows", "value", "label")
_TEXTS = (AnswerKind.TEXT, AnswerKind.BARCODE)
_ONCE = re.compile(r"\bonce\s*\(")
_IS_LOT = re.compile(r"(random\(\s*\)|uuid\(\s*\d*\s*\)|int|round|[\s()\d.,*+-])+")
"""A number or an id drawn by lot, and simple sums of one."""
_QUOTED_TEXT = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True, slots=True)
class Making:
    """What items are made with."""

    notes: SheetNotes
    languages: Languages
    lists: Lists
    renamer: Renamer

    def words(self, value: Any) -> Words:
        """A text in our languages, with what it quotes in our names."""
        words = self.languages.words(value)
        return Words(self.renamer.text(words.zh), self.renamer.text(words.en))

    def expression(self, value: Any, element: Element, of_choices: bool = False) -> str:
        """An expression in our names. It is never cut: what is left of one may say something else."""
        text = printable(value) if value is not None else ""
        return self.renamer.expression(text, element, of_choices) if text else ""

    def calculation(self, value: Any, element: Element) -> str:
        """A calculation. `once(x)` of one that nothing triggers is `x` here: what is drawn by lot stays as it is drawn,
        and of other things it is said that they are calculated anew."""
        text = self.expression(value, element)
        if element.raw.get("trigger"):
            return text
        plain = _outside_quotes(_ONCE, "(", text)
        if plain != text and not _IS_LOT.fullmatch(plain):
            zh, en = "once() 不起作用，每次重新计算", "once() has no effect: it is calculated anew each time"
            self.note(element, "not-supported", zh, en)
        return plain

    def note(self, element: Element, code: str, zh: str, en: str) -> None:
        what_zh, what_en = f"“{element.name}”（{element.type}）", f"'{element.name}' ({element.type})"
        self.notes.warning_at(SURVEY, element.row, code, f"{what_zh}：{zh}", f"{what_en}: {en}")


def make_item(element: Element, members: tuple[Item, ...], making: Making) -> Item | None:
    """The item, None for what has no place in a form (noted). `members` are those of a group or repeat."""
    if element.holds:
        return _holder(element, members, making)
    if element.type in _NO_ITEM:
        _note_without_item(element, making)
        return None
    kind = kind_of(element)
    if kind is AnswerKind.CALCULATION:
        return _hidden(element, making)
    return _Question(element, kind, making).item()


def list_of(element: Element) -> str:
    """The name of the list that a question offers; empty for others."""
    return str(element.raw.get("itemset") or element.raw.get("query") or "")


def condition(element: Element, making: Making) -> str:
    """When a group or question is asked; empty for always."""
    text = making.expression(element.part("bind").get("relevant"), element)
    return "true()" if text in _TRUE else "" if text == "" else "false()" if text.lower() in _FALSE else text


def _holder(element: Element, members: tuple[Item, ...], making: Making) -> Item:
    is_table = element.type == REPEAT
    count = making.expression(element.part("control").get("jr:count"), element) if is_table else ""
    return Item(
        id=ItemId(element.id),
        question=_question(element, making) if is_table else making.words(element.raw.get("label")),
        answer=AnswerSpec(AnswerKind.TABLE if is_table else AnswerKind.GROUP),
        hint=making.words(element.raw.get("hint")),
        method=making.words(element.raw.get("guidance_hint")),
        when=condition(element, making),
        required="",
        appearance=_appearance(element),
        media=_media(element, making),
        items=members,
        rows=Rows(count=count) if count else NO_ROWS,
    )


def _hidden(element: Element, making: Making) -> Item:
    """What nobody is asked: calculations, metadata, hidden values."""
    bind, preload = element.part("bind"), preload_of(element)
    calculate = making.calculation(bind.get("calculate"), element)
    default = clean(element.raw.get("default") or "")
    if not calculate and preload:
        calculate = METADATA.get(preload, NOT_KNOWN)
        if preload not in METADATA:
            making.note(element, "not-supported", "这里没有这个值，总是空的", "is not known here: always empty")
    elif not calculate and default:
        is_dynamic = bool(element.raw.get("_dynamic_default"))
        calculate = making.expression(default, element) if is_dynamic else _quoted(default)
    elif not calculate:
        calculate = NOT_KNOWN
        if element.type not in ("hidden", "calculate"):
            zh, en = "不自动记录，总是空的", "is not recorded by itself: always empty"
            making.note(element, "not-supported", zh, en)
    return Item(
        id=ItemId(element.id),
        question=making.words(element.raw.get("label")),
        answer=AnswerSpec(AnswerKind.CALCULATION),
        when=condition(element, making),
        required="",
        calculate=calculate,
        trigger=_trigger(element, making),
    )


class _Question:
    """Makes the item of something that a person sees."""

    def __init__(self, element: Element, kind: AnswerKind, making: Making) -> None:
        self.element = element
        self.making = making
        self.bind = {**type_of(element).get("bind", {}), **element.part("bind")}
        self.offered: ChoiceList | None = None
        self.range_rule = ""
        self.spec = self._spec(kind)

    def item(self) -> Item:
        element, making, kind = self.element, self.making, self.spec.kind
        self._note_the_rest()
        trigger = _trigger(element, making)
        calculate = making.calculation(self.bind.get("calculate"), element) or (NOT_KNOWN if trigger else "")
        asked = kind.is_asked
        of_choices = kind.is_choice and self.offered is not None
        return Item(
            id=ItemId(element.id),
            question=_question(element, making),
            method=making.words(element.raw.get("guidance_hint")),
            answer=self.spec,
            when=condition(element, making),
            hint=self._hint(),
            default=self._default() if asked else "",
            required=self._required() if asked else "",
            required_message=making.words(self.bind.get("jr:requiredMsg")) if asked else NO_WORDS,
            read_only=asked and self._read_only(),
            constraint=self._constraint() if asked else "",
            constraint_message=making.words(self.bind.get("jr:constraintMsg")) if asked else NO_WORDS,
            calculate=calculate if kind is not AnswerKind.NOTE else "",
            trigger=trigger if kind is not AnswerKind.NOTE else "",
            choice_filter=making.expression(element.raw.get("choice_filter"), element, True) if of_choices else "",
            appearance=_appearance(element),
            media=_media(element, making),
        )

    def _spec(self, kind: AnswerKind) -> AnswerSpec:
        if kind is AnswerKind.RANGE:
            spec, self.range_rule = range_of(self.element)
            return spec
        if not kind.is_choice:
            return spec_of(kind)
        self.offered = self._list()
        return spec_of(kind, self.offered.id) if self.offered is not None else spec_of(AnswerKind.TEXT)

    def _list(self) -> ChoiceList | None:
        element, making = self.element, self.making
        name = list_of(element)
        if "search(" in _appearance(element):
            zh, en = (
                "选项由 search() 从文件里找，这里没有；改为填文字",
                "search() looks choices up in a file: a text is asked",
            )
            making.note(element, "not-supported", zh, en)
            return None
        if "${" in name:
            zh, en = (
                "选项来自前面的回答，这里不支持；改为填文字",
                "choices out of earlier answers: a text is asked instead",
            )
            making.note(element, "not-supported", zh, en)
            return None
        if name.endswith(_FILES):
            parameters = element.raw.get("parameters")
            given = parameters if isinstance(parameters, Mapping) else {}
            value, label = str(given.get("value", "name")), str(given.get("label", "label"))
            return making.lists.from_file(name, value, label, element.row)
        found = making.lists.lists.get(name)
        if found is None:
            zh, en = f"选项表“{name}”是空的；改为填文字", f"the list '{name}' is empty: a text is asked instead"
            making.note(element, "not-supported", zh, en)
        return found

    def _hint(self) -> Words:
        raw = self.element.raw
        return self.making.words(raw.get("hint") or type_of(self.element).get("hint"))

    def _required(self) -> str:
        text = self.making.expression(self.bind.get("required"), self.element)
        return "" if text.lower() in _FALSE else ALWAYS if text.lower() in _TRUE else text

    def _read_only(self) -> bool:
        text = clean(self.bind.get("readonly") or "").lower()
        if text not in (*_TRUE, *_FALSE):
            zh, en = "只读条件不支持，总可以改", "a condition for being read-only is not supported: it can be changed"
            self.making.note(self.element, "not-supported", zh, en)
        return text in _TRUE

    def _constraint(self) -> str:
        written = self.making.expression(self.bind.get("constraint"), self.element)
        if written.lower() in _TRUE:
            written = ""
        if not self.range_rule:
            return written
        return f"{self.range_rule} and ({written})" if written else self.range_rule

    def _default(self) -> str:
        """A default that is none of its kind's answers and no expression is left behind."""
        element, making, kind = self.element, self.making, self.spec.kind
        text = clean(element.raw.get("default") or "")
        if not text:
            return ""
        if kind in (AnswerKind.PHOTO, AnswerKind.TABLE) or kind.is_file:
            zh, en = "默认的文件没有带来", "the file that it starts with is not carried"
            making.note(element, "not-carried", zh, en)
            return ""
        if element.raw.get("_dynamic_default"):
            written = making.expression(text, element)
            return f"string({written})" if kind in _TEXTS and "${" not in written and "(" not in written else written
        for old, new in making.lists.renamed.items():
            text = new if text == old else text
        if is_literal(self.spec, text, self.offered):
            return text
        zh, en = (
            f"默认值“{text[:40]}”不是它的回答，没有带来",
            f"the default '{text[:40]}' is no answer to it: not carried",
        )
        making.note(element, "not-carried", zh, en)
        return ""

    def _note_the_rest(self) -> None:
        """Names what is asked of other programs only."""
        element, making = self.element, self.making
        control, appearance = element.part("control"), _appearance(element)
        if "ex:" in appearance or control.get("intent") or element.raw.get("intent"):
            zh, en = "由外部程序填写；这里直接填", "an outside program would answer it: it is filled in here"
            making.note(element, "not-supported", zh, en)
        if element.type == "osm":
            making.note(
                element, "not-supported", "OSM 编辑器不支持，改为附一个文件", "there is no OSM editor: a file is asked"
            )
        parameters = element.raw.get("parameters")
        left = {k: v for k, v in _parsed(parameters).items() if k not in _USED_PARAMETERS}
        if left:
            named = ", ".join(f"{key}={value}" for key, value in left.items())
            making.note(element, "not-carried", f"参数不起作用：{named}", f"has no effect here: {named}")


def _note_without_item(element: Element, making: Making) -> None:
    match element.type:
        case "audit":
            zh, en = "不另记操作日志（草稿自有历史）", "no audit log is written (a draft keeps its history)"
        case "csv-external" | "xml-external":
            zh, en = (
                "外部数据文件没有带来，取自它的值总是空的",
                "the data file is not carried: values out of it are empty",
            )
        case _:
            zh, en = "实体（entities）不支持", "entities are not supported"
    making.note(element, "not-supported", zh, en)


def _question(element: Element, making: Making) -> Words:
    """The label; what has none is called by its hint or its name."""
    words = making.words(element.raw.get("label"))
    return words if words.zh else making.words(element.raw.get("hint")) if element.raw.get("hint") else _named(element)


def _named(element: Element) -> Words:
    return Words(element.name)


def _appearance(element: Element) -> str:
    control = element.part("control")
    text = clean(control.get("appearance") or "")
    rows = control.get("rows") or _parsed(element.raw.get("parameters")).get("rows")
    several = str(rows).isdigit() and int(str(rows)) > 1
    return f"{text} multiline".strip() if several and "multiline" not in text.split() else text


def _parsed(parameters: Any) -> dict[str, str]:
    if isinstance(parameters, Mapping):
        return {str(key): str(value) for key, value in parameters.items()}
    parts = str(parameters or "").replace(",", " ").replace(";", " ").split()
    return {key: value for key, _, value in (part.partition("=") for part in parts)}


def _media(element: Element, making: Making) -> tuple[Media, ...]:
    found: list[Media] = []
    for kind, value in element.part("media").items():
        name = file_name(making.languages.one(value))
        if kind in ("image", "audio", "video") and name:
            found.append(Media(kind, name))
        elif kind == "big-image":
            making.note(element, "not-carried", "没有大图，只有图", "the big image is not carried, the image is")
        else:
            making.note(element, "not-carried", f"媒体文件没有带来：{kind}", f"a media file is not carried: {kind}")
    return tuple(found)


def _trigger(element: Element, making: Making) -> str:
    given = element.raw.get("trigger") or ()
    names = [str(name) for name in given] if isinstance(given, tuple | list) else [str(given)]
    if len(names) > 1:
        zh, en = f"只由“{names[0]}”触发", f"only '{names[0]}' triggers it"
        making.note(element, "not-supported", zh, en)
    return making.renamer.id_of(names[0]) if names else ""


def _outside_quotes(pattern: re.Pattern[str], new: str, text: str) -> str:
    """The text with the pattern replaced wherever it stands in no quotes."""
    parts, end = [], 0
    for quoted in _QUOTED_TEXT.finditer(text):
        parts += [pattern.sub(new, text[end : quoted.start()]), quoted[0]]
        end = quoted.end()
    return "".join((*parts, pattern.sub(new, text[end:])))


def _quoted(text: str) -> str:
    """A text as an expression; one with both kinds of quotes is put together."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    pieces = ', "\'", '.join(f"'{piece}'" for piece in text.split("'"))
    return f"concat({pieces})"
