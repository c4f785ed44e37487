"""Words of languages other than English of which one thing is only one at a time, folded: days, months, seasons, spans
of time, quarters of the sky and parts of the body. The first word of a line names the kind."""

EXCLUSIVE = """
weekday: montag dienstag mittwoch donnerstag freitag samstag sonntag
month: januar februar marz april mai juni juli august september oktober november dezember
season: fruhling sommer herbst winter
day: gestern heute ubermorgen vorgestern
unit: sekunde minute stunde tag woche monat jahr jahrzehnt jahrhundert
unit: sekunden minuten stunden tage wochen monate jahre jahrzehnte jahrhunderte
direction: norden suden osten westen
direction: nordlich sudlich ostlich westlich
card: gelbe rote
round: viertelfinale halbfinale achtelfinale
body: knie knochel oberschenkel wade leiste schulter hufte handgelenk ellbogen hand finger zeh fuss kopf rucken nacken
weekday: lunes martes miercoles jueves viernes sabado domingo
month: enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
season: primavera verano otono invierno
day: ayer anteayer hoy
unit: segundos minutos horas dias semanas meses anos decadas siglos
round: octavos cuartos semifinal semifinales
body: rodilla tobillo muslo pantorrilla ingle hombro cadera muneca codo mano dedo pie cabeza espalda cuello
weekday: lundi mardi mercredi jeudi vendredi samedi dimanche
month: janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
season: printemps automne hiver
day: hier avant-hier aujourd'hui
unit: secondes minutes heures jours semaines mois annees decennies siecles
body: genou cheville cuisse mollet aine epaule hanche poignet coude main doigt pied tete dos cou
weekday: segunda terca quarta quinta sexta sabado domingo
month: janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
season: primavera verao outono inverno
day: ontem anteontem hoje
unit: segundos minutos horas dias semanas meses anos decadas seculos
body: joelho tornozelo coxa panturrilha virilha ombro quadril pulso cotovelo mao dedo pe cabeca costas pescoco
weekday: lunedi martedi mercoledi giovedi venerdi sabato domenica
month: gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
season: primavera estate autunno inverno
day: ieri oggi
unit: secondi minuti ore giorni settimane mesi anni decenni secoli
body: ginocchio caviglia coscia polpaccio inguine spalla anca polso gomito mano dito piede testa schiena collo
"""
