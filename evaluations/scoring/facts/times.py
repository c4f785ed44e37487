"""Times of day, however a clock is written: "15:00", "3 p.m.", "15.30 Uhr", "20h45", "noon"."""

import re
from collections.abc import Iterator

from evaluations.scoring.facts.fact import Fact

_HALF = r"(?P<half>[apAP])\.?[ ]?[mM]\b\.?"
_MARK = r"(?:Uhr|h|hs|hrs|horas|ore|heures|GMT|BST|CET|UTC)(?!\w)"
_CLOCK = re.compile(
    rf"(?P<hour>\d\d?)(?::(?P<minute>[0-5]\d)(?::[0-5]\d)?(?![\d:])[ ]?(?:{_HALF}|{_MARK})?"
    rf"|[.](?P<spoken>[0-5]\d)[ ]?(?:{_HALF.replace('half', 'spoken_half')}|{_MARK})"
    rf"|[ ]?{_HALF.replace('half', 'lone_half')}|(?:h|[ ]Uhr[ ])(?P<late>[0-5]\d)(?!\w)"
    r"|[ ]?(?:Uhr|h)(?!\w)|[ ]?o['’]clock)"
)
_WORDS = (
    "noon midday midnight mediodía medianoche mittag mitternacht midi minuit mezzogiorno mezzanotte meio-dia meia-noite"
)
_SAID = re.compile(rf"\b(?:{'|'.join(_WORDS.split())})\b")
_NOON = frozenset(("noon", "midday", "mediodía", "mittag", "midi", "mezzogiorno", "meio-dia"))
_DAY = 24 * 60
_GERMAN_HOURS = "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()  # noqa: SIM905
_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
# "Half past five", "a quarter to eight", "ten past six".
_PARTS = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25}
_ENGLISH = re.compile(
    rf"\b(?:a )?(?P<part>{'|'.join(sorted(_PARTS, reverse=True))}) (?P<side>past|to) (?P<hour>{'|'.join(_HOURS)})\b"
)
_GERMAN = re.compile(
    rf"\b(?:(?P<half>halb) (?P<hour>{'|'.join(_GERMAN_HOURS)})(?: uhr)?|(?P<full>ein|{'|'.join(_GERMAN_HOURS)}) uhr)\b"
)


def times(text: str) -> Iterator[Fact]:
    """The times of a text, in order; the key is minutes since midnight. One of twelve hours without its half of the day
    may mean either."""
    return iter(sorted([*_clock_times(text), *_spoken_times(text)], key=lambda time: time.start))


def _clock_times(text: str) -> Iterator[Fact]:
    for match in _CLOCK.finditer(text):
        before = text[match.start() - 1 : match.start()]
        if before.isalnum() or (before and before in ".,:/"):
            continue
        if (time := _time(match)) is not None:
            yield time


def _spoken_times(text: str) -> Iterator[Fact]:
    lower = text.lower()
    if len(lower) != len(text):
        return
    if any(word in lower for word in _WORDS.split()):
        for match in _SAID.finditer(lower):
            yield Fact("time", ("720" if match.group() in _NOON else "0",), match.start(), match.end())
    if " past " in lower or "quarter to " in lower:
        yield from filter(None, map(_english_time, _ENGLISH.finditer(lower)))
    if " uhr" in lower or "halb " in lower:
        yield from map(_german_time, _GERMAN.finditer(lower))


def _english_time(match: re.Match[str]) -> Fact | None:
    """ "Five to four" may be a result or a vote: before an hour only a quarter is a time."""
    if match["side"] == "to" and match["part"] != "quarter":
        return None
    minutes = _PARTS[match["part"]] * (1 if match["side"] == "past" else -1)
    early = (_HOURS.index(match["hour"]) + 1) * 60 + minutes
    keys = ((str(early % 720),), (str(early % 720 + 720),))
    return Fact("time", keys[0], match.start(), match.end(), keys[1:])


def _german_time(match: re.Match[str]) -> Fact:
    """ "Halb zwei" is half an hour before two."""
    said = match["hour"] or match["full"]
    hour = 1 if said == "ein" else _GERMAN_HOURS.index(said) + 1
    early = hour * 60 - (30 if match["half"] else 0)
    keys = ((str(early % 720),), (str(early % 720 + 720),))
    return Fact("time", keys[0], match.start(), match.end(), keys[1:])


def _time(match: re.Match[str]) -> Fact | None:
    hour = int(match["hour"])
    minute = int(match["minute"] or match["spoken"] or match["late"] or 0)
    if hour > 24:
        return None
    half = (match["half"] or match["spoken_half"] or match["lone_half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    keys = [(str((hour * 60 + minute) % _DAY),)]
    if not half and 0 < hour <= 12 and len(match["hour"]) == len(str(hour)):
        keys.append((str((hour * 60 + minute + 720) % _DAY),))
    return Fact("time", keys[0], match.start(), match.end(), tuple(keys[1:]))
