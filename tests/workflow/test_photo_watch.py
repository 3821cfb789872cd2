"""A watched folder: what is ready, what still grows, what is passed over, and a drive that goes and comes back."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from safetyapp.workflow.photo_watch import PATIENCE, FolderWatch, Remembered, recall_watch, remember_watch
from tests.domain.examples import NOON, TODAY

WHOLE = b"\xff\xd8\xff picture"


def _put(path: Path, data: bytes = WHOLE, days: int = 0, minute: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    at = (NOON + timedelta(days=days, minutes=minute)).timestamp()
    os.utime(path, (at, at))
    return path


def test_a_file_comes_when_it_stands_still_and_never_twice(tmp_path: Path) -> None:
    watch = FolderWatch(tmp_path, TODAY)
    second, first = _put(tmp_path / "100APPLE" / "IMG_2.JPG", minute=2), _put(tmp_path / "IMG_1.heic", minute=1)
    assert (watch.look().ready, watch.look().ready) == ((), (first, second))
    watch.took(first)
    watch.took(second)
    assert watch.look().is_quiet
    growing = _put(tmp_path / "IMG_3.jpg", WHOLE[:5])
    assert watch.look().growing == 1
    _put(growing, WHOLE + b" more", minute=3)
    assert watch.look().ready == ()
    assert watch.look().ready == (growing,)
    watch.took(growing)
    assert watch.look().is_quiet
    _put(growing, b"\xff\xd8\xff another picture under the same name", minute=4)
    assert (watch.look().ready, watch.look().ready) == ((), (growing,))


def test_what_was_there_before_the_day_is_passed_over_but_not_what_comes_later(tmp_path: Path) -> None:
    for n in range(3):
        _put(tmp_path / f"{n}.jpg", days=-1)
    today = _put(tmp_path / "today.jpg")
    for name in (".trashed-1.jpg", "film.mp4", ".thumbnails/1.jpg", "a/b/c/d/e.jpg"):
        _put(tmp_path / name)
    watch = FolderWatch(tmp_path, TODAY)
    assert watch.look().older == 3
    assert watch.look().ready == (today,)
    watch.took(today)
    wrong_clock = _put(tmp_path / "camera of 2015.jpg", days=-4000)
    assert (watch.look().older, watch.look().ready) == (0, (wrong_clock,))
    again = FolderWatch(tmp_path, TODAY, set(watch.seen))
    assert (again.look().older, again.look().ready) == (1, ())


def test_a_drive_that_is_pulled_out_and_comes_back(tmp_path: Path) -> None:
    card, away = tmp_path / "DCIM", tmp_path / "away"
    one = _put(card / "1.jpg")
    watch = FolderWatch(card, TODAY)
    watch.look()
    assert watch.look().ready == (one,)
    watch.took(one)
    _put(card / "2.jpg")
    watch.look()
    (card / "a link that leads nowhere.jpg").symlink_to(tmp_path / "nowhere")
    card.rename(away)
    assert not watch.look().is_there
    away.rename(card)
    assert watch.look().growing == 1
    assert watch.look().ready == (card / "2.jpg",)


def test_what_cannot_be_read_is_given_time_and_then_said_once(tmp_path: Path) -> None:
    broken = _put(tmp_path / "broken.jpg")
    watch = FolderWatch(tmp_path, TODAY)
    watch.look()
    told = []
    while watch.look().ready == (broken,):
        told.append(watch.refused(broken))
    assert told == [False] * (PATIENCE - 1) + [True]
    reserved, empty = _put(tmp_path / "reserved.jpg", WHOLE + bytes(600)), _put(tmp_path / "z.jpg", b"")
    looks = [watch.look().ready for _ in range(PATIENCE + 1)]
    assert looks == [()] * PATIENCE + [(reserved, empty)]
    _put(broken, WHOLE + b" whole by now", minute=1)
    assert [watch.refused(path) for path in (reserved, empty)] == [True, True]
    assert (watch.look().ready, watch.look().ready) == ((), (broken,))


def test_it_is_remembered_in_the_workspace(tmp_path: Path) -> None:
    assert recall_watch(tmp_path) == Remembered()
    remember_watch(tmp_path, "E:/DCIM", True, {"甲.jpg|1|2"})
    assert recall_watch(tmp_path) == Remembered("E:/DCIM", True, frozenset({"甲.jpg|1|2"}))
    (tmp_path / "watch.json").write_text("[1", encoding="utf-8")
    assert recall_watch(tmp_path) == Remembered()
    remember_watch(tmp_path / "gone", "E:/DCIM", True, ())
