"""Whether a rendered report still says every word that its model wrote. Pure.

Words are compared as a reader gets them: rendered, decoded, without the marks of the page itself.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from markdown_it.token import Token

from .marks import without_marks
from .wording.plain_lines import ENTITY, OVERRIDES

HOST_OR_TAG = re.compile(r"<bdi>[^<]*</bdi>|<(/?\w+)([^>]*)>")
HREF = re.compile(r'href="([^"]*)"')
NUMBER = re.compile(r'(?:start|value)="(\d+)"')
ENTITIES_IN_ENTITIES = 4
INTERNATIONAL = re.compile(r"\bxn--([a-z0-9-]{1,59})", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+|[^\x00-\x7f\s]|[$%?]")


def words(text: str) -> Counter[str]:
    """How often each word occurs: runs of letters and digits, and signs that no markup is made of.

    The same for all ways to write them: `&eacute;`, `%C3%A9`, `xn--caf-dma` for `café`, and 07 for 7.
    """
    for _ in range(ENTITIES_IN_ENTITIES):
        before, text = text, ENTITY.sub(lambda match: html.unescape(match[0]), text)
        if text == before:
            break
    text = INTERNATIONAL.sub(international, unquote(text)).translate(OVERRIDES).casefold()
    return Counter(word.lstrip("0") or "0" for word in WORD.findall(text))


def international(match: re.Match[str]) -> str:
    """A label of a host in its own letters, where it has any."""
    try:
        return match[1].encode().decode("punycode")
    except UnicodeError:
        return match[0]


def words_shown(markup: str) -> Counter[str]:
    """The words that a reader gets of a report's HTML: its text, the numbers before its items, and the addresses
    of its links, except where they are the text. Hosts and numbers of notes do not count: we added them."""
    address = ""
    numbers: list[int | None] = []

    def instead(match: re.Match[str]) -> str:
        nonlocal address
        tag, attributes = match[1], match[2]
        if tag is None:  # a host: the link before it was written with an address
            return f" {address} "
        if tag == "br":  # written as one, or as a line break: what is too much here hides no word
            return " br "
        if tag == "a":
            found = HREF.search(attributes)
            address = found[1] if found else ""
        elif tag in ("ol", "ul"):
            found = NUMBER.search(attributes)
            numbers.append((int(found[1]) if found else 1) if tag == "ol" else None)
        elif tag in ("/ol", "/ul") and numbers:
            numbers.pop()
        elif tag == "li" and numbers and numbers[-1] is not None:
            found = NUMBER.search(attributes)
            number = int(found[1]) if found else numbers[-1]
            numbers[-1] = number + 1
            return f" {number} "
        return " "

    return words(html.unescape(HOST_OR_TAG.sub(instead, without_marks(markup))))


def picture_addresses(tokens: Sequence[Token]) -> Iterator[str]:
    """The addresses of all pictures: these alone are not shown, since nothing is loaded."""
    for token in tokens:
        if token.type == "image":
            yield str(token.attrs["src"])
        yield from picture_addresses(token.children or ())
