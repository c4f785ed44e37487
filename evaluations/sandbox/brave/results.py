"""The wire of Brave's web search: the body of a search that was answered.

Shapes follow recorded answers (PyPI brave-search-python-client 0.4.27 and the public error reports of 2026).
"""

import html
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from evaluations.sandbox.articles import Article
from evaluations.sandbox.writing.subjects import stems

from .index import Match
from .request import FRESH_DAYS, SearchRequest, day_range

Json = dict[str, Any]


def is_fresh(article: Article, freshness: str, today: date) -> bool:
    """Whether the article's page age lies in the range asked for; without an age it never does."""
    if not freshness:
        return True
    if article.published is None:
        return False
    first, last = day_range(freshness) or (today - timedelta(days=FRESH_DAYS[freshness]), today)
    return first <= article.published.date() <= last


def success_body(request: SearchRequest, found: Sequence[Match], today: date) -> Json:
    """The body of a search that was answered. With nothing found there is no `web` and no `news`."""
    fresh = [one for one in found if is_fresh(one.article, request.freshness, today)]
    news = [one for one in fresh if one.article.is_news and "news" in request.sections]
    web = [one for one in fresh if not one.article.is_news and "web" in request.sections]
    page = web[request.offset * request.count : (request.offset + 1) * request.count]
    news = news if request.offset == 0 else []
    body: Json = {"query": _query_json(request, more=len(web) > (request.offset + 1) * request.count)}
    body["mixed"] = _mixed_json(len(page), bool(news))
    if news:
        results = [_news_json(one, request, today) for one in news]
        body["news"] = {"type": "news", "results": results, "mutated_by_goggles": False}
    body["type"] = "search"
    if page:
        results = [_web_json(one, request, today) for one in page]
        body["web"] = {"type": "search", "results": results, "family_friendly": True}
    return body


def _query_json(request: SearchRequest, *, more: bool) -> Json:
    return {
        "original": request.query,
        "show_strict_warning": False,
        "is_navigational": False,
        "is_news_breaking": False,
        "spellcheck_off": not request.spellcheck,
        "country": request.country.lower(),
        "bad_results": False,
        "should_fallback": False,
        "postal_code": "",
        "city": "",
        "header_country": "",
        "more_results_available": more,
        "state": "",
    }


def _mixed_json(web: int, news: bool) -> Json:
    main: list[Json] = [{"type": "web", "index": index, "all": False} for index in range(web)]
    if news:
        main.insert(min(1, web), {"type": "news", "all": True})
    return {"type": "mixed", "main": main, "top": [], "side": []}


def _news_json(found: Match, request: SearchRequest, today: date) -> Json:
    return {
        **_head_json(found, request),
        **_age_json(found.article, today),
        **_site_json(found.article),
        "breaking": False,
        "is_live": False,
        **_snippets_json(found, request),
    }


def _web_json(found: Match, request: SearchRequest, today: date) -> Json:
    article = found.article
    named = article.publisher is not None and article.published is not None
    return {
        **_head_json(found, request),
        **_age_json(article, today),
        **_site_json(article),
        "language": "en",
        "type": "search_result",
        "subtype": "article" if named else "generic",
        "is_live": False,
        **(_article_json(article) if named else {}),
        **_snippets_json(found, request),
    }


def _head_json(found: Match, request: SearchRequest) -> Json:
    return {
        "title": html.escape(found.article.title),
        "url": found.article.url,
        "is_source_local": False,
        "is_source_both": False,
        "description": _decorate(found.passages[0], request),
        "family_friendly": True,
    }


def _decorate(text: str, request: SearchRequest) -> str:
    if not request.decorate:
        return html.escape(text)
    wanted = set(stems(request.query))
    parts = re.split(r"(\w+)", text)
    return "".join(
        f"<strong>{part}</strong>" if stems(part) and stems(part)[0] in wanted else html.escape(part) for part in parts
    )


def _age_json(article: Article, today: date) -> Json:
    if article.published is None:
        return {}
    return {"page_age": article.published.isoformat(timespec="seconds"), "age": age_words(article.published, today)}


def age_words(published: datetime, today: date) -> str:
    """The age as Brave shows it: "3 days ago" within a week or so, else the date."""
    days = (today - published.date()).days
    if days == 1:
        return "1 day ago"
    if 2 <= days <= 7:
        return f"{days} days ago"
    return f"{published:%B} {published.day}, {published.year}"


def _site_json(article: Article) -> Json:
    parts = urlsplit(article.url)
    host = parts.hostname or ""
    site = host.removeprefix("www.")
    image = "https://imgs.search.brave.com/sandbox"
    path = " › ".join(["", *[part for part in parts.path.split("/") if part]]).strip()
    return {
        "profile": {"name": article.publisher or site, "url": article.url, "long_name": site, "img": image},
        "meta_url": {"scheme": parts.scheme, "netloc": site, "hostname": host, "favicon": image, "path": path},
    }


def _article_json(article: Article) -> Json:
    published = f"{article.published:%Y-%m-%dT%H:%M:%S}.000Z"
    publisher = {"type": "organization", "name": article.publisher}
    return {"article": {"date": published, "publisher": publisher}}


def _snippets_json(found: Match, request: SearchRequest) -> Json:
    extra = found.passages[1:6]
    if not (extra and request.extra_snippets):
        return {}
    return {"extra_snippets": [html.escape(passage) for passage in extra]}
