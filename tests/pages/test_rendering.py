"""What a report may do to the page that shows it: nothing but say what it says."""

import html
import json
import re
from collections import Counter
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import Phase, example, find, given, settings
from hypothesis import strategies as st

from evaluations.presentation import markdown
from evaluations.presentation.hosts import host_of
from evaluations.presentation.markdown import TAGS, preformat, sanitise, to_html
from evaluations.presentation.marks import link_notes
from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report
from evaluations.scoring.text.markdown import MOST_WORK, TooMuchWorkError

CASES = Path(__file__).parents[3] / "shared" / "cases" / "xss_payloads.json"
LINK = re.compile(r"^(https?://[a-z0-9]|mailto:)")


ALLOWED = {"a": {"href", "rel"}, "li": {"value"}, "ol": {"start"}, "td": {"class"}, "th": {"class"}}


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
    return [case | {"payload": written_out(case)} for case in cases]


def written_out(case: dict[str, Any]) -> str:
    """The payload of a case, as it stands or by its recipe; a recipe of another form fails."""
    if "payload" in case:
        return case["payload"]
    recipe = {"prefix": "", "suffix": "", **case["payload_gen"]}
    if recipe.keys() != {"prefix", "repeat", "n", "suffix"}:
        raise ValueError(f"{case['id']}: no test knows how to make {case['payload_gen']}")
    return recipe["prefix"] + recipe["repeat"] * recipe["n"] + recipe["suffix"]


def test_a_payload_is_made_whole_and_a_recipe_that_nobody_knows_fails():
    recipe = {"prefix": "<b>", "repeat": "x", "n": 3, "suffix": "</b>"}
    assert written_out({"id": "A", "payload_gen": recipe}) == "<b>xxx</b>"
    assert written_out({"id": "B", "payload": "<i>"}) == "<i>"
    with pytest.raises(ValueError, match="C: no test knows"):
        written_out({"id": "C", "payload_gen": {"nest": "<a>", "n": 3}})


@pytest.mark.parametrize("case", payloads(), ids=lambda case: case["id"])
def test_no_payload_leaves_a_forbidden_element_or_attribute(case):
    result = to_html(case["payload"])
    assert forbidden(result) == []
    assert len(result) <= 10 * len(case["payload"]) + markdown.SMALL
    assert sanitise(result) == result


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
    assert forbidden(sanitise(attack)) == []


def test_headings_stand_below_the_headings_of_the_page():
    assert to_html("# One\n\n## Two\n\n###### Six") == "<h3>One</h3>\n<h4>Two</h4>\n<h6>Six</h6>\n"


def test_a_link_is_followed_by_the_host_it_really_leads_to():
    assert to_html('[the BBC](https://evil.example:8443/bbc "Sport")') == (
        '<p><bdi><a href="https://evil.example:8443/bbc" rel="noopener noreferrer nofollow ugc">the BBC</a> '
        "<small>(<em>Sport</em>, <bdi>evil.example:8443</bdi>)</small></bdi></p>\n"
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
        "mailto:?to=a@host.example",
        "mailto:a@host.example?subject=x&Cc=b@host.example",
    ],
)
def test_only_absolute_web_and_mail_addresses_become_links(address):
    assert host_of(address) is None
    result = to_html(f"[text]({address})")
    assert "<a" not in result
    assert "text" in result


def test_the_recipient_of_mail_is_shown_in_plain_characters():
    assert host_of("mailto:ada%2Blund@host.example?subject=x") == "ada+lund@host.example"
    assert host_of("mailto:%E2%80%AEelpmaxe.knab@host.example") == "%E2%80%AEelpmaxe.knab@host.example"
    assert host_of("mailto:\u202e\u3164\u0430@host.example") == "%E2%80%AE%E3%85%A4%D0%B0@host.example"
    assert host_of("mailto:ada%20(official)%0A@host.example") == "ada%20(official)%0A@host.example"


def test_an_address_as_a_text_shows_no_letters_that_look_like_others():
    result = to_html("<https://p\u0430ypal.example/%E2%80%AE>")
    assert Inspector(result).text == "https://xn--pypal-4ve.example/%E2%80%AE\n"


@pytest.mark.parametrize(
    "text", ["goals: \u202e14", "goals: &#x202e;14", "`\u202d14`", "```\n\u202e14\n```", ">" * 400 + "\u202e14"]
)
def test_nothing_turns_digits_around(text):
    assert "\ufffd14" in to_html(text)


def test_a_picture_leaves_its_description():
    assert to_html("![The *goal*](https://e.example/goal.png)") == "<p>The <em>goal</em></p>\n"


def test_columns_of_numbers_stay_aligned():
    assert '<td class="right">41</td>' in to_html("| Club | Pts |\n|---|--:|\n| Rovers | 41 |")


def test_an_empty_table_heading_is_no_heading():
    result = to_html("| Home | | Away |\n|---|:-:|---|\n| A | 2-1 | B |")
    assert result.count("<th>") == result.count("</th>") == 2
    assert '<td class="center"></td>' in result


LINK_BEFORE = "[Lund](https://e.example/late-goal-eighteen-relegated)\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| 1 | 2 | three |",
        LINK_BEFORE + "| Club | Points |\n|---|---|\n| Arsenal | 41 | late goal |",
        "| Club | Points |\n|:---|---:|\n| Arsenal | 41 |\n| Chelsea | 40 | eighteen |",
        LINK_BEFORE + "| a |\n|---|\n| b | £ |",
        "> " * 250 + "relegated\n\n" + LINK_BEFORE,
        "123456. Arsenal",
        "Arsenal![Lund](https://e.example/lund)",  # would be one word
    ],
)
def test_where_a_word_would_be_lost_the_report_is_shown_as_it_was_written(text):
    assert to_html(text) == f"<pre>{html.escape(text, quote=False).rstrip()}{'\n' * text.endswith('\n\n') * 2}</pre>\n"


def test_what_is_written_in_another_way_is_not_lost():
    text = (
        "caf&eacute; `&eacute;` &amp;eacute; un**like**ly 100% £45m\n\n![Ada](https://e.example/ada%20lund.png)\n\n"
        "<https://caf\u00e9.example/?q=caf%C3%A9&amp;b> [x](https://caf\u00e9.example/caf\u00e9 'title')\n\n"
        "```python x\ncode\n```\n\n07. seven\n9. nine\n\n| a | b |\n|:-|-:|\n| £1 | x\\|y |\n"
    )
    assert not to_html(text).startswith("<pre>")


def test_numbers_of_a_list_are_those_that_were_written():
    assert to_html("1. Arsenal\n3. Chelsea\n4. Spurs\n   7. Lund\n   7. Berg\n2. Rovers").replace("\n", "") == (
        '<ol><li>Arsenal</li><li value="3">Chelsea</li><li>Spurs7. Lund7. Berg</li><li value="2">Rovers</li></ol>'
    )
    assert to_html("3. a\n   1. b\n   1. c\n1. d").replace("\n", "") == (
        '<ol start="3"><li>a<ol><li>b</li><li value="1">c</li></ol></li><li value="1">d</li></ol>'
    )
    assert '<ol start="0">' in to_html("0. a")


@pytest.mark.parametrize("value", ["-1", "1e3", "12345", "99999999999", "\u0663", "", "1 "])
def test_only_short_numbers_may_number_an_item(value):
    assert "=" not in sanitise(f"<ol start='{value}'><li value='{value}'>x</li></ol>")


def test_no_emphasis_and_no_link_makes_one_number_of_two():
    assert to_html("5*3*2, 4~~0~~1, 1**2**, **4**-*1*") == (
        "<p>5*3*2, 4~~0~~1, 1**2**, <strong>4</strong>-<em>1</em></p>\n"
    )
    assert Inspector(to_html("Rovers have 41[1](https://e.example/)")).text == "Rovers have 41\u20091 (e.example)\n"


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
    with suppress(TooMuchWorkError):
        markdown.PARSER.parse(text, env)
    assert env.get("work", 0) <= MOST_WORK + 1


@pytest.mark.parametrize("text", ["|a|b|\n|-|-|\n" + "|1|2|\n" * 400, "A 1. " * 400, "- a\n" * 3_000])
def test_marks_make_no_report_ten_times_as_long_with_their_notes(text):
    index = index_context([{"title": "T", "text": "Nothing of it."}])
    sentences = score_report(index, text).as_dict()["groundedness"]["sentences"]
    marked = to_html(text, sentences)
    shown = link_notes(marked, "e1", [f"{number}: partly found in the sources" for number in range(len(sentences))])
    assert len(sentences) > 300
    assert len(shown) <= 10 * len(text) + markdown.SMALL


def test_unpaired_surrogates_and_nul_do_not_stop_it():
    assert to_html("a\ud800b\0c") == "<p>a?b\ufffdc</p>\n"


# Nothing lost: words in, words out, whatever stands around them

INDEX = index_context([{"title": "T", "text": "Harbour Rovers signed Ada Lund for 12.5 million pounds."}])
WORDS = st.from_regex(r"[a-zé]{3,8}", fullmatch=True)
# fmt: off
SCRAPS = st.sampled_from([
    "# ", "- ", "1. ", "> ", "**", "*", "`", "```\n", "| ", "|\n|-|-|\n", "[", "](https://e.example/",
    ")", "![", "<", "<b>", "</p>", "\n", "\n\n", "    ", "&amp;", "&lt;", "~~", "---\n", "\\",
    "<https://e.example/>", '"', "'", "\t", "$$", "<!--", "-->", "&eacute;", "&#101;", "&amp;amp;", "%C3%A9",
])
# fmt: on
NUMBERS = st.sampled_from(["0", "1", "2", "3", "7", "07", "41", "2026", "9999", "10000", "123456789"])


def row_of(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


PATHS = st.lists(WORDS, max_size=4).map("/".join)
LINKS = st.one_of(
    st.builds("[{}](https://e.example/{})".format, WORDS, PATHS),
    st.builds('[{}](<https://e.example/{}> "{}")'.format, WORDS, PATHS, WORDS),
    st.builds("![{}](https://e.example/{})".format, WORDS, PATHS),
    st.builds("[](https://e.example/{})".format, PATHS),
    st.builds("<https://e.example/{}>".format, PATHS),
    st.builds("<{}@e.example>".format, WORDS),
    st.builds("[{}](mailto:{}@e.example)".format, WORDS, WORDS),
)
CELLS = st.one_of(WORDS, NUMBERS, LINKS)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.builds(
        lambda head, aligned, rows: row_of(head) + row_of(aligned) + "".join(map(row_of, rows)),
        st.lists(WORDS, min_size=width, max_size=width),
        st.lists(st.sampled_from(["---", ":--", "--:", ":-:"]), min_size=width, max_size=width),
        st.lists(st.lists(CELLS, min_size=1, max_size=width + 2), max_size=4),
    )
)
LISTS = st.lists(st.builds("{}{} {}\n".format, NUMBERS, st.sampled_from(".)"), CELLS), max_size=5).map("".join)
QUOTATIONS = st.builds(lambda depth, word: "> " * depth + word, st.sampled_from([1, 2, 3, 250]), WORDS)
FENCES = st.builds("```{} {}\n{}\n```".format, WORDS, WORDS, CELLS)
BLOCKS = st.one_of(TABLES, LISTS, QUOTATIONS, FENCES).map("\n\n{}\n\n".format)
DOCUMENTS = st.lists(st.one_of(WORDS, SCRAPS, st.just(" "), NUMBERS, LINKS, BLOCKS), max_size=40).map("".join)


class Reading(HTMLParser):
    """What a reader gets of a report's HTML, read with a parser of its own.

    Its text without what we add, which is in the <bdi> of notes and in <sup>; addresses behind links whose text is
    another; numbers of items.
    """

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.got: list[str] = []
        self.inside: list[str] = []
        self.counts: list[int] = []
        self.href = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "bdi" and {"a", "small"} & set(self.inside):
            tag = "host"
        if tag not in ("br", "hr"):
            self.inside.append(tag)
        if tag == "a" and "sup" not in self.inside:
            self.href = attributes["href"] or ""
        elif tag == "host":
            self.got.append(self.href)
        elif tag == "ol":
            self.counts.append(int(attributes.get("start") or 1) - 1)
        elif tag == "li" and self.inside[-2] == "ol":
            self.counts[-1] = int(attributes.get("value") or self.counts[-1] + 1)
            self.got.append(str(self.counts[-1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() in (tag, "host" * (tag == "bdi"))
        if tag == "ol":
            self.counts.pop()

    def handle_data(self, data: str) -> None:
        if not {"host", "sup"} & set(self.inside):
            self.got.append(data)


def plain_words(text: str) -> Counter[str]:
    """Its words, with entities and percent signs decoded as often as it takes."""
    for _ in range(4):
        text = html.unescape(text)
    return Counter(word.lstrip("0") for word in re.findall(r"[^\W_]+", unquote(text)))


def lost_words(document: str, result: str) -> set[str]:
    """Words of the Markdown that a reader of the HTML does not get. Addresses of pictures are not shown."""
    pictures = " ".join(re.findall(r"!\[[^\]]*\]\(\s*<?([^)\s>]*)", document))
    got = Reading(re.sub(r"</?(?:span|mark)[^>]*>", "", result)).got
    lost = plain_words(document) - plain_words(pictures) - plain_words(" ".join(got))
    return set(lost)


def test_a_word_that_is_lost_is_noticed() -> None:
    text = "Rovers won. ![Ada](https://e.example/ada) [Lund](https://e.example/goal) goal\n\n4. x\n6. y"
    assert lost_words(text, to_html(text)) == set()
    assert lost_words(text, to_html(text.replace("won", "").replace(" goal", "").replace("6", "5"))) == {
        "won", "goal", "6",
    }  # fmt: skip


# What the parser drops: cells beyond the head of a table, and what stands too deep; and the numbers it leaves out.
@pytest.mark.parametrize("part", ["|", "> " * 250, "123456789"])
def test_without_its_check_the_renderer_would_be_found_losing_words(part, monkeypatch):
    monkeypatch.setattr(markdown, "words", lambda _text: Counter())

    def loses(document: str) -> bool:
        return part in document and bool(lost_words(document, to_html(document)))

    once = settings(max_examples=2_000, database=None, derandomize=True, phases=[Phase.generate])
    assert find(DOCUMENTS, loses, settings=once)


@given(DOCUMENTS)
@example("aaa![](https://e.example/aab)")
@settings(max_examples=250, deadline=None)
def test_every_word_of_a_report_is_on_the_page(document):
    result = to_html(document)
    assert lost_words(document, result) == set()
    assert forbidden(result) == []


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_every_word_of_a_marked_report_is_on_the_page(document):
    sentences = score_report(INDEX, document).as_dict()["groundedness"]["sentences"]
    result = link_notes(to_html(document, sentences), "e1", ["found"] * len(sentences))
    assert lost_words(document, result) == set()


# fmt: off
HTML_SCRAPS = st.sampled_from([
    "<a href=https://e.example/>", "</a>", "<p>", "</p>", "<table>", "<tr>", "<td class=right>",
    "<td class=evil>", "</table>", "<ul>", "<li>", "</li>", "<pre>", "\n", "</pre>", "<svg>", "<math>",
    "<mi>", "<style>", "</style>", "<!--", "-->", "<template>", "<select>", "<option>", "<form>", "<em>",
    "<strong>", "</em>", "<noscript>", "<title>", "</title>", "<textarea>", "&lt;", "&amp;", "<h3>",
    "</h4>", "<blockquote>", "<plaintext>", "<script>", "</script>", "x", "<img src=x onerror=a()>",
    "<![CDATA[", "<ol start=3>", "<a href=javascript:a()>", "<annotation-xml encoding=text/html>",
    "<small>", "<hr>", "<br>", "<foreignObject>", "<li value=7>", "<li value=123456>", "<ol start=x>", "<bdi>",
    "</bdi>",
])
# fmt: on


@given(st.lists(HTML_SCRAPS, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_sanitising_twice_is_sanitising_once(markup):
    once = sanitise(markup)
    assert sanitise(once) == once
    assert forbidden(once) == []


@given(DOCUMENTS)
@settings(max_examples=200, deadline=None)
def test_a_rendered_report_is_already_sanitised(document):
    assert sanitise(to_html(document)) == to_html(document)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@example("\r\n\r a\rb")
@example("\n\n\u00a0&<>\"'\x01\ufffe")
@settings(max_examples=400, deadline=None)
def test_plain_text_is_written_as_the_sanitiser_would_write_it(text):
    assert sanitise(preformat(text)) == preformat(text)
