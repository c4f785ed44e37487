"""What the program logs: each line once, and nothing of its visitors."""

import logging
import os
import subprocess
import sys

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


def logged(code: str) -> str:
    """What a process of ours writes to standard error."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "futbolreport.settings", "DEBUG": "false"}
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
