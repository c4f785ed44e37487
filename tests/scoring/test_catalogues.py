"""Two catalogues of minimal pairs of our own: how many false sentences pass stays below what was reached, and few true
ones are alarmed."""

import pytest

from benchmarks.scores.pairs import NONE, UNSEEN, read_catalogue, verdicts


@pytest.mark.parametrize(
    ("name", "contexts", "passed", "alarmed", "free"),
    [("bent", NONE, 0.48, 0.07, 0.4), ("told", NONE, 0.38, 0.07, 0.46), ("told", UNSEEN, 0.41, 0.07, 0.45)],
)
def test_few_true_sentences_are_alarmed_and_no_more_false_ones_pass_than_before(name, contexts, passed, alarmed, free):
    rows = {
        part: [band in ("grounded", "no_claim") for _, band, *_ in found]
        for part, found in verdicts(read_catalogue(name, contexts)).items()
    }
    assert len(rows["false"]) == len(rows["true"]) > 70
    assert sum(rows["false"]) <= passed * len(rows["false"])
    assert rows["true"].count(False) <= alarmed * len(rows["true"])
    assert rows["paraphrases"].count(False) <= free * len(rows["paraphrases"])
