"""What came of a run, for the person who asked for it: tables, failures, where to read it, what to type next."""

import os
import sys
from typing import TextIO

from django.conf import settings

from evaluations.models import Report, Run
from evaluations.pipeline import retry
from evaluations.pipeline.budgets import cost_of_run
from evaluations.pipeline.lease import is_held
from evaluations.wire.failures import words

from .figures import moment, total
from .summaries import summary
from .tables import print_replays, print_spreads, print_table, say

MOST_NAMED = 20  # failures of one run


def print_outcome(out: TextIO, run: Run) -> None:
    """The run as tables, what must be known about it, and where to go from here."""
    result = summary(run)
    print_table(out, result)
    print_spreads(out, result)
    if run.replay_of:
        print_replays(out, [(summary(run.replay_of), result)])
    for line in [*remarks(run), *failures(run), how_it_ended(run), *next_steps(run)]:
        say(out, line)


def print_texts(out: TextIO, run: Run) -> None:
    """Every report of the run, as its model wrote it."""
    rows = Report.objects.filter(entry__run=run).exclude(text="").in_roster_order()
    out.writelines(f"\n──── {name_of(report)}\n\n{report.text.strip()}\n" for report in rows)


def remarks(run: Run) -> list[str]:
    """What a reader of the table must know."""
    found = []
    if run.evaluation.sandbox:
        found.append("Sandbox: invented material, and no real model wrote these reports.")
    if run.replay_of_id:
        found.append(f"Replay of run {run.replay_of_id}: these models may have read the news since.")
    return found


def failures(run: Run) -> list[str]:
    """Why reports are missing, one line each."""
    missing = Report.objects.filter(entry__run=run, state__in=(Report.State.FAILED, Report.State.UNKNOWN_OUTCOME))
    rows = list(missing.in_roster_order())
    lines = [f"{name_of(report)}: no report: {words(report.error)} ({report.error})." for report in rows[:MOST_NAMED]]
    return lines + ([f"And {len(rows) - MOST_NAMED} more."] if len(rows) > MOST_NAMED else [])


def name_of(report: Report) -> str:
    """The model, and the sample where it is not the first."""
    return report.entry.slug if report.sample == 1 else f"{report.entry.slug} ({report.sample})"


def how_it_ended(run: Run) -> str:
    """State, what failed, cost, in one sentence; and in another why, where the whole run failed or paused."""
    states = [report.state for report in Report.objects.filter(entry__run=run).only("state")]
    counts = [(states.count(Report.State.FAILED), "failed"), (states.count(Report.State.UNKNOWN_OUTCOME), "unknown")]
    missing = [f"{count} {word}" for count, word in counts if count]
    verb = "has" if run.state == Run.State.FAILED else "is"
    parts = [f"Run {run.pk} {verb} {run.get_state_display().lower()}", *missing, f"cost {total(cost_of_run(run))}"]
    return f"{', '.join(parts)}. {run.failure}".strip()


def next_steps(run: Run) -> list[str]:
    """Where to read the result, and the next command worth typing here."""
    if run.withdrawn_at:
        return ["It was withdrawn: nobody reads it but editors."]
    match run.state:
        case Run.State.PUBLISHED:
            return [*reading_address(run), *after_publishing(run)]
        case Run.State.AWAITING_REVIEW:
            return [f"Next: an editor publishes it: {settings.SITE_URL}/admin/evaluations/run/{run.pk}/change/"]
        case _ if is_held(run):
            return [f"A worker is at it. Next: `{command_line(f'show {run.pk}')}` in a while."]
        case Run.State.FAILED if run.context and not Report.objects.left_to_ask().filter(entry__run=run).exists():
            again = command_line(f"run_evaluation --replay {run.pk}")
            return [f"Next: `{again}` asks again, on the same material, once the reason is mended."]
        case _ if run.state in Run.RESUMABLE:
            return [resume_command(run)]
    return []


def after_publishing(run: Run) -> list[str]:
    """What is worth typing after a run that was published: mend what is missing, then look at it."""
    lines = []
    if retry.lost_reports(run):
        lines.append(
            f"Next: `{command_line(f'run_evaluation --retry {run.pk} --dry-run')}` says what asking again costs."
        )
    if failed := failed_models(run):
        again = f"run_evaluation --replay {run.pk} --models {','.join(failed)}"
        lines.append(f"Next: `{command_line(again)}` asks for what failed, on the same material.")
    if not run.evaluation.public:
        lines.append(
            f"Next: `{command_line(f'show {run.pk} --texts')}` prints the reports; the site shows none of them."
        )
    elif settings.DEBUG and run.evaluation.sandbox:
        lines.append("Next: `make demo` serves the site, with more to see.")
    elif settings.DEBUG and not lines:
        lines.append(f"Next: `{command_line('runserver')}` serves the site on this machine.")
    return lines


def failed_models(run: Run) -> list[str]:
    """The models of a run whose first report failed, and that their roster still has."""
    failed = Report.objects.filter(entry__run=run, sample=1, state=Report.State.FAILED, entry__config__isnull=False)
    return list(failed.order_by("entry__position").values_list("entry__config__slug", flat=True))


def reading_address(run: Run) -> list[str]:
    """The address of the run's page, and from when on it is there; nothing where the public has no page of it."""
    if not run.evaluation.public or run.kind == Run.Kind.TRIAL:
        return []
    address = f"{settings.SITE_URL}{run.get_absolute_url()}"
    if (open_run := run.hidden_by) is None:
        return [f"Read it: {address}"]
    until = f", {moment(open_run.voting_closes_at)}" if open_run.voting_closes_at else ""
    return [f"Its page is public when the vote on run {open_run.pk} has closed{until}: {address}"]


def resume_command(run: Run) -> str:
    """What to type to finish a run."""
    command = command_line(f"run_evaluation --resume {run.pk}")
    return f"Next: `{command}` finishes what is missing; what is paid is not paid again."


def command_line(command: str) -> str:
    """A command as it is typed here: with the Python that runs this."""
    here = os.path.relpath(sys.executable)
    python = "python" if here.startswith("..") else here
    return f"{python} manage.py {command}"
