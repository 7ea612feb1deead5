"""An attack as it would come: automated reports from few addresses, the page's form and the API in turn, some with a new text
each time. What people must look at stays bounded, nothing kept is lost, and real reports between them go through.

1,000 by default, `LONG=1` for 10,000; `-s` prints the figures. Time is virtual: each address keeps within 60 calls a minute, so that
the limit on calls does not do the queue's work.
"""

import os
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import RateWindow
from cases.models import Case, HeldReport
from cases.public import reporting
from cases.reporting import holding, queries
from cases.reporting.proof import challenge, solve
from cases.reporting.weather import USUAL, expected
from tests.accounts.conftest import emptied_log  # noqa: F401  (a fixture)
from tests.cases.cast import MONDAY, District
from tests.cases.test_together import cast  # noqa: F401  (a fixture)

ATTACK = 10_000 if os.environ.get("LONG") == "1" else 1_000
ADDRESSES = [f"203.0.113.{n}" for n in range(1, 6)]
WORDS = (
    "领奖",
    "微信",
    "到账",
    "链接",
    "名额",
    "客服",
    "贷款",
    "低息",
    "免押",
    "秒批",
    "扫码",
    "红包",
    "补贴",
    "领取",
    "代办",
    "提额",
)
REAL = "东街水管爆裂，路面结冰，老人出门摔倒，请尽快抢修。"
FORM = {"kind": "appeal", "area": "140603100001", "agree": "1"}


def said(number: int) -> str:
    """What a machine writes: one template, or words thrown together."""
    if number % 3:
        return f"加微信领奖品编号{number}，点击链接立即到账，仅限今天，名额有限。"
    return "".join(random.Random(number).choices(WORDS, k=16))


def sent(number: int, address: str, **given: Any) -> Any:
    """One report, by page or by API."""
    if number % 2:
        return Client(REMOTE_ADDR=address).post("/report/", {**FORM, "client_id": f"bot-{number}", **given})
    body = {
        "kind": "appeal",
        "place": {"area": FORM["area"]},
        "privacy_version": "1",
        "client_id": f"bot-{number}",
        **given,
    }
    return Client(REMOTE_ADDR=address).post("/api/v1/public/cases/", body, content_type="application/json")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """The hour as pages and API read it."""
    at = [MONDAY]
    monkeypatch.setattr("django.utils.timezone.now", lambda: at[0])
    yield at


def test_an_attack_leaves_a_bounded_queue_and_a_real_report_goes_through(
    district: District, clock: list[datetime]
) -> None:
    attacked(district, clock)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("emptied_log")
def test_the_same_with_real_commits(cast: District, clock: list[datetime]) -> None:  # noqa: F811
    attacked(cast, clock)
    RateWindow.objects.all().delete()


def attacked(district: District, clock: list[datetime]) -> None:
    """The attack, its figures, and what must hold."""
    refused, slowest, spent, real_times, plain = 0, 0.0, 0.0, [], []
    for number in range(ATTACK):
        clock[0] = MONDAY + timedelta(seconds=number * 60 / (len(ADDRESSES) * 55))
        begun = time.perf_counter()
        answer = sent(number, ADDRESSES[number % len(ADDRESSES)], description=said(number))
        took = time.perf_counter() - begun
        spent, slowest = spent + took, max(slowest, took)
        refused += answer.status_code not in (200, 201)
        if number % (ATTACK // 10) == ATTACK // 20:
            real_times.append(_real(f"real-{number}", "198.51.100.7", clock[0]))
            plain.append(_plain(f"plain-{number}", number))

    heads = HeldReport.objects.filter(folded_into__isnull=True)
    kept, shown = HeldReport.objects.count(), heads.count()
    codes = list(HeldReport.objects.filter(number__in=plain).values_list("folded_into", flat=True))
    cases, human = Case.objects.count(), len(real_times) + len(plain) - len(codes)
    begun = time.perf_counter()
    waiting = queries.waiting_count(district.actor("clerk"))
    desk = time.perf_counter() - begun
    print(
        f"\n{ATTACK} automated reports from {len(ADDRESSES)} addresses in {spent:.0f} s"
        f" ({spent / ATTACK * 1000:.1f} ms each, slowest {slowest * 1000:.0f} ms), refused {refused};"
        f"\ncases {cases} ({cases - human} automated before the alarm), held {kept} in {shown} rows"
        f" (largest {max(head.count for head in heads)}); counting the desk {desk * 1000:.1f} ms;"
        f"\n{len(real_times)} real reports with a proof registered, slowest {max(real_times):.2f} s;"
        f" {len(plain)} without scripts received, {len(codes)} of them held, {codes.count(None)} by themselves"
    )
    assert refused == 0
    assert cases - human <= USUAL
    assert shown <= holding.EACH * len(ADDRESSES) + len(codes)
    assert (kept + cases, sum(head.count for head in heads), waiting) == (
        ATTACK + len(real_times) + len(plain),
        kept,
        shown,
    )
    assert codes[0] is None
    assert max(real_times) < 20


def _real(key: str, address: str, now: datetime) -> float:
    """A resident's phone: asks, computes, sends; seconds until it is registered."""
    begun = time.perf_counter()
    asked = expected(address, now)
    proof = solve(challenge(key, asked.bits, now), asked.bits) if asked.asked else ""
    answer = Client(REMOTE_ADDR=address).post(
        "/report/", {**FORM, "description": REAL, "client_id": key, "proof": proof}
    )
    assert (answer.status_code, answer.context["held"]) == (200, False)
    assert Case.objects.filter(number=answer.context["plain_number"]).exists()
    return time.perf_counter() - begun


def _plain(key: str, number: int) -> str:
    """A resident without scripts, each from an address of their own: held, with a number."""
    text = f"{'南北西中'[number % 4]}关小区楼道灯坏了，{'一二三四五'[number % 5]}楼老人摸黑上楼，请来人修。"
    answer = Client(REMOTE_ADDR=f"198.18.{number // 250}.{number % 250}").post(
        "/report/", {**FORM, "description": text, "client_id": key}
    )
    assert answer.status_code == 200
    return str(answer.context["plain_number"])


def test_the_limit_on_calls_is_the_page_s_too(district: District, clock: list[datetime]) -> None:
    answers = [sent(2 * n + 1, "203.0.113.1", description="") for n in range(61)]
    assert [answer.status_code for answer in answers] == [400] * 60 + [429]
    assert (answers[-1].context["refusal"], int(answers[-1]["Retry-After"]) > 0) == (reporting.TOO_MANY, True)
