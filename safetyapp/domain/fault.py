"""A fault of the program itself as it may be told to anybody: where it happened, and nothing of what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Fault:
    """`id` is the same for the same fault in the same version; `where` one line per call, the innermost last."""

    id: str
    kind: str
    where: tuple[str, ...]

    def text(self) -> str:
        return "\n".join((f"{self.id} {self.kind}", *(f"  {line}" for line in self.where)))


def fault_of(error: BaseException) -> Fault:
    """The fault without its message, which may hold a name or an answer, and without folders, which may hold a
    person's name. What it came from stands before it."""
    import hashlib
    import traceback

    where: list[str] = []
    chain: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in chain:
        chain.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    for one in reversed(chain):
        if one is not error:
            where.append(f"{type(one).__name__}:")
        frames = traceback.extract_tb(one.__traceback__)
        where += [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    kind = type(error).__name__
    return Fault("E-" + hashlib.sha256("\n".join((kind, *where)).encode()).hexdigest()[:8], kind, tuple(where))


def _short(file: str) -> str:
    """The file below its package."""
    parts = PurePath(file.replace("\\", "/")).parts
    for root in ("safetyapp", "site-packages"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at + (root == "site-packages") :])
    return parts[-1] if parts else file
