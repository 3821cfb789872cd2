"""Documents over the wire: sent, asked for, listed, fetched; what is refused, and who sees what."""

from __future__ import annotations

import pytest

from safetyapp.protocol import Have, Hello, Listing, Missing, SignedReceipt, write
from safetyapp.protocol_receipt import open_receipt
from tests.hub.conftest import INSPECTOR, OFFICER, Papers, Served, address

pytestmark = pytest.mark.hub


def test_a_report_is_sent_once_and_comes_back(hub: Served, papers: Papers) -> None:
    laptop, office = hub.client(INSPECTOR), hub.client(OFFICER)
    sha256 = address(papers.report)
    assert laptop.ask("POST", "/v1/have", write(Have((sha256,)))).of(Missing).missing == (sha256,)
    sent = laptop.put(sha256, papers.report)
    assert sent.status == 201
    receipt = open_receipt(sent.of(SignedReceipt), hub.identity.authority_pem, hub.identity.hub)
    assert (receipt.sha256, receipt.size, receipt.cursor) == (sha256, len(papers.report), 1)
    again = laptop.put(sha256, papers.report)
    assert (again.status, again.body) == (200, sent.body)
    assert laptop.ask("POST", "/v1/have", write(Have((sha256,)))).of(Missing).missing == ()
    listed = office.ask("GET", "/v1/documents?after=0").of(Listing)
    assert [entry.sha256 for entry in listed.entries] == [sha256]
    assert (listed.next, listed.more) == (1, False)
    assert office.ask("GET", f"/v1/documents/{sha256}").body == papers.report


def test_hello(hub: Served) -> None:
    said = hub.client(INSPECTOR).ask("GET", "/v1/hello").of(Hello)
    assert said.hub == hub.identity.hub
    assert said.you is not None
    assert said.you.person == INSPECTOR.id
    assert hub.client().ask("GET", "/v1/hello").of(Hello).you is None
