"""The configuration pages: three administrators who cannot do each other's work, and nobody else."""

import ast
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from accounts import audit, services
from accounts.choices import Role
from accounts.desks import about_words, action_words
from accounts.models import AuditEntry, Deputy, Post, Unit, User
from accounts.signals import person_leaving
from tests.accounts.conftest import NOW, Appointed, logged, person

MODELS = ("unit", "user", "post", "deputy", "authtoken", "auditentry", "auditseal", "notice")
BACKEND = "accounts.backends.PostBackend"


@pytest.fixture
def logged_in(appointed: Appointed, centre: Unit):
    """A browser of somebody with a role."""

    def make(role: str) -> Client:
        client = Client()
        client.force_login(appointed(f"p_{role}", role, role, centre, "140603").user, BACKEND)
        return client

    return make


def statuses(client: Client, page: str = "") -> dict[str, int]:
    """What each model's page answers."""
    return {model: client.get(f"/admin/accounts/{model}/{page}").status_code for model in MODELS}


def told(response) -> list[str]:
    """The sentences on top of the page."""
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize(
    ("role", "seen", "added"),
    [
        ("system_admin", {"unit", "user", "post", "deputy"}, {"unit", "user"}),
        ("security_admin", {"unit", "user", "post", "deputy", "authtoken"}, {"post", "deputy"}),
        ("auditor", {"auditentry", "auditseal"}, set()),
    ],
)
def test_each_administrator_sees_and_adds_only_what_is_theirs(logged_in, role: str, seen: set, added: set) -> None:
    client = logged_in(role)
    lists, forms = statuses(client), statuses(client, "add/")
    assert {model for model, status in lists.items() if status == 200} == seen
    assert {model for model, status in forms.items() if status == 200} == added
    assert set(lists.values()) | set(forms.values()) == {200, 403, 404}


@pytest.mark.parametrize("role", [Role.CLERK, Role.LEADER, Role.SUPERVISOR])
def test_nobody_else_enters(logged_in, role: str) -> None:
    response = logged_in(role).get("/admin/")
    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/")


def test_the_configuration_pages_have_no_door_of_their_own(client: Client, db: None) -> None:
    response = client.get("/admin/login/?next=/admin/")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/admin/")


def test_an_administrator_whose_post_ended_is_out_at_the_next_request(logged_in) -> None:
    client = logged_in("auditor")
    assert client.get("/admin/").status_code == 200
    Post.objects.update(ends_on=date.today() - timedelta(days=1))  # noqa: DTZ011
    assert client.get("/admin/").status_code == 302


def test_the_log_can_be_read_by_the_auditor_and_changed_by_nobody(logged_in) -> None:
    entry = audit.record(None, "export", "清单", now=NOW)
    client = logged_in("auditor")
    page = client.get(f"/admin/accounts/auditentry/{entry.pk}/change/")
    refused = client.post(f"/admin/accounts/auditentry/{entry.pk}/change/", {"target": "x"})
    deleted = client.post(f"/admin/accounts/auditentry/{entry.pk}/delete/", {"post": "yes"})
    assert (page.status_code, refused.status_code, deleted.status_code) == (200, 403, 403)
    assert list(AuditEntry.objects.filter(pk=entry.pk).values_list("target", flat=True)) == ["清单"]


def test_the_pages_are_in_chinese_under_the_centres_name(logged_in) -> None:
    text = logged_in("system_admin").get("/admin/").content.decode()
    words = ["平鲁区社会治安综合治理中心 · 系统配置", "人员与组织", "单位", "岗位"]
    assert [word for word in words if word not in text] == []


def test_a_unit_made_here_stands_in_the_tree_and_in_the_log(logged_in, centre: Unit) -> None:
    given = {"code": "JC", "name": "井坪派出所", "kind": "police", "parent": centre.pk, "area_code": "140603100"}
    response = logged_in("system_admin").post("/admin/accounts/unit/add/", {**given, "active": "on"})
    unit = Unit.objects.get(code="JC")
    assert (response.status_code, unit.is_within(centre)) == (302, True)
    assert logged("unit.created") == [("unit.created", "p_system_admin", "JC", True)]


def test_a_person_made_by_the_system_administrator_cannot_log_in_before_the_security_administrator_says_so(
    logged_in,
) -> None:
    system, security = logged_in("system_admin"), logged_in("security_admin")
    system.post("/admin/accounts/user/add/", {"username": "zhangsan", "name": "张三", "phone": ""})
    made = User.objects.get(username="zhangsan")
    chosen = {"action": "give_password", "_selected_action": [made.pk]}
    tried = system.post("/admin/accounts/user/", chosen)
    assert not User.objects.get(pk=made.pk).has_usable_password()
    given = security.post("/admin/accounts/user/", chosen, follow=True)
    (sentence,) = [str(message) for message in given.context["messages"]]
    text = sentence.split("一次性密码：")[1].split("，")[0]
    user = User.objects.get(pk=made.pk)
    assert (user.check_password(text), user.must_change_password, "一次性密码" in tried.content.decode()) == (
        True,
        True,
        False,
    )
    assert logged("password.reset") == [("password.reset", "p_security_admin", "zhangsan", True)]


def test_a_post_is_given_here_through_the_service(logged_in, office: Unit) -> None:
    zhangsan = person("zhangsan", "张三")
    given = {
        "user": zhangsan.pk,
        "role": "clerk",
        "unit": office.pk,
        "area_code": "140603100",
        "starts_on": "2026-01-01",
    }
    response = logged_in("security_admin").post("/admin/accounts/post/add/", given)
    assert (response.status_code, logged("post.appoint")) == (
        302,
        [("post.appoint", "p_security_admin", "zhangsan", True)],
    )


def test_an_administrators_post_beside_a_case_post_is_refused_on_the_form(logged_in, appointed: Appointed) -> None:
    post = appointed("zhangsan", "张三", Role.CLERK)
    given = {
        "user": post.user_id,
        "role": "auditor",
        "unit": post.unit_id,
        "area_code": "140603",
        "starts_on": "2026-01-01",
    }
    response = logged_in("security_admin").post("/admin/accounts/post/add/", given)
    sentence = "审计员不能与窗口受理员由同一人同时担任，请先结束其中一个岗位。"
    assert response.context["adminform"].form.errors == {"role": [sentence]}
    assert Post.objects.filter(user=post.user).count() == 1


def test_ending_a_post_here_is_refused_while_matters_are_open(logged_in, appointed: Appointed) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    client = logged_in("security_admin")
    given = {"area_code": post.area_code, "starts_on": "2026-01-01", "ends_on": "2026-03-31", "note": ""}

    def objects(sender, **kwargs) -> str:
        return "老李还有 3 件未办结，请先移交。"

    person_leaving.connect(objects)
    try:
        refused = client.post(f"/admin/accounts/post/{post.pk}/change/", given)
    finally:
        person_leaving.disconnect(objects)
    kept = Post.objects.get(pk=post.pk).ends_on
    accepted = client.post(f"/admin/accounts/post/{post.pk}/change/", given)
    assert (refused.status_code, told(refused), kept) == (200, ["老李还有 3 件未办结，请先移交。"], None)
    assert (accepted.status_code, Post.objects.get(pk=post.pk).ends_on) == (302, date(2026, 3, 31))


def test_a_deputy_is_set_and_ended_here(logged_in, appointed: Appointed) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    xiaochen = person("xiaochen", "小陈")
    client = logged_in("security_admin")
    given = {"post": post.pk, "user": xiaochen.pk, "starts_on": "2026-03-02", "ends_on": "2026-03-09"}
    client.post("/admin/accounts/deputy/add/", given)
    deputy = Deputy.objects.get()
    client.post(f"/admin/accounts/deputy/{deputy.pk}/change/", {"ends_on": "2026-03-04"})
    assert list(Deputy.objects.values_list("post", "user", "starts_on", "ends_on")) == [
        (post.pk, xiaochen.pk, date(2026, 3, 2), date(2026, 3, 4))
    ]
    assert [row[0] for row in logged()] == ["login", "deputy.set", "deputy.end"]


def test_somebody_leaves_here(logged_in, appointed: Appointed) -> None:
    post = appointed("laoli", "老李", Role.HANDLER)
    chosen = {"action": "disable", "_selected_action": [post.user_id]}
    logged_in("security_admin").post("/admin/accounts/user/", chosen)
    laoli = User.objects.get(pk=post.user_id)
    assert (laoli.is_active, Post.objects.get(pk=post.pk).ends_on) == (False, services.day_of(timezone.now()))


def test_nothing_is_deleted_here(logged_in, office: Unit) -> None:
    client = logged_in("system_admin")
    assert client.post(f"/admin/accounts/unit/{office.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Unit.objects.filter(pk=office.pk).exists()


def test_every_action_that_the_code_logs_has_its_words() -> None:
    """Whoever logs something new says here what it is called: an auditor reads words."""
    logged = set()
    for path in sorted(p for app in ("accounts", "cases", "grids", "hotlines") for p in Path(app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record" and len(node.args) > 1:
                logged |= {node.args[1].value} if isinstance(node.args[1], ast.Constant) else set()
    assert len(logged) > 20
    assert {action for action in logged if action_words(action) == "其他操作"} == set()
    assert [about_words(t) for t in ("case:26112310000017", "hall:140603", "holiday:3", "cases")] == [
        "26112310000017",
        "大厅 140603",
        "工作日历 3",
        "事项清单",
    ]
