"""Words by which a sentence says that it computes: a difference, a sum, a share, a half or a double, goals and their
margin."""

from typing import NamedTuple

from evaluations.scoring.languages.pack import word_set


class Computing(NamedTuple):
    """The words of one language, folded: of differences, of sums, of what is left of a whole, of halves and doubles, of
    goals, of the margin of a result, and those that behind a number and its noun say what is between two things;
    `added` are further words beside which goals are added up."""

    difference: frozenset[str]
    sum: frozenset[str]
    share: frozenset[str]
    factor: frozenset[str]
    goals: frozenset[str]
    margin: frozenset[str]
    apart: frozenset[str]
    added: frozenset[str]

    def is_in(self, words: frozenset[str]) -> bool:
        """Whether any of them is among the words of a sentence."""
        return any(not words.isdisjoint(row) for row in self[:6])


# For each language the words of a field between semicolons, in the order of the fields.
_WORDS = {
    "en": """
    more fewer less short shorter longer older younger earlier later ahead behind clear gap difference between apart
    adrift margin lead leads led trail trailed further extra remaining rest left cheaper dearer higher lower rise rose
    fall fell increase increased decrease decreased up down since first profit loss empty unsold vacant unused other
    others surplus deficit saved saves save saving spared outside smaller bigger larger greater reduced reduction taken
    cut knocked drop dropped; makes making total totals add adds amount amounts amounted combined altogether together
    both overall aggregate sum whole;
    rest remaining remainder other others cover covers pay pays keep keeps; half twice double; goal goals; by margin
    goal clear difference; more fewer less ahead behind clear adrift apart above below short later; all there were saw
    """,
    "de": """
    mehr weniger kürzer länger älter jünger früher später abstand vorsprung rückstand unterschied differenz führt
    führte weitere zusätzlich übrig rest verbleibend verbleibende verbleibenden teurer billiger höher niedriger
    größer kleiner gestiegen stieg gesunken sank zunahme anstieg rückgang plus minus gewinn verlust leer; insgesamt
    zusammen gesamt gesamte gesamten summe beide beiden gemeinsam; rest übrige übrigen restliche restlichen andere
    anderen zahlt zahlen; hälfte halb halbe halben doppelt doppelte doppelten zweimal; tor tore toren treffer
    treffern; tor tore toren treffern unterschied vorsprung; mehr weniger vor hinter vorsprung rückstand abstand;
    alle fielen sahen gab
    """,
    "es": """
    más menos mayor menor mayores menores diferencia ventaja distancia delante detrás restante restantes resto queda
    quedan caro barato subió bajó aumento aumentó caída beneficio pérdida vacías libres; total conjunto juntos
    juntas suma ambos ambas; resto restante restantes demás otro otros otra otras paga pagan; mitad medio doble; gol
    goles tanto tantos; gol goles diferencia ventaja; más menos delante detrás ventaja diferencia; todos hubo vio
    """,
    "fr": """
    plus moins écart différence avance retard devant derrière restant restants reste restent hausse baisse augmenté
    diminué bénéfice perte vides; total ensemble somme cumul cumulés totalisent réunis; reste restant restants autre
    autres paie paient; moitié demi double; but buts; but buts écart différence; plus moins devant derrière avance
    retard; tous eu vu
    """,
    "pt": """
    mais menos maior menor diferença vantagem distância frente atrás restante restantes resto sobra faltam caro
    barato subiu caiu aumento aumentou queda lucro perda vazios; total conjunto juntos juntas soma ambos ambas
    somados; resto restante restantes demais outro outros outra outras paga pagam; metade meio dobro; gol gols golo
    golos; gol gols golo golos diferença vantagem; mais menos frente atrás vantagem diferença; todos houve viu
    """,
    "it": """
    più meno maggiore minore differenza vantaggio distacco davanti dietro restante restanti resto rimane rimangono
    caro salito sceso aumento aumentato calo profitto perdita vuoti; totale complesso insieme somma entrambi
    entrambe complessivamente; resto restante restanti altro altri altre paga pagano; metà mezzo doppio; gol rete
    reti; gol rete reti differenza scarto vantaggio; più meno davanti dietro vantaggio distacco; tutti stati visto
    """,
}
_NONE = Computing(*(frozenset[str]() for _ in Computing._fields))
_COMPUTING = {language: Computing(*map(word_set, rows.split(";"))) for language, rows in _WORDS.items()}


def computing_words(language: str) -> Computing:
    """The words of a language, given by its two letters; none of one that is not known."""
    return _COMPUTING.get(language, _NONE)
