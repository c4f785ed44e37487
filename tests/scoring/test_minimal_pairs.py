"""The catalogue of minimal pairs beside the checkout: every case is driven, and the rates keep their floors."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from evaluations.scoring.context.index import ContextIndex, index_context
from evaluations.scoring.scores import score_report

CATALOGUE = Path(__file__).resolve().parents[3] / "shared" / "cases" / "minimal_pairs.json"
KINDS = {
    "winner", "negation", "person_club", "quote_words", "quote_speaker", "date", "amount", "count", "modality", "cause",
    "comparison",
}  # fmt: skip
FIELDS = {"id", "kind", "trick", "context", "true", "false", "paraphrases"}
WORST = ("grounded", "no_claim", "partly", "not_found", "contradicted")

pytestmark = pytest.mark.skipif(not CATALOGUE.exists(), reason=f"the catalogue is not here: {CATALOGUE}")


def judged(index: ContextIndex, sentence: str) -> tuple[float, str]:
    """The highest `unsupported` and the worst band of a sentence given alone."""
    rows = score_report(index, sentence).groundedness.sentences
    return max(row.unsupported for row in rows), max((row.band for row in rows), key=WORST.index)


@pytest.fixture(scope="module")
def catalogue():
    return json.loads(CATALOGUE.read_text())


@pytest.fixture(scope="module")
def verdicts(catalogue):
    """Every sentence of every case, by its part in the case: (id, kind, unsupported, band, that of its true one)."""
    indexes = {name: index_context(sources) for name, sources in catalogue["contexts"].items()}
    found = defaultdict(list)
    for case in catalogue["cases"]:
        index, name = indexes[case["context"]], (case["id"], case["kind"])
        found["true"].append((*name, *judged(index, case["true"]), None))
        for false in case["false"]:
            truth = judged(index, false.get("of", case["true"]))
            found["false"].append((*name, *judged(index, false["text"]), truth[0]))
            if "of" in false:
                found["true"].append((*name, *truth, None))
        for paraphrase in case["paraphrases"]:
            found["paraphrases"].append((*name, *judged(index, paraphrase), None))
    return found


def share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def test_the_catalogue_holds_nothing_that_is_passed_over(catalogue, verdicts):
    for case in catalogue["cases"]:
        assert set(case) == FIELDS, case["id"]
        assert case["kind"] in KINDS, case["id"]
    driven = {case_id for rows in verdicts.values() for case_id, *_ in rows}
    assert driven == {case["id"] for case in catalogue["cases"]}
    print(f"{len(driven)} cases, {sum(map(len, verdicts.values()))} sentences")


def test_few_false_sentences_are_called_grounded(verdicts):
    assert share([band in ("grounded", "no_claim") for *_, band, _ in verdicts["false"]]) <= 0.22


def test_few_true_sentences_are_alarmed(verdicts):
    assert share([band != "grounded" for *_, band, _ in verdicts["true"]]) <= 0.04


def test_free_wordings_of_the_truth_are_mostly_grounded(verdicts):
    assert share([band != "grounded" for *_, band, _ in verdicts["paraphrases"]]) <= 0.36


def test_hardly_any_free_wording_is_called_contradicted(verdicts):
    assert share([band == "contradicted" for *_, band, _ in verdicts["paraphrases"]]) <= 0.03


def test_a_false_sentence_scores_worse_than_the_true_one_that_it_differs_from(verdicts):
    wins = [(wrong > right) + (wrong == right) / 2 for _, _, wrong, _, right in verdicts["false"]]
    assert sum(wins) / len(wins) >= 0.89


def test_a_false_sentence_scores_worse_than_a_free_wording_of_the_truth(verdicts):
    false, free = [row[2] for row in verdicts["false"]], [row[2] for row in verdicts["paraphrases"]]
    wins = sum((wrong > right) + (wrong == right) / 2 for wrong in false for right in free)
    assert wins / (len(false) * len(free)) >= 0.69


@pytest.mark.parametrize("kind", ["quote_words", "quote_speaker"])
def test_quotations_that_are_altered_or_in_anothers_mouth_are_named(verdicts, kind):
    rows = [band for _, its, _, band, _ in verdicts["false"] if its == kind]
    assert share([band == "contradicted" for band in rows]) >= 0.85


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_seen_in_part(verdicts, kind):
    rows = [band for _, its, _, band, _ in verdicts["false"] if its == kind]
    assert share([band in ("grounded", "no_claim") for band in rows]) <= 0.55
