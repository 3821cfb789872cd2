"""How far the tables of a form are: rows, rows with nothing lacking, the worst that stands in them. Counted row by
row, so that one answer counts one row anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safetyapp.domain.address import at, rows_of
from safetyapp.domain.answer_kinds import Outcome
from safetyapp.domain.form import Item, ItemId, Severity
from safetyapp.domain.gaps import gaps_at
from safetyapp.domain.judging import outcome_at
from safetyapp.domain.places import Place, Skip, row_ids, walk
from safetyapp.workflow.opened import Open


@dataclass(frozen=True, slots=True)
class Tally:
    """A table in figures; `blocking` counts rows with something that keeps from finalising, `mark` is its letter of the
    mosaic."""

    rows: int = 0
    complete: int = 0
    blocking: int = 0
    findings: int = 0
    mark: str = "o"


NO_TALLY = Tally()


@dataclass(frozen=True, slots=True)
class _Counted:
    blocks: bool
    worst: str
    findings: int


class TableCount:
    """Counts one table, standing in `inside` when it is a table of a table; what is in a row of it belongs to that row,
    tables in it too."""

    def __init__(self, table: Item, inside: tuple[str, ...] = ()) -> None:
        self._table, self._inside = table, inside
        self._address = at(table.id, inside)
        self._rows: dict[str, _Counted] = {}
        self._shut: Skip | None = None
        self.tally = NO_TALLY

    def refresh(self, opened: Open, shut: Skip | None, changed: Iterable[ItemId] | None) -> Tally:
        """Counts the rows that the changed addresses stand in; all of them when that is not known (None)."""
        rows = row_ids(opened.inspection, self._address)
        if changed is None or shut is not self._shut:
            self._rows.clear()
        else:
            for address in changed:
                own = rows_of(address)[len(self._inside) :]
                if own:
                    self._rows.pop(own[0], None)
        self._shut = shut
        majors = frozenset(f.item for f in opened.inspection.findings if f.severity is Severity.MAJOR)
        kept = self._rows
        self._rows = {row: kept.get(row) or self._count(opened, row, shut, majors) for row in rows}
        every = self._rows.values()
        short = len(rows) < max(self._table.rows.minimum, opened.reckoned.row_counts.get(self._address, 0))
        blocking = sum(1 for c in every if c.blocks)
        worst = next((letter for letter in "Mg" if any(c.worst == letter for c in every)), "")
        mark = worst or ("o" if blocking or short or not rows else "p")
        self.tally = Tally(len(rows), len(rows) - blocking, blocking, sum(c.findings for c in every), mark)
        return self.tally

    def blocks(self, row: str) -> bool:
        """Whether something keeps a row from being complete."""
        counted = self._rows.get(row)
        return counted is not None and counted.blocks

    def _count(self, opened: Open, row: str, shut: Skip | None, majors: frozenset[ItemId]) -> _Counted:
        form, inspection, reckoned = opened.form, opened.inspection, opened.reckoned
        blocks, worst, findings = False, "", 0
        place: Place
        for place in walk(self._table.items, (*self._inside, row), shut, inspection, reckoned):
            if place.skip is not None or not place.item.answer.kind.is_asked:
                continue
            blocks = blocks or any(kind.blocks for kind in gaps_at(form, place, inspection, reckoned))
            if outcome_at(form, inspection, place, reckoned) is Outcome.FAIL:
                worst = "M" if place.address in majors else worst or "g"
                findings += len(inspection.findings_of(place.address))
        return _Counted(blocks, worst, findings)
