"""A closed run as one table: each model with its scores, length, seconds, cost, votes and flags."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.models import Run
from evaluations.presentation.cards import Card
from evaluations.presentation.columns import CHIPS, Column, with_sign
from evaluations.presentation.wording.numbers import low_to_high, number_as, whole_number

from .table import BEST, CHEAPEST, FASTEST, MISSING, MOST, Entry, Figure, Kind, Table, make_table

SCORES = tuple(Kind(metric, label, meaning, 1, BEST) for metric, label, meaning in CHIPS)
KINDS = (
    *SCORES,
    Kind("words", _("Words")),
    Kind("latency_seconds", _("Seconds"), better=-1, best=FASTEST),
    Kind("cost_usd", _("Cost"), better=-1, best=CHEAPEST),
    Kind("votes", _("Votes"), _("chosen on so many of the ballots that offered it"), 1, MOST),
)
# Kind, how its numbers are written, by what a difference is multiplied, and with how many digits it is written.
FORMS: Mapping[str, tuple[str, int, int]] = {
    **{kind.key: ("percent", 100, 0) for kind in SCORES},
    "words": ("whole", 1, 0),
    "latency_seconds": ("seconds", 1, 1),
    "cost_usd": ("usd", 1, 4),
}


def run_table(run: Run, columns: Sequence[Column], baseline: Column | None, sort: str) -> Table:
    """The table of a closed run; beside the baseline's figures where the page has one."""
    votes = votes_of(run)
    return make_table(KINDS, [entry_of(column, baseline, votes) for column in columns], sort)


def votes_of(run: Run) -> dict[str, Figure]:
    """How often each report was chosen, as it was counted when the vote closed."""
    return {
        row["model"]: Figure(
            row["share"] or 0,
            gettext("{votes} of {offered}").format(
                votes=whole_number(row["votes"]), offered=whole_number(row["offered"])
            ),
        )
        for row in run.vote_result.get("models", ())
        if row["offered"]
    }


def entry_of(column: Column, baseline: Column | None, votes: Mapping[str, Figure]) -> Entry:
    """A model with its figures; one without a report has none."""
    cards = [sample.card for sample in (column, *column.further) if sample.card.readable]
    others = [] if baseline in (None, column) else [baseline.card] if baseline else []
    figures = {key: figure(key, cards, others) for key in FORMS} if cards else {}
    if cards and column.card.readable:
        figures["votes"] = votes.get(column.card.model, MISSING)
    return Entry(column.card.model, column.card.name, figures, column)


def figure(key: str, cards: Sequence[Card], others: Sequence[Card]) -> Figure:
    """One figure of a model: the mean of its samples and from where to where they reach."""
    values = known_values(key, cards)
    if not values:
        return MISSING
    form, factor, digits = FORMS[key]
    mean = statistics.fmean(values)
    text, reach = number_as(mean, form), low_to_high(min(values), max(values), form)
    notes = [reach] if reach != text else []
    if (base := known_values(key, others)) and are_comparable(key, (*cards, *others)):
        notes.append(with_sign(factor * (mean - base[0]), digits))
    return Figure(mean, text, notes)


def are_comparable(key: str, cards: Iterable[Card]) -> bool:
    """Whether these figures may be subtracted: scores of different scorers may not."""
    return key not in {kind.key for kind in SCORES} or len({card.scores.version for card in cards}) == 1


def known_values(key: str, cards: Sequence[Card]) -> list[float]:
    """The values of a figure that are known."""
    measured = {"latency_seconds": lambda card: card.seconds, "cost_usd": lambda card: card.cost_usd}
    read = measured.get(key, lambda card: card.scores.values.get(key))
    return [float(value) for value in map(read, cards) if value is not None]
