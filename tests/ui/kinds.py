"""A form with an item of every kind, a form with a table, and large ones: what the walks through Fill fill in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from safetyapp.domain.answer_kinds import (
    AnswerKind,
    AnswerSpec,
    Choice,
    ChoiceList,
    Limits,
    Outcome,
    Reading,
)
from safetyapp.domain.form import (
    Form,
    FormId,
    Item,
    ItemId,
    Media,
    PhotoRule,
    Rows,
    RowSource,
    Section,
    Severity,
    with_address,
)
from safetyapp.domain.school import School, SchoolClass, SchoolFact, SchoolId, SchoolKind
from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.domain.words import Words

K = AnswerKind

PLACED = School(
    SchoolId("s2"), "乙丑中学", SchoolKind.MIDDLE, has=frozenset({SchoolFact.CANTEEN}), students=120,
    sites=("教学楼", "食堂"),
    classes=(
        SchoolClass("七(1)班", "教学楼101", 40, "王示例", "东楼梯"),
        SchoolClass("七(2)班", "教学楼102", 38, "李示例", "东楼梯"),
        SchoolClass("八(1)班", "教学楼201", 42, "赵示例", "西楼梯"),
    ),
)  # fmt: skip

LISTS = (
    ChoiceList(
        "yes-no",
        (Choice("yes", Words("是", "Yes"), Outcome.PASS), Choice("no", Words("否", "No"), Outcome.FAIL)),
    ),
    ChoiceList(
        "six",
        tuple(Choice(f"c{n}", Words(f"第{n}种消防设施", f"Equipment {n}")) for n in range(1, 7)),
    ),
    ChoiceList(
        "thirty",
        tuple(
            Choice(f"t{n}", Words(f"选项{n:02d} 检查发现的情形", f"Choice {n:02d} of what was found"))
            for n in range(1, 31)
        ),
    ),
    ChoiceList("three", tuple(Choice(f"r{n}", Words(f"措施{n}", f"Measure {n}")) for n in range(1, 4))),
)  # fmt: skip


def item(item_id: str, kind: AnswerKind, question: str, **changes: object) -> Item:
    """An item of a kind; `spec` changes its answer."""
    spec = changes.pop("spec", {})
    assert isinstance(spec, dict)
    answer = replace(AnswerSpec(kind), **spec)
    made = Item(id=ItemId(item_id), question=Words(question, f"{item_id} {kind.value}"), answer=answer)
    return replace(made, **changes)  # type: ignore[arg-type]


def every_kind() -> Form:
    """Each kind at least once, with the ways that they differ by."""
    plain = (
        item("K-01", K.CONFORMITY, "疏散通道是否畅通？", severity=Severity.CANDIDATE, candidate=Words("通道被锁死的"),
             photo=PhotoRule.ON_FAIL, photo_note=Words("拍通道全貌，不拍人"), hint=Words("走一遍所有通道"),
             weight=Decimal(10)),
        item("K-02", K.CHOICE, "应急照明是否常亮？", spec={"choice_list": "yes-no"}),
        item("K-03", K.CHOICE, "主要是哪一种消防设施？", spec={"choice_list": "six", "other": True}),
        item("K-04", K.CHOICE, "属于哪种情形？", spec={"choice_list": "thirty"}),
        item("K-05", K.CHOICES, "有哪些消防设施？", spec={"choice_list": "six", "other": True}),
        item("K-06", K.CHOICES, "发现了哪些情形？", spec={"choice_list": "thirty"}, required=""),
        item("K-07", K.RANK, "整改措施的先后", spec={"choice_list": "three"}),
    )  # fmt: skip
    written = (
        item("K-11", K.TEXT, "消防责任人是谁？", spec={"max_length": 20}),
        item("K-12", K.TEXT, "情况说明", appearance="multiline", required=""),
        item("K-13", K.BARCODE, "灭火器编号"),
        item("K-14", K.INTEGER, "灭火器数量", spec={"limits": Limits(minimum=Decimal(2)), "unit": Words("具", "pcs")}),
        item("K-15", K.DECIMAL, "末端压力", spec={"unit": Words("MPa")}),
        item("K-16", K.RANGE, "拥挤程度", spec={"limits": Limits(Decimal(0), Decimal(5)), "step": Decimal("0.5")}),
        item("K-17", K.SCORE, "组织有序", spec={"limits": Limits(maximum=Decimal(10))}),
        item("K-18", K.DURATION, "疏散用时", spec={"limits": Limits(maximum=Decimal(120))}),
        item("K-19", K.DATE, "许可证有效期至", spec={"limits": Limits(not_expired=True)}),
        item("K-20", K.TIME, "信号发出时刻"),
        item("K-21", K.DATETIME, "开始时间"),
        item("K-22", K.POSITION, "集合点位置", required=""),
        item("K-23", K.TRACE, "疏散路线", required=""),
        item("K-24", K.CONFORMITY, "巡查记录是否完整？", spec={"readings": (
            Reading("at", Words("最近一次时间", "Last time"), K.TIME),
            Reading("by", Words("谁查的", "By whom"), K.TEXT),
            Reading("what", Words("设施", "What"), K.CHOICE, choice_list="six"),
        )}),
    )  # fmt: skip
    shown = (
        item("K-31", K.NOTE, "下面几项由学校提供材料。", media=(Media("image", "map.png", Words("疏散图", "Map")),)),
        item("K-32", K.PHOTO, "集合点全景照片"),
        item("K-33", K.FILE, "演练方案", required=""),
        item("K-34", K.AUDIO, "信号录音", required=""),
        item("K-35", K.SIGNATURE, "校方值班人签字"),
        item("K-36", K.ACKNOWLEDGE, "已向校方说明不得记录学生姓名"),
        item("K-37", K.GROUP, "人数核对", items=(
            item("K-38", K.INTEGER, "应到人数"),
            item("K-39", K.INTEGER, "实到人数", constraint=". <= ${K-38}",
                 constraint_message=Words("不能多于应到人数", "No more than expected")),
            item("K-40", K.CALCULATION, "未到人数", calculate="${K-38} - ${K-39}", required=""),
            item("K-41", K.TEXT, "未到原因", when="${K-40} > 0"),
        )),
        item("K-42", K.INTEGER, "学校人数", read_only=True, calculate="${school.students}"),
    )  # fmt: skip
    sections = (
        Section("plain", Words("选择", "Choosing"), plain),
        Section("written", Words("填写", "Writing"), written),
        Section("shown", Words("材料和核对", "Papers and counts"), shown),
    )
    scoring = Scoring(
        ScoreMethod.POINTS, Decimal(20),
        (Grade("good", Words("良", "Good"), Decimal(10)), Grade("poor", Words("差", "Poor"), Decimal(0))),
    )  # fmt: skip
    return with_address(
        Form(
            FormId("kinds"), "1", Words("各种题型", "Every kind"), "drill", (), sections, choices=LISTS, scoring=scoring
        )
    )


def arrivals(columns: int = 0) -> Form:
    """A table of the school's classes with times, sums and a table within, and `columns` more numbers."""
    inner = item("absent", K.TABLE, "缺席", required="", rows=Rows(), items=(
        item("absent-count", K.INTEGER, "人数"), item("absent-why", K.TEXT, "去向"),
    ))  # fmt: skip
    own = (
        item("class", K.TEXT, "班级", roster="name"),
        item("enrolled", K.INTEGER, "应到", roster="enrolled"),
        item("arrived-at", K.TIME, "到达时刻"),
        item("present", K.INTEGER, "实到", constraint=". <= ${enrolled}",
             constraint_message=Words("不能多于应到", "Too many")),
        item("missing", K.CALCULATION, "差额", calculate="${enrolled} - ${present}", required=""),
        item("calm", K.CONFORMITY, "秩序", photo=PhotoRule.ON_FAIL),
        item("where", K.CHOICE, "设施", spec={"choice_list": "six"}, required=""),
        item("remark", K.TEXT, "备注", appearance="multiline", required=""),
        inner,
        *(item(f"more-{n}", K.INTEGER, f"数{n}", required="") for n in range(columns)),
    )  # fmt: skip
    table = item("sheet", K.TABLE, "各班登记表", items=own, rows=Rows(RowSource.ROSTER, title=Words("班级", "Class")))
    total = item("T-2", K.CALCULATION, "实到合计", calculate="sum(${present})", required="")
    section = Section("one", Words("登记", "Sheet"), (table, total, item("T-3", K.TEXT, "记录人")))
    return with_address(
        Form(FormId("arrivals"), "1", Words("各班到达", "Arrivals"), "drill", (), (section,), choices=LISTS)
    )


def many(count: int, with_expressions: bool) -> Form:
    """So many questions, every fifth under a condition when there are expressions."""
    items = tuple(
        item(
            f"Q-{n:04d}", K.CONFORMITY if n % 4 else K.INTEGER, f"第{n}题，检查这里的设施是否完好有效？",
            when="${Q-0001} = 'pass'" if with_expressions and n % 5 == 0 else "",
        )
        for n in range(1, count + 1)
    )  # fmt: skip
    size = 50
    sections = tuple(
        Section(f"s{n}", Words(f"第{n // size + 1}类", f"Part {n // size + 1}"), items[n : n + size])
        for n in range(0, count, size)
    )
    return with_address(Form(FormId(f"many-{count}"), "1", Words("大表", "Large"), "fire", (), sections))
