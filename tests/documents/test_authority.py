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
        authority.read_certificate(tmp_path / "person.pem")
    assert caught.value.code == "no-key"


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
