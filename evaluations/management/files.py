"""The file that a command names."""

import sys
from pathlib import Path


def read_file(name: str) -> bytes:
    """Its bytes; those of standard input for "-". Raises OSError."""
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
