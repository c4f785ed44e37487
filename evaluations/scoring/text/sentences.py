"""Where sentences begin and end."""

import re
from collections.abc import Iterator

from evaluations.scoring.text.words import word_list

_END = re.compile(r"[.!?…](?<![.!?…]{2})[.!?…]*+[\"'”’»)\]]*+(?=\s)|[。！？।॥]+[」』”]*")
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
        déc set ott okt dez"""
    )
)
# German numbers that say which one, or which day: "in der 70. Minute", "mit seinem 25. Tor", "Berlin, 14. November".
_WHICH_ONE = re.compile(
    r"(?<!\w)(?:der|die|das|dem|den|des|im|(?<!i )am|zum|zur|vom|beim|ab|bis|seit"
    r"|(?:sein|ihr|mein|unser|jed|dies)(?:e[mnrs]?)?)\s\d{1,3}\.$",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:^|[,;(–])\s?\d{1,2}\.$")
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
    following = text[mark_end : mark_end + 40].lstrip(" \u2060")
    if following and following[0].islower():
        return False
    match = _LAST_WORD.search(text, max(line_start, mark_end - 14), mark_end)
    if match is None:
        return True
    return not (is_abbreviation(match.group(1)) or _is_ordinal(text, mark_end, line_start, following))


def _is_ordinal(text: str, mark_end: int, line_start: int, following: str) -> bool:
    """Whether the full stop that ends here belongs to a German number that says which one, or which day."""
    before = text[max(line_start, mark_end - 16) : mark_end]
    opens = _WORD.match(following)
    if not before[-2:-1].isdigit() or opens is None or opens[0] in _OPENERS:
        return False
    return bool(_WHICH_ONE.search(before)) or (bool(_DAY.search(before)) and following.startswith(_MONTHS))


def is_abbreviation(word: str) -> bool:
    """Whether a full stop after this word, given without it, is part of the word: "Mr", "e.g", the "J" of a
    name."""
    word = word.lstrip("(\"'“‘[*{").lower()
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


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
