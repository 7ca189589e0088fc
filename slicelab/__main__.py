"""Entry: the window, or the command line."""

from __future__ import annotations

import multiprocessing


def main() -> None:
    """Run slicelab."""
    multiprocessing.freeze_support()
    from slicelab.cli.main import app

    app()


if __name__ == "__main__":
    main()
