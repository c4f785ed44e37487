"""Portuguese."""

from evaluations.scoring.languages.numerals import numerals
from evaluations.scoring.languages.pack import LanguagePack, phrases, stemmer, word_set
from evaluations.scoring.languages.snowball import snowball

STOPWORDS = word_set("""
a à ainda além algum alguma algumas alguns ante antes ao aos apenas após aquela aquele aquilo as às assim até
bem cada com como contra cuja cujo da das de dela dele deles depois desde dessa desse desta deste do dos durante
e é ela elas ele eles em enquanto entre era eram essa essas esse esses esta está estão estar estava estavam este
estes esteve eu foi for foram há havia isso isto já la lhe lhes lo logo mais mas me mesmo meu meus minha minhas
muito muitos na nas não nem nenhum nenhuma nessa nesse nesta neste no nos nós nossa nosso num numa o os ou outra
outras outro outros para pela pelas pelo pelos pode por porque pouco pois qual quais qualquer quando quanto que
quem se segundo sem sempre ser será seu seus si sido só sob sobre sua suas são também tanto te tem têm ter teve
tinha toda todas todo todos tudo um uma umas uns você vocês euros euro dólares libras
""")
_UNITS = "um dois três quatro cinco seis sete oito nove"
_TENS = "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa"
NUMBERS = (
    numerals(_UNITS, 1)
    | numerals("dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove", 10)
    | {"dezasseis": 16, "dezassete": 17, "dezanove": 19, "quatorze": 14}
    | numerals(_TENS, 20, step=10)
    | {
        f"{tens} e {key}": 10 * ten + n
        for ten, tens in enumerate(_TENS.split(), 2)
        for key, n in (numerals(_UNITS, 1) | {"uma": 1, "duas": 2}).items()
    }
    | numerals("duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos", 200, step=100)
    | numerals("duzentas trezentas quatrocentas quinhentas seiscentas setecentas oitocentas novecentas", 200, step=100)
    | {"zero": 0, "uma": 1, "duas": 2}
)

PORTUGUESE = LanguagePack(
    code="pt",
    stem=stemmer(STOPWORDS, snowball("portuguese")),
    stopwords=STOPWORDS,
    numbers=NUMBERS,
    ordinals=numerals("primeiro segundo terceiro quarto quinto sexto sétimo oitavo nono décimo", 1)
    | numerals("primeira segunda terceira quarta quinta sexta sétima oitava nona décima", 1),
    scales={"mil": 10**3, "milhao": 10**6, "milhoes": 10**6, "bilhao": 10**9, "bilhoes": 10**9, "mi": 10**6},
    hundreds={"cem": 100, "cento": 100},
    halves={"meio": (1, 2), "meia": (1, 2), "duzia": (12, 1), "dezena": (10, 1)},
    joins=word_set("e"),
    one=word_set("um uma"),
    score_to=word_set("a"),
    months=numerals("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro", 1)
    | numerals("jan fev mar abr mai jun jul ago set out nov dez", 1),
    negations=word_set("não nunca jamais ninguém nada nenhum nenhuma nem sem tampouco"),
    speech=word_set("""
    disse diz dizem disseram afirmou afirma explicou explica garantiu garante acrescentou acrescenta declarou
    declara revelou revela admitiu admite reconheceu reconhece confessou insistiu insiste avisou avisa alertou
    alerta confirmou confirma anunciou anuncia destacou destaca sublinhou ressaltou comentou comenta contou
    conta respondeu responde perguntou lembrou lamentou lamenta chamou chama classificou descreveu negou nega
    prometeu escreveu escreve brincou concluiu completou apontou considerou considera acredita pensa acha
    criticou elogiou salientou referiu frisou atirou assegurou
    """),
    telling=word_set("""
    disse diz dizem disseram afirmou afirma afirmaram explicou explica garantiu garante acrescentou declarou declara
    revelou revela admitiu reconheceu insistiu avisou alertou confirmou confirma anunciou anuncia anunciaram prometeu
    escreveu sugeriu acredita argumentou assegurou salientou contou
    """),
    unsure=word_set("""
    poderia poderiam poderá poderão talvez provavelmente possivelmente provável prováveis supostamente alegadamente
    aparentemente seria seriam teria teriam espera esperam quer querem
    """),
    reporting=word_set(
        "informou informa noticiou noticia publicou publica escreveu escreve disse diz afirmou afirma revelou revela "
        "avançou avança confirmou confirma anunciou relatou relata reportou reporta divulgou divulga apurou"
    ),
    according=phrases(
        "segundo, segundo o, segundo a, de acordo com, de acordo com o, de acordo com a, conforme, conforme noticiou, "
        "como noticiou, citando, citado por, fonte, fontes, em entrevista a, em entrevista ao, em entrevista à, em "
        "declarações a"
    ),
    papers=word_set(
        "jornal diário imprensa notícias globo folha bola record jogo agência lusa rádio televisão tv revista público "
        "estadão"
    ),
    articles=word_set("o a os as um uma seu sua seus suas este esta esse essa nosso nossa do da"),
    pointing=word_set("os as estes estas esses essas outros outras todos todas"),
    pronouns=word_set("ele ela eles elas quem eu nós"),
    prepositions=word_set(
        "de do da dos das em no na nos nas a ao à para com contra sobre após antes durante entre até por pelo pela sem"
    ),
    by=word_set("por pelo pela pelos pelas"),
    that=word_set("que"),
    openers=word_set("depois ontem hoje amanhã antes questionado finalmente também enquanto segundo após"),
    roles=word_set("""
    treinador treinadora técnico técnica capitão capitã atacante avançado médio meio-campista defesa zagueiro
    goleiro goleira guarda-redes jogador jogadora presidente presidenta diretor diretora proprietário árbitro
    árbitra porta-voz agente ministro ministra prefeito professor professora doutor selecionador lateral extremo
    """),
    decimal_comma=True,
)
