"""What is kept of a report, from its text and the run's material alone: its scores and its page. Pure: no Django.

`python -m evaluations.pipeline.scorers.assessment` is a process that does nothing else. Frames of JSON on stdin and
stdout, as `evaluations.sources.parser` has them. In: first the material, then one paper after the other. Out: for
each paper an assessment, or the reason why there is none.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from evaluations import contexts
from evaluations.presentation import markdown, versions
from evaluations.scoring import version
from evaluations.scoring.context.index import ContextIndex, index_context
from evaluations.scoring.measures import Measure, Measures, language_of, measure
from evaluations.sources.parser import read_frame, write_frame

NICENESS = 5  # requests and answers come first wherever there are not processors enough


@dataclass(frozen=True)
class Material:
    """What all reports of a run are held against: the locked context's bytes as text, and the output format."""

    payload: str
    output_format: dict[str, Any]

    @cached_property
    def index(self) -> ContextIndex:
        """The sources, read once for all reports."""
        return index_context(contexts.read(self.payload.encode()), language_of(self.output_format))


@dataclass(frozen=True, slots=True)
class Paper:
    """A report as its scorer gets it; `cost_usd` is a decimal number, None where it is not known."""

    report: int
    text: str
    finish_reason: str
    own_names: list[str]
    cost_usd: str | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is kept of a report: every metric and flag, its page, and who rendered that."""

    report: int
    measured: Measures
    html: str
    renderer: str


def assess(material: Material, paper: Paper) -> Assessment:
    """Score a report and render it with the marks of its evidence. The same input gives the same."""
    measured = measure(
        material.index,
        paper.text,
        material.output_format,
        finish_reason=paper.finish_reason,
        own_names=paper.own_names,
        cost_usd=None if paper.cost_usd is None else Decimal(paper.cost_usd),
    )
    sentences = measured.metrics["groundedness"].evidence.get("sentences", [])
    html = markdown.to_html(paper.text, sentences)
    return Assessment(paper.report, measured, html, versions.version_for(version.SCORER_VERSION if sentences else ""))


def pack(value: Material | Paper | Assessment) -> bytes:
    """A value as a frame holds it."""
    return json.dumps(asdict(value), default=sorted).encode()


def read_assessment(frame: bytes) -> Assessment | None:
    """The assessment in a frame; None where the process could not make it."""
    found = json.loads(frame)
    if "error" in found:
        return None
    metrics = {name: Measure(**row) for name, row in found["measured"]["metrics"].items()}
    measured = Measures(metrics, frozenset(found["measured"]["flags"]))
    return Assessment(found["report"], measured, found["html"], found["renderer"])


def answer(material: Material, paper: Mapping[str, Any]) -> bytes:
    """The frame that answers a paper. What breaks the scorer is told: the run itself meets it again, and says so."""
    try:
        return pack(assess(material, Paper(**paper)))
    except Exception as error:  # noqa: BLE001 - one report that breaks it must not cost the others
        return json.dumps({"error": f"{type(error).__name__}: {error}"[:200]}).encode()


def main() -> None:
    """Assess papers until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends this process
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not get between the frames
    if (first := read_frame(source)) is None:
        return
    material = Material(**json.loads(first))
    _ = material.index  # while the models write
    while (frame := read_frame(source)) is not None:
        write_frame(sink, answer(material, json.loads(frame)))


if __name__ == "__main__":
    main()
