"""Agreement with people on the development halves stays above the floors; figures: `make bench-scores`."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("bench_scores", ROOT / "benchmarks" / "scores.py")
bench = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bench)


@pytest.mark.parametrize("measure", [bench.mtrag, bench.sources, bench.ifeval], ids=lambda measure: measure.__name__)
def test_agreement_stays_above_its_floor(measure):
    if not bench.DATA.exists():
        pytest.skip(f"no labelled data in {bench.DATA}")
    for name, value, floor, _ in measure():
        if floor is None:
            continue
        if "lower is better" in name:
            assert value <= floor, name
        else:
            assert value >= floor, name
