"""What stands in a manifest: every record with its fields, how each is written and read back."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from evaluations.manifests.documents import joined


def same(value: Any) -> Any:
    """The value as it is."""
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value: what fits, and what it is in Python."""

    fits: Callable[[Any], bool]
    load: Callable[[Any], Any] = same


@dataclass(frozen=True, slots=True)
class Each:
    """An object of any names, each with the same shape."""

    shape: "Shape"


Fields = Mapping[str, "Shape"]
Shape = Kind | Each | Fields


def maybe(kind: Kind) -> Kind:
    """The kind, or null."""
    return Kind(
        lambda value: value is None or kind.fits(value), lambda value: None if value is None else kind.load(value)
    )


def loads(load: Callable[[str], Any], good: Callable[[Any], bool] = lambda _: True) -> Callable[[Any], bool]:
    """Whether a value is a text that `load` understands, with a good result."""

    def fits(value: Any) -> bool:
        try:
            return isinstance(value, str) and good(load(value))
        except (ValueError, InvalidOperation):
            return False

    return fits


TEXT = Kind(lambda value: isinstance(value, str) and "\0" not in value)
SLUG = Kind(lambda value: isinstance(value, str) and re.fullmatch(r"[\w-]{1,50}", value) is not None)
YES_OR_NO = Kind(lambda value: isinstance(value, bool))
WHOLE = Kind(lambda value: type(value) is int and 0 <= value < 2**31)
TOKENS = Kind(lambda value: type(value) is int and 0 <= value < 2**63)
NUMBER = Kind(lambda value: type(value) in (int, float))
OBJECT = Kind(lambda value: isinstance(value, dict))
LIST = Kind(lambda value: isinstance(value, list))
USD = Kind(loads(Decimal, lambda amount: amount.is_finite() and 0 <= amount < 10**9), Decimal)
DAY = Kind(loads(date.fromisoformat), date.fromisoformat)
MOMENT = Kind(loads(datetime.fromisoformat, lambda moment: moment.tzinfo is not None), datetime.fromisoformat)
MATERIAL = maybe(Kind(lambda value: isinstance(value, dict | str)))

RUN: Fields = {
    "number": WHOLE,
    "kind": TEXT,
    "state": TEXT,
    "partial": YES_OR_NO,
    "failure": TEXT,
    "replay_of": maybe(WHOLE),
    "search_options": OBJECT,
    "samples": WHOLE,
    "call_deadline_seconds": WHOLE,
    "max_usd_per_call": USD,
    "max_usd_per_run": USD,
    "max_usd_per_day": USD,
    "created_at": MOMENT,
    "locked_at": maybe(MOMENT),
    "finished_at": maybe(MOMENT),
    "published_at": maybe(MOMENT),
    "withdrawn_at": maybe(MOMENT),
    "fetch_seconds": maybe(NUMBER),
    "work_seconds": maybe(NUMBER),
}
EVALUATION: Fields = {"slug": SLUG, "name": TEXT, "description": TEXT, "sandbox": YES_OR_NO, "public": YES_OR_NO}
PROMPT: Fields = {
    "version": WHOLE,
    "system_text": TEXT,
    "output_format": OBJECT,
    "system_message": TEXT,
    "sha256": TEXT,
}
SOURCE: Fields = {
    "rank": WHOLE,
    "kind": TEXT,
    "title": TEXT,
    "url": TEXT,
    "publisher": TEXT,
    "published": TEXT,
    "queries": LIST,
    "has_text": YES_OR_NO,
    "text_failure": TEXT,
}
CONTEXT: Fields = {"sha256": TEXT, "purged_at": maybe(MOMENT), "payload": MATERIAL, "sources": Each(SOURCE)}
QUERY: Fields = {
    "position": WHOLE,
    "query": TEXT,
    "state": TEXT,
    "failure": TEXT,
    "seconds": maybe(NUMBER),
    "answered_at": maybe(MOMENT),
}
ENTRY: Fields = {
    "position": WHOLE,
    "blind_position": WHOLE,
    "slug": SLUG,
    "name": TEXT,
    "provider_slug": SLUG,
    "provider_kind": TEXT,
    "base_url": TEXT,
    "model_id": TEXT,
    "parameters": OBJECT,
    "context_window": maybe(WHOLE),
    "usd_per_million_input": maybe(USD),
    "usd_per_million_output": maybe(USD),
}
ATTEMPT: Fields = {
    "number": WHOLE,
    "state": TEXT,
    "messages_sha256": TEXT,
    "generation_id": TEXT,
    "day": DAY,
    "reserved_usd": USD,
    "cost_usd": maybe(USD),
    "written_at": MOMENT,
    "settled_at": maybe(MOMENT),
    "status_code": maybe(WHOLE),
    "error": TEXT,
    "latency_seconds": maybe(NUMBER),
    "system_fingerprint": TEXT,
    "native_finish_reason": TEXT,
}
SCORE: Fields = {"value": maybe(NUMBER), "evidence": OBJECT, "computed_at": MOMENT}
REPORT: Fields = {
    "sample": WHOLE,
    "state": TEXT,
    "text": TEXT,
    "error": TEXT,
    "error_detail": TEXT,
    "flags": LIST,
    "finish_reason": TEXT,
    "served_model": TEXT,
    "served_provider": TEXT,
    "input_tokens": maybe(TOKENS),
    "output_tokens": maybe(TOKENS),
    "reasoning_tokens": maybe(TOKENS),
    "cost_usd": maybe(USD),
    "latency_seconds": maybe(NUMBER),
    "answered_at": maybe(MOMENT),
    "withheld_at": maybe(MOMENT),
    "withheld_note": TEXT,
}
MANIFEST: Fields = {
    "form": WHOLE,
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
            yield from misfits(inner, shape.shape, joined(path, name))
    else:
        yield from (f"{joined(path, name)}: missing" for name in shape if name not in value)
        yield from (f"{joined(path, name)}: not known" for name in value if name not in shape)
        for name in shape.keys() & value.keys():
            yield from misfits(value[name], shape[name], joined(path, name))


def dumped(row: Any, fields: Fields) -> dict[str, Any]:
    """The fields of a row as a manifest writes them."""
    return {name: plain(getattr(row, name)) for name, kind in fields.items() if isinstance(kind, Kind)}


def plain(value: Any) -> Any:
    """A value in JSON."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def loaded(record: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
    """The fields of a record in Python."""
    return {name: kind.load(record[name]) for name, kind in fields.items() if isinstance(kind, Kind)}
