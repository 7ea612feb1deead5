"""A patrol's task below `/m/`, where the service worker keeps it: the room's own page, coming back to the phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cases.patrols import task_views
from cases.phone.door import phone


@phone
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, pk: int) -> HttpResponse | HttpResponseBase:
    """`/m/patrols/<id>/`: one task; reported without scripts, 今天 is next."""
    answer = task_views.show(request, pk=pk)
    if isinstance(answer, HttpResponseRedirect) and answer.url == reverse("patrols:task", args=[pk]):
        return HttpResponseRedirect(reverse("phone:today"))
    return answer
