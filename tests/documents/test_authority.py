"""The district's authority and its people's keys."""

from __future__ import annotations

import os
import stat
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from safetyapp.documents import authority
from safetyapp.domain.problem import Problem
from safetyapp.domain.school import Person, PersonId, Role
from tests.documents.conftest import PASSPHRASE, District
from tests.documents.examples import INSPECTOR, MADE_AT


def test_a_certificate_says_whose_it_is(district: District) -> None:
    assert authority.holder_of(district.certificate) == authority.Holder(PersonId("p-07"), "张示例", Role.INSPECTOR)
    assert authority.holder_of(district.ca) is None


def test_certificates_say_what_they_are_for(district: District) -> None:
    ca = district.ca.extensions.get_extension_for_class(x509.BasicConstraints)
    person = district.certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert (ca.critical, ca.value.ca, ca.value.path_length) == (True, True, 0)
    assert person.critical
    assert person.value.digital_signature
    assert person.value.content_commitment
    assert not person.value.key_cert_sign
    years = (district.ca.not_valid_after_utc - district.ca.not_valid_before_utc).days / 365.25
    assert years == pytest.approx(10, abs=0.01)


def test_openssl_accepts_chain_and_key(district: District) -> None:
    keys = district.folder / "keys"
    chain = ["openssl", "verify", "-x509_strict", "-CAfile", str(keys / "ca.pem"), str(keys / "person.pem")]
    at = ["-attime", str(int(MADE_AT.timestamp()))]
    assert subprocess.run([*chain[:2], *at, *chain[2:]], capture_output=True, check=False).returncode == 0
    opened = subprocess.run(
        ["openssl", "pkey", "-in", str(keys / "person.key.pem"), "-passin", f"pass:{PASSPHRASE}", "-noout"],
        capture_output=True,
        check=False,
    )
    assert opened.returncode == 0, opened.stderr


def test_keys_are_encrypted_with_scrypt_and_private(district: District) -> None:
    path = district.folder / "keys" / authority.PERSON_KEY
    shown = subprocess.run(["openssl", "asn1parse", "-in", str(path)], capture_output=True, text=True, check=True)
    assert ":scrypt" in shown.stdout or ":id-scrypt" in shown.stdout or "1.3.6.1.4.1.11591.4.11" in shown.stdout
    assert "aes-256-cbc" in shown.stdout
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(path.parent.glob("*.part"))


@pytest.mark.parametrize("tried", ["", "秘密口令", PASSPHRASE + " ", "x" * 1000])
def test_a_wrong_passphrase_is_a_problem(district: District, tried: str) -> None:
    with pytest.raises(Problem) as caught:
        authority.open_key(district.folder / "keys" / authority.PERSON_KEY, tried)
    assert caught.value.code == "wrong-passphrase"


def test_keys_are_never_replaced(district: District) -> None:
    keys = district.folder / "keys"
    before = (keys / authority.PERSON_KEY).read_bytes()
    for make in (
        lambda: authority.issue(keys, INSPECTOR, PASSPHRASE, MADE_AT),
        lambda: authority.create_authority(keys, "别的区", "x", MADE_AT),
    ):
        with pytest.raises(Problem) as caught:
            make()
        assert caught.value.code == "key-exists"
    assert (keys / authority.PERSON_KEY).read_bytes() == before


def test_no_key_here(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        authority.own_certificate(tmp_path / "person.pem")
    assert caught.value.code == "no-key"
    (tmp_path / "person.pem").write_bytes(b"junk")
    with pytest.raises(Problem) as junk:
        authority.own_certificate(tmp_path / "person.pem")
    assert junk.value.code == "no-key"


def test_a_file_that_is_no_certificate(tmp_path: Path) -> None:
    """Somebody else's file, named by a person: nothing is said of a key to sign with."""
    path = tmp_path / "ca.pem"
    with pytest.raises(Problem) as caught:
        authority.read_certificate(path)
    assert caught.value.code == "unreadable-file"
    assert caught.value.facts["path"] == str(path)
    path.write_bytes(b"junk")
    with pytest.raises(Problem) as junk:
        authority.read_certificate(path)
    assert junk.value.code == "no-certificate"


class _PowerCut(Exception):
    pass


def _cut_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power fails at the step-th time a file is written or takes its place."""
    steps = 0
    replace_, fsync = Path.replace, os.fsync

    def counted() -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            raise _PowerCut

    def cut_replace(self: Path, target: Path) -> Path:
        counted()
        return replace_(self, target)

    def cut_fsync(descriptor: int) -> None:
        counted()
        fsync(descriptor)

    monkeypatch.setattr(Path, "replace", cut_replace)
    monkeypatch.setattr(os, "fsync", cut_fsync)


@pytest.mark.parametrize("step", range(1, 9))
def test_an_interrupted_creation_is_gone_on_with(tmp_path: Path, step: int) -> None:
    def create() -> None:
        ca = authority.create_authority(tmp_path, "示例区", PASSPHRASE, MADE_AT)
        authority.issue(tmp_path, INSPECTOR, PASSPHRASE, MADE_AT)
        assert authority.own_certificate(tmp_path / authority.CA_CERTIFICATE) == ca

    with pytest.MonkeyPatch.context() as patch:
        _cut_at(step, patch)
        with pytest.raises(_PowerCut):
            create()
    create()
    for certificate, key in (("ca.pem", "ca.key.pem"), ("person.pem", "person.key.pem")):
        opened = authority.open_key(tmp_path / key, PASSPHRASE)
        assert opened.public_key() == authority.own_certificate(tmp_path / certificate).public_key()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ca.key.pem", "ca.pem", "person.key.pem", "person.pem"]


def test_a_creation_is_gone_on_with_by_who_began_it(tmp_path: Path) -> None:
    authority.create_authority(tmp_path, "示例区", PASSPHRASE, MADE_AT)
    for district, passphrase, code in (("别的区", PASSPHRASE, "key-exists"), ("示例区", "falsch", "wrong-passphrase")):
        with pytest.raises(Problem) as caught:
            authority.create_authority(tmp_path, district, passphrase, MADE_AT)
        assert caught.value.code == code


def test_half_a_pair_without_leftovers_is_not_replaced(tmp_path: Path) -> None:
    """Its other half may be on a stick."""
    authority.create_authority(tmp_path, "示例区", PASSPHRASE, MADE_AT)
    for name in (authority.CA_CERTIFICATE, authority.CA_KEY):
        kept = (tmp_path / name).read_bytes()
        (tmp_path / name).unlink()
        with pytest.raises(Problem) as caught:
            authority.create_authority(tmp_path, "示例区", PASSPHRASE, MADE_AT)
        assert caught.value.code == "key-exists"
        (tmp_path / name).write_bytes(kept)


@pytest.mark.parametrize("empty", ["", " \u3000"])
def test_an_empty_passphrase_is_refused(district: District, tmp_path: Path, empty: str) -> None:
    with pytest.raises(Problem) as caught:
        authority.create_authority(tmp_path, "示例区", empty, MADE_AT)
    assert caught.value.code == "weak-passphrase"
    with pytest.raises(Problem) as issued:
        authority.issue(district.folder / "keys", INSPECTOR, empty, MADE_AT, into=tmp_path)
    assert issued.value.code == "weak-passphrase"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["张\ud800", "张\x00三", "张\n三"])
def test_a_name_that_no_certificate_holds_is_refused_before_a_key_is_made(
    district: District, tmp_path: Path, name: str
) -> None:
    with pytest.raises(Problem) as caught:
        authority.create_authority(tmp_path, name, PASSPHRASE, MADE_AT)
    assert caught.value.code == "name-refused"
    assert str(caught.value.facts["name"]).isprintable()
    person = Person(PersonId("p"), name)
    with pytest.raises(Problem) as issued:
        authority.issue(district.folder / "keys", person, PASSPHRASE, MADE_AT, into=tmp_path)
    assert issued.value.code == "name-refused"
    assert not list(tmp_path.iterdir())


def test_an_expired_authority_issues_nothing(tmp_path: Path) -> None:
    authority.create_authority(tmp_path, "旧区", "pw", MADE_AT - timedelta(days=3700))
    with pytest.raises(Problem) as caught:
        authority.issue(tmp_path, INSPECTOR, "pw", MADE_AT)
    assert caught.value.code == "certificate-expired"


def test_long_and_rare_names_fit(tmp_path: Path) -> None:
    authority.create_authority(tmp_path, "很长的区名" * 30, "pw", MADE_AT)
    person = Person(PersonId("p"), "堃喆翀龑㛃𬭎" * 20, Role.OFFICE)
    holder = authority.holder_of(authority.issue(tmp_path, person, "pw", MADE_AT, "own"))
    assert holder is not None
    assert holder.name.startswith("堃喆翀龑㛃𬭎")
    authority.open_key(tmp_path / authority.PERSON_KEY, "own")


def test_trust_passes_over_what_is_no_certificate(district: District, tmp_path: Path) -> None:
    authority.trust(tmp_path, district.ca)
    authority.trust(tmp_path, district.ca)
    (tmp_path / "junk.pem").write_bytes(b"\x00junk")
    assert authority.read_trust(tmp_path) == (district.ca,)
    assert authority.read_trust(tmp_path / "nowhere") == ()
