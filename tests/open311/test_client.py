"""A city app that knows only the published standard reports, follows and lists; every answer is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from tests.accounts.conftest import emptied_log
from tests.cases.cast import DISTRICT, MONDAY, District
from tests.open311.client import MIME, SPECIFICATION, Answer, Client, Form, Kind, Refused, Service
from tests.open311.standard import LISTS, deviations, differences

__all__ = ["emptied_log"]

WORDS = "胜利社区三号楼门口\n占道摆摊，行人只能走机动车道。"
PLACE = "胜利社区三号楼"
LAT, LONG = 39.5123, 112.2834

served = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's hour: the Monday of the cast, until a test says otherwise."""
    at = [MONDAY]
    monkeypatch.setattr("django.utils.timezone.now", lambda: at[0])
    return at


@pytest.fixture
def site(live_server: LiveServer, district: District, emptied_log: None, clock: list[datetime]) -> Iterator[str]:
    """Where the portal is served; afterwards what refuses to be emptied is emptied."""
    yield live_server.url
    if connection.vendor == "sqlite":
        _empty_the_history()


def _empty_the_history() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'cases_event'")
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("DELETE FROM cases_outbox")
        cursor.execute("DELETE FROM cases_event")
        for _name, sql in guards:
            cursor.execute(sql)


@pytest.fixture
def key(site: str) -> str:
    """The app's key."""
    return key_of("随手拍")


def key_of(app: str) -> str:
    """Give an app a key, as the administrator does."""
    out = StringIO()
    call_command("open311_key", app, stdout=out)
    return out.getvalue().strip()


@pytest.fixture(params=["xml", "json"])
def form(request: pytest.FixtureRequest) -> Form:
    """Each form in turn."""
    asked: Form = request.param
    return asked


@pytest.fixture
def app(site: str, key: str, form: Form) -> Iterator[Client]:
    """The app, having found its endpoint by discovery; whatever it was answered is held against the standard."""
    client = Client.discover(f"{site}/open311/v2/discovery", form, key)
    yield client
    assert [complaint for answer in client.answers for complaint in deviations(answer)] == []


def wanting(app: Client, datatype: str) -> tuple[Service, str]:
    """A service that asks a question of this type, and the question's code."""
    for service in app.services():
        for attribute in app.definition(service.code) if service.metadata else ():
            if attribute.datatype == datatype:
                return service, attribute.code
    pytest.fail(f"no service asks for a {datatype}")


def simple(app: Client) -> str:
    """A service that asks nothing besides."""
    return next(service.code for service in app.services() if not service.metadata)


def ids(app: Client, **filters: str | datetime | list[str] | None) -> set[str]:
    """What a list holds."""
    return {report.service_request_id for report in app.requests(**filters)}


# What there is


@served
def test_discovery_tells_of_one_production_endpoint_in_both_forms(app: Client, site: str) -> None:
    [endpoint] = app.endpoints(f"{site}/open311/v2/discovery")
    assert (endpoint.specification, endpoint.type) == (SPECIFICATION, "production")
    assert set(endpoint.formats) == set(MIME.values())
    assert endpoint.url.startswith(site)


@served
def test_the_services_are_listed_and_answer_at_once(app: Client) -> None:
    services = app.services()
    assert len({service.code for service in services}) == len(services) > 1
    assert {service.type for service in services} == {"realtime"}
    assert {service.metadata for service in services} == {True, False}
    assert all(service.name and service.group and service.keywords for service in services)


@served
def test_a_service_with_metadata_asks_something_and_one_without_asks_nothing(app: Client) -> None:
    for service in app.services():
        attributes = app.definition(service.code)
        assert bool(attributes) is service.metadata
        assert [attribute.order for attribute in attributes] == list(range(1, len(attributes) + 1))
        assert all(bool(attribute.values) is (attribute.datatype in LISTS) for attribute in attributes)


@served
def test_reading_needs_no_key(app: Client) -> None:
    sent = app.report(simple(app), address_string=PLACE, description=WORDS)
    stranger = replace(app, api_key="")
    assert stranger.services() and stranger.requests()
    assert stranger.request(sent.service_request_id).status == "open"


# Reporting


@served
def test_a_report_with_lat_and_long_gets_its_id_at_once_and_is_read_by_it(app: Client) -> None:
    service = app.services()[0]
    receipt = app.report(service.code, lat=LAT, long=LONG, description=WORDS)
    assert receipt.service_request_id and not receipt.token

    report = app.request(receipt.service_request_id)
    assert (report.service_request_id, report.status) == (receipt.service_request_id, "open")
    assert (report.service_code, report.service_name) == (service.code, service.name)
    assert (report.requested_datetime, report.updated_datetime) == (MONDAY, MONDAY)
    assert report.description and report.address
    assert report.lat == pytest.approx(LAT, abs=0.01)
    assert report.long == pytest.approx(LONG, abs=0.01)


@served
def test_a_report_with_an_address_gets_its_id_at_once(app: Client) -> None:
    receipt = app.report(simple(app), address_string=PLACE, description=WORDS)
    assert receipt.service_request_id and not receipt.token
    assert app.request(receipt.service_request_id).address


@served
def test_every_optional_field_may_be_sent(app: Client) -> None:
    receipt = app.report(
        simple(app),
        lat=LAT,
        long=LONG,
        address_string=PLACE,
        email="zhang@example.cn",
        device_id="tt222111",
        account_id="123456",
        first_name="三",
        last_name="张",
        phone="13812341234",
        description="长" * 4000,
        media_url="https://example.cn/photos/1.jpg",
        jurisdiction_id=DISTRICT,
    )
    assert app.request(receipt.service_request_id).status == "open"


@served
def test_an_optional_field_that_is_empty_is_as_if_it_were_not_sent(app: Client) -> None:
    empty = dict.fromkeys(
        ("lat", "long", "address_id", "email", "device_id", "account_id", "first_name", "last_name", "phone"), ""
    )
    more: dict[str, str] = {**empty, "media_url": "", "jurisdiction_id": ""}
    assert app.report(simple(app), address_string=PLACE, description=WORDS, **more).service_request_id


@served
def test_what_a_service_asks_is_answered_with_the_report(app: Client) -> None:
    for service in app.services():
        if not service.metadata:
            continue
        said: dict[str, str | list[str]] = {}
        for attribute in app.definition(service.code):
            keys = list(attribute.values)
            fitting: dict[str, str | list[str]] = {
                "singlevaluelist": keys[0] if keys else "",
                "multivaluelist": keys[:2],
                "number": "30",
                "datetime": MONDAY.isoformat(),
            }
            said[attribute.code] = fitting.get(attribute.datatype, "三天")
        receipt = app.report(service.code, said, address_string=PLACE, description=WORDS)
        assert app.request(receipt.service_request_id).service_code == service.code


@served
def test_a_question_that_is_not_required_may_be_left_open(app: Client) -> None:
    for service in app.services():
        required = {
            attribute.code: next(iter(attribute.values), "1")
            for attribute in app.definition(service.code)
            if attribute.required
        }
        assert app.report(service.code, required, address_string=PLACE, description=WORDS).service_request_id


# Following


@served
def test_a_report_is_followed_by_its_id_until_it_is_closed(
    app: Client, district: District, clock: list[datetime]
) -> None:
    receipt = app.report(simple(app), address_string=PLACE, description=WORDS)
    assert app.request(receipt.service_request_id).status == "open"

    clock[0] = MONDAY + timedelta(hours=2)
    case = Case.objects.get(number=receipt.service_request_id)
    district.move(case, "withdraw", "clerk", now=clock[0], note="当事人撤回")
    clock[0] = MONDAY + timedelta(hours=3)

    closed = app.request(receipt.service_request_id)
    assert closed.status == "closed"
    assert closed.requested_datetime == MONDAY
    assert closed.updated_datetime == MONDAY + timedelta(hours=2)  # "the date the request was closed"


@served
def test_no_token_is_given_and_none_is_known(app: Client) -> None:
    receipt = app.report(simple(app), address_string=PLACE, description=WORDS)
    assert not receipt.token
    with pytest.raises(Refused) as refused:
        app.id_of("123456")
    assert refused.value.status == 404


# Listing


@served
def test_reports_are_listed_by_status(app: Client, district: District) -> None:
    one, two = (app.report(simple(app), address_string=PLACE, description=WORDS).service_request_id for _ in range(2))
    district.move(Case.objects.get(number=one), "withdraw", "clerk", note="当事人撤回")

    assert (ids(app, status="open"), ids(app, status="closed")) == ({two}, {one})
    assert ids(app, status=["open", "closed"]) == ids(app) == {one, two}


@served
def test_reports_are_listed_by_service(app: Client) -> None:
    codes = [service.code for service in app.services() if not service.metadata][:3]
    one, two, three = (app.report(code, address_string=PLACE, description=WORDS).service_request_id for code in codes)

    assert ids(app, service_code=codes[0]) == {one}
    assert ids(app, service_code=codes[:2]) == {one, two}
    assert ids(app) == {one, two, three}


@served
def test_several_ids_are_asked_at_once_and_override_all_else(app: Client) -> None:
    code = simple(app)
    one, two, three = (app.report(code, address_string=PLACE, description=WORDS).service_request_id for _ in range(3))
    assert ids(app, service_request_id=[one, three]) == {one, three}
    assert ids(
        app,
        service_request_id=[two],
        status="closed",
        service_code="none",
        start_date="2010-01-01T00:00:00Z",
        end_date="2010-01-02T00:00:00Z",
    ) == {two}


@served
def test_reports_are_listed_by_date_in_any_offset(app: Client, clock: list[datetime]) -> None:
    made: list[str] = []
    for day in range(3):
        clock[0] = MONDAY + timedelta(days=day)
        made.append(app.report(simple(app), address_string=PLACE, description=WORDS).service_request_id)
    noon = [MONDAY + timedelta(days=day, hours=3) for day in range(3)]

    assert ids(app, start_date=noon[0], end_date=noon[1]) == {made[1]}
    assert ids(app, start_date=noon[0]) == set(made[1:])
    assert ids(app, end_date=noon[0]) == {made[0]}
    zulu = [at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for at in noon]
    assert ids(app, start_date=zulu[0], end_date=zulu[1]) == {made[1]}
    assert ids(app, start_date=MONDAY, end_date=MONDAY) == {made[0]}


@served
def test_ninety_days_are_listed_and_no_more(app: Client, clock: list[datetime]) -> None:
    made: dict[int, str] = {}
    for days in (100, 89, 0):
        clock[0] = MONDAY - timedelta(days=days)
        made[days] = app.report(simple(app), address_string=PLACE, description=WORDS).service_request_id

    assert ids(app) == {made[89], made[0]}
    assert ids(app, start_date=MONDAY - timedelta(days=110), end_date=MONDAY - timedelta(days=20)) == {
        made[100],
        made[89],
    }
    assert app.request(made[100]).status == "open"
    assert ids(app, service_request_id=[made[100]]) == {made[100]}
    with pytest.raises(Refused) as refused:
        app.requests(start_date=MONDAY - timedelta(days=91), end_date=MONDAY)
    assert refused.value.status == 400


@served
def test_an_empty_filter_is_as_if_it_were_not_sent(app: Client) -> None:
    one = app.report(simple(app), address_string=PLACE, description=WORDS).service_request_id
    names = ("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status")
    assert ids(app, **dict.fromkeys(names, "")) == {one}


@served
def test_the_jurisdiction_may_be_named(app: Client) -> None:
    named = replace(app, jurisdiction=DISTRICT)
    receipt = named.report(simple(named), address_string=PLACE, description=WORDS)
    assert named.request(receipt.service_request_id).status == "open"
    assert ids(named) == {receipt.service_request_id}


# Errors


def refusal(answer: Answer) -> int:
    """The status of an error answer, which is one."""
    assert answer.kind == "errors"
    assert all(fault.description for fault in Refused(answer).faults)
    return answer.status


@served
def test_a_missing_a_wrong_and_a_replaced_key_are_403(app: Client) -> None:
    code = simple(app)
    for wrong in (None, "", "wrong"):
        assert refusal(app.post(code, api_key=wrong, address_string=PLACE, description=WORDS)) == 403
    key_of("随手拍")
    assert refusal(app.post(code, address_string=PLACE, description=WORDS)) == 403
    assert ids(app) == set()


@served
def test_an_unknown_jurisdiction_is_404_everywhere(app: Client) -> None:
    code = simple(app)
    known = app.report(code, address_string=PLACE, description=WORDS).service_request_id
    asked: list[tuple[Kind, str]] = [
        ("services", "services"),
        ("definition", f"services/{code}"),
        ("requests", "requests"),
        ("requests", f"requests/{known}"),
        ("token", "tokens/123456"),
    ]
    for kind, resource in asked:
        assert refusal(app.get(kind, resource, jurisdiction_id="city.gov")) == 404
    answer = app.post(code, address_string=PLACE, description=WORDS, jurisdiction_id="city.gov")
    assert refusal(answer) == 404
    assert ids(app) == {known}


@served
def test_what_does_not_exist_is_404(app: Client, district: District) -> None:
    elsewhere = district.register().number  # a matter that nobody reported this way
    assert refusal(app.post("none", address_string=PLACE, description=WORDS)) == 404
    assert refusal(app.get("definition", "services/none")) == 404
    assert refusal(app.get("requests", "requests/none")) == 404
    assert refusal(app.get("requests", f"requests/{elsewhere}")) == 404
    assert refusal(app.get("token", "tokens/none")) == 404
    assert refusal(app.get("services", "nothing")) == 404


Ask = Callable[[Client, str], Answer]


def sent(**given: str) -> Ask:
    """A report with these fields and nothing else."""
    return lambda app, code: app.post(code, **given)


def listed(**query: str) -> Ask:
    """A list asked for in this way."""
    return lambda app, _code: app.get("requests", "requests", **query)


UNFULFILLABLE: dict[str, Ask] = {
    "no service_code": lambda app, _code: app.post(None, address_string=PLACE, description=WORDS),
    "an empty service_code": lambda app, _code: app.post("", address_string=PLACE, description=WORDS),
    "no location": sent(description=WORDS),
    "an empty location": sent(description=WORDS, lat="", long="", address_string="", address_id=""),
    "lat alone": sent(description=WORDS, lat="39.51"),
    "long alone": sent(description=WORDS, long="112.28"),
    "lat and long in words": sent(description=WORDS, lat="north", long="east"),
    "lat beyond the pole": sent(description=WORDS, lat="95", long="112.28"),
    "long beyond the line": sent(description=WORDS, lat="39.51", long="181"),
    "lat that is no number": sent(description=WORDS, lat="nan", long="112.28"),
    "a description too long": sent(address_string=PLACE, description="长" * 4001),
    "an unknown attribute": lambda app, code: app.post(code, {"NONE": "1"}, address_string=PLACE, description=WORDS),
    "a start_date in words": listed(start_date="yesterday"),
    "an end_date in words": listed(end_date="tomorrow"),
    "a date without a time": listed(start_date="2026-11-01"),
    "a date without an offset": listed(start_date="2026-11-01T00:00:00"),
    "a day that is not": listed(start_date="2026-02-30T00:00:00Z"),
    "dates the wrong way round": listed(start_date="2026-11-02T00:00:00Z", end_date="2026-11-01T00:00:00Z"),
    "dates too far apart": listed(start_date="2026-01-01T00:00:00Z", end_date="2026-11-01T00:00:00Z"),
    "an unknown status": listed(status="gone"),
    "an unknown status among others": listed(status="open,gone"),
}


@served
def test_what_cannot_be_fulfilled_is_400(app: Client) -> None:
    code = simple(app)
    told = {name: refusal(ask(app, code)) for name, ask in UNFULFILLABLE.items()}
    assert told == dict.fromkeys(UNFULFILLABLE, 400)
    assert ids(app) == set()


@served
def test_answers_that_do_not_fit_the_question_are_400(app: Client) -> None:
    for datatype, wrong in (
        ("singlevaluelist", "none"),
        ("singlevaluelist", ""),
        ("multivaluelist", ["none"]),
        ("number", "deep"),
    ):
        service, question = wanting(app, datatype)
        answer = app.post(service.code, {question: wrong}, address_string=PLACE, description=WORDS)
        assert refusal(answer) == 400

    service, question = wanting(app, "singlevaluelist")
    both = next(list(one.values)[:2] for one in app.definition(service.code) if one.code == question)
    assert refusal(app.post(service.code, {question: both}, address_string=PLACE, description=WORDS)) == 400
    required = next(one for one in app.definition(service.code) if one.required)
    assert required.code == question
    assert refusal(app.post(service.code, address_string=PLACE, description=WORDS)) == 400
    assert ids(app) == set()


@served
def test_several_errors_are_told_at_once(app: Client) -> None:
    service, _question = wanting(app, "singlevaluelist")
    with pytest.raises(Refused) as refused:
        app.report(service.code, {"NONE": "1"}, description=WORDS)
    assert refused.value.status == 400
    assert len(refused.value.faults) > 1


# Both forms


@served
def test_json_says_what_xml_says(site: str, key: str, district: District) -> None:
    told: dict[Form, list[Answer]] = {"xml": [], "json": []}
    xml, other = (Client.discover(f"{site}/open311/v2/discovery", one, key) for one in told)
    services = xml.services()
    closed = xml.report(services[0].code, lat=LAT, long=LONG, description=WORDS).service_request_id
    other.report(services[1].code, address_string=PLACE, description=WORDS)
    district.move(Case.objects.get(number=closed), "withdraw", "clerk", note="当事人撤回")

    for client in (xml, other):
        told[client.form] = [
            client.send("discovery", f"{site}/open311/v2/discovery.{client.form}"),
            client.get("services", "services"),
            *(client.get("definition", f"services/{service.code}") for service in services),
            client.get("requests", "requests"),
            client.get("requests", f"requests/{closed}"),
            client.get("requests", "requests", service_code=services[-1].code),
            client.get("requests", "requests", status="gone"),
            client.get("token", "tokens/none"),
            client.post(None),
        ]

    for one, two in zip(told["xml"], told["json"], strict=True):
        assert one.status == two.status
        assert differences(one, two) == []


@served
def test_a_format_nobody_offers_is_refused_in_the_form_everybody_reads(site: str, key: str) -> None:
    client = Client(f"{site}/open311/v2", "xml", key)
    for resource in ("services.yaml", "requests.html", "services"):
        answer = client.send("services", f"{client.url}/{resource}")
        assert refusal(answer) in (400, 404)
        assert deviations(answer) == []


# The validator itself


def given(kind: Kind, body: str, form: Form = "xml", status: int = 200) -> Answer:
    """An answer made by hand."""
    headers = Message()
    headers["Content-Type"] = f"{MIME[form]}; charset=utf-8"
    declared = '<?xml version="1.0" encoding="utf-8"?>\n' if form == "xml" else ""
    return Answer("by hand", kind, form, status, headers, (declared + body).encode())


REQUEST = """<service_requests><request>
  <service_request_id>638344</service_request_id><status>closed</status><status_notes>Duplicate.</status_notes>
  <service_name>Sidewalk and Curb Issues</service_name><service_code>006</service_code><description></description>
  <agency_responsible></agency_responsible><service_notice></service_notice>
  <requested_datetime>2010-04-14T06:37:38-08:00</requested_datetime>
  <updated_datetime>2010-04-14T06:37:38-08:00</updated_datetime>
  <expected_datetime>2010-04-15T06:37:38-08:00</expected_datetime><address>8TH AVE and JUDAH ST</address>
  <address_id>545483</address_id><zipcode>94122</zipcode><lat>37.762221815</lat><long>-122.4651145</long>
  <media_url>http://city.gov/638344.jpg</media_url></request></service_requests>"""
SERVICE = (
    '[{"service_code": "001", "service_name": "Cans left out", "description": "Garbage.", "metadata": true, '
    '"type": "realtime", "keywords": "lorem, ipsum", "group": "sanitation"}]'
)
DEFINITION = (
    '{"service_code": "DMV66", "attributes": [{"variable": true, "code": "WHISHETN", "datatype": "singlevaluelist", '
    '"required": true, "datatype_description": null, "order": 1, "description": "What?", '
    '"values": [{"key": 123, "name": "Ford"}]}]}'
)
ERROR = "<errors><error><code>403</code><description>Invalid api_key received.</description></error></errors>"


def test_the_validator_takes_the_examples_of_the_standard() -> None:
    assert deviations(given("requests", REQUEST)) == []
    assert deviations(given("services", SERVICE, "json")) == []
    assert deviations(given("definition", DEFINITION, "json")) == []
    assert deviations(given("errors", ERROR, status=403)) == []
    assert deviations(given("requests", "<service_requests/>")) == []


@pytest.mark.parametrize(
    ("kind", "form", "whole", "right", "wrong"),
    [
        ("requests", "xml", REQUEST, "service_requests>", "requests>"),
        ("requests", "xml", REQUEST, "request>", "row>"),
        ("requests", "xml", REQUEST, "<status>closed", "<status>resolved"),
        ("requests", "xml", REQUEST, "<zipcode>94122</zipcode>", ""),
        ("requests", "xml", REQUEST, "<zipcode>94122</zipcode>", "<zip_code>94122</zip_code>"),
        ("requests", "xml", REQUEST, "38-08:00</requested", "38</requested"),
        ("requests", "xml", REQUEST, "2010-04-14T06:37:38-08:00</updated", "2009-04-14T06:37:38-08:00</updated"),
        ("requests", "xml", REQUEST, "<lat>37.762221815</lat>", "<lat/>"),
        ("requests", "xml", REQUEST, "<lat>37", "<lat>137"),
        ("requests", "xml", REQUEST, "<service_requests>", '<service_requests xmlns="http://city.gov">'),
        ("services", "json", SERVICE, "true", '"true"'),
        ("services", "json", SERVICE, "realtime", "instant"),
        ("services", "json", SERVICE, "lorem, ipsum", "lorem,, ipsum"),
        ("services", "json", SERVICE, '"Garbage."', '""'),
        ("definition", "json", DEFINITION, '"order": 1', '"order": 0'),
        ("definition", "json", DEFINITION, '[{"key": 123, "name": "Ford"}]', "[]"),
        ("definition", "json", DEFINITION, "singlevaluelist", "select"),
        ("errors", "xml", ERROR, "<code>403</code>", ""),
        ("errors", "xml", ERROR, "Invalid api_key received.", ""),
    ],
)
def test_the_validator_sees_what_is_not_as_described(
    kind: Kind, form: Form, whole: str, right: str, wrong: str
) -> None:
    assert right in whole
    assert deviations(given(kind, whole.replace(right, wrong), form, 403 if kind == "errors" else 200)) != []


def test_the_validator_sees_a_wrong_header_encoding_declaration_and_status() -> None:
    good = given("errors", ERROR, status=403)
    plain = Message()
    plain["Content-Type"] = "application/xml"
    assert deviations(replace(good, headers=plain)) != []
    assert deviations(replace(good, body=ERROR.encode())) != []
    assert deviations(replace(good, body=good.body.replace(b"api_key", b"\xff"))) != []
    assert deviations(replace(good, status=405)) != []
    receipt = "<service_requests><request><token>1</token>{}</request></service_requests>"
    assert deviations(given("receipt", receipt.format(""))) == []
    assert deviations(given("receipt", receipt.format("<service_request_id>2</service_request_id>"))) != []
