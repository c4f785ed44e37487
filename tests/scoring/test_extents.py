"""How much, which of its kind, by whom and with what before it: sentences that differ from their source in that alone
are alarmed, and those that say the same are not."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

SOURCES = [
    {
        "title": "Ostrava Hill go through on penalties",
        "text": "Ostrava Hill lost 2-1 at Larkfield in the second leg on Wednesday. "
        "They had won the first leg 2-1 a fortnight earlier and went through 4-3 on penalties. "
        "Milo Tarrant equalised from a corner taken by Carl Nyqvist. "
        "Idris Fonk was sent off for elbowing defender Benny Achterberg. "
        "The attendance fell by 2,000 to 9,870. "
        "Fewer than half of the club's 1,900 members had bought a ticket. "
        "Two of her three other midfielders are left-footed, coach Ruth Oduya said. "
        "Stefan Brandl said that the referee had been brave. "
        "The trust believed Tarrant, but not club secretary Owen Prass, who had spoken for Fonk. "
        "Captain Jonas Weil will not miss the final and has been offered a permanent contract.",
    },
    {
        "title": "Quillon's accounts",
        "text": "Quillon have signed Amaia Lertxundi for £31m. The fee could rise to £36m if they win the league. "
        "Lertxundi, 26, will earn £45,000 a week, £10,000 more than at Northmere. "
        "She signed a four-year contract with the option of a fifth. "
        "Three more matches will be added to her ban if she offends again. "
        "Quillon made a loss of £9.4m in the year to 30 June 2028. "
        "Chief executive Lena Holub told the meeting that the club had 212 partners. "
        "The turnover was the second-highest in Quillon's history, although the cost of the stand had grown. "
        "The railway has objected to the plan because of the height of the roof. "
        "Quillon sold two players and bought three on the last day. "
        "Holub did not rule out selling the ground. Neither Holub nor Lertxundi spoke to reporters after the vote. "
        "Season-ticket prices will rise by five per cent to £420 for adults. "
        "Sacked coach Ada Lund had six wins in 21 matches; as a player she made 14 appearances, ten of them as a "
        "substitute. "
        "Quillon failed to manage a shot on target until the 80th minute.",
    },
]


@pytest.fixture(scope="module")
def index():
    return index_context(SOURCES)


def bands(index, said):
    return [row.band for row in score_report(index, said).groundedness.sentences]


@pytest.mark.parametrize(
    ("false", "true"),
    [
        ("The attendance fell to 2,000.", "The attendance fell to 9,870."),
        (
            "More than half of the club's 1,900 members had bought a ticket.",
            "Fewer than half of the club's 1,900 members had bought a ticket.",
        ),
        ("Ostrava Hill went through 2-1 on penalties.", "Ostrava Hill went through 4-3 on penalties."),
        (
            "Milo Tarrant equalised from a corner taken by Idris Fonk.",
            "Milo Tarrant equalised from a corner taken by Carl Nyqvist.",
        ),
        ("Idris Fonk was elbowed by Benny Achterberg.", "Benny Achterberg was elbowed by Idris Fonk."),
        (
            "All of her three other midfielders are left-footed, coach Ruth Oduya said.",
            "Two of her three other midfielders are left-footed, coach Ruth Oduya said.",
        ),
        ("Jonas Weil said that the referee had been brave.", "Stefan Brandl said that the referee had been brave."),
        ("The trust believed Owen Prass, but not Tarrant.", "The trust believed Tarrant, but not Owen Prass."),
        (
            "Captain Jonas Weil will miss the final and has been offered a permanent contract.",
            "Captain Jonas Weil will not miss the final and has been offered a permanent contract.",
        ),
        ("Jonas Weil has been offered a loan contract.", "Jonas Weil has been offered a permanent contract."),
        ("Quillon have signed Amaia Lertxundi for £36m.", "Quillon have signed Amaia Lertxundi for £31m."),
        ("Lertxundi signed a five-year contract.", "Lertxundi signed a four-year contract."),
        (
            "The turnover was the highest in Quillon's history.",
            "The turnover was the second-highest in Quillon's history.",
        ),
        (
            "The railway has objected to the plan because of the cost of the roof.",
            "The railway has objected to the plan because of the height of the roof.",
        ),
        (
            "Quillon bought two players and sold three on the last day.",
            "Quillon sold two players and bought three on the last day.",
        ),
        ("Holub ruled out selling the ground.", "Holub did not rule out selling the ground."),
        ("Both Holub and Lertxundi spoke to reporters.", "Neither Holub nor Lertxundi spoke to reporters."),
        ("Adults will have to pay £420 more for a season ticket.", "Adults will have to pay £420 for a season ticket."),
        ("She won all of her 21 matches as a coach.", "She won six of her 21 matches as a coach."),
        ("Four of her 14 appearances were as a substitute.", "Of her 14 appearances, ten were as a substitute."),
        (
            "Quillon managed a shot on target until the 80th minute.",
            "Quillon failed to manage a shot on target until then.",
        ),
        (
            "Three more matches were added to her ban because she offended again.",
            "Three more matches will be added to her ban if she offends again.",
        ),
    ],
)
def test_a_sentence_that_differs_in_this_alone_is_alarmed_and_the_true_one_is_not(index, false, true):
    assert not set(bands(index, false)) <= {"grounded", "no_claim"}
    assert set(bands(index, true)) <= {"grounded", "no_claim"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("At Northmere, Lertxundi was earning £35,000 a week.", "£35,000"),
        ("The club has over 200 partners, Lena Holub told the meeting.", "200"),
        ("Nearly ten thousand people watched, 2,000 fewer than before.", "ten thousand"),
        ("Quillon made a loss of £9.4m in the year to June 2028.", "June 2028"),
    ],
)
def test_a_number_that_a_source_implies_or_that_rounds_one_is_not_called_missing(index, said, words):
    rows = score_report(index, said).groundedness.sentences
    assert [said[fact.start : fact.end] for row in rows for fact in row.missing] == []
    assert not any(row.contradicted for row in rows), words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("At Northmere, Lertxundi was earning £55,000 a week.", "£55,000"),
        ("The club has over 300 partners, Lena Holub told the meeting.", "300"),
        ("Exactly 200 partners support the club, Lena Holub told the meeting.", "200"),
    ],
)
def test_a_number_that_a_source_does_not_imply_is_missing(index, said, words):
    rows = score_report(index, said).groundedness.sentences
    assert words in [said[fact.start : fact.end] for row in rows for fact in row.missing]


def test_a_denial_put_into_a_copied_sentence_is_a_contradiction_whatever_else_the_source_says_with_un():
    index = index_context("Researchers have used the telescope to look at the universe. The club did sign a striker.")
    for said in (
        "Researchers have not used the telescope to look at the universe.",
        "The club did not sign a striker.",
    ):
        (row,) = score_report(index, said).groundedness.sentences
        assert (row.band, row.contradicted[0].kind) == ("contradicted", "negation"), said


@pytest.mark.parametrize(
    ("language", "source", "false", "true"),
    [
        (
            "de",
            "Trainer Lund sagte am Montag, der Klub habe den Stürmer nicht verpflichtet.",
            "Trainer Lund sagte am Montag, der Klub habe den Stürmer verpflichtet.",
            "Trainer Lund sagte am Montag, der Klub habe den Stürmer nicht verpflichtet.",
        ),
        (
            "es",
            "Lund dijo el lunes que el club no ha fichado al delantero.",
            "Lund dijo el lunes que el club ha fichado al delantero.",
            "Lund dijo el lunes que el club no ha fichado al delantero.",
        ),
        (
            "fr",
            "Lund a dit lundi que le club n'a pas recruté l'attaquant.",
            "Lund a dit lundi que le club a recruté l'attaquant.",
            "Lund a dit lundi que le club n'a pas recruté l'attaquant.",
        ),
    ],
)
def test_a_denial_left_out_is_seen_in_other_languages_too(language, source, false, true):
    index = index_context(source, language)
    assert "grounded" not in bands(index, false)
    assert bands(index, true) == ["grounded"]


def test_who_leads_may_be_called_a_boss_but_a_captain_may_not():
    index = index_context("Chief executive Lena Holub said so on Monday. Captain Jonas Weil said nothing on Monday.")
    assert bands(index, "The boss Lena Holub said so on Monday.") != ["contradicted"]
    assert bands(index, "The boss Jonas Weil said nothing on Monday.") == ["contradicted"]


def test_a_quarter_of_a_year_is_the_same_in_letters_and_in_words():
    index = index_context("Revenue rose by £3m in the third quarter, chief executive Lena Holub said.")
    assert bands(index, "Revenue rose by £3m in Q3, chief executive Lena Holub said.") == ["grounded"]
    assert bands(index, "Revenue rose by £3m in Q2, chief executive Lena Holub said.") != ["grounded"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "Ruiz said that the referee had been poor. Lund also said that the referee had been poor.",
            "Lund also said that the referee had been poor.",
        ),
        (
            "The attendance at Colby rose by 2,000 this season. The attendance at Harwick rose to 2,000 this season.",
            "The attendance at Harwick rose to 2,000 this season.",
        ),
        (
            "Rovers have the second-highest wage bill in the league. City have the highest wage bill in the league.",
            "City have the highest wage bill in the league.",
        ),
        ("Rovers won 3-1 on Saturday and City lost 2-1 on Saturday.", "Rovers won 3-1 on Saturday."),
        ("Velk is two years older than Prett.", "Prett is two years younger than Velk."),
        ("Fewer than 300 fans travelled to Colby.", "Not more than 300 fans travelled to Colby."),
        ("Lowe came on in the 80th minute and scored.", "Lowe came off the bench in the 80th minute and scored."),
        ("Two of the three substitutes scored.", "All three substitutes came on and two scored."),
        ("Ruiz will be without Velk and Orrin on Sunday.", "Velk and Orrin are not available to Ruiz on Sunday."),
        (
            "The club sold 3,500 tickets for the final on Sunday.",
            "The club sold fewer than 4,000 tickets for the final.",
        ),
        ("Ruiz did not rule out signing a striker.", "Ruiz may sign a striker."),
        ("Rovers had not won since May.", "Rovers won for the first time since May."),
        ("City signed winger Leo Brandt on loan.", "Leo Brandt joined City on loan."),
        ("Stanmoor equalised through Jonah Prett.", "Jonah Prett equalised for Stanmoor."),
        ("Rovers have lost three games in a row.", "It was Rovers' third defeat in a row."),
        ("The prize money rose from £40,000 to £65,000.", "The prize money rose to £65,000 from £40,000."),
        (
            "Quint made six saves, four of them in the first half.",
            "Quint made four of her six saves in the first half.",
        ),
        (
            "Harwick goalkeeper Emil Strand saved a penalty from Prett.",
            "Prett's penalty was saved by Harwick goalkeeper Emil Strand.",
        ),
    ],
)
def test_a_true_rewording_is_not_called_contradicted(source, said):
    assert "contradicted" not in bands(index_context(source), said)


def test_fewer_than_is_no_lower_bound():
    index = index_context("The club sold 3,500 tickets for the final on Sunday at Dock Road.")
    assert bands(index, "The club sold fewer than 3,000 tickets for the final on Sunday at Dock Road.") != ["grounded"]
