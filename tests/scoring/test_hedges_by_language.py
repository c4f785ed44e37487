"""What every source only calls possible or likely is no fact, in any language that is known."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

PAIRS = [
    ("de", "Korvela wird im Sommer {} zum SV Marbruck gehen.", "möglicherweise"),
    ("de", "Der Verein {} im Sommer den Stürmer Korvela kaufen.", "könnte"),
    ("es", "El club vendió {} al delantero Korvela en el verano.", "presuntamente"),
    ("fr", "Le club recrutera {} l'attaquant Korvela en été.", "probablement"),
    ("pt", "O clube venderá {} o avançado Korvela no verão.", "provavelmente"),
    ("it", "Il club venderà {} l'attaccante Korvela in estate.", "probabilmente"),
]
FIRM = {"möglicherweise": "", "könnte": "wird"}


def told(pattern, word):
    return " ".join(pattern.format(word).split())


def against(language, context, sentence):
    (row,) = score_report(index_context(context, language), sentence).groundedness.sentences
    return [one.kind for one in row.contradicted]


@pytest.mark.parametrize(("language", "pattern", "hedge"), PAIRS)
def test_a_near_copy_without_the_hedge_of_its_source_is_contradicted(language, pattern, hedge):
    firm = told(pattern, FIRM.get(hedge, ""))
    assert against(language, told(pattern, hedge), firm) == ["modality"]
    assert against(language, told(pattern, hedge), told(pattern, hedge)) == []


@pytest.mark.parametrize(("language", "pattern", "hedge"), PAIRS)
def test_where_a_source_is_as_firm_it_is_not_nor_is_a_weaker_sentence(language, pattern, hedge):
    firm, weak = told(pattern, FIRM.get(hedge, "")), told(pattern, hedge)
    assert against(language, f"{weak} {firm}", firm) == []
    assert against(language, firm, weak) == []


def test_was_able_to_is_no_may():
    assert against("de", "Der Verein konnte im Juni Korvela kaufen.", "Der Verein hat im Juni Korvela gekauft.") == []
