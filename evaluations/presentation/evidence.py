"""What supports each sentence of a report, in the few words of each source that a page may quote. Pure.

Bounded by DESIGN.md: 240 characters a sentence, 15 % of a source a page. A page shows at most all reports of a
run, so the share is dealt out over all of them: first to the first sentence of each, then to the second.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from evaluations.scoring.context.documents import Document
from evaluations.scoring.text.sentences import sentence_spans
from evaluations.scoring.text.words import WORD, fold, stem

from .cards import Note

LONGEST_PASSAGE = 240
LARGEST_SHARE = 0.15
SHORTEST_PASSAGE = 30  # less than that shows nothing

Span = tuple[int, int]


def notes_for(
    reports: Sequence[tuple[str, Sequence[dict[str, Any]]]], documents: Sequence[Document]
) -> list[list[Note]]:
    """For each report, given as its text and its scored sentences, a note for each sentence."""
    quotable = Quotable(documents)
    notes: list[list[Note]] = [[] for _ in reports]
    for rank in zip_longest(*(sentences for _, sentences in reports)):
        for place, row in enumerate(rank):
            if row is not None:
                notes[place].append(note(row, reports[place][0], quotable))
    return notes


def note(row: dict[str, Any], text: str, quotable: "Quotable") -> Note:
    """What is known of one sentence."""
    contradicted = row.get("contradicted", ())  # older scorers looked for no contradiction
    passage = next((finding["passage"] for finding in contradicted if finding["passage"]), row["passage"])
    if row["band"] in ("not_found", "no_claim"):
        passage = None
    known = passage is not None and passage["source"] < len(quotable.documents)
    return Note(
        band=row["band"],
        source=passage["source"] if passage and known else None,
        passage=quotable.quote(passage, text[row["start"] : row["end"]]) if passage and known else "",
        missing=tuple(fact["text"] for fact in row["missing"]),
        contradicted=tuple(dict.fromkeys(finding["text"] for finding in contradicted)),
    )


class Quotable:
    """The sources, and what of each has been quoted so far."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.quoted: dict[int, set[int]] = {}

    def quote(self, passage: dict[str, int], sentence: str) -> str:
        """The part of a passage that says most of the sentence; "" where nothing more may be quoted."""
        source = passage["source"]
        text = self.documents[source].text
        start, end = best_part(text, (passage["start"], passage["end"]), sentence)
        quoted = self.quoted.setdefault(source, set())
        room = int(LARGEST_SHARE * len(text)) - len(quoted)
        fresh = sum(place not in quoted for place in range(start, end))
        if fresh > room:
            end = cut_at_word(text, start, start + room)
        if end - start < min(SHORTEST_PASSAGE, len(text)):
            return ""
        quoted.update(range(start, end))
        words = " ".join(text[start:end].split())
        return words if end >= len(text) or text[end - 1] in '.!?…"”' else f"{words} …"


def best_part(text: str, passage: Span, sentence: str) -> Span:
    """The sentence of the passage that shares most words with the report's, cut to what may be shown."""
    wanted = set(stems(sentence))
    spans = [(passage[0] + start, passage[0] + end) for start, end in sentence_spans(text[slice(*passage)])]
    if not spans:
        return passage[0], passage[0]
    start, end = max(spans, key=lambda span: (len(wanted.intersection(stems(text[slice(*span)]))), -span[0]))
    return start, cut_at_word(text, start, start + LONGEST_PASSAGE - 2) if end - start > LONGEST_PASSAGE else end


def cut_at_word(text: str, start: int, end: int) -> int:
    """The last end of a word at or before `end`."""
    if end <= start:
        return start
    if end >= len(text):
        return len(text)
    space = re.search(r"\s\S*$", text[start : end + 1])
    return start + space.start() if space else end


def stems(text: str) -> Iterator[str]:
    """The stems of the words that carry content."""
    return filter(None, (stem(fold(word)) for word in WORD.findall(text)))
