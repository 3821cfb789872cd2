"""Forms made for measuring: a thousand questions that hang on one another, a table, an XLSForm of a survey's size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

from safetyapp.domain.address import at
from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Choice, ChoiceList, Limits
from safetyapp.domain.form import ALWAYS, Form, FormId, Item, ItemId, Section, with_address
from safetyapp.domain.inspection import Answer
from safetyapp.domain.words import Words
from safetyapp.forms.read_yaml import read_form
from safetyapp.texts import built_in_forms
from safetyapp.ui.tools import Tools
from safetyapp.workflow.inspect import answer
from safetyapp.workflow.opened import Open, open_with, save_whole

K = AnswerKind
FIRST = "q0-0"
"""The question of `questions` that all the others hang on."""
BLOCK = 10
LISTS = (ChoiceList("found", tuple(Choice(f"c{n}", Words(f"第{n}种情形", f"Case {n}")) for n in range(1, 7))),)


def _item(item_id: str, kind: AnswerKind, zh: str, **changes: object) -> Item:
    required = ALWAYS if kind.is_asked and "calculate" not in changes else ""
    made = Item(ItemId(item_id), Words(zh, f"{item_id} {kind.value}"), answer=AnswerSpec(kind), required=required)
    return replace(made, **changes)  # type: ignore[arg-type]  # names are checked by replace itself


def questions(count: int, version: str = "1") -> Form:
    """So many questions (tens), each with a condition or a calculation but the first: ten that hang on one another, a
    total that runs through all tens, and a condition on the first for each ten."""
    blocks = [tuple(_ten(n)) for n in range(count // BLOCK)]
    size = 5
    sections = tuple(
        Section(
            f"s{n}", Words(f"第{n + 1}类", f"Part {n + 1}"), tuple(i for b in blocks[first : first + size] for i in b)
        )
        for n, first in enumerate(range(0, len(blocks), size))
    )
    title = Words("有条件的大表", "Large form with conditions")
    return with_address(Form(FormId(f"questions-{count}"), version, title, "fire", (), sections, choices=LISTS))


def checklist(count: int, version: str = "1") -> Form:
    """So many items of the fire checklist, repeated under new ids in sections of fifty."""
    fire = read_form(built_in_forms() / "fire.yaml")
    kinds = list(fire.items())
    items = [replace(kinds[n % len(kinds)], id=ItemId(f"C-{n:04}")) for n in range(count)]
    sections = tuple(
        Section(
            f"s{first}", Words(f"第{first // 50 + 1}类", f"Part {first // 50 + 1}"), tuple(items[first : first + 50])
        )
        for first in range(0, count, 50)
    )
    made = replace(fire, id=FormId(f"checklist-{count}"), version=version, sections=sections, due=())
    return with_address(made)


def _ten(n: int) -> Iterator[Item]:
    def q(m: int, block: int = n) -> str:
        return f"q{block}-{m}"

    sound = f"${{{q(0)}}} = 'pass'"
    several = replace(AnswerSpec(K.CHOICES), choice_list="found")
    one = replace(AnswerSpec(K.CHOICE), choice_list="found")
    so_far = f"coalesce(${{{q(9, n - 1)}}}, 0) + " if n else ""
    hangs = {"when": f"${{{FIRST}}} != 'na'"} if n else {}
    yield _item(q(0), K.CONFORMITY, f"第{n}组设施是否齐全、完好、有效？", **hangs)
    yield _item(q(1), K.INTEGER, "应有多少具？", when=sound, constraint=". >= 0 and . <= 1000")
    yield _item(q(2), K.INTEGER, "实有多少具？", when=sound, constraint=f". <= ${{{q(1)}}}")
    yield _item(q(3), K.CALCULATION, "缺少", calculate=f"${{{q(1)}}} - ${{{q(2)}}}")
    yield _item(q(4), K.TEXT, f"缺少 ${{{q(3)}}} 具的原因", when=f"${{{q(3)}}} > 0")
    yield _item(q(5), K.CHOICES, "发现了哪些情形？", when=f"${{{q(1)}}} > 0", answer=several)
    yield _item(q(6), K.CHOICE, "哪一种最多？", when=f"selected(${{{q(5)}}}, 'c1')", answer=one)
    yield _item(q(7), K.CALCULATION, "缺少的百分比", calculate=f"round(${{{q(3)}}} div ${{{q(1)}}} * 100, 1)")
    yield _item(q(8), K.CONFORMITY, "缺少是否在限值内", calculate=f"if(${{{q(7)}}} > 50, 'fail', 'pass')")
    yield _item(q(9), K.CALCULATION, "至此缺少", calculate=f"{so_far}coalesce(${{{q(3)}}}, 0)")


def given_in(n: int) -> Iterator[tuple[str, str]]:
    """What a person answers in the ten questions `n`; in each tenth ten too much is missing, which is a finding."""
    yield f"q{n}-0", "pass"
    yield f"q{n}-1", "40"
    yield f"q{n}-2", "10" if n % 10 == 9 else "36"
    yield f"q{n}-4", "送修未归"
    yield f"q{n}-5", "c1 c3"
    yield f"q{n}-6", "c3"


def table() -> Form:
    """A table of ten columns, four of them calculated or under a condition, and totals of it beside."""
    limits = Limits(minimum=Decimal(0), maximum=Decimal(1000))
    columns = (
        _item("class", K.TEXT, "班级"),
        _item("place", K.TEXT, "地点"),
        _item("enrolled", K.INTEGER, "应到", answer=AnswerSpec(K.INTEGER, limits=limits)),
        _item("present", K.INTEGER, "实到", constraint=". <= ${enrolled}"),
        _item("missing", K.CALCULATION, "缺", calculate="${enrolled} - ${present}"),
        _item("arrived", K.TIME, "到达时刻"),
        _item("calm", K.CONFORMITY, "秩序"),
        _item("why", K.TEXT, "去向", when="${missing} > 0"),
        _item("share", K.CALCULATION, "到场率", calculate="round(${present} div ${enrolled} * 100, 1)"),
        _item("state", K.CONFORMITY, "到场率是否达标", calculate="if(${share} < 50, 'fail', 'pass')"),
    )
    around = (
        _item("classes", K.CALCULATION, "班级数", calculate="count(${sheet})"),
        _item("all", K.CALCULATION, "实到合计", calculate="sum(${present})"),
        _item("gone", K.CALCULATION, "未到合计", calculate="sum(${missing})"),
        _item("who", K.TEXT, "未到 ${gone} 人，何人跟进", when="${gone} > 0"),
    )
    items = (_item("sheet", K.TABLE, "各班登记表", items=columns), *around)
    section = Section("one", Words("登记", "Sheet"), items)
    return with_address(Form(FormId("sheet"), "1", Words("各班登记", "Sheet"), "drill", (), (section,)))


def with_rows(tools: Tools, draft: Open, count: int) -> Open:
    """The draft of `table` with so many rows, everything in them answered."""
    draft = answer(tools.store, tools.clock, tools.wording, draft, "sheet", f"+{count}")
    row = {"place": "教学楼", "enrolled": "40", "present": "38", "arrived": "09:30", "calm": "pass", "why": "病假"}
    now, answers = tools.clock.now(), dict(draft.inspection.answers)
    for n in range(1, count + 1):
        for column, text in {"class": f"{n}班", **row}.items():
            address = at(ItemId(column), (str(n),))
            answers[address] = Answer(address, text, now)
    filled = replace(draft.inspection, answers=answers)
    return save_whole(tools.store, open_with(tools.store, tools.reckon, filled, draft.form), tools.clock.now())


def workbook(rows: int) -> bytes:
    """An XLSForm of so many rows: groups and a repeat, choices, numbers, days, texts that quote, calculations,
    conditions, constraints and filters, in two languages."""
    from openpyxl import Workbook

    made = Workbook()
    survey, choices = made.worksheets[0], made.create_sheet("choices")
    survey.title = "survey"
    for row in _survey(rows):
        survey.append(row)
    choices.append(["list_name", "name", "label::中文 (zh)", "label::English (en)", "part"])
    for name, count in (("yes_no", 2), ("found", 12), ("place", 60)):
        for n in range(1, count + 1):
            choices.append([name, f"c{n}", f"{name} 第{n}项", f"{name} {n}", f"c{n % 12 + 1}"])
    settings = made.create_sheet("settings")
    settings.append(["form_title", "form_id", "version"])
    settings.append(["校园安全检查", "survey", "1"])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


_HEADS = {
    "type": "type", "name": "name", "zh": "label::中文 (zh)", "en": "label::English (en)", "hint_zh": "hint::中文 (zh)",
    "hint_en": "hint::English (en)", "relevant": "relevant", "constraint": "constraint",
    "says": "constraint_message::中文 (zh)", "said": "constraint_message::English (en)", "calculation": "calculation",
    "required": "required", "filter": "choice_filter", "appearance": "appearance",
}  # fmt: skip


def _survey(rows: int) -> Iterator[list[str]]:
    """The survey sheet: parts of fifteen rows, every fourth of them a repeat with a total after it in the next."""
    yield list(_HEADS.values())
    for n in range(rows // 15):
        for told in _part(n):
            row = {"required": "yes" if told["type"].split()[0] in ("select_one", "integer") else "", **told}
            if "zh" in row:
                row |= {"en": f"Question {row['name']} of part {n}"}
            yield [row.get(key, "") for key in _HEADS]


def _part(n: int) -> Iterator[dict[str, str]]:
    def name(letter: str) -> str:
        return f"p{n}_{letter}"

    def node(letter: str) -> str:
        return f"${{{name(letter)}}}"

    kind = "repeat" if n % 4 == 3 else "group"
    yield {"type": f"begin {kind}", "name": f"p{n}", "zh": f"第{n}部分"}
    yield {"type": "note", "name": name("a"), "zh": "请逐项查看，不适用的注明原因。"}
    yield {"type": "select_one yes_no", "name": name("b"), "zh": "是否设有这类设施？"}
    yield {"type": "integer", "name": name("c"), "zh": "应有数量", "relevant": f"{node('b')} = 'c1'",
           "constraint": ". >= 0 and . < 1000", "says": "0 到 999", "said": "0 to 999"}  # fmt: skip
    yield {"type": "integer", "name": name("d"), "zh": "实有数量", "relevant": f"{node('b')} = 'c1'",
           "constraint": f". <= {node('c')}", "says": "不能多于应有", "said": "Not more than wanted"}  # fmt: skip
    yield {"type": "calculate", "name": name("e"), "calculation": f"{node('c')} - {node('d')}"}
    yield {"type": "text", "name": name("f"), "zh": f"缺少 {node('e')} 具的原因", "relevant": f"{node('e')} > 0",
           "hint_zh": "写明送修或报废", "hint_en": "Say why", "appearance": "multiline"}  # fmt: skip
    yield {"type": "select_multiple found", "name": name("g"), "zh": "发现了哪些情形？",
           "relevant": f"{node('c')} > 0"}  # fmt: skip
    yield {"type": "select_one place", "name": name("h"), "zh": "在哪里？",
           "relevant": f"count-selected({node('g')}) > 0", "filter": f"selected({node('g')}, part)"}  # fmt: skip
    yield {"type": "decimal", "name": name("i"), "zh": "实测压力", "constraint": ". >= 0.05 and . <= 1.6"}
    yield {"type": "date", "name": name("j"), "zh": "上次检查日期", "constraint": ". <= today()"}
    yield {"type": "calculate", "name": name("k"), "calculation": f"round({node('e')} div {node('c')} * 100, 1)"}
    yield {"type": "select_one yes_no", "name": name("l"), "zh": f"缺少 {node('k')}%，是否需要停用？",
           "relevant": f"{node('k')} > 50 and not(selected({node('g')}, 'c12'))"}  # fmt: skip
    if n % 4:
        yield {"type": "image", "name": name("m"), "zh": "现场照片", "relevant": f"{node('l')} = 'c1'"}
    else:
        total = f"sum(${{p{n - 1}_c}})" if n else "1"
        yield {"type": "calculate", "name": name("m"), "calculation": total}
    yield {"type": f"end {kind}"}
