"""Why something failed: every reason once, with what it means for the money, for another try and for people. Pure.

The one table of retries (DESIGN.md): what was never sent and what was refused without cost is asked at most three
times in all where the reason may pass; what was perhaps paid, or paid, never again by itself, except where asking
costs next to nothing.
"""

import enum
from dataclasses import dataclass, replace
from typing import Self

TRIES = 3


class Fate(enum.StrEnum):
    """What became of one request, as far as money is concerned."""

    UNSENT = "unsent"  # never reached the other side
    UNPAID = "unpaid"  # refused without cost
    PAID = "paid"  # answered with 200, whatever the answer
    UNKNOWN = "unknown"  # sent, and perhaps paid


class Then(enum.Enum):
    """What follows of a reason."""

    END = enum.auto()
    AGAIN = enum.auto()  # it may pass by itself: another try makes sense
    HALT = enum.auto()  # no other request to the same service would fare better until a person has mended something


def _(words: str) -> str:
    """Mark words for translation; whoever shows them translates them."""
    return words


class Code(enum.StrEnum):
    """A reason. Its value is stored, so it never changes."""

    fate: Fate
    words: str  # why there is no report, page or answer
    then: Then

    def __new__(cls, code: str, fate: Fate, words: str, then: Then = Then.END) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.fate, member.words, member.then = fate, words, then
        return member

    # The way there
    DNS = "dns", Fate.UNSENT, _("its address could not be found"), Then.AGAIN
    CONNECT = "connect", Fate.UNSENT, _("no connection could be made"), Then.AGAIN
    CERTIFICATE = "certificate", Fate.UNSENT, _("the other side could not prove who it is"), Then.HALT
    BAD_ADDRESS = "bad_address", Fate.UNSENT, _("its address is wrong")
    HELD_BACK = "held_back", Fate.UNSENT, _("it was not sent"), Then.AGAIN
    TRUNCATED = "truncated", Fate.UNKNOWN, _("the answer broke off"), Then.AGAIN
    TIMEOUT = "timeout", Fate.UNKNOWN, _("the answer did not come in time"), Then.AGAIN
    CONNECTION_LOST = "connection_lost", Fate.UNKNOWN, _("the connection was lost")
    DEADLINE = "deadline", Fate.UNKNOWN, _("it took longer than it may")
    GATEWAY = "gateway", Fate.UNKNOWN, _("something on the way to its provider failed")
    WORKER_STOPPED = "worker_stopped", Fate.UNKNOWN, _("we stopped before its answer came")
    ANSWER_LOST = "answer_lost", Fate.PAID, _("its answer was lost")

    # The account
    BAD_KEY = "bad_key", Fate.UNPAID, _("our key was not accepted"), Then.HALT
    NO_CREDIT = "no_credit", Fate.UNPAID, _("the account with its provider is used up"), Then.HALT
    PLAN = "plan", Fate.UNPAID, _("the account's plan does not cover it"), Then.HALT
    QUOTA = "quota", Fate.UNPAID, _("the account's quota is used up"), Then.HALT
    NO_ACCESS = "no_access", Fate.UNPAID, _("the account may not ask for it"), Then.HALT
    ENDPOINT = "endpoint", Fate.UNPAID, _("the service is not at its address"), Then.HALT

    # Refusals of one request
    BAD_REQUEST = "bad_request", Fate.UNPAID, _("the request was not accepted")
    INVALID_QUERY = "invalid_query", Fate.UNPAID, _("the query was not accepted")
    FORBIDDEN = "forbidden", Fate.UNPAID, _("the request was not allowed")
    UNKNOWN_MODEL = "unknown_model", Fate.UNPAID, _("its provider does not know it")
    EXPIRED_MODEL = "expired_model", Fate.UNSENT, _("its provider no longer offers it")
    REFUSED = "refused", Fate.UNPAID, _("the request was refused")
    GONE = "gone", Fate.UNPAID, _("it is no longer there")
    IN_FLIGHT_BUDGET = "in_flight_budget", Fate.UNPAID, _("too many requests were under way"), Then.AGAIN
    RATE_LIMITED = "rate_limited", Fate.UNPAID, _("fewer requests were asked for"), Then.AGAIN
    UPSTREAM = "upstream", Fate.UNPAID, _("the service failed"), Then.AGAIN
    NO_PROVIDER = "no_provider", Fate.UNPAID, _("no provider had room for it"), Then.AGAIN
    OVERLOADED = "overloaded", Fate.UNPAID, _("the service was overloaded"), Then.AGAIN

    # Our own bounds
    WINDOW_TOO_SMALL = "window_too_small", Fate.UNSENT, _("the material was too large for it")
    CEILING_OF_CALL = "ceiling_of_call", Fate.UNSENT, _("asking it could have cost more than one request may")
    CEILING_OF_RUN_OR_DAY = (
        "ceiling_of_run_or_day",
        Fate.UNSENT,
        _("asking it could have cost more than the run or the day may"),
    )
    NO_TIME = "no_time", Fate.UNSENT, _("there was no time left for it")
    TOO_LARGE = "too_large", Fate.UNPAID, _("it was too large")

    # Answers that hold nothing to read
    ANSWER_TOO_LARGE = "answer_too_large", Fate.PAID, _("its answer was too large to keep")
    EMPTY = "empty", Fate.PAID, _("nothing to read was in it")
    PROTOCOL = "protocol", Fate.PAID, _("the answer could not be read")
    NOT_UTF8 = "not_utf8", Fate.PAID, _("the answer was in another encoding")
    NOT_JSON = "not_json", Fate.PAID, _("the answer could not be read")
    SCHEMA = "schema", Fate.PAID, _("the answer was of another form")
    REFUSAL = "refusal", Fate.PAID, _("it declined to write")
    CONTENT_FILTER = "content_filter", Fate.PAID, _("a content filter left nothing of its answer")
    PROVIDER_ERROR = "provider_error", Fate.PAID, _("its provider reported an error")

    # Pages
    ADDRESS = "address", Fate.UNSENT, _("its address is not one that is opened from here")
    ROBOTS = "robots", Fate.UNPAID, _("its site does not want it read by machines")
    REDIRECTS = "redirects", Fate.UNPAID, _("it leads on and on")
    CONTENT_TYPE = "content_type", Fate.UNPAID, _("it is no page of text")
    UNREADABLE = "unreadable", Fate.UNKNOWN, _("it could not be read")
    PARSER_MISSING = "parser_missing", Fate.UNPAID, _("the parser for pages is missing here")
    PARSER_HUNG = "parser_hung", Fate.UNPAID, _("reading it took too long")
    PARSER_CRASHED = "parser_crashed", Fate.UNPAID, _("it could not be read")

    def may_retry(self, tries: int, costly: bool = True) -> bool:
        """Whether a request that failed with this after so many tries is sent once more."""
        spent = costly and self.fate in (Fate.PAID, Fate.UNKNOWN)
        return self.then is Then.AGAIN and not spent and tries < TRIES


KNOWN = {code.value: code for code in Code}
FATAL = frozenset(code for code in Code if code.then is Then.HALT)


def may_have_cost(state: str, code: str) -> bool:
    """Whether asking for a report that stands so, with this reason, may have cost something."""
    perhaps = code in KNOWN and KNOWN[code].fate in (Fate.PAID, Fate.UNKNOWN)
    return perhaps or state in ("succeeded", "unknown_outcome")


def words(code: str) -> str:
    """The reason for people, to be translated; a page's status (`http_404`), and what no table knows, as it is."""
    return KNOWN[code].words if code in KNOWN else code.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one thing failed: a Code, or a page's status (`http_404`), and the other side's words for operators."""

    code: str
    detail: str = ""
    retry_after: float | None = None  # seconds that the other side asks for

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}" if self.detail else self.code

    @classmethod
    def read(cls, text: str) -> "Failure":
        """The failure that `str` wrote into a locked context or a manifest."""
        code, _, detail = text.partition(": ")
        return cls(code, detail)

    def may_retry(self, tries: int, costly: bool = True) -> bool:
        """Whether the request is sent once more after so many tries."""
        return self.code in KNOWN and KNOWN[self.code].may_retry(tries, costly)

    @property
    def fatal(self) -> bool:
        """Whether no other request to the same service would fare better."""
        return self.code in FATAL

    def redact(self, key: str) -> "Failure":
        """The failure, whatever the service echoed: the key is neither stored nor logged."""
        detail = " ".join(self.detail.split())
        return replace(self, detail=(detail.replace(key, "[key]") if key else detail)[:200])
