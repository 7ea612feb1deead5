"""What is searched: one plain text per case, whose bigrams the database indexes by itself."""

from __future__ import annotations

from django.db import models

from cases.models.case import Case


class SearchText(models.Model):
    """The words of a case in plain form (governance_portal.lib.bigrams), written in the transaction of its event.

    text: title, description, address, category and reply, without the phones and ID numbers that stand in them; "" when
    the case was made anonymous, and then it stays so. tail: its number backwards, to be found by its last digits.
    The index of bigrams hangs on `text` (PostgreSQL: GIN on an expression; SQLite: FTS5 filled by triggers), so row and
    index cannot disagree.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="+")
    tail = models.CharField(max_length=14)
    text = models.TextField()

    class Meta:
        verbose_name = "检索文字"
        verbose_name_plural = "检索文字"
        indexes = (models.Index(fields=("tail",), name="search_tail"),)

    def __str__(self) -> str:
        return f"search text of case {self.case_id}"
