"""The library of forms: quick to list, never wrong because of its cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from safetyapp.forms import library
from safetyapp.forms.library import Library, NoSuchForm
from safetyapp.forms.mistakes import FormRefused
from safetyapp.forms.read_yaml import read_form
from tests.forms.examples import GOOD

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "small.yaml").write_text(GOOD, encoding="utf-8")
    return folder


def test_lists_what_is_there(folder: Path) -> None:
    (entry,) = Library(folder).list()
    assert (entry.id, entry.version, entry.title.zh, entry.items) == ("small", "1", "小表", 2)
    assert entry.languages == ("zh", "en")
    assert entry.sha256 == read_form(GOOD.encode()).sha256


def test_the_cache_gives_the_same_form(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = Library(folder, cache).form("small")
    again = Library(folder, cache)
    assert again.form("small") == first == read_form(GOOD.encode())
    assert again.by_hash(first.sha256) == first
    assert not list(cache.glob("*.part"))


def test_the_built_in_form_survives_the_cache(tmp_path: Path) -> None:
    compiled = Library(ROOT / "forms", tmp_path).form("fire")
    assert Library(ROOT / "forms", tmp_path).form("fire") == compiled == read_form(ROOT / "forms" / "fire.yaml")


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"\xff\xfe", b"[1,2", b'{"id": 3}', b"[" * 100_000])
def test_a_broken_cache_is_ignored_and_written_again(folder: Path, tmp_path: Path, rubbish: bytes) -> None:
    cache = tmp_path / "cache"
    form = Library(folder, cache).form("small")
    whole = {path.name: path.read_bytes() for path in cache.iterdir()}
    for path in cache.iterdir():
        path.write_bytes(rubbish)
    assert Library(folder, cache).form("small") == form
    assert len(Library(folder, cache).list()) == 1
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == whole


def test_a_cached_form_that_somebody_changed_is_not_used(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    form = Library(folder, cache).form("small")
    for path in cache.iterdir():
        if not path.name.startswith("index"):
            raw = json.loads(path.read_bytes())
            raw["sections"][0]["items"][0]["days"] = 999
            path.write_text(json.dumps(raw))
    assert Library(folder, cache).form("small") == form


def test_an_edited_file_counts_at_once_and_the_earlier_one_is_found_by_hash(folder: Path, tmp_path: Path) -> None:
    library = Library(folder, tmp_path / "cache")
    before = library.form("small")
    (folder / "small.yaml").write_text(GOOD.replace("days: 7", "days: 9"), encoding="utf-8")
    after = library.form("small")
    assert before.sha256 != after.sha256
    assert library.by_hash(before.sha256) == before
    assert Library(folder, tmp_path / "cache").by_hash(before.sha256) == before


def test_the_newest_version_counts(folder: Path) -> None:
    for version in ("9", "10"):
        text = GOOD.replace('version: "1"', f'version: "{version}"')
        (folder / f"v{version}.yaml").write_text(text, encoding="utf-8")
    library = Library(folder)
    assert [entry.version for entry in library.list()] == ["10", "9", "1"]
    assert library.form("small").version == "10"


def test_a_wrong_file_keeps_nobody_else_out(folder: Path) -> None:
    (folder / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    library = Library(folder)
    assert [entry.id for entry in library.list()] == ["small"]
    assert [refusal.name for refusal in library.refused()] == ["broken.yaml"]
    with pytest.raises(FormRefused):
        library.form("broken")


def test_two_contents_of_one_version_are_not_both_taken(folder: Path) -> None:
    (folder / "twin.yaml").write_text(GOOD.replace("days: 7", "days: 9"), encoding="utf-8")
    library = Library(folder)
    assert len(library.list()) == 1
    assert [m.code for refusal in library.refused() for m in refusal.mistakes] == ["duplicate-form"]


def test_what_is_not_there(folder: Path, tmp_path: Path) -> None:
    library = Library(folder)
    with pytest.raises(NoSuchForm):
        library.form("none")
    with pytest.raises(NoSuchForm):
        library.by_hash("0" * 64)
    assert Library(tmp_path / "nowhere").list() == []


def test_a_cache_that_cannot_be_written_does_no_harm(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert len(Library(folder, tmp_path / "file").list()) == 1


def test_listing_from_a_warm_cache_imports_no_reader(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Library(folder, cache).list()
    script = (
        "import sys, pathlib\n"
        "from safetyapp.forms.library import Library\n"
        f"assert len(Library(pathlib.Path({str(folder)!r}), pathlib.Path({str(cache)!r})).list()) == 1\n"
        "print([m for m in ('ruamel.yaml', 'msgspec', 'openpyxl') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_compiled_form_that_went_missing_is_made_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    form = Library(folder, cache).form("small")
    for path in cache.glob("[0-9a-f]*.json"):
        if not path.name.startswith("index"):
            path.unlink()
    assert Library(folder, cache).by_hash(form.sha256) == form
    (folder / "small.yaml").unlink()
    assert Library(folder, cache).list() == []
    assert Library(folder, cache).by_hash(form.sha256) == form
    for path in cache.iterdir():
        if not path.name.startswith("index"):
            path.unlink()
    with pytest.raises(NoSuchForm):
        Library(folder, cache).by_hash(form.sha256)


def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file had been lying there for a while."""
    monkeypatch.setattr(library, "_SETTLED_NS", -1)


def _no_hash(data: bytes) -> str:
    raise AssertionError("a file was read")


def test_a_list_reads_no_file_that_looks_as_it_did(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settled(monkeypatch)
    listed = Library(folder, tmp_path / "cache").list()
    monkeypatch.setattr(library, "_hash", _no_hash)
    assert Library(folder, tmp_path / "cache").list() == listed


def test_a_file_that_was_written_just_now_is_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Library(folder, tmp_path / "cache").list()
    monkeypatch.setattr(library, "_hash", _no_hash)
    with pytest.raises(AssertionError, match="was read"):
        Library(folder, tmp_path / "cache").list()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of the last change")
def test_an_edit_that_keeps_size_and_time_is_seen(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settled(monkeypatch)
    Library(folder, tmp_path / "cache").list()
    file = folder / "small.yaml"
    before = file.stat()
    file.write_text(GOOD.replace("小表", "大表"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [entry.title.zh for entry in Library(folder, tmp_path / "cache").list()] == ["大表"]


def test_a_form_is_opened_by_its_bytes_whatever_the_file_looks_like(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settled(monkeypatch)
    monkeypatch.setattr(library, "_stamp", lambda path: (1, 1, 1))
    forms = Library(folder, tmp_path / "cache")
    forms.list()
    (folder / "small.yaml").write_text(GOOD.replace("小表", "大表"), encoding="utf-8")
    assert [entry.title.zh for entry in forms.list()] == ["小表"]
    assert forms.form("small").title.zh == "大表"
    assert [entry.title.zh for entry in Library(folder, tmp_path / "cache").list()] == ["大表"]
