"""Where a sentence says that it has something: "Based on the given passages,", "(source 2)", "The article notes that".

That is said of the sources and stands in none of them, so it is neither looked for there nor weighed; the ledger of
citations reads it. Only what speaks of the material as such is left out: "according to reports" is a claim.
"""

import re

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
_OTHERS = (
    # German
    r"(?:(?:basierend auf|auf (?:grundlage|basis)|laut|gemäß|nach) (?:der |den |dem |diesen |dieser )?"
    r"(?:vorliegenden |angegebenen |bereitgestellten |obigen )?(?:quellen?|texten?|artikeln?|abschnitten?|passagen?"
    rf"|dokumenten?){_NUMBERS}?)"
    # Spanish and Portuguese
    r"|(?:(?:según|de acuerdo con|con base en|segundo|de acordo com|com base n[ao]s?)"
    r" (?:el |la |los |las |o |a |os |as |estos |estas )?"
    r"(?:fuentes?|textos?|artículos?|pasajes?|documentos?|fontes?|artigos?|passagens)"
    rf"(?: (?:proporcionad|dad|fornecid|apresentad)[ao]s?)?{_NUMBERS}?)"
    # French
    r"|(?:(?:selon|d['’]après|sur la base (?:de |des )?) ?(?:l['’]|le |la |les |ces )?(?:sources?|textes?|articles?"
    rf"|passages?|documents?)(?: (?:fourni|donné)e?s?)?{_NUMBERS}?)"
    # Italian
    r"|(?:(?:secondo|in base (?:a|al|alle?|agli|ai)) (?:il |la |i |gli |le |l['’])?(?:fonti?|fonte|testi?|testo"
    rf"|articol[oi]|passagg[io]+|document[oi])(?: fornit[ie])?{_NUMBERS}?)"
)
_SOURCING = re.compile(
    rf"[(\[](?:see |from |{_SAID_IN})?(?:the )?{_NOUN}{_NUMBERS}[)\]]"
    rf"|(?<!\w)(?:based (?:solely |only |primarily )?on|according to|as per|{_SAID_IN}) ?{_THE_SOURCES}(?!\w),?"
    rf"|(?:\A|(?<=[,;:.] )|(?<=\n))(?:{_THE} {_GIVEN}{{0,2}}{_NOUN}{_NUMBERS}?|{_NOUN}{_NUMBERS})"
    rf" (?:also |further |specifically |then ){{0,2}}{_TELLS}(?: that)?(?!\w)"
    rf"|(?:\A|(?<=[.] )|(?<=\n))(?:from|using) {_THE_SOURCES},"
    rf"|(?<!\w)(?:{_OTHERS})(?!\w),?",
    re.IGNORECASE,
)
# What is looked for has one of these words, so that other texts cost nothing.
_HINT = re.compile(
    r"passag|source|article|text|document|excerpt|snippet|search result|quelle|artikel|abschnitt|dokument|fuente"
    r"|artículo|pasaje|fonte|fonti|artigo|articol|testi|testo",
    re.IGNORECASE,
)


_POINTER = re.compile(rf"\b(?:{_NOUN}|quellen?|fuentes?|fontes?|fonti)({_NUMBERS})(?![\w%]|[.,]\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,2}")


def source_numbers(text: str) -> tuple[int, ...]:
    """The numbers of the sources that a text names: "passage 2", "(sources 1 and 3)"."""
    if not _HINT.search(text):
        return ()
    return tuple(int(number) for match in _POINTER.finditer(text) for number in _NUMBER.findall(match[1]))


def without_sourcing(text: str) -> str:
    """The text with that blanked: same length, same place for every word."""
    return _SOURCING.sub(blank, text) if _HINT.search(text) else text
