"""`manage.py run_evaluation`: one run, from the search to the published reports."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.utils import OperationalError, ProgrammingError

from evaluations.errors import FutbolReportError, HeldElsewhereError, NotConfiguredError, RunFailedError, RunPausedError
from evaluations.management.interrupts import INTERRUPTED, interrupts
from evaluations.management.runs import find_run
from evaluations.management.terminal import dollars, print_table, watching
from evaluations.models import Evaluation, Run
from evaluations.pipeline import plans, runs, starts
from evaluations.pipeline.leases import Hold
from evaluations.summaries import summary

COMPLETE, FAILED, PARTIAL, HELD = 0, 1, 2, 75


class Command(BaseCommand):
    """Parse, call, print."""

    help = "Fetch the material once, ask every model the same, score and publish the reports."
    # The checks import every page; `make check` and the site run them.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command's options."""
        parser.add_argument("evaluation", nargs="?", help="slug; default: the first real evaluation")
        parser.add_argument("--sandbox", action="store_true", help="invented material and models; no key needed")
        parser.add_argument("--models", default="", metavar="A,B", help="only these models of the roster")
        parser.add_argument("--resume", type=int, metavar="RUN", help="finish what is missing of a run")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, to whom, at what price")
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout, nothing else")
        parser.add_argument("--no-progress", action="store_true", help="no news while it runs")

    def handle(self, **options: Any) -> None:
        """Run, and end with the exit code that says how it went."""
        try:
            code = self.dry_run(options) if options["dry_run"] else self.run(options)
        except HeldElsewhereError as error:
            code = self.complain(error, HELD)
        except FutbolReportError as error:
            code = self.complain(error, FAILED)
        except (OperationalError, ProgrammingError) as error:
            code = self.complain(f"The database is not ready: {error}. Has `manage.py migrate` been run?", FAILED)
        if code:
            sys.exit(code)

    def run(self, options: dict[str, Any]) -> int:
        """One run, new or resumed; the exit code."""
        stop = runs.Stop()
        news = sys.stderr if options["json"] else sys.stdout
        hold = self.hold(options)
        code = COMPLETE
        with interrupts(stop), watching(news, not options["no_progress"]) as watch:
            try:
                runs.execute(hold, watch, stop)
            except RunPausedError as error:
                code = self.complain(error, INTERRUPTED if stop.asked else PARTIAL)
            except RunFailedError as error:
                code = self.complain(error, FAILED)
        run = Run.objects.select_related("context").get(pk=hold.run.pk)
        self.report(run, options["json"])
        return code or (PARTIAL if run.partial else COMPLETE)

    def hold(self, options: dict[str, Any]) -> Hold:
        """The run to work on."""
        if options["resume"] is None:
            return starts.start(find_evaluation(options), models=names(options["models"]))
        return runs.resume(find_run(options["resume"]))

    def report(self, run: Run, as_json: bool) -> None:
        """The outcome: a table and where to go from here, or one JSON document."""
        result = summary(run)
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        print_table(sys.stdout, result)
        if run.evaluation.sandbox:
            self.stdout.write("Sandbox: invented material, and no real model wrote these reports.")
        self.stdout.write(f"Run {run.pk} is {run.get_state_display().lower()}, cost {dollars(result['cost_usd'])}.")
        for line in next_steps(run):
            self.stdout.write(line)

    def dry_run(self, options: dict[str, Any]) -> int:
        """Say what would happen."""
        plan = plans.plan(find_evaluation(options), names(options["models"]))
        if options["json"]:
            document = asdict(plan) | {"worst_usd": plan.worst_usd}
            self.stdout.write(json.dumps(document, ensure_ascii=False, default=float))
            return FAILED if plan.obstacles else COMPLETE
        self.stdout.write(f"{plan.evaluation} would ask {len(plan.queries)} queries: {'; '.join(plan.queries)}.")
        self.stdout.write(f"Every model would get the same {plan.message_bytes:,} bytes ({plan.material}).")
        for call in plan.calls:
            self.stdout.write(f"  {call.model}: POST {call.url}, at most {dollars(call.worst_usd)}")
            self.stdout.write(f"    {json.dumps(call.parameters, ensure_ascii=False)}")
        self.stdout.write(f"At most {dollars(plan.worst_usd)} in all. Nothing was sent.")
        for obstacle in plan.obstacles:
            self.stderr.write(obstacle)
        return FAILED if plan.obstacles else COMPLETE

    def complain(self, problem: Exception | str, code: int) -> int:
        """Say on stderr what went wrong, in one line."""
        self.stderr.write(" ".join(str(problem).split()))
        return code


def names(text: str) -> list[str]:
    """Comma-separated names."""
    return [name.strip() for name in text.split(",") if name.strip()]


def find_evaluation(options: dict[str, Any]) -> Evaluation:
    """The evaluation that was asked for. Raises NotConfiguredError, saying which exist."""
    asked, sandbox = options["evaluation"], options["sandbox"]
    fitting = Evaluation.objects.filter(sandbox=sandbox) if sandbox or not asked else Evaluation.objects.all()
    found = (fitting.filter(slug=asked) if asked else fitting).first()
    if found is None:
        there = ", ".join(fitting.values_list("slug", flat=True)) or "none"
        kind = "sandbox evaluation" if sandbox else "evaluation"
        raise NotConfiguredError(f"There is no {kind} {asked or ''}; there are: {there}.".replace(" ;", ";"))
    return found


def next_steps(run: Run) -> list[str]:
    """Where to read the result, and the next command worth typing."""
    command = "python manage.py run_evaluation"
    match run.state:
        case Run.State.PUBLISHED:
            return [
                f"Read it: {settings.SITE_URL}{run.get_absolute_url()}",
                "Next: `make demo` serves the site; `python manage.py run_evaluation --help` shows what else there is.",
            ]
        case Run.State.AWAITING_REVIEW:
            return [f"An editor publishes it: {settings.SITE_URL}/admin/evaluations/run/{run.pk}/change/"]
        case Run.State.PAUSED | Run.State.FAILED:
            return [f"Next: `{command} --resume {run.pk}` finishes what is missing; what is paid is not paid again."]
    return []
