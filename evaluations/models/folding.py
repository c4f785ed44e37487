"""Search without case and accents, alike on both databases: `title__folded__contains=fold(words)`.

Neither database does it by itself: SQLite knows the case of ASCII alone, PostgreSQL keeps accents.
"""

import re
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import CharField, TextField, Transform
from django.dispatch import receiver

MARKS = "\u0300-\u036f"
ALL_MARKS = re.compile(f"[{MARKS}]+")
# Letters that Unicode does not take apart, and the marks of typesetters, as people without such keys write them.
LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
    "đ": "d",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
    "ς": "σ",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "‐": "-",
    "–": "-",
    "—": "-",
    "\u00ad": "",
}
ANY_LETTER = re.compile(f"[{''.join(LETTERS)}]")
# PostgreSQL lowers what its locale knows; these are sure.
UPPER = "ÆŒÞÐĐØŁĦΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄІЇЈЉЊЋЏҐ"


def fold(text: str) -> str:
    """`text` in small letters without accents and with plain marks: "Łódź" and "LODZ", "O’Neil" and "o'neil" alike."""
    if text.isascii():
        return text.lower()
    plain = ALL_MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()
    plain = ALL_MARKS.sub("", plain)  # a capital i with its dot becomes two characters
    return ANY_LETTER.sub(lambda found: LETTERS[found[0]], plain)


@CharField.register_lookup
@TextField.register_lookup
class Folded(Transform):
    """A column as `fold` makes it."""

    lookup_name = "folded"
    function = "FOLD"

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """The same of PostgreSQL's own functions: nothing to install, nothing to migrate."""
        bare = f"regexp_replace(normalize(%(expressions)s, NFKD), '[{MARKS}]', '', 'g')"
        lowered = f"regexp_replace(translate(lower({bare}), '{UPPER}', '{UPPER.lower()}'), '[{MARKS}]', '', 'g')"
        for letter, written in LETTERS.items():
            written = written.replace("'", "''")
            lowered = f"replace({lowered}, '{letter}', '{written}')"
        return self.as_sql(compiler, connection, template=lowered, **context)


@receiver(connection_created)
def teach_sqlite(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give SQLite the function, on every connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("FOLD", 1, lambda text: text and fold(text), deterministic=True)
