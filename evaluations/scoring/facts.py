"""Facts that can be looked up: scores, dates, amounts, numbers, quotes and names, however they are written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from evaluations.scoring.words import (
    MONTH_NUMBERS,
    NUMBER_WORDS,
    ORDINAL_WORDS,
    SCALES,
    STOPWORDS,
    WORD,
    fold,
    stem,
)

_SMALL = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_MONTH = (
    "Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?\\.?|July?\\.?|Aug(?:ust|\\.)?"
    "|Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?"
)
_CURRENCIES = {
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "sterling": "GBP", "quid": "GBP", "€": "EUR",
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD",
    "dollars": "USD",
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

_DATE = re.compile(
    rf"""\b(?:
        (?P<iso_year>[12]\d{{3}})-(?P<iso_month>[01]\d)-(?P<iso_day>[0-3]\d)
      | (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\ (?:of\ )?(?P<month>{_MONTH})\b(?:,?\ (?P<year>[12]\d{{3}}))?
      | (?P<month2>{_MONTH})\ (?P<day2>[0-3]?\d)(?:st|nd|rd|th)?\b(?!\d)(?:,?\ (?P<year2>[12]\d{{3}}))?
      | (?P<month3>{_MONTH}),?\ (?P<year3>[12]\d{{3}})
    )(?![\w])""",
    re.VERBOSE,
)
_SEASON = re.compile(r"\b(?P<from>(?:19|20)\d\d)[-–—‑/](?P<to>(?:19|20)?\d\d)\b(?![-–/]\d)")
_SCORE = re.compile(
    rf"(?<![\w.,£€$/–-])(?:(?P<home>\d{{1,2}})\ ?[-–—‑−:]\ ?(?P<away>\d{{1,2}})(?![\w]|[-–/:]\d|[.,]\d|\ ?%)"
    rf"|(?P<home_word>{_SMALL}|\d{{1,2}})(?:\ goals?)?(?:\ to\ |[-–—‑])(?P<away_word>{_SMALL}|nil|love)\b"
    rf"|(?P<home_nil>\d{{1,2}})[-–—‑]nil\b)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?P<sign>US\$|[£€$]|\b(?:GBP|EUR|USD)\b)?\ ?(?<![\w.,])(?P<number>{_NUMBER}|\b(?:{_SMALL})\b)"
    r"(?:(?:st|nd|rd|th)\b|[\ -]?(?P<scale>thousand|millions?|billions?|bn|mln|mn|mil|m|k)\b)?"
    r"(?:[\ -]?(?P<unit>%|per\ ?cent\b|percent\b|pounds?\b|sterling\b|euros?\b|dollars?\b|GBP\b|EUR\b|USD\b|[£€]))?",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»\n]{2,400})[\"”»]")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it stands in a text: its kind, the key under which it is looked up, and its place."""

    kind: str
    key: tuple[str, ...]
    start: int
    end: int


def _whole(text: str) -> int:
    word = text.lower()
    return 0 if word in ("nil", "love") else NUMBER_WORDS[word] if word in NUMBER_WORDS else int(word)


def _date(match: re.Match[str]) -> Fact:
    part = match.groupdict()
    if part["iso_year"]:
        key = (str(int(part["iso_day"])), str(int(part["iso_month"])), part["iso_year"])
    else:
        name = part["month"] or part["month2"] or part["month3"]
        month = MONTH_NUMBERS[name.lower().rstrip(".")[:3]]
        day = part["day"] or part["day2"]
        key = (str(int(day)) if day else "", str(month), part["year"] or part["year2"] or part["year3"] or "")
    return Fact("date", key, match.start(), match.end())


def _season(match: re.Match[str]) -> Fact | None:
    first, last = match["from"], match["to"]
    last = last if len(last) == 4 else first[:2] + last
    return Fact("season", (first, last), match.start(), match.end()) if int(last) > int(first) else None


def _score(match: re.Match[str]) -> Fact:
    home = _whole(match["home"] or match["home_word"] or match["home_nil"])
    away = _whole(match["away"] or match["away_word"] or "nil")
    high, low = max(home, away), min(home, away)
    return Fact("score", (str(high), str(low)), match.start(), match.end())


def plain(value: Decimal) -> str:
    """A number as one spelling: no exponent, no trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(match: re.Match[str]) -> Fact | None:
    number, scale = match["number"].lower(), match["scale"]
    sign, unit = (match["sign"] or "").lower(), (match["unit"] or "").lower().replace(" ", "")
    currency = _CURRENCIES.get(sign) or _CURRENCIES.get(unit) or ""
    if len(number) > 40 or (number in ("one", "zero") and not scale and not unit):
        return None
    value = Decimal(NUMBER_WORDS[number]) if number in NUMBER_WORDS else Decimal(number.replace(",", ""))
    if scale:
        value *= SCALES[scale.lower()]
    if unit in ("%", "percent"):
        currency = "%"
    start = match.start("sign") if sign else match.start("number")
    return Fact("amount" if currency else "number", (plain(value), currency), start, match.end())


def numeric_facts(text: str) -> list[Fact]:
    """Dates, seasons, scores, amounts and numbers; what one kind has claimed no later kind claims again."""
    found: list[Fact] = []
    for pattern, read in ((_DATE, _date), (_SEASON, _season), (_SCORE, _score), (_AMOUNT, _amount)):
        spans: list[tuple[int, int]] = []
        for match in pattern.finditer(text):
            fact = read(match)
            if fact is not None:
                found.append(fact)
                spans.append((fact.start, fact.end))
        text = _blank_spans(text, spans)
    return sorted(found, key=lambda fact: (fact.start, fact.end))


def _blank_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], "\n" * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def quotes(text: str) -> Iterator[Fact]:
    """Quoted phrases, as the words they hold."""
    for match in _QUOTE.finditer(text):
        words = tuple(fold(word.group()) for word in WORD.finditer(match.group(1)))
        if words:
            yield Fact("quote", words, match.start(1), match.end(1))


def names(text: str, start: int, end: int) -> Iterator[Fact]:
    """Runs of capitalised words inside one sentence; its first word only where the run goes on.

    In a line where nearly every word is capitalised (a heading, a table row) capitals say nothing.
    """
    words = list(WORD.finditer(text, start, end))
    capital = [word.group()[0].isupper() for word in words]
    content = [
        i for i, word in enumerate(words) if not word.group()[0].isdigit() and stem(fold(word.group()))
    ]
    if sum(capital[i] for i in content) > 0.7 * len(content):
        return
    run: list[re.Match[str]] = []
    for i, word in enumerate(words):
        if capital[i] and (run or not _opens(text, words, i)) and _is_name_word(word.group()):
            if run and text[run[-1].end() : word.start()].strip(" -‑.&\u2060"):
                yield _name(run)
                run = []
            run.append(word)
        elif run:
            yield _name(run)
            run = []
    if run:
        yield _name(run)


def _opens(text: str, words: list[re.Match[str]], i: int) -> bool:
    """Whether a word has its capital only because it opens a sentence, a quotation or a clause after a colon."""
    if i == 0:
        return True
    between = text[words[i - 1].end() : words[i].start()]
    return any(mark in between for mark in ':"“.!?\n')


def _is_name_word(word: str) -> bool:
    lower = word.lower()
    return (
        lower not in STOPWORDS and lower not in NUMBER_WORDS and lower not in ORDINAL_WORDS and len(word) > 1
    )


def _name(run: list[re.Match[str]]) -> Fact:
    return Fact("name", tuple(word.group() for word in run), run[0].start(), run[-1].end())


@dataclass(slots=True)
class FactBook:
    """Every numeric fact of a context, for looking up."""

    dates: set[tuple[str, ...]] = field(default_factory=set)
    seasons: set[tuple[str, ...]] = field(default_factory=set)
    scores: set[tuple[str, ...]] = field(default_factory=set)
    numbers: dict[str, set[str]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Take in the facts of one source."""
        for fact in numeric_facts(text):
            match fact.kind:
                case "date":
                    day, month, year = fact.key
                    for key in ((day, month, year), (day, month, ""), ("", month, year), ("", month, "")):
                        self.dates.add(key)
                    if year:
                        self._number(year)
                        self.dates.add((day, month, "known"))
                    if day:
                        self._number(day)
                case "season":
                    self.seasons.add(fact.key)
                    self._number(fact.key[0])
                    self._number(fact.key[1])
                case "score":
                    self.scores.add(fact.key)
                    self._number(fact.key[0])
                    self._number(fact.key[1])
                case _:
                    self._number(*fact.key)
        for match in re.finditer(rf"\b(?:{'|'.join(ORDINAL_WORDS)})\b", text, re.IGNORECASE):
            self._number(str(ORDINAL_WORDS[match.group().lower()]))

    def _number(self, value: str, currency: str = "") -> None:
        self.numbers.setdefault(value, set()).add(currency)

    def holds(self, fact: Fact) -> bool:
        """Whether a numeric fact agrees with one of the context's, in any spelling.

        A date without a year agrees with the same day of any year; a year that the context never gives for that
        day agrees if the year itself is found there.
        """
        match fact.kind:
            case "date":
                return self._holds_date(fact.key)
            case "season":
                return fact.key in self.seasons or all(year in self.numbers for year in fact.key)
            case "score":
                return fact.key in self.scores
            case _:
                value, currency = fact.key
                known = self.numbers.get(value, set())
                return bool(known) and (not currency or currency in known or "" in known)

    def _holds_date(self, key: tuple[str, ...]) -> bool:
        day, month, year = key
        if key in self.dates:
            return True
        undated = (day, month, "") in self.dates and (day, month, "known") not in self.dates
        return undated and bool(year) and year in self.numbers
