"""Agreement with people on the development halves stays above the floors; figures: `make bench-scores`."""

import json

import pytest

from benchmarks import agreement
from benchmarks.scores import attribution, data, ifeval, mtrag


@pytest.mark.slow
@pytest.mark.parametrize(
    "measure", [mtrag.mtrag, attribution.sources, ifeval.ifeval], ids=lambda measure: measure.__name__
)
def test_agreement_stays_above_its_floor_and_is_what_the_page_about_the_scores_tells(measure):
    if not data.DATA.exists():
        pytest.skip(f"MISSING PART: labelled data in {data.DATA}")
    rows = list(measure())
    kept = json.loads(agreement.KEPT.read_text())
    for told, figures in agreement.page_figures(rows).items():
        assert kept[told]["of"] == figures["of"], told
        assert kept[told]["share"] == pytest.approx(figures["share"], abs=0.01), "run `make agreement`"
    for row in rows:
        if row.floor is None:
            continue
        if "lower is better" in row.name:
            assert row.value <= row.floor, row.name
        else:
            assert row.value >= row.floor, row.name
