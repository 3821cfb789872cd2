"""Forms in and out by the command line, and forms of every kind of question filled by it to a signed document."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from safetyapp.texts import built_in_forms, resources
from tests.cli.conftest import Run

PHOTO = next((resources() / "demo" / "photos").glob("*.jpg"))

SURVEY = [
    (
        "type",
        "name",
        "label",
        "required",
        "relevant",
        "constraint",
        "constraint_message",
        "calculation",
        "choice_filter",
    ),
    ("select_one colour", "door", "门是什么颜色", "yes", "", "", "", "", ""),
    ("text", "other_door", "什么颜色", "yes", "${door} = 'other'", "", "", "", ""),
    ("integer", "rooms", "几间教室", "yes", "", ". > 0 and . < 100", "1 到 99", "", ""),
    ("begin repeat", "room", "教室", "", "", "", "", "", ""),
    ("text", "room_name", "名称", "yes", "", "", "", "", ""),
    ("decimal", "area", "面积", "", "", "", "", "", ""),
    ("end repeat", "", "", "", "", "", "", "", ""),
    ("calculate", "whole", "", "", "", "", "", "sum(${area})", ""),
    ("image", "front", "正面照片", "yes", "", "", "", "", ""),
    ("file", "plan", "平面图", "", "", "", "", "", ""),
    ("geopoint", "where", "位置", "", "", "", "", "", ""),
    ("select_multiple colour", "walls", "墙的颜色", "", "", "", "", "", ""),
]
CHOICES = [
    ("list_name", "name", "label"),
    ("colour", "red", "红"),
    ("colour", "green", "绿"),
    ("colour", "other", "其他"),
]


def workbook(path: Path, survey: list[tuple[str, ...]] = SURVEY, form_id: str = "rooms", version: str = "1") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    settings = [("form_title", "form_id", "version"), ("教室调查", form_id, version)]
    for name, rows in (("survey", survey), ("choices", CHOICES), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("form", sorted(p.stem for p in built_in_forms().glob("*.yaml")))
def test_every_built_in_form_goes_to_excel_and_back(run: Run, tmp_path: Path, form: str) -> None:
    book, back = tmp_path / "a.xlsx", tmp_path / "b.yaml"
    there = run("forms", "convert", built_in_forms() / f"{form}.yaml", book, "--json").data
    here = run("forms", "convert", book, back, "--json").data
    assert (there["lost"], here["lost"]) == ([], [])
    assert there["sha256"] == here["sha256"]
    assert run("forms", "check", back, "--json").data["ok"]


def test_a_form_goes_out_as_xlsform_and_says_what_does_not_fit(run: Run, tmp_path: Path) -> None:
    said = run("forms", "convert", built_in_forms() / "fire.yaml", tmp_path / "x.xlsx", "--xlsform", "--json")
    assert said.exit == 0
    assert run("forms", "check", tmp_path / "x.xlsx", "--json").data["ok"]
    assert {"where", "what"} == set(said.data["lost"][0])


def test_a_form_in_excel_is_edited_shown_and_imported(inspector: Run, tmp_path: Path) -> None:
    book = tmp_path / "防雷.xlsx"
    assert inspector("forms", "convert", built_in_forms() / "lightning.yaml", book).exit == 0
    edit = openpyxl.load_workbook(book)
    changed = 0
    for sheet in edit.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("最近一次雷电防护装置定期检测报告"):
                    cell.value, changed = "最近一次防雷检测报告是哪天出的？", changed + 1
    edit.save(book)
    assert changed == 1
    refused = inspector("forms", "import", book)
    assert (refused.exit, "版本" in refused.err) == (2, True)
    _set_version(book, "2")
    shown = inspector("forms", "import", book, "--dry-run", "--json").data
    assert any(change["item"] == "L-01" for change in shown["changes"])
    assert [e["version"] for e in inspector("forms", "list", "--json").data if e["id"] == "lightning"] == ["1"]
    said = inspector("import", book, "--json").data
    assert [one["kind"] for one in said["imported"]] == ["form"], said
    assert inspector("import", book, "--json").data["known"] == [str(book)]
    assert [e["version"] for e in inspector("forms", "list", "--json").data if e["id"] == "lightning"] == ["2", "1"]


def _set_version(book: Path, version: str) -> None:
    edit = openpyxl.load_workbook(book)
    (cell,) = [row[1] for row in edit["检查表"].iter_rows() if str(row[0].value).startswith("版本")]
    cell.value = version
    edit.save(book)


def test_an_xlsform_is_imported_filled_and_signed(inspector: Run, tmp_path: Path) -> None:
    assert inspector("import", workbook(tmp_path / "rooms.xlsx")).exit == 0
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = inspector("inspect", "start", "--school", school, "--form", "rooms", "--json").data["draft"]

    def answer(item: str, value: object) -> dict[str, object]:
        said = inspector("inspect", "answer", draft, item, value, "--json")
        assert said.exit == 0, said.err
        return dict(said.data)

    def gaps() -> set[str]:
        return {gap["item"] for gap in inspector("inspect", "show", draft, "--json").data["gaps"]}

    assert gaps() == {"door", "rooms", "front"}
    answer("door", "other")
    assert "other_door" in gaps()
    answer("door", "绿")
    assert "other_door" not in gaps()
    refused = inspector("inspect", "answer", draft, "rooms", "100")
    assert (refused.exit, "1 到 99" in refused.err) == (2, True)
    assert inspector("inspect", "answer", draft, "door", "blue").exit == 2
    assert inspector("inspect", "answer", draft, "room_name@1", "一年级").exit == 2
    answer("rooms", 2)
    answer("room", "+2")
    assert {"room_name@1", "room_name@2"} <= gaps()
    for row, name, area in ((1, "一年级", "52.5"), (2, "二年级", "60")):
        answer(f"room_name@{row}", name)
        answer(f"area@{row}", area)
    answer("front", PHOTO)
    plan = tmp_path / "平面图.txt"
    plan.write_text("二层示意", encoding="utf-8")
    answer("plan", plan)
    answer("where", "39.91 116.66")
    answer("walls", "红 绿")
    shown = inspector("inspect", "show", draft, "--json").data
    assert (shown["gaps"], shown["calculated"]["whole"]) == ([], "112.5")
    made = inspector("inspect", "finalise", draft, "--json").data
    assert inspector("verify", made["path"]).exit == 0
    record = inspector("show", made["path"], "--json").data
    values = {a["item"]: a["value"] for a in record["answers"]}
    assert values["area@2"] == "60"
    assert values["walls"] == "red green"
    assert record["calculated"] == [{"item": "whole", "value": "112.5"}]
    assert len(record["photos"]) == 1
    assert [f["name"] for f in record["files"]] == ["平面图.txt"]


def test_a_draft_is_moved_to_the_new_version(inspector: Run, tmp_path: Path) -> None:
    assert inspector("import", workbook(tmp_path / "1.xlsx")).exit == 0
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = inspector("inspect", "start", "--school", school, "--form", "rooms", "--json").data["draft"]
    inspector("inspect", "answer", draft, "door", "red")
    inspector("inspect", "answer", draft, "rooms", "7")
    survey = [row for row in SURVEY if row[1] != "rooms"]
    survey.append(("text", "remark", "备注", "yes", "", "", "", "", ""))
    assert inspector("import", workbook(tmp_path / "2.xlsx", survey, version="2")).exit == 0
    assert inspector("inspect", "show", draft, "--json").data["form"]["version"] == "1"
    dry = inspector("inspect", "migrate", draft, "--dry-run", "--json").data
    done = inspector("inspect", "migrate", draft, "--json").data
    assert dry == done
    assert (done["carried"], done["asked"]) == (["door"], ["remark"])
    assert [d["address"] for d in done["dropped"]] == ["rooms"]
    assert inspector("inspect", "show", draft, "--json").data["form"]["version"] == "2"


def test_a_wrong_workbook_is_named_with_sheet_and_row_and_nothing_is_imported(inspector: Run, tmp_path: Path) -> None:
    survey = [*SURVEY, ("text", "bad", "坏", "", "${nobody} = 1", "", "", "", "")]
    book = workbook(tmp_path / "坏.xlsx", survey)
    said = inspector("forms", "check", book, "--json")
    assert (said.exit, said.data["ok"]) == (1, False)
    assert "nobody" in said.data["errors"][0]["message"]
    done = inspector("import", book, "--json")
    assert (done.exit, len(done.data["refused"])) == (1, 1)
    assert "rooms" not in {e["id"] for e in inspector("forms", "list", "--json").data}


def test_a_roster_fills_the_drill_record(inspector: Run, tmp_path: Path) -> None:
    file = tmp_path / "花名册.csv"
    file.write_text(
        "班级,教室,人数,班主任,疏散路线\n一年级1班,101,38,甲老师,东门\n一年级2班,102,40,乙老师,南门\n", "utf-8"
    )
    school = inspector("schools", "list", "--json").data[0]["id"]
    assert inspector("schools", "roster", file, "--school", school, "--json").data["added"] == 2
    draft = inspector("inspect", "start", "--school", school, "--form", "drill-record", "--json").data["draft"]
    answers = {a["item"]: a["value"] for a in inspector("inspect", "show", draft, "--json").data["answers"]}
    assert (answers["class@1"], answers["enrolled@2"], answers["route@2"]) == ("一年级1班", "40", "南门")


def test_what_is_due_follows_the_forms_and_the_day(inspector: Run) -> None:
    school = inspector("schools", "list", "--json").data[0]["id"]
    rows = inspector("due", "--school", school, "--on", "2026-11-24", "--all", "--json").data
    assert {"school", "form", "rule", "state", "due_on", "by"} <= set(rows[0])
    monthly = next(r for r in rows if (r["form"], r["rule"]) == ("fire", "monthly"))
    assert (monthly["due_on"], monthly["by"]) == ("2026-11-30", "school")
    assert inspector("due", "--school", "nobody").exit == 2


def test_the_calendar_is_the_offices_to_edit(inspector: Run, tmp_path: Path) -> None:
    printed = inspector("due", "--calendar", "--json").data
    (tmp_path / "workspace" / printed["file"]).write_text(printed["text"], encoding="utf-8")
    school = inspector("schools", "list", "--json").data[0]["id"]
    before = inspector("due", "--school", school, "--on", "2026-11-24", "--all").out
    assert "monthly" not in before
    (tmp_path / "workspace" / printed["file"]).write_text("nonsense: [1\n", encoding="utf-8")
    said = inspector("due", "--school", school, "--on", "2026-11-24", "--all").out
    assert said.startswith(f"{printed['file']}:")
