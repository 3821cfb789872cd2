"""`forms check` of an XLSForm of 600 rows, against pyxform's own conversion of the same file."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from bench.figure import Run
from bench.forms import workbook

TITLE = "forms check, XLSForm of 600 rows"
FLOOR = "pyxform's own conversion of it"
ROUNDS = 9
LIMIT, LIMIT_MS = 3.0, None
CHILDREN = False
ROWS = 600


def prepare(folder: Path) -> None:
    (folder / "survey.xlsx").write_bytes(workbook(ROWS))


def ours(folder: Path) -> Run:
    from safetyapp.forms.check import check_form

    def run() -> float:
        began = perf_counter()
        report = check_form(folder / "survey.xlsx")
        took = perf_counter() - began
        if report.errors or report.warnings:
            raise ValueError(f"the form is not what this figure is about: {report.errors or report.warnings}")
        return took

    return run


def floor(folder: Path) -> Run:
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    def run() -> float:
        began = perf_counter()
        convert((folder / "survey.xlsx").read_bytes(), file_type=".xlsx")
        return perf_counter() - began

    return run
