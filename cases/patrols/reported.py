"""What a phone or a form says of a task, checked: points, done or not, findings; no hour and no position is asked for or kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cases import choices as c
from cases.needs import is_storable
from cases.patrols.choices import PointState, UndoneReason
from governance_portal.lib.errors import Incomplete
from governance_portal.lib.masking import mask_text

TEXT_LIMIT, STORY_LIMIT, ADDRESS_LIMIT = 500, 2000, 120
MOST_FINDINGS, MOST_FILES = 10, 12
NAMES = {"points", "done", "reason", "words", "findings"}
FINDING = {"client_id", "point", "kind", "category", "level", "description", "address", "attachments"}
KINDS = (c.Kind.HAZARD.value, c.Kind.APPEAL.value, c.Kind.DISPUTE.value)
#: How the fields of the page's form are called; the page and the phone's queue send them as they are.
OF_POINT = re.compile(r"point-([0-9]{1,18})-(state|words|category)")
DONE = {"yes": True, "no": False, "later": None}


@dataclass(frozen=True)
class Finding:
    """One thing found; `client_id` tells it from the others of this task."""

    client_id: str
    description: str
    point: int = 0
    kind: str = c.Kind.HAZARD.value
    category: str = ""
    level: str = ""
    address: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reported:
    """A report as it can be kept: `{point id: (state, words)}`, done (None: goes on), reason, words, findings."""

    points: dict[int, tuple[str, str]] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)
    done: bool | None = None
    reason: str = ""
    words: str = ""
    findings: tuple[Finding, ...] = ()


def text_of(value: Any, name: str, *, most: int = TEXT_LIMIT, required: str = "") -> str:
    """Return a text, trimmed; Incomplete beside `name`."""
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise Incomplete({name: ["应为文字。"]})
    text = value.replace("\r\n", "\n").strip()  # a form ends lines otherwise than the phone that wrote them
    if not text and required:
        raise Incomplete({name: [required]})
    if len(text) > most or not is_storable(text):
        raise Incomplete({name: [f"最多 {most} 字，现在有 {len(text)} 字。"]})
    return text


def body_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the page's form as the API's body; what is neither is left as it is, to be refused there.

    `point-<id>-state|words|category`, `done` (yes, no, later), `reason`, `words`, `finding-description|category|address`.
    """
    points: dict[str, dict[str, Any]] = {}
    finding: dict[str, Any] = {}
    body: dict[str, Any] = {}
    for name, value in form.items():
        if found := OF_POINT.fullmatch(name):
            points.setdefault(found[1], {"point": int(found[1])})[found[2]] = value
        elif name.startswith("finding-"):
            finding[name.removeprefix("finding-")] = value
        elif name == "done" and isinstance(value, str):
            body["done"] = DONE.get(value, value)
        elif name not in ("csrfmiddlewaretoken", "client_id"):
            body[name] = value
    if points:
        body["points"] = [row for row in points.values() if row.get("state")]
    if any(str(value).strip() for value in finding.values()):
        key = str(form.get("client_id") or "f1")[:36]
        body["findings"] = [{"client_id": key, **{name: value for name, value in finding.items() if value}}]
    return body


def is_form(given: Mapping[str, Any]) -> bool:
    """Tell whether this is the page's form and not the API's body."""
    return any(OF_POINT.fullmatch(name) or name.startswith("finding-") for name in given) or isinstance(
        given.get("done"), str
    )


def checked(given: Mapping[str, Any], points: Collection[int], *, campaign: bool) -> Reported:
    """Return a report as it can be kept; Incomplete with every sentence beside its field (`point-<id>` for a point)."""
    errors: dict[str, list[str]] = {name: ["填报没有这一项，请去掉后再提交。"] for name in set(given) - NAMES}
    seen, categories = _points(given.get("points"), points, errors)
    done = given.get("done")
    if done is not None and not isinstance(done, bool):
        errors["done"] = ["请选择完成了还是没有完成。"]
    reason = words = ""
    try:
        words = mask_text(text_of(given.get("words"), "words"))
    except Incomplete as refused:
        errors |= refused.errors
    if done is False:
        reason = str(given.get("reason") or "")
        if reason not in UndoneReason.values:
            errors["reason"] = ["请选择没有完成的原因。"]
        elif reason == UndoneReason.OTHER and not words and "words" not in errors:
            errors["words"] = ["原因选了“其他”，请写明是什么。"]
    findings = _findings(given.get("findings"), points, errors)
    if not errors and done is None and not seen and not findings:
        errors["done"] = ["还没有填：请逐个点位选正常或异常。" if campaign else "请选择完成了还是没有完成。"]
    if errors:
        raise Incomplete(errors)
    return Reported(seen, categories, done if isinstance(done, bool) else None, reason, words, tuple(findings))


def _points(
    value: Any, points: Collection[int], errors: dict[str, list[str]]
) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    seen: dict[int, tuple[str, str]] = {}
    categories: dict[int, str] = {}
    rows = [] if value is None else value
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows) or len(rows) > 5000:
        errors["points"] = ["点位应逐个填写。"]
        return seen, categories
    for row in rows:
        pk, state = row.get("point"), row.get("state")
        if isinstance(pk, bool) or not isinstance(pk, int) or pk not in points or pk in seen:
            errors["points"] = ["有的点位不在这项任务里，或者填了两次；请刷新后再填。"]
            continue
        if set(row) - {"point", "state", "words", "category"} or state not in PointState.values:
            errors[f"point-{pk}"] = ["请选择正常还是异常。"]
            continue
        try:
            words = mask_text(text_of(row.get("words"), f"point-{pk}"))
            categories[pk] = text_of(row.get("category"), f"point-{pk}", most=20)
        except Incomplete as refused:
            errors |= refused.errors
            continue
        if state == PointState.ABNORMAL and not words:
            errors[f"point-{pk}"] = ["选了异常，请写明是什么情况；会登记为一件事项。"]
        seen[pk] = (str(state), words)
    return seen, categories


def _findings(value: Any, points: Collection[int], errors: dict[str, list[str]]) -> list[Finding]:
    rows = [] if value is None else value
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows) or len(rows) > MOST_FINDINGS:
        errors["findings"] = [f"发现的问题应逐件填写，一次最多 {MOST_FINDINGS} 件。"]
        return []
    found: list[Finding] = []
    for row in rows:
        try:
            found.append(_finding(row, points, {one.client_id for one in found}))
        except Incomplete as refused:
            errors |= refused.errors
    return found


def _finding(row: Mapping[str, Any], points: Collection[int], known: Collection[str]) -> Finding:
    if set(row) - FINDING:
        raise Incomplete({"findings": ["发现的问题只填：点位、大类、类别、等级、情况、地点、照片。"]})
    key = text_of(row.get("client_id"), "findings", most=40, required="每件发现的问题要有自己的提交号。")
    if key in known:
        raise Incomplete({"findings": ["两件发现的问题用了同一个提交号。"]})
    point = row.get("point") or 0
    if isinstance(point, bool) or not isinstance(point, int) or (point and point not in points):
        raise Incomplete({"findings": ["所选点位不在这项任务里。"]})
    kind = row.get("kind") or c.Kind.HAZARD.value
    if kind not in KINDS:
        raise Incomplete({"findings": ["大类请选安全隐患、民生诉求或矛盾纠纷。"]})
    files = row.get("attachments") or []
    if not isinstance(files, list) or len(files) > MOST_FILES or not all(isinstance(one, str) for one in files):
        raise Incomplete({"findings": [f"照片最多 {MOST_FILES} 张。"]})
    return Finding(
        client_id=key,
        description=text_of(
            row.get("description"), "finding-description", most=STORY_LIMIT, required="请写明发现了什么。"
        ),
        point=point,
        kind=str(kind),
        category=text_of(row.get("category"), "finding-category", most=20),
        level=text_of(row.get("level"), "findings", most=20),
        address=text_of(row.get("address"), "finding-address", most=ADDRESS_LIMIT),
        attachments=tuple(files),
    )
