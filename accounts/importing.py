"""Opening a real centre: units and people from a sheet. Good rows go in, bad ones are listed with line and reason.

Rows are what `governance_portal.lib.sheets.read_rows` yields: (line, {heading: text}), or a row that did not fit.
A second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit, passwords, services
from accounts.choices import Role, UnitKind
from accounts.models import Post, Unit, User
from accounts.querysets import day_of
from governance_portal.lib import sheets
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.progress import SILENT, Progress

Row = tuple[int, dict[str, str]]
SheetRow = tuple[int, dict[str, str] | sheets.BadRow]

UNIT_HEADINGS = {
    "单位代码": "code",
    "名称": "name",
    "简称": "short_name",
    "类别": "kind",
    "上级单位代码": "parent",
    "区划代码": "area_code",
    "电话": "phone",
    "地址": "address",
    "办公时间": "office_hours",
}
PEOPLE_HEADINGS = {
    "登录名": "username",
    "姓名": "name",
    "工作电话": "phone",
    "角色": "role",
    "单位代码": "unit",
    "负责区划": "area_code",
    "单位负责人": "lead",
    "任职开始": "starts_on",
    "任职结束": "ends_on",
    "备注": "note",
}
REQUIRED_UNIT = ("单位代码", "名称", "类别")
REQUIRED_PERSON = ("登录名", "姓名", "角色", "单位代码", "负责区划")
YES = {"是", "1", "y", "yes", "true", "√"}
NO = {"", "否", "0", "n", "no", "false", "×"}
DATE_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S")


class Unfit(Exception):
    """A row cannot go in; the message is a Chinese sentence."""


@dataclass(frozen=True)
class Reject:
    """One row that stayed out."""

    line: int
    reason: str


@dataclass
class Report:
    """What an import did, or (dry run) would do. `first_passwords`: (log-in name, name, one-time password)."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejects: list[Reject] = field(default_factory=list)
    first_passwords: list[tuple[str, str, str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The report as sentences."""
        counts = f"新增 {self.created}，更新 {self.changed}，不变 {self.unchanged}，未导入 {len(self.rejects)}。"
        return [counts, *(f"第 {reject.line} 行：{reject.reason}" for reject in self.rejects)]

    def counted(self, outcome: str) -> None:
        """Add one `created`, `changed` or `unchanged` row."""
        setattr(self, outcome, getattr(self, outcome) + 1)


class _DryRun(Exception):
    """Rolls back what was tried."""


def import_units(
    rows: Iterable[SheetRow], *, now: datetime, dry_run: bool = False, progress: Progress = SILENT
) -> Report:
    """Make or update units by code; parents may stand further down in the sheet."""
    report = Report()
    pending = list(_readable(rows, UNIT_HEADINGS, REQUIRED_UNIT, report))
    try:
        with transaction.atomic():
            _in_tree_order(pending, report, now, progress)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    report.rejects.sort(key=lambda reject: reject.line)
    return report


def import_people(
    rows: Iterable[SheetRow], *, now: datetime, dry_run: bool = False, progress: Progress = SILENT
) -> Report:
    """Make or update people by log-in name and give them their posts: one row per post, several rows per person.

    A new person gets a one-time password (`Report.first_passwords`), to be changed at the first log-in.
    A post is the same when person, role, unit and area are; then its lead mark, days and note are updated.
    """
    report = Report()
    try:
        with transaction.atomic():
            for line, given in _readable(progress.over("导入", rows), PEOPLE_HEADINGS, REQUIRED_PERSON, report):
                _tried(report, line, _person_row, given, now, dry_run, report)
            if dry_run:
                raise _DryRun
    except _DryRun:
        report.first_passwords = []
    report.rejects.sort(key=lambda reject: reject.line)
    return report


def _readable(
    rows: Iterable[SheetRow], headings: dict[str, str], required: tuple[str, ...], report: Report
) -> Iterator[tuple[int, dict[str, str]]]:
    for line, row in rows:
        if isinstance(row, sheets.BadRow):
            report.rejects.append(Reject(line, row.problem))
            continue
        cells = {heading.strip(): (text or "").strip() for heading, text in row.items() if heading}
        if not any(cells.values()):
            continue
        missing = [heading for heading in required if not cells.get(heading)]
        if missing:
            report.rejects.append(Reject(line, f"缺少{'、'.join(missing)}。"))
            continue
        yield line, {name: cells.get(heading, "") for heading, name in headings.items()}


def _in_tree_order(pending: list[Row], report: Report, now: datetime, progress: Progress) -> None:
    """Go round until no row finds its parent any more; what is left hangs on nothing, or on itself."""
    while pending:
        codes = {given["code"] for _, given in pending}
        ready = [row for row in pending if row[1]["parent"] not in codes]
        if not ready:
            report.rejects += [Reject(line, "上级单位互相循环，或上级单位未能导入。") for line, _ in pending]
            return
        for line, given in progress.over("导入", ready):
            _tried(report, line, _unit_row, given, now)
        done = {line for line, _ in ready}
        pending = [row for row in pending if row[0] not in done]


def _tried(report: Report, line: int, put, *args) -> None:  # type: ignore[no-untyped-def]
    """One row in a savepoint of its own: what is wrong with it leaves nothing behind."""
    try:
        with transaction.atomic():
            report.counted(put(*args))
    except Unfit as bad:
        report.rejects.append(Reject(line, str(bad)))
    except Incomplete as refusal:
        report.rejects.append(Reject(line, _joined(refusal.errors.values())))
    except ValidationError as error:
        report.rejects.append(Reject(line, _joined(error.message_dict.values())))


def _joined(sentences: Iterable[list[str]]) -> str:
    return "；".join(text.rstrip("。") for rows in sentences for text in rows) + "。"


def _unit_row(given: dict[str, str], now: datetime) -> str:
    parent = _unit(given["parent"], "上级单位") if given["parent"] else None
    values = {**given, "kind": _choice(UnitKind, given["kind"], "类别"), "parent": parent}
    unit = Unit.objects.select_related("parent").filter(code=given["code"]).first()
    outcome = "created" if unit is None else "changed"
    unit = unit or Unit(code=given["code"])
    if unit.pk and all(getattr(unit, name) == value for name, value in values.items()):
        return "unchanged"
    for name, value in values.items():
        setattr(unit, name, value)
    unit.full_clean(exclude=["path"])
    unit.save()
    audit.record(None, f"unit.{outcome}", unit.code, detail={"source": "import_units"}, now=now)
    return outcome


def _person_row(given: dict[str, str], now: datetime, dry_run: bool, report: Report) -> str:
    unit = _unit(given["unit"], "单位")
    role = _choice(Role, given["role"], "角色")
    post: dict[str, object] = {
        "lead": _yes(given["lead"]),
        "starts_on": _day(given["starts_on"], "任职开始") or None,
        "ends_on": _day(given["ends_on"], "任职结束"),
        "note": given["note"],
    }
    user, person = _person(given, now)
    outcome = _post(user, role, unit, given["area_code"], post, now)
    if person == "created":
        text = "" if dry_run else passwords.one_time_password()
        if text:
            passwords.changed_now(user, text, now, first=True)
        report.first_passwords.append((user.username, user.name, text))
        return "created"
    return outcome if outcome != "unchanged" else person


def _person(given: dict[str, str], now: datetime) -> tuple[User, str]:
    user = User.objects.filter(username=given["username"]).first()
    if user is not None and user.is_service:
        raise Unfit(f"登录名“{user.username}”是服务账号，不能导入。")
    outcome = "created" if user is None else "changed"
    user = user or User(username=given["username"], must_change_password=True, date_joined=now)
    wanted = {"name": given["name"], "phone": given["phone"] or user.phone}
    if user.pk and all(getattr(user, name) == value for name, value in wanted.items()):
        return user, "unchanged"
    for name, value in wanted.items():
        setattr(user, name, value)
    if not user.pk:
        user.set_unusable_password()
    user.full_clean()
    user.save()
    audit.record(None, f"person.{outcome}", user.username, detail={"source": "import_people"}, now=now)
    return user, outcome


def _post(user: User, role: str, unit: Unit, area_code: str, wanted: dict[str, object], now: datetime) -> str:
    today = day_of(now)
    same = Post.objects.filter(user=user, role=role, unit=unit, area_code=area_code).order_by("-starts_on").first()
    if same is None:
        wanted["starts_on"] = wanted["starts_on"] or today
        services.appoint(None, user=user, role=role, unit=unit, area_code=area_code, now=now, **wanted)  # type: ignore[arg-type]
        return "created"
    wanted["starts_on"] = wanted["starts_on"] or same.starts_on
    changes = {name: value for name, value in wanted.items() if getattr(same, name) != value}
    if not changes:
        return "unchanged"
    services.change_post(None, same, now=now, **changes)
    return "changed"


def _unit(code: str, word: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Unfit(f"{word}代码“{code}”不存在，请先导入该单位。")
    return unit


def _choice(choices: type[Role] | type[UnitKind], text: str, word: str) -> str:
    for value, label in choices.choices:
        if text in (value, label):
            return str(value)
    raise Unfit(f"{word}“{text}”不认识，可填：{'、'.join(str(label) for label in choices.labels)}。")


def _yes(text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise Unfit(f"单位负责人一栏请填“是”或“否”，现为“{text}”。")


def _day(text: str, word: str) -> date | None:
    if not text:
        return None
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  a day, not a moment
        except ValueError:
            continue
    raise Unfit(f"{word}“{text}”不是日期，请写成 2026-01-31。")
