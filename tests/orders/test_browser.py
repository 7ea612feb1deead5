"""An operator imports a sheet in a browser and mends a reject; every page at a desk and on a phone.

`PORTAL_SHOTS=folder` keeps screenshots to look at.
"""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cases.models import Case
from hotlines.models import OrderBatch
from hotlines.orders import queries, taking
from tests.orders.conftest import make_line, row, xlsx_of
from tests.pages.conftest import Town
from tests.pages.test_browser_looks import SPOKEN, checked

pytestmark = [
    pytest.mark.browser,
    # pytest-playwright 0.10's own fixture, not ours
    pytest.mark.filterwarnings("ignore:Session-scoped fixtures defined as instance methods"),
]
SHEET = [
    *[row(number) for number in range(1, 13)],
    row(13, "咨询异地就医怎么备案？", 诉求性质="咨询", 事项分类="社会保障/医保"),
    row(
        14,
        "举报路边店占道经营，半夜还在营业。",
        诉求性质="举报",
        事项分类="城市管理/占道经营",
        来电人="匿名",
        来电号码="",
    ),
    row(15, 派单时间="11月底"),
    row(16, 来电号码="1381"),
    row(17, 所属街道="西街"),
]
LOOKS = [(look, screen) for look in ("light", "dark", "elder") for screen in ("desk", "phone")]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sheet as it lies on the operator's desk."""
    place = tmp_path_factory.mktemp("orders") / "12345工单_20261121.xlsx"
    place.write_bytes(xlsx_of(SHEET))
    return place


def test_a_sheet_goes_in_and_a_reject_is_mended(town: Town, sheet: Path) -> None:
    if not queries.lines().exists():
        make_line()
    page = town.enter("operator")
    page.click("text=工单导入")
    wrong: list[object] = []

    def look(name: str, where: str) -> None:
        expect(page.get_by_role("heading", name=where).first).to_be_visible()
        page.wait_for_load_state()
        # the codes of categories and the type of the file are what people read
        told = [checked(town, page, f"orders-{name}", *one) for one in LOOKS]
        wrong.extend((name, one) for many in told for one in many if one not in SPOKEN | {"XLSX", "CSV", "xlsx"})
        page.set_viewport_size({"width": 1366, "height": 900})

    look("start", "导入一份工单表")
    page.set_input_files("#file", str(sheet))
    page.click("text=上传并核对")
    expect(page.locator("#col-number")).to_have_value("工单编号")
    look("columns", "哪一列是什么")
    page.fill("#category-0", "A0102")
    page.click("text=保存对照，看会登记什么")
    expect(page.get_by_text("件新登记")).to_be_visible()
    expect(page.locator(".order-totals")).to_contain_text("14 件新登记")
    assert Case.objects.count() == 0
    look("preview", "会登记什么")
    page.click("text=确认导入 14 件")
    expect(page.get_by_role("status").first).to_contain_text("排队中")
    look("waiting", "市 12345 平台")
    assert taking.take(OrderBatch.objects.get().pk, timezone.now())
    expect(page.get_by_text("导入完成")).to_be_visible()
    look("done", "待修正的行")
    assert Case.objects.count() == 14
    page.click("text=全部待修正的工单")
    look("rejects", "待修正")
    page.click("text=PL20261120000016")
    look("mend", "不导入这一行")
    mend(page, "来电号码", "12")
    expect(page.locator(".say--mend")).to_contain_text("还有几处需要更正")
    mend(page, "来电号码", "13812340016")
    expect(page.locator(".say--done")).to_contain_text("已登记为新事项")
    page.click("text=PL20261120000017")
    page.click("text=作废这一行")
    expect(page.locator("#reason-errors")).to_contain_text("请写明作废的理由")
    page.fill("#reason", "对方已撤回")
    page.click("text=作废这一行")
    expect(page.locator(".say--done")).to_contain_text("已作废")
    page.click("text=回到工单导入")
    look("start-again", "最近的导入")
    page.click(f"text={queries.lines().get().name} >> nth=-1")
    look("line", "保存过的版本")

    assert (wrong, town.troubles, Case.objects.count()) == ([], [], 15)


def mend(page: Page, label: str, value: str) -> None:
    page.get_by_label(label).first.fill(value)
    page.click("text=改好了，导入这一行")
