"""Pages for the window and the printer."""

from __future__ import annotations

import pytest
from PIL import Image

from safetyapp.documents.preview import PageRenderer
from safetyapp.domain.problem import Problem
from tests.documents.conftest import Sealed


def test_pages_are_drawn_at_the_asked_width(sealed: Sealed) -> None:
    with PageRenderer(sealed.data) as renderer:
        assert renderer.count >= 4
        assert renderer.size(0) == pytest.approx((595.276, 841.89), abs=0.01)
        page = renderer.render(0, 600)
        assert (page.width, page.height) == (600, 849)
        assert page.stride >= 4 * page.width
        assert len(page.data) == page.stride * page.height


def test_a_page_shows_ink_on_white(sealed: Sealed) -> None:
    with PageRenderer(sealed.data) as renderer:
        page = renderer.render(0, 600)
    image = Image.frombuffer("RGB", (page.width, page.height), page.data, "raw", "BGRX", page.stride, 1)
    assert image.getpixel((5, 5)) == (255, 255, 255)
    dark = sum(image.convert("L").histogram()[:100])
    assert 0.005 < dark / (page.width * page.height) < 0.2


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_a_problem(data: bytes) -> None:
    with pytest.raises(Problem) as caught:
        PageRenderer(data)
    assert caught.value.code == "unreadable-pages"
