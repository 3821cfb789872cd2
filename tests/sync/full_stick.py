"""Run in a mount namespace of its own: a stick of half a megabyte. Prints what it saw."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from tests.fakes import FakeHub
from tests.sync.laptop import Laptop
from tests.sync.test_folder import carry, on


def main(folder: Path) -> None:
    stick = folder / "stick"
    stick.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(stick)], check=True)
    laptop = Laptop(folder / "laptop", FakeHub())
    for number in range(6):
        laptop.make(number, text="疏散通道" * 12_000)
    done = carry(laptop, stick)
    seen = on(stick)
    said = {
        "first": done.problem.code if done.problem else None,
        "parts": len(list(stick.rglob("*.part"))),
        "whole": 0 < len(seen) < 6 and all(hashlib.sha256(data).hexdigest() == name for name, data in seen.items()),
    }
    subprocess.run(["mount", "-o", "remount,size=4m", str(stick)], check=True)
    done = carry(laptop, stick)
    print(json.dumps({**said, "then": done.problem.code if done.problem else None, "count": len(on(stick))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
