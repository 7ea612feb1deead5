"""What a new centre begins with: calendar, limits, code lists, policies, roles, plans. All of it can be changed."""

from datetime import date
from typing import Any

from django.db import migrations

from cases.catalogue import load_categories
from cases.default_limits import DEFAULT_LIMITS
from cases.following_up.default_policies import FOLLOW_UP_POLICIES, LOOK_BACK_RULES
from governance_portal.lib.working_days import holiday_name, published_days

FIRST_YEAR, AFTER_LAST = 2024, 2031
CALENDAR = "国务院办公厅放假安排（chinesecalendar）"
ROLES = (
    ("leader", "包案领导", "牵头协调，接访、走访"),
    ("lead_unit", "主办部门", "依法办理，给出答复"),
    ("street", "属地街道（乡镇）", "就近联系，落实到位"),
    ("community", "社区（村）", "了解情况，帮办手续"),
    ("mediator", "调解员", "居中调解"),
    ("law", "法律服务", "释法，提供法律援助"),
    ("help", "心理和帮扶", "按需要提供帮助"),
)
#: Kind, scale, to arrive: amount and unit, to finish: amount and unit.
WHISTLES = (
    ("emergency", "simple", 2, "hour", 0, "working_day"),
    ("emergency", "complex", 2, "hour", 3, "working_day"),
    ("voices", "simple", 0, "working_day", 0, "working_day"),
    ("voices", "complex", 2, "working_day", 10, "working_day"),
    ("enforcement", "simple", 0, "working_day", 0, "working_day"),
    ("enforcement", "complex", 2, "working_day", 10, "working_day"),
)
WHISTLE_BASE = "北京市接诉即办工作条例第十六条；简单当日、复杂不超过 10 个工作日为各地做法"
#: Three years for every kind, until the centre says otherwise.
RETENTION = {
    "kind": "",
    "months": 36,
    "legal_base": "个人信息保护法第十九条；民法典第一百八十八条（普通诉讼时效三年）",
}
#: Every closed hazard is looked at again after a month until the centre says otherwise (facts §8 row 1.11).
REINSPECTION = {"hazard_class": "", "days": 30, "base": "默认值；汛期的间隔和起止由中心按当年通知填写。"}
#: On time, at once, satisfied, spot checks: they differ by class (facts §8 row 3.8: 分类管理、差异化考核评价).
ASSESSMENT = {"community": (30, 20, 30, 20), "village": (35, 20, 30, 15), "dedicated": (40, 25, 15, 20)}


def _holiday(day: date, workday: bool) -> dict[str, Any]:
    return {"date": day, "workday": workday, "source": CALENDAR, "name": holiday_name(day)}


def _rows() -> dict[str, list[dict[str, Any]]]:
    """Model → rows; the categories come from their own list."""
    return {
        "Holiday": [_holiday(day, workday) for day, workday in published_days(range(FIRST_YEAR, AFTER_LAST)).items()],
        "LimitPolicy": list(DEFAULT_LIMITS),
        "RetentionRule": [RETENTION],
        "TeamRole": [
            {"code": code, "name": name, "about": about, "place": place * 10}
            for place, (code, name, about) in enumerate(ROLES, 1)
        ],
        "WhistlePolicy": [
            {
                "kind": kind,
                "scale": scale,
                "arrive_amount": arrive,
                "arrive_unit": arrive_unit,
                "finish_amount": finish,
                "finish_unit": finish_unit,
                "base": WHISTLE_BASE,
            }
            for kind, scale, arrive, arrive_unit, finish, finish_unit in WHISTLES
        ],
        "FollowUpPolicy": list(FOLLOW_UP_POLICIES),
        "LookBackRule": list(LOOK_BACK_RULES),
        "ReinspectionRule": [REINSPECTION],
        "AssessmentPlan": [
            {
                "work_class": work_class,
                "since": "2020Q1",
                "on_time": on_time,
                "at_once": at_once,
                "satisfied": satisfied,
                "spot": spot,
            }
            for work_class, (on_time, at_once, satisfied, spot) in ASSESSMENT.items()
        ],
    }


def forwards(apps: Any, schema_editor: Any) -> None:
    """Fill the tables."""
    load_categories(apps.get_model("cases", "Category"))
    for name, rows in _rows().items():
        model = apps.get_model("cases", name)
        model.objects.bulk_create(model(**row) for row in rows)


class Migration(migrations.Migration):
    replaces = [
        ("cases", "0003_defaults"),
        ("cases", "0010_retention"),
        ("cases", "0014_reception_and_whistles"),
        ("cases", "0019_following_up"),
        ("cases", "0021_holiday_names"),
        ("cases", "0027_hazards"),
    ]
    dependencies = [("cases", "0008_bigrams")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
