"""Reading pages back: their text by poppler, and whether every word stands inside its paper."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from safetyapp.documents import wording
from safetyapp.documents.material import Material
from safetyapp.documents.pages import lay_out
from tests.documents.examples import Example
from tests.documents.papers import PaperExample


def draw(example: Example | PaperExample) -> bytes:
    """The pages of a report or of any other paper."""
    sizes = {str(sha256): path.stat().st_size for sha256, path in example.kept.items()}
    shown = wording.record_hash(example.record)
    material = Material(example.record, example.form, example.photos, example.inks, shown, example.kept, sizes)
    return lay_out(material).write(lambda done, total: None)


def text_of(data: bytes, folder: Path, *options: str) -> str:
    path = folder / "pages.pdf"
    path.write_bytes(data)
    ran = subprocess.run(["pdftotext", *(options or ("-raw",)), str(path), "-"], capture_output=True, check=True)
    return ran.stdout.decode()


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def without_margins(text: str) -> str:
    """What stands on the pages without the feet and the running heads between them."""
    return re.sub(r"\n本页内容有数字签名保护[^\f]*\f(?:编号[^\n]*\n[^\n]*\n|[^\n]*编号[^\n]*\n)", "\n", text)


def assert_inside(data: bytes, folder: Path) -> None:
    """Every word of every page, upright or across, between its margins."""
    html = text_of(data, folder, "-bbox")
    pages = html.split("<page ")[1:]
    assert pages
    for page in pages:
        size = re.match(r'width="([\d.]+)" height="([\d.]+)"', page)
        assert size
        width, height = map(float, size.groups())
        found = re.findall(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', page)
        assert found
        for word in found:
            left, top, right, bottom = map(float, word)
            assert left >= 55, word
            assert right <= width - 45, word
            assert top >= 40, word
            assert bottom <= height - 29, word


def sizes(data: bytes) -> list[tuple[float, float]]:
    """Width and height of every page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return [document.get_page_size(number) for number in range(len(document))]
    finally:
        document.close()
