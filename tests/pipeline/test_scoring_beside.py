"""Reports are scored while others are still being written, and no answer waits for that."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from django.db import connections

from evaluations.models import Evaluation, ModelConfig, Provider, Report, Run, Score, SearchQuery
from evaluations.pipeline import runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.scorers import process
from evaluations.pipeline.scorers.assessment import Assessment, Material, Paper, assess
from evaluations.pipeline.scorers.process import ScoringProcess
from evaluations.pipeline.scorers.scorer import WORTH_A_PROCESS, Scorer
from evaluations.pipeline.start import start
from tests.environment import ROOT
from tests.factories import QUERIES, TEXT, make_evaluation, make_run
from tests.listening import listening_in_a_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("quick_sandbox")]

LAST = "model-1"
PATIENCE = 30.0  # seconds that the last answer waits for what should happen before it


def scores_there() -> int:
    """How many reports have their scores, seen from a connection of one's own."""
    try:
        return Score.objects.values("report").distinct().count()
    finally:
        connections.close_all()


def wait_for_scores(scored: int) -> None:
    """Wait until so many reports have them."""
    until = time.monotonic() + PATIENCE
    while scores_there() < scored and time.monotonic() < until:
        time.sleep(0.05)


@contextmanager
def provider_that_waits_for(scored: int) -> Iterator[str]:
    """A provider whose last answer comes once so many others have their scores; its address."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r")[0] or 0)
        body = json.loads(await reader.readexactly(length)) if length else {}
        if body.get("model") == LAST:
            await asyncio.to_thread(wait_for_scores, scored)
        answer = {
            "id": "gen-1",
            "model": body.get("model"),
            "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": TEXT}}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5},
        }
        content = json.dumps(answer).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
        await writer.drain()

    with listening_in_a_thread(handle) as port:
        yield f"http://127.0.0.1:{port}/v1"


def evaluation_with(models: int, url: str) -> Evaluation:
    """A sandbox evaluation with so many models at a provider."""
    evaluation = make_evaluation(
        "sandbox", sandbox=True, search_source="sandbox"
    )  # which others that commit have taken away
    for position, text in enumerate(QUERIES if not evaluation.queries.exists() else ()):
        SearchQuery.objects.create(evaluation=evaluation, position=position, text=text)
    evaluation.roster.all().delete()
    there = Provider.objects.create(slug="there", name="There", kind="openai", base_url=url)
    for number in range(1, models + 1):
        ModelConfig.objects.create(
            evaluation=evaluation,
            provider=there,
            position=number,
            slug=f"model-{number}",
            name=f"Model {number}",
            model_id=f"model-{number}",
            usd_per_million_input=0,
            usd_per_million_output=0,
        )
    return evaluation


@pytest.mark.parametrize("processors", [1, 2])
def test_reports_are_scored_while_another_is_still_being_written(processors: int, settings: Any) -> None:
    settings.PROCESSORS = processors
    others = WORTH_A_PROCESS - 1
    with provider_that_waits_for(others) as url:
        hold = start(evaluation_with(WORTH_A_PROCESS, url))
        runs.execute(hold)
    waited = Report.objects.get(entry__slug=LAST)
    before = Score.objects.filter(computed_at__lt=waited.answered_at).values("report").distinct().count()
    assert (hold.run.state, hold.run.partial, before) == ("published", False, others)
    assert Score.objects.filter(report__entry__run=hold.run).values("report").distinct().count() == WORTH_A_PROCESS
    assert not Report.objects.filter(html="").exists()


def kill_children_that_score() -> int:
    """Kill this process's scoring process; how many there were."""
    killed = 0
    children = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(os.getpid())]  # whole lines, however wide the terminal
    for line in subprocess.check_output(children, text=True).splitlines():
        number, _, command = line.strip().partition(" ")
        if process.COMMAND[-1] in command:
            os.kill(int(number), signal.SIGKILL)
            killed += 1
    return killed


def test_a_scoring_process_that_is_killed_costs_nothing(settings: Any) -> None:
    settings.PROCESSORS = 2
    killed: list[int] = []

    def kill(_news: Any) -> None:
        if not killed and (count := kill_children_that_score()):
            killed.append(count)

    # The last answer comes when something is scored: then there is a process to kill.
    with provider_that_waits_for(1) as url:
        hold = start(evaluation_with(WORTH_A_PROCESS, url))
        runs.execute(hold, runs.Worker(kill))
    assert killed == [1]
    assert (hold.run.state, hold.run.partial) == ("published", False)
    assert Score.objects.values("report").distinct().count() == WORTH_A_PROCESS


def test_the_process_ends_with_its_run(settings: Any) -> None:
    settings.PROCESSORS = 2
    with Scorer(Hold.take(make_run())) as scorer:
        scorer.expect(WORTH_A_PROCESS)
        until = time.monotonic() + PATIENCE
        while not (seen := kill_children_that_score()) and time.monotonic() < until:
            time.sleep(0.01)
    assert (seen, kill_children_that_score()) == (1, 0)
    with Scorer(Hold.take(make_run())) as scorer:
        scorer.expect(WORTH_A_PROCESS)
    assert kill_children_that_score() == 0


def test_few_reports_are_not_worth_a_process(settings: Any) -> None:
    settings.PROCESSORS = 2
    with Scorer(Hold.take(make_run())) as scorer:
        scorer.expect(WORTH_A_PROCESS - 1)
        assert kill_children_that_score() == 0


def material() -> Material:
    """What the factories' reports are held against."""
    run = make_run()
    assert run.context is not None
    return Material(run.context.text, run.prompt.output_format)


def test_a_process_finds_the_very_same() -> None:
    papers: SimpleQueue[Paper | None] = SimpleQueue()
    results: SimpleQueue[tuple[Paper, Assessment | None] | None] = SimpleQueue()
    held, paper = material(), Paper(7, TEXT, "stop", ["Model 7", "maker/model-7"], "0.0123")
    beside = ScoringProcess(held, papers, results.put)
    papers.put(paper)
    answered = results.get(timeout=PATIENCE)
    beside.close()
    assert answered == (paper, assess(held, paper))
    assert json.loads(json.dumps(assess(held, paper).measured.metrics["groundedness"].evidence))  # as it is stored


def test_a_process_knows_no_database_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "test-models")
    look = "import sys, os\nfrom evaluations.pipeline.scorers import assessment\n"
    look += "print('django' in sys.modules, sorted(os.environ.keys() & {'SECRET_KEY', 'OPENROUTER_API_KEY'}))"
    told = subprocess.check_output(
        [sys.executable, "-P", "-c", look], env=process.start_environment({}), text=True, cwd=ROOT
    )
    assert told.split() == ["False", "[]"]


def test_a_process_has_no_file_of_its_parent_open(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        papers: SimpleQueue[Paper | None] = SimpleQueue()
        beside = ScoringProcess(material(), papers, lambda _result: None)
        try:
            until = time.monotonic() + PATIENCE
            while beside._process is None and time.monotonic() < until:
                time.sleep(0.01)
            assert beside._process is not None
            there = open_files(beside._process.pid)
        finally:
            beside.close()
    assert str(tmp_path / "open") not in there
    assert not [name for name in there if name.startswith("socket:")]


def open_files(process: int) -> set[str]:
    """What a process has open; what it closes while this looks is left out."""
    there = set()
    for path in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            there.add(str(path.readlink()))
    return there


def test_a_process_ends_when_its_run_is_killed() -> None:
    program = (
        "import time\nfrom queue import SimpleQueue\nfrom evaluations.pipeline.scorers import process, assessment\n"
        "beside = process.ScoringProcess(assessment.Material('{\"sources\":[]}', {}), SimpleQueue(), print)\n"
        "while beside._process is None: time.sleep(0.01)\n"
        "print(beside._process.pid, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-P", "-c", program], stdout=subprocess.PIPE, text=True, env=process.start_environment({})
    ) as run:
        assert run.stdout
        beside = int(run.stdout.readline())
        time.sleep(1)
        assert is_running(beside)
        run.kill()
    until = time.monotonic() + PATIENCE
    while is_running(beside) and time.monotonic() < until:
        time.sleep(0.01)
    assert not is_running(beside)


def is_running(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_report_that_breaks_its_scorer_fails_where_the_run_can_say_so(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The material that the process got is no locked context: it ends, and this process meets the same."""
    settings.PROCESSORS = 2
    run = make_run()
    Score.objects.all().delete()
    reports = list(Report.objects.filter(entry__run=run).select_related("entry"))
    with Scorer(Hold.take(run)) as scorer:
        scorer.material = Material("{ }", {})
        scorer.expect(WORTH_A_PROCESS)
        scorer.take(reports)
        with pytest.raises(Exception, match="not in canonical form"):
            scorer.finish()
    assert Run.objects.get(pk=run.pk).state == run.state
