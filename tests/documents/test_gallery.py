"""The gallery is made, its pictures are small, and every one of them is listed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.documents import gallery
from tests.project import ROOT

KEPT = ROOT / "docs" / "gallery"


@pytest.mark.slow
def test_the_gallery_is_made(tmp_path: Path) -> None:
    paths = gallery.write_gallery(tmp_path)
    assert len(paths) == sum(len(one.pages) for one in gallery.GALLERY)
    for path in paths:
        assert path.stat().st_size < gallery.MOST_BYTES, path.name
        with Image.open(path) as picture:
            assert abs(min(picture.size) - gallery.WIDTH) <= 1  # a page laid across is rounded the other way
            low, high = picture.convert("L").getextrema()
            assert high - low > 180


def test_what_is_kept_is_what_is_listed() -> None:
    names = {f"{one.name}-{page}.png" for one in gallery.GALLERY for page in one.pages}
    assert {path.name for path in KEPT.glob("*.png")} == names
    assert (KEPT / "README.md").read_text(encoding="utf-8") == gallery.table()
