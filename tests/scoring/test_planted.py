"""Planted citations and quotations get the verdict by which they were made; figures: `make bench-planted`."""

import random
from itertools import islice

import pytest

from benchmarks import planted

pytestmark = pytest.mark.skipif(
    not (planted.DATA / "mtrag_train.jsonl.gz").exists(), reason=f"MISSING PART: texts in {planted.DATA}"
)
# A seed that the benchmark does not use, so that neither is tuned to the other.
SEED, SAMPLE = 4_711, 80
FLOOR = 0.97


def test_planted_citations_get_their_verdicts():
    sample = list(islice(planted.planted_citations(SEED), SAMPLE))
    assert {one.form for one in sample} == set(planted.FORMS)
    assert sum(map(planted.right_citation, sample)) >= FLOOR * SAMPLE


def test_planted_quotations_get_their_verdicts():
    sample = list(islice(planted.planted_quotations(SEED), SAMPLE))
    assert sum(map(planted.right_quotation, sample)) >= FLOOR * SAMPLE


def test_a_planted_altered_quotation_differs_from_its_source():
    words = "We ran until our legs gave up and then we ran again"
    assert all(planted.alter_words(words, random.Random(seed)) != words for seed in range(50))
