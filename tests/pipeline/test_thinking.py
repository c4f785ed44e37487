"""A model's thinking is no report, whatever marks its server leaves in the text."""

import json
import time
from typing import Any

import pytest

from evaluations.providers.completions import Completion, read_completion

REPORT = "# Rovers win\n\nRovers beat City 2-1 on Sunday."
THOUGHT = "The user wants a report.\n\nMaybe 17 sections?"


def completion(finish: str = "stop", **message: Any) -> Completion:
    answer = {"model": "m", "choices": [{"finish_reason": finish, "message": message}], "usage": {"cost": 0.001}}
    return read_completion(json.dumps(answer).encode(), "m")


@pytest.mark.parametrize(
    "written",
    [
        f"<think>\n{THOUGHT}\n</think>\n\n{REPORT}",
        f"<think></think>{REPORT}",
        f"  <THINKING>{THOUGHT}</THINKING>\n{REPORT}",
        f"{THOUGHT}\n</think>\n\n{REPORT}",
        f"<think>one</think>\n<think>two</think>\n{REPORT}",
        f'<thinking budget="9">{THOUGHT}</thinking>{REPORT}',
        f"<reasoning>{THOUGHT}</reasoning>\n{REPORT}",
        f"[THINK]{THOUGHT}[/THINK]{REPORT}",
        f"◁think▷{THOUGHT}◁/think▷{REPORT}",
        f"<seed:think>{THOUGHT}</seed:think>{REPORT}",
        f"<mm:think>{THOUGHT}</mm:think>{REPORT}",
        f"<longcat_think>{THOUGHT}</longcat_think>{REPORT}",
        f"<think >{THOUGHT}</think >{REPORT}",
        f"<think/>\n\n{REPORT}",
        f"<|think|>{THOUGHT}<|/think|>{REPORT}",
        f"<unused94>thought\n{THOUGHT}<unused95>{REPORT}",
        f"<|begin_of_thought|>{THOUGHT}<|end_of_thought|>\n<|begin_of_solution|>{REPORT}<|end_of_solution|>",
        f"<think>{THOUGHT}</think>\n<answer>\n{REPORT}\n</answer>",
        f"<|channel>thought\n{THOUGHT}<channel|>{REPORT}",
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final<|message|>{REPORT}<|return|>",
        f"<|start|>assistant<|channel|>analysis<|message|>{THOUGHT}<|end|>\n<|channel|>final <|message|>{REPORT}",
        f"analysisThe user wants a report. {THOUGHT}assistantfinal{REPORT}",
        f"{REPORT}<|im_end|>",
        f"{REPORT}\n</s>",
        f"{REPORT}<|eot_id|><|eot_id|>\n",
        f"{REPORT}<end_of_turn>",
        f"{REPORT}<|EOT|>",
        f"{REPORT}<|endofprompt|><|eot|>",
        f"{REPORT}[/INST]",
        f"{REPORT}<end_of_utterance>",
        f"{REPORT}<|im_end|>\nassistant",
        f"{REPORT}<end_of_turn>\n<start_of_turn>user\nThank you!",
        f"{REPORT}<｜end▁of▁sentence｜>",
        f"{REPORT}<|im_end|>\n<|im_start|>user\nThank you!<|im_end|>",
        f"<|im_start|>assistant\n{REPORT}<|im_end|>",
        f"<think>{THOUGHT}</think>{REPORT}<|im_end|>",
    ],
)
def test_the_report_is_what_is_left_without_thinking_and_stop_tokens(written: str) -> None:
    found = completion(content=written)
    assert (found.text, found.error, found.flags) == (REPORT, "", ())


@pytest.mark.parametrize(
    "written",
    [
        f"<think>\n{THOUGHT}",
        f"<think>{THOUGHT}</think>",
        f"<|channel|>analysis<|message|>{THOUGHT}",
        f"{THOUGHT}</think>\n",
    ],
)
def test_thinking_alone_is_an_empty_answer_and_says_so(written: str) -> None:
    found = completion("length", content=written)
    assert (found.text, found.error, found.detail) == ("", "empty", "the answer is thinking alone")
    assert found.flags == ("truncated", "only_thinking")
    assert found.cost_usd is not None


@pytest.mark.parametrize(
    "written",
    [
        "Analysis of the week: Rovers won. The assistant finalised the deal.",
        "analysis is the heading of this report, in lower case.",
        "Rovers won; fans say <think> is their new chant.",
        "The board said: I think Rovers won.",
        "Rovers won 2-1 </s> and City lost.",
        "A table | with | bars |>",
        "<answer>Rovers won.</answer>",
        "Rovers won <|2-1|>",
        "Rovers won, said the assistant",
    ],
)
def test_what_only_looks_like_a_mark_stays(written: str) -> None:
    assert completion(content=written).text == written


@pytest.mark.parametrize(
    "parts",
    [
        [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}, {"type": "text", "text": REPORT}],
        [{"type": "reasoning", "text": THOUGHT}, {"type": "output_text", "text": REPORT}],
        [{"type": "reasoning.text", "text": THOUGHT}, {"text": REPORT}],
        [{"type": "text", "text": {"value": REPORT}}, {"type": "redacted_thinking", "data": "x"}],
    ],
)
def test_thoughts_that_come_as_typed_parts_are_left_out(parts: list[Any]) -> None:
    assert completion(content=parts).text == REPORT


def test_thoughts_in_a_field_of_their_own_never_were_the_report() -> None:
    found = completion(content=REPORT, reasoning=THOUGHT, reasoning_content=THOUGHT)
    assert (found.text, found.flags) == (REPORT, ())


@pytest.mark.parametrize(
    ("finish", "message", "error", "flags"),
    [
        ("stop", {"content": None, "refusal": "I cannot."}, "refusal", ("refusal",)),
        ("stop", {"content": REPORT, "refusal": "Not all of it."}, "", ("refusal",)),
        ("content_filter", {"content": REPORT}, "", ("content_filter",)),
        ("content_filter", {"content": ""}, "content_filter", ("content_filter",)),
        ("SAFETY", {"content": REPORT}, "", ("content_filter",)),
        ("sensitive", {"content": REPORT}, "", ("content_filter",)),
        ("ERROR_TOXIC", {"content": ""}, "content_filter", ("content_filter",)),
        ("refusal", {"content": REPORT}, "", ("refusal",)),
        ("MAX_TOKENS", {"content": REPORT}, "", ("truncated",)),
        ("model_length", {"content": REPORT}, "", ("truncated",)),
        ("end_turn", {"content": REPORT}, "", ()),
        ("STOP", {"content": REPORT}, "", ()),
        ("stop", {"content": REPORT}, "", ()),
    ],
)
def test_ends_refusals_and_filters_are_called_what_they_are_in_any_word(
    finish: str, message: dict[str, Any], error: str, flags: tuple[str, ...]
) -> None:
    found = completion(finish, **message)
    assert (found.error, found.flags) == (error, flags)
    if error == "refusal":
        assert found.detail == "I cannot."


@pytest.mark.parametrize(
    "mark", ["<think>", "</think>", "<|channel|>", "analysisA", "<|im_end|>", "<think></think>\n", " "]
)
@pytest.mark.parametrize("end", ["", "x"])
def test_a_flood_of_marks_takes_no_time(mark: str, end: str) -> None:
    started = time.process_time()
    completion(content=mark * 50_000 + end)
    assert time.process_time() - started < 5
