"""Forms that are no checklists, and every kind of answer: all of it on the paper, readable, nothing cut."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.documents import answers
from safetyapp.documents.entries import is_checklist
from safetyapp.domain.address import at
from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Limits, Outcome
from safetyapp.domain.form import Form, Item, ItemId, Section, Severity
from safetyapp.domain.inspection import Sha256
from safetyapp.domain.places import Skip
from safetyapp.domain.reckoned import Reckoned
from safetyapp.domain.record import SkippedItem
from safetyapp.domain.values import typed
from safetyapp.domain.words import Words
from safetyapp.forms.read_yaml import read_form
from safetyapp.texts import built_in_forms
from tests.documents import written
from tests.documents.examples import MADE_AT
from tests.documents.reading import assert_inside, draw, plain, sizes, text_of, without_margins
from tests.documents.written import LONG, example_of, form_of, inspection_of, item, table_answers, table_form

K = AnswerKind


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("survey")
    data = draw(written.survey_example(folder))
    assert_inside(data, folder)
    return plain(text_of(data, folder))


@pytest.mark.parametrize(
    "said",
    [
        "安全主任姓名：王𰻝𬭎㛃堃喆",
        "Nameoftheheadteacher,aswritteninEnglish：WangLei",
        "灭火器条码：6901234567892",
        "有没有校车：其他：租用两辆",
        "哪些地方有监控：教室；食堂、操场",
        "按风险从高到低排列：1.宿舍；2.教室；3.食堂、操场",
        "学生人数：1248人",
        "水压：0.07MPa；水温18.5℃",
        "满意程度：7",
        "卫生评分：8.5/10分",
        "疏散用时：1分30秒",
        "上次检修日期：2026年11月5日",
        "开门时刻：06:30:05",
        "最近一次报警：2026年11月20日09:30（+00:00）",
        "校门位置：北纬39.9087°，东经116.3975°，海拔44.0米，误差5.0米",
        "疏散路线：共2点：",
        "南纬39.91°，东经116.31°；北纬40°，西经1°",
        "校门照片：照片1、照片2",
        "广播录音：广播.m4a（63字节，",
        "演练视频：演练.mp4（1.3MB，",
        "应急预案：预案signed.pdf（35字节，",
        "校长签字：",
        "已向学校说明：已知晓",
        "安全出口是否畅通：合格",
        "每班平均人数：41.6人",
        "王𰻝𬭎㛃堃喆的电话：13800000000",
        "以下由学校安全主任填写。",
        "食堂情况",
        "厨师长：李师傅",
        "每天供餐：600份",
        "设备名洗眼器；购置日期2021年3月15日",
        "未填：没有填的一项",
        "按前项结果不问：没有问的一项",
        "photo校门照片",
        "功能教室第2行（物理实验室）",
    ],
)
def test_every_kind_is_readable(survey: str, said: str) -> None:
    assert said in survey


def test_what_a_survey_does_not_say(survey: str) -> None:
    for word in ("只在屏幕上显示", "一般隐患", "未发现隐患", "逐项结果", "已记录", "〓", "检查意见"):
        assert word not in survey
    assert survey.count("净宽不足") == 250


def test_signatures_are_pictures(tmp_path: Path) -> None:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(draw(written.survey_example(tmp_path)))) as pdf:
        images = sum(len(page.get_images()) for page in pdf.pages)
    assert images == 2 + 2 + 3  # handwriting at the end, two answers, three photos


def test_a_signature_that_is_no_picture_is_named_as_a_file(tmp_path: Path) -> None:
    form = form_of(item("sign", K.SIGNATURE, "签字"))
    value, sha256, path = written.keep(tmp_path, "签.png", b"no picture")
    example = example_of(form, inspection_of(form, {"sign": value}), kept={sha256: path})
    assert f"签字：签.png（10字节，{sha256[:8]}）" in plain(text_of(draw(example), tmp_path))


def test_a_drill_is_one_page_and_a_bit_and_its_class_table(tmp_path: Path) -> None:
    data = draw(written.drill_example(tmp_path))
    assert_inside(data, tmp_path)
    across = [width > height for width, height in sizes(data)]
    assert across == [False, False, True, True]
    text = plain(text_of(data, tmp_path))
    for said in ("应急演练记录", "得分：80.00/100等级：良", "地震演练要点（7项）", "T4距T0：129秒", "附表1班级疏散登记",
                 "疏散用时是否达到目标？不合格", "【复发】", "三年级2班1孙老师", "六年级5班"):  # fmt: skip
        assert said in text, said
    assert "一、发现的隐患" not in text
    assert text.count("班主任签字") == 2  # the head comes again


def test_a_checklist_shows_levels_score_and_repeats(tmp_path: Path) -> None:
    data = draw(written.checklist_example(tmp_path))
    assert_inside(data, tmp_path)
    text = plain(text_of(data, tmp_path))
    for said in ("重大隐患1重大候选1一般隐患2已记录2", "得分：62.50/100等级：差", "否决项：A-01第1处消火栓是否完好",
                 "【复发】水带缺失", "上次是文书0f3a91c0-5e2b-44d8-9c1e-0123456789ab的第4项隐患", 
                 "灭火器登记第2行（690122）",
                 "不合格；0.6", "共2行；见附表1", "附表1宿舍逐间登记", "A-10完好数5处"):  # fmt: skip
        assert said in text, said
    assert text.count("重大候选") == 4  # totals, table, legend, badge
    assert text.count("净") == 250  # the words may part at the end of a page


def test_which_forms_are_checklists() -> None:
    folder = built_in_forms()
    judges = {path.stem: is_checklist(read_form(path)) for path in sorted(folder.glob("*.yaml"))}
    assert judges.pop("drill-record") is False
    assert all(judges.values()), judges
    assert not is_checklist(form_of(item("n", K.INTEGER), item("t", K.TEXT)))
    assert is_checklist(form_of(item("n", K.INTEGER, limits=Limits(Decimal(1))), item("t", K.TEXT)))
    assert not is_checklist(form_of())


@pytest.mark.parametrize("columns", range(1, 21))
def test_no_column_is_cut(tmp_path: Path, columns: int) -> None:
    form = table_form(columns, nested=2)
    example = example_of(form, inspection_of(form, table_answers(form, 60, 2)))
    data = draw(example)
    assert_inside(data, tmp_path)
    text = plain(text_of(data, tmp_path))
    assert any(width > height for width, height in sizes(data)) is (columns > 8)
    for answer in example.record.answers:
        if answer.value[0] in "格内":
            assert answer.value in text


@pytest.mark.parametrize(("columns", "rows"), [(20, 500), (1, 500), (60, 40), (260, 3), (7, 0)])
def test_large_tables(tmp_path: Path, columns: int, rows: int) -> None:
    form = table_form(columns)
    example = example_of(form, inspection_of(form, table_answers(form, rows)))
    data = draw(example)
    assert_inside(data, tmp_path)
    text = plain(without_margins(text_of(data, tmp_path)))
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            assert f"格{row}-{column}" in text
    if columns == 20:
        assert text.count("班级登记") == 2
        assert text.count("到达时刻16（秒）") == len(sizes(data)) - 1


def test_long_words_in_tables_and_heads(tmp_path: Path) -> None:
    form = table_form(12)
    (table,) = form.items()
    first, second, *others = table.items
    long_head = replace(first, question=Words("很长的栏名" * 60, ""))
    english = replace(second, question=Words("", "Only in English: whether the extinguisher has been inspected"))
    changed = replace(table, items=(long_head, english, *others), question=Words("表名" * 200))
    form = replace(form, sections=(replace(form.sections[0], items=(changed,), title=Words("类名" * 80)),))
    cells = table_answers(form, 3)
    cells["k3@2"] = LONG
    cells["k4@3"] = "x" * 900
    data = draw(example_of(form, inspection_of(form, cells)))
    assert_inside(data, tmp_path)
    text = plain(text_of(data, tmp_path))
    assert text.count("净宽不足") == 250
    assert text.count("x") >= 900
    assert text.count("很长的栏名") >= 60
    assert "OnlyinEnglish:whethertheextinguisherhasbeeninspected" in text
    assert text.count("类名") >= 80
    assert text.count("表名") >= 200


def test_what_was_not_asked_is_named_with_its_reason(tmp_path: Path) -> None:
    form = form_of(item("a", K.TEXT, "甲项"), item("b", K.TEXT, "乙项"), item("c", K.TEXT, "丙项"))
    record = example_of(form, inspection_of(form, {"a": "有"}))
    skipped = (SkippedItem(form.sections[0].items[1].id, Skip.SCHOOL),)
    text = plain(text_of(draw(replace(record, record=replace(record.record, skipped=skipped))), tmp_path))
    assert "学校不适用：乙项" in text
    assert "未填：丙项" in text


def test_a_very_long_title_stays_on_the_paper(tmp_path: Path) -> None:
    form = form_of(item("a", K.TEXT, "甲"), title="很长的调查名称" * 12)
    data = draw(example_of(form, inspection_of(form, {"a": LONG})))
    assert_inside(data, tmp_path)
    assert plain(text_of(data, tmp_path)).count("很长的调查名称") >= 24


@pytest.mark.parametrize(
    ("seconds", "said"),
    [("0", "0秒"), ("90", "1分30秒"), ("3600", "1小时"), ("3723.50", "1小时2分3.5秒"), ("5.500", "5.5秒"), 
     ("600", "10分"), ("NaN", "NaN"), ("x", "x"), ("-3", "-3")],
)  # fmt: skip
def test_durations(seconds: str, said: str) -> None:
    assert answers.shown(AnswerSpec(K.DURATION), seconds) == said


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=60)
_WORDS = st.builds(Words, _TEXTS, st.just("")) | st.builds(Words, st.just(""), _TEXTS)


def _value_of(kind: AnswerKind) -> st.SearchStrategy[str]:
    number = st.decimals(0, 10**9, places=2).map(lambda d: format(d, "f"))
    point = st.builds("{} {}".format, st.integers(-90, 90), st.integers(-180, 180))
    match kind:
        case K.CONFORMITY:
            return st.sampled_from([o.value for o in Outcome if o is not Outcome.NOTED])
        case K.CHOICE:
            return st.sampled_from(["c1", "c2", "other", "na", "gone"])
        case K.CHOICES | K.RANK:
            return st.sampled_from(["c1", "c2 c1", "c1 c2 other", "gone"])
        case K.DATE:
            return st.dates(date(1950, 1, 1)).map(date.isoformat) | st.just("na")
        case K.TIME:
            return st.times().map(lambda t: t.strftime("%H:%M:%S"))
        case K.DATETIME:
            return st.datetimes().map(lambda d: d.isoformat(timespec="minutes"))
        case K.POSITION:
            return point
        case K.TRACE | K.SHAPE:
            return st.lists(point, min_size=3, max_size=30).map(";".join)
        case K.ACKNOWLEDGE:
            return st.just("OK")
    if kind.is_file:
        return st.builds("{}/{}".format, st.just("ab" * 32), st.sampled_from(["录音.m4a", "x" * 120, "签.png"]))
    return number | st.just("na") if kind.is_number else _TEXTS | st.just(LONG[:700])


_SIMPLE = [kind for kind in K if not kind.has_items and kind not in (K.PHOTO, K.NOTE)]


@st.composite
def _forms(draw_: st.DrawFn) -> tuple[Form, dict[str, str]]:
    """A form of any items, and answers to some of them."""
    count = iter(range(10_000))
    given_: dict[str, str] = {}

    def one(rows: tuple[str, ...], depth: int) -> Item:
        kinds = [*_SIMPLE, K.GROUP, *([K.TABLE] if depth < 2 else [])]
        kind = draw_(st.sampled_from(kinds))
        name = f"i{next(count)}"
        if kind is K.TABLE:
            ids = [str(n) for n in range(1, draw_(st.integers(0, 4)) + 1)]
            columns = tuple(one((*rows, "*"), depth + 1) for _ in range(draw_(st.integers(1, 12))))
            given_[at(name, rows)] = " ".join(ids)
            return item(name, kind, draw_(_TEXTS), items=columns, required="")
        if kind is K.GROUP:
            inside = tuple(one(rows, 2) for _ in range(draw_(st.integers(0, 3))))
            return item(name, kind, draw_(_TEXTS), items=inside, required="")
        if kind is not K.CALCULATION and draw_(st.booleans()):
            given_[at(name, rows)] = draw_(_value_of(kind))
        unit = draw_(st.sampled_from([Words(""), Words("人"), Words("", "MPa")]))
        question = draw_(_WORDS)
        made = item(name, kind, question.zh, en=question.en, choice_list="l", other=True, unit=unit, required="")
        return made if draw_(st.booleans()) else replace(made, severity=draw_(st.sampled_from(list(Severity))))

    items = tuple(one((), 0) for _ in range(draw_(st.integers(1, 7))))
    form = form_of(*items, lists=(written.choices("l", "教室", "食堂", outcomes={"食堂": Outcome.FAIL}),))
    return form, _in_every_row(form.sections[0].items, (), (), given_)


def _in_every_row(
    items: tuple[Item, ...], rows: tuple[str, ...], stars: tuple[str, ...], given_: dict[str, str]
) -> dict[str, str]:
    """The answers of `given_`, where * stands for a row, in every row that there is."""
    made: dict[str, str] = {}
    for one in items:
        value = given_.get(at(one.id, stars))
        if value is not None:
            made[at(one.id, rows)] = value
        if one.answer.kind is K.GROUP:
            made |= _in_every_row(one.items, rows, stars, given_)
        if one.answer.kind is K.TABLE:
            for row in (value or "").split():
                made |= _in_every_row(one.items, (*rows, row), (*stars, "*"), given_)
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(_forms())
def test_any_form_is_printed_and_every_answer_found(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Form, dict[str, str]]
) -> None:
    form, given_ = made
    folder = tmp_path_factory.getbasetemp()
    example = example_of(form, inspection_of(form, given_))
    data = draw(example)
    assert_inside(data, folder)
    text = plain(text_of(data, folder))
    for answer in example.record.answers:
        found = form.item(answer.item.partition("@")[0])
        assert found is not None
        kind, value = found.answer.kind, answer.value
        if kind is K.TEXT and value.isascii() and value.isalnum() and len(value) < 8:
            assert value in text
        elif kind is K.DATE and value != "na":
            day = date.fromisoformat(value)
            assert f"{day.year}年{day.month}月{day.day}日" in text
        elif (kind in (K.INTEGER, K.DECIMAL, K.RANGE) and isinstance(typed(kind, value), Decimal)) or kind is K.TIME:
            assert value in text
        elif kind is K.CONFORMITY:
            assert {"pass": "合格", "fail": "不合格", "na": "不适用"}[value] in text


def test_the_earlier_document_may_be_called_anything(tmp_path: Path) -> None:
    example = written.checklist_example(tmp_path)
    findings = tuple(replace(f, repeats="strange") for f in example.record.findings)
    text = plain(text_of(draw(replace(example, record=replace(example.record, findings=findings))), tmp_path))
    assert text.count("【复发】") == 4


def test_made_at_is_not_needed_for_the_same_offset() -> None:
    spec = AnswerSpec(K.DATETIME)
    assert MADE_AT.utcoffset() == timedelta(hours=8)
    assert answers.shown(spec, "2026-11-20T09:30:00+08:00") == "2026年11月20日 09:30"
    assert answers.shown(spec, "2026-11-20T09:30:07") == "2026年11月20日 09:30:07"


def test_what_was_closed_leaves_no_empty_lines(tmp_path: Path) -> None:
    """Neither the group's heading nor its note nor a calculation that came to nothing."""
    note = item("n", K.NOTE, "组内说明", appearance="print", required="")
    group = item("g", K.GROUP, "关闭的组", items=(item("a", K.TEXT, "甲项"), note), required="")
    told = item("m", K.NOTE, "另一说明", appearance="print", when="${b} = 1", required="")
    form = form_of(group, told, item("c", K.CALCULATION, "没有结果", required=""), item("b", K.CONFORMITY, "乙项"))
    closed = Reckoned(closed=frozenset({ItemId("g")}))
    for judged in (form, replace(form, sections=(*form.sections, _judged_section()))):
        text = plain(text_of(draw(example_of(judged, inspection_of(judged, {"b": "pass"}), closed)), tmp_path))
        for word in ("关闭的组", "组内说明", "另一说明", "没有结果"):
            assert word not in text
        assert "甲项" in text
        assert "乙项" in text


def _judged_section() -> Section:
    return Section("j", Words("判定"), tuple(item(f"j{n}", K.CONFORMITY, "判定项") for n in range(9)))


def test_a_photo_of_nowhere_prints_all_the_same(tmp_path: Path) -> None:
    example = written.survey_example(tmp_path)
    links = tuple(replace(link, item=ItemId("gone@7.3")) for link in example.record.photos)
    text = plain(text_of(draw(replace(example, record=replace(example.record, photos=links))), tmp_path))
    assert "照片3" in text
    assert Sha256(links[0].photo.original)[:8] in text
