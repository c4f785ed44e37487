"""Words and their stems: what counts as the same word."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from evaluations.scoring.text.characters import JOINER
from evaluations.scoring.text.concepts import groups

WORD = re.compile(
    r"\d+(?:[.,]\d+)*"
    rf"|[^\W_][\w\u0300-\u036f\u0900-\u0dff{JOINER}]*(?:['’ʼ][^\W\d_]+)*"
)

# Letters that Unicode does not take apart into a plain letter and an accent.
_LETTERS = str.maketrans("øłđðı", "olddi") | str.maketrans({"þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", JOINER: None})
_POSSESSIVE = re.compile(r"['’ʼ](?:s)?$")
_APOSTROPHE = re.compile(r"['’ʼ]")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def word_list(text: str) -> list[str]:
    """A list of words written as one text."""
    return text.split()


NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        word_list(
            """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
            fifteen sixteen
            seventeen eighteen nineteen twenty"""
        )
    )
} | {
    "twice": 2,
    "thrice": 3,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
ORDINAL_WORDS = {
    word: number
    for number, word in enumerate(
        word_list(
            """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
            fourteenth
            fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
        ),
        start=1,
    )
}
SCALES = (
    dict.fromkeys(("k", "thousand", "thousands"), 10**3)
    | dict.fromkeys(("m", "mn", "mln", "mil", "million", "millions"), 10**6)
    | dict.fromkeys(("bn", "billion", "billions"), 10**9)
)
_SCALE_NAMES = {10**3: "thousand", 10**6: "million", 10**9: "billion"}
MONTHS = word_list("january february march april may june july august september october november december")
MONTH_NUMBERS = (
    {name: number for number, name in enumerate(MONTHS, start=1)}
    | {name[:3]: number for number, name in enumerate(MONTHS, start=1)}
    | {"sept": 9}
)
_AS_DIGITS = {word: str(number) for word, number in (NUMBER_WORDS | ORDINAL_WORDS).items()}
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))

STOPWORDS = frozenset(
    word_list(
        """a about above after again against all also am an and any are aren't as at be because been before
        being
        below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't
        down during
        each either else ever few for from further get gets got had hadn't has hasn't have haven't having
        he he'd
        he'll he's her here here's hers herself him himself his how however i i'd i'll i'm i've if in into
        is isn't
        it it's its itself just let's may me might more most much must my myself neither no nor not now of
        off on
        once only or other our ours ourselves out over own per rather same shall she she'd she'll she's should
        shouldn't so some such than that that's the their theirs them themselves then there there's these
        they they'd
        they'll they're they've this those though through thus to too under until up upon us very via was
        wasn't we
        we'd we'll we're we've were weren't what what's when where whether which while who who's whom whose
        why will
        with within without won't would wouldn't yet you you'd you'll you're you've your yours yourself
        yourselves
        pound pounds euro euros dollar dollars gbp eur usd sterling"""
    )
)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """A word without case, accents and possessive: "Ødegaard’s" and "odegaard" are one."""
    folded = word.casefold()
    if folded.isascii() and folded.isalpha():
        return folded
    if not folded.isascii():
        folded = folded.translate(_LETTERS)
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    if folded[:1].isdigit():
        return _plain_number(folded)
    return _APOSTROPHE.sub("'", _POSSESSIVE.sub("", folded)) or word


def _plain_number(digits: str) -> str:
    """ "1,500" is 1500 and "2.50" is 2.5; a comma that groups no thousands is a decimal point."""
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".")
    if digits.count(".") == 1:
        digits = digits.rstrip("0").rstrip(".")
    return digits.lstrip("0") or "0"


def in_one_spelling(words: Sequence[str], digits: Mapping[str, str] = _AS_DIGITS) -> list[str]:
    """Folded words with numbers as digits, scales in full, and dates as day before month; `digits` are the number
    words of another language."""
    written = [digits.get(word, word) for word in words]
    numbers = [place for place, word in enumerate(written) if word[0] in "0123456789"]
    for place in reversed(numbers):
        after = written[place + 1] if place + 1 < len(written) else ""
        if after in SCALES:
            written[place + 1] = _SCALE_NAMES[SCALES[after]]
        elif after in _ORDINAL_ENDINGS:
            del written[place + 1]
        if place and len(written[place]) < 3 and written[place - 1] in MONTH_NUMBERS:
            written[place - 1], written[place] = written[place], written[place - 1]
    return written


_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("fulness", "ful"), ("ousness", "ous"),
    ("iveness", "ive"), ("ments", ""), ("ment", ""), ("ations", "at"), ("ation", "at"), ("ators", "at"),
    ("ator", "at"), ("ities", ""), ("ity", ""), ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""),
    ("ies", "y"), ("ied", "y"), ("edly", ""), ("ingly", ""), ("ally", "al"), ("ely", "e"), ("ly", ""),
    ("eed", "ee"), ("ed", ""), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ers", "er"),
    ("es", "e"),
)  # fmt: skip


_BY_LAST_LETTER = {
    letter: tuple((ending, instead) for ending, instead in _ENDINGS if ending[-1] == letter)
    for letter in {ending[-1] for ending, _ in _ENDINGS}
}


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The stem of a folded word, "" for a word that carries no content."""
    if word in STOPWORDS or (len(word) == 1 and not word.isdigit()):
        return ""
    if word[0].isdigit():
        return word
    bare = _without_ending(word)
    return _CONCEPTS.get(bare, bare)


def _without_ending(word: str) -> str:
    for ending, instead in _BY_LAST_LETTER.get(word[-1], ()):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    else:
        if len(word) > 3 and word.endswith("s") and word[-2] not in "su":
            word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word


def _concepts() -> dict[str, str]:
    """The concept of each stem that has one: irregular forms lead to their verb, and verbs to what they stand for."""
    concepts: dict[str, str] = {}
    for words in groups():
        stems = [_without_ending(word) for word in words]
        name = next((concepts[known] for known in stems if known in concepts), stems[0])
        for known in stems:
            concepts.setdefault(known, name)
    return concepts


_CONCEPTS = _concepts()
