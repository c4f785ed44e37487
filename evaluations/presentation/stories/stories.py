"""What a run found, in a sentence and in figures: who was preferred, who kept to the sources, what it cost.

Told are only runs of which everybody may know who wrote what; of a run whose vote is open only its news is told, which
its sources say and no model.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from evaluations.models import Run, Source
from evaluations.models.blindness import Part
from evaluations.presentation.cards import Card
from evaluations.presentation.findings import Result, results_in
from evaluations.presentation.wording.name_lists import name_list

MOST_NAMED = 3  # models that a headline names for one thing


class Preferred(NamedTuple):
    """A report that shares first place in the vote on its run."""

    slug: str
    name: str
    votes: int
    offered: int


class News(NamedTuple):
    """What a run is about: the title of its first source, and how many it has."""

    title: str = ""
    sources: int = 0


class Story(NamedTuple):
    """What one closed run found."""

    run: Run
    results: Sequence[Result] = ()
    preferred: Sequence[Preferred] = ()
    voters: int = 0
    decides: bool | None = None
    news: News = News()

    @property
    def reports(self) -> list[Result]:
        """What everybody may read, in roster order."""
        return [result for result in self.results if result.readable]

    def ranking_of(self, metric: str) -> list[Result]:
        """The reports that have this figure, the highest first."""
        known = [result for result in self.reports if metric in result.metrics]
        return sorted(known, key=lambda result: -result.metrics[metric])

    @property
    def closest(self) -> list[Result]:
        """The reports that kept closest to the sources; several where a whole percent does not tell them apart."""
        ranked = self.ranking_of("groundedness")
        return [result for result in ranked if as_percent(result) == as_percent(ranked[0])]

    @property
    def farthest(self) -> Result | None:
        """The report that kept least to the sources; none where all did alike."""
        ranked = self.ranking_of("groundedness")
        return ranked[-1] if ranked and as_percent(ranked[-1]) < as_percent(ranked[0]) else None

    @property
    def cost_usd(self) -> float | None:
        """What the reports cost that everybody may read; None where no cost is known."""
        costs = [result.metrics["cost_usd"] for result in self.reports if "cost_usd" in result.metrics]
        return sum(costs) if costs else None

    @property
    def cheapest(self) -> Result | None:
        """The report that cost least."""
        return next(reversed(self.ranking_of("cost_usd")), None)

    @property
    def dearest(self) -> Result | None:
        """The report that cost most."""
        return next(iter(self.ranking_of("cost_usd")), None)

    @property
    def headline(self) -> str:
        """The finding as one sentence, without a full stop."""
        preferred, closest = [one.name for one in self.preferred], [one.name for one in self.closest]
        kept = _("{names} kept closest to the sources").format(names=name_list(closest))
        if len(closest) > MOST_NAMED:
            kept = _("{number} models kept equally close to the sources").format(number=len(closest))
        if not preferred:
            return kept if closest else _("{number} models on the same news").format(number=len(self.results))
        if len(preferred) == 1 and preferred == closest:
            return _("Readers preferred {name}, which kept closest to the sources").format(name=preferred[0])
        voted = _("Readers preferred {names}") if len(preferred) == 1 else _("Readers were divided between {names}")
        if len(preferred) > MOST_NAMED:
            voted = _("Readers were divided")
        voted = voted.format(names=name_list(preferred))
        return f"{voted}; {kept}" if closest else voted


def as_percent(result: Result) -> int:
    """Groundedness as whole percent: more digits than that the score does not carry."""
    return round(100 * result.metrics["groundedness"])


def stories_of(runs: Iterable[Run], news: Mapping[int, News] | None = None) -> dict[int, Story]:
    """The stories of those of these runs of which everybody may know who wrote what, by run.

    The runs come with their `closing`; asked are four questions, however many runs there are.
    """
    by_pk = {run.pk: run for run in runs}
    told = set(Run.objects.filter(pk__in=by_pk).order_by().seen(Part.NAMES).values_list("pk", flat=True))
    return tell({pk: run for pk, run in by_pk.items() if pk in told}, news or {})


def tell(runs: Mapping[int, Run], news: Mapping[int, News]) -> dict[int, Story]:
    """The stories of runs whose authors everybody may know."""
    results: dict[int, list[Result]] = {pk: [] for pk in runs}
    for result in results_in(dict(runs), None) if runs else ():
        results[result.run].append(result)
    return {pk: story_of(run, results[pk], news.get(pk, News())) for pk, run in runs.items()}


def story_from_cards(run: Run, cards: Iterable[Card]) -> Story:
    """The story of a closed run from what its page shows, without a question."""
    return story_of(run, [result_of_card(run, card) for card in cards if card.sample == 1], News())


def result_of_card(run: Run, card: Card) -> Result:
    """A model's first report as a result."""
    numbers = {**card.scores.values, "cost_usd": card.cost_usd, "latency_seconds": card.seconds}
    return Result(
        run=run.pk,
        report=card.report or 0,
        published_at=run.published_at or run.created_at,
        slug=card.model,
        name=card.name,
        readable=card.readable,
        withheld=card.withheld,
        served_model=card.served_model,
        scorer_version=card.scores.version,
        flags=card.flags if card.readable else (),
        metrics={name: float(value) for name, value in numbers.items() if value is not None} if card.readable else {},
    )


def story_of(run: Run, results: Sequence[Result], news: News) -> Story:
    """One story; a report that was withheld since its vote was counted is not named any more."""
    counted: dict[str, Any] = run.vote_result
    readable = {result.slug for result in results if result.readable}
    preferred = [
        Preferred(row["model"], row["name"], row["votes"], row["offered"])
        for row in counted.get("models", ())
        if row["model"] in counted["leaders"] and row["model"] in readable
    ]
    return Story(run, results, preferred, counted.get("voters", 0), counted.get("decides"), news)


def news_of(runs: Iterable[Run]) -> dict[int, News]:
    """What each run is about, in one question."""
    by_context: dict[int, list[str]] = {}
    contexts = {run.pk: run.context_id for run in runs}
    rows = Source.objects.filter(context__in=set(contexts.values())).order_by("rank").values_list("context", "title")
    for context, title in rows:
        by_context.setdefault(context, []).append(title)
    found = {pk: by_context.get(context or 0, []) for pk, context in contexts.items()}
    return {pk: News(next(filter(None, titles), ""), len(titles)) for pk, titles in found.items()}
