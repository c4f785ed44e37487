"""Every case of ../shared/cases/field_reports.json is driven by a test, under its id."""

from tests.pages import test_search
from tests.pipeline import test_field_reports as of_providers
from tests.pipeline import test_tick_reports as of_ticks
from tests.reports import test_site
from tests.scoring import test_field_reports as of_scores
from tests.sources import test_field_reports as of_sources

DRIVEN = {
    *of_providers.DRIVEN,
    *of_ticks.DRIVEN,
    *of_sources.TESTS,
    *of_scores.EXPECTED,
    *test_site.DRIVEN,
    test_search.CASE,
}


def test_every_reported_case_is_driven() -> None:
    test_site.case_of(next(iter(test_site.CASES)))
    assert test_site.CASES.keys() - DRIVEN == set()


def test_the_control_a_case_that_nobody_drives_is_noticed() -> None:
    assert {"b99-new", *test_site.CASES} - {"absent"} - DRIVEN == {"b99-new"}
