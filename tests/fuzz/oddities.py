"""Odd values, and documents in which one node after the other is replaced by one of them."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Raw:
    """A piece of JSON that `json.dumps` would not write."""

    text: str

    def __repr__(self) -> str:
        return self.text if len(self.text) < 40 else f"{self.text[:20]}… ({len(self.text):,} characters)"


MISSING = Raw("")

ODD: Sequence[Any] = (
    None, True, False, 0, -1, 1, 1.5, 2**31, 2**53 + 1, 2**63, -(2**63), 10**30,
    Raw("1e400"), Raw("-1e400"), Raw("1e-400"), Raw("1e999999999999999999999"), Raw("9" * 5_000),
    Raw("0." + "1" * 5_000),
    Raw("NaN"), Raw("Infinity"), Raw("-Infinity"), Raw("-0"), Raw("1.0"),
    "", " ", "12", "-1", "1e999", "NaN", "Infinity", "true", "null",
    Raw('"\\ud800"'), Raw('"\\udfff\\ud800"'), Raw('"\\u0000"'), "a\r\nb\u2028c\u2029d\u0085e", "\u202eabc\u200b",
    "é" * 100_000, "🏟" * 30_000, "<script>alert(1)</script>", "{{ x }}%s%n", "'; DROP TABLE x; --", "../../etc/passwd",
    "0000-00-00", "9999-12-31T23:59:60Z", "99999-01-01", "2026-02-30", "http://[::1", "javascript:alert(1)", "https://",
    [], {}, [[]], [None], [{}], {"": ""}, {"a": {"b": []}}, ["x"] * 2_000, {str(n): n for n in range(300)},
    Raw("[" * 300 + "]" * 300), Raw('{"a":' * 300 + "1" + "}" * 300), Raw("[" * 50_000 + "]" * 50_000),
    Raw('{"a":1,"a":2}'), MISSING,
)  # fmt: skip

ODD_HEADERS = (
    "", " ", "a" * 8_000, "0", "-1", "1.5", "1e999", "9" * 5_000, "NaN", "Infinity", "\u0661", "é\u00ff", "\x01\x7f",
    "99999999999999999999", "1, 2, 3", ",,,", "1;w=1, 2;w=9e999", "0, 0", "null", "true", "{}", "[]", "'\"", "%00",
    "Mon, 01 Jan 2026 00:00:00 +99999999999999", "1 Jan 99999999999 00:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT",
    "Mon, 99 Foo 2026 99:99:99 GMT", "Mon, 01 Jan 0001 00:00:00 -2359", "Fri, 31 Dec 9999 23:59:59 -2359", "soon",
    "2026-01-01T00:00:00Z", "Bearer x", "text/html; charset=\"\"", "application/json; charset=no-such",
    "text/event-stream",
)  # fmt: skip

type Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mutant:
    """A document with one odd node, or headers with one odd value."""

    document: Any
    where: str
    what: Any
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def body(self) -> bytes:
        """As it goes over the wire."""
        return encoded(self.document)

    def __str__(self) -> str:
        return f"{self.where} = {str(self.what)[:60]!r}"


def encoded(document: Any) -> bytes:
    """JSON, raw pieces as they are."""
    raw: list[str] = []

    def mark(piece: Raw) -> str:
        raw.append(piece.text)
        return f"@raw {len(raw) - 1}@"

    text = json.dumps(document, default=mark, ensure_ascii=True)
    for number, piece in enumerate(raw):
        text = text.replace(f'"@raw {number}@"', piece)
    return text.encode()


def nodes(document: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every node, the whole document first."""
    yield path
    steps = document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    for step in steps:
        yield from nodes(document[step], (*path, step))


def with_node(document: Any, path: Path, value: Any) -> Any:
    """The document with another value at a path; MISSING takes the node out."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    copy = dict(document) if isinstance(document, dict) else list(document)
    if not rest and value is MISSING:
        del copy[step]
    else:
        copy[step] = with_node(copy[step], rest, value)
    return copy


def odd_documents(documents: Sequence[Any]) -> Iterator[Mutant]:
    """Every node of every document replaced by every odd value."""
    for number, document in enumerate(documents):
        for path in nodes(document):
            for value in ODD:
                if path or value is not MISSING:
                    where = ".".join(map(str, (number, *path)))
                    yield Mutant(with_node(document, path, value), where, value)


def odd_headers(document: Any, names: Sequence[str]) -> Iterator[Mutant]:
    """A good document under one odd header after the other."""
    for name in names:
        for value in ODD_HEADERS:
            yield Mutant(document, name, value, ((name, value),))


def sample(mutants: Iterator[Mutant], count: int, seed: int = 1) -> list[Mutant]:
    """So many of them, the same for the same seed."""
    every = list(mutants)
    random.Random(seed).shuffle(every)
    return every[:count]
