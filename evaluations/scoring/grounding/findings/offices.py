"""Who is what, and where: a person's post, club and nationality, as sentences name them."""

from collections.abc import Iterator
from dataclasses import dataclass

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import row_reading
from evaluations.scoring.grounding.clauses import NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.posts import DEMONYMS, POSTS
from evaluations.scoring.text.words import stem, word_list

MOST_ROWS = 40
_MODIFIERS = 3
# Somebody who moves belongs to two clubs.
_MOVES = frozenset(map(stem, word_list("sign join move transfer loan leave sell former ex formerly previously switch")))
_PITCH = frozenset(("goalkeeper", "defender", "midfielder", "striker", "winger"))
# Who leads is called a boss, whatever the post; of others they are no more than one.
_HEADS = frozenset(("boss", "coach", "chairman", "president", "owner", "director", "executive"))
_ANYBODY = frozenset(("substitute", "debutant", "teenager", "official", "player", "assistant", "executive-any"))


@dataclass(frozen=True, slots=True)
class Office:
    """What one sentence says of one person; each part with its place, or None where it says nothing of it."""

    person: str
    post: Token | None = None
    club: Token | None = None
    nation: Token | None = None


def offices(reading: Reading) -> Iterator[Office]:
    """Every person of a sentence with the post, club or nationality that it gives them."""
    tokens = reading.tokens
    for i, token in enumerate(tokens):
        if token.kind == NAME:
            yield from _before(tokens, i)
            yield from _after(tokens, i)


def _before(tokens: tuple[Token, ...], i: int) -> Iterator[Office]:
    """ "Rovers' Danish coach, Ada Lund", "goalkeeper Lund", "Rovers' Lund"."""
    post = nation = None
    place, left = i - 1, _MODIFIERS + 1
    while place >= 0 and left and _modifies(tokens[place]) and tokens[i].clause - tokens[place].clause <= 1:
        word = tokens[place].word
        if word in POSTS and nation is None:
            post = post or tokens[place]
        elif word in DEMONYMS:
            nation = tokens[place]
        elif post is None and nation is None:
            break
        place -= 1
        left -= 1
    club = tokens[place] if place >= 0 and tokens[place].kind == NAME else None
    if club and not (post or nation or (club.possessive and place == i - 1)):
        club = None
    if club and tokens[i].clause - club.clause > 1:
        club = None
    if post or club or nation:
        yield Office(tokens[i].key, post, club, nation)


def _modifies(token: Token) -> bool:
    return token.kind in (WORD_KIND, NUMBER) or token.word in ("the", "its", "their", "old")


def _after(tokens: tuple[Token, ...], i: int) -> Iterator[Office]:
    """ "Lund, the Rovers coach", "Lund is the coach of Rovers", "Lund of Rovers"."""
    person = tokens[i]
    place = i + 1
    while place < len(tokens) and tokens[place].word in (
        "is",
        "was",
        "the",
        "a",
        "an",
        "as",
        "now",
        "became",
        "remains",
    ):
        place += 1
    linked = place > i + 1
    if not linked:
        yield from _of(tokens, i)
        return
    office = _office_after(tokens, person, place)
    if office.post or office.nation:
        yield office


def _of(tokens: tuple[Token, ...], i: int) -> Iterator[Office]:
    """ "Lund of Rovers"."""
    if i + 2 < len(tokens) and tokens[i + 1].word == "of" and tokens[i + 2].kind == NAME:
        yield Office(tokens[i].key, club=tokens[i + 2])


def _office_after(tokens: tuple[Token, ...], person: Token, place: int) -> Office:
    """The post, the club and the nationality that follow "the" or "is the"."""
    club = post = nation = None
    for token in tokens[place : place + _MODIFIERS + 2]:
        if token.kind == NAME and club is None and post is None:
            club = token
        elif token.word in POSTS and post is None:
            post = token
        elif token.word in DEMONYMS:
            nation = token
        elif token.word in ("of", "at") and post:
            following = tokens.index(token) + 1
            club = club or (tokens[following] if following < len(tokens) and tokens[following].kind == NAME else None)
        elif token.kind == NAME or (token.kind != WORD_KIND and token.word not in ("the", "at", "of")):
            break
    return Office(person.key, post, club, nation)


def wrong_offices(index: ContextIndex, reading: Reading) -> Iterator[Finding]:
    """Persons to whom a sentence gives another club, post or country than the sources do."""
    for office in offices(reading):
        known = _known_offices(index, office.person)
        if not known:
            continue
        for token, kind in _conflicts(index, office, known):
            row = next((row for row, other in known if getattr(other, kind)), known[0][0])
            yield Finding(kind, token.start, token.end, row)


def unnamed_offices(index: ContextIndex, reading: Reading) -> Iterator[Finding]:
    """Persons with a club that no source names within a sentence of them."""
    for office in offices(reading):
        if office.club is None or office.post is None:
            continue
        rows = index.places_with(index.pack.stem(office.person.split()[-1]))[:MOST_ROWS]
        if rows and not any(_names_club(index, row, office.club.key) for row in rows):
            yield Finding("club", office.club.start, office.club.end, rows[0])


def _names_club(index: ContextIndex, row: int, club: str) -> bool:
    near = (place for place in (row - 1, row, row + 1) if 0 <= place < len(index.rows))
    beside = [row_reading(index, place) for place in near if index.rows[place].source == index.rows[row].source]
    words = set(club.split())
    return any(words <= one.words or any(index.same_name(club, name.key) for name in one.names) for one in beside)


def _known_offices(index: ContextIndex, person: str) -> list[tuple[int, Office]]:
    rows = index.places_with(index.pack.stem(person.split()[-1]))
    return [
        (row, office)
        for row in rows[:MOST_ROWS]
        for office in row_offices(index, row)
        if index.same_name(office.person, person)
    ]


def row_offices(index: ContextIndex, row: int) -> tuple[Office, ...]:
    """The offices that one sentence of a source names."""
    return tuple(offices(row_reading(index, row)))


def _conflicts(index: ContextIndex, office: Office, known: list[tuple[int, Office]]) -> Iterator[tuple[Token, str]]:
    clubs = [
        other.club
        for _, other in known
        if other.club and (_same_post(office, other) or _is_bare(index, office, other)) and _is_club(index, other.club)
    ]
    if (
        office.club
        and _is_club(index, office.club)
        and clubs
        and not any(index.same_name(club.key, office.club.key) for club in clubs)
        and not _has_moved(index, office.person, office.club.key)
    ):
        yield office.club, "club"
    posts = [POSTS[other.post.word] for _, other in known if other.post]
    if office.post and posts and all(_rules_out(POSTS[office.post.word], post) for post in posts):
        yield office.post, "post"
    nations = [DEMONYMS[other.nation.word] for _, other in known if other.nation]
    if office.nation and nations and DEMONYMS[office.nation.word] not in nations:
        yield office.nation, "nation"


def _is_club(index: ContextIndex, club: Token) -> bool:
    """Whether a name can be a club's or a company's: no country, and one that the sources have."""
    words = club.key.split()
    if all(word in index.plain for word in words):
        return False
    return all(word in index.vocabulary and word not in DEMONYMS and word not in POSTS for word in words)


def _same_post(office: Office, other: Office) -> bool:
    if office.post is None or other.post is None:
        return False
    return POSTS[office.post.word] == POSTS[other.post.word]


def _is_bare(index: ContextIndex, office: Office, other: Office) -> bool:
    """Whether a sentence gives somebody a club alone, one that has people of its own in the sources, and the source a
    post at a club."""
    if office.post is not None or office.nation is not None or office.club is None or other.post is None:
        return False
    rows = index.places_with(index.pack.stem(office.club.key.split()[-1]))[:MOST_ROWS]
    return any(
        one.post and one.club and index.same_name(one.club.key, office.club.key)
        for row in rows
        for one in row_offices(index, row)
    )


def _rules_out(one: str, other: str) -> bool:
    if one == other or one in _ANYBODY or other in _ANYBODY:
        return False
    if "boss" in (one, other) and {one, other} <= _HEADS:
        return False
    return not ("captain" in (one, other) and not _PITCH.isdisjoint((one, other)))


def _has_moved(index: ContextIndex, person: str, club: str) -> bool:
    """Whether some sentence has the person and the club beside a word of moving."""
    rows = set(index.places_with(index.pack.stem(person.split()[-1]))) & set(
        index.places_with(index.pack.stem(club.split()[-1]))
    )
    return any(
        not _MOVES.isdisjoint(row_reading(index, row).keys)
        for row in sorted(rows, key=index.row_places.__getitem__)[:MOST_ROWS]
    )
