"""The one vocabulary of failures: what each means for the money, for another try and for people."""

import importlib
from typing import Any

import pytest
from django.apps import apps

from evaluations.models import Page, QueryAnswer
from evaluations.wire.failures import FATAL, TRIES, Code, Failure, Fate, words
from tests.factories import make_run

migration = importlib.import_module("evaluations.migrations.0009_failure_codes_apart_from_details")


@pytest.mark.parametrize("code", list(Code))
def test_what_was_perhaps_paid_is_never_asked_again_where_asking_costs_money(code: Code) -> None:
    if code.fate in (Fate.PAID, Fate.UNKNOWN):
        assert not code.may_retry(1)
    assert code.may_retry(1, costly=False) >= code.may_retry(1)
    assert not code.may_retry(TRIES, costly=False)


def test_after_a_key_a_credit_or_a_certificate_nothing_more_is_asked_of_a_service() -> None:
    assert {"bad_key", "no_credit", "certificate", "plan", "quota", "no_access", "endpoint"} == FATAL
    assert not any(code.may_retry(1) for code in FATAL)


def test_a_reason_has_words_and_a_status_of_a_page_is_told_as_it_is() -> None:
    assert words("rate_limited") == "fewer requests were asked for"
    assert words("http_404") == "http 404"


@pytest.mark.parametrize("failure", [Failure("dns"), Failure("upstream", "status 502"), Failure("a", "b: c")])
def test_a_failure_is_read_back_from_its_text(failure: Failure) -> None:
    assert Failure.read(str(failure)) == failure


@pytest.mark.django_db
@pytest.mark.database
def test_stored_reasons_are_split_and_joined_again() -> None:
    run = make_run()
    QueryAnswer.objects.filter(run=run).update(failure="upstream: status 502: no")
    for url, failure in (("a", "robots"), ("b", "no_time: 120 s"), ("c", "")):
        Page.objects.create(run=run, url=url, failure=failure)
    migration.split(apps, None)
    rows: Any = Page.objects.order_by("url").values_list("failure", "failure_detail")
    assert list(rows.all()) == [("robots", ""), ("no_time", "120 s"), ("", "")]
    assert QueryAnswer.objects.first().why == Failure("upstream", "status 502: no")  # type: ignore[union-attr]
    migration.join(apps, None)
    assert [failure for failure, _ in rows.all()] == ["robots", "no_time: 120 s", ""]
