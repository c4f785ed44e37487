"""Every citation of a report: whether it leads to a source of the lock, and whether that one says so."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

DRAW, KNEE = "https://www.harbourpost.example/sport/draw", "https://lantern.example/2031/knee?utm_source=feed"
CONTEXT = {
    "schema": 1,
    "sources": [
        {
            "rank": 1,
            "title": "Hartwell hold on at Brindle",
            "url": DRAW,
            "publisher": "Harbour Post",
            "published": "2031-03-08T20:10:00",
            "snippets": ["Hartwell Town held Brindle to a 1-1 draw on Tuesday in front of 8,204 spectators."],
            "text": "Nils Oberon changed four players from the side that lost at Vale Sutton.",
        },
        {
            "rank": 2,
            "title": "Sole out for a month",
            "url": KNEE,
            "publisher": "The Daily Lantern",
            "published": "2031-03-09",
            "snippets": [],
            "text": "Captain Marta Sole will miss four matches with a swollen knee, club doctor Ana Belk said.",
        },
    ],
}
INDEX = index_context(CONTEXT)
RIGHT = "Marta Sole will miss four matches with a swollen knee"
OTHER = "Hartwell held Brindle to a 1-1 draw in front of 8,204 spectators"


def ledger(report, index=INDEX):
    return [
        (row["verdict"], row["target"]) for row in score_report(index, report).as_dict()["groundedness"]["citations"]
    ]


FORMS = [
    "{claim} ([Lantern]({address})).",
    "{claim}. {address}",
    "{claim} ({address}).",
    "{claim} <{address}>.",
    "{claim} [according to the paper][1].\n\n[1]: {address}",
    "{claim} ([Lantern]).\n\n[lantern]: {address}",
    "{claim} [1].\n\nSources:\n1. {address}",
    "{claim}.[^a]\n\n[^a]: {address}",
    "{claim}.¹\n\nSources\n1. The paper: {address}",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_link_in_every_form_leads_to_its_source(form):
    assert ledger(form.format(claim=RIGHT, address=KNEE)) == [("supported", 1)]
    assert ledger(form.format(claim=OTHER, address=KNEE)) == [("wrong_source", 1)]
    assert ledger(form.format(claim=RIGHT, address="https://elsewhere.example/knee")) == [("outside", None)]


@pytest.mark.parametrize(
    "form",
    [
        "{claim} [{n}].",
        "{claim}. [{n}]",
        "{claim}.[{n}]",
        "{claim} [Source {n}].",
        "{claim} (source {n}).",
        "{claim}【{n}】.",
        "Source {n} says that {claim}.",
    ],
)
def test_a_number_leads_to_the_source_of_that_rank(form):
    assert ledger(form.format(claim=RIGHT, n=2)) == [("supported", 1)]
    assert ledger(form.format(claim=RIGHT, n=1)) == [("wrong_source", 0)]
    assert ledger(form.format(claim=RIGHT, n=7)) == [("outside", None)]


@pytest.mark.parametrize(
    "form",
    [
        "According to {name}, {claim}.",
        "{claim}, according to {name}.",
        "{claim}, according to a report in {name}.",
        "As reported by {name}, {claim}.",
        "{name} reported that {claim}.",
        "{name} has also reported that {claim}.",
        "{claim}, {name} wrote.",
        "{claim} ({name}).",
    ],
)
def test_a_source_named_in_words_is_a_citation(form):
    assert ledger(form.format(claim=RIGHT, name="The Daily Lantern")) == [("supported", 1)]
    assert ledger(form.format(claim=RIGHT, name="Harbour Post")) == [("wrong_source", 0)]


@pytest.mark.parametrize("name", ["the Copper Bay Chronicle", "Reuters", "the Mirror"])
def test_a_paper_that_the_lock_does_not_hold_is_outside(name):
    assert ledger(f"According to {name}, {RIGHT}.") == [("outside", None)]
    assert ledger(f"{RIGHT}, {name} reported.") == [("outside", None)]


@pytest.mark.parametrize(
    "address",
    [
        "http://lantern.example/2031/knee",
        "https://lantern.example/2031/knee/",
        "lantern.example/2031/knee",
        "https://lantern.example/2031/knee#top",
        "https://www.lantern.example/2031/knee?utm_medium=x",
    ],
)
def test_one_page_has_many_spellings_of_its_address(address):
    assert ledger(f"{RIGHT} ({address}).") == [("supported", 1)]


def test_a_number_that_the_cited_source_does_not_have_is_not_supported_by_it():
    assert ledger(f"{RIGHT.replace('four', 'six')} [2].") == [("wrong_source", 1)]


def test_each_of_two_citations_is_for_its_part_of_the_sentence():
    assert ledger(f"{OTHER} [1], while {RIGHT} [2].") == [("supported", 0), ("supported", 1)]
    assert ledger(f"{OTHER} [2], while {RIGHT} [1].") == [("wrong_source", 1), ("wrong_source", 0)]


def test_whom_a_source_names_is_no_paper_but_leads_to_that_source():
    assert ledger(f"{RIGHT}, according to Ana Belk.") == [("supported", 1)]
    assert ledger(f"{RIGHT}, according to Tobias Farrow.") == [("outside", None)]


def test_a_list_of_sources_that_nothing_refers_to_is_judged_by_the_whole_report():
    listed = f"\n\n## Sources\n\n- [Harbour Post]({DRAW})\n- [Lantern]({KNEE})"
    assert ledger(f"{RIGHT}.{listed}") == [("wrong_source", 0), ("supported", 1)]


@pytest.mark.parametrize(
    "report",
    [
        "Hartwell reported no injuries.",
        "The league said on Tuesday that Brindle had drawn.",
        "Brindle, according to reports, drew 1-1.",
        "```\nhttps://elsewhere.example/x [1]\n```",
        "The pitch measures 7,140 m² [sic].",
    ],
)
def test_what_cites_nothing_is_no_citation(report):
    assert ledger(report) == []


def test_sentences_without_any_citation_are_counted():
    metric = score_report(INDEX, f"{RIGHT} [2]. {OTHER}. {RIGHT} again [7].").as_dict()["citation_accuracy"]
    assert metric == {"value": 0.5, "supported": 1, "wrong_source": 0, "outside": 1, "cited": 2, "uncited": 1}
    assert score_report(INDEX, RIGHT).as_dict()["citation_accuracy"]["value"] is None


def test_without_ranks_a_number_is_the_place_in_the_list():
    index = index_context([{"title": "A", "text": f"{OTHER}."}, {"title": "B", "text": f"{RIGHT}."}])
    assert ledger(f"{RIGHT} [2].", index) == [("supported", 1)]


@pytest.mark.parametrize(
    ("language", "text", "report", "other"),
    [
        (
            "es",
            "El club pagó doce millones por la capitana.",
            "Según {name}, el club pagó doce millones por la capitana.",
            "La capitana jugará el domingo en casa.",
        ),
        (
            "de",
            "Der Verein zahlte zwölf Millionen für die Kapitänin.",
            "Laut {name} zahlte der Verein zwölf Millionen für die Kapitänin.",
            "Die Kapitänin spielt am Sonntag zu Hause.",
        ),
        (
            "fr",
            "Le club a payé douze millions pour la capitaine.",
            "Selon {name}, le club a payé douze millions pour la capitaine.",
            "La capitaine jouera dimanche à domicile.",
        ),
        (
            "pt",
            "O clube pagou doze milhões pela capitã.",
            "De acordo com {name}, o clube pagou doze milhões pela capitã.",
            "A capitã joga no domingo em casa.",
        ),
        (
            "it",
            "Il club ha pagato dodici milioni per la capitana.",
            "Secondo {name}, il club ha pagato dodici milioni per la capitana.",
            "La capitana gioca domenica in casa.",
        ),
    ],
)
def test_papers_are_named_in_every_language(language, text, report, other):
    sources = [
        {"title": "Uno", "text": text, "publisher": "Harbour Post"},
        {"title": "Due", "text": other, "publisher": "Vale Tribune"},
    ]
    index = index_context(sources, language)
    assert ledger(report.format(name="Harbour Post"), index) == [("supported", 0)]
    assert ledger(report.format(name="Vale Tribune"), index) == [("wrong_source", 1)]
