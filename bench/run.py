"""Measures the figures, prints them as a table and keeps them in build/bench.json. Names as arguments choose some.

Ends with 1 when a promise is not kept. What cannot be measured here is said to be missing, which is neither.
"""

from __future__ import annotations

import json
import platform
import sys
import tempfile
from pathlib import Path

from bench.figure import Figure, Missing, measure

NAMES = (
    "start", "today_many", "answer", "finalise", "document", "against_typst", "against_weasyprint", "against_fpdf2",
    "many", "many_more", "verify", "verify_all", "take_in", "photo", "check", "reckon", "reckon_all", "open",
    "open_first", "open_again", "open_photos", "walk", "stroke", "search", "phrases", "table_cell", "table_row",
    "table_open", "grid_cell", "grid_row",
)  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent
HEAD = ("figure", "ours ms", "floor ms", "ratio", "promised", "", "peak MB ours / floor", "against")


def main(names: list[str]) -> int:
    figures: list[Figure] = []
    missing: list[str] = []
    for name in names or NAMES:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-", dir=_folder()) as folder:
            try:
                figures.append(measure(name, Path(folder)))
            except Missing as why:
                missing.append(f"{name}: {why}")
                continue
        print(f"measured: {figures[-1].title}", file=sys.stderr)
    print(table(figures))
    for what in missing:
        print(f"missing, not measured: {what}")
    machine = {"python": platform.python_version(), "system": platform.platform()}
    kept = {"machine": machine, "figures": [figure.as_data() for figure in figures], "missing": missing}
    (_folder() / "bench.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.is_kept for figure in figures) else 1


def table(figures: list[Figure]) -> str:
    rows = [HEAD, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    limits = (
        (figure.limit_ms, " ms"),
        (figure.limit if figure.limit_ms is None else None, "x"),
        (figure.limit_mb, " MB"),
    )
    promised = ", ".join(f"≤ {limit:g}{unit}" for limit, unit in limits if limit is not None)
    peaks = f"{figure.ours_peak_mb:.0f} / {figure.floor_peak_mb:.0f}"
    verdict = "kept" if figure.is_kept else "NOT KEPT"
    return (
        figure.title, f"{figure.ours_ms:.2f}", f"{figure.floor_ms:.2f}", f"{figure.ratio:.2f}x",
        promised, verdict, peaks, f"{figure.floor}, {figure.rounds} rounds",
    )  # fmt: skip


def _folder() -> Path:
    """Measured where the checkout is: a disk, not a memory file system."""
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
