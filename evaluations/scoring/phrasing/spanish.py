"""Spanish."""

from evaluations.scoring.phrasing.phrasing import Phrasing

SPANISH = Phrasing(
    code="es",
    yes="""
    claro( que sí)? / por supuesto / desde luego / con (mucho )?gusto / cómo no / entendido / perfecto /
    encantad[oa]
    """,
    hello="hola / buenos días / buenas (tardes|noches) / estimad[oa]s? / bienvenid[oa]s? / saludos",
    links="""
    en (resumen|conclusión|síntesis|definitiva) / en pocas palabras / para (resumir|concluir|terminar) /
    por (lo )?tanto / así pues / por último / finalmente / mientras tanto / además / también / asimismo / entonces /
    ahora( bien)? / y / pero
    """,
    writing="""
    resumen / resúmenes / informe / reporte / respuesta / listado / lista / síntesis / texto / guía / explicación /
    análisis / boletín / recopilación / desglose / pasos / puntos (clave|principales) / versión / redacción /
    noticias / novedades / resultados / detalles / titulares / claves
    """,
    length=r"""
    (en|de|con) (un (máximo|total) de |aproximadamente |unas |menos de |exactamente )?\d+ (palabras|frases
    |caracteres)
    """,
    here="""
    aquí (está|están|hay|tienes?|tenéis|tienen|va|van|(te|le|os|les) (dejo|presento|ofrezco|traigo|va)) / he aquí /
    (a continuación|abajo)(,| (se|te|le|os|les)| (está|figura|encontrar[áé]s?)) / lo que sigue es /
    (he|hemos) (preparado|redactado|resumido|elaborado|escrito) / (te|le|os|les) (dejo|presento|ofrezco)
    """,
    answers="""
    (est[ea]|esto|el siguiente) es (el|la|mi|tu|su|un|una) (breve |posible |siguiente )?<writing> /
    (mi|la) respuesta( (breve|corta|correcta))?( (es|sería))?( la siguiente)? / <writing>( (breve|final|general))?
    """,
    turns="""
    pasemos / pasamos a / veamos / vamos (a ver|con) / vayamos / sigamos con / continuamos con /
    (y )?ahora,? (a|con) / en otras noticias / (es el )?turno (de|para) /
    (empecemos|comencemos|empezamos|comenzamos) (por|con)
    """,
    shows="""
    aquí (está|están|hay|tienes?|va|van) / he aquí / est[ao]s son / así es como / así (puedes?|se) /
    a continuación / lo siguiente es / (siga|sigue) (estos|los) / est[oa] es lo que
    """,
    follows=r"""
    (estos|los siguientes)( \w+)? pasos / (lo|l[oa]s|el|la) siguientes?( \w+){0,2} / como sigue / a continuación /
    de (la siguiente|esta) (manera|forma) / estos (pasos|consejos|puntos|métodos)
    """,
    are="es / son / fue / fueron / eran / incluyen? / serían",
    remarks=r"""
    (es[ao]? es |esta es |qué )?(una )?(muy )?(buena|excelente|gran|interesante) (pregunta|observación) /
    es[to]o? es (todo|lo (esencial|más importante|principal)) / en pocas palabras / de nada / no hay problema /
    de acuerdo /
    est[oae]s? (son|eran|fueron) l[oa]s (puntos|datos|noticias|titulares|claves)( (más|clave|principales)~)? /
    (como (modelo de lenguaje|inteligencia artificial|asistente)|soy (un modelo|una inteligencia))~ /
    <yes>[,.!]+ (aquí|puedo|voy a|te (ayudo|dejo)|con (mucho )?gusto|será un placer)\b~ /
    me he (basado|limitado|ceñido) ~ /
    (puedo|podría|estaré encantad[oa] de) (~ )?(ayudar|responder|ampliar|resumir|explicar|ofrecer)(te|le|os|les
    |lo)?( ~)? / sin más (preámbulos|dilación|rodeos)~
    """,
    sign_offs=r"""
    espero (que )?(esto|est[ea] (resumen|informe|respuesta|información|texto)|(el|la) (resumen|informe|respuesta)
    |haber(te|le|os|les)? (ayudado|servido)|(que )?(te|le|os|les) (sea|haya|sirva|ayude|guste)|(que )?(sea|ayude
    |sirva))\b / no (dudes|dude|duden|dudéis) en / (muchas )?gracias (por|de antemano)\b / (muchas )?gracias\W*$ /
    hasta (pronto|la próxima( (edición|semana|entrega))?|luego|mañana)\W*$ /
    (eso|esto) es todo( (por (hoy|ahora)|lo que (hay|dicen))~)?\W*$ /
    si (tienes?|tenéis|tienen|necesitas?|necesitan|deseas?|desean|quieres?|quieren|hay)
    (alguna |algún |más |otra |cualquier |que |saber |conocer |de |una )*(preguntas?|dudas?|consultas?|información
    |detalles|algo más|ayuda|aclaración|otra cosa) /
    (estoy|quedo|estamos|quedamos) (aquí|a (tu|su|vuestra) (entera )?disposición) / a tu disposición /
    (avísame|avíseme|avisadme|díganos|dinos|dígame|hazme|hágame|háganos)\b / házmelo saber / háganmelo saber /
    dime si /
    (manténganse|mantente|manteneos|permanezcan?|sigan|quédense|quédate) (~ )?(atent|sintoniz|conectad|al tanto
    |pendiente)~ / sintoni(za|ce|cen|zad)\b / no (te|se|os) l[oa]s? (pierdas?|pierdan|perdáis) /
    (que (lo )?)?disfrut(a|e|en|ad|es|éis)( (de|del) (la |el |su |tu )?(lectura|partido|fin de semana|juego|jornada
    |temporada|vídeo))?\W*$ / feliz lectura / (mucha|buena) suerte( (con|en)~)?\W*$ / buen provecho /
    no olvid(es|e|en|éis) (consultar|suscribir|revisar|dejar) /
    (ten|tenga|tengan) en cuenta que (est[eao]|la información|el resumen|la respuesta) /
    (lee|lea|consulta|consulte|haz clic) (más|abajo|aquí)\b / buena lectura /
    (nota|aviso|aclaración|observación) ?: (est[eao]s?|el|la|los|las) (<writing>|<loose>) (~ )?((se|están?) (basa
    |limita|apoya)|procede)~ / estoy (aquí )?para ayudar
    """,
    material="""
    pasajes? / fuentes? / textos? / artículos? / documentos? / fragmentos? / extractos? / contextos? / noticias? /
    materiales / material / resultados de (la )?búsqueda
    """,
    loose="información / informaciones / datos / contenido",
    the="""
    el / la / los / las / este / esta / estos / estas / al / del / todos los / todas las / ambos / ambas / tus /
    sus / los dos / ninguno de los / ninguna de las
    """,
    given="""
    (proporcionad|dad|facilitad|suministrad|ofrecid|aportad|indicad|mencionad|presentad|adjunt|citad)[oa]s? /
    disponibles? / anterior(es)? / siguientes? / primer[oa]? / segund[oa] / tercer[oa]? / últim[oa]
    """,
    more="de / del / que / por / sobre / a los que / en poder",
    behind=True,
    tells="""
    informan? de /
    (afirma|menciona|señala|indica|explica|destaca|subraya|aclara|informa|detalla|apunta|precisa|recalca|aborda
    |trata|especifica|agrega|resalta|relata|comenta|cuenta|recuerda)n? / dicen? / describen? / añaden? /
    sostienen? / sugieren? / recogen? / exponen? / advierten? / nos (dicen?|cuentan?) /
    (ofrece|proporciona|contiene|da|incluye|aporta)n? (la )?(información|instrucciones|detalles|una visión general)…
    (sobre|acerca de|para) / coinciden en
    """,
    also="también / además / específicamente / expresamente / claramente / explícitamente",
    that="que",
    according="""
    (según|de acuerdo con|con base en|basándo(me|nos|se) en) la información (<given> )?(contenida )?(de|en) /
    según / de acuerdo (con|a) / conforme a / a partir de / a la luz de / (con )?base en / basándo(me|nos|se) en /
    sobre la base de / teniendo en cuenta / basad[oa]s? (únicamente |solo )?en / a juzgar por
    """,
    sourcing="""
    (tal )?(y )?(como|según) (bien )?(se )?(<also> )?<tells> (en )?<source> / como se (muestra|ve|lee) en <source> /
    en <subject> (<also> )?se (<also> )?(<tells>|lee|dice)( <that>)? /
    (de <subject> se (desprende|deduce)|se (desprende|deduce) de <subject>)( <that>)? /
    según lo (indicado|mencionado|descrito|expuesto|señalado|explicado) en <source>
    """,
    said="""
    dijo / dice / dicen / afirmó / explicó / añadió / aseguró / declaró / señaló / comentó / reconoció / respondió /
    admitió / gritó / pidió
    """,
    denies="no / imposible / ningun[oa] / ningún / insuficientes? / falta / tampoco / sin",
    refusals=r"""
    (no (es|fue|me es|resulta|ha sido)|imposible|no se puede|no puedo|no podemos|no soy capaz de|no he podido) (~
    )?(responder|contestar|dar una respuesta) /
    (no puedo|no podemos|no me es posible|no soy capaz de|no he podido|no (tengo|tenemos)|no (dispongo|disponemos))
    (~ )?(determinar|proporcionar|ofrecer|dar|decir|encontrar|información|datos suficientes|acceso|ayudar) /
    <subject> (<also> )?(no|tampoco) (<also> )?(se )?(<tells>|bastan?|mencionan?|contienen?|ofrecen?|proporcionan?
    |dan|aportan?|incluyen?|facilitan?|hablan?|tratan?|hacen? (mención|referencia)|permiten?|tienen?|(son|es)
    suficientes?) /
    (ningun[oa]|ningún)( de)? <subject> (~ )?(<tells>|contienen?|ofrecen?|proporcionan?|abordan?|dan?) /
    no (se|está|están|ha sido|han sido|aparecen?|figuran?|consta|constan|hay) ~ (en|por) <subject> /
    (no (hay|existe|se dispone de|se (da|ofrece|proporciona))|falta) (suficientes? |más |bastante )(información
    |datos|detalles|contexto) / no (hay|existe) (información|datos|detalles) suficientes? /
    no (se (da|ofrece|proporciona)|hay) (información|detalles) ~ en <subject> /
    (información|datos|contexto) insuficientes? / sin (más|mayor|suficiente) (información|contexto) /
    (ningun[oa]|ningún) (de (los|las|estos|estas) )?(<given> )*<material> (~ )?(<tells>|contienen?|ofrecen?
    |proporcionan?|abordan?|dan?) / (ningun[oa]|ningún) ~ (en|por) <subject>\W*$
    """,
    steps="pasos? / etapas?",
    labels="páginas? / capítulos? / sección / secciones / figuras? / número / nota",
    verbs="""
    ganó gana ganan perdió pierde pierden empató empata empatan fichó ficha marcó marca firmó firma despidió despide
    lesionado lesionada anotó venció vence derrotó derrota vuelve volvió sale llega llegó deja dejó es son fue ha
    han había está están será serán puede nunca sin
    """,
)
