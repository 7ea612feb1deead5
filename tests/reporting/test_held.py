"""Under attack nobody is refused: what is not proven waits for a human, with its number, its words and its photos."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import AuditEntry, Notice, Post
from accounts.queries import service_actor
from cases.models import Attachment, Case, HeldReport, RetentionRule
from cases.queries import public_timeline
from cases.reporting import holding, judging, queries
from cases.reporting.chores import forget_discarded, tell_clerks
from cases.reporting.proof import challenge, solve, solved, zero_bits
from cases.reporting.receiving import Received, received_before
from cases.reporting.weather import expected
from cases.services import attachments, retention
from cases.services.lookup import UnderReview, open_case
from governance_portal.lib.errors import Incomplete, NotNow, TooMany
from grids.models import Area
from tests.cases.cast import MONDAY, District
from tests.reporting.conftest import BODY, COMMUNITY

Send = Callable[..., Received]


def photo_of(now: datetime) -> str:
    out = BytesIO()
    Image.new("RGB", (32, 24), "#446688").save(out, "JPEG")
    upload = SimpleUploadedFile("灯.jpg", out.getvalue(), "image/jpeg")
    kept = attachments.store(None, upload, actor=service_actor("resident"), now=now, public=True, resident=True)
    return str(kept.uid)


# --- what is asked, and of whom ----------------------------------------------------------------------------------


def test_on_a_usual_day_a_report_is_a_matter_at_once_and_nothing_is_asked(district: District, send: Send) -> None:
    made = send("calm-1")
    assert (made.held, Case.objects.get().number, HeldReport.objects.count()) == (None, made.number, 0)


def test_under_an_alarm_a_proof_makes_a_matter_and_none_makes_a_held_report(alarm: datetime, send: Send) -> None:
    proven, unproven = send("with", proven=True), send("without")
    assert (proven.held, unproven.registered) == (None, None)
    assert (Case.objects.get().number, HeldReport.objects.get().number) == (proven.number, unproven.number)
    assert HeldReport.objects.get().held_for == "unproven"


def test_the_alarm_lasts_an_hour_and_its_proof_grows_with_the_rate(alarm: datetime, send: Send) -> None:
    assert (expected("203.0.113.1", alarm).asked, expected("203.0.113.1", alarm).bits) == (True, 15)
    assert expected("203.0.113.1", alarm + timedelta(minutes=59)).asked is True
    assert expected("203.0.113.1", alarm + timedelta(minutes=61)).asked is False


def test_one_busy_address_is_asked_while_its_neighbours_are_not(district: District, send: Send) -> None:
    for number in range(20):
        send(f"shared-{number}", description=f"第 {number} 户停暖，请处理。")
    assert (expected("198.51.100.7", MONDAY).asked, expected("198.51.100.8", MONDAY).asked) == (True, False)
    assert (send("shared-21").held is not None, send("next-door", address="198.51.100.8").held) == (True, None)


def test_a_proof_is_good_for_its_own_form_ten_minutes_and_its_bits() -> None:
    line = challenge("form-1", 8, MONDAY)
    proof = solve(line, 8)
    assert zero_bits(proof) >= 8
    assert solved(proof, "form-1", MONDAY)
    late, other = MONDAY + timedelta(minutes=11), proof.replace("~", "x~")
    assert not any(
        [
            solved(proof, "form-2", MONDAY),
            solved(proof, "form-1", late),
            solved(other, "form-1", MONDAY),
            solved(line, "form-1", MONDAY),
            solved("~", "form-1", MONDAY),
            solved(solve(challenge("", 4, MONDAY), 4), "", MONDAY),
        ]
    )


def test_too_little_work_is_no_proof() -> None:
    line = challenge("form-1", 20, MONDAY)
    nonce = next(n for n in range(100) if zero_bits(f"{line}~{n}") < 20)
    assert not solved(f"{line}~{nonce}", "form-1", MONDAY)


def test_a_proof_serves_one_report_only(alarm: datetime, send: Send) -> None:
    first = send("once", proven=True)
    assert send("once").number == first.number
    with pytest.raises(NotNow):
        send("once", proven=True, description="换一件事，用同一份校验。")
    assert Case.objects.count() == 1


# --- what is kept ------------------------------------------------------------------------------------------------


def test_a_held_report_is_sealed_and_keeps_all_that_was_said(alarm: datetime, send: Send) -> None:
    uid = photo_of(alarm)
    made = send("held-1", attachments=[uid])
    row = HeldReport.objects.get()
    assert row.content == {**BODY, "attachments": [uid]}
    raw = bytes(HeldReport.objects.values_list("content", flat=True).get())
    assert "路灯".encode() not in raw
    assert b"13712345678" not in raw
    assert (made.number, made.fresh, row.attachments.count()) == (row.number, True, 1)
    attachments.sweep(alarm + timedelta(days=30))
    assert row.attachments.count() == 1


def test_the_same_form_sent_again_is_answered_as_the_first_time_whatever_the_weather(
    alarm: datetime, send: Send
) -> None:
    first = send("again")
    again, calm = send("again", proven=True), send("again", now=MONDAY + timedelta(hours=2))
    assert {made.number for made in (first, again, calm)} == {first.number}
    assert (HeldReport.objects.count(), Case.objects.count()) == (1, 0)
    with pytest.raises(NotNow):
        send("again", description="另一件事")


def test_what_would_be_refused_is_refused_before_it_is_held(alarm: datetime, send: Send) -> None:
    with pytest.raises(Incomplete) as refused:
        send("bad", kind="", place={"area": "999999999999"}, reporters=[{"phone": "电话"}])
    assert set(refused.value.errors) == {"kind", "reporters"}
    with pytest.raises(Incomplete):
        send("bad", place={"area": "140603999999"})
    assert HeldReport.objects.count() == 0


def test_a_photo_that_is_somebody_else_s_is_not_taken(alarm: datetime, send: Send) -> None:
    uid = photo_of(alarm)
    send("first", attachments=[uid])
    for key, proven in (("thief", False), ("proven-thief", True)):
        with pytest.raises(Incomplete):
            send(key, attachments=[uid], proven=proven)
    assert Attachment.objects.get().held == HeldReport.objects.get()


# --- sent again --------------------------------------------------------------------------------------------------


def test_a_released_report_sent_again_is_answered_as_the_matter_it_became(
    district: District, alarm: datetime, send: Send
) -> None:
    made = send("held")
    judging.release(district.actor("clerk"), [HeldReport.objects.get().pk], alarm)
    again = send("held")
    assert (again.number, again.query_code, again.fresh, again.held) == (made.number, made.query_code, False, None)
    assert again.case == Case.objects.get()


def test_what_came_before_is_asked_for_without_registering(district: District, send: Send) -> None:
    assert received_before(BODY, client_id="one") is None
    assert received_before(BODY, client_id="") is None
    made = send("one")
    found = received_before(BODY, client_id="one")
    assert (found and found.number, Case.objects.count()) == (made.number, 1)
    with pytest.raises(NotNow):
        received_before({**BODY, "description": "另一件事。"}, client_id="one")


def test_a_resident_s_photo_waits_longer_than_a_phone_keeps_its_draft(alarm: datetime) -> None:
    uid, left = photo_of(alarm), []
    for hours in (73, 97):
        attachments.sweep(alarm + timedelta(hours=hours))
        left.append(Attachment.objects.filter(uid=uid).exists())
    assert left == [True, False]


# --- bounded -----------------------------------------------------------------------------------------------------


def test_the_queue_is_bounded_and_nothing_is_lost_in_it(
    alarm: datetime, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "WHOLE", 8)
    monkeypatch.setattr(holding, "EACH", 3)
    texts = [f"加微信领奖品编号{n}，点击链接立即到账，仅限今天。" for n in range(20)]
    for number, text in enumerate(texts):
        send(f"bot-{number}", address="203.0.113.9", description=text)
    heads = HeldReport.objects.filter(folded_into__isnull=True)
    assert (heads.count(), sum(head.count for head in heads), HeldReport.objects.count()) == (3, 20, 20)
    assert {row.content["description"] for row in HeldReport.objects.all() if row.content} == set(texts)
    real = send("real", address="203.0.113.10", description="东街水管爆裂，路面结冰，请尽快抢修。")
    assert HeldReport.objects.get(number=real.number).folded_into is None


def test_a_new_sender_is_shown_by_itself_also_when_the_queue_is_full(
    alarm: datetime, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "WHOLE", 2)
    for number in range(2):
        send(f"bot-{number}", address="203.0.113.9", description=f"{'甲乙'[number]}类广告，欢迎来电咨询办理。")
    real = send("real", address="203.0.113.10", description="东街水管爆裂，路面结冰，请尽快抢修。")
    assert HeldReport.objects.get(number=real.number).folded_into is None
    copy = send("copy", address="203.0.113.11", description="东街水管爆裂，路面结冰，请尽快抢修！")
    assert HeldReport.objects.get(number=copy.number).folded_into == HeldReport.objects.get(number=real.number)


def test_only_when_the_whole_store_is_full_an_unproven_report_is_asked_to_come_later(
    alarm: datetime, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "MOST", 1)
    send("held")
    with pytest.raises(TooMany) as refused:
        send("later")
    assert (refused.value.retry_after, send("proven", proven=True).held) == (3600, None)


# --- judged ------------------------------------------------------------------------------------------------------


def test_while_it_waits_number_and_code_open_it_as_waiting(alarm: datetime, send: Send) -> None:
    made = send("held", attachments=[photo_of(alarm)])
    row = HeldReport.objects.get()
    with pytest.raises(UnderReview) as waits:
        open_case(made.number, made.query_code, "198.51.100.7", alarm)
    assert waits.value.held == row


def test_release_registers_once_with_photos_and_contact(district: District, alarm: datetime, send: Send) -> None:
    made = send("held", attachments=[photo_of(alarm)])
    clerk, row = district.actor("clerk"), HeldReport.objects.get()
    later = alarm + timedelta(hours=3)
    told = judging.release(clerk, judging.meant(clerk, [str(row.uid)], "one"), later)
    case = Case.objects.get()
    row.refresh_from_db()
    assert (told.done, told.refused, case.number, case.channel) == (1, [], made.number, "web")
    assert (case.attachments.count(), case.parties.get().contact["phone"]) == (1, "13712345678")  # type: ignore[index]
    assert (row.state, row.content, row.case, row.attachments.count()) == ("released", None, case, 0)
    assert open_case(made.number, made.query_code, "198.51.100.7", later) == case
    assert send("held", now=later, attachments=case_uids(case)).number == made.number
    assert judging.release(clerk, [row.pk], later).done == 0


def test_a_released_report_tells_resident_and_staff_when_it_was_received(
    client_of: Callable[[str], Client], district: District, alarm: datetime, send: Send
) -> None:
    send("held")
    later = alarm + timedelta(hours=3)
    judging.release(district.actor("clerk"), [HeldReport.objects.get().pk], later)
    case = Case.objects.get()
    told = public_timeline(case)
    assert [(row["at"], row["label"]) for row in told["events"]] == [(alarm, "已收到"), (later, "已登记")]
    assert (told["registered_at"], case.registered_at) == (later, later)
    assert (
        "（2026年11月23日 星期一 09:00 收到，核实后登记）"
        in client_of("clerk").get(f"/cases/{case.number}/").content.decode()
    )


def test_a_matter_registered_at_once_has_one_line(district: District, send: Send) -> None:
    send("calm")
    assert [row["label"] for row in public_timeline(Case.objects.get())["events"]] == ["已登记"]


def case_uids(case: Case) -> list[str]:
    return [str(uid) for uid in case.attachments.values_list("uid", flat=True)]


def test_a_release_that_is_refused_is_told_and_the_report_still_waits(
    district: District, alarm: datetime, send: Send
) -> None:
    send("held", attachments=[photo_of(alarm)])
    row, clerk = HeldReport.objects.get(), district.actor("clerk")
    Attachment.objects.filter(held=row).delete()
    told = judging.release(clerk, [row.pk], alarm)
    row.refresh_from_db()
    assert (told.done, told.refused) == (0, [f"{row.number}：有的附件没有找到或已用于别的事项，请重新上传。"])
    assert (row.state, Case.objects.count()) == ("waiting", 0)


def test_these_alike_are_meant_by_their_text_and_no_other(district: District, alarm: datetime, send: Send) -> None:
    for number in range(3):
        send(f"bot-{number}", description=f"加微信领奖品编号{number}，点击链接立即到账，仅限今天。")
    send("real", description="东街水管爆裂，路面结冰，请尽快抢修。")
    clerk = district.actor("clerk")
    first = str(HeldReport.objects.order_by("pk").first().uid)  # type: ignore[union-attr]
    done = judging.discard(clerk, judging.meant(clerk, [first], "alike"), "machine", alarm)
    left = HeldReport.objects.get(state="waiting")
    assert (done.done, left.content["description"][:4]) == (3, "东街水管")  # type: ignore[index]


def test_a_discarded_row_leaves_those_that_were_folded_into_it_to_be_read(
    district: District, alarm: datetime, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "EACH", 1)
    send("bot", address="203.0.113.9", description="加微信领奖品，点击链接立即到账，仅限今天。")
    send("real-1", address="203.0.113.9", description="东街水管爆裂，路面结冰，请尽快抢修。")
    send("real-2", address="203.0.113.9", description="西街路灯不亮，老人摔跤，请修灯。")
    clerk, head = district.actor("clerk"), HeldReport.objects.get(folded_into__isnull=True)
    assert (head.count, queries.waiting_count(clerk)) == (3, 1)
    judging.discard(clerk, [head.pk], "advert", alarm)
    shown = queries.waiting(clerk).get()
    assert (shown.count, shown.content["description"][:4]) == (2, "东街水管")  # type: ignore[index]
    assert shown.folded.get().content["description"][:4] == "西街路灯"  # type: ignore[index]
    judging.release(clerk, [shown.folded.get().pk], alarm)
    shown.refresh_from_db()
    assert shown.count == 1


def test_a_discarding_needs_a_reason_and_comes_back_for_seven_days(
    district: District, alarm: datetime, send: Send
) -> None:
    made = send("held", attachments=[photo_of(alarm)])
    clerk, row = district.actor("clerk"), HeldReport.objects.get()
    with pytest.raises(Incomplete):
        judging.discard(clerk, [row.pk], "", alarm)
    judging.discard(clerk, [row.pk], "machine", alarm)
    assert queries.told_of(HeldReport.objects.get())["status_text"] == "经核实，没有登记"
    soon, late = alarm + timedelta(days=6), alarm + timedelta(days=8)
    assert (forget_discarded(soon), judging.restore(clerk, [str(row.uid)], soon).done) == (0, 1)
    judging.discard(clerk, [row.pk], "machine", alarm)
    assert (forget_discarded(late), forget_discarded(late)) == (1, 0)
    row.refresh_from_db()
    assert (row.content, Attachment.objects.count(), row.number) == (None, 0, made.number)
    assert judging.restore(clerk, [str(row.uid)], alarm).done == 0
    assert (forget_discarded(alarm + timedelta(days=91)), HeldReport.objects.count()) == (1, 0)
    actions = list(AuditEntry.objects.filter(action__startswith="held.").values_list("action", flat=True))
    assert sorted(actions) == ["held.discarded", "held.discarded", "held.restored"]


def test_a_clerk_sees_what_lies_in_the_places_of_their_window(district: District, alarm: datetime, send: Send) -> None:
    send("held")
    seen = {name: queries.waiting_count(district.actor(name)) for name in ("clerk", "handler", "dispatcher", "auditor")}
    assert seen == {"clerk": 1, "handler": 0, "dispatcher": 0, "auditor": 0}
    HeldReport.objects.update(area_code="140604100001")
    assert queries.waiting_count(district.actor("clerk")) == 0
    assert COMMUNITY[:6] == "140603"


def test_a_wrong_code_of_a_held_number_answers_as_an_unknown_number(alarm: datetime, send: Send) -> None:
    made = send("held")
    wrong = "0000000000" if made.query_code != "0000000000" else "1111111111"
    assert queries.find_held(made.number, wrong) is None
    assert queries.find_held("26112319999995", made.query_code) is None
    assert queries.find_held(made.number, made.query_code) == HeldReport.objects.get()


def test_clerks_hear_once_a_day_that_reports_wait(district: District, alarm: datetime, send: Send) -> None:
    send("held")
    soon, later, next_day = (alarm + timedelta(minutes=after) for after in (5, 40, 24 * 60))
    assert [tell_clerks(at) for at in (soon, later, later, next_day)] == [0, 1, 0, 1]
    watching = Notice.objects.filter(title="有网上上报超过一个工作日没有核实").order_by("user__username")
    assert not watching.exists()
    assert tell_clerks(alarm + timedelta(days=3)) == 4
    assert [notice.user.username for notice in watching] == ["centre_lead", "supervisor", "supervisor2"]
    told = Notice.objects.filter(user=district.people["clerk"]).order_by("pk").first()
    assert told is not None
    assert (told.title, "路灯" in told.body) == ("有网上上报等待核实", False)


def test_where_no_clerk_sees_what_waits_the_lead_of_the_centre_hears_of_it(
    district: District, alarm: datetime, send: Send
) -> None:
    send("held")
    Post.objects.filter(user=district.people["clerk"]).update(area_code="140603101")
    assert tell_clerks(alarm + timedelta(minutes=40)) == 1
    told = Notice.objects.get(key__startswith="held")
    assert (told.user.username, told.title) == ("centre_lead", "有网上上报等待核实，没有人能看")


def test_a_row_goes_back_to_its_own_place_when_what_lay_elsewhere_was_judged(
    district: District, alarm: datetime, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "EACH", 1)
    Area.objects.create(code="140603101001", name="城东社区", level="community", parent_id="140603101")
    send("here")
    send("there", place={"area": "140603101001"})
    clerk, (here, there) = district.actor("clerk"), HeldReport.objects.order_by("pk")
    assert (here.area_code, there.folded_into) == ("140603", here)
    judging.discard(clerk, [there.pk], "twice", alarm)
    here.refresh_from_db()
    assert (here.area_code, here.count) == (COMMUNITY, 1)
    judging.restore(clerk, [str(there.uid)], alarm)
    there.refresh_from_db()
    assert (there.area_code, there.folded_into) == ("140603101001", None)


def test_erasing_a_matter_takes_what_its_held_report_still_told(
    district: District, alarm: datetime, send: Send
) -> None:
    send("held")
    row = HeldReport.objects.get()
    judging.release(district.actor("clerk"), [row.pk], alarm)
    case = Case.objects.get()
    district.move(case, "accept", "clerk", category="A0102", level="general")
    district.move(case, "resolve_on_spot", "clerk", result="已解释", outcome="answered", reply="已说明供热标准。")
    district.move(case, "confirm", "follow_up", satisfaction=5, resolved=True, contacted=True)
    RetentionRule.objects.update_or_create(kind="", defaults={"months": 36})
    assert retention.erase_expired(alarm + timedelta(days=4 * 365)) == 1
    row.refresh_from_db()
    assert (row.client_id, row.digest, row.source, row.alike, row.case) == ("", "", "", 0, case)
