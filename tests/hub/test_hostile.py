"""What strangers, thieves and broken programs try at the hub's doors."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text

from safetyapp.hub import audit, people
from safetyapp.hub.blobs import Blobs
from safetyapp.hub.tables import changing, reading
from safetyapp.protocol import LENGTH, OFFSET, Have, Listing, write
from safetyapp.protocol_refusal import Reason
from tests.hub.client import hear
from tests.hub.conftest import LIMITS, QUICK
from tests.hub.house import INSPECTOR, OFFICER, PRINCIPAL, Papers, Served, address

pytestmark = pytest.mark.hub


def test_nobody_gets_in_without_a_good_token(hub: Served, papers: Papers) -> None:
    good = hub.tokens[INSPECTOR]
    device, secret = good.split(".")
    other = hub.tokens[PRINCIPAL].split(".")[0]
    forged = ["", ".", device, f"{device}.", f".{secret}", f"{device}.{secret[:-1]}", f"{device}.{secret}x"]
    forged += [f"{other}.{secret}", f"{device.upper()}.{secret}", f"{device}.{secret.swapcase()}", "x" * 4000]
    doors = [("GET", "/v1/documents"), ("POST", "/v1/have"), ("GET", f"/v1/documents/{'0' * 64}")]
    doors += [("PUT", f"/v1/documents/{'0' * 64}"), ("PATCH", f"/v1/documents/{'0' * 64}")]
    for method, path in doors:
        answer = hub.client().ask(method, path, b"{}" if method == "POST" else None)
        assert answer.reason is Reason.NOT_ENROLLED, method
        assert answer.headers["www-authenticate"] == "Bearer"
    for token in forged:
        assert hub.client().with_token(token).ask("GET", "/v1/documents").reason is Reason.NOT_ENROLLED, token
    with changing(hub.engine) as connection:
        people.revoke_device(connection, device, hub.clock[0])
    for method, path in doors:  # it was good a moment ago
        assert hub.client(INSPECTOR).ask(method, path).reason is Reason.NOT_ENROLLED
    with reading(hub.engine) as connection:
        kept = [*connection.execute(text("SELECT * FROM devices"))]
    assert not any(secret in str(value) for row in kept for value in row)


def test_addresses_are_not_paths(hub: Served, papers: Papers) -> None:
    laptop = hub.client(INSPECTOR)
    (hub.folder / "secret").write_text("secret")
    tricks = ["..%2f..%2fsecret", "%2e%2e/%2e%2e/secret", "..", f"{'0' * 63}/", f"{'0' * 64}%00", f"{'0' * 64}.pdf"]
    tricks += ["A" * 64, "0" * 63, "0" * 65, "a" * 63 + "%0a", "/etc/passwd", "%5c%5chost%5cshare", "０" * 4, "con"]
    for trick in tricks:
        path = f"/v1/documents/{trick}".encode().decode("latin-1")
        for method in ("GET", "PUT"):
            answer = laptop.ask(method, path, b"%PDF" if method == "PUT" else None)
            assert answer.status in (400, 404), (method, trick)
    kept = sorted(p.name for p in hub.folder.rglob("*") if p.is_file())
    assert not [name for name in kept if name.endswith(".part") or len(name) == 64]


def test_too_much_is_refused(hub: Served) -> None:
    """Ten gigabytes before they come, a body without a length at the limit, a resumed one by what it claims."""
    laptop = hub.client(INSPECTOR)
    with laptop.wire() as wire:
        wire.sendall(laptop.head("PUT", f"/v1/documents/{'0' * 64}", {"Content-Length": "10000000000"}))
        answer = hear(wire)
        assert wire.recv(1) == b""  # and nothing more is listened to
    assert answer.reason is Reason.TOO_LARGE
    with laptop.wire() as wire:
        wire.sendall(laptop.head("PUT", f"/v1/documents/{'0' * 64}", {"Transfer-Encoding": "chunked"}))
        piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
        for _ in range(LIMITS.document // 0x10000 + 1):
            wire.sendall(piece)
        assert hear(wire).reason is Reason.TOO_LARGE
    assert laptop.offset("0" * 64) == 0
    assert laptop.patch("0" * 64, 0, LIMITS.document + 1, b"x").reason is Reason.TOO_LARGE
    assert laptop.patch("0" * 64, 0, 10**20, b"x").reason is Reason.BAD_REQUEST


def test_a_disk_without_room_is_named(hub: Served, papers: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(hub.folder)._replace(free=10_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    answer = hub.client(INSPECTOR).put(address(papers.report), papers.report)
    assert answer.reason is Reason.NO_ROOM
    assert int(answer.headers["retry-after"]) > 0


def test_a_disk_that_fills_up_meanwhile_is_named_too(
    hub: Served, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part stays: when there is room again, one byte that is asked for brings the receipt."""
    data, laptop = papers.report, hub.client(INSPECTOR)
    much = shutil.disk_usage(hub.folder)
    left = [much, much._replace(free=1)]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: left.pop(0))
        patch.setattr(Blobs, "keep", full)
        assert laptop.put(address(data), data).reason is Reason.NO_ROOM
    assert laptop.offset(address(data)) == len(data)
    assert laptop.patch(address(data), len(data), len(data), b"").status == 201


def test_whoever_dawdles_loses_the_line(serve: Callable[..., Served], papers: Papers) -> None:
    """Before the TLS greeting, in the first lines, between two requests, in the body; what came of the body stays."""
    hub = serve(pace=QUICK)
    laptop, sha256 = hub.client(INSPECTOR), address(papers.report)
    with socket.create_connection(("127.0.0.1", hub.port), 5) as silent:
        assert silent.recv(1) == b""
    with laptop.wire() as wire:
        wire.sendall(b"GET /v1/hello HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert gone(wire)
    with laptop.wire() as wire:
        wire.sendall(laptop.head("GET", "/v1/hello", {}))
        assert hear(wire).status == 200
        assert gone(wire)
    with laptop.wire() as wire:
        wire.sendall(laptop.head("PUT", f"/v1/documents/{sha256}", {"Content-Length": str(len(papers.report))}))
        wire.sendall(papers.report[:5000])
        assert hear(wire).reason is Reason.BUSY
    assert laptop.offset(sha256) == 5000
    with laptop.wire() as wire:  # never silent, never done
        headers = {"Content-Length": "60000", OFFSET: "5000", LENGTH: str(len(papers.report))}
        wire.sendall(laptop.head("PATCH", f"/v1/documents/{sha256}", headers))
        wire.settimeout(0.05)
        for start in range(5000, 5400, 10):
            wire.sendall(papers.report[start : start + 10])
            with suppress(TimeoutError):
                wire.recv(1)  # the first byte of the refusal
                break
    assert 5000 < laptop.offset(sha256) < 5400
    offset = laptop.offset(sha256)
    assert laptop.patch(sha256, offset, len(papers.report), papers.report[offset:]).status == 201


def gone(wire: ssl.SSLSocket) -> bool:
    """Whether the other side ends it, politely or not."""
    try:
        return wire.recv(1) == b""
    except (ConnectionError, ssl.SSLEOFError):
        return True


def test_too_many_lines_at_once(serve: Callable[..., Served]) -> None:
    hub = serve(connections=3)
    laptop = hub.client(INSPECTOR)
    with laptop.wire() as first, laptop.wire() as second, laptop.wire() as third:
        with pytest.raises((ConnectionError, ssl.SSLError)):
            laptop.ask("GET", "/v1/hello")
        for wire in (first, second, third):
            wire.sendall(laptop.head("GET", "/v1/hello", {}))
            assert hear(wire).status == 200


def test_nonsense_is_answered_plainly(hub: Served) -> None:
    laptop = hub.client(INSPECTOR)
    too_many = write(Have(tuple("0" * 64 for _ in range(LIMITS.have + 1))))
    nonsense = [b"", b"{", b"[]", b'{"addresses":1}', b'{"addresses":["x"]}', b"\xff" * 10, b"[" * 100_000, too_many]
    for body in nonsense:
        assert laptop.ask("POST", "/v1/have", body).reason is Reason.BAD_REQUEST, body[:20]
    assert laptop.ask("POST", "/v1/have", b"x" * 300_000).reason is Reason.TOO_LARGE
    for query in ("after=-1", "after=x", "limit=0", "after=99999999999999999999", "after=%D9%A1", "after=1e3"):
        assert laptop.ask("GET", f"/v1/documents?{query}").reason is Reason.BAD_REQUEST, query
    for offset in ("", "-1", "x", "5"):
        answer = laptop.ask("PATCH", f"/v1/documents/{'0' * 64}", b"x", **{OFFSET: offset, "Upload-Length": "3"})
        assert answer.reason in (Reason.BAD_REQUEST, Reason.OFFSET_DIFFERS)
    for method, path in (("GET", "/"), ("GET", "/v2/hello"), ("DELETE", "/v1/hello"), ("GET", "/v1/hello/")):
        assert laptop.ask(method, path).reason in (Reason.NOT_FOUND, Reason.BAD_REQUEST)
    with laptop.wire() as wire:
        wire.sendall(b"\x16\x03 not http\r\n\r\n")
        assert hear(wire).status == 400
    with laptop.wire() as wire:
        head = laptop.head("GET", "/v1/hello", {"X-Much": "x" * 40_000})
        wire.sendall(head.removesuffix(b"\r\n"))  # or it would be let in wherever it came in one piece
        assert hear(wire).status == 400


def test_trouble_tells_the_log_and_not_the_asker(
    hub: Served, papers: Papers, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "safetyapp.hub")

    def broken(*_: object) -> None:
        raise RuntimeError("张示例 /secret/place")

    monkeypatch.setattr(people, "caller_of", broken)
    answer = hub.client(INSPECTOR).ask("GET", "/v1/documents")
    assert answer.reason is Reason.TROUBLE
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body
    hub.stop()  # a line is written when the answer is out
    said = next(record.said for record in caplog.records if getattr(record, "said", {}).get("trouble"))
    assert said["request"] == answer.headers["x-request-id"]
    assert said["trouble"].startswith("RuntimeError < test_hostile.py:")
    assert "secret" not in json.dumps(said)


def test_what_the_operator_sees(hub: Served, papers: Papers, caplog: pytest.LogCaptureFixture) -> None:
    """Health, counts and a log without names; and no answer is of use to a browser."""
    caplog.set_level(logging.INFO, "safetyapp.hub")
    laptop, anybody = hub.client(INSPECTOR), hub.client()
    assert laptop.put(address(papers.report), papers.report).status == 201
    assert laptop.put("0" * 64, papers.report).reason is Reason.WRONG_HASH
    assert laptop.ask("GET", f"/v1/documents/{'%E5%BC%A0' * 3}").status == 400
    health = anybody.ask("GET", "/health")
    assert health.body == b'{"ok":true}'
    lines = anybody.ask("GET", "/metrics").body.decode().splitlines()
    assert 'safetyapp_hub_requests_total{method="PUT",door="put_document",status="201"} 1' in lines
    assert 'safetyapp_hub_refusals_total{reason="wrong-hash"} 1' in lines
    assert "safetyapp_hub_documents 1" in lines
    assert f"safetyapp_hub_document_bytes {len(papers.report)}" in lines
    for answer in (health, anybody.ask("GET", "/v1/documents")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
    hub.stop()  # a line is written when the answer is out
    said = [record.said for record in caplog.records if hasattr(record, "said")]
    assert [line["status"] for line in said] == [201, 422, 400, 200, 200, 401]
    assert said[0]["device"] == hub.tokens[INSPECTOR].split(".")[0]
    assert said[0]["sha256"] == address(papers.report)
    written = json.dumps(said, ensure_ascii=False)
    assert not [word for word in ("张", hub.tokens[INSPECTOR], "小学") if word in written]


def test_the_chained_log_finds_what_was_changed(hub: Served, papers: Papers) -> None:
    hub.client(INSPECTOR).put(address(papers.report), papers.report)
    hub.client(OFFICER).ask("GET", f"/v1/documents/{address(papers.report)}")
    hub.client(OFFICER).put("0" * 64, papers.report)
    with reading(hub.engine) as connection:
        assert audit.first_broken(connection) is None
        number, mark = audit.last(connection)
        told = [row.what for row in connection.execute(text("SELECT what FROM audit ORDER BY number"))]
    assert told[-3:] == ["received", "handed-out", "refused"]
    changes = [
        "UPDATE audit SET person = 'p-08' WHERE number = 5",
        "UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE number = 1",
        "DELETE FROM audit WHERE number = 2",
        "UPDATE audit SET number = number + 100 WHERE number = 3",
    ]
    for change in changes:
        with hub.engine.connect() as connection, connection.begin() as transaction:
            connection.execute(text(change))
            assert audit.first_broken(connection) is not None, change
            transaction.rollback()
    with hub.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text(f"DELETE FROM audit WHERE number = {number}"))
        assert audit.last(connection) != (number, mark)  # the end can only be compared with what was noted elsewhere
        transaction.rollback()


def test_listing_is_whole_while_others_send(hub: Served, papers: Papers) -> None:
    """The cursor that a page names was seen to its end: asking from there never leaves one out."""
    office, after, found = hub.client(OFFICER), 0, []
    for data in (papers.report, papers.elsewhere, papers.notice, papers.response):
        person = {papers.notice: OFFICER, papers.response: PRINCIPAL}.get(data, INSPECTOR)
        assert hub.client(person).put(address(data), data).status == 201
        page = office.ask("GET", f"/v1/documents?after={after}&limit=1").of(Listing)
        found += [entry.sha256 for entry in page.entries]
        assert (page.next, page.more) == (after + 1, False)
        after = page.next
    assert found == [address(d) for d in (papers.report, papers.elsewhere, papers.notice, papers.response)]
