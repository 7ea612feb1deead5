"""Invented residents: names put together from parts, telephones of a range that is assigned to nobody (154)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康葛章"
)
_FIRST = "建国志文永春秀桂玉淑海立红晓俊爱彩瑞明福云丽金凤成世长翠兰庆根存满学宏宝占艳改德兴喜润广计"
_SECOND = "军平华英珍芳梅兰霞强民林花生明山旺贵香莲红涛亮财有义成龙伟峰燕琴娥仙萍才福娟忠和元安存江清青"


@dataclass(frozen=True)
class Neighbour:
    """One invented person with a telephone."""

    name: str
    phone: str

    def row(self, role: str = "person", address: str = "") -> dict[str, str]:
        """As an intake takes it."""
        return {"name": self.name, "phone": self.phone, "role": role, **({"address": address} if address else {})}


class Neighbours:
    """Gives people, new ones and those who have come before, by the place they live in."""

    def __init__(self, chance: Random, taken: Collection[str]) -> None:
        self._chance, self._taken = chance, set(taken)
        self._known: dict[str, list[Neighbour]] = {}
        self._count = 0

    def one(self, home: str, again: float = 0.12) -> Neighbour:
        """Somebody of a community; with probability `again` one who has come before."""
        known = self._known.setdefault(home, [])
        if known and self._chance.random() < again:
            return self._chance.choice(known)
        known.append(found := self._new())
        return found

    def several(self, home: str, count: int) -> list[Neighbour]:
        """Different people of a community, all of them new."""
        return [self.one(home, again=0) for _ in range(count)]

    def _new(self) -> Neighbour:
        self._count += 1
        while True:
            name = self._chance.choice(_SURNAMES) + self._chance.choice(_FIRST) + self._chance.choice(_SECOND)
            if name not in self._taken and name[1] != name[2]:
                break
        self._taken.add(name)
        return Neighbour(name, f"1541{self._count:07d}")
