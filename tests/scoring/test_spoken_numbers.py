"""Numbers and times as languages say them, and words that only read like numbers."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.facts.facts import numeric_facts
from evaluations.scoring.languages.packs import pack_for
from evaluations.scoring.scores import score_report
from evaluations.scoring.text.words import fold


def numbers(language: str, text: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.key[0]) for fact in numeric_facts(text, pack_for(language))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Achten Sie darauf, und achten Sie auf die Elf von Trainer Oakes."),
        ("es", "El once inicial descansó un segundo."),
        ("fr", "Le onze de départ découvre un stade neuf, flambant neuf, en une seconde."),
        ("it", "Tu sei stanco, ma sei stato bravo con l'undici titolare."),
        ("pt", "Na quarta-feira e na sexta-feira treina o onze inicial."),
    ],
)
def test_words_that_only_read_like_numbers_are_none(language: str, text: str) -> None:
    assert numbers(language, text) == []


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("de", "Am achten Spieltag jubelten sie.", "8"),
        ("de", "Dort standen elf Spieler.", "11"),
        ("es", "Jugaron once jugadores.", "11"),
        ("es", "El once de marzo jugaron.", "11"),
        ("fr", "Ils ont marqué neuf buts.", "9"),
        ("fr", "Dans le stade, onze joueurs.", "11"),
        ("it", "Ha segnato sei gol.", "6"),
        ("pt", "Marcou o quarto golo.", "4"),
        ("pt", "Terminou na quinta posição.", "5"),
    ],
)
def test_the_same_words_as_numbers_are_numbers(language: str, text: str, number: str) -> None:
    assert number in [key for _, key in numbers(language, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Um halb zwei beginnt es.", [("time", "90")]),
        ("Um acht Uhr beginnt es.", [("time", "480")]),
        ("Um 20 Uhr 30 beginnt es.", [("time", "1230")]),
        ("Um 20.30 Uhr beginnt es.", [("time", "1230")]),
        ("Es kamen drei Viertel der Fans.", [("number", "0.75")]),
        ("Es kostete anderthalb Millionen Euro.", [("amount", "1500000")]),
        ("Es kostete eineinhalb Millionen Euro.", [("amount", "1500000")]),
        ("Es kamen acht Fans.", [("number", "8")]),  # the control: eight of something is no time
    ],
)
def test_german_times_and_parts_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert numbers("de", text) == expected


def test_half_past_one_is_one_time_in_any_spelling() -> None:
    index = index_context("Der Anstoß ist um 13.30 Uhr.", "de")
    assert not score_report(index, "Der Anstoß ist um halb zwei.").groundedness.sentences[0].missing
    assert score_report(index, "Der Anstoß ist um halb drei.").groundedness.sentences[0].missing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Am 3.12. ist Anstoß.", [("3", "12", "")]),
        ("Am 3. 12. 2026 ist Anstoß.", [("3", "12", "2026")]),
        ("Am 03.12.2026 ist Anstoß.", [("3", "12", "2026")]),
        ("In der 3. Minute traf er.", []),  # the controls: a place, and a number with a decimal point
        ("Der Schnitt liegt bei 3.12 Toren.", []),
        ("Am 13.14. war nichts.", []),
    ],
)
def test_a_german_day_is_read_with_its_month_as_a_number(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [fact.key for fact in numeric_facts(text, pack_for("de")) if fact.kind == "date"] == expected


def test_a_day_in_numbers_stands_first_where_the_language_says_so() -> None:
    index = index_context("El partido es el 3 de diciembre de 2026.", "es")
    assert not score_report(index, "El partido es el 3/12/2026.").groundedness.sentences[0].missing
    assert score_report(index, "El partido es el 12/3/2026.").groundedness.sentences[0].missing
    english = index_context("The match is on 3 December 2026.")
    assert not score_report(english, "The match is on 12/3/2026.").groundedness.sentences[0].missing


@pytest.mark.parametrize(
    ("one", "other"), [("tägige", "tage"), ("jähriger", "jahren"), ("wöchigen", "wochen"), ("monatige", "monate")]
)
def test_what_lasts_days_and_days_are_one(one: str, other: str) -> None:
    stem = pack_for("de").stem
    assert stem(fold(one)) == stem(fold(other)) != stem(fold("tagung"))
