"""Sentences of the catalogue's kinds with other people, clubs, verbs and tricks: few that are false are grounded, few
that are true are alarmed."""

import pytest

from evaluations.scoring.context.index import ContextIndex, index_context
from evaluations.scoring.scores import score_report

SOURCES = [
    {
        "title": "Ostrava Hill edge past Larkfield in the quarter-final",
        "text": "Ostrava Hill knocked Larkfield out of the League Cup on Wednesday night, winning 2-1 after extra "
        "time. "
        "Milo Tarrant put Larkfield ahead after 12 minutes, before Benny Achterberg levelled with a header. "
        "Goalkeeper Idris Fonk saved a penalty from Tarrant in the 88th minute. "
        "Achterberg's winner came in the 104th minute and was set up by substitute Carl Nyqvist. "
        "Only 9,400 people watched because of a strike on the buses; Hill had sold 14,000 tickets for the semi-final. "
        "Larkfield coach Ruth Oduya did not criticise her players. “We ran ourselves into the ground and I am proud of "
        "them,” she said. Hill manager Stefan Brandl called it “a night for our supporters, not for the purists”.",
    },
    {
        "title": "Larkfield in talks with Quillon over Tarrant",
        "text": "Quillon have offered €18 million for Milo Tarrant, Larkfield's Welsh striker, and talks will continue "
        "on Friday. Larkfield want €25 million and may keep him until the summer. "
        "Tarrant, 22, joined from Northmere in July 2022 for €3 million and has scored 14 goals in 31 matches "
        "this season, four more than last season. His contract runs until June 2026. "
        "Sporting director Amaia Lertxundi denied that a deal had been agreed. “No club has met our price,” she said. "
        "Quillon are expected to sell defender Jonas Weil if Tarrant comes.",
    },
    {
        "title": "Northmere fined and without their captain",
        "text": "Northmere were fined £40,000 for a crowd disturbance in March and were spared a points deduction. "
        "Captain Owen Prass will miss six weeks with a broken toe, an injury he suffered in training on Monday. "
        "Northmere have won none of their last seven away games, the longest such run since 1998. "
        "They lie 15th with 29 points, two more than Larkfield, who have a game in hand. "
        "Chairman Piet Vandroogen ruled out selling the ground and said that coach Lena Holub had his full support. "
        "Holub, a Czech, has refused to discuss an offer from Ostrava Hill.",
    },
]

FALSE = {
    "winner": [
        "Larkfield knocked Ostrava Hill out of the League Cup on Wednesday night.",
        "Ostrava Hill were knocked out of the League Cup by Larkfield.",
        "Milo Tarrant saved a penalty from Idris Fonk in the 88th minute.",
        "Achterberg's winner was set up by Milo Tarrant.",
        "Carl Nyqvist's winner was set up by substitute Benny Achterberg.",
        "Benny Achterberg put Larkfield ahead after 12 minutes.",
        "Tarrant joined Northmere from Larkfield in July 2022.",
        "Larkfield have offered €18 million for Quillon's striker Milo Tarrant.",
    ],
    "negation": [
        "Larkfield coach Ruth Oduya criticised her players.",
        "Amaia Lertxundi confirmed that a deal had been agreed.",
        "Chairman Piet Vandroogen did not rule out selling the ground.",
        "Northmere were fined and given a points deduction.",
        "Lena Holub has agreed to discuss an offer from Ostrava Hill.",
        "Northmere have won all of their last seven away games.",
        "Chairman Piet Vandroogen said that coach Lena Holub did not have his full support.",
    ],
    "person_club": [
        "Ruth Oduya, the Northmere coach, was proud of her players.",
        "Stefan Brandl, the Larkfield manager, praised the supporters.",
        "Northmere defender Jonas Weil could be sold.",
        "Milo Tarrant, Larkfield's Scottish striker, has scored 14 goals.",
        "Goalkeeper Owen Prass will miss six weeks.",
        "Amaia Lertxundi, the Larkfield chairwoman, denied that a deal had been agreed.",
    ],
    "quotation": [
        "“We ran ourselves into the ground and I am ashamed of them,” Oduya said.",
        "“We ran ourselves into the ground and I am proud of them,” said Stefan Brandl.",
        "Brandl called it “a night for the purists, not for our supporters”.",
        "“One club has met our price,” Lertxundi said.",
        "“No club has met our price,” said Piet Vandroogen.",
        "Lena Holub called it “a night for our supporters, not for the purists”.",
    ],
    "date": [
        "Ostrava Hill beat Larkfield on Thursday night.",
        "Tarrant joined from Northmere in July 2021.",
        "His contract runs until June 2028.",
        "Talks over Tarrant will continue on Sunday.",
        "Prass was injured in training on Tuesday.",
        "Northmere were fined for a crowd disturbance in May.",
    ],
    "amount": [
        "Quillon have offered €25 million for Milo Tarrant.",
        "Larkfield want €18 million for Tarrant.",
        "Northmere were fined £14,000 for a crowd disturbance.",
        "Only 14,000 people watched because of a strike on the buses.",
        "Quillon have offered £18 million for Milo Tarrant.",
        "Northmere lie 15th with 27 points, two more than Larkfield.",
    ],
    "count": [
        "Tarrant has scored 31 goals in 14 matches this season.",
        "Owen Prass will miss seven weeks with a broken toe.",
        "Northmere have won none of their last six away games.",
        "Achterberg's winner came in the 88th minute.",
        "Tarrant put Larkfield ahead after 104 minutes.",
        "Tarrant, 31, joined from Northmere.",
    ],
    "modality": [
        "Larkfield will keep Tarrant until the summer.",
        "Quillon have sold defender Jonas Weil.",
        "Quillon have agreed a deal for Milo Tarrant with Larkfield.",
        "Quillon will sell defender Jonas Weil even if Tarrant stays.",
    ],
    "cause": [
        "Only 9,400 people watched because of a crowd disturbance.",
        "Only 9,400 people watched despite a strike on the buses.",
        "Owen Prass will miss six weeks because of a suspension.",
        "Northmere were fined £40,000 for a strike on the buses.",
    ],
    "comparison": [
        "Northmere have fewer points than Larkfield.",
        "Tarrant has scored fewer goals than last season.",
        "Quillon's offer for Tarrant is higher than what Larkfield want.",
        "It is Northmere's shortest such run since 1998.",
        "Larkfield have two points more than Northmere.",
    ],
}  # fmt: skip

TRUE = [
    "Ostrava Hill beat Larkfield 2-1 after extra time on Wednesday.",
    "Larkfield were knocked out of the League Cup by Ostrava Hill.",
    "Tarrant's penalty in the 88th minute was saved by Idris Fonk.",
    "Carl Nyqvist, a substitute, set up Achterberg's winner.",
    "Ruth Oduya refused to criticise her players.",
    "“We ran ourselves into the ground and I am proud of them,” said Ruth Oduya, the Larkfield coach.",
    "Lertxundi said that no deal had been agreed.",
    "Northmere escaped a points deduction but were fined £40,000.",
    "Quillon's bid of €18m falls €7m short of what Larkfield want.",
    "Tarrant, who is 22, came from Northmere in the summer of 2022.",
    "Owen Prass, Northmere's captain, is out for six weeks with a broken toe.",
    "Piet Vandroogen will not sell the ground.",
    "A bus strike kept the attendance down to 9,400.",
    "Tarrant scored ten goals last season.",
    "Larkfield have 27 points and a game in hand on Northmere.",
    "Northmere have gone seven away games without a win.",
    "Defender Jonas Weil could leave Quillon if Tarrant arrives.",
    "Lena Holub does not want to talk about Ostrava Hill's offer.",
]


@pytest.fixture(scope="module")
def index() -> ContextIndex:
    return index_context(SOURCES)


def band(index: ContextIndex, sentence: str) -> str:
    rows = score_report(index, sentence).groundedness.sentences
    return max((row.band for row in rows), key=("no_claim", "grounded", "partly", "not_found", "contradicted").index)


def missed(index: ContextIndex) -> list[str]:
    return [text for texts in FALSE.values() for text in texts if band(index, text) in ("grounded", "no_claim")]


def test_few_false_sentences_of_any_kind_are_grounded(index):
    sentences = sum(map(len, FALSE.values()))
    assert len(missed(index)) <= 0.45 * sentences, missed(index)


def test_few_true_sentences_in_other_words_are_alarmed(index):
    alarmed = [text for text in TRUE if band(index, text) != "grounded"]
    assert len(alarmed) <= 0.4 * len(TRUE), alarmed


def test_misquotations_are_named_as_such(index):
    named = [text for text in FALSE["quotation"] if band(index, text) == "contradicted"]
    assert len(named) >= 0.85 * len(FALSE["quotation"]), named


def test_no_true_sentence_is_called_contradicted(index):
    assert [text for text in TRUE if band(index, text) == "contradicted"] == []


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Quillon's bid of €18m falls €7m short of what Larkfield want.", []),
        ("Quillon's bid of €18m is €9m more than what Larkfield want.", ["€9m"]),
        ("Northmere have won none of their last seven away games, their longest run for 24 years, since 1998.", ["24"]),
        ("Quillon have offered €7m.", ["€7m"]),
    ],
)
def test_a_number_that_a_source_adds_up_to_is_found_where_the_sentence_says_that_it_computes(index, sentence, missing):
    found = score_report(index, sentence).groundedness.sentences[0].missing
    assert [sentence[fact.start : fact.end] for fact in found] == missing
