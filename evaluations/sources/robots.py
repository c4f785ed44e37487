"""What a site's robots.txt lets us read (RFC 9309). Pure."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote, unquote

MAX_BODY = 500_000  # bytes; what lies behind is not read

type Rules = tuple[tuple[bool, str], ...]


def rules_for(text: str, agent: str) -> Rules:
    """The (allow, pattern) rules of the groups that name `agent`, else of those for everybody."""
    groups = list(groups_of(text))
    named = [rules for agents, rules in groups if agent.lower() in agents]
    chosen = named or [rules for agents, rules in groups if "*" in agents]
    return tuple(rule for rules in chosen for rule in rules)


def groups_of(text: str) -> Iterable[tuple[set[str], list[tuple[bool, str]]]]:
    """The groups: user agents in small letters, and the rules that follow them."""
    agents: set[str] = set()
    rules: list[tuple[bool, str]] = []
    in_rules = False
    for line in text.removeprefix("\ufeff").splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            if in_rules:
                yield agents, rules
                agents, rules, in_rules = set(), [], False
            agents.add(value.lower())
        elif name in ("allow", "disallow"):
            in_rules = True
            if value:
                rules.append((name == "allow", value))
    yield agents, rules


def allows(rules: Rules, path: str) -> bool:
    """Whether a path with its query may be read: the longest matching rule decides, and allowing wins a tie."""
    path = even(path)
    found = [(len(pattern), allow) for allow, pattern in rules if matches(even(pattern), path)]
    return max(found, default=(0, True))[1]


def even(path: str) -> str:
    """The path with every character percent-encoded in one way."""
    return quote(unquote(path, errors="replace"), safe="/*$?&=;:@!,+~()'")


def matches(pattern: str, path: str) -> bool:
    """Whether a rule's pattern, with * and a final $, matches the beginning of a path. Linear in its length."""
    anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    return follows(rest, path, len(first), anchored)


def follows(pieces: Sequence[str], path: str, place: int, anchored: bool) -> bool:
    """Whether the pieces come one after another from `place` on; anchored, the last one ends the path."""
    if not pieces:
        return place == len(path) or not anchored
    for piece in pieces[:-1]:
        found = path.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if anchored:
        return path.endswith(pieces[-1]) and len(path) - len(pieces[-1]) >= place
    return path.find(pieces[-1], place) >= 0
