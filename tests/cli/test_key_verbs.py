"""The key one signs with, from the command line: shown, changed, and changed back; nothing is ever lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from safetyapp.documents import authority
from safetyapp.domain.school import Person, PersonId, Role
from tests.cli.conftest import Run
from tests.cli.test_cli import walk
from tests.documents.certificates import make_certificate, named, new_key
from tests.documents.tokens import PIN, Token, make_pkcs12, make_token

KEYS = {
    "source", "holder", "person", "role", "issuer", "valid_until", "days_left", "serial", "certificate", "usable",
    "why", "token",
}  # fmt: skip


@pytest.fixture
def keys(inspector: Run, tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "keys"


def me(run: Run, **changed: Any) -> Person:
    shown = run("key", "show", "--json").data
    fields = {"id": PersonId(shown["person"]), "name": shown["holder"], "role": Role(shown["role"])}
    return Person(**{**fields, **changed})


def certify(keys: Path, person: Person, public: Any) -> x509.Certificate:
    now = datetime.now().astimezone()
    return authority.certify(keys, person, public, "口令-1", now - timedelta(seconds=5))


def secret(folder: Path, text: str) -> Path:
    file = folder / f"secret-{text}.txt"
    file.write_text(text, encoding="utf-8")
    return file


def aside(keys: Path, name: str) -> list[bytes]:
    return [path.read_bytes() for path in keys.glob(f"{name}.2*")]


def test_show_says_who_signs_and_how_long(inspector: Run, keys: Path) -> None:
    shown = inspector("key", "show", "--json").data
    assert set(shown) == KEYS
    assert (shown["source"], shown["holder"], shown["role"], shown["token"]) == ("own", "张示例", "inspector", None)
    assert (shown["issuer"], shown["usable"], shown["why"]) == ("张示例 CA", True, "")
    assert 1094 <= shown["days_left"] <= 1096
    certificate = authority.read_certificate(keys / "person.pem")
    assert int(shown["serial"], 16) == certificate.serial_number
    assert shown["certificate"] == authority.fingerprint(certificate)
    said = inspector("key", "show").out
    assert said.splitlines()[0] == "签名用本机的密钥文件：张示例"
    (keys / "person.pem").unlink()
    assert inspector("key", "show").exit == 2


def test_show_says_when_the_authority_is_not_trusted(inspector: Run, keys: Path) -> None:
    for file in (keys.parent / "trust").glob("*.pem"):
        file.unlink()
    shown = inspector("key", "show", "--json")
    assert (shown.exit, shown.data["usable"], "张示例" in shown.data["why"]) == (0, False, True)


def test_a_certificate_file_is_used_and_put_aside_again(inspector: Run, keys: Path, tmp_path: Path) -> None:
    run, key = inspector, new_key()
    own = run("key", "show", "--json").data["certificate"]
    certificate = certify(keys, me(run), key.public_key())
    file = make_pkcs12(tmp_path / "张.p12", key, certificate, "证书口令")
    with_secret = ("--passphrase-file", secret(tmp_path, "证书口令"))
    wrong = run("key", "use", file)
    assert (wrong.exit, "口令" in wrong.err) == (2, True)
    used = run("key", "use", file, *with_secret, "--json").data
    assert (set(used), used["source"]) == (KEYS, "pkcs12")
    assert used["certificate"] == authority.fingerprint(certificate)
    assert file.exists()

    school = run("schools", "list", "--json").data[0]["id"]
    draft = walk(run, school, {})
    assert run("inspect", "finalise", draft).exit == 2, "the passphrase of the other key"
    made = run("inspect", "finalise", draft, *with_secret, "--json").data
    (verdict,) = run("verify", made["path"], "--json").data
    assert (verdict["verdict"], verdict["certificate"]) == ("valid", used["certificate"])

    first = (keys / "person.p12").read_bytes()
    other = new_key()
    again = make_pkcs12(tmp_path / "新.p12", other, certify(keys, me(run), other.public_key()), "证书口令")
    assert run("key", "use", again, *with_secret, "--json").data["certificate"] != used["certificate"]
    assert aside(keys, "person.p12") == [first]
    back = run("key", "own", "--json").data
    assert (set(back) - KEYS, back["source"], back["certificate"]) == ({"aside"}, "own", own)
    assert len(back["aside"]) == 2
    assert len(aside(keys, "person.p12")) == 2
    assert run("key", "own", "--json").data["aside"] == []
    assert [path.name for path in keys.glob(".taking-*")] == []


def test_a_key_of_somebody_else_is_refused_and_nothing_changes(inspector: Run, keys: Path, tmp_path: Path) -> None:
    run = inspector
    before = sorted(path.name for path in keys.iterdir())
    with_secret = ("--passphrase-file", secret(tmp_path, "x"))
    for number, person in enumerate(
        (me(run, name="李样本"), me(run, id=PersonId("another")), me(run, role=Role.OFFICE))
    ):
        key = new_key()
        file = make_pkcs12(tmp_path / f"{number}.p12", key, certify(keys, person, key.public_key()), "x")
        refused = run("key", "use", file, *with_secret)
        assert (refused.exit, f"“{person.name}”" in refused.err, "没有换" in refused.err) == (2, True, True)
    key = new_key()
    stranger = make_certificate(named("张示例"), key.public_key(), named("别处 CA"), new_key())
    refused = run("key", "use", make_pkcs12(tmp_path / "s.p12", key, stranger, "x"), *with_secret)
    assert (refused.exit, "别处 CA" in refused.err) == (2, True)
    assert run("key", "use", tmp_path / "none.p12", *with_secret).exit == 2
    assert sorted(path.name for path in keys.iterdir()) == before
    assert run("key", "show", "--json").data["source"] == "own"


def test_without_a_key_of_its_own_nothing_is_put_aside(inspector: Run, keys: Path, tmp_path: Path) -> None:
    key = new_key()
    file = make_pkcs12(tmp_path / "x.p12", key, certify(keys, me(inspector), key.public_key()), "x")
    assert inspector("key", "use", file, "--passphrase-file", secret(tmp_path, "x")).exit == 0
    (keys / "person.key.pem").rename(keys / "elsewhere")
    assert inspector("key", "own").exit == 2
    assert inspector("key", "show", "--json").data["source"] == "pkcs12"


@pytest.fixture
def token(inspector: Run, keys: Path, tmp_path: Path) -> Iterator[Token]:
    person = me(inspector)
    with make_token(tmp_path / "softhsm", lambda public: certify(keys, person, public)) as made:
        yield made


def test_a_token_is_taken_and_signs(inspector: Run, keys: Path, tmp_path: Path, token: Token) -> None:
    run, place = inspector, token.curve
    taken = ("key", "token", "--module", place.module, "--label", place.token)
    with_pin = ("--passphrase-file", secret(tmp_path, PIN))
    for arguments, said in (
        (("--key", "01"), "PIN"),  # the passphrase of the environment is none
        (("--key", "zz", *with_pin), "zz"),
        (("--key", "03", *with_pin), "没有签名用的证书"),
    ):
        refused = run(*taken, *arguments)
        assert (refused.exit, said in refused.err, (keys / "token.toml").exists()) == (2, True, False)
    missing = run("key", "token", "--module", place.module, "--label", "别的", "--key", "01", *with_pin)
    assert "没有找到 UKey“别的”" in missing.err
    shown = run(*taken, "--key", "0x01", *with_pin, "--json").data
    assert (shown["source"], shown["usable"]) == ("token", True)
    assert shown["token"] == {"module": place.module, "label": "张的UKey", "key": "01"}
    assert PIN not in json.dumps(shown)
    draft = walk(run, run("schools", "list", "--json").data[0]["id"], {})
    assert "PIN" in run("inspect", "finalise", draft).err
    made = run("inspect", "finalise", draft, *with_pin, "--json").data
    (verdict,) = run("verify", made["path"], "--json").data
    assert (verdict["verdict"], verdict["certificate"]) == ("valid", shown["certificate"])

    bare = tmp_path / "bare.pem"
    bare.write_bytes(token.certificates["03"].public_bytes(Encoding.PEM))
    assert run(*taken, "--key", "03", "--certificate", bare, *with_pin, "--json").data["token"]["key"] == "03"
    assert len(aside(keys, "token.toml")) == 1
    assert run("key", "own", "--json").data["source"] == "own"
    assert load_pem_private_key((keys / "person.key.pem").read_bytes(), "口令-1".encode())


def test_a_file_that_is_used_after_a_token_signs(inspector: Run, keys: Path, tmp_path: Path, token: Token) -> None:
    """A token counts before a file, so it is put aside."""
    place, key = token.curve, new_key()
    taken = inspector(
        "key", "token", "--module", place.module, "--label", place.token, "--key", "01",
        "--passphrase-file", secret(tmp_path, PIN),
    )  # fmt: skip
    assert taken.exit == 0
    file = make_pkcs12(tmp_path / "x.p12", key, certify(keys, me(inspector), key.public_key()), "x")
    assert (
        inspector("key", "use", file, "--passphrase-file", secret(tmp_path, "x"), "--json").data["source"] == "pkcs12"
    )
