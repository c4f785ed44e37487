"""Takes sentences and table rows out of sources, and knows which subject a sentence is about."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluations.sandbox.reading import Source
from evaluations.sandbox.searching import stems

SUBJECTS = {
    "transfer": "transfer fee signed signing sign loan joined joins million deal window sold bid move medical buy",
    "manage": "manager managerial head coach appointed appoint dismissed sacked resigned caretaker interim successor "
    "charge contract replaced",
    "fixtur": "fixture host hosts visit kick-off kick kicks off saturday round travel meet play beat draw won goal "
    "goals minute score scored victory defeat",
    "result": "beat beaten draw drew won lost goal goals minute score scored victory defeat winner equaliser",
    "match": "beat beaten draw drew won lost goal goals minute score scored host visit kick-off",
    "standi": "points table top bottom leaders place places second third fourth ahead behind goal difference lead",
    "table": "points table top bottom leaders place places second third fourth ahead behind goal difference lead",
    "league": "league points table season club clubs",
}
NO_BREAK = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs?|e\.g|i\.e|approx|Jr|Sr)\.$")


@dataclass(frozen=True)
class Sentence:
    """One sentence of one source; `stems` are its words for comparing."""

    text: str
    source: int
    position: int
    stems: frozenset[str]

    @property
    def words(self) -> int:
        """How many words a reader counts."""
        return len(self.text.split())


def sentences_of(sources: Iterable[Source]) -> list[Sentence]:
    """All usable sentences of all sources, without repetitions."""
    found: list[Sentence] = []
    seen: set[str] = set()
    for index, source in enumerate(sources):
        for position, text in enumerate(split_text(source.text)):
            if text.lower() not in seen:
                seen.add(text.lower())
                found.append(Sentence(text, index, position, frozenset(stems(text))))
    return found


def split_text(text: str) -> Iterator[str]:
    """Whole sentences of 5 to 60 words; headings, table lines and fragments are left out."""
    for paragraph in re.split(r"\n+", text):
        line = re.sub(r"^\s*(?:[-*•>]|\d+[.)])\s+", "", paragraph).strip()
        if line.startswith(("|", "#", "<")):
            continue
        for piece in join_abbreviations(re.split(r"(?<=[.!?])\s+(?=[\"“‘'(]?[A-Z0-9])", line)):
            clean = tidy(piece)
            if 5 <= len(clean.split()) <= 60 and re.search(r"[.!?][\"”’')]*$", clean):
                yield clean


def join_abbreviations(pieces: Iterable[str]) -> Iterator[str]:
    """Joins pieces that were cut after an initial or an abbreviation, or inside a quotation."""
    pending = ""
    for piece in pieces:
        pending = f"{pending} {piece}" if pending else piece
        if NO_BREAK.search(pending) or pending.count("“") > pending.count("”") or pending.count('"') % 2:
            continue
        yield pending
        pending = ""
    if pending:
        yield pending


def tidy(piece: str) -> str:
    """A sentence without Markdown marks and doubled space."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", piece)
    return re.sub(r"\s+", " ", re.sub(r"(\*\*|__|`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w))", "", plain)).strip()


def subject_stems(heading: str) -> frozenset[str]:
    """The stems that speak for a heading: its own words, and what belongs to a well-known subject."""
    own = set(stems(heading))
    related = (stem for key, words in SUBJECTS.items() if key in own for stem in stems(words))
    return frozenset(own.union(related))


@dataclass(frozen=True)
class Row:
    """One line of a table, as column name to cell."""

    cells: dict[str, str]
    source: int


def table_rows(sources: Iterable[Source]) -> list[Row]:
    """The rows of the Markdown tables in the sources."""
    found: list[Row] = []
    for index, source in enumerate(sources):
        header: list[str] = []
        for line in source.text.splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not line.lstrip().startswith("|"):
                header = []
            elif not header:
                header = cells
            elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells) and len(cells) == len(header):
                found.append(Row(dict(zip(header, cells, strict=True)), index))
    return found
