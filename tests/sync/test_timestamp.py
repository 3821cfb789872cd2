"""Asking for a time stamp over a real connection: stamped where the answer serves, signed without where it does not."""

from __future__ import annotations

import http.server
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from safetyapp.app import LazySigner
from safetyapp.documents import authority
from safetyapp.documents.signer import STAMPERS
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.verdict import Verdict
from safetyapp.settings import Choices, read_choices
from safetyapp.sync.timestamp import LARGEST, over_http
from tests.documents.certificates import TimeAuthority
from tests.documents.conftest import PASSPHRASE, make_district
from tests.documents.examples import INSPECTOR, make_example

REPLY = "application/timestamp-reply"


@dataclass
class Office:
    """An authority at an address of this computer, and how it answers next."""

    url: str
    answer: Callable[[bytes], bytes]
    status: int = 200
    kind: str = REPLY
    location: str = ""
    asked: int = 0


@pytest.fixture(scope="module")
def stampers() -> TimeAuthority:
    return TimeAuthority()


@pytest.fixture
def office(stampers: TimeAuthority) -> Iterator[Office]:
    made = Office("", stampers.ask_at())

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked += 1
            body = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(made.status)
            self.send_header("Content-Type", made.kind)
            if made.location:
                self.send_header("Location", made.location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Door) as door:
        made.url = f"http://127.0.0.1:{door.server_port}/tsr"
        thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        door.shutdown()
        thread.join()


@pytest.fixture
def workspace(tmp_path: Path, stampers: TimeAuthority) -> Path:
    make_district(tmp_path)
    authority.trust(tmp_path / "trust" / STAMPERS, stampers.authority)
    return tmp_path


def choose(workspace: Path, url: str) -> None:
    (workspace / "settings.toml").write_text(f'[timestamp]\nurl = "{url}"\n', encoding="utf-8")


def signed(workspace: Path) -> Verdict:
    """A report that is signed as the workspace chose."""
    signer = LazySigner(workspace)
    small = make_example(workspace, findings=0, photos=0, fixed=0, with_inks=False)
    record = replace(small.record, author=signer.author(INSPECTOR))
    return signer.verify(signer.seal(record, small.form, {}, {}, {}, PASSPHRASE, no_progress))


@pytest.mark.hub
def test_a_workspace_that_names_an_authority_has_its_documents_stamped(workspace: Path, office: Office) -> None:
    assert (signed(workspace).why, office.asked) == ("valid", 0), "nobody is asked unless the workspace says so"
    choose(workspace, office.url)
    verdict = signed(workspace)
    assert (verdict.why, verdict.stamped_by, office.asked) == ("valid-stamped", "示例时间戳", 1)


@pytest.mark.hub
def test_without_an_answer_it_is_signed_without(
    workspace: Path, office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    choose(workspace, office.url)
    office.status = 503
    with caplog.at_level(logging.INFO):
        verdict = signed(workspace)
    assert (verdict.is_valid, verdict.why, verdict.stamped_by, office.asked) == (True, "valid", "", 1)
    assert any(line.startswith("no time stamp") for line in caplog.messages)


@pytest.mark.hub
def test_what_is_no_answer_is_an_error_of_the_network(office: Office) -> None:
    ask = over_http(office.url)
    good = office.answer
    office.answer = lambda request: b"x" * LARGEST
    assert len(ask(b"?")) == LARGEST
    office.kind = f"{REPLY}; charset=binary"
    assert len(ask(b"?")) == LARGEST
    for changed in (
        {"answer": lambda request: b"x" * (LARGEST + 1)},
        {"kind": "text/html"},
        {"status": 500},
        {"status": 302, "location": office.url},
        {"status": 307, "location": "file:///etc/hostname"},
    ):
        usual = {"answer": good, "kind": REPLY, "status": 200, "location": "", **changed}
        for name, value in usual.items():
            setattr(office, name, value)
        before = office.asked
        with pytest.raises(OSError, match=r"."):
            ask(b"?")
        assert office.asked == before + 1, "and nobody else was asked"


@pytest.mark.hub
@pytest.mark.parametrize("said", [b"", b"220 mail\r\n", b"HTTP/1.1 200 OK\r\n"])
def test_whoever_is_silent_or_speaks_otherwise_is_given_up(said: bytes) -> None:
    """The door is open and somebody takes the connection, but no response comes."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        talks: list[socket.socket] = []

        def talk() -> None:
            talks.append(door.accept()[0])
            talks[0].sendall(said)

        thread = threading.Thread(target=talk)
        thread.start()
        began = time.monotonic()
        with pytest.raises(OSError, match=r"."):
            over_http(f"http://127.0.0.1:{door.getsockname()[1]}/", seconds=0.3)(b"?")
        assert time.monotonic() - began < 5
        thread.join()
        talks[0].close()


@pytest.mark.hub
def test_one_that_dribbles_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def talk() -> None:
            talk_to, _ = door.accept()
            with talk_to:
                talk_to.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: {REPLY}\r\nContent-Length: 60000\r\n\r\n".encode())
                try:
                    while not given_up.wait(0.05):
                        talk_to.sendall(b"x")
                except OSError:
                    pass

        given_up = threading.Event()
        thread = threading.Thread(target=talk)
        thread.start()
        with pytest.raises(TimeoutError):
            over_http(f"http://127.0.0.1:{door.getsockname()[1]}/", seconds=0.3)(b"?")
        given_up.set()
        thread.join()


@pytest.mark.hub
def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(OSError, match=r"."):
        over_http(f"http://127.0.0.1:{port}/")(b"?")


@pytest.mark.parametrize("url", ["ftp://x/", "file:///etc/passwd", "x", "http://", "http://[", "http://a b/"])
def test_only_an_address_of_the_web_is_asked(url: str) -> None:
    with pytest.raises(OSError, match=r"."):
        over_http(url)(b"")


def test_what_a_workspace_may_name(tmp_path: Path) -> None:
    for url in ("http://tsa.example.org/tsr", "https://127.0.0.1:8443", ""):
        choose(tmp_path, url)
        assert read_choices(tmp_path) == Choices(timestamp_url=url)
    for url in ("tsa.example.org", "ftp://x/", "http://", "http:///x", "http://a b", "file:///etc/passwd"):
        choose(tmp_path, url)
        with pytest.raises(Problem, match="settings-broken"):
            read_choices(tmp_path)
    (tmp_path / "settings.toml").write_text("[timestamp]\nurl = 3\n", encoding="utf-8")
    with pytest.raises(Problem, match="settings-broken"):
        read_choices(tmp_path)
