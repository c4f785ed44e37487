"""What the program logs: each line once, and nothing of its visitors."""

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from tests.environment import ROOT

VISIT = {"REMOTE_ADDR": "203.0.113.77", "HTTP_USER_AGENT": "Canary/9.9", "QUERY_STRING": "q=canary"}
START = """
import logging, sys
logging.basicConfig(level=logging.INFO)  # as Lambda and Zappa do before anything of ours
logging.getLogger().setLevel(logging.INFO)
import django
django.setup()
"""


def logged(code: str, **more: str) -> str:
    """What a process of ours writes to standard error."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "futbolreport.settings", "DEBUG": "false", **more}
    done = subprocess.run(
        [sys.executable, "-c", START + code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stderr


def test_a_line_of_ours_comes_once_and_others_tell_only_what_went_wrong() -> None:
    ours = ["evaluations.pipeline.reconcile", "votes.views", "futbolreport.secrets"]
    others = ["httpx", "httpcore.connection", "zappa", "", "urllib3"]
    said = logged(
        f"for name in {ours!r}: logging.getLogger(name).info('ours of %s;', name)\n"
        f"for name in {others!r}: logging.getLogger(name).info('POST https://hooks.example/T0/canary')\n"
        f"for name in {others!r}: logging.getLogger(name).warning('wrong in %s;', name)"
    )
    assert [said.count(f"ours of {name};") for name in ours] == [1] * 3
    assert [said.count(f"wrong in {name};") for name in others] == [1] * 5
    assert "canary" not in said


@pytest.mark.django_db
def test_a_visit_leaves_no_line(caplog: pytest.LogCaptureFixture) -> None:
    """The control: an error is told, without the visitor."""
    client = Client(**VISIT)
    assert [client.get(page).status_code for page in ("/no/such/canary/", "/", "/runs/9999/ballot/")] == [404, 200, 404]
    assert caplog.text == ""
    logging.getLogger("django.request").error("Internal Server Error: /")
    assert "Internal Server Error" in caplog.text
    assert [canary for canary in ("203.0.113", "Canary", "canary") if canary in caplog.text] == []


def test_zappas_line_for_each_request_is_not_written() -> None:
    pytest.importorskip("zappa", reason="MISSING PART: zappa, which is installed for deploying only")
    request = {**VISIT, "REQUEST_METHOD": "GET", "PATH_INFO": "/", "SERVER_PROTOCOL": "HTTP/1.1"}
    said = logged(
        "from zappa.wsgi import common_log\n"
        "class Answer: status_code, content = 200, b''\n"
        f"common_log({request!r}, Answer, 5)"
    )
    assert "203.0.113" not in said


def json_lines(code: str) -> list[dict[str, Any]]:
    """The events that a process writes as JSON."""
    return [json.loads(line) for line in logged(code, LOG_FORMAT="json").splitlines()]


def test_an_event_is_one_line_of_json_whatever_line_breaks_it_has() -> None:
    forged = 'first\nsecond {"level": "ERROR"}\r\u2028third'
    (event,) = json_lines(f"logging.getLogger('evaluations.runs').info({forged!r})")
    assert event["message"] == forged
    assert (event["level"], event["logger"]) == ("INFO", "evaluations.runs")
    assert set(event) == {"time", "level", "logger", "message"}


def test_an_event_names_the_run_and_the_request_it_belongs_to_and_holds_its_traceback() -> None:
    inside, outside = json_lines(
        "from evaluations.wire import tracing\n"
        "log = logging.getLogger('evaluations.runs')\n"
        "with tracing.of_request('abc-1'), tracing.of_run(7):\n"
        "    try: 1 / 0\n"
        "    except ZeroDivisionError: log.exception('it failed')\n"
        "log.info('afterwards')\n"
    )
    assert (inside["run"], inside["request"]) == (7, "abc-1")
    assert "ZeroDivisionError" in inside["traceback"]
    assert not {"run", "request", "traceback"} & set(outside)


def test_no_key_stands_in_a_line_of_json() -> None:
    said = logged("logging.getLogger('evaluations').info('got test-canary-0123456789')", LOG_FORMAT="json")
    assert "test-canary" in said  # the control: nobody has read such a key
    kept = logged(
        "logging.getLogger('evaluations').info('got test-canary-0123456789')",
        LOG_FORMAT="json",
        CANARY_API_KEY="test-canary-0123456789",
    )
    assert "test-canary" not in kept
