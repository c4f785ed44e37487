"""Takes sentences out of sources, and knows which subject a sentence is about."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .material import Source
from .subjects import signs, stems
from .tables import rows_of, sentence_of

NO_BREAK = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs?|e\.g|i\.e|approx|Jr|Sr)\.$")
SENTENCE_GAP = re.compile(r"(?<=[.!?])\s+(?=[\"“‘'(]?[A-Z0-9])|(?<=[.!?][\"”’)])\s+(?=[\"“‘'(]?[A-Z0-9])")
LIST_MARK = re.compile(r"^\s*(?:[-*•>]|\d+[.)])\s+")
MARKS = re.compile(r"(\*\*|__|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w))")
PRONOUN = re.compile(r"\b(?:he|him|she|her|they|them|his)\b")
NAME = re.compile(r"(?<=\w )[A-Z][a-z]")
FULL_NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]+")
POINTS_BACK = re.compile(r"(?:He|She|It|They|His|Her|Its|Their|That|This|Then|There|These|Those)\b")


@dataclass(frozen=True)
class Sentence:
    """One sentence of one source; `stems` are its words for comparing, `position` its place in the source."""

    text: str
    source: int
    position: int
    stems: frozenset[str]

    @property
    def words(self) -> int:
        """How many words a reader counts."""
        return len(self.text.split())

    @property
    def stands_alone(self) -> float:
        """How well it reads without its neighbours, up to 1."""
        if POINTS_BACK.match(self.text) or (PRONOUN.search(self.text) and not FULL_NAME.search(self.text)):
            return 0.4
        if self.text[0] in "\"“'(":
            return 0.6
        return 1.0 if NAME.search(self.text) else 0.7


def sentences_of(sources: Iterable[Source]) -> list[Sentence]:
    """All usable sentences of all sources, without repetitions."""
    found: dict[str, Sentence] = {}
    for index, source in enumerate(sources):
        for position, text in enumerate(split_text(source.text)):
            found.setdefault(text.lower(), Sentence(text, index, position, frozenset(stems(text) + signs(text))))
    return list(found.values())


def split_text(text: str) -> Iterator[str]:
    """Whole sentences of 4 to 60 words, tables put into words; headings and fragments are left out."""
    for paragraph in re.split(r"\n\n+", text):
        yield from (sentence_of(row) for row in rows_of(paragraph))
        for line in paragraph.split("\n"):
            if line.count("|") < 4 and not line.startswith(("#", "<")):
                yield from filter(is_usable, whole_sentences(LIST_MARK.sub("", line).strip()))


def is_usable(text: str) -> bool:
    """Whether it is a sentence and not a fragment."""
    return 4 <= len(text.split()) <= 60 and bool(re.search(r"[.!?][\"”’')]*$", text))


def whole_sentences(line: str) -> Iterator[str]:
    """A line cut into sentences; not after an abbreviation, and not inside a quotation."""
    pending = ""
    for piece in SENTENCE_GAP.split(line):
        pending = f"{pending} {piece}" if pending else piece
        if NO_BREAK.search(pending) or pending.count("“") > pending.count("”") or pending.count('"') % 2:
            continue
        yield tidy(pending)
        pending = ""
    if pending:
        yield tidy(pending)


def tidy(piece: str) -> str:
    """A sentence without Markdown marks, links and doubled space."""
    plain = re.sub(r"\[([^\[\]]{0,300})\]\([^()]{0,600}\)", r"\1", piece)
    return re.sub(r"\s+", " ", MARKS.sub("", plain)).strip()
