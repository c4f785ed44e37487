"""A near copy with another day, month, part of the body or currency than its source is contradicted in any language."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

CASES = [
    ("de", "Am {} kamen 8.412 Zuschauer nach Marbruck.", "Samstag", "Sonntag", "weekday"),
    ("de", "Der Verein zahlte im {} viel Geld für Korvela.", "Juni", "August", "month"),
    ("de", "Korvela fehlt wegen einer Verletzung am {} lange.", "Knie", "Knöchel", "body"),
    ("es", "El {} acudieron 8.412 espectadores a Marbella.", "sábado", "domingo", "weekday"),
    ("es", "Korvela se lesionó en {} contra el Tilcombe.", "marzo", "abril", "month"),
    ("es", "El club pagó 45 millones de {} por Korvela.", "euros", "dólares", "number"),
    ("fr", "Le match de {} a attiré 8 412 spectateurs.", "samedi", "dimanche", "weekday"),
    ("fr", "Korvela s'est blessé au {} contre Tilcombe.", "genou", "mollet", "body"),
    ("pt", "No {} vieram 8.412 espectadores a Marburgo.", "sábado", "domingo", "weekday"),
    ("it", "Il match di {} ha attirato 8.412 spettatori.", "sabato", "domenica", "weekday"),
]


def against(language, context, sentence):
    (row,) = score_report(index_context(context, language), sentence).groundedness.sentences
    return [one.kind for one in row.contradicted]


@pytest.mark.parametrize(("language", "pattern", "right", "wrong", "kind"), CASES)
def test_another_one_of_a_kind_is_contradicted_and_the_same_is_not(language, pattern, right, wrong, kind):
    context = pattern.format(right)
    assert against(language, context, pattern.format(wrong)) == [kind]
    assert against(language, context, pattern.format(right)) == []


@pytest.mark.parametrize(("language", "pattern", "right", "wrong", "kind"), CASES)
def test_where_another_source_says_so_it_is_not(language, pattern, right, wrong, kind):
    context = [{"title": "", "text": pattern.format(word)} for word in (right, wrong)]
    assert against(language, context, pattern.format(wrong)) == []
