"""Finding the head of a school list: which rows are it, and what each column holds, whatever it is called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from safetyapp.forms.sheets import CellValue, Row, Sheet

_SEARCHED_ROWS = 40
_MOST_LINES = 3
_LONGEST_HEAD = 30


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
    FOUNDED = "founded"
    PERSON = "person"
    PERSON_PHONE = "person_phone"
    OTHER = "other"


NOT_KEPT = frozenset(
    {Column.NUMBER, Column.OFFICER, Column.FOUNDED, Column.PERSON, Column.PERSON_PHONE, Column.OTHER}
)  # the officer's telephone is kept when there is no other

# Each pattern must match the whole head text, after `_folded`. The first that does wins.
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
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class HeadCell:
    """One column: its place from 0, the text over it, and what it holds (None: not recognised)."""

    place: int
    text: str
    column: Column | None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: the places of its rows in the sheet's rows, and its columns."""

    first: int
    lines: int
    cells: tuple[HeadCell, ...]

    def place(self, column: Column) -> int | None:
        """Where a column is; None when the list has none."""
        return next((cell.place for cell in self.cells if cell.column is column), None)

    def text(self, place: int) -> str:
        return next((cell.text for cell in self.cells if cell.place == place), "")

    @property
    def recognised(self) -> int:
        return len({cell.column for cell in self.cells if cell.column not in (None, Column.OTHER)})


def find_head(sheet: Sheet, start: int = 0, searched: int = _SEARCHED_ROWS) -> Head | None:
    """The rows among the first `searched` that name the columns, the school's name among them; None if none do.

    A list may have several heads: the first good one is meant, not the one that names most.
    """
    places = range(start, min(start + searched, len(sheet.rows)))
    heads = [
        head
        for first in places
        for lines in range(1, _MOST_LINES + 1)
        if (head := _head_at(sheet, first, lines)) is not None
    ]
    if not heads:
        return None
    most = max(head.recognised for head in heads)
    good = next(head for head in heads if head.recognised * 2 >= most)
    return max((head for head in heads if good.first <= head.first < good.first + good.lines), key=_rank)


@lru_cache(maxsize=4096)
def recognise(text: str) -> Column | None:
    """What a column of this head text holds, None when nobody can tell."""
    for variant in _variants(text):
        for column, pattern in _COMPILED:
            if pattern.fullmatch(variant):
                return column
    return None


def _rank(head: Head) -> tuple[int, int, int]:
    return head.recognised, -head.lines, -head.first


def _head_at(sheet: Sheet, first: int, lines: int) -> Head | None:
    rows = sheet.rows[first : first + lines]
    if len(rows) < lines or any(_looks_like_data(row) for row in rows):
        return None
    cells = _unique(_columns(sheet, rows))
    head = Head(first, lines, cells)
    name = next((cell for cell in cells if cell.column is Column.NAME), None)
    if name is None:
        return None
    alone = head.recognised < 2
    if (
        alone
        and (_folded(name.text) in _WEAK_NAMES or len(cells) > 1)
        and _folded(name.text) not in ("学校名称", "单位名称")
    ):
        return None
    return head


def _looks_like_data(row: Row) -> bool:
    """Heads hold short texts; a row with a number or a long run of digits is none."""
    texts = [cell for cell in row.cells if cell is not None]
    if any(not isinstance(cell, str) for cell in texts):
        return True
    return any(re.search(r"\d{6}", unicodedata.normalize("NFKC", str(cell))) for cell in texts)


def _columns(sheet: Sheet, rows: tuple[Row, ...]) -> list[HeadCell]:
    width = max(len(row.cells) for row in rows)
    levels = [_spread(sheet, row, width, rows[i + 1] if i + 1 < len(rows) else None) for i, row in enumerate(rows)]
    cells: list[HeadCell] = []
    for place in range(width):
        texts = list(dict.fromkeys(t for level in levels if (t := level[place])))
        if not texts:
            continue
        parent, child = (texts[-2] if len(texts) > 1 else ""), texts[-1]
        left = cells[-1].column if cells else None
        cells.append(HeadCell(place, child if not parent else f"{parent}/{child}", _column(parent, child, left)))
    return cells


def _spread(sheet: Sheet, row: Row, width: int, below: Row | None) -> list[str]:
    """The row's texts, those of wide cells repeated over the columns they stand above."""
    texts = [_text(row.cells[i]) if i < len(row.cells) else "" for i in range(width)]
    ends = {column: end for (number, column), end in sheet.wide.items() if number == row.number}
    if ends:
        for column, end in ends.items():
            for place in range(column + 1, min(end + 1, width)):
                texts[place] = texts[place] or texts[column]
        return texts
    for place in range(1, width):  # a CSV knows no merged cells: a gap above a text belongs to the text on its left
        if not texts[place] and below is not None and place < len(below.cells) and below.cells[place] is not None:
            texts[place] = texts[place - 1]
    return texts


def _column(parent: str, child: str, left: Column | None) -> Column | None:
    """What the column holds: from its own text, with the text above it where its own says too little."""
    generic = _GENERIC.fullmatch(_folded(child)) is not None
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


def _unique(cells: list[HeadCell]) -> tuple[HeadCell, ...]:
    """A column that comes twice counts where it comes first."""
    seen: set[Column] = set()
    kept = []
    for cell in cells:
        twice = cell.column is not None and cell.column in seen
        if cell.column is not None:
            seen.add(cell.column)
        kept.append(HeadCell(cell.place, cell.text, Column.OTHER) if twice else cell)
    return tuple(kept)


def _text(cell: CellValue) -> str:
    text = "" if cell is None else str(cell).strip()
    return text if len(text) <= _LONGEST_HEAD else ""


def _folded(text: str) -> str:
    """The text without what heads are decorated with: width, blanks, asterisks, colons, "其中"."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = "".join(c for c in folded if not c.isspace() and c not in "*:、,;·/&\"'“”")
    return folded.removeprefix("其中")


def _variants(text: str) -> list[str]:
    """校（园）长 as 校园长 and as 校长; 学生数（人） as 学生数."""
    folded = _folded(text)
    without = _BRACKETS.sub("", folded)
    opened = folded.replace("(", "").replace(")", "")
    return [variant for variant in dict.fromkeys((folded, opened, without)) if variant]
