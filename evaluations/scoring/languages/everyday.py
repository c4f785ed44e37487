"""Everyday words of reports in each language: where a source does not have one of them, that says little."""

from functools import lru_cache

from evaluations.scoring.languages.pack import LanguagePack, word_set
from evaluations.scoring.lexicon.everyday import EVERYDAY

_WORDS = {
    "es": """
    abordar acción aceptar acerca actividad actual actualmente acuerdo además adicional afectar ahora algún alcanzar
    alrededor ambos amplio añadir analizar anterior apoyo apoyar aparecer aportar aprender apropiado artículo
    aspecto asunto aumento aumentar autor ayuda ayudar base básico beneficio bueno buscar cambio cambiar cantidad
    capaz característica caso causa causar central cierto claro común completo complejo conclusión condición conocer
    conocido consecuencia considerar contar contener contexto continuar contribuir control correcto crear crecer
    crucial cuestión cuidado dar dato deber debido decidir decisión dejar demás demostrar depender desafío
    desarrollo desarrollar describir destacar detalle determinar diferencia diferente difícil directo diverso efecto
    ejemplo elegir embargo encontrar enfoque enfrentar entender entonces error escribir especial específico esperar
    establecer estilo estudio evento evidencia evitar existir éxito experiencia explicar expresar factor fácil falta
    figura final finalmente forma fuerte función fundamental futuro general generar grande grupo haber hablar hecho
    idea identificar igual impacto importante importancia incluir incluso incremento indicar influencia información
    informe iniciar inicio interés intentar lado largo leer libre llamar llegar llevar local lograr lugar manera
    mantener mayor mediante medida medio mejor mejorar mencionar menor mensaje método mínimo mismo momento mostrar
    motivo mundo necesario necesidad necesitar nivel nuevo número objetivo obtener ocasión ocurrir ofrecer opción
    oportunidad origen parecer parte particular partir pasar pasado paso pensar pequeño permitir permanecer persona
    poder poner posible posición positivo práctica preocupación presencia presentar presente prevenir previo
    principal principio problema proceso producir promover proporcionar propio propósito proteger proveer próximo
    público punto quedar querer rápido razón realidad realizar realmente recibir reciente recordar reducir reflejar
    relación relacionado resaltar respecto responder respuesta resto resultado resultar resumen resumir revelar
    saber seguir según sencillo sentido sentir serie serio significar significativo siguiente similar simple
    situación solo solución subrayar suceder suficiente sugerir superar surgir tema tender tiempo tipo tomar total
    trabajo trabajar tratar último único usar uso útil utilizar valor variar varios ver vez vida vista volver
    """,
    "de": """
    abschließend ähnlich aktuell allgemein anbieten andere änderung ändern anfang angeben anlass ansatz ansicht
    anstieg antwort anzahl arbeit arbeiten art artikel aspekt auftreten auswirkung aussage äußern autor bedeutung
    bedeuten bedeutend bedingung beeinflussen beginnen beginn behandeln beispiel beitragen bekannt benötigen bereich
    bereit bericht berichten beschreiben besonders besser bestehen bestimmt betonen betreffen betroffen bewusst
    bieten bild bleiben bringen darstellen daten dauern denken derzeit deutlich direkt ebenfalls ebene eigen einfach
    einfluss einige einsatz einzeln einzig ende endlich entscheiden entscheidung entscheidend entstehen entwickeln
    entwicklung enthalten ereignis erfahren erfahrung erfolg erfolgreich erfordern erforderlich ergebnis erhalten
    erhöhen erkennen erklären ermöglichen erreichen erscheinen erwähnen erwarten erweitern etwa fähig fähigkeit
    faktor fall falsch finden folge folgen folgend form frage führen funktion geben gebiet gefahr gehen gehören
    gelten gemeinsam genau generell geraten gering gesamt geschehen geschichte gestalten glauben gleich gleichzeitig
    grenze groß grund grundlage gruppe gut halten handeln häufig hauptsächlich heben helfen herausforderung
    hervorheben hilfe hinweis hinweisen hoch hoffen idee information informieren inhalt insgesamt interesse jedoch
    jeweils kennen klar klein kommen komplex können konkret kontext kontrolle kurz lage lang lassen leben legen
    leicht leisten letzt letztlich liegen lösung machen mal maßnahme mensch merkmal methode minute mitteilen mittel
    möglich möglichkeit moment nachricht nahe natürlich nehmen nennen neu notwendig nutzen nutzung öffentlich oft
    ort person perspektive plötzlich positiv potenzial problem prozess punkt rahmen reagieren reaktion rechnen recht
    reduzieren regel richtig richtung risiko rolle sache sagen scheinen schließen schließlich schnell schwer
    schwierig sehen seite selbst setzen sicher sicht sinn situation sogar sorge sorgen speziell spielen stark stehen
    stelle stellen stellung steigen stimme stück studie suchen system tatsache tatsächlich teil teilweise text thema
    tragen treffen typ überblick überlegen übernehmen umfassen umgang umgebung unterschied unterschiedlich
    unterstreichen unterstützen unterstützung ursache verändern veränderung verbessern verbindung verbunden
    verfügbar vergangen vergleich verhindern verlangen verlieren vermeiden verschieden verstehen versuchen verwenden
    verwendung viel vielfalt voll völlig vorgehen vorher vorhanden vorteil wachsen wahl wahr wahrscheinlich weg
    weise weit weiter weiterhin welt wenig werden wert wesentlich wichtig wirken wirkung wissen wohl wort wunsch
    zahl zahlreich zeigen zeit ziehen ziel zudem zukunft zunehmen zusammen zusammenfassung zusammenhang zusätzlich
    zustand zweck
    """,
    "fr": """
    aborder accepter accès accompagner accord action activité actuel actuellement afin affecter aider aide ailleurs
    ainsi ajouter aller améliorer ampleur analyser année annoncer apparaître apporter apprendre approche approprié
    appuyer arriver article aspect assez assurer attendre attention atteindre attirer augmenter augmentation aucun
    auteur autour autre avantage avis base besoin bien bon but capable capacité caractéristique cas cause causer
    central certain certainement chaque changement changer chercher choisir choix chose clair clairement commencer
    commun complet complexe comprendre conclure conclusion condition conduire connaître connu conséquence considérer
    constituer contenir contexte continuer contraire contribuer contrôle côté créer crucial décider décision
    déclarer découvrir décrire défi demander démontrer dépendre dernier détail déterminer développement développer
    devenir devoir différence différent difficile difficulté direct discuter divers donc donner donnée droit
    effectuer effet élément élevé encourager endroit ensemble ensuite entier entraîner entreprendre environ erreur
    espérer essentiel établir étape état étude événement éventuel évidence éviter évoquer évoluer exact exemple
    exister expérience expliquer exprimer façon facile facilement facteur faible faire fait falloir favoriser fin
    final finalement fonction fonctionner fond force forme former fort fournir futur garder général généralement
    genre grand gros groupe haut histoire idée identifier impact implication impliquer important importance
    impossible inclure indiquer influence information informer initial insister intention intéressant intérêt
    interne jouer jour juste large laisser lever libre lien lier lieu ligne lire local long longtemps lors maintenir
    majeur manière manque manquer marquer mauvais meilleur mener mentionner message mesure méthode mettre mieux
    milieu moindre moment monde montrer motif moyen nature nécessaire nécessiter niveau nom nombre nombreux
    notamment noter nouveau objectif objet obtenir occasion offrir opinion option ordre origine paraître parler part
    partager participer particulier particulièrement partie partir passer passé pause penser permettre personne
    petit peuple plan plein plupart plusieurs point position positif possible possibilité pouvoir pratique précédent
    précis précision premier prendre préparer présence présent présenter presque prévenir principal principalement
    principe probable problème prochain proche produire profiter profond proposer propre protéger provenir public
    puis puissant qualité question quitter raison rappeler rapide rapidement rapport rapporter réaction réagir
    réaliser réalité recevoir récemment récent reconnaître réduire réel refléter regarder relatif relation rendre
    rencontrer renforcer répondre réponse reposer représenter résoudre responsable ressortir reste rester résultat
    résumer résumé retenir retour réussir révéler rôle savoir sembler sens sentir série sérieux servir seul
    significatif signifier simple simplement situation situer solution sorte sortir souligner source soutenir
    soutien souvent spécifique subir succès suffire suffisant suggérer suite suivant suivre sujet sûr surtout
    système tâche tard temps tendance tendre tenir tenter terme texte thème total toucher toujours tour traiter
    travail travailler trouver type unique usage utile utiliser utilisation valeur varier variété venir vie viser
    vite voir vouloir vrai vraiment vue zone
    """,
    "pt": """
    abordar ação aceitar acerca acontecer acordo acrescentar acreditar adequado adicional afetar agora agir ainda
    ajuda ajudar alcançar além algum alterar ambos amplo análise ano anterior aparecer apenas apoiar apoio apontar
    apresentar aprender artigo aspecto assunto assim atenção atingir atividade atual atualmente aumentar aumento
    autor base básico benefício bom buscar capaz característica caso causa causar central certo chamar chegar claro
    começar completo complexo compreender comum conclusão condição conhecer conseguir consequência considerar contar
    conter contexto continuar contribuir controle correto criar crucial cuidado dado dar decidir decisão deixar
    demonstrar depender desafio descrever desenvolver desenvolvimento destacar detalhe determinar dever diferença
    diferente difícil direto diverso efeito encontrar enfrentar enquanto entender erro escolher escrever especial
    específico esperar essencial estabelecer estudo evento evidência evitar exemplo existir experiência explicar
    expressar fácil falar falta fato fator fazer ficar final finalmente forma forte função fundamental futuro geral
    gerar grande grupo haver história ideia identificar igual impacto importância importante incluir indicar
    influência informação informar iniciar início interesse lado levar lidar ligado livre local longo lugar maior
    maioria maneira manter medida meio melhor melhorar menção mencionar menor mensagem método momento mostrar motivo
    mudança mudar mundo necessário necessidade necessitar nível notar novo número objetivo obter ocasião ocorrer
    oferecer opção oportunidade origem outro papel parecer parte particular partir passar passado passo pensar
    pequeno permanecer permitir pessoa poder ponto pôr posição positivo possibilidade possível prática precisar
    preocupação presença presente prevenir principal principalmente problema processo produzir promover próprio
    proteger próximo público qualidade quantidade questão rápido razão realidade realizar realmente receber recente
    reduzir referir refletir relação relacionado relatório resposta responder ressaltar restante resultado resultar
    resumo revelar risco saber seguinte seguir semelhante sentido sentir série sério significar significativo
    simples situação solução sublinhar sucesso suficiente sugerir superar surgir tema tempo tentar tipo tomar tornar
    total trabalhar trabalho tratar último único usar uso útil utilizar valor variar vário ver vez vida visão vista
    voltar
    """,
    "it": """
    accadere accettare accordo affermare affrontare aggiungere aiutare aiuto alcuno altro ambito ampio analizzare
    anno apparire appoggio apprendere approccio appropriato argomento arrivare articolo aspetto aspettare
    atteggiamento attento attenzione attività attuale attualmente aumentare aumento autore avere avvenire base basso
    beneficio bisogno buono cambiamento cambiare capace capire caratteristica caso causa causare centrale cercare
    certo chiaro chiedere circa citare collegare cominciare completo complesso comprendere comune conclusione
    condizione condurre conoscere conseguenza considerare contenere contesto continuare contribuire controllo
    corretto cosa creare cruciale cura dare dato decidere decisione descrivere determinare dettaglio differenza
    differente difficile difficoltà diretto discutere diverso diventare dovere dubbio effetto elemento entrambi
    errore esempio esistere esperienza esprimere essenziale evento evidente evidenziare evitare facile facilmente
    fare fase fatto fattore fine finale finalmente forma fornire forte forza funzione futuro generale generalmente
    genere grande gruppo idea identificare immagine impatto importante importanza includere indicare influenza
    informare informazione iniziale iniziare inizio inoltre insieme intendere interesse lasciare lato lavorare
    lavoro legame legato leggere libero livello locale lungo luogo maggiore maniera mantenere mancare mancanza
    massimo menzionare messaggio metodo mettere migliore migliorare minore modo momento mondo mostrare motivo natura
    necessario necessità notare notevole numero numeroso nuovo obiettivo occasione offrire opportunità opzione
    ordine origine ottenere ovvero parere parlare parte partecipare particolare partire passare passato passo
    pensare permettere persona piccolo pieno porre portare posizione positivo possibile possibilità potere
    potenziale pratica preciso prendere preoccupazione presentare presente presenza prevenire precedente principale
    principalmente probabile problema processo produrre promuovere proporre proprio prossimo proteggere pubblico
    punto quantità questione raggiungere ragione rapido rapporto realizzare realtà recente recentemente ricevere
    ricordare ridurre riferire riflettere riguardare rilevante rimanere risolvere rispetto rispondere risposta
    risultato risultare riuscire rivelare ruolo sapere scegliere scelta scopo scoprire scrivere seguente seguire
    sembrare semplice sensazione senso serie serio servire sfida significare significativo simile singolo situazione
    soluzione sostenere sottolineare specifico spiegare sviluppare sviluppo successo succedere sufficiente suggerire
    superare svolgere tema tempo tenere tentare termine testo tipo totale trattare trovare ultimo unico usare uso
    utile utilizzare valore variare vario vedere venire vero vista vita volere volta
    """,
}


@lru_cache(maxsize=64)
def everyday_stems(pack: LanguagePack) -> frozenset[str]:
    """The stems of a language's everyday words; none of one that has no pack."""
    if pack.code == "en":
        return EVERYDAY
    return frozenset(filter(None, map(pack.stem, word_set(_WORDS.get(pack.code, "")))))
