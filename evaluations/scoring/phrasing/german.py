"""German."""

from evaluations.scoring.phrasing.phrasing import Phrasing

GERMAN = Phrasing(
    code="de",
    yes="""
    klar( doch)? / gerne? / natürlich / selbstverständlich / sicher / na klar / aber gerne? / verstanden /
    alles klar / okay
    """,
    hello="hallo / guten (tag|morgen|abend) / liebe / lieber / herzlich willkommen / willkommen",
    links="""
    zusammenfassend( lässt sich sagen)? / kurz gesagt / kurzum / zusammengefasst / abschließend / schließlich /
    außerdem / zudem / daher / deshalb / also / unterdessen / ferner / ebenso / zum schluss / nun / und / aber
    """,
    writing="""
    zusammenfassung(en)? / bericht / antwort / liste / überblick / übersicht / text / anleitung / erklärung /
    analyse / rückblick / kurzfassung / schritte / (wichtigsten |zentralen )?punkte / fassung / artikel /
    auflistung / aufstellung / nachrichten / neuigkeiten / ergebnisse / einzelheiten / schlagzeilen
    """,
    length=r"""
    (in|mit|von) (rund |etwa |ca\. |maximal |höchstens |genau |weniger als |knapp |insgesamt )?\d+ (wörtern?|worten?
    |sätzen|zeichen)
    """,
    here="""
    hier (ist|sind|folgt|folgen|kommt|kommen|finden sie|findest du|haben sie|hast du) /
    anbei( ist| sind| finden sie)? / (nachfolgend|im folgenden|unten)( (finden sie|findest du|ist|sind|folgt))? /
    es folgt / ich habe / dies(es)? ist (ein|eine|der|die|mein|meine|ihr|ihre)
    """,
    answers="""
    (das|dies|hier|so) (ist|lautet) (die|meine|eine|der|mein|ein|ihr|ihre) (kurze |mögliche )?<writing> /
    ist hier (die|meine|eine|der|mein|ein) <writing> /
    (meine|die) (kurze |richtige )?antwort( (lautet|ist|wäre))?( wie folgt)? / (kurze )?<writing>
    """,
    turns="""
    kommen wir / (und )?nun (zu|zum|zur) / weiter (geht es|geht's) / blicken wir / schauen wir / werfen wir /
    sehen wir / (und )?jetzt (zu|zum|zur) / fangen wir / beginnen wir / in anderen nachrichten
    """,
    shows="""
    hier (ist|sind|folgt|folgen|finden sie|findest du) / (das|dies) sind /
    so (können sie|kannst du|geht|funktioniert) / (sind|ist) hier / im folgenden / nachfolgend / folgende /
    es folgen / gehen sie (wie folgt|so) vor / befolgen sie
    """,
    follows=r"""
    (diese|diesen|die|den|folgende|folgenden)( \w+){0,2} (schritte|schritten|tipps|punkte|methoden)( \w+)? /
    folgende[nrs]?( \w+){0,2} / wie folgt( vor)? / so (vor|aus|\w+(en|ern|eln)) / (nachstehenden|untenstehenden) \w+
    """,
    are="ist / sind / war / waren / lauten / lautet / umfassen / wären",
    remarks=r"""
    (das ist )?(eine )?(sehr )?(gute|interessante|spannende|berechtigte|tolle|hervorragende) frage /
    das (ist|wäre|war)( auch schon| dann)? (alles|das (wesentliche|wichtigste)|der kern( der sache)?) /
    soweit das wichtigste / gern geschehen / in aller kürze / kein problem / in wenigen worten /
    (das|dies) (sind|waren|wären) (die|alle) (wichtigsten |zentralen )?(punkte|fakten|nachrichten|schlagzeilen
    |meldungen)( ~)? / als (ki|sprachmodell|ki-\w+|künstliche intelligenz|assistent)\b~ /
    ich bin (ein sprachmodell|eine ki)~ / <yes>[,.!]+ (hier|ich|gerne)\b~ /
    ich habe (mich|versucht|nur|ausschließlich|die antwort)~ /
    ich (kann|könnte|helfe|würde) (~ )?(helfen|beantworten|zusammenfassen|erklären|weiter|weiterhelfen
    |unterstützen)( ~)? / ohne (weitere|große|viele) (umschweife|vorrede|worte)~
    """,
    sign_offs=r"""
    (ich hoffe|hoffentlich|wir hoffen),? (dass )?(das|dies|es|diese|ihnen|dir|damit|die (antwort|zusammenfassung
    |informationen)|der (bericht|überblick)|ich konnte)~ /
    (lassen sie|lass|lasst) (es )?(mich|uns) (gerne )?wissen /
    (vielen dank|danke)( (für (ihr|ihre|ihren|dein|deine|das|die)|fürs)~)?\W*$ /
    bis (bald|zum nächsten mal|dann|morgen|später|nächste woche)\W*$ /
    viel (spaß|vergnügen|erfolg|freude|glück)( (beim|mit|bei|und)~)?\W*$ /
    das war('?s| es)( (auch )?(schon|für (heute|diese)|mit (dem|der|den)|von)~)?\W*$ /
    (wenn|falls|sollten|solltest) (sie|du|ihr)
    (noch |weitere |mehr |irgendwelche |zusätzliche |nähere |weiteren |an |über )*(fragen?|informationen|details
    |hilfe|einzelheiten|etwas|wissen|erfahren)\b~ / bei (weiteren |rück)?fragen / (zögern sie|zögere) nicht /
    (melden sie|melde|schreiben sie|schreib|fragen sie|frag) (sich |dich |mir |mich |uns )*(gerne?|jederzeit|einfach
    |bei) / (ich (stehe|bin)|wir stehen) (~ )?(zur verfügung|für (sie|dich) da) /
    bleiben sie (dran|gespannt|informiert|auf dem laufenden) / bleibt? (dran|gespannt) /
    (schalten sie|schaltet?) (wieder )?ein\b / seien sie (gespannt|dabei) / verpassen sie (nicht|es|das) /
    (gutes gelingen|guten appetit|angenehme lektüre|mit freundlichen grüßen|schönen tag) / genießen sie /
    (bitte )?(beachten sie|beachte),? dass (dies|diese|die (informationen|angaben|antwort|zusammenfassung)) /
    (lesen sie|klicken sie|weiterlesen) (hier|unten|weiter)\b /
    (hinweis|anmerkung) ?: (diese[rs]?|die|der|das) (\w+ )?(<writing>|<loose>) (~ )?(beruh|basier|stütz|beschränk
    |stamm)~ / (sagen sie|sag|geben sie|gib) (mir|uns) (gerne? |einfach |jederzeit )*bescheid
    """,
    material="""
    textstellen? / quellen? / texten? / texte?s? / artikeln? / artikels / abschnitte?n?s? / passagen? /
    dokumente?n?s? / auszüge?n? / auszug / ausschnitte?n?s? / kontexte?s? / quellentexte?n?s? / suchergebnisse?n? /
    material / materialien / beiträge?n? / beitrag / meldung / nachricht / textpassagen? / textabschnitte?n?s?
    """,
    loose="informationen / angaben / inhalte?n?",
    the="""
    der / die / das / den / dem / des / dieser / diese / diesem / diesen / dieses / aller / allen / alle / beiden /
    beide / ihrer / ihren / ihre / im / einer der / keine der / keiner der / keines der / die beiden
    """,
    given="""
    (vor|an|bereit|zur verfügung |mit)?ge(geben|nannt|stellt|legt|führt|zeigt|liefert|teilt)e[nrms]? /
    (angegeben|vorliegend|vorgelegt|vorhanden|bereitgestellt|genannt|zitiert|verfügbar|obig|folgend
    |vorstehend)e[nrms]? / (oben (genannt|stehend)|erst|zweit|dritt|letzt|gesamt|bisherig)e[nrms]?
    """,
    more=r"""
    der / des / von / vom / aus / über / zum / zur / zu / im (\w*blatt|kicker|spiegel) / eine[rs]
    """,
    behind=False,
    tells="""
    (sagt|besagt|erwähnt|betont|erklärt|beschreibt|berichtet|nennt|ergänzt|erläutert|schildert|behandelt
    |verdeutlicht|bemerkt|unterstreicht|präzisiert|informiert|erzählt|vermerkt|notiert|merkt an) /
    (sagen|besagen|erwähnen|betonen|erklären|beschreiben|berichten|nennen|ergänzen|erläutern|schildern|behandeln
    |verdeutlichen|bemerken|unterstreichen|geben an) / gibt an / hebt hervor / heben hervor / weist darauf hin /
    weisen darauf hin / führt aus / legt dar /
    (liefert|liefern|enthält|enthalten|bietet|bieten|gibt|geben) (die |auch )?(nötigen |weitere |nähere
    )?(informationen|angaben|anleitungen|details)… (zu|darüber|dazu|über) / stimmen (darin )?überein
    """,
    also="""
    auch / außerdem / ausdrücklich / ferner / zudem / explizit / weiterhin / darüber hinaus / speziell / konkret /
    ebenfalls
    """,
    that="dass / wie",
    according="""
    (laut|gemäß|nach|anhand|auf (grundlage|basis)) (den|der) (informationen|angaben) (<given> )?(in|aus) / laut /
    gemäß / anhand / aufgrund / auf (der )?(grundlage|basis) / (basierend|ausgehend|gestützt) auf / zufolge /
    ausgehend von / entsprechend / auf (der )?(grundlage|basis) von / anhand von
    """,
    sourcing=r"""
    wie <subject> (<also> )?(<tells>|angibt|hervorhebt|ausführt|darlegt|anmerkt|angeben|hervorheben|ausführen) /
    wie (<also> )?in <subject> (<also> )?(beschrieben|erwähnt|angegeben|erläutert|erklärt|dargelegt|ausgeführt
    |genannt|berichtet|dargestellt|steht)( wird| ist)?,? /
    (in <subject>|im <material>) (heißt es|steht|wird (<also> )?(erwähnt|erklärt|beschrieben|betont|berichtet
    |angegeben|darauf hingewiesen))( <also>)?,?( <that>)? / <source> zufolge /
    nach (den|der|dem|diesen) (<given> )+(<material>|<loose>) /
    laut (artikel|text)(?! (der|des|von|vom|im|in|aus|über|zu)\b) /
    aus <subject> (<also> )?(geht (<also> )?hervor|ergibt sich|wird deutlich|lässt sich (schließen|ableiten)),?(
    <that>)? / heißt es (<also> )?(in <subject>|im <material>)
    """,
    said="sagte / sagt / sagten / erklärte / erklärt / meinte / meint / betonte / fügte / rief / antwortete / so",
    denies="nicht / kein(e[nrms]?)? / unmöglich / unzureichend(e[nrms]?)? / ohne / weder / fehlen / fehlt / nichts",
    refusals=r"""
    (nicht|unmöglich|keine) (~ )?(zu )?(beantworten|beantwortet|beantwortbar|antworten|antwort (möglich|geben
    |gegeben|finden|enthalten)) /
    (ich|wir) (kann|können|bin|sind|habe|haben|konnte|konnten) (~ )?(nicht|kein(e[nrms]?)?) (~ )?(beantworten
    |bestimmen|liefern|geben|sagen|finden|informationen|zugriff|zugang|in der lage|angaben|feststellen|ermitteln
    |helfen) /
    <subject> (<also> |leider |selbst |allerdings |jedoch )*(sagen|nennen|enthalten|enthält|sagt|nennt|geben|gibt
    |liefern|liefert|bieten|bietet|erwähnen|erwähnt|machen|macht|gehen|geht|reichen|reicht|beantworten|beantwortet
    |äußern|äußert|treffen|trifft|lassen) (~ )?(nicht|nichts|kein(e[nrms]?)?)\b /
    (keine[rs]?|weder)( der)? (<given> )*<material> (~ )?(sagt|nennt|enthält|erwähnt|gibt|liefert|behandelt|bietet
    |beschreibt|erklärt|geht) /
    in <subject> (~ )?(nicht|nichts|kein(e[nrms]?)?|weder) (~ )?(erwähnt|genannt|angegeben|beschrieben|enthalten
    |behandelt|zu finden|erläutert) /
    (wird|werden|ist|sind|steht|finden sich) (~ )?(nicht|nichts|keine?) ~ <subject> /
    (nicht (genügend|genug|ausreichend)|(zu wenig|keine|unzureichende|fehlende)
    (weiteren |ausreichenden |genauen |näheren )?) (informationen|angaben|kontext) /
    (informationen|angaben) (~ )?(nicht aus|fehlen|unzureichend) /
    ohne (weitere|zusätzliche|nähere|mehr) (informationen|angaben|kontext) /
    (machen|enthalten|geben|nennen|liefern|sagen|bieten|macht|enthält|gibt|nennt|liefert|sagt|bietet) <subject> (~
    )?(keine|nichts|nicht)
    """,
    steps="schritte?n? / etappen?",
    labels="seiten? / kapiteln? / teil / abbildung / nummer / nr / fußnote / anmerkung",
    verbs="""
    gewinnt gewann gewinnen verliert verlor verlieren siegt siegte schlägt schlug trifft traf wechselt wechselte
    unterschreibt unterschrieb verlässt verließ verlängert entlassen verletzt gesperrt fällt kehrt kommt geht bleibt
    holt holte feiert ist sind war waren wird werden hat haben kann nie ohne nicht spielt
    """,
)
