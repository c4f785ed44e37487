"""The votes of an evaluation without identities: what standings are computed from, and the file of it. Pure.

A file is JSON lines in UTF-8. The first says what it is: `{"form": 1, "evaluation": slug}`; each further one is a
run, in ascending order:

    {"run": number, "closed_at": moment, "withdrawn": bool,
     "reports": {model: {"name", "withheld", "words", "headings", "items", "groundedness" or null}},
     "answers": [[line-up, verdict, choice, quarantine, count], …],
     "grounds": {model or verdict: {ground: count}}}

`line-up` names models in the order in which voters saw them, `choice` is one of them or "" where the verdict is not
"choice", `quarantine` is the reason why these votes do not count or "". `grounds` is what counted voters ticked, by
their choice; it is missing where nobody ticked anything. Answers are sorted, so the same votes make
the same bytes; their SHA-256 is the inputs' hash of the standings. Nothing in it leads to a voter: no time, no network,
no order of arrival.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from evaluations.errors import BadInputError

FORM = 1
VERDICTS = ("choice", "none", "cannot_tell", "looked")


Grounds = Mapping[str, Mapping[str, int]]  # by model or verdict and by ground, how many voters ticked it


class Answer(NamedTuple):
    """What so many voters answered to one line-up. A tuple, because there may be a million."""

    line_up: tuple[str, ...]
    verdict: str
    choice: str
    quarantine: str
    votes: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report as it stood for election."""

    name: str
    withheld: bool
    words: int
    headings: int
    items: int
    groundedness: float | None


@dataclass(frozen=True, slots=True)
class RunVotes:
    """One run that was voted on, by model."""

    run: int
    closed_at: str
    withdrawn: bool
    reports: Mapping[str, Candidate]
    answers: tuple[Answer, ...]
    grounds: Grounds = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VoteFile:
    """All closed votes of an evaluation, by ascending run."""

    evaluation: str
    runs: tuple[RunVotes, ...]

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        digest = hashlib.sha256()
        for line in lines(self):
            digest.update(line)
        return digest.hexdigest()


def lines(file: VoteFile) -> Iterator[bytes]:
    """The file, line by line."""
    yield line({"form": FORM, "evaluation": file.evaluation})
    for run in file.runs:
        yield line(
            {
                "run": run.run,
                "closed_at": run.closed_at,
                "withdrawn": run.withdrawn,
                "reports": {model: asdict(report) for model, report in run.reports.items()},
                "answers": sorted(run.answers),
                **({"grounds": run.grounds} if run.grounds else {}),
            }
        )


def line(document: Mapping[str, Any]) -> bytes:
    """Canonical JSON with its newline."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(content: Iterable[str]) -> VoteFile:
    """The votes in a file's lines. Raises BadInputError, which names the line and what is wrong with it."""
    rows = (parse_line(number, text) for number, text in enumerate(content, 1) if text.strip())
    head = next(rows, None)
    if head is None or head.get("form") != FORM or not isinstance(head.get("evaluation"), str):
        raise BadInputError(
            f'Line 1 is not {{"form": {FORM}, "evaluation": …}}: this is no vote file. Nothing was read.'
        )
    runs = tuple(run_of(number, row) for number, row in enumerate(rows, 2))
    if [run.run for run in runs] != sorted({run.run for run in runs}):
        raise BadInputError("The runs of a vote file stand in ascending order, each once. Nothing was read.")
    return VoteFile(head["evaluation"], runs)


def parse_line(number: int, text: str) -> dict[str, Any]:
    """One line as an object."""
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"Line {number} is not JSON: {error}") from error
    if not isinstance(row, dict):
        raise BadInputError(f"Line {number} is not an object.")
    return row


def run_of(number: int, row: Mapping[str, Any]) -> RunVotes:
    """One line as a run."""
    try:
        reports = {str(model): candidate_of(report) for model, report in row["reports"].items()}
        answers = tuple(answer_of(answer, reports) for answer in row["answers"])
        grounds = grounds_of(row.get("grounds", {}), reports)
        return RunVotes(int(row["run"]), str(row["closed_at"]), bool(row["withdrawn"]), reports, answers, grounds)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInputError(f"Line {number} is not a run of a vote file ({type(error).__name__}: {error}).") from error


def candidate_of(report: Mapping[str, Any]) -> Candidate:
    """A report of a line."""
    grounded = report["groundedness"]
    return Candidate(
        name=str(report["name"]),
        withheld=bool(report["withheld"]),
        words=int(report["words"]),
        headings=int(report["headings"]),
        items=int(report["items"]),
        groundedness=None if grounded is None else float(grounded),
    )


def grounds_of(told: Mapping[str, Any], reports: Mapping[str, Candidate]) -> Grounds:
    """What was ticked in a line; ValueError where it cannot have been."""
    read = {str(said): {str(ground): int(count) for ground, count in of.items()} for said, of in told.items()}
    if not {*reports, *VERDICTS} >= read.keys() or any(count < 1 for of in read.values() for count in of.values()):
        raise ValueError(f"nobody can have ticked {told!r}")
    return read


def answer_of(answer: Iterable[Any], reports: Mapping[str, Candidate]) -> Answer:
    """An answer of a line; ValueError for one that cannot have been given."""
    line_up, verdict, choice, quarantine, count = answer
    read = Answer(tuple(map(str, line_up)), str(verdict), str(choice), str(quarantine), int(count))
    if verdict not in VERDICTS or read.votes < 1 or not reports.keys() >= set(read.line_up):
        raise ValueError(f"nobody can have answered {read.verdict!r} {read.votes} times to {read.line_up}")
    if (read.choice in read.line_up) != (verdict == "choice"):
        raise ValueError(f"{read.choice!r} is no answer to {read.line_up}")
    return read
