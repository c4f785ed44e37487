"""One fact has many spellings: spaces, decimal marks, words, clocks, currencies, signs; and what only looks like it."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.facts.facts import numeric_facts
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report
from evaluations.scoring.text.markup import without_marks


def missing(context, report, language="en"):
    scores = score_report(index_context(context, language), report).as_dict()
    return [fact["text"] for row in scores["groundedness"]["sentences"] for fact in row["missing"]]


SAME = [
    ("They paid 12\u00a0500\u00a0euros.", "They paid 12,500 euros."),
    ("They paid 12\u202f500 euros.", "They paid 12,500 euros."),
    ("They paid 12'500 francs.", "They paid 12,500 francs."),
    ("Possession was 61,5 per cent.", "Possession was 61.5%."),
    ("Der Verein zahlt 1.234.567,50 Euro.", "The club pays 1,234,567.5 euros."),
    ("Kick-off is at 15:00.", "Kick-off is at 3 p.m."),
    ("Kick-off is at 3pm.", "Kick-off is at 15.00 Uhr."),
    ("Kick-off is at 8.45 p.m.", "Kick-off is at 20:45."),
    ("Kick-off is at noon.", "Kick-off is at 12:00."),
    ("Kick-off is at 3:00.", "Kick-off is at 3 p.m."),
    ("Kick-off is at 5 o’clock.", "Kick-off is at 17:00."),
    ("Published 2031-03-08T17:02:11Z.", "It was published on 8 March 2031."),
    ("Published 2031-03-08 17:02:11+01:00.", "It was published on March 8, 2031."),
    ("Published 2031/03/08.", "It was published on 8 March 2031."),
    ("She is out for one week.", "She is out for 1 week."),
    ("They have zero wins.", "They have 0 wins."),
    ("She scored a single goal.", "She scored 1 goal."),
    ("A crowd of fourteen thousand two hundred and three.", "A crowd of 14,203."),
    ("A crowd of 14,203.", "A crowd of 14203."),
    ("The fee was half a million pounds.", "The fee was £500,000."),
    ("The fee was two and a half million euros.", "The fee was €2.5m."),
    ("They sold two dozen tickets.", "They sold 24 tickets."),
    ("They sold a hundred tickets.", "They sold 100 tickets."),
    ("The 31-year-old signed.", "The signing is aged 31."),
    ("The thirty-one-year-old signed.", "The signing, 31, is here."),
    ("She is out for 10-12 days.", "She is out for between 10 and 12 days."),
    ("She is out for between ten and twelve days.", "She is out for 10–12 days."),
    ("The fee is £5-6m.", "The fee is between £5m and £6 million."),
    ("The fee was ¥500 million.", "The fee was 500 million yen."),
    ("The fee was 45 million Swiss francs.", "The fee was CHF 45m."),
    ("The fee was R$45m.", "The fee was 45 million reais."),
    ("The fee was A$45m.", "The fee was 45 million Australian dollars."),
    ("The fee was 45 million kronor.", "The fee was SEK 45m."),
    ("The fee was ₹45 crore.", "The fee was 450 million rupees."),
    ("Their goal difference is −7.", "Their goal difference is -7."),
    ("She scored from 25m.", "She scored from 25 metres."),
    ("She won the 100m sprint.", "She won the sprint over 100 metres."),
    ("Full\u00adtime came in the Bundes\u00adliga match at Wolfs\u00adburg.", "Full time came at Wolfsburg."),
    ("They signed K\u200bowalczyk.", "The one they signed is Kowalczyk."),
    ("Rovers won.\rThen Ilic\u2028scored 2 goals.", "The player Ilic scored two goals."),
]
OTHER = [
    ("Kick-off is at 15:00.", "They won 15-0.", "15-0"),
    ("Kick-off is at 15:00.", "Kick-off is at 16:00.", "16:00"),
    ("Kick-off is at 3 p.m.", "Kick-off is at 3 a.m.", "3 a.m."),
    ("They won 2-1.", "Kick-off is at 2:01.", "2:01"),
    ("Possession was 61,5 per cent.", "Possession was 615%.", "615%"),
    ("They paid 12\u00a0500\u00a0euros.", "They paid 125,000 euros.", "125,000 euros"),
    ("The fee was ¥500 million.", "The fee was $500 million.", "$500 million"),
    ("The fee was R$45m.", "The fee was $45m.", "$45m"),
    ("The fee was A$45m.", "The fee was US$45m.", "US$45m"),
    ("The fee was 45 million kronor.", "The fee was €45m.", "€45m"),
    ("The fee was CHF 45m.", "The fee was £45m.", "£45m"),
    ("She won the 100m sprint.", "The fee was £100 million.", "£100 million"),
    ("Published 2031-03-08T17:02:11Z.", "It was published on 9 March 2031.", "9 March 2031"),
    ("She is out for 10-12 days.", "She is out for 10-14 days.", "14"),
    ("A crowd of fourteen thousand two hundred and three.", "A crowd of 14,302.", "14,302"),
    ("They sold two dozen tickets.", "They sold 12 tickets.", "12"),
    ("The thirty-one-year-old signed.", "The signing, 32, is here.", "32"),
]
IN_LANGUAGES = [
    (
        "es",
        "El club pagó 45,5 millones de euros el 3 de abril de 2031.",
        "El 3 de abril de 2031 el club pagó 45,5 millones de euros.",
        "Pagó 54,5 millones de euros.",
        "54,5 millones de euros",
    ),
    (
        "es",
        "Marcó treinta y dos goles ante 14.203 personas.",
        "Marcó 32 goles ante 14.203 personas.",
        "Marcó treinta y tres goles.",
        "treinta y tres",
    ),
    (
        "de",
        "Am 3. April 2031 zahlte er 45,5 Mio. Euro.",
        "Er zahlte 45,5 Millionen Euro am 3. April 2031.",
        "Am 4. April 2031 zahlte er.",
        "4. April 2031",
    ),
    (
        "de",
        "Es kamen zweihundertfünfzig Zuschauer um 15.30 Uhr.",
        "Es kamen 250 Zuschauer um 15:30.",
        "Es kamen zweihundertsechzig Zuschauer.",
        "zweihundertsechzig",
    ),
    (
        "fr",
        "Le 1er juillet 2031, il a payé 14 203 euros.",
        "Il a payé 14203 euros le 1 juillet 2031.",
        "Le 2 juillet 2031, il a payé.",
        "2 juillet 2031",
    ),
    (
        "fr",
        "Il y avait quatre-vingt-dix-sept joueurs à 20h45.",
        "Il y avait 97 joueurs à 20:45.",
        "Il y avait quatre-vingt-onze joueurs.",
        "quatre-vingt-onze",
    ),
    (
        "pt",
        "Em 3 de março de 2031 pagou duzentos e cinquenta mil euros.",
        "Pagou 250 mil euros em 3 de março de 2031.",
        "Pagou 350 mil euros.",
        "350 mil euros",
    ),
    (
        "it",
        "Il 3 luglio 2031 ha segnato ventotto gol e pagato 2,5 milioni.",
        "Ha segnato 28 gol e pagato 2,5 milioni il 3 luglio 2031.",
        "Ha segnato ventinove gol.",
        "ventinove",
    ),
]


@pytest.mark.parametrize(("context", "report"), SAME)
def test_the_same_fact_is_found_in_another_spelling(context, report):
    assert missing(context, report) == []


@pytest.mark.parametrize(("context", "report", "text"), OTHER)
def test_another_fact_is_not_taken_for_it(context, report, text):
    assert missing(context, report) == [text]


@pytest.mark.parametrize(("language", "context", "same", "other", "text"), IN_LANGUAGES)
def test_numbers_and_dates_are_read_in_every_language(language, context, same, other, text):
    assert missing(context, same, language) == []
    assert missing(context, other, language) == [text]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Causes: 1. Drugs 2. Radiation 3. Infection", []),
        ("1. Wash it. 2. Dry it for 20 minutes.", ["20"]),
        ("Section 1. Rovers won. Section 2. Hill lost.", ["1", "2"]),
        ("Bake it for eight to ten minutes.", ["8", "10"]),
        ("They stood 4-6 inches apart.", ["4", "6"]),
        ("Traditional 401(k) plans cost £5.", ["5"]),
    ],
)
def test_numbers_of_lists_ranges_and_names_are_told_from_facts(text, numbers):
    facts = numeric_facts(without_marks(text))
    assert [fact.key[0] for fact in facts] == numbers


@pytest.mark.parametrize(
    "report", ["According to Passage 2, Rovers won.", "Rovers won (source 3).", "Step 4: Rovers won."]
)
def test_what_a_report_numbers_itself_is_no_fact(report):
    assert [fact for sentence in read_report(report) for fact in sentence.facts if fact.kind == "number"] == []
