"""Which language a text is written in: by its script, then by its commonest words and letters."""

import re
from collections import Counter

from evaluations.scoring.text.markup import without_marks

_READ = 20_000
_SCRIPTS = {
    "ko": "\uac00-\ud7af\u1100-\u11ff", "ja": "\u3040-\u30ff", "zh": "\u4e00-\u9fff", "th": "\u0e00-\u0e7f",
    "he": "\u0590-\u05ff", "el": "\u0370-\u03ff", "ka": "\u10a0-\u10ff", "hy": "\u0530-\u058f",
    "bn": "\u0980-\u09ff", "pa": "\u0a00-\u0a7f", "gu": "\u0a80-\u0aff", "or": "\u0b00-\u0b7f",
    "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "kn": "\u0c80-\u0cff", "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff", "am": "\u1200-\u137f", "km": "\u1780-\u17ff", "my": "\u1000-\u109f",
    "Devanagari": "\u0900-\u097f", "Arabic": "\u0600-\u06ff", "Cyrillic": "\u0400-\u04ff",
    "Latin": "a-zA-Z\u00c0-\u024f\u1e00-\u1eff",
}  # fmt: skip
_SCRIPT_PATTERNS = {name: re.compile(f"[{ranges}]") for name, ranges in _SCRIPTS.items()}
_COMMON = {
    "Devanagari": {
        "hi": ("है हैं का की के में को से और पर यह कि नहीं था थी थे होता करने भी लिए एक जो तो या हो कर गया"),
        "mr": ("आहे आहेत आणि च्या चे ची चा मध्ये हे ते ही या तुम्ही मी आपण नाही होते होता होती करा असे साठी किंवा एक तर"),
        "ne": "छ छन् र को मा लाई गर्न पनि यो हो थियो भएको गर्ने तपाईं म हुन्छ लागि एक भने",
    },
    "Arabic": {
        "ar": "في من على إلى أن هذا هذه التي الذي مع عن كان لا ما هو هي أو ذلك بعد كل",
        "fa": "و در به از که این را با است برای آن یک می شما ما هم خود تا های کند بود",
        "ur": "کے میں کی ہے اور سے کا کو نے پر ہیں یہ کہ ایک بھی تو نہیں کر ہم اس",
    },
    "Cyrillic": {
        "ru": ("и в не на что с по это как я из для он к но мы вы его она а то от все так или чтобы был"),
        "bg": ("и в на е за се да от с не са по че като който това която които може или към ще си но във със ви беше"),
        "uk": "і в не на що з та до у як це для є він але ми ви його вона або від ще за й",
        "mk": "и во на е за се да од со не дека како кој ова што или ќе но ги го",
        "sr": "и у на је за се да од са не су као који ово што или ће али из",
    },
    "Latin": {
        "en": (
            "the of and to in a is that for it as was with be by on not he his but at are this "
            "have from or had an you your i we will has they their which were been she her would "
            "my our"
        ),
        "es": (
            "de la que el en y los del se las por un para con una su al lo como más pero sus le "
            "ya o este sí porque esta entre es fue son está hay no si"
        ),
        "fr": (
            "de la le et les des en un du une que est pour qui dans par sur au plus ne se pas "
            "avec ce il sont cette ou je vous nous mais aux son sa ses été"
        ),
        "de": (
            "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als "
            "auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem "
            "über ich wir ihr"
        ),
        "it": (
            "di e il la che in un a per è una sono con non del si da della le dei al come più ma "
            "gli alla o nel questo anche i lo delle nella ha mi ti"
        ),
        "pt": (
            "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi "
            "ao ele das tem à seu sua ou ser são você está"
        ),
        "nl": (
            "de van het een en in is dat op te zijn met voor niet die aan er om ook als dan maar "
            "bij of uit nog naar heeft ik je wordt door over"
        ),
        "fi": (
            "ja on ei se että hän oli joka ovat kun mutta myös kuin niin tai sen ole olla mitä "
            "tämä voi jos sekä minä sinä hänen oma ovat"
        ),
        "sv": (
            "och i att det som en på är av för med till den har de inte om ett men var jag sig "
            "från vi så kan man när eller du"
        ),
        "da": (
            "og i at det er en til på af for de med som den har ikke et om men var jeg sig fra vi "
            "kan der når eller du blev"
        ),
        "no": (
            "og i å det er en til på av for de med som den har ikke et om men var jeg seg fra vi kan når eller du ble"
        ),
        "pl": ("i w na z do się nie jest że to o jak ale po co tak za od przez jego dla są czy był oraz ich już które"),
        "cs": ("a v na se je že s z do o to i ale pro jako by jsou ve k po jeho která bylo nebo co si tak"),
        "ro": ("de și în a la cu pe un o este că nu se din pentru care mai ca sunt fi au lui sau dar ce fost prin"),
        "hu": ("a az és hogy nem egy is ez van meg csak de már mint volt vagy ha azt el ki még minden"),
        "tr": ("ve bir bu da de için ile çok olarak daha gibi olan ne var ama her kadar sonra en ben mi değil o"),
        "vi": ("và của là có được cho một không với các người những trong này đã để khi tôi bạn từ đến như cũng"),
        "id": (
            "dan yang di dengan untuk dari ini pada tidak itu dalam akan adalah anda ke juga atau "
            "oleh saya telah bisa kami mereka ada"
        ),
        "sw": (
            "na ya wa kwa ni katika za la kuwa hii cha kama au lakini yake pia hiyo watu sana ili "
            "moja kila baada wake yao hivyo zaidi wetu kutoka mimi yangu hakuna mtu sasa huu hili huo "
            "ambayo ambao wote yote bila hadi kwamba kuhusu ndani tu sisi wewe yeye zake vya nini"
        ),
        "tl": "ang ng sa na mga ay at ito si para hindi ko ka niya may kung siya nang",
        "ca": "de la el i a que en les els un per del una amb és no al es més com són dels va o",
        "hr": "i u je na se da za su od s a kao koji o ne to iz bi sam ili ali što",
        "lt": "ir į kad su yra iš tai bet kaip už ne jis apie buvo nuo po jo taip",
        "et": "ja on ei et see ta oli ka kui oma mis siis aga nii ning ma",
        "sq": "të dhe e në një për me që nga është i se si ka më nuk",
        "so": "iyo in ka ku waa oo ah u soo la loo kale waxaa uu",
    },
}
_COMMON_WORDS = {
    script: {code: frozenset(words.split()) for code, words in languages.items()}
    for script, languages in _COMMON.items()
}
# Letters and endings that tell apart languages of one script, also in a text of a few words.
_NO_LETTER = r"(?![\w\u0900-\u097f])"
_SYLLABIC_R = "(?<=[бвгдзкмпстхцчшж])р(?=[бвгджзклмнпстфхцчш])"
_MARKERS = {
    "hi": r"[\u0921\u0922]\u093c|[\u0958-\u095f]|[\u094b\u0947]\u0902" + _NO_LETTER,
    "mr": (
        r"\u0933|(?:\u093e\u091a[\u0940\u0947\u093e]|\u091a\u094d\u092f\u093e|\u0938\u093e\u0920\u0940"
        r"|\u0924\u094b|\u090a\u0928|\u091d\u093e\u0932\u093e)" + _NO_LETTER
    ),
    "ne": r"\u091b\u0928\u094d|\u0939\u0930[\u0941\u0942]|\u0932\u093e\u0908|\u091b" + _NO_LETTER,
    "fa": "[پچگژ]",
    "ur": "[ٹڈڑےں]",
    "ar": "[ةى]",
    "ru": "[ыэё]",
    "uk": "[іїєґ]",
    "bg": "ъ",
    # An r that makes a syllable by itself: Bulgarian writes a vowel beside it.
    "sr": f"[ћђ]|{_SYLLABIC_R}",
    "mk": f"[ѓќѕ]|{_SYLLABIC_R}",
}
_WORD = re.compile(r"[^\W\d_][\w\u0300-\u036f\u0900-\u097f]*")
NAMES = {
    "en": "English", "es": "Spanish", "fr": "French", "de": "German", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "fi": "Finnish", "sv": "Swedish", "da": "Danish", "no": "Norwegian", "pl": "Polish",
    "cs": "Czech", "ro": "Romanian", "hu": "Hungarian", "tr": "Turkish", "vi": "Vietnamese",
    "id": "Indonesian",
    "sw": "Swahili", "tl": "Tagalog", "ca": "Catalan", "hr": "Croatian", "lt": "Lithuanian", "et": "Estonian",
    "sq": "Albanian", "so": "Somali", "hi": "Hindi", "mr": "Marathi", "ne": "Nepali", "ar": "Arabic",
    "fa": "Persian", "ur": "Urdu", "ru": "Russian", "bg": "Bulgarian", "uk": "Ukrainian", "mk": "Macedonian",
    "sr": "Serbian", "ko": "Korean", "ja": "Japanese", "zh": "Chinese", "th": "Thai", "he": "Hebrew",
    "el": "Greek", "ka": "Georgian", "hy": "Armenian", "bn": "Bengali", "pa": "Punjabi", "gu": "Gujarati",
    "or": "Odia", "ta": "Tamil", "te": "Telugu", "kn": "Kannada", "ml": "Malayalam", "si": "Sinhala",
    "am": "Amharic", "km": "Khmer", "my": "Burmese",
}  # fmt: skip


# English words that are common ones elsewhere.
_ALSO_ENGLISH = _COMMON_WORDS["Latin"]["en"].union(
    ("no", "me", "do", "so", "am", "die", "hat", "man", "um", "he", "as", "come", "per", "e", "o", "un")
)
# A language whose common words are fewer than one in so many is not spoken, but named.
_RARE = 20


def languages_in(text: str) -> frozenset[str]:
    """The languages in Latin letters whose common words a text has, at least half as many as the likeliest's; English
    only where there is no other's."""
    said = Counter(word.lower() for word in _WORD.findall(text[:_READ]))
    common = _COMMON_WORDS["Latin"]
    hits = {code: sum(said[word] for word in known - _ALSO_ENGLISH) for code, known in common.items()}
    least = max(said.total() // _RARE + 1, (max(hits.values()) + 1) // 2)
    found = frozenset(code for code, count in hits.items() if count >= least)
    return found or frozenset(("en",) if any(said[word] for word in common["en"]) else ())


def language_of(text: str) -> str:
    """The two-letter code of a text's language, "" where it holds too few known words to tell."""
    text = without_marks(text[:_READ]).replace("\u2060", "")
    counts = {script: len(pattern.findall(text)) for script, pattern in _SCRIPT_PATTERNS.items()}
    latin = counts.pop("Latin")
    script = max(counts, key=lambda name: (counts[name], name))
    if counts["ja"] * 8 > counts["zh"] and script == "zh":
        script = "ja"
    if counts[script] * 2 <= latin:
        script = "Latin"
    if script not in _COMMON_WORDS:
        return script if counts[script] else ""
    return _by_common_words(text, script)


def _by_common_words(text: str, script: str) -> str:
    words = [word.lower() for word in _WORD.findall(text)]
    hits = {code: sum(word in common for word in words) for code, common in _COMMON_WORDS[script].items()}
    for code in [code for code in hits if code in _MARKERS]:
        hits[code] += len(re.findall(_MARKERS[code], text))
    best = max(hits, key=lambda code: (hits[code], code))
    return best if hits[best] else ""
