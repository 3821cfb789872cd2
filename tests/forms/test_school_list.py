"""School lists as offices keep them: the sample, lists of other offices, and files that are none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safetyapp.domain.school import SchoolFact, SchoolKind
from safetyapp.forms.mistakes import ListRefused
from safetyapp.forms.school_list import SchoolList, read_schools

SAMPLE = Path(__file__).parents[1] / "data" / "schools" / "学校名单_示例.xlsx"


@pytest.fixture(scope="module")
def sample() -> SchoolList:
    return read_schools(SAMPLE)


def workbook(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    book.save(path)
    return path


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


class TestSample:
    def test_sixty_schools_and_six_campuses(self, sample: SchoolList) -> None:
        assert len(sample.main_schools()) == 60
        assert len(sample.schools) == 66
        assert len({school.id for school in sample.schools}) == 66

    def test_campuses_stand_under_their_school(self, sample: SchoolList) -> None:
        campuses = [school for school in sample.schools if school.campus_of]
        assert len(campuses) == 6
        by_id = {school.id: school for school in sample.main_schools()}
        for campus in campuses:
            parent = by_id[campus.campus_of]  # type: ignore[index]
            assert campus.name == f"{parent.name}（北校区）"
            assert campus.code == parent.code
            assert campus.kind == parent.kind

    def test_totals_notes_and_titles_are_named_as_such(self, sample: SchoolList) -> None:
        assert [(s.row, s.sheet) for s in sample.skipped] == [
            (1, "2026年校园安全底数"),
            (2, "2026年校园安全底数"),
            (33, "2026年校园安全底数"),
            (54, "2026年校园安全底数"),
            (73, "2026年校园安全底数"),
            (75, "2026年校园安全底数"),
            (1, "Sheet2"),
        ]
        assert not any(school.name[-1:] == "计" or "注" in school.name for school in sample.schools)

    def test_codes_are_text_of_ten_digits_or_empty(self, sample: SchoolList) -> None:
        codes = [school.code for school in sample.main_schools()]
        assert sum(not code for code in codes) == 5
        assert all(len(code) == 10 and code.isascii() and code.isdigit() for code in codes if code)

    def test_rare_characters_are_kept(self, sample: SchoolList) -> None:
        heads = {school.head for school in sample.schools}
        assert {"薛𬭎", "何㛃", "林龑", "赵堃", "彭喆", "杨翀"} <= heads

    def test_telephones_are_digits(self, sample: SchoolList) -> None:
        assert all(school.phone.isascii() and len(school.phone) == 11 for school in sample.schools)
        assert sample.schools[2].phone == "15440268599"

    def test_as_above_is_filled_in(self, sample: SchoolList) -> None:
        rows = {odd.row: odd.taken_as for odd in sample.odd if odd.found == "同上"}
        assert rows[10] == "样板镇"
        assert rows[34] == "演示乡"
        assert rows[47] == rows[46] == rows[48] == "示例东街道"
        assert not any("同上" in school.street for school in sample.schools)

    def test_kinds_and_facts(self, sample: SchoolList) -> None:
        by_code = {school.code: school for school in sample.main_schools() if school.code}
        assert by_code["3411041358"].kind is SchoolKind.HIGH
        assert by_code["3411535285"].kind is SchoolKind.COMPLETE
        assert by_code["5111429124"].kind is SchoolKind.SPECIAL
        assert by_code["3611348050"].kind is SchoolKind.VOCATIONAL
        kindergarten = by_code["1111754323"]
        assert kindergarten.fact(SchoolFact.CANTEEN) is True
        assert kindergarten.fact(SchoolFact.BOARDING) is False
        assert kindergarten.fact(SchoolFact.GAS) is None
        assert by_code["1111010928"].fact(SchoolFact.CANTEEN) is False  # 校外配餐
        assert by_code["1111010928"].fact(SchoolFact.BOUGHT_IN_MEALS) is True
        assert kindergarten.fact(SchoolFact.BOUGHT_IN_MEALS) is None
        assert by_code["1111018780"].fact(SchoolFact.BOARDING) is True  # 244 boarders
        assert by_code["1111536630"].students == 1553  # 1553人

    def test_every_odd_cell_is_named_with_its_row(self, sample: SchoolList) -> None:
        book = openpyxl.load_workbook(SAMPLE)
        odd = {(o.row, o.found) for o in sample.odd}
        for row in book.worksheets[0].iter_rows(min_row=5, max_row=72):
            if row[1].value is None:
                continue
            for cell in (row[2], row[11], row[13]):  # code and telephones
                text = cell.value
                plain = isinstance(text, str) and text.isascii() and text.isdigit()
                if text is not None and not plain:
                    assert (row[0].row, str(text)) in odd
        assert {o.row for o in sample.odd if o.doubt} == {12, 17, 23, 49}

    def test_columns_say_what_they_were_read_as(self, sample: SchoolList) -> None:
        assert sample.columns["学校基本情况/学校名称"] == "name"
        assert sample.columns["学校基本情况/机构标识码"] == "code"
        assert sample.columns["规模/其中：寄宿生"] == "boarding"
        assert sample.columns["人员/联系电话"] == "officer_phone"
        assert sample.columns["备注"] == "not kept"
        assert len(sample.columns) == 20

    def test_the_same_list_gives_the_same_ids(self, sample: SchoolList) -> None:
        assert read_schools(SAMPLE) == sample
        ids = {school.name: school.id for school in sample.main_schools() if school.code == "2111774035"}
        assert list(ids.values()) == ["2111774035"]

    def test_the_same_list_as_csv_gives_the_same_schools(self, sample: SchoolList, tmp_path: Path) -> None:
        import csv

        out = io.StringIO()
        for row in openpyxl.load_workbook(SAMPLE).worksheets[0].iter_rows(values_only=True):
            csv.writer(out).writerow(["" if value is None else value for value in row])
        from_csv = read_schools(csv_file(tmp_path / "名单.csv", out.getvalue(), "gb18030"))
        assert from_csv.schools == sample.schools


class TestOtherOffices:
    def test_other_columns_in_another_order(self, tmp_path: Path) -> None:
        found = read_schools(
            workbook(
                tmp_path / "a.xlsx",
                [
                    ["街道（乡镇）", "负责人", "手机号码", "单位全称*", "学校代码", "办学类型", "是否寄宿", "燃气类型"],
                    ["甲镇", "张三", 13900000000, "甲镇中心小学", "2111000001", "小学", "否", "管道天然气"],
                    ["乙镇", "李四", "010-6955 1234", "乙镇高中", 3411000002.0, "普通高中", "是", "瓶装液化气"],
                    ["丙镇", "王五", "13900000001/69551235", "丙镇第一幼儿园", "", "", "×", "电"],
                ],
            )
        )
        first, second, third = found.schools
        assert (first.street, first.head, first.phone) == ("甲镇", "张三", "13900000000")
        assert (first.fact(SchoolFact.GAS), first.fact(SchoolFact.BOTTLED_GAS)) == (True, False)
        assert (second.code, second.kind, second.phone) == ("3411000002", SchoolKind.HIGH, "010-69551234")
        assert (second.fact(SchoolFact.BOARDING), second.fact(SchoolFact.BOTTLED_GAS)) == (True, True)
        assert (third.kind, third.phone) == (SchoolKind.KINDERGARTEN, "13900000001、69551235")
        assert third.fact(SchoolFact.GAS) is False

    def test_telephones_belong_to_the_person_on_their_left_or_above(self, tmp_path: Path) -> None:
        rows = [
            ["学校", "校长", None, "安全干部", None, "地址"],
            [None, "姓名", "电话", "姓名", "电话", None],
            ["甲小学", "张三", "13900000000", "李四", "13900000001", "甲路1号"],
        ]
        merged = ["A1:A2", "B1:C1", "D1:E1", "F1:F2"]
        (school,) = read_schools(workbook(tmp_path / "a.xlsx", rows, merged)).schools
        assert (school.head, school.phone, school.address) == ("张三", "13900000000", "甲路1号")
        unmerged = "学校,校长,电话,安全干部,电话\n甲小学,张三,13900000000,李四,13900000001\n"
        (school,) = read_schools(csv_file(tmp_path / "a.csv", unmerged)).schools
        assert (school.head, school.phone) == ("张三", "13900000000")

    def test_campuses_in_a_column_of_their_own_under_a_merged_name(self, tmp_path: Path) -> None:
        rows = [
            ["序号", "学校名称", "标识码", "校区名称", "校区地址"],
            [1, "甲小学", "2111000001", "本部", "甲路1号"],
            [None, None, None, "东校区", "甲路2号"],
            [None, None, None, "西校区", "甲路3号"],
            [2, "乙小学", "2111000002", None, "乙路1号"],
        ]
        merged = ["A2:A4", "B2:B4", "C2:C4"]
        found = read_schools(workbook(tmp_path / "a.xlsx", rows, merged))
        assert [(s.name, s.address) for s in found.schools] == [
            ("甲小学", "甲路1号"),
            ("甲小学（东校区）", "甲路2号"),
            ("甲小学（西校区）", "甲路3号"),
            ("乙小学", "乙路1号"),
        ]
        assert [s.campus_of for s in found.schools] == [None, "2111000001", "2111000001", None]
        assert len({s.id for s in found.schools}) == 4

    def test_campuses_written_in_other_ways(self, tmp_path: Path) -> None:
        text = (
            "序号,单位名称,机构代码\n"
            "1,甲小学,2111000001\n"
            ",甲小学(南校区),\n"
            ",甲小学北校区,\n"
            ",东校区,\n"
            "2,乙小学（本部）,2111000002\n"
            ",乙小学（分校）,2111000002\n"
            "3,丙小学（西校区）,2111000003\n"
            "4,甲小学通州分校,2111000004\n"
        )
        found = read_schools(csv_file(tmp_path / "a.csv", text))
        assert {s.name: s.campus_of for s in found.schools} == {
            "甲小学": None,
            "甲小学(南校区)": "2111000001",
            "甲小学北校区": "2111000001",
            "甲小学（东校区）": "2111000001",
            "乙小学（本部）": None,
            "乙小学（分校）": "2111000002",
            "丙小学（西校区）": None,
            "甲小学通州分校": None,
        }
        assert any(o.doubt and o.row == 8 for o in found.odd)

    def test_groups_repeated_heads_and_totals_inside(self, tmp_path: Path) -> None:
        rows = [
            ["某区学校名单"],
            ["一、小学（2所）"],
            ["序号", "名称", "地址"],
            [1, "甲校", "甲路1号"],
            [2, "乙校", "乙路1号"],
            ["合 计", "2所", None],
            ["二、初中（1所）"],
            ["序号", "名称", "地址"],
            [1, "中心校", "丙路1号"],
            ["", "小计：1所"],
            ["填表人：张三", None, "审核：李四"],
            ["*分址办园不列"],
        ]
        found = read_schools(workbook(tmp_path / "a.xlsx", rows, ["A1:C1", "A2:C2", "A7:C7"]))
        assert [(s.name, s.kind.value) for s in found.schools] == [
            ("甲校", "primary"),
            ("乙校", "primary"),
            ("中心校", "middle"),
        ]
        assert [s.row for s in found.skipped] == [1, 2, 6, 7, 8, 10, 11, 12]

    def test_one_sheet_per_kind(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.title = "幼儿园"
        book.active.append(["园所名称", "标识码"])
        book.active.append(["甲幼儿园", "1111000001"])
        second = book.create_sheet("小学")
        second.append(["标识码", "学校名称"])
        second.append(["2111000001", "甲小学"])
        hidden = book.create_sheet("旧")
        hidden.append(["学校名称", "标识码"])
        hidden.append(["旧小学", "2111000009"])
        hidden.sheet_state = "hidden"
        book.save(tmp_path / "a.xlsx")
        assert [s.name for s in read_schools(tmp_path / "a.xlsx").schools] == ["甲幼儿园", "甲小学"]

    def test_another_head_with_other_columns_further_down(self, tmp_path: Path) -> None:
        text = (
            "学校名称,标识码,地址\n甲小学,2111000001,路1号\n"
            "标识码,地址,负责人,学校名称\n1111000001,路2号,张三,乙幼儿园\n"
        )
        found = read_schools(csv_file(tmp_path / "a.csv", text))
        assert [(s.name, s.code, s.address, s.head) for s in found.schools] == [
            ("甲小学", "2111000001", "路1号", ""),
            ("乙幼儿园", "1111000001", "路2号", "张三"),
        ]

    def test_a_campus_above_its_school_and_one_with_a_code_of_its_own(self, tmp_path: Path) -> None:
        text = "学校名称,标识码\n甲小学（东校区）,\n甲小学,2111000001\n甲小学（西校区）,2111000005\n"
        found = read_schools(csv_file(tmp_path / "a.csv", text))
        assert [(s.name, s.campus_of) for s in found.schools] == [
            ("甲小学", None),
            ("甲小学（东校区）", "2111000001"),
            ("甲小学（西校区）", "2111000001"),
        ]
        assert found.schools[2].id == "2111000005"
        assert [o.row for o in found.odd if o.doubt] == [4]

    def test_only_names(self, tmp_path: Path) -> None:
        found = read_schools(csv_file(tmp_path / "a.csv", "学校名称\n甲小学\n乙幼儿园\n合计\n"))
        assert [s.name for s in found.schools] == ["甲小学", "乙幼儿园"]

    def test_the_same_school_twice_counts_once(self, tmp_path: Path) -> None:
        text = "学校名称,标识码,地址\n甲小学,2111000001,路1号\n甲小学 ,2111000001,路1号\n"
        found = read_schools(csv_file(tmp_path / "a.csv", text))
        assert len(found.schools) == 1
        assert [s.row for s in found.skipped] == [3]

    def test_two_schools_with_one_code_are_both_kept_and_doubted(self, tmp_path: Path) -> None:
        text = "序号,学校名称,标识码\n1,甲小学,2111000001\n2,乙小学,2111000001\n"
        found = read_schools(csv_file(tmp_path / "a.csv", text))
        assert [(s.name, s.campus_of) for s in found.schools] == [("甲小学", None), ("乙小学", None)]
        assert len({s.id for s in found.schools}) == 2
        assert [o.row for o in found.odd if o.doubt] == [3]

    def test_names_decide_the_id_where_there_is_no_code(self, tmp_path: Path) -> None:
        one = read_schools(csv_file(tmp_path / "a.csv", "学校名称,地址\n甲（民办）小学,路1号\n乙小学,路2号\n"))
        two = read_schools(csv_file(tmp_path / "b.csv", "地址,学校名称\n新址,乙小学\n路1号,甲(民办) 小学\n"))
        assert {s.id for s in one.schools} == {s.id for s in two.schools}

    def test_spoilt_cells_are_doubted_not_guessed(self, tmp_path: Path) -> None:
        text = "学校名称,标识码,学生数,电话,有无实验室\n甲小学,2.11E+09,很多,12,也许\n乙小学,#N/A,约800人,#REF!,有2间\n"
        found = read_schools(csv_file(tmp_path / "a.csv", text))
        first, second = found.schools
        assert (first.code, first.students, first.fact(SchoolFact.LABORATORY)) == ("", None, None)
        assert (second.code, second.students, second.fact(SchoolFact.LABORATORY)) == ("", 800, True)
        assert len([o for o in found.odd if o.doubt and o.row == 2]) == 4

    def test_dates_in_every_spelling(self, tmp_path: Path) -> None:
        spellings = [
            "2026.9.1",
            "2026-09-01",
            "2015/8",
            1998,
            "二〇一二年",
            "1986年9月",
            datetime(2001, 9, 1),
            "一九九八年十二月",
        ]
        rows: list[list[object]] = [["学校名称", "建校年月"]]
        rows += [[f"第{i}小学", spelling] for i, spelling in enumerate(spellings)]
        rows.append(["末小学", "去年"])
        odd = {o.row: o for o in read_schools(workbook(tmp_path / "a.xlsx", rows)).odd if o.column == "建校年月"}
        taken = {row: o.taken_as for row, o in odd.items()}
        assert taken == {
            2: "2026-09-01",
            4: "2015-08",
            5: "1998",
            6: "2012",
            7: "1986-09",
            9: "1998-12",
            10: "",
        }
        assert odd[10].doubt

    @pytest.mark.parametrize(
        ("kind", "name", "expected"),
        [
            ("学前", "某校", "kindergarten"),
            ("", "某镇中心幼儿园", "kindergarten"),
            ("", "某附属实验学校", "other"),
            ("小学、初中", "某校", "nine_year"),
            ("初中、高中", "某校", "complete"),
            ("312", "某校", "nine_year"),
            ("十二年一贯制学校", "某校", "other"),
            ("特教", "某校", "special"),
            ("职高", "某校", "vocational"),
            ("普通高中", "某中学", "high"),
        ],
    )
    def test_kinds(self, tmp_path: Path, kind: str, name: str, expected: str) -> None:
        found = read_schools(csv_file(tmp_path / "a.csv", f"学校名称,学校类别\n{name},{kind}\n"))
        assert found.schools[0].kind == expected

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("sign", [",", "\t", ";"])
    def test_csv_as_programs_write_it(self, tmp_path: Path, encoding: str, sign: str) -> None:
        text = sign.join(["学校名称", "标识码"]) + "\r\n" + sign.join(["示例㛃堃小学", "2111000001"]) + "\r\n"
        (school,) = read_schools(csv_file(tmp_path / "a.csv", text, encoding)).schools
        assert (school.name, school.code) == ("示例㛃堃小学", "2111000001")


def package(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)
    return data.getvalue()


def good_parts(tmp_path: Path) -> dict[str, bytes]:
    path = workbook(tmp_path / "good.xlsx", [["学校名称"], ["甲小学"]])
    with zipfile.ZipFile(path) as source:
        return {name: source.read(name) for name in source.namelist()}


OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            ("a.xlsx", b"", "empty"),
            ("a.xlsx", b"not a workbook at all", "not-excel"),
            ("a.xlsx", b"PK\x03\x04 cut off", "not-excel"),
            ("a.xls", OLE + "Workbook".encode("utf-16-le"), "old-excel"),
            ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
            ("a.xls", b"<html><table><tr><td>a</td></tr></table>", "web-page"),
            ("a.xlsx", package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "not-excel"),
            ("a.csv", b"\x00\x01\x02\x03\xff\xff", "bad-encoding"),
            ("a.csv", "编号,地址\n1,路\n".encode(), "no-name-column"),
            ("a.csv", b"\n\n", "no-name-column"),
        ],
    )
    def test_what_cannot_be_read(self, tmp_path: Path, name: str, data: bytes, code: str) -> None:
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(ListRefused) as caught:
            read_schools(path)
        (mistake,) = caught.value.mistakes
        assert mistake.code == code
        chinese, english = mistake.message.split("。", 1)
        assert chinese
        assert english.endswith(".")

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(ListRefused, match="unreadable"):
            read_schools(tmp_path / "none.xlsx")

    def test_macros(self, tmp_path: Path) -> None:
        parts = good_parts(tmp_path) | {"xl/vbaProject.bin": b"macro"}
        (tmp_path / "a.xlsm").write_bytes(package(parts))
        with pytest.raises(ListRefused, match="macros"):
            read_schools(tmp_path / "a.xlsm")

    def test_a_zip_bomb(self, tmp_path: Path) -> None:
        parts = good_parts(tmp_path) | {"xl/media/image1.png": b"\0" * (130 * 1024 * 1024)}
        (tmp_path / "a.xlsx").write_bytes(package(parts))
        assert (tmp_path / "a.xlsx").stat().st_size < 1_000_000
        with pytest.raises(ListRefused, match="too-large"):
            read_schools(tmp_path / "a.xlsx")

    @pytest.mark.parametrize(
        "bomb",
        [
            b'</sheetData><mergeCells count="1"><mergeCell ref="A3:XFD1048576"/></mergeCells>',
            b"<row>" + b'<c r="A9"/>' * 700_000 + b"</row></sheetData>",
        ],
    )
    def test_a_sheet_that_swells(self, tmp_path: Path, bomb: bytes) -> None:
        parts = good_parts(tmp_path)
        sheet = parts["xl/worksheets/sheet1.xml"]
        assert b"</sheetData>" in sheet
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", bomb)
        (tmp_path / "a.xlsx").write_bytes(package(parts))
        with pytest.raises(ListRefused, match="too-large"):
            read_schools(tmp_path / "a.xlsx")

    def test_a_sheet_that_swells_under_another_name(self, tmp_path: Path) -> None:
        parts = {
            name.replace("worksheets/sheet1.xml", "odd/place.bin"): content.replace(
                b"worksheets/sheet1.xml", b"odd/place.bin"
            )
            for name, content in good_parts(tmp_path).items()
        }
        path = tmp_path / "a.xlsx"
        path.write_bytes(package(parts))
        assert len(read_schools(path).schools) == 1
        sheet = parts["xl/odd/place.bin"]
        parts["xl/odd/place.bin"] = sheet.replace(b"</sheetData>", b"<row>" + b"<c/>" * 700_000 + b"</row></sheetData>")
        path.write_bytes(package(parts))
        with pytest.raises(ListRefused, match="too-large"):
            read_schools(path)

    def test_a_sheet_in_an_encoding_that_hides_its_cells(self, tmp_path: Path) -> None:
        parts = good_parts(tmp_path)
        sheet = parts["xl/worksheets/sheet1.xml"].decode()
        parts["xl/worksheets/sheet1.xml"] = sheet.encode("utf-16")
        (tmp_path / "a.xlsx").write_bytes(package(parts))
        with pytest.raises(ListRefused, match="not-excel"):
            read_schools(tmp_path / "a.xlsx")

    def test_a_cell_in_the_last_row_costs_nothing(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(["学校名称", "地址"])
        book.active.append(["甲小学", "路"])
        book.active["XFD1048576"] = "x"
        book.active["A1048576"] = "合计"
        book.save(tmp_path / "a.xlsx")
        assert len(read_schools(tmp_path / "a.xlsx").schools) == 1

    def test_more_rows_than_schools_in_any_province(self, tmp_path: Path) -> None:
        text = "学校名称\n" + "".join(f"第{i}小学\n" for i in range(20_001))
        with pytest.raises(ListRefused, match="too-many-rows"):
            read_schools(csv_file(tmp_path / "a.csv", text))

    def test_a_damaged_part_is_no_crash(self, tmp_path: Path) -> None:
        parts = good_parts(tmp_path)
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-40]
        (tmp_path / "a.xlsx").write_bytes(package(parts))
        with pytest.raises(ListRefused, match="not-excel"):
            read_schools(tmp_path / "a.xlsx")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 14_000), piece=st.binary(min_size=1, max_size=40))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, at: int, piece: bytes) -> None:
    data = SAMPLE.read_bytes()
    path = tmp_path / "a.xlsx"
    path.write_bytes(data[:at] + piece + data[at + len(piece) :])
    refusal = None
    try:
        read_schools(path)
    except ListRefused as error:
        refusal = error
    assert refusal is None or refusal.mistakes


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.text(max_size=12),
                st.sampled_from(
                    ["同上", "学校名称", "合计", "甲小学", "甲小学（北校区）", "2111000001", "北校区", "有", "序号"]
                ),
            ),
            min_size=1,
            max_size=4,
        ),
        max_size=12,
    )
)
def test_any_table_is_read_or_refused_and_ids_are_unique(tmp_path: Path, rows: list[list[str]]) -> None:
    book = openpyxl.Workbook()
    book.active.append(["序号", "学校名称", "标识码", "地址"])
    for row in rows:
        book.active.append(
            ["".join(c for c in cell if c.isprintable() and not "\ud800" <= c <= "\udfff") for cell in row]
        )
    book.save(tmp_path / "a.xlsx")
    found = read_schools(tmp_path / "a.xlsx")
    ids = [school.id for school in found.schools]
    assert len(ids) == len(set(ids))
    assert all(school.campus_of is None or school.campus_of in ids for school in found.schools)
    assert all(school.name for school in found.schools)
