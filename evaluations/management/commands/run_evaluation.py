"""`manage.py run_evaluation`: one run, from the search to the published reports."""

import gc
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from evaluations.errors import (
    BadInputError,
    HeldElsewhereError,
    NotConfiguredError,
    RunFailedError,
    RunPausedError,
    RunRefusedError,
)
from evaluations.management.arguments import number, usd
from evaluations.management.base import FAILED, LineCommand, add_json
from evaluations.management.config_files import read_config
from evaluations.management.config_rows import add_models, store_evaluation
from evaluations.management.figures import dollars
from evaluations.management.lookups import find_run
from evaluations.management.outcomes import print_outcome, resume_command
from evaluations.management.outputs import check_output, write_output
from evaluations.management.summaries import summary
from evaluations.management.tables import print_replays
from evaluations.management.terminal import watcher
from evaluations.models import Evaluation, Run
from evaluations.pipeline import retry, runs
from evaluations.pipeline.lease import Hold
from evaluations.pipeline.plan import plan
from evaluations.pipeline.start import Order, start
from evaluations.pipeline.worker import INTERRUPTED, interrupts

COMPLETE, PARTIAL, HELD = 0, 2, 75


def invite(run: int, count: int) -> None:
    """Ask other workers to take part: those that wait for tasks."""
    from evaluations import tasks  # late: few runs need others, and all that tasks can do takes long to read

    tasks.invite(run, count)


class Command(LineCommand):
    help = "Fetch the material once, ask every model the same, score and publish the reports."

    def run_from_argv(self, argv: list[str]) -> None:
        """The command in a process of its own."""
        tune_garbage_collection()
        super().run_from_argv(argv)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("evaluation", nargs="?", help="slug; default: the first real evaluation")
        parser.add_argument("--sandbox", action="store_true", help="invented material and models; no key needed")
        parser.add_argument("--config", metavar="FILE", help="an evaluation as a TOML file; see examples/")
        parser.add_argument("--source", default="", metavar="files:PATH", help="search in a folder or JSON Lines file")
        parser.add_argument("--models", default="", metavar="A,B", help="only these models of the roster")
        parser.add_argument("--model", action="append", default=[], metavar="NAME@URL", help="one more for this run")
        parser.add_argument("--replay", metavar="RUN", help="the locked context of RUN again, or of last:N runs")
        parser.add_argument("--prompt", type=number, metavar="VERSION", help="another version than the current prompt")
        parser.add_argument("--repeats", type=number, default=1, metavar="N", help="N reports of every model")
        parser.add_argument("--max-cost", type=usd, metavar="USD", help="a lower ceiling for this run")
        parser.add_argument("--resume", type=number, metavar="RUN", help="finish what is missing of a run")
        parser.add_argument("--retry", type=number, metavar="RUN", help="ask again for lost answers of RUN, at a price")
        parser.add_argument("--output", metavar="DIR|FILE", help="keep what came there: .json, .csv, a folder")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, to whom, at what price")
        add_json(parser)
        parser.add_argument("--no-progress", action="store_true", help="no news while it runs")

    def handle(self, **options: Any) -> None:
        """Run, and end with the exit code that says how it went."""
        try:
            plain = options["dry_run"] and options["retry"] is None
            code = self.dry_run(options) if plain else self.run(options)
        except HeldElsewhereError as error:
            code = self.refuse(error, HELD)
        if code:
            sys.exit(code)

    def run(self, options: dict[str, Any]) -> int:
        """One run, new or resumed, or one replay for each that was named; the first exit code that is not 0."""
        output = None if options["output"] is None else check_output(options["output"])
        if options["retry"] is not None:
            results = [self.retry(options)]
        elif options["resume"] is not None:
            results = [self.carry_out(runs.resume(find_run(options["resume"])), options)]
        else:
            results = [self.carry_out(start(*order), options) for order in orders(options)]
        if output:
            for run, _ in results:
                write_output(output if len(results) == 1 else output / f"run-{run.pk}", run)
        if options["json"]:
            documents = [summary(run) for run, _ in results]
            several = str(options["replay"]).startswith("last:")
            self.stdout.write(json.dumps(documents if several else documents[0], ensure_ascii=False))
        elif len(results) > 1:
            pairs = [(summary(run.replay_of), summary(run)) for run, _ in results if run.replay_of]
            print_replays(sys.stdout, pairs)
        return next((code for _, code in results if code), COMPLETE)

    def retry(self, options: dict[str, Any]) -> tuple[Run, int]:
        """Ask again for what was lost, after saying at what price; the run and its exit code."""
        run, stop, code = find_run(options["retry"]), runs.Stop(), COMPLETE
        lost = retry.lost_reports(run, split_names(options["models"]))
        if not lost:
            raise NotConfiguredError(f"{run} has no report whose answer was lost, or none of these models.")
        news = sys.stderr if options["json"] else sys.stdout
        worst = sum((retry.worst_cost(report) for report in lost), Decimal(0))
        for report in lost:
            print(f"{report.entry.slug}: asking again may cost {dollars(retry.worst_cost(report))} more.", file=news)
        if options["dry_run"]:
            print(f"At most {dollars(worst)} in all. Nothing was sent.", file=news)
            return run, COMPLETE
        with interrupts(stop), watcher(news, not options["no_progress"]) as watch:
            for report in lost:
                try:
                    retry.retry(report, runs.Worker(watch, stop))
                except RunRefusedError as error:
                    code = self.complain(error, INTERRUPTED if stop.asked else FAILED)
        run = find_run(run.pk)
        if not options["json"]:
            print_outcome(sys.stdout, run)
        return run, code or (PARTIAL if run.partial else COMPLETE)

    def carry_out(self, hold: Hold, options: dict[str, Any]) -> tuple[Run, int]:
        """Execute one run and report on it; the run and its exit code."""
        stop, code = runs.Stop(), COMPLETE
        news = sys.stderr if options["json"] else sys.stdout
        with interrupts(stop, resume_command(hold.run)), watcher(news, not options["no_progress"]) as watch:
            try:
                runs.execute(hold, runs.Worker(watch, stop, invite=invite))
            except RunPausedError as error:
                code = self.complain(error, INTERRUPTED if stop.asked else PARTIAL)
            except RunFailedError as error:
                code = self.complain(error, FAILED)
        run = find_run(hold.run.pk)
        if not options["json"]:
            print_outcome(sys.stdout, run)
        return run, code or (PARTIAL if run.partial else COMPLETE)

    def dry_run(self, options: dict[str, Any]) -> int:
        """Say what would happen."""
        planned = plan(*orders(options)[0])
        if options["json"]:
            document = asdict(planned) | {"worst_usd": planned.worst_usd}
            self.stdout.write(json.dumps(document, ensure_ascii=False, default=float))
            return FAILED if planned.obstacles else COMPLETE
        asks = (
            f"ask {len(planned.queries)} queries: {'; '.join(planned.queries)}" if planned.queries else "search nothing"
        )
        self.stdout.write(f"{planned.evaluation} would {asks}.")
        self.stdout.write(f"Every model would get the same {planned.message_bytes:,} bytes ({planned.material}).")
        times = f", {planned.samples} times" if planned.samples > 1 else ""
        for call in planned.calls[: len(planned.calls) // planned.samples]:
            self.stdout.write(f"  {call.model}: POST {call.url}, at most {dollars(call.worst_usd)}{times}")
            self.stdout.write(f"    {json.dumps(call.parameters, ensure_ascii=False)}")
        self.stdout.write(f"At most {dollars(planned.worst_usd)} in all. Nothing was sent.")
        for obstacle in planned.obstacles:
            self.stderr.write(obstacle)
        return FAILED if planned.obstacles else COMPLETE


def tune_garbage_collection() -> None:
    """Let garbage collection leave alone what was imported, and look seldom at what a run gathers.

    Both live as long as this process; going through them again and again takes a sixth of its time at 512 models.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def split_names(text: str) -> list[str]:
    """Comma-separated names."""
    return [name.strip() for name in text.split(",") if name.strip()]


def orders(options: dict[str, Any]) -> list[tuple[Evaluation, Order]]:
    """What to start: one run, or a replay of each run that was named."""
    if options["replay"] is not None and options["source"]:
        raise BadInputError("A replay reads the locked context again: --source does not go with --replay.")
    order = Order(
        models=split_names(options["models"]),
        samples=options["repeats"],
        max_usd=options["max_cost"],
        prompt_version=options["prompt"],
        source=options["source"],
    )
    if options["replay"] is None:
        return [with_models(find_evaluation(options), order, options)]
    return [with_models(run.evaluation, replace(order, replay=run), options) for run in runs_to_replay(options)]


def with_models(evaluation: Evaluation, order: Order, options: dict[str, Any]) -> tuple[Evaluation, Order]:
    """The order with the models that were typed as NAME@URL."""
    return evaluation, replace(order, models=add_models(evaluation, options["model"], order.models))


def runs_to_replay(options: dict[str, Any]) -> list[Run]:
    """The runs whose locked context is to be read again: one by its number, or the last N, oldest first."""
    asked: str = options["replay"]
    if asked.isdecimal():
        return [find_run(int(asked))]
    count = asked.removeprefix("last:")
    if count == asked or not count.isdecimal() or not int(count):
        raise BadInputError(f"--replay takes a run's number or last:N, not {asked}.")
    evaluation = find_evaluation(options)
    found = list(Run.objects.for_replay(evaluation)[: int(count)])
    if not found:
        raise NotConfiguredError(f"{evaluation} has no run with material to replay.")
    return found[::-1]


def find_evaluation(options: dict[str, Any]) -> Evaluation:
    """The evaluation that was asked for. Raises NotConfiguredError, saying which exist."""
    asked, sandbox = options["evaluation"], options["sandbox"]
    if options["config"] is not None:
        if asked or sandbox:
            raise BadInputError("--config is an evaluation of its own: it goes with no other and not with --sandbox.")
        return store_evaluation(read_config(options["config"]))
    fitting = Evaluation.objects.filter(sandbox=sandbox) if sandbox or not asked else Evaluation.objects.all()
    found = (fitting.filter(slug=asked) if asked else fitting).first()
    if found is None:
        there = ", ".join(fitting.values_list("slug", flat=True)) or "none"
        kind = "sandbox evaluation" if sandbox else "evaluation"
        raise NotConfiguredError(f"There is no {kind} {asked or ''}; there are: {there}.".replace(" ;", ";"))
    return found
