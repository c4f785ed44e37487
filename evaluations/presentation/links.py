"""Which evaluation an address means, and how an address says so."""

from django.http import HttpRequest

from evaluations.models import Evaluation


def default_evaluation(request: HttpRequest) -> Evaluation | None:
    """The first public evaluation: what an address means that names none. Asked for once a request."""
    if not hasattr(request, "default_evaluation"):
        request.default_evaluation = Evaluation.objects.for_the_public().first()  # type: ignore[attr-defined]
    evaluation: Evaluation | None = request.default_evaluation  # type: ignore[attr-defined]
    return evaluation


def query_of(evaluation: Evaluation | None, default: Evaluation | None) -> str:
    """What an address needs to mean this evaluation: "?evaluation=slug", or nothing where it is the default."""
    return "" if evaluation is None or evaluation == default else f"?evaluation={evaluation.slug}"
