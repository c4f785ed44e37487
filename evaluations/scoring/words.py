"""Words and their stems: what counts as the same word."""

import re
import unicodedata
from functools import lru_cache

from evaluations.scoring.markup import JOINER

WORD = re.compile(
    r"\d+(?:[.,]\d+)*"
    rf"|[^\W_][\w\u0300-\u036f\u0900-\u0dff{JOINER}]*(?:['’ʼ][^\W\d_]+)*"
)

_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        JOINER: None,
    }
)
_POSSESSIVE = re.compile(r"['’ʼ](?:s)?$")
_APOSTROPHE = re.compile(r"['’ʼ]")

NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ORDINAL_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        start=1,
    )
}
SCALES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "mil": 10**6, "million": 10**6,
    "millions": 10**6, "bn": 10**9, "billion": 10**9, "billions": 10**9,
}  # fmt: skip

STOPWORDS = frozenset(
    [
        "a",
        "about",
        "above",
        "after",
        "again",
        "against",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "aren't",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "below",
        "between",
        "both",
        "but",
        "by",
        "can",
        "can't",
        "cannot",
        "could",
        "couldn't",
        "did",
        "didn't",
        "do",
        "does",
        "doesn't",
        "doing",
        "don't",
        "down",
        "during",
        "each",
        "either",
        "else",
        "ever",
        "few",
        "for",
        "from",
        "further",
        "get",
        "gets",
        "got",
        "had",
        "hadn't",
        "has",
        "hasn't",
        "have",
        "haven't",
        "having",
        "he",
        "he'd",
        "he'll",
        "he's",
        "her",
        "here",
        "here's",
        "hers",
        "herself",
        "him",
        "himself",
        "his",
        "how",
        "however",
        "i",
        "i'd",
        "i'll",
        "i'm",
        "i've",
        "if",
        "in",
        "into",
        "is",
        "isn't",
        "it",
        "it's",
        "its",
        "itself",
        "just",
        "let's",
        "may",
        "me",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "myself",
        "neither",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "ourselves",
        "out",
        "over",
        "own",
        "per",
        "rather",
        "same",
        "shall",
        "she",
        "she'd",
        "she'll",
        "she's",
        "should",
        "shouldn't",
        "so",
        "some",
        "such",
        "than",
        "that",
        "that's",
        "the",
        "their",
        "theirs",
        "them",
        "themselves",
        "then",
        "there",
        "there's",
        "these",
        "they",
        "they'd",
        "they'll",
        "they're",
        "they've",
        "this",
        "those",
        "though",
        "through",
        "thus",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "via",
        "was",
        "wasn't",
        "we",
        "we'd",
        "we'll",
        "we're",
        "we've",
        "were",
        "weren't",
        "what",
        "what's",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "who's",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "within",
        "without",
        "won't",
        "would",
        "wouldn't",
        "yet",
        "you",
        "you'd",
        "you'll",
        "you're",
        "you've",
        "your",
        "yours",
        "yourself",
        "yourselves",
        "th",
        "st",
        "nd",
        "rd",
        "£",
        "pound",
        "pounds",
        "euro",
        "euros",
        "dollar",
        "dollars",
        "gbp",
        "eur",
        "usd",
        "sterling",
    ]
)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """A word without case, accents and possessive: "Ødegaard’s" and "odegaard" are one."""
    word = word.casefold()
    if not word.isascii():
        word = word.translate(_LETTERS)
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    if word[0].isdigit():
        return _plain_number(word)
    return _APOSTROPHE.sub("'", _POSSESSIVE.sub("", word)) or word


def _plain_number(digits: str) -> str:
    """ "1,500" is 1500 and "2.50" is 2.5; a comma that does not group thousands is a decimal point."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".")
    if digits.count(".") == 1:
        return digits.rstrip("0").rstrip(".").lstrip("0") or "0"
    return digits.lstrip("0") or "0"


_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("isation", "ize"), ("fulness", "ful"), ("ousness", "ous"),
    ("iveness", "ive"), ("ments", ""), ("ment", ""), ("ations", "at"), ("ation", "at"), ("ators", "at"),
    ("ator", "at"), ("ities", ""), ("ity", ""), ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""), ("ies", "y"),
    ("ied", "y"), ("edly", ""), ("ingly", ""), ("ally", "al"), ("ely", "e"), ("ly", ""), ("eed", "ee"), ("ed", ""),
    ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ers", "er"), ("es", "e"),
)  # fmt: skip


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The stem of a content word, "" for a word that carries no content.

    Number words and ordinals become digits, so that "two" meets "2" and "third" meets "3rd".
    """
    word = fold(word)
    if word in STOPWORDS:
        return ""
    if word[0].isdigit():
        return word
    if word in NUMBER_WORDS:
        return str(NUMBER_WORDS[word])
    if word in ORDINAL_WORDS:
        return str(ORDINAL_WORDS[word])
    if word in SCALES and len(word) != 3:
        return {10**3: "thousand", 10**6: "million", 10**9: "billion"}[SCALES[word]]
    return _without_ending(word)


def _without_ending(word: str) -> str:
    for ending, instead in _ENDINGS:
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
