"""A form from any file that can hold one: our YAML, our workbook, an XLSForm. Which it is, its content says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.forms.mistakes import LARGEST_FILE, FormRefused, Notes

if TYPE_CHECKING:
    from safetyapp.domain.form import Form

SUFFIXES = (".yaml", ".yml", ".xlsx", ".xlsm", ".xls")


def read_any(path: Path) -> tuple[Form | None, Notes]:
    """The form (None when it is refused) and everything noted on the way. Raises nothing."""
    suffix = path.suffix.lower()
    if path.exists() and not path.is_file():  # a pipe would be waited for
        notes = Notes(path.name)
        notes.mistake(0, "no-file", "这不是普通文件", "This is no ordinary file")
        return None, notes
    if suffix in (".yaml", ".yml"):
        from safetyapp.forms.read_yaml import read_with_notes

        return read_with_notes(path, path.name)
    if suffix in SUFFIXES:
        from safetyapp.forms.workbook import is_ours, read_workbook
        from safetyapp.forms.xlsform import read_xlsform

        is_one_of_ours = is_ours(path) or _is_old_of_ours(path)
        return read_workbook(path, path.name) if is_one_of_ours else read_xlsform(path, path.name)
    notes = Notes(path.name)
    zh, en = (
        f"不认识的文件类型“{path.suffix}”，检查表是 .yaml、.xlsx 或 .xls",
        f"'{path.suffix}' is no kind of form file",
    )
    notes.mistake(0, "unknown-file", zh, en)
    return None, notes


def _is_old_of_ours(path: Path) -> bool:
    """Whether our workbook was saved in the old format: its own reader then says what to do."""
    from safetyapp.forms.workbook_sheets import FORM_SHEET, ITEM_SHEET

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE)
    except OSError:
        return False
    return data[:2] == b"\xd0\xcf" and all(name.encode("utf-16-le") in data for name in (FORM_SHEET, ITEM_SHEET))


def looks_like_form(path: Path) -> bool:
    """Whether a file is meant as a form, good or not: a workbook may as well be a list of schools. Raises nothing, and
    reads no more than it must."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES or not path.is_file():
        return False
    if suffix in (".yaml", ".yml"):
        return True
    from safetyapp.forms.workbook import is_ours

    return is_ours(path) or _has_survey(path)


def _has_survey(path: Path) -> bool:
    """Whether a workbook has the sheet that makes it an XLSForm."""
    import zipfile

    try:
        if path.suffix.lower() == ".xls":
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE).lower()
            return any("survey".encode(spelt) in data for spelt in ("latin-1", "utf-16-le")) and data[:2] == b"\xd0\xcf"
        with zipfile.ZipFile(path) as package, package.open("xl/workbook.xml") as sheets:
            return b'name="survey"' in sheets.read(1 << 20).lower()
    except Exception:  # whatever is wrong with it, whoever reads it will say
        return False


def open_any(path: Path) -> tuple[Form, Notes]:
    """The form, and what somebody should look at. Raises FormRefused with all mistakes found."""
    form, notes = read_any(path)
    if form is None:
        raise FormRefused(notes.name, notes.mistakes)
    return form, notes
