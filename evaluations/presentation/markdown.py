"""A report's Markdown to safe HTML, with evidence marks: once, when the report is saved.

Three things hold for every input: nothing in the result can run, load or leave the page by itself; nothing
that the model wrote is missing from it; and it takes bounded time. Where Markdown would break one of the last
two, the report is shown as the plain text it is.
"""

import html
import re
from collections.abc import Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from evaluations.scoring.text.markdown import TooMuchWorkError, markdown_parser

from .fidelity import picture_addresses, words, words_shown
from .hosts import host_of
from .marks import BANDS, MARK_TAGS, Marks, locate
from .wording.plain_lines import OVERRIDES

LARGEST_MARKDOWN = 100_000  # characters; a report of 2,048 tokens has about 8,000
LARGEST_GROWTH = 10  # times the characters written,
SMALL = 10_000  # unless the result is small anyway, such as 100 nested quotations
MOST_MARKED = 500  # sentences; a report of 8,000 characters has about 80
NOTE_LENGTH = 90  # characters of a note that became a link
HEADING_SHIFT = 2  # the page has its h1, each report its h2

TEXT_TAGS = {"a", "bdi", "br", "code", "del", "em", "s", "small", "strong"}
BLOCK_TAGS = {"blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
TAGS = TEXT_TAGS | BLOCK_TAGS | MARK_TAGS | {"table", "tbody", "td", "th", "thead", "tr"}
ALIGNED = {"right", "center"}
TAG = re.compile(r"<[^>]*>")
LINE_BREAK = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
LIST_NUMBER = re.compile(r"[0-9]{1,4}")  # longer ones would reach out of the column


class TooCostlyError(Exception):
    """Rendering this text would take longer, or make it larger, than it is worth."""


class OnlyPlainError(TooCostlyError):
    """With marks or without, it would, or words of it would be missing."""


def to_html(markdown: str, sentences: Sequence[dict[str, Any]] = ()) -> str:
    """Safe HTML of a report; the same text gives the same HTML under one `RENDERER_VERSION`.

    `sentences` are those of the groundedness score: they become marks (`evaluations.presentation.marks`).
    """
    # What no HTML page can hold: NUL, and halves of surrogate pairs.
    markdown = markdown.replace("\0", "\ufffd").encode(errors="replace").decode()
    marked = [Marks(markdown, sentences)] if 0 < len(sentences) <= MOST_MARKED else []
    for marks in [*marked, None]:
        try:
            return rendered_markdown(markdown, marks)
        except OnlyPlainError:
            break
        except TooCostlyError:
            continue
    return preformat(markdown)


def rendered_markdown(markdown: str, marks: Marks | None = None) -> str:
    """Safe HTML of the Markdown; refuses what would be costly or lose words."""
    if len(markdown) > LARGEST_MARKDOWN:
        raise OnlyPlainError
    env: dict[str, Any] = {"work": 0, "marks": marks}
    try:
        tokens = PARSER.parse(markdown, env)
    except TooMuchWorkError as error:
        raise OnlyPlainError from error
    rendered: str = PARSER.renderer.render(tokens, PARSER.options, env).translate(OVERRIDES)
    if has_ink(markdown) and not has_ink(TAG.sub("", rendered)):
        raise OnlyPlainError  # nothing but markup: a rule, an empty heading, a fence around nothing
    refuse_growth(markdown, rendered)
    rendered = sanitise(rendered)
    refuse_growth(markdown, rendered)
    if words(markdown) - words(" ".join(picture_addresses(tokens))) - words_shown(rendered):
        raise OnlyPlainError
    return rendered


def refuse_growth(markdown: str, rendered: str) -> None:
    """Refuse HTML, with what its notes will become, that is much longer than the Markdown."""
    if len(rendered) + NOTE_LENGTH * rendered.count("<sup>") > LARGEST_GROWTH * len(markdown) + SMALL:
        raise TooCostlyError


def preformat(text: str) -> str:
    """The text as it is, with its line breaks; the first may not be one, HTML drops it.

    Written as the sanitiser would write it, which itself takes quadratic time where a text is full of `&`.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n").translate(OVERRIDES)
    return f"<pre>{html.escape(lines, quote=False).replace('\u00a0', '&nbsp;')}</pre>\n"


def sanitise(markup: str) -> str:
    """HTML reduced to what a report may contain. Sanitising the result again changes nothing."""
    # Repairing broken nesting can take a second pass; markup that keeps changing is shown as text.
    for _ in range(4):
        before, markup = markup, CLEANER.clean(markup)
        if markup == before:
            return markup
    return CLEANER.clean(preformat(markup))


# Links


class ReportRenderer(RendererHTML):
    """HTML with links that show their host, without images, with headings below the page's own.

    A link and the note of its host are one element: no direction of the text around them can part them.
    """

    def heading_open(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Open a heading at its shifted level."""
        return f"<{shift_heading(tokens[index].tag)}>"

    def heading_close(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Close a heading at its shifted level."""
        return f"</{shift_heading(tokens[index].tag)}>\n"

    def ordered_list_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Open a numbered list, and begin to count."""
        env.setdefault("numbers", []).append(int(tokens[index].attrs.get("start", 1)))
        return self.renderToken(tokens, index, options, env)

    def ordered_list_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Close a numbered list."""
        env["numbers"].pop()
        return self.renderToken(tokens, index, options, env)

    def list_item_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Open an item, with its number where that is not the next one: a browser would count on."""
        item = tokens[index]
        if item.info:
            number = int(item.info)
            if number != env["numbers"][-1]:
                item.attrs["value"] = number
            env["numbers"][-1] = number + 1
        return self.renderToken(tokens, index, options, env)

    def link_open(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Open a link, apart from the number before it: `41[1](…)` is not 411."""
        before = tokens[index - 1].content if index else ""
        apart = "\u2009" if before[-1:].isdigit() and tokens[index + 1].content[:1].isdigit() else ""
        together = "" if tokens[index].markup == "autolink" else "<bdi>"
        return apart + together + self.renderToken(tokens, index, options, env)

    def link_close(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Close a link, then say where it leads; an autolink says so itself, and so must one without text."""
        start = opening(tokens, index)
        link = tokens[start]
        note = env["marks"].notes_at(tokens[index].meta["piece"]) if env.get("marks") else ""
        if link.markup == "autolink":
            return f"</a>{note}"
        leads_to = f"<bdi>{html.escape(host_of(str(link.attrs['href'])) or '')}</bdi>"
        title = html.escape(str(link.attrs.get("title", "")))
        title = title and f"<em>{title}</em>"
        if not has_ink(self.renderInlineAsText(tokens[start + 1 : index], options, env)):
            return f"{leads_to}</a>" + (f" <small>({title})</small>" if title else "") + f"</bdi>{note}"
        return f"</a>{note} <small>({', '.join(filter(None, [title, leads_to]))})</small></bdi>"

    def text(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Words, with the marks of their sentences."""
        return mark_up(tokens[index], env)

    def code_inline(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Code within a line."""
        return f"<code>{mark_up(tokens[index], env)}</code>"

    def image(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Say what the picture would show; nothing is loaded."""
        image = tokens[index]
        title = html.escape(str(image.attrs.get("title", "")))
        return self.renderInline(image.children or [], options, env) + (f" ({title})" if title else "")

    def fence(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Preformatted text under what its info string says."""
        token = tokens[index]
        info = f"<p><small>{html.escape(token.info.strip())}</small></p>\n" if token.info.strip() else ""
        return info + self.code_block(tokens, index, options, env)

    def code_block(self, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
        """Preformatted text that was indented; the first character may not be a line break, HTML drops it."""
        empty = len(tokens[index].content) - len(tokens[index].content.lstrip("\n"))
        return f"<pre>{mark_up(tokens[index], env, empty)}</pre>\n"

    def th_open(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Open a cell; its alignment becomes a class, because inline styles do not work here."""
        align = str(tokens[index].attrs.get("style", "")).removeprefix("text-align:")
        tag = cell_tag(tokens[index], tokens[index + 1])
        return f'<{tag} class="{align}">' if align in ALIGNED else f"<{tag}>"

    def th_close(self, tokens: Sequence[Token], index: int, *_: Any) -> str:
        """Close a cell."""
        return f"</{cell_tag(tokens[index], tokens[index - 1])}>\n"

    td_open, td_close = th_open, th_close


def mark_up(token: Token, env: Any, start: int = 0) -> str:
    """The content of a token from `start` on, escaped, with its marks where it has any."""
    places = token.meta.get("places")
    if not places or not env.get("marks"):
        return html.escape(token.content[start:], quote=False)
    cut = max(start, len(places))  # a code block ends with a line break that has no place
    rest = html.escape(token.content[cut:], quote=False)
    written: str = env["marks"].html_of(token.content[start:cut], places[start:], token.meta["piece"])
    return written + rest


def cell_tag(cell: Token, content: Token) -> str:
    """An empty heading is an empty cell: it heads nothing."""
    return cell.tag if content.content.strip() else "td"


def shift_heading(tag: str) -> str:
    """The heading tag below the page's own headings: h1 becomes h3."""
    return f"h{min(int(tag[1]) + HEADING_SHIFT, 6)}"


def opening(tokens: Sequence[Token], index: int) -> int:
    """Where the link opens that closes at `index`."""
    level = tokens[index].level
    return next(
        place
        for place in range(index - 1, -1, -1)
        if tokens[place].type == "link_open" and tokens[place].level == level
    )


def has_ink(text: str) -> bool:
    """Whether there is anything to see."""
    return any(character.isprintable() and not character.isspace() for character in text)


def attribute_value(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute in a report's HTML; None for one that may not stand there."""
    if name == "href":
        return value if host_of(value) else None
    return value if tag not in ("ol", "li") or LIST_NUMBER.fullmatch(value) else None


def line_break(state: StateInline, silent: bool) -> bool:
    """An inline rule: the one tag that models write, because a table's cell has no other way to break a line."""
    found = LINE_BREAK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = found.end()
    return True


def make_parser() -> MarkdownIt:
    """The one Markdown parser, with our links and marks."""
    parser = markdown_parser(ReportRenderer)
    parser.core.ruler.before("text_join", "locate", locate)
    parser.inline.ruler.before("autolink", "line_break", line_break)
    # An address as a link's text says where it leads as the note of a link does: in plain characters.
    parser.normalizeLinkText = parser.normalizeLink  # type: ignore[method-assign, assignment]
    parser.validateLink = lambda url: host_of(url) is not None  # type: ignore[method-assign]
    return parser


PARSER = make_parser()
CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=set(),
    attributes={"a": {"href"}, "li": {"value"}, "ol": {"start"}, "*": set()},
    attribute_filter=attribute_value,
    allowed_classes={"td": ALIGNED, "th": ALIGNED, "span": set(BANDS)},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow ugc",
)
