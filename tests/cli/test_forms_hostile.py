"""Workbooks as offices and other programs really leave them, and what the command line says of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from safetyapp.texts import built_in_forms, resources
from safetyapp.verbs.table import VERBS
from tests.cli.conftest import Run, Said

PHOTO = next((resources() / "demo" / "photos").glob("*.jpg"))
HEAD = ("type", "name", "label", "required", "relevant", "calculation", "repeat_count")

Rows = list[tuple[object, ...]]


def xlsform(path: Path, rows: Rows, **others: Rows) -> Path:
    """A workbook with these questions; a sheet more for each of the others, `_` in its name for a space."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in {"survey": [HEAD, *rows], **others}.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def started(run: Run, file: Path) -> str:
    """A draft of the form in a file."""
    said = run("forms", "import", file, "--json")
    assert said.exit == 0, said.err
    school = run("schools", "list", "--json").data[0]["id"]
    return str(run("inspect", "start", "--school", school, "--form", said.data["id"], "--json").data["draft"])


def test_two_surveys_are_two_forms(run: Run, tmp_path: Path) -> None:
    question: Rows = [("text", "a", "甲")]
    said = run("forms", "check", xlsform(tmp_path / "a.xlsx", question, Survey_=[HEAD, *question]), "--json")
    assert [(e["where"], e["code"]) for e in said.data["errors"]] == [("a.xlsx:survey", "two-forms")]


def test_a_sheet_that_is_not_read_is_named(run: Run, tmp_path: Path) -> None:
    said = run("forms", "check", xlsform(tmp_path / "a.xlsx", [("text", "a", "甲")], 说明=[("看这里",)]), "--json")
    assert ["extra-sheet" for w in said.data["warnings"] if "说明" in w["message"]] == ["extra-sheet"]


def test_an_unknown_type_has_its_row(run: Run, tmp_path: Path) -> None:
    said = run("forms", "check", xlsform(tmp_path / "a.xlsx", [("text", "a", "甲"), ("txt", "b", "乙")]), "--json")
    assert [(e["where"], e["code"]) for e in said.data["errors"]] == [("a.xlsx:survey!3", "bad-xlsform")]


def test_what_is_drawn_once_stays(inspector: Run, tmp_path: Path) -> None:
    rows: Rows = [
        ("text", "a", "甲"),
        ("calculate", "lot", None, None, None, "once(random())"),
        ("calculate", "day", None, None, None, "once(today())"),
        ("calculate", "said", None, None, None, "concat('once(', ${a})"),
    ]
    file = xlsform(tmp_path / "a.xlsx", rows)
    warned = inspector("forms", "check", file, "--json").data["warnings"]
    assert [(w["where"], w["code"]) for w in warned] == [("a.xlsx:survey!4", "not-supported")]
    draft = started(inspector, file)

    def calculated() -> dict[str, str]:
        return dict(inspector("inspect", "show", draft, "--json").data["calculated"])

    before = calculated()
    inspector("inspect", "answer", draft, "a", "x")
    after = calculated()
    assert 0 < float(before["lot"]) < 1
    assert after["lot"] == before["lot"]
    assert after["said"] == "once(x"


def test_a_long_expression_is_not_cut_and_a_long_text_is_named(run: Run, tmp_path: Path) -> None:
    adds = " + ".join(["1"] * 1500)  # 5,997 characters; cut at 4,000 it would be another sum, and no mistake
    rows: Rows = [("text", "a", "甲" * 5000), ("calculate", "sum", None, None, None, adds)]
    file = xlsform(tmp_path / "a.xlsx", rows)
    warned = run("forms", "check", file, "--json").data["warnings"]
    assert [(w["where"], w["code"]) for w in warned] == [("a.xlsx:survey!2", "not-carried")]
    made = run("forms", "convert", file, tmp_path / "a.yaml", "--json").data
    assert len(made["lost"]) == 1
    assert adds in (tmp_path / "a.yaml").read_text("utf-8")


def test_a_photo_that_answers_is_shown_and_taken_back(inspector: Run, tmp_path: Path) -> None:
    draft = started(inspector, xlsform(tmp_path / "a.xlsx", [("image", "front", "正面", "yes")]))

    def answers() -> list[tuple[str, int]]:
        shown = inspector("inspect", "show", draft, "--json").data["answers"]
        return [(a["item"], len(a["photos"])) for a in shown]

    assert inspector("inspect", "answer", draft, "front", PHOTO, "--json").data["gaps"] == []
    assert answers() == [("front", 1)]
    gaps = inspector("inspect", "clear", draft, "front", "--json").data["gaps"]
    assert gaps == [{"item": "front", "kind": "unanswered"}]
    assert answers() == []


def test_show_says_what_a_reading_takes_and_which_rule_is_broken(inspector: Run) -> None:
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = inspector("inspect", "start", "--school", school, "--form", "food", "--json").data["draft"]
    items = {i["id"]: i for i in inspector("inspect", "show", draft, "--json").data["form"]["items"]}
    to_read = {r["id"]: r["kind"] for r in items["FD-E01"]["to_read"]}
    assert to_read == {"menu": "integer", "sampled": "integer"}
    said = inspector("inspect", "answer", draft, "FD-E01", "合格", "--json").data["gaps"]
    (broken,) = [gap for gap in said if gap["item"] == "FD-E01"]
    assert (broken["kind"], "留样品种数" in broken["rule"]) == ("constraint", True)
    given = ("--reading", "menu=5", "--reading", "sampled=5")
    said = inspector("inspect", "answer", draft, "FD-E01", "pass", *given, "--json").data["gaps"]
    assert [gap for gap in said if gap["item"] == "FD-E01"] == []


def test_a_refused_import_names_place_and_code(inspector: Run, tmp_path: Path) -> None:
    file = xlsform(tmp_path / "a.xlsx", [("text", "a", "甲", None, "${b} = 1"), ("text", "b", "乙", None, "${a} = 1")])
    said = inspector("forms", "import", file)
    assert (said.exit, said.err.count("\n")) == (2, 1)
    assert "a.xlsx:survey!2: expression-circle: " in said.err
    (refused,) = inspector("import", file, "--json").data["refused"]
    assert [m["code"] for m in refused["mistakes"]] == ["expression-circle"]
    assert "survey!2" in refused["why"]


def edited(run: Run, folder: Path, change: Callable[[openpyxl.Workbook], None]) -> Said:
    """What `forms check` says of the lightning form's workbook after a change."""
    path = folder / "防雷.xlsx"
    run("forms", "convert", built_in_forms() / "lightning.yaml", path)
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return run("forms", "check", path, "--json")


def test_white_space_around_ids_does_not_count(run: Run, tmp_path: Path) -> None:
    def space(book: openpyxl.Workbook) -> None:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and "\n" not in cell.value:
                        cell.value = f"  {cell.value}\u3000"

    assert edited(run, tmp_path, space).data["errors"] == []


@pytest.mark.parametrize(("value", "code"), [('=A1&"x"', "formula"), ("#REF!", "error-cell")])
def test_a_cell_that_cannot_be_read_is_one_mistake(run: Run, tmp_path: Path, value: str, code: str) -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        book["项目"]["D5"].value = value

    found = [(e["where"], e["code"]) for e in edited(run, tmp_path, spoil).data["errors"]]
    assert found == [("防雷.xlsx:项目!D5", code)]


def test_a_stop_while_a_module_is_imported_is_a_stop(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(call: object) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setitem(VERBS, "forms list", stopped)
    assert run("forms", "list").exit == 130


def test_a_long_answer_is_not_said_again_whole(inspector: Run, tmp_path: Path) -> None:
    draft = started(inspector, xlsform(tmp_path / "a.xlsx", [("text", "a", "甲")]))
    said = inspector("inspect", "answer", draft, "a", "x" * 5000)
    assert (said.exit, len(said.err) < 500) == (2, True)


def test_a_pipe_is_not_waited_for(inspector: Run, tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no pipes in folders")
    for name in ("a.xlsx", "a.xls", "a.yaml"):
        os.mkfifo(tmp_path / name)
        assert inspector("forms", "import", tmp_path / name).exit == 2
        assert inspector("forms", "convert", tmp_path / name, tmp_path / "b.yaml").exit == 2


def test_our_workbook_in_the_old_format_is_told_apart_from_an_xlsform(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    names = "".join(("检查表", "项目")).encode("utf-16-le")
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600) + names + bytes(600))
    assert [e["code"] for e in run("forms", "check", path, "--json").data["errors"]] == ["old-excel"]


@pytest.mark.parametrize(
    "versions", [("1", "1.1"), ("2", "1"), ("vZk3", "vAb9"), ("2026-9-1", "2026-10-01"), ("1b", "1a")]
)
def test_what_is_imported_last_is_what_new_inspections_follow(
    inspector: Run, tmp_path: Path, versions: tuple[str, str]
) -> None:
    rows: Rows = [("text", "a", "甲")]
    settings: Rows = [("form_id", "version")]
    for version in versions:
        file = xlsform(tmp_path / f"{version}.xlsx", rows, settings=[*settings, ("same", version)])
        assert inspector("forms", "import", file).exit == 0
        here = [e["version"] for e in inspector("forms", "list", "--json").data if e["id"] == "same"]
        assert here[0] == version
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = inspector("inspect", "start", "--school", school, "--form", "same", "--json").data["draft"]
    assert inspector("inspect", "show", draft, "--json").data["form"]["version"] == versions[1]


def test_tables_in_tables_have_a_bound_together(inspector: Run, tmp_path: Path) -> None:
    rows: Rows = [("integer", "n", "几")]
    rows += [("begin_repeat", f"r{depth}", "表", "", "", "", "${n}") for depth in range(3)]
    rows += [("text", "a", "甲"), *[("end_repeat", "", "")] * 3]
    draft = started(inspector, xlsform(tmp_path / "deep.xlsx", rows))
    assert inspector("inspect", "answer", draft, "n", 4).exit == 0
    said = inspector("inspect", "answer", draft, "n", 100000)
    assert (said.exit, "行" in said.err) == (2, True)
    values = {a["item"]: a["value"] for a in inspector("inspect", "show", draft, "--json").data["answers"]}
    assert values["n"] == "4"
