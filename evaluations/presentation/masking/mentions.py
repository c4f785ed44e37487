"""Where words of an author stand in a text, whatever they say there: plain, disguised, spelled out or broken. Pure."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from evaluations.presentation.masking import identity
from evaluations.presentation.masking.folding import Reading
from evaluations.presentation.masking.names import TIERS, Author, Class, bare, class_of, is_telling

# Digits and signs for letters; "i" and "l" look like each other anyway. "rn" is written as "m" and a filler.
LEET = str.maketrans("013457$@!|i", "oleastsalll")
FILLER = "\x1e"
PAIRS = (("rn", "m"), ("vv", "w"))
SHORTEST_DISGUISE, SHORTEST_BROKEN = 4, 6

# What may follow a name and belongs to it: "4.5", "-4o", " mini".
NUMBER = r"v?\d[^\W_]{0,12}(?:[._-]\d[^\W_]{0,12}){0,4}|[a-z]{1,2}\d[^\W_]{0,8}(?:[._]\d[^\W_]{0,8}){0,4}"
CLOSE = r"(?:[^\S\n]{0,3}[(\[]?|[-‐-―−_./:])"
TIER = "|".join(sorted(TIERS - {"it", "my", "the", "v", "r", "la"}, key=lambda tier: (-len(tier), tier)))
VERSION = re.compile(rf"(?:(?>{CLOSE}(?:{NUMBER}|(?:{TIER})(?![^\W_])))[+]?){{0,8}}")
# Endings that a name takes: "Claudes", "Clauden", "ClaudeAI", "Клодом".
SUFFIX = re.compile(r"(?:s|n|m|in|en|er|bot|chat|gpt|ai|lm|cloud|code)?(?![^\W\d_])")
LONG_ENDING = re.compile(r"(?:bot|chat|gpt|cloud|code|(?!l(?![a-z]))[a-z]{1,2})?(?![^\W\d_])")
CASE_ENDING = re.compile(r"[^\W\d_]{1,3}(?![^\W\d_])")  # in scripts other than Latin
ADDRESS = re.compile(
    r"(?<![\w@-])(?:(?:https?|ftp|mailto):[^\s<>\"'`]++|www\.[^\s<>\"'`]++|[\w.+-]{1,64}@[\w-]++(?:\.[\w-]++)+"
    r"|[\w-]++(?:\.[\w-]++)*?\.(?:ai|app|chat|cn|co|com|dev|eu|google|info|io|net|org|ru|uk|us|xyz|de|fr)(?![\w-])"
    r"(?:/[^\s<>\"'`]*+)?)",
    re.IGNORECASE,
)
LIST_NUMBER = re.compile(r"(?:^|(?<=\n))[ >]{0,8}\d{1,3}[.)](?=[ ])")
LETTER_BY_LETTER = 3  # letters at least

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """One of the author's words in a reading, by its characters there."""

    start: int
    end: int
    word: str
    kind: Class
    doubtful: bool = False  # broken by spaces, such as "Clau de": it could be two words


@dataclass(frozen=True)
class View:
    """A reading with all that is asked of it."""

    reading: Reading

    @cached_property
    def lower(self) -> str:
        """In lower case."""
        return self.reading.text.lower()

    @cached_property
    def flat(self) -> str:
        """With letters for digits that stand for them."""
        return flatten_digits(self.lower)

    @cached_property
    def introductions(self) -> dict[int, list[tuple[int, str]]]:
        """By the place where a name would stand: where the words of identity before it begin, and of which kind."""
        found: dict[int, list[tuple[int, str]]] = {}
        for start, end, kind in identity.introductions(self.lower):
            found.setdefault(end, []).append((start, kind))
        return found

    @cached_property
    def addresses(self) -> list[Span]:
        """Where addresses stand, in order; all that stands behind the running text is one a line."""
        text, behind = self.reading.text, self.reading.behind
        found = [match.span() for match in ADDRESS.finditer(text, 0, behind)]
        return found + [match.span() for match in re.compile(r"[^\n]+").finditer(text, behind)]

    def address_at(self, place: int) -> Span | None:
        """The address that this place is in."""
        index = bisect_right(self.addresses, (place, len(self.lower))) - 1
        return self.addresses[index] if index >= 0 and place < self.addresses[index][1] else None


def mentions_in(view: View, author: Author) -> Iterator[Mention]:
    """Every mention of the author's words, whatever it says; some of them twice."""
    patterns = patterns_of(author)
    for text, pattern in ((view.lower, patterns.plain), (view.flat, patterns.flat)):
        for match in pattern.finditer(text) if pattern else ():
            mention = patterns.mention(view, match)
            if mention:
                yield mention
    for words, pattern in patterns.wholes:
        for match in pattern.finditer(view.lower):
            if has_edges(view.reading.text, *match.span()):
                yield Mention(*match.span(), " ".join(words), kind_of_whole(words))
    yield from broken_mentions(view, author)


@dataclass(frozen=True)
class Patterns:
    """What an author's words look like in a text."""

    flat: re.Pattern[str] | None  # Latin letters only, flattened
    plain: re.Pattern[str] | None  # with digits, or in other scripts
    wholes: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]
    words: dict[str, tuple[str, Class]]  # by the bare form

    def mention(self, view: View, match: re.Match[str]) -> Mention | None:
        """What was found as a mention, if it is a word by itself."""
        start, end = match.span()
        key = re.sub(r"[\W_]", "", match[0].replace(FILLER, ""))
        word, kind = self.words[key]
        grows = kind > Class.EVERYDAY and not re.search(r"[\W_]", match[0].replace(FILLER, ""))
        text = view.reading.text
        ends = end_of_word(text, start, end, word) if grows else has_edges(text, start, end) and end
        written = re.sub(r"[\W_]", "", view.lower[start:end])
        disguised = written != bare(word) and bare(word).isascii()
        if not ends or (disguised and len(written) < SHORTEST_DISGUISE):
            return None
        return Mention(start, ends, word, kind)


@cache
def patterns_of(author: Author) -> Patterns:
    """The patterns of an author, longest words first."""
    flat: dict[str, tuple[str, Class]] = {}
    plain: dict[str, tuple[str, Class]] = {}
    for word, kind in sorted(author.words.items()):
        latin = re.fullmatch(r"[a-z-]+", word)
        table, key = (flat, flatten_digits(bare(word)).replace(FILLER, "")) if latin else (plain, bare(word))
        if key not in table or kind > table[key][1] or "-" in word:
            table[key] = (word, max(kind, table.get(key, (word, kind))[1]))
    return Patterns(
        any_of(word.translate(LEET).replace("rn", "m").replace("vv", "w") for word, _ in flat.values()),
        any_of(word for word, _ in plain.values()),
        tuple((words, whole_pattern(words)) for words in author.wholes),
        {**plain, **flat},
    )


def kind_of_whole(words: tuple[str, ...]) -> Class:
    """How telling a name of several parts is: "Step 3" no more than "step"."""
    kinds = [class_of(word) for word in words if is_telling(word) and not word.isdigit()]
    return Class.EVERYDAY if kinds and max(kinds) == Class.EVERYDAY else Class.OWN


def any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Any of these words; a hyphen is any sign or none."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    spelled = [re.escape(word).replace(r"\-", r"[^\S\n]?[^\w\s]?") for word in ordered]
    spelled = [re.sub(r"[mw]", rf"\g<0>{FILLER}?", word) for word in spelled]
    return re.compile("|".join(spelled)) if spelled else None


def whole_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """A whole name, whatever stands between its parts."""
    return re.compile(r"[\W_]{0,4}".join(re.escape(word) for word in words) + r"[+]?")


def flatten_digits(text: str) -> str:
    """Digits that stand for letters as these letters; as long as the text."""
    text = text.translate(LEET)
    for pair, letter in PAIRS:
        text = text.replace(pair, letter + FILLER)
    return text


def end_of_word(text: str, start: int, end: int, word: str) -> int:
    """Where a word that was found ends, its ending included; 0 where it is only a part of another word."""
    if not begins_word(text, start):
        return 0
    if not bare(word).isascii() and not any("\u0370" <= letter <= "\u052f" for letter in word):
        return end  # a script without spaces, or one where other words grow onto a name
    if ends_word(text, end):
        return end
    suffix = endings_of(word).match(text[end : end + 12].lower())
    if suffix is None or not suffix[0]:
        return 0
    return end + len(suffix[0])


def endings_of(word: str) -> re.Pattern[str]:
    """What may grow onto a word: to a long one that nobody else uses nearly anything, but Claudel is somebody else."""
    if not bare(word).isascii():
        return CASE_ENDING
    return LONG_ENDING if len(word) >= SHORTEST_BROKEN and class_of(word) == Class.OWN else SUFFIX


def begins_word(text: str, start: int) -> bool:
    """Whether a word may begin here: behind no letter, or where the case or the script changes."""
    if start == 0:
        return True
    before, first = text[start - 1], text[start]
    if not before.isalnum() or is_glyph(before) or is_glyph(first):
        return True
    return before.islower() and first.isupper()


def ends_word(text: str, end: int) -> bool:
    """Whether a word may end here; a digit is a version."""
    if end >= len(text):
        return True
    last, behind = text[end - 1], text[end]
    if not behind.isalnum() or is_glyph(behind) or (behind.isdigit() and not last.isdigit()):
        return True
    return last.islower() and behind.isupper()


def is_glyph(character: str) -> bool:
    """Whether a character is of a script other than Latin, Greek and Cyrillic: words there have no edges."""
    return character > "\u052f" and character.isalpha()


def has_edges(text: str, start: int, end: int) -> bool:
    """Whether what was found is no part of another word."""
    return begins_word(text, start) and ends_word(text, end)


# Spelled out, or broken in two


def broken_mentions(view: View, author: Author) -> Iterator[Mention]:
    """Words that are spelled out ("C l a u d e"), or broken by a sign or by the end of a line."""
    text = view.lower
    numbers = {place for match in LIST_NUMBER.finditer(text) for place in range(*match.span())}
    places = array("l", (at for at, letter in enumerate(text) if letter.isalnum() and at not in numbers))
    solid = "".join(text[index] for index in places).translate(LEET)
    words = {bare(word).translate(LEET): (word, kind) for word, kind in author.words.items() if bare(word).isascii()}
    pattern = any_of(word for word in words if len(word) >= LETTER_BY_LETTER)
    for match in pattern.finditer(solid) if pattern else ():
        start, end = places[match.start()], places[match.end() - 1] + 1
        if end - start > len(match[0]) and has_edges(view.reading.text, start, end):
            word, kind = words[match[0]]
            if manner := manner_of(LIST_NUMBER.sub("", text[start:end]), kind):
                yield Mention(start, end, word, kind, manner == "doubtful")


def manner_of(written: str, kind: Class) -> str:
    """How a broken word is written: spelled or broken, "doubtful" where it could be several words, "" for no word."""
    pieces = re.split(r"[\W_]+", written)
    gaps = re.findall(r"[\W_]+", written)
    if any(len(gap) > 8 for gap in gaps):
        return ""
    if all(len(piece) == 1 for piece in pieces):
        return "spelled"
    letters = sum(map(len, pieces))
    if letters < SHORTEST_BROKEN or kind < Class.NAMELIKE:
        return "doubtful" if letters >= SHORTEST_DISGUISE and len(gaps) == 1 else ""
    if all(re.fullmatch(r"[^\w\s]+(?:\n[ >]*)?|_+", gap) for gap in gaps):
        return "broken"
    return "doubtful"


def with_version(view: View, mention: Mention) -> Span:
    """A mention with the version behind it."""
    match = VERSION.match(view.lower, mention.end)
    end = match.end() if match else mention.end
    while end > mention.end and view.lower[end - 1] in " ([":
        end -= 1
    return mention.start, end
