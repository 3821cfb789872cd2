"""Enrolment over the wire: a code and a signing request become a certificate and a token, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from safetyapp.documents import authority
from safetyapp.domain.problem import Problem
from safetyapp.domain.revocation import RevokedFor
from safetyapp.domain.school import PersonId
from safetyapp.hub import enrol, people
from safetyapp.hub.tables import changing, reading
from safetyapp.protocol import Enrolled, EnrolRequest, Hello, write
from safetyapp.protocol_refusal import Reason
from tests.hub.client import Answer
from tests.hub.house import OTHER, Served

pytestmark = pytest.mark.hub


def offered(hub: Served, days: int = 14) -> str:
    with changing(hub.engine) as connection:
        return enrol.offer(connection, OTHER.id, hub.clock[0], days)[0]


def request_for(key: object, name: str = "somebody else") -> str:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    made = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, algorithm)  # type: ignore[arg-type]
    return made.public_bytes(Encoding.PEM).decode()


def ask(hub: Served, code: str, request: str) -> Answer:
    return hub.client().ask("POST", "/v1/enrol", write(EnrolRequest(code=code, request=request, device="x200")))


def test_a_code_becomes_a_certificate_and_a_token(hub: Served) -> None:
    code, key = offered(hub), ec.generate_private_key(ec.SECP256R1())
    got = ask(hub, f" {code.lower().replace('-', ' ')} ", request_for(key)).of(Enrolled)  # as somebody types it
    certificate = x509.load_pem_x509_certificate(got.certificate.encode())
    certificate.verify_directly_issued_by(hub.identity.authority)
    assert certificate.public_key() == key.public_key()
    holder = authority.holder_of(certificate)  # by the code, whatever the request said
    assert holder == authority.Holder(OTHER.id, OTHER.name, OTHER.role)
    assert (got.person, got.role, got.hub) == (OTHER.id, OTHER.role, hub.identity.hub)
    said = hub.client().with_token(got.token).ask("GET", "/v1/hello").of(Hello)
    assert said.you is not None
    assert (said.you.person, said.you.device) == (OTHER.id, got.device)
    with reading(hub.engine) as connection:
        kept = str(
            [*connection.execute(text("SELECT * FROM offers")), *connection.execute(text("SELECT * FROM audit"))]
        )
    assert code not in kept
    assert got.token.split(".")[1] not in kept


def test_a_code_works_once(hub: Served) -> None:
    """But who lost the answer may ask again for a quarter of an hour, with the same key; the first token is dead."""
    code, key = offered(hub), ec.generate_private_key(ec.SECP256R1())
    first = ask(hub, code, request_for(key)).of(Enrolled)
    assert ask(hub, code, request_for(ec.generate_private_key(ec.SECP256R1()))).reason is Reason.CODE_USED
    again = ask(hub, code, request_for(key)).of(Enrolled)
    assert again.certificate == first.certificate
    assert hub.client().with_token(first.token).ask("GET", "/v1/documents").reason is Reason.NOT_ENROLLED
    assert hub.client().with_token(again.token).ask("GET", "/v1/documents").status == 200
    hub.clock[0] += timedelta(minutes=16)
    assert ask(hub, code, request_for(key)).reason is Reason.CODE_USED
    with reading(hub.engine) as connection:
        told = [*connection.execute(text("SELECT subject, detail FROM audit WHERE what = 'refused'"))]
    assert told == [(OTHER.id, "code-used")] * 2  # whose code it is that somebody else tried


def test_codes_that_do_not_work(hub: Served) -> None:
    key = request_for(ec.generate_private_key(ec.SECP256R1()))
    code = offered(hub, days=1)
    for wrong in ("", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", code[:-1], code + "A", "张" * 25, "\0"):
        assert ask(hub, wrong, key).reason is Reason.CODE_UNKNOWN, wrong
    hub.clock[0] += timedelta(days=2)
    assert ask(hub, code, key).reason is Reason.CODE_EXPIRED
    code = offered(hub)
    with changing(hub.engine) as connection:
        people.revoke(connection, OTHER.id, RevokedFor.LEFT, hub.clock[0])
        with pytest.raises(Problem, match="unknown-person"):
            enrol.offer(connection, OTHER.id, hub.clock[0])
    assert ask(hub, code, key).reason is Reason.CODE_UNKNOWN
    with changing(hub.engine) as connection, pytest.raises(Problem, match="unknown-person"):
        enrol.offer(connection, PersonId("nobody"), hub.clock[0])


def test_keys_that_are_not_good_enough(hub: Served) -> None:
    """None of them spends the code."""
    code, good = offered(hub), request_for(ec.generate_private_key(ec.SECP256R1()))
    other = request_for(ec.generate_private_key(ec.SECP256R1()), "x")
    body = good.splitlines()
    forged = "\n".join([*body[:3], other.splitlines()[3], *body[4:]])  # a request that its key has not signed
    bad = ["", "x", forged, request_for(rsa.generate_private_key(65537, 1024))]
    bad += [request_for(ec.generate_private_key(ec.SECP224R1())), request_for(ed25519.Ed25519PrivateKey.generate())]
    for request in bad:
        assert ask(hub, code, request).reason is Reason.KEY_REFUSED
    assert ask(hub, code, good).status == 201


def test_without_the_passphrase_nobody_is_enrolled(serve: Callable[..., Served]) -> None:
    hub = serve(is_locked=True)
    code, request = offered(hub), request_for(ec.generate_private_key(ec.SECP256R1()))
    assert ask(hub, code, request).reason is Reason.ENROLMENT_CLOSED
    assert hub.client(OTHER).ask("GET", "/v1/documents").status == 200
