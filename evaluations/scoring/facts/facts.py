"""Facts that can be looked up: dates, seasons, scores, amounts, numbers, quotes and names, however
written."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from evaluations.scoring.text.markup import JOINER
from evaluations.scoring.text.words import (
    MONTH_NUMBERS,
    MONTHS,
    NUMBER_WORDS,
    ORDINAL_WORDS,
    SCALES,
    STOPWORDS,
    WORD,
    fold,
    stem,
    word_list,
)

# Every pattern begins with a plain character, so that text without facts is passed over quickly. What may
# not stand right before a fact is looked at afterwards, by `_stands_free`.
_MONTHS = (
    r"Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?"
)
_MONTH = rf"(?:{_MONTHS}|{'|'.join(MONTHS).upper()})(?!\w)"
# Small letters only behind a day, and never "may" and "march", which are words too.
_ANY_MONTH = rf"(?:{_MONTH}|(?:{'|'.join(month for month in MONTHS if month not in ('march', 'may'))})(?!\w))"
_YEAR = r"[12]\d{3}(?!\w)"
_ISO_DATE = re.compile(r"(?P<year>[12]\d{3})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\w)")
_NUMERIC_DATE = re.compile(
    r"(?P<first>\d\d?)(?:/(?P<second>[0-3]?\d)/(?P<year>[12]\d{3}|\d\d)"
    r"|(?P<mark>[.-])(?P<middle>[0-3]?\d)(?P=mark)(?P<full>[12]\d{3}))(?!\w|[/-]\d)"
)
_DAY_FIRST = re.compile(rf"(?P<day>\d\d?)(?:st|nd|rd|th)? (?:of )?(?P<month>{_ANY_MONTH})(?:,? (?P<year>{_YEAR}))?")
_MONTH_FIRST = re.compile(
    rf"(?P<month>{_MONTH}) (?P<day>\d\d?)(?:st|nd|rd|th)?(?!\w|[.,]\d|[-–/:]\d)(?:,? (?P<year>{_YEAR}))?"
)
_MONTH_YEAR = re.compile(rf"(?P<month>{_MONTH}),? (?P<year>{_YEAR})")
_SEASON = re.compile(r"(?P<first>[12]\d{3})[-–—‑−/](?P<last>\d{4}|\d\d)(?!\w|[-–/]\d)")
_SHORT_SEASON = re.compile(r"(?P<first>\d\d)[-–—‑−/](?P<last>\d\d) (?=season|campaign)")

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = "one two three four five six seven eight nine"
# "first" and "second" say too much else: "first, …", "the second half".
_PLACES = [word for word, number in ORDINAL_WORDS.items() if number > 2]
_NTHS = [word for word, number in ORDINAL_WORDS.items() if number < 10]
_AND_UNIT = rf"(?:[ -](?:{_UNITS.replace(' ', '|')}|{'|'.join(_NTHS)}))?"


def _either(words: Iterable[str]) -> str:
    """Any of these words, sorted by first letters: text without them is passed over in fewer steps."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items())


_SPELLED = f"(?:{_either(w + _AND_UNIT if w in _TENS.split() else w for w in [*NUMBER_WORDS, *_PLACES])})(?!\\w)"
_GOALS = f"(?:{_either(['zero', *_UNITS.split(), 'ten', 'eleven', 'twelve'])})"
_SCORE = re.compile(
    r"(?P<home>\d\d?)(?: ?[-–—‑−:] ?(?P<away>\d\d?|nil(?!\w))(?!\w|[-–/:]\d|[.,]\d| ?%)"
    rf"|(?: goals?)? to (?P<conceded>\d\d?(?!\w|[.,]\d| ?%)|(?:nil|{_GOALS})(?!\w)))"
)
_SPELLED_SCORE = re.compile(
    rf"(?P<home>{_GOALS})(?: goals?)?(?: to |[-–—‑]| (?=nil))(?P<away>(?:{_GOALS}|nil)(?!\w)|\d\d?(?!\w|[.,]\d))"
)
# "Arsenal 2 Chelsea 1", as results are listed.
_LISTED_SCORE = re.compile(r"(?P<home>\d\d?),? (?:[A-Z][\w'’.&-]* ){1,4}(?P<away>\d\d?)(?!\w|[.,:/-]\d)")
_AFTER_NUMBER = (
    r"(?:[ -]?(?P<scale>(?i:thousand|millions?|billions?|bn|mln|mn|mil|m|k))(?!\w))?"
    r"(?:[ -]?(?P<unit>%|[£€](?!\d)|(?i:per ?cent|pounds?|sterling|euros?|dollars?|gbp|eur|usd)(?!\w)))?"
)
_DIGITS = re.compile(rf"(?P<number>\d[\d,]*(?:\.\d+)?)(?:(?:st|nd|rd|th)(?!\w))?{_AFTER_NUMBER}")
_IN_WORDS = re.compile(rf"(?P<number>{_SPELLED}){_AFTER_NUMBER}")
_SIGN_BEFORE = re.compile(r"(?:US\$|[£€$]|(?<!\w)(?:GBP|EUR|USD)) ?$")
_CURRENCIES = (
    dict.fromkeys(word_list("£ gbp pound pounds sterling"), "GBP")
    | dict.fromkeys(word_list("€ eur euro euros"), "EUR")
    | dict.fromkeys(word_list("$ us$ usd dollar dollars"), "USD")
    | dict.fromkeys(word_list("% percent"), "%")
)
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»\n]{2,400})[\"”»]")
_BLANKS = f" {JOINER}"
_GAP = re.compile(rf" [ {JOINER}]+|{JOINER}[ {JOINER}]*")
_SPACES = re.compile("  +")
_LONGEST_NUMBER = 30
_SPELLED_NUMBERS = NUMBER_WORDS | ORDINAL_WORDS
# No more than this of each kind is read from one text.
MOST_FACTS = 10_000


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it stands in a text: its kind, the key under which it is looked up, and its place."""

    kind: str
    key: tuple[str, ...]
    start: int
    end: int


def numeric_facts(text: str) -> list[Fact]:
    """Dates, seasons, scores, amounts and numbers, by place, in a text whose marks are blanked."""
    squeezed, places, moved = _squeeze(text)

    def there(position: int) -> int:
        return position + moved[bisect_right(places, position)]

    return [Fact(fact.kind, fact.key, there(fact.start), there(fact.end - 1) + 1) for fact in _numeric_facts(squeezed)]


def _squeeze(text: str) -> tuple[str, list[int], list[int]]:
    """The text with single spaces, so that a blanked mark parts no fact; and the way back to the offsets.

    From the n-th place of the squeezed text on, offsets are moved by the n-th number.
    """
    pieces, places, moved = [], [], [0]
    position = length = 0
    for match in (_GAP if JOINER in text else _SPACES).finditer(text):
        piece = text[position : match.start()] + (" " if " " in match.group() else "")
        pieces.append(piece)
        length += len(piece)
        position = match.end()
        places.append(length)
        moved.append(position - length)
    return "".join([*pieces, text[position:]]), places, moved


def _numeric_facts(text: str) -> list[Fact]:
    """What one pattern claims, no later one claims again."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    found: list[Fact] = []
    for pattern, read in _PATTERNS:
        spelled = pattern in (_SPELLED_SCORE, _IN_WORDS)
        facts = [
            fact
            for match in islice(pattern.finditer(lower if spelled else text), MOST_FACTS)
            if _stands_free(text, match.start()) and (fact := read(match)) is not None
        ]
        if facts:
            found += facts
            text, lower = _without(text, facts), _without(lower, facts)
    return sorted(found, key=lambda fact: fact.start)


def listed_scores(text: str) -> Iterator[Fact]:
    """Results in the form "Arsenal 2 Chelsea 1", which only a list of results can be trusted to mean."""
    for match in _LISTED_SCORE.finditer(text):
        if re.search(r"[a-z] $", text[max(0, match.start() - 2) : match.start()]):
            yield _score(match)


def _stands_free(text: str, start: int) -> bool:
    """Whether a number begins here, and not inside a word, a longer number or a range."""
    before = text[start - 1 : start]
    if before and before in "-–—‑−/.,:":
        return start < 2 or not text[start - 2].isdigit()
    return not (before.isalnum() or before == "_")


def _without(text: str, facts: Iterable[Fact]) -> str:
    pieces, position = [], 0
    for fact in facts:
        pieces += [text[position : fact.start], "\n" * (fact.end - fact.start)]
        position = fact.end
    return "".join([*pieces, text[position:]])


def _date(match: re.Match[str]) -> Fact | None:
    part = match.groupdict()
    name, day = part["month"], part.get("day")
    month = int(name) if name.isdigit() else MONTH_NUMBERS[name.lower().rstrip(".")[:3]]
    if not 1 <= month <= 12 or (day and not 1 <= int(day) <= 31):
        return None
    key = (str(int(day)) if day else "", str(month), part["year"] or "")
    return Fact("date", key, match.start(), match.end())


def _numeric_date(match: re.Match[str]) -> Fact | None:
    """14/07/2024: the day stands first, or the month, where a number can be both."""
    first, second = int(match["first"]), int(match["second"] or match["middle"])
    year = match["year"] or match["full"]
    year = year if len(year) == 4 else f"20{year}"
    if not (1 <= min(first, second) <= 12 and max(first, second) <= 31):
        return None
    key = (str(max(first, second)), str(min(first, second)), year)
    kind = "date" if max(first, second) > 12 or first == second else "day_or_month"
    return Fact(kind, key, match.start(), match.end())


def _season(match: re.Match[str]) -> Fact | None:
    first, last = match["first"], match["last"]
    first = first if len(first) == 4 else f"20{first}"
    last = last if len(last) == 4 else first[:2] + last
    end = match.end("last")
    return Fact("season", (first, last), match.start(), end) if int(last) == int(first) + 1 else None


def _score(match: re.Match[str]) -> Fact:
    """The key of a score is its higher number first: "won 2-1" and "lost 1-2" tell of one result."""
    home, away = (_whole(number) for number in match.groups() if number)
    return Fact("score", (str(max(home, away)), str(min(home, away))), match.start(), match.end())


def _whole(text: str) -> int:
    if text == "nil":
        return 0
    return int(text) if text.isdecimal() else sum(_SPELLED_NUMBERS[word] for word in re.split("[ -]", text))


def _amount(match: re.Match[str]) -> Fact | None:
    """A number with its scale, and with its currency where it has one; "one" alone is no number."""
    number, scale, unit = match["number"].rstrip(","), match["scale"], (match["unit"] or "").lower()
    sign = _SIGN_BEFORE.search(match.string, max(0, match.start() - 5), match.start())
    currency = _CURRENCIES.get(unit.replace(" ", ""), "")
    if sign:
        currency = _CURRENCIES[sign.group().strip().lower()]
    if len(number) > _LONGEST_NUMBER or (number in ("one", "zero") and not scale and not currency):
        return None
    value = Decimal(number.replace(",", "") if number[0].isdecimal() else _whole(number))
    value *= SCALES[scale.lower()] if scale else 1
    end = match.end() if scale or unit else match.start() + len(match.group().rstrip(","))
    start = sign.start() if sign else match.start()
    return Fact("amount" if currency else "number", (_plain(value), currency), start, end)


def _plain(value: Decimal) -> str:
    """A number in one spelling: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Fact | None]], ...] = (
    (_ISO_DATE, _date),
    (_NUMERIC_DATE, _numeric_date),
    (_DAY_FIRST, _date),
    (_MONTH_FIRST, _date),
    (_MONTH_YEAR, _date),
    (_SEASON, _season),
    (_SHORT_SEASON, _season),
    (_SCORE, _score),
    (_SPELLED_SCORE, _score),
    (_DIGITS, _amount),
    (_IN_WORDS, _amount),
)


def quotes(text: str) -> Iterator[Fact]:
    """Quoted phrases, as the words they hold."""
    for match in _QUOTE.finditer(text):
        words = tuple(fold(word.group()) for word in WORD.finditer(match.group(1)))
        if words:
            yield Fact("quote", words, match.start(1), match.end(1))


def names(text: str, words: list[re.Match[str]]) -> Iterator[Fact]:
    """Runs of capitalised words among the words of one sentence; never its first word.

    In a line where nearly every word is capitalised (a heading, a table row) capitals say nothing.
    """
    capital = [word.group()[0].isupper() for word in words]
    content = [i for i, word in enumerate(words) if not word.group()[0].isdigit() and stem(fold(word.group()))]
    if sum(capital[i] for i in content) > 0.7 * len(content):
        return
    run: list[re.Match[str]] = []
    for i, word in enumerate(words):
        goes_on = bool(run) and text[run[-1].end() : word.start()].strip(_BLANKS) in ("", "-", ".")
        if run and not (goes_on and capital[i]):
            yield _name(run)
            run = []
        if capital[i] and (run or not _opens(text, words, i)) and _is_name_word(word.group()):
            run.append(word)
    if run:
        yield _name(run)


def _opens(text: str, words: list[re.Match[str]], i: int) -> bool:
    """Whether a word has its capital only because it opens a sentence, a quotation or a clause after a
    colon."""
    if i == 0:
        return True
    between = text[words[i - 1].end() : words[i].start()]
    return any(mark in between for mark in ':;"“.!?\n')


def _is_name_word(word: str) -> bool:
    lower = word.lower()
    common = lower in STOPWORDS or lower in NUMBER_WORDS or lower in ORDINAL_WORDS or lower in MONTH_NUMBERS
    return len(word) > 1 and not common


def _name(run: list[re.Match[str]]) -> Fact:
    return Fact("name", tuple(word.group() for word in run), run[0].start(), run[-1].end())
