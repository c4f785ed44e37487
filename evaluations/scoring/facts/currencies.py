"""Currencies by sign, code and word, in the languages that scoring knows."""

import re
import unicodedata
from functools import lru_cache

from evaluations.scoring.text.words import fold, word_list

PERCENT = "%"
_SIGNS = "".join(chr(code) for code in range(0x24, 0x20D0) if unicodedata.category(chr(code)) == "Sc")
_CODES = word_list(
    """AED ARS AUD BAM BDT BGN BHD BRL CAD CHF CLP CNY COP CZK DKK DOP DZD EGP EUR GBP GEL GHS HKD HUF IDR ILS INR IQD
    IRR ISK JMD JOD JPY KES KRW KWD KZT LBP LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN PYG QAR RON RSD RUB SAR SEK
    SGD THB TND TRY TWD UAH USD UYU UZS VND XAF XOF ZAR"""
)
_BY_SIGN = {
    "£": "GBP", "€": "EUR", "$": "USD", "US$": "USD", "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD",
    "CA$": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "SG$": "SGD", "NT$": "TWD", "MX$": "MXN", "AR$": "ARS",
    "¥": "JPY", "￥": "JPY", "CN¥": "CNY", "JP¥": "JPY", "₩": "KRW", "₹": "INR", "RS": "INR", "₽": "RUB", "₺": "TRY",
    "TL": "TRY", "₴": "UAH", "₪": "ILS", "₫": "VND", "₦": "NGN", "₱": "PHP", "฿": "THB", "₿": "BTC", "FR": "CHF",
    "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "RMB": "CNY", "PLZ": "PLN",
}  # fmt: skip
# A word that several currencies share stands for whichever of them is meant.
FAMILIES = {
    "dollars": frozenset(("USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "JMD")),
    "crowns": frozenset(("SEK", "NOK", "DKK", "ISK", "CZK")),
    "francs": frozenset(("CHF", "XAF", "XOF")),
    "pesos": frozenset(("MXN", "ARS", "CLP", "COP", "UYU", "PHP", "DOP")),
    "dinars": frozenset(("RSD", "KWD", "DZD", "TND", "BHD", "JOD", "IQD")),
    "rupees": frozenset(("INR", "PKR", "LKR")),
    "riyals": frozenset(("SAR", "QAR", "OMR", "IRR")),
    "pounds": frozenset(("GBP", "EGP", "LBP")),
}
# Which one a shared word means where nothing else is said.
MAIN_CURRENCY = {"dollars": "USD", "pounds": "GBP", "francs": "CHF", "rupees": "INR"}
_WORDS = {
    "GBP": "sterling",
    "pounds": "pound pounds libra libras pfund livre livres lire sterlina sterline quid",
    "EUR": "euro euros",
    "dollars": "dollar dollars dolar dolares dollari dollaro buck bucks",
    "JPY": "yen yenes ienes",
    "CNY": "yuan renminbi yuanes",
    "KRW": "won",
    "francs": "franc francs franken franco francos franchi franken",
    "crowns": "krona kronor krone kroner crown crowns kronen corona coronas couronnes corone koruna korun coroas",
    "pesos": "peso pesos",
    "BRL": "real reais reales reals",
    "rupees": "rupee rupees rupien rupias roupies",
    "RUB": "rouble roubles ruble rubles rubel rublos rubli",
    "TRY": "lira liras lirasi",
    "PLN": "zloty zlotys zlotych zloties",
    "HUF": "forint forints",
    "RON": "lei leu",
    "ZAR": "rand rands",
    "AED": "dirham dirhams",
    "riyals": "riyal riyals rial rials",
    "dinars": "dinar dinars dinares",
    "NGN": "naira",
    "THB": "baht",
    "MYR": "ringgit",
    "IDR": "rupiah",
    "VND": "dong",
    "UAH": "hryvnia hryvnias",
    "ILS": "shekel shekels",
    PERCENT: "% percent pct prozent",
}
_NATIONS = {
    "us": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD", "new zealand": "NZD", "hong kong": "HKD",
    "singapore": "SGD", "swiss": "CHF", "swedish": "SEK", "norwegian": "NOK", "danish": "DKK", "icelandic": "ISK",
    "czech": "CZK", "brazilian": "BRL", "mexican": "MXN", "argentine": "ARS", "argentinian": "ARS", "chilean": "CLP",
    "colombian": "COP", "turkish": "TRY", "egyptian": "EGP", "saudi": "SAR", "qatari": "QAR", "serbian": "RSD",
    "kuwaiti": "KWD", "indian": "INR", "pakistani": "PKR", "japanese": "JPY", "chinese": "CNY", "british": "GBP",
    "schweizer": "CHF", "us-": "USD", "suisses": "CHF", "suizos": "CHF",
}  # fmt: skip
_BY_WORD = {word: code for code, words in _WORDS.items() for word in words.split()}
_PER_CENT = r"per ?cento?|por ?cien(?:to)?|por ?cento|pour ?cent|pc(?!\w)"

# A sign or a code in front of a number, its letters told from a word before it.
SIGN_BEFORE = re.compile(
    rf"(?:(?<![^\W\d_])(?:[A-Z]{{1,3}})?[{re.escape(_SIGNS)}]"
    rf"|(?<!\w)(?:{'|'.join(_CODES)}|RMB|Rs\.?|CHF|SFr\.?|Fr\.)) ?$"
)
_ACCENTED = ("dólar", "dólares", "złoty", "złotych")
_WORD_LIST = "|".join(sorted(map(re.escape, {*_BY_WORD, *_ACCENTED} - {"%"}), key=lambda word: (-len(word), word)))
_NATION_LIST = "|".join(sorted(map(re.escape, _NATIONS), key=lambda word: (-len(word), word)))
UNIT = (
    rf"%|[A-Z]{{0,2}}[{re.escape(_SIGNS)}](?![\d])"
    rf"|(?i:{_PER_CENT}|percent|prozent|(?:(?:{_NATION_LIST})[ -]?)?(?:{_WORD_LIST}))(?!\w)"
    rf"|(?:{'|'.join(_CODES)}|RMB|kr|zł|Kč|Ft|TL)(?!\w)"
)


@lru_cache(maxsize=4096)
def currency_of(written: str) -> str:
    """The code of a currency written as a sign, a code or words, "%" for per cent, "" for no currency. A sign that no
    table knows stands for itself: it is one, and no other's."""
    sign = written.strip().upper().rstrip(".")
    if sign in _BY_SIGN:
        return _BY_SIGN[sign]
    if sign in _CODES:
        return sign
    if sign == "KR":
        return "crowns"
    if sign == "SFR":
        return "CHF"
    if sign and sign[-1] in _SIGNS:
        return _BY_SIGN.get(sign[-1], sign[-1]) if len(sign) == 1 else sign
    return _by_words(written)


def _by_words(written: str) -> str:
    if re.fullmatch(_PER_CENT, written.strip(), re.IGNORECASE):
        return PERCENT
    words = [fold(word) for word in re.split(r"[ -]+", written.strip()) if word]
    code = _BY_WORD.get(words[-1], "") if words else ""
    nation = _NATIONS.get(" ".join(words[:-1]))
    return nation if code and nation else code


def agree(one: str, other: str) -> bool:
    """Whether two currencies can be one: the same, or a word that several share and one of these."""
    return one == other or other in FAMILIES.get(one, ()) or one in FAMILIES.get(other, ())
