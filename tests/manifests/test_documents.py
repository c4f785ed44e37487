"""Manifests as files: whatever is changed is named by its path."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.manifests.documents import DamagedError, parts_of, path_at, read, seal_document, seal_of, to_bytes

CONTENT: dict[str, Any] = {
    "form": 1,
    "run": {"number": 7, "partial": False, "seconds": 1.5e-05, "slot": None},
    "entries": {"claude": {"parameters": {"temperature": 0.2, "stop": ["\n"]}, "name": "Klöße “€”"}},
    "reports": {"claude": {"1": {"text": 'Two "goals"\n\\ to one 🙂', "flags": [], "attempts": {}}}},
    "sources": [{"rank": 1, "title": "First"}, {"rank": 2, "title": ""}],
}
FILE = to_bytes(seal_document(CONTENT))


def spans(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every piece of the canonical text in order, with the path that a reader would name: a writer of our own."""
    if isinstance(value, dict):
        yield "{", path
        for place, name in enumerate(sorted(value)):
            inner = f"{path}.{name}" if path else name
            inner = inner if re.fullmatch(r"[\w-]+", name) else f"{path}.{json.dumps(name, ensure_ascii=False)}"
            yield ("," if place else "") + json.dumps(name, ensure_ascii=False) + ":", inner
            yield from spans(value[name], inner)
        yield "}", path
    elif isinstance(value, list):
        yield "[", path
        for place, inner_value in enumerate(value):
            if place:
                yield ",", f"{path}[{place}]"
            yield from spans(inner_value, f"{path}[{place}]")
        yield "]", path
    else:
        yield json.dumps(value, ensure_ascii=False), path


def path_of_every_byte() -> list[str]:
    paths: list[str] = []
    for text, path in spans(json.loads(FILE)):
        paths += [path] * len(text.encode())
    return [*paths, ""]


PATHS = path_of_every_byte()


def test_the_writer_of_this_test_writes_the_same_bytes() -> None:
    assert "".join(text for text, _ in spans(json.loads(FILE))) + "\n" == FILE.decode()


def test_an_untouched_file_is_read_with_or_without_its_last_line_feed() -> None:
    assert read(FILE) == read(FILE[:-1]) == seal_document(CONTENT)


@given(st.integers(0, len(FILE) - 2), st.integers(1, 255))
def test_any_changed_byte_is_named_by_its_path(place: int, change: int) -> None:
    damaged = bytearray(FILE)
    damaged[place] ^= change
    with pytest.raises(DamagedError) as caught:
        read(bytes(damaged))
    named = [difference.partition(": ")[0] for difference in caught.value.differences]
    assert any(leads_to(path, PATHS[place]) for path in named), (PATHS[place], caught.value.differences)


def leads_to(named: str, true: str) -> bool:
    """Whether a reader of the named path looks at the right value, or at what encloses or neighbours it."""
    named, true = named.removeprefix("the document"), true.replace('"', "")
    if true.startswith("sha256.parts."):
        return named.startswith("sha256")
    outer = true.rpartition(".")[0]
    return named == true or true.startswith(named) or named.startswith(outer)


@given(st.data())
def test_any_changed_field_is_named_by_exactly_its_path(data: st.DataObject) -> None:
    document = json.loads(FILE)
    leaves = [path for path, _ in parts_of(CONTENT)]
    path = data.draw(st.sampled_from(leaves))
    holder, last = holder_of(document, path)
    holder[last] = data.draw(st.sampled_from([None, "", 8, [], {"new": 1}]).filter(lambda new: new != holder[last]))
    with pytest.raises(DamagedError) as caught:
        read(to_bytes(document))
    assert {difference.partition(": ")[0].partition(".new")[0] for difference in caught.value.differences} == {path}


def holder_of(document: Any, path: str) -> tuple[Any, Any]:
    steps: list[Any] = [
        int(place) if place else name for name, place in re.findall(r"([\w-]+)(?![\w-]*\])|\[(\d+)\]", path)
    ]
    for step in steps[:-1]:
        document = document[step]
    return document, steps[-1]


def test_a_missing_and_a_new_field_are_named() -> None:
    document = json.loads(FILE)
    document["reports"]["claude"]["1"]["texu"] = document["reports"]["claude"]["1"].pop("text")
    with pytest.raises(DamagedError) as caught:
        read(to_bytes(document))
    assert caught.value.differences == ["reports.claude.1.text: missing", "reports.claude.1.texu: was not there"]


def test_a_changed_hash_is_told_from_changed_content() -> None:
    document = json.loads(FILE)
    document["sha256"]["parts"]["run.number"] = "0" * 64
    with pytest.raises(DamagedError, match=re.escape("sha256.parts.run.number: changed")):
        read(to_bytes(document))
    document = json.loads(FILE)
    document["sha256"]["whole"] = "0" * 64
    with pytest.raises(DamagedError, match=r"sha256\.whole"):
        read(to_bytes(document))


def test_the_control_content_sealed_again_is_whole() -> None:
    """The hashes show damage, not lies: those are for `checks`, which computes everything again."""
    document = json.loads(FILE)
    document["run"]["number"] = 8
    assert read(to_bytes(seal_document(document))) == seal_document(document)
    assert seal_of(document)["whole"] != seal_of(CONTENT)["whole"]


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[1]", "no manifest of a run, which `manage.py export_run` writes: it is JSON of another kind"),
        (b"{}", "JSON of another kind"),
        (b'{\n  "name": "package"\n}', "JSON of another kind"),
        (b"null", "JSON of another kind"),
        (b'{"form":2}', "form: this is no manifest of form 1"),
        (b'{"form":1}', "sha256"),
        (b'{"form":1,"sha256":{"parts":{},"whole":""}}', "form: was not there"),
        (b'{"form":1e999}', "form: is not in canonical form"),
        (b'{"form":NaN}', "form: is not in canonical form"),
        (b'{"form":1,"form":1}', "the document: is not in canonical form"),
        (b'{"form": 1}', "form: is not in canonical form"),
        (b"[" * 100_000, "no JSON that can be read"),
        (b'{"sha256":' + b"[" * 100_000, "cannot be read"),
        (b'{"form":1,"sha256":{"parts":{},"whole":""},"x":' + b"[" * 950 + b"]" * 950 + b"}", "x[0][0]"),
    ],
)
def test_what_is_no_manifest_is_refused_in_words(payload: bytes, words: str) -> None:
    with pytest.raises(DamagedError, match=re.escape(words)):
        read(payload)


@pytest.mark.parametrize(
    ("text", "offset", "path"),
    [
        ('{"a":{"b":[1,2,{"c":"x', 21, "a.b[2].c"),
        ('{"a":1,"b":2}', 0, ""),
        ('{"a":1,"b":2}', 5, "a"),
        ('{"a":1,"b":2}', 11, "b"),
        ('{"a":[[],[3]]}', 10, "a[1][0]"),
        ('{"a b":1}', 7, '"a b"'),
    ],
)
def test_a_place_in_a_text_has_its_path(text: str, offset: int, path: str) -> None:
    assert path_at(text, offset) == path
