"""Sentences of five languages that claim nothing, such as only begin alike, and whole reports of both."""

ASIDES = {
    "es": [
        "¡Claro!", "¡Por supuesto! Aquí tienes un resumen de las noticias:",
        "Aquí está el informe en 120 palabras:", "A continuación, te presento un resumen de los artículos:",
        "Claro, puedo ayudarte con eso.", "Según los pasajes proporcionados, esta es mi respuesta:", "Resumen:",
        "Respuesta breve:", "Estos son los resultados más importantes de la jornada:",
        "Para seguir al Hollin 04, siga estos pasos:", "Los goleadores de la jornada son:",
        "Según el pasaje 2, así es como juega el Hollin:", "Pasemos a los fichajes.", "En otras noticias:",
        "En resumen:", "Buena pregunta.", "Esto es lo esencial.", "Espero que este resumen te sea útil.",
        "No dudes en preguntarme si necesitas más detalles.", "¡Gracias por leer!", "¡Hasta la próxima!",
        "Si tienes alguna otra pregunta, dímelo.", "¡Sintonicen para descubrirlo!", "¡No te lo pierdas!",
        "¿Qué te parece?", "Quedo a tu disposición.",
        "No es posible responder con base en los pasajes proporcionados.",
        "Lamentablemente, no puedo responder a esta pregunta con la información disponible.",
        "Los pasajes no ofrecen información suficiente sobre las lesiones.", "El texto no menciona quién marcó.",
        "Ninguno de los artículos menciona la lesión de Brook.", "La fecha no se menciona en las fuentes.",
        "No hay información suficiente para decirlo.", "(Fuente: pasaje 2)",
        "Como modelo de lenguaje, no veo partidos.",
        "A continuación se presenta un resumen de las noticias de fútbol de la semana.",
        "De acuerdo con la información proporcionada, los puntos clave son:",
        "Con base en los textos, la respuesta es la siguiente:", "Empecemos por los fichajes.", "Otros resultados:",
        "En conclusión:", "¡Que disfrutes del partido!", "Estoy aquí para ayudarte.",
        "Lo siento, pero no puedo responder a esa pregunta.",
        "La información proporcionada no es suficiente para responder a la pregunta.",
        "En los pasajes no se menciona el precio.", "Ningún pasaje menciona el resultado final.",
        "No dispongo de información suficiente.", "Fuentes:", "Estas son las noticias más destacadas:",
        "Para desinstalarlo, sigue estos sencillos pasos:", "A continuación, los pasos a seguir:",
        "Hasta la próxima edición.",
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
        "Vous trouverez ci-dessous un résumé de l'actualité du football.",
        "Selon les informations fournies, les points clés sont :", "Commençons par les transferts.",
        "Autres résultats :", "En conclusion :", "Bon match à tous !", "Je suis là pour vous aider.",
        "Désolé, mais je ne peux pas répondre à cette question.",
        "Les informations fournies ne suffisent pas pour répondre à la question.",
        "Le prix n'est pas mentionné dans les passages.", "Les articles n'abordent pas directement cette question.",
        "Il n'est pas possible de répondre à la question à partir des passages fournis.", "Sources :",
        "Voici les faits marquants :", "Pour le désinstaller, suivez ces quelques étapes :",
        "Voici les étapes à suivre :", "À la semaine prochaine !",
    ],
    "de": [
        "Klar!", "Natürlich! Hier ist eine Zusammenfassung der Nachrichten:",
        "Hier ist der Bericht in 120 Wörtern:", "Im Folgenden finden Sie einen Überblick über die Artikel:",
        "Gerne, ich helfe Ihnen weiter.", "Auf Grundlage der bereitgestellten Textstellen ist hier meine Antwort:",
        "Zusammenfassung:", "Kurze Antwort:", "Das sind die wichtigsten Ergebnisse des Spieltags:",
        "Um Hollin 04 zu folgen, befolgen Sie diese Schritte:", "Die Torschützen des Spieltags sind:",
        "Laut Textstelle 2 gehen Sie wie folgt vor:", "Kommen wir zu den Transfers.", "Kurz gesagt:",
        "Das ist eine gute Frage.", "Das ist das Wesentliche.", "Ich hoffe, diese Zusammenfassung hilft Ihnen.",
        "Zögern Sie nicht, mich nach Einzelheiten zu fragen.", "Vielen Dank für Ihre Aufmerksamkeit!",
        "Bis zum nächsten Mal!", "Viel Spaß beim Lesen!",
        "Wenn Sie weitere Fragen haben, lassen Sie es mich wissen.", "Schalten Sie ein, um es herauszufinden!",
        "Bleiben Sie dran!", "Was meinen Sie?", "Ich stehe Ihnen jederzeit zur Verfügung.",
        "Anhand der angegebenen Textstellen nicht zu beantworten.",
        "Leider kann ich diese Frage mit den vorliegenden Informationen nicht beantworten.",
        "Die Textstellen enthalten nicht genügend Informationen über die Verletzungen.",
        "Der Text erwähnt den Torschützen nicht.", "Keiner der Artikel nennt die Verletzung von Brook.",
        "In den Quellen wird das Datum nicht genannt.", "Es gibt nicht genügend Informationen, um das zu sagen.",
        "(Quelle: Textstelle 2)", "Als Sprachmodell sehe ich keine Spiele.",
        "Nachfolgend eine Zusammenfassung der Fußballnachrichten der Woche.",
        "Laut den bereitgestellten Informationen sind die wichtigsten Punkte:", "Beginnen wir mit den Transfers.",
        "Weitere Ergebnisse:", "Fazit:", "Viel Spaß beim Spiel!", "Ich bin gerne für Sie da.",
        "Es tut mir leid, aber ich kann diese Frage nicht beantworten.",
        "Die vorliegenden Informationen reichen nicht aus, um die Frage zu beantworten.",
        "Der Preis wird in den Textstellen nicht erwähnt.", "Die Artikel gehen nicht direkt auf diese Frage ein.",
        "Die Frage lässt sich anhand der Textstellen nicht beantworten.", "Quellen:",
        "Hier die wichtigsten Nachrichten:", "Um es zu deinstallieren, gehen Sie wie folgt vor:",
        "Hier sind die Schritte, die Sie befolgen müssen:", "Bis nächste Woche!",
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
        "Di seguito un riassunto delle notizie di calcio della settimana.",
        "Secondo le informazioni fornite, i punti chiave sono:", "Cominciamo dal mercato.", "Altri risultati:",
        "In conclusione:", "Buona partita a tutti!", "Sono qui per aiutarti.",
        "Mi dispiace, ma non posso rispondere a questa domanda.",
        "Le informazioni fornite non sono sufficienti per rispondere alla domanda.",
        "Il prezzo non è menzionato nei passaggi.", "Nessun passaggio menziona il risultato finale.",
        "Non dispongo di informazioni sufficienti.",
        "Nota: questo riassunto si basa esclusivamente sulle fonti fornite.", "Fonte: passaggio 3",
        "I fatti più importanti sono i seguenti:", "Puoi procedere nel modo seguente:", "Buona lettura!",
    ],
    "pt": [
        "Claro!", "Claro! Aqui está um resumo das notícias:", "Aqui está o relatório em 120 palavras:",
        "A seguir, apresento um resumo dos artigos:", "Com certeza, posso ajudar.",
        "Com base nas passagens fornecidas, esta é a minha resposta:", "Resumo:", "Resposta:",
        "Estes são os principais resultados da jornada:", "Para seguir o Hollin 04, siga estes passos:",
        "Os marcadores da jornada são:", "Segundo a passagem 2, eis como joga o Hollin:",
        "Passemos às transferências.", "Em resumo:", "É uma boa pergunta.", "Isto é o essencial.",
        "Espero que este resumo seja útil.", "Não hesite em pedir mais detalhes.", "Obrigado pela leitura!",
        "Até à próxima!", "Se tiver mais alguma dúvida, avise-me.", "Sintonize para descobrir!", "Fique atento!",
        "O que acha?", "Fico à sua disposição.", "Não é possível responder com base nas passagens fornecidas.",
        "Infelizmente, não posso responder a esta pergunta com as informações disponíveis.",
        "As passagens não fornecem informações suficientes sobre as lesões.", "O texto não menciona o marcador.",
        "Nenhum dos artigos menciona a lesão de Brook.", "A data não é mencionada nas fontes.",
        "Não há informações suficientes para o dizer.", "(Fonte: passagem 2)",
        "Como modelo de linguagem, não vejo jogos.", "Segue abaixo um resumo das notícias de futebol da semana.",
        "De acordo com as informações fornecidas, os pontos principais são:", "Comecemos pelas transferências.",
        "Outros resultados:", "Em conclusão:", "Bom jogo a todos!", "Estou aqui para ajudar.",
        "Desculpe, mas não posso responder a essa pergunta.",
        "As informações fornecidas não são suficientes para responder à pergunta.",
        "O preço não é mencionado nas passagens.", "Os artigos não abordam diretamente esta questão.",
        "Não é possível responder à pergunta a partir das passagens fornecidas.", "Fontes:",
        "Aqui estão as principais notícias:", "Para desinstalar, siga estes passos simples:",
        "Aqui estão os passos a seguir:", "Até à próxima semana!",
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
        "Aquí está el nuevo estadio del club.", "Perfecto Martínez firmó por tres temporadas.",
        "Los jugadores son jóvenes y el cuerpo técnico también.", "El texto del contrato no menciona la cláusula.",
        "El artículo 14 del reglamento indica que el partido se repite.",
        "Las fuentes policiales no confirmaron la detención.", "Según la prensa, el traspaso está hecho.",
        "Finalmente, el portero paró el penalti.", "Espero que el equipo gane.",
        "Sin más delanteros, el técnico cambió el sistema.", "No hay información oficial sobre el traspaso.",
        "El presidente respondió que no.", "Sigue este lunes la liga con dos partidos.",
        "El club vendió a los siguientes jugadores: el portero y el central.",
        "Resumen de la temporada: cinco victorias y dos derrotas.", "Los puntos son: 12 para el líder.",
        "Este es el informe más duro contra el árbitro.", "Ahora los rivales temen al equipo.",
    ],
    "fr": [
        "Voici le buteur : Dupont.", "Merci à Korvela, buteur décisif de Hollin.",
        "À bientôt 40 ans, Brook continue.", "Si vous avez un tel gardien, vous gagnez le titre.",
        "Selon Brook, le match était dur.", "L'entraîneur n'a pas répondu aux questions de la presse.",
        "Le rapport du club évoque des pertes.", "Bien sûr de lui, Brook a tiré le penalty devant le gardien.",
        "J'espère qu'on gagnera, a dit Brook.", "Selon les documents qu'il a signés, le club doit 3 millions.",
        "Le club n'a pas donné de détails sur la blessure.", "Les deux buts de Brook ont été décisifs.",
        "Voilà trois ans que Brook joue à Hollin.", "Voici que le club licencie son entraîneur.",
        "Certainement blessé, le capitaine est sorti.", "Merci au gardien, héros de la finale.",
        "Selon des sources du club, le transfert est bouclé.", "Le texte du contrat ne mentionne pas la clause.",
        "Enfin, le gardien a arrêté le penalty.", "Sans plus d'attaquants, l'entraîneur a changé de système.",
        "Il n'y a pas d'information officielle sur le transfert.",
        "Suivez le leader, la devise du club, a disparu du maillot.",
        "Le club a vendu les joueurs suivants : le gardien et le défenseur.",
        "Résumé de la saison : cinq victoires et deux défaites.", "Les points sont : 12 pour le leader.",
        "Et maintenant le club cherche un gardien.", "Profitez-en, a dit le capitaine aux jeunes du club.",
        "Le passage du milieu de terrain au club voisin est confirmé.",
        "Place aux jeunes, décide le club après la défaite.",
    ],
    "de": [
        "Hier ist das Problem: Der Klub schuldet 3 Millionen.", "Dank Korvela gewann Hollin.",
        "Bis bald 40 Jahre alt, spielt Brook weiter.",
        "Wenn Sie einen solchen Torwart haben, gewinnen Sie den Titel.", "Laut Trainer Brook war das Spiel hart.",
        "Der Trainer hat die Fragen der Presse abgelehnt.", "Der Bericht des Klubs nennt Verluste.",
        "Natürlich gewann Hollin das Spiel gegen den Tabellenletzten am Ende.",
        "Ich hoffe auf einen Sieg, sagte Brook.", "Laut Dokumenten der Polizei schuldet der Klub 3 Millionen.",
        "Der Klub nannte keine Einzelheiten zur Verletzung.", "Die beiden Tore von Brook waren entscheidend.",
        "Das war die dritte Niederlage in Folge.", "Hier ist der neue Trainer des Klubs.",
        "Natürlich hat die Mannschaft den Sieg im Finale verdient.",
        "Danke an den Torwart, der den Sieg gerettet hat.",
        "Der Trainer konnte keine Angaben zur Aufstellung machen.",
        "Laut Artikel 14 der Satzung wird der Klub bestraft.", "Der Text des Vertrags nennt die Klausel nicht.",
        "Zusammenfassend lässt sich sagen, dass die Mannschaft drei Spiele gewann.",
        "Ich hoffe auf Verlängerung, sagte der Stürmer.", "Viel Glück hatte der Torwart beim zweiten Tor.",
        "Der Klub hat den Preis nicht genannt.",
        "Der Klub verkaufte folgende Spieler: den Torwart und den Verteidiger.",
        "Das war ein gutes Spiel der Mannschaft.", "Bis morgen muss der Klub die Strafe zahlen.",
        "Wenn Sie das Spiel gesehen haben, wissen Sie, dass der Torwart verletzt war.",
        "Und jetzt sucht der Klub einen Torwart.", "Im Folgenden gewann die Mannschaft fünf Spiele.",
        "Beginnen wir gut, gewinnen wir, sagte der Trainer.",
        "Die Nachricht vom Wechsel erreichte die Mannschaft in der Kabine.",
    ],
    "it": [
        "Ecco il problema: il club deve 3 milioni.", "Grazie a Korvela, l'Hollin ha vinto.",
        "Se hai un portiere così, vinci il campionato.", "Secondo Brook, la partita è stata dura.",
        "L'allenatore non ha risposto alle domande della stampa.", "Il rapporto del club parla di perdite.",
        "Certo della vittoria, l'Hollin ha schierato le riserve nel secondo tempo.",
        "Spero di vincere, ha detto Brook.", "Secondo i documenti che ha firmato, il club deve 3 milioni.",
        "Il club non ha dato dettagli sull'infortunio.", "I due gol di Brook sono stati decisivi.",
        "A presto il rinnovo di Brook fino al 2027.", "Ecco che il club esonera l'allenatore.",
        "Certo è che la squadra meritava di vincere la finale.", "Grazie al portiere, la squadra ha vinto.",
        "Secondo fonti del club, il trasferimento è fatto.", "Il testo del contratto non menziona la clausola.",
        "Infine il portiere ha parato il rigore.", "Senza altri attaccanti, l'allenatore ha cambiato sistema.",
        "Il club non ha comunicato il prezzo.",
        "Il club ha venduto i seguenti giocatori: il portiere e il difensore.",
        "Riassunto della stagione: cinque vittorie e due sconfitte.", "Ora i rivali temono la squadra.",
        "Se avete visto la partita, sapete che il portiere era infortunato.",
        "I passaggi sbagliati sono stati cinque.", "Vediamo la squadra migliorare, ha detto l'allenatore.",
        "Naturalmente la squadra ha vinto la finale contro i campioni.",
        "Restano sul mercato il portiere e il difensore.",
    ],
    "pt": [
        "Aqui está o problema: o clube deve 3 milhões.", "Obrigado a jogar com dez, o Hollin perdeu.",
        "Até à próxima época Brook não volta.", "Se tiver um guarda-redes assim, o Hollin ganha a liga.",
        "Segundo Brook, o jogo foi duro.", "O treinador não respondeu às perguntas da imprensa.",
        "O relatório do clube fala de perdas.", "Claro domínio do Hollin na segunda parte.",
        "Espero ganhar, disse Brook.", "Segundo os documentos que assinou, o clube deve 3 milhões.",
        "O clube não deu detalhes da lesão.", "Os dois golos de Brook foram decisivos.",
        "Aqui está o novo estádio do clube.", "Certamente lesionado, o capitão saiu.",
        "Graças ao guarda-redes, a equipa venceu.", "Segundo fontes do clube, a transferência está feita.",
        "O texto do contrato não menciona a cláusula.", "Finalmente, o guarda-redes defendeu o penálti.",
        "Sem mais avançados, o treinador mudou o sistema.", "O clube não revelou o preço.",
        "O clube vendeu os seguintes jogadores: o guarda-redes e o defesa.",
        "Resumo da época: cinco vitórias e duas derrotas.", "Agora os rivais temem a equipa.",
        "Se tiver lesionados, o clube compra.", "Não posso dizer mais, disse o presidente do clube.",
        "Até amanhã o clube tem de pagar a multa.", "É tudo o que o clube tem.",
        "Perfeito o penálti do capitão na segunda parte.",
    ],
}  # fmt: skip

# Each claims the same four things.
REPORTS = {
    "es": """\
¡Por supuesto! Aquí tienes el informe semanal:

# Resumen de la semana

**Lo más destacado**

- **Hollin Town 3-1 Marsh End**: doblete de Ada Brook (Fuente: pasaje 1).
- **Lesiones**: según el artículo, Ruben Oakes se perderá tres partidos.

## Mercado de fichajes

1. El primer artículo informa de que el Hollin pagó 45,5 millones por Korvela.
2. No se dan detalles sobre la duración del contrato en las fuentes.

**Nota:** la información anterior se basa exclusivamente en las fuentes proporcionadas.

En resumen, fue una semana positiva para el Hollin.

¿Te gustaría que profundizara en algún punto? ¡Estoy para ayudarte!
""",
    "fr": """\
Bien sûr ! Voici votre rapport hebdomadaire :

# Résumé de la semaine

**À retenir**

- **Hollin Town – Marsh End 3-1** : doublé d'Ada Brook (Source : passage 1).
- **Blessures** : selon l'article, Ruben Oakes manquera trois matchs.

## Marché des transferts

1. Le premier article rapporte que Hollin a payé 45,5 millions pour Korvela.
2. Aucun détail sur la durée du contrat n'est donné dans les passages.

**Remarque :** les informations ci-dessus reposent uniquement sur les sources fournies.

En résumé, ce fut une semaine positive pour Hollin.

Souhaitez-vous plus de détails ? N'hésitez pas à me le dire !
""",
    "de": """\
Natürlich! Hier ist Ihr Wochenbericht:

# Rückblick auf die Woche

**Das Wichtigste in Kürze**

- **Hollin Town – Marsh End 3:1**: Doppelpack von Ada Brook (Quelle: Textstelle 1).
- **Verletzungen**: Laut dem Artikel fehlt Ruben Oakes drei Spiele.

## Transfermarkt

1. Der erste Artikel berichtet, dass Hollin 45,5 Millionen für Korvela gezahlt hat.
2. Zur Vertragsdauer machen die Textstellen keine Angaben.

**Hinweis:** Die obigen Informationen beruhen ausschließlich auf den bereitgestellten Quellen.

Zusammenfassend war es eine positive Woche für Hollin.

Möchten Sie mehr Details? Sagen Sie mir gerne Bescheid!
""",
    "it": """\
Certo! Ecco il tuo report settimanale sul calcio:

# Rassegna della settimana

**In breve**

- **Hollin Town – Marsh End 3-1**: doppietta di Ada Brook (Fonte: passaggio 1).
- **Infortuni**: secondo l'articolo, Ruben Oakes salterà tre partite.

## Mercato e trasferimenti

1. Il primo articolo riporta che l'Hollin ha pagato 45,5 milioni per Korvela.
2. Nessun dettaglio sulla durata del contratto è fornito nei passaggi.

---

**Nota**: le informazioni sopra riportate si basano esclusivamente sulle fonti fornite.

In sintesi, è stata una settimana positiva per l'Hollin.

Fammi sapere se vuoi approfondire qualche aspetto!
""",
    "pt": """\
Com certeza! Segue o relatório semanal:

# Resumo da semana

**Principais destaques**

- **Hollin Town 3-1 Marsh End**: bis de Ada Brook (Fonte: passagem 1).
- **Lesões**: segundo o artigo, Ruben Oakes vai falhar três jogos.

## Mercado de transferências

1. O primeiro artigo relata que o Hollin pagou 45,5 milhões por Korvela.
2. Não são dados detalhes sobre a duração do contrato nas fontes.

**Observação:** as informações acima baseiam-se exclusivamente nas fontes fornecidas.

Em resumo, foi uma semana positiva para o Hollin.

Caso precise de mais detalhes, é só avisar!
""",
}
