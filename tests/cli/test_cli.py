"""The command line is a contract: verbs, exit codes and JSON keys stay."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from safetyapp.texts import resources
from tests.cli.conftest import SCHOOLS, Run

PHOTO = resources() / "demo" / "photos" / "landscape_3.jpg"
INK = resources() / "demo" / "ink-1.png"


def walk(run: Run, school: str, fails: dict[str, list[str]]) -> str:
    """A draft with every asked item answered; `fails` maps an item to more options of its fail."""
    draft = run("inspect", "start", "--school", school, "--form", "fire", "--json").data["draft"]
    shown = run("inspect", "show", draft, "--json").data
    for item in shown["form"]["items"]:
        if item["id"] in shown["skipped"]:
            continue
        low, high = item["limits"]["minimum"], item["limits"]["maximum"]
        values = {"conformity": "pass", "date": "-1", "integer": low or high or "1", "decimal": low or high or "1"}
        options = fails.get(item["id"])
        value = "fail" if options is not None and item["kind"] == "conformity" else values[item["kind"]]
        said = run("inspect", "answer", draft, item["id"], value, *(options or []), "--json")
        assert said.exit == 0, said.err
    return str(draft)


def test_an_inspection_from_start_to_a_verified_document(inspector: Run, tmp_path: Path) -> None:
    run = inspector
    school = run("schools", "list", "--json").data[0]["id"]
    draft = walk(run, school, {"F-12": ["--note", "走廊堆放纸箱6个", "--photo", PHOTO, "--deadline", "2099-01-01"]})
    shown = run("inspect", "show", draft, "--json").data
    assert shown["gaps"] == []
    assert [(f["item"], f["text"], f["deadline"]) for f in shown["findings"]] == [
        ("F-12", "走廊堆放纸箱6个", "2099-01-01")
    ]
    made = run("inspect", "finalise", draft, "--ink", INK, "--ink-name", "张示例", "--json").data
    assert {"path", "id", "sha256", "replaced"} <= set(made)
    assert (made["id"], made["replaced"]) == (draft, [])
    (verdict,) = run("verify", made["path"], "--json").data
    assert {"verdict", "why", "kind", "id", "sha256", "signer", "signed_at"} <= set(verdict)
    assert (verdict["verdict"], verdict["id"], verdict["signer"]) == ("valid", draft, "张示例")
    record = run("show", made["path"], "--json").data
    assert (record["id"], record["format"], len(record["findings"])) == (draft, 1, 1)
    (row,) = run("documents", "--text", "纸箱", "--json").data
    assert {"id", "sha256", "kind", "number", "school", "made_at", "author", "state"} <= set(row)
    assert run("documents", "--kind", "inspection-report").out.split("\t")[1] == "检查记录"
    assert run("documents", "--kind", "void", "--json").data == []
    (finding,) = run("findings", "--json").data
    keys = {"id", "school", "item", "text", "severity", "state", "found_on", "deadline"}
    assert keys | {"overdue_days", "notice", "closed_on"} <= set(finding)
    assert run("findings", "--overdue-on", "2099-01-03", "--json").data[0]["overdue_days"] == 2
    assert run("findings", "--search", finding["text"][:2], "--json").data == [finding]
    assert run("findings", "--search", "没有这话", "--json").data == []
    assert run("doctor", "--json").data == {"ok": True, "problems": []}

    (path,) = run("export", "--to", tmp_path / "stick", "--json").data["exported"]
    office = ("--workspace", tmp_path / "office")
    assert run("init", "--role", "office", "--name", "王演示", *office).exit == 0
    stranger = run("import", tmp_path / "stick", *office, "--json")
    assert (stranger.exit, stranger.data["refused"][0]["code"]) == (1, stranger.data["refused"][0]["code"])
    assert Path(path).is_file()
    again = run("import", tmp_path / "stick", "--json").data
    assert (again["imported"], again["known"], again["refused"]) == ([], [path], [])
    ca = tmp_path / "workspace" / "keys" / "ca.pem"
    assert run("verify", path, "--ca", ca).exit == 0
    assert run("verify", path, *office).exit == 1


def test_what_no_font_can_print_is_said_and_kept_in_the_data(inspector: Run) -> None:
    run = inspector
    school = run("schools", "list", "--json").data[0]["id"]
    draft = walk(run, school, {"F-12": ["--note", "走廊\U0001f6d2堆放\U000f0000", "--deadline", "2099-01-01"]})
    said = run("inspect", "finalise", draft, "--json")
    assert (said.exit, said.data["replaced"]) == (0, ["U+1F6D2", "U+F0000"])
    assert said.err.splitlines() == ["2 个字没有字体能印，页面上印成〓：U+1F6D2 U+F0000。数据里的原字没有变。"]
    record = run("show", said.data["path"], "--json").data
    assert record["findings"][0]["text"] == "走廊\U0001f6d2堆放\U000f0000"


def test_what_is_missing_is_said_and_nothing_is_finalised(inspector: Run) -> None:
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = inspector("inspect", "start", "--school", school, "--form", "fire", "--json").data["draft"]
    said = inspector("inspect", "answer", draft, "F-12", "fail", "--severity", "major", "--json").data
    assert (said["draft"], said["item"]) == (draft, "F-12")
    assert {"item": "F-12", "kind": "criterion"} in said["gaps"]
    assert {"item": "F-12", "kind": "photo"} in said["reminders"]
    refused = inspector("inspect", "finalise", draft)
    assert refused.exit == 2
    assert refused.err.startswith("error: 还有 ")
    assert inspector("documents", "--json").data == []


def test_a_wrong_passphrase_changes_nothing(inspector: Run, tmp_path: Path) -> None:
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = walk(inspector, school, {})
    secret = tmp_path / "wrong.txt"
    secret.write_text("不对\n", encoding="utf-8")
    refused = inspector("inspect", "finalise", draft, "--passphrase-file", secret)
    assert (refused.exit, "口令" in refused.err) == (2, True)
    assert inspector("inspect", "finalise", draft).exit == 0


def test_the_school_list_is_read_row_by_row(run: Run) -> None:
    file = next(SCHOOLS.glob("*.xlsx"))
    run("init", "--role", "office", "--name", "王演示")
    dry = run("schools", "import", file, "--dry-run", "--json").data
    assert run("schools", "list", "--json").data == []
    done = run("schools", "import", file, "--json").data
    assert dry == done
    assert {"added", "updated", "unchanged", "skipped", "columns"} <= set(done)
    schools = run("schools", "list", "--json").data
    assert sum(1 for s in schools if s["campus_of"] is None) == 60
    assert all(isinstance(s["code"], str) for s in schools)
    assert run("schools", "import", file, "--json").data["unchanged"] == len(schools)


def test_forms_are_listed_and_checked(run: Run, tmp_path: Path) -> None:
    counts = {entry["id"]: entry["items"] for entry in run("forms", "list", "--json").data}
    assert counts | {"fire": 60, "lightning": 25, "hazchem": 43, "food": 71, "drills": 28, "security": 35} == counts
    assert {"fire-daily", "drill-record"} <= set(counts)
    bad = tmp_path / "bad.yaml"
    bad.write_text("format: 1\nid: bad\n\ttitle: x\n", encoding="utf-8")
    said = run("forms", "check", bad, "--json")
    assert (said.exit, said.data["ok"]) == (1, False)
    assert {"where", "code", "message"} == set(said.data["errors"][0])
    assert said.data["errors"][0]["where"] == "bad.yaml:3"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["verify"],
        ["verify", "/nowhere.pdf"],
        ["findings", "--overdue-on", "soon"],
        ["inspect", "start", "--school", "x", "--form", "fire"],
        ["documents", "--kind", "poem"],
        ["forms", "list", "--no-such-option"],
        ["schools", "import", "/nowhere.xlsx"],
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(run: Run, arguments: list[str]) -> None:
    said = run(*arguments)
    assert (said.exit, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1


def test_a_file_that_is_no_document_is_unreadable(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"")
    said = run("verify", file, "--json")
    assert (said.exit, said.data[0]["verdict"]) == (1, "unreadable")
    assert run("show", file).exit == 2


def test_no_passphrase_and_nobody_to_ask(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SAFETYAPP_PASSPHRASE")
    said = run("init", "--role", "office", "--name", "王演示")
    assert said.exit == 2
    assert "SAFETYAPP_PASSPHRASE" in said.err
    assert not (tmp_path / "workspace").exists()


def test_a_second_init_leaves_the_first_alone(run: Run, tmp_path: Path) -> None:
    made = run("init", "--role", "office", "--name", "王演示", "--json").data
    before = Path(made["ca"]).read_bytes()
    assert run("init", "--role", "office", "--name", "李样本").exit == 2
    assert Path(made["ca"]).read_bytes() == before


def test_english_is_spoken_where_it_is_wanted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFETYAPP_LANGUAGE", "en")
    assert "there is no workspace" in run("documents").err


def test_verbs_never_import_qt_and_the_version_is_told(tmp_path: Path) -> None:
    script = (
        "import sys; from safetyapp.cli import main; main(['forms','list']); main(['--version']);"
        "print(sorted(m for m in sys.modules if m.startswith('PySide6')))"
    )
    environment = {**os.environ, "SAFETYAPP_WORKSPACE": str(tmp_path / "w")}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True, encoding="utf-8"
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Qt 6." in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT to a child is a POSIX thing")
def test_ctrl_c_exits_130_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    """The child stops itself in the middle of building the demo, as Ctrl-C would."""
    script = (
        "import os, signal, sys; import safetyapp.demo as demo; from safetyapp.cli import main\n"
        "def stop(*a, **k): os.kill(os.getpid(), signal.SIGINT); signal.pause()\n"
        "demo.export_documents = stop\n"
        f"sys.exit(main(['demo', '--dir', {str(tmp_path / 'd')!r}, '--reports', '1']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 130, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_workspace_and_json_count_before_the_verb_and_after_it(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert run("--workspace", other, "init", "--role", "office", "--name", "王演示").exit == 0
    assert other.is_dir()
    assert not (tmp_path / "workspace").exists()
    assert run("--json", "documents", "--workspace", other).data == []
    assert run("--workspace", tmp_path / "nowhere", "documents", "--workspace", other, "--json").data == []
    assert set(run("--json", "--version").data) == {"safetyapp", "Python", "Qt", "SQLite"}


@pytest.mark.parametrize(
    "arguments", [["verify", "/tmp/a\nb.pdf"], ["inspect", "show", "a\nb\x1b[31m"], ["documents", "--school", "\udcff"]]
)
def test_what_breaks_lines_or_drives_a_terminal_is_shown_harmless(inspector: Run, arguments: list[str]) -> None:
    said = inspector(*arguments)
    assert (said.exit, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert "\x1b" not in said.err


def test_one_file_that_cannot_be_read_does_not_hide_the_others(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"x")
    said = run("verify", tmp_path / "gone.pdf", file, "--json")
    assert (said.exit, len(said.data)) == (2, 1)
    assert "gone.pdf" in said.err


@pytest.mark.parametrize("content", [b"", b"no picture at all", PHOTO.read_bytes()[:2000]])
def test_a_bad_photo_is_named_and_the_draft_is_as_it_was(inspector: Run, tmp_path: Path, content: bytes) -> None:
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = inspector("inspect", "start", "--school", school, "--form", "fire", "--json").data["draft"]
    photo = tmp_path / "走廊.jpg"
    photo.write_bytes(content)
    said = inspector("inspect", "answer", draft, "F-12", "fail", "--photo", PHOTO, "--photo", photo)
    assert said.exit == 2
    assert "走廊.jpg" in said.err
    assert inspector("inspect", "show", draft, "--json").data["answers"] == []
    assert photo.read_bytes() == content


def test_a_draft_of_nobody_and_an_item_of_no_form_are_named(inspector: Run) -> None:
    assert "nowhere" in inspector("inspect", "show", "nowhere").err
    school = inspector("schools", "list", "--json").data[0]["id"]
    draft = inspector("inspect", "start", "--school", school, "--form", "fire", "--json").data["draft"]
    said = inspector("inspect", "answer", draft, "Z-1", "pass")
    assert (said.exit, "Z-1" in said.err) == (2, True)
    said = inspector("inspect", "answer", draft, "F-14", "two")
    assert (said.exit, "请填数字" in said.err) == (2, True)
