"""The catalogues of attacks and faults are driven whole: every id of ours has its test, and a new kind is noticed."""

from types import ModuleType
from typing import Any

import pytest

from tests.pipeline import test_addresses, test_full_text, test_local, test_search, test_search_faults, wire
from tests.sources import test_guard

TARGETS: list[dict[str, Any]] = [case.values[0] for case in wire.cases("ssrf_targets.json", "targets")]
FAULTS: list[dict[str, Any]] = [case.values[0] for case in wire.cases("faults.json", "faults")]
ABSENT = {"absent"}

# Which test drives the targets of a kind; a function that is not there fails.
BY_KIND: dict[str, tuple[ModuleType, str]] = {
    "literal": (test_addresses, "test_a_target_that_leads_inward_is_refused_without_a_connection"),
    "url": (test_addresses, "test_a_target_that_leads_inward_is_refused_without_a_connection"),
    "positive_control": (test_addresses, "test_a_public_address_is_allowed"),
}
BY_ID: dict[str, tuple[ModuleType, str]] = {
    "S117": (test_addresses, "test_a_redirect_inward_is_refused_at_the_second_hop"),
    "S118": (test_addresses, "test_a_redirect_inward_is_refused_at_the_second_hop"),
    "S120": (test_addresses, "test_a_redirect_inward_is_refused_at_the_second_hop"),
    "S121": (test_addresses, "test_a_redirect_from_https_to_http_is_refused"),
    "S122": (test_addresses, "test_at_most_three_redirects_are_followed"),
    "S123": (test_addresses, "test_a_redirect_to_itself_ends"),
    "S127": (test_local, "test_nothing_that_a_page_embeds_is_fetched"),
    "S128": (test_local, "test_an_external_entity_is_not_resolved"),
    "S134": (test_guard, "test_a_resolver_that_hangs_is_given_up"),
    "S136": (test_local, "test_a_page_with_a_fault_has_its_reason_and_the_next_page_is_read"),
    "S137": (test_local, "test_a_page_with_a_fault_has_its_reason_and_the_next_page_is_read"),
    "S140": (test_local, "test_a_page_with_a_fault_has_its_reason_and_the_next_page_is_read"),
    "S141": (test_local, "test_a_page_with_a_fault_has_its_reason_and_the_next_page_is_read"),
    "S146": (test_local, "test_a_page_with_a_fault_has_its_reason_and_the_next_page_is_read"),
    "S147": (test_local, "test_a_charset_that_lies_never_fails_and_true_ones_are_read"),
    "S148": (test_local, "test_a_page_made_to_wear_out_a_parser_ends_in_time"),
    "S150": (test_addresses, "test_a_page_that_asks_for_a_password_gets_none"),
    "S152": (test_addresses, "test_a_fetch_carries_no_credentials_cookies_or_referrer"),
    "S154": (test_local, "test_a_site_is_read_as_its_robots_txt_says"),
    "S155": (test_local, "test_the_reader_itself_opens_no_more_than_eight_of_a_crowd_at_once"),
    "S156": (
        test_full_text,
        "test_a_page_that_is_read_is_in_the_document_and_one_that_fails_leaves_its_snippet_and_its_reason",
    ),
}
# Faults of a search that are more than one query's answer.
WHOLE_SEARCHES: dict[str, tuple[ModuleType, str]] = {
    "all_empty": (test_search_faults, "test_where_every_query_finds_nothing_the_run_ends_before_a_cent_is_spent"),
    "partial_n_minus_1": (test_search_faults, "test_where_nine_of_ten_queries_fail_the_run_ends_and_keeps_the_tenth"),
    "dns_nxdomain": (test_search_faults, "test_where_nobody_knows_the_name_the_reason_is_the_name"),
    "connect_refused": (test_search_faults, "test_where_nobody_listens_the_reason_is_the_connection"),
}
# Other layers have their own tests, in these files.
ELSEWHERE = {
    "openrouter": "tests/faults/test_models.py",
    "openrouter_sse": "tests/faults/test_models.py",
    "process": "tests/faults/test_process.py",
    "change_while_running": "tests/faults/test_process.py",
    "database": "tests/faults/test_database.py",
    "redis": "tests/faults/test_redis.py",
}


def test_every_target_is_driven_by_a_test_that_is_there() -> None:
    undriven = [
        target["id"]
        for target in TARGETS
        if target["kind"] not in ABSENT and not is_there(BY_ID.get(target["id"]) or BY_KIND.get(target["kind"]))
    ]
    assert undriven == [], "targets without a test: give each its line"


def is_there(test: tuple[ModuleType, str] | None) -> bool:
    """Whether the module has that test."""
    return test is not None and callable(getattr(test[0], test[1], None))


def test_every_fault_of_a_search_and_of_a_page_is_driven() -> None:
    searches = test_search_faults.KINDS.keys() | {kind for kind, test in WHOLE_SEARCHES.items() if is_there(test)}
    driven = {"brave": searches, "extract": test_local.KINDS.keys()}
    undriven = [
        f"{fault['id']} {fault['layer']} {fault['kind']}"
        for fault in FAULTS
        if fault["kind"] not in ABSENT
        and fault["kind"] not in driven.get(fault["layer"], ())
        and fault["layer"] not in ELSEWHERE
    ]
    assert undriven == [], "faults without a test: give each its server"


@pytest.mark.parametrize("kind", ["literal", "url", "dynamic", "positive_control"])
def test_the_control_a_target_of_a_new_kind_or_id_would_be_noticed(kind: str) -> None:
    assert is_there(BY_KIND.get(kind)) == (kind != "dynamic")
    assert not is_there(BY_ID.get("S999"))
    assert not is_there((test_search, "test_that_nobody_wrote"))
