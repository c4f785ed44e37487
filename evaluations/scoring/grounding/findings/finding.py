"""What a source says otherwise: the words of the report, the kind of the difference, and where the source says it."""

from typing import NamedTuple

from evaluations.scoring.context.index import Passage


class Finding(NamedTuple):
    """One difference: its kind, the place of the words, and the number of the source's sentence."""

    kind: str
    start: int
    end: int
    row: int


class Contradiction(NamedTuple):
    """One difference with the passage that says otherwise; where the two sentences agree too little it is no more
    than a doubt."""

    kind: str
    start: int
    end: int
    passage: Passage
    certain: bool
