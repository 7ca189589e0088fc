"""Read damaged files by the thousand and print what became of them.

Run as ``python -m tests.torture.readers --count 10000``; ends with status 1 if anything broke.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "data"))

from torture_kit import torture


def main() -> int:
    """Read the command line, torture, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    def tell(done: int) -> None:
        if done % 500 == 0:
            sys.stderr.write(f"{done} of {arguments.count}\n")

    with tempfile.TemporaryDirectory() as folder:
        result = torture(Path(folder), arguments.count, arguments.seed, tell)
    sys.stdout.write(f"{result}\n")
    return 1 if result.broken else 0


if __name__ == "__main__":
    sys.exit(main())
