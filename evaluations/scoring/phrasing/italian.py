"""Italian."""

from evaluations.scoring.phrasing.phrasing import Phrasing

ITALIAN = Phrasing(
    code="it",
    yes="""
    certo( che sì)? / certamente / volentieri / con piacere / naturalmente / ovviamente / capito / d'accordo /
    perfetto / va bene
    """,
    hello=r"""
    ciao / salve / buongiorno / buonasera / gentile / gentili / car[oaie] (lettor\w+|utent\w+|redazione) /
    benvenut[oaie]
    """,
    links="""
    in (sintesi|breve|conclusione|sostanza|poche parole) / per (riassumere|concludere|finire) / pertanto / quindi /
    dunque / infine / nel frattempo / intanto / inoltre / anche / poi / allora / riassumendo / e / ma
    """,
    writing="""
    riassunto / rapporto / risposta / sintesi / elenco / lista / riepilogo / resoconto / testo / guida /
    spiegazione / analisi / bollettino / panoramica / relazione / passaggi / punti (chiave|principali|salienti) /
    versione / articolo / notizie / novità / risultati / dettagli / titoli
    """,
    length=r"""
    (in|di|con) (circa |meno di |esattamente |un massimo di |al massimo |non più di )?\d+ (parole|frasi|caratteri)
    """,
    here="""
    ecco / (qui )?di seguito( (trovi|trova|trovate|c'è|ci sono|riporto|il|la|un|una))? / qui sotto /
    (questo|quanto) (che )?segue / ho (preparato|scritto|redatto|riassunto) /
    (ti|le|vi) (propongo|presento|lascio|fornisco)
    """,
    answers="""
    (questo|questa|quello che segue) è (il|la|mio|mia|un|una|la mia|il mio|il tuo|il suo) (breve )?<writing> /
    (la mia|la) risposta( (breve|corretta))?( è)?( la seguente)? / (breve )?<writing>( (finale|generale))?
    """,
    turns="""
    passiamo / vediamo / veniamo / andiamo / continuiamo / proseguiamo / (e )?ora,? (a|ai|alle|al|alla|passiamo) /
    spazio (a|ai|alle) / in altre notizie / (cominciamo|iniziamo|partiamo) (da|dal|dalla|dai|dalle|con)
    """,
    shows="""
    ecco / di seguito / qui sotto / quest[ei] sono / così (puoi|si) / segui (quest[ei]|i|le) / segua (quest[ei]|i)
    """,
    follows=r"""
    (quest[ei]|i|le)( \w+)? (passaggi|passi|punti|consigli|fasi)( \w+)? /
    (il|la|i|gli|le|quanto) (\w+ )?seguent[ei]( \w+)? / come segue / quanto segue /
    nel(la)? (modo|maniera) seguente / nel seguente modo
    """,
    are="è / sono / era / erano / include / includono / comprendono / sarebbero",
    remarks=r"""
    (questa )?(è )?(una )?(molto )?(bella|buona|ottima|interessante) (domanda|osservazione) / (che )?bella domanda /
    (questo|questa|ecco|è)( è)? (l'essenziale|tutto|il punto|il succo( della questione)?) / in poche parole /
    prego / nessun problema /
    quest[ei] (sono|erano) (i|le|gli) (punti|fatti|notizie|titoli)( (chiave|principali|più)~)? /
    (in quanto|come) (modello|intelligenza artificiale|assistente)~ / sono (un modello|un'intelligenza)~ /
    <yes>[,.!]+ (ecco|posso|ti aiuto|con piacere|sarò)\b~ / mi sono (basat|limitat|attenut)[oa] ~ /
    (posso|potrei|sarò liet[oa] di) (~ )?(aiutar|risponder|riassumer|spiegar|approfondir|fornir)(e|ti|la|le|vi|lo)?(
    ~)? / senza (ulteriori|altri|troppi) (indugi|preamboli)~
    """,
    sign_offs=r"""
    (spero|speriamo) (che )?(questo|questa|ciò|il (riassunto|testo)|la risposta|queste informazioni|sia (utile
    |d'aiuto|stato)|ti|le|vi|di (esserti|esserle|esservi|essere) stat)~ / non (esitare|esiti|esitate) /
    grazie (mille )?(per (aver|l'attenzione|la (lettura|domanda)|avermi|il tuo)|in anticipo)~ /
    grazie( mille)?\W*$ / (alla prossima( (settimana|edizione|volta))?|a presto|a domani|arrivederci)\W*$ /
    (è|questo è) tutto( per (oggi|ora|il momento))?\W*$ /
    se (hai|avete|ha|desideri|desidera|vuoi|vuole|volete|ti serve|ti servono|serve|servono|hai bisogno|ha bisogno)
    (di |altre |ulteriori |qualche |maggiori |più |delle |sapere |avere |una |un |bisogno )*(domand[ae]|dubbi
    |informazioni|dettagli|chiariment[oi]|aiuto|altro|saperne) /
    (sono|resto|rimango|siamo) (qui|a (tua|sua|vostra|disposizione)) /
    (fammi|fatemi|mi faccia|dimmi|mi dica) (sapere|se|pure)~ /
    (rimanete|restate|resta|rimani|rimanga) (sintonizzat|aggiornat|conness|con noi)~ / sintonizza(ti|tevi) /
    non perde(te|rti|tevi|re)~ /
    (buona (lettura|fortuna|giornata|visione|partita)|buon (appetito|divertimento))( (a tutti|con)~)?\W*$ /
    (goditi|godetevi) / cordiali saluti /
    (tieni|tenga|tenete|si tenga) (presente|conto) che (quest|le informazioni|il riassunto|la risposta)~ /
    (leggi|legga|clicca|consulta) (di più|qui|sotto|anche)\b /
    (nota|avvertenza|n\.b\.) ?: (quest[oaei]|il|la|le|i) (<writing>|<loose>) (~ )?(si (basa|limita|fonda)|è basat
    |sono (basat|tratt)|proveng)~
    """,
    material="""
    passaggi / passaggio / brani / brano / fonti / fonte / testi / testo / articol[oi] / document[oi] /
    estratt[oi] / contest[oi] / materiali / materiale / framment[oi] / notizi[ae] / risultati (di|della) ricerca
    """,
    loose="informazioni / dati / contenuti",
    the="""
    il / lo / la / l' / i / gli / le / questo / questa / questi / queste / quest' / ai / agli / alle / al / allo /
    alla / all' / dai / dagli / dalle / dal / dalla / dall' / nei / negli / nelle / nel / nella / nell' / dei /
    degli / delle / del / della / dell' / sui / sugli / sulle / sul / sulla / sull' / tutti i / tutte le /
    entrambi i / entrambe le / nessuno dei / nessuna delle / nessuno degli
    """,
    given="""
    (fornit|dat|indicat|menzionat|presentat|citat|propost|allegat|riportat)[oaie] / disponibil[ei] / precedent[ei] /
    seguent[ei] / prim[oa] / second[oa] / terz[oa] / ultim[oa] / sopra
    """,
    more=r"""
    di / del / della / dei / delle / degli / dello / dell'\w+ / che / su / sul / sulla / pubblicat[oaie] /
    in possesso
    """,
    behind=True,
    tells="""
    (afferma|menziona|sottolinea|indica|spiega|precisa|segnala|riporta|nota|evidenzia|racconta|ricorda|tratta
    |specifica|osserva|illustra|dettaglia|informa)(no)? / (dice|dicono) / descriv(e|ono) / aggiung(e|ono) /
    sosten?gono / sostiene / suggerisc(e|ono) / chiarisc(e|ono) / riferisc(e|ono) / avvert(e|ono) /
    ci (dice|dicono) /
    (fornisce|forniscono|contiene|contengono|offre|offrono|dà|danno) (le |delle )?(informazioni|istruzioni|dettagli
    |una panoramica)… (su|sul|sulla|per|riguardo) / concordano (sul fatto|nel dire)
    """,
    also="anche / inoltre / espressamente / specificamente / chiaramente / esplicitamente",
    that="che",
    according="""
    (secondo|in base alle|stando alle|sulla base delle) (le )?informazioni( <given>)?( contenute)? / secondo /
    in base / stando / sulla base / basandosi / basandomi / a partire / a giudicare / alla luce / conformemente /
    basat[oaie]( esclusivamente)?( su)? / come da
    """,
    sourcing="""
    (così )?come (<also> )?(si )?(<tells>) (<also> )?<source> /
    come (<also> )?(è )?(indicato|menzionato|descritto|riportato|spiegato|precisato|sottolineato)( <also>)? <source>
    /
    <subject>,? (si (<also> )?(legge|dice|afferma|menziona|spiega|precisa)|viene (<also> )?(indicato|menzionato
    |spiegato|riportato))( <that>)? /
    (<subject> (si (evince|desume|deduce)|emerge)|si (evince|desume|deduce) <subject>)( <that>)? /
    come si (legge|apprende|evince) <source>
    """,
    said="""
    ha (detto|dichiarato|spiegato|aggiunto|affermato|risposto|ammesso|assicurato|gridato) / dice / disse / spiega /
    dichiara / afferma
    """,
    denies="non / nessun[oa]? / impossibile / insufficient[ei] / senza / né / manca / mancano / nulla",
    refusals=r"""
    (impossibile|non (è|mi è|è stato) possibile|non (posso|possiamo|si può|riesco|sono in grado)|non ho potuto) (~
    )?(rispondere|dare una risposta|fornire una risposta) /
    (non (posso|possiamo|sono in grado|riesco|mi è possibile|ho|abbiamo|dispongo|disponiamo)) (~ )?(determinare
    |fornire|dare|dire|trovare|informazioni|accesso|elementi sufficienti|stabilire|aiutar) /
    <subject> (<also> )?non (<also> )?(ci |si )?(<tells>|contien|conteng|forni|d[aà]|danno|offr|parla|fa|fanno
    |riporta|consent|permett|approfond|tratta|affronta|sono sufficienti|è sufficiente|bastano|include|includono) /
    (nessuno|nessuna|nessun)( (dei|delle|degli))? (<given> )*<material> (~ )?(<tells>|contiene|fornisce|offre|dà) /
    non (è|sono|viene|vengono|è stato|si|c'è|ci sono|compare|compaiono|figura|figurano) ~ (da )?<subject> /
    non (ci sono|vi sono|si hanno) (abbastanza |sufficienti |ulteriori |altre )(informazioni|dati|dettagli|elementi)
    / non ci sono (informazioni|dati|dettagli) sufficienti / (informazioni|dati|contesto) (sono )?insufficient[ei] /
    senza (ulteriori|altre|maggiori|più) (informazioni|dettagli|contesto) /
    nessun[oa]? ~ (è|sono|viene|vengono) (~ )?<subject>\W*$
    """,
    steps="pass[oi] / passagg[io]+ / fas[ei]",
    labels="pagin[ae] / capitol[oi] / sezion[ei] / part[ei] / figur[ae] / numero / nota",
    verbs="""
    vince vincono vinse perde perdono perse batte battono pareggia pareggiano segna segnano firma firmano lascia
    esonerato esonerata infortunato infortunata torna arriva arrivano parte passa conquista resta è sono ha hanno
    era sarà saranno può mai senza non
    """,
)
