"""In five more languages too: what speaks of the writing or its sources claims nothing, what tells something does."""

import re

import pytest

from evaluations.scoring.context.index import index_context
from evaluations.scoring.format.preamble import is_preamble
from evaluations.scoring.languages.packs import pack_for
from evaluations.scoring.phrasing.phrasing import Phrasing
from evaluations.scoring.phrasing.phrasings import Phrases, phrases_in, phrases_of
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report

CODES = ("de", "es", "fr", "it", "pt")
# A report of one sentence that tells which language is spoken, and claims something.
TELLING = {
    "es": "Ada Brook marcó los dos goles.",
    "fr": "Ada Brook a marqué les deux buts.",
    "de": "In der Pause hatte Ada Brook zwei Tore erzielt.",
    "it": "Ada Brook ha segnato due gol alla fine.",
    "pt": "Ada Brook marcou dois golos ao Marsh End.",
}
ASIDES = {
    "es": [
        "¡Claro!", "¡Por supuesto! Aquí tienes un resumen de las noticias:", "Aquí está el informe en 120 palabras:",
        "A continuación, te presento un resumen de los artículos:", "Claro, puedo ayudarte con eso.",
        "Según los pasajes proporcionados, esta es mi respuesta:", "Resumen:", "Respuesta breve:",
        "Estos son los resultados más importantes de la jornada:", "Para seguir al Hollin 04, siga estos pasos:",
        "Los goleadores de la jornada son:", "Según el pasaje 2, así es como juega el Hollin:",
        "Pasemos a los fichajes.", "En otras noticias:", "En resumen:", "Buena pregunta.", "Esto es lo esencial.",
        "Espero que este resumen te sea útil.", "No dudes en preguntarme si necesitas más detalles.",
        "¡Gracias por leer!", "¡Hasta la próxima!", "Si tienes alguna otra pregunta, dímelo.",
        "¡Sintonicen para descubrirlo!", "¡No te lo pierdas!", "¿Qué te parece?", "Quedo a tu disposición.",
        "No es posible responder con base en los pasajes proporcionados.",
        "Lamentablemente, no puedo responder a esta pregunta con la información disponible.",
        "Los pasajes no ofrecen información suficiente sobre las lesiones.",
        "El texto no menciona quién marcó.", "Ninguno de los artículos menciona la lesión de Brook.",
        "La fecha no se menciona en las fuentes.", "No hay información suficiente para decirlo.",
        "(Fuente: pasaje 2)", "Como modelo de lenguaje, no veo partidos.",
    ],
    "fr": [
        "Bien sûr !", "Bien sûr ! Voici un résumé de l'actualité :", "Voici le rapport en 120 mots :",
        "Vous trouverez ci-dessous une synthèse des articles :", "Certainement, je peux vous aider.",
        "D'après les passages fournis, voici ma réponse :", "Résumé :", "Réponse :",
        "Voici les principaux résultats de la journée :", "Pour suivre le Hollin 04, suivez ces étapes :",
        "Les buteurs de la journée sont :", "Selon le passage 2, voici comment joue Hollin :",
        "Passons aux transferts.", "En bref :", "C'est une bonne question.", "Voilà l'essentiel.",
        "J'espère que ce résumé vous aidera.", "N'hésitez pas à me demander plus de détails.",
        "Merci de votre lecture !", "À bientôt !", "Si vous avez d'autres questions, dites-le-moi.",
        "Soyez au rendez-vous pour le découvrir !", "Restez à l'écoute !", "Qu'en pensez-vous ?",
        "Je reste à votre disposition.", "Impossible de répondre sur la base des passages fournis.",
        "Malheureusement, je ne peux pas répondre à cette question avec les informations disponibles.",
        "Les passages ne fournissent pas suffisamment d'informations sur les blessures.",
        "Le texte ne mentionne pas le buteur.", "Aucun des articles ne mentionne la blessure de Brook.",
        "La date n'est pas mentionnée dans les sources.", "Il n'y a pas assez d'informations pour le dire.",
        "(Source : passage 2)", "En tant que modèle de langage, je ne vois pas de matchs.",
    ],
    "de": [
        "Klar!", "Natürlich! Hier ist eine Zusammenfassung der Nachrichten:", "Hier ist der Bericht in 120 Wörtern:",
        "Im Folgenden finden Sie einen Überblick über die Artikel:", "Gerne, ich helfe Ihnen weiter.",
        "Auf Grundlage der bereitgestellten Textstellen ist hier meine Antwort:", "Zusammenfassung:", "Kurze Antwort:",
        "Das sind die wichtigsten Ergebnisse des Spieltags:", "Um Hollin 04 zu folgen, befolgen Sie diese Schritte:",
        "Die Torschützen des Spieltags sind:", "Laut Textstelle 2 gehen Sie wie folgt vor:",
        "Kommen wir zu den Transfers.", "Kurz gesagt:", "Das ist eine gute Frage.", "Das ist das Wesentliche.",
        "Ich hoffe, diese Zusammenfassung hilft Ihnen.", "Zögern Sie nicht, mich nach Einzelheiten zu fragen.",
        "Vielen Dank für Ihre Aufmerksamkeit!", "Bis zum nächsten Mal!", "Viel Spaß beim Lesen!",
        "Wenn Sie weitere Fragen haben, lassen Sie es mich wissen.", "Schalten Sie ein, um es herauszufinden!",
        "Bleiben Sie dran!", "Was meinen Sie?", "Ich stehe Ihnen jederzeit zur Verfügung.",
        "Anhand der angegebenen Textstellen nicht zu beantworten.",
        "Leider kann ich diese Frage mit den vorliegenden Informationen nicht beantworten.",
        "Die Textstellen enthalten nicht genügend Informationen über die Verletzungen.",
        "Der Text erwähnt den Torschützen nicht.", "Keiner der Artikel nennt die Verletzung von Brook.",
        "In den Quellen wird das Datum nicht genannt.", "Es gibt nicht genügend Informationen, um das zu sagen.",
        "(Quelle: Textstelle 2)", "Als Sprachmodell sehe ich keine Spiele.",
    ],
    "it": [
        "Certo!", "Certo! Ecco un riassunto delle notizie:", "Ecco il rapporto in 120 parole:",
        "Di seguito trovi una panoramica degli articoli:", "Certamente, posso aiutarti.",
        "In base ai passaggi forniti, ecco la mia risposta:", "Riassunto:", "Risposta breve:",
        "Questi sono i risultati principali della giornata:", "Per seguire l'Hollin 04, segui questi passaggi:",
        "I marcatori della giornata sono:", "Secondo il passaggio 2, ecco come gioca l'Hollin:",
        "Passiamo al mercato.", "In breve:", "Bella domanda.", "Questo è l'essenziale.",
        "Spero che questo riassunto ti sia utile.", "Non esitare a chiedermi altri dettagli.",
        "Grazie per aver letto!", "Alla prossima!", "Se hai altre domande, fammi sapere.",
        "Sintonizzatevi per scoprirlo!", "Rimanete sintonizzati!", "Che ne pensi?", "Resto a tua disposizione.",
        "Non è possibile rispondere sulla base dei passaggi forniti.",
        "Purtroppo non posso rispondere a questa domanda con le informazioni disponibili.",
        "I passaggi non forniscono informazioni sufficienti sugli infortuni.",
        "Il testo non menziona il marcatore.", "Nessuno degli articoli menziona l'infortunio di Brook.",
        "La data non è menzionata nelle fonti.", "Non ci sono abbastanza informazioni per dirlo.",
        "(Fonte: passaggio 2)", "Come modello linguistico, non vedo partite.",
    ],
    "pt": [
        "Claro!", "Claro! Aqui está um resumo das notícias:", "Aqui está o relatório em 120 palavras:",
        "A seguir, apresento um resumo dos artigos:", "Com certeza, posso ajudar.",
        "Com base nas passagens fornecidas, esta é a minha resposta:", "Resumo:", "Resposta:",
        "Estes são os principais resultados da jornada:", "Para seguir o Hollin 04, siga estes passos:",
        "Os marcadores da jornada são:", "Segundo a passagem 2, eis como joga o Hollin:",
        "Passemos às transferências.", "Em resumo:", "É uma boa pergunta.", "Isto é o essencial.",
        "Espero que este resumo seja útil.", "Não hesite em pedir mais detalhes.",
        "Obrigado pela leitura!", "Até à próxima!", "Se tiver mais alguma dúvida, avise-me.",
        "Sintonize para descobrir!", "Fique atento!", "O que acha?", "Fico à sua disposição.",
        "Não é possível responder com base nas passagens fornecidas.",
        "Infelizmente, não posso responder a esta pergunta com as informações disponíveis.",
        "As passagens não fornecem informações suficientes sobre as lesões.",
        "O texto não menciona o marcador.", "Nenhum dos artigos menciona a lesão de Brook.",
        "A data não é mencionada nas fontes.", "Não há informações suficientes para o dizer.",
        "(Fonte: passagem 2)", "Como modelo de linguagem, não vejo jogos.",
    ],
}  # fmt: skip
CLAIMS = {
    "es": [
        "Aquí hay un problema: el club debe 3 millones.", "Gracias a Korvela, el Hollin ganó.",
        "Hasta la próxima temporada no volverá Brook.", "Si tiene éxito, el plan salvará al club.",
        "Si tienes un portero así, ganas la liga.", "Según Brook, el partido fue duro.",
        "El técnico no respondió a las preguntas de la prensa.", "El informe del club habla de pérdidas.",
        "Claro dominio del Hollin en el segundo tiempo.", "Espero que ganemos, dijo Brook tras el partido.",
        "Según los documentos que firmó, el club debe 3 millones.", "El club no dio detalles de la lesión.",
        "Los dos goles de Brook fueron decisivos.", "El club fichó a estos jugadores por 3 millones:",
    ],
    "fr": [
        "Voici le buteur : Dupont.", "Merci à Korvela, buteur décisif de Hollin.",
        "À bientôt 40 ans, Brook continue.", "Si vous avez un tel gardien, vous gagnez le titre.",
        "Selon Brook, le match était dur.", "L'entraîneur n'a pas répondu aux questions de la presse.",
        "Le rapport du club évoque des pertes.", "Bien sûr de lui, Brook a tiré le penalty devant le gardien.",
        "J'espère qu'on gagnera, a dit Brook.", "Selon les documents qu'il a signés, le club doit 3 millions.",
        "Le club n'a pas donné de détails sur la blessure.", "Les deux buts de Brook ont été décisifs.",
        "Voilà trois ans que Brook joue à Hollin.",
    ],
    "de": [
        "Hier ist das Problem: Der Klub schuldet 3 Millionen.", "Dank Korvela gewann Hollin.",
        "Bis bald 40 Jahre alt, spielt Brook weiter.", "Wenn Sie einen solchen Torwart haben, gewinnen Sie den Titel.",
        "Laut Trainer Brook war das Spiel hart.", "Der Trainer hat die Fragen der Presse abgelehnt.",
        "Der Bericht des Klubs nennt Verluste.", "Natürlich gewann Hollin das Spiel gegen den Tabellenletzten am Ende.",
        "Ich hoffe auf einen Sieg, sagte Brook.", "Laut Dokumenten der Polizei schuldet der Klub 3 Millionen.",
        "Der Klub nannte keine Einzelheiten zur Verletzung.", "Die beiden Tore von Brook waren entscheidend.",
        "Das war die dritte Niederlage in Folge.",
    ],
    "it": [
        "Ecco il problema: il club deve 3 milioni.", "Grazie a Korvela, l'Hollin ha vinto.",
        "Se hai un portiere così, vinci il campionato.", "Secondo Brook, la partita è stata dura.",
        "L'allenatore non ha risposto alle domande della stampa.", "Il rapporto del club parla di perdite.",
        "Certo della vittoria, l'Hollin ha schierato le riserve nel secondo tempo.",
        "Spero di vincere, ha detto Brook.", "Secondo i documenti che ha firmato, il club deve 3 milioni.",
        "Il club non ha dato dettagli sull'infortunio.", "I due gol di Brook sono stati decisivi.",
        "A presto il rinnovo di Brook fino al 2027.",
    ],
    "pt": [
        "Aqui está o problema: o clube deve 3 milhões.", "Obrigado a jogar com dez, o Hollin perdeu.",
        "Até à próxima época Brook não volta.", "Se tiver um guarda-redes assim, o Hollin ganha a liga.",
        "Segundo Brook, o jogo foi duro.", "O treinador não respondeu às perguntas da imprensa.",
        "O relatório do clube fala de perdas.", "Claro domínio do Hollin na segunda parte.",
        "Espero ganhar, disse Brook.", "Segundo os documentos que assinou, o clube deve 3 milhões.",
        "O clube não deu detalhes da lesão.", "Os dois golos de Brook foram decisivos.",
    ],
}  # fmt: skip
SOURCING = {
    "es": [
        "Según los pasajes proporcionados, {}", "De acuerdo con el pasaje 2, {}", "El pasaje 2 también señala que {}",
        "Como se indica en los artículos, {}", "Como afirma el pasaje 1, {}", "{} (véase el pasaje 2)",
        "En el pasaje 2 se explica que {}", "Con base en la información proporcionada en los textos, {}",
    ],
    "fr": [
        "D'après les passages fournis, {}", "Selon le passage 2, {}", "Le passage 2 souligne également que {}",
        "Comme l'indique le passage 1, {}", "Comme indiqué dans les articles, {}", "{} (voir le passage 2)",
        "Dans le passage 2, il est expliqué que {}", "Sur la base des informations fournies dans les textes, {}",
    ],
    "de": [
        "Auf Grundlage der bereitgestellten Textstellen: {}", "Laut Textstelle 2: {}",
        "Textstelle 2 betont auch, dass {}", "Wie der Artikel berichtet, {}", "Wie in Textstelle 1 beschrieben, {}",
        "{} (siehe Textstelle 2)",
        "In Textstelle 2 heißt es, dass {}", "Laut den Informationen in den Texten: {}",
    ],
    "it": [
        "In base ai passaggi forniti, {}", "Secondo il passaggio 2, {}", "Il passaggio 2 sottolinea anche che {}",
        "Come indicato negli articoli, {}", "Come afferma il passaggio 1, {}", "{} (vedi passaggio 2)",
        "Nel passaggio 2 si legge che {}", "Sulla base delle informazioni fornite nei testi, {}",
    ],
    "pt": [
        "Com base nas passagens fornecidas, {}", "De acordo com a passagem 2, {}", "A passagem 2 também destaca que {}",
        "Como indicado nos artigos, {}", "Como afirma a passagem 1, {}", "{} (ver passagem 2)",
        "Na passagem 2 é explicado que {}", "Com base nas informações fornecidas nos textos, {}",
    ],
}  # fmt: skip
LEAD_INS = {
    "es": ["Aquí tienes un resumen del artículo en 87 palabras: {}", "Según los textos, esta es mi respuesta: {}"],
    "fr": ["Voici un résumé de l'article en 87 mots : {}", "D'après les textes, voici ma réponse : {}"],
    "de": ["Hier ist eine Zusammenfassung des Artikels in 87 Wörtern: {}", "Kurze Antwort: {}"],
    "it": ["Ecco un riassunto dell'articolo in 87 parole: {}", "Secondo i testi, ecco la mia risposta: {}"],
    "pt": ["Aqui está um resumo do artigo em 87 palavras: {}", "Segundo os textos, esta é a minha resposta: {}"],
}
NUMBERED = {
    "es": ["Repite los pasos 4 a 6 con Brook.", "Véanse los pasajes 2 y 3 sobre Brook."],
    "fr": ["Répétez les étapes 4 à 6 avec Brook.", "Les passages 2 et 3 parlent de Brook."],
    "de": ["Wiederholen Sie die Schritte 4 bis 6 mit Brook.", "Von Brook handeln die Textstellen 2 und 3."],
    "it": ["Ripeti i passi 4 e 6 con Brook.", "Di Brook parlano i passaggi 2 e 3."],
    "pt": ["Repita os passos 4 a 6 com Brook.", "De Brook falam as passagens 2 e 3."],
}
TWO = {
    "es": ("Los dos equipos celebraron.", "Marcó dos goles."),
    "fr": ("Les deux équipes ont fêté.", "Elle a marqué deux buts."),
    "de": ("Die zwei Mannschaften feierten.", "Sie erzielte zwei Tore."),
    "it": ("Le due squadre hanno festeggiato.", "Ha segnato due gol."),
    "pt": ("As duas equipas festejaram.", "Marcou dois golos."),
}


def pairs(table):
    return [(code, sentence) for code in CODES for sentence in table[code]]


@pytest.mark.parametrize(("code", "sentence"), pairs(ASIDES))
def test_what_speaks_of_the_writing_its_sources_or_to_the_reader_claims_nothing(code, sentence):
    sentences = read_report(f"{TELLING[code]}\n\n{sentence}", pack_for(code))
    assert [one.claim for one in sentences] == [True, *[False] * (len(sentences) - 1)]


@pytest.mark.parametrize(("code", "sentence"), pairs(CLAIMS))
def test_what_only_begins_alike_is_a_claim(code, sentence):
    assert all(one.claim for one in read_report(f"{TELLING[code]}\n\n{sentence}", pack_for(code)))


@pytest.mark.parametrize(("code", "frame"), pairs(SOURCING))
def test_where_a_sentence_has_it_from_is_neither_looked_for_nor_weighed(code, frame):
    claim = TELLING[code]
    framed, alone = (read_report(text, pack_for(code)) for text in (frame.format(claim.rstrip(".")) + ".", claim))
    assert [(one.words, one.claim) for one in framed] == [(one.words, one.claim) for one in alone]


@pytest.mark.parametrize(("code", "frame"), pairs(LEAD_INS))
def test_a_preamble_before_a_claim_is_left_out_and_the_claim_is_judged(code, frame):
    index = index_context(TELLING[code], code)
    framed, wrong = frame.format(TELLING[code]), frame.format("Rolf Steen 99.")
    assert [row.band for row in score_report(index, framed).groundedness.sentences] == ["grounded"]
    assert [row.band for row in score_report(index, wrong).groundedness.sentences] == ["not_found"]


@pytest.mark.parametrize(("code", "sentence"), pairs(NUMBERED))
def test_numbers_that_only_name_a_step_or_a_source_are_no_facts(code, sentence):
    assert [fact for one in read_report(sentence, pack_for(code)) for fact in one.facts if fact.kind != "name"] == []


@pytest.mark.parametrize("code", CODES)
def test_a_two_that_only_points_back_is_not_looked_for(code):
    index = index_context("Hollin 3-1 Marsh End. Ada Brook.", code)
    points, counts = TWO[code]
    assert [fact.kind for row in score_report(index, points).groundedness.sentences for fact in row.missing] == []
    assert "number" in {fact.kind for row in score_report(index, counts).groundedness.sentences for fact in row.missing}


@pytest.mark.parametrize(
    "line",
    [
        "¡Claro! Aquí tienes el informe:", "Bien sûr, voici le rapport :", "Gerne! Hier ist der Bericht:",
        "Ecco il riassunto della settimana:", "Aqui está o resumo da semana:",
    ],
)  # fmt: skip
def test_a_first_line_that_shows_the_answer_is_a_preamble(line):
    assert is_preamble(line)


@pytest.mark.parametrize("line", ["Hollin gana la copa.", "Klare Sache: Hollin siegt.", "Hollin a gagné la coupe."])
def test_a_first_line_of_the_report_is_none(line):
    assert not is_preamble(line)


def test_phrases_are_those_of_the_languages_that_a_text_is_in():
    assert [one.phrasing.code for one in phrases_in("El club ganó la copa porque marcó más.")][:1] == ["es"]
    assert phrases_in("The club won the cup with a late goal.") == ()
    assert [one.phrasing.code for one in phrases_in("Merci !")] == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_phrase_is_a_pattern_in_small_letters(code):
    phrases = phrases_of(code)
    assert phrases is not None
    for name, field in Phrasing.__dataclass_fields__.items():
        rows = getattr(phrases.phrasing, name)
        if field.type is str or field.type == "str":
            assert re.sub(r"\\[A-Z]", "", rows) == re.sub(r"\\[A-Z]", "", rows).lower(), name
            assert re.compile(phrases.phrasing.pattern(rows)), name
    for name, value in vars(Phrases).items():
        if hasattr(value, "func"):
            assert getattr(phrases, name), name
