"""How a school stands: what is open there, as counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hazards:
    """Open hazards of a school; `overdue` counts those of either severity whose deadline is past."""

    majors: int = 0
    generals: int = 0
    overdue: int = 0
