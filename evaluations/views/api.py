"""JSON for programs, CSV for spreadsheets. The fields are described in docs/api.md and stay as they are.

A run that is voted on is as blind here as on its page.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from evaluations.models import Evaluation, Run
from evaluations.presentation import cache
from evaluations.presentation.cards import Card
from evaluations.presentation.columns import blind_columns
from evaluations.presentation.links import absolute

from .access import View, asked_models, chosen_evaluation, public_page, public_run

RUNS_A_PAGE = 50
REPORTS_A_PAGE = 50
NOTICE = "Every report is machine-written and unverified."
LARGEST_ANSWER = 3_900_000  # bytes; Lambda answers with at most 6 MB, base64 included
ENVELOPE = 20_000  # what stands around the reports

Row = dict[str, Any]

METRICS = (
    "groundedness", "context_utilization", "format_compliance", "quote_accuracy", "citation_accuracy", "words",
    "cost_per_1000_grounded_words",
)  # fmt: skip
REPORT_FIELDS = (
    "run", "model", "name", "model_id", "sample", "status", "error", "withheld", "withheld_note", "served_model",
    "served_provider", "finish_reason", "input_tokens", "output_tokens", "cost_usd", "latency_seconds", "answered_at",
    *METRICS, "scorer_version", "flags", "text", "text_left_out", "notice", "votes", "offered",
)  # fmt: skip
BLIND_FIELDS = ("run", "label", "text", "text_left_out", "notice")


def api_page(view: View) -> View:
    """A public page for programs: what is not there is said in JSON, too, and kept by nobody."""
    page = public_page(view)

    @wraps(view)
    def in_json(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return page(request, *args, **kwargs)
        except Http404:
            return as_json({"error": "not_found"}, HTTPStatus.NOT_FOUND)

    return in_json


# The documents


@api_page
def runs(request: HttpRequest) -> HttpResponse:
    """Published runs of an evaluation, newest first."""
    evaluation = chosen_evaluation(request)
    found = Run.objects.for_archive(evaluation).defer("context__payload") if evaluation else Run.objects.none()
    page: Page[Any] = Paginator(found, RUNS_A_PAGE).get_page(request.GET.get("page"))
    rows = [run_row(run) | {"models": run.model_count, "reports": run.report_count} for run in page]
    return as_json({"evaluation": evaluation_row(evaluation), "runs": rows} | paging(request, page))


@api_page
def run(request: HttpRequest, run: int) -> HttpResponse:
    """One run with its reports; of a closed run `?models=a,b` asks for some of them."""
    shown_run = public_run(run)
    rows = report_rows(shown_run)
    asked = asked_models(request)
    if asked and not shown_run.is_blind:
        rows = [row for row in rows if row["model"] in asked]
    page = Paginator(rows, REPORTS_A_PAGE).get_page(request.GET.get("page"))
    return as_json(run_document(shown_run) | {"reports": fit_rows(list(page))} | paging(request, page))


@public_page
def run_json(request: HttpRequest, run: int) -> HttpResponse:
    """The same as a file, whole."""
    shown_run = public_run(run)
    document = run_document(shown_run) | {"reports": fit_rows(report_rows(shown_run))}
    return as_file(as_json(document), f"run-{run}.json")


@public_page
def run_csv(request: HttpRequest, run: int) -> HttpResponse:
    """A run's reports as a table."""
    shown_run = public_run(run)
    rows = fit_rows([flatten(row) | {"notice": NOTICE} for row in report_rows(shown_run)])
    fields = BLIND_FIELDS if shown_run.is_blind else REPORT_FIELDS
    return as_file(as_csv(fields, rows), f"run-{run}.csv")


def run_document(run: Run) -> Row:
    """What is known of a run besides its reports."""
    return run_row(run) | {
        "evaluation": evaluation_row(run.evaluation),
        "prompt_version": run.prompt.version,
        "prompt_sha256": run.prompt_sha256,
        "sources": run.context.sources.count() if run.context else 0,
        "vote": vote_row(run),
        "notice": NOTICE,
    }


def run_row(run: Run) -> Row:
    """What is known of a run at a glance."""
    return {
        "run": run.pk,
        "url": absolute(run.get_absolute_url()),
        "api_url": absolute(reverse("api_run", args=[run.pk])),
        "kind": run.kind,
        "replay_of": run.replay_of_id,
        "partial": run.partial,
        "published_at": run.published_at,
        "voting_open": run.voting_is_open,
        "voting_opens_at": run.voting_opens_at,
        "voting_closes_at": run.voting_closes_at,
        "no_vote_because": run.no_vote_because or None,
        "context_sha256": run.context.sha256 if run.context else None,
    }


def evaluation_row(evaluation: Evaluation | None) -> Row | None:
    """Which evaluation this is of."""
    if evaluation is None:
        return None
    return {"slug": evaluation.slug, "name": evaluation.name, "sandbox": evaluation.sandbox}


def report_rows(run: Run) -> list[Row]:
    """The reports of a run; until its vote has closed, letters and texts only."""
    cards = cache.reports(run)
    if run.is_blind:
        return [{"run": run.pk, "label": column.label, "text": column.text} for column in blind_columns(cards)]
    counts = {row["model"]: row for row in result_of(run).get("models", ())}
    return [report_row(card) | votes_row(card, counts.get(card.model)) for card in cards]


def result_of(run: Run) -> Row:
    """What the vote on a run gave, as it was counted when it closed; empty where it was not."""
    return {} if run.is_blind else run.vote_result


def vote_row(run: Run) -> Row | None:
    """The result as a whole; null while the vote is open, and for a run that is never voted on."""
    result = result_of(run)
    if not result:
        return None
    told = {name: result[name] for name in ("voters", "verdicts", "quarantined", "leaders", "decides")}
    return told | {"grounds": result.get("grounds", {})}


def votes_row(card: Card, counted: Row | None) -> Row:
    """How often a report was chosen, on how many ballots it stood; only first samples that can be read are voted on."""
    known = counted if counted and card.sample == 1 and card.readable else {}
    return {"votes": known.get("votes"), "offered": known.get("offered")}


def report_row(card: Card) -> Row:
    """One report of a closed run; a withheld one has neither text nor flags."""
    return {
        "run": card.run,
        "model": card.model,
        "name": card.name,
        "model_id": card.model_id,
        "sample": card.sample,
        "status": card.state,
        "error": card.error or None,
        "withheld": card.withheld,
        "withheld_note": card.withheld_note or None,
        "served_model": card.served_model or None,
        "served_provider": card.served_provider or None,
        "finish_reason": card.finish_reason or None,
        "input_tokens": card.input_tokens,
        "output_tokens": card.output_tokens,
        "cost_usd": None if card.cost_usd is None else float(card.cost_usd),
        "latency_seconds": card.seconds,
        "answered_at": card.answered_at,
        "scores": {metric: card.scores.values.get(metric) for metric in METRICS},
        "scorer_version": card.scores.version or None,
        "flags": card.flags,
        "text": card.text if card.readable else None,
    }


def flatten(row: Row) -> Row:
    """A report as one row of a table."""
    return {**row, **row.get("scores", {}), "flags": " ".join(row.get("flags", ()))}


def paging(request: HttpRequest, page: Page[Any]) -> Row:
    """Where one is, and where the rest is."""

    def address(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return absolute(f"{request.path}?{query.urlencode()}")

    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "next": address(page.next_page_number()) if page.has_next() else None,
        "previous": address(page.previous_page_number()) if page.has_previous() else None,
    }


# Their form


def fit_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows, without the texts for which the answer has no room; a short one behind them has its own."""
    room = LARGEST_ANSWER - ENVELOPE - sum(size(row | {"text": None}) for row in rows)
    kept = []
    for row in rows:
        fits = size(row.get("text")) <= room
        room -= size(row.get("text")) if fits else 0
        kept.append(row if fits else row | {"text": None, "text_left_out": True})
    return kept


def size(value: Any) -> int:
    """Bytes of a value in JSON; as CSV it is no longer."""
    return len(json.dumps(value, ensure_ascii=False, default=str).encode(errors="replace"))


def as_json(document: Row, status: int = HTTPStatus.OK) -> HttpResponse:
    """The document as JSON, moments in ISO 8601."""
    body = json.dumps(document, ensure_ascii=False, default=lambda moment: moment.isoformat(), allow_nan=False)
    return for_programs(HttpResponse(body.encode(errors="replace"), "application/json", status))


def as_csv(fields: Sequence[str], rows: Iterable[Row]) -> HttpResponse:
    """A table in UTF-8, with the mark by which Excel knows it."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(fields)
    table.writerows([defuse(row.get(field)) for field in fields] for row in rows)
    return for_programs(HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8"))


def for_programs(response: HttpResponse) -> HttpResponse:
    """The answer, which no search engine is to list: the page that people read is."""
    response["X-Robots-Tag"] = "noindex"
    return response


def as_file(response: HttpResponse, name: str) -> HttpResponse:
    """The answer as a download."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defuse(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that looks like one gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    value = value.replace("\0", "").encode(errors="replace").decode()
    return f"'{value}" if value.lstrip(" \u00a0\ufeff").startswith(FORMULA_STARTS) else value
