"""Documents in one file for printing, and the print log, by the command line."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pikepdf
import pytest

from safetyapp.app import build_tools
from safetyapp.domain.document import DocumentQuery
from safetyapp.domain.print_job import PrintDocument, PrintJob
from safetyapp.domain.school import Person, PersonId
from safetyapp.workflow.printing import log_printed
from tests.cli.conftest import Run
from tests.project import ROOT
from tests.store.examples import document


@pytest.fixture
def office(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with three documents; their pages are those of a report that was really signed."""
    folder = tmp_path / "office"
    monkeypatch.setenv("SAFETYAPP_WORKSPACE", str(folder))
    tools = build_tools(folder)
    tools.store.save_me(Person(PersonId("p1"), "张示例"))
    signed = (ROOT / "tests" / "old" / "inspection-report-1.pdf").read_bytes()
    for n in range(3):
        row, *_ = document(n)
        data = signed + b"\n" * n
        row = replace(row, sha256=hashlib.sha256(data).hexdigest(), number=f"临-20261124-00000{n}", size=len(data))
        tools.store.keep_document(row, data, ())
    tools.store.close()
    return folder


def test_documents_are_merged_in_the_order_they_are_named(run: Run, office: Path, tmp_path: Path) -> None:
    rows = run("documents", "--json").data
    first, second = rows[1], rows[0]
    target = tmp_path / "打印.pdf"
    said = run("merge", "--to", target, first["number"], second["sha256"][:10], "--json")
    assert said.exit == 0, said.err
    assert [d["sha256"] for d in said.data["documents"]] == [first["sha256"], second["sha256"]]
    assert {"path", "pages", "list_pages", "documents"} == set(said.data)
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == said.data["pages"] == 1 + sum(d["pages"] for d in said.data["documents"])
    bare = run("merge", "--to", target, first["id"], "--no-list", "--both-sides", "--json").data
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == bare["pages"] + bare["pages"] % 2
    assert bare["list_pages"] == 0
    assert str(target) in run("merge", "--to", target, first["number"]).out
    with pikepdf.open(target) as pdf:
        assert not any("/Annots" in page for page in pdf.pages)


def test_what_is_not_there_or_was_changed_is_not_merged(run: Run, office: Path, tmp_path: Path) -> None:
    row = run("documents", "--json").data[0]
    target = tmp_path / "打印.pdf"
    said = run("merge", "--to", target, row["number"], "临-0")
    assert (said.exit, said.err.count("\n")) == (2, 1)
    assert "临-0" in said.err
    path = next(p for p in office.rglob("*.pdf") if row["sha256"][2:] in p.name)
    path.write_bytes(path.read_bytes() + b"\n")
    said = run("merge", "--to", target, row["number"])
    assert said.exit == 2
    assert str(path) in said.err
    assert not target.exists()


def test_the_print_log_is_shown_newest_first(run: Run, office: Path) -> None:
    assert run("print-log", "--json").data == []
    tools = build_tools(office)
    rows = tools.store.documents(DocumentQuery())[:2]
    for at, printed in enumerate((rows, rows[:1])):
        job = PrintJob(f"job{at}", tuple(PrintDocument(row, 3) for row in printed), copies=2)
        log_printed(tools.store, tools.clock, job, 0, 6 * len(printed), 0, "教务处")
    tools.store.close()
    told = run("print-log", "--json").data
    assert [(e["number"], e["copies"], e["pages"], e["printer"], e["reprint"]) for e in told] == [
        (rows[0].number, 2, 6, "教务处", True),
        (rows[1].number, 2, 6, "教务处", False),
        (rows[0].number, 2, 6, "教务处", False),
    ]
    assert datetime.fromisoformat(told[0]["at"]).tzinfo is not None
    assert {"who", "sha256", "school", "title", "job"} <= set(told[0])
    lines = run("print-log", "--document", rows[0].number).out.splitlines()
    assert [line.split("\t")[-1] for line in lines] == ["重印", ""]
    assert run("print-log", "--document", "临-0").exit == 2
