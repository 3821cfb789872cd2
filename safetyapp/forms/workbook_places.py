"""Where something stands in a workbook: `form.xlsx:项目!D14`, counted so that it fits where other files have a line."""

from __future__ import annotations

from safetyapp.forms.mistakes import Mistake, Notes

_SHEET = 10**10
_ROW = 10**3
_SPOILT = ("formula", "error-cell", "became-date")


class CellNotes(Notes):
    """Notes whose places are cells. The sheets are those of the file, in the order in which they should be read."""

    def __init__(self, name: str, sheets: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.sheets = sheets

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Each once; of a cell that cannot be read it is not said as well that nothing stands in it."""
        found = dict.fromkeys(super().mistakes)
        spoilt = {mistake.where for mistake in found if mistake.code in _SPOILT}
        return tuple(m for m in found if m.code != "missing" or m.where not in spoilt)

    def place(self, sheet: str, row: int = 0, column: int = 0) -> int:
        """The number of a cell, rows and columns counted from 1; of a whole row or sheet without them."""
        if sheet not in self.sheets:
            self.sheets += (sheet,)
        return (self.sheets.index(sheet) + 1) * _SHEET + row * _ROW + column

    def cell(self, place: int) -> str:
        """A place as the table program writes it: 项目!D14; empty for none."""
        number, rest = divmod(place, _SHEET)
        if not number:
            return ""
        row, column = divmod(rest, _ROW)
        at = f"{_letters(column)}{row or ''}"
        return f"{self.sheets[number - 1]}!{at}" if at else self.sheets[number - 1]

    def place_named(self, line: int) -> tuple[str, str]:
        return f" {self.cell(line)} ", self.cell(line)

    def _note(self, line: int, code: str, zh: str, en: str) -> Mistake:
        where = self.cell(line)
        return Mistake(f"{self.name}:{where}" if where else self.name, code, f"{zh}。{en}.")


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
