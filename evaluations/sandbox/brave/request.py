"""The parameters of Brave's web search, read and checked as Brave checks them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
MAX_QUERY_CHARACTERS = 400
MAX_QUERY_WORDS = 50


@dataclass(frozen=True)
class Problem:
    """One complaint about one parameter, in the form in which Brave reports it."""

    kind: str
    loc: tuple[str, str]
    message: str
    given: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry of `meta.errors`."""
        body: dict[str, Any] = {"type": self.kind, "loc": list(self.loc), "msg": self.message}
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
            self._complain("greater_than_equal", name, f"Input should be greater than or equal to {low}", given)
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
        if given and given not in FRESH_DAYS and day_range(given) is None:
            message = "Value error, Freshness should be one of pd, pw, pm, py or YYYY-MM-DDtoYYYY-MM-DD"
            self._complain("value_error", "freshness", message, given)
        return given

    def sections(self) -> frozenset[str]:
        given = self._params.get("result_filter", "")
        chosen = [part.strip() for part in given.split(",") if part.strip()]
        for part in chosen:
            if part not in FILTERS:
                *firsts, last = [f"'{option}'" for option in FILTERS]
                self._complain("enum", "result_filter", f"Input should be {', '.join(firsts)} or {last}", part)
        return frozenset(chosen or FILTERS)


def day_range(given: str) -> tuple[date, date] | None:
    """The first and the last day of a range such as 2026-11-01to2026-11-23."""
    try:
        first, last = given.split("to")
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
