"""What the world did to us, as a value: a code and the facts. The sentence for people is found in resources/texts.

A bug of ours is not a Problem: it stays an ordinary exception.
"""

from __future__ import annotations


class Problem(Exception):
    """Something a person must be told plainly: what happened, to what, what was kept, what to do.

    `code` names the entry in resources/texts/*/problems.toml; `facts` fill its gaps.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Cancelled(Exception):
    """A person stopped the work; nothing of it was kept."""
