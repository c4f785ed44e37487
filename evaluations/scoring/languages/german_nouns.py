"""What tells a German common noun from a name, both of which have a capital."""

from evaluations.scoring.languages.pack import word_set

# Common nouns, plurals where they change; a longer word that ends with one is a noun too.
NOUNS = word_set("""
abend abfall abgang abgänge abgeordnete abkommen ablauf ablöse abo absatz abschied abschluss abschnitt absicht
absolvent abstand absteiger abstieg abteil abwehr abzug adapter adresse affäre affe agenda agent agentur akku akte
aktie aktion alarm album algebra alibi alkohol allergie alltag aloe alpaka alpha alter ampel amt ämter ananas anblick
anfrage angebot angehörige angeklagte angreifer angriff angst ängste anhang anhänger anklage anlage anlass anleihe
anpfiff anruf anschlag ansehen anspruch anteil antibiotika antrag anträge anwalt anwälte anzeige anzug aorta apfel
äpfel app apparat apps april ära arbeit arbeiter arbeitgeber arbeitnehmer arena arm arme armee army aroma arthritis
arzt ärzte assistent asthma audio aufgabe aufgebot auflage aufnahme aufruf aufschwung aufstand aufsteiger aufstieg
auftakt auftrag aufträge auftritt aufwand auge augen august aula aura ausbau ausbildung ausblick ausdruck außenseiter
ausfall ausflug ausgabe ausgang ausgleich auskunft ausland ausnahme ausschluss ausschnitt ausschuss aussehen ausstieg
austausch auswahl auto autor autos avocado baby babys bachelor backup bad bahn bahnhof bakterie ball bälle banane band
bande bank banken bar bär bart base basis batterie bau bauch bauer baum bäume beamte beamter beauftragte becher becken
bedarf bedenken beduerfnis befehl befund begriff behörde bein beine beitrag beiträge bekannte benutzer berater berg
berge beruf bescheid beschluss beschwerde besitz besitzer besuch besucher beta bete betrag beträge betreuer betrieb
betrug bett betten beweis bewerber bewohner bezirk bezug biene bier bilanz bilder bildschirm birne biss bistro blatt
blätter blick block blume blut boden bohne bombe boot boote bord börse bote boxer brand brände brandy brauch braut
brei brief brokkoli bronchitis brot browser brücke bruder brüder brust buch bücher bude bühne bund bundesliga bürger
bürgermeister büro büros bus busse büste butter byte cafeteria casino cello chance charakter chef chefs chia chili
chloroform cholera ciabatta city client cloud club clubs cola computer cookie corona curry dach dame damen dampf dank
darm datei dattel datum debatte debüt decke defensive delta demenz demo demonstrant depression derby deutsche diabetes
dialog diamant dichte dieb dienst dienstag dinge diplom disko dissertation dividende donner donnerstag doping dorf
dörfer download dozent drama dreck droge druck drucker duell düfte dunkel dürre dusche ebola ecke ego ehe ehre ehrgeiz
ei eier eifer eigenschaft eigentümer eile eimer eindruck eindrücke einführung eingang eingriff einheit einkauf
einkommen einnahme einsätze einspruch einwohner einzel eis eisen eiweiß elefant elf eltern embargo emoji empfang
empfänger emu ende energie enkel entwurf epilepsie erbe erbrechen erde erdnuss erfinder erfolge erlebnis erlös
ermittler ernst ernte ersatz erwachsene espresso essen esslöffel etage experte fabrik fabrikant fach faden fahne fähre
fahrer fahrt fahrzeug falle fälle familie fan fans farbe fassade faust feder fehler feier feige feind feld felder fels
fenster ferien fernseher fest feste fett fette feuer fiasko fibula figur film filme filter finale finanzen finger
firma firmen firmware fisch fläche flagge flamme flasche fleck fleisch flieger flucht flug flüge flügel flughafen
flugzeug fluss flüsse fohlen folie förderer format formel forscher foto fotos foul fouls franken frau frauen
freibetrag freie freitag freizeit freude freund frieden frist front frost frucht früchte frühjahr frühling fuchs
führer fülle funk fuß fußball füße gabel gala gamma gang gänge garantie garnelen gärten garten gas gast gäste
gastgeber gebäude gebet gebühr geburt geburtstag gedächtnis gedanke gedicht geduld gefahren gefängnis gefühl gegend
gegenstand gegenteil gegentor gegner gehalt gehälter gehirn geist geister geld gelder gelenk gemälde gemeinde gemüse
genuss gepäck gerät gericht geruch gerücht gesang geschäft geschenk geschichten geschlecht geschmack geschoss
geschwister gesellen gesetz gesicht gespräch gestalt gestein gestern gewalt gewebe gewehr geweih gewicht gewinn
gewinner gewissen gewitter gewürz ghetto gift gigabyte gipfel gipfeltreffen giraffe glas gläser glaube glück gnu gold
gorgonzola gorilla gott götter grab grad graf graffiti gramm gras griff größe großteil grün gruppen gruß guave gully
gummi gürtel gusto gut güter haar haare hafen haft hagel hälfte halle hals halt hamster hand hände handel händler
handvoll handy hang hardware haselnuss haufen haupt haus häuser haushalt haut hebel heft heim heimat heimsieg
heimspiel held helden helfer hemd hepatitis herbst herd herr herren herz herzen heute hilfen himbeeren himmel hinrunde
hinsicht hinspiel hintergrund hirn hirsch hitze hobby hockey höhe höhle holz honig hormon hornhaut hotel hubschrauber
hüfte hügel huhn hühner hund hunde hunderte hunger hut idol igel iglu ikone immobilie impuls index industrie infekt
inferno inflation influenza info inhaber innenverteidiger insel instanz institut instrument internet investor iris
irrtum jacke jagd jahr jahre jahrhundert jahrzehnt januar job jobs jod joule journalist jubel juden judo jugend juli
jumbo junge juni jury kabel kabine kader kaffee kaiser kakadu kalender kalium kalorie kälte kalzium kamera kampagne
kampf kämpfe kämpfer kanal kandidat känguru kaninchen kanone kante kanu kanzler kapital kapitel karma karotten karte
kartoffel käse kasse kasten kategorie kater katze kauf käufer kern kerze kette keule kilo kilogramm kilometer kimchi
kind kinder kindheit kino kirche kirsche kissen kiste kiwi klage klang klasse klausur kleid kleider klient klima
klinik klub klubs knie knoblauch knochen koala kobra koch köche koffer kohle kokosnuss kollege kollegin kollektion
koma kombi komitee komma kommission kommunen komponist konfetti konflikt kongress könig konkurrent konkurrenz konsole
kontakt konten kontinent konto konzept konzern konzert kopf köpfe korb korn kornea körper kosten kraft kräfte kragen
kranke krankenhaus krankheit kredit kreis kreislauf kreuz kreuzband krieg krimi krise krone küche kuchen kugel kuh
kühe kultur kunde kunst künste künstler kurkuma kurs kurse kurve küste labor ladegerät laden läden lady lager laie
lama land länder landes landschaft länge lärm lasagne last lasten laster lastwagen laub lauf läufe läufer laune lava
leben lebensmittel leber leder legende lehre lehrer leib leiche leid leihspieler leiter leitung lemma lesbe leser
leute libero licht liebe lied lieder lieferant liga ligen limette limo linie linke linksverteidiger lippe liste liter
literatur lobby loch löcher löffel logo lohn löhne lokal lotto löwe luft luftfahrt lüge lunge lust macht mädchen mafia
magen magnesium mai mais makler mal malaria male maler malware mandant mandat mandel manga mängel mangel mango manko
mann männer mannschaft mantel märchen marihuana marke markt märkte marsch märz maß maschine maße maske masse maßstab
master match material materialien mauer maus mechaniker medaille medien medikament meer meerschweinchen megabyte mehl
mehrheit meile meister melone memo menge mensa menü messe messer metall meter miete mieter migräne milch milliarde
milligramm milliliter million milz mineral minister minuten mitarbeiter mitglied mitglieder mittag mitte mitteilung
mittelfeld mittwoch mixer möbel mode modell modem moderator möhre monat mond monitor montag mord morde morgen motor
motto mozzarella mühe mühle müll mund münze museum musik musikant musiker muskel muster mut mutter mütter mutterschutz
nachbar nachfolger nachfrage nachlass nachmittag nachrichten nachspielzeit nacht nächte nachteil nachweis nachwuchs
nadel nagel nähe nahrung nähte name namen nase natrium natur nebel neffe nest netz netze netzhaut neurose neuzugang
neuzugänge niederlage niere niveau norden not note noten notfall novelle nudel nummer nuss nüsse nutzen nutzer oase
oberfläche obst ofen offensive offizier ohr ohren öl öle olympia omega onkel oper operation opfer option orange orca
orchester orden ordner organ orte osten ostern paar paare packung paella paket palast panda panik panne panorama
paparazzi papaya papier paprika park partei partie partner party pass passagier pässe pasta patient pause pech penalty
pension personal personen pesto petersilie pfad pfanne pfarrer pfeffer pfeife pfeil pferd pfiff pflanze pflege pflicht
pfosten pfund phase piano pilot pilz pilze pixel pizza pizzeria plakat plan pläne planet plasma platte platz plätze
plazenta podcast pokal pol police politik politiker polizei polizist pony pool portion post posten pracht praktikant
präsident preis premiere prinz prinzip prise privileg proband produkt produzent professur profi profil programm
projekt promotion propaganda prosciutto prostata protein provinz prozent prüfer psychose publikum puls pulver puma
pupille puppe quadrat qual quark quartal quelle quinoa quote rabatt rad räder radio rallye rand rang rasen rasse rat
räte rätsel ratte raub räuber rauch raum räume rechner rechnung rechte rechts rechtsverteidiger rede reden redner
referat referent reform regal regatta regeln regen regie region reich reichtum reifen reihe reis reise reisende reiter
reiz rekord religion rennen rente rentner reparatur republik reserve respekt rest reste retina revolution rezept
richter ricotta riese rind ring ringe risotto riss risse ritter rivale rock rohr rohstoff roman rosen rosine route
router rücken rückkehr rückrunde rückspiel rückstand rücktritt rückzug ruder ruf rugby ruhe ruhm rührei runde saal
sachen sachsen safari saft sahne saison salami salat saldo salsa salz samen sammler samstag sand sänger satz sätze
sauce sauna savanne scanner schäden schaden schaf schale schalter scham schatten schatz schein schema schicht
schicksal schiedsrichter schiff schild schirokko schlacht schlaf schlag schläge schlange schloss schlösser schluss
schlüssel schmerz schmuck schnee schnitt schock schokolade schönheit schrank schreck schrei schreiben schrift schritt
schub schuh schuld schule schüler schulter schuss schüsse schüssel schutz schwäche schwangere schwanz schwein schweiß
schwelle schwerpunkt schwester schwimmer schwindel schwung see seele segel sekretär sekt sekunde senat senator sender
september serie server service sessel sherry show shows sieg siege sieger silber sitz sitze sitzung skala skandal ski
skoliose soda sofa software sohn söhne soldat solo sommer song songs sonne sonntag spaghetti spanne spargel spaß
speicher speise spende sperre spiegel spiel spieler spielfeld spielplan spieltag spielzeit spinne spitze sport
sportler sprache sprecher springer sprung sprünge spur spuren staat stab stadien stadion stadt städte stadtteil
staffel stamm stand standard stapel star stars start station statistik staub steak steckdose stecker stein stereo
steuer stich stift stifter stigma stil stille stimmen stimmung stock stoff storno story strafe strafraum strahl strand
strände straße strategie strecke streifen streik streit strom ströme student studie studio stufe stuhl stühle stunde
sturm stürme stürmer sturz stütze süden sünde superstar suppe sushi symbol symptom szene tabelle tabellenführer
tabletten tabu tafel tag tage tagen tages taktik tal talent tango tank tanne tante tanz tänzer tarif tasche tasse
tastatur taste tat taten täter tatort tattoo taube taxi team teams technik teddy tee teelöffel teich teilnehmer teller
tempel temperatur tempo termin terror test tests teufel texte theater thema themen theorie therapie these thron
thunfisch tibia ticket tiefe tier tiere tiger tinte tipp tipps tiramisu tisch titel tochter töchter tod tofu tomate
ton töne tonne topf töpfe tor torchance tore torhüter tornado torschuss tortilla torwart tote toto tour touren tourist
tradition trainer training transfer transport traube trauer traum trauma träume treff treffer treppe trick trikot
triumph trommel tropfen trost truppe tsunami tuch tundra tür turbo türen turm türme turnier typen übel uhr uhren uhu
umfeld umfrage umsatz umstand umstände umzug unfall unfälle ungar unglück uni universum unmenge unschuld unterhalt
unterlagen unternehmen unternehmer unterricht update urheber urin urlaub urteil uterus vagina väter vater veranda
verantwortliche verbot verbraucher verbrechen verbündete verdacht verdienst verein verfahren verfasser verfügung
vergleiche verhalten verhältnis verkauf verkäufer verkehr verlag verlauf verletzte verletzter verlierer verlobte
verlust vermächtnis vermögen vers versand versicherer version verstand verstoß verstöße versuch verteidiger vertrag
verträge vertrauen vertreter verwandte verzicht veto video vieh viertelfinale villa virus vitamin vogel vögel volk
völker volley vollmond volt vorabend vorbild vorfall vorfeld vorgang vorgänge vorgänger vorhaben vorjahr vorlage
vormittag vormund vorrat vorrunde vorsatz vorschlag vorschläge vorsprung vorstand vorteile vorwurf vorwürfe vulkan
waage wache wachs waffe wagen wahlen wähler wahnsinn wahrheit wald wälder walnuss wand wände wandel ware waren wärme
wasser watt wechsel wege weihnachten wein weine welle welpe weltmeister weltmeisterschaft wende werbung werk werke
werkzeug werte wesen westen wettbewerb wette wetter whiskey whisky widerstand wiese wiki wille wind winde winkel
winter wirt wirtschaft wissenschaft wissenschaftler witz woche wochenende wohl wohnung wolf wolke wolle wörter wunde
wunder wünsche wurf würfel wurm wurst wurzel wut yoga zahlen zahn zähne zaun zäune zebra zehe zeichen zeile zeiten
zeitpunkt zeitraum zelle zelt zentimeter zentrum zerfall zeug zeuge ziege ziele ziffer zimmer zink zins zinsen zitrone
zoll zone zonen zoo zorn zucchini zucker zufall zug zugang züge zugriff zuhause zukunft zunge zusage zuschauer
zuschlag zustimmung zutat zuwachs zuwanderer zwang zweck zweifel zweig zwiebel zwilling
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
