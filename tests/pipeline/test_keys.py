"""Keys go where they belong and stand nowhere else, whoever repeats them, however spelled."""

import base64
import html
import json
import logging
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation, Provider, Report, Run
from evaluations.pipeline import endpoints, runs
from evaluations.pipeline.plan import plan
from evaluations.pipeline.start import start
from evaluations.wire import secrets
from futbolreport import logs
from tests.faults.conftest import Services, answer_of, make_roster, one_authority, services  # noqa: F401 - fixtures

CANARY = "sk-canary-{}-Zx9/q+Kv=81"
VARIABLES = (
    "BRAVE_API_KEY", "FIRECRAWL_API_KEY", "OPENROUTER_API_KEY", "MISTRAL_API_KEY", "GROQ_API_KEY", "TOGETHER_API_KEY",
    "OPENAI_API_KEY", "LOCAL_API_KEY",
)  # fmt: skip
CANARIES = {variable: CANARY.format(f"{number:04}") for number, variable in enumerate(VARIABLES)}
KEYS = tuple(CANARIES.values())


def spellings(key: str) -> dict[str, str]:
    """The ways in which services have been seen to repeat a key."""
    return {
        "as it is": key,
        "in capitals": key.upper(),
        "in a URL": urllib.parse.quote(key, safe=""),
        "in HTML": html.escape(key),
        "escaped": "".join(f"\\u{ord(character):04x}" for character in key),
        "folded": f"{key[:9]}\r\n {key[9:]}",
        "with a line break escaped": f"{key[:9]}\\n{key[9:]}",
        "with invisible characters": "\u200b".join(key),
        "with control characters": f"{key[:9]}\x00{key[9:]}",
        "in Base64": base64.b64encode(f"Bearer {key}".encode()).decode(),
        "in hexadecimal": key.encode().hex(),
    }


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test knows its own keys only."""
    monkeypatch.setattr(secrets, "_known", set())
    secrets.patterns.cache_clear()
    secrets.skeletons.cache_clear()
    yield
    secrets.patterns.cache_clear()
    secrets.skeletons.cache_clear()


@pytest.mark.parametrize("how", spellings("x"))
def test_a_key_is_taken_out_of_texts_and_bodies_however_it_is_spelled(how: str) -> None:
    said = f"Bad key: {spellings(KEYS[0])[how]} (see the documentation)"
    assert secrets.redact(said) == said  # the control: nobody knows it yet
    secrets.remember(KEYS[0])
    for redacted in (secrets.redact(said), secrets.redact_bytes(said.encode()).decode()):
        assert "[key]" in redacted
        assert redacted.endswith(" (see the documentation)")


def test_a_body_stays_the_same_document_when_a_key_is_taken_out() -> None:
    secrets.remember(KEYS[0])
    document = {"a": KEYS[0], "b": [f"x {KEYS[0]} y"], "c": 1, KEYS[0]: None}
    body = secrets.redact_bytes(json.dumps(document).encode())
    assert json.loads(body) == {"a": "[key]", "b": ["x [key] y"], "c": 1, "[key]": None}


def test_words_are_no_keys_and_short_keys_are_left_alone() -> None:
    secrets.remember("sandbox")
    assert secrets.redact("the sandbox") == "the sandbox"


def test_a_traceback_in_the_log_holds_no_key(capsys: pytest.CaptureFixture[str]) -> None:
    secrets.remember(KEYS[0])
    handler = logging.StreamHandler()
    handler.setFormatter(logs.WithoutKeys("{levelname} {message}", style="{"))
    error = ValueError(f"Illegal header value b'Bearer {KEYS[0]}'")
    record = logging.LogRecord("keys", logging.ERROR, "", 1, "Failed with %s", (KEYS[0],), (ValueError, error, None))
    handler.handle(record)
    said = capsys.readouterr().err
    assert "Illegal header value" in said
    assert KEYS[0] not in said


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DATABASE_URL", "PATH", "sk-or-v1-0123", "BRAVE_API_KEY", "FIRECRAWL_API_KEY", "x_API_KEY"]
)
def test_a_name_that_is_no_providers_key_is_refused_when_saved(name: str) -> None:
    provider = Provider(slug="x", name="X", base_url="https://models.example/v1", api_key_variable=name)
    with pytest.raises(ValidationError, match="api_key_variable"):
        provider.clean_fields()
    provider.api_key_variable = "MISTRAL_API_KEY"
    provider.clean_fields()


@pytest.mark.parametrize(
    "url",
    ["https://[::1", "https://models.example:99999/v1", "https://me:pw@models.example/", "https://x.example/?key=1"],
)
def test_an_address_that_cannot_be_asked_is_refused_when_saved(url: str) -> None:
    with pytest.raises(ValidationError, match="base_url"):
        Provider(slug="x", name="X", base_url=url).clean_fields()


@pytest.fixture
def evaluation(services: Services) -> Evaluation:  # noqa: F811
    """Three models of one provider."""
    return make_roster(services.url)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "value", "words"),
    [
        ({"api_key_variable": "SECRET_KEY"}, "x" * 20, "SECRET_KEY is not the name of a provider's key"),
        ({}, "sk-with\na-line-break", "OPENROUTER_API_KEY holds a space, a line break"),
        ({}, "sk-ключ-0123", "OPENROUTER_API_KEY holds a space, a line break"),
        ({"base_url": "https://elsewhere.example/v1"}, "sk-good-0123", "would go to elsewhere.example; a superuser"),
    ],
)
def test_a_key_that_may_not_be_sent_stops_the_run_before_it_starts(
    evaluation: Evaluation, services: Services, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], value: str,  # noqa: F811
    words: str,
) -> None:  # fmt: skip
    Provider.objects.filter(slug="faults").update(**change)
    monkeypatch.setenv(change.get("api_key_variable", "OPENROUTER_API_KEY"), value)
    with pytest.raises(NotConfiguredError, match=words) as refusal:
        start(evaluation)
    assert value not in str(refusal.value)
    assert [words in obstacle for obstacle in plan(evaluation).obstacles].count(True) == 1
    assert (Run.objects.count(), services.asked, services.searched) == (0, [], 0)


@pytest.mark.django_db
def test_a_resumed_run_sends_no_other_variable_whatever_its_entry_says(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_SECRET", "canary-0123456789")
    entry = start(evaluation).run.entries.first()
    assert entry
    assert "Authorization" in endpoints.endpoint_of(entry, None).headers
    entry.api_key_variable = "MY_SECRET"
    assert "Authorization" not in endpoints.endpoint_of(entry, None).headers


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/v1", "http://[::1", "http://é .example", "no address"])
def test_an_address_of_another_day_that_cannot_be_asked_costs_its_own_report_alone(
    evaluation: Evaluation,
    services: Services,  # noqa: F811
    address: str,
) -> None:
    """As stored by a form that let it through."""
    broken = Provider.objects.create(slug="broken", name="Broken", kind="openai", base_url="http://127.0.0.1/v1")
    Provider.objects.filter(pk=broken.pk).update(base_url=address)
    evaluation.roster.filter(slug="middle").update(provider=broken)
    runs.execute(start(evaluation))
    ends = dict(Report.objects.values_list("entry__slug", "state"))
    assert ends == {"first": "succeeded", "middle": "failed", "last": "succeeded"}
    assert Run.objects.get().state == "published"


@pytest.mark.django_db
def test_a_confirmation_holds_for_one_key_and_one_host() -> None:
    provider = Provider.objects.get(slug="openrouter")
    assert provider.key_is_confirmed
    provider.base_url = "https://elsewhere.example/v1"
    assert not provider.key_is_confirmed
    provider.confirm_key()
    assert (provider.key_is_confirmed, provider.key_host) == (True, "elsewhere.example")
    provider.api_key_variable = "MISTRAL_API_KEY"
    assert not provider.key_is_confirmed


@pytest.mark.django_db
@pytest.mark.parametrize("superuser", [True, False])
def test_in_admin_a_superusers_save_confirms_and_an_editors_waits(superuser: bool, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("someone", password="x", is_staff=True, is_superuser=superuser)
    user.user_permissions.set(apps.get_model("auth", "Permission").objects.filter(content_type__model="provider"))
    client = Client()
    client.force_login(user)
    fields = {
        "slug": "openrouter",
        "name": "OpenRouter",
        "kind": "openrouter",
        "api_key_variable": "OPENROUTER_API_KEY",
    }
    provider = Provider.objects.get(slug="openrouter")
    answer = client.post(
        f"/admin/evaluations/provider/{provider.pk}/change/",
        {**fields, "base_url": "https://new.example/v1"},
        follow=True,
    )
    assert answer.status_code == 200
    provider.refresh_from_db()
    assert (provider.base_url, provider.key_is_confirmed) == ("https://new.example/v1", superuser)
    assert ("would go to new.example" in answer.content.decode()) is not superuser
