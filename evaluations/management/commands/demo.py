"""`manage.py demo`: a lived-in sandbox for one's own machine."""

import time
from typing import Any

from django.conf import settings

from evaluations.errors import NotConfiguredError
from evaluations.management.base import LineCommand
from evaluations.management.demo.history import add_history
from evaluations.models import Evaluation


class Command(LineCommand):
    help = (
        "Fill the sandbox with eight aged runs (votes, a failure, a withheld report, a replay, repeats) and an open "
        "vote. Everything in it is invented. What is there already is not made again."
    )

    def handle(self, **options: Any) -> None:
        """Make what is missing, and say what there is."""
        if not settings.DEBUG:
            raise NotConfiguredError("Invented votes are for one's own machine: DEBUG is off here. Nothing was made.")
        evaluation = Evaluation.objects.filter(sandbox=True).first()
        if evaluation is None:
            raise NotConfiguredError("There is no sandbox evaluation; make one in admin.")
        started = time.monotonic()
        made = add_history(evaluation, lambda line: self.stdout.write(f"  {line}"))
        seconds = time.monotonic() - started
        said = f"made {made} runs in {seconds:.1f} s" if made else "it is there already"
        self.stdout.write(f"A lived-in sandbox: {said}. Its material, models and votes are invented.")
        if not Evaluation.objects.for_the_public().filter(pk=evaluation.pk).exists():
            self.stdout.write("Its pages are hidden: a real evaluation has published runs here.")
