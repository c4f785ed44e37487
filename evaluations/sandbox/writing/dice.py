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
    """A row of choices that the seed decides."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._throws = 0

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1."""
        self._throws += 1
        digest = hashlib.sha256(self._seed + self._throws.to_bytes(4, "big")).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def pick[T](self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]
