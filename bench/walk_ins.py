"""Ten walk-ins at the window, by keyboard alone: what is pressed, what is decided, how long the portal lets one wait.

A `Clerk` counts every key (a Chinese word as its pinyin letters and one key to choose it), every decision, and measures
every wait from the last key to what was waited for. The story itself is put in as told and not counted. Used by
`python -m bench intake`, which judges by the keystroke-level model, and by tests, which count.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page
from pypinyin import lazy_pinyin

#: The keystroke-level model: seconds for a key of an average typist, and for a decision (Card, Moran & Newell 1983).
KEY_SECONDS, DECISION_SECONDS = 0.28, 1.35
CHINESE = re.compile(r"[一-鿿]+")


@dataclass(frozen=True)
class Ground:
    """Where the walk-ins live: a community by name, and the letters that find two units."""

    community: str
    heating: str
    housing: str


@dataclass
class Tally:
    """What one intake took."""

    name: str
    keys: int = 0
    decisions: int = 0
    waits: float = 0.0
    number: str = ""

    @property
    def seconds(self) -> float:
        """The keystroke-level model's answer, the story not counted."""
        return self.keys * KEY_SECONDS + self.decisions * DECISION_SECONDS + self.waits


def keys_for(text: str) -> int:
    """Count the keys of a text: pinyin letters and one to choose for each run of Chinese, else one a character."""
    chinese = CHINESE.findall(text)
    spelt = sum(len("".join(lazy_pinyin(run))) + 1 for run in chinese)
    return spelt + len(CHINESE.sub("", text))


@dataclass
class Clerk:
    """Somebody at the window's keyboard. No mouse: everything goes through `press`, `write` and `tell`."""

    page: Page
    ground: Ground
    tally: Tally = field(default_factory=lambda: Tally(""))

    def begin(self, name: str) -> None:
        """The next person: from a receipt by one key, else from the rail."""
        self.tally = Tally(name)
        if "/receipt/" in self.page.url:
            self.press("n")
            self.wait(lambda: self.page.wait_for_url("**/cases/new/"))
        else:
            self.page.goto("/cases/new/")
        self.page.locator("form[data-intake]").wait_for()
        self.page.wait_for_function("document.activeElement.name === 'who' || document.activeElement === document.body")

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a chord counts its keys."""
        for key in keys:
            self.page.keyboard.press(key)
            self.tally.keys += key.count("+") + 1

    def write(self, text: str) -> None:
        """Write into the field at hand."""
        self.page.keyboard.insert_text(text) if CHINESE.search(text) else self.page.keyboard.type(text)
        self.tally.keys += keys_for(text)

    def tell(self, story: str) -> None:
        """Put the story in; its characters are not counted."""
        self.page.keyboard.insert_text(story)

    def decide(self, times: int = 1) -> None:
        """Look and make up one's mind."""
        self.tally.decisions += times

    def wait(self, until: Callable[[], object]) -> None:
        """Wait for the portal, by the watch."""
        began = time.perf_counter()
        until()
        self.tally.waits += time.perf_counter() - began

    # --- the parts of an intake ---------------------------------------------------------------------------------

    def names(self, name: str, phone: str) -> None:
        """One person's line, and on to the next field."""
        self.write(name)
        self.press("Enter")
        self.write(phone)
        self.press("Enter")

    def asks_who(self, *people: tuple[str, str], who: str = "", count: str = "") -> None:
        """Who came, as (name, phone): alone where nothing is chosen; with a count the end of the names is said."""
        if who:
            self.decide()
            self.press(who)
        self.press("Enter")
        if count:
            self.write(count)
            self.press("Enter")
        for name, phone in people:
            self.names(name, phone)
        if count:
            self.press("Enter")  # nobody else

    def takes_what_is_proposed(self) -> None:
        """After the story: category, community and level, each looked at and taken."""
        self.takes_the_category()
        self.says_where(self.ground.community)
        self.takes_the_level()

    def takes_the_category(self) -> None:
        """From the story on to the category: what is proposed is looked at and taken."""
        self.press("Tab")
        self.sees_proposals()
        self.decide()
        self.press("Enter")
        self.at("place-address")

    def names_the_category(self, letters: str) -> None:
        """From the story on to the category, by the first letters of its pinyin."""
        self.press("Tab")
        self.decide()
        self.write(letters)
        self.press("Enter")
        self.at("place-address")

    def says_where(self, address: str) -> None:
        """The address; the community it names is proposed and taken."""
        self.write(address)
        self.press("Enter")
        self.sees_proposals()
        self.decide()
        self.press("Enter")
        self.at("kind")

    def sees_proposals(self) -> None:
        """Wait until what is proposed lies open under the empty field."""
        shown = self.page.locator(".picker__list:not([hidden]) [role=option][aria-selected=true]", has_text="建议")
        self.wait(lambda: shown.first.wait_for())

    def takes_the_level(self) -> None:
        """Past the kind, which the category has set, to the level: the proposal is read and taken."""
        self.press("Enter")
        self.at("level")
        self.decide()
        self.press("Enter")
        self.at("then")

    def at(self, name: str) -> None:
        """Make sure that the hand is where a person would see it."""
        self.page.wait_for_function(
            "name => (document.activeElement.name || document.activeElement.id || '').indexOf(name) === 0", arg=name
        )

    def registers(self, then: str = "") -> None:
        """Choose how far it goes now, register, and see the receipt."""
        if then:
            self.decide()
            self.press(then)
        self.sends()

    def sends(self) -> None:
        """Ctrl+Enter, and the receipt is there."""
        self.press("Control+Enter")
        self.wait(lambda: self.page.wait_for_url("**/receipt/?new=1"))
        shown = self.page.locator(".paper__number").first.inner_text()
        self.tally.number = re.sub(r"\D", "", shown)


# --- the ten ----------------------------------------------------------------------------------------------------


def couple(clerk: Clerk) -> None:
    clerk.begin("夫妻二人，邻居盖房占了地界")
    clerk.asks_who(("高建国", "13803490001"), ("吕秀梅", "13803490002"), who="2", count="2")
    clerk.tell("邻居上个月盖房垒院墙，占了我家一尺地界，说了几次不听。请帮忙量清楚、给个说法。")
    clerk.takes_what_is_proposed()
    clerk.decide()
    clerk.press("2", "Enter", "Space")  # accepted; they are willing to mediate
    clerk.sends()


def workers(clerk: Clerk) -> None:
    clerk.begin("十一名工人讨薪，推选二人")
    clerk.asks_who(("王强", "13803490011"), ("李刚", "13803490012"), who="2", count="11")
    clerk.tell("我们 11 个人在小区改造工地干了八个月，包工头拖欠工资三十万元，一直不给。请求尽快发工资。")
    clerk.takes_what_is_proposed()
    clerk.registers("2")


def old_man(clerk: Clerk) -> None:
    clerk.begin("老人反映暖气不热")
    clerk.asks_who(("张福贵", "13803490021"))
    clerk.tell("家里暖气一个多星期不热，只有十四度，我八十多岁了受不了，请派人来看看。")
    clerk.names_the_category("gr")
    clerk.says_where(clerk.ground.community)
    clerk.takes_the_level()
    clerk.registers("2")


def repeat_visitor(clerk: Clerk) -> None:
    clerk.begin("又来问暖气的老人（重复来访）")
    clerk.asks_who(("张福贵", "13803490021"))
    clerk.tell("前几天反映的暖气不热还没有人来看，家里还是十四度，再催一下。")
    clerk.takes_the_category()
    clerk.says_where(clerk.ground.community)
    clerk.wait(lambda: clerk.page.locator(".likely").first.wait_for())
    clerk.decide()  # the earlier matter and its reasons
    clerk.press("F2", "ArrowDown", "Escape")  # 没有关系 → round to the first: 关联为重复
    clerk.page.wait_for_function(
        "document.querySelector('.likely input:checked').value === 'duplicate' && document.activeElement.name === 'kind'"
    )
    clerk.takes_the_level()
    clerk.registers("2")


def wrong_office(clerk: Clerk) -> None:
    clerk.begin("走错地方，该去供热站")
    clerk.asks_who(("赵小红", "13803490031"))
    clerk.tell("想给新房开通暖气，交开户费、签供热合同。")
    clerk.names_the_category("gr")
    clerk.says_where(clerk.ground.community)
    clerk.takes_the_level()
    clerk.decide()
    clerk.press("4", "Enter", "Enter")  # 引导到别处; the reason stands there already
    clerk.decide()
    clerk.write(clerk.ground.heating)
    clerk.press("Enter")
    clerk.sends()


def anonymous_hazard(clerk: Clerk) -> None:
    clerk.begin("匿名反映消防通道被堵")
    clerk.asks_who(who="4")
    clerk.tell("小区后门的消防通道被车和杂物堵死，消防车进不去，请尽快清理。")
    clerk.takes_what_is_proposed()
    clerk.registers("2")


def on_behalf(clerk: Clerk) -> None:
    clerk.begin("替母亲来问高龄补贴停发")
    clerk.asks_who(("郝玉芳", "13803490041"), ("郝老太", "13803490042"), who="3")
    clerk.tell("我母亲九十一岁，高龄补贴从七月起没有发，她走不动，我替她来反映。")
    clerk.takes_what_is_proposed()
    clerk.registers("2")


def urgent(clerk: Clerk) -> None:
    clerk.begin("楼道里有煤气味（重大紧急）")
    clerk.decide()
    clerk.press("F9")  # first of all
    clerk.asks_who(("马志远", "13803490051"))
    clerk.tell("二单元楼道里有很重的煤气味，老人和孩子还在楼上，赶快来人。")
    clerk.takes_the_category()
    clerk.says_where(clerk.ground.community)
    clerk.registers()


def consultation(clerk: Clerk) -> None:
    clerk.begin("问低保怎么申请，当场答复")
    clerk.decide()
    clerk.press("F8")
    clerk.wait(lambda: clerk.page.wait_for_url("**/cases/new/?mode=consult"))
    clerk.at("description")
    clerk.tell("低保怎么申请？要带什么材料？")
    clerk.press("Tab")
    clerk.sees_proposals()
    clerk.decide()
    clerk.press("Enter")
    clerk.at("reply")
    clerk.tell("带身份证、户口本和家庭收入证明到村（居）委会提交申请，乡镇二十天内入户核查并答复。")
    clerk.sends()


def conduct(clerk: Clerk) -> None:
    clerk.begin("投诉工作人员作风，要求保密")
    clerk.asks_who(("崔明", "13803490061"))
    clerk.tell("去办手续时工作人员态度恶劣，还骂人，推来推去不给办。请求处理，不要让他们知道是我反映的。")
    clerk.takes_the_category()
    clerk.says_where(clerk.ground.community)
    clerk.press("Enter")
    clerk.at("complained_unit")  # unfolded by the category
    clerk.decide()
    clerk.write(clerk.ground.housing)
    clerk.press("Enter")
    clerk.at("complaint_nature")
    clerk.decide()
    clerk.press("2")
    clerk.takes_the_level()
    clerk.decide()
    clerk.press("2", "Enter", "Enter", "Space")  # accepted; past 愿意调解; 保密
    clerk.sends()


TEN: tuple[Callable[[Clerk], None], ...] = (
    couple,
    workers,
    old_man,
    repeat_visitor,
    wrong_office,
    anonymous_hazard,
    on_behalf,
    urgent,
    consultation,
    conduct,
)


def serve(clerk: Clerk) -> list[Tally]:
    """Serve all ten, one after the other; each ends with its receipt."""
    found = []
    for walk_in in TEN:
        walk_in(clerk)
        found.append(clerk.tally)
    return found
