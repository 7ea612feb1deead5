"""What holds for every template: nothing inline, every icon is drawn, the tags draw what they promise."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import Client, RequestFactory

from governance_portal.templatetags import ui

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SPRITE = set(re.findall(r'symbol id="(\w+)"', (settings.BASE_DIR / "static/img/icons.svg").read_text(encoding="utf-8")))


def drawn(source: str, **context: object) -> str:
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).split())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_has_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"|javascript:|hx-on|hx-vals='js", text)
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_every_icon_that_is_asked_for_is_in_the_sprite(path: Path) -> None:
    asked = set(re.findall(r'{% icon "(\w+)"', path.read_text(encoding="utf-8")))
    assert asked - SPRITE == set()


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert drawn('{% icon "bell" %}') == (
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/img/icons.svg#bell"></use></svg>'
    )
    assert drawn('{% icon "bell" "消息" %}') == (
        '<svg class="icon" role="img" aria-label="消息" focusable="false"><use href="/static/img/icons.svg#bell"></use></svg>'
    )


def test_the_last_five_digits_of_a_number_are_strong() -> None:
    assert drawn("{% serial number %}", number="26111810000173") == '<span class="serial">261118100<b>00173</b></span>'


@pytest.mark.parametrize(
    ("status", "states", "notes"),
    [
        ("registered", ["here", "todo", "todo", "todo", "todo"], ["", "", "", "办结审核", ""]),
        ("supervision", ["done", "done", "done", "here", "todo"], ["", "", "", "办结审核", ""]),
        ("closed", ["done"] * 5, ["", "", "", "办结审核", ""]),
        ("declined", ["here", "todo", "todo", "todo", "todo"], ["不予受理", "", "", "办结审核", ""]),
        ("merged", ["done", "here", "todo", "todo", "todo"], ["", "已并案", "", "办结审核", ""]),
    ],
)
def test_the_five_words_say_done_here_and_to_come(status: str, states: list[str], notes: list[str]) -> None:
    steps = ui.five_steps(status)
    assert [step["label"] for step in steps] == ["受理", "分流", "化解", "督办", "回访"]
    assert [step["state"] for step in steps] == states
    assert [step["note"] for step in steps] == notes


def test_a_query_string_changes_one_name_and_keeps_the_rest() -> None:
    request = RequestFactory().get("/cases/", {"stage": "intake", "q": "供暖", "cursor": "x"})
    found = drawn('{% url_query cursor="" stage="routing" %}', request=request)
    assert found == "?q=%E4%BE%9B%E6%9A%96&amp;stage=routing"


@pytest.mark.parametrize(
    ("need", "look"),
    [
        ({"type": "text"}, "input"),
        ({"type": "longtext"}, "area"),
        ({"type": "boolean"}, "radios"),
        ({"type": "integer"}, "input"),
        ({"type": "date"}, "input"),
        ({"type": "datetime"}, "input"),
        ({"type": "choice", "choices": [{"value": str(n), "label": "甲"} for n in range(6)]}, "radios"),
        ({"type": "choice", "choices": [{"value": str(n), "label": "甲"} for n in range(7)]}, "select"),
        ({"type": "choice", "choices": [{"value": str(n), "label": "甲"} for n in range(13)]}, "picker"),
        ({"type": "choice", "choices_url": "/api/v1/categories/"}, "picker"),
        ({"type": "choices", "choices": []}, "checks"),
        ({"type": "unit"}, "picker"),
        ({"type": "units"}, "picker"),
        ({"type": "person"}, "picker"),
        ({"type": "case"}, "picker"),
        ({"type": "photos"}, "files"),
        ({"type": "items"}, "area"),
    ],
)
def test_every_type_a_move_may_need_has_its_control(need: dict[str, object], look: str) -> None:
    field = ui.field_of({"name": "x", "label": "某项", "required": True, **need}, {}, {})
    assert field["look"] == look


def test_a_field_keeps_what_was_typed_and_tells_what_is_wrong() -> None:
    need = {"name": "note", "label": "备注", "type": "longtext", "required": True, "public": False}
    text = drawn(
        '{% need_field need given errors "m-" %}',
        need=need,
        given={"note": "<b>原话</b>"},
        errors={"note": ["请写清理由。"]},
    )
    assert "&lt;b&gt;原话&lt;/b&gt;</textarea>" in text
    assert 'id="m-note" name="note"' in text
    assert 'required aria-invalid="true" aria-describedby="m-note-errors"' in text
    assert '<div class="field__errors" id="m-note-errors">' in text
    assert "field--inner" in text


def test_a_yes_or_no_keeps_its_no() -> None:
    field = ui.field_of(
        {"name": "resolved", "label": "是否解决", "type": "boolean", "required": True}, {"resolved": False}, {}
    )
    assert field["choices"] == [
        {"value": "true", "label": "是", "chosen": False},
        {"value": "false", "label": "否", "chosen": True},
    ]


def test_a_form_of_django_is_drawn_alike_and_never_shows_a_password() -> None:
    class Door(forms.Form):
        username = forms.CharField(label="用户名")
        password = forms.CharField(label="密码", widget=forms.PasswordInput)
        kind = forms.ChoiceField(label="类型", choices=[("", "—"), ("a", "甲"), ("b", "乙")], initial="b")

    form = Door({"username": "clerk", "password": "geheim", "kind": "b"})
    text = drawn("{% form_field form.username %}{% form_field form.password %}{% form_field form.kind %}", form=form)
    assert 'name="username" value="clerk"' in text
    assert "geheim" not in text
    assert '<option value="b" selected>乙</option>' in text


def test_the_inside_of_an_error_page_needs_no_context() -> None:
    for code in (403, 404, 409, 429, 500, 503):
        page = Template('{% extends "' + str(code) + '.html" %}').render(Context({}))
        assert page.count("<h1>") == 1, code


def test_a_refusal_says_its_own_sentence() -> None:
    page = Template('{% extends "409.html" %}').render(
        Context({"detail": "该件 3 分钟前已由井坪司法所签收。", "who": "老李"})
    )
    assert "该件 3 分钟前已由井坪司法所签收。" in page


@pytest.mark.parametrize(
    ("query", "target", "kept"),
    [
        ({"mode": "elder", "next": "/lookup/"}, "/lookup/", {"mode": "elder"}),
        ({"theme": "dark", "next": "https://example.org/"}, "/", {"theme": "dark"}),
        ({"theme": "<b>", "mode": "", "next": "//example.org"}, "/", {}),
    ],
)
def test_the_look_is_kept_in_a_word_and_leads_back_only_to_us(
    query: dict[str, str], target: str, kept: dict[str, str]
) -> None:
    answer = Client().get("/display/", query)
    assert (answer.status_code, answer["Location"]) == (302, target)
    assert {name: morsel.value for name, morsel in answer.cookies.items()} == kept


def test_an_unknown_word_in_a_cookie_is_the_plain_look() -> None:
    from governance_portal.display import frame

    request = SimpleNamespace(COOKIES={"theme": "neon", "mode": "elder"})
    found = frame(request)  # type: ignore[arg-type]
    assert (found["theme"], found["mode"]) == ("auto", "elder")
