"""Documents over the wire: sent, asked for, listed, fetched, resumed; what is refused, and who sees what."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from safetyapp.domain.revocation import RevokedFor
from safetyapp.hub import people, tables
from safetyapp.hub.doctor import examine
from safetyapp.hub.tables import changing, documents
from safetyapp.protocol import COMPLETE, LENGTH, OFFSET, Have, Hello, Listing, Missing, SignedReceipt, read, write
from safetyapp.protocol_receipt import open_receipt
from safetyapp.protocol_refusal import Reason, Refusal
from tests.hub.client import Client
from tests.hub.conftest import LIMITS
from tests.hub.house import INSPECTOR, NOW, OFFICER, OTHER, PRINCIPAL, Papers, Served, address

pytestmark = pytest.mark.hub


def seen(client: Client, after: int = 0) -> list[str]:
    """Everything that a person is shown, page by page."""
    found: list[str] = []
    while True:
        page = client.ask("GET", f"/v1/documents?after={after}").of(Listing)
        found += [entry.sha256 for entry in page.entries]
        after = page.next
        if not page.more:
            return found


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
    assert laptop.ask("GET", f"/v1/documents/{sha256}/receipt").body == sent.body
    assert laptop.ask("POST", "/v1/have", write(Have((sha256,)))).of(Missing).missing == ()
    listed = office.ask("GET", "/v1/documents?after=0").of(Listing)
    assert [entry.sha256 for entry in listed.entries] == [sha256]
    assert (listed.next, listed.more) == (1, False)
    assert office.ask("GET", f"/v1/documents/{sha256}").body == papers.report


def test_fetching_goes_on_where_it_was_cut(hub: Served, papers: Papers) -> None:
    data, laptop = papers.report, hub.client(INSPECTOR)
    path, size = f"/v1/documents/{address(data)}", len(data)
    assert laptop.put(address(data), data).status == 201
    for first in (1, 5000, size - 1):
        rest = laptop.ask("GET", path, Range=f"bytes={first}-")
        assert (rest.status, rest.body) == (206, data[first:])
        assert rest.headers["content-range"] == f"bytes {first}-{size - 1}/{size}"
    beyond = laptop.ask("GET", path, Range=f"bytes={size}-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for other in ("bytes=0-", "bytes=1-2", "bytes=-5", "lines=3-", "bytes=x-", "bytes=1-,5-"):
        assert laptop.ask("GET", path, Range=other).body == data


def test_hello_says_which_hub_and_who_is_asking(hub: Served) -> None:
    said = hub.client(INSPECTOR).ask("GET", "/v1/hello").of(Hello)
    assert said.hub == hub.identity.hub
    assert said.limits == LIMITS
    assert said.you is not None
    assert said.you.person == INSPECTOR.id
    assert hub.client().ask("GET", "/v1/hello").of(Hello).you is None


def test_everybody_sees_what_they_may_and_no_more(hub: Served, papers: Papers) -> None:
    sent = (
        (INSPECTOR, papers.report),
        (INSPECTOR, papers.elsewhere),
        (OFFICER, papers.notice),
        (PRINCIPAL, papers.response),
    )
    for person, data in sent:
        assert hub.client(person).put(address(data), data).status == 201
    report, elsewhere, notice, response = (address(data) for _, data in sent)
    may = {
        OFFICER: [report, elsewhere, notice, response],
        INSPECTOR: [report, elsewhere],
        OTHER: [elsewhere],
        PRINCIPAL: [report, notice, response],
    }
    for person, theirs in may.items():
        client = hub.client(person)
        assert seen(client) == theirs
        hidden = [sha for sha in may[OFFICER] if sha not in theirs]
        asked = write(Have(tuple(may[OFFICER])))
        assert client.ask("POST", "/v1/have", asked).of(Missing).missing == tuple(hidden)
        for sha256 in hidden:  # as if it were not there
            assert client.ask("GET", f"/v1/documents/{sha256}").reason is Reason.NOT_FOUND
            assert client.ask("GET", f"/v1/documents/{sha256}/receipt").reason is Reason.NOT_FOUND
            assert client.ask("HEAD", f"/v1/documents/{sha256}").headers[COMPLETE] == "?0"
    assert hub.client(OTHER).ask("GET", "/v1/documents?after=5").reason is Reason.CURSOR_UNKNOWN


def test_new_schools_change_the_scope(hub: Served, papers: Papers) -> None:
    assert hub.client(INSPECTOR).put(address(papers.report), papers.report).status == 201
    before = hub.client(OTHER).ask("GET", "/v1/documents?after=1").of(Listing)
    with changing(hub.engine) as connection:
        people.add_person(connection, OTHER, [papers.school], hub.clock[0])
    after = hub.client(OTHER).ask("GET", "/v1/documents?after=1").of(Listing)
    assert after.scope != before.scope
    assert seen(hub.client(OTHER)) == [address(papers.report)]


def test_what_is_not_a_good_document_is_refused_with_its_reason(hub: Served, papers: Papers) -> None:
    changed = bytearray(papers.report)
    changed[len(changed) // 2] ^= 1
    appended = papers.report + b"\n% more\n"
    cases = [
        (INSPECTOR, bytes(changed), Reason.ALTERED),
        (INSPECTOR, appended, Reason.ALTERED),
        (INSPECTOR, b"%PDF-1.7\nhello", Reason.NOT_A_DOCUMENT),
        (INSPECTOR, b"", Reason.NOT_A_DOCUMENT),
        (INSPECTOR, papers.stranger, Reason.UNKNOWN_SIGNER),
        (INSPECTOR, papers.notice, Reason.KIND_NOT_ALLOWED),
        (PRINCIPAL, papers.report, Reason.KIND_NOT_ALLOWED),
        (PRINCIPAL, papers.foreign_response, Reason.NO_RIGHT),
        (OFFICER, papers.foreign_response, Reason.NO_RIGHT),  # the school's person does not speak for that school
        (OTHER, papers.report, Reason.NO_RIGHT),
    ]
    for person, data, reason in cases:
        answer = hub.client(person).put(address(data), data)
        assert answer.reason is reason
        refusal = read(Refusal, answer.body)
        assert refusal.request == answer.headers["x-request-id"]
        assert hub.client(person).offset(address(data)) == 0
    wrong = hub.client(INSPECTOR).put("0" * 64, papers.report)
    assert wrong.reason is Reason.WRONG_HASH
    assert seen(hub.client(OFFICER)) == []
    assert [p for p in (hub.folder / "documents").rglob("*") if p.is_file()] == []
    assert [p for p in (hub.folder / "parts").rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("why", [RevokedFor.KEY_LOST, RevokedFor.LEFT])
def test_revoked(hub: Served, papers: Papers, why: RevokedFor) -> None:
    """Of a lost key nothing is believed any more; of somebody who left, what was signed before. Their device is shut
    out either way."""
    with changing(hub.engine) as connection:
        people.revoke(connection, INSPECTOR.id, why, NOW)
    assert hub.client(INSPECTOR).put(address(papers.report), papers.report).reason is Reason.NOT_ENROLLED
    brought = hub.client(OFFICER).put(address(papers.report), papers.report)
    if why is RevokedFor.LEFT:
        assert brought.status == 201
    else:
        assert brought.reason is Reason.REVOKED


def test_revoked_again_for_a_graver_reason(hub: Served, papers: Papers) -> None:
    """From the first time on, and never milder again."""
    with changing(hub.engine) as connection:
        for why, days in ((RevokedFor.LEFT, 0), (RevokedFor.KEY_LOST, 1), (RevokedFor.LEFT, 2)):
            serials = people.revoke(connection, INSPECTOR.id, why, NOW + timedelta(days=days))
        assert len(serials) == 1
        assert people.taken_back(connection, INSPECTOR.id) == (NOW, RevokedFor.KEY_LOST)
        assert [(r.revoked_at, r.why) for r in people.revocations(connection)] == [(NOW, RevokedFor.KEY_LOST)]
    assert hub.client(OFFICER).put(address(papers.report), papers.report).reason is Reason.REVOKED


def test_uploads_that_are_cut_anywhere_are_resumed(hub: Served, papers: Papers) -> None:
    """Three dozen cuts at random bytes, of whole sendings and of resumed ones; in the end the hub has the document
    once, and never had a piece of it in its list."""
    chance, data = random.Random(7), papers.report
    sha256, laptop, office = address(data), hub.client(INSPECTOR), hub.client(OFFICER)
    offset = cuts = 0
    while cuts < 36:
        at = chance.randrange(0, len(data) // 12)
        if offset == 0 or chance.random() < 0.1:
            laptop.cut("PUT", sha256, {}, data, at)
        else:
            laptop.cut("PATCH", sha256, {OFFSET: str(offset), LENGTH: str(len(data))}, data[offset:], at)
        cuts += 1
        offset = quiet_offset(laptop, sha256)
        assert offset < len(data)
        if offset > len(data) * 0.8:
            offset = 0
    assert office.ask("GET", "/v1/documents").of(Listing).entries == ()
    offset = quiet_offset(laptop, sha256)
    apart = laptop.patch(sha256, offset + 1, len(data), data[offset + 1 :])
    assert apart.reason is Reason.OFFSET_DIFFERS
    assert int(apart.headers[OFFSET]) == read(Refusal, apart.body).offset == offset
    half = laptop.patch(sha256, offset, len(data), data[offset : offset + 10])
    assert (half.status, half.headers[OFFSET]) == (204, str(offset + 10))
    done = laptop.patch(sha256, offset + 10, len(data), data[offset + 10 :])
    assert open_receipt(done.of(SignedReceipt), hub.identity.authority_pem).sha256 == sha256
    assert laptop.patch(sha256, offset, len(data), data[offset:]).body == done.body
    assert laptop.ask("HEAD", f"/v1/documents/{sha256}").headers[COMPLETE] == "?1"
    assert office.ask("GET", f"/v1/documents/{sha256}").body == data
    assert seen(office) == [sha256]


def quiet_offset(client: Client, sha256: str) -> int:
    """The offset when the hub has noticed that the line was cut: the same twice, with nobody writing."""
    while True:
        offset = client.offset(sha256)
        probe = client.patch(sha256, offset, offset + 1, b"")
        if probe.status == 204:
            return int(probe.headers[OFFSET])
        assert probe.reason in (Reason.BUSY, Reason.OFFSET_DIFFERS)


def test_a_part_that_rotted_is_sent_whole(hub: Served, papers: Papers) -> None:
    """After a power cut a part may hold anything: the hash of the whole decides, and the part is forgotten."""
    data, laptop = papers.report, hub.client(INSPECTOR)
    sha256, half = address(data), len(data) // 2
    assert laptop.patch(sha256, 0, len(data), data[:half]).status == 204
    part = next((hub.folder / "parts").rglob("*.part"))
    part.write_bytes(b"\0" * half)
    assert laptop.patch(sha256, half, len(data), data[half:]).reason is Reason.WRONG_HASH
    assert laptop.offset(sha256) == 0
    assert laptop.put(sha256, data).status == 201


def test_the_same_document_from_many_at_once(hub: Served, papers: Papers) -> None:
    data, sha256 = papers.report, address(papers.report)
    again = hub.second_device(INSPECTOR)
    answers = []
    clients = [hub.client(INSPECTOR), hub.client(OFFICER), again, hub.client(INSPECTOR)]
    together = threading.Barrier(len(clients))

    def send(client: Client) -> None:
        together.wait()
        answers.append(client.put(sha256, data))

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = [answer for answer in answers if answer.status in (200, 201)]
    assert len(kept) >= 3  # of two requests of one device one may be told to wait
    assert len({answer.body for answer in kept}) == 1
    assert sorted(answer.status for answer in kept)[-1] == 201
    assert all(answer.reason is Reason.BUSY for answer in answers if answer not in kept)
    assert seen(hub.client(OFFICER)) == [sha256]
    assert hub.client(OFFICER).ask("GET", f"/v1/documents/{sha256}").body == data


def test_a_lost_file_is_put_back_by_sending_it_again(hub: Served, papers: Papers) -> None:
    data, sha256, laptop = papers.report, address(papers.report), hub.client(INSPECTOR)
    assert laptop.put(sha256, data).status == 201
    blob = next(p for p in (hub.folder / "documents").rglob("*") if p.is_file())
    for broken in (None, b"x" * len(data)):
        blob.unlink()
        if broken:
            blob.write_bytes(broken)
        assert laptop.put(sha256, data).status == 200
        assert laptop.ask("GET", f"/v1/documents/{sha256}").body == data


def test_the_doctor_finds_what_is_damaged(hub: Served, papers: Papers) -> None:
    for person, data in ((INSPECTOR, papers.report), (INSPECTOR, papers.elsewhere), (OFFICER, papers.notice)):
        assert hub.client(person).put(address(data), data).status == 201
    sound = examine(hub.folder)
    assert (sound.documents, sound.problems) == (3, ())
    for number, data in enumerate((papers.report, papers.elsewhere)):
        blob = hub.folder / "documents" / address(data)[:2] / address(data)
        blob.unlink() if number else blob.write_bytes(data[:-1])
    with changing(hub.engine) as connection:
        notice = documents.c.sha256 == address(papers.notice)
        connection.execute(update(documents).where(notice).values(receipt=documents.c.receipt.concat(" x")))
        connection.execute(update(tables.audit).where(tables.audit.c.number == 2).values(person="nobody"))
    found = [(one.code, *one.facts.values()) for one in examine(hub.folder).problems]
    assert found == [
        ("hub-log-changed", 2),
        ("hub-file-damaged", address(papers.report)),
        ("hub-file-damaged", address(papers.elsewhere)),
        ("hub-receipt-damaged", address(papers.notice)),
    ]


def test_everything_is_there_after_a_restart(serve: Callable[..., Served], papers: Papers, tmp_path: Path) -> None:
    first = serve(tmp_path / "kept")
    sent = first.client(INSPECTOR).put(address(papers.report), papers.report)
    first.stop()
    again = serve(tmp_path / "kept")
    assert again.identity.hub == first.identity.hub
    assert first.tokens != again.tokens  # the old one still counts
    laptop = again.client().with_token(first.tokens[INSPECTOR])
    assert laptop.put(address(papers.report), papers.report).body == sent.body
    assert seen(again.client(OFFICER)) == [address(papers.report)]
