"""What the vote on a run gave, for the head of its page; pages of evaluations know votes by this tag alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext_lazy

from evaluations.models import Evaluation, Run, blindness
from evaluations.presentation import cache
from evaluations.presentation.wording.name_lists import name_list
from votes.models import Vote

register = template.Library()

Document = dict[str, Any]

VERDICTS = ("none", "cannot_tell")


@register.inclusion_tag("votes/_result.html", takes_context=True)
def vote_result(context: template.Context, run: Run) -> Document:
    """The result of a closed vote; nothing where there was none, or while it is open."""
    result = {} if run.is_blind else run.vote_result
    readable = {column.card.model for column in context["columns"] if column.card.readable}
    return {"evaluation": run.evaluation, "request": context.get("request"), **result_summary(result, readable)}


@register.inclusion_tag("votes/_rules.html", takes_context=True)
def voting_rules(context: template.Context, evaluation: Evaluation | None) -> Document:
    """Every limit and lifetime of a vote, from where the code has it."""
    from votes import ballots, line_ups, seats, voters  # late: the front page loads these tags and takes no vote

    return {
        "hours": evaluation.voting_hours if evaluation else settings.VOTING_HOURS,
        "counted": evaluation.votes_per_network if evaluation else settings.VOTES_PER_NETWORK,
        "kept": seats.QUARANTINED_PER_NETWORK,
        "counted_of_site": seats.COUNTED_PER_SITE,
        "looks": seats.LOOKS_PER_NETWORK,
        "ballots_a_minute": ballots.BALLOTS_A_MINUTE,
        "valid_hours": ballots.VALID_FOR // timedelta(hours=1),
        "words_a_second": ballots.WORDS_A_SECOND,
        "longest_minimum": round(ballots.LONGEST_MINIMUM),
        "least_reports": blindness.LEAST_REPORTS,
        "most_reports": line_ups.AT_MOST,
        "cookie_days": voters.COOKIE_DAYS,
        "csrf_days": settings.CSRF_COOKIE_AGE // 86_400,
        "number_days": cache.KEEP_NUMBERS // cache.DAY,
        "evaluation": evaluation,
        "request": context.get("request"),
    }


def result_summary(result: Document, readable: set[str]) -> Document:
    """What is said of a result. A report that was withheld since it was counted is not named any more."""
    verdicts = result.get("verdicts", {})
    choices, voters = verdicts.get("choice", 0), result.get("voters", 0)
    rows = [row for row in result.get("models", ()) if row["model"] in readable]
    leaders = [row for row in rows if row["model"] in result["leaders"]] if rows else []
    told = {*readable, *VERDICTS}
    return {
        "voters": voters,
        "choices": choices,
        "rows": [row for row in rows if row["offered"]],
        "leaders": leaders,
        "decides": result.get("decides"),
        "none": verdicts.get("none", 0),
        "none_share": verdicts.get("none", 0) / voters if voters else None,
        "cannot_tell": verdicts.get("cannot_tell", 0),
        "looked": verdicts.get("looked", 0),
        "quarantined": result.get("quarantined", 0),
        "grounds": {said: ticked for said, ticked in result.get("grounds", {}).items() if said in told},
    }


REASONS = {
    "seats": gettext_lazy("over the seats of their network"),
    "too_fast": gettext_lazy("faster than anybody reads"),
    "after_look": gettext_lazy("after a look from the same network"),
    "staff": gettext_lazy("cast by staff"),
    "editor": gettext_lazy("by an editor’s decision"),
    "withheld_report": gettext_lazy("for a withheld report"),
    "withdrawn_run": gettext_lazy("in a withdrawn run"),
}


TOLD = {
    "seats": gettext_lazy("It does not count: other votes of your network came first and took its seats."),
    "too_fast": gettext_lazy("It does not count: it came faster than anybody reads."),
    "after_look": gettext_lazy("It does not count: somebody in your network has looked who wrote what before."),
    "staff": gettext_lazy("It does not count: you are logged in as staff."),
    "editor": gettext_lazy("It does not count: an editor has set it apart."),
}


@register.filter
def no_count(reason: str) -> str:
    """What a voter is told whose vote does not count."""
    return str(TOLD.get(reason, TOLD["seats"]))


@register.filter
def ticks_in_words(grounds: Mapping[str, Mapping[str, int]]) -> str:
    """What voters ticked whatever they chose, the most frequent first: "accurate 12, readable 7"; "" for nothing."""
    counts: Counter[str] = Counter()
    for of in (grounds or {}).values():
        counts.update(of)
    words = dict(Vote.Ground.choices)
    order = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(f"{words.get(name, name)} {number}" for name, number in order)


@register.filter
def exclusion(reason: str) -> str:
    """Why votes do not count, after their number."""
    return str(REASONS.get(reason, reason.replace("_", " ")))


register.filter(name_list)


@register.filter
def names_under(rows: Sequence[Document], key: str) -> str:
    """What rows have under a key, in a sentence."""
    return name_list([row[key] for row in rows])


@register.filter
def doubling(slope: float | None) -> str:
    """What twice as much does to the odds, where log odds grow by `slope` with the logarithm."""
    return "–" if slope is None else f"{2**slope:.2f}"
