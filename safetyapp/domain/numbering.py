"""Numbers 编号 of documents."""

from __future__ import annotations

from datetime import date


def temporary_number(document_id: str, on: date) -> str:
    """The number a report carries until an office gives it one: 临-20261124-7F3A91.

    Two laptops without network cannot share a register, so it is drawn from the document's own id.
    """
    return f"临-{on:%Y%m%d}-{document_id.replace('-', '')[:6].upper()}"
