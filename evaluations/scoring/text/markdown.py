"""Markdown as pages show it: the one parser, for what is checked and for what is rendered."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

DEEPEST_BLOCK = 210  # a list takes two of these, so that 100 lists fit into each other
DEEPEST_INLINE = 100
MOST_WORK = 6_000  # rule rounds of the parser: about 0.3 s; a report of 8,000 characters takes 500
_BETWEEN_DIGITS = re.compile(r"(?:\*+|~+)(?=\d)")


class TooMuchWorkError(Exception):
    """This text would take longer to parse than it is worth; it is shown as it stands."""


def markdown_parser(renderer: Callable[..., Any] | None = None) -> MarkdownIt:
    """The Markdown parser: tables yes; HTML and link references, which multiply text, no."""
    options = {"maxNesting": DEEPEST_BLOCK}
    own = {} if renderer is None else {"renderer_cls": renderer}
    parser = MarkdownIt("js-default", options, **own)
    parser.disable("reference")
    parser.block.ruler.before("table", "guard", block_guard, {"alt": ["paragraph", "blockquote", "list"]})
    parser.inline.ruler.before("text", "guard", inline_guard)
    parser.inline.ruler.before("strikethrough", "number_guard", number_guard)
    return parser


def count_work(env: Any) -> None:
    """Count one round of rules, and stop a text that needs too many."""
    env["work"] = env.get("work", 0) + 1
    if env["work"] > MOST_WORK:
        raise TooMuchWorkError


def block_guard(state: StateBlock, *_: Any) -> bool:
    """The first block rule: only counts."""
    count_work(state.env)
    return False


def inline_guard(state: StateInline, silent: bool) -> bool:
    """The first inline rule: counts, and leaves what is nested too deep as the text it is."""
    count_work(state.env)
    if state.level < DEEPEST_INLINE:
        return False
    if not silent:
        state.pending += state.src[state.pos : state.posMax]
    state.pos = state.posMax
    return True


def number_guard(state: StateInline, silent: bool) -> bool:
    """An inline rule: marks of emphasis between two digits are text, or `5*3*2` would be shown as 532."""
    marks = _BETWEEN_DIGITS.match(state.src, state.pos, state.posMax)
    if marks is None or not state.src[state.pos - 1 : state.pos].isdigit():
        return False
    if not silent:
        state.pending += marks[0]
    state.pos = marks.end()
    return True


_PARSER = markdown_parser()


class ParsedText:
    """A Markdown text with its blocks, parsed once: none where it is too costly to parse and shown as it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: Sequence[Token] | None = None
        self._work: dict[str, int] = {}
        found: list[Token] = []
        with suppress(TooMuchWorkError):
            _PARSER.block.parse(text.replace("\0", "\ufffd"), _PARSER, self._work, found)
            self.blocks = found

    def shown_words(self) -> str:
        """The words that a reader sees, one block a line; the text itself where it is too costly to parse."""
        if self.blocks is None:
            return self.text
        work = dict(self._work)
        try:
            lines = ["".join(_words(token, work)) for token in self.blocks]
        except TooMuchWorkError:
            return self.text
        return "\n".join(filter(None, lines))


def _words(token: Token, work: dict[str, int]) -> Iterator[str]:
    children = token.children or []
    if token.type == "inline":
        children = []
        _PARSER.inline.parse(token.content, _PARSER, work, children)
    elif token.type in ("fence", "code_block", "code_inline", "text", "text_special"):
        yield token.content
    elif token.type in ("softbreak", "hardbreak"):
        yield " "
    for child in children:
        yield from _words(child, work)
