"""Spanish."""

from evaluations.scoring.languages.numerals import numerals
from evaluations.scoring.languages.pack import LanguagePack, phrases, stemmer, word_set
from evaluations.scoring.languages.snowball import snowball

STOPWORDS = word_set("""
a al algo algun alguna algunas alguno algunos ante antes aquel aquella aquello aqui asi aun aunque bajo bien
cada casi como con contra cual cuales cualquier cuando cuanto cuyo cuya de del desde donde dos durante e el ella
ellas ello ellos en entre era eran eres es esa esas ese eso esos esta estaba estaban estado estamos estan estar
estas este esto estos estoy estuvo fue fueron fui ha habia habian haber hace hacia hacer han hasta hay he hemos
hubo la las le les lo los mas me mi mis mientras mismo mucho muchos muy nada ni no nos nosotros nuestra nuestro
o os otra otras otro otros para pero poco por porque pues que quien quienes se sea sean segun ser si sido
siempre sin sino sobre solo son soy su sus suya suyo tal tambien tampoco tan tanto te tener tenia tiene tienen
toda todas todo todos tras tu tus tuvo u un una unas uno unos usted ya y yo euros euro dolares dolar libras
libra
""")
# Without their accents they are nouns.
_ACCENTED = frozenset(("anunció", "argumentó"))
_UNITS = "uno dos tres cuatro cinco seis siete ocho nueve"
_TEENS = "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve"
_TENS = "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
NUMBERS = (
    numerals(_UNITS, 1)
    | numerals(_TEENS, 10)
    | numerals(_TENS, 20, step=10)
    | {f"veinti{unit}": 20 + n for n, unit in enumerate(_UNITS.split(), 1)}
    | {
        f"{tens} y {unit}": 10 * ten + n
        for ten, tens in enumerate(_TENS.split()[1:], 3)
        for n, unit in enumerate(_UNITS.split(), 1)
    }
    | numerals(_HUNDREDS, 200, step=100)
    | numerals(_HUNDREDS.replace("os", "as"), 200, step=100)
    | {"cero": 0, "un": 1, "una": 1, "veintiun": 21, "veintiuna": 21, "doblete": 2, "hat-trick": 3}
)

SPANISH = LanguagePack(
    code="es",
    stem=stemmer(STOPWORDS, snowball("spanish")),
    stopwords=STOPWORDS,
    numbers=NUMBERS,
    ordinals=numerals("primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo undecimo duodecimo", 1)
    | numerals("primera segunda tercera cuarta quinta sexta septima octava novena decima undecima duodecima", 1)
    | {"primer": 1, "tercer": 3, "vigesimo": 20, "vigesima": 20},
    scales={"mil": 10**3, "miles": 10**3, "millon": 10**6, "millones": 10**6},
    hundreds={"cien": 100, "ciento": 100, "cientos": 100},
    halves={"medio": (1, 2), "media": (1, 2), "docena": (12, 1), "docenas": (12, 1), "decena": (10, 1)},
    joins=word_set("y"),
    one=word_set("un una"),
    score_to=word_set("a"),
    months=numerals("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", 1)
    | numerals("ene feb mar abr may jun jul ago sept oct nov dic", 1)
    | {"setiembre": 9, "sep": 9},
    negations=word_set("no nunca jamas nadie nada ningun ninguna ninguno tampoco sin ni"),
    speech=word_set("""
    dijo dice dicen dijeron decia diciendo dicho afirmo afirma afirmaron explico explica explicaron aseguro
    asegura aseguraron anadio anade declaro declara declararon senalo senala comento comenta reconocio reconoce
    admitio admite confeso confiesa insistio insiste advirtio advierte revelo revela confirmo confirma anuncio
    anuncia destaco destaca subrayo subraya sostuvo sostiene manifesto manifiesta indico indica conto cuenta
    respondio responde pregunto pregunta apunto apunta recordo recuerda lamento lamenta celebro califico
    califica llamo llama describio describe nego niega prometio promete escribio escribe bromeo zanjo agrego
    agrega expreso expresa opino opina considero considera penso piensa cree creia concluyo concluye matizo
    preciso aclaro argumento denuncio critico elogio pidio exigio
    """),
    telling=word_set("""
    dijo dice dicen dijeron dicho afirmó afirma afirmaron explicó explica explicaron aseguró asegura aseguraron añadió
    declaró declara declararon señaló señala anuncia anunciaron confirmó confirma confirmaron reveló
    revela admitió admite insistió insiste advirtió advierte prometió promete sostuvo sostiene manifestó indicó indica
    contó sugirió sugiere cree creía escribió
    """)
    | _ACCENTED,
    accented=_ACCENTED,
    unsure=word_set("""
    podría podrían pudiera pudieran quizá quizás acaso probablemente posiblemente probable probables seguramente
    supuestamente presuntamente aparentemente espera esperan esperaba quiere quieren quería sería serían habría habrían
    tendría tendrían
    """),
    reporting=word_set("""
    informo informa informaron publico publica escribio escribe conto cuenta dijo dice senalo senala afirmo
    afirma asegura aseguro revelo revela confirmo confirma anuncio anuncia adelanto adelanta apunta apunto
    indica indico recoge recogio
    """),
    according=phrases(
        "según, de acuerdo con, según informa, según informó, según publica, según publicó, en palabras de, conforme "
        "a, tal como informó, como informó, como publicó, citando a, fuente, fuentes, un informe de, en declaraciones "
        "a"
    ),
    papers=word_set(
        "diario periodico prensa noticias mundo pais marca as agencia efe radio television tv revista vanguardia gaceta"
    ),
    articles=word_set("el la los las un una unos unas su sus este esta ese esa nuestro nuestra"),
    pointing=word_set("los las estos estas esos esas otros otras"),
    pronouns=word_set("ella ellos ellas quien yo nosotros"),
    prepositions=word_set("de del desde en a al para con contra sobre tras antes durante entre hasta por segun sin"),
    by=word_set("por"),
    that=word_set("que"),
    openers=word_set("luego después ayer hoy mañana antes preguntado finalmente además también mientras según tras"),
    roles=word_set("""
    entrenador entrenadora tecnico tecnica capitan capitana delantero delantera centrocampista defensa portero
    portera jugador jugadora presidente presidenta director directora propietario arbitro arbitra portavoz
    agente ministro ministra alcalde alcaldesa profesor profesora doctor doctora seleccionador preparador
    guardameta lateral extremo
    """),
    decimal_comma=True,
)
