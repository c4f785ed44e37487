"""What the vote on a run gave, for the head of its page; pages of evaluations know votes by this tag alone."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.models import Run

register = template.Library()

Document = dict[str, Any]


@register.inclusion_tag("votes/_result.html", takes_context=True)
def vote_result(context: template.Context, run: Run) -> Document:
    """The result of a closed vote; nothing where there was none, or while it is open."""
    result = {} if run.is_blind or not hasattr(run, "closing") else run.closing.result
    readable = {column.card.model for column in context["columns"] if column.card.readable}
    return {"evaluation": run.evaluation, "request": context.get("request"), **result_summary(result, readable)}


def result_summary(result: Document, readable: set[str]) -> Document:
    """What is said of a result. A report that was withheld since it was counted is not named any more."""
    verdicts = result.get("verdicts", {})
    choices, voters = verdicts.get("choice", 0), result.get("voters", 0)
    rows = [row for row in result.get("models", ()) if row["model"] in readable]
    leaders = [row for row in rows if row["model"] in result["leaders"]] if rows else []
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
    }


REASONS = {
    "seats": gettext_lazy("over the seats of their network"),
    "withheld_report": gettext_lazy("for a withheld report"),
    "withdrawn_run": gettext_lazy("in a withdrawn run"),
}


@register.filter
def exclusion(reason: str) -> str:
    """Why votes do not count, after their number."""
    return str(REASONS.get(reason, reason.replace("_", " ")))


@register.filter
def name_list(names: Sequence[str]) -> str:
    """Names in a sentence: "Ada", "Ada and Bea", "Ada, Bea and Cid"."""
    *before, last = names or [""]
    return _("%(names)s and %(last)s") % {"names": ", ".join(before), "last": last} if before else last


@register.filter
def names_under(rows: Sequence[Document], key: str) -> str:
    """What rows have under a key, in a sentence."""
    return name_list([row[key] for row in rows])


@register.filter
def doubling(slope: float | None) -> str:
    """What twice as much does to the odds, where log odds grow by `slope` with the logarithm."""
    return "–" if slope is None else f"{2**slope:.2f}"
