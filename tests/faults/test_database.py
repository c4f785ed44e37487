"""Every fault of the layer database, met by a whole run on a real PostgreSQL (`make test` runs them there)."""

import json
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from evaluations.models import Attempt, Budget, Evaluation, Report, Run
from evaluations.pipeline import lease, runs
from evaluations.pipeline.start import start
from evaluations.pipeline.worker import News, StepNews, no_watch
from tests.faults.conftest import ANSWER_USD, PLACES, SLUGS, Services, answer_of, before, make_roster, placed
from tests.faults.test_models import WHOLE, raw
from tests.pipeline.provider import head, response

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def evaluation(services: Services) -> Evaluation:
    if connection.vendor != "postgresql":
        pytest.skip("on PostgreSQL only; `make test` runs it there")
    return make_roster(services.url, call_deadline_seconds=20)


@pytest.fixture
def operator(evaluation: Evaluation) -> Iterator["Operator"]:
    """Somebody else at the database; all is well again afterwards."""
    person = Operator()
    yield person
    person.make_well()
    person.line.close()


class Operator:
    """A connection of its own, to the server's maintenance database, and one to ours."""

    def __init__(self) -> None:
        values = connection.get_connection_params()
        known = {name: values[name] for name in ("host", "port", "user", "password") if values.get(name)}
        self.name = values["dbname"]
        self.known = known
        self.line = psycopg.connect(**known, dbname="postgres", autocommit=True)

    def cut(self) -> None:
        """End every session of the database."""
        self.line.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [self.name],
        )

    def close(self) -> None:
        """End every session and let no new one in."""
        self.line.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS false')
        self.cut()

    def open(self) -> None:
        """Let sessions in."""
        self.line.execute(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS true')

    def close_for(self, seconds: float) -> None:
        """Away, and back again."""
        self.close()
        threading.Timer(seconds, self.open).start()

    def run(self, sql: str) -> None:
        """A statement in our database, by somebody else."""
        with psycopg.connect(**self.known, dbname=self.name, autocommit=True) as line:
            line.execute(sql)

    def failing_inserts(self, sqlstate: str, times: int, after: int) -> None:
        """Inserts of attempts fail with that state, `times` times, once `after` of them have gone well."""
        self.failing("INSERT", "", sqlstate, times, after)

    def failing_answers(self, sqlstate: str, times: int, after: int) -> None:
        """The same of the updates that keep an answer."""
        self.failing("UPDATE", "WHEN (OLD.body IS NULL AND NEW.body IS NOT NULL)", sqlstate, times, after)

    def failing(self, what: str, condition: str, sqlstate: str, times: int, after: int) -> None:
        """A trigger that raises."""
        self.run("CREATE SEQUENCE injected")
        self.run(
            "CREATE FUNCTION inject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF nextval('injected') BETWEEN {after + 1} AND {after + times} THEN "
            f"RAISE EXCEPTION 'injected' USING ERRCODE = '{sqlstate}'; "
            "END IF; RETURN NEW; END $$"
        )
        self.run(
            f"CREATE TRIGGER injected BEFORE {what} ON evaluations_attempt "
            f"FOR EACH ROW {condition} EXECUTE FUNCTION inject()"
        )

    def make_well(self) -> None:
        """Take everything back."""
        self.open()
        self.line.execute(f'ALTER DATABASE "{self.name}" RESET default_transaction_read_only')
        self.line.execute(f'ALTER DATABASE "{self.name}" RESET statement_timeout')
        self.run("DROP TRIGGER IF EXISTS injected ON evaluations_attempt")
        self.run("DROP FUNCTION IF EXISTS inject")
        self.run("DROP SEQUENCE IF EXISTS injected")
        self.cut()
        connections.close_all()


def go(evaluation: Evaluation, watch: Any = no_watch) -> Run:
    """A whole run, one model at a time."""
    runs.execute(start(evaluation), runs.Worker(watch, at_once=1))
    return Run.objects.get()


def before_it_is_asked(place: str, act: Any) -> Any:
    """Act when all is done but the next model is not yet asked for."""
    if not before(place):
        return at_step("infer", act)

    def watch(news: News) -> None:
        if getattr(news, "model", "") == before(place)[-1] and news.state == "succeeded":
            act()

    return watch


def asked_before(services: Services, place: str) -> bool:
    """Whether just the models before that place were asked."""
    return services.asked == [f"maker/{slug}" for slug in before(place)]


def at_step(step: str, act: Any) -> Any:
    """Act when a step begins."""

    def watch(news: News) -> None:
        if isinstance(news, StepNews) and news.step == step:
            act()

    return watch


def whole(run: Run, services: Services) -> None:
    """As if nothing had happened: every report, asked once, the books to the cent."""
    assert (run.state, run.partial) == ("published", False)
    assert sorted(services.asked) == [f"maker/{slug}" for slug in sorted(SLUGS)]
    assert Attempt.objects.count() == 3
    books_hold(run)


def books_hold(run: Run) -> None:
    """The budget is what the attempts say."""
    attempts = list(Attempt.objects.filter(report__entry__run=run))
    known = sum((a.cost_usd or Decimal(0) for a in attempts), Decimal(0))
    reserved = sum((a.reserved_usd for a in attempts if a.state == "unknown"), Decimal(0))
    for budget in Budget.objects.all():
        assert (budget.spent_usd, budget.reserved_usd) == (known, reserved)


def resumed(run: Run) -> Run:
    """The run after its lease has run out and somebody resumed it."""
    connections.close_all()
    Run.objects.update(lease_expires_at=None)
    runs.execute(runs.resume(Run.objects.select_related("evaluation", "context", "prompt").get(pk=run.pk)))
    return Run.objects.get(pk=run.pk)


def down_before_intent(
    evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str
) -> None:
    impatient(0.4)
    with pytest.raises(DatabaseError):
        go(evaluation, before_it_is_asked(place, operator.close))
    assert asked_before(services, place)
    assert Client(raise_request_exception=False).get("/runs/").status_code in (200, 500, 503)
    operator.open()
    whole(resumed(Run.objects.get()), services)


def down_after_answer(
    evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str
) -> None:
    """For a moment: nothing is lost. For longer than we wait: unknown, with the generation's id."""
    services.on_ask = lambda model: operator.close_for(0.7) if model == f"maker/{place}" else None
    whole(go(evaluation), services)
    services.asked.clear()
    services.on_ask = lambda _model: None
    closing = threading.Timer(0.4, operator.close)

    def script(model: str, _number: int) -> Any:
        if model != f"maker/{place}":
            return None
        closing.start()
        return raw(head(200, len(WHOLE), X_Generation_Id="gen-late"), WHOLE, pause=0.8)

    services.script = script
    impatient(0.4)
    with pytest.raises(DatabaseError):
        runs.execute(start(evaluation), runs.Worker(at_once=1))
    operator.open()
    connections.close_all()
    run = resumed(Run.objects.order_by("pk").last())
    unknown = Attempt.objects.get(report__entry__run=run, state="unknown")
    assert (unknown.report.entry.slug, unknown.generation_id) == (place, "gen-late")
    assert (run.state, run.partial, sorted(services.asked)) == (
        "published", True, ["maker/first", "maker/last", "maker/middle"]
    )  # fmt: skip


def locked(evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str) -> None:
    """A row is locked for longer than a write waits for a lock."""

    def hold(model: str) -> None:
        if model == f"maker/{place}":
            line = psycopg.connect(**operator.known, dbname=operator.name)
            line.execute("SELECT * FROM evaluations_run FOR UPDATE")
            threading.Timer(1.0, line.close).start()

    services.on_ask = hold
    whole(go(evaluation), services)


def serialization(evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str) -> None:
    operator.failing_inserts("40001", 3, len(before(place)))
    whole(go(evaluation), services)


def readonly(evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str) -> None:
    """A replica until the failover is over: nothing is spent on what could not be written down."""

    def fail_over() -> None:
        operator.line.execute(f'ALTER DATABASE "{operator.name}" SET default_transaction_read_only = on')
        operator.cut()
        threading.Timer(0.7, recover).start()

    def recover() -> None:
        seen.append(asked_before(services, place))
        operator.line.execute(f'ALTER DATABASE "{operator.name}" RESET default_transaction_read_only')
        operator.cut()

    seen: list[bool] = []
    whole(go(evaluation, before_it_is_asked(place, fail_over)), services)
    assert seen == [True]


def full(evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str) -> None:
    impatient(0.4)
    operator.failing_inserts("53100", 10_000, len(before(place)))
    with pytest.raises(OperationalError):
        go(evaluation)
    assert asked_before(services, place)
    operator.make_well()
    whole(resumed(Run.objects.get()), services)


def too_many_connections(
    evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str
) -> None:
    """No session is to be had, which is what being closed looks like from outside."""
    services.on_ask = lambda model: operator.close_for(0.5) if model == f"maker/{place}" else None
    whole(go(evaluation), services)


def statement_timeout(
    evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str
) -> None:
    operator.failing_inserts("57014", 1, len(before(place)))
    whole(go(evaluation), services)


def commit_ambiguous(
    evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str
) -> None:
    """The line is lost at each commit of the wave in turn, before it took effect and after."""
    for after in (False, True):
        number = 1 + after
        while True:
            tear = Tear(number, after)
            services.asked.clear()
            run = go_torn(evaluation, tear)
            assert sorted(services.asked) == [f"maker/{slug}" for slug in sorted(SLUGS)], (number, after)
            assert (run.state, run.partial) == ("published", False)
            books = Budget.objects.get(run=run)
            assert (books.spent_usd, books.reserved_usd) == (3 * ANSWER_USD, 0), (number, after)
            assert Report.objects.filter(entry__run=run, scores__isnull=False).distinct().count() == 3
            if not tear.torn:
                break
            number += 2  # of the commits, every second one before it took effect, the others after
        assert number > 15


class Tear:
    """Loses the connection at the n-th commit from the first intent on."""

    def __init__(self, number: int, after: bool) -> None:
        self.number, self.after, self.torn, self.armed = number, after, False, False

    def __call__(self, commit: Any) -> Any:
        def torn(wrapper: BaseDatabaseWrapper) -> None:
            self.number -= self.armed
            if self.armed and not self.torn and self.number == 0:
                self.torn = True
                if self.after:
                    commit(wrapper)
                wrapper.connection.close()
                raise OperationalError("injected: the connection was lost while COMMIT was under way")
            commit(wrapper)

        return torn


def go_torn(evaluation: Evaluation, tear: Tear) -> Run:
    """A whole run with that tear."""
    commit = BaseDatabaseWrapper._commit
    BaseDatabaseWrapper._commit = tear(commit)

    def arm() -> None:
        tear.armed = True

    try:
        run = runs.execute(start(evaluation), runs.Worker(at_step("fetch", arm), at_once=1))
    finally:
        BaseDatabaseWrapper._commit = commit
    return Run.objects.get(pk=run.pk)


def new_code_old_schema(
    evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str
) -> None:
    impatient(0.2)
    operator.run("ALTER TABLE evaluations_attempt RENAME COLUMN body TO body_of_another_release")
    try:
        with pytest.raises(DatabaseError):
            go(evaluation)
    finally:
        operator.run("ALTER TABLE evaluations_attempt RENAME COLUMN body_of_another_release TO body")
    assert services.asked == []


def sequence_wrap_unicode(
    evaluation: Evaluation, operator: Operator, services: Services, impatient: Any, place: str
) -> None:
    """NUL, lone surrogates and megabytes, in an answer and in a refusal."""
    text = "Ro\x00ve\ud800rs " * 200_000
    choices = [{"finish_reason": "stop", "message": {"content": text}}]
    huge = response(body=json.dumps(answer_of("maker/first", choices=choices)).encode())
    refusal = response(400, json.dumps({"error": {"message": "No \x00 and \ud800."}}).encode())
    raw_refusal = response(403, b"\x00\x01 no JSON \xff")
    turn = SLUGS.index(place)
    slugs = (*SLUGS[turn:], *SLUGS[:turn])
    answers = dict(zip((f"maker/{slug}" for slug in slugs), (huge, refusal, raw_refusal), strict=True))
    services.script = lambda model, _number: answers[model]
    run = go(evaluation)
    reports = {report.entry.slug: report for report in Report.objects.select_related("entry")}
    assert (run.state, run.partial) == ("published", True)
    assert reports[slugs[0]].text.startswith("Rove\ufffdrs ")
    assert reports[slugs[1]].error_detail == "No  and \ufffd."


CASES = {
    case.__name__: case
    for case in (
        down_before_intent,
        down_after_answer,
        locked,
        serialization,
        readonly,
        full,
        too_many_connections,
        statement_timeout,
        commit_ambiguous,
        new_code_old_schema,
        sequence_wrap_unicode,
    )
}


# Where a model's place makes no difference, and why.
ANYWHERE = {"commit_ambiguous": "it tears every commit of the wave in turn", "new_code_old_schema": "no model is asked"}


@pytest.mark.parametrize(("kind", "place"), placed("database", ANYWHERE))
def test_a_fault_of_the_database_loses_nothing_and_pays_nothing_twice(
    kind: str,
    place: str,
    evaluation: Evaluation,
    operator: Operator,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lease, "LOCK_WAIT", "200ms")
    monkeypatch.setattr(lease, "PATIENCE", 15.0)
    impatient = lambda seconds: monkeypatch.setattr(lease, "PATIENCE", seconds)  # noqa: E731
    CASES[kind](evaluation, operator, services, impatient, place)


# Neighbours of those kinds: what a server may say, where it says it, and whether a run gets over it by itself.
STATES = [
    ("40P01", "question", True),  # deadlock
    ("53100", "answer", True),  # disk full, for a moment
    ("23505", "question", False),  # somebody has written that attempt
    ("40P01", "answer", True),
    ("40001", "answer", True),
    ("08006", "question", True),  # connection failure
    ("57P01", "answer", True),  # shutdown by the administrator
    ("57P03", "question", True),  # starting up
    ("53200", "answer", True),  # out of memory
    ("55P03", "question", True),  # lock not available
    ("58030", "answer", True),  # input or output error
    ("25006", "answer", True),  # a replica, for a moment
    ("42501", "question", False),  # no permission
    ("XX001", "question", False),  # corrupted
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("state", "moment", "gets_over_it"), STATES if len(PLACES) > 1 else STATES[:3])
def test_whatever_state_a_server_answers_with_nothing_is_asked_twice(
    state: str,
    moment: str,
    gets_over_it: bool,
    place: str,
    evaluation: Evaluation,
    operator: Operator,
    services: Services,
) -> None:
    failing = operator.failing_inserts if moment == "question" else operator.failing_answers
    failing(state, 2, len(before(place)))
    if gets_over_it:
        whole(go(evaluation), services)
        return
    with pytest.raises(DatabaseError):
        go(evaluation)
    assert asked_before(services, place)
    operator.make_well()
    whole(resumed(Run.objects.get()), services)


@pytest.mark.parametrize("place", PLACES)
def test_an_answer_that_cannot_be_kept_for_too_long_is_unknown_and_never_asked_for_again(
    place: str, evaluation: Evaluation, operator: Operator, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "PATIENCE", 0.4)
    operator.failing_answers("53100", 10_000, len(before(place)))
    with pytest.raises(DatabaseError):
        go(evaluation)
    operator.make_well()
    run = resumed(Run.objects.get())
    assert (run.state, run.partial) == ("published", True)
    assert Report.objects.get(entry__slug=place).state == "unknown_outcome"
    assert sorted(services.asked) == sorted(f"maker/{slug}" for slug in SLUGS)
    books_hold(run)


def test_without_patience_a_moment_without_the_database_costs_an_answer(
    evaluation: Evaluation, operator: Operator, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(lease, "PATIENCE", 0.0)
    services.on_ask = lambda model: operator.close_for(0.5) if model == "maker/middle" else None
    with pytest.raises(DatabaseError):
        go(evaluation)
    time.sleep(0.7)
    assert resumed(Run.objects.get()).partial
