"""Where the hub listens: its socket, and by which names one may come."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from safetyapp.domain.problem import Problem


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that is ours. Raises Problem port-taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as ours:
        if os.name == "posix":  # after a restart; on Windows it would let another program take the port as well
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            ours.bind((host, port))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Problem("port-taken", host=host, port=port, reason=reason) from error
        yield ours


def address(host: str, ours: socket.socket) -> str:
    """What a browser is told."""
    return f"https://{f'[{host}]' if ':' in host else host}:{ours.getsockname()[1]}"


def names(host: str) -> list[str]:
    """What the certificate names beside the hub's own name, which is what laptops look at: what people type."""
    everywhere = host in ("0.0.0.0", "::", "")
    own = socket.gethostname()
    said = ["localhost", "127.0.0.1", "::1", *([] if everywhere else [host]), *([own] if own.isascii() and own else [])]
    return list(dict.fromkeys(said))
