"""A laptop enrols by the office's file, sends what it signed to a hub that is served, and an officer reads it: all by
what people type. Then the same without a network, by files on a stick."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from safetyapp.app import LazySigner, SystemClock
from safetyapp.domain.document import DocumentState
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.progress import no_progress
from safetyapp.hub.enrol import Desk
from safetyapp.protocol import EnrolRequest, read, write
from safetyapp.store.store import SqliteStore
from safetyapp.workflow.finalise import describe_document
from tests.cli.conftest import SCHOOLS, Run, Said
from tests.documents.examples import make_example
from tests.project import ROOT

pytestmark = pytest.mark.hub
PASSPHRASE = "口令-1"


@dataclass
class District:
    """An office with a hub that is served, and a command line for any workspace."""

    folder: Path
    run: Run
    hub: str = ""
    served: subprocess.Popen[str] | None = None

    def on(self, name: str, *arguments: object) -> Said:
        return self.run("--workspace", self.folder / name, *arguments)

    def serve(self, port: int = 0) -> str:
        call = [sys.executable, "-m", "safetyapp.cli", "--workspace", str(self.folder / "office"), "hub", "serve"]
        self.served = subprocess.Popen(
            [*call, "--port", str(port)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.served.stdout is not None
        self.hub = self.served.stdout.readline().split()[1]
        return self.hub

    def stop(self) -> None:
        if self.served is not None:
            self.served.send_signal(signal.SIGTERM)
            self.served.wait(15)
            assert self.served.stdout is not None
            self.served.stdout.close()
            self.served = None

    def offer(self, name: str, role: str) -> Path:
        person = self.on("office", "people", "add", "--name", name, "--role", role, "--json").data["person"]
        file = self.folder / f"{name}.enrol"
        done = self.on("office", "enrol", "offer", person, "--to", file, "--address", self.hub or "https://127.0.0.1:9")
        assert done.exit == 0, done.err
        return file

    def sign(self, name: str) -> str:
        """A report on that laptop, signed with its key and in its outbox."""
        workspace = self.folder / name
        signer = LazySigner(workspace)
        small = make_example(self.folder, findings=1, photos=0, fixed=0, with_inks=False)
        with SqliteStore.open(workspace) as store:
            me = store.me()
            assert me is not None
            record = replace(small.record, author=signer.author(me), made_at=SystemClock().now())
            data = signer.seal(record, small.form, small.photos, {}, {}, PASSPHRASE, no_progress)
            row = describe_document(record, data, DocumentState.WAITING)
            store.keep_document(row, data, rows_of(record), links=())
        return row.sha256


@pytest.fixture
def district(tmp_path: Path, run: Run) -> Iterator[District]:
    made = District(tmp_path, run)
    assert made.on("office", "init", "--role", "office", "--name", "王演示").exit == 0
    yield made
    made.stop()


def secret(path: Path) -> bool:
    return stat.S_IMODE(path.stat().st_mode) == 0o600


def test_from_the_enrolment_file_to_the_receipt(district: District) -> None:
    on = district.on
    district.serve()
    for name, role in (("张示例", "inspector"), ("李样本", "office")):
        done = on(name, "enrol", "accept", district.offer(name, role), "--json")
        assert done.exit == 0, done.err
        assert {"person", "file", "fingerprint"} <= set(done.data)
    keys = district.folder / "张示例" / "keys"
    assert secret(keys / "hub.json")
    assert secret(keys / "person.key.pem")
    assert not list(keys.glob("enrolling*"))
    assert on("张示例", "enrol", "accept", district.folder / "张示例.enrol").exit == 0, "again is harmless"
    used = on("thief", "enrol", "accept", district.folder / "张示例.enrol")
    assert (used.exit, "登记码已经用过" in used.err) == (2, True)

    sha256 = district.sign("张示例")
    call = [sys.executable, "-m", "safetyapp.cli", "--workspace", str(district.folder / "张示例"), "sync", "--watch"]
    with subprocess.Popen([*call, "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as it:
        assert it.stdout is not None
        said = json.loads(it.stdout.readline())
        it.send_signal(signal.SIGINT)
        assert it.wait(15) == 130
    assert ([one["sha256"] for one in said["sent"]], said["waiting"], said["refused"]) == ([sha256], [], [])
    (row,) = on("张示例", "documents", "--json").data
    assert row["state"] == "delivered"
    again = on("张示例", "sync", "--json")
    assert (again.exit, again.data) == (0, {"sent": [], "received": [], "waiting": [], "refused": []})

    read_by = on("李样本", "sync", "--json")
    assert [one["sha256"] for one in read_by.data["received"]] == [sha256]
    (path,) = on("李样本", "export", "--to", district.folder / "out", "--json").data["exported"]
    assert on("李样本", "verify", path).exit == 0
    district.stop()
    alone = on("张示例", "sync", "--json")
    assert (alone.exit, alone.data["sent"], "没有连上汇总端" in alone.err) == (2, [], True)
    assert on("张示例", "doctor", "--json").data == {"ok": True, "problems": []}


def test_enrolment_by_two_files_and_a_stick(district: District) -> None:
    """The laptop had an identity of its own before, under which it has signed."""
    on, folder = district.on, district.folder
    on("laptop", "init", "--role", "inspector", "--name", "张示例")
    on("laptop", "schools", "import", next(SCHOOLS.glob("*.xlsx")))
    school = on("laptop", "schools", "list", "--json").data[0]["id"]
    draft = on("laptop", "inspect", "start", "--school", school, "--form", "fire", "--json").data["draft"]
    former = on("laptop", "key", "show", "--json").data["certificate"]
    offer, other = district.offer("张示例", "inspector"), district.offer("李样本", "inspector")
    asked = on("laptop", "enrol", "request", offer, "--to", folder / "request.json", "--json")
    assert (asked.exit, asked.data["file"]) == (0, str(folder / "request.json"))
    assert on("laptop", "enrol", "request", offer, "--to", folder / "request.json").exit == 2, "nothing is written over"
    assert on("laptop", "key", "show", "--json").data["certificate"] == former, "until the answer is there"
    answer = grant(district, folder / "request.json", folder / "answer.json")
    on("second", "enrol", "request", other, "--to", folder / "other.json")
    theirs = grant(district, folder / "other.json", folder / "their-answer.json")
    refused = on("laptop", "enrol", "accept", theirs)
    assert (refused.exit, "不是可用的登记文件" in refused.err) == (2, True)
    on("third", "enrol", "request", offer, "--to", folder / "third.json")
    stolen = on("third", "enrol", "accept", answer)
    assert (stolen.exit, (folder / "third" / "keys" / "hub.json").exists()) == (2, False), "for another key"
    os.environ.pop("SAFETYAPP_PASSPHRASE")  # the answer is taken without: the key is there already
    done = on("laptop", "enrol", "accept", answer, "--json")
    assert done.exit == 0, done.err
    shown = on("laptop", "key", "show", "--json").data
    assert (shown["holder"], shown["usable"], shown["certificate"] != former) == ("张示例", True, True)
    with SqliteStore.open(folder / "laptop") as store:
        open_draft = store.draft(draft)
        assert open_draft is not None
        assert open_draft.inspector == store.me(), "what was begun goes with the person"
    os.environ["SAFETYAPP_PASSPHRASE"] = PASSPHRASE
    for verb in (("accept", other), ("request", other, "--to", folder / "again.json")):
        wrong = on("laptop", "enrol", *verb)
        assert (wrong.exit, "没有定稿的草稿" in wrong.err) == (2, True)
    aside = [path.name for path in (folder / "laptop" / "keys").glob("person.key.pem.*")]
    assert len(aside) == 1, "what signed before is put aside"
    assert on("laptop", "sync", "--folder", folder / "no-stick").exit == 2
    (folder / "stick").mkdir()
    carried = on("laptop", "sync", "--folder", folder / "stick", "--json")
    assert (carried.exit, carried.data["put"], carried.data["waiting"]) == (0, [], [])


def grant(district: District, request: Path, to: Path) -> Path:
    """The office answers a request with no network."""
    from datetime import datetime

    from safetyapp.district import hub_place
    from safetyapp.hub.folder import open_identity, open_tables

    place = hub_place(district.folder / "office", None, PASSPHRASE)
    engine = open_tables(place.folder)
    now = datetime.now().astimezone()
    identity = open_identity(place.folder, engine, ["127.0.0.1"], place.authority, now)
    enrolled = Desk(engine, identity, place.certify(), lambda: now).enrol(read(EnrolRequest, request.read_bytes()))
    engine.dispose()
    to.write_bytes(write(enrolled))
    return to


def test_what_cannot_be_enrolled_is_told_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    assert run("init", "--role", "inspector", "--name", "张示例").exit == 0
    for arguments in (("sync",), ("sync", "--watch")):
        said = run(*arguments)
        assert (said.exit, "还没有在区里登记" in said.err) == (2, True)
    before = run("key", "show", "--json").data
    for content in (b"", b"{}", b"\xff", b"[1]", b'{"code": 3}'):
        (tmp_path / "file").write_bytes(content)
        for verb in (("accept",), ("request", "--to", tmp_path / "to")):
            said = run("enrol", verb[0], tmp_path / "file", *verb[1:])
            assert (said.exit, "登记文件" in said.err) == (2, True)
    assert run("key", "show", "--json").data == before
    assert not (tmp_path / "to").exists()
