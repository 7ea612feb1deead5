"""Visits over the API: the phone's queue sends each as often as it likes."""

from typing import Any

from accounts.models import RateWindow
from cases.models import CarePlan, CareVisit
from tests.api.phone import Phone
from tests.caring.conftest import WELL
from tests.cases.cast import MONDAY, District


def test_a_visit_that_is_sent_twice_is_one_and_answers_alike(agree: Any, district: District, by_hand: Any) -> None:
    RateWindow.objects.all().delete()
    plan, phone = agree(), Phone(district, "grid_worker")
    first = phone.post(f"visits/{plan.uid}/", {**WELL, "client_id": "k"})
    again = phone.post(f"visits/{plan.uid}/", {**WELL, "client_id": "k"})
    assert (first.status_code, again.status_code, first.json() == again.json()) == (201, 200, True)
    assert (CareVisit.objects.count(), first.json()["next_url"], first.json()["day"]) == (1, "", "2026-11-23")
    answers = [
        phone.post(f"visits/{plan.uid}/", {**WELL, "client_id": "other"}),
        phone.post(f"visits/{plan.uid}/", {**WELL, "found": "dead", "client_id": "x"}),
        phone.post(f"visits/{plan.uid}/", {**WELL, "words": 7, "client_id": "x"}),
        phone.post(f"visits/{plan.uid}/", {**WELL, "client_id": "k" * 65}),
        phone.post("visits/one/", WELL),
        Phone(district, "handler").post(f"visits/{plan.uid}/", WELL),
        Phone(district).post(f"visits/{plan.uid}/", WELL),
    ]
    assert [one.status_code for one in answers] == [409, 400, 400, 400, 404, 404, 401]


def test_who_needs_help_is_led_on_alike_when_sent_again(agree: Any, district: District, by_hand: Any) -> None:
    plan, phone = agree(), Phone(district, "grid_worker")
    sent = {**WELL, "found": "help", "words": "要写遗嘱", "then": "help", "client_id": "k"}
    first, again = (phone.post(f"visits/{plan.uid}/", sent).json() for _twice in range(2))
    assert (first, first["next_url"]) == (again, f"/help/new/?visit={first['id']}")


def test_what_is_due_is_masked(agree: Any, district: District, by_hand: Any) -> None:
    plan = agree()
    CarePlan.objects.filter(pk=plan.pk).update(next_on=MONDAY.date())
    told = Phone(district, "grid_worker").get("visits/").json()
    assert told == [
        {
            "id": str(plan.uid),
            "url": f"/caring/{plan.uid}/",
            "title": "探访 · 李**",
            "day": "2026-11-23",
            "overdue": False,
        }
    ]
    assert Phone(district, "supervisor").get("visits/").json() == []
