"""Every fault of Brave's wire in ../shared/cases/faults.json, over a real socket, through a whole run."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from evaluations import contexts
from evaluations.errors import RunFailedError
from evaluations.models import Attempt, Evaluation, LockedContext, QueryAnswer, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from evaluations.sources import brave as brave_wire
from evaluations.wire.failures import FATAL, Code, Failure, words
from tests.pipeline import wire
from tests.pipeline.wire import Answer, Request, Wire

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox", "impatient")]

KEY = "test-brave-canary"
PLAN = {"X_RateLimit_Limit": "50, 0", "X_RateLimit_Remaining": "49, 0", "X_RateLimit_Reset": "1, 2528987"}


def body(title: str = "A title", snippet: str = "Rovers signed Ada Lund.", **more: Any) -> bytes:
    result = {"title": title, "url": f"https://example.com/{title}", "description": snippet}
    return json.dumps({"type": "search", "web": {"results": [result]}, **more}).encode()


def error(status: int, code: str = "", **headers: str) -> Answer:
    echo = {"token": KEY, "input": KEY}
    document = {"error": {"status": status, "code": code, "detail": f"Refused: {KEY}", "meta": echo}}
    return wire.whole(json.dumps(document).encode(), status, **headers)


# How the server answers, by kind; and the reason code that is kept.
KINDS: dict[str, tuple[Answer, str]] = {
    "http_401": (error(401), "bad_key"),
    "http_402": (error(402), "plan"),
    "http_403": (error(403), "no_access"),
    "http_404": (wire.whole(b"<html>Not found</html>", 404), "endpoint"),
    "http_400": (error(400, "VALIDATION"), "invalid_query"),
    "http_422": (error(422, "VALIDATION"), "invalid_query"),
    "http_422_token": (error(422, "SUBSCRIPTION_TOKEN_INVALID"), "bad_key"),
    "http_429_month": (error(429, "RATE_LIMITED", X_RateLimit_Remaining="1, 0"), "quota"),
    "http_429_no_headers": (wire.whole(b"", 429), "rate_limited"),
    "http_500": (wire.whole(b"", 500), "upstream"),
    "http_502_html": (wire.whole(b"<html>Bad gateway</html>", 502), "upstream"),
    "http_503_retry_after": (wire.whole(b"", 503, Retry_After="3600"), "upstream"),
    "http_503_retry_after_date": (wire.whole(b"", 503, Retry_After="Thu, 01 Jan 1970 00:00:00 GMT"), "upstream"),
    "http_503_retry_after_garbage": (wire.whole(b"", 503, Retry_After="\u00bd soon"), "upstream"),
    "http_302": (wire.whole(b"", 302, Location="http://127.0.0.1/"), "protocol"),
    "silence": (wire.silence, "timeout"),
    "drip": (wire.drip(), "timeout"),
    "truncated_json": (wire.cut(body()), "truncated"),
    "cut_chunked": (wire.cut_chunked(body()), "truncated"),
    "invalid_json": (wire.whole(b"<html>ok</html>"), "not_json"),
    "deep_json": (wire.whole(b"[" * 1_000_000), "not_json"),
    "broken_gzip": (wire.whole(b"\x1f\x8bnot gzip", Content_Encoding="gzip"), "truncated"),
    "wrong_content_type": (wire.whole(body("html"), Content_Type="text/html"), ""),
    "unknown_encoding": (wire.whole(body(), Content_Encoding="br; really not"), ""),
    "json_nan": (wire.whole(b'{"web": {"results": [{"url": "u", "rank": NaN}]}}'), "schema"),
    "json_twins": (wire.whole(b'{"web": {}, "web": {}}'), "schema"),
    "json_1e400": (wire.whole(b'{"a": [1e400]}'), "schema"),
    "bom_utf16": (wire.whole(body().decode().encode("utf-16")), "not_utf8"),
    "lone_surrogate": (wire.whole(body("lone \ud800 half")), ""),
    "nul_char": (wire.whole(body("nul", "with \x00 inside")), ""),
    "missing_web_key": (wire.whole(b'{"type": "search"}'), ""),
    "huge_body": (wire.huge(500_000_000), "too_large"),
    "gzip_bomb": (wire.gzip_bomb(), "too_large"),
    "partial_1_of_n": (wire.whole(b"", 502), "upstream"),
}
OWN = [
    {"id": "own", "kind": kind, "expect": {"max_retries": retries}}
    for kind, retries in {
        "http_400": 0, "http_422_token": 0, "http_500": 2, "http_503_retry_after_garbage": 2, "http_302": 0,
        "silence": 2, "drip": 2, "deep_json": 1, "broken_gzip": 2, "unknown_encoding": 0, "json_twins": 0,
        "json_1e400": 0,
    }.items()
]  # fmt: skip
ELSEWHERE = {"all_empty", "partial_n_minus_1", "dns_nxdomain", "connect_refused"}
FAULTS = wire.cases("faults.json", "faults", "brave")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits, scaled down."""
    monkeypatch.setattr(brave_wire, "BACKOFF", 0.01)
    monkeypatch.setattr(brave_wire, "DEADLINE", 0.5)
    monkeypatch.setattr(brave_wire, "WINDOW", 0.02)


@pytest.fixture
def evaluation(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Evaluation:
    """Brave's wire for the search, the sandbox's models, five queries."""
    monkeypatch.setenv("BRAVE_API_KEY", KEY)
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.search_source = Evaluation.SearchSource.BRAVE
    evaluation.save()
    evaluation.roster.exclude(slug="brief").delete()
    ask_queries(evaluation, 5)
    return evaluation


def ask_queries(evaluation: Evaluation, count: int) -> None:
    evaluation.queries.all().delete()
    for position in range(1, count + 1):
        evaluation.queries.create(position=position, text=f"query {position}")


@contextmanager
def brave(settings: Any, faulty: Callable[[str], Answer | None]) -> Iterator[Wire]:
    """Brave on a loopback socket; `faulty` gives the answer to a query that has a fault."""

    def script(request: Request) -> Answer:
        return faulty(request.query) or wire.whole(body(request.query), **PLAN)

    with wire.serving(script) as server:
        settings.BRAVE_BASE_URL = server.url
        yield server


def outcome(evaluation: Evaluation) -> Run:
    """The run, to its end, whichever that is."""
    hold = start(evaluation)
    with suppress(RunFailedError):
        runs.execute(hold)
    return Run.objects.get(pk=hold.run.pk)


def failures(run: Run) -> dict[int, str]:
    """The reason code of every query that failed."""
    return {answer.position: answer.failure for answer in run.answers.exclude(failure="")}


def stored() -> str:
    """Everything that the database has of the runs."""
    rows = [*Run.objects.values(), *QueryAnswer.objects.values(), *LockedContext.objects.values()]
    return str(rows) + str([bytes(context.payload) for context in LockedContext.objects.all()])


def test_every_kind_of_the_catalogue_has_its_server() -> None:
    kinds = {case.values[0]["kind"] for case in FAULTS}
    assert kinds <= KINDS.keys() | ELSEWHERE | {"absent"}


@pytest.mark.parametrize(
    "case",
    [
        *(case for case in FAULTS if case.values[0]["kind"] not in ELSEWHERE),
        *(pytest.param(case, id=case["kind"]) for case in OWN),
    ],
)
def test_a_fault_of_one_query_of_five_ends_as_listed(
    case: dict[str, Any], evaluation: Evaluation, settings: Any
) -> None:
    answer, code = KINDS[case["kind"]]
    with brave(settings, lambda query: answer if query == "query 3" else None) as server, wire.memory_growth() as grown:
        run = outcome(evaluation)
    aborted = code in FATAL
    assert aborted == (case["expect"].get("run", "aborted_before_spend" if aborted else "") == "aborted_before_spend")
    assert failures(run) == ({3: code} if code else {})
    assert run.state == ("failed" if aborted else "published"), run.failure
    assert Attempt.objects.exists() != aborted
    assert server.asked("query 3") <= 1 + case["expect"]["max_retries"]
    assert KEY not in stored()
    assert grown[0] < 50
    page = Client().get(f"/runs/{run.pk}/context/")
    if aborted:
        assert page.status_code == 404
        assert_a_resume_asks_only_what_is_missing(run, settings)
    else:
        assert ("not answered" in page.content.decode()) == bool(code)
        assert escape(words(code)) in page.content.decode()


def assert_a_resume_asks_only_what_is_missing(run: Run, settings: Any) -> None:
    missing = set(run.answers.exclude(state="answered").values_list("query", flat=True))
    assert 0 < len(missing) < run.answers.count()
    with brave(settings, lambda _: None) as mended:
        runs.execute(runs.resume(run))
    assert {request.query for request in mended.requests} == missing
    assert Run.objects.get(pk=run.pk).state == "published"


def test_a_lone_surrogate_and_a_nul_are_stored_clean(evaluation: Evaluation, settings: Any) -> None:
    kinds = {"query 1": "lone_surrogate", "query 2": "nul_char"}
    with brave(settings, lambda query: KINDS[kinds[query]][0] if query in kinds else None):
        run = outcome(evaluation)
    assert run.context is not None
    document = contexts.read(bytes(run.context.payload))
    titles = {source["title"]: source["snippets"] for source in document["sources"]}
    assert "lone \ufffd half" in titles
    assert titles["nul"] == ["with inside"]


def test_where_every_query_finds_nothing_the_run_ends_before_a_cent_is_spent(
    evaluation: Evaluation, settings: Any
) -> None:
    with brave(settings, lambda _: wire.whole(b"{}", **PLAN)):
        run = outcome(evaluation)
    assert (run.state, failures(run)) == ("failed", {})
    assert "found nothing" in run.failure
    assert not Attempt.objects.exists()


def test_where_nine_of_ten_queries_fail_the_run_ends_and_keeps_the_tenth(evaluation: Evaluation, settings: Any) -> None:
    ask_queries(evaluation, 10)
    with brave(settings, lambda query: None if query == "query 10" else wire.whole(b"", 502, **PLAN)):
        run = outcome(evaluation)
    assert (run.state, len(failures(run))) == ("failed", 9)
    assert run.answers.get(position=10).results
    assert not Attempt.objects.exists()
    assert_a_resume_asks_only_what_is_missing(run, settings)


def test_one_query_of_ten_that_fails_for_good_does_not_stop_the_run(evaluation: Evaluation, settings: Any) -> None:
    ask_queries(evaluation, 10)
    with brave(settings, lambda query: wire.whole(b"", 502) if query == "query 3" else None):
        run = outcome(evaluation)
    assert (run.state, failures(run)) == ("published", {3: "upstream"})


def test_where_nobody_listens_the_reason_is_the_connection(evaluation: Evaluation, settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.BRAVE_BASE_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
        run = outcome(evaluation)
    assert (run.state, set(failures(run).values())) == ("failed", {"connect"})


def test_where_nobody_knows_the_name_the_reason_is_the_name(
    evaluation: Evaluation, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    settings.BRAVE_BASE_URL = "http://search.test"
    run = outcome(evaluation)
    assert (run.state, set(failures(run).values())) == ("failed", {"dns"})


def test_a_plan_of_one_request_a_second_is_asked_one_by_one_and_never_refuses(
    evaluation: Evaluation, settings: Any
) -> None:
    plan = {"X_RateLimit_Limit": "1, 2000"}
    with wire.serving(lambda request: wire.whole(body(request.query), **plan)) as server:
        settings.BRAVE_BASE_URL = server.url
        outcome(evaluation)
    assert (len(server.requests), server.most_at_once) == (5, 1)


def test_the_control_what_a_service_echoes_would_be_stored_were_it_not_taken_out() -> None:
    failure = Failure(Code.INVALID_QUERY, f"Refused: {KEY}")
    assert KEY in str(failure)
    assert KEY not in str(failure.redact(KEY))
