"""The data layer on SQLite and on PostgreSQL: what the database itself promises."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from evaluations.errors import FutbolReportError
from evaluations.models import Budget, Evaluation, LockedContext, Prompt, Run

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation.objects.get(slug="futbol-report")


def run_of(evaluation: Evaluation, **fields: object) -> Run:
    prompt = evaluation.prompt
    assert prompt
    ceilings = {"max_usd_per_call": 1, "max_usd_per_run": 1, "max_usd_per_day": 1}
    return Run.objects.create(evaluation=evaluation, prompt=prompt, prompt_sha256="0" * 64, **ceilings, **fields)


def test_the_run_is_on_the_database_that_was_asked_for(request: pytest.FixtureRequest) -> None:
    asked = "postgresql" if request.config.getoption("postgresql") else "sqlite"
    assert connection.vendor == asked


def test_the_seed_is_one_real_evaluation_and_one_sandbox_with_four_queries_each() -> None:
    rows = Evaluation.objects.values_list("slug", "sandbox", "scheduled", models.Count("queries"))
    assert set(rows) == {("futbol-report", False, False, 4), ("sandbox", True, False, 4)}


def test_a_locked_payload_cannot_be_changed() -> None:
    context = LockedContext.objects.create(sha256="a" * 64, payload=b"{}")
    context.payload = b'{"changed": true}'
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        context.save()


def test_a_locked_payload_can_be_emptied() -> None:
    context = LockedContext.objects.create(sha256="a" * 64, payload=b"{}")
    context.payload = b""
    context.save()
    context.refresh_from_db()
    assert bytes(context.payload) == b""


def delete_in_the_database(context: LockedContext) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM evaluations_lockedcontext WHERE id = %s", [context.pk])
    connection.check_constraints()


def test_a_context_cannot_be_deleted_while_a_run_refers_to_it(evaluation: Evaluation) -> None:
    context = LockedContext.objects.create(sha256="a" * 64, payload=b"{}")
    run_of(evaluation, context=context)
    with pytest.raises(IntegrityError), transaction.atomic():
        delete_in_the_database(context)


def test_an_evaluation_has_at_most_one_live_run(evaluation: Evaluation) -> None:
    run_of(evaluation)
    with pytest.raises(IntegrityError), transaction.atomic():
        run_of(evaluation)
    assert evaluation.runs.count() == 1


def test_a_stored_prompt_never_changes(evaluation: Evaluation) -> None:
    prompt = evaluation.prompt
    assert prompt
    with pytest.raises(FutbolReportError, match="save a new version"):
        prompt.save()
    assert Prompt(evaluation=evaluation, system_text="Shorter.").save() is None
    assert evaluation.prompt
    assert evaluation.prompt.version == 2


def test_a_thousand_nano_dollar_amounts_add_up_exactly(evaluation: Evaluation) -> None:
    budgets = [
        Budget(run=None, day=f"{2000 + n // 12}-{n % 12 + 1:02}-01", spent_usd=Decimal("0.000000001"))
        for n in range(1000)
    ]
    Budget.objects.bulk_create(budgets)
    total = Budget.objects.aggregate(total=models.Sum("spent_usd"))["total"]
    assert total == Decimal("0.000001")
