"""Five models that read what they get and write from it."""

import re
import time
from dataclasses import replace

import pytest

from evaluations.sandbox.articles import Article
from evaluations.sandbox.writing.material import read_material
from evaluations.sandbox.writing.sentences import split_text
from evaluations.scoring.format.check import check_format, instructions
from tests.sandbox.conftest import chat, chat_body, locked, quick, report_of

FIVE = [f"sandbox/{name}" for name in ("thorough", "brief", "freeform", "inventor", "slow")]
HONEST = ["sandbox/thorough", "sandbox/brief", "sandbox/freeform"]
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@pytest.fixture(scope="module")
def material(articles: tuple[Article, ...]) -> str:
    """The whole library as a locked context."""
    return locked(articles)


@pytest.fixture(scope="module")
def told(articles: tuple[Article, ...]) -> str:
    """All that the sources say, tables in words."""
    everything = "\n".join(f"{article.title}\n{article.publisher}\n{article.text}" for article in articles)
    return everything + "\n".join(one for article in articles for one in split_text(article.text))


def sections_of(report: str) -> dict[str, str]:
    """The text under each heading."""
    parts = re.split(r"(?m)^## (.+)$", report)
    return {heading: text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("model", ["sandbox/thorough", "sandbox/brief", "sandbox/inventor"])
def test_the_form_is_kept(model: str, material: str) -> None:
    report = report_of(quick(), model, material)
    assert report.startswith("# ")
    assert report.count("\n# ") == 0
    sections = sections_of(report)
    assert list(sections) == ["Transfers", "Managers", "Standings"]
    for heading, most in (("Transfers", 8), ("Managers", 6)):
        lines = sections[heading].splitlines()
        assert all(line.startswith("- ") for line in lines)
        assert (2 if heading == "Transfers" else 1) <= len(lines) <= most
    assert "- " not in sections["Standings"][:2]
    assert 30 <= len(sections["Standings"].split()) <= 150
    assert 100 <= len(report.split()) <= 600


def test_freeform_ignores_the_form(material: str) -> None:
    report = report_of(quick(), "sandbox/freeform", material)
    assert "#" not in report
    assert "\n- " not in report
    assert len(report.split()) > 100


def test_brief_uses_fewer_sources_and_words_than_thorough(material: str, articles: tuple[Article, ...]) -> None:
    reports = {name: report_of(quick(), f"sandbox/{name}", material) for name in ("thorough", "brief")}
    assert len(reports["brief"].split()) < 0.75 * len(reports["thorough"].split())
    assert len(sources_used(reports["brief"], articles)) < len(sources_used(reports["thorough"], articles))
    assert len(sources_used(reports["thorough"], articles)) >= 6


def sources_used(report: str, articles: tuple[Article, ...]) -> set[str]:
    """The articles of which the report holds five words in a row that no other article has."""
    words = report.split()
    runs = {" ".join(words[start : start + 5]) for start in range(len(words) - 4)}
    found: set[str] = set()
    for run in runs:
        tellers = [article.url for article in articles if run in " ".join(article.text.split())]
        found.update(tellers if len(tellers) == 1 else [])
    return found


@pytest.mark.parametrize("model", HONEST)
def test_honest_models_name_no_number_that_no_source_has(model: str, material: str, told: str) -> None:
    known = set(NUMBER.findall(told))
    assert set(NUMBER.findall(report_of(quick(), model, material))) <= known


@pytest.mark.parametrize("model", HONEST)
def test_honest_models_name_no_name_that_no_source_has(model: str, material: str, told: str) -> None:
    report = report_of(quick(), model, material)
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*", report)
    assert names
    assert [name for name in names if name not in told] == []


def test_the_inventor_adds_names_and_numbers_that_no_source_has(material: str, told: str) -> None:
    report = report_of(quick(), "sandbox/inventor", material)
    known = set(NUMBER.findall(told))
    names = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]+", report)
    assert [number for number in NUMBER.findall(report) if number not in known]
    assert [name for name in names if name not in told]


@pytest.mark.parametrize("model", FIVE)
def test_the_same_request_gives_the_same_report(model: str, material: str) -> None:
    first, second = (chat(quick(), chat_body(model, material)).json() for _ in range(2))
    assert first.get("choices") == second.get("choices")


def at_another_time(material: str) -> str:
    """The same articles, locked later."""
    later = material.replace('{"queries"', '{"locked_at":"2027-01-01T00:00:00Z","queries"', 1)
    assert later != material
    return later


@pytest.mark.parametrize("model", FIVE)
def test_at_temperature_0_the_same_articles_locked_at_another_time_give_the_same_report(
    model: str, material: str
) -> None:
    bodies = (chat_body(model, text, temperature=0) for text in (material, at_another_time(material)))
    first, second = (chat(quick(), body).json() for body in bodies)
    assert first.get("choices") == second.get("choices")
    assert first.get("error") == second.get("error")


@pytest.mark.parametrize("temperature", [0.2, 1])
@pytest.mark.parametrize("model", FIVE)
def test_above_temperature_0_another_run_on_the_same_articles_gives_another_report(
    model: str, temperature: float, material: str
) -> None:
    bodies = (chat_body(model, text, temperature=temperature) for text in (material, at_another_time(material)))
    first, second = (chat(quick(), body).json()["choices"][0]["message"]["content"] for body in bodies)
    assert first != second


@pytest.mark.parametrize("model", FIVE)
@pytest.mark.parametrize(("temperature", "different"), [(0, 1), (0.2, 3), (1, 3)])
def test_samples_differ_where_the_temperature_asks_for_it(
    model: str, temperature: float, different: int, material: str
) -> None:
    app, body = quick(), chat_body(model, material, temperature=temperature)
    texts = [chat(app, body).json()["choices"][0]["message"]["content"] for _ in range(3)]
    assert len(set(texts)) == different


@pytest.mark.parametrize("model", FIVE[:4])
def test_other_articles_give_another_report(model: str, articles: tuple[Article, ...]) -> None:
    first, second = (report_of(quick(), model, locked(part)) for part in (articles[:8], articles[8:]))
    shared = set(first.splitlines()) & set(second.splitlines())
    headings = {"", "## Transfers", "## Managers", "## Standings"}
    canned = {
        line for line in shared - headings if not line.startswith(("Sure", "Right", "Good", "That", "Hope", "Let"))
    }
    assert canned == set()


CHEESE = """\
The price of Brindle cheese rose by 14 percent in October. Dairy farmers in Owlbury signed a transfer of
their licences to the Moorland Cooperative. The manager of the cooperative, Ada Thorn, said that milk was
scarce. At the top of the table of prices stands aged Brindle with 31 points of fat.
"""


def test_nothing_is_canned_about_the_league() -> None:
    cheese = Article("Cheese prices rise", "https://cheese.example/prices", (CHEESE,), "Dairy News")
    for model in FIVE[:3]:
        report = report_of(quick(), model, locked((cheese,)))
        assert "Brindle" in report or "Ada Thorn" in report
        assert "Orrane" not in report
        assert "football" not in report.lower()


def test_without_sources_the_honest_models_say_so() -> None:
    for model in ("sandbox/thorough", "sandbox/brief"):
        report = report_of(quick(), model, locked(()))
        assert "The search results say nothing about transfers." in report
        assert list(sections_of(report)) == ["Transfers", "Managers", "Standings"]


def test_without_a_form_the_queries_become_the_headings(material: str) -> None:
    report = report_of(quick(), "sandbox/thorough", material, "You are a sports analyst.")
    assert list(sections_of(report)) == [
        "Recent football fixtures",
        "Transfer market updates",
        "Managerial changes",
        "League standings",
    ]


def test_phrases_are_used_avoided_and_put_at_the_end(material: str) -> None:
    system = (
        'Use each of these words or phrases: "zero-sum".\n'
        'Use none of these words or phrases: "Okonder".\n'
        'End with exactly these words and nothing after them: "End of report."'
    )
    report = report_of(quick(), "sandbox/thorough", material, system)
    assert "zero-sum" in report
    assert "Okonder" not in report
    assert report.endswith("End of report.")


def test_limits_of_paragraphs_and_no_headings_are_kept(material: str) -> None:
    system = "Write no headings.\nWrite at least 3 paragraphs in all.\nWrite at most 3 paragraphs in all."
    report = report_of(quick(), "sandbox/thorough", material, system)
    assert len(report.split("\n\n")) == 3
    assert "#" not in report


def test_a_divider_of_paragraphs_stands_between_them(material: str) -> None:
    wanted = {"min_paragraphs": 3, "max_paragraphs": 3}
    report = report_of(quick(), "sandbox/thorough", material, instructions(wanted))
    assert check_format(wanted, report).value == 1
    assert report.count("\n\n***\n\n") == 2


def test_a_plain_text_is_read_as_well() -> None:
    text = "# Cup final\nThe Owls beat the Rooks 3-1 on Sunday. Ada Thorn scored twice for the Owls.\n"
    report = report_of(quick(), "sandbox/thorough", text, 'Section 1: "Results", a bullet list of 1 to 3 items.')
    assert "Owls" in report


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 50_000,
        "{" * 500,
        "|" * 50_000,
        "a. " * 30_000,
        '"' * 50_000,
        "null",
        '{"sources": 7}',
        "\x00",
        '["a"]',
    ],
)
@pytest.mark.parametrize("model", FIVE[:4])
def test_odd_material_is_survived(model: str, text: str) -> None:
    assert chat(quick(), chat_body(model, text)).status_code == 200


def test_material_is_read_wherever_it_stands(articles: tuple[Article, ...]) -> None:
    document = locked(articles[:3])
    for text in (document, f"Here is the material:\n\n{document}\n\nWrite now."):
        found = read_material(text)
        assert [source.title for source in found.sources] == [article.title for article in articles[:3]]
        assert found.queries[0] == "recent football fixtures"


def test_a_message_in_parts_is_read(articles: tuple[Article, ...]) -> None:
    body = chat_body("sandbox/thorough", locked(articles))
    body["messages"][1]["content"] = [{"type": "text", "text": body["messages"][1]["content"]}]
    parts = chat(quick(), body).json()["choices"][0]["message"]["content"]
    assert parts.count("\n- ") >= 3


def test_tables_are_put_into_words_even_when_their_lines_are_joined(articles: tuple[Article, ...]) -> None:
    for text in (article_text(articles), " ".join(article_text(articles).split())):
        told = list(split_text(text))
        assert "Castle Orrane are first in the table with 22 points from 12 matches." in told
        assert "Greywater Albion are number 10 in the table with 7 points from 12 matches." in told


def article_text(articles: tuple[Article, ...]) -> str:
    """The passage with the standings."""
    return next(one for article in articles for one in article.passages if one.startswith("| Pos"))


def test_sentences_are_not_cut_at_initials_or_inside_quotations() -> None:
    text = 'J. Brink beat St. Albury 2-0. "We won. We did," he said to the Courier. It rained all day long.'
    assert list(split_text(text)) == [
        "J. Brink beat St. Albury 2-0.",
        '"We won. We did," he said to the Courier.',
        "It rained all day long.",
    ]


def test_time_grows_with_the_document_and_not_much_faster(articles: tuple[Article, ...]) -> None:
    def seconds(times: int) -> float:
        many = tuple(
            replace(
                article, title=f"{article.title} {n}", passages=tuple(f"{one} Case {n}." for one in article.passages)
            )
            for n in range(times)
            for article in articles
        )
        document = locked(many)
        started = time.process_time()
        report_of(quick(), "sandbox/thorough", document)
        return time.process_time() - started

    once = min(seconds(1) for _ in range(3))
    assert min(seconds(8) for _ in range(2)) < 40 * once  # 64 times were it quadratic
