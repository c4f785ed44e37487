"""How each kind of attack on a vote is driven: by the name that the catalogue gives it; each says what came of it.

A driver gets a run that is open for voting and asserts what has to come of the attack; the control of its class shows
that the same thing without the attack is a vote.
"""

import hashlib
import hmac
import ipaddress
import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.models import Run
from evaluations.scheduled import run_due
from tests.elections import store_votes
from tests.factories import make_run
from tests.votes.conftest import Voter, counted, move_voting, stored
from votes import ballots
from votes.models import Vote
from votes.voters import network_in

Driver = Callable[[Run, pytest.MonkeyPatch], None]
DRIVERS: dict[str, Driver] = {}
COUNTED, KEPT = 5, 50


def drives(*names: str) -> Callable[[Driver], Driver]:
    """The driver of the attacks of these names."""

    def enter(driver: Driver) -> Driver:
        DRIVERS.update(dict.fromkeys(names, driver))
        return driver

    return enter


def vote_from(run: Run, number: int, **meta: Any) -> list[int]:
    """So many votes from fresh browsers at one address; how each was answered."""
    return [Voter(run).vote(**meta).status_code for _ in range(number)]


def capped(run: Run, answers: list[int]) -> None:
    """The votes of one network: five count, fifty wait, the rest are refused."""
    number = len(answers)
    kept = min(number, COUNTED + KEPT)
    assert answers == [303] * kept + [429] * (number - kept)
    assert (counted(run), stored(run)) == (min(number, COUNTED), kept)


# Who votes


@drives("no_cookie")
def without_cookie(run: Run, _: pytest.MonkeyPatch) -> None:
    assert Client(enforce_csrf_checks=True).post(Voter(run).page, {"choice": "A"}).status_code == 403
    assert Client().post(Voter(run).page, {"choice": "A"}).status_code == 403
    assert stored(run) == 0


@drives("cookie_reset")
def with_cleared_cookies(run: Run, _: pytest.MonkeyPatch) -> None:
    capped(run, vote_from(run, 100))


@drives("user_agent_rotation", "accept_language_rotation")
def with_other_browsers(run: Run, _: pytest.MonkeyPatch) -> None:
    names = ({"User-Agent": f"Browser {n}", "Accept-Language": f"x-{n}"} for n in range(60))
    capped(run, [Voter(run).vote(headers=headers).status_code for headers in names])


@drives("cookie_jar_shared")
def with_one_token_everywhere(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    for number in range(100):
        voter.address = f"198.51.100.{number}"
        assert voter.cast().status_code == 303
    assert stored(run) == 1


@drives("token_forged")
def with_forged_tokens(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    good = voter.client.cookies["voter"].value
    for forged in (good[:-1] + "~", "x" + good, f"{good.split(':')[0]}:7:7:{'A' * 43}", "", "a" * 10_000):
        voter.client.cookies["voter"] = forged
        answer = voter.cast()
        assert answer.status_code == 403
        assert "voter" in answer.cookies
    assert stored(run) == 0


@drives("token_minting_flood")
def with_many_tokens(run: Run, _: pytest.MonkeyPatch) -> None:
    limit = ballots.BALLOTS_A_MINUTE
    with CaptureQueriesContext(connection) as asked:
        answers = [Voter(run).ask() for _ in range(limit + 20)]
    assert [answer.status_code for answer in answers] == [200] * limit + [429] * 20
    assert answers[-1]["Retry-After"]
    assert not [query for query in asked if re.match(r"\W*(INSERT|UPDATE)", query["sql"])]


@drives("ipv6_rotation_64")
def from_one_ipv6_network(run: Run, _: pytest.MonkeyPatch) -> None:
    capped(run, [Voter(run, f"2001:db8:1:1::{n:x}").vote().status_code for n in range(1, 61)])


@drives("ipv6_rotation_56_48")
def from_one_ipv6_site(run: Run, _: pytest.MonkeyPatch) -> None:
    answers = [Voter(run, f"2001:db8:1:{n:x}::1").vote().status_code for n in range(256)]
    assert answers == [303] * 66 + [429] * 190
    assert counted(run) == 16


@drives("ip_spellings", "ipv4_mapped")
def with_spellings_of_an_address(run: Run, _: pytest.MonkeyPatch) -> None:
    spellings = ["203.0.113.7", " 203.0.113.7 ", "203.0.113.7:443", "::ffff:203.0.113.7", "[::ffff:203.0.113.7]:1"]
    spellings += ["2001:db8::1", "[2001:DB8::1]", "2001:db8:0:0::1%eth0", "2001:0db8::0001"]
    for spelling in spellings:
        assert Voter(run, spelling).vote().status_code == 303
    assert Voter(run, "203.0.113.007").vote().status_code == 400
    assert Vote.objects.values("network").distinct().count() == 2


# What the client says of where it comes from

HEADERS: dict[str, Callable[[int], dict[str, str]]] = {
    "xff_simple": lambda n: {"X-Forwarded-For": f"9.9.9.{n}"},
    "xff_chain": lambda n: {"X-Forwarded-For": f"9.9.9.{n}, 10.0.0.1, 203.0.113.7"},
    "xff_twice": lambda n: {"X-Forwarded-For": f"9.9.9.{n},9.9.8.{n}"},  # as WSGI hands two headers on
    "xff_case_underscore": lambda n: {"X_Forwarded_For": f"9.9.9.{n}", "x-forwarded-FOR": f"9.9.9.{n}"},
    "forwarded_rfc7239": lambda n: {"Forwarded": f"for=9.9.9.{n};proto=https"},
    "x_real_ip": lambda n: {"X-Real-IP": f"9.9.9.{n}"},
    "cf_connecting_ip": lambda n: {"CF-Connecting-IP": f"9.9.9.{n}", "CF-Connecting-IPv6": f"2001:db8::{n}"},
    "true_client_ip": lambda n: dict.fromkeys(
        ("True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP", "Fastly-Client-IP"), f"9.9.9.{n}"
    ),
    "cloudfront_viewer": lambda n: {"CloudFront-Viewer-Address": f"9.9.9.{n}:1"},
    "x_originating": lambda n: {"X-Originating-IP": f"9.9.9.{n}", "X-Remote-Addr": f"9.9.9.{n}", "Via": f"9.9.9.{n}"},
}


def with_headers(made: Callable[[int], dict[str, str]]) -> Driver:
    def driver(run: Run, _: pytest.MonkeyPatch) -> None:
        capped(run, [Voter(run).vote(headers=made(n)).status_code for n in range(100)])
        keys = set(Vote.objects.values_list("network", flat=True))
        assert keys == {network_in(run, ipaddress.ip_address("203.0.113.7")).key}

    return driver


DRIVERS.update({name: with_headers(made) for name, made in HEADERS.items()})

REAL = "8.8.4.4"
EVENTS: dict[str, tuple[dict[str, Any], str]] = {
    "zappa_v2_xff": ({"http": {"sourceIp": REAL}}, "9.9.9.{n}, 8.8.4.4"),
    "zappa_v2_truncated": ({"http": {"sourceIp": REAL}}, "9.9.9.{n}"),
    "zappa_v1_regional_xff": ({"identity": {"sourceIp": REAL}}, "9.9.9.{n}, 8.8.4.4"),
    "zappa_v1_edge": ({"identity": {"sourceIp": REAL}}, "9.9.9.{n}, 8.8.4.4, 130.176.0.1"),
}


def through_gateway(context: dict[str, Any], header: str) -> Driver:
    def driver(run: Run, _: pytest.MonkeyPatch) -> None:
        answers = []
        for number in range(60):
            voter = Voter(run, f"9.9.9.{number}")  # what the client wrote, where Zappa puts it
            meta = {"lambda.event": {"requestContext": context}, "HTTP_X_FORWARDED_FOR": header.format(n=number)}
            answers.append(voter.vote(**meta).status_code)
        capped(run, answers)
        assert set(Vote.objects.values_list("network", flat=True)) == {network_in(run, ipaddress.ip_address(REAL)).key}

    return driver


DRIVERS.update({name: through_gateway(*parts) for name, parts in EVENTS.items()})


@drives("no_source_ip")
def from_nowhere(run: Run, _: pytest.MonkeyPatch) -> None:
    for event in ({}, {"requestContext": {}}, {"requestContext": {"http": {"sourceIp": ""}}}):
        assert Voter(run, "127.0.0.1").vote(**{"lambda.event": event}).status_code == 400
    assert stored(run) == 0


@drives("private_source_ip")
def from_within(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    meta = {"lambda.event": {"requestContext": {"http": {"sourceIp": "10.0.0.7"}}}, "HTTP_X_FORWARDED_FOR": "9.9.9.9"}
    assert Voter(run).vote(**meta).status_code == 400
    assert stored(run) == 0
    monkeypatch.setattr(settings, "TRUSTED_PROXIES", [ipaddress.ip_network("10.0.0.0/8")])
    assert Voter(run).vote(**meta).status_code == 303


# How it is sent


@drives("get_vote", "img_vote", "prefetch_vote")
def by_asking(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    for address in (voter.page, f"/vote/{run.pk}/", f"/runs/{run.pk}/vote/"):
        answer = voter.client.get(address, voter.form | {"choice": voter.labels[0]}, headers={"Purpose": "prefetch"})
        assert answer.status_code in (200, 404, 405)
    assert stored(run) == 0


@drives("head_vote")
def by_head(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    for address in (voter.page, f"{voter.page}?choice={voter.labels[0]}&ballot={voter.form['ballot']}"):
        answer = voter.client.head(address)
        assert (answer.status_code, answer["Allow"], answer.content) == (405, "GET, POST", b"")
        assert dict(answer.cookies) == {}
    assert stored(run) == 0
    assert voter.client.get(voter.page).status_code == 200, "the control: the ballot itself is there"


@drives("method_override")
def by_another_method(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    form = voter.form | {"choice": voter.labels[0], "_method": "POST"}
    assert voter.client.get(voter.page, form, headers={"X-HTTP-Method-Override": "POST"}).status_code == 405
    for method in ("put", "patch", "delete", "options", "trace"):
        answer = getattr(voter.client, method)(voter.page, headers={"X-HTTP-Method-Override": "POST"})
        assert answer.status_code in (403, 405)
    assert stored(run) == 0


def refused(run: Run, change: Callable[[Voter], Any], **how: Any) -> None:
    """The vote, changed like this, is refused as another site's; the same without the change is a vote."""
    voter = Voter(run)
    voter.ask()
    kept = dict(voter.form)
    change(voter)
    assert voter.client.post(voter.page, voter.form | {"choice": voter.labels[0]}, **how).status_code == 403
    assert stored(run) == 0
    voter.form = kept


@drives("csrf_missing", "csrf_foreign", "csrf_wrong")
def without_token(run: Run, _: pytest.MonkeyPatch) -> None:
    refused(run, lambda voter: voter.form.pop("csrfmiddlewaretoken"))
    refused(run, lambda voter: voter.form.update(csrfmiddlewaretoken="x" * 64))


@drives("csrf_replay_after_rotation")
def with_an_old_token(run: Run, _: pytest.MonkeyPatch) -> None:
    def rotate(voter: Voter) -> None:
        voter.client.cookies["csrftoken"] = "b" * 32

    refused(run, rotate)


@drives("origin_null", "origin_foreign", "referer_missing_https", "sec_fetch_cross", "sec_fetch_same_site")
def from_another_site(run: Run, _: pytest.MonkeyPatch) -> None:
    for headers in (
        {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    ):  # fmt: skip
        refused(run, lambda _: None, headers=headers)
    refused(run, lambda _: None, secure=True)
    refused(run, lambda _: None, secure=True, headers={"Referer": "https://evil.example/"})


@drives("text_plain_json", "json_body", "multipart_odd")
def in_another_form(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    for kind in ("text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=x"):
        answer = voter.client.post(voter.page, '{"choice": "A", "x": "=1"}', content_type=kind)
        assert answer.status_code in (400, 403, 415)
    assert stored(run) == 0


@drives("exact_replay", "double_click")
def again_and_again(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    assert {voter.cast().status_code for _ in range(300)} == {303}
    assert stored(run) == 1


@drives("back_and_revote", "two_tabs")
def with_another_choice(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    voter.cast(voter.labels[0])
    first = Vote.objects.get().choice
    voter.cast(voter.labels[1])
    assert Vote.objects.get().choice == first


# What is voted on


@drives("same_pair", "not_on_the_ballot", "foreign_report")
def for_what_was_not_offered(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    absent = min(set("ABCDEF") - set(voter.labels))
    for choice in (absent, f"{voter.labels[0]},{voter.labels[0]}", "a", "AA"):
        assert voter.cast(choice).status_code == 400
    both = {**voter.form, "choice": [voter.labels[0], voter.labels[0]]}
    content = ballots.signing.loads(voter.form["ballot"], salt=ballots.SALT)
    twice = ballots.signing.dumps(content | {"labels": ["A", "A"]}, salt=ballots.SALT, key="not ours")
    assert voter.cast("A", {"ballot": twice}).status_code == 400
    assert stored(run) == 0
    assert voter.client.post(voter.page, both, REMOTE_ADDR=voter.address).status_code == 303
    assert stored(run) == 1, "the same answer twice in a form is one answer"


@drives("missing_report", "failed_report")
def for_a_report_that_is_not_there(run: Run, _: pytest.MonkeyPatch) -> None:
    partial = make_run(run.evaluation, open_for_voting=True, states=["failed", "unknown_outcome"])
    voter = Voter(partial)
    voter.ask()
    missing = {entry.blind_label for entry in partial.entries.filter(slug__in=("claude", "kimi"))}
    assert missing.isdisjoint(voter.labels)
    assert {voter.cast(label).status_code for label in missing} == {400}
    assert stored(partial) == 0


@drives("unpublished_run", "deleted_run", "withdrawn_run")
def on_a_run_that_is_not_shown(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    for change in (
        {"state": "cancelled"}, {"state": "awaiting_review"}, {"state": "inferring"},
        {"state": "published", "withdrawn_at": timezone.now()}, {"kind": "trial", "withdrawn_at": None},
    ):  # fmt: skip
        Run.objects.filter(pk=run.pk).update(**change)
        assert voter.cast().status_code in (404, 410), change
        assert voter.cast(form={"look": "1"}).status_code in (404, 410), change
    assert stored(run) == 0


@drives("closed_vote", "not_open_yet", "opens_later")
def at_the_wrong_time(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    now = timezone.now()
    for opens, closes in ((-80, -8), (1, 73)):
        move_voting(run, now + timedelta(hours=opens), now + timedelta(hours=closes))
        assert voter.cast().status_code == 409
    assert stored(run) == 0


@drives("negative_id", "odd_id", "huge_id")
def on_a_run_with_an_odd_number(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.ask()
    form = voter.form | {"choice": voter.labels[0]}
    numbers = ("-1", "0", str(2**63), "1e9", "1 OR 1=1", "٣", "6e4b1c1e-0000-4000-8000-000000000000", "%00", "9" * 400)
    for number in numbers:
        for send in (voter.client.get, voter.client.post):
            assert send(f"/runs/{number}/ballot/", form).status_code in (400, 403, 404), number
    for field in ("-1", "0", str(2**63), "1e9", "1 OR 1=1", "٣", "\0", "A\0", "z" * 100_000):
        assert voter.cast(field).status_code == 400
    assert stored(run) == 0


# How many


@drives("one_ip_1000_rps", "slow_flood")
def as_a_flood(run: Run, _: pytest.MonkeyPatch) -> None:
    answers = [Voter(run).vote() for _ in range(70)]
    assert [answer.status_code for answer in answers] == [303] * 55 + [429] * 15
    assert int(answers[-1]["Retry-After"]) > 0
    assert Voter(run, "198.51.100.1").vote().status_code == 303
    assert counted(run) == COUNTED + 1


@drives("rigging_hundreds", "targeted_votes")
def by_hundreds(run: Run, _: pytest.MonkeyPatch) -> None:
    runs = [make_run(run.evaluation, models=("m1", "m2", "m3")) for _ in range(3)]
    for one in runs:
        store_votes(one, {"m1": 60, "m2": 40, "m3": 20})
    store_votes(runs[0], {"m3": 300}, quarantined=True, quarantine_reason="seats")
    run_due({}, None)
    text = " ".join(Client().get("/standings/").content.decode().split())
    assert re.search(r"First place of M1 hangs on \d+ votes: had they been others, M2 would be first.", text)
    assert "With the votes in quarantine" in text
    assert "300 over the seats of their network" in text
    assert "m3" in Client().get("/api/standings/").json()["computation"]["first_place"]["challenger"] or "M2" in text


@drives("identity_leak", "self_naming")
def by_a_report_that_names_its_author(run: Run, _: pytest.MonkeyPatch) -> None:
    texts = ["As Claude, made by Anthropic, I report: Rovers won.", "Rovers won, wrote Claude Dupont.", "Rovers won."]
    named = make_run(run.evaluation, open_for_voting=True, models=("claude", "kimi", "qwen"), texts=texts)
    pages = [Voter(named).ask().content.decode()]
    pages += [Client().get(f"/runs/{named.pk}/{part}").content.decode() for part in ("", "reports.json", "reports.csv")]
    pages += [Client().get(f"/api/runs/{named.pk}/").content.decode(), Client().get("/feed/").content.decode()]
    assert not [page for page in pages if "Anthropic" in page or "As Claude" in page]
    assert "Claude Dupont" in pages[0], "the control: what is not the author's own name stays"


@drives("stats_before_vote", "tally_leak")
def by_looking_at_numbers_first(run: Run, _: pytest.MonkeyPatch) -> None:
    store_votes(run, {"model-1": 4242})
    pages = ["", "reports.json", "reports.csv", "ballot/"]
    addresses = [*(f"/runs/{run.pk}/{part}" for part in pages), f"/api/runs/{run.pk}/", "/feed/", "/api/runs/", "/"]
    addresses += ["/standings/", "/api/standings/", "/standings/standings.csv", "/models/", "/runs/"]
    for address in addresses:
        assert not re.search("4242|4,242|4\u202f242", Client().get(address).content.decode()), address


# What is kept


def everything() -> Iterator[str]:
    """Every value in every table, as text."""
    for model in apps.get_models():
        for row in model.objects.values_list():
            yield from map(str, row)


@drives("db_dump", "network_brute_force")
def by_reading_the_database(run: Run, _: pytest.MonkeyPatch) -> None:
    for number in range(60):
        Voter(run, f"203.0.113.{number}").vote(headers={"User-Agent": "Canary/7"})
    kept = " ".join(everything())
    assert "203.0.113." not in kept
    assert "Canary" not in kept
    salt = bytes(run.network_salt)
    for number in range(256):
        packed = ipaddress.ip_address(f"203.0.113.{number}").packed
        for guess in (hashlib.sha256(salt + packed), hashlib.sha256(packed), hmac.new(salt, packed, hashlib.sha256)):
            assert guess.hexdigest() not in kept
    assert stored(run) == 60
    assert network_in(run, ipaddress.ip_address("203.0.113.7")).key in kept, "the control: with both keys it is found"


@drives("cross_run_link")
def by_joining_runs(run: Run, _: pytest.MonkeyPatch) -> None:
    voter = Voter(run)
    voter.vote()
    Voter(make_run(run.evaluation, open_for_voting=True, network_salt=b"x" * 32), client=voter.client).vote()
    first, second = Vote.objects.all()
    assert first.voter != second.voter
    assert first.network != second.network


@drives("logs")
def by_reading_logs(run: Run, _: pytest.MonkeyPatch) -> None:
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler, root = Kept(logging.DEBUG), logging.getLogger()
    loggers = [root, logging.getLogger("django"), logging.getLogger("votes"), logging.getLogger("evaluations")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        voter = Voter(run, "203.0.113.99")
        voter.vote()
        voter.cast(form={"csrfmiddlewaretoken": "x"})
        voter.client.cookies["voter"] = "forged"
        voter.cast()
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
    told = "\n".join(lines)
    assert lines, "the control: something is logged"
    vote = Vote.objects.get()
    for secret in ("203.0.113.99", voter.form["csrfmiddlewaretoken"], voter.form["ballot"], "forged"):
        assert secret not in told
    assert not [line for line in lines if vote.network in line and "INSERT" not in line]


@drives("cache_cross_user", "shared_cache")
def by_a_cache_in_between(run: Run, _: pytest.MonkeyPatch) -> None:
    one, other = Voter(run), Voter(run, "198.51.100.1")
    answer = one.vote()
    revealed = one.client.get(one.page, REMOTE_ADDR=one.address)
    for private in (answer, revealed, one.ask(), other.ask()):
        assert private["Cache-Control"] == "private, no-store"
    theirs = other.ask().content.decode()
    for secret in (one.form["csrfmiddlewaretoken"], one.client.cookies["voter"].value, one.form["ballot"]):
        assert secret not in theirs
    address = f"/runs/{run.pk}/"
    pages = [client.get(address) for client in (one.client, other.client, Client())]
    assert len({page.content for page in pages}) == 1
    assert not any(page.cookies for page in pages)


@drives("redis_flush_mid_vote", "cache_emptied")
def while_the_cache_is_emptied(run: Run, _: pytest.MonkeyPatch) -> None:
    for number in range(30):
        voter = Voter(run, f"198.51.100.{number}")
        voter.ask()
        for _time in range(3):
            cache.clear()  # local memory, the test's own
            assert voter.cast().status_code == 303
    assert stored(run) == counted(run) == 30
