"""The rules of docs/architecture.md: no arrow runs back up, libraries stay in their rooms, starting is light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project import ROOT


def test_contracts_of_pyproject_are_kept() -> None:
    """In a process of its own: it sets up logging for itself, which silences the loggers that are there already."""
    script = (
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, no_logo=True))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def _roots(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", ["domain", "workflow"])
def test_room_needs_only_the_standard_library(room: str) -> None:
    """The contracts name the libraries we have today; this also refuses the one that somebody adds tomorrow."""
    modules = sorted((ROOT / "safetyapp" / room).rglob("*.py"))
    foreign = {str(m.relative_to(ROOT)): _roots(m) - sys.stdlib_module_names - {"safetyapp"} for m in modules}
    assert modules
    assert not {name: roots for name, roots in foreign.items() if roots}


HEAVY = ("PySide6", "reportlab", "pikepdf", "pyhanko", "cryptography", "PIL", "openpyxl", "ruamel", "sqlite_utils",
         "sqlalchemy", "alembic", "starlette", "uvicorn", "obstore")  # fmt: skip


@pytest.mark.parametrize("module", ["safetyapp.cli", "safetyapp.app"])
def test_entrance_imports_nothing_heavy(module: str) -> None:
    """Each of these takes longer than opening the workspace; they are loaded where they are needed."""
    program = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
