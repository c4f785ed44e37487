"""Words that read like numbers and are none: "achten Sie" pays attention, "un stade neuf" is new, "quarta-feira" is a
day, "die Elf", "el once" and "le onze" are teams."""

import re
from functools import lru_cache

_MONTHS = (
    r"(?:de )?(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|janeiro|fevereiro|março|maio|junho|julho"
    r"|setembro|outubro|novembro|dezembro|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)"
)
# For each language what is a number all the same, and then what is none.
_PATTERNS = {
    "de": (
        (
            r"\b(?i:am|vom|zum|beim|im|de[rmns]|die|das|\w*ein(?:e[rnms]?)?|ihre?[rnms]?|unsere?[rnms]?|jede[rnms]?"
            r"|diese[rnms]?) achten?\b(?! (?:Sie|auf|darauf|wir|bitte)\b)"
        ),
        (
            r"\b[Aa]chten?\b|\bSieben Sie\b"
            r"|\b(?i:die|der|keine[rn]?|\w*eine[rn]?|ihre[rn]?|unsere[rn]?|diese[rn]?|beste[rn]?|erste[rn]?"
            r"|neue[rn]?) Elf\b"
        ),
    ),
    "es": (
        rf"\b(?i:el) once {_MONTHS}",
        (
            r"\b(?i:el|del|al|un|su|este|ese|mejor|nuestro) once\b|\b(?i:a) las? \w+ y (?:media|cuarto)\b"
            r"|\b(?i:un) segundo\b"
            r"|\b(?i:un|el|del|al|su) cuarto de (?:baño|estar|hotel)\b|\b(?i:la|una|su) quinta de\b"
        ),
    ),
    "fr": (
        rf"\b(?i:le) onze {_MONTHS}",
        (
            r"\b(?i:le|du|au|un|son|leur|ce|meilleur|notre) onze\b|\bsecondes?\b|\b[Dd]ouble\b|\b[Tt]riple\b"
            r"|(?:\b[lL]['’]|\b(?i:un|le|ce|cet|son|leur|notre|au|du"
            r"|tout|flambant|quoi de) )(?:(?!num)[\w'’-]+ )?neuf\b(?! \w+[sx]\b)"
        ),
    ),
    "pt": (
        rf"\b(?i:o|em) onze {_MONTHS}",
        (
            r"\b(?i:o|um|seu|do|ao|no|este|melhor) onze\b|\b(?i:segunda|ter[cç]a|quarta|quinta|sexta)s?-feiras?\b"
            r"|\b(?i:na|nesta|desta|n?aquela|última|próxima) (?:quarta|quinta|sexta)(?=[.,;:)]|$| à | de manhã)"
            r"|\b(?i:um) segundo\b|\b(?i:um|o|no|do|seu) quarto de (?:hotel|banho)\b"
        ),
    ),
    "it": (
        rf"\b[lL]['’]undici {_MONTHS}",
        (
            r"(?:\b(?:l|un|dell|nell|all|quell)['’]|\b(?i:suo|nostro|miglior) )undici\b|\b(?i:un) secondo\b"
            r"|\b(?i:tu|se|ci|mi|che|non|dove|chi|te ne) sei\b(?! \w+[ie]\b)"
            r"|\b[Ss]ei (?:stat[oa]|un[ao]?|il|la|lo|in|già|molto|così|più|tu|pronto|pronta|sicuro|sicura)\b"
            r"|\b(?i:i|dei) venti\b(?= (?:di|forti|freddi|contrari))|\bventi (?:forti|freddi|contrari|di burrasca)\b"
        ),
    ),
}


@lru_cache(maxsize=16)
def _homographs(code: str) -> re.Pattern[str] | None:
    if code not in _PATTERNS:
        return None
    numbers, others = _PATTERNS[code]
    return re.compile(f"(?P<number>{numbers})|{others}")


def without_homographs(text: str, code: str) -> str:
    """A text in a language with spaces where words read like numbers and are none."""
    pattern = _homographs(code)
    return text if pattern is None else pattern.sub(_blank_unless_number, text)


def _blank_unless_number(match: re.Match[str]) -> str:
    return match.group() if match["number"] else " " * len(match.group())
