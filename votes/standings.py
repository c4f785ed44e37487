"""The standings: page, JSON and CSV. They show what was computed, and compute nothing."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Evaluation, ModelConfig
from evaluations.models.blindness import Part
from evaluations.views.access import chosen_evaluation, public_page, public_runs
from evaluations.views.api import api_page, as_csv, as_file, as_json, evaluation_row, paging
from votes.models import Computation, Standing
from votes.pictures import History, corners, history, whiskers

ROWS_A_PAGE = 500
COMPUTATIONS_SHOWN = 40
FIELDS = (
    "model_slug", "model_name", "with_quarantine", "rank", "strength", "low", "high", "share", "share_low",
    "share_high", "votes", "offered", "excluded", "runs", "preliminary", "metrics",
)  # fmt: skip
COLUMNS = (*(field for field in FIELDS if field != "metrics"), "retired", "groundedness", "computed_at")

Row = dict[str, Any]


@public_page
def standings(request: HttpRequest) -> HttpResponse:
    """The newest standings of an evaluation, with everything that the votes say."""
    evaluation = chosen_evaluation(request)
    newest = newest_of(evaluation)
    facts = {
        "evaluation": evaluation,
        "computation": newest,
        "latest": public_runs().seen(Part.VOTE).filter(evaluation=evaluation).first(),
    }
    return render(request, "votes/standings.html", facts | (figures_of(newest) if newest else {}))


def newest_of(evaluation: Evaluation | None) -> Computation | None:
    """The standings that were computed last."""
    return Computation.objects.filter(evaluation=evaluation).select_related("evaluation").order_by("-pk").first()


def figures_of(computation: Computation) -> dict[str, Any]:
    """What the page shows of a computation."""
    figures = computation.figures
    present = roster_of(computation.evaluation)
    listed = (*(figures["with_withheld"] or ()), *figures["with_quarantine"], *figures["models"])
    names = {row["model"]: row["name"] for row in listed}
    rows = [row | {"retired": row["model"] not in present} for row in figures["models"]]
    ranks = {row["model"]: row["rank"] for row in rows}
    equal = figures["equal_length"]
    return {
        "figures": figures,
        "names": names,
        "rows": rows,
        "leaders": [names[model] for model in figures["leaders"]],
        "preliminary": any(row["preliminary"] for row in rows),
        "whiskers": whiskers(rows, figures["ballot_size"]),
        "corners": corners(rows, figures["ballot_size"]),
        "moved_by_quarantine": other_ranks(ranks, figures["with_quarantine"]),
        "equal_rows": [
            row | {"name": names[row["model"]], "plain_rank": ranks[row["model"]]} for row in equal["models"]
        ]
        if equal
        else [],
        "history": history_of(computation.evaluation),
    }


def roster_of(evaluation: Evaluation) -> set[str]:
    """The models that the evaluation asks now; the others are retired."""
    return set(ModelConfig.objects.filter(evaluation=evaluation, enabled=True).values_list("slug", flat=True))


def other_ranks(ranks: dict[str, int | None], others: Sequence[Row]) -> list[str]:
    """The names of models whose rank is another one in another way of counting."""
    return [row["name"] for row in others if ranks.get(row["model"], 0) != row["rank"]]


def history_of(evaluation: Evaluation) -> History | None:
    """The models' shares over the last computations."""
    computations = Computation.objects.filter(evaluation=evaluation).order_by("-pk").values_list("pk", flat=True)
    numbers = {pk: number for number, pk in enumerate(reversed(computations[:COMPUTATIONS_SHOWN]))}
    found = Standing.objects.filter(computation__in=list(numbers), with_quarantine=False).order_by("computation")
    shares: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for pk, name, share in found.values_list("computation", "model_name", "share"):
        shares[name].append((numbers[pk], share))
    return history(shares, len(numbers))


# For programs


@api_page
def api_standings(request: HttpRequest) -> HttpResponse:
    """Both ways of counting as rows, and all other figures."""
    document = document_of(chosen_evaluation(request))
    page = Paginator(document["standings"], ROWS_A_PAGE).get_page(request.GET.get("page"))
    return as_json(document | {"standings": list(page)} | paging(request, page))


@public_page
def standings_json(request: HttpRequest) -> HttpResponse:
    """The same as a file, whole."""
    return as_file(as_json(document_of(chosen_evaluation(request))), "standings.json")


@public_page
def standings_csv(request: HttpRequest) -> HttpResponse:
    """The rows as a table."""
    rows = [
        row | {"groundedness": row["metrics"].get("groundedness")}
        for row in table(newest_of(chosen_evaluation(request)))
    ]
    return as_file(as_csv(COLUMNS, rows), "standings.csv")


def document_of(evaluation: Evaluation | None) -> Row:
    """The standings that were computed last, whole; the figures are null where there are none.

    `blindness`: how often a rule names the authors, not from the votes, but from the reports that were voted on.
    """
    newest = newest_of(evaluation)
    return {
        "evaluation": evaluation_row(evaluation),
        "computation": figures_besides_rows(newest) if newest else None,
        "blindness": (newest.blindness or None) if newest else None,
        "standings": table(newest),
    }


def figures_besides_rows(computation: Computation) -> Row:
    """The figures besides the models' rows."""
    rows = ("models", "with_quarantine", "with_withheld")
    figures = {name: value for name, value in computation.figures.items() if name not in rows}
    return {"computed_at": computation.computed_at} | figures


def table(computation: Computation | None) -> list[Row]:
    """A row for each model and way of counting, those that count first."""
    if computation is None:
        return []
    present = roster_of(computation.evaluation)
    rows = Standing.objects.filter(computation=computation).order_by("with_quarantine", "-strength", "model_slug")
    return [
        row | {"retired": row["model_slug"] not in present, "computed_at": computation.computed_at}
        for row in rows.values(*FIELDS)
    ]
