"""What the person at the keyboard sees."""

import contextlib


def say(line: str) -> None:
    """Print a line at once; when nobody reads any more (the terminal was closed) the work goes on all the same."""
    with contextlib.suppress(OSError):
        print(line, flush=True)
