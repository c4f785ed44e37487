"""The run that a command names."""

from evaluations.errors import NotConfiguredError
from evaluations.models import Run


def find_run(number: int) -> Run:
    """The run of this number, with what it was made from. Raises NotConfiguredError."""
    run = Run.objects.select_related("evaluation", "context", "prompt").filter(pk=number).first()
    if run is None:
        raise NotConfiguredError(f"There is no run {number}.")
    return run
