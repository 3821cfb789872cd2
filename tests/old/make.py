"""Made the documents of this folder, each once, before its format was released: `python -m tests.old.make`.

Refuses to touch what is there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.progress import no_progress
from safetyapp.domain.record import RECORD_FORMAT
from tests.documents.conftest import PASSPHRASE, make_district
from tests.documents.examples import make_example

HERE = Path(__file__).parent


def main() -> None:
    name = f"{DocumentKind.INSPECTION_REPORT.value}-{RECORD_FORMAT}"
    if (HERE / f"{name}.pdf").exists():
        sys.exit(f"{name} is here already, and stays")
    with tempfile.TemporaryDirectory() as folder:
        district = make_district(Path(folder))
        example = make_example(Path(folder), certificate=district.fingerprint, findings=3, photos=2)
        data = district.signer.seal(
            example.record, example.form, example.photos, example.inks, {}, PASSPHRASE, no_progress
        )
    (HERE / f"{name}.pdf").write_bytes(data)
    (HERE / f"{name}.pem").write_bytes(district.ca.public_bytes(Encoding.PEM))
    (HERE / f"{name}.json").write_bytes(canonical_json(example.record))


if __name__ == "__main__":
    main()
