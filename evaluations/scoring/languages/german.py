"""German."""

from evaluations.scoring.languages.german_nouns import CLUBS, ENDINGS, NOUNS, TITLES
from evaluations.scoring.languages.given_names import GIVEN_NAMES
from evaluations.scoring.languages.numerals import numerals
from evaluations.scoring.languages.pack import LanguagePack, phrases, stemmer, word_set
from evaluations.scoring.languages.snowball import snowball

STOPWORDS = word_set("""
ab aber alle allem allen aller allerdings alles als also am an ander andere anderen anderer anhand auch auf aus
außer außerdem außerhalb bald bei beide beiden beider beim bereits bevor bin bis bist da dabei dadurch dafür
dagegen daher dahin dahinter damals damit danach dank dann daran darauf daraus darf darin darüber darum darunter
das dass davor dazu dazwischen dein dem den denen denn dennoch der deren derjenige derselben des deshalb
desselben dessen deswegen die diejenigen dies diese dieselbe dieselben diesem diesen dieser dieses doch dollar
dort du durch dürfen durfte durften eben ebenso eher ein eine einem einen einer eines einige einigen einmal
entlang er es etwa etwas euch euer euro euros falls fast ferner folglich für ganz gar gegen gegenüber gehabt
gemäß genauso gerade gewesen hab habe haben habt hat hatte hätte hatten hätten heraus herein herum herunter
hervor hier hierbei hiermit hierzu hin hinaus hinein hingegen hinter ich ihm ihn ihnen ihr ihre ihrem ihren
ihrer ihres im immer in indem indes indessen innerhalb ins irgend ist ja je jede jedem jeden jeder jedes jedoch
jemand jemandem jemanden jene jenem jenen jener jenes jetzt jeweils kann kaum kein keine keinem keinen keiner
können könnte konnte konnten kürzlich lässt laut ließ mag man manche manchmal mehr mehrere mehreren mehrerer
mein meine meist meistens mich mir mit mithilfe mittels mochte möchte möchten muss müssen musste müsste mussten
nach nachdem nachher neben nicht nichts noch nun nur ob obwohl oder oft ohne pfund sämtliche schon sehr sei seid
seien sein seine seinem seinen seiner seines seit selber selbst sich sie sind so sobald sofern sogar solange
solch solche solchem solcher solches soll sollen sollte somit sondern sonst sowie stets trotz trotzdem über um
und uns unser unsere unter unterdessen viel viele vielen vom von vor vorher während wann war wären waren wart
warum was wegen weil weiter welche welchem welcher welches wenn wer werde werden wie wieder will wir wird wo
wobei wodurch wofür wohl wollen wollte wollten womit wonach worauf worden worin wurde wurden zu zudem zufolge
zum zur zuvor zwar zwischen
""")
# Without their dots they are other words: "wurde", "waren", "konnte".
_CONDITIONALS = frozenset("würde würden wäre wären könnte könnten dürfte dürften".split())  # noqa: SIM905
_UNITS = "ein zwei drei vier fünf sechs sieben acht neun"
_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_TEENS = "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
_PLACES = "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte"
_COMPOUNDS = {
    f"{unit}und{tens}": 10 * ten + n
    for ten, tens in enumerate(_TENS.split(), 2)
    for n, unit in enumerate(_UNITS.split(), 1)
}


def _compound_numbers() -> dict[str, int]:
    """Hundreds and thousands, written in one word: "zweihundertfünfzig", "dreitausend"."""
    low = numerals(_UNITS, 1) | numerals(_TEENS, 10) | numerals(_TENS, 20, step=10)
    low |= {key: number for word, number in _COMPOUNDS.items() for key in numerals(word, number)} | {"eins": 1}
    hundreds = {f"{unit}hundert": 100 * n for unit, n in numerals(_UNITS, 1).items()}
    glued = {f"{head}{tail}": n + m for head, n in hundreds.items() for tail, m in low.items()}
    return hundreds | glued | {f"{head}tausend": 1000 * n for head, n in (low | hundreds).items()}


# What lasts so long or is so old: "eine 460-tägige Reise" and "eine Reise von 460 Tagen".
_LASTING = {f"{unit}ig": unit for unit in ("tag", "jahr", "stund", "minut", "woch", "monat")}
_snowball_stem = snowball("german")


def _reduce(word: str) -> str:
    known = _snowball_stem(word)
    return _LASTING.get(known, known)


def _declensions(words: str) -> dict[str, int]:
    rows = numerals(words, 1)
    return {f"{word}{ending}": number for word, number in rows.items() for ending in ("", "n", "r", "s", "m")}


GERMAN = LanguagePack(
    code="de",
    stem=stemmer(STOPWORDS, _reduce),
    stopwords=STOPWORDS,
    numbers=numerals(_UNITS, 1)
    | numerals(_TEENS, 10)
    | numerals(_TENS, 20, step=10)
    | {key: number for word, number in _COMPOUNDS.items() for key in numerals(word, number)}
    | {"null": 0, "eins": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zweimal": 2, "dreimal": 3}
    | _compound_numbers()
    | {"doppelpack": 2, "dreierpack": 3, "hattrick": 3},
    ordinals=_declensions(_PLACES),
    scales={"tausend": 10**3, "mio": 10**6, "million": 10**6, "millionen": 10**6, "mrd": 10**9}
    | {"milliarde": 10**9, "milliarden": 10**9, "tsd": 10**3},
    hundreds={"hundert": 100},
    halves={
        "halbe": (1, 2),
        "halbes": (1, 2),
        "halben": (1, 2),
        "viertel": (1, 4),
        "dutzend": (12, 1),
        "anderthalb": (3, 2),
    }
    | {f"{unit}einhalb": (2 * n + 1, 2) for n, unit in enumerate(_UNITS.split(), 1)},
    one=word_set("eine ein einer einem"),
    score_to=word_set("zu"),
    months=numerals("januar februar märz april mai juni juli august september oktober november dezember", 1)
    | numerals("jan feb mrz apr mai jun jul aug sep okt nov dez", 1)
    | {"janner": 1, "feber": 2, "sept": 9},
    negations=word_set("nicht nichts nie niemals niemand kein keine keinen keinem keiner keines ohne weder noch kaum"),
    speech=word_set("""
    sagte sagt sagen sagten gesagt erklärte erklärt erklärten meinte meint betonte betont ergänzte ergänzt fügte
    berichtete erzählte erzählt verriet verrät warnte warnt räumte gab gibt gestand gesteht bestätigte bestätigt
    kündigte kündigt scherzte scherzt antwortete antwortet fragte fragt behauptete behauptet bekräftigte
    unterstrich unterstreicht hob lobte lobt kritisierte kritisiert klagte klagt beklagte nannte nennt
    bezeichnete bezeichnet beschrieb beschreibt schrieb schreibt glaubt glaubte findet fand forderte fordert
    versprach verspricht bestritt bestreitet dementierte teilte äußerte kommentierte bilanzierte resümierte
    urteilte rief schimpfte freute ärgerte stellte wies versicherte zufolge laut so
    """),
    telling=word_set("""
    sagte sagt sagten sagen gesagt erklärte erklärt erklärten meinte meint betonte betont ergänzte berichtete berichtet
    verriet warnte warnt räumte kündigte bestätigte bestätigt behauptete behauptet versprach verspricht schrieb schreibt
    glaubt glaubte bekräftigte teilte äußerte
    """),
    unsure=word_set("""
    vielleicht möglicherweise womöglich eventuell wahrscheinlich voraussichtlich vermutlich mutmaßlich
    angeblich offenbar wohl soll sollen hofft hoffen erwartet
    """)
    | _CONDITIONALS,
    accented=_CONDITIONALS,
    reporting=word_set(
        "berichtete berichtet berichten berichteten meldete meldet melden schrieb schreibt schreiben sagte sagt "
        "erklärt nennt veröffentlichte enthüllte bestätigte vermeldete zitiert"
    ),
    according=phrases(
        "laut, nach Angaben von, nach Angaben der, nach Angaben des, nach Informationen von, nach Informationen der, "
        "nach Informationen des, Informationen der, Informationen des, wie die, wie der, wie das, nach einem Bericht "
        "von, nach einem Bericht der, nach einem Bericht des, gemäß, unter Berufung auf, Quelle, Quellen, im Gespräch "
        "mit, in einem Interview mit, im Interview mit, gegenüber"
    ),
    papers=word_set("""
    zeitung nachrichten bild kicker spiegel zeit tageszeitung anzeiger rundschau kurier presse agentur dpa sid
    rundfunk fernsehen magazin blatt post tagblatt tagesspiegel welt focus sport
    """),
    articles=word_set(
        "der die das den dem des ein eine einen einem einer eines sein seine seinem seinen seiner ihr ihre ihrem "
        "ihren ihrer dieser diese dieses unser unsere"
    ),
    pointing=word_set("die diese dieser diesen den der alle allen beiden"),
    pronouns=word_set("er sie es ich wir wer"),
    prepositions=word_set(
        "von vom aus bei beim für in im zu zum zur mit gegen über nach vor seit unter zwischen an am auf um durch ohne"
    ),
    by=word_set("von vom"),
    that=word_set("dass"),
    roles=word_set("""
    trainer trainerin cheftrainer coach kapitän kapitänin stürmer stürmerin mittelfeldspieler verteidiger
    verteidigerin torwart torhüter torhüterin spieler spielerin präsident präsidentin sportdirektor direktor
    manager vorstand chef schiedsrichter sprecher sprecherin berater minister ministerin bürgermeister professor
    doktor geschäftsführer geschäftsführerin keeper angreifer bundestrainer assistent vorsitzende vorsitzender
    """),
    decimal_comma=True,
    nouns_in_capitals=True,
    verbs_last=True,
    nouns=NOUNS,
    noun_endings=ENDINGS,
    given_names=GIVEN_NAMES,
    titles=TITLES,
    clubs=CLUBS,
)
