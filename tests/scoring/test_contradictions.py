"""What a source says otherwise is named with its kind, its words and the passage, and moves the band by itself."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.grounding.groundedness import read_cases
from evaluations.scoring.grounding.matching import match_sentences
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report

SOURCES = [
    {
        "title": "Hollin edge derby",
        "text": (
            "Hollin Town beat Marsh End 3-1 at Weir Lane on Friday. Ada Brook scored twice and set up the third goal "
            "for Nils Orme. Marsh End captain Tove Lind was sent off for tripping Brook in the 60th minute. "
            "“We were the braver side,” said Hollin coach Mira Sand. The attendance was 8,412."
        ),
    },
    {
        "title": "Marsh End in talks",
        "text": (
            "Marsh End have signed the Danish goalkeeper Erik Holt from Kilbury for £2.4m. Marsh End manager Jon Field "
            "refused to blame the referee. He said that his club would not appeal. Kilbury may sell Piet Vos before "
            "Monday. The match began late because a bus broke down. Hollin Town have 31 points, Marsh End 24."
        ),
    },
]
INDEX = index_context(SOURCES)


def only(sentence):
    (row,) = score_report(INDEX, sentence).as_dict()["groundedness"]["sentences"]
    return row


@pytest.mark.parametrize(
    ("sentence", "kind", "words"),
    [
        ("Marsh End beat Hollin Town 3-1 at Weir Lane on Friday.", "roles", "Marsh End"),
        ("Hollin Town beat Marsh End 3-1 at Weir Lane on Sunday.", "weekday", "Sunday"),
        ("Nils Orme set up the third goal for Ada Brook.", "roles", "Nils Orme"),
        ("Marsh End captain Tove Lind was sent off in the 31st minute.", "number", "31st"),
        ("Hollin captain Tove Lind was sent off for tripping Brook.", "club", "Hollin"),
        ("“We were the luckier side,” said Hollin coach Mira Sand.", "quotation", "luckier"),
        ("“We were the braver side,” said Jon Field.", "speaker", "Jon Field"),
        ("Marsh End have signed the Danish goalkeeper Erik Holt from Kilbury for €2.4m.", "number", "€2.4m"),
        ("Marsh End manager Jon Field blamed the referee.", "negation", "blamed"),
        ("Kilbury will sell Piet Vos before Monday.", "modality", "sell"),
        ("The match began late because Tove Lind was sent off.", "cause", "Tove Lind was sent off"),
        ("Hollin Town have fewer points than Marsh End.", "comparison", "fewer"),
    ],
)
def test_a_difference_from_a_source_is_named_with_its_kind_and_its_words(sentence, kind, words):
    row = only(sentence)
    assert row["band"] == "contradicted", row
    assert row["unsupported"] >= 0.9
    assert (kind, words) in [(against["kind"], against["text"]) for against in row["contradicted"]]
    for against in row["contradicted"]:
        passage = against["passage"]
        assert SOURCES[passage["source"]]["text"][passage["start"] : passage["end"]].strip()
        assert sentence[against["start"] : against["end"]] == against["text"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Marsh End lost 3-1 to Hollin Town at Weir Lane on Friday.",
        "Marsh End were beaten 3-1 by Hollin Town on Friday.",
        "Tove Lind, the Marsh End captain, was sent off for tripping Ada Brook.",
        "Jon Field did not blame the referee.",
        "Erik Holt, a Danish goalkeeper, joined Marsh End from Kilbury for 2.4 million pounds.",
        "Kilbury could sell Piet Vos before Monday.",
        "A bus that broke down was the reason for the late start of the match.",
        "Hollin Town have more points than Marsh End.",
        "“We were the braver side,” Mira Sand said.",
    ],
)
def test_the_same_in_other_words_is_no_contradiction(sentence):
    row = only(sentence)
    assert row["contradicted"] == []
    assert row["band"] == "grounded"


def test_a_fact_that_is_nowhere_is_missing_and_never_grounded():
    row = only("Hollin Town beat Marsh End 3-1 at Weir Lane on Friday in front of 9,977.")
    assert [fact["text"] for fact in row["missing"]] == ["9,977"]
    assert row["band"] != "grounded"


def test_a_claim_grows_firmer_only_upwards():
    assert only("Kilbury may sell Piet Vos before Monday.")["band"] == "grounded"
    assert only("Marsh End may have signed the Danish goalkeeper Erik Holt.")["contradicted"] == []


def test_another_source_that_says_so_clears_a_sentence():
    both = index_context([*SOURCES, {"title": "Late news", "text": "Kilbury will sell Piet Vos before Monday."}])
    (row,) = score_report(both, "Kilbury will sell Piet Vos before Monday.").groundedness.sentences
    assert row.band == "grounded"


DEALS = index_context(
    "Union have sold the winger Joao Prado to Dynamo for £18m. Union had bought him from Celta in July 2023. "
    "Dynamo may also move for the goalkeeper Ivan Petrov. The club has denied that coach Rolf Steen has been sacked. "
    "Marek Novak came on for Luca Bianchi after an hour. Rovers lost 3-1 to Albion. Rovers had 22 shots, Albion nine. "
    "Dynamo have 41 points, Union 37."
)


def of_deals(sentence):
    (row,) = score_report(DEALS, sentence).groundedness.sentences
    return row


@pytest.mark.parametrize(
    ("right", "wrong", "kind"),
    [
        ("Prado has left Union for Dynamo.", "Prado has left Dynamo for Union.", "roles"),
        ("Union signed Prado from Celta in 2023.", "Celta signed Prado from Union in 2023.", "roles"),
        ("Bianchi made way for Novak after an hour.", "Novak made way for Bianchi after an hour.", "roles"),
        ("Dynamo may sign the goalkeeper Petrov.", "Dynamo have signed the goalkeeper Petrov.", "modality"),
        (
            "The club has denied that Steen has been sacked.",
            "The club has confirmed that Steen has been sacked.",
            "negation",
        ),
    ],
)
def test_a_wording_that_turns_things_round_or_settles_them_is_seen_through(right, wrong, kind):
    assert not of_deals(right).contradicted
    row = of_deals(wrong)
    assert row.band != "grounded"
    assert kind in {against.kind for against in row.contradicted} or row.unsupported >= 0.5


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Rovers had 13 shots more than Albion.", "Rovers had 15 shots more than Albion."),
        ("Dynamo are four points ahead of Union.", "Dynamo are six points ahead of Union."),
        (
            "In all there were four goals between Rovers and Albion.",
            "In all there were six goals between Rovers and Albion.",
        ),
        ("Rovers lost by two goals.", "Rovers lost by four goals."),
    ],
)
def test_what_a_sources_numbers_make_is_found_and_anything_else_is_not(right, wrong):
    assert not of_deals(right).missing
    assert not of_deals(right).contradicted
    assert of_deals(wrong).band != "grounded"
    assert of_deals(right).unsupported < of_deals(wrong).unsupported


def test_the_two_of_them_is_no_number_to_look_for():
    assert not of_deals("Rovers had more shots of the two sides.").missing
    assert of_deals("Rovers had two shots.").missing


TIES = index_context(
    "Northgate came from two goals down to win 3-2 at Saltmarsh on Sunday. Northgate goalkeeper Elin Berg made nine "
    "saves. Saltmarsh coach Vera Lindqvist stayed calm. Eastvale rejected a bid of €40m for Amara Diallo from Portmere "
    "in January. Portmere instead bought Luka Horvat from Lorne. If Eastvale win on Saturday they will be promoted. "
    "Eastvale finished third, ahead of Lorne. The stand cost €55m, twice as much as budgeted. Kirkdale drew 1-1 with "
    "Ostrava. Fenwick will pay Oldham Vale £6.5m for the defender Theo Lang."
)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Northgate beat Saltmarsh 3-2 on Sunday.", "Saltmarsh beat Northgate 3-2 on Sunday."),
        ("Elin Berg of Northgate made nine saves.", "Elin Berg of Saltmarsh made nine saves."),
        ("Portmere offered €40m for Diallo.", "Portmere paid €40m for Diallo."),
        ("Horvat joined Portmere from Lorne.", "Horvat joined Eastvale from Lorne."),
        ("Eastvale can win promotion on Saturday.", "Eastvale have won promotion."),
        ("Eastvale finished above Lorne.", "Lorne finished above Eastvale."),
        ("The stand cost twice as much as budgeted.", "The stand cost half as much as budgeted."),
        ("Kirkdale drew with Ostrava.", "Kirkdale were beaten by Ostrava."),
        ("Theo Lang joins Fenwick from Oldham Vale.", "Theo Lang joins Oldham Vale from Fenwick."),
    ],
)
def test_one_turn_of_a_phrase_is_enough_to_be_wrong(right, wrong):
    (good,), (bad,) = (score_report(TIES, sentence).groundedness.sentences for sentence in (right, wrong))
    assert not good.contradicted
    assert bad.band != "grounded"
    assert good.unsupported < bad.unsupported


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "The World Health Organization estimates that the fever causes 250,000 deaths a year.",
            "The World Health Organisation estimates that the fever causes 250,000 deaths a year.",
        ),
        (
            "1  Combine the flour and the water. 2  Submerge the pears in beer; add garlic powder, salt and pepper.",
            "Combine beer, garlic powder, salt and pepper.",
        ),
        (
            "People feel cramps, usually in the lower half of the belly, that get worse after meals, better by night.",
            "People may feel cramps in the lower half of the belly, which worsen after meals and improve at night.",
        ),
        (
            "Lee will stay in his office until President Park accepts his resignation.",
            "President Park has not yet accepted his resignation.",
        ),
        (
            "However, if you are no student, you must report the grant as taxable income.",
            "Therefore, if you are a student, you need not report the grant as taxable income.",
        ),
    ],
)
def test_what_only_looks_like_a_difference_raises_no_doubt(source, sentence):
    assert not doubts(source, sentence)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            "Striker Erik Dahlberg scored twice against Vestby on Sunday. Nils Lindberg sat on the bench.",
            "Striker Nils Lindberg scored twice against Vestby on Sunday.",
        ),
        (
            "President Park accepted the resignation of Lee on Monday.",
            "President Park has not yet accepted the resignation of Lee.",
        ),
        ("Rovers have a lower budget than Vestby this season.", "Vestby have a lower budget than Rovers this season."),
    ],
)
def test_what_is_a_difference_is_still_seen(source, sentence):
    assert doubts(source, sentence)


def doubts(source, sentence):
    index = index_context(source)
    (reading,) = read_cases(index, match_sentences(index, read_report(sentence)))
    return reading.case.contradicted or reading.case.doubted
