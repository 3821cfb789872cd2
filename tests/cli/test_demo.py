"""The demo district: real workflow, real documents, the same content for the same seed."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run


def test_the_demo_tells_the_keys_that_scripts_rely_on(run: Run, demo_made_once: Path) -> None:
    made = json.loads((demo_made_once.parent / "demo.json").read_text(encoding="utf-8"))
    assert {"office", "laptops", "ca", "documents", "findings", "passphrase_file"} <= set(made)
    assert {"path", "kind", "id", "sha256", "number"} == set(made["documents"][0])
    assert {"total", "open", "overdue", "closed"} <= set(made["findings"])
    assert made["findings"]["total"] == made["findings"]["open"] + made["findings"]["closed"]
    assert made["findings"]["overdue"] > 0
    paths = [document["path"] for document in made["documents"]]
    assert run("verify", *paths, "--ca", made["ca"]).exit == 0
    text = subprocess.run(["pdftotext", paths[0], "-"], capture_output=True, encoding="utf-8", check=True).stdout
    assert [c for c in "堃喆翀龑㛃𬭎" if c not in text] == []
    laptop = ("--workspace", made["laptops"][0])
    assert len(run("documents", *laptop, "--json").data) == len(paths)
    assert run("doctor", "--workspace", made["office"], "--json").data["ok"]


def test_the_same_seed_gives_the_same_content_and_a_full_folder_is_left_alone(
    run: Run, demo_made_once: Path, tmp_path: Path
) -> None:
    def content(made: Any) -> list[dict[str, object]]:
        records = [run("show", d["path"], "--json").data for d in made["documents"]]
        return [
            {k: r[k] for k in ("id", "answers", "findings", "made_at", "photos", "school")}
            | {"person": r["author"]["person"]}
            for r in records
        ]

    first = content(json.loads((demo_made_once.parent / "demo.json").read_text(encoding="utf-8")))
    assert first == content(run("demo", "--dir", tmp_path / "same", "--seed", 1, "--json").data)
    assert first != content(run("demo", "--dir", tmp_path / "other", "--seed", 2, "--json").data)
    refused = run("demo", "--dir", tmp_path / "same")
    assert (refused.exit, "不是空文件夹" in refused.err) == (2, True)
