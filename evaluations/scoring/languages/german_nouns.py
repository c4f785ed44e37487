"""What tells a German common noun from a name, both of which have a capital."""

from evaluations.scoring.languages.pack import word_set

# Common nouns, plurals where they change; a longer word that ends with one is a noun too.
NOUNS = word_set("""
abend abfall abgang abgänge abgeordnete abkommen ablauf ablöse abo absatz abschied abschluss abschnitt absicht
absolvent abstand absteiger abstieg abteil abwehr abzug adresse affäre agent agentur akku akte aktie aktion alarm
album alibi alltag alter ampel amt ämter ananas anblick anfrage angebot angehörige angeklagte angreifer angriff angst
ängste anhang anhänger anklage anlage anlass anleihe anpfiff anruf anschlag ansehen anspruch anteil antrag anträge
anwalt anwälte anzeige anzug apfel äpfel apparat april ära arbeit arbeiter arbeitgeber arbeitnehmer arena arm arme
armee aroma arzt ärzte assistent aufgabe aufgebot auflage aufnahme aufruf aufschwung aufstand aufsteiger aufstieg
auftakt auftrag aufträge auftritt aufwand auge augen august aura ausbau ausbildung ausblick ausdruck außenseiter
ausfall ausflug ausgabe ausgang ausgleich auskunft ausland ausnahme ausschluss ausschnitt ausschuss aussehen ausstieg
austausch auswahl auto autor autos avocado baby babys bad bahn bahnhof ball bälle band bande bank banken bar bart base
basis bau bauch bauer baum bäume beamte beamter beauftragte becher becken bedarf bedenken beduerfnis befehl befund
begriff behörde bein beine beitrag beiträge bekannte benutzer berater berg berge beruf bescheid beschluss beschwerde
besitz besitzer besuch besucher bete betrag beträge betreuer betrieb betrug bett betten beweis bewerber bewohner
bezirk bezug biene bier bilanz bilder bildschirm biss bistro blatt blätter blick block blume blut boden bohne bombe
boot boote bord börse bote boxer brand brände brauch braut brief brokkoli brot brücke bruder brüder brust buch bücher
bude bühne bund bundesliga bürger bürgermeister büro büros bus busse büste butter casino chance charakter chef chefs
city club clubs cola computer dach dame damen dampf dank darm datei datum debatte debüt decke defensive demo
demonstrant derby deutsche dialog diamant dichte dieb dienst dienstag dinge disko donner donnerstag doping dorf dörfer
dozent drama dreck droge druck duell düfte dunkel dürre dusche ecke ego ehe ehre ehrgeiz ei eier eifer eigenschaft
eigentümer eile eimer eindruck eindrücke einführung eingang eingriff einheit einkauf einkommen einnahme einsätze
einspruch einwohner einzel eis eisen elefant elf eltern embargo empfang empfänger ende energie enkel entwurf erbe
erbrechen erde erfinder erfolge erlebnis erlös ermittler ernst ernte ersatz erwachsene espresso essen etage experte
fabrik fabrikant fach faden fahne fähre fahrer fahrt fahrzeug falle fälle familie fan fans farbe fassade faust feder
fehler feier feind feld felder fels fenster ferien fernseher fest feste fett fette feuer fiasko figur film filme
filter finale finanzen finger firma firmen fisch fläche flagge flamme flasche fleck fleisch flieger flucht flug flüge
flügel flughafen flugzeug fluss flüsse fohlen folie förderer format formel forscher foto fotos foul fouls franken frau
frauen freie freitag freizeit freude freund frieden frist front frost frucht früchte frühjahr frühling führer fülle
funk fuß fußball füße gabel gala gang gänge garantie garnelen garten gärten gas gast gäste gastgeber gebäude gebet
gebühr geburt geburtstag gedächtnis gedanke gedicht geduld gefahren gefängnis gefühl gegend gegenstand gegenteil
gegentor gegner gehalt gehälter gehirn geist geister geld gelder gelenk gemälde gemeinde gemüse genuss gepäck gerät
gericht geruch gerücht gesang geschäft geschenk geschichten geschlecht geschmack geschoss geschwister gesellen gesetz
gesicht gespräch gestalt gestein gestern gewalt gewebe gewehr geweih gewicht gewinn gewinner gewissen gewitter gewürz
gift gipfel gipfeltreffen glas gläser glaube glück gnu gold gott götter grab grad graf graffiti gramm gras griff größe
großteil grün gruppen gruß gummi gürtel gusto gut güter haar haare hafen haft hagel hälfte halle hals halt hand hände
handel händler handy hang haufen haupt haus häuser haushalt haut hebel heft heim heimat heimsieg heimspiel held helden
helfer hemd herbst herd herr herren herz herzen heute hilfen himbeeren himmel hinrunde hinsicht hinspiel hintergrund
hirn hirsch hitze hobby hockey höhe höhle holz honig hotel hubschrauber hüfte hügel huhn hühner hund hunde hunderte
hunger hut idol iglu ikone immobilie impuls index industrie infekt inflation info inhaber innenverteidiger insel
instanz institut instrument internet investor irrtum jacke jagd jahr jahre jahrhundert jahrzehnt januar job jobs
journalist jubel juden jugend juli junge juni jury kabel kabine kader kaffee kaiser kakadu kalender kalorien kälte
kamera kampagne kampf kämpfe kämpfer kanal kandidat kanone kante kanzler kapital kapitel karma karotten karte
kartoffel käse kasse kasten kategorie kater katze kauf käufer kern kerze kette keule kilo kilogramm kilometer kind
kinder kindheit kino kirche kissen kiste kiwi klage klang klasse kleid kleider klient klima klinik klub klubs knie
knoblauch knochen koch köche koffer kohle kollege kollegin kollektion koma komitee komma kommission kommunen komponist
konfetti konflikt kongress könig konkurrent konkurrenz kontakt konten kontinent konto konzept konzern konzert kopf
köpfe korb korn körper kosten kraft kräfte kragen kranke krankenhaus krankheit kredit kreis kreislauf kreuz kreuzband
krieg krimi krise krone küche kuchen kugel kuh kühe kultur kunde kunst künste künstler kurs kurse kurve küste labor
laden läden lager laie land länder landes landschaft länge lärm last lasten laster lastwagen laub lauf läufe läufer
laune lava leben lebensmittel leber leder legende lehre lehrer leib leiche leid leihspieler leiter leitung lesbe leser
leute licht liebe lied lieder lieferant liga ligen limo linie linke linksverteidiger lippe liste liter literatur lobby
loch löcher löffel logo lohn löhne lokal luft luftfahrt lüge lunge lust macht mädchen mafia magen mai mais makler mal
male maler mandant mandat mängel mangel mango manko mann männer mannschaft mantel märchen marihuana marke markt märkte
marsch märz maß maschine maße maske masse maßstab match material materialien mauer maus mechaniker medaille medien
medikament meer mehl mehrheit meile meister menge menü messe messer metall meter miete mieter milch milliarde million
minister minuten mitarbeiter mitglied mitglieder mittag mitte mitteilung mittelfeld mittwoch mixer möbel mode modell
moderator monat mond montag mord morde morgen motor motto mühe mühle müll mund münze museum musik musikant musiker
muskel muster mut mütter mutter mutterschutz nachbar nachfolger nachfrage nachlass nachmittag nachrichten
nachspielzeit nacht nächte nachteil nachweis nachwuchs nadel nagel nähe nahrung nähte name namen nase natur nebel
neffe nest netz netze neuzugang neuzugänge niederlage niveau norden not note noten notfall nummer nuss nüsse nutzen
nutzer oase oberfläche obst ofen offensive offizier ohr ohren öl öle olympia onkel oper operation opfer option
orchester orden ordner organ orte osten ostern paar paare packung paket palast panik panne panorama paparazzi papier
paprika park partei partie partner party pass passagier pässe pasta patient pause pech pension personal personen pfad
pfanne pfarrer pfeffer pfeife pfeil pferd pfiff pflanze pflege pflicht pfosten pfund phase pilot pilz pilze pizza
plakat plan pläne planet platte platz plätze podcast pokal pol politik politiker polizei polizist pony pool portion
post posten pracht praktikant präsident preis premiere prinz prinzip privileg proband produkt produzent profi profil
programm projekt propaganda provinz prozent prüfer publikum puls pulver puppe quadrat qual quartal quelle quote rabatt
rad räder radio rand rang rasen rasse rat räte rätsel raub räuber rauch raum räume rechner rechnung rechte rechts
rechtsverteidiger rede reden redner referat referent reform regal regatta regeln regen regie region reich reichtum
reifen reihe reis reise reisende reiter reiz rekord religion rennen rente rentner reparatur republik reserve respekt
rest reste revolution rezept richter riese rind ring ringe riss risse ritter rivale rock rohr rohstoff roman rosen
rosine route rücken rückkehr rückrunde rückspiel rückstand rücktritt rückzug ruder ruf rugby ruhe ruhm rührei runde
saal sachen sachsen safari saft sahne saison salami salat saldo salz samen sammler samstag sand sänger satz sätze
sauce sauna schaden schäden schaf schale schalter scham schatten schatz schein schema schicht schicksal schiedsrichter
schiff schild schirokko schlacht schlaf schlag schläge schlange schloss schlösser schluss schlüssel schmerz schmuck
schnee schnitt schock schokolade schönheit schrank schreck schrei schreiben schrift schritt schub schuh schuld schule
schüler schulter schuss schüsse schüssel schutz schwäche schwangere schwanz schwein schweiß schwelle schwerpunkt
schwester schwimmer schwindel schwung see seele segel sekretär sekt sekunde senat senator sender september serie
service sessel show shows sieg siege sieger silber sitz sitze sitzung skala skandal ski sofa sohn söhne soldat solo
sommer song songs sonne sonntag spaghetti spanne spargel spaß speicher speise spende sperre spiegel spiel spieler
spielfeld spielplan spieltag spielzeit spinne spitze sport sportler sprache sprecher springer sprung sprünge spur
spuren staat stab stadien stadion stadt städte stadtteil staffel stamm stand standard stapel star stars start station
statistik staub steak stein steuer stich stift stifter stil stille stimmen stimmung stock stoff storno story strafe
strafraum strahl strand strände straße strategie strecke streifen streik streit strom ströme student studie studio
stufe stuhl stühle stunde sturm stürme stürmer sturz stütze süden sünde superstar suppe symbol symptom szene tabelle
tabellenführer tabletten tabu tafel tag tage tagen tages taktik tal talent tango tank tanne tante tanz tänzer tasche
tasse taste tat taten täter tatort taube taxi team teams technik tee teich teilnehmer teller tempel temperatur tempo
termin terror test tests teufel texte theater thema themen theorie therapie these thron thunfisch ticket tiefe tier
tiere tinte tipp tipps tisch titel töchter tochter tod ton töne tonne topf töpfe tor torchance tore torhüter torschuss
torwart tote tour touren tourist tradition trainer training transfer transport traube trauer traum träume treff
treffer treppe trick trikot triumph trommel tropfen trost truppe tsunami tuch tür türen turm türme turnier typen übel
uhr uhren umfeld umfrage umsatz umstand umstände umzug unfall unfälle ungar unglück uni universum unschuld unterhalt
unterlagen unternehmen unternehmer unterricht urheber urin urlaub urteil vater väter verantwortliche verbot
verbraucher verbrechen verbündete verdacht verdienst verein verfahren verfasser verfügung vergleiche verhalten
verhältnis verkauf verkäufer verkehr verlag verlauf verletzte verletzter verlierer verlobte verlust vermächtnis
vermögen vers versand versicherer version verstand verstoß verstöße versuch verteidiger vertrag verträge vertrauen
vertreter verwandte verzicht veto video vieh viertelfinale villa vogel vögel volk völker volley vollmond vorabend
vorbild vorfall vorfeld vorgang vorgänge vorgänger vorhaben vorjahr vorlage vormittag vormund vorrat vorrunde vorsatz
vorschlag vorschläge vorsprung vorstand vorteile vorwurf vorwürfe vulkan waage wache wachs waffe wagen wahlen wähler
wahnsinn wahrheit wald wälder wand wände wandel ware waren wärme wasser watt wechsel wege weihnachten wein weine welle
welpe weltmeister weltmeisterschaft wende werbung werk werke werkzeug werte wesen westen wettbewerb wette wetter
whiskey whisky widerstand wiese wille wind winde winkel winter wirt wirtschaft wissenschaft wissenschaftler witz woche
wochenende wohl wohnung wolf wolke wolle wörter wunde wunder wünsche wurf würfel wurm wurst wurzel wut zahlen zahn
zähne zaun zäune zehe zeichen zeile zeiten zeitpunkt zeitraum zelle zelt zentimeter zentrum zerfall zeug zeuge ziege
ziele ziffer zimmer zins zinsen zoll zone zonen zorn zucchini zucker zufall zug zugang züge zugriff zuhause zukunft
zunge zusage zuschauer zuschlag zustimmung zutat zuwachs zuwanderer zwang zweck zweifel zweig zwiebel zwilling
""")
# What somebody is, or what has a name, right before it: "Kollege Korvela", "die Firma Brandvold".
TITLES = word_set("""
kollege kollegin mitspieler mitspielerin kritiker kritikerin politiker politikerin kanzler kanzlerin könig königin prinz
prinzessin kaiser papst pfarrer richter richterin anwalt anwältin arzt ärztin schauspieler schauspielerin sänger
sängerin autor autorin schriftsteller schriftstellerin regisseur regisseurin moderator moderatorin star superstar
legende weltmeister weltmeisterin olympiasieger torschütze torschützin spielmacher spielmacherin nachfolger
nachfolgerin vorgänger vorgängerin neuzugang rückkehrer profi debütant debütantin joker bruder schwester vater mutter
sohn tochter onkel tante frau herr firma familie insel experte expertin forscher forscherin soziologe soziologin
ökonom ökonomin historiker historikerin senator senatorin abgeordnete abgeordneter gouverneur gouverneurin general
sergeant kommissar kommissarin unternehmer unternehmerin gründer gründerin journalist journalistin koordinator
koordinatorin nationalspieler nationalspielerin koch köchin bischof
""")
# Short for a kind of club: what follows is its name.
CLUBS = word_set("fc sv sc tsv tsg vfb vfl vfr fsv bsc ssv spvgg rb ac as fk sk nk cf cd ud sg vsg tus psv bv kfc")
ENDINGS = (
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen", "sion", "sionen", "tat",
    "taten", "chen", "nis", "nisse", "nissen", "ismus", "ment", "mente", "ling", "linge", "lingen", "tum", "tumer",
    "erei", "ereien", "eur", "eure", "enz", "enzen", "anz", "anzen", "ogie", "ogien", "graf", "innen", "ktur", "kturen",
    "atur", "aturen", "itis", "ose", "osen", "ein", "eln", "ern", "eien", "ische", "ischen", "ischer", "liche",
    "lichen", "licher", "ierte", "ierten", "ierter", "ologe", "ologen", "ologin", "ator", "atoren", "atorin", "macher",
    "iker", "ikerin", "isten", "istin", "trager", "tragerin",
)  # fmt: skip
