"""Catalogues of minimal pairs of our own: how many false sentences pass stays below what was reached, and few true ones
are alarmed."""

import pytest

from benchmarks.scores.pairs import OWN, read_catalogue, true_alarms, verdicts

# Of each the false sentences that pass, the true ones that are alarmed and the free wordings that are.
REACHED = {
    "bent": (0.45, 0.02, 0.23),
    "told": (0.34, 0.02, 0.24),
    "third": (0.36, 0.02, 0.44),
    "fourth": (0.31, 0.02, 0.23),
    "fifth": (0.32, 0.01, 0.19),
    "sixth": (0.48, 0.03, 0.29),
    "seventh": (0.43, 0.03, 0.28),
    "eighth": (0.41, 0.04, 0.28),
    "ninth": (0.38, 0.04, 0.25),
}


@pytest.mark.parametrize("name", OWN)
def test_few_true_sentences_are_alarmed_and_no_more_false_ones_pass_than_before(name):
    passed, alarmed, free = REACHED[name]
    rows = {
        part: [band in ("grounded", "no_claim") for _, band, *_ in found]
        for part, found in verdicts(read_catalogue(name)).items()
    }
    assert min(len(rows["false"]), len(rows["true"])) > 120
    assert sum(rows["false"]) <= passed * len(rows["false"])
    assert rows["true"].count(False) <= alarmed * len(rows["true"])
    assert rows["paraphrases"].count(False) <= free * len(rows["paraphrases"])


def test_further_true_sentences_are_alarmed_no_more_often_than_before():
    alarms = list(true_alarms())
    assert len(alarms) > 800
    assert sum(alarms) <= 0.06 * len(alarms)
