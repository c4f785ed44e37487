"""French."""

from evaluations.scoring.phrasing.phrasing import Phrasing

FRENCH = Phrasing(
    code="fr",
    yes="""
    bien sûr / certainement / bien entendu / avec plaisir / volontiers / entendu / d'accord / absolument / parfait
    """,
    hello="bonjour / bonsoir / salut / cher / chers / chère / chères / bienvenue",
    links="""
    en (résumé|bref|conclusion|somme|un mot) / pour (résumer|conclure|finir) / par conséquent / donc / ainsi /
    enfin / finalement / pendant ce temps / de plus / en outre / également / par ailleurs / ensuite / alors / et /
    mais
    """,
    writing="""
    résumés? / rapport / réponse / liste / synthèse / compte(|-)rendu / texte / guide / explication / analyse /
    bulletin / récapitulatif / aperçu / étapes / points (clés|principaux) / version / article / tour d'horizon /
    nouvelles / actualités? / résultats / détails / titres
    """,
    length=r"""
    (en|de|avec) (environ |moins de |exactement |(un )?maximum (de )?|à peine )?\d+ (mots|phrases|caractères)(
    (maximum|environ))?
    """,
    here="""
    voici / voilà / ci-dessous( (se trouve|figure|vous trouverez))? / ci-après / vous trouverez /
    j'ai (préparé|rédigé|résumé|écrit) / je (vous|te) (propose|présente|livre) / ce qui suit est
    """,
    answers="""
    (ceci|c'|ce qui suit) ?est (le|la|mon|ma|un|une|votre) (bref |brève |court )?<writing> /
    (ma|la) réponse( est)?( la suivante)? / <writing>( (final|finale|bref|brève|général))?
    """,
    turns="""
    passons / venons-en / voyons / regardons / allons / continuons / poursuivons / (et )?maintenant,? (aux?|place) /
    place (à|aux?) / dans l'actualité / (aux?|du) côté (des autres|des transferts) /
    (commençons|débutons) (par|avec) / entrons dans
    """,
    shows="voici / voilà / ci-dessous / ci-après / ce sont / c'est ainsi que / il s'agit de / suivez",
    follows=r"""
    (ces|les) (quelques )?(étapes|conseils|points|méthodes)( \w+){0,2} / (le|la|les) (\w+ )?suivante?s? /
    ce qui suit / comme suit / de la (manière|façon) suivante / (ces|les) étapes /
    les (étapes|points|éléments|raisons|options) (suivante?s|ci-dessous)
    """,
    are="est / sont / était / étaient / comprennent / comprend / incluent / seraient",
    remarks=r"""
    (c'est )?(une )?(très )?(bonne|excellente|intéressante) (question|remarque)( (intéressante|pertinente))? /
    (voilà|c'est) (l'essentiel|tout|ce qu'il faut retenir)~ / en deux mots / de rien / je vous en prie /
    pas de problème /
    (ce sont|voilà|tels sont|telles sont) (là )?(les|l') ?(points|faits|titres|informations|nouvelles)( (clés
    |principaux|essentiel)~)? / en tant qu(e|') ?(modèle|intelligence artificielle|assistant)~ /
    je suis (un modèle|une intelligence)~ / <yes>[,.!]+ (voici|je|avec plaisir|j'ai)\b~ /
    je me suis (basé|limité|appuyé)e? ~ /
    je (peux|pourrais|serais ravie? de) (~ )?(aider|répondre|résumer|expliquer|développer|préciser)( ~)? /
    sans (plus attendre|plus tarder|autre préambule)~
    """,
    sign_offs=r"""
    (j'espère|nous espérons) (que )?(cela|ceci|ça|ce (résumé|rapport|texte)|cette réponse|ces informations|(vous|t')
    ?avoir (aidé|éclairé)|avoir (pu )?(vous )?(aider|aidé|répondu))~ / n'hésite[zs]? pas /
    merci (de|pour) (votre|ta|m'avoir|lire|avoir lu|la lecture|cette question)~ / merci( (beaucoup|d'avance))?\W*$ /
    à (bientôt|la (semaine )?prochaine|demain|très vite)( (fois|édition))?\W*$ /
    c'est tout( pour (aujourd'hui|le moment|l'instant))?\W*$ /
    si (vous|tu) (avez|as|souhaitez|souhaites|voulez|veux|désirez|avez besoin|as besoin|cherchez) (d'
    |de |des |en |plus |plus de |une |un |savoir |obtenir |toute |autres |d'autres )*(questions?|informations?
    |détails?|précisions?|aide|savoir plus|autre chose|complément) /
    (je (reste|suis|me tiens)|nous restons) (à (votre|ta) (entière )?disposition|là pour) /
    (faites|fais|dites|dis)-(le-)?(moi|nous)\b / restez (à l'écoute|connectés?|attentifs|branchés|avec nous) /
    soyez (au rendez-vous|attentifs|là|à l'écoute) /
    rendez-vous (\w+ )?(pour|au prochain|la semaine prochaine|bientôt)~ / ne (manquez|ratez|manque|rate)s? pas /
    à suivre\W*$ /
    (bonne (lecture|chance|journée|soirée|dégustation)|bon (appétit|match|visionnage))( (à (tous|toutes|vous)|avec
    (votre|vos)|dans (votre|vos))~)?\W*$ /
    profitez (bien )?(de|du) (la |ce |cette |votre )?(lecture|match|journée|saison|spectacle)~ / cordialement /
    (veuillez )?note[zr] que (ce|cette|ces|les informations|le résumé|la réponse) /
    (lisez|consultez|cliquez) (la suite|ci-dessous|ici) /
    (remarque|note|nota|précision) ?: (ce|cette|ces|le|la|les) (<writing>|<loose>) (~ )?((se|s') ?(fonde|base|limite
    |appuie)|est (fondé|basé)|sont (fondée|basée)|repose|provien)~
    """,
    material="""
    passages? / sources? / textes? / articles? / documents? / extraits? / contextes? / fragments? / actualités? /
    résultats (de (la )?)?recherche / matériel / dépêches?
    """,
    loose="informations? / éléments / données / contenu",
    the="""
    le / la / les / l' / ce / cet / cette / ces / des / du / de la / de l' / de ces / de ce / de cet / de cette /
    aux / au / vos / tous les / toutes les / les deux / aucun des / aucune des / d'
    """,
    given="""
    (fourni|donné|présenté|cité|mentionné|indiqué|proposé|communiqué)e?s? / disponibles? / ci-dessus / ci-dessous /
    précédente?s? / suivante?s? / premi(er|ère)s? / deuxième / seconde? / troisième / dernière?
    """,
    more=r"de / du / des / d'\w+ / qui / que / par / sur / publiée?s? / dont",
    behind=True,
    tells="""
    (affirme|mentionne|souligne|indique|explique|précise|signale|rapporte|note|ajoute|détaille|évoque|aborde|suggère
    |relate|raconte|rappelle|avance|insiste|spécifie|expose|traite|avertit)(nt)? / di(t|sent) / décri(t|vent) /
    relèvent? / soutien(t|nent) / averti(t|ssent) / stipulent? / nous (dit|disent|apprend|apprennent) /
    (fournit|fournissent|donne|donnent|contient|contiennent|offre|offrent) (des|les|l') ?(informations?|instructions
    |détails)… (sur|pour|concernant|quant) / s'accordent (à|pour) dire
    """,
    also="""
    aussi / également / en outre / expressément / spécifiquement / clairement / explicitement / par ailleurs /
    notamment
    """,
    that="que / qu'",
    according="""
    (selon|d'après|sur la base des|à partir des|au vu des) (les |l')?informations? (<given> )?(contenues? )?(dans
    |par) / selon / d'après / sur la base / en se (basant|fondant) sur / en me (basant|fondant) sur / à partir /
    conformément / suivant / au vu / à la lumière / compte tenu / basée?s? (uniquement )?sur /
    en (nous|vous) (basant|fondant|appuyant) sur
    """,
    sourcing="""
    (comme|ainsi que) (<also> )?(l'|le |cela )?(<tells>) (<also> )?<source> /
    (comme|tel qu') ?(il )?(est )?(l'?est )?(indiqué|mentionné|décrit|précisé|expliqué|souligné)e?s? (dans|par)
    <source> /
    (dans|à la lecture de) <subject>,? (il est (<also> )?(indiqué|mentionné|précisé|dit|expliqué|rapporté|affirmé
    |souligné)|on (lit|apprend))( <that>)? / il ressort <subject>( <that>)? /
    il est (<also> )?(indiqué|mentionné|précisé|dit|expliqué|rapporté) dans <subject>( <that>)?
    """,
    said="""
    a (dit|déclaré|expliqué|ajouté|affirmé|confié|répondu|lancé|reconnu|crié|assuré) / dit / explique / déclare /
    affirme / assure / ont dit
    """,
    denies=r"ne / n'\w+ / pas / impossible / aucune? / insuffisante?s? / sans / ni / manquent?",
    refusals=r"""
    (impossible|il (est|n'est pas|m'est) (im)?possible|je ne (peux|suis pas)|on ne peut|nous ne pouvons|je n'ai pas
    pu) (~ )?(répondre|de réponse) /
    (je ne (peux|suis pas en mesure|dispose|parviens)|nous ne (pouvons|disposons)|il m'est impossible|je n'ai pas)
    (~ )?(déterminer|fournir|donner|dire|trouver|d'informations?|assez d|suffisamment d|accès|d'éléments|aider) /
    <subject> (n'|ne )(<also> )?(<tells>|mentionnent?|contien(t|nent)|fourni(t|ssent)|donnent?|offrent?
    |comporte(nt)?|parlent?|traitent?|permet(tent)?|font|fait|abordent?|inclu(t|ent)|dit|disent|sont pas suffisant
    |suffi(t|sent)|apportent?) / (aucune?)( (de|des))? <subject> (~ )?(ne |n')~ /
    aucune? <material> (~ )?(ne |n')(<tells>|mentionne|contient|fournit|donne|aborde) /
    (n'est|ne sont|n'a|n'ont|n'y a|ne figurent?|n'apparai(t|ssent)) (pas|aucune?) ~ (dans|par) <subject> /
    (il n'y a|je n'ai|nous n'avons|je ne dispose|on ne dispose) pas (assez |suffisamment |plus )(d'|de
    )(informations?|éléments|détails) / (informations?|éléments|données|contexte) (sont |est )?insuffisante?s? /
    sans (plus d'|davantage d'|autres |d'autres )?(informations?|contexte|précisions) /
    aucune? ~ (n'|ne )~ (dans|par) <subject>\W*$
    """,
    steps="étapes? / phases?",
    labels="pages? / chapitres? / sections? / parties? / figures? / numéro / note",
    verbs="""
    gagne gagnent perd perdent bat battent marque marquent signe signent quitte quittent rejoint rejoignent limogé
    limogée blessé blessée inscrit remporte remportent revient arrive arrivent part partent est sont a ont était
    sera seront peut reste affronte jamais sans nul ne pas
    """,
)
