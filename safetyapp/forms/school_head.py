"""What the columns of a school list may be called, and what they hold."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from safetyapp.forms.sheet_head import SEARCHED_ROWS, SheetHead, Vocabulary, find_in, first_match, folded_head
from safetyapp.forms.sheets import Sheet


class Column(StrEnum):
    """What a column holds. Those under `NOT_KEPT` are understood, but a School has no place for them."""

    NUMBER = "number"
    NAME = "name"
    CAMPUS = "campus"
    CODE = "code"
    KIND = "kind"
    STREET = "street"
    ADDRESS = "address"
    CAMPUS_ADDRESS = "campus_address"
    STUDENTS = "students"
    HEAD = "head"
    HEAD_PHONE = "head_phone"
    PHONE = "phone"
    OFFICER = "officer"
    OFFICER_PHONE = "officer_phone"
    BOARDING = "boarding"
    CANTEEN = "canteen"
    GAS = "gas"
    BOTTLED_GAS = "bottled_gas"
    LABORATORY = "laboratory"
    CONTROL_ROOM = "control_room"
    HYDRANTS = "hydrants"
    ALARM_SYSTEM = "alarm_system"
    PUMPS_OR_SPRINKLERS = "pumps_or_sprinklers"
    AUTOMATIC_SYSTEMS = "automatic_systems"
    FIRE_FACILITIES = "fire_facilities"
    ACCESS_CONTROL = "access_control"
    EBIKES = "ebikes"
    CONSTRUCTION = "construction"
    NAP_ROOM = "nap_room"
    KEY_UNIT = "key_unit"
    SCHOOL_BUS = "school_bus"
    BOUGHT_IN_MEALS = "bought_in_meals"
    CONTROLLED_CHEMICALS = "controlled_chemicals"
    SERVER_ROOM = "server_room"
    FOUNDED = "founded"
    PERSON = "person"
    PERSON_PHONE = "person_phone"
    OTHER = "other"


NOT_KEPT = frozenset(
    {Column.NUMBER, Column.OFFICER, Column.FOUNDED, Column.PERSON, Column.PERSON_PHONE, Column.OTHER}
)  # the officer's telephone is kept when there is no other

# Each pattern must match the whole head text, after `folded_head`. The first that does wins.
_PATTERNS: tuple[tuple[Column, str], ...] = (
    (Column.NUMBER, r"序号|编号|序|号|no\.?|#|行号|顺序号"),
    (
        Column.CODE,
        r"(学校|机构|单位|园所|办学)*(机构)?(标识|识别)码|(学校|机构|单位|园所)(代码|编码|代号)|(school)?code|id|标识码.*",
    ),
    (Column.OTHER, r".*(信用代码|许可证|法人证).*|备注|说明|简称|曾用名|.*简称.*"),
    (Column.CAMPUS_ADDRESS, r"(校区|园区|分校|分园|办学点)(详细)?(地址|位置)"),
    (
        Column.ADDRESS,
        r"(学校|单位|园所|机构|办学|通讯|通信|详细|注册|所在|办园)*(详细)?(地址|住址|位置)|校址|园址|地点|address",
    ),
    (Column.CAMPUS, r"(所属|所在)?(校区|园区|分校|分园|校部|院区|办学点|教学点)(园区|校区|分园)?(名称|名)?|campus"),
    (
        Column.NAME,
        r"(被检查?|填报|办学)?(学校|园所|单位|机构|校园|幼儿园|校|园|中小学|学校园所|学校及幼儿园|学校幼儿园|校园所|学校机构)*"
        r"(名称|全称|全名|名|校名)|学校|单位|园所|学校园所|学校幼儿园|校名|园名|(school)?name|school",
    ),
    (Column.KIND, r"(学校|单位|办学|园所|机构)*(类别|类型|层次|学段|种类)|学段|办学层次类型|type|kind"),
    (
        Column.STREET,
        r"(所属|所在|属地|归属|主管)*(街道?|乡镇?|镇|街乡镇|街镇|镇街|乡镇街道|街道乡镇|街道办事处|属地|片区)+(名称|办)?|street",
    ),
    (Column.BOARDING, r"(是否|有无|其中)*(寄宿|住宿|住校)(生|制|学生|学校)*(人数|数|总数|情况)?"),
    (
        Column.STUDENTS,
        r"(学生|幼儿|在校生|在校学生|在园幼儿|在园|在读学生|在籍学生|学生幼儿|学籍)(总)?(人)?(数|数量|规模|总数|人数)|在校生|学生|幼儿|students",
    ),
    (
        Column.HEAD_PHONE,
        r"(校长|园长|校园长|负责人|法人|法定代表人|主要负责人|一把手)的?(联系|办公|移动|手机)?(电话|手机|手机号|号码|手机号码|方式)",
    ),
    (
        Column.HEAD,
        r"(学校|单位|园所|机构)?(主要)?(校长|园长|校园长|校长园长|负责人|法人|法人代表|法定代表人|一把手|院长)(姓名)?|head|principal",
    ),
    (Column.OFFICER_PHONE, r".*(安全|保卫|安保).*(电话|手机|手机号|手机号码|联系方式)"),
    (
        Column.OFFICER,
        r"(学校)?(主管|分管|负责)?(安全|保卫|安保).*(干部|主任|员|负责人|专干|校长|园长|干事|人|领导)(姓名)?",
    ),
    (
        Column.PERSON_PHONE,
        r".*(书记|副校长|副园长|主任|联系人|医生|教师|民警|督学).*(电话|手机|手机号|手机号码|联系方式)",
    ),
    (Column.PERSON, r"(书记|副校长|副园长|主任|联系人|督学|责任督学|.*书记|.*副校长|.*副园长|填表人)(姓名)?"),
    (
        Column.PHONE,
        r"(学校|单位|园所|办公|值班|固定|联系|办公室|移动|手机|座机)*(电话|手机|手机号|手机号码|电话号码|座机|联系方式)|phone|tel",
    ),
    (Column.BOTTLED_GAS, r"(是否|有无|使用|用)*(液化气|瓶装气|瓶装液化气|液化石油气|罐装气)(瓶)?(情况|数量|数)?"),
    (Column.GAS, r"(是否|有无|使用|用|食堂)*(燃气|天然气|管道气|用气)(类型|方式|情况|种类)?"),
    (
        Column.BOUGHT_IN_MEALS,
        r"(是否|有无|有|使用|采用|学校)*(校外供餐|外购餐|外送餐|集体配餐|集中配餐|配餐|集体用餐配送)(情况)?",
    ),
    (
        Column.CANTEEN,
        r"(是否|有无|有|学校)*(食堂|供餐|就餐|用餐)(方式|经营方式|经营模式|情况|模式|形式|类型|数|数量|个数)?",
    ),
    (Column.LABORATORY, r"(是否|有无|有|理化生|理化|化学|科学)*(实验室|实验用房)(情况|数|数量|个数|间数)?"),
    (Column.CONTROL_ROOM, r"(是否|有无|有|设有)*(消防控制室|消控室|中控室|消防中控室)(情况|数|数量)?"),
    (Column.HYDRANTS, r"(是否|有无|有|设有|室内)*(消火栓|消防栓)(系统)?(情况|数|数量|个数)?"),
    (Column.ALARM_SYSTEM, r"(是否|有无|有|设有)*(火灾|消防)?(自动)?报警(系统|设施|设备)(情况)?"),
    (Column.PUMPS_OR_SPRINKLERS, r"(是否|有无|有|设有)*(自动)?(喷淋|喷水灭火|消防水泵|消防泵|水泵)(系统|设施)?(情况)?"),
    (Column.AUTOMATIC_SYSTEMS, r"(是否|有无|有|设有)*自动消防(系统|设施)(情况)?"),
    (Column.FIRE_FACILITIES, r"(是否|有无|有|设有)*(建筑)?消防设施(情况)?"),
    (Column.ACCESS_CONTROL, r"(是否|有无|有|设有)*门禁(系统)?(情况)?"),
    (Column.EBIKES, r"(是否|有无|有)*(电动自行车|电动车)(停放|充电)?(情况|数|数量|棚|点)?"),
    (Column.CONSTRUCTION, r"(是否|有无|有)*(在建工程|在施工程|施工|在施|正在施工|施工项目)(情况)?"),
    (Column.NAP_ROOM, r"(是否|有无|有)*(午休室|午睡室|午睡间|午休)(情况|数|数量)?"),
    (Column.KEY_UNIT, r"(是否|为|属于)*(消防)?(安全)?重点单位(情况)?"),
    (Column.SCHOOL_BUS, r"(是否|有无|有|使用|用|学校)*(校车)(情况|数|数量|辆数|台数)?"),
    (
        Column.CONTROLLED_CHEMICALS,
        r"(是否|有无|有|存放|使用)*(管制|易制毒|易制爆|剧毒|易制毒易制爆)(化学品|化学试剂|危化品)?(情况)?",
    ),
    (Column.SERVER_ROOM, r"(是否|有无|有|设有)*(网络|信息|计算机|数据|服务器)?(中心)?机房(情况|数|数量)?"),
    (Column.FOUNDED, r"(建校|建园|成立|始建|办学|创办)(年月|年份|时间|日期|年)"),
    (
        Column.OTHER,
        r"办别|(办学|办园|学校)?性质|举办者.*|主管部门|公办民办|班级?(总)?(数|数量|个数)|.*教师.*|.*教职工.*|.*保安.*|校车.*|.*验收.*|.*面积.*|.*抗震.*",
    ),
)
_COMPILED = tuple((column, re.compile(pattern)) for column, pattern in _PATTERNS)

_GENERIC = re.compile(
    r"姓名|(联系|办公|移动)?电话|手机(号码?)?|联系方式|人?数量?|总数|有无|名称|方式|情况|类型|地址|职务|是否"
)
_WEAK_NAMES = frozenset({"学校", "单位", "园所", "名称", "名", "校", "园", "全称", "name", "school", "校名", "全名"})

Head: TypeAlias = SheetHead[Column]


@lru_cache(maxsize=4096)
def recognise(text: str) -> Column | None:
    """What a column of this head text holds, None when nobody can tell."""
    return first_match(text, _COMPILED)


def find_head(sheet: Sheet, start: int = 0, searched: int = SEARCHED_ROWS) -> Head | None:
    """The rows among the first `searched` that name the columns, the school's name among them; None if none do."""
    return find_in(sheet, _VOCABULARY, start, searched)


def _is_head(head: Head) -> bool:
    name = next((cell for cell in head.cells if cell.column is Column.NAME), None)
    if name is None:
        return False
    weak = folded_head(name.text) in _WEAK_NAMES or len(head.cells) > 1
    return not (head.recognised < 2 and weak and folded_head(name.text) not in ("学校名称", "单位名称"))


def _column(parent: str, child: str, left: Column | None) -> Column | None:
    """What the column holds: from its own text, with the text above it where its own says too little."""
    generic = _GENERIC.fullmatch(folded_head(child)) is not None
    column = recognise(parent + child) if generic and parent else None
    column = column or recognise(child)
    if column is Column.PHONE and generic:
        over = recognise(parent) if parent else None
        whose = over if over in _PHONES else left
        return _PHONES.get(whose, column) if whose is not None else column
    return column


_PHONES = {
    Column.HEAD: Column.HEAD_PHONE,
    Column.OFFICER: Column.OFFICER_PHONE,
    Column.PERSON: Column.PERSON_PHONE,
}
_VOCABULARY = Vocabulary(_column, _is_head, Column.OTHER)
