"""The models speak OpenRouter's wire format."""

import json
import re
import time
from typing import Any

import pytest

from evaluations.sandbox.app import Sandbox, SandboxConfig, create_app
from evaluations.sandbox.openrouter.refusals import provider_failures
from evaluations.sandbox.openrouter.request import RequestReader, tokens_in
from evaluations.sandbox.openrouter.roster import MODELS
from tests.sandbox.conftest import INSTRUCTIONS, ask, chat, chat_body, locked, quick, search

SLOW = "sandbox/slow"


@pytest.fixture(scope="session")
def material(articles: Any) -> str:
    """The whole library as a locked context."""
    return locked(articles)


def test_a_success_has_the_keys_of_the_real_wire(material: str) -> None:
    answer = chat(quick(), chat_body("sandbox/brief", material))
    body = answer.json()
    assert answer.status_code == 200
    assert re.fullmatch(r"gen-\d{10}-\w{20}", body["id"])
    assert answer.headers["x-generation-id"] == body["id"]
    assert (body["provider"], body["model"], body["object"]) == ("Sandbox", "sandbox/brief", "chat.completion")
    [choice] = body["choices"]
    assert (choice["finish_reason"], choice["native_finish_reason"], choice["index"]) == ("stop", "stop", 0)
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["refusal"] is None
    assert "openrouter_metadata" not in body


def test_the_cost_is_prices_times_tokens(material: str) -> None:
    for model in MODELS[:4]:
        body = chat(quick(), chat_body(model.id, material)).json()
        usage, content = body["usage"], body["choices"][0]["message"]["content"]
        assert usage["completion_tokens"] == -(-len(content.encode()) // 4)
        assert usage["prompt_tokens"] == tokens_in(f"{INSTRUCTIONS}\n{material}") + 8
        assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
        cost = model.prompt_price * usage["prompt_tokens"] + model.completion_price * usage["completion_tokens"]
        assert usage["cost"] == pytest.approx(float(cost))
        assert usage["cost_details"]["upstream_inference_cost"] == usage["cost"]


def test_max_tokens_cuts_the_answer_and_says_so(material: str) -> None:
    full = chat(quick(), chat_body("sandbox/thorough", material)).json()
    for limit in ("max_tokens", "max_completion_tokens"):
        request = chat_body("sandbox/thorough", material)
        del request["max_tokens"]
        body = chat(quick(), {**request, limit: 50}).json()
        assert body["choices"][0]["finish_reason"] == "length"
        assert body["usage"]["completion_tokens"] == 50
        whole = full["choices"][0]["message"]["content"]
        assert whole.startswith(body["choices"][0]["message"]["content"])


def test_metadata_comes_when_it_is_asked_for(material: str) -> None:
    body = chat(quick(), chat_body("sandbox/brief", material), headers={"X-OpenRouter-Metadata": "enabled"}).json()
    assert body["openrouter_metadata"]["endpoints"]["available"][0]["provider"] == "Sandbox"


@pytest.mark.parametrize("model", ["moonshot/kimi-k2", "sandbox/nobody", "sandbox/thorough-x", None, 7])
def test_an_unknown_model_is_400(model: Any) -> None:
    refused = chat(quick(), chat_body(model, "x"))
    assert refused.status_code == 400
    assert refused.json()["error"] == {"code": 400, "message": f"{model} is not a valid model ID"}
    assert refused.json()["user_id"].startswith("user_")


@pytest.mark.parametrize("path", ["/api/v1/chat/completions", "/api/v1/key", "/api/v1/generation?id=x"])
def test_a_missing_or_bad_key_is_401(path: str) -> None:
    method = "POST" if "chat" in path else "GET"
    missing = ask(quick(), method, path, headers={"Authorization": ""}, json=chat_body("sandbox/brief", "x"))
    assert (missing.status_code, missing.json()) == (
        401,
        {"error": {"code": 401, "message": "Missing Authentication header"}},
    )
    bad = ask(quick(), method, path, key="bad-key", json=chat_body("sandbox/brief", "x"))
    assert (bad.status_code, bad.json()["error"]["code"]) == (401, 401)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"\xff",
        b'{"model":"sandbox/brief"}',
        b'{"messages":[]}',
        b'{"messages":{}}',
        b"[" * 99_999,
    ],
)
def test_a_body_that_is_no_request_is_400(body: bytes) -> None:
    refused = ask(quick(), "POST", "/api/v1/chat/completions", content=body)
    assert refused.status_code == 400
    assert refused.json()["error"]["metadata"] == {"error_type": "invalid_request"}


def test_a_prompt_over_the_window_is_400() -> None:
    refused = chat(quick(), chat_body("sandbox/brief", "word " * 60_000))
    assert refused.status_code == 400
    assert refused.json()["error"]["metadata"]["error_type"] == "context_length_exceeded"
    assert "maximum context length is 65536 tokens" in refused.json()["error"]["message"]


def test_a_provider_that_may_not_serve_is_404() -> None:
    for wishes in ({"only": ["azure"]}, {"order": ["azure"], "allow_fallbacks": False}):
        refused = chat(quick(), chat_body("sandbox/brief", "x", provider=wishes))
        assert refused.status_code == 404
        assert "permits only: azure" in refused.json()["error"]["message"]
    assert chat(quick(), chat_body("sandbox/brief", "x", provider={"order": ["Sandbox"]})).status_code == 200


def test_a_required_parameter_that_the_model_lacks_is_404() -> None:
    wishes = {"require_parameters": True}
    assert chat(quick(), chat_body("sandbox/brief", "x", top_p=0.5, provider=wishes)).status_code == 200
    refused = chat(quick(), chat_body("sandbox/freeform", "x", top_p=0.5, provider=wishes))
    assert refused.status_code == 404
    assert refused.json()["error"]["message"].startswith("No endpoints found that can handle")


def test_streaming_is_refused_in_words() -> None:
    refused = chat(quick(), {**chat_body("sandbox/brief", "x"), "stream": True})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, 400)


def outcomes_of_slow(number: int) -> list[Any]:
    """What the slow model answers to so many different requests."""
    app = quick()
    return [chat(app, chat_body(SLOW, f"# Notice\nThe club number {n} won the cup on Friday.")) for n in range(number)]


def test_the_slow_model_fails_for_about_one_request_in_four() -> None:
    kinds = {"fine": 0, "502": 0, "429": 0, "error inside": 0, "empty": 0}
    for answer in outcomes_of_slow(120):
        body = answer.json()
        if answer.status_code != 200:
            kinds[str(answer.status_code)] += 1
            assert body["error"]["message"] == "Provider returned error"
        elif "choices" not in body:
            kinds["error inside"] += 1
            assert body["error"]["code"] == 502
        elif body["choices"][0]["message"]["content"]:
            kinds["fine"] += 1
        else:
            kinds["empty"] += 1
            assert body["usage"]["cost"] > 0
    assert 70 <= kinds["fine"] <= 105
    assert all(kinds.values()), kinds


def test_the_same_request_to_the_slow_model_ends_the_same_way() -> None:
    first = [answer.status_code for answer in outcomes_of_slow(20)]
    assert first == [answer.status_code for answer in outcomes_of_slow(20)]


def test_the_time_of_an_answer_does_not_decide_its_outcome() -> None:
    bodies = [chat_body(SLOW, f"# Notice\nThe club number {n} won.") for n in range(12)]
    fixed, natural = quick(), create_app(SandboxConfig())
    headers = {"authorization": "Bearer k"}

    def outcome(app: Sandbox, body: dict[str, Any]) -> tuple[int, bool]:
        answer = app.chat.answer(json.dumps(body).encode(), headers)
        return answer.status, "choices" in answer.body

    assert [outcome(fixed, body) for body in bodies] == [outcome(natural, body) for body in bodies]


def test_a_rate_limited_provider_says_when_to_come_back() -> None:
    [limited] = [one for one in provider_failures(SLOW) if one and one.status == 429]
    assert dict(limited.headers) == {"Retry-After": "1"}
    assert limited.body["error"]["metadata"]["provider_error_code"] == "upstream_429"
    assert "temporarily rate-limited upstream" in limited.body["error"]["metadata"]["raw"]


def test_models_have_the_real_shape() -> None:
    answer = ask(quick(roster=12), "GET", "/api/v1/models")
    listed = answer.json()["data"]
    assert [one["id"] for one in listed[:7]] == [
        *(model.id for model in MODELS),
        "sandbox/thorough-1",
        "sandbox/brief-1",
    ]
    assert len(listed) == 5 + 12
    assert listed[-1]["id"] == "sandbox/brief-3"
    for one in listed:
        assert {"id", "canonical_slug", "name", "created", "context_length", "architecture"} <= one.keys()
        assert isinstance(one["pricing"]["prompt"], str)
        assert 0 < float(one["pricing"]["prompt"]) < 0.001
        assert "e" not in one["pricing"]["prompt"].lower()
        assert "max_tokens" in one["supported_parameters"]
        assert one["expiration_date"] is None
        assert one["top_provider"]["context_length"] == one["context_length"]


def test_a_numbered_namesake_writes_what_its_model_writes(material: str) -> None:
    app = quick()
    texts = {
        chat(app, chat_body(name, material)).json()["choices"][0]["message"]["content"]
        for name in ("sandbox/thorough", "sandbox/thorough-1", "sandbox/thorough-512")
    }
    assert len(texts) == 1


def test_key_and_generation_know_what_was_spent(material: str) -> None:
    app = quick()
    body = chat(app, chat_body("sandbox/brief", material)).json()
    key = ask(app, "GET", "/api/v1/key").json()["data"]
    assert key["usage"] == pytest.approx(body["usage"]["cost"])
    assert "any-key" not in json.dumps(key)
    found = ask(app, "GET", "/api/v1/generation", params={"id": body["id"]}).json()["data"]
    assert (found["id"], found["model"], found["provider_name"]) == (body["id"], "sandbox/brief", "Sandbox")
    assert found["total_cost"] == pytest.approx(body["usage"]["cost"])
    assert found["native_tokens_completion"] == body["usage"]["completion_tokens"]
    assert ask(app, "GET", "/api/v1/generation", params={"id": "gen-0-x"}).status_code == 404


def test_kept_requests_are_shown_in_their_order() -> None:
    app = quick(keep_requests=True)
    bodies = [chat_body(f"sandbox/brief-{n}", "x") for n in range(3)]
    for body in bodies:
        chat(app, body)
    search(app, "transfers")
    assert ask(app, "GET", "/sandbox/requests").json() == bodies


def test_requests_are_not_kept_unless_asked() -> None:
    app = quick()
    chat(app, chat_body("sandbox/brief", "x"))
    assert ask(app, "GET", "/sandbox/requests").status_code == 404
    assert app.requests == []


def test_unknown_paths_and_methods_are_refused() -> None:
    assert ask(quick(), "GET", "/nowhere").status_code == 404
    assert ask(quick(), "GET", "/api/v1/chat/completions").status_code == 405


def test_a_fixed_time_is_kept() -> None:
    app = quick(answer_seconds=0.2)
    started = time.perf_counter()
    chat(app, chat_body("sandbox/brief", "x"))
    assert time.perf_counter() - started > 0.19


def test_each_model_has_a_pace_of_its_own() -> None:
    paces = {model.id: model.pace for model in MODELS}
    assert all(least >= 0.3 and least + spread <= 2.5 for least, spread in paces.values())
    assert max(paces, key=lambda name: paces[name]) == SLOW


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_messages_seen_before_are_recognised_and_not_parsed(separators: Any, ascii_only: bool) -> None:
    reader = RequestReader()
    bodies = [chat_body(f"sandbox/brief-{n}", 'Müller said "yes" \\ no', temperature=n / 10) for n in range(3)]
    read = [reader.read(json.dumps(body, separators=separators, ensure_ascii=ascii_only).encode()) for body in bodies]
    assert all(one.messages is read[0].messages for one in read)
    assert [one.model for one in read] == ["sandbox/brief-0", "sandbox/brief-1", "sandbox/brief-2"]
    assert [one.fields["temperature"] for one in read] == [0.0, 0.1, 0.2]
    assert read[0].messages.parsed == bodies[0]["messages"]


def test_messages_inside_another_field_fool_nobody() -> None:
    reader = RequestReader()
    true, false = [{"role": "user", "content": "true"}], [{"role": "user", "content": "false"}]
    reader.read(json.dumps({"messages": false}).encode())
    for body in (
        {"metadata": {"messages": false}, "messages": true},
        {"metadata": {"note": '"messages": [{"role": "user", "content": "false"}]'}, "messages": true},
    ):
        assert reader.read(json.dumps(body).encode()).messages.parsed == true
    assert reader.read(b'{"\\u006dessages": [{"role": "user", "content": "true"}]}').messages.parsed == true


def test_half_a_character_is_survived() -> None:
    body = json.dumps(chat_body("sandbox/thorough", "# Notice \ud800\nThe Owls beat the Rooks \ud800 on Friday."))
    answer = ask(quick(), "POST", "/api/v1/chat/completions", content=body.encode())
    assert answer.status_code == 200
    assert "Owls" in answer.json()["choices"][0]["message"]["content"]
