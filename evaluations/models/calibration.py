"""How many bytes of our material make a token, learned from what past runs were billed for."""

import math
import statistics
from collections import defaultdict
from typing import Any

from django.db.models.functions import Length

from evaluations.contexts import BYTES_PER_TOKEN

from .reports import Report
from .roster import Evaluation

REPORTS = 200  # the newest so many are looked at
LEAST, MOST = 2.0, 5.0  # what no tokenizer does with such text is somebody's miscounting


def bytes_per_token(evaluation: Evaluation) -> float:
    """Bytes of messages per prompt token, of the model with the most tokens; 3 without past runs.

    Per model the median of its reports, rounded down to a hundredth: a single odd count changes nothing.
    """
    found: defaultdict[str, list[float]] = defaultdict(list)
    for model, tokens, system, payload in token_counts(evaluation)[:REPORTS]:
        found[model].append((len(system.encode()) + payload) / tokens)
    medians = [statistics.median(ratios) for ratios in found.values()]
    return max(LEAST, min(MOST, math.floor(100 * min(medians)) / 100)) if medians else BYTES_PER_TOKEN


def token_counts(evaluation: Evaluation) -> Any:
    """Model, prompt tokens, system message and bytes of material of every report that tells, newest first."""
    return (
        Report.objects.filter(entry__run__evaluation=evaluation, input_tokens__gt=0)
        .filter(entry__run__context__purged_at=None)
        .annotate(payload_bytes=Length("entry__run__context__payload"))
        .filter(payload_bytes__gt=0)
        .order_by("-pk")
        .values_list("entry__model_id", "input_tokens", "entry__run__system_message", "payload_bytes")
    )
