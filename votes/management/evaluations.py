"""The evaluation that a command names."""

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation


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
