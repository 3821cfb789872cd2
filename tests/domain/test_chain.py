"""The chain of a document: all that belongs to it, nothing else, whoever of them is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from safetyapp.domain.chain import LONGEST, Chain, Related, chain, gather
from safetyapp.domain.document import DocumentId, DocumentKind, DocumentRow, DocumentState
from safetyapp.domain.links import Link, LinkRole
from tests.domain.examples import NOON, TODAY

KINDS = {
    "R": DocumentKind.INSPECTION_REPORT, "W": DocumentKind.REVIEW, "N": DocumentKind.RECTIFICATION_NOTICE,
    "S": DocumentKind.SERVICE_RECEIPT, "A": DocumentKind.RESPONSE, "E": DocumentKind.EXTENSION,
    "C": DocumentKind.REINSPECTION, "U": DocumentKind.SUPERVISION, "V": DocumentKind.VOID,
}  # fmt: skip


def one(
    name: str, day: int, *above: str, role: LinkRole = LinkRole.FOUND_IN, said: str = "", by: str = "p1",
    corrects: str | None = None, findings: int = 0, state: DocumentState = DocumentState.IMPORTED, file: str = "",
) -> Related:  # fmt: skip
    """A document whose kind is its name's first letter, on a day of the story."""
    row = DocumentRow(
        DocumentId(name), file or f"sha-{name}", KINDS[name[0]], name, "s1", "甲子小学", "文书",
        NOON + timedelta(days=day), TODAY + timedelta(days=day), "某人", state, 1, findings, 0, corrects, by,
    )  # fmt: skip
    return Related(row, tuple(Link(role, target, f"sha-{target}", said) for target in above))


def asked(documents: Iterable[Related], start: str) -> Chain:
    every = tuple(documents)

    def ask(document_id: str) -> list[Related]:
        return [other for other in every if other.row.id == document_id or document_id in other.above()]

    begin = next(other for other in every if other.row.sha256 == start)
    return chain(start, *gather(begin, ask))


def names(found: Chain) -> list[str]:
    return [line.row.id for line in found.lines]


STORY = (
    one("R1", 0, findings=2), one("W1", 1, "R1", role=LinkRole.REVIEWED, said="accepted"),
    one("N1", 2, "R1", role=LinkRole.NOTICED), one("S1", 3, "N1"), one("A1", 4, "N1", "R1"),
    one("E1", 5, "N1", "A1"), one("C1", 6, "N1", "A1"), one("U1", 7, "N1", "N9"), one("V1", 8, "N1"),
)  # fmt: skip
OTHERS = (one("R9", 0, findings=1), one("N9", 2, "R9"), one("A9", 3, "N9"), one("R8", 0))


@pytest.mark.parametrize("start", [other.row.id for other in STORY if other.row.id != "U1"])
def test_whoever_is_asked_the_whole_story_is_told(start: str) -> None:
    found = asked((*OTHERS, *STORY), f"sha-{start}")
    assert names(found) == ["R1", "W1", "N1", "S1", "A1", "E1", "C1", "U1", "V1"]
    assert [line.row.id for line in found.lines if line.is_current] == [start]
    assert not any(line.conflicts for line in found.lines)


def test_a_supervision_of_two_notices_tells_both_stories() -> None:
    assert names(asked((*OTHERS, *STORY), "sha-U1")) == [
        "R1", "R9", "W1", "N1", "N9", "S1", "A9", "A1", "E1", "C1", "U1", "V1",
    ]  # fmt: skip


def test_a_document_alone_is_a_chain_of_one() -> None:
    assert names(asked(OTHERS, "sha-R8")) == ["R8"]


def test_a_correction_belongs_to_what_it_corrects_both_ways() -> None:
    story = (
        one("R1", 0, state=DocumentState.REPLACED), one("R2", 1, corrects="R1"), one("R3", 2, corrects="R2"),
    )  # fmt: skip
    for start in ("R1", "R2", "R3"):
        assert names(asked(story, f"sha-{start}")) == ["R1", "R2", "R3"]


def test_both_of_two_that_conflict_are_shown() -> None:
    story = (
        one("R1", 0), one("W1", 1, "R1", role=LinkRole.REVIEWED, said="accepted"),
        one("W2", 2, "R1", role=LinkRole.REVIEWED, said="returned", by="p2"),
        one("W3", 3, "R1", role=LinkRole.REVIEWED, said="accepted", by="p3"),
    )  # fmt: skip
    found = asked(story, "sha-R1")
    assert names(found) == ["R1", "W1", "W2", "W3"]
    assert [line.row.id for line in found.lines if line.conflicts] == ["W1", "W2", "W3"]
    agreeing = asked((*story[:2], story[3]), "sha-R1")
    assert not any(line.conflicts for line in agreeing.lines)


def test_two_people_under_one_id_and_two_corrections_conflict() -> None:
    same = (one("R1", 0), one("R1", 1, by="p2", file="other"))
    assert [line.conflicts for line in asked(same, "other").lines] == [True, True]
    versions = (one("R1", 0), one("R1", 1, file="other"))
    assert [line.conflicts for line in asked(versions, "other").lines] == [False, False]
    twice = (one("R1", 0), one("R2", 1, corrects="R1"), one("R3", 2, corrects="R1", by="p2"))
    assert [line.conflicts for line in asked(twice, "sha-R1").lines] == [False, True, True]


def test_what_is_to_come_follows_the_last_step() -> None:
    assert asked([one("R1", 0)], "sha-R1").next_kinds == (DocumentKind.REVIEW,)
    found = asked([one("R1", 0, findings=2)], "sha-R1").next_kinds
    assert found == (
        DocumentKind.REVIEW, DocumentKind.RECTIFICATION_NOTICE, DocumentKind.SERVICE_RECEIPT, DocumentKind.RESPONSE,
        DocumentKind.REINSPECTION,
    )  # fmt: skip
    assert asked(STORY[:5], "sha-R1").next_kinds == (DocumentKind.REINSPECTION,)
    assert asked([one("R1", 0, findings=2, state=DocumentState.VOID)], "sha-R1").next_kinds == ()


def test_a_chain_that_has_no_end_is_cut_and_says_so() -> None:
    endless = [one("R1", 0)] + [one(f"R{n + 2}", n + 1, corrects=f"R{n + 1}") for n in range(LONGEST + 50)]
    found = asked(endless, "sha-R1")
    assert found.is_cut
    assert len(found.lines) <= LONGEST + 1
    ring = [one("R1", 0, "R2"), one("R2", 1, "R1")]
    assert names(asked(ring, "sha-R1")) == ["R1", "R2"]
