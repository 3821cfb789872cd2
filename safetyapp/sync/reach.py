"""Whether there is a way to the hub at all, asked of this computer's own routes: no packet is sent."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from urllib.parse import urlsplit


def way_out(addresses: Sequence[str]) -> str:
    """Which of this computer's addresses would be used; another than before means another network, and an empty one
    none. A hub on this very computer is always within reach."""
    for address in addresses:
        try:
            parts = urlsplit(address)
            host, port = parts.hostname or "", parts.port or 443
            family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            with socket.socket(family, socket.SOCK_DGRAM) as asked:
                asked.connect(where)
                return str(asked.getsockname()[0])
        except (OSError, ValueError):
            continue
    return ""
