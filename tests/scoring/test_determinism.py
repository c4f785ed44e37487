"""The same input gives the same bytes, whatever the hash seed and however warm the caches."""

import json
import os
import subprocess
import sys

from evaluations.scoring.lines import score_lines
from tests.scoring.test_format import FULL, GOOD
from tests.scoring.test_groundedness import SOURCES

REPORT = (
    GOOD + "\nMan Utd lost 0-3 on 14 July. Erik Dahl, 24, scored 19 goals; the fee was 12 million pounds."
    " I am a language model. See https://x.example."
    " “The fee was twelve million,” said Erik Dahl [1], according to News."
)
LINES = [
    json.dumps({"id": 1, "context": SOURCES, "report": REPORT, "format": FULL}),
    json.dumps({"id": 2, "context": {"sources": SOURCES * 3}, "report": REPORT * 2}),
    json.dumps({"id": 3, "context": SOURCES, "report": REPORT, "language": "de"}),
]
PROGRAM = "import sys; from evaluations.scoring.lines import score_lines; print(*score_lines(sys.stdin), sep='\\n')"


def run(seed):
    environment = os.environ | {"PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM], input="\n".join(LINES), capture_output=True, env=environment,
        check=True, encoding="utf-8",
    )  # fmt: skip
    return process.stdout.rstrip("\n")


def test_five_hash_seeds_give_the_same_bytes():
    assert len({run(seed) for seed in (0, 1, 2, 3, 4_294_967_295)}) == 1


def test_cold_and_warm_give_the_same_bytes():
    warm = list(score_lines(LINES + LINES))
    assert warm[: len(LINES)] == warm[len(LINES) :]
    assert "\n".join(warm[: len(LINES)]) == run(7)
