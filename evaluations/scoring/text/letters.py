"""Runs of five letters: what stemming and stop words hide, and the costliest thing to index."""

import re
from collections.abc import Sequence

LETTERS = 5
# Folded words are made of these, nearly all of them; a run with any other character stands for itself.
_ALPHABET = " abcdefghijklmnopqrstuvwxyz0123456789'._"
_CODES = bytes(_ALPHABET.find(chr(code)) + 1 for code in range(256))
_OTHER = re.compile(f"[^{re.escape(_ALPHABET)}]")
# Odd, so that every letter of a run moves the low bits, by which a set places a number.
_BASE = len(_ALPHABET) + 1
_LANE = 32


def letter_runs(words: Sequence[str]) -> list[int | str]:
    """Every run of five letters of a text, across its words, in order: a number for each different run.

    All runs are computed at once, as one long number with a lane of 32 bits for each letter: five letters in
    base 41 fit into a lane.
    """
    text = " ".join(words)
    count = len(text) - LETTERS + 1
    if count < 1:
        return []
    lanes = bytearray(len(text) * _LANE // 8)
    lanes[:: _LANE // 8] = text.encode("latin-1", "replace").translate(_CODES)
    letters = int.from_bytes(lanes, "little")
    numbers = sum((letters >> _LANE * place) * _BASE**place for place in range(LETTERS))
    runs: list[int | str] = list(memoryview(numbers.to_bytes(len(lanes), "little")).cast("I")[:count])
    if not text.isascii() or _OTHER.search(text):
        _write_out(text, runs)
    return runs


def _write_out(text: str, runs: list[int | str]) -> None:
    """Put the run itself where it holds a character that has no number."""
    done = 0
    for match in _OTHER.finditer(text):
        end = min(match.end(), len(runs))
        for start in range(max(done, match.end() - LETTERS), end):
            runs[start] = text[start : start + LETTERS]
        done = max(done, end)
