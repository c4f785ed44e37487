"""Where sentences begin and end."""

import re
from collections.abc import Iterator

from evaluations.scoring.text.words import word_list

_END = re.compile(r"[.!?…](?<![.!?…]{2})[.!?…]*+[\"'”’»)\]]*+(?:[ \u00a0\u202f]»)?(?=\s)|[。！？।॥]+[」』”]*")
_NUMBER_ALONE = re.compile(r"\s*\d{1,3}\.")
_LAST_WORD = re.compile(r"(\S{1,12})\.$")
_ABBREVIATIONS = frozenset(
    word_list(
        """mr mrs ms dr prof sr jr st vs v no nos fig eq approx est dept inc ltd co corp gov gen sen rep
        rev hon capt
        lt col sgt etc al e.g i.e eg ie cf ca c p pp vol ed eds u.s u.k a.m p.m jan feb mar apr jun jul aug
        sep sept
        oct nov dec min mins max mio mrd tsd nr bzw ca z.b u.a d.h usw vgl sog evtl hr str inkl exkl zzgl sra srta
        dra ud uds ee.uu avda núm aprox p.ej mm mme mlle env art sig sigg dott avv ecc pag exmo janv févr avr juil
        déc set ott okt dez geb gest verh ehem gegr jh jhd sek bspw ggf zzt dipl hl abb anm aufl hrsg
        págs núms dto dña excmo excma ilmo admón cía gral sto vds pdte lic srs sras mgr mlles apr j.-c c.-à-d
        sig.ra sig.na dott.ssa prof.ssa pagg artt s.p.a s.r.l a.c geom sres profa enga exma séc sécs ltda"""
    )
)
# Two words that are one abbreviation, of which the second alone is a word: "p. ej.", "p. ex.", "ad es.".
_TWO_WORDS = re.compile(r"(?<!\w)(?:p\. ?e[jx]|por ej|ad es)\.$", re.IGNORECASE)
# Spanish plurals in letters told twice: the first half of "EE. UU." ends nothing, the second only before an opener.
_TWICE = re.compile(r"([A-Z])\1\.")
_TWO_PLURALS = re.compile(r"(?<!\w)([A-Z])\1\.\s?([A-Z])\2\.$")
_SPANISH_OPENERS = frozenset(
    word_list("""El La Los Las Un Una Su Sus Este Esta En A Al Con Por Para Según Tras Sin Pero Y Además También Ahora
        Es No Se Lo""")
)
# With a capital these are parts of names: "El Al", "Al" for Alan.
_NAMES = frozenset(("Al", "Est"))
# German numbers that say which one, or which day: "in der 70. Minute", "mit seinem 25. Tor", "Berlin, 14. November".
_WHICH_ONE = re.compile(
    r"(?<!\w)(?:(?:im|(?<!i )am|zum|zur|vom|beim|ab|bis|seit)\s(?:\d{1,3}|(?-i:[IVX]{2,5}))"
    r"|(?:der|die|das|dem|den|des|(?:sein|ihr|mein|unser|jed|dies)(?:e[mnrs]?)?)"
    r"\s(?:\d{1,4}|\d\.\d{3}|(?-i:[IVX]{2,5})))\.$",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:^|[,;(–]|\b(?:und|bis|oder|sowie)|[a-zä](?:tag|woch|abend))\s?\d{1,2}\.$")
_MONTHS = tuple(word_list("Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember"))
_WORD = re.compile(r"\w+")
# What begins a sentence and names nothing: behind it, a number was the end of the one before ("Er trug die 10. Das …").
_OPENERS = frozenset(
    word_list(
        """Das Der Die Den Dem Ein Eine Es Er Sie Wir Ich Ihr Man Danach Dann Damit Dabei Dort Da Doch Aber Und Auch
        Nach In Im Am An Auf Bei Mit Für So Nun Jetzt Noch Zuvor Zudem Später Trotzdem"""
    )
)
# No sentence is longer than this, so that text without any full stop still has places to point at.
LONGEST = 1000
MOST = 5000


def ends_sentence(text: str, mark_end: int, line_start: int = 0) -> bool:
    """Whether the mark that ends here ends a sentence: a full stop after an abbreviation or an initial, or
    before a small letter, does not."""
    if text[mark_end - 2 : mark_end] == " .":
        return True  # words and marks parted by blanks, as language models were once fed
    following = text[mark_end : mark_end + 40].lstrip(" \u2060")
    if following and following[0].islower():
        return False
    match = _LAST_WORD.search(text, max(line_start, mark_end - 14), mark_end)
    if match is None:
        return True
    if is_abbreviation(match.group(1)) or _is_ordinal(text, mark_end, line_start, following):
        return False
    return not _is_half(text[max(line_start, mark_end - 10) : mark_end], following)


def _is_half(before: str, following: str) -> bool:
    """Whether a full stop stands within or behind an abbreviation of two words."""
    if _TWO_WORDS.search(before):
        return True
    if not _TWICE.fullmatch(before[-3:]) or before[-4:-3].isalnum():
        return False
    if _TWO_PLURALS.search(before):
        opens = _WORD.search(following)
        return opens is not None and opens[0] not in _SPANISH_OPENERS
    return bool(_TWICE.match(following))


def _is_ordinal(text: str, mark_end: int, line_start: int, following: str) -> bool:
    """Whether the full stop that ends here belongs to a German number that says which one, or which day."""
    before = text[max(line_start, mark_end - 16) : mark_end]
    opens = _WORD.match(following)
    if not (before[-2:-1].isdigit() or before[-2:-1] in "IVX") or opens is None or opens[0] in _OPENERS:
        return False
    return bool(_WHICH_ONE.search(before)) or (bool(_DAY.search(before)) and following.startswith(_MONTHS))


def is_abbreviation(word: str) -> bool:
    """Whether a full stop after this word, given without it, is part of the word: "Mr", "e.g", the "J" of a
    name."""
    word = word.lstrip("(\"'“‘[*{")
    if word in _NAMES:
        return False
    word = word.lower()
    elided = word.replace("’", "'").rpartition("'")[2]  # "l'art", "dell'avv"
    return word in _ABBREVIATIONS or elided in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """One sentence, trimmed, in pieces of bounded length that break at a space."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield start, cut
        start = cut + (text[cut] == " ")
    if end > start:
        yield start, end


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence, in order.

    A line break always ends one: headings, items and rows stand alone. After MOST sentences only line
    breaks end one.
    """
    position, count = 0, 0
    for line in text.splitlines(keepends=True):
        start, end = position, position + len(line)
        position = end
        for match in _END.finditer(text, start, end) if count < MOST else ():
            if ends_sentence(text, match.end(), start) and not _NUMBER_ALONE.fullmatch(text, start, match.end()):
                yield from _pieces(text, start, match.end())
                start = match.end()
                count += 1
                if count == MOST:
                    break
        yield from _pieces(text, start, end)
