"""Where the author's key may be: a file of ours, a PKCS#12 file, a token. The token is SoftHSM's, a real driver."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)

from safetyapp.documents import authority, token
from safetyapp.documents.keysource import (
    KeySource,
    OpenKey,
    TokenPlace,
    find_key_source,
    is_signed_by,
    take_pkcs12,
    take_token,
    with_key,
)
from safetyapp.documents.signer import DocumentSigner
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.record import Author
from safetyapp.domain.verdict import VerdictKind
from tests.documents.certificates import make_certificate, named, new_key
from tests.documents.conftest import PASSPHRASE, District, make_district
from tests.documents.examples import INSPECTOR, MADE_AT, Example, make_example
from tests.documents.tokens import PIN, Token, make_pkcs12, make_token


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> District:
    return make_district(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return make_example(tmp_path_factory.mktemp("small"), findings=0, photos=0, fixed=0, with_inks=False)


@pytest.fixture
def keys(tmp_path: Path, home: District) -> Path:
    """A folder for keys in a workspace that trusts the district."""
    authority.trust(tmp_path / "trust", home.ca)
    (tmp_path / "keys").mkdir()
    return tmp_path / "keys"


def _certified(home: District, public: Any) -> x509.Certificate:
    return authority.certify(home.folder / "keys", INSPECTOR, public, PASSPHRASE, MADE_AT - timedelta(days=1))


def _seal(signer: DocumentSigner, small: Example, secret: str) -> bytes:
    author: Author = signer.author(INSPECTOR)
    record = replace(small.record, author=author)
    return signer.seal(record, small.form, {}, {}, {}, secret, no_progress)


def _code(do: Callable[[], object]) -> str:
    with pytest.raises(Problem) as caught:
        do()
    return caught.value.code


# PKCS#12 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["curve", "rsa"])
@pytest.mark.parametrize("old", [False, True], ids=["aes", "triple-des"])
def test_a_pkcs12_file_signs(home: District, keys: Path, small: Example, tmp_path: Path, kind: str, old: bool) -> None:
    key: Any = new_key() if kind == "curve" else rsa.generate_private_key(65537, 2048)
    certificate = _certified(home, key.public_key())
    file = make_pkcs12(tmp_path / "张.pfx", key, certificate, "口令 12", old)
    assert take_pkcs12(keys, file, "口令 12", (home.ca,), MADE_AT) == certificate
    signer = DocumentSigner(keys, keys.parent / "trust")
    data = _seal(signer, small, "口令 12")
    verdict = signer.verify(data)
    assert (verdict.kind, verdict.certificate) == (VerdictKind.VALID, authority.fingerprint(certificate))
    assert _code(lambda: _seal(signer, small, "falsch")) == "wrong-passphrase"
    if os.name == "posix":
        assert (keys / "person.p12").stat().st_mode & 0o077 == 0


def test_openssl_s_pkcs12_file_is_read(home: District, keys: Path, tmp_path: Path) -> None:
    own = home.folder / "keys"
    command = ["openssl", "pkcs12", "-export", "-in", str(own / "person.pem"), "-inkey", str(own / "person.key.pem")]
    command += ["-certfile", str(own / "ca.pem"), "-out", str(tmp_path / "x.p12")]
    subprocess.run([*command, "-passin", f"pass:{PASSPHRASE}", "-passout", "pass:aus"], check=True, capture_output=True)
    assert take_pkcs12(keys, tmp_path / "x.p12", "aus", (home.ca,), MADE_AT) == home.certificate


def test_a_pkcs12_file_that_does_not_serve(home: District, keys: Path, tmp_path: Path) -> None:
    key, other = new_key(), new_key()
    good, trust = _certified(home, key.public_key()), (home.ca,)

    def take(file: Path, passphrase: str = "x", days: int = 0) -> str:
        return _code(lambda: take_pkcs12(keys, file, passphrase, trust, MADE_AT + timedelta(days=days)))

    file = make_pkcs12(tmp_path / "good.p12", key, good, "x")
    assert take(file, "falsch") == "wrong-passphrase"
    assert take(file, "") == "wrong-passphrase"
    assert take(file, days=2000) == "certificate-expired"
    assert take(file, days=-900) == "certificate-expired"
    assert take(tmp_path / "nowhere.p12") == "unreadable-file"
    foreign = make_certificate(named("别处"), key.public_key(), named("别处 CA"), new_key())
    assert take(make_pkcs12(tmp_path / "foreign.p12", key, foreign, "x")) == "other-authority"
    assert "x" not in [p.name for p in keys.iterdir()]
    junk = tmp_path / "junk.p12"
    for content in (b"", b"junk", file.read_bytes()[:-40], b"\x30\x80" * 500, os.urandom(2000)):
        junk.write_bytes(content)
        assert take(junk) in ("no-key", "wrong-passphrase")
    without_key = tmp_path / "certificate.p12"
    without_key.write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", None, good, None, BestAvailableEncryption(b"x"))
    )
    assert take(without_key) == "no-key"
    assert list(keys.iterdir()) == []
    take_pkcs12(keys, file, "x", trust, MADE_AT)
    assert take(make_pkcs12(tmp_path / "second.p12", other, _certified(home, other.public_key()), "x")) == "key-exists"


def test_a_pkcs12_file_whose_neighbour_is_another_certificate(home: District, keys: Path, tmp_path: Path) -> None:
    """Someone changed the certificate in the open; or put the file there by hand, without one."""
    key, other = new_key(), new_key()
    take_pkcs12(
        keys, make_pkcs12(tmp_path / "a.p12", key, _certified(home, key.public_key()), "x"), "x", (home.ca,), MADE_AT
    )
    certificate = _certified(home, other.public_key())
    (keys / "person.p12.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    assert _code(lambda: find_key_source(keys).open("x")) == "other-key"
    (keys / "person.p12.pem").unlink()
    assert _code(lambda: find_key_source(keys)) == "no-key"


# The key file of ours ------------------------------------------------------------------------------------------------


def test_a_key_that_is_not_its_certificate_s(home: District, keys: Path) -> None:
    for name in (authority.PERSON_CERTIFICATE, authority.PERSON_KEY):
        shutil.copy(home.folder / "keys" / name, keys / name)
    assert find_key_source(keys).open(PASSPHRASE).sign(b"x")
    certificate = _certified(home, new_key().public_key())
    (keys / authority.PERSON_CERTIFICATE).write_bytes(certificate.public_bytes(Encoding.PEM))
    assert _code(lambda: find_key_source(keys).open(PASSPHRASE)) == "other-key"


def test_nothing_is_sealed_with_another_authority_s_certificate(home: District, keys: Path, small: Example) -> None:
    stranger = make_district(keys.parent / "stranger")
    signer = DocumentSigner(stranger.folder / "keys", keys.parent / "trust")
    assert _code(lambda: _seal(signer, small, PASSPHRASE)) == "other-authority"


def test_a_source_may_be_handed_in(home: District, tmp_path: Path, small: Example) -> None:
    """And it is closed again, whether the signing succeeds or not."""
    closed = []

    def opened(secret: str) -> OpenKey:
        if secret != "auf":
            raise Problem("wrong-passphrase")
        return OpenKey(with_key(home.key), lambda: closed.append(secret))

    signer = DocumentSigner(tmp_path, home.folder / "trust", source=KeySource(home.certificate, opened))
    assert signer.verify(_seal(signer, small, "auf")).is_valid
    assert closed == ["auf"]

    def broken(*step: object) -> None:
        raise KeyboardInterrupt

    record = replace(small.record, author=signer.author(INSPECTOR))
    with pytest.raises(KeyboardInterrupt):
        signer.seal(record, small.form, {}, {}, {}, "auf", broken)
    assert closed == ["auf", "auf"]
    assert _code(lambda: _seal(signer, small, "zu")) == "wrong-passphrase"
    assert closed == ["auf", "auf"]


@pytest.mark.parametrize("key", [1024, 1536, 4608, "secp192r1", "exponent"], ids=str)
def test_a_weak_key_gets_no_certificate(home: District, key: Any) -> None:
    made: Any
    match key:
        case "exponent":
            made = rsa.RSAPublicNumbers(3, rsa.generate_private_key(65537, 2048).public_key().public_numbers().n)
            public = made.public_key()
        case str():
            public = ec.generate_private_key(ec.SECP192R1()).public_key()
        case 4608:
            public = rsa.RSAPublicNumbers(65537, (secrets.randbits(4606) << 1 | 1) | 1 << 4607).public_key()
        case _:
            public = rsa.generate_private_key(65537, key).public_key()
    assert _code(lambda: _certified(home, public)) == "weak-key"


# A token -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(home: District, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    with make_token(tmp_path_factory.mktemp("softhsm"), lambda public: _certified(home, public)) as token:
        yield token


@pytest.mark.parametrize("which", ["curve", "rsa"])
def test_a_token_signs(home: District, made: Token, keys: Path, small: Example, which: str) -> None:
    place = made.curve if which == "curve" else made.rsa
    certificate = take_token(keys, place, PIN, (home.ca,), MADE_AT)
    assert certificate == made.certificates[place.key]
    assert {p.name for p in keys.iterdir()} == {"token.toml", "token.pem"}
    assert PIN not in (keys / "token.toml").read_text(encoding="utf-8")
    signer = DocumentSigner(keys, keys.parent / "trust")
    for _ in range(2):  # the token is let go each time
        verdict = signer.verify(_seal(signer, small, PIN))
        assert (verdict.kind, verdict.certificate) == (VerdictKind.VALID, authority.fingerprint(certificate))
    assert _code(lambda: _seal(signer, small, "000000")) == "wrong-pin"
    assert _code(lambda: _seal(signer, small, "")) == "wrong-pin"
    assert signer.verify(_seal(signer, small, PIN)).is_valid


def test_a_token_comes_before_the_other_keys(home: District, made: Token, keys: Path) -> None:
    for name in (authority.PERSON_CERTIFICATE, authority.PERSON_KEY):
        shutil.copy(home.folder / "keys" / name, keys / name)
    assert find_key_source(keys).certificate == home.certificate
    take_token(keys, made.curve, PIN, (home.ca,), MADE_AT)
    assert find_key_source(keys).certificate == made.certificates["01"]
    assert (keys / authority.PERSON_KEY).exists()


def test_a_certificate_that_does_not_lie_on_the_token_is_handed_in(home: District, made: Token, keys: Path) -> None:
    assert _code(lambda: take_token(keys, made.bare, PIN, (home.ca,), MADE_AT)) == "no-key"
    take_token(keys, made.bare, PIN, (home.ca,), MADE_AT, made.certificates["03"])
    key = find_key_source(keys).open(PIN)
    assert is_signed_by(made.certificates["03"], key.sign(b"x"), b"x")
    key.close()


def test_a_token_that_does_not_serve(home: District, made: Token, keys: Path) -> None:
    def take(place: TokenPlace, pin: str = PIN, given: x509.Certificate | None = None, days: int = 0) -> str:
        return _code(lambda: take_token(keys, place, pin, (home.ca,), MADE_AT + timedelta(days=days), given))

    assert take(made.curve, "111111") == "wrong-pin"
    assert take(replace(made.curve, token="别的")) == "no-token"
    assert take(replace(made.curve, key="99")) == "no-key"
    assert take(replace(made.curve, key="99"), given=made.certificates["01"]) == "no-key"
    assert take(replace(made.curve, module=str(keys / "no.so"))) == "token-failed"
    assert take(made.curve, days=2000) == "certificate-expired"
    assert take(made.curve, given=made.certificates["03"]) == "other-key"
    assert take(made.curve, given=made.certificates["02"]) in ("other-key", "token-failed")
    foreign = make_certificate(named("x"), new_key().public_key(), named("y"), new_key())
    assert take(made.curve, given=foreign) == "other-authority"
    assert list(keys.iterdir()) == []
    take_token(keys, made.curve, PIN, (home.ca,), MADE_AT)
    assert take(made.rsa) == "key-exists"


@pytest.mark.parametrize("text", ["", "module = 3", 'module = "x"\ntoken = "y"\nkey = "zz"', "\x00", 'module = "x"'])
def test_settings_of_a_token_that_say_nothing(made: Token, keys: Path, text: str) -> None:
    (keys / "token.toml").write_text(text, encoding="utf-8")
    (keys / "token.pem").write_bytes(made.certificates["01"].public_bytes(Encoding.PEM))
    assert _code(lambda: find_key_source(keys)) == "no-key"


def test_a_locked_token(made: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    """SoftHSM never locks itself, so the driver's answer is put in its mouth."""
    import pkcs11

    class Locked:
        def open(self, user_pin: str) -> None:
            raise pkcs11.exceptions.PinLocked

    monkeypatch.setattr(token, "_find", lambda *_: Locked())
    assert _code(lambda: token.open_token(made.curve, made.certificates["01"], PIN)) == "pin-locked"


def test_a_token_that_is_pulled_out_while_it_signs(made: Token) -> None:
    key = token.open_token(made.curve, made.certificates["01"], PIN)
    key.close()
    assert _code(lambda: key.sign(b"x")) == "token-failed"


def test_without_the_package_there_is_a_sentence(made: Token, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    assert _code(lambda: token.open_token(made.curve, made.certificates["01"], PIN)) == "no-token-support"
