"""English."""

from evaluations.scoring.languages.pack import LanguagePack, phrases, word_set
from evaluations.scoring.lexicon.governors import CONDITIONAL, SPEECH, STRENGTHS
from evaluations.scoring.text import words

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_UNITS = [word for word, number in words.NUMBER_WORDS.items() if 0 < number < 10 and not word.endswith("ice")]
_PLACES = [word for word, number in words.ORDINAL_WORDS.items() if number < 10]


def _compounds(units: list[str], values: dict[str, int]) -> dict[str, int]:
    return {f"{tens} {unit}": words.NUMBER_WORDS[tens] + values[unit] for tens in _TENS for unit in units}


ENGLISH = LanguagePack(
    code="en",
    stem=words.stem,
    stopwords=words.STOPWORDS,
    numbers=words.NUMBER_WORDS | _compounds(_UNITS, words.NUMBER_WORDS),
    ordinals=words.ORDINAL_WORDS | _compounds(_PLACES, words.ORDINAL_WORDS),
    scales=words.SCALES | {"trillion": 10**12, "crore": 10**7, "crores": 10**7, "lakh": 10**5, "lakhs": 10**5},
    hundreds={"hundred": 100},
    halves={"half": (1, 2), "quarter": (1, 4), "dozen": (12, 1)},
    joins=word_set("and"),
    one=word_set("a an"),
    score_to=word_set("to"),
    months=words.MONTH_NUMBERS,
    negations=word_set("""
    not no never none nobody nothing neither nor cannot without hardly barely isn't aren't wasn't weren't don't
    doesn't didn't hasn't haven't hadn't won't wouldn't can't couldn't shouldn't mustn't
    """),
    speech=word_set("""
    said says say saying told tells tell telling added adds adding explained explains explaining insisted
    insists insisting admitted admits admitting claimed claims claiming revealed reveals revealing warned warns
    warning joked jokes joking conceded concedes confirmed confirms stated states stating noted notes noting
    replied replies answered answers asked asks recalled recalls remarked remarks commented comments commenting
    declared declares declaring announced announces argued argues arguing believed believes thought thinks felt
    feels wrote writes writing posted posts tweeted tweets quipped quips stressed stresses stressing emphasised
    emphasized emphasises urged urges promised promises vowed vows pledged pledges shouted shouts cried cries
    yelled screamed laughed continued continues concluded concludes complained complains acknowledged
    acknowledges accepted accepts described describes describing called calls calling labelled labeled labels
    dubbed branded hailed hails praised praises suggested suggests hinted hints reiterated reiterates repeated
    repeats maintained maintains predicted predicts denied denies demanded demands ordered orders reflected
    reflects observed observes mused muses testified testifies responded responds quoted put summed told
    informed informs assured assures reported reports expressed lamented whispered countered quoting asserted
    asserts alleged alleges disclosed discloses cautioned cautions contended contends interjected exclaimed
    exclaims wondered wonders shared boasted joking contended termed deemed considers considered slammed blasted
    criticised criticized reassured agreed agrees disagreed hoped hopes feared fears
    """),
    telling=SPEECH,
    unsure=frozenset(word for word, strength in STRENGTHS.items() if strength <= CONDITIONAL),
    reporting=word_set("""
    reported reports report reporting wrote writes write written says said states stated claims claimed notes
    noted reveals revealed confirms confirmed announced announces published publishes describes described
    explains explained mentions mentioned adds added indicates indicated suggests suggested understands cites
    tells told details detailed observes observed highlights highlighted quotes quoted
    """),
    according=phrases(
        "in the words of, according to, as reported by, as reported in, reported by, reported in, as stated by, as "
        "stated in, stated in, as described by, as described in, as noted by, as noted in, as written in, per, as "
        "per, citing, cited by, quoted by, quoted in, published by, published in, as told to, told, speaking to, in "
        "an interview with, in a report by, in a report from, a report by, a report from, a report in, reports by, "
        "reports from, reports in, an article in, an article by, writing in, writing for, via, courtesy of, source, "
        "sources, as quoted by, as cited by, as cited in, based on, information from"
    ),
    papers=word_set("""
    times post news herald tribune gazette daily mail mirror guardian telegraph journal press agency radio tv
    television broadcasting magazine weekly chronicle observer independent express echo standard courier reuters
    afp bbc espn cnn bloomberg athletic sports sky itv ledger bulletin dispatch examiner inquirer register
    sentinel star sun today wire review argus advertiser evening morning sunday insider wikipedia blog newspaper
    network online broadcaster sport
    """),
    articles=word_set("the a an his her their its our my your this that these those"),
    pointing=word_set("the these those all other"),
    pronouns=word_set("he she they it who i we you"),
    prepositions=word_set("""
    of from at for in to with against about over on after before during into under between than as near like
    through toward towards versus including among since until despite following
    """),
    by=word_set("by"),
    that=word_set("that"),
    openers=word_set("""
    later earlier yesterday today tonight afterwards afterward meanwhile previously recently asked pressed
    quizzed finally eventually speaking reacting reflecting looking responding writing talking last next monday
    tuesday wednesday thursday friday saturday sunday former ex new old young acting interim veteran injured
    captain goalkeeper even still then again also perhaps maybe however instead like unlike despite although
    because since while former fellow midfielder striker defender winger forward coach manager chairman
    """),
    opening_ends=("ing",),
    roles=word_set("""
    manager coach captain striker forward midfielder defender goalkeeper keeper winger player boss chairman
    chairwoman chairperson chair president director owner executive secretary referee spokesman spokeswoman
    spokesperson agent assistant head chief officer official minister mayor professor doctor analyst expert
    lawyer attorney judge police sheriff prosecutor author writer actor actress singer founder teacher mother
    father son daughter wife husband brother sister teammate team-mate international veteran substitute defender
    skipper scientist researcher senator governor general commander leader member editor reporter journalist
    witness resident neighbour neighbor founder archbishop bishop pastor ceo physician surgeon detective
    sergeant investigator coordinator organiser organizer advisor adviser candidate driver pilot fan supporter
    """),
)
