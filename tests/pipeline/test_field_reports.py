"""What users of such systems reported of providers and their answers: each case of the catalogue, in a whole run."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from evaluations.models import Evaluation, ModelConfig, Provider, Report
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from evaluations.providers.completions import read_completion
from tests.faults.conftest import Services, answer_of, one_authority, services  # noqa: F401 - fixtures
from tests.pipeline.provider import head
from tests.pipeline.wire import cases

pytestmark = pytest.mark.django_db

REPORT = "Rovers beat City 2-1 on Sunday through two goals by Ilic."


class Told(Services):
    """The services of a case: its answer, its list of models or none."""

    case: dict[str, Any] = {}

    async def chat(self, body: bytes, writer: Any) -> None:
        """The case's answer; where it names several models, each its own."""
        model = str(json.loads(body)["model"])
        self.asked.append(model)
        bad = self.case.get("bad") if model == "maker/bad" else None
        if bad:
            reply(writer, bad["status"], bad["body"], bad["headers"])
        else:
            reply(writer, 200, self.case.get("answer") or answer_of(model))

    async def look_up(self, path: str, writer: Any) -> None:
        """Search as ever; GET /models as the case says, else 404."""
        if path.endswith("/models"):
            listed = self.case.get("models_answer") or {"status": 200, "body": self.case.get("models_list")}
            reply(writer, listed["status"] if listed["body"] else 404, listed["body"])
        else:
            await super().look_up(path, writer)


def reply(writer: Any, status: int, document: Any, headers: dict[str, str] | None = None) -> None:
    """A whole answer."""
    body = json.dumps(document).encode()
    writer.write(head(status, len(body), **(headers or {})) + body)


def report_of(services: Any, case: dict[str, Any], models: tuple[str, ...] = (), kind: str = "") -> dict[str, Report]:  # noqa: F811
    """The reports of a run as the case describes it, by model id."""
    services.__class__ = Told
    services.case = case["input"]
    how = case["input"]["how"]
    kind = kind or ("openrouter" if "kind openrouter" in how else "openai")
    evaluation = Evaluation.objects.create(slug="reported", name="Reported", voting_hours=0, call_deadline_seconds=20)
    evaluation.prompts.create(system_text="Write.", output_format=case["input"].get("prompt_format", {}))
    evaluation.queries.create(position=1, text="Rovers City")
    there = Provider.objects.create(slug="there", name="There", kind=kind, base_url=services.url)
    for position, model in enumerate(models or (case["input"]["model_id"],), 1):
        ModelConfig.objects.create(
            evaluation=evaluation, provider=there, position=position, slug=f"m{position}", name=model, model_id=model,
            usd_per_million_input=1, usd_per_million_output=2,
        )  # fmt: skip
    runs.execute(start(evaluation))
    return {report.entry.model_id: report for report in Report.objects.select_related("entry")}


def a_header_out_of_every_calendar(case: dict[str, Any], services: Any) -> None:  # noqa: F811
    found = report_of(services, case, ("maker/slow", "maker/ok", "maker/bad"), "openrouter")
    ends = {model: (report.state, report.error) for model, report in found.items()}
    good = ("succeeded", "")
    assert ends == {"maker/slow": good, "maker/ok": good, "maker/bad": ("failed", "rate_limited")}
    assert services.asked.count("maker/bad") == 3


def the_upstream_price_is_booked(case: dict[str, Any], services: Any) -> None:  # noqa: F811
    (report,) = report_of(services, case).values()
    assert str(report.cost_usd) == "0.0360795"


def the_model_is_asked(case: dict[str, Any], services: Any) -> None:  # noqa: F811
    (report,) = report_of(services, case).values()
    assert (report.state, report.text, report.flags) == ("succeeded", REPORT, [])


def the_thinking_is_kept_apart(case: dict[str, Any], services: Any) -> None:  # noqa: F811
    (report,) = report_of(services, case).values()
    assert (report.state, report.text) == ("succeeded", f"# Rovers win\n\n{REPORT}")
    assert report.metrics()["format_compliance"] == 1


def the_stop_token_is_cut(case: dict[str, Any], _services: Any) -> None:
    said = {"choices": [{"finish_reason": "stop", "message": {"content": case["input"]["line"]["report"]}}]}
    assert read_completion(json.dumps(said).encode(), "m").text == REPORT


def line_ends_stay_line_ends(case: dict[str, Any], services: Any) -> None:  # noqa: F811
    (report,) = report_of(services, case).values()
    assert report.text == (
        "# Title\n\nRovers beat City 2-1 on Sunday.\nIlic scored two goals.\nThe club paid €45 million.\nEnd."
    )
    assert report.metrics()["format_compliance"] == 1


DRIVEN: dict[str, Callable[[dict[str, Any], Any], None]] = {
    "HA-G01": a_header_out_of_every_calendar,
    "HA-G02": the_upstream_price_is_booked,
    "HA-G03": the_model_is_asked,
    "HA-G04": the_model_is_asked,
    "HA-G05": the_model_is_asked,
    "HA-G06": the_thinking_is_kept_apart,
    "HA-G07": the_stop_token_is_cut,  # what a reader hands to `score` himself: tests/scoring
    "HA-G08": line_ends_stay_line_ends,
}
MINE = [case for case in cases("field_reports.json", "cases") if case.values[0]["id"] in {*DRIVEN, "absent"}]


@pytest.mark.parametrize("case", MINE)
def test_a_reported_case_ends_right(case: dict[str, Any], services: Any) -> None:  # noqa: F811
    DRIVEN[case["id"]](case, services)


def test_every_case_of_these_kinds_is_driven() -> None:
    assert {case.values[0]["id"] for case in MINE} in ({*DRIVEN}, {"absent"})
