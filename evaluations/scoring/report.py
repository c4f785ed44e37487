"""A report, read once: its sentences, their stems and their facts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from evaluations.scoring.claims.asides import is_title
from evaluations.scoring.claims.claims import announces, claims_nothing
from evaluations.scoring.claims.sourcing import lead_ins, source_numbers, without_sourcing
from evaluations.scoring.facts.facts import Fact, names, numeric_facts, quotes
from evaluations.scoring.languages.english import ENGLISH
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.phrasing.phrasings import Phrases, phrases_in
from evaluations.scoring.text.markup import blank, without_marks
from evaluations.scoring.text.sentences import sentence_spans
from evaluations.scoring.text.words import WORD, fold

# Longer reports are read up to here and flagged: far beyond any answer a run pays for.
LONGEST_REPORT = 60_000
MOST_SENTENCES = 5_000
MOST_QUOTES = 200
# What a report numbers itself, or its material: "Passage 2", "sources 1 and 3", "step 4". No fact of the matter.
_OWN_NUMBERS = re.compile(
    r"\b(?i:passages?|sources?|documents?|excerpts?|snippets?|steps?) (?:no\. ?|#)?\d{1,2}"
    r"(?:(?:, ?| ?[–-] ?|,? (?:and|to|und|y|et|e) )\d{1,2}){0,9}(?![\w%]|[.,]\d)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a report: its place, its text without marks, its words (folded), its facts, whether it claims
    anything, and the numbers of the sources that it says it has something from."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    facts: tuple[Fact, ...]
    claim: bool
    pointers: tuple[int, ...] = ()


def read_report(text: str, pack: LanguagePack = ENGLISH) -> tuple[Sentence, ...]:
    """The sentences of a report that hold at least one word."""
    marked = without_marks(text[:LONGEST_REPORT])
    phrases = phrases_in(marked)
    led, bare = _without_frame(marked, phrases)
    plain = _without_own_numbers(bare, phrases)
    numeric = numeric_facts(plain, pack) + list(islice(quotes(marked), MOST_QUOTES))
    numeric.sort(key=lambda fact: (fact.start, fact.end))
    sentences, next_fact = [], 0
    for start, end in sentence_spans(marked):
        matches = list(WORD.finditer(marked, start, end))
        facts = []
        while next_fact < len(numeric) and numeric[next_fact].start < end:
            facts.append(numeric[next_fact])
            next_fact += 1
        if not matches:
            continue
        named = names(plain, list(WORD.finditer(plain, start, end)), pack)
        facts += [name for name in named if not _is_within(name, facts)]
        said = list(WORD.finditer(bare, start, end))
        words = tuple(fold(match.group()) for match in said or matches)
        ordered = tuple(sorted(facts, key=lambda f: (f.start, f.end)))
        claim = bool(said) and not (
            claims_nothing(led[start:end], ordered, phrases)
            or announces(bare[start:end], ordered, phrases)
            or (not ordered and _is_marked_as_title(text, start, end) and is_title(phrases, marked[start:end]))
        )
        pointers = source_numbers(marked[start:end], phrases)
        sentences.append(Sentence(start, end, bare[start:end], words, ordered, claim, pointers))
        if len(sentences) == MOST_SENTENCES:
            break
    return tuple(sentences)


def _is_marked_as_title(text: str, start: int, end: int) -> bool:
    """Whether Markdown makes a line a heading, or prints all of it in bold."""
    before = text[max(0, start - 4) : start].rstrip(" \t")
    return before.endswith("#") or (before.endswith("**") and text.startswith("**", end))


def _without_frame(marked: str, phrases: Sequence[Phrases]) -> tuple[str, str]:
    """A text without what leads into its claims, and the same without where they stand either."""
    led, bare = marked, without_sourcing(marked, phrases)
    for match in lead_ins(bare, phrases):
        gap = blank(match)
        led, bare = (text[: match.start()] + gap + text[match.end() :] for text in (led, bare))
    return led, bare


def _without_own_numbers(text: str, phrases: Sequence[Phrases]) -> str:
    text = _OWN_NUMBERS.sub(blank, text)
    for one in phrases:
        text = one.own_numbers.sub(blank, text)
    return text


def _is_within(name: Fact, facts: Sequence[Fact]) -> bool:
    """Whether capitals belong to a number: "CHF 45m", "45 million Australian dollars"."""
    return any(fact.start <= name.start and name.end <= fact.end for fact in facts if fact.kind != "quote")


def given_words(output_format: Mapping[str, Any]) -> frozenset[tuple[str, ...]]:
    """What a format dictates word for word: its section headings and its ending, as folded words."""
    texts = [section["heading"] for section in output_format.get("sections", [])]
    texts.append(output_format.get("ends_with", ""))
    return frozenset(tuple(fold(word) for word in WORD.findall(text)) for text in texts)
