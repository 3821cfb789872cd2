"""Inspections of forms that are no checklists: the record of a drill, a survey of every kind, tables of any size."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from safetyapp.domain.address import at
from safetyapp.domain.answer_kinds import AnswerKind, AnswerSpec, Choice, ChoiceList, Limits, Outcome, Reading
from safetyapp.domain.form import Form, FormId, Item, ItemId, Section, Severity, with_address
from safetyapp.domain.inspection import Answer, FormRef, Inspection, PhotoLink, ReadingValue, Sha256
from safetyapp.domain.judging import propose_finding
from safetyapp.domain.reckoned import NOTHING, Reckoned
from safetyapp.domain.record import Author, make_record
from safetyapp.domain.school import Role
from safetyapp.domain.scoring import Grade, ScoreMethod, Scoring
from safetyapp.domain.words import Words
from safetyapp.forms.read_yaml import read_form
from safetyapp.texts import built_in_forms
from tests.documents.examples import (
    DOCUMENT_ID,
    INSPECTED_ON,
    INSPECTOR,
    MADE_AT,
    SCHOOL,
    Example,
    make_ink,
    make_photo,
)

LONG = "疏散通道北侧堆放课桌，净宽不足。" * 250
RARE = "𰻝𬭎㛃堃喆"


def item(item_id: str, kind: AnswerKind, zh: str = "", *, en: str = "", **more: object) -> Item:
    """An item with a question; what belongs to its answer is told apart by name."""
    spec = {k: more.pop(k) for k in tuple(more) if k in AnswerSpec.__dataclass_fields__}
    answer = AnswerSpec(kind, **spec)  # type: ignore[arg-type]
    return Item(ItemId(item_id), Words(zh, en), answer=answer, **more)  # type: ignore[arg-type]


def choices(list_id: str, *labels: str, outcomes: Mapping[str, Outcome] | None = None) -> ChoiceList:
    found = [Choice(f"c{n}", Words(label), (outcomes or {}).get(label)) for n, label in enumerate(labels, 1)]
    return ChoiceList(list_id, tuple(found))


def form_of(*items: Item, lists: tuple[ChoiceList, ...] = (), title: str = "学校基本情况调查", **more: object) -> Form:
    sections = (Section("s1", Words("基本情况"), items),)
    form = Form(FormId("made"), "1", Words(title), "survey", (), sections, choices=lists)
    return with_address(replace(form, **more))  # type: ignore[arg-type]


def inspection_of(form: Form, answers: Mapping[str, str], **more: object) -> Inspection:
    given = {ItemId(k): Answer(ItemId(k), v, MADE_AT - timedelta(hours=1)) for k, v in answers.items()}
    made = Inspection(
        DOCUMENT_ID, FormRef(form.id, form.version, form.sha256), SCHOOL, MADE_AT - timedelta(hours=2), INSPECTED_ON,
        INSPECTOR, answers=given,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def example_of(
    form: Form,
    inspection: Inspection,
    reckoned: Reckoned = NOTHING,
    photos: dict[Sha256, Path] | None = None,
    kept: dict[Sha256, Path] | None = None,
    certificate: str = "0" * 64,
) -> Example:
    """A record with everything that sealing it needs."""
    made = [make_ink(INSPECTOR.name, "inspector"), make_ink("周陪同", "escort", 4)]
    author = Author(INSPECTOR.id, INSPECTOR.name, Role.INSPECTOR, certificate)
    record = make_record(inspection, form, reckoned, author, tuple(ink for ink, _ in made), MADE_AT, "0.1.0")
    inks = {Sha256(str(ink.image)): data for ink, data in made}
    return Example(record, form, photos or {}, inks, kept or {})


def keep(folder: Path, name: str, content: bytes) -> tuple[str, Sha256, Path]:
    """A kept file: the answer that names it, its hash, where it lies."""
    sha256 = Sha256(hashlib.sha256(content).hexdigest())
    path = folder / sha256
    path.write_bytes(content)
    return f"{sha256}/{name}", sha256, path


def table_form(columns: int, *, kinds: tuple[AnswerKind, ...] = (AnswerKind.TEXT,), nested: int = 0) -> Form:
    """A form with one table of so many columns, and, `nested`, a table of so many in it."""
    inside = tuple(item(f"n{n}", AnswerKind.TEXT, f"内栏{n}") for n in range(1, nested + 1))
    names = ("班级", "楼栋/楼层/教室", "应到（学籍）", "缺勤", "缺勤事由", "实到", "教师/保育员", "到达时刻")
    every = tuple(
        item(f"k{n}", kinds[(n - 1) % len(kinds)], names[(n - 1) % len(names)] + str(n), unit=Words("秒"))
        for n in range(1, columns + 1)
    )
    more = (item("inner", AnswerKind.TABLE, "内表", items=inside),) if nested else ()
    return form_of(item("table", AnswerKind.TABLE, "班级登记", items=(*every, *more)))


def table_answers(form: Form, rows: int, nested_rows: int = 0) -> dict[str, str]:
    """Every cell with a text of its own: 3.5 is row 3, column 5."""
    (table,) = form.items()
    ids = [str(n) for n in range(1, rows + 1)]
    answers = {"table": " ".join(ids)}
    for row in ids:
        for place, column in enumerate(table.items, 1):
            if column.answer.kind is AnswerKind.TABLE:
                inner = [str(n) for n in range(1, nested_rows + 1)]
                answers[at(column.id, (row,))] = " ".join(inner)
                for one in inner:
                    for n, inside in enumerate(column.items, 1):
                        answers[at(inside.id, (row, one))] = f"内{row}-{one}-{n}"
            elif column.answer.kind.is_number:
                answers[at(column.id, (row,))] = str(int(row) * 100 + place)
            else:
                answers[at(column.id, (row,))] = f"格{row}-{place}"
    return answers


def survey_form() -> Form:
    """Every kind that a form may ask for, a group, tables in a table, English only, long and rare."""
    kind = AnswerKind
    lists = (choices("many", "教室", "食堂、操场", "宿舍"), choices("one", "有", "没有"))
    reading = Reading(ItemId("temp"), Words("水温"), kind.DECIMAL, Words("℃"))
    return form_of(
        item("note", kind.NOTE, "只在屏幕上显示", required=""),
        item("paper-note", kind.NOTE, "以下由学校安全主任填写。", required="", appearance="w1 print"),
        item("name", kind.TEXT, "安全主任姓名"),
        item("long", kind.TEXT, "安全工作概况"),
        item("english", kind.TEXT, en="Name of the head teacher, as written in English"),
        item("code", kind.BARCODE, "灭火器条码"),
        item("one", kind.CHOICE, "有没有校车", choice_list="one", other=True),
        item("many", kind.CHOICES, "哪些地方有监控", choice_list="many"),
        item("rank", kind.RANK, "按风险从高到低排列", choice_list="many"),
        item("count", kind.INTEGER, "学生人数", unit=Words("人", "people")),
        item("pressure", kind.DECIMAL, "水压", unit=Words("MPa"), readings=(reading,)),
        item("range", kind.RANGE, "满意程度", limits=Limits(Decimal(0), Decimal(10))),
        item("score", kind.SCORE, "卫生评分", limits=Limits(Decimal(0), Decimal(10))),
        item("took", kind.DURATION, "疏散用时"),
        item("day", kind.DATE, "上次检修日期"),
        item("clock", kind.TIME, "开门时刻"),
        item("instant", kind.DATETIME, "最近一次报警"),
        item("place", kind.POSITION, "校门位置"),
        item("way", kind.TRACE, "疏散路线"),
        item("yard", kind.SHAPE, "操场范围"),
        item("photo", kind.PHOTO, "校门照片"),
        item("sound", kind.AUDIO, "广播录音"),
        item("film", kind.VIDEO, "演练视频"),
        item("file", kind.FILE, "应急预案"),
        item("sign", kind.SIGNATURE, "校长签字"),
        item("seen", kind.ACKNOWLEDGE, "已向学校说明"),
        item("judged", kind.CONFORMITY, "安全出口是否畅通"),
        item("sum", kind.CALCULATION, "每班平均人数", unit=Words("人"), required=""),
        item("quoted", kind.TEXT, "${name}的电话", required=""),
        item("left", kind.TEXT, "没有填的一项", required=""),
        item("shut", kind.TEXT, "没有问的一项", required=""),
        item(
            "group", kind.GROUP, "食堂情况", required="",
            items=(item("cook", kind.TEXT, "厨师长"), item("meals", kind.INTEGER, "每天供餐", unit=Words("份"))),
        ),
        item(
            "rooms", kind.TABLE, "功能教室",
            items=(
                item("room", kind.TEXT, "名称"), item("seats", kind.INTEGER, "座位", unit=Words("个")),
                item("clear", kind.CONFORMITY, "门是否能打开"), item("room-photo", kind.PHOTO, "照片", required=""),
                item("room-sign", kind.SIGNATURE, "管理员签字", required=""),
                item("tools", kind.TABLE, "设备", required="", items=(
                    item("tool", kind.TEXT, "设备名"), item("tool-day", kind.DATE, "购置日期"),
                )),
            ),
        ),
        lists=lists,
    )  # fmt: skip


def survey_example(folder: Path, certificate: str = "0" * 64) -> Example:
    """The survey, filled; nine of its answers are files or photos."""
    form = survey_form()
    kept: dict[Sha256, Path] = {}
    named: dict[str, str] = {}
    contents = {
        "sound": ("广播.m4a", b"\x00\x01sound" * 9), "film": ("演练.mp4", bytes(range(256)) * 5000),
        "file": ("预案 signed.pdf", b"%PDF-1.7 /ByteRange [0 1 2 3] %%EOF"),
        "sign": ("签名.png", make_ink("王", "x")[1]),
        "room-sign@1": ("签名.png", make_ink("吴", "x", 7)[1]),
    }  # fmt: skip
    for address, (name, content) in contents.items():
        named[address], sha256, path = keep(folder, name, content)
        kept[sha256] = path
    photos: dict[Sha256, Path] = {}
    links = []
    for number, address in enumerate(("photo", "photo", "room-photo@2")):
        photo, path = make_photo(folder, number)
        photos[photo.printed] = path
        links.append(PhotoLink(ItemId(address), photo, number, caption="远景"))
    answers = {
        "name": f"王{RARE}", "long": LONG, "english": "Wang Lei " * 8, "code": "6901234567892", "one": "other",
        "many": "c1 c2", "rank": "c3 c1 c2", "count": "1248", "pressure": "0.07", "range": "7", "score": "8.5",
        "took": "90", "day": "2026-11-05", "clock": "06:30:05", "instant": "2026-11-20T09:30:00+00:00",
        "place": "39.9087 116.3975 44.0 5.0", "way": "39.9 116.3;39.91 116.31",
        "yard": "39.9 116.3;-39.91 116.31;40 -1",
        "seen": "OK", "judged": "pass", "quoted": "13800000000", "cook": "李师傅", "meals": "600", "rooms": "1 2 3",
        "room@1": "化学实验室", "seats@1": "48", "clear@1": "pass", "tools@1": "1 2", "tool@1.1": "通风橱",
        "tool-day@1.1": "2020-09-01", "tool@1.2": "洗眼器", "tool-day@1.2": "2021-03-15", "room@2": "物理实验室",
        "seats@2": "50", "clear@2": "fail", "room@3": "音乐教室", "seats@3": "0", "clear@3": "na", "tools@3": "",
        **named,
    }  # fmt: skip
    inspection = inspection_of(form, answers, photos=tuple(links))
    given = dict(inspection.answers)
    given[ItemId("one")] = replace(given[ItemId("one")], note="租用两辆")
    given[ItemId("pressure")] = replace(given[ItemId("pressure")], readings=(ReadingValue("temp", "18.5"),))
    reckoned = Reckoned(closed=frozenset({ItemId("shut")}), calculated={ItemId("sum"): "41.6"})
    return example_of(form, replace(inspection, answers=given), reckoned, photos, kept, certificate)


def drill_example(folder: Path, classes: int = 30, certificate: str = "0" * 64) -> Example:
    """A fire drill of so many classes, filled as a school would."""
    form = read_form(built_in_forms() / "drill-record.yaml")
    others = [s for s in form.sections if s.id.startswith("kind-") and s.id != "kind-fire"]
    not_asked = ("T1", "elapsed-T1", "T2", "elapsed-T2", "pupils-at-table", "late-class")
    closed = frozenset([*(ItemId(s.id) for s in others), *map(ItemId, not_asked)])
    kept: dict[Sha256, Path] = {}
    answers = {
        "school-year": "2026-2027学年", "term": "first", "drill-number": "2026-11", "kind": "fire", "mode": "live",
        "notice": "surprise", "breadth": "comprehensive", "scale": "everyone", "period": "lesson",
        "drilled-on": "2026-11-09", "weather": "晴，东北风二级", "plan": "plan-fire", "plan-version": "3.1",
        "plan-revised-on": "2026-03-02", "commander": "王校长", "recorder": "李记录", "evaluator": "赵评估",
        "outside": "police fire-station", "prepared": "plan-approved command route-map post-list route-check lesson",
        "scenario": "二层东侧配电间起火，东楼梯不能通行", "signal-evacuate": "连续长铃", "helped": "1 2",
        "helped-class@1": "三年级2班", "helped-count@1": "1", "helped-by@1": "孙老师", "helped-class@2": "五年级1班",
        "helped-count@2": "2", "helped-by@2": "钱老师、校医", "T0": "09:30:05", "T3": "09:30:21", "T4": "09:32:14",
        "T5": "09:34:02", "T6": "09:34:40", "T7": "09:41:00", "call-119": "09:31:00", "leaders-arrived": "09:32:30",
        "injured": "0", "staff-taking-part": "86", "not-taking-part": "3",
        "not-taking-part-reason": "病假2人，在外学习1人",
        "goal-seconds": "120", "longest-class": "六年级3班", "slowest-post": "西楼梯二层平台", "goal-met": "fail",
        "fire-alarm-by": "button", "fire-point": "二层东侧配电间", "fire-blocked": "东楼梯",
        "red-count": "pass", "red-exit": "pass", "red-injury": "pass", "red-record": "pass",
        "comments": "总体有序，西楼梯二层平台短时拥堵，二年级两个班汇合时没有按顺序。", "problems": "1",
        "problem@1": "西楼梯二层平台拥堵", "problem-owner@1": "总务处周主任", "problem-due-on@1": "2026-12-09",
        "plan-change": "yes", "next-improvement-on": "2026-12-09", "archived": "a-plan a-sign-in a-timing",
    }  # fmt: skip
    for section in form.sections:
        if section.id == "scores":
            answers.update((i.id, str(6 + n % 5)) for n, i in enumerate(section.items))
        if section.id == "kind-fire":
            answers.update((i.id, "done") for i in section.items if i.answer.choice_list == "points")
    rows = [str(n) for n in range(1, classes + 1)]
    answers["classes"] = " ".join(rows)
    calculated: dict[str, str] = {}
    for n, row in enumerate(rows):
        seconds = 40 + n * 3
        name, sha256, path = keep(folder, "签名.png", make_ink(f"班{n}", "x", n + 2)[1])
        kept[sha256] = path
        cells = {
            "class": f"{'一二三四五六'[n // 5 % 6]}年级{n % 5 + 1}班", "place": f"教学楼{n // 10 + 1}层{n % 10 + 101}",
            "enrolled": str(38 + n % 6), "absent": str(n % 3), "absent-reason": f"病假{n % 3}人" if n % 3 else "",
            "teacher": f"{'赵钱孙李周吴郑王'[n % 8]}老师", "route": f"{'西' if n % 2 else '中'}楼梯→南门",
            "left-at": f"09:30:{20 + n % 30:02d}", "arrived-at": f"09:31:{n % 60:02d}",
            "counted": str(38 + n % 6 - n % 3),
            "class-teacher-sign": name,
        }  # fmt: skip
        answers.update((at(k, (row,)), v) for k, v in cells.items() if v)
        sums = {"present": str(38 + n % 6 - n % 3), "taken": str(seconds - 15), "since-signal": str(seconds),
                "over-goal": "1" if seconds > 120 else "0", "difference": "0"}  # fmt: skip
        calculated.update((at(k, (row,)), v) for k, v in sums.items())
    groups = ("食堂人员", "保安", "行政办公人员", "来访人员", "施工和外包人员")
    answers["others"] = "1 2 3 4 5"
    for n, name in enumerate(groups, 1):
        cells = {"other-group": name, "other-expected": str(n), "other-counted": str(n), "other-arrived-at": "09:31:50"}
        answers.update((at(k, (str(n),)), v) for k, v in cells.items())
        calculated[at("other-difference", (str(n),))] = "0"
    answers["posts"] = "1 2"
    for row, kind in (("1", "landing"), ("2", "exit")):
        cells = {"post-kind": kind, "post-place": "西楼梯二层", "post-responsible": "郑老师", "post-congested": "no"}
        answers.update((at(k, (row,)), v) for k, v in cells.items())
    totals = {"elapsed-T3": "16", "elapsed-T4": "129", "elapsed-T5": "237", "elapsed-T6": "275", "elapsed-T7": "655",
              "evacuation-seconds": "129", "count-seconds": "146", "pupils-taking-part": "1170",
              "longest-seconds": "127", "classes-over-goal": "3", "enrolled-total": "1215", "present-total": "1185",
              "counted-total": "1185", "difference-total": "0", "other-total": "15",
              "head-count": "1200", "problem-count": "1"}  # fmt: skip
    calculated.update(totals)
    reckoned = Reckoned(closed=closed, calculated={ItemId(k): v for k, v in calculated.items()})
    inspection = inspection_of(form, answers)
    goal = form.item("goal-met")
    assert goal is not None
    text, again = "疏散用时129秒，超过目标120秒。", f"{DOCUMENT_ID}/2"
    finding = propose_finding(form, goal, goal.id, inspection, text, repeats=again)
    inspection = inspection.with_finding(replace(finding, place="全校"))
    return example_of(form, inspection, reckoned, kept=kept, certificate=certificate)


def checklist_example(folder: Path, certificate: str = "0" * 64) -> Example:
    """A checklist with all three levels, a score with a veto, a calculated answer, tables narrow and wide."""
    kind = AnswerKind
    levels = [(Severity.MAJOR, "poor"), (Severity.CANDIDATE, ""), *[(Severity.GENERAL, "")] * 6]
    judged = [
        item(f"A-{n:02d}", kind.CONFORMITY, f"第{n}处消火栓是否完好", severity=level, weight=Decimal(5), veto=veto)
        for n, (level, veto) in enumerate(levels, 1)
    ]
    names = ("灭火器编号", "位置", "压力", "完好")
    narrow = item("A-20", kind.TABLE, "灭火器登记", items=(
        item("no", kind.BARCODE, names[0]), item("at", kind.TEXT, names[1]),
        item("bar", kind.DECIMAL, names[2], unit=Words("MPa"), limits=Limits(Decimal("1.0"), Decimal("1.4"))),
        item("ok", kind.CONFORMITY, names[3]),
    ))  # fmt: skip
    wide = item("A-21", kind.TABLE, "宿舍逐间登记", items=tuple(
        item(f"d{n}", kind.CONFORMITY if n % 4 == 0 else kind.TEXT, f"登记内容{n}") for n in range(1, 13)
    ))  # fmt: skip
    form = form_of(
        *judged, item("A-09", kind.TEXT, "主机型号"), item("A-10", kind.CALCULATION, "完好数", unit=Words("处")),
        narrow, wide, item("A-22", kind.TEXT, "说明"), title="消防设施检查表",
        scoring=Scoring(ScoreMethod.PERCENT, Decimal(100), (
            Grade("good", Words("良"), Decimal(80)), Grade("poor", Words("差"), Decimal(0)))),
    )  # fmt: skip
    answers: dict[str, str] = {i.id: "fail" if n < 3 else "pass" for n, i in enumerate(judged)}
    answers.update({"A-09": "JB-QB-3000", "A-20": "1 2 3", "A-21": "1 2", "A-22": LONG})
    for n in ("1", "2", "3"):
        cells = {"no": f"69012{n}", "at": f"{n}层", "bar": "1.2" if n != "2" else "0.6", "ok": "pass"}
        answers.update((at(k, (n,)), v) for k, v in cells.items())
    for n in ("1", "2"):
        answers.update((at(f"d{k}", (n,)), "pass" if k % 4 == 0 else f"宿{n}-{k}") for k in range(1, 13))
    inspection = inspection_of(form, answers, opinion="限期整改。")
    for place, text in (("A-01", "锈死，打不开"), ("A-02", "水带缺失"), ("A-03", "门卡住"), ("bar@2", "压力不足")):
        found = form.item(place.partition("@")[0])
        assert found is not None
        finding = propose_finding(form, found, ItemId(place), inspection, text)
        criterion = "判定指南第三条" if finding.severity is Severity.MAJOR else ""
        again = "0f3a91c0-5e2b-44d8-9c1e-0123456789ab/4" if place == "A-02" else ""
        inspection = inspection.with_finding(replace(finding, criterion=criterion, place="教学楼", repeats=again))
    return example_of(form, inspection, Reckoned(calculated={ItemId("A-10"): "5"}), certificate=certificate)
