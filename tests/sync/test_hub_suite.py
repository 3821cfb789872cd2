"""The promises of the port, kept by both hubs; and what only a real line can do."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from safetyapp.domain.problem import Problem
from safetyapp.protocol import Receipt, SignedReceipt
from safetyapp.protocol_refusal import Reason
from safetyapp.sync.http import HttpHub
from safetyapp.sync.port import Hub, HubRefused
from tests.fakes import FakeHub
from tests.fakes.hub import believe as believe_fake
from tests.sync.hub_suite import HubSuite, nothing, paper
from tests.sync.served import Served, make_authority, served


class TestFakeHub(HubSuite):
    @pytest.fixture
    def hub(self) -> Hub:
        return FakeHub()

    @pytest.fixture
    def believe(self) -> Callable[[SignedReceipt], Receipt]:
        return believe_fake


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("district"))


@pytest.fixture(scope="module")
def real(keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("hub"), keys) as hub:
        yield hub


@pytest.mark.hub
class TestHttpHub(HubSuite):
    @pytest.fixture
    def hub(self, real: Served) -> Iterator[Hub]:
        hub = real.laptop()
        yield hub
        hub.close()

    @pytest.fixture
    def believe(self, real: Served) -> Callable[[SignedReceipt], Receipt]:
        return real.believe


@pytest.mark.hub
def test_only_a_hub_of_the_district_is_spoken_to(real: Served, tmp_path: Path) -> None:
    """Neither another authority's certificate nor another hub's name is believed, and nothing was sent to it."""
    others = make_authority(tmp_path / "others")
    for hub, authority, reason in (
        (real.identity.hub, (others / "ca.pem").read_text(), "not-of-this-district"),
        ("hub-other", real.authority, "not-of-this-district"),
        (real.identity.hub, "no certificate", "no-authority"),
    ):
        with pytest.raises(Problem, match="hub-untrusted") as told:
            HttpHub([f"https://127.0.0.1:{real.port}"], hub, authority, "t").hello()
        assert told.value.facts["reason"] == reason


@pytest.mark.hub
def test_an_unknown_device_is_told_so(real: Served, tmp_path: Path) -> None:
    hub = HttpHub([f"https://127.0.0.1:{real.port}"], real.identity.hub, real.authority, "no.token")
    sha256, path = paper(tmp_path, 70)
    for ask in (hub.hello, lambda: hub.held(sha256), lambda: hub.send(sha256, path, 0, nothing)):
        with pytest.raises(HubRefused) as told:
            ask()
        assert told.value.refusal.reason is Reason.NOT_ENROLLED
    hub.close()


@pytest.mark.hub
def test_a_no_that_comes_while_we_still_speak_is_heard(real: Served, tmp_path: Path) -> None:
    """The hub says it before the body and hangs up; what it said is worth more than the broken line."""
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.truncate(25_000_000)
    hub = real.laptop()
    for _ in range(5):
        with pytest.raises(HubRefused) as told:
            hub.send("0" * 64, path, 0, nothing)
        assert told.value.refusal.reason is Reason.TOO_LARGE
    hub.close()


@pytest.mark.hub
def test_a_document_whose_answer_was_lost_is_not_sent_again_behind_our_back(real: Served, tmp_path: Path) -> None:
    """An idle connection that breaks after the body: a question would be asked anew, a document is not."""
    sha256, path = paper(tmp_path, 80)
    hub = real.laptop()
    hub.hello()
    ((_, connection),) = hub._idle

    def lost() -> NoReturn:
        raise ConnectionResetError

    connection.getresponse = lost  # type: ignore[method-assign]
    told: list[int] = []
    with pytest.raises(Problem, match="hub-unreachable"):
        hub.send(sha256, path, 0, told.append)
    assert told == [path.stat().st_size]
    assert hub.hello().hub == real.identity.hub
    hub.close()


@pytest.mark.hub
def test_the_address_that_answers_is_found_and_kept(real: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        silent = door.getsockname()[1]
    here = f"https://127.0.0.1:{real.port}"
    real.laptop().close()
    hub = HttpHub(["http://x", "nonsense", f"https://127.0.0.1:{silent}", here], real.identity.hub, real.authority)
    assert hub.hello().hub == real.identity.hub
    assert hub._addresses[0] == here
    hub.close()


@pytest.mark.hub
@pytest.mark.parametrize("said", [b"", b"220 mail\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_whoever_speaks_otherwise_is_no_hub(real: Served, said: bytes) -> None:
    import threading

    with socket.create_server(("127.0.0.1", 0)) as door:

        def talk() -> None:
            talk_to, _ = door.accept()
            with talk_to:
                talk_to.sendall(said)

        thread = threading.Thread(target=talk)
        thread.start()
        hub = HttpHub([f"https://127.0.0.1:{door.getsockname()[1]}"], real.identity.hub, real.authority)
        with pytest.raises(Problem, match="hub-unreachable"):
            hub.hello()
        thread.join()


@pytest.mark.hub
def test_nobody_there(real: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    for address, reason in ((f"https://127.0.0.1:{port}", "no-answer"), ("https://no-such.invalid", "unknown-host")):
        with pytest.raises(Problem, match="hub-unreachable") as told:
            HttpHub([address], real.identity.hub, real.authority).hello()
        assert told.value.facts["reason"] == reason


@pytest.mark.hub
def test_a_hub_that_hung_up_meanwhile_is_called_again(real: Served) -> None:
    """The connection that lay idle is gone."""
    hub = real.laptop()
    hub.hello()
    for _, connection in hub._idle:
        connection.sock.shutdown(socket.SHUT_RDWR)
    assert hub.hello().hub == real.identity.hub
    hub.close()
