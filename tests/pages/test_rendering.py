"""What a report may do to the page that shows it: nothing but say what it says."""

import json
import re
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluations import rendering, scoring
from evaluations.marks import anchored
from evaluations.rendering import TAGS, host_of, plain, sanitised, to_html

CASES = Path(__file__).parents[3] / "shared" / "cases" / "xss_payloads.json"
LINK = re.compile(r"^(https?://[a-z0-9]|mailto:)")


ALLOWED = {"a": {"href", "rel"}, "ol": {"start"}, "td": {"class"}, "th": {"class"}}


class Inspector(HTMLParser):
    """Collects every element and attribute of some HTML, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def forbidden(markup: str) -> list[str]:
    """What of this HTML a report must not contain."""
    found = []
    for tag, attributes in Inspector(markup).elements:
        if tag not in TAGS:
            found.append(tag)
        for name, value in attributes.items():
            if name not in ALLOWED.get(tag, set()) or (name == "href" and not LINK.match((value or "").lower())):
                found.append(f"{tag} {name}={value}")
        if "href" in attributes and attributes.get("rel") != "noopener noreferrer nofollow ugc":
            found.append(f"{tag} without rel")
    return found


def payloads() -> list[dict[str, str]]:
    if not CASES.exists():
        return []
    cases = json.loads(CASES.read_text())["payloads"]
    for case in cases:
        if repeated := case.get("payload_gen", {}).get("repeat"):
            case["payload"] = repeated * case["payload_gen"]["n"]
    return [case for case in cases if case.get("payload")]


@pytest.mark.parametrize("case", payloads(), ids=lambda case: case["id"])
def test_no_payload_leaves_a_forbidden_element_or_attribute(case):
    result = to_html(case["payload"])
    assert forbidden(result) == []
    assert len(result) <= 10 * len(case["payload"]) + rendering.SMALL
    assert sanitised(result) == result


def test_the_inspector_would_see_what_is_forbidden():
    attack = '<img src=x onerror=a()><a href="javascript:b()">c</a><p style="position:fixed">d</p>'
    assert forbidden(attack) == [
        "img",
        "img src=x",
        "img onerror=a()",
        "a href=javascript:b()",
        "a without rel",
        "p style=position:fixed",
    ]
    assert forbidden(sanitised(attack)) == []


def test_headings_stand_below_the_headings_of_the_page():
    assert to_html("# One\n\n## Two\n\n###### Six") == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>\n"


def test_a_link_is_followed_by_the_host_it_really_leads_to():
    assert to_html('[the BBC](https://evil.example:8443/bbc "Sport")') == (
        '<p><a href="https://evil.example:8443/bbc" rel="noopener noreferrer nofollow ugc">the BBC</a> '
        "<small>(Sport, evil.example:8443)</small></p>\n"
    )
    assert "xn--pypal-4ve.example" in to_html("[p\u0430ypal](https://p\u0430ypal.example/)")


@pytest.mark.parametrize("text", ["", " ", "![](https://e.example/dot.png)", "\u200b"])
def test_a_link_without_text_shows_its_host_as_its_text(text):
    result = to_html(f"[{text}](https://host.example/path)")
    assert re.sub(r"<[^>]+>|\s|\u200b", "", result) == "host.example"
    assert 'ugc">' in result


@pytest.mark.parametrize(
    "address",
    [
        "javascript:a()",
        "//host.example/",
        "/path",
        "path",
        "data:text/html,x",
        "https:host.example",
        "https:///host.example",
        "https://user@host.example/",
        "https://good.example%5C@host.example",
        "ftp://host.example",
        "http://[bad",
        "mailto:",
    ],
)
def test_only_absolute_web_and_mail_addresses_become_links(address):
    assert host_of(address) is None
    result = to_html(f"[text]({address})")
    assert "<a" not in result
    assert "text" in result


def test_a_picture_leaves_its_description():
    assert to_html("![The *goal*](https://e.example/goal.png)") == "<p>The <em>goal</em></p>\n"


def test_columns_of_numbers_stay_aligned():
    assert '<td class="right">41</td>' in to_html("| Club | Pts |\n|---|--:|\n| Rovers | 41 |")


def test_an_empty_table_heading_is_no_heading():
    result = to_html("| Home | | Away |\n|---|:-:|---|\n| A | 2-1 | B |")
    assert result.count("<th>") == result.count("</th>") == 2
    assert '<td class="center"></td>' in result


def test_a_table_row_with_too_many_cells_loses_nothing():
    table = "| a | b |\n|---|---|\n| 1 | 2 | three |"
    assert to_html(table) == f"<pre>{table}</pre>\n"


@pytest.mark.parametrize("text", ["`" * 100_000, "***", "#", "> - 1.", "```\n```", "<!-- -->", "| |\n|-|"])
def test_a_report_of_nothing_but_markup_is_shown_as_it_was_written(text):
    assert Inspector(to_html(text)).text.strip() == text


def test_a_name_defined_as_a_link_stays_text():
    bomb = "[a]: https://e.example/" + "x" * 1000 + "\n\n" + "[a] " * 1000
    assert len(to_html(bomb)) < 2 * len(bomb)


@pytest.mark.parametrize("nested", [">" * 100 + " deep", "".join("  " * n + f"- l{n}\n" for n in range(100))])
def test_a_hundred_levels_are_rendered(nested):
    result = to_html(nested)
    assert max(result.count("<blockquote>"), result.count("<ul>")) == 100


def test_what_is_nested_deeper_stays_text():
    assert to_html(">" * 400 + " deep") == "<pre>" + "&gt;" * 400 + " deep</pre>\n"


@pytest.mark.parametrize("text", ["![" * 50_000, "*a **a " * 10_000, "[a](b " * 15_000, "<" * 99_000])
def test_the_parser_stops_after_so_many_rounds_of_rules(text):
    # Seconds are measured by tests/browser/test_sanitiser.py: a count says the same on every machine.
    env: dict[str, object] = {"marks": None}
    with suppress(rendering.TooCostlyError):
        rendering.PARSER.parse(text, env)
    assert env.get("work", 0) <= rendering.MOST_WORK + 1


@pytest.mark.parametrize("text", ["|a|b|\n|-|-|\n" + "|1|2|\n" * 400, "A 1. " * 400, "- a\n" * 3_000])
def test_marks_make_no_report_ten_times_as_long_with_their_notes(text):
    index = scoring.index_context([{"title": "T", "text": "Nothing of it."}])
    sentences = scoring.score_report(index, text).as_dict()["groundedness"]["sentences"]
    marked = to_html(text, sentences)
    shown = anchored(marked, "e1", [f"{number}: partly found in the sources" for number in range(len(sentences))])
    assert len(sentences) > 300
    assert len(shown) <= 10 * len(text) + rendering.SMALL


def test_unpaired_surrogates_and_nul_do_not_stop_it():
    assert to_html("a\ud800b\0c") == "<p>a?b\ufffdc</p>\n"


# Nothing lost: words in, words out, whatever stands around them

INDEX = scoring.index_context([{"title": "T", "text": "Harbour Rovers signed Ada Lund for 12.5 million pounds."}])
WORDS = st.from_regex(r"[a-zé]{3,8}", fullmatch=True)
# fmt: off
SCRAPS = st.sampled_from([
    "# ", "- ", "1. ", "> ", "**", "*", "`", "```\n", "| ", "|\n|-|-|\n", "[", "](https://e.example/",
    ")", "![", "<", "<b>", "</p>", "\n", "\n\n", "    ", "&amp;", "&lt;", "~~", "---\n", "\\",
    "<https://e.example/>", '"', "'", "\t", "$$", "<!--", "-->",
])
# fmt: on
DOCUMENTS = st.lists(st.one_of(WORDS, SCRAPS, st.just(" ")), max_size=60).map("".join)


def lost_words(document: str, result: str) -> set[str]:
    """Characters of the Markdown that are nowhere in the HTML.

    Numbers of an ordered list are the browser's to show; addresses of pictures are not shown.
    """
    visible = Inspector(result)
    shown = visible.text + "".join(str(a.get("href", "")) + str(a.get("start", "")) for _, a in visible.elements)
    addresses = "".join(re.findall(r"\]\(\s*<?([^)\s>]*)", document))
    lost = rendering.essence(rendering.markdown_without_entities(document)) - rendering.essence(shown + addresses)
    return set(lost) - {"1"}


def test_a_word_that_is_lost_is_noticed() -> None:
    assert lost_words("Rovers won. ![Ada](https://e.example/ada)", "<p>Rovers. Ada</p>") == {"w", "o", "n"}


@given(DOCUMENTS)
@example("aaa![](https://e.example/aab)")
@settings(max_examples=400, deadline=None)
def test_every_word_of_a_report_is_on_the_page(document):
    result = to_html(document)
    assert lost_words(document, result) == set()
    assert forbidden(result) == []


@given(DOCUMENTS)
@settings(max_examples=200, deadline=None)
def test_every_word_of_a_marked_report_is_on_the_page(document):
    sentences = scoring.score_report(INDEX, document).as_dict()["groundedness"]["sentences"]
    result = anchored(to_html(document, sentences), "e1", ["found"] * len(sentences))
    assert lost_words(document, result) == set()


# fmt: off
HTML_SCRAPS = st.sampled_from([
    "<a href=https://e.example/>", "</a>", "<p>", "</p>", "<table>", "<tr>", "<td class=right>",
    "<td class=evil>", "</table>", "<ul>", "<li>", "</li>", "<pre>", "\n", "</pre>", "<svg>", "<math>",
    "<mi>", "<style>", "</style>", "<!--", "-->", "<template>", "<select>", "<option>", "<form>", "<em>",
    "<strong>", "</em>", "<noscript>", "<title>", "</title>", "<textarea>", "&lt;", "&amp;", "<h3>",
    "</h4>", "<blockquote>", "<plaintext>", "<script>", "</script>", "x", "<img src=x onerror=a()>",
    "<![CDATA[", "<ol start=3>", "<a href=javascript:a()>", "<annotation-xml encoding=text/html>",
    "<small>", "<hr>", "<br>", "<foreignObject>",
])
# fmt: on


@given(st.lists(HTML_SCRAPS, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_sanitising_twice_is_sanitising_once(markup):
    once = sanitised(markup)
    assert sanitised(once) == once
    assert forbidden(once) == []


@given(DOCUMENTS)
@settings(max_examples=200, deadline=None)
def test_a_rendered_report_is_already_sanitised(document):
    assert sanitised(to_html(document)) == to_html(document)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@example("\r\n\r a\rb")
@example("\n\n\u00a0&<>\"'\x01\ufffe")
@settings(max_examples=400, deadline=None)
def test_plain_text_is_written_as_the_sanitiser_would_write_it(text):
    assert sanitised(plain(text)) == plain(text)
