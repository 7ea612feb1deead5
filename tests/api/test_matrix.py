"""Every route × method × role × scope of the API: what each answers; a route that is not in the matrix fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator

from accounts.models import RateWindow
from cases.models import Case
from cases.services import attachments
from tests.api.conftest import Phones
from tests.api.phone import Phone, register
from tests.api.test_attachments import photo
from tests.cases.cast import District

#: Nobody; who sees the case by area, by unit as 承办人, as its lead, by area as supervisor; who sees no case; another street.
WHO = ("", "clerk", "handler", "housing_lead", "supervisor", "auditor", "handler_other")
OPEN = (401, 200, 200, 200, 200, 200, 200)
SEEN = (401, 200, 200, 200, 200, 404, 404)
ANYBODY = (400, 400, 400, 400, 400, 400, 400)
UNKNOWN = (404, 404, 404, 404, 404, 404, 404)
CASE = "cases/<str:number>/"
#: Of a whistle that is not there; who may take which step is told in tests/whistling.
WHISTLE_STEPS = ("arrive", "start", "finish", "rate", "recall")
#: Of a case that is no hazard (409); who may write which is told in tests/hazards.
HAZARD_RECORDS = ("", "items/", "results/", "removals/")
#: The case is being handled; the bodies are empty, so that 400 means: may, but must fill in more.
MATRIX: dict[str, tuple[int, ...]] = {
    "POST auth/token/": ANYBODY,
    "DELETE auth/token/": (400, 204, 204, 204, 204, 204, 204),
    "GET me/": OPEN,
    "GET notices/": OPEN,
    "POST notices/<int:notice_id>/read/": (401, 404, 404, 404, 404, 404, 404),
    "GET notices/preferences/": OPEN,
    "PUT notices/preferences/": (401, 400, 400, 400, 400, 400, 400),
    "GET deliveries/": OPEN,
    "POST deliveries/<int:delivery_id>/resend/": (401, 403, 403, 403, 403, 403, 403),
    "GET units/": OPEN,
    "GET areas/": OPEN,
    "GET grids/": OPEN,
    "GET grids/locate/": (401, 400, 400, 400, 400, 400, 400),
    "POST grids/shapes/": (401, *[403] * 6),
    "POST grids/merges/": (401, *[403] * 6),
    "POST grids/splits/": (401, *[403] * 6),
    "GET map/figures/": (401, 200, 403, 403, 200, 403, 403),
    "GET map/points/": (401, 404, 403, 403, 404, 403, 403),
    "GET workflow/": OPEN,
    "GET categories/": OPEN,
    "GET limits/": (401, 403, 403, 403, 403, 403, 403),
    "GET cases/": OPEN,
    "POST cases/": (401, 400, 403, 403, 403, 403, 403),
    "GET cases/count/": OPEN,
    f"GET {CASE}": SEEN,
    f"PATCH {CASE}": (401, 400, 403, 403, 403, 404, 404),
    f"POST {CASE}moves/": (401, 403, 400, 400, 403, 404, 404),
    f"GET {CASE}events/": SEEN,
    f"POST {CASE}notes/": (401, 400, 400, 400, 400, 404, 404),
    f"POST {CASE}contacts/": (401, 400, 400, 400, 403, 404, 404),
    f"POST {CASE}assignments/": (401, 403, 403, 400, 403, 404, 404),
    f"POST {CASE}opinions/": (401, 403, 403, 403, 403, 404, 404),
    f"POST {CASE}performances/": (401, 409, 409, 409, 409, 404, 404),
    f"POST {CASE}requests/": (401, 403, 400, 400, 403, 404, 404),
    f"POST {CASE}requests/<str:pk>/decision/": (401, 403, 403, 400, 403, 404, 404),
    f"POST {CASE}requests/<str:pk>/withdrawal/": (401, 403, 201, 201, 403, 404, 404),
    f"POST {CASE}decline-requests/": (401, 409, 409, 409, 409, 404, 404),
    f"POST {CASE}consultation/opinions/": (401, 409, 409, 409, 409, 404, 404),
    f"POST {CASE}consultation/referrals/": (401, 409, 409, 409, 409, 404, 404),
    f"POST {CASE}tasks/": (401, 403, 400, 400, 403, 404, 404),
    f"POST {CASE}tasks/<str:pk>/completion/": (401, 403, 403, 403, 403, 404, 404),
    f"POST {CASE}tasks/<str:pk>/cancellation/": (401, 403, 400, 400, 403, 404, 404),
    f"POST {CASE}orders/": (401, 403, 403, 403, 400, 404, 404),
    f"POST {CASE}orders/<str:pk>/response/": (401, 403, 400, 400, 403, 404, 404),
    f"POST {CASE}orders/<str:pk>/renewal/": (401, 403, 403, 403, 400, 404, 404),
    f"POST {CASE}orders/<str:pk>/lift/": (401, 403, 403, 403, 400, 404, 404),
    f"POST {CASE}query-code/": (401, 201, 403, 403, 403, 404, 404),
    f"POST {CASE}unmask/": (401, 400, 400, 403, 403, 404, 404),
    f"PATCH {CASE}parties/<str:uid>/": (401, 400, 403, 403, 403, 404, 404),
    f"GET {CASE}people/": SEEN,
    f"GET {CASE}proposal/": SEEN,
    f"POST {CASE}redo-requests/": (401, 409, 409, 409, 409, 404, 404),
    f"POST {CASE}redo-requests/decision/": (401, 409, 409, 409, 409, 404, 404),
    "GET follow-ups/": (401, 403, 403, 403, 403, 403, 403),
    "GET stats/follow-up/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/bands/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/settled-at/": (401, 200, 403, 403, 200, 403, 403),
    "GET network/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/overview/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/trend/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/by-category/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/by-area/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/by-unit/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/by-channel/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/by-level/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/durations/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/stock/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/table/": (401, 200, 403, 403, 200, 403, 403),
    "GET stats/indicators/": (401, 200, 403, 403, 200, 403, 403),
    f"GET {CASE}attachments/": SEEN,
    f"POST {CASE}attachments/": (401, 400, 400, 400, 400, 404, 404),
    f"GET {CASE}attachments/<str:uid>/": SEEN,
    f"GET {CASE}hand-over/": SEEN,
    f"POST {CASE}hand-over/": (401, 403, 403, 403, 403, 404, 404),
    **{f"POST hand-overs/<str:pk>/{step}/": (401, *[404] * 6) for step in ("take", "done", "return", "recall")},
    "GET phone/today/": (401, 200, 200, 200, 200, 403, 200),
    "POST phone/photos/": (401, *[403] * 6),
    "POST phone/reports/": (401, *[403] * 6),
    "POST public/cases/": ANYBODY,
    "POST public/attachments/": ANYBODY,
    "POST public/challenges/": ANYBODY,
    "POST public/lookup/": UNKNOWN,
    "POST public/ratings/": UNKNOWN,
    "POST telephony/events/": (403, 403, 403, 403, 403, 403, 403),
    "POST links/<slug:code>/": (403, 403, 403, 403, 403, 403, 403),
    "GET public/reception-days/": (200, 200, 200, 200, 200, 200, 200),
    "POST public/reception-days/<str:pk>/bookings/": ANYBODY,
    "POST public/reception-days/cancellations/": ANYBODY,
    "GET team-roles/": OPEN,
    "GET order-drafts/": (401, 403, 403, 403, 200, 403, 403),
    "POST order-drafts/<str:pk>/signature/": (401, *[404] * 6),
    "POST order-drafts/<str:pk>/discard/": (401, *[404] * 6),
    "GET supervision-proposals/": (401, 403, 403, 403, 200, 403, 403),
    "POST supervision-proposals/": (401, 403, 403, 403, 400, 403, 403),
    "GET supervision-proposals/<str:pk>/": (401, *[404] * 6),
    "POST supervision-proposals/<str:pk>/decision/": (401, *[404] * 6),
    "POST supervision-proposals/<str:pk>/result/": (401, *[404] * 6),
    "POST lines/<slug:code>/orders/": (403,) * 7,
    "GET lines/<slug:code>/orders/<str:foreign_number>/": (403,) * 7,
    f"GET {CASE}hazard/": (401, *[404] * 6),
    **{f"POST {CASE}hazard/{what}": (401, 409, 409, 409, 409, 404, 404) for what in HAZARD_RECORDS},
    "GET re-inspections/": OPEN,
    "POST re-inspections/<str:pk>/": (401, *[404] * 6),
    "GET responsibility/": (401, 200, 200, 200, 200, 403, 200),
    "GET patrols/": (401, 403, 403, 403, 200, 403, 200),
    "POST patrols/<str:pk>/report/": (401, *[404] * 6),
    "GET visits/": OPEN,
    "POST visits/<str:pk>/": (401, *[404] * 6),
    "POST wishes/": (401, 403, 403, 403, 403, 403, 400),
    "GET public/wishes/": (200,) * 7,
    "POST decisions/<str:pk>/case/": (401, *[404] * 6),
    "GET assessments/mine/": (401, 403, 403, 403, 403, 403, 403),
    "GET bulletins/": (401, 200, 403, 403, 200, 403, 403),
    "GET bulletins/<str:pk>/": (401, 404, 403, 403, 404, 403, 403),
    "GET exclusions/": (401, 200, 200, 200, 200, 403, 200),
    f"POST {CASE}exclusions/": (401, 403, 409, 409, 403, 404, 404),
    **{f"POST exclusions/<str:pk>/{what}/": (401, *[404] * 6) for what in ("decision", "revocation")},
    "GET whistles/": (401, 403, 200, 200, 200, 403, 200),
    "POST whistles/": (401, 403, 403, 403, 403, 403, 403),
    **{f"POST whistle-calls/<str:pk>/{step}/": (401, *[404] * 6) for step in WHISTLE_STEPS},
}
METHODS = ("get", "post", "put", "patch", "delete")
MULTIPART = (f"POST {CASE}attachments/", "POST phone/photos/", "POST public/attachments/")


def routes() -> list[str]:
    """Every method of every address below /api/v1/, the description itself left out."""
    found = []
    for address, pattern in _flat(get_resolver().url_patterns, ""):
        if address.startswith("api/v1/") and pattern.name not in ("api-schema", "api-docs"):
            view = pattern.callback.view_class  # type: ignore[attr-defined]
            found += [f"{m.upper()} {address.removeprefix('api/v1/')}" for m in METHODS if hasattr(view, m)]
    return found


def _flat(patterns: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, address)
        else:
            yield address, pattern


def test_no_route_is_missing_from_the_matrix() -> None:
    assert sorted(routes()) == sorted(MATRIX)


@pytest.fixture
def addresses(district: District, phones: Phones) -> dict[str, str]:
    """A case that is being handled, with a person, a file, a request and an order; how the routes name them."""
    number = register(phones("clerk"))["number"]
    phones("clerk").move(number, "accept", category="A0102", level="general")
    phones("dispatcher").move(number, "dispatch", lead_unit="housing", mode="forward")
    phones("handler").move(number, "sign")
    asked = phones("handler").post(f"cases/{number}/requests/", {"kind": "sign_off", "reason": "报请签发"}).json()
    laid = {"kind": "urge", "demand": "请抓紧办理", "deadline": "2027-01-04T09:00:00+08:00"}
    order = phones("supervisor").post(f"cases/{number}/orders/", laid).json()
    given = {"unit": "heating", "what": "检查管道", "due_on": "2027-01-04"}
    assert phones("handler").post(f"cases/{number}/tasks/", given).status_code == 201
    case = Case.objects.get(number=number)
    upload = SimpleUploadedFile("a.jpg", photo())
    kept = attachments.store(case, upload, actor=district.actor("clerk", timezone.now()), now=timezone.now())
    party = str(case.parties.get().uid)
    return {
        "number": number,
        "request": str(asked["id"]),
        "order": str(order["id"]),
        "task": str(case.tasks.get().pk),
        "file": str(kept.uid),
        "party": party,
    }


def _address(route: str, named: dict[str, str]) -> str:
    uid = named["party"] if "parties/" in route else named["file"]
    pk = named["order"] if "orders/" in route else named["task"] if "tasks/" in route else named["request"]
    filled = route.replace("<str:number>", named["number"]).replace("<str:uid>", uid).replace("<str:pk>", pk)
    filled = filled.replace("<slug:code>", "court").replace("<str:foreign_number>", "1")
    return filled.replace("<int:notice_id>", "1").replace("<int:delivery_id>", "1")


def _status(phone: Phone, route: str, named: dict[str, str]) -> int:
    method, address = route.split(" ")[0], _address(route.split(" ")[1], named)
    with transaction.atomic():
        if route in MULTIPART:
            answer = phone.upload(address)
        elif method == "GET":
            answer = phone.get(address)
        else:
            answer = phone.send(method, address, {"move": "resolve"} if address.endswith("/moves/") else {})
        transaction.set_rollback(True)
    b"".join(answer)  # a file is closed when it was read
    return int(answer.status_code)


@pytest.mark.behaviour(8)
def test_every_route_answers_each_role_as_the_matrix_says(phones: Phones, addresses: dict[str, str]) -> None:
    RateWindow.objects.all().delete()
    found = {route: tuple(_status(phones(who), route, addresses) for who in WHO) for route in MATRIX}
    assert {route: (found[route], MATRIX[route]) for route in MATRIX if found[route] != MATRIX[route]} == {}


#: What a client may write, call by call; a field that joins must join here too (design/safety.md "mass assignment").
WRITABLE = {
    "PATCH cases/{number}/": "address area category client_id grid level reason title version",
    "PATCH cases/{number}/parties/{uid}/": "address id_number name phone reason",
    "POST auth/token/": "device otp password username",
    "POST cases/": "anonymous attachments category channel client_id complained_unit complaint_nature confidential "
    "description foreign_number foreign_source kind level level_reason other_party place privacy_version procedure "
    "related reporters title urgent visitor_count willing_to_mediate",
    "POST cases/{number}/assignments/": "client_id note person version",
    "POST cases/{number}/attachments/": "client_id file public purpose",
    "POST cases/{number}/contacts/": "client_id reached text version way",
    "POST cases/{number}/consultation/opinions/": "client_id opinion version",
    "POST cases/{number}/consultation/referrals/": "body client_id reason version",
    "POST cases/{number}/decline-requests/": "client_id instead note reason version",
    "POST cases/{number}/moves/": "client_id move version",
    "POST cases/{number}/notes/": "client_id public_text text version",
    "POST cases/{number}/opinions/": "client_id opinion version",
    "POST cases/{number}/orders/": "client_id deadline demand issuer issuer_number kind problem version",
    "POST cases/{number}/orders/{id}/lift/": "client_id note version",
    "POST cases/{number}/orders/{id}/renewal/": "client_id deadline demand version",
    "POST cases/{number}/orders/{id}/response/": "client_id response version",
    "POST cases/{number}/performances/": "client_id complete confirmation instalment performed text version",
    "POST cases/{number}/query-code/": "client_id note version",
    "POST cases/{number}/redo-requests/": "client_id unhappy version wanted",
    "POST cases/{number}/redo-requests/decision/": "approved client_id explanation note version",
    "POST cases/{number}/requests/": "amount client_id consent expected_end kind public_reason reason suspend_reason "
    "version",
    "POST cases/{number}/requests/{id}/decision/": "approved client_id note version",
    "POST cases/{number}/requests/{id}/withdrawal/": "client_id note version",
    "POST cases/{number}/tasks/": "client_id due_on unit version what",
    "POST cases/{number}/tasks/{id}/cancellation/": "client_id note version",
    "POST cases/{number}/tasks/{id}/completion/": "client_id result version",
    "POST cases/{number}/unmask/": "reason",
    "POST cases/{number}/hand-over/": "client_id said to",
    "POST hand-overs/{id}/take/": "client_id",
    "POST hand-overs/{id}/done/": "answer client_id",
    "POST hand-overs/{id}/return/": "answer client_id",
    "POST hand-overs/{id}/recall/": "client_id",
    "POST phone/photos/": "after client_id file",
    "POST phone/reports/": "category client_id description level photos photos_after place reporters result way",
    "POST public/attachments/": "client_id file",
    "POST public/cases/": "anonymous attachments client_id confidential description kind name phone place "
    "privacy_version proof",
    "POST public/challenges/": "client_id",
    "POST grids/merges/": "code codes datum name reason",
    "POST grids/shapes/": "datum dry_run neighbours reason seen shapes",
    "POST grids/splits/": "code datum heirs line reason",
    "POST public/lookup/": "number query_code",
    "POST order-drafts/{id}/discard/": "reason",
    "POST order-drafts/{id}/signature/": "deadline demand problem",
    "POST telephony/events/": "data timestamp type",
    "POST links/{code}/": "about applicants at cause complicated consent demand description due_at form id kind number papers "
    "place received_at reported_at respondents scene stage text title type",
    "POST public/reception-days/cancellations/": "code number phone query_code",
    "POST public/reception-days/{id}/bookings/": "client_id matter name number phone privacy_version query_code",
    "POST supervision-proposals/": "addressee advice cases ground kind unit",
    "POST supervision-proposals/{id}/decision/": "approved issuer issuer_number listed_until result",
    "POST supervision-proposals/{id}/result/": "delisted_on result",
    "POST lines/{code}/orders/": "orders",
    "POST cases/{number}/hazard/": "client_id detail hazard_class measure person plan term unit version",
    "POST cases/{number}/hazard/items/": "basis client_id due_on measure person problem unit version",
    "POST cases/{number}/hazard/results/": "client_id done item result version",
    "POST cases/{number}/hazard/removals/": "client_id item note version",
    "POST re-inspections/{id}/": "note number result",
    "POST cases/{number}/exclusions/": "figure ground words",
    "POST exclusions/{id}/decision/": "answer granted",
    "POST exclusions/{id}/revocation/": "why",
    "POST decisions/{id}/case/": "kind",
    "POST patrols/{id}/report/": "client_id done findings points reason words",
    "POST visits/{id}/": "client_id day found role then words",
    "POST wishes/": "agreed area client_id due_on heard_at heard_on owner what",
    "POST whistles/": "client_id kind number place scale units what",
    "POST whistle-calls/{id}/arrive/": "who",
    "POST whistle-calls/{id}/finish/": "result",
    "POST whistle-calls/{id}/rate/": "score words",
    "POST whistle-calls/{id}/recall/": "reason",
    "POST whistle-calls/{id}/start/": "",
    "POST public/ratings/": "client_id comment number query_code resolved satisfaction",
    "PUT notices/preferences/": "digest_at email kinds mobile quiet_from quiet_to",
}


def test_what_may_be_written_is_written_down() -> None:
    document = SchemaGenerator().get_schema(request=None, public=True)
    found = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            bodies = operation.get("requestBody", {}).get("content", {}).values()
            names = {name for body in bodies for name in _properties(body["schema"], document)}
            if bodies:
                found[f"{method.upper()} {path.removeprefix('/api/v1/')}"] = " ".join(sorted(names))
    assert found == WRITABLE


def _properties(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return list(schema.get("properties", {}))
