"""Every list of the admin takes few queries, however many rows there are."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.models import (
    Attempt,
    Budget,
    Evaluation,
    Job,
    LockedContext,
    ModelConfig,
    Prompt,
    Provider,
    Report,
    Run,
    RunEntry,
    Score,
    Slot,
)
from tests.desk.conftest import ROWS, Visit
from votes.models import Closing, Computation, Standing, Vote

pytestmark = pytest.mark.django_db

MOST = 12  # queries

# Django's own and its libraries': groups and devices are a handful, results of tasks are pruned.
FEW = {"auth_group", "otp_totp_totpdevice", "otp_static_staticdevice", "django_tasks_database_dbtaskresult"}


def make_rows(kind: type, /, **fields: Any) -> list[Any]:
    """ROWS rows of a kind; a list gives each row its own value, a text with `{}` its number."""

    def value(given: Any, n: int) -> Any:
        if isinstance(given, list):
            return given[n]
        return given.format(n) if isinstance(given, str) else given

    rows = (kind(**{name: value(given, n) for name, given in fields.items()}) for n in range(ROWS))
    return list(kind._default_manager.bulk_create(rows, batch_size=500))  # type: ignore[attr-defined]


def make_rosters() -> tuple[list[Any], list[Any]]:
    """Evaluations, and their prompts; each with a model of a provider of its own."""
    evaluations = make_rows(Evaluation, name="E{}", slug="e{}")
    providers = make_rows(Provider, name="P{}", slug="p{}", kind="openai", base_url="https://models.example")
    prices = {"usd_per_million_input": 1, "usd_per_million_output": 1}
    model = {"slug": "m", "name": "M", "model_id": "acme/m"}
    make_rows(ModelConfig, evaluation=evaluations, provider=providers, **model, **prices)
    return evaluations, make_rows(Prompt, evaluation=evaluations, version=1, system_text="x")


def make_runs(evaluations: list[Any], prompts: list[Any]) -> list[Any]:
    """A published run of each evaluation, in a slot."""
    now = timezone.now()
    slots = make_rows(Slot, evaluation=evaluations, due_at=now)
    contexts = make_rows(LockedContext, sha256="{:064}", payload=b"{}")
    ceilings = dict.fromkeys(("max_usd_per_call", "max_usd_per_run", "max_usd_per_day"), 1)
    return make_rows(
        Run, evaluation=evaluations, prompt=prompts, slot=slots, context=contexts, state="published", published_at=now,
        voting_opens_at=now - timedelta(days=3), voting_closes_at=now, **ceilings,
    )  # fmt: skip


def make_reports(runs: list[Any]) -> list[Any]:
    """One scored report a run, with its request and its money."""
    model = {"slug": "m", "name": "M", "model_id": "acme/m", "provider_slug": "p", "provider_kind": "openai"}
    entries = make_rows(RunEntry, run=runs, position=1, blind_position=1, **model)
    reports = make_rows(Report, entry=entries, state="succeeded")
    make_rows(Score, report=reports, metric="groundedness", value=0.5, scorer_version="1")
    request = {"number": 1, "state": "paid", "messages_sha256": "0" * 64, "day": date(2026, 11, 23), "reserved_usd": 1}
    make_rows(Attempt, report=reports, **request)
    make_rows(Budget, run=runs, spent_usd=1)
    return reports


def make_votes(evaluations: list[Any], runs: list[Any], reports: list[Any]) -> None:
    """A vote and its closing a run, and standings of each evaluation."""
    now, nobody = timezone.now(), {"voter": "v{}", "network": "n{}", "seat": 1}
    make_rows(Vote, run=runs, verdict="choice", choice=reports, issued_at=now, **nobody)
    make_rows(Closing, run=runs, closed_at=now)
    computed = {"method": "m", "inputs_sha256": "0" * 64, "state": "s", "votes": 1, "runs": 1, "figures": {}}
    computations = make_rows(Computation, evaluation=evaluations, **computed)
    place = {"model_slug": "m", "model_name": "M", "strength": 0, "share": 0.5, "votes": 1, "offered": 2, "runs": 1}
    make_rows(Standing, computation=computations, **place)


def make_everything() -> None:
    """ROWS of each kind that the admin lists."""
    evaluations, prompts = make_rosters()
    runs = make_runs(evaluations, prompts)
    make_votes(evaluations, runs, make_reports(runs))
    people = make_rows(User, username="user{}")
    make_rows(Job, kind="run", evaluation=evaluations, run=runs, asked_by=people)
    kind = ContentType.objects.get_for_model(Run)
    make_rows(LogEntry, user=people, content_type=kind, object_id="{}", object_repr="run {}", action_flag=CHANGE)


def test_every_long_list_takes_a_dozen_queries(visit: Visit) -> None:
    make_everything()
    root = visit("superuser")
    taken = {}
    for kind in sorted(model._meta.label_lower.replace(".", "_") for model in admin.site._registry):
        if kind in FEW:
            continue
        address = reverse(f"admin:{kind}_changelist")
        assert apps.get_model(kind.replace("_", ".", 1))._default_manager.count() >= ROWS, kind
        root.get(address)  # what a process remembers from its first page on
        with CaptureQueriesContext(connection) as asked:
            page = root.get(address)
        assert page.status_code == 200
        assert page.context["cl"].result_list, kind
        taken[kind] = len(asked)
        assert len(asked) <= MOST, (kind, [query["sql"][:200] for query in asked])
    print(f"\nqueries at {ROWS:,} rows: {taken}")
