"""Whatever stands in the environment, in .env or in the secret, the start ends in settings, or stops in our words."""

import os
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from evaluations.wire import secrets as keys
from futbolreport import environment
from futbolreport.secrets import Secrets
from tests.environment import ROOT
from tests.fuzz.conftest import Border
from tests.fuzz.oddities import ODD_HEADERS, Mutant, odd_documents
from tests.fuzz.test_forms import TYPED

ADDRESSES = (
    "http://[::1", "https://user:pass@host/", "https://h:99999", "https://h:0", "https://h:-1", "//h", "https:/h",
    "https://\u00e9.example", "https://h/%zz", "https://h?a#b", "file:///etc/passwd", "redis://", "rediss://h/x",
    "unix:", "unix://", "unix:///tmp/x?db=a", "redis://h:6379/1e999", "postgres://", "postgres://h", "postgres:///n",
    "postgres://u:p@[::1/n", "postgres://u@h:1/n?sslmode=\ufffd", "sqlite://", "sqlite:///", "sqlite://:memory:",
    "mysql://h/n", "sqlite:////proc/no/such/folder/x", "postgresql://u:%zz@h/n", "pgsql://h/n?options=a=b=c",
    "10.0.0.0/33", "10.0.0.1/8", "::/0", "unix,", "unix,unix", "127.0.0.1,,x", "1.2.3.4/-1", "fe80::1%eth0", "\ufeffx",
    "a@b", "a@b.c@d", '"a b"@c.example', "a@" + "b" * 300 + ".example", "a\u202e@b.example", "dummy", "immediate",
    "django.tasks.backends.immediate.ImmediateBackend", "no.such.Backend", "os.path", ".", "..", "*", "*.example.org",
    "https://*.example.org", "host:80", "[::1]", "https://a b", "true,false", "$SECRET_KEY", "${HOME}", "\udcff", "\\",
)  # fmt: skip
VALUES = tuple(
    dict.fromkeys(
        text.replace("\0", "")
        .encode("utf-8", "surrogateescape" if "\udcff" in text else "replace")
        .decode("utf-8", "surrogateescape")
        for text in (*TYPED, *ODD_HEADERS, *ADDRESSES)
        if len(text) < 120_000
    )
)


@pytest.fixture(autouse=True)
def forget_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Odd keys are known to this test alone: elsewhere they would be taken out of whatever repeats them."""
    monkeypatch.setattr(keys, "_known", set())
    yield
    monkeypatch.undo()
    keys.patterns.cache_clear()
    keys.skeletons.cache_clear()


def settings() -> dict[str, Any]:
    """The settings as this environment makes them."""
    return runpy.run_path(str(ROOT / "futbolreport" / "settings.py"))


def variables() -> Iterator[Mutant]:
    """Every variable that settings read, with every odd value."""
    for name in sorted(environment.NAMES - {"SECRETS_ID"}):
        for value in VALUES:
            yield Mutant(None, name, value)


def test_variables_of_the_environment(border: Border, monkeypatch: pytest.MonkeyPatch) -> None:
    for mutant in border.take(variables(), 0.1):
        with monkeypatch.context() as patched:
            patched.setenv(mutant.where, mutant.what)
            try:
                examine(settings())
            except ImproperlyConfigured as error:
                if mutant.where not in str(error):
                    border.lost.append(f"{mutant}: {error}"[:300])
            except Exception as error:  # noqa: BLE001 - this is what it is about
                border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
    border.hold()


def examine(found: dict[str, Any]) -> None:
    """What every start uses is of its kind."""
    assert found["SECRET_KEY"]
    assert found["SITE_URL"].startswith(("http://", "https://"))
    assert found["DATABASES"]["default"]["ENGINE"].endswith(("sqlite3", "postgresql"))
    assert all(host == host.strip() for host in found["ALLOWED_HOSTS"])
    assert 0 <= found["VOTING_HOURS"] <= 10_000
    assert isinstance(found["SITE_IS_SECURE"], bool)


def files() -> Iterator[Mutant]:
    """A .env with an odd line before, between or behind good ones."""
    good = [b"# comment", b"SOME_NAME=one", b"OTHER_NAME='two'"]
    lines = [value.encode("utf-8", "surrogatepass") for value in VALUES]
    forms = (b"%s", b"%s=x", b"ODD_NAME=%s", b"export ODD_NAME='%s'", b'ODD_NAME="%s', b"ODD_NAME = %s # x")
    for line in lines:
        for form in forms:
            for place in (0, 2):
                whole = [*good[:place], form.replace(b"%s", line), *good[place:]]
                yield Mutant(b"\n".join(whole), f"{form.decode()} at {place}", line[:60])


def test_files_of_the_environment(border: Border, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / ".env"
    for mutant in border.take(files(), 0.04):
        path.write_bytes(mutant.document)
        with monkeypatch.context() as patched:
            for name in ("SOME_NAME", "OTHER_NAME", "ODD_NAME"):
                patched.delenv(name, raising=False)
            before = dict(os.environ)
            try:
                environment.read_file(path)
            except ImproperlyConfigured as error:
                if ".env" not in str(error):
                    border.lost.append(f"{mutant}: {error}"[:300])
            except Exception as error:  # noqa: BLE001 - this is what it is about
                border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
            os.environ.clear()
            os.environ.update(before)
    border.hold()


SECRET = {"SECRET_KEY": "test-key", "DATABASE_URL": "postgres://u@h/n", "VOTING_HOURS": 48, "MISTRAL_API_KEY": "test-m"}


class Given(Secrets):
    """A secret with a given text in AWS's place."""

    def __init__(self, text: str) -> None:
        super().__init__("futbolreport/test")
        self.text = text

    def ask(self) -> dict[str, Any]:
        """What AWS would answer."""
        return {"SecretString": self.text}


def secrets() -> Iterator[Mutant]:
    """The secret with an odd node, and with an odd name."""
    yield from odd_documents([SECRET])
    for name in ("", "=", "A=B", "a\0b", "\ud800", "é" * 1000, " ", "PATH "):
        yield Mutant(SECRET | {name: "x"}, "name", name)


def test_secrets(border: Border) -> None:
    for mutant in border.take(secrets(), 0.012):
        before = dict(os.environ)
        try:
            Given(mutant.body.decode()).join()
        except ImproperlyConfigured as error:
            if "SECRETS_ID" not in str(error) or "test-key" in str(error):
                border.lost.append(f"{mutant}: {error}"[:300])
        except Exception as error:  # noqa: BLE001 - this is what it is about
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
        finally:
            os.environ.clear()
            os.environ.update(before)
    border.hold()


def test_the_control_a_start_without_the_check_lets_it_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "futbol.example.org")
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        settings()
    monkeypatch.setattr(environment, "parse_address", lambda _value: environment.urlsplit("https://futbol.example.org"))
    assert settings()["SITE_URL"] == "futbol.example.org"
