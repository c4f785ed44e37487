"""An evaluation as a TOML file: read, with the line of every value, so that each refusal names line and field."""

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluations.errors import BadInputError

MOST_BYTES = 1_000_000
TEXT, WHOLE, NUMBER, SWITCH, TEXTS, TABLE = (str,), (int,), (int, float), (bool,), (list,), (dict,)
WORDS = {
    TEXT: "a text",
    WHOLE: "a whole number",
    NUMBER: "a number",
    SWITCH: "true or false",
    TEXTS: "a list of texts",
    TABLE: "a table",
}

# What a file may say, by table, and the field of the model that it becomes where that has another name.
EVALUATION = {
    "name": TEXT, "slug": TEXT, "description": TEXT, "public": SWITCH, "review_before_publishing": SWITCH,
    "voting_hours": WHOLE, "results_per_query": WHOLE, "country": TEXT, "search_language": TEXT, "freshness": TEXT,
    "full_text": TEXT, "full_text_pages": WHOLE, "context_tokens": WHOLE, "call_deadline_seconds": WHOLE,
}  # fmt: skip
TOP = EVALUATION | {
    "queries": TEXTS, "files": TEXT, "prompt": TABLE, "format": TABLE, "models": TEXTS, "ceilings": TABLE
}  # fmt: skip
PROMPT = {"text": TEXT, "file": TEXT}
CEILINGS = {"usd_per_call": NUMBER, "usd_per_run": NUMBER, "usd_per_day": NUMBER}
MODEL = {
    "name": TEXT, "slug": TEXT, "model": TEXT, "url": TEXT, "provider": TEXT, "key": TEXT, "temperature": NUMBER,
    "send_temperature": SWITCH, "max_tokens": WHOLE, "context_window": WHOLE, "parameters": TABLE,
    "usd_per_million_input": NUMBER, "usd_per_million_output": NUMBER, "provider_order": TEXTS,
    "quantizations": TEXTS, "allow_fallbacks": SWITCH,
}  # fmt: skip

CHECKED_APART = ("prompt", "ceilings", "models")  # value by value, so that each is refused by its own name

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"'-]+)\s*\]\]?")
KEY = re.compile(r"\s*([\w\"'-]+)\s*=")
MARKS = re.compile(r'"""|\'\'\'')


@dataclass(frozen=True)
class ConfigFile:
    """What a file says, and by the address of a value, such as `models[2].temperature`, its line."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def error(self, address: str, words: str) -> BadInputError:
        """The refusal of one value."""
        line = self.lines.get(address) or self.lines.get(address.rpartition(".")[0])
        place = f"{self.path.name}, line {line}" if line else self.path.name
        return BadInputError(f"{place}: {address}: {words}" if address else f"{place}: {words}")

    def near(self, name: str) -> Path:
        """A path that the file names: from its own folder on."""
        try:
            return self.path.parent / Path(name).expanduser()
        except RuntimeError as error:
            raise self.error("", f"nobody knows whose folder {name[:80]!r} is") from error


def read_config(name: str) -> ConfigFile:
    """The file of this name. Raises BadInputError with the line and the field of what cannot be used; OSError."""
    path = Path(name)
    content = path.read_bytes()
    if len(content) > MOST_BYTES:
        raise BadInputError(f"{path.name} has more than {MOST_BYTES:,} bytes.")
    try:
        text = content.decode()
        values = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInputError(f"{path.name}, line {line}: no text in UTF-8.") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no error of TOML's own
        raise BadInputError(f"{path.name}: no TOML: {error}") from error
    config = ConfigFile(path, values, lines_of(text))
    check_tables(config)
    return config


def check_tables(config: ConfigFile) -> None:
    """Refuse keys that no file may have, values of another kind, and what cannot do without each other."""
    check(config, config.values, TOP, "")
    check(config, config.values.get("prompt", {}), PROMPT, "prompt.")
    check(config, config.values.get("ceilings", {}), CEILINGS, "ceilings.")
    for place, model in enumerate(config.values.get("models", []), 1):
        address = f"models[{place}]"
        if not isinstance(model, dict):
            raise config.error("models", "each is a table, written as [[models]]")
        check(config, model, MODEL, f"{address}.")
        if "model" not in model:
            raise config.error(address, "`model` is missing: the model's id, as its server spells it")
        if ("url" in model) == ("provider" in model):
            raise config.error(address, '`url` of an OpenAI-compatible server, or `provider = "openrouter"`')
    if not str(config.values.get("name", "")).strip():
        raise config.error("name", "is missing")
    if len(config.values.get("prompt", {})) != 1:
        raise config.error("prompt", "has either `text` or `file`")
    if not config.values.get("queries") and not config.values.get("files"):
        raise config.error("queries", "are missing, and no `files` either")


def check(config: ConfigFile, table: Mapping[str, Any], known: Mapping[str, tuple[type, ...]], where: str) -> None:
    """Refuse a key that is not known, and a value of another kind. Raises BadInputError."""
    for key, value in table.items():
        if key not in known:
            raise config.error(f"{where}{key}", f"there is no such key; there are: {', '.join(known)}")
        kinds = known[key]
        texts = kinds is TEXTS and key != "models"
        if not is_of(value, kinds) or (texts and not all(isinstance(one, str) and one.strip() for one in value)):
            words = "a list of tables" if key == "models" else WORDS[kinds]
            raise config.error(f"{where}{key}", f"must be {words}, not {value!r}"[:300])
        if key not in CHECKED_APART and not is_storable(value):
            raise config.error(f"{where}{key}", "holds what cannot be kept: a date, inf, nan or the character U+0000")


def is_of(value: object, kinds: tuple[type, ...]) -> bool:
    """Whether a value is of one of the kinds; true and false are no numbers, and neither is nan."""
    if isinstance(value, bool):
        return kinds == SWITCH
    return isinstance(value, kinds) and not (isinstance(value, float) and not math.isfinite(value))


def is_storable(value: object) -> bool:
    """Whether databases and requests can hold a value: one of JSON, without the character that ends texts in C."""
    try:
        return "\\u0000" not in json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False


def lines_of(text: str) -> dict[str, int]:
    """By the address of each table and value its line; where a text is written oddly, some may be missing."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    where, inside = "", False
    for number, line in enumerate(text.split("\n"), 1):
        if not inside and (header := HEADER.match(line)):
            name = header[2].strip("\"'")
            if header[1] == "[[":
                counts[name] = counts.get(name, 0) + 1
                name = f"{name}[{counts[name]}]"
            where = f"{name}."
            found.setdefault(name, number)
        elif not inside and (key := KEY.match(line)):
            found.setdefault(where + key[1].strip("\"'"), number)
        inside ^= len(MARKS.findall(line)) % 2 == 1
    return found
