"""uv.lock says exactly what pyproject.toml asks for, and Qt is the version that does not lose None."""

from __future__ import annotations

import shutil
import subprocess
import tomllib

import pytest

from tests.project import ROOT


def _uv() -> str:
    """uv as `make` sets it up, else the one that runs the tests."""
    ours = ROOT / ".tools" / "bin" / "uv"
    return str(ours) if ours.exists() else shutil.which("uv") or pytest.fail("no uv: run the tests with `make test`")


def test_lock_fits_pyproject() -> None:
    """--offline: a lock that fits needs no look at the registry."""
    checked = subprocess.run([_uv(), "lock", "--check", "--offline"], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_qt_is_locked_below_6_12() -> None:
    """docs/decisions/0003: PySide6 6.12 takes references from None on Python 3.11."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    versions = {p["name"]: p["version"] for p in lock["package"] if p["name"] in ("pyside6-essentials", "shiboken6")}
    assert versions == {"pyside6-essentials": "6.11.3", "shiboken6": "6.11.3"}
