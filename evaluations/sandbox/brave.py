"""The wire of Brave's web search: parameters, success and error bodies, rate-limit headers.

Shapes follow recorded answers (PyPI brave-search-python-client 0.4.27 and the public error reports of 2026).
"""

import html
import re
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from evaluations.sandbox.articles import Article
from evaluations.sandbox.searching import Found
from evaluations.sandbox.subjects import stems

Json = dict[str, Any]

COUNTRIES = """
AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH
RU SA ZA ES SE CH TW TR GB US ALL
"""
LANGUAGES = """
ar eu bn bg ca zh-hans zh-hant hr cs da nl en en-gb et fi fr gl de el gu he hi hu is it jp kn ko lv lt ms ml
mr nb pl pt-br pt-pt pa ro ru sr sk sl es sv ta te th tr uk vi
"""
FILTERS = ("discussions", "faq", "infobox", "news", "query", "summarizer", "videos", "web", "locations")
FRESH_DAYS = {"pd": 1, "pw": 7, "pm": 31, "py": 365}
MONTH = 2_592_000
MAX_QUERY_CHARACTERS = 400
MAX_QUERY_WORDS = 50


@dataclass(frozen=True)
class Problem:
    """One complaint about one parameter, in the form in which Brave reports it."""

    kind: str
    loc: tuple[str, str]
    message: str
    given: str | None = None

    def as_json(self) -> Json:
        """The entry of `meta.errors`."""
        body: Json = {"type": self.kind, "loc": list(self.loc), "msg": self.message}
        return body if self.given is None else {**body, "input": self.given}


@dataclass
class SearchRequest:
    """The parameters of one search, read and checked; `problems` is empty when it may be answered."""

    query: str = ""
    country: str = "US"
    count: int = 20
    offset: int = 0
    freshness: str = ""
    decorate: bool = True
    extra_snippets: bool = False
    spellcheck: bool = True
    sections: frozenset[str] = frozenset(FILTERS)
    problems: list[Problem] = field(default_factory=list)


def read_search(params: Mapping[str, str]) -> SearchRequest:
    """The request that these query parameters make, with every complaint Brave would have."""
    request = SearchRequest()
    read = _Reader(params, request.problems)
    request.query = read.query()
    request.country = read.choice("country", COUNTRIES.split(), "US", upper=True)
    read.choice("search_lang", LANGUAGES.split(), "en")
    read.choice("safesearch", ("off", "moderate", "strict"), "moderate")
    read.choice("units", ("metric", "imperial"), "metric")
    request.count = read.number("count", 20, 1, 20)
    request.offset = read.number("offset", 0, 0, 9)
    request.freshness = read.freshness()
    request.decorate = read.flag("text_decorations", default=True)
    request.extra_snippets = read.flag("extra_snippets", default=False)
    request.spellcheck = read.flag("spellcheck", default=True)
    request.sections = read.sections()
    for name in ("operators", "summary", "enable_rich_callback", "include_fetch_metadata"):
        read.flag(name, default=False)
    return request


class _Reader:
    """Takes parameters one by one and notes what is wrong with them."""

    def __init__(self, params: Mapping[str, str], problems: list[Problem]) -> None:
        self._params = params
        self._problems = problems

    def _complain(self, kind: str, name: str, message: str, given: str | None = None) -> None:
        self._problems.append(Problem(kind, ("query", name), message, given))

    def query(self) -> str:
        query = self._params.get("q")
        if query is None:
            self._complain("missing", "q", "Field required")
        elif not query:
            self._complain("string_too_short", "q", "String should have at least 1 character", query)
        elif len(query) > MAX_QUERY_CHARACTERS:
            self._complain("string_too_long", "q", "String should have at most 400 characters", query)
        elif len(query.split()) > MAX_QUERY_WORDS:
            self._complain("value_error", "q", "Value error, Query should have at most 50 words", query)
        return query or ""

    def choice(self, name: str, allowed: Sequence[str], default: str, *, upper: bool = False) -> str:
        value = self._params.get(name, default)
        value = value.upper() if upper else value
        if value not in allowed:
            *firsts, last = [f"'{option}'" for option in allowed]
            self._complain("enum", name, f"Input should be {', '.join(firsts)} or {last}", self._params[name])
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        given = self._params.get(name, str(default))
        if not re.fullmatch(r"[+-]?\d+", given):
            message = "Input should be a valid integer, unable to parse string as an integer"
            self._complain("int_parsing", name, message, given)
            return default
        value = int(given)
        if value < low:
            self._complain(
                "greater_than_equal", name, f"Input should be greater than or equal to {low}", given
            )
        elif value > high:
            self._complain("less_than_equal", name, f"Input should be less than or equal to {high}", given)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        given = self._params.get(name, str(default)).lower()
        if given not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
            message = "Input should be a valid boolean, unable to interpret input"
            self._complain("bool_parsing", name, message, given)
        return given in {"true", "1", "yes", "on"}

    def freshness(self) -> str:
        given = self._params.get("freshness", "")
        if given and given not in FRESH_DAYS and _day_range(given) is None:
            message = "Value error, Freshness should be one of pd, pw, pm, py or YYYY-MM-DDtoYYYY-MM-DD"
            self._complain("value_error", "freshness", message, given)
        return given

    def sections(self) -> frozenset[str]:
        given = self._params.get("result_filter", "")
        chosen = [part.strip() for part in given.split(",") if part.strip()]
        for part in chosen:
            if part not in FILTERS:
                *firsts, last = [f"'{option}'" for option in FILTERS]
                self._complain(
                    "enum", "result_filter", f"Input should be {', '.join(firsts)} or {last}", part
                )
        return frozenset(chosen or FILTERS)


def _day_range(given: str) -> tuple[date, date] | None:
    try:
        first, last = given.split("to")
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None


def is_fresh(article: Article, freshness: str, today: date) -> bool:
    """Whether the article's page age lies in the range asked for; without an age it never does."""
    if not freshness:
        return True
    if article.published is None:
        return False
    first, last = _day_range(freshness) or (today - timedelta(days=FRESH_DAYS[freshness]), today)
    return first <= article.published.date() <= last


def success_body(request: SearchRequest, found: Sequence[Found], today: date) -> Json:
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


def _news_json(found: Found, request: SearchRequest, today: date) -> Json:
    return {
        **_head_json(found, request),
        **_age_json(found.article, today),
        **_site_json(found.article),
        "breaking": False,
        "is_live": False,
        **_snippets_json(found, request),
    }


def _web_json(found: Found, request: SearchRequest, today: date) -> Json:
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


def _head_json(found: Found, request: SearchRequest) -> Json:
    return {
        "title": html.escape(found.article.title),
        "url": found.article.url,
        "is_source_local": False,
        "is_source_both": False,
        "description": _decorated(found.passages[0], request),
        "family_friendly": True,
    }


def _decorated(text: str, request: SearchRequest) -> str:
    if not request.decorate:
        return html.escape(text)
    wanted = set(stems(request.query))
    parts = re.split(r"(\w+)", text)
    return "".join(
        f"<strong>{part}</strong>" if stems(part) and stems(part)[0] in wanted else html.escape(part)
        for part in parts
    )


def _age_json(article: Article, today: date) -> Json:
    if article.published is None:
        return {}
    return {
        "page_age": article.published.isoformat(timespec="seconds"),
        "age": age_words(article.published, today),
    }


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
        "meta_url": {
            "scheme": parts.scheme,
            "netloc": site,
            "hostname": host,
            "favicon": image,
            "path": path,
        },
    }


def _article_json(article: Article) -> Json:
    published = f"{article.published:%Y-%m-%dT%H:%M:%S}.000Z"
    publisher = {"type": "organization", "name": article.publisher}
    return {"article": {"date": published, "publisher": publisher}}


def _snippets_json(found: Found, request: SearchRequest) -> Json:
    extra = found.passages[1:6]
    if not (extra and request.extra_snippets):
        return {}
    return {"extra_snippets": [html.escape(passage) for passage in extra]}


class Plan:
    """A search plan: so many requests a second, counted over the second that has just passed."""

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.name, self.quota = ("Free", 2000) if rate == 1 else ("Search", 0)
        self.used = 0
        self._clock = clock
        self._recent: deque[float] = deque()

    def admit(self) -> bool:
        """Counts one request if the plan still allows it in this second."""
        now = self._clock()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.rate:
            return False
        self._recent.append(now)
        self.used += 1
        return True

    def headers(self) -> list[tuple[str, str]]:
        """The four rate-limit headers: this second, this month."""
        left = max(self.rate - len(self._recent), 0)
        month_left = max(self.quota - self.used, 0)
        return [
            ("X-RateLimit-Limit", f"{self.rate}, {self.quota}"),
            ("X-RateLimit-Policy", f"{self.rate};w=1, {self.quota};w={MONTH}"),
            ("X-RateLimit-Remaining", f"{left}, {month_left}"),
            ("X-RateLimit-Reset", f"1, {MONTH - 62_413}"),
        ]

    def refusal(self) -> Json:
        """The error body of a request that came too fast."""
        meta: Json = {
            "plan": self.name,
            "rate_limit": self.rate,
            "rate_current": len(self._recent),
            "quota_limit": self.quota,
            "quota_current": self.used,
            "component": "rate_limiter",
        }
        return error_body(429, "RATE_LIMITED", "Request rate limit exceeded for plan", meta)


def token_error(token: str | None) -> Json | None:
    """The error body for a subscription token that is missing or known to be bad, else nothing."""
    if not token:
        missing = Problem("missing", ("header", "x-subscription-token"), "Field required")
        return validation_error([missing])
    if token.startswith("bad"):
        detail = "The provided subscription token is invalid."
        return error_body(422, "SUBSCRIPTION_TOKEN_INVALID", detail, {"component": "authentication"})
    return None


def validation_error(problems: Sequence[Problem]) -> Json:
    """The 422 body that lists what is wrong with the parameters."""
    meta = {"errors": [problem.as_json() for problem in problems]}
    return error_body(422, "VALIDATION", "Unable to validate request parameter(s)", meta)


def error_body(status: int, code: str, detail: str, meta: Json) -> Json:
    """The envelope of every Brave error."""
    error = {"id": str(uuid.uuid4()), "status": status, "code": code, "detail": detail, "meta": meta}
    return {"type": "ErrorResponse", "error": error, "time": int(time.time())}
