"""One fact that can be looked up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it stands in a text: its kind, the key under which it is looked up, its place, and the further keys
    that the same characters may mean ("1.500")."""

    kind: str
    key: tuple[str, ...]
    start: int
    end: int
    others: tuple[tuple[str, ...], ...] = ()

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """Everything that it may mean, the likeliest first."""
        return (self.key, *self.others)
