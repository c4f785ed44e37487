"""Reading finished answers, in the shapes that the wire really has."""

import json
from decimal import Decimal
from typing import Any

import pytest

from evaluations.providers.completions import Completion, read_completion

REAL: dict[str, Any] = {
    "id": "gen-1769543798-64AJb7",
    "provider": "Moonshot AI",
    "model": "moonshotai/kimi-k3",
    "object": "chat.completion",
    "created": 1769543798,
    "choices": [
        {
            "finish_reason": "stop",
            "native_finish_reason": "end_turn",
            "index": 0,
            "message": {"role": "assistant", "content": "# A report\n\nTwo goals.", "refusal": None},
        }
    ],
    "system_fingerprint": "fpv0_30fe32e5",
    "usage": {
        "prompt_tokens": 20,
        "completion_tokens": 48,
        "total_tokens": 68,
        "cost": 0.000156,
        "completion_tokens_details": {"reasoning_tokens": 42},
    },
}


def read(asked: str = "moonshotai/kimi-k3", **changes: Any) -> Completion:
    return read_completion(json.dumps(REAL | changes).encode(), asked)


def choice(**changes: Any) -> list[dict[str, Any]]:
    return [REAL["choices"][0] | changes]


def test_a_good_answer_is_read_whole() -> None:
    assert read() == Completion(
        text="# A report\n\nTwo goals.",
        finish_reason="stop",
        native_finish_reason="end_turn",
        served_model="moonshotai/kimi-k3",
        served_provider="Moonshot AI",
        generation_id="gen-1769543798-64AJb7",
        system_fingerprint="fpv0_30fe32e5",
        input_tokens=20,
        output_tokens=48,
        reasoning_tokens=42,
        cost_usd=Decimal("0.000156"),
    )


def test_heartbeats_before_the_json_are_no_trouble() -> None:
    assert read_completion(b"\n \n" * 500 + json.dumps(REAL).encode(), "moonshotai/kimi-k3") == read()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"choices": None, "error": {"code": 502, "message": "Provider returned error"}}, "provider_error"),
        ({"choices": choice(finish_reason="error")}, "provider_error"),
        ({"choices": choice(error={"message": "broke off"})}, "provider_error"),
        ({"choices": []}, "empty"),
        ({"choices": None}, "empty"),
        ({"choices": choice(message={"content": "\n\n  "})}, "empty"),
        ({"choices": choice(message={"content": None, "reasoning": "long"})}, "empty"),
        ({"choices": choice(message={"content": None}, finish_reason="tool_calls")}, "empty"),
    ],
)
def test_a_paid_answer_without_a_report_says_why_and_keeps_its_cost(changes: dict[str, Any], error: str) -> None:
    answer = read(**changes)
    assert (answer.error, answer.cost_usd) == (error, Decimal("0.000156"))


def test_text_that_came_before_a_provider_broke_off_is_kept() -> None:
    assert read(choices=choice(finish_reason="error")).text == "# A report\n\nTwo goals."


def test_text_parts_are_joined() -> None:
    parts = [{"type": "text", "text": "One "}, {"type": "image"}, {"type": "text", "text": "two."}]
    assert read(choices=choice(message={"content": parts})).text == "One two."


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"choices": choice(finish_reason="length")}, "truncated"),
        ({"choices": choice(finish_reason=None)}, "no_finish_reason"),
        ({"choices": choice(finish_reason="banana")}, "unknown_finish_reason"),
        ({"model": "moonshotai/kimi-k2"}, "model_mismatch"),
        ({"openrouter_metadata": {"pipeline": [{"name": "context-compression"}]}}, "context_compressed"),
        ({"usage": {"prompt_tokens": -1}}, "usage_rejected"),
        ({"usage": {"prompt_tokens": "many"}}, "usage_rejected"),
        ({"usage": {"cost": 1e99}}, "usage_rejected"),
        ({"usage": {"cost": -1}}, "usage_rejected"),
        ({"usage": {"cost": True}}, "usage_rejected"),
    ],
)
def test_what_a_reader_should_know_is_flagged_and_the_report_stands(changes: dict[str, Any], flag: str) -> None:
    answer = read(**changes)
    assert (answer.flags, answer.error) == ((flag,), "")
    assert read().flags == ()


@pytest.mark.parametrize("served", ["moonshotai/kimi-k3", "moonshotai/kimi-k3-20260528", "moonshotai/kimi-k3:free"])
def test_a_dated_slug_of_the_asked_model_is_no_mismatch(served: str) -> None:
    assert read(model=served).flags == ()


@pytest.mark.parametrize(
    ("asked", "served", "same"),
    [
        ("mistral-large-latest", "mistral-large-2512", True), ("mistral-large-latest", "mistral-large-latest", True),
        ("mistral-large-latest", "mistral-small-2512", False), ("maker/x", "x", True), ("x", "maker/x", True),
        ("maker/x", "other/x", False), ("/models/x.gguf", "x.gguf", True), ("maker/x", "x-mini", False),
    ],
)  # fmt: skip
def test_an_alias_of_the_asked_model_is_no_mismatch_however_a_server_spells_it(
    asked: str, served: str, same: bool
) -> None:
    assert read(asked=asked, model=served).flags == (() if same else ("model_mismatch",))


@pytest.mark.parametrize(("served", "flags"), [("gemma3:12b", ()), ("gemma3:27b", ("model_mismatch",))])
def test_on_other_servers_a_colon_names_another_model(served: str, flags: tuple[str, ...]) -> None:
    assert read(asked="gemma3:12b", model=served).flags == flags


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[1]", b"data: {no\n\n", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_a_protocol_error(body: bytes) -> None:
    assert read_completion(body, "m").error == "protocol"


def test_characters_that_a_database_refuses_are_taken_out() -> None:
    assert read(choices=choice(message={"content": "a\u0000b\ud800c"})).text == "ab\ufffdc"


def test_the_serving_provider_is_taken_from_the_routing_where_the_body_does_not_name_it() -> None:
    available = [{"provider": "One", "selected": False}, {"provider": "Two", "selected": True}]
    assert read(provider=None, openrouter_metadata={"endpoints": {"available": available}}).served_provider == "Two"


def test_a_compression_that_was_switched_off_is_no_compression() -> None:
    off = {"id": "context-compression", "enabled": False}
    assert read(openrouter_metadata={"pipeline": [off]}).flags == ()


def test_comments_before_the_answer_are_passed_over_however_many() -> None:
    comments = b": OPENROUTER PROCESSING\n\n" * 100_000
    assert read_completion(comments + json.dumps(REAL).encode(), "moonshotai/kimi-k3") == read()
    assert read_completion(comments, "m").error == "protocol"
