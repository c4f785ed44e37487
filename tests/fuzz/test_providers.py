"""Whatever a provider answers, it costs its own report alone: every node of its documents, every header, made odd."""

import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import batched
from typing import Any

import pytest

from evaluations.models import Attempt, Budget, Evaluation, ModelConfig, Provider, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from tests.bookkeeping import settle_books
from tests.faults.conftest import ANSWER_USD, Services, answer_of
from tests.fuzz.conftest import PARTS, Border
from tests.fuzz.oddities import Mutant, odd_documents, odd_headers
from tests.pipeline.provider import head

pytestmark = pytest.mark.django_db

AT_ONCE = 100  # mutants in one run
RICH: dict[str, Any] = {
    **answer_of("maker/x"),
    "object": "chat.completion",
    "created": 1769543798,
    "system_fingerprint": "fp_1",
    "choices": [
        {
            "index": 0,
            "logprobs": None,
            "finish_reason": "stop",
            "native_finish_reason": "end_turn",
            "message": {
                "role": "assistant",
                "content": [{"type": "text", "text": "Rovers won 2-1."}, {"type": "reasoning", "text": "Hm."}],
                "refusal": None,
                "reasoning": "Hm.",
                "reasoning_details": [{"type": "reasoning.text", "text": "Hm.", "index": 0}],
            },
        }
    ],
    "usage": {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 15,
        "cost": float(ANSWER_USD),
        "is_byok": False,
        "prompt_tokens_details": {"cached_tokens": 0},
        "cost_details": {"upstream_inference_cost": 0.001},
        "completion_tokens_details": {"reasoning_tokens": 3},
    },
    "openrouter_metadata": {
        "endpoints": {"total": 1, "available": [{"provider": "One", "selected": True}]},
        "pipeline": [{"id": "context-compression", "enabled": False}],
    },
}
PLAIN = answer_of("maker/x")
ERROR = {
    "error": {"code": 400, "message": "No.", "metadata": {"limit_source": "x", "raw": "y", "reasons": ["z"]}},
    "user_id": "user_x",
}
HEADERS = (
    "Retry-After", "X-Generation-Id", "Content-Type", "Date", "Server", "X-RateLimit-Limit", "X-RateLimit-Reset",
    "Set-Cookie", "Content-Disposition", "Content-Language",
)  # fmt: skip
LISTED: dict[str, Any] = {
    "id": "maker/x",
    "canonical_slug": "maker/x-20260101",
    "name": "X",
    "created": 1,
    "context_length": 100_000,
    "architecture": {"input_modalities": ["text"], "tokenizer": "Other"},
    "pricing": {"prompt": "0.0000001", "completion": "0.0000002", "request": "0"},
    "top_provider": {"context_length": 100_000, "max_completion_tokens": 9000, "is_moderated": False},
    "supported_parameters": ["temperature", "max_tokens"],
    "expiration_date": "2099-01-01",
}
MODELS = {"data": [LISTED, {"id": "maker/other", "object": "model"}], "links": {"next": None}, "total_count": 2}
KEY = {"data": {"label": "k", "limit": 5, "limit_remaining": 1.5, "usage": 0.1, "is_free_tier": False}}
GENERATION = {
    "data": {"id": "gen-x", "total_cost": 0.003, "is_byok": False, "upstream_inference_cost": 0.001, "usage": 0.003}
}


class OddServices(Services):
    """Answers mutants: to the n-th model of a provider's run, and to look-ups under `/odd/n/`."""

    mutants: Sequence[Mutant] = ()
    status = 200
    good = False  # chats answer well, look-ups do not

    async def chat(self, body: bytes, writer: Any) -> None:
        """The mutant of a model's number; a good answer to neighbours."""
        model = str(json.loads(body)["model"])
        self.asked.append(model)
        number = number_of(model)
        if number is None or self.good:
            writer.write(whole(200, json.dumps(answer_of(model)).encode()))
        else:
            mutant = self.mutants[number]
            writer.write(whole(self.status, mutant.body, mutant.headers))

    async def look_up(self, path: str, writer: Any) -> None:
        """A mutant under its number; else as ever."""
        if path.startswith("/odd/"):
            _, _, number, what = path.split("?")[0].split("/", 3)
            good = MODELS if what == "models" else KEY
            mutant = self.mutants[int(number)]
            writer.write(whole(200, mutant.body if mutant.where.startswith(what) else json.dumps(good).encode()))
        elif "/generation?" in path:
            writer.write(whole(200, self.mutants[int(path.rpartition("gen-")[2])].body))
        else:
            await super().look_up(path, writer)


def whole(status: int, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    """A whole answer; headers as bytes, whatever stands in them."""
    first = head(status, len(body)).removesuffix(b"\r\n\r\n")
    lines = [f"{name}: {value}".encode("utf-8", "surrogatepass") for name, value in headers]
    return b"\r\n".join([first, *lines]) + b"\r\n\r\n" + body


def number_of(model: str) -> int | None:
    """Which mutant answers for a model; None for neighbours."""
    name = model.rpartition("-")[2]
    return int(name) if name.isdigit() else None


@pytest.fixture
def odd(services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The services, odd."""
    services.__class__ = OddServices
    return services


def evaluation_of(models: dict[str, str], **fields: Any) -> Evaluation:
    """An evaluation with these models (slug to base URL), each with prices of its own."""
    evaluation = Evaluation.objects.create(
        slug=f"fuzz-{Evaluation.objects.count()}", name="Fuzz", voting_hours=0, call_deadline_seconds=60,
        max_usd_per_run=1000, max_usd_per_day=100_000, **fields,
    )  # fmt: skip
    evaluation.prompts.create(system_text="Write a report.")
    evaluation.queries.create(position=1, text="fixtures")
    there = {
        url: Provider.objects.get_or_create(
            slug=f"fuzz-{abs(hash(url))}",
            defaults={"name": "Fuzz", "kind": "openrouter", "base_url": url, "api_key_variable": "OPENROUTER_API_KEY"},
        )[0]
        for url in dict.fromkeys(models.values())
    }
    ModelConfig.objects.bulk_create(
        ModelConfig(
            evaluation=evaluation, provider=there[url], position=position, slug=slug, name=slug,
            model_id=f"maker/{slug}", usd_per_million_input=Decimal("0.01"), usd_per_million_output=Decimal("0.02"),
        )
        for position, (slug, url) in enumerate(models.items(), 1)
    )  # fmt: skip
    return evaluation


def fire(border: Border, mutants: Sequence[Mutant], shoot: Callable[[Sequence[Mutant]], None]) -> None:
    """Shoot all of them, and where something escapes, halves, until it has a name."""
    try:
        shoot(mutants)
    except Exception as error:  # noqa: BLE001 - this is what it is about
        if len(mutants) == 1:
            border.escapes.append(f"{mutants[0]}: {type(error).__name__}: {error}"[:300])
            return
        middle = len(mutants) // 2
        fire(border, mutants[:middle], shoot)
        fire(border, mutants[middle:], shoot)


def examine(border: Border, run: Run, mutants: Sequence[Mutant]) -> None:
    """Neighbours are whole, what was paid is kept, the books hold."""
    reports = list(Report.objects.filter(entry__run=run).select_related("entry").prefetch_related("attempts"))
    for report in reports:
        number = number_of(report.entry.model_id)
        if report.state not in Report.SETTLED:
            border.lost.append(f"{report.entry.slug} is {report.state}")
        if number is None and (report.state, report.cost_usd) != ("succeeded", ANSWER_USD):
            border.lost.append(f"a neighbour: {report.state} {report.error} {report.cost_usd}")
        for attempt in report.attempts.all():
            if (
                number is not None
                and attempt.state == "paid"
                and mutants
                and bytes(attempt.body) != mutants[number].body
            ):
                border.lost.append(f"{mutants[number]}: another body is kept")
    attempts = [attempt for report in reports for attempt in report.attempts.all()]
    known = sum((attempt.cost_usd or Decimal(0) for attempt in attempts), Decimal(0))
    open_ones = [a.reserved_usd for a in attempts if a.cost_usd is None and a.state in ("unknown", "paid")]
    budget = Budget.objects.get(run=run)
    if (budget.spent_usd, budget.reserved_usd) != (known, sum(open_ones, Decimal(0))):
        border.unbooked.append(f"{budget.spent_usd}, {budget.reserved_usd} instead of {known}, {sum(open_ones)}")


def chat_run(border: Border, odd: Any, status: int) -> Callable[[Sequence[Mutant]], None]:
    """A run in which mutants answer, with a good neighbour at each end."""

    def shoot(mutants: Sequence[Mutant]) -> None:
        odd.mutants, odd.status, odd.good = mutants, status, False
        names = ["first", *(f"m-{number}" for number in range(len(mutants))), "last"]
        odd.listed = [f"maker/{name}" for name in names]
        hold = start(evaluation_of(dict.fromkeys(names, odd.url)))
        runs.execute(hold)
        examine(border, hold.run, mutants if status == 200 else ())

    return shoot


@pytest.mark.parametrize("part", range(PARTS))
def test_chat_completions(border: Border, odd: Services, part: int) -> None:
    mutants = border.take(odd_documents([PLAIN, RICH]), 0.17 / PARTS, part)
    for batch in batched(mutants, AT_ONCE):
        fire(border, batch, chat_run(border, odd, 200))
    border.hold()


def test_headers_of_chat_completions(border: Border, odd: Services) -> None:
    mutants = border.take(odd_headers(PLAIN, HEADERS), 0.012)
    for batch in batched(mutants, AT_ONCE):
        fire(border, batch, chat_run(border, odd, 200))
    border.hold()


@pytest.mark.parametrize("status", [400, 503])
def test_refusals_of_chat_completions(border: Border, odd: Services, status: int) -> None:
    mutants = border.take(odd_documents([ERROR]), 0.02)
    for batch in batched(mutants, AT_ONCE):
        fire(border, batch, chat_run(border, odd, status))
    border.hold()


def look_ups() -> Iterator[Mutant]:
    """Odd lists of models, and odd records of a key."""
    for name, document in (("models", MODELS), ("key", KEY)):
        for mutant in odd_documents([document]):
            yield Mutant(mutant.document, f"{name}.{mutant.where}", mutant.what)


def test_lists_of_models_and_keys(border: Border, odd: Any) -> None:
    def shoot(mutants: Sequence[Mutant]) -> None:
        odd.mutants, odd.good = mutants, True
        urls = {f"m-{number}": f"{odd.url}/odd/{number}" for number in range(len(mutants))}
        odd.listed = ["maker/first", "maker/last"]
        hold = start(evaluation_of({"first": odd.url, **urls, "last": odd.url}))
        runs.execute(hold)
        examine(border, hold.run, ())

    for batch in batched(border.take(look_ups(), 0.06), AT_ONCE):
        fire(border, batch, shoot)
    border.hold()


def test_records_of_generations(border: Border, odd: Any) -> None:
    def shoot(mutants: Sequence[Mutant]) -> None:
        odd.mutants, odd.good = mutants, True
        names = [f"m-{number}" for number in range(len(mutants))]
        odd.listed = [f"maker/{name}" for name in names]
        hold = start(evaluation_of(dict.fromkeys(names, odd.url)))
        runs.execute(hold)
        forget_the_costs(hold.run)
        settle_books()
        examine(border, hold.run, ())
        Attempt.objects.update(generation_id="")

    for batch in batched(border.take(odd_documents([GENERATION]), 0.015), AT_ONCE):
        fire(border, batch, shoot)
    border.hold()


def forget_the_costs(run: Run) -> None:
    """As if every answer had been lost after it was sent, with its generation id known."""
    for attempt in Attempt.objects.filter(report__entry__run=run).select_related("report__entry"):
        attempt.generation_id = f"gen-{number_of(attempt.report.entry.model_id)}"
        attempt.state, attempt.cost_usd = Attempt.State.UNKNOWN, None
        attempt.save()
    Report.objects.filter(entry__run=run).update(state=Report.State.UNKNOWN_OUTCOME, cost_usd=None)
    reserved = sum((a.reserved_usd for a in Attempt.objects.filter(report__entry__run=run)), Decimal(0))
    for budget in (Budget.objects.get(run=run), Budget.objects.get(day__isnull=False, sandbox=False)):
        budget.spent_usd, budget.reserved_usd = Decimal(0), reserved
        budget.save()


def test_the_control_an_escape_is_named(border: Border) -> None:
    def shoot(mutants: Sequence[Mutant]) -> None:
        if any(mutant.what == -1 for mutant in mutants):
            raise OverflowError("minus one")

    fire(border, list(odd_documents([{"a": 1}])), shoot)
    assert [escape.split(":")[0] for escape in border.escapes] == ["0 = '-1'", "0.a = '-1'"]
    border.escapes.clear()
