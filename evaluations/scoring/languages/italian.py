"""Italian."""

from evaluations.scoring.languages.numerals import numerals
from evaluations.scoring.languages.pack import LanguagePack, phrases, stemmer, word_set
from evaluations.scoring.languages.snowball import snowball

STOPWORDS = word_set("""
a abbia ad agli ai al alcuni alcuno alla alle allo allora altra altre altri altro anche ancora avere aveva
avevano c che chi ci cioè come con contro cosa così cui d da dagli dai dal dalla dalle dallo degli dei del dell
della delle dello dentro di dopo dove due dunque e è ed era erano essere fa fino fra fu furono già gli ha hai
hanno ho i il in invece io l la le lei li lo loro lui ma mentre mi mia mie miei mio molto ne negli nei nel nell
nella nelle nello no noi non nostra nostro o ogni oltre ora per perché però più poco poi prima proprio può qua
qual quale quali quando quanto quel quella quelle quelli quello questa queste questi questo qui quindi s sarà se
sé secondo sei sempre senza si sia siamo siano solo sono sopra sotto sta stata state stati stato su sua sue
sugli sui sul sulla sulle suo suoi tra troppo tu tuo tutta tutte tutti tutto un una uno verso vi voi euro
dollari sterline
""")
_UNITS = "uno due tre quattro cinque sei sette otto nove"
_TEENS = "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove"
_TENS = "venti trenta quaranta cinquanta sessanta settanta ottanta novanta"


def _compounds() -> dict[str, int]:
    """ "ventidue", "ventuno", "trentotto": the tens lose their last letter before a vowel."""
    found = {}
    for ten, tens in enumerate(_TENS.split(), 2):
        for n, unit in enumerate(_UNITS.split(), 1):
            found[(tens[:-1] if unit[0] in "uo" else tens) + unit] = 10 * ten + n
    return found


def _compound_numbers() -> dict[str, int]:
    """Hundreds and thousands, written in one word: "duecentocinquanta", "tremila"."""
    low = numerals(_UNITS, 1) | numerals(_TEENS, 10) | numerals(_TENS, 20, step=10) | _compounds()
    hundreds = {f"{unit}cento": 100 * n for unit, n in numerals(_UNITS, 1).items() if n > 1} | {"cento": 100}
    glued = {f"{head}{tail}": n + m for head, n in hundreds.items() for tail, m in low.items()}
    return hundreds | glued | {f"{head}mila": 1000 * n for head, n in (low | hundreds).items() if n > 1}


ITALIAN = LanguagePack(
    code="it",
    stem=stemmer(STOPWORDS, snowball("italian"), "l un d c s dell all dall nell sull quell quest anch senz"),
    stopwords=STOPWORDS,
    numbers=numerals(_UNITS, 1)
    | numerals(_TEENS, 10)
    | numerals(_TENS, 20, step=10)
    | _compounds()
    | _compound_numbers()
    | {"zero": 0, "un": 1, "una": 1, "doppietta": 2, "tripletta": 3},
    ordinals=numerals("primo secondo terzo quarto quinto sesto settimo ottavo nono decimo", 1)
    | numerals("prima seconda terza quarta quinta sesta settima ottava nona decima", 1)
    | {"undicesimo": 11, "dodicesimo": 12, "ventesimo": 20},
    scales={"mila": 10**3, "mille": 10**3, "mln": 10**6, "milione": 10**6, "milioni": 10**6, "mld": 10**9}
    | {"miliardo": 10**9, "miliardi": 10**9},
    halves={"mezzo": (1, 2), "mezza": (1, 2), "dozzina": (12, 1), "decina": (10, 1)},
    one=word_set("un una uno"),
    score_to=word_set("a"),
    months=numerals("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre", 1)
    | numerals("gen feb mar apr mag giu lug ago set ott nov dic", 1),
    negations=word_set("non mai nessuno nessuna nessun niente nulla né senza neanche neppure nemmeno"),
    speech=word_set("""
    detto dice disse dicono dicendo dichiarato dichiara dichiarò spiegato spiega spiegò affermato afferma
    affermò aggiunto aggiunge aggiunse ammesso ammette ammise assicurato assicura rivelato rivela avvertito
    avverte confermato conferma annunciato annuncia sottolineato sottolinea ricordato ricorda raccontato
    racconta risposto risponde chiesto chiede confessato confessa insistito insiste scherzato commentato
    commenta definito definisce chiamato chiama descritto descrive negato nega promesso scritto scrive concluso
    conclude precisato precisa ribadito ribadisce lamentato elogiato criticato pensa crede ritiene sostiene
    sostenuto parlato
    """),
    telling=word_set("""
    detto dice disse dicono dichiarato dichiara spiegato spiega affermato afferma aggiunto aggiunge ammesso assicurato
    rivelato avvertito confermato conferma annunciato annuncia sottolineato raccontato promesso scritto ribadito
    sostiene sostenuto crede ritiene suggerito
    """),
    unsure=word_set("""
    potrebbe potrebbero forse probabilmente probabile probabili presumibilmente apparentemente sarebbe sarebbero avrebbe
    avrebbero dovrebbe dovrebbero spera sperano vuole vogliono
    """),
    reporting=word_set(
        "riferito riferisce riferiscono riportato riporta riportano scritto scrive scrivono pubblicato pubblica "
        "rivelato rivela annunciato annuncia detto dice afferma affermato confermato conferma informa informato "
        "racconta raccontato"
    ),
    according=phrases(
        "secondo, stando a, stando al, stando alla, a detta di, come riporta, come riferisce, come scrive, come "
        "riportato da, riportato da, citando, fonte, fonti, in base a, ai microfoni di, in un'intervista a"
    ),
    papers=word_set(
        "giornale quotidiano gazzetta corriere repubblica stampa notizie agenzia ansa radio televisione tv rivista "
        "messaggero sport tuttosport"
    ),
    articles=word_set("il lo la i gli le l un uno una suo sua suoi sue questo questa quel quella nostro nostra"),
    pointing=word_set("i le gli questi queste quei altri altre"),
    pronouns=word_set("lui lei egli ella loro chi io noi"),
    prepositions=word_set(
        "di del della dello dei degli delle da dal dalla a al alla in nel nella con contro su sul sulla per dopo "
        "prima durante tra fra fino senza"
    ),
    by=word_set("da dal dalla dallo dai"),
    that=word_set("che"),
    openers=word_set("poi ieri oggi domani dopo prima infine interpellato anche mentre secondo"),
    roles=word_set("""
    allenatore allenatrice tecnico mister capitano attaccante centrocampista difensore portiere giocatore
    giocatrice presidente presidentessa direttore direttrice proprietario arbitro portavoce agente ministro
    ministra sindaco professore dottore commissario punta esterno terzino dirigente
    """),
    decimal_comma=True,
)
