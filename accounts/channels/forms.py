"""通知设置 as a form, and a group channel as the administrator fills it in."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.channels.preferences import ALWAYS_AT_ONCE, Choice, Preferences
from accounts.choices import PERSONAL_WAYS, GroupKind, NoticeKind, Pace
from accounts.models import GroupChannel, Unit
from accounts.models.deliveries import MOBILE
from governance_portal.lib import outbound

#: What each kind is, for whoever chooses.
MEANS: dict[str, str] = {
    NoticeKind.DUE_SOON: "您经办的时限快到了",
    NoticeKind.OVERDUE: "时限已过，本人、负责人、督办员、领导逐级提醒",
    NoticeKind.CASE: "事项转到您这里，或者有了新的进展",
    NoticeKind.ORDER: "催办、督办函和它们的回复",
    NoticeKind.FOLLOW_UP: "待回访的事项和居民评价",
    NoticeKind.URGENT: "重大紧急事项登记，随时发送，不受免打扰限制",
    NoticeKind.OTHER: "不属于以上各类的通知",
}
BOTH_ENDS = "免打扰的开始和结束要一起填；不需要免打扰的，两项都留空。"


def _time(label: str, example: str, help_text: str = "", *, required: bool = False) -> forms.TimeField:
    """A time of day as people write it; the browser's own picker speaks the language of the machine, not of the page."""
    told = f"请按 {example} 这样填时间。"
    return forms.TimeField(
        label=label,
        required=required,
        help_text=help_text or f"例如 {example}。",
        input_formats=["%H:%M", "%H：%M", "%H%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"maxlength": 5, "autocomplete": "off"}),
        error_messages={"invalid": told, "required": told},
    )


class SettingsForm(forms.Form):
    """Addresses, quiet hours, and a choice for each kind (`pace_<kind>`, `ways_<kind>`)."""

    email = forms.EmailField(
        label="接收邮箱",
        required=False,
        max_length=254,
        help_text="不填就不发邮件。",
        error_messages={"invalid": "邮箱写得不对，应当像 name@example.cn。"},
    )
    mobile = forms.CharField(
        label="接收短信的手机号",
        required=False,
        max_length=11,
        validators=[MOBILE],
        help_text="不填就用您登记的工作电话（是手机号时）。",
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    quiet_from = _time("免打扰从", "21:00")
    quiet_to = _time("免打扰到", "07:30")
    digest_at = _time("每天汇总的发送时间", "08:30", "例如 08:30，一天的合成一条发出。", required=True)

    def __init__(self, data: Any = None, *, now: Preferences) -> None:
        times = {name: getattr(now, name) for name in ("quiet_from", "quiet_to", "digest_at")}
        first: dict[str, Any] = {"email": now.email, "mobile": now.mobile}
        first |= {name: f"{value:%H:%M}" if value else "" for name, value in times.items()}
        for kind in NoticeKind.values:
            choice = now.choice(kind)
            first |= {f"pace_{kind}": choice.pace, f"ways_{kind}": list(choice.channels)}
        super().__init__(data, initial=first)
        for kind in NoticeKind.values:
            self.fields[f"pace_{kind}"] = forms.ChoiceField(choices=Pace.choices, required=False)
            ways = [(way.value, way.label) for way in PERSONAL_WAYS]
            self.fields[f"ways_{kind}"] = forms.MultipleChoiceField(choices=ways, required=False)

    def clean(self) -> dict[str, Any]:
        """Both ends of the quiet hours, or neither."""
        given = super().clean() or {}
        if not self.errors and (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
            self.add_error("quiet_to" if given.get("quiet_to") is None else "quiet_from", BOTH_ENDS)
        return given

    def wanted(self) -> Preferences:
        """What was filled in."""
        given = self.cleaned_data
        kinds = {
            kind: Choice(given[f"pace_{kind}"] or Pace.AT_ONCE.value, tuple(given[f"ways_{kind}"]))
            for kind in NoticeKind.values
        }
        times = {name: given[name] for name in ("quiet_from", "quiet_to", "digest_at")}
        return Preferences(email=given["email"], mobile=given["mobile"], kinds=kinds, **times)

    def kinds(self) -> list[dict[str, Any]]:
        """The rows of the table of kinds, as the page draws them."""
        return [self._row(NoticeKind(kind)) for kind in NoticeKind.values]

    def _row(self, kind: NoticeKind) -> dict[str, Any]:
        pace = str(self[f"pace_{kind}"].value() or Pace.AT_ONCE)
        ways = self[f"ways_{kind}"].value() or []
        return {
            "kind": kind.value,
            "label": kind.label,
            "means": MEANS[kind],
            "fixed": kind in ALWAYS_AT_ONCE,
            "ways": [{"value": way.value, "label": way.label, "chosen": way.value in ways} for way in PERSONAL_WAYS],
            "paces": [{"value": row.value, "label": row.label, "chosen": row.value == pace} for row in Pace],
        }


class GroupChannelForm(forms.ModelForm):  # type: ignore[type-arg]
    """A robot; address and key are written, never shown: left empty they stay as they are."""

    url = forms.CharField(
        label="机器人地址",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"size": 80, "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label="签名密钥",
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"size": 60, "autocomplete": "new-password"}),
        help_text="钉钉“加签”、飞书“签名校验”的密钥，或接口推送双方约定的密钥；企业微信不用。修改时留空表示不变。",
    )
    which = forms.MultipleChoiceField(
        label="发哪几类通知",
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="都不选就是各类都发。",
    )

    class Meta:
        model = GroupChannel
        fields = ("name", "kind", "unit", "area_code", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.sealed or {} if self.instance.pk else {}
        self.fields["which"].initial = self.instance.kinds.split()
        host = outbound.host_of(str(kept.get("url", "")))
        here = f"现在的主机：{host}。留空表示不变。" if host else "从群设置里复制，主机须在 OUTBOUND_HOSTS 里。"
        self.fields["url"].help_text = f"{here}地址里带有口令，保存后不再显示。"
        self.fields["unit"].queryset = Unit.objects.active()  # type: ignore[attr-defined]
        self.fields["unit"].help_text = "这个单位的人收到通知时，群里也收到一条；不选就不看单位。"
        self.fields["area_code"].help_text = "只看这个区划（及下级）的岗位；不填就不看区划。"

    def clean(self) -> dict[str, Any]:
        """An address that may be spoken to, and a key where one is needed."""
        given = super().clean() or {}
        kept = dict(self.instance.sealed or {}) if self.instance.pk else {}
        url = given.get("url") or kept.get("url", "")
        secret = given.get("secret") or kept.get("secret", "")
        if not url:
            self.add_error("url", "请填机器人地址。")
        elif given.get("url"):
            try:
                outbound.check(url)
            except outbound.Unsafe as refused:
                self.add_error("url", f"{refused}。")
        if given.get("kind") == GroupKind.WEBHOOK and not secret:
            self.add_error("secret", "接口推送必须有签名密钥，请与对方约定后填写。")
        self.kept = {"url": url, "secret": secret}
        return given

    def save(self, commit: bool = True) -> Any:
        """With address and key sealed."""
        self.instance.sealed = self.kept
        self.instance.kinds = " ".join(self.cleaned_data["which"])
        return super().save(commit)
