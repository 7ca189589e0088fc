"""Entry: the window, or the command line."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> None:
    """Run slicelab."""
    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):  # pythonw.exe has none
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show must not end a command
    try:
        from slicelab.cli.main import app

        app()
    except KeyboardInterrupt:  # while it was still starting
        sys.exit(130)


if __name__ == "__main__":
    main()
