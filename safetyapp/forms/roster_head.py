"""What the columns of a class roster 花名册 may be called, and what they hold."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from safetyapp.forms.sheet_head import SheetHead, Vocabulary, find_in, first_match, folded_head
from safetyapp.forms.sheets import Sheet


class RosterColumn(StrEnum):
    """What a column holds. Those under `NOT_KEPT` are understood, but not kept: pupils are counted, never named."""

    NUMBER = "number"
    SCHOOL = "school"
    GRADE = "grade"
    CLASS = "name"
    BUILDING = "building"
    FLOOR = "floor"
    ROOM = "room"
    PLACE = "place"
    ENROLLED = "enrolled"
    BOYS = "boys"
    GIRLS = "girls"
    TEACHER = "teacher"
    ASSISTANT = "assistant"
    PHONE = "phone"
    ROUTE = "route"
    STAIRS = "stairs"
    EXIT = "exit"
    PUPIL = "pupil"
    PUPIL_NUMBER = "pupil_number"
    PUPIL_DATA = "pupil_data"
    OTHER = "other"


NOT_KEPT = frozenset(
    {
        RosterColumn.NUMBER,
        RosterColumn.SCHOOL,
        RosterColumn.ASSISTANT,
        RosterColumn.PHONE,
        RosterColumn.PUPIL,
        RosterColumn.PUPIL_NUMBER,
        RosterColumn.PUPIL_DATA,
        RosterColumn.OTHER,
    }
)
ONE_PUPIL = (RosterColumn.PUPIL, RosterColumn.PUPIL_NUMBER)
"""A row below one of these columns may be a single pupil."""

# Each pattern must match the whole head text, after `folded_head`. The first that does wins.
_PATTERNS: tuple[tuple[RosterColumn, str], ...] = (
    (RosterColumn.NUMBER, r"序号|编号|序|号|no\.?|#|行号|顺序号"),
    (
        RosterColumn.TEACHER,
        r"(班主任|教师|老师)(姓名)?[及和与(]+(联系)?(电话|手机|联系方式|手机号)\)?",
    ),  # both in one cell
    (RosterColumn.PHONE, r".*(电话|手机|联系方式|微信).*"),
    (RosterColumn.OTHER, r".*(备注|说明|住宿|寄宿|走读|集合|实到|缺勤|签字|签名).*|班级?总?数|班数"),
    (
        RosterColumn.PUPIL_NUMBER,
        r"(学生|幼儿)?(学号|学籍号|学籍辅号|学籍编号|全国学籍号|身份证|身份证件?号码?|证件号码?|考号|座号|座位号)",
    ),
    (
        RosterColumn.PUPIL_DATA,
        r"性别|出生.*|生日|年龄|民族|籍贯|户籍.*|.*(家长|监护人|父亲|母亲|父母|家庭).*|住址|家庭住址|过敏.*|特殊体质.*|病史",
    ),
    (RosterColumn.PUPIL, r"(学生|幼儿|孩子|儿童|宝宝|同学|新生)(的?姓名|名字|名单|名)|姓名|名字|人员姓名"),
    (RosterColumn.SCHOOL, r"(所属|所在)?(学校|校区|幼儿园|园所|单位)(名称|名|全称)?|校名|园名"),
    (
        RosterColumn.CLASS,
        r"(所在|所属|行政|教学)?(年级)?(班级|班别|班次|班)(年级)?(名称|名|全称|号|序号)?|年级(及|和)?班级|年班|class(name)?",
    ),
    (RosterColumn.GRADE, r"(所在|所属)?(年级|年段|级部|学段|年龄段)(名称)?|grade"),
    (
        RosterColumn.PLACE,
        r"(班级|教室|所在|上课)*(位置|地点|场所|场地)|(楼栋|楼号|教学楼)?楼层(及)?(教室|房间)(号)?|(楼栋|楼号|教学楼)[及和]?楼层|place",
    ),
    (RosterColumn.BUILDING, r"(所在)?(楼栋|楼宇|教学楼|楼号|楼名|楼|建筑物?|栋号?|楼座|校舍)(名称|号|编号)?"),
    (RosterColumn.FLOOR, r"(所在)?(楼层|层|层数|层号)(数|号)?|floor"),
    (
        RosterColumn.ROOM,
        r"(所在|班级)?(教室|房间|活动室|活动单元|门牌)(号|编号|名称|门牌号?|房间号)?|房号|room",
    ),
    (
        RosterColumn.ENROLLED,
        r"(本学期|应到|学籍|在籍|在校|在园|在册|实有|现有|全班|本班|班级|学生|幼儿|总)*(人数|总数|学生数|幼儿数|总人数|数量?)(合计)?"
        r"|应到|应到学籍|应到在籍|班额|在籍|在册|合计|小计|总计|共计|enrolled",
    ),
    (RosterColumn.BOYS, r"(男|男生|男童|男孩|男同学)(人)?数?"),
    (RosterColumn.GIRLS, r"(女|女生|女童|女孩|女同学)(人)?数?"),
    (RosterColumn.ASSISTANT, r"(副|第二|辅助|配班|保育|生活|助理).*"),
    (
        RosterColumn.TEACHER,
        r"(现任)?班主任(教师|老师)?(姓名)?|(带班|主班|负责|责任|疏散|跟班|包班|本班|主配班)?(教师|老师|人员)(姓名)?"
        r"|教师保育员|主班|带班人|(疏散)?(负责人|责任人)(姓名)?|teacher",
    ),
    (RosterColumn.STAIRS, r"(疏散|使用|所走|下楼)*(楼梯|楼梯口|楼梯间)(号|编号|名称)?|stairs"),
    (RosterColumn.EXIT, r"(疏散|安全|所走)*(出口|楼门|出楼口)(号|编号|名称)?|exit"),
    (
        RosterColumn.ROUTE,
        r"(应急|消防|火灾|紧急|演练)*(疏散|逃生|撤离)?(路线|线路|通道|路径|方向)(图|安排)?|应急疏散|(疏散|使用)?楼梯[及和]?(安全)?出口|route",
    ),
)
_COMPILED = tuple((column, re.compile(pattern)) for column, pattern in _PATTERNS)
_GENERIC = re.compile(r"姓名|名字|人?数|总数|人数|名称|号|位置|情况")
_PLAIN_NAMES = ("班级", "班级名称", "班别")

RosterHead: TypeAlias = SheetHead[RosterColumn]


@lru_cache(maxsize=1024)
def recognise(text: str) -> RosterColumn | None:
    """What a column of this head text holds, None when nobody can tell."""
    return first_match(text, _COMPILED)


def find_roster_head(sheet: Sheet) -> RosterHead | None:
    """The rows that name the columns, the class's name among them; None if none do."""
    return find_in(sheet, _VOCABULARY)


def _is_head(head: RosterHead) -> bool:
    name = next((cell for cell in head.cells if cell.column is RosterColumn.CLASS), None)
    return name is not None and (head.recognised > 1 or folded_head(name.text) in _PLAIN_NAMES)


def _column(parent: str, child: str, left: RosterColumn | None) -> RosterColumn | None:
    """What the column holds: from its own text, with the text above it where its own says too little."""
    generic = _GENERIC.fullmatch(folded_head(child)) is not None
    own = recognise(parent + child) if generic and parent else None
    return own or recognise(child) or (recognise(parent) if parent and not generic else None)


_VOCABULARY = Vocabulary(_column, _is_head, RosterColumn.OTHER)
