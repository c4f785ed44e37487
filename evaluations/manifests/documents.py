"""A manifest as a file: sealed part by part when it is written, and every change named when it is read.

The document is canonical JSON. `sha256.parts` has the SHA-256 of the canonical JSON of every part by its path,
`sha256.whole` that of the document without `sha256`. A path names keys from the outside in, such as
`reports.claude.1.text`; parameters, formats, flags and evidence are parts as a whole.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from evaluations.contexts import canonical, digest
from evaluations.errors import BadInputError

FORM = 1
SEAL, KIND = b'"sha256"', b'"form"'  # every manifest has its hashes, and says what it is
WHOLE_PARTS = frozenset({"parameters", "search_options", "output_format", "flags", "evidence"})
DEEPEST = 20
MARK = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)

Document = dict[str, Any]


class DamagedError(BadInputError):
    """A manifest that cannot be used; `differences` names every place."""

    def __init__(self, differences: list[str]) -> None:
        super().__init__("The manifest was changed after its export: " + "; ".join(differences))
        self.differences = differences


class NoManifestError(DamagedError):
    """A file that is something else."""

    def __init__(self, what: str) -> None:
        BadInputError.__init__(
            self, f"This is no manifest of a run, which `manage.py export_run` writes: it is {what}."
        )
        self.differences = [f"the document: is {what}"]


def seal_document(content: Mapping[str, Any]) -> Document:
    """The document with its hashes."""
    return {**content, "sha256": seal_of(content)}


def seal_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The hashes of a document's content, which is all but `sha256`: of its `parts` by path, and of the `whole`."""
    own = {name: value for name, value in content.items() if name != "sha256"}
    parts = {path: digest(canonical(value)) for path, value in parts_of(own)}
    return {"parts": parts, "whole": digest(canonical(own))}


def parts_of(value: Any, path: str = "", depth: int = DEEPEST) -> Iterator[tuple[str, Any]]:
    """Every part with its path; what lies deeper than `depth` belongs to the part around it."""
    steps: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        steps = [(join_path(path, name), inner) for name, inner in value.items()]
    elif isinstance(value, list):
        steps = [(f"{path}[{place}]", inner) for place, inner in enumerate(value)]
    if not steps or not depth or path.rpartition(".")[2] in WHOLE_PARTS:
        yield path, value
        return
    for inner_path, inner in steps:
        yield from parts_of(inner, inner_path, depth - 1)


def join_path(path: str, name: str) -> str:
    """The path of a key of the object at `path`."""
    step = name if re.fullmatch(r"[\w-]+", name) else json.dumps(name, ensure_ascii=False)
    return f"{path}.{step}" if path else step


def to_bytes(document: Document) -> bytes:
    """The bytes of an exported file."""
    return canonical(document) + b"\n"


# Reading


def read(payload: bytes) -> Document:
    """The document of an exported file. Raises DamagedError, which names what was changed by its path."""
    document = parse(payload)
    try:
        differences = part_differences(document)
    except RecursionError as error:
        raise DamagedError(["the document is nested too deep"]) from error
    if differences:
        raise DamagedError(differences)
    return document


def parse(payload: bytes) -> Document:
    """The JSON object in the file, exactly in canonical form. Raises DamagedError."""
    try:
        text = payload.decode()
        # What JSON cannot write back becomes a text, which is not in canonical form.
        document = json.loads(text, parse_constant=str, parse_float=finite_number)
        exact = canonical(document)
    except UnicodeDecodeError as error:
        if SEAL not in payload:
            raise NoManifestError("not UTF-8") from error
        before = payload[: error.start].decode()
        raise damage_at(before + "\ufffd", len(before), "is not UTF-8") from error
    except json.JSONDecodeError as error:
        if SEAL not in payload:
            raise NoManifestError("not JSON") from error
        raise damage_at(text, error.pos, f"is not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        if SEAL not in payload:
            raise NoManifestError("no JSON that can be read") from error
        raise DamagedError([f"the document cannot be read: {error}"]) from error
    if SEAL not in payload and KIND not in payload:
        raise NoManifestError("JSON of another kind")
    if payload not in (exact, exact + b"\n"):
        places = zip(payload, exact, strict=False)
        first = next((place for place, (one, other) in enumerate(places) if one != other), len(exact))
        before = payload[:first].decode(errors="ignore")
        raise damage_at(text, len(before), "is not in canonical form")
    if not isinstance(document, dict) or document.get("form") != FORM:
        raise DamagedError([f"form: this is no manifest of form {FORM}"])
    return document


def finite_number(digits: str) -> float | str:
    """The number; its digits where it is too large for one."""
    number = float(digits)
    return number if math.isfinite(number) else digits


def damage_at(text: str, offset: int, how: str) -> DamagedError:
    """The error for the character at `offset`."""
    return DamagedError([f"{path_at(text, offset) or 'the document'}: {how}, at character {offset + 1}"])


def path_at(text: str, offset: int) -> str:
    """The path of the value that the character at `offset` belongs to, however broken the text is."""
    steps: list[str | int | None] = []  # a place in a list, a key, or None before a key
    for match in MARK.finditer(text):
        mark = match.group()
        if match.start() > offset or (match.start() == offset and mark in "]}"):
            break
        if mark in "{[":
            steps.append(None if mark == "{" else 0)
        elif not steps:
            continue
        elif mark in "]}":
            steps.pop()
        elif mark == ",":
            last = steps.pop()
            steps.append(last + 1 if isinstance(last, int) else None)
        elif mark[0] == '"' and steps[-1] is None:
            steps[-1] = mark.strip('"')
    path = ""
    for step in steps:
        if step is not None:
            path = f"{path}[{step}]" if isinstance(step, int) else join_path(path, step)
    return path


def part_differences(document: Document) -> list[str]:
    """The parts that are not what the document's hashes say, by path."""
    stated = document.get("sha256")
    if not isinstance(stated, dict) or not isinstance(stated.get("parts"), dict):
        return ["sha256: its hashes are missing"]
    seal = seal_of(document)
    extra = sorted(stated.keys() - {"parts", "whole"})
    if stated.get("whole") == seal["whole"]:  # so the content is as it was, and hashes were changed
        wrong = differences_between(stated["parts"], seal["parts"])
        return [f"sha256.parts.{difference}" for difference in wrong] + [f"sha256.{name}: not known" for name in extra]
    return differences_between(stated["parts"], seal["parts"]) or ["sha256.whole: is not the hash of the document"]


def differences_between(stated: Mapping[str, Any], found: Mapping[str, str]) -> list[str]:
    """Paths that are missing, new, or have another hash."""
    gone = [f"{path}: missing" for path in stated if path not in found]
    new = [f"{path}: was not there" for path in found if path not in stated]
    changed = [f"{path}: changed" for path in found if path in stated and stated[path] != found[path]]
    return sorted(gone + new + changed)
