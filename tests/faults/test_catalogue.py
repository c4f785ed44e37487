"""Every fault of the catalogue is driven by a test under its kind, or it is named here with the reason why not."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from tests.faults import test_database, test_models, test_process, test_redis
from tests.faults.conftest import CATALOGUE
from tests.pipeline import test_local, test_search_faults

# Which kinds the tests of a layer know; each test takes the kinds of its layer from the catalogue itself.
KNOWN: Mapping[str, Collection[str]] = {
    "brave": {*test_search_faults.KINDS, *test_search_faults.ELSEWHERE},
    "openrouter": test_models.OPENROUTER,
    "openrouter_sse": test_models.SSE,
    "extract": test_local.KINDS,
    "process": test_process.CASES,
    "change_while_running": test_process.CASES,
    "database": test_database.CASES,
    "redis": test_redis.KNOWN,
}
# By id: why no test drives it.
NOT_DRIVEN: Mapping[str, str] = {}


def strangers(faults: Collection[Mapping[str, Any]]) -> list[str]:
    """Faults that no test knows and that nobody has given a reason for."""
    return [
        f"{fault['id']} {fault['layer']}: {fault['kind']}"
        for fault in faults
        if fault["kind"] not in KNOWN.get(fault["layer"], ()) and fault["id"] not in NOT_DRIVEN
    ]


@pytest.mark.skipif(not CATALOGUE.exists(), reason="MISSING PART: the catalogue ../shared/cases/faults.json")
def test_each_fault_of_the_catalogue_is_driven_by_its_kind() -> None:
    faults = json.loads(CATALOGUE.read_text())["faults"]
    assert strangers(faults) == []
    assert not NOT_DRIVEN.keys() - {fault["id"] for fault in faults}


def test_the_control_a_kind_or_a_layer_that_no_test_knows_is_named() -> None:
    known = {"id": "F1", "layer": "redis", "kind": "flushed"}
    assert strangers([known]) == []
    assert strangers([known | {"kind": "on_fire"}]) == ["F1 redis: on_fire"]
    assert strangers([known | {"layer": "kitchen"}]) == ["F1 kitchen: flushed"]
