"""Whatever visitors ask for, send as headers or put into a ballot: a page, a refusal in our words, never 500.

What a vote leaves behind is a whole row, or none.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from evaluations.models import Evaluation, Run
from tests.elections import make_standings
from tests.factories import make_run, score_run
from tests.fuzz.conftest import Border
from tests.fuzz.oddities import ODD, ODD_HEADERS, Mutant
from tests.fuzz.test_forms import TYPED
from votes import ballots
from votes.models import Vote

admin.autodiscover()
pytestmark = [pytest.mark.django_db, pytest.mark.database]

# What a page, a redirect or a refusal may be. 404 is a page.
SAID = {200, 204, 301, 302, 303, 304, 400, 403, 404, 405, 409, 429}
TEXTS = tuple(dict.fromkeys(text for text in TYPED if len(text) < 20_000))
ASKED = ("evaluation", "page", "q", "models", "marks", "baseline", "a", "b", "seen", "first-vote-stands")
OF_ADMIN = (
    "p", "q", "o", "all", "e", "_popup", "_to_field", "evaluation__id__exact", "state__exact", "created_at__year",
    "created_at__month", "created_at__day", "created_at__gte", "enabled__exact", "day__gte", "_changelist_filters",
    "withheld_at__isempty", "run__evaluation__id__exact", "id__in", "pk", "no_such__field",
)  # fmt: skip
HEADERS = (
    "Accept", "Accept-Encoding", "Accept-Language", "Cookie", "Host", "If-Modified-Since", "If-None-Match", "Origin",
    "Range", "Referer", "Sec-Fetch-Site", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
    "HX-Request", "HX-Current-URL", "HX-Target", "Content-Type", "Content-Length", "Authorization", "Purpose",
    "X-Requested-With", "X-CSRFToken", "X-HTTP-Method-Override", "Transfer-Encoding", "Forwarded",
)  # fmt: skip


class Site:
    """Some of everything that can be asked for."""

    def __init__(self) -> None:
        self.evaluation = Evaluation.objects.get(slug="futbol-report")
        self.closed = score_run(make_run(self.evaluation, models=("m1", "m2"), sources=2))
        self.open = make_run(self.evaluation, open_for_voting=True, models=("m1", "m2", "a", "b", "c"))
        make_standings(self.evaluation, {"m1": "M", "m2": "N"})
        self.visitor = Client()
        self.staff = Client()
        self.staff.force_login(User.objects.create_superuser("editor"))

    def pages(self) -> Iterator[str]:
        """Every public address, and every list of the admin."""
        arguments = {"run": self.closed.pk, "replay": self.closed.pk, "slug": "m1"}
        for name in sorted(name for name in get_resolver().reverse_dict if isinstance(name, str)):
            wanted = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
            yield reverse(name, kwargs={argument: arguments[argument] for argument in wanted})
        yield reverse("ballot", args=[self.open.pk])
        yield reverse("run", args=[self.open.pk])

    def lists(self) -> Iterator[str]:
        """Every list of the admin, its log-in and its history pages."""
        for model in admin.site._registry:
            yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield reverse("admin:login")
        yield reverse("admin:autocomplete")
        yield reverse("admin:evaluations_evaluation_history", args=[self.evaluation.pk])

    def client(self, address: str) -> Client:
        """Who asks there."""
        return self.staff if address.startswith("/admin/") or "progress" in address else self.visitor


@pytest.fixture
def site() -> Site:
    return Site()


def escape(text: str) -> str:
    """In an address, in bytes, whatever they are."""
    return quote(text.encode("utf-8", "surrogatepass"))


def asked(site: Site) -> Iterator[Mutant]:
    """Every page with every odd parameter, and odd pages."""
    for pages, names in ((site.pages(), ASKED), (site.lists(), OF_ADMIN)):
        for address in pages:
            for name in names:
                for text in TEXTS:
                    yield Mutant(f"{address}?{name}={escape(text)}", f"{address} {name}", text)
    for before, behind in (("/runs/", "/"), ("/models/", "/"), ("/admin/evaluations/run/", "/change/"), ("/", "")):
        for text in TEXTS:
            yield Mutant(f"{before}{escape(text)}{behind}", before, text)


def shoot(border: Border, mutants: list[Mutant], one: Any) -> None:
    """One after the other, each undone; what escapes or is answered with 500 is a finding."""
    for mutant in mutants:
        try:
            with transaction.atomic():
                one(mutant)
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - this is what it is about
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])


def test_addresses_that_visitors_ask_for(border: Border, site: Site) -> None:
    def one(mutant: Mutant) -> None:
        response = site.client(mutant.document).get(mutant.document)
        assert response.status_code in SAID, response.status_code

    shoot(border, border.take(asked(site), 0.1), one)
    border.hold()


def with_headers(site: Site) -> Iterator[Mutant]:
    """Every kind of page under every odd header; a header is Latin-1 where a server hands it on."""
    odd = [*ODD_HEADERS, *(value for value in ODD if isinstance(value, str) and len(value) < 9_000)]
    odd += [
        "[", "[::1", "::1", "1.2.3.4:99999", "a" * 200 + ".example", "127.0.0.1, [::1]:x", "gzip;q=1e999", "*;q=NaN",
        'W/"', '"', "bytes=0-", "bytes=9-0", "voter=", "voter=a:b:c:d", "voter=" + "é" * 300, "csrftoken=\ud800",
        "xx;q=9",
        "sessionid=" + "a" * 5_000, "null", "https://[", "http://localhost:99999", "multipart/form-data; boundary=",
    ]  # fmt: skip
    for address in (*site.pages(), reverse("admin:index")):
        for name in HEADERS:
            for value in odd:
                yield Mutant(address, name, value)


def in_latin(text: str) -> str:
    """A header as a server hands it on: its bytes as Latin-1, on one line."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1").replace("\r", "").replace("\n", "")


def test_headers_of_visitors(border: Border, site: Site) -> None:
    def one(mutant: Mutant) -> None:
        value = in_latin(mutant.what)
        key = mutant.where.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        response = site.client(mutant.document).get(mutant.document, **{key: value})
        assert response.status_code in SAID, response.status_code

    shoot(border, border.take(with_headers(site), 0.08), one)
    border.hold()


def odd_ballots(good: dict[str, str], voter: str) -> Iterator[Mutant]:
    """Ballots with an odd control or an odd cookie."""
    for name in ("ballot", "choice", "look", "csrfmiddlewaretoken", "other"):
        for text in TYPED:
            yield Mutant(good | {name: text}, name, text)
    for text in TEXTS:
        yield Mutant(good, "cookie", f"{voter.split(':')[0]}:{text}")


def test_ballots(border: Border, site: Site) -> None:
    address = reverse("ballot", args=[site.open.pk])
    page = site.visitor.get(address).content.decode()
    (field,) = re.findall(r'name="ballot" value="([^"]*)"', page)
    good = {"ballot": field, "choice": signing.loads(field, salt=ballots.SALT)["labels"][0]}
    cookie = site.visitor.cookies["voter"].value
    numbers = count()

    def one(mutant: Mutant) -> None:
        client = Client()
        client.cookies["voter"] = in_latin(mutant.what) if mutant.where == "cookie" else cookie
        body = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in mutant.document.items()})
        number = next(numbers)
        at = f"198.18.{number // 250}.{number % 250 + 1}"  # of its own, which asks for no more than one ballot a minute
        form = "application/x-www-form-urlencoded"
        response = client.post(address, body, content_type=form, REMOTE_ADDR=at)
        assert response.status_code in SAID, response.status_code
        if response.status_code == 303 and (cast := Vote.objects.filter(run=site.open).first()):
            assert client.get(address, REMOTE_ADDR=at).status_code == 200
            assert set(cast.line_up) <= set(reports_of(site.open))
        elif Vote.objects.exists():
            border.lost.append(f"{mutant}: refused, and yet there is a vote")

    shoot(border, border.take(odd_ballots(good, cookie), 0.04), one)
    border.hold()


def reports_of(run: Run) -> list[int]:
    """The reports that a ballot of the run may hold."""
    return [report.pk for entry in run.entries.all() for report in entry.reports.all()]
