"""The title and the visible words of a page, a line for each block, by nh3: whole, where an article's reader would
choose. Runs in a process that can be killed (`parser`): deeply nested markup keeps nh3 busy for minutes. Pure.
"""

import html
import re

BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption "  # noqa: SIM905
    "figure form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu ol optgroup option p pre search section "
    "summary table tbody td tfoot th thead title tr ul".split()
)
UNSEEN = frozenset(
    "script style template noscript nav footer iframe noembed noframes object svg math audio video canvas rp rt".split()  # noqa: SIM905
)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


def read_html(markup: str) -> tuple[str, str]:
    """(title, text) of a page; "" where it has none."""
    import nh3

    # What is left is well-formed: blocks without attributes, and text with every < and & of its own escaped.
    blocks = nh3.clean(markup, tags=set(BLOCKS), clean_content_tags=set(UNSEEN), attributes={}, link_rel=None)
    title = TITLE.search(blocks)
    lines = re.split(r"<[^<>]*>", TITLE.sub("\n", blocks).replace("\n", " "))
    words = (one_line(line) for line in lines)
    return one_line(title[1]) if title else "", "\n".join(line for line in words if line)


def one_line(escaped: str) -> str:
    """Escaped text as plain text, its space evened out."""
    return " ".join(html.unescape(escaped).split())
