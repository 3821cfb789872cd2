"""The sheets of a form's workbook as one table of data: every column with its key, head, shape and what explains it.

A key is the way to a value in the form's file: `answer.min` of an item. Writing and reading both go by this table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from safetyapp.forms.workbook_words import (
    DOERS,
    KINDS,
    METHODS,
    OUTCOMES,
    PHOTOS,
    ROSTER,
    SEVERITIES,
    STATUSES,
    Wording,
)


class Shape(Enum):
    """What a cell holds. From BASES on a cell holds several things, one a line."""

    TEXT = auto()
    EXPRESSION = auto()
    REQUIRED = auto()
    TRUTH = auto()
    WHOLE = auto()
    DECIMAL = auto()
    DAY = auto()
    WORD = auto()
    EVERY = auto()
    BASIS = auto()
    BASES = auto()
    APPLIES = auto()
    CASES = auto()
    READINGS = auto()
    MEDIA = auto()
    ROWS = auto()

    @property
    def has_lines(self) -> bool:
        return self in _LINES


_LINES = frozenset({Shape.BASES, Shape.APPLIES, Shape.CASES, Shape.READINGS, Shape.MEDIA, Shape.ROWS})


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: `heads` are what its head may say, the first is written; `rare` ones are folded away while empty."""

    key: str
    heads: tuple[str, ...]
    shape: Shape = Shape.TEXT
    width: int = 12
    note: str = ""
    wording: Wording | None = None
    required: bool = False
    rare: bool = False

    @property
    def head(self) -> str:
        return self.heads[0]

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.key.split("."))


def _one(
    key: str,
    heads: str,
    shape: Shape = Shape.TEXT,
    width: int = 12,
    note: str = "",
    wording: Wording | None = None,
    required: bool = False,
) -> Column:
    return Column(key, tuple(heads.split("|")), shape, width, note, wording, required)


def _two(key: str, heads: str, width: int = 24, note: str = "", required: bool = False) -> tuple[Column, Column]:
    """The columns of a text in two languages."""
    names = heads.split("|")
    english = tuple(f"{name}（英文）" for name in names)
    also = "可以空着；英文界面和英文打印用。"
    return (
        Column(f"{key}.zh", tuple(names), Shape.TEXT, width, note, None, required),
        Column(f"{key}.en", english, Shape.TEXT, width, also),
    )


def _rare(*columns: Column) -> tuple[Column, ...]:
    return tuple(replace(column, rare=True) for column in columns)


FORM_SHEET = "检查表"
ITEM_SHEET = "项目"
CHOICE_SHEET = "选项"
DOCUMENT_SHEET = "依据"
SHEETS = {
    FORM_SHEET: ("form",),
    ITEM_SHEET: ("检查项", "检查项目", "items"),
    CHOICE_SHEET: ("选项表", "choices"),
    DOCUMENT_SHEET: ("法律依据", "检查依据", "documents"),
}
"""The sheets, and what else they may be called."""

SECTION_BLOCK, GRADE_BLOCK, DUE_BLOCK = "类别表", "等级表", "应检表"
VALUE_HEADS = ("内容", "内容（英文）")

_APPLIES = (
    "留空=所有学校。一行一种情况，符合任一行即适用。\n"
    "学校类型之间用“、”（任一），还要有的条件用“且”：\n小学、初中 且 有食堂"
)
_BASES = "一行一条：《文件简称》条款 [已核]\n没对过原文的写 [待核]，打印时会标“待核”。文件先在“依据”表登记。"

FORM_ROWS = (
    _one("id", "代号|检查表代号", note="检查表的固定代号，如 fire；同一张表换版本时不改。", required=True),
    _one("version", "版本|版本号", note="改了内容就换一个版本号。", required=True),
    *_two("title", "名称|标题", required=True),
    _one("category", "专业|专业类别", note="如 fire、food；字母和数字。", required=True),
    *_two("description", "说明"),
    _one("format", "格式", Shape.WHOLE, note="固定写 1。", required=True),
    _one("scoring.method", "评分方法", Shape.WORD, note="不评分就空着。", wording=METHODS),
    _one("scoring.full", "满分", Shape.DECIMAL, note="评分时填，如 100。"),
    *_two("scoring.note", "评分说明"),
)
SECTION_COLUMNS = (
    _one("id", "类别代号|代号", note="“项目”表的“类别”列写它（写名称也行）。", required=True),
    *_two("title", "类别名称|名称", required=True),
    _one("when", "出现条件", Shape.EXPRESSION, 30, "空着=总是检查。写法见说明文档“表达式”。"),
)
GRADE_COLUMNS = (
    _one("id", "等级代号|代号", required=True),
    *_two("label", "等级名称|名称", required=True),
    _one("at_least", "分数线|不低于", Shape.DECIMAL, note="达到这个分数就是这个等级。", required=True),
)
DUE_COLUMNS = (
    _one("id", "应检代号|代号", required=True),
    _one("by", "由谁检查", Shape.WORD, wording=DOERS, required=True),
    _one("every", "周期", Shape.EVERY, 14, "每月1次、每学期1次（开学前）、每365天。", required=True),
    *_two("what", "检查什么|事项", required=True),
    _one("applies", "适用学校", Shape.APPLIES, 24, _APPLIES),
    _one("basis", "依据|检查依据", Shape.BASES, 30, _BASES),
    _one("recommended", "只是建议", Shape.TRUTH, note="是=习惯或我们的建议；空着=文件规定的义务。"),
    _one("by_anyone", "谁做都算", Shape.TRUTH, note="是=学校或区里做过都算完成。"),
    _one("confidence", "把握", width=16, note="内部备注：这条有多可靠。"),
)
BLOCKS = {SECTION_BLOCK: SECTION_COLUMNS, GRADE_BLOCK: GRADE_COLUMNS, DUE_BLOCK: DUE_COLUMNS}
"""The small tables below the form's own rows."""

ITEM_COLUMNS = (
    _one("section", "类别|检查类别", note="类别代号或名称（见“检查表”的类别表）。空着=同上一行。", required=True),
    _one("id", "编号|项目编号", note="全表唯一，用字母开头，如 F-12；以后不要改，历史记录靠它对应。", required=True),
    _one("parent", "所属|所属项目", note="表格的列、分组里的项写上级的编号；其他空着。"),
    _one("answer.kind", "种类|回答种类", Shape.WORD, 10, "要填什么，从下拉里选。", KINDS, True),
    *_two("question", "检查内容|问题|检查项目", 36, "检查员看到的问题。", True),
    *_two("method", "检查方法", 36, "会判合格/不合格的项必须写。"),
    *_two("answer.unit", "单位", 8, "如 米、MPa。"),
    _one("answer.min", "下限|最小", Shape.DECIMAL, 8, "低于它就是不合格。小数照样写，如 0.90。"),
    _one("answer.max", "上限|最大", Shape.DECIMAL, 8, "高于它就是不合格。"),
    _one("answer.max_age_days", "最久天数|有效天数", Shape.WHOLE, 10, "日期离检查那天超过这么多天就是不合格。"),
    _one("answer.not_expired", "须未过期", Shape.TRUTH, 10, "是=日期不得早于检查那天（如许可证有效期）。"),
    _one(
        "answer.cases",
        "分情况限值",
        Shape.CASES,
        36,
        "一行一种：代号：名称；最小 1.20；最大 2；最久 365 天；适用 幼儿园\n不写“适用”的由检查员选。",
    ),
    _one(
        "answer.readings",
        "附带读数",
        Shape.READINGS,
        36,
        "一行一个：代号：名称；整数；单位 个；最小 2；必填\n"
        "种类可用 整数、小数、日期、时间、文字、单选（选项表 代号）。",
    ),
    _one("answer.list", "选项表", width=12, note="单选、多选、排序用哪张选项表（见“选项”）。"),
    _one("answer.other", "可填其他", Shape.TRUTH, 8, "是=选项后面加“其他”，可自己写。"),
    _one("severity", "隐患等级", Shape.WORD, 10, "重大必须写判定条款；重大候选必须写何时为重大。", SEVERITIES),
    *_two("reason", "等级理由", 28),
    _one("criterion", "判定条款", Shape.BASIS, 28, "判为重大的条款：《文件简称》条款 [已核]"),
    *_two("candidate", "何时为重大", 28),
    *_two("action", "整改要求", 28),
    _one("days", "整改天数|期限", Shape.WHOLE, 8, "0=当场。"),
    _one("basis", "检查依据|依据", Shape.BASES, 36, _BASES),
    _one("photo", "拍照", Shape.WORD, 10, "不合格时拍、必拍；空着=不拍。", PHOTOS),
    *_two("photo_note", "拍照说明", 24),
    _one("applies", "适用学校", Shape.APPLIES, 28, _APPLIES),
    *_two("applies_text", "适用说明", 24, "程序不认识的条件用文字写，检查员自己判断。"),
    _one("when", "出现条件", Shape.EXPRESSION, 30, "空着=总是问。如 ${F-50} = 'fail'"),
    _one("required", "必答", Shape.REQUIRED, 8, "是、否，或一个条件（表达式）。空着=是。"),
    *_two("hint", "填写提示", 24),
    *_two("config_note", "配置说明", 24, "给维护检查表的人看。"),
    _one("confidence", "把握", width=12, note="内部备注：这项有多可靠。"),
    _one("weight", "分值", Shape.DECIMAL, 8, "合格得的分，或扣分法里不合格扣的分。"),
    _one("veto", "否决到等级", width=10, note="不合格时总评最高只能到这个等级（等级代号）。"),
    *_rare(
        *_two("required_message", "必答提示", 24),
        _one("default", "默认值", Shape.EXPRESSION, 20),
        _one("calculate", "计算", Shape.EXPRESSION, 30, "种类为“计算”时必须写。"),
        _one("trigger", "何时重算", note="写一个编号：只在它被回答时重算。"),
        _one("read_only", "只读", Shape.TRUTH, 8),
        _one("least", "动态下限", Shape.EXPRESSION, 24, "由表达式算出的下限，如 ${F-50-least}"),
        _one("most", "动态上限", Shape.EXPRESSION, 24, "由表达式算出的上限。"),
        _one("constraint", "校验", Shape.EXPRESSION, 30, "回答必须满足的条件，如 . <= 100"),
        *_two("constraint_message", "校验提示", 24),
        _one("choice_filter", "选项筛选", Shape.EXPRESSION, 30),
        _one("answer.signed", "可为负", Shape.TRUTH, 8),
        _one("answer.future", "可为将来", Shape.TRUTH, 8),
        _one("answer.step", "步长", Shape.DECIMAL, 8, "滑块和评分的一格。"),
        _one("answer.max_length", "最多字数", Shape.WHOLE, 8),
        _one(
            "rows",
            "表格的行",
            Shape.ROWS,
            30,
            "只用于表格，一行一条：来源 花名册；固定 行名；行数 表达式；至少 1；至多 20；标题 班级",
        ),
        _one("roster", "取自花名册", Shape.WORD, 10, "这一列由班级花名册的哪一项填。", ROSTER),
        _one("appearance", "外观", width=14),
        _one("media", "附图", Shape.MEDIA, 24, "一行一个：图片：文件名；说明"),
    ),
)
CHOICE_COLUMNS = (
    _one("list", "选项表|选项表代号", note="同一张选项表的各行写同一个代号。空着=同上一行。", required=True),
    _one("id", "选项代号|代号", note="不能有空格和逗号。", required=True),
    *_two("label", "选项名称|名称", required=True),
    _one("outcome", "结果", Shape.WORD, 10, "选它算 合格、不合格、不适用；空着=只记录。", OUTCOMES),
    _one("media", "图片", width=18, note="文件名，不带文件夹。"),
)
FILTER_KEY, FILTER_HEAD = "with.", "筛选："
"""Before the name of a further column of the choices, in the key and in the head."""

DOCUMENT_COLUMNS = (
    _one("id", "文件代号|代号", width=16, note="如 fire-law。", required=True),
    _one("title", "文件名称|全称", width=44, required=True),
    _one("short", "简称", width=24, note="打印和引用时用；每份文件不同。"),
    _one("number", "文号", width=24),
    _one("in_force", "施行日期", Shape.DAY, 12, "写成 2026-01-31。"),
    _one("edition", "版本", width=20),
    _one("status", "核对情况", Shape.WORD, 10, "空着=待核。", STATUSES),
    _one("superseded", "已被替代", Shape.TRUTH, 10, "是=只供追溯，不打印。"),
    _one("note", "备注", width=44),
)
