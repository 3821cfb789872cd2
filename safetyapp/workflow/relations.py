"""What documents say of each other: the chain of one, and the reading of what came before there was such a list."""

from __future__ import annotations

from safetyapp.domain.chain import Chain, Related, chain, gather
from safetyapp.domain.links import Link, links_of
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import Progress, no_progress
from safetyapp.workflow.exchange import kept_document
from safetyapp.workflow.ports import Signer, Store


def chain_of(store: Store, sha256: str) -> Chain:
    """All that belongs to a kept document; empty where it is not kept."""
    row = store.document(sha256)
    if row is None:
        return Chain(())
    start = next((one for one in store.related(row.id) if one.row.sha256 == sha256), Related(row))
    documents, is_cut = gather(start, store.related)
    return chain(sha256, documents, is_cut)


def read_missing_links(store: Store, signer: Signer, progress: Progress = no_progress) -> int:
    """Reads the records of documents that came before they were read for what they say of others. What `progress`
    raises ends it; those whose file is gone or unreadable are left for another time. Gives how many were read."""
    tried: set[str] = set()
    count = 0
    while waiting := [sha256 for sha256 in store.unread_links(200 + len(tried)) if sha256 not in tried]:
        read: dict[str, tuple[Link, ...]] = {}
        for number, sha256 in enumerate(waiting):
            progress("links", number, len(waiting))
            tried.add(sha256)
            row = store.document(sha256)
            if row is None:
                continue
            try:
                record = signer.verify(kept_document(store, row)).record
            except Problem:
                continue
            if record is not None:
                read[sha256] = links_of(record)
        store.keep_links(read)
        count += len(read)
    return count
