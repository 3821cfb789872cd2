"""Looks into reviews and responses that have come, so that lists know what they say of earlier papers."""

from __future__ import annotations

from safetyapp.domain.progress import Progress, no_progress
from safetyapp.domain.said import said_of
from safetyapp.workflow.ports import Signer, Store

AT_ONCE = 200
"""Papers; the others with the next call."""


def read_papers(store: Store, signer: Signer, progress: Progress = no_progress, limit: int = AT_ONCE) -> int:
    """How many papers were looked into. Those came in through the door and were judged then: what they say counts,
    whoever lost a key since. A file that cannot be read is asked again the next time. What `progress` raises ends it
    between two papers."""
    addresses = store.unread_papers(limit)
    read = 0
    for count, address in enumerate(addresses):
        progress("papers", count, len(addresses))
        try:
            data = store.document_path(address).read_bytes()
        except OSError:
            continue
        record = signer.verify(data).record
        store.keep_said(address, said_of(record) if record is not None else None)
        read += 1
    return read
