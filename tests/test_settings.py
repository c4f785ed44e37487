"""A value of the environment that cannot be used stops the start, with its name and an example; a good one is read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from futbolreport import environment, secrets
from futbolreport.secrets import Secrets
from tests.environment import ENVIRONMENT, ROOT

SHOW = """
import json, sys
from futbolreport import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))
"""


def start(names: list[str], **given: str) -> subprocess.CompletedProcess[str]:
    """A fresh process that reads the settings and prints those named."""
    return subprocess.run(
        [sys.executable, "-c", SHOW, *names],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | ENVIRONMENT | given,
        capture_output=True,
        text=True,
    )


def read(*names: str, **given: str) -> Any:
    """What the settings are in such an environment."""
    result = start(list(names), **given)
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    return found[names[0]] if len(names) == 1 else found


@pytest.mark.parametrize(
    ("name", "value", "example"),
    [
        ("SITE_URL", "futbol.example.org", "https://"),
        ("SITE_URL", "https://", "https://"),
        ("SITE_URL", "ftp://futbol.example.org", "https://"),
        ("SITE_URL", "https://futbol.example.org:99999", "https://"),
        ("SITE_URL", "https://futbol.example.org/?a=1", "without query"),
        ("SITE_URL", "https://fut bol.example.org", "https://"),
        ("ALLOWED_HOSTS", "localhost, https://futbol.example.org", "without scheme"),
        ("ALLOWED_HOSTS", "futbol.example.org:443", "without scheme, port"),
        ("ALLOWED_HOSTS", "futbol.example.org/", "futbol.example.org, comma-separated"),
        ("ALLOWED_HOSTS", "::1", "hosts such as"),
        ("TASKS_BACKEND", "databse", "one of database"),
        ("TASKS_BACKEND", "no_such_package.Backend", "there is no no_such_package"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("REDIS_URL", "http://localhost:6379", "redis://"),
        ("BRAVE_BASE_URL", "http://[::1", "https://"),
        ("OPENROUTER_BASE_URL", "openrouter.ai/api/v1", "https://"),
        ("FIRECRAWL_BASE_URL", "https://api.firecrawl.dev:0", "https://"),
        ("DATABASE_URL", "futbolreport", "postgres://"),
        ("DATABASE_URL", "mysql://user@host/name", "PostgreSQL and SQLite"),
        ("DATABASE_URL", "postgres://user@host:port/name", "postgres://"),
        ("NOTIFY_WEBHOOK", "hooks.example.org/test-path", "https://"),
        ("NOTIFY_EMAIL", "newsroom", "newsroom@example.org"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy", "10.0.0.0/8"),
        ("CSRF_TRUSTED_ORIGINS", "futbol.example.org", "https://"),
        ("DEBUG", "perhaps", "true or false"),
        ("VOTING_HOURS", "70000000", "8784"),
        ("VOTING_HOURS", "-1", "from 0"),
        ("VOTES_PER_NETWORK", "five", "such as 5"),
        ("REPORT_TTL_DAYS", "1e3", "such as 90"),
        ("REPORT_TTL_DAYS", "٩٠", "such as 90"),
        ("CONTEXT_RETENTION_DAYS", "9" * 5000, "such as 1"),
    ],
)
def test_what_cannot_be_used_stops_the_start_with_its_name_and_an_example(name, value, example) -> None:
    result = start([], **{name: value})
    told = result.stderr.strip().splitlines()[-1]
    assert result.returncode != 0
    assert told.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert name in told
    assert example in told


def test_a_stop_tells_neither_password_nor_secret_path() -> None:
    for name, value in (
        ("DATABASE_URL", "postgres://user:test-password@host:port/name"),
        ("REDIS_URL", "http://user:test-password@host"),
        ("NOTIFY_WEBHOOK", "hooks.example.org/test-password"),
    ):
        assert "test-password" not in start([], **{name: value}).stderr


def test_lists_are_read_without_the_space_around_their_words() -> None:
    assert read("ALLOWED_HOSTS", ALLOWED_HOSTS="a.example.org, b.example.org ,") == ["a.example.org", "b.example.org"]


def test_hosts_are_read_as_requests_say_them() -> None:
    """The control of those that are refused."""
    hosts = ["*", ".example.org", "Futbol.example.org", "10.0.0.7", "[::1]"]
    assert read("ALLOWED_HOSTS", ALLOWED_HOSTS=",".join(hosts)) == hosts


def test_an_address_in_capitals_is_as_secure_and_says_the_origin_that_browsers_say() -> None:
    """The control: another port than the scheme's own is part of it."""
    names = ("SITE_IS_SECURE", "SESSION_COOKIE_SECURE", "CSRF_TRUSTED_ORIGINS")
    found = read(*names, SITE_URL="HTTPS://Futbol.Example.org:443/", CSRF_TRUSTED_ORIGINS="HTTP://Www.example.org:8080")
    assert list(found.values()) == [True, True, ["https://futbol.example.org", "http://www.example.org:8080"]]


def test_a_leading_dollar_is_part_of_the_key() -> None:
    key = "$test-key-" + "x" * 50
    assert read("SECRET_KEY", SECRET_KEY=key) == key


def test_forms_are_taken_from_the_site_itself_and_from_the_origins_named() -> None:
    found = read(
        "CSRF_TRUSTED_ORIGINS", SITE_URL="https://localhost:8443/news", CSRF_TRUSTED_ORIGINS="https://www.example.org"
    )
    assert found == ["https://localhost:8443", "https://www.example.org"]


def test_a_socket_of_this_machine_is_a_trusted_proxy_where_it_is_named() -> None:
    found = read("TRUST_UNIX_SOCKET", "SECURE_PROXY_SSL_HEADER", TRUSTED_PROXIES="unix")
    assert found == {"TRUST_UNIX_SOCKET": True, "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]}
    assert read("TRUST_UNIX_SOCKET", TRUSTED_PROXIES="127.0.0.1") is False


def test_a_byte_order_mark_before_an_env_file_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_NAME", "")
    monkeypatch.delenv("SOME_NAME")
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfSOME_NAME=value\n")
    environment.read_file(tmp_path / ".env")
    assert environment.text("SOME_NAME") == "value"


def test_every_name_that_settings_read_is_known_so_that_no_provider_can_ask_for_it() -> None:
    assert {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "NOTIFY_WEBHOOK", "SECRETS_ID"} <= environment.NAMES


# Secrets Manager


class Answering(Secrets):
    """A secret with a given answer in AWS's place."""

    def __init__(self, **answer: Any) -> None:
        super().__init__("futbolreport/test")
        self.answer = answer

    def ask(self) -> dict[str, Any]:
        return self.answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"SecretBinary": b"x"}, "holds binary data"),
        ({"SecretString": "test-value"}, "holds no JSON"),
        ({"SecretString": '["test-value"]'}, "holds a list"),
        ({"SecretString": "null"}, "holds null"),
        ({"SecretString": '{"SECRET_KEY": null}'}, "holds null under SECRET_KEY"),
        ({"SecretString": '{"SECRET_KEY": ["test-value"]}'}, "holds a list under SECRET_KEY"),
        ({"SecretString": '{"DEBUG": true}'}, "holds true or false under DEBUG"),
    ],
)
def test_a_secret_of_another_form_is_named_with_its_key_and_never_with_its_value(answer, told) -> None:
    with pytest.raises(ImproperlyConfigured) as stop:
        Answering(**answer).read()
    assert f"the secret futbolreport/test {told};" in str(stop.value)
    assert "test-value" not in str(stop.value) + repr(stop.value.__cause__ or "")


def test_numbers_of_a_secret_are_written_out() -> None:
    answer = {"SecretString": '{"VOTING_HOURS": 48, "SECRET_KEY": "test-key", "port": 5432}'}
    assert Answering(**answer).read() == {"VOTING_HOURS": "48", "SECRET_KEY": "test-key", "port": "5432"}


def test_a_rotated_key_is_taken_up_by_a_process_that_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_API_KEY", "")
    monkeypatch.setenv("OTHER_SETTING", "")
    moments = [1000.0]
    monkeypatch.setattr(secrets.time, "monotonic", lambda: moments[0])
    secret = Answering(SecretString='{"OTHER_API_KEY": "test-old", "OTHER_SETTING": "1"}')
    secret.join()
    secret.answer = {"SecretString": '{"OTHER_API_KEY": "test-new", "OTHER_SETTING": "2"}'}
    secret.refresh()
    assert os.environ["OTHER_API_KEY"] == "test-old"
    moments[0] += 300
    secret.refresh()
    assert (os.environ["OTHER_API_KEY"], os.environ["OTHER_SETTING"]) == ("test-new", "1")
    secret.answer = {"SecretString": "null"}
    moments[0] += 300
    secret.refresh()
    assert os.environ["OTHER_API_KEY"] == "test-new"


def test_a_secret_shows_its_name_alone() -> None:
    assert repr(Answering(SecretString='{"SECRET_KEY": "test-value"}')) == "Secrets('futbolreport/test')"
