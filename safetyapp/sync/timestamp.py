"""Asking an authority for time over HTTP (RFC 3161, 3.4): a request goes out, a response comes back, or an OSError.

Nothing is believed here: what the answer is worth is judged where the document is signed.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

SECONDS = 5.0
"""How long a person who signs is kept waiting for an answer."""

LARGEST = 1 << 16
"""Bytes; a response with its certificates has about 5,000."""

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def over_http(url: str, seconds: float = SECONDS) -> Callable[[bytes], bytes]:
    """A client for the authority at an address. Raises OSError when it is asked and gives no answer of the right kind
    and size in time."""

    def ask(request: bytes) -> bytes:
        try:
            return _ask(url, request, seconds)
        except (http.client.HTTPException, ValueError) as error:
            raise OSError(f"{type(error).__name__}: {error}") from error

    return ask


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """Elsewhere a request would arrive without its content."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _ask(url: str, request: bytes, seconds: float) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise OSError(f"no address of the web: {url}")
    ends = time.monotonic() + seconds
    asked = urllib.request.Request(url, request, {"Content-Type": _QUERY, "Accept": _REPLY})
    with urllib.request.build_opener(_NoDetours).open(asked, timeout=seconds) as answer:
        kind = answer.headers.get_content_type()
        if kind != _REPLY:
            raise OSError(f"no response for a time stamp: {kind}")
        data = b""
        while part := answer.read1(LARGEST + 1):  # the timeout is for each part: one that dribbles is given up too
            data += part
            if len(data) > LARGEST:
                raise OSError(f"more than {LARGEST} bytes")
            if time.monotonic() > ends:
                raise TimeoutError("too slow")
    return data
