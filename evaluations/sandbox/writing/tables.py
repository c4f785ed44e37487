"""Takes the rows out of tables in the sources and says each as a sentence."""

import re
from collections.abc import Iterator

RULE = re.compile(r":?-{2,}:?")
ORDINALS = {"1": "first", "2": "second", "3": "third"}


def rows_of(text: str) -> Iterator[dict[str, str]]:
    """The rows of the first Markdown table in a text, as column to cell; its line breaks may be lost."""
    cells = [cell.strip() for cell in text.split("|")]
    start = next((place for place, cell in enumerate(cells) if RULE.fullmatch(cell)), None)
    if start is None:
        return
    width = next(size for size in range(1, len(cells)) if not RULE.fullmatch(cells[start + size : start + size + 1][0]))
    header = cells[max(start - 1 - width, 0) : start - 1]
    if len(header) < width:
        return
    for place in range(start + width + 1, len(cells) - width + 1, width + 1):
        if cells[place - 1]:
            return  # the table has ended: text stands where two rows meet
        yield dict(zip(header, cells[place : place + width], strict=True))


def sentence_of(row: dict[str, str]) -> str:
    """A row in words, by the columns it has."""
    get = {name.lower(): cell for name, cell in row.items()}.get
    if get("home") and get("away"):
        return _match(get("home") or "", get("away") or "", get("score"), get("date"), get("kick-off"), get("ground"))
    if get("club") and get("pts"):
        place = ORDINALS.get(get("pos") or "", f"number {get('pos')}")
        return f"{get('club')} are {place} in the table with {get('pts')} points from {get('p')} matches."
    if get("player") and get("from") and get("to"):
        return f"{get('player')} went from {get('from')} to {get('to')} on {get('date')} ({get('fee')})."
    first, *others = row.items()
    return f"{first[1]}: " + ", ".join(f"{name.lower()} {cell}" for name, cell in others if cell) + "."


def _match(home: str, away: str, score: str | None, date: str | None, kick_off: str | None, ground: str | None) -> str:
    if score:
        return f"{home} against {away} ended {score}."
    place = f" at {ground}" if ground else ""
    day = f" on {date}" if date else ""
    hour = f", kick-off at {kick_off}" if kick_off else ""
    return f"{home} play {away}{place}{day}{hour}."
