"""Where every noun has a capital, names are told from nouns, and only names can be missing."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.languages.packs import pack_for
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report

GERMAN = pack_for("de")
CONTEXT = (
    "Der SV Marbruck gewann 2:1 gegen den FC Tilsee. Trainer Ruben Oakes lobte Tameka Brandvold für ihren Einsatz. "
    "Präsident Sami Korvela verlängerte seinen Vertrag."
)


def names(text):
    return [" ".join(fact.key) for row in read_report(text, GERMAN) for fact in row.facts if fact.kind == "name"]


def missing(text):
    rows = score_report(index_context(CONTEXT, "de"), text).as_dict()["groundedness"]["sentences"]
    return [fact["text"] for row in rows for fact in row["missing"]]


@pytest.mark.parametrize(
    "text",
    [
        "Am Samstag soll im Kraftraum durch Ausdauer-Training Fett verbrannt werden.",
        "Der Verein kaufte eine große Anzahl Trikots und Medizinbälle.",
        "Die Fans drückten die LT-Taste und sahen dem Superstar zu.",
        "Er sah Experten Fehler machen und gab Kindern Wasser.",
        "Wegen des nassen Rasens Mängel zu melden, war Aufgabe der Wächter.",
        "Der maritime Koordinator traf den Sprecher Anfang Mai.",
        "Im Pokal gelten seit Jahresbeginn Regeln, die Schiedsrichter Freude machen.",
    ],
)
def test_nouns_side_by_side_are_no_name(text):
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Am Samstag erzielte Sami Korvela das Tor.", ["Sami Korvela"]),
        ("Thomas Hoffmann traf spät.", ["Thomas Hoffmann"]),
        ("Danach sprach Trainer Oakes mit der Presse.", ["Oakes"]),
        ("Sie gewann mit Marbruck-Trainer Oakes den Pokal.", ["Oakes"]),
        ("Nach dem Spiel lobte er Korvelas Einsatz.", ["Korvelas"]),
        ("Der SV Marbruck verlor gegen den FC Tilsee.", ["Marbruck", "Tilsee"]),
        ("Danach umarmte er Virgil van Dijk und auch Ursula von der Leyen.", ["Virgil Dijk", "Ursula Leyen"]),
        ("„Wir waren besser“, sagte Oakes.", ["Oakes"]),
        ("Der Wechsel von Korvela wurde teuer.", ["Korvela"]),
        ("Dort hielt Manuel Neuer den Ball.", ["Manuel Neuer"]),
        ("Er lobte seinen Kollegen Petersen.", ["Petersen"]),
        ("Das Stadion baute die Firma Brandvold.", ["Brandvold"]),
        ("Sie schlugen den FC Bayern.", ["Bayern"]),
        ("Gestern feierte der Superstar Selena ihren Geburtstag.", ["Selena"]),
    ],
)
def test_names_are_found_beside_nouns(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Sie sprach über Tamekas Leben als Trainerin.",
        "Der Präsident lobte Brandvolds Einsatz.",
        "Dort lief Korvelas Vertrag.",
    ],
)
def test_the_genitive_of_a_name_that_the_sources_have_is_not_missing(text):
    assert missing(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Am Samstag traf Jonas Petersen zum 2:1.", ["Jonas Petersen"]),
        ("Danach lobte Trainer Petersen die Elf.", ["Petersen"]),
        ("Dort gefiel Petersens Einsatz dem Verein.", ["Petersens"]),
        ("Am Samstag traf Sami Korvela zum 2:1.", []),
    ],
)
def test_a_name_that_no_source_has_is_missing(text, expected):
    assert missing(text) == expected


NEWS = (
    "Sami Korvela traf in der 60. Minute für Marbruck. Ruben Oakes sah kurz vor der Pause die Rote Karte. Der Verein"
    " Tilsee verpflichtete am Montag einen neuen Torwart."
)


def band(text):
    return score_report(index_context(NEWS, "de"), text).groundedness.sentences[0].band


@pytest.mark.parametrize(
    "text",
    [
        "Ruben Oakes traf in der 60. Minute für Marbruck.",
        "Sami Korvela sah kurz vor der Pause die Rote Karte.",
        "Sami Korvela traf in der 60. Minute für Tilsee.",
        "Der Verein Marbruck verpflichtete am Montag einen neuen Torwart.",
    ],
)
def test_a_name_in_the_place_of_another_is_doubted(text):
    assert band(text) == "partly"


@pytest.mark.parametrize(
    "text",
    [
        "Sami Korvela traf in der 60. Minute für Marbruck.",
        "Korvela traf in der 60. Minute für Marbruck.",
        "Ruben Oakes sah kurz vor der Halbzeit die Rote Karte.",  # nouns that stand for one another
    ],
)
def test_the_same_name_or_another_noun_is_not(text):
    assert band(text) == "grounded"
