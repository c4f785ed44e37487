"""Every word that a reader meets is marked for translation."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.environment import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# The rooms that speak to readers; the admin and the command line speak English.
ROOMS = [
    ROOT / room
    for room in (
        "evaluations/templatetags/pages.py", "evaluations/wire/failures.py", "votes/ballots.py", "votes/views.py",
        *(f"evaluations/presentation/{room}.py" for room in ("cards", "columns", "findings")),
        *(f"evaluations/views/{room}.py" for room in ("about", "feed", "models", "progress", "runs")),
    )
]  # fmt: skip

MARKED = re.compile(
    r"{%\s*block (?:layout|bodyclass|coltype).*?endblock\s*%}"
    r"|{%\s*blocktranslate.*?endblocktranslate\s*%}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
SPOKEN = ("alt", "aria-label", "content", "placeholder", "title")
THE_SAME_IN_EVERY_LANGUAGE = {
    "CSV",
    "Futbol Report",
    "JSON",
    "PNG",
    "SHA-256",
    "SVG",
    "summary_large_image",
    "· Futbol Report",
    "Futbol Report · Futbol Report",
}
SHOWN_AS_IT_IS = {"code", "kbd", "pre", "script"}
NO_WORDS = re.compile(
    r"[\W\d_]*|(?:(?:· )?Futbol Report ?)*|website|width=device-width.*|noindex|light dark|{.*}|SHA-256"
)
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
NOT_SPOKEN = {"warning", "info", "compile", "ignoring_failures", "format_html", "set"}
# For machines: the health check, a header, the feed's author, and a list of words to look for.
FOR_MACHINES = re.compile(
    r"the database does not answer| migrations are not applied|private, no-store|Futbol Report|chat code .*"
)
SENTENCE = re.compile(r"[A-Za-z’']{2,}[,:]? [a-zA-Z]{2,}")


class Words(HTMLParser):
    """The text and the spoken attributes of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.found += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            del self.inside[len(self.inside) - 1 - self.inside[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not SHOWN_AS_IT_IS & set(self.inside):
            self.found.append(data)


def unmarked_words(template: str) -> list[str]:
    """What of a template a reader meets in one language only."""
    words = Words()
    words.feed(MARKED.sub("", template))
    found = (" ".join(text.split()) for text in words.found)
    return [text for text in found if not NO_WORDS.fullmatch(text) and text not in THE_SAME_IN_EVERY_LANGUAGE]


def unmarked_sentences(source: str) -> list[str]:
    """The sentences of a module that are neither marked, nor documentation, nor for the log."""
    said = spoken(ast.parse(source))
    return [text for text in said if SENTENCE.search(text) and not FOR_MACHINES.fullmatch(text)]


def spoken(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in MARKERS | NOT_SPOKEN:
            return
    if isinstance(node, ast.keyword) and node.arg == "help_text":
        return  # for the admin
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from spoken(child)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_mark_every_word(template: Path) -> None:
    assert unmarked_words(template.read_text()) == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_rooms_mark_every_sentence(room: Path) -> None:
    assert unmarked_sentences(room.read_text()) == []


def test_the_guard_sees_words_that_are_not_marked() -> None:
    template = """<h1>Plain words</h1><a title="Spoken" href="x">{{ name }}</a> {% translate "Marked" %}
    <p>{% blocktranslate %}Also <b>marked</b>{% endblocktranslate %} said {{ x }}</p><code>as is</code>"""
    assert unmarked_words(template) == ["Plain words", "Spoken", "said"]
    module = '"""About it all."""\nx = _("It is marked.")\ny = f"{x} before that."\nlog.info("For the log")\n'
    assert unmarked_sentences(module) == [" before that."]
    assert unmarked_sentences('refuse("You may not do that.")') == ["You may not do that."]
