"""Given names: where every noun has a capital, they tell that what follows names a person."""

from evaluations.scoring.languages.pack import word_set

GIVEN_NAMES = word_set("""
aaron achim adam adrian ahmed alan albert alejandro aleksandar alessandro alex alexander alexandra alexia alexis ali
alice alina alphonso álvaro amanda amelie amina amir ana anastasia anders andre andrea andreas andrej andrew andrey
andriy andy angela angelika angelo anja anke anna annika anthony antje anton antonia antonio armin arne arnold arthur
astrid axel barbara bastian beatrice ben benedikt benjamin bernd bernhard bettina birgit björn boris brian bruno
camilla carina carl carla carlo carlos carmen caroline cem charles charlotte chiara chris christian christiane
christina christine christoph christopher claudia claus clemens conrad cornelia cristiano dagmar daniel daniela
danielle danny dario david davide dayot deniz dennis diana didier diego dieter dietmar dimitri dirk dominik dominique
donald doris eberhard edin eduard eduardo edward elena eleonora elias elisa elisabeth elke ella emanuel emil emilia
emilio emily emma emmanuel enrico enzo eric erich erik erika erling ernst eugen eva fabian fabio fabrizio federico
felipe felix ferdinand fernando filip filippo finn florian francesco francisco franck franco frank franz franziska
frederik frieda friederike friedrich fritz gabriel gabriele gareth gary georg george gerald gerd gerhard gerrit
gianluca gianluigi giovanni gisela giulia giuseppe gregor guido gunnar günter günther gustav hakan hanna hannah
hannelore hannes hans hansi harald harry hassan heidi heike heiko heiner heinrich heinz helen helena helga helmut
hendrik henning henrik henry herbert hermann horst hubert hugo ian ibrahim ignacio ilkay ina ines inga ingo ingrid
irene iris isabel isabella ivan jack jacob jakob jamal james jamie jan jana janina janine jannik jason javier jean
jens jeremie jessica jessie jim joachim joan joao johan johann johanna johannes john jonas jonathan jörg jorge josef
joseph joshua josip josé juan jude julia julian juliane julien julius jürgen jutta jérôme kai karim karin karl karla
karsten katharina kathrin katja katrin kerstin kevin khalid kilian kim kingsley klaas klara klaus konrad konstantin
kristian kristina kurt kyle kylian lamine lars laura laurent lea leah lena lennart leo leon leonardo leonie leopold
leroy lewis liam lina linda lionel lisa lorenzo lothar lou louis louisa luca lucas lucia lucy ludwig luigi luis luisa
luka lukas luke lutz lydia maik malik manfred manuel manuela marc marcel marcelo marco marcos marcus marek margarete
margot maria mariana marianne marie mario marion mark markus marlene marta martha martin martina marvin mary mason
mateo mathias matteo matthew matthias matthijs max maximilian maya mehmet melanie mesut mia michael michaela michel
michelle miguel mika mikel milan miriam mirko mohamed mohammed monika moritz nadine natalie nathalie neven niclas nico
nicola nicolas nicole niklas niko nikola nikolai nils nina noah nora norbert oleg oleksandr oliver olivia olivier omar
oscar oskar otto pablo paolo pascal patricia patrick patrik paul paula paulo pavel pedro peter petra philipp philippe
pierre ralf ralph ramon raphael raúl rebecca regina reiner reinhard renate rené riccardo richard rita robert roberto
robin rodrigo roger roland rolf roman romelu romy ronald ronny rosa rudi rudolf ryan sabine sabrina sally salvatore
sam sami samuel sandra sandro sara sarah sascha savannah sebastian selena sepp serena serge sergej sergio sertan silke
silvia simon simone sofia sofie sonja sophia sophie stefan stefanie stefano steffen steffi stephan stephanie stephen
steve steven susan susanne sven svenja sylvia tamara tanja tatjana teresa theo theresa thiago thibaut thierry thilo
thomas thorsten till tim timo timothy tina tobias todd tom tommaso tommy toni tony torben torsten ulf uli ulrich
ulrike ursula ute uwe valentin vanessa vera verena veronika victor victoria viktor viktoria vincent vincenzo vinicius
virgil vladimir volker walter waltraud wayne werner wilhelm william wladimir wojciech wolfgang xabi xaver xavi xavier
yann yannick yasmin yusuf yvonne zlatan
""")
