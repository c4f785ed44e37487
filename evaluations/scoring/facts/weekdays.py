"""Days that are told by their names: which date "on Saturday" is in a source of a given day."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from evaluations.scoring.text.words import word_list

# From Monday on, folded; Portuguese names of days are ordinals too.
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica",
)
WEEKDAYS = {word: number for row in _WEEKDAYS for number, word in enumerate(word_list(row))}
_WEEK = 7
# How many days on these are.
_NEAR = {
    word: days
    for days, row in (
        (-1, "yesterday gestern ayer hier ieri ontem"),
        (0, "today tonight heute hoy aujourd'hui oggi hoje"),
        (1, "tomorrow morgen demain domani amanha"),
    )
    for word in word_list(row)
}


def read_day(text: str) -> date | None:
    """The day of a source, None where it gives none that is a date ("2026-11-21", with or without a time)."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def days_meant(words: Iterable[str], day: date) -> Iterator[date]:
    """The dates that words of a source of this day name: of a weekday the last one and the next."""
    for word in sorted(set(words)):
        if word in WEEKDAYS:
            back = (day.weekday() - WEEKDAYS[word]) % _WEEK
            yield day - timedelta(back)
            yield day + timedelta(_WEEK - back)
        elif word in _NEAR:
            yield day + timedelta(_NEAR[word])
