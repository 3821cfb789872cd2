"""100 signed documents of 1 to 6 MB read and verified on as many threads as there are cores; beside it, the same one
after another.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

from bench import take_in
from bench.figure import Run
from safetyapp.documents.signer import DocumentSigner
from safetyapp.domain.verdict import Verdict

TITLE = f"{take_in.DOCUMENTS} documents of 1 to 6 MB verified in parallel"
FLOOR = "one after another"
ROUNDS = 5
LIMIT, LIMIT_MS = None, 5000.0
CHILDREN = False
prepare = take_in.prepare


def ours(folder: Path) -> Run:
    def in_parallel(judge: Callable[[Path], Verdict], files: Iterable[Path]) -> list[Verdict]:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(judge, files))

    return _run(folder, in_parallel)


def floor(folder: Path) -> Run:
    return _run(folder, lambda judge, files: list(map(judge, files)))


def _run(folder: Path, judge_all: Callable[[Callable[[Path], Verdict], Iterable[Path]], list[Verdict]]) -> Run:
    signer = DocumentSigner(take_in.workspace(folder) / "keys", take_in.workspace(folder) / "trust")

    def run() -> float:
        began = perf_counter()
        verdicts = judge_all(lambda path: signer.verify(path.read_bytes()), sorted((folder / "stick").glob("*.pdf")))
        took = perf_counter() - began
        assert len(verdicts) == take_in.DOCUMENTS
        assert all(verdict.is_valid for verdict in verdicts)
        return took

    return run
