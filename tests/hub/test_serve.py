"""The hub as a program: started, told to stop, killed in the middle of everything, and its verbs."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from safetyapp.cli import main
from safetyapp.documents import keyfile
from safetyapp.documents.revocations import read_revocations
from safetyapp.domain.revocation import RevokedFor
from safetyapp.hub import audit
from safetyapp.hub.identity import Identity
from safetyapp.hub.tables import documents, folder_url, open_engine, reading
from safetyapp.protocol import Enrolled, Enrolment, EnrolRequest, SignedReceipt, read, write
from safetyapp.protocol_receipt import open_receipt
from tests.hub.client import Client, hear
from tests.hub.house import INSPECTOR, OFFICER, PRINCIPAL, Papers, address, furnish
from tests.hub.test_enrol import request_for
from tests.project import ROOT

pytestmark = pytest.mark.hub


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by signal")
def test_killed_in_the_middle_of_uploads(papers: Papers, tmp_path: Path) -> None:
    """Ten times: whatever was receipted is there, whatever is listed is whole, and in the end everything arrives."""
    chance = random.Random(3)
    sent = [(INSPECTOR, papers.report), (INSPECTOR, papers.elsewhere), (OFFICER, papers.notice)]
    sent.append((PRINCIPAL, papers.response))
    workspace = papers.keys.parent
    with _forked(workspace) as hub:
        number, kills, caught = 0, 0, 0
        while kills < 10:
            number += 1
            folder = tmp_path / str(number)
            engine, identity, tokens = furnish(folder, papers.keys)
            engine.dispose()
            receipted: dict[str, bytes] = {}
            while len(receipted) < len(sent):
                pid, port = hub(folder)
                senders = [
                    threading.Thread(
                        target=_send, args=(Client(port, identity, tokens[person]), data, receipted, chance.random())
                    )
                    for person, data in sent
                    if address(data) not in receipted
                ]
                for sender in senders:
                    sender.start()
                if kills < 10:
                    time.sleep(chance.random() * 0.12)
                else:
                    for sender in senders:
                        sender.join()
                os.kill(pid, signal.SIGKILL)
                for sender in senders:
                    sender.join()
                kills += 1
                caught += len(receipted) < len(sent)
                _check(folder, identity, receipted)
    assert caught >= 5  # uploads were under way when it was killed


def _send(client: Client, data: bytes, receipted: dict[str, bytes], luck: float) -> None:
    """In a few pieces, until it is receipted or the line is dead."""
    sha256 = address(data)
    with suppress(OSError, EOFError, ValueError, AssertionError):
        while sha256 not in receipted:
            offset = client.offset(sha256)
            piece = data[offset : offset + int(len(data) * (0.1 + luck / 2))]
            answer = client.patch(sha256, offset, len(data), piece)
            if answer.status in (200, 201):
                receipted[sha256] = answer.body
            elif answer.status != 204:
                time.sleep(0.01)


def _until_closed(client: Client) -> None:
    """Until nobody else is let in: the signal has come."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            with client.wire():
                time.sleep(0.01)
        except OSError:
            return
    raise AssertionError("it still listens")


def _check(folder: Path, identity: Identity, receipted: dict[str, bytes]) -> None:
    engine = open_engine(folder_url(folder))
    with reading(engine) as connection:
        assert audit.first_broken(connection) is None
        rows = connection.execute(select(documents)).all()
    engine.dispose()
    assert receipted.keys() <= {row.sha256 for row in rows}
    assert [row.cursor for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        kept = (folder / "documents" / row.sha256[:2] / row.sha256).read_bytes()
        assert hashlib.sha256(kept).hexdigest() == row.sha256
        assert row.size == len(kept)
        assert open_receipt(read(SignedReceipt, row.receipt), identity.authority_pem).cursor == row.cursor
        assert receipted.get(row.sha256, row.receipt.encode()) == row.receipt.encode()


class _Forked:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, folder: Path) -> tuple[int, int]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        pid, port = self._process.stdout.readline().split()
        return int(pid), int(port)


@contextmanager
def _forked(workspace: Path) -> Iterator[_Forked]:
    command = [sys.executable, "-m", "tests.hub.killed", str(workspace)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        yield _Forked(process)
        assert process.stdin
        process.stdin.close()


@pytest.mark.skipif(os.name == "nt", reason="told by a signal")
def test_served_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Made, served, a second one refused, a request answered although it is told to stop meanwhile, and nothing said on
    stderr but its log."""
    monkeypatch.setattr(keyfile, "_SCRYPT", (2, 8, 1))
    monkeypatch.setenv("SAFETYAPP_WORKSPACE", str(tmp_path / "office"))
    monkeypatch.setenv("SAFETYAPP_LANGUAGE", "en")
    monkeypatch.setenv("SAFETYAPP_PASSPHRASE", "a passphrase")

    def run(*words: str, exits: int = 0) -> str:
        assert main(words) == exits
        said = capsys.readouterr()
        return said.err if exits else said.out

    run("init", "--role", "office", "--name", "王")
    command = [sys.executable, "-m", "safetyapp.cli", "hub", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout
        assert process.stderr
        word, where, _, fingerprint = process.stdout.readline().split()
        assert (word, len(fingerprint)) == ("hub", 64)
        assert "is in use by another program" in run("hub", "serve", "--port", "0", exits=2)
        person = json.loads(run("people", "add", "--name", "张", "--role", "inspector", "--json"))["person"]
        offer = ("enrol", "offer", person, "--to", str(tmp_path / "张.json"), "--address", where)
        assert json.loads(run(*offer, "--json"))["file"] == str(tmp_path / "张.json")
        assert "exists already" in run(*offer, exits=2)
        said = read(Enrolment, (tmp_path / "张.json").read_bytes())
        client = Client.of_file(int(where.rpartition(":")[2]), said.hub, said.authority)
        asked = write(EnrolRequest(code=said.code, request=request_for(ec.generate_private_key(ec.SECP256R1()))))
        with client.wire() as wire:
            wire.sendall(client.head("POST", "/v1/enrol", {"Content-Length": str(len(asked))}))
            process.send_signal(signal.SIGTERM)
            _until_closed(client)
            wire.sendall(asked)
            assert hear(wire).of(Enrolled).name == "张"
        assert process.wait(20) == 0
        assert process.stdout.read() == ""
        lines = [json.loads(line) for line in process.stderr.read().splitlines()]
        assert [(line["event"], line["door"], line["status"]) for line in lines] == [("request", "enrol", 201)]
    sound = json.loads(run("hub", "doctor", "--json"))
    assert (sound["ok"], sound["documents"], len(sound["last"])) == (True, 0, 64)
    listed = json.loads(run("people", "list", "--json"))
    assert {(one["name"], one["role"], len(one["devices"])) for one in listed} == {
        ("王", "office", 0),
        ("张", "inspector", 1),
    }
    assert json.loads(
        run("people", "add", "--id", person, "--name", "张三", "--role", "school", "--school", "s1", "--json")
    )
    assert [one["schools"] for one in json.loads(run("people", "list", "--json")) if one["person"] == person] == [
        ["s1"]
    ]
    serials = json.loads(run("people", "revoke", person, "--why", "left", "--json"))["serials"]
    run("people", "revoke", person, "--why", "left")
    listed = read_revocations(tmp_path / "office" / "trust")
    assert [(one.serial, one.why) for one in listed] == [(serials[0], RevokedFor.LEFT)]
    assert "revoked" in run("people", "list")
    assert "not among the hub's people" in run(*offer[:4], str(tmp_path / "x"), *offer[5:], exits=2)


def test_only_an_office_has_a_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(keyfile, "_SCRYPT", (2, 8, 1))
    monkeypatch.setenv("SAFETYAPP_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("SAFETYAPP_PASSPHRASE", "x")
    assert main(["init", "--role", "inspector", "--name", "张"]) == 0
    assert main(["hub", "serve", "--port", "0"]) == 2
    assert "init --role office" in capsys.readouterr().err


def test_without_the_passphrase_a_new_hub_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAFETYAPP_WORKSPACE", str(tmp_path))
    monkeypatch.setenv("SAFETYAPP_LANGUAGE", "en")
    monkeypatch.delenv("SAFETYAPP_PASSPHRASE", raising=False)
    assert main(["hub", "serve", "--port", "0"]) == 2
    assert "--passphrase-file" in capsys.readouterr().err
