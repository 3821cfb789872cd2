"""The photos of the school's answer and of the re-inspection: each once, before at the left of after."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from safetyapp.documents.sheet import A4
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.problem import Problem
from safetyapp.domain.reinspection import Reinspection
from safetyapp.domain.response import Response
from tests.documents.answers_drawn import (
    MANY_PHOTOS,
    both,
    draw_paper,
    drawn_of,
    every_scale,
    pictures,
    read,
    reinspection,
    response,
    words_of,
)
from tests.documents.papers import EASY, NASTY, Scale, make_paper


@both
@every_scale
def test_every_photo_is_on_paper_once(tmp_path: Path, kind: DocumentKind, scale: Scale) -> None:
    drawn = drawn_of(kind, scale)
    shown, _ = pictures(drawn.data)
    assert len(drawn.photos) >= scale.findings * scale.photos
    assert Counter(shown) == Counter(drawn.photos.values())
    text = read(drawn.data, tmp_path)
    for link in drawn.paper.photos:
        assert text.count(link.photo.original[:8]) == 1
    assert ("附：整改前后照片" in text) is bool(scale.photos)


@both
@pytest.mark.parametrize("scale", [EASY, NASTY, MANY_PHOTOS], ids=["easy", "nasty", "many-photos"])
def test_before_stands_left_of_after_in_one_row(tmp_path: Path, kind: DocumentKind, scale: Scale) -> None:
    drawn = drawn_of(kind, scale)
    assert isinstance(drawn.paper, Response | Reinspection)
    at: dict[str, tuple[str, int, float, float]] = {}
    for page, words in enumerate(words_of(drawn.data, tmp_path)):
        for (name, x, y, *_), (stage, *_) in pairwise(words):
            if re.fullmatch(r"照片\d+", name) and stage in ("改前", "改后"):
                at[name] = (stage, page, x, y)
    number = 0
    for one in drawn.paper.findings:
        before = [at[f"照片{number + place}"] for place in range(1, len(one.photos) + 1)]
        number += len(one.photos)
        after = [at[f"照片{number + place}"] for place in range(1, len(one.after_photos) + 1)]
        number += len(one.after_photos)
        for left, right in zip(before, after, strict=False):
            assert left[0] == "改前"
            assert right[0] == "改后"
            assert left[1] == right[1]
            assert left[2] < A4[0] / 2 < right[2]
            assert abs(left[3] - right[3]) < 0.5
    assert number == len(at) == len(drawn.paper.photos)


def test_photos_without_fellows_fill_rows(tmp_path: Path) -> None:
    """Three before and one after: a pair, and two more below; none at all is said."""
    example, paper = response(tmp_path, Scale(findings=3, photos=3))
    first, second, third = paper.findings
    spare = set(second.photos) | set(second.after_photos) | set(third.photos) | set(first.after_photos[1:])
    photos = tuple(link for link in paper.photos if link.photo.original not in spare)
    findings = (
        replace(first, after_photos=first.after_photos[:1]),
        replace(second, photos=(), after_photos=()),
        replace(third, photos=(), after_photos=()),
    )
    data = draw_paper(example, replace(paper, photos=photos, findings=findings))
    text = read(data, tmp_path)
    assert "其余整改前的照片" in text
    assert text.endswith("第2项、第3项没有照片。") or "第2项、第3项没有照片。" in text
    assert len(pictures(data)[0]) == 4


@pytest.mark.parametrize("after", [False, True])
def test_a_lonely_photo_says_that_the_other_is_not_there(tmp_path: Path, after: bool) -> None:
    example, paper = reinspection(tmp_path, Scale(findings=1, photos=1))
    (one,) = paper.findings
    kept = one.after_photos if after else one.photos
    one = replace(one, photos=() if after else kept, after_photos=kept if after else ())
    links = tuple(link for link in paper.photos if link.photo.original in kept)
    data = draw_paper(example, replace(paper, findings=(one,), photos=links))
    (said,) = [w for page in words_of(data, tmp_path) for w in page if w[0].startswith("没有整改")]
    assert said[0] == ("没有整改前的照片" if after else "没有整改后的照片")
    assert (said[1] < A4[0] / 2) is after
    (x, *_) = pictures(data)[1][-1]
    assert (x > A4[0] / 2) is after


def test_a_shared_photo_is_printed_at_the_first_finding(tmp_path: Path) -> None:
    example, paper = response(tmp_path, Scale(findings=2, photos=1))
    first, second = paper.findings
    gone = second.photos[0]
    links = tuple(link for link in paper.photos if link.photo.original != gone)
    findings = (first, replace(second, photos=first.photos))
    data = draw_paper(example, replace(paper, findings=findings, photos=links))
    assert len(pictures(data)[0]) == len(links)
    assert "照片见照片1" in read(data, tmp_path)


def test_photos_of_no_finding_are_printed_too(tmp_path: Path) -> None:
    example, paper = reinspection(tmp_path)
    findings = (replace(paper.findings[0], photos=()), *paper.findings[1:])
    data = draw_paper(example, replace(paper, findings=findings))
    assert len(pictures(data)[0]) == len(paper.photos)
    assert "附：其他照片" in read(data, tmp_path)


@both
def test_a_missing_photo_is_a_problem(tmp_path: Path, kind: DocumentKind) -> None:
    example = make_paper(kind, tmp_path)
    for broken in (replace(example, photos={}), replace(example, paper=replace(example.paper, photos=()))):
        assert isinstance(broken.paper, Response | Reinspection)
        if not broken.paper.photos:  # the findings name photos that the paper does not have
            broken = replace(broken, paper=replace(broken.paper, photos=example.paper.photos[:1]))
        with pytest.raises(Problem) as caught:
            draw_paper(broken)
        assert caught.value.code == "photo-missing"
