"""The library of forms: quick to list, never wrong because of its cache."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from safetyapp.domain.form import Form, FormId, with_address
from safetyapp.domain.problem import Problem
from safetyapp.domain.words import Words
from safetyapp.forms import library
from safetyapp.forms.keep_form import file_name
from safetyapp.forms.library import Library, NoSuchForm
from safetyapp.forms.mistakes import FormRefused
from safetyapp.forms.read_yaml import read_form
from safetyapp.forms.write_yaml import write_form
from tests.forms.examples import GOOD
from tests.forms.made_forms import forms

ROOT = Path(__file__).parents[2]
BUILT_IN = Library((ROOT / "forms",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "small.yaml").write_text(GOOD, encoding="utf-8")
    return folder


def test_lists_what_is_there(folder: Path) -> None:
    (entry,) = Library((folder,)).list()
    assert (entry.id, entry.version, entry.title.zh, entry.items) == ("small", "1", "小表", 2)
    assert (entry.languages, entry.origin) == (("zh", "en"), "built_in")
    assert entry.sha256 == read_form(GOOD.encode()).sha256


def test_the_cache_gives_the_same_form(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = Library((folder,), cache).form("small")
    again = Library((folder,), cache)
    assert again.form("small") == first == read_form(GOOD.encode())
    assert again.by_hash(first.sha256) == first
    assert not list(cache.glob("*.part"))


def test_the_built_in_forms_survive_the_cache(tmp_path: Path) -> None:
    compiled = {entry.id: Library((ROOT / "forms",), tmp_path).form(entry.id) for entry in BUILT_IN.list()}
    again = Library((ROOT / "forms",), tmp_path)
    for path in (ROOT / "forms").glob("*.yaml"):
        assert again.form(path.stem) == compiled[FormId(path.stem)] == read_form(path)


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"\xff\xfe", b"[1,2", b'{"id": 3}', b"[" * 100_000])
def test_a_broken_cache_is_ignored_and_written_again(folder: Path, tmp_path: Path, rubbish: bytes) -> None:
    cache = tmp_path / "cache"
    form = Library((folder,), cache).form("small")
    whole = {path.name: path.read_bytes() for path in cache.iterdir()}
    for path in cache.iterdir():
        path.write_bytes(rubbish)
    assert Library((folder,), cache).form("small") == form
    assert len(Library((folder,), cache).list()) == 1
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == whole


def test_a_cached_form_that_somebody_changed_is_not_used(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    form = Library((folder,), cache).form("small")
    for path in cache.iterdir():
        if not path.name.startswith("index"):
            raw = json.loads(path.read_bytes())
            raw["sections"][0]["items"][0]["days"] = 999
            path.write_text(json.dumps(raw))
    assert Library((folder,), cache).form("small") == form


def test_an_edited_file_counts_at_once_and_the_earlier_one_is_found_by_hash(folder: Path, tmp_path: Path) -> None:
    forms_here = Library((folder,), tmp_path / "cache")
    before = forms_here.form("small")
    (folder / "small.yaml").write_text(GOOD.replace("days: 7", "days: 9"), encoding="utf-8")
    after = forms_here.form("small")
    assert before.sha256 != after.sha256
    assert forms_here.by_hash(before.sha256) == before
    assert Library((folder,), tmp_path / "cache").by_hash(before.sha256) == before


def test_the_newest_version_counts(folder: Path) -> None:
    for version in ("9", "10"):
        text = GOOD.replace('version: "1"', f'version: "{version}"')
        (folder / f"v{version}.yaml").write_text(text, encoding="utf-8")
    forms_here = Library((folder,))
    assert [entry.version for entry in forms_here.list()] == ["10", "9", "1"]
    assert forms_here.form("small").version == "10"


def test_a_wrong_file_keeps_nobody_else_out(folder: Path) -> None:
    (folder / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    forms_here = Library((folder,))
    assert [entry.id for entry in forms_here.list()] == ["small"]
    assert [refusal.name for refusal in forms_here.refused()] == ["broken.yaml"]
    with pytest.raises(FormRefused):
        forms_here.form("broken")


def test_two_contents_of_one_version_are_not_both_taken(folder: Path) -> None:
    (folder / "twin.yaml").write_text(GOOD.replace("days: 7", "days: 9"), encoding="utf-8")
    forms_here = Library((folder,))
    assert len(forms_here.list()) == 1
    assert [m.code for refusal in forms_here.refused() for m in refusal.mistakes] == ["duplicate-form"]


def test_what_is_not_there(folder: Path, tmp_path: Path) -> None:
    forms_here = Library((folder,))
    with pytest.raises(NoSuchForm):
        forms_here.form("none")
    with pytest.raises(NoSuchForm):
        forms_here.by_hash("0" * 64)
    assert Library((tmp_path / "nowhere",)).list() == []


def test_a_cache_that_cannot_be_written_does_no_harm(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert len(Library((folder,), tmp_path / "file").list()) == 1


def test_listing_from_a_warm_cache_imports_no_reader(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    Library((folder,), cache).list()
    script = (
        "import sys, pathlib\n"
        "from safetyapp.forms.library import Library\n"
        f"assert len(Library((pathlib.Path({str(folder)!r}),), pathlib.Path({str(cache)!r})).list()) == 1\n"
        "print([m for m in ('ruamel.yaml', 'msgspec', 'openpyxl') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_compiled_form_that_went_missing_is_made_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    form = Library((folder,), cache).form("small")
    for path in cache.glob("[0-9a-f]*.json"):
        if not path.name.startswith("index"):
            path.unlink()
    assert Library((folder,), cache).by_hash(form.sha256) == form
    (folder / "small.yaml").unlink()
    assert Library((folder,), cache).list() == []
    assert Library((folder,), cache).by_hash(form.sha256) == form
    for path in cache.iterdir():
        if not path.name.startswith("index"):
            path.unlink()
    with pytest.raises(NoSuchForm):
        Library((folder,), cache).by_hash(form.sha256)


def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every file had been lying there for a while."""
    monkeypatch.setattr(library, "_SETTLED_NS", -1)


def _no_hash(data: bytes) -> str:
    raise AssertionError("a file was read")


def test_a_list_reads_no_file_that_looks_as_it_did(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settled(monkeypatch)
    listed = Library((folder,), tmp_path / "cache").list()
    monkeypatch.setattr(library, "_hash", _no_hash)
    assert Library((folder,), tmp_path / "cache").list() == listed


def test_a_file_that_was_written_just_now_is_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Library((folder,), tmp_path / "cache").list()
    monkeypatch.setattr(library, "_hash", _no_hash)
    with pytest.raises(AssertionError, match="was read"):
        Library((folder,), tmp_path / "cache").list()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of the last change")
def test_an_edit_that_keeps_size_and_time_is_seen(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settled(monkeypatch)
    Library((folder,), tmp_path / "cache").list()
    file = folder / "small.yaml"
    before = file.stat()
    file.write_text(GOOD.replace("小表", "大表"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [entry.title.zh for entry in Library((folder,), tmp_path / "cache").list()] == ["大表"]


def test_a_form_is_opened_by_its_bytes_whatever_the_file_looks_like(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _settled(monkeypatch)
    monkeypatch.setattr(library, "_stamp", lambda path: (1, 1, 1))
    forms = Library((folder,), tmp_path / "cache")
    forms.list()
    (folder / "small.yaml").write_text(GOOD.replace("小表", "大表"), encoding="utf-8")
    assert [entry.title.zh for entry in forms.list()] == ["小表"]
    assert forms.form("small").title.zh == "大表"
    assert [entry.title.zh for entry in Library((folder,), tmp_path / "cache").list()] == ["大表"]


def small(version: str = "1", form_id: str = "small", days: int = 7) -> Form:
    return read_form(
        GOOD.replace('"1"', f'"{version}"')
        .replace("id: small", f"id: {form_id}")
        .replace("days: 7", f"days: {days}")
        .encode()
    )


def both(folder: Path, tmp_path: Path, cache: str = "cache") -> Library:
    return Library((folder, tmp_path / "imported"), tmp_path / cache)


def test_an_imported_form_is_there_at_once_and_stays(folder: Path, tmp_path: Path) -> None:
    form = small("2", "mine")
    entry = both(folder, tmp_path).add(form)
    assert (entry.id, entry.version, entry.sha256, entry.origin) == ("mine", "2", form.sha256, "imported")
    for cache in ("cache", "another"):
        forms_here = both(folder, tmp_path, cache)
        assert [(e.id, e.origin) for e in forms_here.list()] == [("mine", "imported"), ("small", "built_in")]
        assert forms_here.form("mine") == form == forms_here.by_hash(form.sha256)
    assert [path.name for path in (tmp_path / "imported").iterdir()] == ["0001-mine-2.yaml"]


def test_what_was_imported_last_counts(folder: Path, tmp_path: Path) -> None:
    forms_here = both(folder, tmp_path)
    for version in ("2", "0.9", "vA1"):
        forms_here.add(small(version))
        assert forms_here.form("small").version == version
        assert both(folder, tmp_path, "another").form("small").version == version
    assert [(e.version, e.origin) for e in forms_here.list()] == [
        ("vA1", "imported"),
        ("0.9", "imported"),
        ("2", "imported"),
        ("1", "built_in"),
    ]


def test_of_files_put_there_by_hand_the_newest_version_counts(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "imported").mkdir()
    for version in ("0.9", "1.10", "1.9"):
        text = GOOD.replace('version: "1"', f'version: "{version}"')
        (tmp_path / "imported" / f"v{version}.yaml").write_text(text, encoding="utf-8")
    assert [entry.version for entry in both(folder, tmp_path).list()] == ["1.10", "1.9", "1", "0.9"]


def test_the_same_content_twice_is_one_and_another_is_refused(folder: Path, tmp_path: Path) -> None:
    forms_here = both(folder, tmp_path)
    first = forms_here.add(small("2"))
    assert forms_here.add(small("2")) == first == both(folder, tmp_path).add(small("2"))
    before = {path.name: path.read_bytes() for path in (tmp_path / "imported").iterdir()}
    for other in (small("2", days=8), small("1", days=8)):
        with pytest.raises(Problem) as caught:
            forms_here.add(other)
        assert caught.value.code == "form-version-exists"
        assert caught.value.facts == {"form": "small", "version": other.version}
    assert {path.name: path.read_bytes() for path in (tmp_path / "imported").iterdir()} == before
    assert forms_here.refused() == ()


def test_a_built_in_form_is_not_imported_again(folder: Path, tmp_path: Path) -> None:
    entry = both(folder, tmp_path).add(small())
    assert entry.origin == "built_in"
    assert not (tmp_path / "imported").exists()


def test_a_form_that_no_file_can_hold_is_refused_before_anything_is_written(folder: Path, tmp_path: Path) -> None:
    form = small("2")
    broken = replace(form.sections[0].items[0], question=Words(""))
    spoilt = replace(form, sections=(replace(form.sections[0], items=(broken,)),))
    with pytest.raises(FormRefused):
        both(folder, tmp_path).add(with_address(spoilt))
    assert not (tmp_path / "imported").exists()


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EROFS, "read-only"), (errno.EIO, "disk-failing")]
)
def test_a_disk_that_refuses_leaves_nothing_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    def fails(_: int) -> None:
        raise OSError(number, os.strerror(number))

    forms_here = both(folder, tmp_path)
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(Problem) as caught:
        forms_here.add(small("2"))
    assert caught.value.code == code
    assert list((tmp_path / "imported").iterdir()) == []
    assert [entry.version for entry in forms_here.list()] == ["1"]


@pytest.mark.parametrize(
    ("version", "name"),
    [("1", "small-1.yaml"), ("2024 春", "small-2024 春.yaml"), ("1/2", "form-small-1_2-"), ("v" * 100, "small-vvv")],
)
def test_files_are_named_after_the_form(version: str, name: str) -> None:
    found = file_name(small(version))
    assert found.startswith(name)
    assert len(found.encode()) < 200
    assert not set(found) & set('/\\:*?"<>|')


def test_unlike_forms_have_unlike_files(folder: Path, tmp_path: Path) -> None:
    forms_here = both(folder, tmp_path)
    versions = ("1/2", "1:2", "1_2", "1?2")
    for version in versions:
        forms_here.add(small(version, "mine"))
    assert sorted(e.version for e in forms_here.list() if e.id == "mine") == sorted(versions)
    assert file_name(small("1", "con.x")).startswith("form-")


def test_a_file_of_the_same_name_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    imported = tmp_path / "imported"
    imported.mkdir()
    (imported / "mine-1.yaml").write_text("format: 1\n", encoding="utf-8")
    forms_here = both(folder, tmp_path)
    with pytest.raises(FormRefused):
        forms_here.form("mine")
    entry = forms_here.add(small("1", "mine"))
    assert forms_here.form("mine").sha256 == entry.sha256
    assert (imported / "mine-1.yaml").read_text(encoding="utf-8") == "format: 1\n"


def test_a_version_with_two_contents_is_refused_in_the_imported_folder(folder: Path, tmp_path: Path) -> None:
    imported = tmp_path / "imported"
    imported.mkdir()
    (imported / "small.yaml").write_text(write_form(small(days=9)), encoding="utf-8")
    forms_here = both(folder, tmp_path)
    assert [e.origin for e in forms_here.list()] == ["built_in"]
    assert [m.code for refusal in forms_here.refused() for m in refusal.mistakes] == ["duplicate-form"]


def test_a_library_without_a_folder_for_them_takes_no_form(folder: Path) -> None:
    with pytest.raises(ValueError, match="imported"):
        Library((folder,)).add(small("2"))


def test_items_are_those_that_a_person_answers(folder: Path) -> None:
    note = "      - {id: N-1, question: {zh: 说明, en: Note}, answer: {kind: note}}\n"
    table = (
        "      - id: T-1\n        question: {zh: 表, en: Table}\n        answer: {kind: table}\n        items:\n"
        "          - {id: T-2, question: {zh: 列}, answer: {kind: text}}\n"
    )
    (folder / "small.yaml").write_text(GOOD + note + table, encoding="utf-8")
    (entry,) = Library((folder,)).list()
    assert (entry.items, entry.languages) == (3, ("zh",))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(forms())
def test_every_form_survives_the_library(tmp_path_factory: pytest.TempPathFactory, form: Form) -> None:
    place = tmp_path_factory.mktemp("library")
    folders = (place / "built-in", place / "imported")
    entry = Library(folders, place / "cache").add(form)
    again: Any = Library(folders, place / "cache")
    again._from_folders = None  # it must come from the cache
    assert again.by_hash(entry.sha256) == form
