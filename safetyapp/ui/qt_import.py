"""Loads Qt. Import it before every other module that knows Qt.

Once loaded, PySide stands behind every import statement of the process and reads the source of each new module, in
search of its switches for snake_case names. Nobody here uses them, and it takes as long as painting the window; so the
import that stood there before is put back.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - loading it is all that is wanted

_BEFORE = getattr(builtins, "__orig_import__", None)
if _BEFORE is not None:
    builtins.__import__ = _BEFORE
