"""What single cells of a school list mean: names, codes, telephones, counts, kinds, yes and no, days."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from safetyapp.domain.school import SchoolKind
from safetyapp.forms.sheets import CellValue

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Taken(Generic[V]):
    """What a cell was taken for. `why` says what was odd ("" if nothing); `doubt` asks a person to look."""

    value: V
    why: str = ""
    doubt: bool = False


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_NOTHING = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "没有", "待定", "待批", "空", "n/a", "na", "none"}
)
_ERRORS = frozenset({"#ref!", "#n/a", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#getting_data"})
_CODE = re.compile(
    r"(11|21|22|31|32|33|34|35|36|37|41|42|51|91|92|93)(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)\d{6}"
)
_PHONE = re.compile(r"(\+?86-?)?1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?|[48]00-?\d{3}-?\d{4}")
_PHONE_SPLIT = re.compile(r"[/、,;|]|或|\n")
_REMARK = re.compile(r"\([^()\d]*\)|手机|座机|电话|办公|[:：]")
_DITTO = re.compile(r"同上|同前|上同|〃|″|\"|〞|々|ditto")
_YES = frozenset(
    {"有", "是", "√", "✓", "✔", "y", "yes", "true", "1", "对", "具备", "已设", "已建", "设有", "v", "●", "○有"}
)
_NO = frozenset({"无", "否", "×", "✗", "✘", "x", "n", "no", "false", "0", "没有", "不是", "未设", "未建", "不具备"})
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DAY = re.compile(r"(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?|年)?")


def is_ditto(cell: CellValue) -> bool:
    """Whether the cell means "as above"."""
    return isinstance(cell, str) and _DITTO.fullmatch(cell.strip().lower()) is not None


def folded(cell: CellValue) -> str:
    """A cell as half-width text without blanks at its ends; a whole number without its decimal point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()[:10]
    return unicodedata.normalize("NFKC", str(cell)).translate(_INVISIBLE).strip()


def take_text(cell: CellValue) -> Taken[str]:
    """A name, person, street or address, in its own characters: only blanks and invisible signs go."""
    if not isinstance(cell, str):
        return Taken(folded(cell), "数字当作文本。A number was taken as text." if cell is not None else "")
    if cell.strip().lower() in _ERRORS:
        return Taken("", "公式出错，当作空白。A formula error was taken as empty.", True)
    text = re.sub(r"\s+", " ", cell.translate(_INVISIBLE)).strip()
    text = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)
    return Taken(text, "" if text == cell else "去掉了空格或不可见字符。Blanks or invisible characters were dropped.")


def take_code(cell: CellValue) -> Taken[str]:
    """A 标识码 as text."""
    text = folded(cell)
    code = re.sub(r"[\s']", "", text)
    if code.lower() in _NOTHING or code.lower() in _ERRORS:
        return Taken("", "没有代码。There is no code." if code else "")
    if re.fullmatch(r"\d+(\.\d+)?e\+?\d+", code.lower()):
        return Taken("", "代码被表格改成了科学计数，已丢失。The table program has spoilt the code.", True)
    if not re.fullmatch(r"[0-9A-Za-z-]{1,40}", code):
        return Taken("", "不像代码。This does not look like a code.", True)
    if not _CODE.fullmatch(code):
        return Taken(code, "不是十位学校标识码的样式。This is not the pattern of a ten-digit school code.", True)
    if not isinstance(cell, str):
        return Taken(code, "数字格式的代码当作文本。A code stored as a number was taken as text.")
    return Taken(code, "" if code == cell else "去掉空格，全角改半角。Blanks were dropped, full width was made half.")


def take_phone(cell: CellValue) -> Taken[str]:
    """One or several telephone numbers, joined by 、."""
    text = folded(cell)
    if text.lower() in _NOTHING:
        return Taken("")
    cleaned = _REMARK.sub("", text)
    numbers = [number for part in _PHONE_SPLIT.split(cleaned) for number in _numbers(part)]
    phone = "、".join(numbers)
    if not all(_PHONE.fullmatch(number) for number in numbers) or not numbers:
        return Taken(phone or text, "不像电话号码。This does not look like a telephone number.", True)
    if phone == cell:
        return Taken(phone)
    if not isinstance(cell, str):
        return Taken(phone, "数字格式的电话当作文本。A telephone stored as a number was taken as text.")
    return Taken(phone, "去掉空格或附注，全角改半角。Blanks or remarks were dropped, full width was made half.")


def _numbers(part: str) -> list[str]:
    pieces = part.split()
    if len(pieces) > 1 and all(_PHONE.fullmatch(piece) and len(piece) >= 7 for piece in pieces):
        return pieces
    joined = re.sub(r"[\s.]", "", part).replace("—", "-").replace("–", "-")
    mobile = joined.replace("-", "")
    joined = mobile if re.fullmatch(r"1\d{10}", mobile) else joined
    return [joined] if joined else []


def take_count(cell: CellValue) -> Taken[int | None]:
    """A number of people or things; None when there is none to be read."""
    text = folded(cell).replace(",", "")
    if text.lower() in ("无", "没有"):
        return Taken(0, f"“{text}”当作 0。'{text}' was taken as 0.")
    if text.lower() in _NOTHING:
        return Taken(None)
    match = re.fullmatch(r"(约|近|大约)?(\d{1,7})(\.0+)?[余多]?\s*(人|名|个|辆|间|所|处|台|座)?(左右)?", text)
    if not match:
        return Taken(None, "不是数，当作空白。This is no number; taken as empty.", True)
    rough = bool(match[1] or match[5] or "余" in text or "多" in text)
    if rough:
        return Taken(int(match[2]), "约数。An approximate number.", True)
    plain = isinstance(cell, (int, float)) or cell == match[2]
    return Taken(int(match[2]), "" if plain else "去掉了单位或空格。A unit or blank was dropped.")


def take_truth(cell: CellValue) -> Taken[bool | None]:
    """Yes or no; a count is yes from 1 on; None when the cell is empty or says something else."""
    text = folded(cell).lower()
    if text in ("", "-", "--", "—", "——", "/"):
        return Taken(None)
    if text in _YES or text in _NO:
        mark = text in ("√", "✓", "✔", "v", "●", "×", "✗", "✘", "x")
        return Taken(text in _YES, "记号当作是或否。A mark was taken as yes or no." if mark else "")
    count = take_count(cell).value
    if count is not None:
        return Taken(count > 0)
    if text.startswith(("无", "没", "不", "未", "非")):
        return Taken(False, "当作“无”。Taken as no.", True)
    if text.startswith(("有", "是", "已")):
        return Taken(True, "当作“有”。Taken as yes.")
    return Taken(None, "看不出有还是无，当作未知。Neither yes nor no; taken as unknown.", True)


def take_canteen(cell: CellValue) -> Taken[bool | None]:
    """Whether the school cooks: its own or a contracted canteen does, bought-in meals do not."""
    text = folded(cell)
    if buys_meals(cell):
        return Taken(False)
    if re.search(r"自营|自办|自主|委托|承包|外包|托管|经营|联营", text):
        blank = isinstance(cell, str) and cell != cell.strip()
        return Taken(True, "去掉了空格。Blanks were dropped." if blank else "")
    return take_truth(cell)


def buys_meals(cell: CellValue) -> bool:
    """Whether the cell of the canteen says that meals come from outside."""
    text = folded(cell)
    return bool(re.search(r"配餐|送餐|订餐|外购", text)) and not re.search(r"自营|自办|委托|承包|^(无|不|未)", text)


def take_gas(cell: CellValue) -> Taken[tuple[bool | None, bool | None]]:
    """Whether gas is burnt, and whether it comes in bottles."""
    text = folded(cell)
    if re.search(r"瓶|罐|液化", text) and not text.startswith(("无", "不")):
        return Taken((True, True))
    if re.search(r"管道|天然气|市政|燃气", text) and not text.startswith(("无", "不", "未")):
        return Taken((True, False))
    if re.fullmatch(r"(全|用)?电(气化|灶|磁.*|能)?|用电", text):
        return Taken((False, False))
    truth = take_truth(cell)
    return Taken((truth.value, False if truth.value is False else None), truth.why, truth.doubt)


def take_day(cell: CellValue) -> Taken[str]:
    """A year, month or day as YYYY, YYYY-MM or YYYY-MM-DD; "" when it is none."""
    text = folded(cell)
    if not text or text in _NOTHING:
        return Taken("")
    match = _DAY.fullmatch(re.sub(r"\s", "", _arabic(text)))
    if not match:
        return Taken("", "不是日期。This is no date.", True)
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        whole = date(year, month, day)
    except ValueError:
        return Taken("", "没有这一天。There is no such day.", True)
    taken = whole.isoformat()[: 10 if match[3] else 7 if match[2] else 4]
    same = text == taken and (isinstance(cell, (str, date)))
    return Taken(taken, "" if same else "日期写法不一。The date is written in another way.")


def _arabic(text: str) -> str:
    """二〇一二年十月 with the digits of ours."""
    text = re.sub(r"([一二三四五六七八九])?十([一二三四五六七八九])?", _tens, text)
    return text.translate(_CHINESE_DIGITS)


def _tens(match: re.Match[str]) -> str:
    return f"{match[1] or '一'}{match[2] or '〇'}"


_KIND_WORDS: tuple[tuple[SchoolKind, str], ...] = (
    (SchoolKind.OTHER, r"十二年|12年|十五年|专门学校|工读|校外教育|少年宫|少年之家|培训"),
    (SchoolKind.NINE_YEAR, r"九年|9年|一贯制"),
    (SchoolKind.SPECIAL, r"特殊教育|特教|培智|聋|盲校|启智|启喑"),
    (SchoolKind.VOCATIONAL, r"职业|职高|中职|中专|技工|技师|中等专业|职教"),
    (SchoolKind.COMPLETE, r"完全中学|完中"),
    (SchoolKind.HIGH, r"高级中学|高中"),
    (SchoolKind.MIDDLE, r"初级中学|初中"),
    (SchoolKind.PRIMARY, r"小学|教学点|完小"),
    (SchoolKind.KINDERGARTEN, r"幼儿园|幼儿|学前|托育|托儿|幼教|分园|^园$|.+园$"),
)
_KIND_NUMBERS = (
    *((SchoolKind.KINDERGARTEN, "111"), (SchoolKind.PRIMARY, "211"), (SchoolKind.PRIMARY, "218")),
    *((SchoolKind.MIDDLE, "311"), (SchoolKind.NINE_YEAR, "312"), (SchoolKind.COMPLETE, "341")),
    *((SchoolKind.HIGH, "342"), (SchoolKind.OTHER, "345"), (SchoolKind.OTHER, "371")),
    *((SchoolKind.VOCATIONAL, "36"), (SchoolKind.SPECIAL, "51")),
)
_KIND_OF_CODE = {
    "11": SchoolKind.KINDERGARTEN,
    "21": SchoolKind.PRIMARY,
    "31": SchoolKind.MIDDLE,
    "34": SchoolKind.COMPLETE,
    "36": SchoolKind.VOCATIONAL,
    "51": SchoolKind.SPECIAL,
}


def take_kind(cell: CellValue, name: str, code: str) -> Taken[SchoolKind]:
    """The kind of school: from its column, else from its name, else from its code; OTHER when none tells."""
    text = folded(cell)
    written = kind_word(text) if text else None
    if written is not None:
        return Taken(written)
    from_name = kind_word(name)
    of_code = _KIND_OF_CODE.get(code[:2]) if _CODE.fullmatch(code) else None
    kind = from_name or of_code
    if kind is not None:
        source = "校名" if from_name else "代码"
        english = "name" if from_name else "code"
        return Taken(kind, f"类别从{source}看出。The kind was taken from the {english}.", bool(text))
    return Taken(SchoolKind.OTHER, "看不出学校类别。The kind of school cannot be told.", True)


def kind_word(text: str) -> SchoolKind | None:
    """The kind that a text names, None when it names none."""
    parts = {stage for stage in ("小学", "初中", "高中") if stage in text}
    if len(parts) > 1:
        both = {frozenset({"小学", "初中"}): SchoolKind.NINE_YEAR, frozenset({"初中", "高中"}): SchoolKind.COMPLETE}
        return both.get(frozenset(parts), SchoolKind.OTHER)
    if text.isdigit():
        return next((kind for kind, number in _KIND_NUMBERS if text.startswith(number) and len(text) == 3), None)
    return next((kind for kind, words in _KIND_WORDS if re.search(words, text)), None)
