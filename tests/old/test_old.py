"""What was signed once is valid for ever, and says the same: a document of every format number that there was."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from cryptography import x509

from safetyapp.documents.inside import decode_record
from safetyapp.documents.verify import verify
from safetyapp.domain.any_record import FORMATS
from safetyapp.domain.ledger import rows_of
from safetyapp.domain.record import Record
from safetyapp.domain.verdict import VerdictKind
from tests.project import ROOT

DOCUMENTS = sorted(Path(__file__).parent.glob("*.pdf"))


def test_every_format_number_has_its_document() -> None:
    names = {path.stem for path in DOCUMENTS}
    wanted = {f"{kind.value}-{number}" for kind, newest in FORMATS.items() for number in range(1, newest + 1)}
    assert wanted <= names


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_an_old_document_is_read(path: Path) -> None:
    ca = x509.load_pem_x509_certificate(path.with_suffix(".pem").read_bytes())
    said = path.with_suffix(".json").read_bytes()
    verdict = verify(path.read_bytes(), (ca,))
    assert (verdict.kind, verdict.why) == (VerdictKind.VALID, "valid")
    assert verdict.record_json == said
    assert verdict.record == decode_record(said)
    findings = verdict.record.findings if isinstance(verdict.record, Record) else ()
    assert len(rows_of(verdict.record)) == len(findings)
    assert findings or path.stem != "inspection-report-1"
    plain = json.loads(said)
    assert (verdict.record.id, verdict.record.school.name) == (plain["id"], plain["school"]["name"])
    assert path.stem == f"{plain['kind']}-{plain['format']}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_an_old_record_fits_the_schema_of_its_number(path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "record-schema" / f"{path.stem}.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(path.with_suffix(".json").read_bytes()), schema)
