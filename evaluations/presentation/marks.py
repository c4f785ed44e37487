"""Evidence marks: which stretch of a report belongs to which sentence, carried through Markdown rendering. Pure.

A sentence is where the scorer found it, in characters of the Markdown. Every character of the parsed text keeps
the place it came from, so that a mark survives links, emphasis, tables and escapes. What cannot be traced back
stays unmarked and is shown all the same.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BANDS = ("grounded", "partly", "not_found", "contradicted")
UNMARKED = "no_claim"  # a sentence that claims nothing has neither a mark nor a note
MARK_TAGS = {"mark", "span", "sup"}

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
LINK_END = re.compile(r"\]\(\s*(?:<[^<>\n]*>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
OURS = re.compile(r"</?span[^>]*>|</?mark>|<sup>\d+</sup>")
NOTE = re.compile(r"<sup>(\d+)</sup>")


Places = Sequence[int]


class Marks:
    """The sentences of one text, by character: 0 belongs to none, n to the nth."""

    def __init__(self, text: str, sentences: Sequence[dict[str, Any]]) -> None:
        self.text = text
        self.lines = [match.start() for match in LINE.finditer(text)]
        self.bands = [""] + [row["band"] if row["band"] in (*BANDS, UNMARKED) else "partly" for row in sentences]
        self.owner = [0] * (len(text) + 1)
        self.missing = [False] * (len(text) + 1)
        for number, row in enumerate(sentences, 1):
            if row["band"] == UNMARKED:
                continue
            self._fill(self.owner, number, row)
            for fact in row["missing"]:
                self._fill(self.missing, True, fact)
        self.last: dict[int, int] = {}
        self._cursors: dict[int, int] = {}

    def _fill(self, table: list[Any], value: Any, span: dict[str, Any]) -> None:
        start = min(max(0, span["start"]), len(self.text))
        # Never before its start: assigning to a slice that runs backwards would shorten the table.
        end = max(start, min(len(self.text), span["end"]))
        table[start:end] = [value] * (end - start)

    def places_of(self, content: str, line: int) -> list[int]:
        """Where each character of a block's content stands in the text; the block begins in `line`."""
        places: list[int] = []
        for number, piece in enumerate(content.split("\n"), line):
            start, end = self._line(number)
            found = align(piece, self.text, self._cursors.get(number, start), end)
            self._cursors[number] = (found[-1] + 1) if found else self._cursors.get(number, start)
            places += [*found, min(end, len(self.text) - 1)]
        return places[:-1]

    def _line(self, number: int) -> tuple[int, int]:
        if number >= len(self.lines):
            return len(self.text), len(self.text)
        following = self.lines[number + 1] if number + 1 < len(self.lines) else len(self.text)
        return self.lines[number], following

    def note_last(self, piece: int, places: Places) -> None:
        """Remember in which piece of the page each sentence ends."""
        for number in {self.owner[place] for place in places} - {0}:
            self.last[number] = piece

    def html_of(self, content: str, places: Places, piece: int) -> str:
        """The content escaped and marked; a sentence that ends in this piece gets its note."""
        written = []
        for number, indexes in groupby(range(len(content)), lambda i: self.owner[places[i]]):
            run = list(indexes)
            inner = self._with_missing(content, places, run)
            marked = f'<span class="{self.bands[number]}">{inner}</span>' if number and inner.strip() else inner
            note = f"<sup>{number}</sup>" if self.last.get(number) == piece else ""
            written.append(marked + note)
        return "".join(written)

    def _with_missing(self, content: str, places: Places, run: list[int]) -> str:
        pieces = []
        for missing, indexes in groupby(run, lambda i: self.missing[places[i]]):
            text = html.escape("".join(content[i] for i in indexes), quote=False)
            pieces.append(f"<mark>{text}</mark>" if missing and text.strip() else text)
        return "".join(pieces)

    def notes_at(self, piece: int) -> str:
        """The notes of the sentences that end in this link, in order."""
        return "".join(f"<sup>{number}</sup>" for number in sorted(n for n, at in self.last.items() if at == piece))


def align(piece: str, text: str, start: int, end: int) -> list[int]:
    """Where each character of `piece` stands in the text between `start` and `end`, in order."""
    whole = text.find(piece, start, end)
    if whole >= 0:
        return list(range(whole, whole + len(piece)))
    places, position = [], start
    for character in piece:  # such as a table cell, where "\\|" became "|"
        found = text.find(character, position, end)
        position = found + 1 if found >= 0 else position
        places.append(max(start, position - 1))
    return places


def locate(state: StateCore) -> None:
    """A core rule: give every text token the places of its characters, and join neighbours."""
    marks: Marks | None = state.env.get("marks")
    if marks is None:
        return
    for token in state.tokens:
        if token.type == "inline" and token.map and token.children:
            places = marks.places_of(token.content, token.map[0])
            token.children = join_text(place_children(token.children, token.content, places))
        elif token.type in ("fence", "code_block") and token.map:
            content = token.content.removesuffix("\n")
            token.meta["places"] = marks.places_of(content, token.map[0] + (token.type == "fence"))
    for number, token in enumerate(pieces(state.tokens)):
        token.meta["piece"] = number
        marks.note_last(number, token.meta.get("places", ()))
    after_links(state.tokens, marks)


def place_children(children: Sequence[Token], content: str, places: Places) -> list[Token]:
    """The children of one inline token, each with the places of its characters."""
    cursor, address_end = 0, len(content)
    for token in walk(children):
        if token.type == "link_open" and token.markup == "autolink":
            cursor = content.find("<", cursor) + 1
            address_end = content.find(">", cursor)
        elif token.type == "link_close" and token.markup == "autolink":
            cursor, address_end = address_end + 1, len(content)
        elif token.type == "link_close":
            end = LINK_END.search(content, cursor)
            cursor = end.end() if end else cursor
        source = token.markup if token.type == "text_special" else token.content
        if token.children is None and source:
            found = content.find(source, cursor, address_end)
            start = cursor if found < 0 else found
            within = range(start, start + len(source)) if token.type != "text_special" else [start] * len(token.content)
            most = min(len(places), address_end) - 1  # an address is longer where it is shown in plain characters
            token.meta["places"] = [places[min(place, most)] for place in within] if places else []
            cursor = min(start + len(source), address_end)
    return list(children)


def walk(children: Iterable[Token]) -> Iterator[Token]:
    """Tokens in reading order, the insides of pictures included."""
    for token in children:
        yield token
        yield from walk(token.children or ())


def join_text(children: Sequence[Token]) -> list[Token]:
    """Neighbouring text as one token, as the parser's own rule does it, with the places of all."""
    kept: list[Token] = []
    for token in children:
        if token.children:
            token.children = join_text(token.children)
        if token.type == "text_special":
            token.type = "text"
        if token.type == "text" and kept and kept[-1].type == "text":
            kept[-1].content += token.content
            kept[-1].meta["places"] = [*kept[-1].meta.get("places", ()), *token.meta.get("places", ())]
        else:
            kept.append(token)
    return kept


def pieces(tokens: Iterable[Token]) -> Iterator[Token]:
    """Every token that holds text, in reading order."""
    for token in tokens:
        if token.type in ("fence", "code_block", "code_inline", "text"):
            yield token
        elif token.children:
            yield from pieces(token.children)


def after_links(tokens: Iterable[Token], marks: Marks) -> None:
    """A note may not stand inside a link: the link's end takes it."""
    for token in tokens:
        inside: list[int] = []
        depth = 0
        for child in token.children or ():
            depth += child.nesting if child.type in ("link_open", "link_close") else 0
            if depth and "piece" in child.meta:
                inside.append(child.meta["piece"])
            elif child.type == "link_close" and not depth:
                child.meta["piece"] = -1 - inside[0] if inside else 0
                moved = {n: child.meta["piece"] for n, at in marks.last.items() if inside and at in inside}
                marks.last |= moved
                inside = []


def without_marks(markup: str) -> str:
    """A marked report without its marks: what everybody reads while votes are open."""
    return OURS.sub("", markup)


def link_notes(markup: str, anchor: str, labels: Sequence[str]) -> str:
    """A marked report whose notes lead to the evidence below it; `labels` say each sentence's band in words."""

    def link(match: re.Match[str]) -> str:
        number = int(match[1])
        label = html.escape(labels[number - 1]) if number <= len(labels) else ""
        return f'<sup><a href="#{anchor}n{number}" id="{anchor}s{number}" aria-label="{label}">{number}</a></sup>'

    return NOTE.sub(link, markup)
