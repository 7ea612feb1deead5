"""The dispatch catalogue and the canned answers in the configuration pages, in Chinese."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts import audit
from accounts.models import Unit
from accounts.querysets import day_of
from cases.dispatching import canned, catalogue
from cases.models import CannedAnswer, Category, DispatchLine
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.spoken import date_words
from grids.models import Area
from grids.queries import names_of


def _categories() -> list[tuple[str, str]]:
    rows = Category.objects.filter(active=True).order_by("code").values_list("code", "name")
    return [("", "全部类别"), *((code, f"{code} {name}") for code, name in rows)]


def _areas() -> list[tuple[str, str]]:
    rows = Area.objects.filter(active=True).order_by("code").values_list("code", "name")
    return [("", "不分区划"), *((code, f"{code} {name}") for code, name in rows)]


def _units() -> list[tuple[str, str]]:
    rows = Unit.objects.active().order_by("kind", "code").values_list("code", "name")
    return [("", "（撤销本行时不选）"), *((code, f"{name}（{code}）") for code, name in rows)]


class DispatchForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new version of a line; judged as the import judges it."""

    category_code = forms.ChoiceField(label="类别（含下级）", choices=_categories, required=False)
    area_code = forms.ChoiceField(label="区划（含下级）", choices=_areas, required=False)
    unit_code = forms.ChoiceField(label="主办单位", choices=_units, required=False)

    class Meta:
        model = DispatchLine
        fields = ("category_code", "area_code", "unit_code", "source", "effective_on", "note", "withdrawn")

    def clean(self) -> dict[str, Any]:
        """Sentences beside the fields."""
        given = super().clean() or {}
        if not self.errors:
            for name, sentences in catalogue.problems(self.draft()).items():
                self.add_error(name, sentences)
        return given

    def _post_clean(self) -> None:
        """The row is made by `publish`, not from the form: there is nothing of it to validate yet."""

    def draft(self) -> catalogue.Draft:
        """What was filled in."""
        given = {name: self.cleaned_data.get(name) for name in self.Meta.fields}
        return catalogue.Draft(**{**given, "unit_code": "" if given["withdrawn"] else given["unit_code"]})  # type: ignore[arg-type]


class InForceFilter(admin.SimpleListFilter):
    """现行 first; every version when asked."""

    title, parameter_name = "版本", "edition"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice beside 全部."""
        return [("now", "只看现行")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[DispatchLine]) -> QuerySet[DispatchLine]:
        """What holds today."""
        if self.value() == "now":
            return queryset.filter(pk__in=catalogue.in_force(day_of(timezone.now())).values("pk"))
        return queryset


@admin.register(DispatchLine)
class DispatchLineAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Published versions are looked at; a change is the next version."""

    form = DispatchForm
    list_display = ("category", "place", "unit", "version", "state", "effective_on", "source", "author_name", "again")
    list_filter = (InForceFilter,)
    search_fields = ("category_code", "area_code", "unit_code", "unit_name", "source", "note")
    list_per_page = 100

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: what is published stays as it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a line is ended by a version that withdraws it."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A published one shows what became of its line, too."""
        shown = ("category", "place", "unit", "version", "state", "source", "effective_on", "note")
        return (*shown, "author_name", "published_at", "versions") if obj else DispatchForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """All of a published one."""
        return self.get_fields(request, obj) if obj else ()  # type: ignore[return-value]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DispatchLine]:
        """With what a page of them needs, asked once."""
        self._names = dict(Category.objects.values_list("code", "name"))
        self._places = names_of(DispatchLine.objects.exclude(area_code="").values_list("area_code", flat=True))
        self._lines: dict[tuple[str, str], list[DispatchLine]] = {}
        for line in DispatchLine.objects.all():
            self._lines.setdefault((line.category_code, line.area_code), []).append(line)
        return super().get_queryset(request)

    @admin.display(description="类别", ordering="category_code")
    def category(self, line: DispatchLine) -> str:
        """Code and name."""
        return f"{line.category_code} {self._names.get(line.category_code, '')}" if line.category_code else "全部类别"

    @admin.display(description="区划", ordering="area_code")
    def place(self, line: DispatchLine) -> str:
        """Its name."""
        return self._places.get(line.area_code, line.area_code) if line.area_code else "不分区划"

    @admin.display(description="主办单位", ordering="unit_name")
    def unit(self, line: DispatchLine) -> str:
        """As published."""
        return line.unit_name or "（撤销）"

    @admin.display(description="状态")
    def state(self, line: DispatchLine) -> str:
        """现行, 未生效, 已撤销 or 已被取代."""
        versions = self._lines.get((line.category_code, line.area_code), [line])
        return catalogue.state_of(line, versions, timezone.now())

    @admin.display(description="")
    def again(self, line: DispatchLine) -> SafeString:
        """The way to the next version of the line."""
        kept = {"category_code": line.category_code, "area_code": line.area_code, "unit_code": line.unit_code}
        url = f"{reverse('admin:cases_dispatchline_add')}?{urlencode(kept)}"
        return format_html('<a href="{}">发布新版本</a>', url)

    @admin.display(description="全部版本")
    def versions(self, line: DispatchLine) -> SafeString:
        """The history of the line, newest first."""
        rows = [
            (
                one.version,
                self.state(one),
                self.unit(one),
                date_words(one.effective_on),
                one.source,
                one.author_name,
                one.note or "无说明",
            )
            for one in catalogue.history(line)
        ]
        return format_html_join("", "<p>第 {} 版（{}）：{}；{} 起；依据 {}；发布人 {}；{}</p>", rows)

    def save_model(self, request: HttpRequest, obj: DispatchLine, form: Any, change: bool) -> None:
        """Publish; the row that the page goes on with is the published one."""
        line = catalogue.publish(form.draft(), author=request.user, now=timezone.now())  # type: ignore[arg-type]
        obj.__dict__.update(line.__dict__)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Two at the same moment: the second is told, and finds the first one's version in the list."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Incomplete as refused:
            messages.error(request, "；".join(catalogue.sentences(refused.errors)))
            return HttpResponseRedirect(reverse("admin:cases_dispatchline_changelist"))


class CannedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where a text is offered is one choice: a field of a move."""

    place = forms.ChoiceField(label="用在哪里", choices=canned.places)
    category_code = forms.ChoiceField(label="类别（含下级）", choices=_categories, required=False)

    class Meta:
        model = CannedAnswer
        fields = ("place", "category_code", "title", "text", "active", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["place"] = f"{self.instance.move}.{self.instance.field}"

    def clean(self) -> dict[str, Any]:
        """Set the move and the field, and see that the text fits there."""
        given = super().clean() or {}
        move, _, field = str(given.get("place", "")).partition(".")
        self.instance.move, self.instance.field = move, field
        if problem := canned.problem_of(move, field, given.get("text") or ""):
            self.add_error("text", problem)
        same = CannedAnswer.objects.filter(
            move=move, field=field, category_code=given.get("category_code") or "", title=given.get("title") or ""
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("title", "这个填写项已有同名的常用答复，请换一个名称。")
        return given


@admin.register(CannedAnswer)
class CannedAnswerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Texts that are often written."""

    form = CannedForm
    list_display = ("title", "place", "category_code", "active", "position")
    list_filter = ("active", "move")
    search_fields = ("title", "text", "category_code")

    @admin.display(description="用在哪里", ordering="move")
    def place(self, answer: CannedAnswer) -> str:
        """The move and the field in words."""
        return dict(canned.places()).get(f"{answer.move}.{answer.field}", f"{answer.move}.{answer.field}")

    def save_model(self, request: HttpRequest, obj: CannedAnswer, form: Any, change: bool) -> None:
        """With an entry in the log: residents will read what is offered here."""
        super().save_model(request, obj, form, change)
        what = "canned.changed" if change else "canned.created"
        told = {"fields": form.changed_data}
        audit.record(request.user, what, f"canned:{obj.pk}", obj.title, told, **audit.request_meta(request))  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: CannedAnswer) -> None:
        """With an entry in the log."""
        audit.record(request.user, "canned.deleted", f"canned:{obj.pk}", obj.title, **audit.request_meta(request))  # type: ignore[arg-type]
        super().delete_model(request, obj)
