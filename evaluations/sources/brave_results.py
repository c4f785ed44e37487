"""Reading what Brave found: an odd value costs its own field, a result that leads nowhere itself. Pure: no Django."""

from collections.abc import Mapping
from typing import Any

from evaluations.wire import documents, values
from evaluations.wire.text import from_markup

from .links import LONGEST_URL
from .search import LONGEST_DATE, LONGEST_PUBLISHER, LONGEST_TITLE, Result

MOST_RESULTS = 100  # of one query; Brave gives at most 20 from the web and 50 from the news
MOST_SNIPPETS = 10  # of one result; Brave gives a description and at most 5 more
LONGEST_SNIPPET = 3_000  # characters
KINDS = ("web", "news")
# Where a result says who published it and when, the surest first.
PUBLISHERS = (("article", "publisher", "name"), ("profile", "name"), ("meta_url", "hostname"))
DATES = (("article", "date"), ("page_age",))


class FormError(ValueError):
    """JSON that is not of Brave's form."""


def results_in(body: bytes) -> tuple[Result, ...]:
    """The web and news results of a Brave body, in the order in which it mixes them.

    Raises FormError and documents.UnreadableError.
    """
    document = documents.read_strictly(body)
    if not isinstance(document, dict):
        raise FormError("not a JSON object")
    lists = {kind: result_list(document, kind) for kind in KINDS}
    order = mixed_order(document, lists)[:MOST_RESULTS]
    found = (result_of(kind, lists[kind][index]) for kind, index in order)
    return tuple(result for result in found if result.url)


def result_list(document: dict[str, Any], kind: str) -> list[Any]:
    """The results of one kind; a missing section is an empty one. Raises FormError where there is another thing."""
    section = document.get(kind) or {}
    results = section.get("results") or [] if isinstance(section, dict) else None
    if not isinstance(results, list):
        raise FormError(f"{kind}.results is not a list")
    return results


def mixed_order(document: dict[str, Any], lists: Mapping[str, list[Any]]) -> list[tuple[str, int]]:
    """(kind, index) of every result: as `mixed.main` ranks them, then what it does not mention."""
    order: dict[tuple[str, int], None] = {}
    for row in values.records(document, "mixed", "main")[: 10 * MOST_RESULTS]:
        kind, index = values.text(row, "type"), values.integer(row, "index")
        if kind in lists:
            places = range(len(lists[kind]))
            named = places if row.get("all") is True else [] if index is None else [index]
            order |= {(kind, place): None for place in named if place in places}
    order |= {(kind, index): None for kind in KINDS for index in range(len(lists[kind]))}
    return list(order)


def result_of(kind: str, raw: Any) -> Result:
    """One result as plain texts; without a URL where it has none that can be one."""
    url = values.text(raw, "url", most=LONGEST_URL + 1)
    snippets = [values.text(raw, "description", most=LONGEST_SNIPPET)]
    snippets += values.texts(raw, "extra_snippets", most=LONGEST_SNIPPET)
    words = [from_markup(snippet) for snippet in snippets[:MOST_SNIPPETS]]
    return Result(
        kind=kind,
        title=words_of(raw, "title", most=LONGEST_TITLE),
        url=url if len(url) <= LONGEST_URL else "",
        publisher=publisher_of(raw),
        published=date_of(raw),
        snippets=tuple(dict.fromkeys(text for text in words if text)),
    )


def publisher_of(raw: Any) -> str:
    """Who published it: the article's publisher, else the site's name, else the host."""
    return next((name for path in PUBLISHERS if (name := words_of(raw, *path, most=LONGEST_PUBLISHER))), "")


def date_of(raw: Any) -> str:
    """When: the article's own date, else the page's age; both as the service writes them."""
    return next((date for path in DATES if (date := values.text(raw, *path, most=LONGEST_DATE))), "")


def words_of(raw: Any, *path: str, most: int) -> str:
    """The words there, without markup, at most so many characters."""
    return from_markup(values.text(raw, *path, most=4 * most))[:most]
