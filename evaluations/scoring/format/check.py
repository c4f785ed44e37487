"""The output format: one list of requirements that is written into the prompt and checked in the report.

Each key of a format becomes one `Requirement` (a section: one for standing there, one for its style, one per
limit), and a requirement holds both its sentence for the prompt and its check: what is asked and what is
checked
cannot differ. A key that only permits something ("ordered": false, "extra_sections": true) asks nothing.
"""

from dataclasses import dataclass
from typing import Any

from evaluations.scoring.format.requirements import Requirement, requirements
from evaluations.scoring.format.schema import validate
from evaluations.scoring.format.structure import read_layout


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement's verdict, with the reason and the place."""

    name: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class FormatCompliance:
    """Checks passed / checks required."""

    value: float
    checks: tuple[Check, ...]


def _all(output_format: dict[str, Any]) -> list[Requirement]:
    validate(output_format)
    return requirements(output_format)


def instructions(output_format: dict[str, Any]) -> str:
    """The format as instructions in English, one a line; "" for a format that asks nothing."""
    asked = [requirement.asks for requirement in _all(output_format)]
    if not asked:
        return ""
    return "\n".join(["Follow this output format exactly:", *(f"- {line}" for line in asked)])


def check_format(output_format: dict[str, Any], report: str) -> FormatCompliance | None:
    """Every requirement of a format, checked against a report; None for a format that asks nothing."""
    layout = read_layout(report)
    checks = []
    for requirement in _all(output_format):
        passed, detail = requirement.check(layout)
        checks.append(Check(requirement.name, passed, detail))
    if not checks:
        return None
    return FormatCompliance(round(sum(check.passed for check in checks) / len(checks), 4), tuple(checks))
