"""Which reports stand on a ballot, and in which order: a balanced design, drawn by number. Pure.

Each cycle of the design has as many line-ups as there are reports: the first is drawn at random for the run, the
others follow by moving on one report at a time. So within a cycle every report is shown equally often, and stands in
every place exactly once (a cyclic design: John and Williams, Cyclic and Computer Generated Designs, 1995).
"""

import random
from collections.abc import Collection, Sequence

AT_MOST = 4


def line_up(run: int, number: int, labels: Sequence[str], readable: Collection[str]) -> tuple[str, ...]:
    """At most four of the readable labels for the ballot with this number, in its order.

    `labels` are all that were ever on a ballot of the run, in a fixed order: a report that is withheld meanwhile
    changes only the line-ups that it stood in.
    """
    if not labels:
        return ()
    cycle, moved = divmod(number, len(labels))
    order = random.Random(f"{run} {cycle}").sample(range(len(labels)), len(labels))  # noqa: S311 - a design, no secret
    drawn = (labels[(place + moved) % len(labels)] for place in order)
    return tuple(label for label in drawn if label in readable)[:AT_MOST]
