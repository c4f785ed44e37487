"""The sanitiser over many documents: sanitising twice is sanitising once; no document takes long or grows much."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.presentation import markdown
from evaluations.presentation.markdown import sanitise, to_html
from evaluations.presentation.marks import link_notes
from tests.pages.test_rendering import DOCUMENTS, HTML_SCRAPS, forbidden, payloads

MANY = 10_000
LONG = [case for case in payloads() if case["control"] == "cpu" or len(case["payload"]) > 5_000]
LONG += [
    {"id": name, "payload": text}
    for name, text in {
        "rows": "| a | b |\n|-|-|\n" + "| Rovers | 41 |\n" * 5_000,
        "cells": "|a|b|\n|-|-|\n" + "|1|2|\n" * 240,
        "links": "[Rovers](https://e.example/) signed. " * 2_500,
        "items": "- a\n" * 24_000,
        "code": "```\n" + "Rovers signed Lund for 12.\n" * 3_600,
        "ampersands": "&" * 5_000_000,
        "less-than signs": "<" * 5_000_000,
        "quotations": ">" * 100 + " deep",
    }.items()
]


@given(st.lists(HTML_SCRAPS, max_size=40).map("".join))
@settings(max_examples=MANY, deadline=None)
def test_sanitising_ten_thousand_documents_twice_is_sanitising_them_once(markup):
    once = sanitise(markup)
    assert sanitise(once) == once
    assert forbidden(once) == []


@given(DOCUMENTS)
@settings(max_examples=MANY, deadline=None)
def test_ten_thousand_rendered_reports_are_already_sanitised(document):
    rendered = to_html(document)
    assert sanitise(rendered) == rendered
    assert forbidden(rendered) == []


@pytest.mark.parametrize("case", LONG, ids=lambda case: case["id"])
@pytest.mark.parametrize("marked", [False, True])
def test_stress_documents_end_in_two_seconds_and_stay_small(case, marked):
    text = case["payload"]
    sentences = [
        {"start": start, "end": start + 40, "band": "partly", "missing": [{"start": start, "end": start + 3}]}
        for start in range(0, min(len(text), 20_000), 41)
    ]
    labels = ["1: partly found in the sources"] * len(sentences)
    started = time.process_time()
    result = link_notes(to_html(text, sentences if marked else ()), "e1", labels)
    seconds = time.process_time() - started
    print(f"\n{case['id']}{' marked' if marked else ''}: {len(text):,} -> {len(result):,} characters, {seconds:.2f} s")
    assert seconds < 2
    assert len(result) <= 10 * len(text) + markdown.SMALL
