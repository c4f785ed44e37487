"""Where a sentence says that it has something: "Based on the given passages,", "(source 2)", "The article notes that".

That is said of the sources and stands in none of them, so it is neither looked for there nor weighed; the ledger of
citations reads it. Only what speaks of the material as such is left out: "according to reports" is a claim.
"""

import re
from collections.abc import Iterator, Sequence

from evaluations.scoring.phrasing.phrasings import Phrases
from evaluations.scoring.text.markup import blank

_NOUN = r"(?:passages?|sources?|articles?|texts?|documents?|excerpts?|snippets?|contexts?|search results?)"
_NUMBERS = r"(?: (?:no\. ?|#)?\d{1,2}(?:(?:, ?| ?[–-] ?|,? (?:and|to|und|y|et|e|&) )(?:passage |source )?\d{1,2}){0,9})"
_GIVEN = r"(?:(?:given|provided|above|supplied|available|following|locked|first|second|third|last|news) )"
_THE = r"(?:the|this|these|those|all|both)"
# "The documents" may be others than the material where more is said of them: "the documents that he signed".
_THE_SOURCES = (
    rf"(?:{_THE} (?:{_GIVEN}{{1,2}}{_NOUN}{_NUMBERS}?(?! of\b)|{_NOUN}(?=[ \t]*(?:[,.;:!)\]\n]|\Z)))"
    rf"|(?:{_THE} )?{_NOUN}{_NUMBERS})"
)
_SAID_IN = r"(?:(?:as )?(?:mentioned|described|stated|noted|explained|outlined|reported|given|shown|found) (?:in|by) )"
_TELLS = (
    r"(?:states?|mentions?|notes?|says?|explains?|describes?|discuss(?:es)?|adds?|reports?|clarif(?:y|ies)"
    r"|reiterates?|tells? us|provides? (?:information|instructions|details|an overview) (?:on|about|for))"
)
_SOURCING = re.compile(
    rf"[(\[](?:see |from |{_SAID_IN})?(?:the )?{_NOUN}{_NUMBERS}[)\]]"
    rf"|(?<!\w)(?:based (?:solely |only |primarily )?on|according to|as per|{_SAID_IN}) ?{_THE_SOURCES}(?!\w),?"
    rf"|(?:\A|(?<=[,;:.] )|(?<=\n))(?:{_THE} {_GIVEN}{{0,2}}{_NOUN}{_NUMBERS}?|{_NOUN}{_NUMBERS})"
    rf" (?:also |further |specifically |then ){{0,2}}{_TELLS}(?: that)?(?!\w)"
    rf"|(?:\A|(?<=[.] )|(?<=\n))(?:from|using) {_THE_SOURCES},",
    re.IGNORECASE,
)
# What is looked for has one of these words, so that other texts cost nothing.
_HINT = re.compile(r"passag|source|article|text|document|excerpt|snippet|search result", re.IGNORECASE)
_POINTER = re.compile(rf"\b{_NOUN}({_NUMBERS})(?![\w%]|[.,]\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}")
# "Here is a summary of the article in 87 words:" before its first claim on the same line.
_LEAD_IN = re.compile(
    r"(?:\A|(?<=\n))[^\S\n]*+(?:(?:sure|certainly|of course|absolutely|okay)[,.!]{0,2} )?here(?: is|['’]s) "
    r"(?:an?|the|my|your) [^.:;!?\d\n]{0,60}?(?:summary|overview|recap|report|round-?up|digest)\b"
    r"[^.:;!?\n]{0,60}:(?=[^\S\n]*\S)",
    re.IGNORECASE,
)


def source_numbers(text: str, phrases: Sequence[Phrases] = ()) -> tuple[int, ...]:
    """The numbers of the sources that a text names: "passage 2", "(sources 1 and 3)"."""
    found = [match[1] for match in _POINTER.finditer(text)] if _HINT.search(text) else []
    found += [match[1] for one in phrases for match in one.source_numbers.finditer(text)]
    return tuple(dict.fromkeys(int(number) for numbers in found for number in _NUMBER.findall(numbers)))


def without_sourcing(text: str, phrases: Sequence[Phrases] = ()) -> str:
    """The text with that blanked: same length, same place for every word."""
    if _HINT.search(text):
        text = _SOURCING.sub(blank, text)
    for one in phrases:
        if one.material.search(text):
            text = one.sourcing.sub(blank, text)
    return text


def lead_ins(text: str, phrases: Sequence[Phrases]) -> Iterator[re.Match[str]]:
    """What stands before a claim and only shows it: "Voici un résumé en 80 mots :". A text without its sourcing."""
    yield from _LEAD_IN.finditer(text)
    for one in phrases:
        yield from one.lead_in.finditer(text)
