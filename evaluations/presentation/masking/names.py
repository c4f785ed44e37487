"""By which words a model would name itself: its own name, its id, its maker, and the family it belongs to. Pure.

A word is as telling as its class says: one that nobody else uses tells wherever it stands; one that is written as a
name tells where it is; an everyday word needs words of identity beside it; and a tier ("mini") belongs to a name only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property

from evaluations.presentation.masking.folding import fold


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


# Names that belong together: who writes of its maker, or of its maker's other models, names itself. A hyphen may be
# any sign or none. Behind the bar: the same in other scripts.
LINEAGES = tuple(
    tuple(line.replace("|", " ").split())
    for line in """
        claude anthropic sonnet opus haiku | клод антропик 克劳德 克勞德 クロード アンソロピック 클로드 앤트로픽 \
        كلود أنثروبيك קלוד אנתרופיק क्लॉड क्लाउड एंथ्रोपिक κλοντ คล็อด ক্লদ
        gpt chat-gpt open-ai codex o1 o3 o4 4o | чатгпт гпт опенэйай опенаи チャットgpt オープンai 챗gpt 챗지피티 \
        오픈ai 오픈에이아이 شات-جي-بي-تي أوبن-إيه-آي צ'אטgpt चैटजीपीटी ओपनएआई
        gemini gemma bard google deep-mind palm | джемини гемини гугл дипмайнд 谷歌 双子座 ジェミニ グーグル \
        ディープマインド 제미나이 제미니 구글 딥마인드 جيميني جوجل غوغل גוגל ג'מיני जेमिनी गूगल γκουγκλ
        llama meta | ллама мета 羊驼 ラマ メタ 라마 메타 ميتا मेटा מטא
        mistral mixtral ministral magistral codestral devstral pixtral voxtral | мистраль мистрал ミストラル \
        미스트랄 ميسترال मिस्ट्रल
        qwen qwq tongyi alibaba | квен цвен алибаба 通义千问 通義千問 千问 千問 通义 通義 阿里巴巴 阿里云 阿里 \
        クウェン アリババ 큐원 알리바바 علي-بابا अलीबाबा
        kimi moonshot | кими 月之暗面 基米 キミ ムーンショット 키미 문샷
        deep-seek | дипсик 深度求索 深度探索 ディープシーク 딥시크 ديب-سيك डीपसीक
        grok x-ai | грок グロック 그록 جروك غروك ग्रोक גרוק
        command cohere aya | кохир コヒア 코히어 كوهير
        phi copilot microsoft | майкрософт 微软 微軟 マイクロソフト 마이크로소프트 مايكروسوفت माइक्रोसॉफ्ट
        nova titan amazon bedrock aws | амазон 亚马逊 亞馬遜 アマゾン 아마존 أمازون अमेज़न
        nemotron nvidia | нвидиа 英伟达 輝達 エヌビディア 엔비디아 إنفيديا
        ernie wenxin baidu | эрни байду 文心一言 文心 百度 アーニー 어니 바이두
        hunyuan tencent yuanbao | хуньюань тенсент 混元 腾讯 騰訊 元宝 훈위안 텐센트
        doubao bytedance seed | доубао 豆包 字节跳动 字節跳動 바이트댄스
        glm chat-glm zhipu z-ai qingyan | чжипу 智谱清言 智谱 智譜 清言 지푸
        granite ibm
        minimax hailuo abab | минимакс 稀宇科技 稀宇 海螺 ミニマックス 미니맥스
        jamba ai21 jurassic | джамба
        yi 01-ai lingyi | 零一万物 零一
        step stepfun | 阶跃星辰 阶跃
        spark iflytek | 讯飞星火 讯飞 星火
        giga-chat sber kandinsky | гигачат сбер
        yandex-gpt yandex alice | яндекс алиса
        olmo tulu molmo allenai ai2
        lfm liquid-ai liquid
        sonar perplexity | перплексити
        hermes nous-research nous
        reka
        inflection pi
        falcon tii
        exaone lg | 엑사원
        hyper-clova clova naver | 하이퍼클로바 네이버 클로바
        solar upstage | 솔라 업스테이지
        ling ring inclusionai ant-group | 蚂蚁
        longcat meituan | 美团
        mimo xiaomi | 小米
        pangu huawei | 盘古 华为
        intern-lm | 书生
        baichuan | 百川
        stable-lm stability-ai
        arctic snowflake
        dbrx databricks mpt mosaic
        palmyra writer
        apple afm
        mercury inception
    """.strip().split("\n")
)
# Parts of many names: alone they say nothing.
TIERS = words("""
    air api base beta chat cloud code coder deep edge exp experimental fast fine flash free ft high instruct it lab labs
    large latest lite lm local low max medium mini model nano omni online oss os plus preview pro r reasoner reasoning
    research sandbox small standard super tune tuned turbo ultra version vision think thinking ai v
    """)
NO_NAMES = words("a am an and as at by de for from in is la le my of on or our the to test we x you your")
# Words of every day, also at the beginning of a sentence: they tell within one, written as a name.
EVERYDAY = words("""
    alice apple arctic bard bedrock brief command compass desk dolphin falcon freeform granite hermes house inception
    inflection inventor jurassic laboratory liquid ling maverick mercury mosaic newsroom nous nova orca palm reporter
    ring scout seed slow snowflake solar sonar spark stability step thorough titan trinity writer
    """)
# Names that are also verbs, nouns or people: they tell where they are written as a name.
NAMELIKE = words("aya cohere copilot ernie grok kimi meta moonshot opus phi pi reka yi")
# In scripts without capitals: words of every day, or parts of such, that are names of models, too.
EVERYDAY_GLYPHS = words(
    "ラマ 라마 キミ 키미 メタ 메타 мета ميتا मेटा מטא 海螺 星火 书生 元宝 蚂蚁 百川 双子座"
    " 羊驼 盘古 千问 алиса ллама гпт"
)

WORD = re.compile(r"[^\W_]+")


class Class(IntEnum):
    """How telling a word is; a larger one tells in more places."""

    EVERYDAY = 1
    NAMELIKE = 2
    OWN = 3


@dataclass(frozen=True)
class Author:
    """A model as it took part in a run; `others` are further ids by which its provider calls it."""

    name: str
    model_id: str
    others: tuple[str, ...] = ()

    @cached_property
    def words(self) -> dict[str, Class]:
        """Every single word by which it would name itself, folded; a hyphen may be any sign or none."""
        kin = kin_of(self.own_words, self.leading_words)
        return {word: class_of(word) for word in self.own_words | kin if is_telling(word)}

    @cached_property
    def leading_words(self) -> frozenset[str]:
        """The first word of its name, and of its id behind the maker."""
        spoken = fold(self.name), fold(self.model_id.rpartition("/")[2])
        return frozenset(word for name in spoken for word in re.findall(r"[^\W\d_]+", name)[:1])

    @cached_property
    def own_words(self) -> frozenset[str]:
        """The words of its name and id, such as "claude", "o3", "ai21"; pieces of numbers are none."""
        spoken = fold(" ".join((self.name, self.model_id, *self.others)))
        spoken = re.sub(r"(?<![^\W_])((?:x|z|01)-ai)(?![^\W_])", lambda match: match[1].replace("-", ""), spoken)
        found = WORD.findall(spoken)
        letters = [part for word in found for part in re.findall(r"[^\W\d_]{2,}", word)]
        # The maker of "moonshotai/…" and "acmeai/…" is also called "Moonshot AI" and "Acme".
        makers = [word.removesuffix("ai") for word in letters if len(word) > 4 and word not in familiar()]
        return frozenset({*found, *letters, *makers})

    @cached_property
    def wholes(self) -> tuple[tuple[str, ...], ...]:
        """Its names of several parts, such as ("claude", "sonnet", "4", "5"), longest first."""
        short = self.model_id.rpartition("/")[2]
        spoken = (
            self.name,
            self.model_id,
            *self.others,
            short,
            *re.split(r"[:@(]", self.name),
            *re.split(r"[:@]", short),
        )
        parts = {tuple(WORD.findall(fold(name))) for name in spoken}
        several = (name for name in parts if len(name) > 1 and not set(name) <= NO_NAMES | {"1"})
        return tuple(sorted(several, key=lambda name: (-sum(map(len, name)), name)))


@cache
def familiar() -> frozenset[str]:
    """Every name of a known family, bare."""
    return frozenset(bare(name) for line in LINEAGES for name in line)


@cache
def everyday() -> frozenset[str]:
    """Every word of every day, bare."""
    return EVERYDAY | {bare(glyph) for glyph in EVERYDAY_GLYPHS}


def kin_of(words: Iterable[str], leading: Iterable[str]) -> frozenset[str]:
    """Every name of the families that these words belong to; an everyday word belongs to one where it leads a name."""
    stems = {word.removesuffix("ai") for word in words} | set(words)
    known = {word for word in stems if class_of(word) > Class.EVERYDAY} | set(leading)
    return frozenset(fold(name) for line in LINEAGES if any(bare(name) in known for name in line) for name in line)


def bare(word: str) -> str:
    """A name without its hyphens, folded."""
    return fold(word).replace("-", "")


def is_telling(word: str) -> bool:
    """Whether a word can name anybody: no tier, no bare number, no single letter."""
    plain = bare(word)
    glyph = len(plain) > 1 and not plain.isascii()
    return plain not in TIERS | NO_NAMES and not plain.isdigit() and (glyph or len(plain) > 1)


@cache
def class_of(word: str) -> Class:
    """How telling a word is: the names of known families most, a word that nobody knows where it is a name."""
    plain = bare(word)
    if plain in everyday():
        return Class.EVERYDAY
    is_sign = any(letter.isdigit() for letter in plain)  # such as "o3"
    return Class.OWN if is_sign or (plain in familiar() and plain not in NAMELIKE) else Class.NAMELIKE
