"""Dates and seasons, in digits and in the words of a language."""

import re
from collections.abc import Callable
from functools import lru_cache

from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.facts.number_words import accent_pattern, bare
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.words import MONTH_NUMBERS, MONTHS

Reader = tuple[re.Pattern[str], Callable[[re.Match[str]], Fact | None]]

# A time stamp's date goes on with a T: "2026-11-21T17:02:11Z".
_CLOCK = r"(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d)?(?:[.,]\d{1,9})?(?:Z|[+-][0-2]\d:?[0-5]\d)?)?"
_ISO_DATE = re.compile(rf"(?P<year>[12]\d{{3}})-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?:{_CLOCK}(?!\w)|(?=T\d))")
_NUMERIC_DATE = re.compile(
    r"(?P<first>\d\d?)(?:/(?P<second>[0-3]?\d)/(?P<year>[12]\d{3}|\d\d)"
    r"|(?P<mark>[.-])(?P<middle>[0-3]?\d)(?P=mark)(?P<full>[12]\d{3}))(?!\w|[/-]\d)"
)
# A German day without its month's name: "am 3.12.", "3. 12. 2026".
_GERMAN_DATE = re.compile(
    r"(?P<day>[0-3]?\d)\. ?(?P<month>[01]?\d)\.(?: ?(?P<year>[12]\d{3})(?!\w))?(?!\d)(?![ ]?(?:Minute|Spiel|Platz))"
)
_YEAR_FIRST = re.compile(r"(?P<year>[12]\d{3})[/.](?P<month>[01]\d)[/.](?P<day>[0-3]\d)(?!\w|[/.]\d)")
_SEASON = re.compile(r"(?P<first>[12]\d{3})[-–—‑−/](?P<last>\d{4}|\d\d)(?!\w|[-–/]\d)")
_SHORT_SEASON = re.compile(r"(?P<first>\d\d)[-–—‑−/](?P<last>\d\d) (?=season|campaign)")
_QUARTER = re.compile(r"(?<![\w-])Q(?P<quarter>[1-4])(?!\w)")
_YEAR = r"[12]\d{3}(?!\w)"
_ENGLISH = (
    r"Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?"
)
_MONTH = rf"(?:{_ENGLISH}|{'|'.join(MONTHS).upper()})(?!\w)"
# "May" and "march" are words too: in small letters they are months only behind what leads to a date.
_SMALL = "|".join(month for month in MONTHS if month not in ("march", "may"))
_SMALL_AHEAD = rf"(?:{_SMALL}|(?:(?<=\bon )|(?<=\bin )|(?<=\buntil )|(?<=\bsince ))(?:march|may))(?!\w)"


def _spelling_pattern(month: str) -> str:
    """A folded month as a pattern: with its accents, in small letters or with a capital."""
    return f"[{month[0]}{month[0].upper()}]{accent_pattern(month[1:])}"


def _month_pattern(pack: LanguagePack) -> str:
    if pack.code == "en" or not pack.months:
        return ""
    return "|".join(_spelling_pattern(month) for month in sorted(pack.months, key=lambda month: (-len(month), month)))


@lru_cache(maxsize=64)
def date_readers(pack: LanguagePack, *, small: bool = False) -> tuple[Reader, ...]:
    """The patterns of dates in a language, each with its reader, in the order in which they claim text; `small` for a
    text without any capital, whose months have none either."""
    own = _month_pattern(pack)
    own = f"|(?:{own})\\.?(?!\\w)" if own else ""
    months = pack.months

    def date(match: re.Match[str]) -> Fact | None:
        return _date(match, months)

    def numeric_date(match: re.Match[str]) -> Fact | None:
        return _numeric_date(match, day_first=pack.decimal_comma)

    behind = rf"(?:{_MONTH}|(?:{_SMALL})(?!\w){own})"
    month = rf"(?:{_MONTH}|(?<![\w-]){_SMALL_AHEAD})" if small else _MONTH
    ahead = rf"(?:{month}{own})"
    of = r"(?:of |de |del |di |d['’]|do )?"
    day_first = (
        rf"(?P<day>\d\d?)(?:st|nd|rd|th|er|\.?[º°ª]|\.|o)? ?{of}(?:the )?(?P<month>{behind})"
        rf"(?:,? (?:de |del |do )?(?P<year>{_YEAR}))?"
    )
    month_first = (
        rf"(?P<month>{month}) (?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?(?!\w|[.,]\d|[-–/:]\d)"
        rf"(?: ?,? (?P<year>{_YEAR}))?"
    )
    return (
        (_ISO_DATE, date),
        (_YEAR_FIRST, date),
        (_NUMERIC_DATE, numeric_date),
        *([(_GERMAN_DATE, date)] if pack.code == "de" else ()),
        (re.compile(day_first), date),
        (re.compile(month_first), date),
        (re.compile(rf"(?P<month>{ahead}),? (?:de |del |do )?(?P<year>{_YEAR})"), date),
        (_SEASON, _season),
        (_SHORT_SEASON, _season),
        (_QUARTER, _quarter),
    )


def _date(match: re.Match[str], months: object) -> Fact | None:
    part = match.groupdict()
    name, day = part["month"], part.get("day")
    month = int(name) if name.isdigit() else _number_of(name, months)
    if not 1 <= month <= 12 or (day and not 1 <= int(day) <= 31):
        return None
    key = (str(int(day)) if day else "", str(month), part["year"] or "")
    return Fact("date", key, match.start(), match.end())


def _number_of(name: str, months: object) -> int:
    folded = bare(name).rstrip(".")
    assert isinstance(months, dict)
    return int(months.get(folded) or MONTH_NUMBERS.get(folded) or MONTH_NUMBERS.get(folded[:3]) or 0)


def _numeric_date(match: re.Match[str], *, day_first: bool) -> Fact | None:
    """14/07/2024: the day stands first, or the month, where a number can be both and the language leaves it open."""
    first, second = int(match["first"]), int(match["second"] or match["middle"])
    year = match["year"] or match["full"]
    year = year if len(year) == 4 else f"20{year}"
    if not (1 <= min(first, second) <= 12 and max(first, second) <= 31):
        return None
    if day_first and second <= 12:
        return Fact("date", (str(first), str(second), year), match.start(), match.end())
    key = (str(max(first, second)), str(min(first, second)), year)
    kind = "date" if max(first, second) > 12 or first == second else "day_or_month"
    return Fact(kind, key, match.start(), match.end())


def _quarter(match: re.Match[str]) -> Fact:
    """ "Q3" as what "third quarter" is read as."""
    return Fact("number", (match["quarter"], ""), match.start(), match.end())


def _season(match: re.Match[str]) -> Fact | None:
    first, last = match["first"], match["last"]
    first = first if len(first) == 4 else f"20{first}"
    last = last if len(last) == 4 else first[:2] + last
    end = match.end("last")
    return Fact("season", (first, last), match.start(), end) if int(last) == int(first) + 1 else None
