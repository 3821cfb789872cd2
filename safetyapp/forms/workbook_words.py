"""The Chinese words that a workbook uses for what a form's file says in English, and what people write instead."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Wording:
    """A closed set of values: with each its word and, after `|`, what is understood too. The value itself always is."""

    code: str
    words: dict[str, str]

    def word(self, value: str) -> str:
        """The word that is written; a value without one stands for itself."""
        return self.words.get(value, value).split("|")[0]

    def value(self, text: str) -> str | None:
        """The value that somebody meant, None when nobody could say."""
        return self._by_word.get(folded(text))

    def all_words(self) -> list[str]:
        """The words as they are offered to choose from."""
        return [self.word(value) for value in self.words]

    def near(self, text: str) -> str:
        """The word that comes closest to a text, empty when none does."""
        found = get_close_matches(folded(text)[:40], self._by_word, n=1, cutoff=0.5)
        return self.word(self._by_word[found[0]]) if found else ""

    @cached_property
    def _by_word(self) -> dict[str, str]:
        every = {folded(word): value for value, written in self.words.items() for word in written.split("|")}
        return every | {folded(value): value for value in self.words}


def folded(text: str) -> str:
    """A word without the differences that people do not mean: width, case, spaces, the star of what must be there."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split()).strip("*")


KINDS = Wording(
    "unknown-kind",
    {
        "conformity": "合格判断|合格|符合性|是否合格|判断",
        "choice": "单选|单选题",
        "choices": "多选|多选题",
        "rank": "排序",
        "text": "文字|文本|填空",
        "barcode": "条码|二维码|条形码",
        "integer": "整数",
        "decimal": "小数|数值|数字",
        "range": "滑块|刻度",
        "score": "评分|打分|得分",
        "duration": "时长|用时",
        "date": "日期",
        "time": "时间|时刻",
        "datetime": "日期时间|日期和时间",
        "position": "位置|定位|坐标",
        "trace": "路线|轨迹",
        "shape": "范围|区域",
        "photo": "照片|相片",
        "audio": "录音|声音",
        "video": "视频|录像",
        "file": "文件|附件",
        "signature": "签名|签字",
        "acknowledge": "知晓|确认|已知晓",
        "note": "说明|提示文字",
        "calculation": "计算|自动计算",
        "table": "表格|明细表",
        "group": "分组|组",
    },
)
SEVERITIES = Wording(
    "unknown-severity", {"general": "一般|一般隐患", "candidate": "重大候选", "major": "重大|重大隐患"}
)
PHOTOS = Wording("unknown-photo", {"none": "不拍|无|否", "on_fail": "不合格时拍|不合格拍", "always": "必拍|都拍|是"})
OUTCOMES = Wording("unknown-outcome", {"pass": "合格|通过|符合", "fail": "不合格|不通过|不符合", "na": "不适用"})
STATUSES = Wording("unknown-status", {"verified": "已核|已核对", "unverified": "待核|未核"})
METHODS = Wording("unknown-method", {"points": "加分|得分相加", "deduct": "扣分", "percent": "百分比|得分率"})
DOERS = Wording("unknown-doer", {"school": "学校|学校自查|自查", "district": "区级|区级检查|区"})
PERIODS = Wording(
    "unknown-period",
    {
        "school_day": "教学日|上课日|在校日",
        "day": "天|日",
        "week": "周|星期",
        "month": "月",
        "teaching_month": "教学月|上课月",
        "quarter": "季度|季",
        "term": "学期",
        "half_year": "半年",
        "year": "年",
    },
)
MEDIA = Wording("unknown-media", {"image": "图片|图|照片", "audio": "声音|录音", "video": "视频|录像"})
ROSTER = Wording(
    "unknown-roster",
    {
        "name": "班级|班级名称",
        "place": "地点|教室",
        "enrolled": "应到人数|人数",
        "teacher": "班主任",
        "route": "路线|疏散路线",
    },
)
SOURCES = Wording("unknown-source", {"none": "手工|手工添加", "roster": "花名册|班级花名册"})
SCHOOLS = Wording(
    "unknown-kind",
    {
        "kindergarten": "幼儿园|幼",
        "primary": "小学",
        "middle": "初中",
        "high": "高中",
        "nine_year": "九年一贯|九年一贯制",
        "complete": "完全中学|完中",
        "vocational": "中职|职高|职业学校",
        "special": "特教|特殊教育|特殊教育学校",
        "other": "其他",
    },
)
FACTS = Wording(
    "unknown-fact",
    {
        "boarding": "寄宿|住宿|宿舍",
        "canteen": "食堂",
        "gas": "燃气",
        "bottled_gas": "瓶装燃气|液化气|瓶装气",
        "laboratory": "实验室",
        "control_room": "消防控制室",
        "hydrants": "消火栓",
        "alarm_system": "火灾报警系统|自动报警",
        "pumps_or_sprinklers": "水泵或喷淋|喷淋",
        "automatic_systems": "自动消防系统",
        "fire_facilities": "消防设施",
        "access_control": "门禁",
        "ebikes": "电动自行车|电动车",
        "construction": "施工",
        "nap_room": "午睡室",
        "key_unit": "消防安全重点单位|消防重点单位",
        "school_bus": "校车",
        "bought_in_meals": "校外供餐",
        "controlled_chemicals": "管制化学品|易制毒易制爆剧毒",
        "server_room": "机房",
    },
)
TRUTHS = Wording("bad-value", {"true": "是|对|有|yes|y|1|√|✓|✔|要", "false": "否|不|无|no|n|0|×|x|不要"})
OPENING = "开学前"
EXPRESSION = "公式："
"""Before an expression that reads like yes or no, where those may stand too."""
