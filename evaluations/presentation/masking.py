"""Names that would tell who wrote a report, masked in every report of a run while its votes are open.

Only where a model's own report names it: else "Claude Makélélé" stays. Then its names go from all reports, because a
mask in one only would tell that its author bears it. Every mask is the same and covers the version behind the name.
"""

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from urllib.parse import unquote

from evaluations.scoring.flags import names_said
from evaluations.scoring.measures import own_names

MASK = "▒▒▒"

# Names that belong together: who writes of its maker, or of its maker's other models, names itself. A hyphen may be
# any one character, or none.
LINEAGES = [
    line.split()
    for line in (
        "claude anthropic sonnet opus haiku",
        "gpt chat-gpt open-ai codex o1 o3 o4",
        "gemini gemma bard google deep-mind",
        "llama meta",
        "mistral mixtral ministral magistral codestral devstral pixtral",
        "qwen qwq tongyi alibaba",
        "kimi moonshot",
        "deep-seek",
        "grok x-ai",
        "command cohere aya",
        "phi copilot microsoft",
        "nova titan amazon bedrock",
        "nemotron nvidia",
        "ernie baidu",
        "hunyuan tencent",
        "glm chat-glm zhipu z-ai",
        "granite ibm",
    )
]
# Part of many names: alone they say nothing.
COMMON = """
    air api base beta chat code coder deep edge exp experimental fast fine flash free ft high instruct it large latest
    lite local low max medium mini model my nano online our plus preview pro reasoner reasoning research sandbox small
    standard super test the think thinking tuned tune turbo ultra version vision
"""
COMMON_WORDS = frozenset(COMMON.split())
# Words of every day that are names of models, too: masked where they are written as a name.
ORDINARY = """
    arctic bard bedrock brief command dolphin falcon freeform granite hermes inventor mercury nova orca palm slow
    solar sonar thorough titan trinity
"""
ORDINARY_WORDS = frozenset(ORDINARY.split())
# What may follow a name and belongs to it.
TIERS = sorted(COMMON_WORDS - {"it", "my", "our", "the", "version"} | {"ai", "cloud", "lm", "oss", "os"})

START, END = r"(?<![^\W_])", r"(?![^\W_])"
BETWEEN = r"[\W_]*+"  # in a name: space, hyphen, full stop, and what Markdown puts there
MARKUP = r"[*_`~\\]{0,3}"
# Between a name and its version: one space, one hyphen or the like, or nothing.
CLOSE = rf"(?:{MARKUP}[^\S\n]?{MARKUP}[(\[]?|{MARKUP}[-‐-―−_./:]?{MARKUP})"
NUMBER = r"v?\d[^\W_]*(?:[._]\d[^\W_]*)*|[a-z]{1,2}\d[^\W_]*(?:[._]\d[^\W_]*)*"
VERSION = rf"(?>{CLOSE}(?:{NUMBER}|(?:{'|'.join(TIERS)}){END}))"
BARE_VERSION = r"versions?[\s:]{1,3}v?\d[^\W_]*(?:[._]\d[^\W_]*)*"  # "version 5.5"
NEIGHBOURS = re.compile(r"(?![.:]\s)(?:[^\S\n]|[-‐-―−_./:*]){0,3}")
# Each of these begins where a run of its characters begins, so that long runs are read once.
ENCODED = re.compile(r"(?<![^\s<>\"'`()\[\]])[^\s<>\"'`()\[\]]++")
ADDRESS = re.compile(r"(?<![\w-])(?:https?://[^\s<>]++|[\w-]++(?:\.[\w-]++)+(?:/[^\s<>]*+)?)", re.IGNORECASE)
CHARACTER = re.compile(r"&#?\w{1,32};|.", re.DOTALL)
TAG = re.compile(r"(<[^>]*>)")
LINK = re.compile(r"<a\b[^>]*?href=\"([^\"]*)\"")
INLINE = re.compile(r"</?(?:a|bdi|code|del|em|s|small|span|strong|mark|sup)\b")
SHORTEST = 4  # letters of a word that is masked wherever it stands
BREAK = "\n"  # what a reader sees of any other tag


@dataclass(frozen=True)
class Author:
    """A model and what it wrote; `named` where its report was flagged for naming it."""

    name: str
    model_id: str
    text: str
    named: bool


class Mask:
    """What the reports of one run must not say."""

    def __init__(self, authors: Iterable[Author]) -> None:
        """Find out whose report names it. Without any such report nothing is masked."""
        names: set[str] = set()
        for author in authors:
            names |= telling(author)
        # In an address even an everyday word is a name.
        self.is_needed = bool(names)
        self.pattern = one_of(names)
        self.in_addresses = one_of({name.replace("(?-i:", "(?:") for name in names})

    def in_text(self, text: str) -> str:
        """A text with the names masked."""
        return replaced(text, self.places(text)) if self.is_needed else text

    def in_html(self, markup: str) -> str:
        """A report's HTML with the names masked, across tags too; a link whose address has one is a link no more."""
        if not self.is_needed:
            return markup
        pieces = [Piece(piece) for piece in TAG.split(self.without_telling_links(markup)) if piece]
        plains = [piece.plain for piece in pieces]
        starts = [0, *accumulate(len(plain) for plain in plains)]
        for start, end in self.places("".join(plains)):
            shown = MASK
            for number in range(bisect_right(starts, start) - 1, bisect_left(starts, end)):
                begins = starts[number]
                shown = pieces[number].put(shown, max(start - begins, 0), min(end - begins, len(plains[number])))
        return "".join(piece.markup for piece in pieces)

    def without_telling_links(self, markup: str) -> str:
        """The markup with those links opened whose address has a name."""
        kept, telling_link = [], False
        for odd, piece in enumerate(TAG.split(markup)):
            if odd % 2 and (link := LINK.match(piece)):
                telling_link = self.tells(html.unescape(link[1]))
            if not (odd % 2 and telling_link and re.match(r"</?a\b", piece)):
                kept.append(piece)
            if piece == "</a>":
                telling_link = False
        return "".join(kept)

    def tells(self, address: str) -> bool:
        """Whether an address has a name in it, however it is encoded."""
        return any(self.in_addresses.search(form) for form in (address, decoded(address)))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where names stand, neighbours as one."""
        found = [match.span() for match in self.pattern.finditer(text)]
        for match in ADDRESS.finditer(text):
            found += [inner.span() for inner in self.in_addresses.finditer(text, *match.span())]
        for match in ENCODED.finditer(text) if "%" in text else ():
            if "%" in match.group() and not self.in_addresses.search(match.group()) and self.tells(match.group()):
                found.append(match.span())
        return merged(text, sorted(found))


class Piece:
    """A tag, or the text between two."""

    def __init__(self, written: str) -> None:
        """Take it as it is written in HTML."""
        self.written = written
        self.is_tag = written.startswith("<")
        self.characters: list[str] = []  # of a text in which something is masked

    @property
    def plain(self) -> str:
        """What a reader reads, as many characters as the text has."""
        if self.is_tag:
            return "" if INLINE.match(self.written) else BREAK
        if "&" not in self.written:
            return self.written
        return "".join((html.unescape(character) or " ")[0] for character in CHARACTER.findall(self.written))

    def put(self, mask: str, start: int, end: int) -> str:
        """Replace these characters of a text; what is still to be put is "" then. A tag stays."""
        if self.is_tag or start == end:
            return mask
        self.characters = self.characters or CHARACTER.findall(self.written)
        self.characters[start:end] = [mask, *[""] * (end - start - 1)]
        return ""

    @property
    def markup(self) -> str:
        """As HTML."""
        return "".join(self.characters) if self.characters else self.written


def merged(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in their order, those beside each other as one: their number would tell, too."""
    joined = places[:1]
    for start, end in places[1:]:
        before, last = joined[-1]
        if start <= last or NEIGHBOURS.fullmatch(text, last, start):
            joined[-1] = before, max(last, end)
        else:
            joined.append((start, end))
    return joined


def replaced(text: str, places: list[tuple[int, int]]) -> str:
    """The text with a mask at each of these places."""
    if not places:
        return text
    kept = [text[last:start] for (_, last), (start, _) in pairwise([(0, 0), *places])]
    return "".join(part + MASK for part in kept) + text[places[-1][1] :]


def decoded(address: str) -> str:
    """An address without its percents, those that were encoded again included."""
    for _ in range(3):
        address = unquote(address)
    return address


# The names of a model


def telling(author: Author) -> set[str]:
    """Patterns of the names by which this author's report gives it away; none where it does not."""
    names = {name.lower() for name in (author.name, *own_names(author.name, author.model_id))}
    whole = {as_a_name(name) if name in ORDINARY_WORDS else spelled(name) for name in names if bare(name)}
    if not author.named and not one_of(whole).search(author.text):
        return set()
    words, said = words_of(author), {bare(name) for name in names_said(author.text)}
    stems = words | {word.removesuffix("ai") for word in words}
    kin = {
        name
        for line in LINEAGES
        if any(bare(known) in stems or any(name.startswith(bare(known)) for name in said) for known in line)
        for name in line
    }
    own = {word for word in words if len(word) >= SHORTEST or not word.isalpha()} | first_word(author.model_id)
    return whole | {as_a_name(name) for name in own - COMMON_WORDS | kin} | {BARE_VERSION}


def words_of(author: Author) -> set[str]:
    """The words of a model's names, and signs such as "o3" and "31b", in lower case."""
    spoken = f"{author.name} {author.model_id}".lower()
    signs = re.findall(rf"{START}(?:[a-z]{{1,3}}\d+[a-z]*|\d+[a-z][^\W_]?){END}", spoken)
    return {*re.findall(r"[^\W\d_]{2,}", spoken), *signs}


def first_word(model_id: str) -> set[str]:
    """The first word of an id behind its maker: such as "yi", which is too short for the other rule."""
    return set(re.findall(r"[^\W\d_]{2,}", model_id.lower().rpartition("/")[2])[:1])


def bare(name: str) -> str:
    """The letters and digits of a name."""
    return re.sub(r"[\W_]", "", name.lower())


def spelled(name: str) -> str:
    """The whole name, whatever stands between its parts."""
    parts = BETWEEN.join(re.escape(part) for part in re.findall(r"[^\W_]+", name))
    ending = re.search(r"[)\]+]+$", name)
    return f"{parts}(?:{re.escape(ending[0])})?" if ending else parts


def as_a_name(word: str) -> str:
    """One word as a name."""
    if word in ORDINARY_WORDS:
        said = rf"(?:(?<=\b[Aa]s )|(?<=\bam )){word}(?=[,.])"  # "As brief, I"
        return f"(?-i:{word.capitalize()}|{word.upper()}|{said})"
    if word.endswith("ai") and "-" not in word:
        word = f"{word[:-2]}-ai"  # "Moonshot AI" of "moonshotai"
    return re.escape(word).replace(r"\-", r"[\W_]?")


def one_of(names: set[str]) -> re.Pattern[str]:
    """Any of these names, whole ones before their words, with the version that follows; nothing where there is none."""
    if not names:
        return re.compile("(?!)")
    ordered = sorted(names, key=lambda name: (BETWEEN not in name, -len(name), name))
    words = "|".join(name for name in ordered if name.isascii())
    glyphs = "|".join(name for name in ordered if not name.isascii())  # scripts without spaces: words have no edges
    named = [rf"{START}(?:{words})(?:(?={VERSION})|{END})"] if words else []
    named += [glyphs] if glyphs else []
    return re.compile(rf"(?:{'|'.join(named)}){VERSION}*+", re.IGNORECASE)
