"""Texts for invented cases: matters of a district in other words each time, and words whose share is known."""

from __future__ import annotations

import random

from bench.printing import Words
from bench.search import _SYLLABLES
from bench.stamping import MATTERS, PLACES, WISHES
from governance_portal.lib.bigrams import plain

#: Word → of how many cases one has it. Two and four characters, common and rare.
SHARES = {"居民": 2, "暖气": 10, "噪声": 33, "井盖": 100, "流浪犬": 400, "蜂窝": 10_000, "麒麟": 100_000}
SHARES |= {"小区物业": 12, "消防通道": 40, "彩钢违建": 10_000, "古井护栏": 50_000}
COMMON_2, COMMON_4 = ("居民", "暖气", "噪声"), ("小区物业", "消防通道")
RARE_2, RARE_4 = ("蜂窝", "麒麟", "獬豸"), ("彩钢违建", "古井护栏")


def texts(chance: random.Random) -> Words:
    """Return a title of at most 40 characters, a story of some 100, an address."""
    words = [word for word, share in SHARES.items() if chance.randrange(share) == 0]
    spot, matter = chance.choice(PLACES), chance.choice(MATTERS)
    filler = ["".join(chance.choices(_SYLLABLES, k=chance.randrange(4, 12))) for _ in range(6)]
    pieces = [spot + matter, *words, *filler]
    chance.shuffle(pieces)
    title, story = f"{spot}{matter}"[:40], "，".join([*pieces, chance.choice(WISHES)]) + "。"
    house = f"{chance.choice('东西南北')}关{chance.randrange(1, 40)}号院{chance.randrange(1, 30)}单元"
    return Words(title, story, house, plain(f"{title}\n{story}\n{house}"))
