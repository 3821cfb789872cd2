"""The chain of a kept document, read from signed records, also of documents that came before there was such a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from safetyapp.domain.any_record import AnyRecord
from safetyapp.domain.document import DocumentKind, DocumentState
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.links import LinkRole, links_of
from safetyapp.domain.progress import no_progress
from safetyapp.workflow.finalise import describe_document
from safetyapp.workflow.relations import chain_of, read_missing_links
from tests.documents.papers import SIGNED_BY, make_paper
from tests.fakes import FakeSigner, FakeStore


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[DocumentKind, AnyRecord]:
    folder = tmp_path_factory.mktemp("papers")
    return {kind: make_paper(kind, folder).paper for kind in SIGNED_BY}


def keep(store: FakeStore, record: AnyRecord, read: bool) -> str:
    signer = FakeSigner()
    data = signer.seal(record, None, {}, {}, {}, signer.passphrase, no_progress)
    row = describe_document(record, data, DocumentState.IMPORTED)
    store.keep_document(row, data, rows_of(record), links=links_of(record) if read else None)
    return row.sha256


def test_every_kind_of_paper_names_something_once(papers: dict[DocumentKind, AnyRecord]) -> None:
    for record in papers.values():
        links = links_of(record)
        assert links
        assert len(set(links)) == len(links)
    said = {link.said for link in links_of(papers[DocumentKind.REVIEW])}
    assert said <= {"accepted", "returned"}
    roles = {link.role for record in papers.values() for link in links_of(record)}
    assert roles == set(LinkRole)


def test_links_that_were_never_read_are_read_once(papers: dict[DocumentKind, AnyRecord], tmp_path: Path) -> None:
    read, late = FakeStore(tmp_path / "read"), FakeStore(tmp_path / "late")
    hashes = [keep(read, record, read=True) for record in papers.values()]
    assert hashes == [keep(late, record, read=False) for record in papers.values()]
    assert all(len(chain_of(late, sha256).lines) == 1 for sha256 in hashes)
    lost = late.document_path(hashes[0])
    data = lost.read_bytes()
    lost.unlink()
    assert read_missing_links(late, FakeSigner()) == len(hashes) - 1
    assert late.unread_links() == (hashes[0],)
    lost.write_bytes(data)
    assert read_missing_links(late, FakeSigner()) == 1
    assert read_missing_links(late, FakeSigner()) == 0
    assert [chain_of(late, sha256) for sha256 in hashes] == [chain_of(read, sha256) for sha256 in hashes]
    assert max(len(chain_of(late, sha256).lines) for sha256 in hashes) > 1


def test_what_is_not_kept_has_no_chain(tmp_path: Path) -> None:
    assert chain_of(FakeStore(tmp_path), "0" * 64).lines == ()
