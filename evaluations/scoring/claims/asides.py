"""Sentences of languages other than English that claim nothing, by their phrases."""

import re
from collections.abc import Sequence

from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.phrasing.phrasings import Phrases

# What cannot be told is said at the beginning; further on it only qualifies a claim.
LEAD = 120
# An opening alone is no claim in a sentence of fewer words; with so few any opening is one.
SHORT, FEW = 9, 3
# A title has no more words.
TITLE_WORDS = 8
_WORD = re.compile(r"\w+")


def is_aside(phrases: Phrases, said: str, facts: tuple[Fact, ...], words: int) -> bool:
    """Whether a sentence, in small letters, speaks of the writing, to the reader, or of what cannot be told."""
    if phrases.preamble.match(said) or phrases.pointer.match(said):
        return True
    if phrases.said.search(said):
        return False
    if phrases.sign_off.match(said):
        return True
    if phrases.denies.search(said, 0, LEAD) and phrases.refusal.search(said, 0, LEAD):
        return True
    if all(fact.kind == "name" for fact in facts) and phrases.remark.fullmatch(said):
        return True
    return not facts and _only_opens(phrases, said, words)


def _only_opens(phrases: Phrases, said: str, words: int) -> bool:
    """Whether an opening is all there is: "Of course!", "Now to the transfers.", "In short:"."""
    if words <= FEW or said.endswith(":"):
        return bool(phrases.opening.match(said))
    return words < SHORT and bool(phrases.turn.match(said))


def is_title(phrases: Sequence[Phrases], line: str) -> bool:
    """Whether a line that is set as a title names its subject only: "Resultados de la jornada". English ones are told
    by their capitals, which other languages do not give to titles."""
    words = _WORD.findall(line.casefold())
    if not phrases or len(words) > TITLE_WORDS or line.rstrip().endswith((".", "!", "?", "…")):
        return False
    return all(one.verbs.isdisjoint(words) for one in phrases)


def leads_on(phrases: Phrases, said: str, facts: tuple[Fact, ...]) -> bool:
    """Whether a line that ends with a colon, in small letters, only says what follows."""
    named = all(fact.kind in ("name", "quote") for fact in facts)
    return bool(phrases.leads_on.match(said)) or (named and bool(phrases.names_what_follows.match(said)))
