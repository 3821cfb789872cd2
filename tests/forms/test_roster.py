"""Class rosters as schools keep them, lists of pupils that must not be kept, and files that are none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.domain.school import SchoolClass
from safetyapp.forms.mistakes import ListRefused
from safetyapp.forms.roster import RosterRead, read_roster
from safetyapp.forms.roster_head import RosterColumn, recognise


def workbook(path: Path, *sheets: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    for area in merged:
        book.worksheets[0].merge_cells(area)
    book.save(path)
    return path


def read(folder: Path, *rows: Sequence[object], merged: Sequence[str] = ()) -> RosterRead:
    return read_roster(workbook(folder / "花名册.xlsx", rows, merged=merged))


def csv(folder: Path, text: str, encoding: str = "utf-8") -> RosterRead:
    path = folder / "花名册.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path)


class TestMessyRoster:
    """Title, two-line head, grades merged down, sums, notes."""

    ROWS: tuple[tuple[object, ...], ...] = (
        ("甲子小学2026—2027学年第一学期班级花名册",),
        ("序号", "年级", "班级", "教室位置", None, None, "人数", None, None, "班主任", None, "疏散路线", None, "备注"),
        (None, None, None, "楼栋", "楼层", "教室", "男", "女", "合计", "姓名", "联系电话", "楼梯", "出口", None),
        (1, "一年级", "1班", "教学楼", 1, 101, 20, 21, 41, "张 示例", "13900000000", "东楼梯", "南门", None),
        (2, None, 2, "教学楼", "一层", "102室", 19, 20, None, "李示例", None, "东楼梯", "南门", None),
        ("小计", None, None, None, None, None, 39, 41, 80, None, None, None, None, None),
        (3, "二年级", "二（1）班", "2", 3.0, "2号楼3层301", "18", "20", "约38人", "王示例", None, "同上", "北门", None),
        (None, None, None, None, None, None, None, None, None, None, None, None, None, "仅备注"),
        ("合计", None, None, None, None, None, 57, 61, 118, None, None, None, None, None),
        ("注：以9月10日在籍人数为准",),
    )
    MERGED = ("D2:F2", "G2:I2", "J2:K2", "L2:M2", "A2:A3", "B2:B3", "C2:C3", "N2:N3", "B4:B5")

    @pytest.fixture
    def found(self, tmp_path: Path) -> RosterRead:
        return read(tmp_path, *self.ROWS, merged=self.MERGED)

    def test_classes(self, found: RosterRead) -> None:
        assert found.classes == (
            SchoolClass("一年级1班", "教学楼1层101", 41, "张示例", "东楼梯→南门"),
            SchoolClass("一年级2班", "教学楼一层102室", 39, "李示例", "东楼梯→南门"),
            SchoolClass("二（1）班", "2号楼3层301", 38, "王示例", "东楼梯→北门"),
        )

    def test_rows_that_are_no_class(self, found: RosterRead) -> None:
        assert {skip.row: skip.why.partition("。")[0] for skip in found.skipped} == {
            1: "表头之前的标题行",
            6: "小计或合计",
            8: "没有班级名称",
            9: "小计或合计",
            10: "表下附注",
        }

    def test_odd_cells_are_named(self, found: RosterRead) -> None:
        odd = {(cell.row, cell.found): cell.doubt for cell in found.odd}
        assert odd[4, "张 示例"] is False
        assert odd[7, "约38人"] is True

    def test_columns(self, found: RosterRead) -> None:
        assert found.columns == {
            "序号": "not kept: number",
            "年级": "grade",
            "班级": "name",
            "教室位置/楼栋": "building",
            "教室位置/楼层": "floor",
            "教室位置/教室": "room",
            "人数/男": "boys",
            "人数/女": "girls",
            "人数/合计": "enrolled",
            "班主任/姓名": "teacher",
            "班主任/联系电话": "not kept: phone",
            "疏散路线/楼梯": "stairs",
            "疏散路线/出口": "exit",
            "备注": "not kept",
        }


class TestShapes:
    def test_csv_of_an_office_machine(self, tmp_path: Path) -> None:
        found = csv(tmp_path, "班级,应到,教师,疏散路线\n大一班,32,张示例,东门\n中一班,28,李示例,西门\n", "gb18030")
        assert found.classes == (
            SchoolClass("大一班", "", 32, "张示例", "东门"),
            SchoolClass("中一班", "", 28, "李示例", "西门"),
        )

    def test_a_grade_stands_above_its_classes(self, tmp_path: Path) -> None:
        rows = (
            ("班级", "人数"),
            ("三年级（2个班）",),
            ("1班", 40),
            ("（2）班", 41),
            ("四年级",),
            (1, 39),
            ("四（2）班", 38),
        )
        found = read(tmp_path, *rows)
        assert [one.name for one in found.classes] == ["三年级1班", "三年级（2）班", "四年级1班", "四（2）班"]

    def test_a_grade_that_csv_does_not_repeat(self, tmp_path: Path) -> None:
        found = csv(tmp_path, "年级,班级,人数\n七,1,40\n,2,41\n八,1,39\n")
        assert [one.name for one in found.classes] == ["七年级1班", "七年级2班", "八年级1班"]

    def test_a_class_that_excel_has_made_a_day_of(self, tmp_path: Path) -> None:
        found = read(tmp_path, ("班级", "人数"), (datetime(2026, 3, 2), 40))
        assert found.classes == (SchoolClass("3-2", "", 40),)
        assert [(cell.row, cell.taken_as, cell.doubt) for cell in found.odd] == [(2, "3-2", True)]

    def test_a_class_that_csv_has_made_a_day_of(self, tmp_path: Path) -> None:
        assert csv(tmp_path, "班级,人数\n3月2日,40\n").classes == (SchoolClass("3-2", "", 40),)

    def test_a_telephone_beside_the_teacher_is_not_kept(self, tmp_path: Path) -> None:
        rows = (("班级", "班主任（电话）"), ("一1班", "张示例 139 0000 0000"), ("一2班", "李示例（010-12345678）"))
        assert [one.teacher for one in read(tmp_path, *rows).classes] == ["张示例", "李示例"]

    def test_a_bare_number_is_doubted(self, tmp_path: Path) -> None:
        found = read(tmp_path, ("班级", "人数"), (1, 40))
        assert found.classes[0].name == "1班"
        assert found.odd[0].doubt

    def test_boys_alone_are_no_class(self, tmp_path: Path) -> None:
        found = read(tmp_path, ("班级", "男生", "女生"), ("一1班", 20, 21), ("一2班", 19, None))
        assert [one.enrolled for one in found.classes] == [41, None]

    def test_only_names(self, tmp_path: Path) -> None:
        assert [one.name for one in read(tmp_path, ("班级",), ("小一班",), ("小二班",)).classes] == ["小一班", "小二班"]

    def test_a_class_named_twice_is_left_out_and_named(self, tmp_path: Path) -> None:
        rows = (("班级", "人数"), ("一（1）班", 40), ("一(1)班 ", 40), ("一（1）班", 44))
        found = read(tmp_path, *rows)
        assert found.classes == (SchoolClass("一（1）班", "", 40),)
        assert [(skip.row, skip.why) for skip in found.skipped] == [
            (3, "与第 2 行是同一个班。The same class as in row 2."),
            (
                4,
                "与第 2 行是同一个班，内容不同，以前者为准。The same class as in row 2; they differ, the first counts.",
            ),
        ]

    def test_a_sheet_per_grade(self, tmp_path: Path) -> None:
        path = workbook(
            tmp_path / "a.xlsx", (("班级", "人数"), ("一1班", 40)), (("班级", "人数"), ("二1班", 41)), (("说明",),)
        )
        found = read_roster(path)
        assert [one.name for one in found.classes] == ["一1班", "二1班"]
        assert [(skip.sheet, skip.row) for skip in found.skipped] == [("Sheet2", 1)]

    def test_tables_side_by_side_are_said(self, tmp_path: Path) -> None:
        found = read(tmp_path, ("班级", "人数", "班级", "人数"), ("一1班", 40, "二1班", 41))
        assert [one.name for one in found.classes] == ["一1班"]
        assert [cell.why.partition("；")[0] for cell in found.odd if cell.doubt] == ["右边还有一列班级，没有读"]

    def test_a_head_that_comes_again(self, tmp_path: Path) -> None:
        rows = (("班级", "人数"), ("一1班", 40), ("班级", "人数"), ("二1班", 41))
        assert [one.name for one in read(tmp_path, *rows).classes] == ["一1班", "二1班"]

    @pytest.mark.parametrize(
        ("text", "column"),
        [
            ("班级名称", RosterColumn.CLASS),
            ("年级/班级", RosterColumn.CLASS),
            ("应到（学籍）", RosterColumn.ENROLLED),
            ("班级人数", RosterColumn.ENROLLED),
            ("班级数", RosterColumn.OTHER),
            ("实到", RosterColumn.OTHER),
            ("楼栋/楼层/教室", RosterColumn.PLACE),
            ("班主任（教师）", RosterColumn.TEACHER),
            ("教师/保育员", RosterColumn.TEACHER),
            ("班主任及电话", RosterColumn.TEACHER),
            ("班主任电话", RosterColumn.PHONE),
            ("疏散楼梯/出口", RosterColumn.ROUTE),
            ("本学期在校学生人数", RosterColumn.ENROLLED),
            ("副班主任", RosterColumn.ASSISTANT),
            ("疏散路线（楼梯号+出口）", RosterColumn.ROUTE),
            ("学生姓名", RosterColumn.PUPIL),
            ("幼儿姓名", RosterColumn.PUPIL),
            ("姓 名", RosterColumn.PUPIL),
            ("教师姓名", RosterColumn.TEACHER),
            ("学籍号", RosterColumn.PUPIL_NUMBER),
            ("家长电话", RosterColumn.PHONE),
            ("监护人", RosterColumn.PUPIL_DATA),
            ("天气", None),
        ],
    )
    def test_what_columns_are_called(self, text: str, column: RosterColumn | None) -> None:
        assert recognise(text) is column


class TestPupils:
    HEAD = ("班级", "学生姓名", "学号", "性别", "班主任", "家长电话")

    def test_one_row_per_pupil_is_counted_and_nobody_is_named(self, tmp_path: Path) -> None:
        rows = [self.HEAD]
        rows += [("一（1）班", f"某甲{n}", f"20260{n}", "男", "张示例", "13911111111") for n in range(3)]
        rows += [("一（2）班", "某乙", "20269", "女", "李示例", "13922222222")]
        found = read(tmp_path, *rows)
        assert found.classes == (
            SchoolClass("一（1）班", "", 3, "张示例"),
            SchoolClass("一（2）班", "", 1, "李示例"),
        )
        assert found.pupils == 4
        assert found.columns["学生姓名"] == "not kept: pupil"
        assert [(cell.column, cell.why.partition("。")[0]) for cell in found.odd] == [
            ("学生姓名", "每行一名学生：已按班计数，姓名等没有保留")
        ]
        assert not any(secret in repr(found) for secret in ("某", "2026", "139"))

    def test_a_class_written_once_for_all_its_pupils(self, tmp_path: Path) -> None:
        found = csv(tmp_path, "班级,姓名\n大一班,某甲\n,某乙\n同上,某丙\n大二班,某丁\n")
        assert found.classes == (SchoolClass("大一班", "", 3), SchoolClass("大二班", "", 1))

    def test_a_name_in_a_roster_of_classes_may_be_a_pupil_and_is_not_kept(self, tmp_path: Path) -> None:
        found = read(tmp_path, ("班级", "姓名"), ("一1班", "某甲"), ("一2班", "某乙"))
        assert found.classes == (SchoolClass("一1班"), SchoolClass("一2班"))
        assert found.pupils == 0
        assert [cell.doubt for cell in found.odd] == [True]
        assert "某" not in repr(found)

    def test_a_count_that_is_written_holds_against_counting(self, tmp_path: Path) -> None:
        rows = (("班级", "人数", "姓名"), ("一1班", 41, "某甲"), (None, None, "某乙"))
        assert read(tmp_path, *rows, merged=("A2:A3", "B2:B3")).classes == (SchoolClass("一1班", "", 41),)

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        pupils=st.lists(st.tuples(st.sampled_from(["一1班", "一2班", "", "同上"]), st.integers(0, 30)), min_size=2),
        head=st.permutations(["班级", "学生姓名", "身份证号", "备注"]),
    )
    def test_whatever_the_order_no_name_comes_through(
        self, tmp_path: Path, pupils: list[tuple[str, int]], head: list[str]
    ) -> None:
        cells = {"班级": "", "学生姓名": "", "身份证号": "", "备注": "无"}
        lines = [",".join(head)]
        for one, number in pupils:
            row = cells | {"班级": one, "学生姓名": f"欧阳某{number}", "身份证号": f"1101122019{number:08}"}
            lines.append(",".join(row[column] for column in head))
        found = csv(tmp_path, "\n".join(lines))
        assert "欧阳" not in repr(found)
        assert "110112" not in repr(found)
        assert found.pupils in (0, sum(one.enrolled or 0 for one in found.classes))


class TestRefused:
    def code(self, path: Path) -> str:
        with pytest.raises(ListRefused) as caught:
            read_roster(path)
        (mistake,) = caught.value.mistakes
        return mistake.code

    def test_no_column_of_classes(self, tmp_path: Path) -> None:
        assert self.code(workbook(tmp_path / "a.xlsx", (("学校名称", "人数"), ("甲子小学", 3)))) == "no-class-column"
        assert self.code(workbook(tmp_path / "b.xlsx", (("姓名", "性别"), ("某甲", "男")))) == "no-class-column"
        assert self.code(workbook(tmp_path / "c.xlsx", ())) == "no-class-column"

    def test_several_schools(self, tmp_path: Path) -> None:
        rows = (("学校", "班级", "人数"), ("甲子小学", "一1班", 40), ("乙丑小学", "一1班", 41))
        assert self.code(workbook(tmp_path / "a.xlsx", rows)) == "several-schools"

    def test_one_school_is_fine(self, tmp_path: Path) -> None:
        assert (
            len(read(tmp_path, ("学校", "班级", "人数"), ("甲子小学", "一1班", 40), (None, "一2班", 41)).classes) == 2
        )

    def test_too_many_classes(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_text("班级,人数\n" + "".join(f"第{n}班,40\n" for n in range(501)), encoding="utf-8")
        assert self.code(path) == "too-many-classes"

    def test_what_is_no_table(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"PK\x03\x04 no zip")
        assert self.code(path) == "not-excel"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(-5, 10**9), st.floats(-1, 99)), max_size=6)
    )
)
def test_any_cells_below_a_head_are_read(tmp_path: Path, rows: list[list[object]]) -> None:
    text = "班级,楼层,人数,班主任,疏散路线\n" + "\n".join(
        ",".join("" if cell is None else '"' + str(cell).replace('"', '""') + '"' for cell in row) for row in rows
    )
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        found = read_roster(path)
    except ListRefused as refused:  # a cell may hold what no CSV can
        found = RosterRead((), ())
        codes = {mistake.code for mistake in refused.mistakes}
    else:
        codes = set()
    assert codes <= {"bad-encoding", "not-csv"}
    names = [one.name for one in found.classes]
    assert len(set(names)) == len(names)
    assert all(name and len(name) <= 60 for name in names)
    assert all(one.enrolled is None or one.enrolled >= 0 for one in found.classes)
