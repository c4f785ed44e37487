"""The library says what the fact sheet says, and nothing against it."""

import itertools
import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evaluations.sandbox.articles import LIBRARY, Article, load_library
from evaluations.sandbox.writing.tables import rows_of

FILES = sorted(LIBRARY.glob("*.md"))
DATE = re.compile(r"\b(\d{1,2}) (January|August|September|October|November|December)(?: (\d{4}))?")
SCORE = re.compile(r"(?<!made it )(?<![\d–-])\b(\d{1,2})-(\d{1,2})\b(?!-)")
MONEY = re.compile(r"£[\d.,]+\d(?:m\b|\b)|£\dm\b")
MONTHS = {"January": 1, "August": 8, "September": 9, "October": 10, "November": 11, "December": 12}


def by_name(name: str) -> Article:
    """The article whose address ends so."""
    return next(article for article in load_library() if article.url.endswith(name))


def names_of(club: dict[str, Any]) -> list[str]:
    """Everything that a club is called."""
    return [club["name"], club["short"], *(alias.removeprefix("the ") for alias in club["aliases"])]


def clubs_in(text: str, facts: dict[str, Any]) -> set[str]:
    """The clubs that a text names, also by alias, adjective or ground."""
    return {
        club["name"]
        for club in facts["clubs"]
        if any(re.search(rf"\b{re.escape(name)}\b", text) for name in (*names_of(club), club["ground"]))
    }


def table_from(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The standings that follow from results."""
    rows: dict[str, Counter[str]] = {}
    for result in results:
        for club, goals, against in (
            (result["home"], result["home_goals"], result["away_goals"]),
            (result["away"], result["away_goals"], result["home_goals"]),
        ):
            row = rows.setdefault(club, Counter())
            row.update(played=1, won=goals > against, drawn=goals == against, lost=goals < against)
            row.update(goals_for=goals, goals_against=against)
            row.update(points=3 * (goals > against) + (goals == against), goal_difference=goals - against)
    ranked = sorted(rows, key=lambda club: [-rows[club][key] for key in ("points", "goal_difference", "goals_for")])
    return [{"position": place, "club": club, **rows[club]} for place, club in enumerate(ranked, 1)]


def test_the_library_has_14_to_18_articles_of_150_to_900_words() -> None:
    assert 14 <= len(FILES) <= 18
    for path in FILES:
        words = len(path.read_text(encoding="utf-8").split("---\n", 2)[2].split())
        assert 150 <= words <= 900, path.name


def test_every_article_has_an_invented_address_a_publisher_and_a_date(articles: tuple[Article, ...]) -> None:
    assert len({article.url for article in articles}) == len(articles)
    for article in articles:
        assert re.match(r"https://www\.[a-z-]+\.example/", article.url)
        assert article.publisher
        assert article.published is not None
        assert date(2026, 11, 1) <= article.published.date() <= date(2026, 11, 23)
    assert {article.is_news for article in articles} == {True, False}


def test_the_standings_follow_from_the_results(facts: dict[str, Any]) -> None:
    computed = table_from(facts["results"])
    assert [{**row, "goal_difference": row.get("goal_difference", 0)} for row in facts["table"]] == computed


def test_every_club_plays_every_round_once(facts: dict[str, Any]) -> None:
    for number in range(1, facts["rounds_played"] + 1):
        clubs = [result[side] for result in facts["results"] if result["round"] == number for side in ("home", "away")]
        assert sorted(clubs) == sorted(club["name"] for club in facts["clubs"])


def test_goals_and_scorers_agree(facts: dict[str, Any]) -> None:
    for result in facts["results"]:
        if "goals" in result:
            assert len(result["goals"]) == result["home_goals"] + result["away_goals"]
            assert {re.split(r" \d", goal)[0] for goal in result["goals"]} <= facts["people"].keys()


def test_the_sum_of_the_fees_is_the_sum_of_the_window(facts: dict[str, Any]) -> None:
    assert sum(deal["fee"] for deal in facts["transfers"]) == facts["window_total"]["amount"] == 12_700_000


def test_the_published_table_is_the_table(facts: dict[str, Any]) -> None:
    passage = next(one for one in by_name("/standings").passages if one.startswith("| Pos"))
    shown = [
        (row["Pos"], row["Club"], row["P"], row["W"], row["D"], row["L"], row["GF"], row["GA"], row["GD"], row["Pts"])
        for row in rows_of(passage)
    ]
    keys = ("played", "won", "drawn", "lost", "goals_for", "goals_against")
    assert shown == [
        (
            str(row["position"]),
            row["club"],
            *(str(row[key]) for key in keys),
            f"{row['goal_difference']:+d}",
            str(row["points"]),
        )
        for row in facts["table"]
    ]


def test_the_published_fixtures_are_the_fixtures(facts: dict[str, Any]) -> None:
    passage = next(one for one in by_name("/fixtures").passages if one.startswith("| Date"))
    shown = {(row["Date"], row["Kick-off"], row["Home"], row["Away"], row["Ground"]) for row in rows_of(passage)}
    assert shown == {
        (words_of(one["date"]), one["kick_off"], one["home"], one["away"], one["ground"]) for one in facts["fixtures"]
    }


def words_of(day: str) -> str:
    """2026-11-08 as 8 November 2026."""
    moment = date.fromisoformat(day)
    return f"{moment.day} {moment:%B %Y}"


def test_the_published_transfers_are_the_transfers(facts: dict[str, Any]) -> None:
    passage = next(one for one in by_name("/transfers-autumn-2026").passages if one.startswith("| Date"))
    shown = {(row["Date"], row["Player"], row["From"], row["To"], row["Fee"]) for row in rows_of(passage)}
    assert shown == {
        (words_of(one["date"]), one["player"], one["from"], one["to"], one["fee_text"]) for one in facts["transfers"]
    }


def test_the_published_managerial_changes_are_the_changes(facts: dict[str, Any]) -> None:
    passage = next(one for one in by_name("/managerial-changes-2026-27").passages if one.startswith("| Club"))
    shown = {(row["Club"], row["Out"], row["Date"], row["Reason"], row["In"]) for row in rows_of(passage)}
    assert shown == {
        (one["club"], one["out"], words_of(one["out_date"]), one["how"], one["in"])
        for one in facts["managerial_changes"]
    }


@pytest.mark.parametrize("number", [11, 12])
def test_every_result_of_a_round_is_in_its_round_up(number: int, facts: dict[str, Any]) -> None:
    [passage] = [one for one in by_name(ROUND_UPS[number]).passages if one.startswith("| Home")]
    shown = {(row["Home"], row["Score"], row["Away"]) for row in rows_of(passage)}
    results = [result for result in facts["results"] if result["round"] == number]
    assert shown == {(one["home"], f"{one['home_goals']}-{one['away_goals']}", one["away"]) for one in results}


ROUND_UPS = {11: "/round-11", 12: "/round-12-roundup"}


def test_the_last_round_is_told_with_scorers_and_crowds(facts: dict[str, Any]) -> None:
    text = by_name("/round-12-roundup").text
    for result in facts["results"]:
        if result["round"] == 12:
            assert f"{result['attendance']:,}" in text
            assert all(re.split(r" \d", goal)[0].split()[-1] in text for goal in result["goals"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_article_contradicts_a_score(path: Path, facts: dict[str, Any]) -> None:
    for paragraph in paragraphs_of(path):
        clubs = clubs_in(paragraph, facts)
        known = {
            frozenset((result["home_goals"], result["away_goals"]))
            for result in facts["results"]
            if {result["home"], result["away"]} <= clubs
        }
        for found in SCORE.finditer(re.sub(r"“[^”]*”|\"[^\"]*\"", "", paragraph)):
            assert frozenset(map(int, found.groups())) in known, f"{found[0]} in {paragraph}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_article_names_a_sum_that_the_sheet_does_not_know(path: Path, facts: dict[str, Any]) -> None:
    known = {deal["fee_text"] for deal in facts["transfers"]}
    known |= {bid["offer_text"] for bid in facts["refused_bids"]} | {one["text"] for one in facts["other_sums"]}
    known.add(facts["window_total"]["text"])
    assert set(MONEY.findall(path.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("deal", range(7))
def test_where_a_player_and_one_sum_stand_together_it_is_the_fee(deal: int, facts: dict[str, Any]) -> None:
    transfer = facts["transfers"][deal]
    surname = transfer["player"].split()[-1]
    players = [one["player"].split()[-1] for one in facts["transfers"]]
    told = 0
    for path in FILES:
        for sentence in sentences_in(path):
            named = [name for name in players if name in sentence]
            sums = MONEY.findall(sentence)
            if named == [surname] and len(sums) == 1 and "offer" not in sentence and "£12.7m" not in sentence:
                assert sums == [transfer["fee_text"]] or sums == ["£3.5m"], sentence
                told += 1
    assert told or transfer["kind"] == "free"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_article_names_a_day_on_which_nothing_happened(path: Path, facts: dict[str, Any]) -> None:
    known = {result["date"] for result in facts["results"]} | {one["date"] for one in facts["fixtures"]}
    known |= {deal["date"] for deal in facts["transfers"]} | {bid["date"] for bid in facts["refused_bids"]}
    known |= set(
        itertools.chain.from_iterable((one["out_date"], one["in_date"]) for one in facts["managerial_changes"])
    )
    window = facts["league"]["transfer_window"]
    known |= {window["opens"], window["closes"], "2026-12-31", "2027-05-31", "2026-11-22"}
    text = path.read_text(encoding="utf-8").replace("31 May 2027", "")
    for day, month, year in DATE.findall(text):
        assert date(int(year or 2026), MONTHS[month], int(day)).isoformat() in known, f"{day} {month} in {path.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_person_in_an_article_is_on_the_sheet(path: Path, facts: dict[str, Any]) -> None:
    known = {*facts["people"], facts["league"]["name"], "Continental Shield", "League Ledger", "Tollgate Sport"}
    known |= {name for club in facts["clubs"] for name in (club["name"], club["ground"])}
    for found in re.findall(r"(?<![.!?“\"] )(?<![\n“\"])\b[A-Z][a-z]+ [A-Z][a-z]+\b", prose_of(path)):
        assert any(found in name or name in found for name in known | PUBLICATIONS), found


PUBLICATIONS = {"The Verrance Courier", "The Ellwyke Lantern", "Dockside Gazette", "The Orrane Post", "Verrance League"}


def prose_of(path: Path) -> str:
    """An article's text without tables and headings, each paragraph on its own line."""
    body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
    return "\n".join(line for line in body.splitlines() if not line.startswith(("|", "#")))


def paragraphs_of(path: Path) -> list[str]:
    """The paragraphs and table rows of an article, and its title."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    title = re.search(r"^title: (.+)$", front, re.MULTILINE)
    assert title
    return [title[1], *(line for line in body.splitlines() if line)]


def sentences_in(path: Path) -> list[str]:
    """Rough sentences."""
    return [
        one
        for line in prose_of(path).splitlines()
        for one in re.split(r"(?<=[.!?])\s+(?=[A-Z“\"])|; |, (?=Ellwyke's|Halverton|and Castle)", line)
    ]


def test_one_event_is_told_by_several_publishers(articles: tuple[Article, ...]) -> None:
    tellers = {article.publisher for article in articles if "Okonder" in article.text}
    assert len(tellers) >= 4


def test_the_fact_sheet_is_json_that_a_person_can_read() -> None:
    text = (LIBRARY / "facts.json").read_text(encoding="utf-8")
    assert json.loads(text)["league"]["season"] == "2026–27"
    assert len(text.splitlines()) > 100
