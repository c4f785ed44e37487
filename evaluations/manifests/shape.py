"""What stands in a manifest: every record with its fields, how each is written and read back."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from evaluations.manifests.documents import join_path

CLOCKS_DIFFER = timedelta(hours=1)
DEEPEST = 50
BANDS = ("grounded", "partly", "not_found", "contradicted", "no_claim")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value: what fits, and what it is in Python."""

    fits: Callable[[Any], bool]
    load: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True, slots=True)
class Each:
    """An object of any names, each with the same shape."""

    shape: "Shape"


Fields = Mapping[str, "Shape"]
Shape = Kind | Each | Fields


def nullable(kind: Kind) -> Kind:
    """The kind, or null."""
    return Kind(
        lambda value: value is None or kind.fits(value), lambda value: None if value is None else kind.load(value)
    )


def text_of[T](load: Callable[[str], T], good: Callable[[T], bool] = lambda _: True) -> Kind:
    """A text that `load` understands, spelled as an export spells it: another spelling would not come back."""

    def fits(value: Any) -> bool:
        try:
            return isinstance(value, str) and good(load(value)) and json_value(load(value)) == value
        except (ValueError, OverflowError, InvalidOperation):
            return False

    return Kind(fits, load)


def utc(text: str) -> datetime:
    """A moment in UTC. Raises ValueError where it has no zone, OverflowError outside the years 1 to 9999."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("A moment needs its zone.")
    return moment.astimezone(UTC)


def has_come(moment: datetime) -> bool:
    """Whether a moment is not in the future, but for what clocks differ."""
    return moment <= datetime.now(UTC) + CLOCKS_DIFFER


def is_bounded(value: Any, depth: int = DEEPEST) -> bool:
    """Whether everything in a JSON value can be kept and shown: numbers, texts, and how deep it is nested."""
    match value:
        case dict():
            inner = depth > 0 and all(is_bounded(one, depth - 1) for one in value.values())
            return inner and all("\0" not in name for name in value)
        case list():
            return depth > 0 and all(is_bounded(one, depth - 1) for one in value)
        case str():
            return "\0" not in value
    return not isinstance(value, int) or abs(value) < 2**63


def has_good_options(options: Any) -> bool:
    """Whether a replay could read the search options: those that it knows are of their kind."""
    return isinstance(options, dict) and all(
        OPTIONS[name].fits(value) for name, value in options.items() if name in OPTIONS
    )


def has_good_sentences(evidence: Mapping[str, Any]) -> bool:
    """Whether pages can mark the sentences that the evidence of groundedness speaks of, if it speaks of any."""
    sentences = evidence.get("sentences", [])
    return isinstance(sentences, list) and all(isinstance(row, dict) and is_sentence(row) for row in sentences)


def is_sentence(row: Mapping[str, Any]) -> bool:
    """Whether this is the evidence of one sentence, as every scorer so far has written it."""
    passage, missing = row.get("passage"), row.get("missing")
    facts = isinstance(missing, list) and all(
        isinstance(fact, dict) and TEXT.fits(fact.get("text")) for fact in missing
    )
    return is_span(row) and facts and row.get("band") in BANDS and (passage is None or is_passage(passage))


def is_passage(value: Any) -> bool:
    """Whether this says where in which source something stands."""
    return isinstance(value, dict) and is_span(value) and INTEGER.fits(value.get("source"))


def is_span(row: Mapping[str, Any]) -> bool:
    """Whether a record has a start and an end."""
    return INTEGER.fits(row.get("start")) and INTEGER.fits(row.get("end")) and row["start"] <= row["end"]


def list_of(kind: Kind) -> Kind:
    """A list of values of one kind."""
    return Kind(lambda value: isinstance(value, list) and all(kind.fits(one) for one in value))


TEXT = Kind(lambda value: isinstance(value, str) and "\0" not in value)
SLUG = Kind(lambda value: isinstance(value, str) and re.fullmatch(r"[\w-]{1,50}", value, re.ASCII) is not None)
BOOLEAN = Kind(lambda value: isinstance(value, bool))
INTEGER = Kind(lambda value: type(value) is int and 0 <= value < 2**31)
TOKENS = Kind(lambda value: type(value) is int and 0 <= value < 2**63)
NUMBER = Kind(lambda value: type(value) is float)
OBJECT = Kind(lambda value: isinstance(value, dict) and is_bounded(value))
OPTIONS = {
    "source": TEXT,
    "parameters": OBJECT,
    "context_tokens": INTEGER,
    "bytes_per_token": Kind(lambda value: type(value) in (int, float) and 0 < value < 100),
    "full_text": TEXT,
    "full_text_pages": INTEGER,
}
SEARCH_OPTIONS = Kind(lambda value: OBJECT.fits(value) and has_good_options(value))
USD = text_of(Decimal, lambda amount: amount.is_finite() and 0 <= amount < 10**9 and amount == round(amount, 9))
DAY = text_of(date.fromisoformat, lambda day: has_come(datetime(day.year, day.month, day.day, tzinfo=UTC)))
MOMENT = text_of(utc, has_come)
MATERIAL = nullable(Kind(lambda value: isinstance(value, str) or OBJECT.fits(value)))

RUN: Fields = {
    "number": INTEGER,
    "kind": TEXT,
    "state": TEXT,
    "partial": BOOLEAN,
    "failure": TEXT,
    "replay_of": nullable(INTEGER),
    "search_options": SEARCH_OPTIONS,
    "samples": INTEGER,
    "call_deadline_seconds": INTEGER,
    "max_usd_per_call": USD,
    "max_usd_per_run": USD,
    "max_usd_per_day": USD,
    "created_at": MOMENT,
    "locked_at": nullable(MOMENT),
    "finished_at": nullable(MOMENT),
    "published_at": nullable(MOMENT),
    "withdrawn_at": nullable(MOMENT),
    "fetch_seconds": nullable(NUMBER),
    "work_seconds": nullable(NUMBER),
}
EVALUATION: Fields = {"slug": SLUG, "name": TEXT, "description": TEXT, "sandbox": BOOLEAN, "public": BOOLEAN}
PROMPT: Fields = {
    "version": INTEGER,
    "system_text": TEXT,
    "output_format": OBJECT,
    "system_message": TEXT,
    "sha256": TEXT,
}
SOURCE: Fields = {
    "rank": INTEGER,
    "kind": TEXT,
    "title": TEXT,
    "url": TEXT,
    "publisher": TEXT,
    "published": TEXT,
    "queries": list_of(INTEGER),
    "has_text": BOOLEAN,
    "text_failure": TEXT,
}
CONTEXT: Fields = {"sha256": TEXT, "purged_at": nullable(MOMENT), "payload": MATERIAL, "sources": Each(SOURCE)}
QUERY: Fields = {
    "position": INTEGER,
    "query": TEXT,
    "state": TEXT,
    "failure": TEXT,
    "seconds": nullable(NUMBER),
    "answered_at": nullable(MOMENT),
}
ENTRY: Fields = {
    "position": INTEGER,
    "blind_position": INTEGER,
    "slug": SLUG,
    "name": TEXT,
    "provider_slug": SLUG,
    "provider_kind": TEXT,
    "base_url": TEXT,
    "model_id": TEXT,
    "parameters": OBJECT,
    "context_window": nullable(INTEGER),
    "usd_per_million_input": nullable(USD),
    "usd_per_million_output": nullable(USD),
}
ATTEMPT: Fields = {
    "number": INTEGER,
    "state": TEXT,
    "messages_sha256": TEXT,
    "generation_id": TEXT,
    "day": DAY,
    "reserved_usd": USD,
    "cost_usd": nullable(USD),
    "written_at": MOMENT,
    "settled_at": nullable(MOMENT),
    "status_code": nullable(INTEGER),
    "error": TEXT,
    "latency_seconds": nullable(NUMBER),
    "system_fingerprint": TEXT,
    "native_finish_reason": TEXT,
}
SCORE: Fields = {"value": nullable(NUMBER), "evidence": OBJECT, "computed_at": MOMENT}
REPORT: Fields = {
    "sample": INTEGER,
    "state": TEXT,
    "text": TEXT,
    "error": TEXT,
    "error_detail": TEXT,
    "flags": list_of(TEXT),
    "finish_reason": TEXT,
    "served_model": TEXT,
    "served_provider": TEXT,
    "input_tokens": nullable(TOKENS),
    "output_tokens": nullable(TOKENS),
    "reasoning_tokens": nullable(TOKENS),
    "cost_usd": nullable(USD),
    "latency_seconds": nullable(NUMBER),
    "answered_at": nullable(MOMENT),
    "withheld_at": nullable(MOMENT),
    "withheld_note": TEXT,
}
MANIFEST: Fields = {
    "form": INTEGER,
    "site": TEXT,
    "software": Each(TEXT),
    "run": RUN,
    "evaluation": EVALUATION,
    "prompt": PROMPT,
    "context": CONTEXT,
    "queries": Each(QUERY),
    "entries": Each(ENTRY),
    "reports": Each(Each({**REPORT, "attempts": Each(ATTEMPT), "scores": Each(Each(SCORE))})),
    "sha256": {"parts": Each(TEXT), "whole": TEXT},
}


def misfits(value: Any, shape: Shape = MANIFEST, path: str = "") -> Iterator[str]:
    """Paths of what is missing, too much or of another kind."""
    if isinstance(shape, Kind):
        if not shape.fits(value):
            yield f"{path}: not of the right kind"
    elif not isinstance(value, dict):
        yield f"{path}: not an object"
    elif isinstance(shape, Each):
        for name, inner in value.items():
            yield from misfits(inner, shape.shape, join_path(path, name))
    else:
        yield from (f"{join_path(path, name)}: missing" for name in shape if name not in value)
        yield from (f"{join_path(path, name)}: not known" for name in value if name not in shape)
        for name in shape.keys() & value.keys():
            yield from misfits(value[name], shape[name], join_path(path, name))


def dump_record(row: Any, fields: Fields) -> dict[str, Any]:
    """The fields of a row as a manifest writes them."""
    return {name: json_value(getattr(row, name)) for name, kind in fields.items() if isinstance(kind, Kind)}


def json_value(value: Any) -> Any:
    """A value in JSON."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def load_record(record: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The fields of a record in Python."""
    return {name: kind.load(record[name]) for name, kind in fields.items() if isinstance(kind, Kind)}
