"""On to the next case of a list, or back to the list when there is none."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.views.door import staff
from cases.worklist import following


@staff
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """`?list=<the list with its place>&from=<number>[&back=1]`."""
    number, back = request.GET.get("from", ""), "back" in request.GET
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    found, listing = following.after(request.GET.get("list", ""), number, actor, now, back=back)
    if found is not None:
        return HttpResponseRedirect(following.address_of(found, listing))
    if following.is_empty(listing, number):
        messages.success(request, "这张列表已经办完了。")
    elif back:
        messages.info(request, "前面没有了，已回到列表。")
    else:
        messages.info(request, "后面没有了，已回到列表；前面还有没办的。")
    return HttpResponseRedirect(listing.address)
