"""How an indicator is made of the board's figures and rates, which say themselves what they count and where it is written."""

from __future__ import annotations

from cases.indicators.shapes import DAYS, NOW, Group, Indicator, Unit, words_of
from cases.statistics.figures import Rate, named


def count(figure: str, group: str, formula: str = "", golden: str = "") -> Indicator:
    """A count of matters that is a case figure."""
    found = named(figure)
    return Indicator(
        figure,
        found.label,
        group,
        Unit.CASES,
        formula or f"数：{found.counts}",
        found.source,
        numerator=words_of(figure),
        days=DAYS[found.days],
        golden=golden,
        figures=(figure,),
    )


def now(figure: str, label: str, golden: str = "") -> Indicator:
    """A case figure as it stands now, whenever the matters were registered."""
    found = named(figure)
    return Indicator(
        f"{figure}_now",
        label,
        Group.VOLUME,
        Unit.CASES,
        f"数：{found.counts}",
        found.source,
        numerator=words_of(figure),
        days=NOW,
        golden=golden,
        figures=(figure,),
        stands=True,
    )


def share(
    code: str, label: str, group: str, figures: tuple[str, str], source: str, basis: str = "", golden: str = ""
) -> Indicator:
    """A percentage of two case figures."""
    above, of = figures
    return Indicator(
        code,
        label,
        group,
        Unit.PERCENT,
        f"{named(above).label} ÷ {named(of).label}",
        source,
        numerator=words_of(above),
        denominator=words_of(of),
        days=DAYS[named(of).days],
        basis=basis,
        golden=golden,
        figures=figures,
    )


def rate(rate: Rate, group: str, label: str = "", golden: str = "", also: str = "") -> Indicator:
    """A rate of the board; `also` is added to its 口径."""
    figures = (rate.numerator, rate.denominator)
    return share(rate.name, label or rate.label, group, figures, rate.source, rate.basis + also, golden)
