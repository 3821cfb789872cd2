"""The same photo at two findings with other marks: each is printed as its finding shows it, with a number of its own,
in a report and in every paper that carries findings on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import ItemId
from safetyapp.domain.inspection import PhotoLink, Sha256
from safetyapp.domain.notice import Notice
from safetyapp.domain.photo_marks import Crop, Mark, MarkKind, PhotoMarks
from safetyapp.domain.record import Record
from safetyapp.domain.reinspection import Reinspection
from safetyapp.domain.response import Response
from tests.documents.answers_drawn import pictures
from tests.documents.examples import Example, make_example
from tests.documents.papers import PaperExample, make_paper
from tests.documents.reading import draw, plain, text_of

HIDDEN = PhotoMarks((Mark(MarkKind.BLACK, 0, 0, 5000, 5000),))
CUT = PhotoMarks((Mark(MarkKind.ARROW, 0, 0, 5000, 5000),), Crop(0, 0, 5000, 5000), 1)


def _marked(
    example: Example | PaperExample, items: tuple[str, str]
) -> tuple[tuple[PhotoLink, PhotoLink], dict[Sha256, Path]]:
    """Two copies of the first photo, one at each of the items, and their files."""
    one, other, *_ = example.record.photos
    copy = replace(other.photo, original=one.photo.original)
    links = (
        replace(one, item=ItemId(items[0]), after=False, position=0, marks=HIDDEN),
        replace(one, item=ItemId(items[1]), after=False, position=1, marks=CUT, photo=copy),
    )
    return links, {link.photo.printed: example.photos[link.photo.printed] for link in (one, other)}


def test_in_a_report(tmp_path: Path) -> None:
    example = make_example(tmp_path, findings=2, photos=2, fixed=0)
    first, second = example.record.findings
    links, files = _marked(example, (first.item, second.item))
    original = str(links[0].photo.original)
    findings = (replace(first, photos=(original,)), replace(second, photos=(original,)))
    record: Record = replace(example.record, findings=findings, photos=links)
    data = draw(replace(example, record=record, photos=files))
    assert len(pictures(data)[0]) == 2
    text = plain(text_of(data, tmp_path, "-raw"))
    assert "照片见" not in text
    for number, said in ((1, "已打码"), (2, "已标注、已裁剪")):
        (caption,) = [part for part in text.split("照片")[1:] if part.startswith(str(number)) and said in part]
        assert original[:8] in caption


@pytest.mark.parametrize("kind", [DocumentKind.RECTIFICATION_NOTICE, DocumentKind.RESPONSE, DocumentKind.REINSPECTION])
def test_in_a_paper(tmp_path: Path, kind: DocumentKind) -> None:
    example = make_paper(kind, tmp_path)
    paper = example.paper
    assert isinstance(paper, Notice | Response | Reinspection)
    one, two, *others = paper.findings
    links, files = _marked(example, (one.finding.finding, two.finding.finding))
    original = str(links[0].photo.original)
    named = [replace(finding, photos=(original,)) for finding in (one, two)]
    named += [replace(finding, photos=()) for finding in others]
    if not isinstance(paper, Notice):
        named = [replace(finding, after_photos=()) for finding in named]
    changed = replace(paper, findings=tuple(named), photos=links)
    data = draw(replace(example, paper=changed, photos=files))
    assert len(pictures(data)[0]) == 2
    text = plain(text_of(data, tmp_path, "-raw"))
    assert "已打码" in text
    assert "已标注、已裁剪" in text
