"""Where votes come from: seats per network, and addresses that nobody can make up."""

import hashlib
import ipaddress

import pytest
from django.test import RequestFactory

from tests.factories import make_run
from tests.votes.conftest import Voter, counted, stored
from votes import voters
from votes.models import Vote
from votes.voters import address_of, network_in, parse_ip


def request(**meta):
    return RequestFactory().get("/", **meta)


def gateway(source: object, *, rest: bool = False, **meta):
    """A request as it comes through a Lambda gateway, REMOTE_ADDR being what the client wrote."""
    part = {"identity": {"sourceIp": source}} if rest else {"http": {"sourceIp": source}}
    event = {"requestContext": part if source is not None else {}}
    return request(REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR="9.9.9.9", **{"lambda.event": event}, **meta)


# Seats


def test_of_one_network_five_votes_count_fifty_wait_and_the_rest_are_refused(run):
    answers = [Voter(run).vote() for _ in range(57)]
    assert [answer.status_code for answer in answers] == [303] * 55 + [429] * 2
    assert 0 < int(answers[-1]["Retry-After"]) <= 72 * 3600
    assert (counted(run), stored(run)) == (5, 55)


def test_the_evaluation_rules_how_many_votes_of_a_network_count(run):
    run.evaluation.votes_per_network = 2
    run.evaluation.save()
    for _ in range(4):
        Voter(run).vote()
    assert (counted(run), stored(run)) == (2, 4)


def test_the_control_other_networks_have_seats_of_their_own(run):
    for number in range(12):
        Voter(run, f"203.0.113.{number}").vote()
    assert counted(run) == 12


def test_addresses_of_one_ipv6_64_share_their_seats(run):
    for number in range(1, 9):
        Voter(run, f"2001:db8:1:1::{number}").vote()
    assert (counted(run), stored(run)) == (5, 8)


def test_of_one_ipv6_48_at_most_sixteen_votes_count(run):
    for number in range(20):
        Voter(run, f"2001:db8:1:{number:x}::1").vote()
    assert (counted(run), stored(run)) == (16, 20)
    assert Voter(run, "2001:db8:2::1").vote().status_code == 303
    assert counted(run) == 17


def test_a_cleared_cookie_does_not_lift_the_limit(run):
    voter = Voter(run)
    for _ in range(8):
        voter.vote()
        voter.client.cookies.clear()
    assert counted(run) == 5


def test_a_shared_cookie_votes_once(run):
    voter = Voter(run)
    for number in range(10):
        voter.address = f"203.0.113.{number}"
        voter.vote() if number == 0 else voter.cast(voter.labels[0] if voter.labels else "A")
    assert stored(run) == 1


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "x-forwarded-FOR", "Forwarded", "X-Real-IP", "True-Client-IP", "X-Client-IP",
     "X-Cluster-Client-IP", "Fastly-Client-IP", "CloudFront-Viewer-Address", "CF-Connecting-IP"],
)  # fmt: skip
def test_no_header_that_a_client_can_write_makes_a_new_network(run, header):
    for number in range(7):
        Voter(run).vote(headers={header: f"9.9.9.{number}"})
    assert (counted(run), stored(run)) == (5, 7)


def test_the_control_a_trusted_proxy_may_say_who_it_speaks_for(run, settings):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("203.0.113.0/24")]
    for number in range(7):
        Voter(run).vote(headers={"X-Forwarded-For": f"9.9.9.{number}"})
    assert counted(run) == 7


# Addresses


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("203.0.113.7:443", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("2001:db8:0:0::1%eth0", "2001:db8::1"),
    ],
)
def test_every_spelling_of_an_address_is_the_same_address(spelling, address):
    assert parse_ip(spelling) == ipaddress.ip_address(address)


@pytest.mark.parametrize("text", ["203.0.113.007", "", "unknown", "1.2.3", "0x7f.1", None, 7, {}, "_hidden", "٣.1.1.1"])
def test_what_is_no_address_is_refused(text):
    assert parse_ip(text) is None


def test_on_lambda_the_gateway_says_where_a_request_came_from():
    assert address_of(gateway("198.51.100.1")) is None  # a documentation address is not global
    assert str(address_of(gateway("8.8.4.4"))) == "8.8.4.4"
    assert str(address_of(gateway("8.8.4.4", rest=True))) == "8.8.4.4"


@pytest.mark.parametrize("source", [None, "", "10.0.0.7", "garbage", 7, ["8.8.8.8"]])
def test_on_lambda_an_address_that_cannot_be_told_is_none_not_everybodys(source):
    assert address_of(gateway(source)) is None


@pytest.mark.parametrize("event", [{}, [], "event", None, {"requestContext": None}, {"requestContext": {"http": []}}])
def test_an_event_of_another_form_gives_no_address(event):
    assert address_of(request(**{"lambda.event": event})) is None or event is None


def test_behind_a_trusted_proxy_the_nearest_stranger_counts(settings):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    behind = {"REMOTE_ADDR": "10.0.0.1"}
    assert str(address_of(request(HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.7, 10.0.0.2", **behind))) == "203.0.113.7"
    assert address_of(request(HTTP_X_FORWARDED_FOR="9.9.9.9, garbage", **behind)) is None
    assert address_of(request(HTTP_X_FORWARDED_FOR="10.0.0.3", **behind)) is None
    assert address_of(request(**behind)) is None
    assert str(address_of(gateway("10.0.0.1"))) == "9.9.9.9"


def test_the_control_without_a_trusted_proxy_the_socket_counts():
    assert str(address_of(request(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="9.9.9.9"))) == "10.0.0.1"


def test_a_vote_from_nowhere_is_refused(run):
    voter = Voter(run)
    voter.ask()
    assert voter.cast(**{"lambda.event": {"requestContext": {}}}).status_code == 400
    assert not Vote.objects.exists()


# What is kept of it


def test_no_address_is_stored_and_none_can_be_tried_out_without_the_keys(run):
    Voter(run, "203.0.113.7").vote()
    Voter(run, "2001:db8:1:1::1").vote()
    kept = " ".join(str(value) for row in Vote.objects.values() for value in row.values())
    for address in ("203.0.113.7", "2001:db8"):
        assert address not in kept
    salt = bytes(run.network_salt)
    packed = ipaddress.ip_address("203.0.113.7").packed
    for guess in (packed, salt + packed, packed + salt):
        assert hashlib.sha256(guess).hexdigest() not in kept


def test_the_key_needs_both_the_secret_and_the_salt(run, settings):
    address = ipaddress.ip_address("203.0.113.7")
    key = network_in(run, address).key
    run.network_salt = b"other"
    salted = network_in(run, address).key
    settings.SECRET_KEY = "other"
    assert len({key, salted, network_in(run, address).key}) == 3


def test_one_voter_has_another_fingerprint_in_every_run(run):
    voter = Voter(run)
    voter.vote()
    Voter(make_run(run.evaluation, open_for_voting=True), client=voter.client).vote()
    first, second = Vote.objects.all()
    assert first.voter != second.voter
    assert first.network == second.network  # the factory gives both runs one salt; runs draw their own
    assert len(voter.client.cookies["voter"].value) <= voters.LONGEST_COOKIE


def test_behind_a_socket_of_this_machine_the_forwarded_address_counts_where_the_socket_is_trusted(settings):
    over_a_socket = request(REMOTE_ADDR="", HTTP_X_FORWARDED_FOR="9.9.9.9, 8.8.4.4")
    assert address_of(over_a_socket) is None
    settings.TRUST_UNIX_SOCKET = True
    assert str(address_of(over_a_socket)) == "8.8.4.4"
    assert str(address_of(request(REMOTE_ADDR="7.7.7.7", HTTP_X_FORWARDED_FOR="9.9.9.9"))) == "7.7.7.7"
