"""A process of its own that reads a page's HTML: `python -m evaluations.sources.parser article` (or `whole`).

What a stranger's page does to a parser happens here, where it can be killed. `article` finds the article in a page
of the web, and respects a page that refuses language models; `whole` takes title and text of an own file. Frames
on stdin and stdout: four bytes of length, then so many bytes. In: charset, line feed, body. Out: one of `TEXT`,
`NOAI` or `FAILED`, then the text (of a `whole` page: title, line feed, text). The first frame out is empty: ready.
"""

import os
import re
import struct
import sys
from collections.abc import Callable
from typing import IO

import webencodings

from .html_text import read_html

TEXT, NOAI, FAILED = b"t", b"n", b"f"
MOST_MEMORY = 2_000_000_000
NOAI_META = re.compile(r"<meta\b[^<>]{0,300}\brobots\b[^<>]{0,300}>", re.IGNORECASE)
DECLARED = re.compile(
    rb"<(?:meta\b[^<>]{0,300}charset|\?xml\b[^<>]{0,300}encoding)\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
WINDOWS = webencodings.lookup("windows-1252")


def decode(body: bytes, charset: str = "") -> str:
    """The page's text as browsers read it: by its byte order mark, its header, its own declaration, else by its looks.

    Labels mean what the WHATWG's Encoding standard says (latin1 is windows-1252), and only those count; what does
    not fit becomes U+FFFD.
    """
    encoding = webencodings.lookup(charset) or declared_encoding(body) or guess_encoding(body)
    text: str = webencodings.decode(body, encoding, "replace")[0]
    return text


def declared_encoding(body: bytes) -> webencodings.Encoding | None:
    """The encoding that a page declares. Where a declaration can be read, the page is not in UTF-16."""
    found = DECLARED.search(body[:4096])
    encoding = webencodings.lookup(found[1].decode("ascii", "replace")) if found else None
    return webencodings.UTF8 if encoding and encoding.name.startswith("utf-16") else encoding


def guess_encoding(body: bytes) -> webencodings.Encoding:
    """UTF-8, or windows-1252 where most of what is not ASCII makes no UTF-8."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not character.isascii() for character in text) - broken if broken else 0
    return WINDOWS if broken > sound else webencodings.UTF8


def refuses_machines(page: str) -> bool:
    """Whether the page itself asks not to be read by language models."""
    return any("noai" in tag.lower() for tag in NOAI_META.findall(page[:200_000]))


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end."""
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Write a frame at once."""
    stream.write(struct.pack(">I", len(content)) + content)
    stream.flush()


def answer_article(page: str) -> bytes:
    """The answer for a page of the web."""
    import trafilatura

    if refuses_machines(page):
        return NOAI
    text = trafilatura.extract(page, fast=True, include_comments=False, output_format="txt")
    return TEXT + (text or "").encode("utf-8", "replace")


def answer_whole(page: str) -> bytes:
    """The answer for a file of one's own."""
    return TEXT + "\n".join(read_html(page)).encode("utf-8", "replace")


def main(read: Callable[[str], bytes]) -> None:
    """Read pages until there are no more."""
    limit_memory()
    # Requests leave first: a page that was asked for late comes late, while parsing can use the time of waiting.
    if hasattr(os, "nice"):
        os.nice(5)
    read("")  # loads the library
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not get between the frames
    write_frame(sink, b"")
    while (frame := read_frame(source)) is not None:
        charset, _, body = frame.partition(b"\n")
        try:
            answer = read(decode(body, charset.decode("ascii", "replace")))
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
    main(answer_whole if sys.argv[1:] == ["whole"] else answer_article)
