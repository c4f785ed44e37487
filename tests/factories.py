"""Data for tests and for looking at pages: a published run in one call."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from evaluations import contexts
from evaluations.models import (
    Evaluation,
    LockedContext,
    ModelConfig,
    Prompt,
    Provider,
    QueryAnswer,
    Report,
    Run,
    RunEntry,
    Score,
    Source,
)
from evaluations.presentation.markdown import to_html
from evaluations.presentation.versions import RENDERER_VERSION, version_for
from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

MODELS = ("claude", "kimi", "qwen", "gemma")
QUERIES = ("recent football fixtures", "transfer market updates", "managerial changes", "league standings")
SCORES = {"groundedness": 0.87, "context_utilization": 0.42, "format_compliance": 0.9, "words": 61.0}

TEXT = """\
# Rovers sign a striker

## Transfers

- **Harbour Rovers** signed the striker Ada Lund from Northgate for £12.5m.
- Northgate let two players go on loan.

## Standings

| Club | Points |
|---|---:|
| Harbour Rovers | 41 |
| Northgate | 38 |

Three points separate the first two after 19 matches.
"""

ARTICLES = (
    ("Rovers break their record for Lund", "harbour-echo.example", "2026-11-20"),
    ("Table after matchday 19", "league.example", "2026-11-21"),
    ("Northgate coach leaves by mutual consent", "northgate-post.example", ""),
    ("All fixtures until Christmas", "league.example", "2026-11-19"),
)


def make_evaluation(slug: str = "futbol-report", **fields: Any) -> Evaluation:
    """An evaluation with one prompt; the seeded one where the slug is its."""
    evaluation, _ = Evaluation.objects.get_or_create(slug=slug, defaults={"name": slug.replace("-", " ").title()})
    for name, value in fields.items():
        setattr(evaluation, name, value)
    evaluation.save()
    if not evaluation.prompts.exists():
        Prompt.objects.create(evaluation=evaluation, system_text="Use only facts from the sources.")
    return evaluation


STORY = (
    "Harbour Rovers signed the striker Ada Lund from Northgate for a fee of 12.5 million pounds on Friday. "
    "The board called her the best finisher outside the top division. Supporters had waited for a signing since "
    "June, and queued in the rain to see her train. Northgate let two players go on loan. Three points separate "
    "Harbour Rovers and Northgate after 19 matches, with 41 and 38. The coach asked everybody for patience. " * 3
)


def make_context(queries: Sequence[str] = QUERIES, sources: int = len(ARTICLES)) -> LockedContext:
    """A locked context with its sources; each was found by one query, the first by all."""
    told = [
        {
            "title": ARTICLES[n % 4][0],
            "url": f"https://{ARTICLES[n % 4][1]}/articles/{n + 1}",
            "rank": n + 1,
            "text": STORY,
        }
        for n in range(sources)
    ]
    document = {"queries": list(queries), "made": datetime.now(UTC).isoformat(), "sources": told}
    payload = contexts.canonical(document)
    context = LockedContext.objects.create(sha256=hashlib.sha256(payload).hexdigest(), payload=payload)
    Source.objects.bulk_create(
        Source(
            context=context,
            rank=rank + 1,
            title=ARTICLES[rank % len(ARTICLES)][0],
            url=f"https://{ARTICLES[rank % len(ARTICLES)][1]}/articles/{rank + 1}",
            publisher=ARTICLES[rank % len(ARTICLES)][1],
            published=ARTICLES[rank % len(ARTICLES)][2],
            queries=list(range(1, len(queries) + 1)) if rank == 0 else [rank % len(queries) + 1],
        )
        for rank in range(sources)
    )
    return context


def make_run(
    evaluation: Evaluation | None = None,
    *,
    models: Sequence[str] = MODELS,
    texts: Sequence[str] = (TEXT,),
    states: Sequence[str] = (),
    open_for_voting: bool = False,
    sources: int = len(ARTICLES),
    **fields: Any,
) -> Run:
    """A published run, closed for voting unless told; texts are dealt out to the models in turn."""
    evaluation = evaluation or make_evaluation()
    prompt = evaluation.prompt
    assert prompt
    now = timezone.now()
    opened = now - timedelta(hours=1 if open_for_voting else 100)
    states = [*states, *[Report.State.SUCCEEDED] * (len(models) - len(states))]
    run = Run.objects.create(
        **{
            "evaluation": evaluation,
            "prompt": prompt,
            "prompt_sha256": hashlib.sha256(prompt.text.encode()).hexdigest(),
            "context": make_context(sources=sources),
            "state": Run.State.PUBLISHED,
            "partial": any(state != Report.State.SUCCEEDED for state in states),
            "max_usd_per_call": evaluation.max_usd_per_call,
            "max_usd_per_run": evaluation.max_usd_per_run,
            "max_usd_per_day": evaluation.max_usd_per_day,
            "locked_at": opened,
            "finished_at": opened,
            "published_at": opened,
            "voting_opens_at": opened,
            "voting_closes_at": opened + timedelta(hours=72),
            "network_salt": b"salt" * 8,
            "work_seconds": 14.2,
            **fields,
        }
    )
    for position, text in enumerate(QUERIES, 1):
        QueryAnswer.objects.create(run=run, position=position, query=text, state=QueryAnswer.State.ANSWERED)
    for position, (slug, state) in enumerate(zip(models, states, strict=True), 1):
        entry = make_entry(run, slug, position, len(models))
        make_report(entry, texts[(position - 1) % len(texts)], state)
    return run


def make_entry(run: Run, slug: str, position: int, of: int) -> RunEntry:
    """A model as it took part; the blind order is the roster's, backwards."""
    config = ModelConfig.objects.filter(evaluation=run.evaluation, slug=slug).first()
    provider, _ = Provider.objects.get_or_create(slug="openrouter", defaults={"name": "OpenRouter"})
    return RunEntry.objects.create(
        run=run,
        config=config,
        position=position,
        blind_position=of + 1 - position,
        slug=slug,
        name=config.name if config else slug.title(),
        provider=provider,
        provider_slug=provider.slug,
        provider_kind=provider.kind,
        model_id=config.model_id if config else f"maker/{slug}",
        parameters={"temperature": 0.2, "max_tokens": 2048},
    )


def score_run(run: Run) -> Run:
    """The run with real scores in place of the invented ones: their evidence marks its reports."""
    assert run.context
    index = index_context(contexts.read(bytes(run.context.payload)))
    for report in Report.objects.filter(entry__run=run, state=Report.State.SUCCEEDED):
        evidence = score_report(index, report.text).as_dict()["groundedness"]
        report.scores.filter(metric="groundedness").update(value=evidence["value"], evidence=evidence)
        report.html = to_html(report.text, evidence["sentences"])
        report.renderer_version = version_for("1")
        report.save()
    return run


def make_report(entry: RunEntry, text: str = TEXT, state: str = "succeeded", sample: int = 1) -> Report:
    """What the entry wrote, rendered and scored; nothing but a reason where it did not succeed."""
    if state != Report.State.SUCCEEDED:
        return Report.objects.create(entry=entry, sample=sample, state=state, error="rate_limited")
    report = Report.objects.create(
        entry=entry,
        sample=sample,
        state=state,
        text=text,
        html=to_html(text),
        renderer_version=RENDERER_VERSION,
        served_model=f"{entry.model_id}-20261001",
        served_provider="Somewhere",
        finish_reason="stop",
        input_tokens=8123,
        output_tokens=612,
        cost_usd=Decimal("0.0123"),
        latency_seconds=7.4 + entry.position,
        answered_at=timezone.now(),
    )
    Score.objects.bulk_create(
        Score(report=report, metric=metric, value=value, scorer_version="1") for metric, value in SCORES.items()
    )
    return report
