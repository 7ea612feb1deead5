"""Everybody is told once."""

from pytest_django import DjangoAssertNumQueries

from accounts import notices
from accounts.models import Notice
from tests.accounts.conftest import NOW, person


def test_the_same_key_reaches_the_same_person_once(db: None) -> None:
    xiaowang, laoli = person("xiaowang", "小王"), person("laoli", "老李")
    first = notices.notify([xiaowang.pk], "case:1:due", "即将超时", "还剩 1 个工作日", "26030210000011", now=NOW)
    again = notices.notify(
        [xiaowang.pk, laoli.pk], "case:1:due", "即将超时", "还剩 1 个工作日", "26030210000011", now=NOW
    )
    inbox = Notice.objects.order_by("id").values_list("user__name", "key", "title", "body", "case_number", "kind")
    assert (first, again) == (1, 1)
    assert list(inbox) == [
        ("小王", "case:1:due", "即将超时", "还剩 1 个工作日", "26030210000011", "case"),
        ("老李", "case:1:due", "即将超时", "还剩 1 个工作日", "26030210000011", "case"),
    ]


def test_telling_thirty_people_costs_three_queries_inbox_choices_groups(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [person(f"p{number}", f"网格员{number}").pk for number in range(30)]
    with django_assert_num_queries(3):
        assert notices.notify(people, "patrol:1", "巡查任务", now=NOW) == 30


def test_a_notice_is_read_once_and_only_by_its_owner(db: None) -> None:
    xiaowang, zhangsan = person("xiaowang", "小王"), person("zhangsan", "张三")
    notices.notify([xiaowang.pk], "a", "甲", now=NOW)
    notices.notify([xiaowang.pk], "b", "乙", now=NOW)
    notice = Notice.objects.get(key="a")
    assert not notices.mark_read(zhangsan, notice.pk, NOW)
    assert notices.unread_count(xiaowang) == 2
    assert notices.mark_read(xiaowang, notice.pk, NOW)
    assert notices.mark_read(xiaowang, notice.pk, NOW.replace(hour=10))
    assert (notices.unread_count(xiaowang), Notice.objects.get(key="a").read_at) == (1, NOW)
    assert (notices.mark_all_read(xiaowang, NOW), notices.unread_count(xiaowang)) == (1, 0)
