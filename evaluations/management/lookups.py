"""What a command names: a run, an evaluation, a file."""

import sys
from pathlib import Path

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation, Run


def find_run(number: int) -> Run:
    """The run of this number, with what it was made from. Raises NotConfiguredError."""
    run = Run.objects.for_work().filter(pk=number).first()
    if run is None:
        raise NotConfiguredError(f"There is no run {number}.")
    return run


def find_evaluation(slug: str | None) -> Evaluation:
    """The one with that slug, else the first public one. Raises NotConfiguredError."""
    found = Evaluation.objects.filter(slug=slug) if slug else Evaluation.objects.for_the_public()
    evaluation = found.first()
    if evaluation is None:
        raise NotConfiguredError(f"There is no evaluation {slug!r}." if slug else "There is no public evaluation.")
    return evaluation


def find_evaluations(slug: str | None) -> list[Evaluation]:
    """The one with that slug, else all."""
    return [find_evaluation(slug)] if slug else list(Evaluation.objects.order_by("pk"))


def read_file(name: str) -> bytes:
    """The bytes of a file; those of standard input for "-". Raises OSError."""
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
