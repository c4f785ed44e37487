"""One fact of a sentence that copies a source is bent: each way of it has its rule, and beside each stands a sentence
that is true and differs from the false one in that fact alone."""

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

# What a source says, what is false by it, the kind that an editor is shown, and what is true.
NUMBERS = [
    (
        "The striker was fined £15,000, reduced from £20,000.",
        "The striker was fined £20,000.", "number", "The striker was fined £15,000.",
    ),
    (
        "Of the members who voted, 940 were in favour and 610 against.",
        "Of the members who voted, 610 were in favour.", "number", "Of the members who voted, 940 were in favour.",
    ),
    (
        "It was his second red card of the season and the fifth of his career.",
        "It was his fifth red card of the season.", "number", "It was his second red card of the season.",
    ),
    (
        "Turnover fell to £17.9m, while wages at the club rose to £12.6m.",
        "Wages at the club rose to £17.9m.", "number", "Wages at the club rose to £12.6m.",
    ),
    (
        "Lund will give half of his £20,000 prize to the hospital.",
        "Lund will give £20,000 to the hospital.", "number",
        "Lund will give half of his £20,000 prize to the hospital.",
    ),
    (
        "Lund received 212 votes, 37 more than Prys.",
        "Lund received 37 votes.", "number", "Lund received 212 votes.",
    ),
    (
        "Rovers have won five of their last seven matches, Albion one of their last eight.",
        "Rovers have won one of their last seven matches.", "number",
        "Rovers have won five of their last seven matches.",
    ),
    (
        "Lund earns £4,000 a week at Rovers.",
        "Lund earns £4,000 a month at Rovers.", "number", "Lund earns £4,000 a week at Rovers.",
    ),
    (
        "The club is to buy 18 new screens at £900 each.",
        "The club is to pay £900 in all for 18 new screens.", "number", "The club is to buy 18 screens at £900 each.",
    ),
    (
        "All but two of the squad travelled home by train.",
        "Only two of the squad travelled home by train.", "number", "All but two of the squad went home by train.",
    ),
    (
        "Lund has started all nine matches since March.",
        "Lund has started all but one of the nine matches since March.", "number",
        "Lund has started all nine matches since March.",
    ),
    (
        "Albion have played 33 times, United 29.",
        "United have played 33 times and Albion 29.", "number", "Albion have played 33 times and United 29.",
    ),
    (
        "On 1 July Lund will start work as the coach of the youth team.",
        "Lund will start work as the coach of the youth team on 29 June.", "date",
        "Lund will start work as the coach of the youth team on 1 July.",
    ),
]  # fmt: skip
NAMES = [
    (
        "Second place is worth £90,000, twice as much as third.",
        "Third place is worth £90,000, twice as much as second.", "roles",
        "Second place is worth £90,000, twice as much as third place.",
    ),
    (
        "Lund, who has not worked since March, is suing Rovers for £75,000.",
        "Rovers is suing Lund for £75,000.", "roles", "Lund is suing Rovers for £75,000.",
    ),
    (
        "Rovers will not contest the verdict, while United have lodged an appeal.",
        "United will not contest the verdict.", "roles", "Rovers will not contest the verdict.",
    ),
    (
        "Until then finance director Ada Prys runs the daily business. Carla Lund starts in May.",
        "Carla Lund, the finance director, runs the daily business until then.", "post",
        "Ada Prys, the finance director, runs the daily business until then.",
    ),
    (
        "Sid Prys of Rovers handled the ball in the 12th minute, the Albion coach complained.",
        "Sid Prys of Albion handled the ball in the 12th minute.", "club",
        "Sid Prys of Rovers handled the ball in the 12th minute.",
    ),
]  # fmt: skip
DENIALS = [
    (
        "The residents did not object to the height of the stand, she said, but to the lorries.",
        "The residents object not to the lorries but to the height of the stand.", "negation",
        "The residents object not to the height of the stand but to the lorries.",
    ),
    (
        "Lund was fined a week's wages, Prys was not.",
        "Prys was fined a week's wages.", "negation", "Lund was fined a week's wages.",
    ),
    (
        "Lund saw his second effort ruled out for offside.",
        "Lund's second effort did count.", "negation", "Lund's second effort was ruled out for offside.",
    ),
]  # fmt: skip
MODALITIES = [
    (
        "Rovers will pay another £3m if they win the league.",
        "Rovers will pay another £3m even if they do not win the league.", "modality",
        "Rovers will pay another £3m if they win the league.",
    ),
    (
        "The firm will go to court unless Rovers pay £1.6m by the end of the month.",
        "The firm will go to court if Rovers pay £1.6m by the end of the month.", "modality",
        "The firm will go to court if Rovers do not pay £1.6m by the end of the month.",
    ),
    (
        "Rovers want two new defenders this winter.",
        "Rovers have two new defenders this winter.", "modality", "Rovers want two new defenders this winter.",
    ),
    (
        "Lund almost turned down the call-up in May.",
        "Lund turned down the call-up in May.", "modality", "Lund almost turned down the call-up in May.",
    ),
    (
        "The old ground is to be sold for housing.",
        "The old ground has been sold for housing.", "modality", "The old ground is to be sold for housing.",
    ),
]  # fmt: skip
COMPARISONS = [
    (
        "Rovers have scored three goals, the fewest in the division.",
        "Rovers have scored the most goals in the division.", "opposite",
        "Rovers have scored the fewest goals in the division.",
    ),
    (
        "Tickets for the reading are selling faster than those for the concert.",
        "Tickets for the reading are selling slower than those for the concert.", "comparison",
        "Tickets for the concert are selling slower than those for the reading.",
    ),
]  # fmt: skip
BENT = [*NUMBERS, *NAMES, *DENIALS, *MODALITIES, *COMPARISONS]


def findings(source, sentence):
    rows = score_report(index_context(source), sentence).as_dict()["groundedness"]["sentences"]
    return rows[0]["band"], {one["kind"] for row in rows for one in row["contradicted"]}


@pytest.mark.parametrize(("source", "wrong", "kind", "right"), BENT, ids=[case[1] for case in BENT])
def test_a_bent_fact_is_named_and_the_true_one_is_not(source, wrong, kind, right):
    band, kinds = findings(source, wrong)
    assert band == "contradicted"
    assert kind in kinds
    assert findings(source, right) == ("grounded", set())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Prys was hurt when she collided with Lund.", "Lund was not hurt when Prys collided with her."),
        ("Albion owed £700,000 and Rovers £1.2m.", "Rovers owed £1.2m and Albion £700,000."),
        ("Lund took off Noor, not Dray, after 65 minutes.", "Lund did not take off Dray but Noor."),
        ("Lund rejected the charge that the league had helped Rovers.", "The charge was rejected by Lund."),
        ("Lund has now scored 12 goals, more than anybody else.", "Nobody has scored more goals than Lund."),
        (
            "The goal does not count, but the yellow card shown to Lund does.",
            "The yellow card shown to Lund does count.",
        ),
        ("The sale of Lund came too late for the books.", "The sale of Lund is not in the books: it came too late."),
        ("Lund may play again from 9 August.", "Lund may not play again before 9 August."),
        ("Lund reduced the ban of Prys from six matches to four.", "Prys is banned for four matches instead of six."),
        (
            "Season tickets cost £190, £15 less than last season at Rovers and £10 more than at Albion.",
            "Rovers supporters pay less for a season ticket than last season.",
        ),
        (
            "Rovers will meet either Albion or United, whose second leg was postponed because of fog.",
            "The second leg between Albion and United was postponed because of fog.",
        ),
        ("“I trust Lund more than I trust a stranger,” Prys said.", "Prys trusts Lund “more than I trust a stranger”."),
        ("The motion was carried by 412 votes to 389.", "There were 412 votes for the motion and 389 against it."),
        ("Seven players come from Colby.", "Seven of the 23 players come from Colby."),
        (
            "The union's president, former goalkeeper Ada Lund, said that the clubs had left them no choice.",
            "Ada Lund, the president of the union, is a former goalkeeper.",
        ),
        (
            (
                "Kestrels coach Ada Lund said that he would be in the squad for the cup tie, but that he might not "
                "start. Jack Prys trained again on Monday with the Kestrels."
            ),
            "Prys will be in the squad for the cup tie but might not start, Lund said.",
        ),
        (
            "Rovers, who have sold more tickets than for any earlier round, wanted to play Albion in the afternoon.",
            "Rovers sold fewer tickets for every earlier round than for the tie with Albion.",
        ),
        ("Their manager Rhys Lund lost the last match 2-1 at Colby.", "Rhys Lund's ban is long."),
        (
            "Lund said that she would like to sign a striker. Lund may play on Sunday.",
            "Rovers play Albion on Sunday.",
        ),
        (
            "The club trained with more running than last year.",
            "Last year the club trained with less running than now.",
        ),
        (
            "The study found more injuries in January than in May.",
            "The study found fewer injuries in May than in January.",
        ),
    ],
)  # fmt: skip
def test_what_is_true_in_other_words_is_not_called_contradicted(source, said):
    assert findings(source, said)[1] == set()
