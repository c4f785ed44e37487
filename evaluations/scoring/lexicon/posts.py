"""What people are and where they come from: posts, positions, nationalities and their countries."""

# Of one line, words for one post. Only holders of different lines exclude one another.
_POSTS = """
coach manager gaffer trainer head-coach
boss
captain skipper
goalkeeper keeper shot-stopper
defender centre-back full-back left-back right-back
midfielder playmaker
striker forward attacker centre-forward
winger
chairman chairwoman chair chairperson
president
owner
director
executive
agent
referee
assistant
physio
doctor
lawyer
spokesman spokeswoman spokesperson
scout
mayor
minister
secretary
governor
senator
judge
editor
analyst
substitute
debutant
teenager
official
treasurer
mediator
groundsman
player
"""
# What stands before a post and is no name, with a capital at the head of a sentence.
_QUALIFYING = """
chief deputy vice finance sporting managing technical commercial head caretaker interim former outgoing academy police
goalkeeping honorary acting joint senior regular substitute
"""
_DEMONYMS = """
english england englishman englishwoman; scottish scotland scot scotsman; welsh wales welshman; irish ireland
irishman; french france frenchman frenchwoman; german germany; spanish spain spaniard; italian italy; portuguese
portugal; dutch netherlands holland dutchman dutchwoman; belgian belgium; danish denmark dane danes; swedish sweden
swede swedes; norwegian norway; finnish finland finn finns; polish poland pole; czech czechia; austrian austria;
swiss switzerland;
croatian croatia croat; serbian serbia serb; greek greece; turkish turkey turk; russian russia; ukrainian ukraine;
american america usa; canadian canada; mexican mexico; brazilian brazil; argentine argentina argentinian; uruguayan
uruguay; chilean chile; colombian colombia; nigerian nigeria; ghanaian ghana; senegalese senegal; cameroonian
cameroon; ivorian; egyptian egypt; moroccan morocco; algerian algeria; tunisian tunisia; japanese japan; korean korea;
chinese china; australian australia; indian india; hungarian hungary; romanian romania; bulgarian bulgaria; slovak
slovakia; slovenian slovenia slovene; icelandic iceland icelander icelanders; israeli israel; iranian iran; british
britain; european europe; african africa; asian asia; peruvian peru; paraguayan paraguay; ecuadorian ecuador; venezuelan
venezuela;
bosnian bosnia; albanian albania; malian mali
"""


def _table(lines: list[list[str]]) -> dict[str, str]:
    return {word: words[0] for words in lines for word in words}


QUALIFYING = frozenset(_QUALIFYING.split())
POSTS = _table([line.split() for line in _POSTS.strip().splitlines()])
DEMONYMS = _table([line.split() for line in _DEMONYMS.strip().split(";")])
_COUNTRIES = {word: frozenset(line.split()) for line in _DEMONYMS.strip().split(";") for word in line.split()}


def same_country(word: str) -> frozenset[str]:
    """The words of one country, its people and what is of it: "wales" and "welsh"; none for any other word."""
    return _COUNTRIES.get(word, frozenset())
