"""What people reported of own files, pages and robots.txt: cases of ../shared/cases/field_reports.json by their ids."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluations.sources import files, parser, robots
from evaluations.sources.deployment import Deployment
from evaluations.sources.own_reader import NAME
from evaluations.sources.parser_processes import ARTICLE, ParserProcesses
from evaluations.sources.search import Result, Wishes
from tests.pipeline import wire

CASES: dict[str, dict[str, Any]] = {
    case.values[0]["id"]: case.values[0] for case in wire.cases("field_reports.json", "cases")
}
AREAS = {"extraction", "files", "robots"}  # of the catalogue that are ours


def load(folder: Path, case: dict[str, Any]) -> list[Result]:
    """The articles of the files that a case lists."""
    for name, content in case["input"].items():
        if name.startswith("file "):
            (folder / name.removeprefix("file ")).write_text(content)
    return files.load(folder)


def charset_labels_are_those_of_browsers(case: dict[str, Any], _folder: Path) -> None:
    body = case["input"]["body_latin1_escaped"].encode("latin-1").decode("unicode_escape").encode("latin-1")
    wanted = "Rovers paid €45m for Ilic – it’s “a record”."
    declared = body.replace(b"<head>", b'<head><meta charset="iso-8859-1">')
    for page, charset in ((body, "iso-8859-1"), (declared, ""), (body, "us-ascii"), (body, "latin1"), (body, "")):
        assert wanted in parser.decode(page, charset)
    pytest.importorskip("trafilatura", reason="MISSING PART: trafilatura (requirements-fulltext.txt)")

    async def read() -> Any:
        parsers = ParserProcesses(ARTICLE, seconds=20)
        try:
            return await parsers.read(declared.replace(b"(two more", b"</p><p>Words. " * 40 + b"(two more"), "")
        finally:
            await parsers.aclose()

    assert wanted in asyncio.run(read())


def a_page_without_its_optional_tags_has_title_and_text(case: dict[str, Any], folder: Path) -> None:
    (article,) = load(folder, case)
    assert (article.title, article.text) == (
        "Rovers draw with Athletic",
        "Rovers drew 0-0 with Athletic on Monday.\nA crowd of 20,112 saw it.",
    )


def a_title_is_the_page_s_own(case: dict[str, Any], folder: Path) -> None:
    (article,) = load(folder, case)
    assert (article.title, article.text) == ("Rovers lose to Town", "Rovers lost 3-1.")


def two_articles_stay_two(case: dict[str, Any], folder: Path) -> None:
    assert [article.url for article in load(folder, case)] == ["file:one.md", "file:two.md"]


def inline_tags_break_nothing(case: dict[str, Any], folder: Path) -> None:
    (article,) = load(folder, case)
    assert article.text == "Wolfsburg signed Ilic for 45 million."


def a_name_with_its_version_is_our_name(case: dict[str, Any], _folder: Path) -> None:
    assert not robots.parse(case["input"]["robots.txt"], NAME).can_fetch("/x", NAME)


TESTS: dict[str, Callable[[dict[str, Any], Path], None]] = {
    "HA-G09": charset_labels_are_those_of_browsers,
    "HA-G10": a_page_without_its_optional_tags_has_title_and_text,
    "HA-G11": a_title_is_the_page_s_own,
    "HA-G12": two_articles_stay_two,
    "HA-G25": inline_tags_break_nothing,
    "HA-G28": a_name_with_its_version_is_our_name,
}


@pytest.mark.parametrize("case", sorted(TESTS.keys() & CASES.keys()))
def test_a_reported_case_ends_right(case: str, tmp_path: Path) -> None:
    TESTS[case](CASES[case], tmp_path)


def test_every_reported_case_of_these_areas_is_driven() -> None:
    ours = {name for name, case in CASES.items() if case.get("area") in AREAS}
    assert ours <= TESTS.keys()


# More of the same kinds.


@pytest.mark.parametrize(
    ("markup", "title", "text"),
    [
        ("<title>One</title><title>Two</title><p>Text", "One", "Text"),
        ("<p>Text <label>of</label> <kbd>one</kbd> <font>line</font>", "", "Text of one line"),
        ("<p>Goals: <del>3</del><ins>4</ins><p>Next", "", "Goals: 34\nNext"),
        ("<math><title>Sum</title></math><p>Text", "", "Text"),
        ("<p>3 &lt; 4 &amp;amp; &euro;5<!-- no --></p>", "", "3 < 4 &amp; €5"),
        ("<title>A &amp; B\n of C</title><p>x", "A & B of C", "x"),
        ("<title>Unclosed <p>Text", "Unclosed <p>Text", ""),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "", "1\n2\n3"),
        ("<noscript><p>x</noscript>y<template><p>z</template>", "", "y"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字", "", "漢字"),
        ("Words without a tag", "", "Words without a tag"),
    ],
)
def test_a_page_s_title_and_text(markup: str, title: str, text: str) -> None:
    from evaluations.sources.html_text import read_html

    assert read_html(markup) == (title, text)


@pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "</", "<p>"])
def test_three_megabytes_of_nothing_are_read_or_refused_in_time(tmp_path: Path, piece: str) -> None:
    (tmp_path / "odd.html").write_text(piece * (3_000_000 // len(piece)))
    (tmp_path / "good.md").write_text("Rovers won.")
    assert "good.md" in [article.title for article in files.load(tmp_path)]


def test_a_page_that_wears_out_the_parser_is_refused_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deep.html").write_text("<div>" * 600_000)
    monkeypatch.setattr(files, "PAGE_SECONDS", 0.5)
    with pytest.raises(files.BadInputError, match=r"deep\.html cannot be read as a page: parser_hung"):
        files.load(tmp_path)


def test_a_page_of_one_s_own_is_read_in_its_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes('<meta charset="windows-1252"><p>Özil — €45m'.encode("cp1252"))
    (tmp_path / "b.html").write_bytes("<p>Özil".encode("utf-16"))
    (tmp_path / "c.txt").write_bytes("Özil".encode("utf-16"))
    (tmp_path / "d.html").write_bytes("<p>Özil".encode())
    assert [article.text for article in files.load(tmp_path)] == ["Özil — €45m", "Özil", "Özil", "Özil"]


def test_names_that_an_address_cannot_hold_stay_apart(tmp_path: Path) -> None:
    names = ["a#1.txt", "a#2.txt", "b?x.txt", "b?y.txt", "c\n1.txt", "c 1.txt", "d%41.txt", "dA.txt"]
    for name in names:
        (tmp_path / name).write_text(f"Rovers {name}")
    if sys.platform == "linux":
        (tmp_path / b"e\xff.txt".decode("utf-8", "surrogateescape")).write_text("Rovers e")
        names.append("e")
    found = files.load(tmp_path)
    assert len({files.bare_url(article.url) for article in found}) == len(names)
    assert "".join(article.url for article in found).encode().isascii()
    assert files.digest(found)


@pytest.mark.parametrize("path", ["~nobody-of-that-name/x", "a\0b", "/tmp/\udcff"])
def test_a_path_that_cannot_be_used_is_refused(path: str) -> None:
    with pytest.raises(files.BadInputError):
        files.freeze(Wishes(20, path=path), Deployment())


def test_a_folder_s_odd_name_is_locked_as_an_address_could_hold_it(tmp_path: Path) -> None:
    folder = tmp_path / "odd\n#1"
    folder.mkdir()
    (folder / "a.txt").write_text("Rovers won.")
    assert files.freeze(Wishes(20, path=str(folder)), Deployment())["parameters"]["name"] == "odd%0A%231"


def test_a_file_without_text_is_left_out_with_a_word(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.txt").write_text("Rovers won.")
    (tmp_path / "empty.md").write_text("---\ntitle: Nothing\n---\n")
    (tmp_path / "menu.html").write_text("<nav>Home</nav>")
    frozen = files.freeze(Wishes(20, path=str(tmp_path)), Deployment())
    assert caplog.messages == [f"{tmp_path.name}: 2 left out, without text: empty.md, menu.html"]
    asyncio.run(files.open_files(frozen, Deployment()))
    assert len(caplog.messages) == 1


def test_articles_that_claim_one_address_are_all_kept(tmp_path: Path) -> None:
    lines = tmp_path / "articles.jsonl"
    lines.write_text('{"text": "a", "url": "https://e.example/"}\n{"text": "b", "url": "https://E.example/#b"}\n')
    assert [article.url for article in files.load(lines)] == ["https://e.example/", "file:line-2"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("/news/1", "file:a.md"), ("news/1", "file:a.md"), ("//e.example/1", "file:a.md"), ("http://[::1", "file:a.md"),
        ("#top", "file:a.md"), ("https://e.example/1", "https://e.example/1"), ("doi:10.1/x", "doi:10.1/x"),
    ],
)  # fmt: skip
def test_an_address_that_does_not_say_where_it_leads_is_none(tmp_path: Path, said: str, kept: str) -> None:
    (tmp_path / "a.md").write_text(f"---\nurl: {said}\n---\nRovers won.")
    assert [article.url for article in files.load(tmp_path)] == [kept]


@pytest.mark.parametrize(
    ("matter", "title"),
    [
        ("title: >-\n  Rovers\n  win", "Rovers win"), ("title: |\n  Rovers", "Rovers"), ("title: 'It: all'", "It: all"),
        ("tags:\n  - title: no\ntitle: Yes", "Yes"), ("title:\n  Indented", "file.md"),
    ],
)  # fmt: skip
def test_the_fields_of_a_file_are_those_that_are_not_indented(tmp_path: Path, matter: str, title: str) -> None:
    (tmp_path / "file.md").write_text(f"---\n{matter}\n---\nText.")
    assert files.load(tmp_path)[0].title == title


@pytest.mark.parametrize(
    ("agent", "read"),
    [
        ("FutbolReport", False), ("futbolreport/2", False), ("FutbolReport (news)", False), ("Futbol", True),
        ("Report", True), ("FutbolReportX", True), ("GPTBot", True), ("*", False), ("* ", False),
    ],
)  # fmt: skip
def test_a_group_is_ours_by_the_whole_product_token(agent: str, read: bool) -> None:
    other = "" if agent.startswith("*") else "\n\nUser-agent: *\nAllow: /"
    assert robots.parse(f"User-agent: {agent}\nDisallow: /{other}", NAME).can_fetch("/x", NAME) is read


@pytest.mark.parametrize(
    ("rule", "path", "read"),
    [
        ("/a%2Ab", "/axxb", True), ("/a%2Ab", "/a*b", False), ("/a%2Ab", "/a%2Ab", False), ("/a%24", "/ab", True),
        ("/a%24", "/a$b", False), ("/a$", "/ab", True), ("/a$", "/a", False), ("/a%2Fb", "/a/b", True),
        ("/a%2Fb", "/a%2Fb", False), ("/a/b", "/a%2Fb", True), ("/%62%61%7A", "/baz", False),
    ],
)  # fmt: skip
def test_what_is_percent_encoded_is_no_operator(rule: str, path: str, read: bool) -> None:
    assert robots.parse(f"User-agent: *\nDisallow: {rule}", NAME).can_fetch(path, NAME) is read


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([*(f"user-agent: a{n}" for n in range(15_000)), *(f"disallow: /{n}" for n in range(15_000))]),
        "user-agent: *\n" + "disallow: /*a*b*c*d$\n" * 20_000,
        "user-agent: *\ndisallow: /" + "*a" * 200_000 + "b$",
        "user-agent: *\ndisallow: /" + "*" * 400_000 + "a",
    ],
    ids=["agents", "stars", "long", "many stars"],
)  # fmt: skip
def test_a_robots_txt_made_to_wear_us_out_does_not(text: str) -> None:
    """Half a megabyte is read in the loop that all requests share."""
    robots.parse(text, NAME).can_fetch("/" + "abc" * 600, NAME)
