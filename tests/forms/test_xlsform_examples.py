"""pyxform's own example workbooks: each opens with so many items and can be filled and signed, or is refused with the
reason that pyxform gives."""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safetyapp.forms.read_yaml import read_form
from safetyapp.forms.write_yaml import write_form
from safetyapp.forms.xlsform import read_with_rows
from safetyapp.forms.xlsform_report import SheetNotes
from safetyapp.forms.xlsform_workbook import read_sheets
from tests.forms.xlsform_books import book, opened
from tests.forms.xlsform_filling import fill_and_finalise

FOLDER = Path(__file__).parent.parent / "data" / "xlsform"
TABLE = list(csv.DictReader((FOLDER / "examples.csv").read_text(encoding="utf-8").splitlines()))
OPENS = [row["file"] for row in TABLE if row["items"]]
REFUSED_HERE = ("bad_calc.xlsx", "xl_date_ambiguous.xlsx")
"""pyxform takes these: it does not read expressions. ODK's own validator refuses them, for the same reason as here."""


def test_table_names_every_workbook() -> None:
    files = {p.relative_to(FOLDER).as_posix() for p in FOLDER.glob("*/*")}
    assert files == {row["file"] for row in TABLE}
    assert len(TABLE) == 69
    assert len(OPENS) == 49


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["file"])
def test_example(row: dict[str, str]) -> None:
    path = FOLDER / row["file"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
    found = read_with_rows(path)
    if row["items"]:
        assert found.form is not None, found.notes.mistakes
        assert str(sum(1 for _ in found.form.every_item())) == row["items"]
    else:
        assert found.form is None
        first = found.notes.mistakes[0]
        assert (first.where.partition(":")[2], first.code) == (row["where"], row["code"])
        assert first.message.endswith(row["message"])


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize("row", [row for row in TABLE if not row["items"]], ids=lambda row: row["file"])
def test_reason_for_refusing_is_pyxforms_own(row: dict[str, str]) -> None:
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    path = FOLDER / row["file"]
    if path.name in REFUSED_HERE:
        convert(path.read_bytes(), file_type=path.suffix)
        assert row["code"] == "bad-expression"
        return
    with pytest.raises(Exception) as caught:  # noqa: PT011  # what pyxform raises is what is looked at
        convert(path.read_bytes(), file_type=path.suffix)
    if row["code"] == "bad-xlsform":
        said = row["message"].removeprefix("pyxform: ").rstrip(".")
        assert said in " ".join(str(caught.value).split())
    else:
        assert (row["code"], type(caught.value).__name__) == ("not-xlsform", "TypeError")


@pytest.mark.parametrize("file", OPENS)
def test_no_row_is_left_out_in_silence(file: str) -> None:
    """Every row of the survey sheet is an item, a section, the end of a group, or named in a warning."""
    path = FOLDER / file
    found = read_with_rows(path)
    assert found.form is not None
    made = {*(s.id for s in found.form.sections), *(i.id for i in found.form.every_item())}
    of_rows = {row for name, row in found.rows.items() if name in made}
    named = {int(w.where.rpartition("!")[2]) for w in found.notes.warnings if ":survey!" in w.where}
    left = [number for number, row in _survey_rows(path) if number not in of_rows | named and not _ends(row)]
    assert left == []
    assert not any("Nothing came of this row" in w.message for w in found.notes.warnings)


def _survey_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    sheets: Any = read_sheets(path.read_bytes(), path.suffix, SheetNotes(path.name))
    return [(number, row) for number, row in enumerate(sheets.survey, start=2) if row]


def _ends(row: dict[str, str]) -> bool:
    return any(text.startswith(("end ", "end_")) for text in row.values())


@pytest.mark.parametrize("file", OPENS)
def test_example_can_be_filled_and_signed(file: str, tmp_path: Path) -> None:
    form = read_with_rows(FOLDER / file).form
    assert form is not None
    assert fill_and_finalise(form, tmp_path) == ""


@pytest.mark.parametrize("file", OPENS)
def test_example_is_the_same_form_as_its_yaml(file: str) -> None:
    form = read_with_rows(FOLDER / file).form
    assert form is not None
    assert read_form(write_form(form).encode(), "f.yaml") == form


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_large_form_takes_at_most_three_times_as_long_as_pyxform_itself() -> None:
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    data = _large_form(600)
    assert sum(1 for _ in opened(data).every_item()) == 400
    own = min(_seconds(lambda: convert(data, file_type=".xlsx")) for _ in range(3))
    ours = min(_seconds(lambda: opened(data)) for _ in range(3))
    assert ours <= 3 * own, (ours, own)


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _large_form(rows: int) -> bytes:
    """Groups of choices, numbers, calculations and quoting texts, each hanging on the one before."""
    head = ("type", "name", "label", "relevant", "constraint", "calculation", "required")
    survey: list[tuple[object, ...]] = [head]
    for group in range(rows // 6):
        a, b, c, d = (f"g{group}_{letter}" for letter in "abcd")
        survey += [
            ("begin group", f"g{group}", f"Group {group}"),
            ("select_one l", a, "A", None, None, None, "yes"),
            ("integer", b, "B", f"selected(${{{a}}}, 'c1')", ". >= 0 and . < 1000", None, None),
            ("calculate", c, None, None, None, f"if(${{{b}}} > 3, ${{{b}}} * 2, 0)"),
            ("text", d, f"You said ${{{a}}} and ${{{b}}}", f"${{{c}}} > 10"),
            ("end group", None),
        ]
    return book(survey, [("list_name", "name", "label"), *(("l", f"c{n}", f"C{n}") for n in range(20))])
