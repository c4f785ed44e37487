"""French."""

from evaluations.scoring.languages.numerals import numerals
from evaluations.scoring.languages.pack import LanguagePack, phrases, stemmer, word_set
from evaluations.scoring.languages.snowball import snowball

STOPWORDS = word_set("""
a à ai afin ainsi alors après as au aucun aucune aussi autre autres aux avaient avait avant avec avoir ayant
beaucoup bien c ça car ce ceci cela celle celles celui ces cet cette ceux chaque chez comme comment contre d
dans de déjà depuis des dès donc dont du elle elles en encore entre est et étaient était étant été être eu eux
fait faire fois font fut ici il ils j je jusque jusqu l la là le les leur leurs lors lorsque lui m ma mais
malgré me même mêmes mes moi moins mon n ne ni nos notre nous on ont ou où par parce parmi pas pendant peu peut
plus plusieurs pour pourquoi puis qu quand que quel quelle quelles quels quelque quelques qui quoi s sa sans se
selon sera seront ses si sien soit son sont sous sur t ta tandis te tel telle tes toi ton tous tout toute toutes
très trop tu un une vers voici voilà vos votre vous y euros euro dollars dollar livres
""")
_UNITS = "un deux trois quatre cinq six sept huit neuf"
_TEENS = "dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
_TENS = "vingt trente quarante cinquante soixante"


def _numbers() -> dict[str, int]:
    """Up to 99: after sixty the teens go on ("soixante-douze"), and eighty is four twenties."""
    low = {word.replace("-", " "): n for n, word in enumerate([*_UNITS.split(), *_TEENS.split()], 1)}
    found = dict(low)
    for ten, tens in enumerate(_TENS.split(), 2):
        found |= {tens: 10 * ten, f"{tens} et un": 10 * ten + 1, f"{tens} et une": 10 * ten + 1}
        found |= {f"{tens} {word}": 10 * ten + n for word, n in low.items() if n < (20 if ten == 6 else 10)}
    found |= {"soixante et onze": 71, "quatre vingts": 80, "quatre vingt": 80}
    return found | {f"quatre vingt {word}": 80 + n for word, n in low.items()}


FRENCH = LanguagePack(
    code="fr",
    stem=stemmer(STOPWORDS, snowball("french"), "l d j m n s t c qu jusqu lorsqu puisqu"),
    stopwords=STOPWORDS,
    numbers=_numbers() | {"zero": 0, "une": 1, "double": 2, "triple": 3},
    ordinals=numerals("premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième", 1)
    | {"premiere": 1, "second": 2, "seconde": 2, "onzieme": 11, "douzieme": 12, "vingtieme": 20},
    scales={
        "mille": 10**3,
        "milliers": 10**3,
        "million": 10**6,
        "millions": 10**6,
        "milliard": 10**9,
        "milliards": 10**9,
    }
    | {"m": 10**6, "md": 10**9, "mds": 10**9},
    hundreds={"cent": 100, "cents": 100},
    halves={"demi": (1, 2), "demie": (1, 2), "quart": (1, 4), "douzaine": (12, 1), "dizaine": (10, 1)},
    joins=word_set("et"),
    one=word_set("un une"),
    score_to=word_set("à"),
    months=numerals("janvier février mars avril mai juin juillet août septembre octobre novembre décembre", 1)
    | {"janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
    negations=word_set("ne pas jamais rien aucun aucune sans ni non guère nul nulle"),
    speech=word_set("""
    dit dire disait déclaré déclare déclarait expliqué explique expliquait affirmé affirme affirmait ajouté
    ajoute ajoutait assuré assure assurait estimé estime estimait indiqué indique indiquait précisé précise
    précisait reconnu reconnaît reconnaissait admis admet avoué avoue insisté insiste averti avertit prévenu
    prévient révélé révèle confirmé confirme annoncé annonce souligné souligne soulignait raconté raconte
    répondu répond demandé demande confié confie confiait lancé lance regretté regrette qualifié qualifie appelé
    appelle décrit jugé juge jugeait promis promet nié nie écrit plaisanté plaisante conclu conclut rappelé
    rappelle salué salue critiqué critique martelé glissé réagi commenté commente pense pensait trouve trouvait
    poursuivi poursuit soutenu soutient selon
    """),
    telling=word_set("""
    dit disait déclaré déclare expliqué explique affirmé affirme ajouté assuré assure estimé estime indiqué
    indique précisé précise reconnu admis insisté averti prévenu révélé révèle confirmé confirme annoncé annonce
    souligné souligne raconté promis promet écrit soutenu suggéré pense pensait croit
    """),
    unsure=word_set("""
    pourrait pourraient probablement possiblement probable probables vraisemblablement éventuellement
    apparemment prétendument serait seraient aurait auraient devrait devraient espère espèrent
    """),
    reporting=word_set("""
    rapporté rapporte rapportent rapportait annoncé annonce écrit écrivait publié publie révélé révèle indiqué
    indique affirmé affirme informé informe dit déclaré assure assuré confirmé confirme relaté relate précise
    précisé raconte note noté
    """),
    according=phrases(
        "selon, d'après, d après, d, comme l'a rapporté, comme l'a annoncé, comme le rapporte, comme l'indique, "
        "rapporté par, cité par, d'après un article de, selon un article de, selon les informations de, selon les "
        "informations du, informations du, informations de, citant, source, sources, au micro de, dans les colonnes "
        "de, dans les colonnes du, interrogé par"
    ),
    papers=word_set(
        "journal quotidien équipe monde figaro parisien presse agence afp radio télévision revue magazine gazette "
        "matin libération hebdomadaire sport"
    ),
    articles=word_set("le la les l un une des son sa ses leur leurs notre nos ce cet cette ces mon ma mes du au"),
    pointing=word_set("les ces tous toutes autres leurs"),
    pronouns=word_set("il elle ils elles qui je nous on"),
    prepositions=word_set(
        "de du des d en à au aux pour avec contre sur après avant chez dans par depuis entre vers sans sous"
    ),
    by=word_set("par"),
    that=word_set("que qu"),
    openers=word_set("hier aujourd'hui demain ensuite puis enfin interrogé interrogée après avant selon pourtant"),
    roles=word_set("""
    entraîneur entraîneuse entraineuse coach capitaine attaquant attaquante milieu défenseur défenseuse gardien
    gardienne joueur joueuse président présidente directeur directrice propriétaire arbitre porte-parole agent
    ministre maire professeur docteur sélectionneur technicien buteur ailier latéral dirigeant dirigeante
    """),
    decimal_comma=True,
)
