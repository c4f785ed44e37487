"""Every quotation of a report: word for word, altered or absent, and in whose mouth."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

SOURCES = [
    {
        "title": "Hartwell hold on at Brindle",
        "text": "Hartwell Town held Brindle to a 1-1 draw on Tuesday. “We ran until our legs gave up, and then we ran "
        "again,” said the Hartwell manager, Nils Oberon. Brindle captain Marta Sole saw it differently. “A point "
        "at home is a point lost,” she said. The club’s chairman, Pieter Vance, has said that no player will be sold "
        "before June.",
    },
    {
        "title": "Sole out for a month",
        "text": "Sole will miss four matches. ‘The knee is swollen, but nothing is torn,’ club doctor Ana Belk told "
        "reporters. “I hope,” Oberon said, “that she is back by May.” He called the injury ‘a blow for everybody’.",
    },
]
INDEX = index_context(SOURCES)


def ledger(report, index=INDEX):
    scores = score_report(index, report).as_dict()
    return [(row["verdict"], row["speaker"]) for row in scores["groundedness"]["quotes"]]


@pytest.mark.parametrize(
    "quoted",
    [
        "“{}”",
        '"{}"',
        "‘{}’",
        "'{}'",
        "«{}»",
        "« {} »",
        "„{}“",
        "„{}”",
        "»{}«",
        "”{}”",
        "‹{}›",
        "``{}''",
        "「{}」",
        "&ldquo;{}&rdquo;",
        "&quot;{}&quot;",
        "**“{}”**",
        "“*{}*”",
        "<<{}>>",
    ],
)
def test_every_style_of_marks_is_a_quotation(quoted):
    words = "A point at home is a point lost,"
    assert ledger(f"{quoted.format(words)} said Sole.") == [("verbatim", "right")]
    assert ledger(f"{quoted.format(words.replace('lost', 'won'))} said Sole.") == [("altered", "right")]


@pytest.mark.parametrize(
    "report",
    [
        "“A point at home is a point lost,” Marta Sole said.",
        "“A point at home is a point lost”, said Brindle captain Marta Sole.",
        "Sole said: “A point at home is a point lost.”",
        "The Brindle captain, Marta Sole, insisted that “a point at home is a point lost”.",
        "According to Sole, “a point at home is a point lost”.",
        "“A point at home,” said Sole, “is a point lost.”",
        "Asked about the draw, Sole was short: “A point at home is a point lost.”",
        "“A point at home … is … lost,” Sole said.",
        "“[The draw] is a point lost,” Sole said.",
        "> A point at home is a point lost.\n>\n> — Marta Sole",
        "“A point at home is a point lost,” the captain said.",
        "Sole was not pleased. “A point at home is a point lost,” she said.",
    ],
)
def test_a_quotation_is_the_speakers_however_she_is_named(report):
    assert ledger(report) == [("verbatim", "right")]


@pytest.mark.parametrize(
    "report",
    [
        "“A point at home is a point lost,” said Nils Oberon.",
        "Oberon said: “A point at home is a point lost.”",
        "“A point at home,” said Oberon, “is a point lost.”",
        "According to Ana Belk, “a point at home is a point lost”.",
        "“A point at home is a point lost,” said Erik Tallow.",
        "Marta Sole has said that no player will be sold before June.",
    ],
)
def test_a_true_quotation_in_anothers_mouth_is_named(report):
    assert ledger(report) == [("verbatim", "other")]


FRAMES = [
    "“{q},” {n} told the club’s website on Sunday.",
    "{n}, speaking after the match, said: “{q}.”",
    "As {n} put it: “{q}.”",
    "In the words of {n}, “{q}”.",
    "“{q},” was how {n} summed it up.",
    "“{q},” conceded {n} when the whistle had gone.",
    "Later {n} admitted: “{q}!”",
    "Reacting to the result, {n} commented, “{q}.”",
    "“{q},” the club quoted {n} as saying.",
    "{n} is quoted as saying “{q}”.",
    "“{q}” – {n}",
    "“{q}” ({n}).",
    "- **{n}**: “{q}.”",
    "“{q},” it was said by {n}.",
    "“{q},” said a weary {n}, who had watched from the stand.",
    "{n} and the doctor disagreed. “{q},” {n} said.",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("name", "verdict"), [("Marta Sole", "right"), ("Sole", "right"), ("Nils Oberon", "other")])
def test_the_speaker_is_read_in_every_frame(frame, name, verdict):
    assert ledger(frame.format(q="A point at home is a point lost", n=name)) == [("verbatim", verdict)]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("“We kept running,” the 31-year-old told Harbour Radio.", "Marta Sole"),
        ("“We kept running,” she told Harbour Radio.", "Marta Sole"),
        ("Then she smiled. “We kept running.”", "Marta Sole"),
        ("Asked about it, Sole laughed: “We kept running.”", "Marta Sole"),
        ("“Enough,” said Sole, before adding: “We kept running.”", "Marta Sole"),
    ],
)
def test_whom_a_source_calls_otherwise_is_the_person_named_before(said, name):
    index = index_context(f"Captain Marta Sole spoke for ten minutes. {said} Chairman Pieter Vance left early.")
    assert ledger(f"“We kept running,” said {name}.", index) == [("verbatim", "right")]
    assert ledger("“We kept running,” said Pieter Vance.", index) == [("verbatim", "other")]


def test_a_speaker_without_a_name_is_nobodys_other():
    index = index_context("Vance left early. In a statement, the club said: “We kept running.”")
    assert ledger("“We kept running,” said Vance.", index) == [("verbatim", None)]


@pytest.mark.parametrize(
    ("report", "text", "instead"),
    [
        ("“We ran until our lungs gave up, and then we ran again,” said Oberon.", "lungs", "legs"),
        ("“We ran until our legs gave up, and then we walked again,” said Oberon.", "walked", "ran"),
        ("Oberon said: “I hope that she is back by April.”", "April", "May"),
        ("“The knee is swollen, but something is torn,” said Belk.", "something", "nothing"),
    ],
)
def test_an_altered_quotation_shows_what_differs(report, text, instead):
    scores = score_report(INDEX, report).as_dict()
    (row,) = scores["groundedness"]["quotes"]
    assert row["verdict"] == "altered"
    (difference,) = row["differences"]
    assert report[difference["start"] : difference["end"]] == text
    assert difference["instead"] == instead


def test_a_word_left_out_is_an_alteration_with_its_place():
    report = "“The knee is swollen, but is torn,” said Belk."
    (row,) = score_report(INDEX, report).as_dict()["groundedness"]["quotes"]
    assert row["verdict"] == "altered"
    assert [difference["instead"] for difference in row["differences"]] == ["nothing"]


def test_words_that_no_source_has_are_absent_and_nobodys():
    assert ledger("“We shall build a lighthouse on the roof,” said Oberon.") == [("absent", None)]


def test_a_headline_may_be_quoted():
    assert ledger("The paper’s headline was “Sole out for a month”.") == [("verbatim", None)]


def test_a_quotation_far_down_a_long_source_is_found():
    index = index_context(
        [{"title": "", "text": "Filler words go on and on. " * 4_000 + SOURCES[1]["text"]}, SOURCES[0]]
    )
    assert ledger("‘The knee is swollen, but nothing is torn,’ said Belk.", index) == [("verbatim", "right")]


def test_the_passage_is_where_the_source_says_it():
    report = "‘The knee is swollen, but nothing is torn,’ said Belk."
    (row,) = score_report(INDEX, report).as_dict()["groundedness"]["quotes"]
    passage = row["passage"]
    said = SOURCES[passage["source"]]["text"][passage["start"] : passage["end"]]
    assert said == "The knee is swollen, but nothing is torn"
    assert report[row["start"] : row["end"]] == "The knee is swollen, but nothing is torn,"


def test_reported_speech_that_keeps_the_words_is_held_against_them():
    assert ledger("Pieter Vance has said that no player will be sold before June.") == [("verbatim", "right")]
    assert ledger("Pieter Vance has said that no player will be sold before July.") == [("altered", "right")]
    assert ledger("Marta Sole has said that no player will be sold before June.") == [("verbatim", "other")]


def test_freely_reported_speech_is_no_quotation():
    assert ledger("The chairman made clear that the squad would stay together into the summer.") == []
    assert ledger("Oberon praised how much his players had run.") == []


@pytest.mark.parametrize(
    "report",
    [
        "Hartwell’s players’ bus was late; they’d won in the ’90s.",
        "He is 6'2\" and it's Brindle's ground.",
        "The rock 'n' roll football of Brindle won.",
    ],
)
def test_apostrophes_and_inches_are_no_quotations(report):
    assert ledger(report) == []


def test_a_quotation_whose_speaker_the_source_does_not_name_has_no_speakers_verdict():
    index = index_context("A banner read “Run again” all evening long.")
    assert ledger("“Run again,” said Oberon.", index) == [("verbatim", None)]


def test_quote_accuracy_is_the_share_of_quotations_that_may_stand():
    report = (
        "“A point at home is a point lost,” said Sole. “A point at home is a point lost,” said Belk. "
        "“The knee is broken, but nothing is torn,” said Belk. “We want a bigger boat,” said Oberon."
    )
    metric = score_report(INDEX, report).as_dict()["quote_accuracy"]
    assert metric == {"value": 0.25, "verbatim": 2, "altered": 1, "absent": 1, "other_speaker": 1}
    assert score_report(INDEX, "Hartwell drew.").as_dict()["quote_accuracy"]["value"] is None


@pytest.mark.parametrize(
    ("language", "source", "right", "wrong"),
    [
        (
            "es",
            "«Corrimos hasta el final y más allá», dijo el entrenador Nils Oberon.",
            "Oberon afirmó: «Corrimos hasta el final».",
            "«Corrimos hasta el final», dijo Ana Belk.",
        ),
        (
            "de",
            "„Wir sind bis zum Ende gelaufen“, sagte Trainer Nils Oberon.",
            "„Wir sind bis zum Ende gelaufen“, erklärte Oberon.",
            "Ana Belk sagte: „Wir sind bis zum Ende gelaufen.“",
        ),
        (
            "fr",
            "« Nous avons couru jusqu'au bout », a déclaré l'entraîneur Nils Oberon.",
            "« Nous avons couru jusqu'au bout », a dit Oberon.",
            "Selon Ana Belk, « nous avons couru jusqu'au bout ».",
        ),
        (
            "pt",
            "«Corremos até ao fim do jogo», disse o treinador Nils Oberon.",
            "Oberon afirmou: «Corremos até ao fim do jogo».",
            "«Corremos até ao fim do jogo», disse Ana Belk.",
        ),
        (
            "it",
            "«Abbiamo corso fino alla fine», ha detto l'allenatore Nils Oberon.",
            "Oberon ha dichiarato: «Abbiamo corso fino alla fine».",
            "Secondo Ana Belk, «abbiamo corso fino alla fine».",
        ),
    ],
)
def test_speakers_are_read_in_every_language(language, source, right, wrong):
    index = index_context(source, language)
    assert ledger(right, index) == [("verbatim", "right")]
    assert ledger(wrong, index) == [("verbatim", "other")]
    assert score_report(index, wrong).groundedness.sentences[-1].band != "grounded"


@pytest.mark.parametrize(
    ("report", "speaker"),
    [
        ("“The last mile was ours,” said the Hartwell coach.", "right"),
        ("“The last mile was ours,” said the Brindle coach.", "other"),
        ("The coach of Brindle said: “The last mile was ours.”", "other"),
        ("“The last mile was ours,” said the Oxmoor coach.", None),
    ],
)
def test_who_is_named_by_post_and_club_alone_is_the_one_whom_the_sources_give_it_to(report, speaker):
    index = index_context(
        "“The last mile was ours,” said Hartwell coach Nils Oberon. Brindle coach Ana Belk left without a word."
    )
    assert ledger(report, index) == [("verbatim", speaker)]
