"""A resident reports without an account and without scripts, for the district or from the QR of a grid's notice board."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.audit import client_address
from accounts.limits import hit
from cases import choices as c
from cases.intake import PLACELESS, PRIVACY_VERSION, check
from cases.public.boards import no_such_grid
from cases.public.uploads import FIELD, taken, unclaimed
from cases.reporting.receiving import Received, receive, received_before
from cases.services.lookup import CALLS_A_MINUTE
from cases.views.choices import places
from cases.views.receipt import grouped, promise_of
from governance_portal.lib.errors import Incomplete, NotNow, Refusal, TooMany
from governance_portal.lib.numbers import format_code
from governance_portal.lib.working_days import SHANGHAI
from grids.queries import NoticeBoard, board_of, locate

TOO_MANY = "操作太频繁，请等一分钟再试；着急时请打窗口电话。"
#: The words were changed after the answer to the first version was lost.
ANOTHER = "先前提交的那一份已经收到，这次内容不同，还没有交。要当作另一件交，请再点一次“提交”；只想改先前那一份，请打窗口电话。"
#: What each kind is, in the words of whoever comes.
KINDS = (
    (c.Kind.APPEAL, "民生诉求", "供热、道路、物业、社保……要解决一件事"),
    (c.Kind.DISPUTE, "矛盾纠纷", "和邻居、单位、商家等起了争执，想请人调解"),
    (c.Kind.HAZARD, "安全隐患", "哪里危险，怕出事"),
    (c.Kind.CONSULTATION, "政策咨询", "想问怎么办、找谁办"),
    (c.Kind.SUGGESTION, "意见建议", "对我们或者对本地工作的投诉、意见和建议"),
)
NO_KIND = "请选一类，拿不准就选“民生诉求”。"
NO_STORY = "请写下要反映的事：什么时间、什么地点、什么事、有什么请求。"
NO_PLACE = "请写明地点，或者选择社区；咨询、建议可以不填。"
AGREE = "请先阅读个人信息处理告知书，并勾选“已阅读并同意”。"
TYPED = ("kind", "description", "area", "address", "name", "phone", "lng", "lat")
TICKED = ("anonymous", "confidential", "agree")
#: Nobody sees this field; what fills it in is a machine.
TRAP = "website"
#: Fields of a registration → the question they are told at.
ASKED_AT = {"place": "address", "area": "area", "reporters": "name", "client_id": "description"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The district's form; POST registers once per form, however often it is sent."""
    return _answer(request, None, timezone.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_grid(request: HttpRequest, code: str) -> HttpResponse:
    """The form of one grid, as its notice board opens it: the place is the grid until somebody narrows it."""
    now = timezone.now()
    board = board_of(code, now.astimezone(SHANGHAI).date())
    return no_such_grid(request) if board is None else _answer(request, board, now)


def _answer(request: HttpRequest, board: NoticeBoard | None, now: datetime) -> HttpResponse:
    if request.method != "POST":
        return _form(request, board, {"kind": request.GET.get("kind", "")}, {}, [], "", 200)
    given = {name: request.POST.get(name, "").strip() for name in TYPED}
    given |= {name: request.POST.get(name, "") for name in TICKED}
    photos = [uid for uid in dict.fromkeys(request.POST.getlist("photo")) if _is_uid(uid)]
    called = hit("lookup_address", client_address(request), CALLS_A_MINUTE, 60, now)
    if not called:
        return _late(request, board, given, photos, TooMany(TOO_MANY, retry_after=called.retry_after))
    if request.POST.get("earlier"):
        return _earlier(request, _body(given, photos, board))
    kept, unkept = taken(request, now, before=len(photos))
    photos += kept
    body = _body(given, photos, board)
    errors = _errors(given, body) | ({FIELD: unkept} if unkept else {})
    if errors:
        return _form(request, board, given, errors, photos, "", 400)
    try:
        made = receive(
            body,
            client_id=_key(request),
            address=client_address(request),
            proof=request.POST.get("proof", ""),
            trapped=bool(request.POST.get(TRAP)),
            now=now,
        )
    except Incomplete as refused:
        return _form(request, board, given, _told_at(refused.errors), photos, "", 400)
    except TooMany as refused:
        return _late(request, board, given, photos, refused)
    except NotNow as refused:
        return _form(request, board, given, {}, unclaimed(photos), ANOTHER, refused.status)
    except Refusal as refused:
        return _form(request, board, given, {}, photos, refused.detail, refused.status)
    return _received(request, made)


def _key(request: HttpRequest) -> str:
    return request.POST.get("client_id", "")[:64]


def _earlier(request: HttpRequest, body: Mapping[str, Any]) -> HttpResponse:
    """Whether this very report arrived before, its answer lost: its receipt, else 204; nothing is registered."""
    try:
        made = received_before(body, client_id=_key(request))
    except NotNow:
        made = None
    return _received(request, made, earlier=True) if made else HttpResponse(status=204)


def _received(request: HttpRequest, made: Received, *, earlier: bool = False) -> HttpResponse:
    address = request.build_absolute_uri(reverse("public:query")) + f"#n={made.number}&c={made.query_code}"
    context = {
        "title": "已经收到",
        "public_home_url": "/",
        "number": grouped(made.number),
        "code": format_code(made.query_code),
        "plain_number": made.number,
        "plain_code": made.query_code,
        "promise": {} if made.held else promise_of(made.case),
        "held": made.held is not None,
        "discarded": made.held.get_discarded_display() if made.held else "",
        "earlier": earlier,
        "qr": segno.make(address, error="m").svg_data_uri(border=2, dark="#000"),
    }
    return render(request, "public/reported.html", context)


def _body(given: Mapping[str, str], photos: list[str], board: NoticeBoard | None) -> dict[str, Any]:
    """The registration that was filled in; what is empty is left out."""
    reporter = {} if given["anonymous"] else {name: given[name] for name in ("name", "phone") if given[name]}
    return {
        "kind": given["kind"],
        "channel": c.Channel.WEB.value,
        "description": given["description"],
        "privacy_version": PRIVACY_VERSION,
        "place": _place(given, board),
        "anonymous": bool(given["anonymous"]),
        "confidential": bool(given["confidential"]),
        **({"reporters": [reporter]} if reporter else {}),
        **({"attachments": photos} if photos else {}),
    }


def _place(given: Mapping[str, str], board: NoticeBoard | None) -> dict[str, Any]:
    """Where it is: the point that was tapped before the grid of the board, the grid before the place in the list."""
    place: dict[str, Any] = {name: given[name] for name in ("area", "address") if given[name]}
    if board is not None:
        place["grid"] = board.code
    try:
        lng, lat = float(given["lng"]), float(given["lat"])
    except ValueError:
        return place
    place |= {"lng": lng, "lat": lat, "datum": "wgs84"}
    found = locate(lng, lat)
    if found is not None:
        place["grid"] = found.code
    return place


def _errors(given: Mapping[str, str], body: Mapping[str, Any]) -> dict[str, list[str]]:
    """Everything that is wrong, at once, at its question."""
    errors: dict[str, list[str]] = {}
    if given["kind"] not in c.Kind.values:
        errors["kind"] = [NO_KIND]
    if not given["description"]:
        errors["description"] = [NO_STORY]
    if given["kind"] not in PLACELESS and not body["place"]:
        errors["address"] = [NO_PLACE]
    told = _told_at({name: rows for name, rows in check(body)[1].items() if name != "channel"})
    errors |= {name: rows for name, rows in told.items() if name not in errors}
    return errors | ({} if given["agree"] else {"agree": [AGREE]})


def _told_at(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for name, sentences in errors.items():
        head, _, rest = name.partition(".")
        last = rest.rpartition(".")[2]
        at = last if last in ("phone", "name", "area", "address") else ASKED_AT.get(head, head)
        if head == "reporters" and sentences[0].startswith("电话"):
            at = "phone"
        told.setdefault(at, []).extend(sentences)
    return told


def _is_uid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _late(
    request: HttpRequest, board: NoticeBoard | None, given: Mapping[str, str], photos: list[str], refused: TooMany
) -> HttpResponse:
    response = _form(request, board, given, {}, photos, refused.detail, 429)
    response["Retry-After"] = str(refused.retry_after)
    return response


def _form(
    request: HttpRequest,
    board: NoticeBoard | None,
    values: Mapping[str, str],
    errors: dict[str, list[str]],
    photos: list[str],
    refusal: str,
    status: int,
) -> HttpResponse:
    suggesting = values.get("kind") == c.Kind.SUGGESTION
    context = {
        "title": "投诉建议" if suggesting else "我要反映",
        "public_home_url": "/",
        "board": board,
        "map_url": reverse("public:report-map") + (f"?grid={board.code}" if board else ""),
        "values": values,
        "errors": errors,
        "photos": photos,
        "refusal": refusal,
        "trap": TRAP,
        "kinds": [{"code": kind.value, "label": label, "about": about} for kind, label, about in KINDS],
        "areas": [] if board else places(""),
        "privacy_version": PRIVACY_VERSION,
        # A key that holds another report is given up.
        "client_id": (request.POST.get("client_id") if status != NotNow.status else "") or str(uuid.uuid4()),
    }
    return render(request, "public/report.html", context, status=status)
