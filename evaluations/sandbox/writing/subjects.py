"""Words and what they are about: stems, and the vocabulary of football's well-known subjects."""

import re

STEM = 6
EMPTY_WORDS = """
a about after all an and any are as at be been by for from had has have he her his how i in is it its me
my no not of on or our please she so that the their them there they this to was we were what when where
which who why will with you your
"""
EMPTY = frozenset(EMPTY_WORDS.split())

# What a sentence holds besides words.
SCORE, MONEY, TIME = "<score>", "<money>", "<time>"
SIGNS = (
    (SCORE, re.compile(r"\b\d{1,2}[-–]\d{1,2}\b")),
    (MONEY, re.compile(r"[£€$]\s?\d")),
    (TIME, re.compile(r"\d:\d\d")),
)

SUBJECTS = {
    "transf": "transfer fee signed signing sign loan joined joins deal window sold bid move buy <money>",
    "manage": "manager head coach appointed dismissed sacked resigned caretaker interim successor contract",
    "coach": "manager head coach appointed dismissed sacked resigned caretaker interim successor contract",
    "fixtur": "fixture host hosts visit kick-off round travel play beat draw drew won <score> <time>",
    "result": "beat beaten draw drew won lost ended goals scored defeat winner equaliser <score>",
    "match": "beat beaten draw drew won lost ended goals scored defeat visit kick-off <score>",
    "standi": "standings points table top bottom leaders place difference",
    "table": "standings points table top bottom leaders place difference",
}


def stems(text: str) -> list[str]:
    """The words of a text in small letters, without empty ones, cut to their first letters."""
    return [word[:STEM] for word in re.findall(r"\w+", text.lower()) if word not in EMPTY]


def signs(text: str) -> list[str]:
    """Which of score, sum of money and time of day a text holds."""
    return [sign for sign, pattern in SIGNS if pattern.search(text)]


def subject_of(heading: str) -> dict[str, float]:
    """What speaks for a heading or a query: its own words most, then what belongs to a well-known subject."""
    own = stems(heading)
    related: dict[str, float] = {}
    for word in own:
        for part in SUBJECTS.get(word, "").split():
            related.update(dict.fromkeys([part] if part.startswith("<") else stems(part), 1.0))
    return {**related, **dict.fromkeys(own, 1.5)}
