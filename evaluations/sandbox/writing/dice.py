"""Choices that follow from a seed and nothing else, so that the same request gives the same report."""

import hashlib
from collections.abc import Sequence


def seed_of(*parts: bytes) -> bytes:
    """One hash of several pieces, each with its length, so that no two requests share it by accident."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


class Dice:
    """A row of choices that the seed decides. `temperature`: how far a writer may stray from its first thought."""

    def __init__(self, seed: bytes, temperature: float = 0.0) -> None:
        self._seed = seed
        self._throws = 0
        self.temperature = temperature

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        self._throws += 1
        digest = hashlib.sha256(self._seed + self._throws.to_bytes(4, "big")).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def sway(self) -> float:
        """By how much something is favoured: 1 at temperature 0, up to half of the temperature more or less."""
        return 1 + self.temperature * (self.below(1000) / 1000 - 0.5) if self.temperature else 1.0

    def pick[T](self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]
