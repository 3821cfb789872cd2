"""Made the documents of this folder, each once, before its format was released: `python -m tests.old.make`.

Leaves what is there as it is.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.documents import authority
from safetyapp.documents.signer import DocumentSigner
from safetyapp.domain.any_record import FORMATS
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.progress import no_progress
from safetyapp.domain.school import Person
from tests.documents.conftest import PASSPHRASE, make_district
from tests.documents.examples import MADE_AT, make_example
from tests.documents.papers import AUTHORS, SIGNED_BY, Scale, make_paper

HERE = Path(__file__).parent


def main() -> None:
    for kind, number in FORMATS.items():
        name = f"{kind.value}-{number}"
        if not (HERE / f"{name}.pdf").exists():
            with tempfile.TemporaryDirectory() as folder:
                data, ca, said = _make(kind, Path(folder))
            (HERE / f"{name}.pdf").write_bytes(data)
            (HERE / f"{name}.pem").write_bytes(ca)
            (HERE / f"{name}.json").write_bytes(said)


def _make(kind: DocumentKind, folder: Path) -> tuple[bytes, bytes, bytes]:
    """The document, its authority's certificate and its record."""
    district = make_district(folder)
    ca = district.ca.public_bytes(Encoding.PEM)
    if kind is DocumentKind.INSPECTION_REPORT:
        example = make_example(folder, certificate=district.fingerprint, findings=3, photos=2)
        data = district.signer.seal(
            example.record, example.form, example.photos, example.inks, {}, PASSPHRASE, no_progress
        )
        return data, ca, canonical_json(example.record)
    role = SIGNED_BY[kind]
    person = Person(AUTHORS[role][0], AUTHORS[role][1], role)
    certificate = authority.issue(
        district.folder / "keys", person, PASSPHRASE, MADE_AT - timedelta(days=10), into=folder / "its"
    )
    paper = make_paper(kind, folder, Scale(findings=2), authority.fingerprint(certificate))
    signer = DocumentSigner(folder / "its", district.folder / "trust")
    data = signer.seal(paper.paper, None, paper.photos, paper.inks, paper.kept, PASSPHRASE, no_progress)
    return data, ca, canonical_json(paper.paper)


if __name__ == "__main__":
    main()
