"""Official papers of every kind and size, drawn and measured, and the measures that they are held to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from safetyapp.documents import wording
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from safetyapp.domain.document import DocumentKind
from tests.documents.official_reading import MeasuredPage, measure
from tests.documents.papers import BARE, NASTY, PaperExample, Scale, make_official, make_paper

LEFT, TOP, RIGHT, BOTTOM = 28.0, 37.0, 184.0, 262.0
LINE = 225 / 22
CHARACTER = 156 / 28
NEAR = 0.3
"""Millimetres."""

LONG_ISSUERS = (
    "示例教委",
    "通州区示例教育委员会",
    "北京市通州区示例教育督导与安全管理委员会",
    "北京市通州区示例教育委员会安全管理办公室学校安全与后勤保障服务指导中心",
    "北京市通州区示例教育委员会、北京市通州区示例消防救援支队、北京市通州区示例市场监督管理局、北京市通州区示例卫生健康委员会",
)


@dataclass(frozen=True)
class Drawn:
    """A paper and its pages."""

    example: PaperExample
    data: bytes
    pages: list[MeasuredPage]


def draw_paper(example: PaperExample) -> Drawn:
    paper = example.paper
    material = Material(paper, None, example.photos, example.inks, wording.record_hash(paper))
    data = lay_out(material).write(lambda done, total: None)
    return Drawn(example, data, measure(data))


_FORTY = replace(NASTY, findings=40, photos=0)
MAKERS: dict[str, Callable[[Path], PaperExample]] = {
    "notice": make_official,
    "notice-bare": lambda folder: make_official(folder, BARE),
    "notice-nasty": lambda folder: make_official(folder, NASTY),
    "notice-forty": lambda folder: _issued_by(make_official(folder, _FORTY), LONG_ISSUERS[-1]),
    "supervision": lambda folder: make_paper(DocumentKind.SUPERVISION, folder),
    "supervision-nasty": lambda folder: make_paper(DocumentKind.SUPERVISION, folder, NASTY),
    "extension": lambda folder: make_paper(DocumentKind.EXTENSION, folder),
    "extension-bare": lambda folder: make_paper(DocumentKind.EXTENSION, folder, BARE),
    "extension-nasty": lambda folder: make_paper(DocumentKind.EXTENSION, folder, NASTY),
}
ALL = tuple(MAKERS)


def _issued_by(example: PaperExample, issuer: str) -> PaperExample:
    return replace(example, paper=replace(example.paper, issuer=issuer))  # type: ignore[call-arg]


def draw_notice(folder: Path, scale: Scale = BARE, **changed: object) -> Drawn:
    example = make_official(folder, scale)
    return draw_paper(replace(example, paper=replace(example.paper, **changed)))  # type: ignore[arg-type]
