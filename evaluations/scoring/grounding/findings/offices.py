"""Who is what, and where: a person's post, club and nationality, as sentences name them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.clauses import NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.governors import SPEECH
from evaluations.scoring.lexicon.posts import DEMONYMS, POSTS
from evaluations.scoring.text.words import WORD, fold, stem, word_list

MOST_ROWS = 40
_MODIFIERS = 3
# Somebody who moves belongs to two clubs.
_MOVES = frozenset(map(stem, word_list("sign join move transfer loan leave sell former ex formerly previously switch")))
_PITCH = frozenset(("goalkeeper", "defender", "midfielder", "striker", "winger"))
# Who leads is called a boss, whatever the post; of others they are no more than one.
_HEADS = frozenset(("boss", "coach", "chairman", "president", "owner", "director", "executive"))
_ANYBODY = frozenset(("substitute", "debutant", "teenager", "official", "player", "assistant", "executive-any"))


_ARTICLES = frozenset(("the", "a", "an"))
_PAST = frozenset(("former", "old", "new", "then"))
_DOING = frozenset(word_list("to will would can could may might shall should did does do"))
# What says behind a post that its holder does something.
_ACTING = frozenset(word_list("is was are were has had have will would did does can could may might should said says"))


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
        if word in _PAST and post is not None:
            return  # "the president, former goalkeeper Lund"
        if word in POSTS and nation is None:
            post = post or tokens[place]
        elif word in DEMONYMS:
            nation = tokens[place]
        elif post is None and nation is None:
            break
        place -= 1
        left -= 1
    if post and tokens[i].clause != post.clause and not _closes(tokens, i):
        return  # "Without their striker, Rovers lost": who is named behind the comma does something
    if post and tokens[max(0, tokens.index(post) - 1)].word in _DOING:
        return  # "will referee Rovers", "asked to captain Norway"
    owns = place == i - 1 and place >= 0 and tokens[place].possessive
    club = _club_of(tokens[place], tokens[i], post) if place >= 0 and (post or nation or owns) else None
    if post or club or nation:
        yield Office(tokens[i].key, post, club, nation)


def _club_of(before: Token, person: Token, post: Token | None) -> Token | None:
    """The name before a post as its club; not of another clause: "a bid for Duarte of Rovers, manager Lund said"."""
    if before.kind != NAME or person.clause - before.clause > 1:
        return None
    return None if post and before.clause != post.clause else before


def _closes(tokens: tuple[Token, ...], i: int) -> bool:
    """Whether a clause ends behind a token."""
    return i + 1 == len(tokens) or tokens[i + 1].clause != tokens[i].clause or tokens[i + 1].word == "and"


def _modifies(token: Token) -> bool:
    if token.word in SPEECH:
        return False
    return token.kind in (WORD_KIND, NUMBER) or token.word in ("the", "its", "their", "his", "her", "old")


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
    if office.post and tokens[i + 1].word in _ARTICLES and _acts(tokens, office.post):
        return  # "According to Lund, the winger was unhappy"
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
        if token.word in _PAST:
            break
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


def _acts(tokens: tuple[Token, ...], post: Token) -> bool:
    """Whether a verb follows a post in its clause: it opens a sentence of its own."""
    behind = tokens[tokens.index(post) + 1 :][:1]
    return any(token.clause == post.clause and token.word in _ACTING for token in behind)


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
        club = office.club.key
        if rows and not any(_names_club(index, row, club) or _in_title(index, row, club) for row in rows):
            yield Finding("club", office.club.start, office.club.end, rows[0])


def _in_title(index: ContextIndex, row: int, club: str) -> bool:
    """Whether the source of a sentence has a club in its title: who is named there without a club may be the club's."""
    title = {fold(word) for word in WORD.findall(index.documents[index.rows[row].source].title)}
    return set(club.split()) & title != set()


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
        if other.club
        and (_same_post(office, other) or _is_bare(index, office, other) or _are_plain(office, other))
        and _is_club(index, other.club)
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


def _are_plain(office: Office, other: Office) -> bool:
    """Whether both name the club alone: "Lund of Rovers"."""
    parts = office.post, other.post, office.nation, other.nation
    clubs = office.club, other.club
    return not any(parts) and all(club and len(club.key.split()) < 3 for club in clubs)


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
    if "assistant" in (one, other) and not _PITCH.isdisjoint((one, other)):
        return True
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


def other_holders(index: ContextIndex, beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Somebody in a post that the sources give by the same two words to another: "Basran, the finance director" for
    "finance director Deb Kershaw"."""
    for name, which, post in _held(beside[0].said) if beside and not beside[0].said.denials else ():
        rows = index.places_with(index.pack.stem(post.word))[:MOST_ROWS]
        held = [
            (row, other)
            for row in rows
            for other, *words in _held(row_reading(index, row))
            if [word.word for word in words] == [which.word, post.word]
        ]
        known = index.places_with(index.pack.stem(name.key.split()[-1]))
        if known and held and not any(index.same_name(name.key, other.key) for _, other in held):
            yield Finding("post", which.start, post.end, held[0][0])


def _held(reading: Reading) -> Iterator[tuple[Token, Token, Token]]:
    """The persons of a sentence with a post of two words: "finance director Deb Kershaw", "Kershaw, the finance
    director"."""
    tokens = reading.tokens
    for i, (which, post) in enumerate(pairwise(tokens)):
        if post.word not in POSTS or not _qualifies(which):
            continue
        behind = tokens[i + 2 : i + 3]
        if behind and behind[0].kind == NAME and behind[0].clause - post.clause <= 1:
            yield behind[0], which, post
            continue
        link = next((j for j in range(i - 1, -1, -1) if not _links(tokens[j])), i)
        if link < i - 1 and tokens[link].kind == NAME and not tokens[link].possessive:
            yield tokens[link], which, post


def _qualifies(token: Token) -> bool:
    """Whether a word before a post says which it is: no other post, no owner, and none that held it before."""
    past = token.word in _PAST or token.word in POSTS or token.word in DEMONYMS
    return token.kind == WORD_KIND and not past and not token.possessive


def _links(token: Token) -> bool:
    """Whether a word may stand between somebody and the post: "the", "is the", "the league's"."""
    return token.word in _ARTICLES or token.word == "is" or (token.possessive and token.kind != NAME)
