"""A report as its readers see it: markup and character references resolved, letters folded, every place known. Pure.

Folding brings together what looks alike: compatibility forms, accents, invisible characters, letters of other scripts
that look like Latin ones (the confusables table of Unicode), enclosed and small capital letters. It keeps the case.
"""

import html
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote_to_bytes

SOFT = "\x1f"  # stands where markup stood, which a reader may not see at all
VISIBLE = re.compile(f"[^{SOFT}]++")
APART = "\n\n"  # between the running text and each address or hidden text behind it

FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # blank, though no format characters
LATIN_NAME = re.compile(r"\b(?:LATIN|SYMBOL)\b.* ?LETTER (?:SMALL CAPITAL )?(?:[A-Z]{2,} )?([A-Z])(?: WITH\b|$)")
HIDDEN_TAG = re.compile("[\U000e0020-\U000e007e]+")

PIECE = re.compile(
    r"(?P<plain>[^&<\[\]\\%*_~`]++)"
    r"|(?P<reference>&(?:amp;){0,4}(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<percents>(?:%(?:25){0,3}[0-9a-fA-F]{2})++)"
    r"|(?P<address>\]\((?:[^()\n\\]|\\.|\([^()\n]*+\)){0,4000}+\))"
    r"|(?P<markup>[*_~`]++|\\(?=[!-/:-@\[-`{-~])|[\[\]])"
    r"|(?P<tag><(?![A-Za-z][\w+.-]{0,30}:|[^\s<>@]{1,64}@)[/!?A-Za-z][^<>\n]{0,300}+>)"
    r"|(?P<sign>.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A folded text; its ith character stands at `starts[i]` to `ends[i]` of the text as it was written.

    From `behind` on: the addresses of links, and what only programs see, each on a line of its own.
    """

    text: str
    starts: "array[int]"
    ends: "array[int]"
    behind: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where these characters stand in the text as it was written."""
        return self.starts[start], self.ends[end - 1]

    def without_markup(self) -> "Reading":
        """Without the markup: "Cl*aude*" is one word."""
        if SOFT not in self.text:
            return self
        starts, ends = array("l"), array("l")
        for piece in VISIBLE.finditer(self.text):
            starts += self.starts[slice(*piece.span())]
            ends += self.ends[slice(*piece.span())]
        behind = self.behind - self.text.count(SOFT, 0, self.behind)
        return Reading(self.text.replace(SOFT, ""), starts, ends, behind)

    def with_gaps(self) -> "Reading":
        """With a space for markup: "claude_sonnet" is two words."""
        return Reading(self.text.replace(SOFT, " "), self.starts, self.ends, self.behind)


class _Writer:
    """Collects folded characters with their places."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts = array("l")
        self.ends = array("l")

    def put(self, text: str, start: int, end: int) -> None:
        """All these characters come from one stretch."""
        self.parts.append(text)
        self.starts.extend([start] * len(text))
        self.ends.extend([end] * len(text))

    def put_plain(self, text: str, start: int) -> None:
        """Each character comes from its own place."""
        if text.isascii():
            self.parts.append(text.translate(CONTROLS))
            self.starts.extend(range(start, start + len(text)))
            self.ends.extend(range(start + 1, start + len(text) + 1))
            return
        for run in RUN.finditer(text):
            if run.lastgroup:
                self.put_plain(run[0], start + run.start())
                continue
            for place, character in enumerate(run[0], start + run.start()):
                self.put(folded_character(character), place, place + 1)


RUN = re.compile(r"(?P<ascii>[\x00-\x7f]++)|[^\x00-\x7f]++")
CONTROLS = {code: " " for code in range(32) if chr(code) not in "\n\r"} | {127: " "}


def read(markdown: str) -> Reading:
    """A report's Markdown as a reader sees it; where links lead, and hidden text, stand behind. Linear time."""
    running, behind = _Writer(), _Writer()
    addresses = list(_read_pieces(markdown, 0, len(markdown), running))
    length = len("".join(running.parts))
    for start, end in addresses:
        behind.put(APART, start, start)
        list(_read_pieces(markdown, start, end, behind))
    for match in HIDDEN_TAG.finditer(markdown):
        behind.put(APART, match.start(), match.start())
        behind.put("".join(chr(ord(tag) - 0xE0000) for tag in match[0]), *match.span())
    text = "".join((*running.parts, *behind.parts))
    return Reading(text, running.starts + behind.starts, running.ends + behind.ends, length)


def _read_pieces(markdown: str, start: int, end: int, writer: _Writer) -> Iterator[tuple[int, int]]:
    """Write a stretch of the text; yields where the addresses of its links stand, and the insides of tags."""
    for match in PIECE.finditer(markdown, start, end):
        kind, place = match.lastgroup, match.start()
        if kind in ("plain", "sign"):
            writer.put_plain(match[0], place)
        elif kind in ("markup", "tag"):
            writer.put(SOFT, *match.span())
            if kind == "tag":  # a reader sees it as it is
                yield place + 1, match.end() - 1
        elif kind == "address":
            writer.put(SOFT, *match.span())
            yield place + 2, match.end() - 1
        else:
            plain = unescape(match[0]) if kind == "reference" else decode_percents(match[0])
            writer.put("".join(map(folded_character, plain)), *match.span())


def unescape(reference: str) -> str:
    """What a character reference stands for, also one that was written as references itself."""
    for _ in range(5):
        reference = html.unescape(reference)
    return reference


def decode_percents(percents: str) -> str:
    """What percents stand for, those that were encoded again included."""
    for _ in range(4):
        percents = unquote_to_bytes(percents).decode(errors="replace")
    return percents


def fold(text: str) -> str:
    """A text folded, in lower case, without its places: names, phrases, sources."""
    return (text if text.isascii() else "".join(map(folded_character, text))).lower()


@cache
def folded_character(character: str) -> str:
    """What a character looks like; "" for one that nobody sees. The result keeps its length in lower case."""
    if character.isascii():
        return character if character.isprintable() or character in "\n\r" else " "
    if unicodedata.category(character) == "Cf" or character in FILLERS or HIDDEN_TAG.match(character):
        return ""
    if character.isspace():
        return "\n" if character in "\u2028\u2029\x85" else " "
    if named := LATIN_NAME.search(unicodedata.name(character, "")):
        return named[1].lower() if " SMALL LETTER" in unicodedata.name(character) else named[1]
    plain = [
        part for part in unicodedata.normalize("NFKD", character) if unicodedata.category(part) not in ("Mn", "Me")
    ]
    return "".join(same_length(look_alike(part)) for part in plain)


def look_alike(character: str) -> str:
    """The Latin letter or the digit that this character looks like, itself or in its other case; else itself."""
    if character.isascii():
        return character
    if found := confusable(character):
        return found
    if found := confusable(character.swapcase()):
        return found.swapcase()
    return character.casefold() if len(character.casefold()) > 1 else character


def confusable(character: str) -> str:
    """The Latin letter or the digit that the confusables table of Unicode has for a character; "" for none."""
    # A tenth of a second for the table: only texts with other letters than Latin ones pay for it.
    from confusable_homoglyphs.confusables import confusables_data

    alike: Iterable[str] = (row["c"] for row in confusables_data.get(character, ()))
    return next((other for other in alike if len(other) == 1 and other.isascii() and other.isalnum()), "")


def same_length(text: str) -> str:
    """The text, or its lower case where that is longer."""
    return text if len(text.lower()) == len(text) else text.lower()
