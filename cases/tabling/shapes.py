"""The shapes of `stats/table/`: heads, rows of cells, totals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[Any]


class TableCellSerializer(Shape):
    """A count (its fraction null), a rate with its fraction, or seconds with the number of matters they are of (denominator).

    value null where there is nothing to divide by.
    """

    value = serializers.FloatField(allow_null=True)
    numerator = serializers.IntegerField(allow_null=True)
    denominator = serializers.IntegerField(allow_null=True)
    query = serializers.CharField(
        allow_blank=True, help_text="`GET cases/` 的查询条件，正好是这一格（比率为其分子）的事项；没有事项时为空"
    )


class TableHeadSerializer(Shape):
    """A column."""

    key = serializers.CharField()
    name = serializers.CharField()


class TableRowSerializer(Shape):
    """A row with its cells, in the order of `columns`, and its total (null without columns)."""

    key = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    cells = TableCellSerializer(many=True)
    total = TableCellSerializer(allow_null=True)


class TableSerializer(Shape):
    """The whole table; `to` and `from` are null where the period has no such end."""

    name = serializers.CharField()
    area = serializers.CharField()
    to = serializers.DateField(allow_null=True)
    columns = TableHeadSerializer(many=True)
    rows = TableRowSerializer(many=True)
    totals = TableRowSerializer()


# "from" is a word of Python: it cannot be written as an attribute of the class.
TableSerializer._declared_fields["from"] = serializers.DateField(allow_null=True)
