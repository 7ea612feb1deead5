"""The formula: pure. From the cases counted to a value per indicator, a value in all, and the sentences that say how.

`values` are percentages with one decimal, half up. The value in all is computed from the values as they are shown, so
that anybody can check it by hand: Σ weight × value ÷ Σ weight, over the indicators that have enough cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from cases.assessing.indicators import INDICATORS
from cases.statistics.figures import percent

#: `(case id, counted as good)`.
Counted = tuple[int, bool]


@dataclass(frozen=True)
class Figure:
    """One indicator of one grid; `value` None: 样本不足."""

    indicator: str
    weight: int
    min_base: int
    cases: tuple[Counted, ...]

    @property
    def numerator(self) -> int:
        """Counted as good."""
        return sum(good for _pk, good in self.cases)

    @property
    def denominator(self) -> int:
        """Counted."""
        return len(self.cases)

    @property
    def value(self) -> Decimal | None:
        """In percent; None below the minimal base."""
        return percent(self.numerator, self.denominator) if self.denominator >= self.min_base else None

    @property
    def sentence(self) -> str:
        """The formula with the numbers; of few cases only how many they are, so that no single answer is told."""
        looked = INDICATORS[self.indicator]
        if self.value is None:
            return f"{looked.denominator} {self.denominator} 件，少于 {self.min_base} 件，样本不足，不计算"
        shown = f"{looked.numerator} {self.numerator} ÷ {looked.denominator} {self.denominator}"
        return f"{shown} = {self.value}%"


@dataclass(frozen=True)
class Result:
    """What was computed for one grid."""

    figures: tuple[Figure, ...] = field(default=())

    @property
    def enough(self) -> list[Figure]:
        """The indicators that have enough cases."""
        return [figure for figure in self.figures if figure.value is not None]

    @property
    def total(self) -> Decimal | None:
        """The weighted mean of what has enough cases; None when nothing has."""
        weights = sum(figure.weight for figure in self.enough)
        if not weights:
            return None
        whole = sum((figure.weight * (figure.value or Decimal()) for figure in self.enough), Decimal())
        return (whole / weights).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def sentence(self) -> str:
        """The formula with the numbers filled in."""
        if self.total is None:
            return "各项样本不足，不计算"
        parts = " + ".join(f"{figure.weight}×{figure.value}" for figure in self.enough)
        weights = "+".join(str(figure.weight) for figure in self.enough)
        few = [INDICATORS[figure.indicator].label for figure in self.figures if figure.value is None]
        shared = f"；{'、'.join(few)}样本不足，权重由其他各项分担" if few else ""
        return f"（{parts}）÷（{weights}）= {self.total}{shared}"


def compute(weights: Mapping[str, int], min_base: int, cases: Mapping[str, Sequence[Counted]]) -> Result:
    """Return the figures of a grid: `cases` are those counted by indicator, an indicator without weight is left out."""
    return Result(
        tuple(
            Figure(code, weights[code], min_base, tuple((pk, bool(good)) for pk, good in cases.get(code, ())))
            for code in INDICATORS
            if weights.get(code)
        )
    )
