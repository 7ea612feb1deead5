"""An invented notice for 2027: nobody has published one; the days are those of the law, the worked weekends are ours."""

SOURCE = "虚构通知〔2026〕1号"
ROWS = (
    ("2027-01-01至2027-01-03", "休", "元旦", SOURCE),
    ("2027-01-04", "休", "元旦（虚构的补休）", ""),
    ("2027-01-09", "班", "元旦调休", ""),
    ("2027-02-05至2027-02-11", "休", "春节", ""),
    ("2027-01-31", "班", "春节调休", ""),
    ("2027年4月3日至4月5日", "休", "清明节", ""),
    ("5月1日至5日", "休", "劳动节", ""),
    ("2027-06-09", "休", "端午节", ""),
    ("2027-09-15", "休", "中秋节", ""),
    ("2027-10-01至2027-10-07", "休", "国庆节", ""),
    ("2027-10-09", "班", "国庆节调休", ""),
)


def as_csv(rows: tuple[tuple[str, ...], ...] = ROWS, header: str = "日期,类别,名称,依据") -> bytes:
    """The notice as a sheet in UTF-8 with BOM."""
    return "\r\n".join([header, *(",".join(row) for row in rows)]).encode("utf-8-sig")
