"""The page about the built-in forms says what the forms say."""

from tests.project.forms_table import PAGE, page


def test_the_page_on_the_forms_is_what_the_forms_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.project.forms_table"
