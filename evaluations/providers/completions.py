"""Reading a finished answer of the chat completions form, as servers really send it. Pure.

What is wrong with an answer becomes a label or the answer's own failure, never an error.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from evaluations.wire import documents, values
from evaluations.wire.failures import Code, Failure
from evaluations.wire.text import clean

from . import event_streams
from .openai_compatible import OpenAICompatible
from .thinking import report_in

MAX_BODY = 8_000_000  # bytes, decoded; of a longer one no more is read
# How servers say that an answer came to its end, and that it was cut: in the form's own word or in their model's.
FINISHES = frozenset({
    "stop", "tool_calls", "error", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed",
})  # fmt: skip
CUTS = frozenset({"length", "max_tokens", "max_length", "model_length", "model_context_window_exceeded"})
# How servers say that a filter cut the answer, in the form's own word or in their own.
FILTERS = frozenset({
    "content_filter", "content-filter", "safety", "prohibited_content", "recitation", "blocklist", "spii",
    "image_safety", "guardrail_intervened", "model_armor", "content_filtered", "sensitive", "error_toxic",
})  # fmt: skip
MOST_TOKENS = 10**9
PLAIN = OpenAICompatible()


@dataclass(frozen=True, slots=True)
class Completion:
    """What a paid answer says. `error` is empty where it carries a report; text may be there all the same."""

    text: str = ""
    error: str = ""
    detail: str = ""
    flags: tuple[str, ...] = ()
    finish_reason: str = ""
    native_finish_reason: str = ""
    served_model: str = ""
    served_provider: str = ""
    generation_id: str = ""
    system_fingerprint: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost_usd: Decimal | None = None


def read_completion(
    body: bytes, asked: str, also: Collection[str] = (), provider: OpenAICompatible = PLAIN
) -> Completion:
    """Read the raw body of a 200 answer to a question put to the model `asked`, which may also be called `also`."""
    if len(body) > MAX_BODY:
        return Completion(error=Code.ANSWER_TOO_LARGE, detail=f"over {MAX_BODY:,} bytes; the rest was not read")
    try:
        document, whole = document_in(body)
    except documents.UnreadableError as error:
        return Completion(error=Code.PROTOCOL, detail=clean(str(error))[:300])
    if not isinstance(document, dict):
        return Completion(error=Code.PROTOCOL, detail="not a JSON object")
    read = completion_in(document, {asked, *also}, provider)
    return read if whole else replace(read, error=Code.PROTOCOL, detail="an event stream that broke off")


def document_in(body: bytes) -> tuple[Any, bool]:
    """The answer's document, and whether it is whole: an event stream that nobody asked for may break off.

    Raises UnreadableError.
    """
    text = event_streams.strip_comments(documents.decode(body))
    if text.startswith(event_streams.FIELDS):  # not a document
        return event_streams.fold(text)
    document = documents.read(text)
    return (values.at(document, 0) if isinstance(document, list) else document), True


def completion_in(document: dict[str, Any], names: Collection[str], provider: OpenAICompatible) -> Completion:
    """What a document says."""
    usage = values.record(document, "usage")
    choice = next(iter(values.records(document, "choices")), {})
    written, thought = report_in(content_of(choice))
    finish = values.text(choice, "finish_reason")
    failure = failure_in(document, choice, written, thought)
    served = values.text(document, "model")
    counts = tokens_in(usage)
    cost, stated = provider.cost_in(usage)
    rejected = (stated and cost is None) or any(there and count is None for there, count in counts)
    return Completion(
        text=written,
        error=failure.code if failure else "",
        detail=failure.detail if failure else "",
        finish_reason=finish,
        native_finish_reason=values.text(choice, "native_finish_reason"),
        served_model=served,
        served_provider=values.text(document, "provider") or selected_provider(document),
        generation_id=values.text(document, "id"),
        system_fingerprint=values.text(document, "system_fingerprint"),
        input_tokens=counts[0][1],
        output_tokens=counts[1][1],
        reasoning_tokens=counts[2][1],
        cost_usd=cost,
        flags=(
            *labels(choice, written, thought),
            *(["model_mismatch"] if served and not any(same_model(served, name) for name in names) else []),
            *(["context_compressed"] if was_compressed(document) else []),
            *(["usage_rejected"] if rejected else []),
        ),
    )


def content_of(choice: dict[str, Any]) -> str:
    """What was written: a text, or the text parts of a list, joined; thoughts are parts of a type of their own."""
    content = values.at(choice, "message", "content")
    content = values.at(choice, "text") if content is None else content
    written = content if isinstance(content, str) else "".join(text_parts(values.records(content)))
    return clean(written).strip()


def text_parts(parts: list[dict[str, Any]]) -> Iterator[str]:
    """The texts among the parts of a message."""
    for part in parts:
        text = part.get("text")
        text = values.at(text, "value") if isinstance(text, dict) else text
        if part.get("type") in (None, "text", "output_text") and isinstance(text, str):
            yield text


def tokens_in(usage: dict[str, Any]) -> list[tuple[bool, int | None]]:
    """Of input, output and reasoning tokens: whether the usage states a count, and the count where it makes sense."""
    paths = (
        (("prompt_tokens",), ("input_tokens",)),
        (("completion_tokens",), ("output_tokens",)),
        (("completion_tokens_details", "reasoning_tokens"),),
    )
    found = []
    for names in paths:
        path = next((path for path in names if values.at(usage, *path) is not None), names[0])
        found.append((values.at(usage, *path) is not None, values.integer(usage, *path, most=MOST_TOKENS)))
    return found


def selected_provider(document: dict[str, Any]) -> str:
    """The serving provider by OpenRouter's own account of its routing."""
    available = values.records(document, "openrouter_metadata", "endpoints", "available")
    return next((values.text(row, "provider") for row in available if row.get("selected") is True), "")


def was_compressed(document: dict[str, Any]) -> bool:
    """Whether a step of OpenRouter's pipeline says that it compressed the context, although told not to."""
    steps = values.rows(document, "openrouter_metadata", "pipeline")
    return any("compress" in str(step)[:2000].lower() for step in steps if values.at(step, "enabled") is not False)


def failure_in(document: dict[str, Any], choice: dict[str, Any], written: str, thought: bool) -> Failure | None:
    """Why a 200 answer carries no report, in the provider's words where it has some."""
    for holder in (document, choice):
        if error := holder.get("error"):
            said = values.text(error, "message", most=500) or values.text(error, most=500)
            return Failure(Code.PROVIDER_ERROR, said or "the provider reported an error")
    if values.text(choice, "finish_reason") == "error":
        return Failure(Code.PROVIDER_ERROR, "the provider broke off")
    if not choice:
        return Failure(Code.EMPTY, "the answer has no choices")
    if written:
        return None
    if refusal := values.text(choice, "message", "refusal", most=500):
        return Failure(Code.REFUSAL, refusal)
    if is_filtered(choice):
        return Failure(Code.CONTENT_FILTER, "a content filter left nothing of the answer")
    return Failure(Code.EMPTY, "the answer is thinking alone" if thought else "the answer has no text")


def is_filtered(choice: dict[str, Any]) -> bool:
    """Whether a filter ended the answer."""
    said = {values.text(choice, name).lower() for name in ("finish_reason", "native_finish_reason")}
    return bool(said & FILTERS)


def labels(choice: dict[str, Any], written: str, thought: bool) -> list[str]:
    """Flags that a reader should see beside the report."""
    finish = values.text(choice, "finish_reason").lower()
    found = []
    if is_filtered(choice):
        found.append("content_filter")
    elif finish in CUTS:
        found.append("truncated")
    elif choice and not finish:
        found.append("no_finish_reason")
    elif finish and finish not in FINISHES and finish != "refusal":
        found.append("unknown_finish_reason")
    if finish == "refusal" or values.text(choice, "message", "refusal"):
        found.append("refusal")
    if thought and not written:
        found.append("only_thinking")
    return found


def same_model(served: str, asked: str) -> bool:
    """Whether the served id is the asked one, perhaps with a date (`name-20260528`) or OpenRouter's `:variant`.

    Ids without a slash are other servers': there, what follows a colon names another model (`gemma3:12b`), but for
    Ollama's `:latest`, and `-latest` stands for a date. Servers leave out, or put before it, whose model it is.
    """
    served, asked = (re.sub("[:-]latest$", "", name.lower()) for name in (served, asked))
    if "/" in asked:
        served, asked = served.split(":")[0], asked.split(":")[0]
    if ("/" in served) is not ("/" in asked):
        served, asked = served.rpartition("/")[2], asked.rpartition("/")[2]
    rest = served.removeprefix(asked)
    return served == asked or (rest != served and rest.startswith("-") and rest[1:].replace("-", "").isdigit())
