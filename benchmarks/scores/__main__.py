"""Agreement of the scores with people, and their speed, as one table: `make bench-scores`.

Reads the development halves in ../shared/data and the catalogue of minimal pairs, never what is sealed. Beside each
figure stand its floor, its aim, what version 2 of the scorers reached on the same rows, plain BM25, and, where anything
was fitted on these rows, what models reach that were fitted without the group they are measured on.
"""

from benchmarks.scores.attribution import sources
from benchmarks.scores.data import DATA, Result
from benchmarks.scores.ifeval import ifeval
from benchmarks.scores.mtrag import mtrag
from benchmarks.scores.pairs import minimal_pairs, own_catalogues
from benchmarks.scores.ragtruth import ragtruth
from benchmarks.scores.speed import speed
from evaluations.scoring.version import SCORER_VERSION

ABSENT = (
    "BUMP pairs: the set is sealed elsewhere, nothing of it is here",
    "Spanish, German and French sentences: the sets are sealed elsewhere, nothing of them is here",
    "planted citations and quotations: `python -m benchmarks.planted`",
)


def _figure(value: float | None, name: str) -> str:
    if value is None:
        return f"{'':>8}"
    return f"{value:8.1f}" if name.startswith("ms ") else f"{value:8.3f}"


def _line(result: Result) -> str:
    figures = (result.value, result.floor, result.aim, result.before, result.bm25, result.held_out)
    return f"{result.name:<78} {' '.join(_figure(figure, result.name) for figure in figures)}"


def main() -> None:
    """Print every figure beside its floor, its aim, version 2's and BM25's."""
    # Speed first: a worker does not hold thousands of labelled sentences while it scores.
    parts = [speed, minimal_pairs, own_catalogues, ragtruth, mtrag, sources, ifeval] if DATA.exists() else [speed]
    print(f"Scorer version {SCORER_VERSION}, development halves only")
    print(f"{'measure':<78} {'here':>8} {'floor':>8} {'aim':>8} {'version 2':>8} {'BM25':>7} {'held out':>8}")
    for part in parts:
        for result in part():
            print(_line(result), flush=True)
    if not DATA.exists():
        print(f"Agreement is not shown: there is no data in {DATA}")
    for line in ABSENT:
        print(f"No figure here for {line}")


if __name__ == "__main__":
    main()
