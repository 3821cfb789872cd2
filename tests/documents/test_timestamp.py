"""Time stamps: a local authority's are taken, checked and told; no broken or foreign one makes anything valid."""

from __future__ import annotations

import hashlib
import http.server
import random
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from safetyapp.documents import authority
from safetyapp.documents.cms import NotIntact
from safetyapp.documents.revision import find_signature
from safetyapp.documents.signer import STAMPERS, DocumentSigner
from safetyapp.documents.timestamp import Ask, ForeignStamp, check_stamp, stamp_signature
from safetyapp.documents.verify import judge_file
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.revocation import Revocation, RevokedFor
from safetyapp.domain.verdict import VerdictKind
from safetyapp.sync.timestamp import over_http
from tests.documents.attacks import Stage, stamped
from tests.documents.certificates import TimeAuthority
from tests.documents.conftest import PASSPHRASE, District, make_district
from tests.documents.examples import INSPECTOR, MADE_AT, Example, make_example


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage.set_up(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def token(stage: Stage) -> bytes:
    return stamp_signature(b"signature", stage.stampers.ask_at(), (stage.stampers.authority,))


def _openssl(folder: Path, stampers: TimeAuthority) -> Callable[[bytes], bytes]:
    """`openssl ts` as an authority: its answer to a request."""
    (folder / "key.pem").write_bytes(stampers.key_pem())
    (folder / "own.pem").write_bytes(stampers.certificate.public_bytes(Encoding.PEM))
    (folder / "chain.pem").write_bytes(stampers.authority.public_bytes(Encoding.PEM))
    (folder / "serial").write_text("01\n")
    (folder / "conf").write_text(
        f"[tsa]\ndefault_tsa = t\n[t]\nserial = {folder}/serial\ncrypto_device = builtin\n"
        f"signer_cert = {folder}/own.pem\ncerts = {folder}/chain.pem\nsigner_key = {folder}/key.pem\n"
        "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256\n"
    )

    def answer(request: bytes) -> bytes:
        (folder / "request").write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", str(folder / "conf"), "-queryfile", str(folder / "request")]
        subprocess.run([*command, "-out", str(folder / "answer")], check=True, capture_output=True)
        return (folder / "answer").read_bytes()

    return answer


@pytest.fixture
def server(stage: Stage, tmp_path: Path) -> Iterator[str]:
    """An authority at an address of this computer, answered by OpenSSL."""
    answer = _openssl(tmp_path, stage.stampers)

    class Door(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Door) as door:
        thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{door.server_port}/"
        door.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return make_example(tmp_path_factory.mktemp("small"), findings=0, photos=0, fixed=0, with_inks=False)


@pytest.fixture
def home(tmp_path: Path, stage: Stage) -> District:
    made = make_district(tmp_path)
    authority.trust(made.folder / "trust" / STAMPERS, stage.stampers.authority)
    return made


def _seal(home: District, small: Example, ask: Ask | None, days: float = 0) -> tuple[DocumentSigner, bytes]:
    signer = DocumentSigner(home.folder / "keys", home.folder / "trust", ask=ask)
    record = replace(small.record, author=signer.author(INSPECTOR), made_at=MADE_AT + timedelta(days=days))
    return signer, signer.seal(record, small.form, {}, {}, {}, PASSPHRASE, no_progress)


@pytest.mark.hub
def test_an_authority_over_http_stamps_and_is_named(
    home: District, small: Example, server: str, tmp_path: Path
) -> None:
    """OpenSSL stamps with this computer's clock, so the record is of now."""
    from datetime import datetime

    now = datetime.now(MADE_AT.tzinfo).replace(microsecond=0)
    signer, data = _seal(home, small, over_http(server), (now - MADE_AT) / timedelta(days=1))
    verdict = signer.verify(data)
    assert (verdict.kind, verdict.why, verdict.stamped_by) == (VerdictKind.VALID, "valid-stamped", "示例时间戳")
    assert verdict.signed_at is not None
    assert abs(verdict.signed_at - now) < timedelta(minutes=5)
    assert verdict.signed_at.utcoffset() == now.utcoffset()


def test_openssl_and_poppler_accept_what_is_stamped(stage: Stage, tmp_path: Path) -> None:
    data = stamped(stage, stage.stampers, MADE_AT)
    path = tmp_path / "stamped.pdf"
    path.write_bytes(data)
    shown = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in shown
    token = _token_of(data)
    (tmp_path / "token").write_bytes(token)
    (tmp_path / "ca.pem").write_bytes(stage.stampers.authority.public_bytes(Encoding.PEM))
    (tmp_path / "signature").write_bytes(_signature_of(data))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-in",
        str(tmp_path / "token"),
        "-token_in",
        "-data",
        str(tmp_path / "signature"),
    ]
    ran = subprocess.run(
        [*command, "-CAfile", str(tmp_path / "ca.pem"), "-attime", str(int(MADE_AT.timestamp()))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in ran.stdout + ran.stderr, ran.stderr


def _info(data: bytes) -> object:
    from safetyapp.documents.cms import _signed_data

    return _signed_data(find_signature(data).container)["signer_infos"][0]


def _signature_of(data: bytes) -> bytes:
    return bytes(_info(data)["signature"].native)  # type: ignore[index]


def _token_of(data: bytes) -> bytes:
    return bytes(_info(data)["unsigned_attrs"][0]["values"][0].dump())  # type: ignore[index]


def test_nobody_is_asked_unless_a_client_is_handed_in(
    home: District, small: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", never)
    signer, data = _seal(home, small, None)
    verdict = signer.verify(data)
    assert (verdict.why, verdict.stamped_by, verdict.signed_at) == ("valid", "", MADE_AT)


def _refusing(request: bytes) -> bytes:
    return bytes(tsp.TimeStampResp({"status": {"status": "rejection"}}).dump())


def _unreachable(request: bytes) -> bytes:
    raise OSError("no route")


def _replaying(stage: Stage) -> Ask:
    """Answers every request with the answer to another."""
    ask = stage.stampers.ask_at()
    other = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256().digest()},
            "cert_req": True,
            "nonce": 7,
        }
    ).dump()
    return lambda request: ask(other)


def _forgetful(stage: Stage) -> Ask:
    """Stamps the right signature, but without the number that shows to whom it answers."""
    ask = stage.stampers.ask_at()

    def answer(request: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(request)
        imprint = {"version": 1, "message_imprint": asked["message_imprint"].native, "cert_req": True}
        return ask(tsp.TimeStampReq(imprint).dump())

    return answer


@pytest.mark.parametrize("which", ["refuses", "unreachable", "junk", "empty", "foreign", "replays", "forgets", "late"])
def test_a_document_is_never_kept_back_for_a_time_stamp(
    home: District, small: Example, stage: Stage, which: str
) -> None:
    asks: dict[str, Ask] = {
        "refuses": _refusing,
        "unreachable": _unreachable,
        "junk": lambda request: b"<html>" * 500,
        "empty": lambda request: b"",
        "foreign": TimeAuthority("别处").ask_at(),
        "replays": _replaying(stage),
        "forgets": _forgetful(stage),
        "late": stage.stampers.ask_at(MADE_AT + timedelta(days=900)),  # its own certificate had expired
    }
    signer, data = _seal(home, small, asks[which])
    verdict = signer.verify(data)
    assert (verdict.kind, verdict.why) == (VerdictKind.VALID, "valid")
    with pytest.raises(Problem) as caught:
        stamp_signature(b"signature", asks[which], (stage.stampers.authority,))
    assert caught.value.code == "timestamp-failed"


def _with_authority(stage: Stage, data: Any) -> None:
    more = asn1_x509.Certificate.load(stage.stampers.authority.public_bytes(Encoding.DER))
    data["certificates"] = [*(one.chosen for one in data["certificates"]), more]


def _other_scheme(stage: Stage, data: Any) -> None:
    data["signer_infos"][0]["signature_algorithm"] = {"algorithm": "sha256_rsa"}


def _other_version(stage: Stage, data: Any) -> None:
    data["version"] = "v1"


def _beside(stage: Stage, data: Any) -> None:
    data["signer_infos"][0]["unsigned_attrs"] = [{"type": "2.999.1", "values": [core.OctetString(b"x")]}]


@pytest.mark.parametrize("change", [_with_authority, _other_scheme, _other_version, _beside])
def test_a_token_has_one_spelling(stage: Stage, token: bytes, change: Callable[[Stage, Any], None]) -> None:
    """Otherwise anybody could make a second valid file out of one."""
    trusted = (stage.stampers.authority,)
    assert check_stamp(token, b"signature", trusted).at == MADE_AT + timedelta(seconds=3)
    outer = cms.ContentInfo.load(token)
    change(stage, outer["content"])
    other = outer.dump(force=True)
    assert other != token
    with pytest.raises(NotIntact):
        check_stamp(other, b"signature", trusted)


def test_no_flipped_bit_in_a_token_is_accepted(stage: Stage, token: bytes) -> None:
    trusted = (stage.stampers.authority,)
    source = random.Random(4)
    for place in source.sample(range(len(token)), 400):
        changed = bytearray(token)
        changed[place] ^= 1 << source.randrange(8)
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, it is not accepted
            check_stamp(bytes(changed), b"signature", trusted)


@pytest.mark.parametrize(
    "purposes",
    [
        (),
        (ExtendedKeyUsageOID.CODE_SIGNING,),
        (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING),
    ],
)
def test_a_certificate_that_is_not_for_time_stamps_alone(purposes: tuple[object, ...]) -> None:
    other = TimeAuthority("别的", purposes)  # type: ignore[arg-type]
    with pytest.raises(Problem):
        stamp_signature(b"x", other.ask_at(), (other.authority, other.certificate))


def test_an_authority_may_be_trusted_by_its_own_certificate(stage: Stage, token: bytes) -> None:
    assert check_stamp(token, b"signature", (stage.stampers.certificate,)).authority == "示例时间戳"
    with pytest.raises(ForeignStamp):
        check_stamp(token, b"signature", ())
    with pytest.raises(ForeignStamp):
        check_stamp(token, b"signature", (stage.home.ca,))


@pytest.mark.parametrize(
    ("why", "days", "with_stamp", "says"),
    [
        (RevokedFor.LEFT, 1, False, "valid-revoked-since"),
        (RevokedFor.LEFT, 1, True, "valid-revoked-since"),
        (RevokedFor.LEFT, -1, True, "revoked-before-signing"),
        (RevokedFor.KEY_LOST, 1, False, "revoked-after-signing"),
        (RevokedFor.KEY_LOST, 1, True, "valid-revoked-since"),
        (RevokedFor.KEY_LOST, -1, True, "revoked-before-signing"),
        (RevokedFor.MISTAKE, 1, True, "never-authorised"),
        (RevokedFor.MISTAKE, -1, False, "never-authorised"),
    ],
)
def test_a_stamp_proves_that_a_signature_is_older_than_the_revocation(
    stage: Stage, why: RevokedFor, days: int, with_stamp: bool, says: str
) -> None:
    data = stamped(stage, stage.stampers, MADE_AT) if with_stamp else stage.genuine
    serial = format(stage.home.certificate.serial_number, "X").rjust(42, "0")
    belief = replace(stage.belief, revoked=(Revocation(serial, MADE_AT + timedelta(days=days), why),))
    verdict = judge_file(data, belief)
    assert verdict.why == says
    assert verdict.is_valid is says.startswith("valid")
    assert (verdict.record is not None) is verdict.is_valid
    if not verdict.is_valid:
        assert verdict.kind is VerdictKind.REVOKED


def test_an_authority_that_was_taken_back(stage: Stage) -> None:
    serial = format(stage.home.ca.serial_number, "x")
    belief = replace(stage.belief, revoked=(Revocation(serial, MADE_AT + timedelta(days=1)),))
    assert judge_file(stage.genuine, belief).why == "revoked-after-signing"
    others = (Revocation("0", MADE_AT), Revocation("", MADE_AT), Revocation("1f", MADE_AT))
    assert judge_file(stage.genuine, replace(stage.belief, revoked=others)).is_valid


def test_the_first_of_several_revocations_counts(stage: Stage) -> None:
    serial = format(stage.home.certificate.serial_number, "x")
    both = (
        Revocation(serial, MADE_AT + timedelta(days=9), RevokedFor.LEFT),
        Revocation(serial, MADE_AT - timedelta(days=1), RevokedFor.KEY_LOST),
    )
    for revoked in (both, both[::-1]):
        assert judge_file(stage.genuine, replace(stage.belief, revoked=revoked)).why == "revoked-before-signing"
