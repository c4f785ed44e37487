"""A process of its own that finds the article in a page: `python -m evaluations.sources.parser`.

What a stranger's page does to a parser happens here, where it can be killed. Frames on stdin and stdout: four
bytes of length, then so many bytes. In: charset, line feed, body. Out: one of `TEXT`, `NOAI` or `FAILED`, then
the text. The first frame out is empty: ready.
"""

import os
import re
import struct
import sys
from typing import BinaryIO

TEXT, NOAI, FAILED = b"t", b"n", b"f"
MOST_MEMORY = 2_000_000_000
NOAI_META = re.compile(r"<meta\b[^<>]{0,300}\brobots\b[^<>]{0,300}>", re.IGNORECASE)
DECLARED = re.compile(rb"<meta\b[^<>]{0,300}charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)

# Python's codecs that no page is written in; UTF-7 hides markup.
NO_CHARSETS = frozenset({"utf7", "unicode11utf7", "punycode", "idna", "unicodeescape", "rawunicodeescape"})


def decoded(body: bytes, charset: str) -> str:
    """The page's text: by its byte order mark, its header, its own declaration, else UTF-8; never an error."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = DECLARED.search(body[:4096])
    for name in (charset, declared.group(1).decode() if declared else ""):
        if name and re.sub(r"[^a-z0-9]", "", name.lower()) not in NO_CHARSETS:
            try:
                return body.decode(name, "replace")
            except (LookupError, UnicodeError, ValueError):
                continue
    return body.decode("utf-8", "replace")


def refuses_machines(page: str) -> bool:
    """Whether the page itself asks not to be read by language models."""
    return any("noai" in tag.lower() for tag in NOAI_META.findall(page[:200_000]))


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame; None at the end."""
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def write_frame(stream: BinaryIO, content: bytes) -> None:
    """Write a frame at once."""
    stream.write(struct.pack(">I", len(content)) + content)
    stream.flush()


def main() -> None:
    """Read pages until there are no more."""
    limit_memory()
    # Requests leave first: a page that was asked for late comes late, while parsing can use the time of waiting.
    if hasattr(os, "nice"):
        os.nice(5)
    import trafilatura

    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not get between the frames
    write_frame(sink, b"")
    while (frame := read_frame(source)) is not None:
        charset, _, body = frame.partition(b"\n")
        try:
            page = decoded(body, charset.decode("ascii", "replace"))
            if refuses_machines(page):
                answer = NOAI
            else:
                text = trafilatura.extract(page, fast=True, include_comments=False, output_format="txt")
                answer = TEXT + (text or "").encode("utf-8", "replace")
        except Exception as error:  # noqa: BLE001 - a page that breaks the parser costs itself alone
            answer = FAILED + f"{type(error).__name__}: {error}"[:200].encode("utf-8", "replace")
        write_frame(sink, answer)


def limit_memory() -> None:
    """A page that makes the parser eat ends in a MemoryError, where the system knows limits."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, ValueError, OSError):
        return


if __name__ == "__main__":
    main()
