"""Words of identity: how a writer says of a name that it is its own, in the languages that reports come in. Pure.

All patterns are read against folded text in lower case, with a space where markup stood.
"""

import re
from collections.abc import Iterator
from functools import cache

from evaluations.presentation.masking.folding import fold

# "I am …", "my name is …"; what is said of oneself needs nothing behind the name.
FIRST_PERSON = """
    i am|i'm|i’m|im|my name is|my name's|call me|i go by|you are talking to|you are reading|you're reading
    soy|yo soy|me llamo|mi nombre es|le habla|les habla|habla
    je suis|je m'appelle|je m’appelle|mon nom est|je me nomme
    ich bin|ich heiße|ich heisse|mein name ist|hier ist|hier spricht|hier schreibt
    sono|io sono|mi chiamo|il mio nome e
    eu sou|sou o|sou a|sou|chamo-me|me chamo|meu nome e|o meu nome e|aqui fala|aqui e
    ik ben|mijn naam is|ik heet|u spreekt met
    jag ar|jag heter|mitt namn ar|jeg er|jeg heter|jeg hedder|mit navn er|mitt navn er
    olen|mina olen|nimeni on|minun nimeni on|jestem|nazywam sie|mam na imie|mowi
    jsem|ja jsem|jmenuji se|moje jmeno je|eu sunt|sunt|ma numesc|numele meu este
    a nevem|en vagyok a|en vagyok|ben|benim adim|adim|toi la|minh la|ten toi la|em la
    saya|saya adalah|nama saya|nama saya adalah|aku|aku adalah|mimi ni|jina langu ni|ako si|ako ay
    ang pangalan ko ay
    soc|jo soc|em dic|el meu nom es|ja sam|zovem se|moje ime je|as esu|mano vardas|ma olen|mina olen
    minu nimi on
    une jam|quhem|emri im eshte|waxaan ahay|magacaygu waa
    меня зовут|мое имя|это я|с вами|я -|я –|я —|я|мене звати|мое ім'я|моє ім’я|моє ім'я|аз съм|казвам се
    името ми е
    ја сам|зовем се|моје име је|јас сум|се викам|моето име е|ειμαι ο|ειμαι το|ειμαι η|ειμαι|με λενε
    το ονομα μου ειναι
    אני|שמי|קוראים לי|انا|أنا|اسمي|اسمي هو|معك|معكم|من هستم|نام من|اسم من|من|میں|میرا نام|मैं|मेरा नाम|मी
    माझे नाव
    म|मेरो नाम|আমি|আমার নাম|நான்|என் பெயர்|నేను|నా పేరు|ನಾನು|ഞാൻ|હું|ਮੈਂ|ผมคือ|ฉันคือ|ดิฉันคือ|ผมชื่อ|ฉันชื่อ
    เราคือ
    나는|저는|제 이름은|내 이름은|私は|わたしは|僕は|俺は|私の名前は|名前は|我是|我叫|我的名字是|我的名字叫
    我名叫|本人是|我就是
    მე ვარ|ես
"""
# "This is …": of a name that the sources use it says nothing where the sentence goes on.
POINTING = """
    this is|it is|it's|here is|here's|that was|este es|aqui|c'est|ici|das ist|das war|questo e|qui|este e
    isto e|dit is
    hier is|detta ar|det har ar|dette er|det er|tama on|to jest|tu|toto je|tady|acesta este|ez|bu|day la|ini
    ini adalah
    это|говорит|це|тут|това е|тук е|ово је|αυτο ειναι|εδω|זה|זאת|هذا|هنا|این|یہ|यह|এটি|นี่คือ|이것은|여기는
    これは|こちらは|这是|這是|这里是
"""
# "As …": only with "I" behind.
AS = """
    as|speaking as|being|como|en tant que|comme|als|in qualita di|come|na qualidade de|som|jako|ca|olarak|как
    作为|作為|身为|身為|として
"""
# "written by …": of texts only.
WRITTEN = """
    (?:hand|auto|machine|ai|computer)?-?(?:written|generated|authored|compiled|drafted|summari[sz]ed|composed)\
 (?:up |for you |here |entirely |automatically |today )?(?:by|with|using|via|through)
    (?:escrit[oa]|redactad[oa]|generad[oa]|elaborad[oa]) (?:integramente |automaticamente )?(?:por|con)
    (?:ecrit|redige|genere)e?s? (?:par|avec)
    (?:geschrieben|verfas[s]?t|erstellt|generiert) (?:von|durch|mit)
    (?:scritt[oa]|redatt[oa]|generat[oa]) (?:da|dal|dalla|con)
    (?:escrit[oa]|redigid[oa]|gerad[oa]) (?:por|pelo|pela|com)
    (?:geschreven|opgesteld|gegenereerd) (?:door|met)
    (?:skriv(?:en|et)|genererad|genererat|skrevet|forfattet|generert|genereret) (?:av|af|med)
    (?:kirjoittanut|laatinut)
    (?:napisan[eya]|wygenerowan[eya]) przez
    (?:napsal|napsala|vygeneroval|vygenerovano)
    (?:scris|scrisa|redactat|generat) (?:de|de catre)
    (?:irta|keszitette)
    (?:viet|soan) boi
    (?:ditulis|dihasilkan|disusun) oleh
    (?:imeandikwa|imeandaliwa) na
    (?:escrit|redactat) per
    (?:napisao|napisala|napisano od|generirao)
    (?:написано|написана|написан|сгенерировано|сгенерирован|составлено|составлен|написал|написала)
    (?:написав|написала|згенеровано|складено)
    (?:написано|написан|генерирано) (?:от|од)
    (?:γραφτηκε|γραμμενο|συνταχθηκε) απο(?: τον?| την?)?
    נכתב על ידי|נכתב בידי|נוצר על ידי|كتبه|كتبها|كتب بواسطة|بقلم|من إعداد|تم إنشاؤه بواسطة|نوشته شده توسط|نوشتۀ
    本文由|本报告由|本報告由|本稿由|撰稿|撰写|撰文|执笔|文责|文責|執筆
    เขียนโดย|สร้างโดย
"""
# "report by …": it counts where the name ends what is said.
TITLED = """
    (?:report|article|summary|story|analysis|recap|review|coverage|text|words|dispatch|digest|write-?up|copy|output|news)\
 (?:is |was |comes? |brought to you |prepared |produced |created |made )?(?:by|from|via)
    (?:informe|texto|articulo|cronica|resumen) (?:de|por)|(?:rapport|texte|article|resume|compte rendu) (?:de|par)
    (?:bericht|text|artikel|zusammenfassung) von|(?:rapporto|testo|articolo|riassunto) di
    (?:relatorio|texto|artigo|resumo) (?:de|do|por)|(?:verslag|tekst|artikel) van|(?:rapport|text|tekst) (?:av|af)
    (?:отчет|репортаж|текст|обзор|статья)(?: от)?|(?:звіт|огляд)(?: від)?
"""
# "I was trained by …", "a model made by …": the machine is named first, and the maker within the sentence.
MACHINES = (
    r"(?:i|i'm|i’m|me|this (?:report|summary|article|text)|(?:language |ai )?model|llm|chatbot|ai|soy|modelo"
    r"|inteligencia"
    r"|je suis|modele|ich bin|ich wurde|sprachmodell|modell|ki|sono|modello|sou|ik ben|taalmodel|jag ar|jeg er"
    r"|jestem|jsem"
    r"|я|модель|нейросеть|ассистент|saya|toi|ben)"
)
MADE = (
    r"(?:(?:trained|developed|created|made|built|designed|produced|prepared|provided|powered|operated|offered"
    r"|hosted|owned|entrenad[oa]|desarrollad[oa]|cread[oa]|hech[oa]|entraine|developpe|cree|concu|trainiert"
    r"|entwickelt|erschaffen|gemacht|addestrato|sviluppato|creato|treinado|desenvolvido|criado|getraind|ontwikkeld"
    r"|gemaakt|tranad|utvecklad|skapad|trent|utviklet|laget|udviklet|trænet|stworzony|wytrenowany|opracowany"
    r"|vytvoreny|vyvinuty|dilatih|dikembangkan|dibuat|phat trien|huan luyen|model|assistant|chatbot|ai|llm|modelo"
    r"|modele|modell|modello|asistente|assistente|assistent|sprachmodell)"
    r"(?: (?:and|y|et|und|e|en|och|og|i) \w{2,15})?"
    r" (?:by|of|from|de|por|par|von|da|di|van|door|av|af|przez|od|oleh|boi|at)(?: (?:the|la|el))?"
    r"|(?:обученн?а?я?|обучен|созданн?а?я?|создан|разработанн?а?я?|разработан|модель|ассистент)"
    r"(?: (?:и|компани(?:ей|и)|от) ?\w{0,15})?)"
)
# What owns the machine that is named next, as in "Google's model …".
OWNED = re.compile(
    r"['’]s (?:own |new |latest |large )?(?:ai|language|chat)?[ ]?(?:model|assistant|chatbot|llm|ai)"
    r"[ ,:]{1,3}(?:called |named )?(?=[^\W_])"
)
# "Author: …", at the beginning of a line or a sentence.
ROLES = """
    author|authors|writer|byline|by-line|by|from|model|model name|model id|ai|ai model|assistant|reporter
    signed|signature|generator|engine|llm|system|bot|version|agent|editor|correspondent|credit|credits
    source model|name|creator|written by|generated by|via|powered by|with thanks to|©|copyright|(?:c)|yours
    yours truly|yours sincerely|yours faithfully|sincerely|regards|best|best regards|kind regards|warm regards
    best wishes|warmly|cheers|thanks|thank you|love|faithfully|respectfully|cordially|xoxo|signing off
    over and out|hi|hello|hey|greetings|ps|p\\.s\\.|autor|autora|autores|firmado|firma|modelo|atentamente
    saludos|un saludo|cordialmente|de|por|auteur|autrice|auteure|signe|modele|cordialement|salutations
    bien a vous|par|verfasser|autorin|modell|gezeichnet|gez|mit freundlichen grußen|mit freundlichen grußen,
    viele gruße|beste gruße|gruße|von|autore|firmato|modello|distinti saluti|cordiali saluti|saluti|da|di
    assinado|atenciosamente|saudacoes|abracos|schrijver|getekend|met vriendelijke groet|groeten|door|forfatter
    forfattare|skribent|hilsen|halsningar|av|af|kirjoittaja|tekija|terveisin|podpisano|z powazaniem|pozdrawiam
    autor textu|podepsan|s pozdravem|cu stima|semnat|szerzo|udvozlettel|yazar|saygilarimla|imza|tac gia
    nguoi viet|penulis|salam|mwandishi|may-akda|autorius|autori|автор|авторка|модель|подпись|с уважением|ваш
    ваша|искренне ваш|з повагою|з пошаною|с уважение|аутор|συγγραφεας|με εκτιμηση|מחבר|בברכה|الكاتب|المؤلف
    النموذج|مع التحية|تحياتي|نویسنده|مصنف|लेखक|मॉडल|लेखक का नाम|লেখক|ผู้เขียน|작성자|모델|글쓴이|작성|著者|作者
    筆者|モデル|署名|文責|敬具|模型|署名|撰稿人|此致|敬上
"""
NOUN = (
    r"(?:(?:large|ai|artificial|intelligence|language|chat|new|latest|own|grande|gro(?:ß|ss?)es|helpful"
    r"|friendly)[ -])*+"
    r"(?:models?|assistants?|chatbots?|llms?|ai|bots?|modelos?|modeles?|modell[eois]?|sprachmodell"
    r"|assistent[ein]*|asistente"
    r"|assistente|ki|ia|模型|助手|人工智能|モデル|アシスタント|모델|어시스턴트|модель|модели|ассистент"
    r"|нейросеть|مساعد|نموذج|मॉडल|सहायक)"
)
FILL = (
    r"(?:(?:an?|the|your|called|named|known as|just|only|simply|still|honestly|actually|really|indeed|again"
    r"|here|el|la|le"
    r"|il|lo|der|die|das|een|un|une|una|um|uma|o|ein|eine|einen|en|ett|et|llamado|llamada|appele|genannt|namens"
    r"|chiamato"
    r"|chamado|de|von|by|from|reporter|journalist|correspondent|writer|analyst|author|editor|model|robot|machine"
    r"|一个|一個|一款|名为|名為|叫|叫做|来自|是|가상|인공지능|大型|语言|語言|"
    + NOUN
    + r")[ ,:]{1,2}|[一由的はがを，、：])"
)
ENDS = (
    r"""(?=[ ]{0,2}(?:[.,!;:)\]"”»\n。，！|–—-]|['’](?!s)|$|speaking\b|here\b|reporting\b|from\b|by\b|at your\b"""
    r"|and i\b|のです|です|입니다|이다))"
)
I_FOLLOWS = r"[ ,]{1,3}(?:i|i'm|we|yo|je|ich|io|eu|ik|jag|jeg|ja|我|私|я)\b|[，,]?(?:我|私)"
VERBS = (
    r"(?:wrote|writes|compiled|prepared|generated|summari[sz]ed|produced|created|authored|drafted|composed|made"
    r"|assembled"
    r"|put together|brings you|signing|signs|reports for you|presents)"
)
THIS = r"(?:this|the following|these|it|that|the above|the report|the summary|the article|off|you|for you)"
REPORT = (
    r"(?:report|summary|take|view|analysis|model|assistant|ai|chatbot|llm|recap|account|newsletter|story"
    r"|article|digest"
    r"|answer|response|reply|round-?up|briefing|write-?up|version|output|text|words|verdict|dispatch|coverage|notes?"
    r"|informe|resumen|rapport|bericht|zusammenfassung|rapporto|riassunto|relatorio|resumo|verslag|отчет"
    r"|репортаж|报告|レポート)"
)
BEHIND = (
    r"[ ,]{0,3}(?:here\b(?=[ ]?[.,!:;–—-]|[ ]?$|[ ]?\n| with\b| again\b| reporting\b| for\b| to\b)"
    r"|speaking\b|reporting\b|signing off|at your service|hier\b(?=[ ]?[.,!:])|aqui\b(?=[ ]?[.,!:])"
    r"|ici\b(?=[ ]?[.,!:]))"
    rf"|['’]s?[ ](?:\w+[ ]){{0,2}}{REPORT}\b"
    rf"|[ ](?:{VERBS})[ ]{THIS}\b"
    rf"|[ ](?:ai[ ]|language[ ])?(?:model|assistant|chatbot|llm)\b"
    rf"|[ ]?[,(–—-][ ]?(?:an?|the|your|un|une|una|ein|eine|um|uma|een|en)[ ]{NOUN}"
    r"|[ ]?\((?:ai|llm|language model|ki|ia)\)"
    r"|(?:で|が|によって|による|より)(?:作成|執筆|書|生成)|(?:です|でした)|(?:撰写|编写|生成|创作|出品|训练"
    r"|开发|的模型|为您)"
    r"|(?:이|가|에서|로|의)? ?(?:작성|생성|만든|개발)|(?:입니다|이에요|예요|라고 합니다)"
    r"|[ ](?:द्वारा|tarafindan|olarak)|[ ]?[-–—]?[ ]?(?:द्वारा लिख|ने लिखा)"
)
SIGNATURE_BEFORE = re.compile(r"(?:^|\n)[ >#\d.)|_]*[-–—―~−‒⁓•·»]{0,3}[ \"'“”‘’([{<|]*$")
SIGNATURE_BEHIND = re.compile(r"[ .!)\]}>|\"'“”‘’_-]*(?:\n|$)")
DASH = re.compile(r"(?:^|\n|[.!?…。！？\"”»)][ ]?)[ >]*(?:[-–—―~−‒]{1,3}|✍️?|©)[ ]?$")
LINE_BEFORE = 60


def alternatives(phrases: str) -> str:
    """Phrases as one pattern, folded, longest first; a line may go on in the next one that begins with a bar."""
    found = [phrase.strip() for phrase in re.split(r"[|\n]", phrases) if phrase.strip()]
    return "|".join(re.escape(phrase) for phrase in sorted(set(map(fold, found)), key=lambda one: (-len(one), one)))


def folded_pattern(pattern: str) -> str:
    """Patterns a line each, folded; a line that begins with a bar goes on with the one before."""
    lines = re.sub(r"\n\s*\|", "|", pattern.strip()).split("\n")
    return "|".join(f"(?:{fold(line.strip()) if not line.isascii() else line.strip()})" for line in lines)


@cache
def introduction_pattern() -> re.Pattern[str]:
    """What stands before a name that is the writer's own; the group says which kind it is."""
    edge, gap = r"(?<![^\W_])", r"[^\w\n.!?]{0,4}"
    glyph = r"(?:(?<=[^\x00-\u024f])|(?<![^\W_]))"
    fill = f"(?:{folded_pattern(FILL)}){{0,6}}"
    return re.compile(
        rf"{glyph}(?P<first>{alternatives(FIRST_PERSON)}){gap}{fill}{gap}"
        rf"|{edge}(?P<pointing>{alternatives(POINTING)}){gap}{fill}{gap}"
        rf"|{glyph}(?P<written>{folded_pattern(WRITTEN)}){gap}{fill}{gap}"
        rf"|{glyph}(?P<titled>{folded_pattern(TITLED)}){gap}{fill}{gap}"
        rf"|(?:^|(?<=[\n.!?;|>(\[。！？]))[ ]?(?P<role>{alternatives(ROLES)})[\W_]{{1,8}}"
        rf"|{edge}(?P<as>{alternatives(AS)}){gap}{fill}{gap}"
    )


@cache
def maker_introduction() -> re.Pattern[str]:
    """What stands before the name of a maker, the machine included."""
    gap, fill = r"[^\w\n.!?]{0,4}", f"(?:{folded_pattern(FILL)}){{0,4}}"
    return re.compile(
        rf"(?<![^\W_]){fold(MACHINES)}(?![^\W_])[^.!?\n]{{0,60}}?(?<![^\W_]){fold(MADE)}{gap}{fill}{gap}(?=[^\W_])"
    )


@cache
def follow_up_pattern() -> re.Pattern[str]:
    """What stands behind a name that is the writer's own."""
    return re.compile(folded_pattern(BEHIND))


@cache
def end_pattern() -> re.Pattern[str]:
    """That nothing follows which would make the name somebody else's."""
    return re.compile(folded_pattern(ENDS))


@cache
def first_person_pattern() -> re.Pattern[str]:
    """ "I" behind "As Claude"."""
    return re.compile(folded_pattern(I_FOLLOWS))


def introductions(text: str) -> Iterator[tuple[int, int, str]]:
    """Where words of identity stand in a text: beginning, end (where a name would begin), kind. Linear time."""
    for match in introduction_pattern().finditer(text):
        yield match.start(), match.end(), match.lastgroup or ""
    for pattern in (maker_introduction(), OWNED):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "made"
