"""The repository holds what belongs in it: no path of one machine, no big file, nothing new at the top unnoticed."""

from __future__ import annotations

import re

from tests.project import ROOT, repository_files

TOP = {
    ".ci", ".gitattributes", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "README.zh.md",
    "THIRD-PARTY-NOTICES.md", "bench", "docs", "forms", "main.py", "pyproject.toml", "resources", "safetyapp", "tests",
    "uv.lock",
}  # fmt: skip
LARGEST = 20 * 1024 * 1024
# the neighbour folder is written in two pieces, so that this file is as clean as the others
FOREIGN = re.compile(
    r"(?<![\w.:/~)-])/(?:root|work|home/\w+|Users/\w+|builds|mnt/\w+)/|[A-Za-z]:\\Users\\\w+|"
    + re.escape(".." + "/shared")
)


def test_top_level_holds_only_what_has_a_place_there() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in repository_files()} - TOP == set()


def test_only_fonts_may_be_big() -> None:
    fonts = ROOT / "resources" / "fonts"
    big = [p for p in repository_files() if p.stat().st_size > LARGEST and not p.is_relative_to(fonts)]
    assert big == []


def test_nothing_knows_the_machine_it_was_made_on() -> None:
    found: list[str] = []
    for path in repository_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        hits = {match.group() for match in FOREIGN.finditer(text)} | ({str(ROOT)} if str(ROOT) in text else set())
        found.extend(f"{path.relative_to(ROOT)}: {hit}" for hit in sorted(hits))
    assert found == []
